"""Charges as rows of the FinOps Open Cost and Usage Specification."""
