"""The linter of routing tables: rules, one file each, over shared positions, ignores and formats."""
