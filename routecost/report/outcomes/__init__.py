"""Reports of policies learned from outcomes, and of checks of these."""
