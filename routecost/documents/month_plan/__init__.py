"""The month plan of a scenario, as documents."""
