"""The name of demonstration station 示范点: candidates, the way to it, the plaque (rules 5.5)."""
