"""Official papers (rules 3): their words, their numbers, their files."""
