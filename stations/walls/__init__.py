"""Postings 上墙公示: what posters say, what hangs where, and whether the numbers on it answer (rules 4.5)."""
