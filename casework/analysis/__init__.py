"""What the register adds up to: the month of a station or a county, its signals, its faults."""

from .figures import Figure, MonthlyAnalysis
from .freezing import counted_rows, is_unchanged
from .monthly import monthly_analysis, stations_of
from .precheck import Finding, precheck

__all__ = [
    "Figure",
    "Finding",
    "MonthlyAnalysis",
    "counted_rows",
    "is_unchanged",
    "monthly_analysis",
    "precheck",
    "stations_of",
]
