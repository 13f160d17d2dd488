"""The questions that have break-evens; a file each."""
