"""What logs of calls count."""
