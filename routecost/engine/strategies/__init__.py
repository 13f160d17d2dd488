"""The kinds of strategies; a file each."""
