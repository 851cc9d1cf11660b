"""What can be counted of a station's year, and the rows behind every figure."""
