"""One township one station, one village one liaison: divisions, coverage, and what the public finds."""
