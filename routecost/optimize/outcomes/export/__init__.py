"""Learned policies in the forms that others read: strategies, scenarios, tables, configurations."""
