"""Policies that are searched for, or learned."""
