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
    HouseholdVersion,
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
from .returns import (
    SubmittedReturn,
)
from .satisfaction import (
    SatisfactionAnswer,
)
from .signs import EarlySign, EarlySignEvent
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
