"""Document types of uncertain inputs, and their distributions."""
