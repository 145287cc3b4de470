"""How long the matching engine takes, how much memory, and whether its answers are the best ones. See README.md."""
