"""Search for the cheapest routing policies."""
