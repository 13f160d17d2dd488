"""Strategy kinds, one file each."""
