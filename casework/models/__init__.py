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
    Deadline,
    DeadlineChange,
    Notice,
    Pause,
)
from .cooperation import (
    CooperationLetter,
    Hop,
)
from .decisions import (
    AidUnit,
    AidWorker,
    Assignment,
    Closing,
    Decision,
    FollowUp,
    Objection,
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
    "AidUnit",
    "AidWorker",
    "Application",
    "ApplicationDraft",
    "ApplicationEvent",
    "Assignment",
    "ClockRule",
    "Closing",
    "CooperationLetter",
    "Correction",
    "Deadline",
    "DeadlineChange",
    "Decision",
    "EntryDraft",
    "FollowUp",
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
