"""The year: how each station did."""
