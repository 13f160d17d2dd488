"""Portfolios: several scenarios with shared contracts and one budget."""
