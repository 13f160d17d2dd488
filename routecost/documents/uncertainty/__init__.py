"""What is not known, as documents."""
