"""What the register adds up to: the month of a station or a county, its faults, a station's year."""

from .figures import Figure, MonthlyAnalysis
from .freezing import counted_rows, is_unchanged
from .monthly import monthly_analysis, stations_of
from .precheck import Finding, precheck
from .station_year import Behind, StationYear, Tally, days_of, rows_behind, station_year
from .year_oddities import LAST_DAYS, Oddities, year_oddities

__all__ = [
    "LAST_DAYS",
    "Behind",
    "Figure",
    "Finding",
    "MonthlyAnalysis",
    "Oddities",
    "StationYear",
    "Tally",
    "counted_rows",
    "days_of",
    "is_unchanged",
    "monthly_analysis",
    "precheck",
    "rows_behind",
    "station_year",
    "stations_of",
    "year_oddities",
]
