"""The parts of a scenario's plan as documents."""
