"""Report of what a change of documents does."""
