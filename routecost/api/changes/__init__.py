"""What a change of documents does: two files, or files at two revisions."""
