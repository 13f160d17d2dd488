"""The cost reports of providers."""
