"""Results about strategies that are paid by a subscription."""
