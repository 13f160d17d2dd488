"""Routing tables as people read them."""
