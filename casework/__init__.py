"""The work: what happened at the stations, and what it adds up to."""
