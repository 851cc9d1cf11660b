"""Tamper evidence: a chain of seals over what was written down each day, and its checking."""
