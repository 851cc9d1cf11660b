"""Accounts: made and closed, and what it takes to sign in (rules 8.3)."""
