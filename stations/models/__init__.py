from .calendar import DayOff
from .chores import Chore, ChoreKind
from .documents import Document
from .evidence import Evidence
from .leads import Lead, Urgency
from .looks import Look, LookKind
from .network import ContactPoint, County, Division, DivisionEvent, Liaison, Station
from .panel import AidUnit, AidWorker
from .people import Appointment, User

__all__ = [
    "AidUnit",
    "AidWorker",
    "Appointment",
    "Chore",
    "ChoreKind",
    "ContactPoint",
    "County",
    "DayOff",
    "Division",
    "DivisionEvent",
    "Document",
    "Evidence",
    "Lead",
    "Liaison",
    "Look",
    "LookKind",
    "Station",
    "Urgency",
    "User",
]
