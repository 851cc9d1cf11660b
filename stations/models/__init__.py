from .calendar import DayOff
from .chores import Chore, ChoreKind
from .documents import Document
from .duty import DutyChange, DutyMonth, DutySlot, StationDuty
from .duty_requests import Away, RequestState, Swap
from .evidence import Evidence
from .leads import Lead, Urgency
from .liaison_work import HandOver, LiaisonActivity, LiaisonTask
from .looks import Look, LookKind
from .network import ContactPoint, County, Division, DivisionEvent, Liaison, Station
from .panel import AidUnit, AidWorker
from .particulars import ParticularsChange
from .people import Appointment, User
from .postings import (
    CountyWall,
    Poster,
    Posting,
    StaffPhoto,
    TestCall,
    TestDraw,
    WallCheck,
    WallText,
)
from .premises import PremisesCheck, PremisesNeed
from .publicity import MediaItem, Outreach, PublicityEvent
from .question_slips import QuestionSlip, QuestionSlipEvent
from .retention import (
    DestructionItem,
    DestructionList,
    Hold,
    ItemFate,
    ListState,
    RetentionRule,
)
from .rule_documents import Adoption, Reading, RuleDocument
from .seals import DaySeal, SealAmendment, SealCheck
from .staffing import AuthorisedPosts, Fund, StaffTerms
from .subsidies import SubsidyRow, SubsidySheet
from .training import (
    Attendance,
    PlannedTraining,
    QuizAttempt,
    QuizQuestion,
    TrainingExemption,
    TrainingSession,
)

__all__ = [
    "Adoption",
    "AidUnit",
    "AidWorker",
    "Appointment",
    "Attendance",
    "AuthorisedPosts",
    "Away",
    "Chore",
    "ChoreKind",
    "ContactPoint",
    "County",
    "CountyWall",
    "DayOff",
    "DaySeal",
    "DestructionItem",
    "DestructionList",
    "Division",
    "DivisionEvent",
    "Document",
    "DutyChange",
    "DutyMonth",
    "DutySlot",
    "Evidence",
    "Fund",
    "HandOver",
    "Hold",
    "ItemFate",
    "Lead",
    "Liaison",
    "LiaisonActivity",
    "LiaisonTask",
    "ListState",
    "Look",
    "LookKind",
    "MediaItem",
    "Outreach",
    "ParticularsChange",
    "PlannedTraining",
    "Poster",
    "Posting",
    "PremisesCheck",
    "PremisesNeed",
    "PublicityEvent",
    "QuestionSlip",
    "QuestionSlipEvent",
    "QuizAttempt",
    "QuizQuestion",
    "Reading",
    "RequestState",
    "RetentionRule",
    "RuleDocument",
    "SealAmendment",
    "SealCheck",
    "StaffPhoto",
    "StaffTerms",
    "Station",
    "StationDuty",
    "SubsidyRow",
    "SubsidySheet",
    "Swap",
    "TestCall",
    "TestDraw",
    "TrainingExemption",
    "TrainingSession",
    "Urgency",
    "User",
    "WallCheck",
    "WallText",
]
