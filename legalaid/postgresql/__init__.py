"""The database as the site talks to it."""
