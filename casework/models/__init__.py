from .aid_matters import (
    AidMatter,
)
from .applications import (
    Application,
    ApplicationDraft,
    ApplicationEvent,
    Party,
)
from .clocks import (
    ClockRule,
    CountedCalendar,
    Deadline,
    DeadlineChange,
    Notice,
    Pause,
    Recount,
)
from .closing import (
    Closing,
    FileReview,
)
from .complaint_grounds import (
    ComplaintGround,
)
from .complaint_papers import (
    ComplaintDeadline,
    ComplaintFile,
    ComplaintPaper,
)
from .complaints import (
    Complaint,
    ComplaintEvent,
    ComplaintProposal,
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
from .entry_papers import (
    EntryPaper,
)
from .handling import (
    Assignment,
    ChangeRequest,
    FollowUp,
    FollowUpDraw,
    ProgressNote,
    TypicalCase,
)
from .household import (
    HardshipCheck,
    HouseholdMember,
    HouseholdVersion,
)
from .imports import (
    ImportBatch,
)
from .materials import (
    Material,
    SupplementNotice,
    Upload,
    UploadTicket,
)
from .matters import Matter
from .months import (
    MonthlyReport,
    ReportEvent,
    ReportIssue,
)
from .opinions import (
    Opinion,
)
from .papers import (
    Letter,
    SeriesCounter,
)
from .register import (
    Correction,
    EntryDraft,
    NoVisitDay,
    RegisterCounter,
    RegisterEntry,
    SavedFilter,
)
from .returns import (
    SubmittedReturn,
)
from .satisfaction import (
    SatisfactionAnswer,
)
from .signs import EarlySign, EarlySignEvent
from .standards import (
    HardshipStandard,
)
from .taken_up import (
    TakenUp,
)

__all__ = [
    "AidMatter",
    "Application",
    "ApplicationDraft",
    "ApplicationEvent",
    "Assignment",
    "ChangeRequest",
    "ClockRule",
    "Closing",
    "Complaint",
    "ComplaintDeadline",
    "ComplaintEvent",
    "ComplaintFile",
    "ComplaintGround",
    "ComplaintPaper",
    "ComplaintProposal",
    "CooperationEvent",
    "CooperationLetter",
    "Correction",
    "CountedCalendar",
    "Deadline",
    "DeadlineChange",
    "Decision",
    "EarlySign",
    "EarlySignEvent",
    "EntryDraft",
    "EntryPaper",
    "FileReview",
    "FollowUp",
    "FollowUpDraw",
    "HardshipCheck",
    "HardshipStandard",
    "Hop",
    "HouseholdMember",
    "HouseholdVersion",
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
    "Recount",
    "RegisterCounter",
    "RegisterEntry",
    "ReportEvent",
    "ReportIssue",
    "SatisfactionAnswer",
    "SavedFilter",
    "SeriesCounter",
    "SubmittedReturn",
    "SupplementNotice",
    "TakenUp",
    "TypicalCase",
    "Upload",
    "UploadTicket",
]
