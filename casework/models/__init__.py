from .applications import (
    AidMatter,
    Application,
    ApplicationDraft,
    ApplicationEvent,
    HardshipStandard,
    HouseholdMember,
    Material,
    Opinion,
    Party,
    SupplementNotice,
    Upload,
    UploadTicket,
)
from .clocks import (
    ClockRule,
    CountedCalendar,
    Deadline,
    DeadlineChange,
    Notice,
    Pause,
)
from .cooperation import (
    CooperationEvent,
    CooperationLetter,
    Hop,
)
from .decisions import (
    Decision,
    Objection,
)
from .handling import (
    Assignment,
    Closing,
    FollowUp,
    FollowUpDraw,
    ProgressNote,
    TypicalCase,
)
from .imports import (
    ImportBatch,
)
from .months import (
    MonthlyReport,
    ReportEvent,
)
from .papers import (
    Letter,
    SeriesCounter,
)
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
    "AidMatter",
    "Application",
    "ApplicationDraft",
    "ApplicationEvent",
    "Assignment",
    "ClockRule",
    "Closing",
    "CooperationEvent",
    "CooperationLetter",
    "Correction",
    "CountedCalendar",
    "Deadline",
    "DeadlineChange",
    "Decision",
    "EntryDraft",
    "FollowUp",
    "FollowUpDraw",
    "HardshipStandard",
    "Hop",
    "HouseholdMember",
    "ImportBatch",
    "Letter",
    "Material",
    "Matter",
    "MonthlyReport",
    "NoVisitDay",
    "Notice",
    "Objection",
    "Opinion",
    "Party",
    "Pause",
    "ProgressNote",
    "RegisterCounter",
    "RegisterEntry",
    "ReportEvent",
    "SavedFilter",
    "SeriesCounter",
    "SupplementNotice",
    "TypicalCase",
    "Upload",
    "UploadTicket",
]
