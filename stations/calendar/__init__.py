"""The calendar: days off, quarters, and how much of a time limit is left."""
