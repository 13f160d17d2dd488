"""Routing tables as people read them, and as configurations of what runs them."""
