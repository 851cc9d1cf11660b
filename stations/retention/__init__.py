"""What is kept for how long, and how it is destroyed by two persons (rules 8.5)."""
