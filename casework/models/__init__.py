from .imports import ImportBatch
from .months import MonthlyReport, ReportEvent
from .register import (
    Correction,
    EntryDraft,
    Matter,
    NoVisitDay,
    RegisterCounter,
    RegisterEntry,
    SavedFilter,
)

__all__ = [
    "Correction",
    "EntryDraft",
    "ImportBatch",
    "Matter",
    "MonthlyReport",
    "NoVisitDay",
    "RegisterCounter",
    "RegisterEntry",
    "ReportEvent",
    "SavedFilter",
]
