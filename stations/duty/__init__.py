"""Duty 值班: who stands which half-day, signs in, swaps, is paid (rules 4.4)."""
