"""Results by month, beside the spend itself."""
