"""Break-even questions, one file each."""
