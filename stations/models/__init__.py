from .calendar import DayOff
from .documents import Document
from .leads import Lead, Urgency
from .looks import Look, LookKind
from .network import ContactPoint, County, Division, DivisionEvent, Liaison, Station
from .people import Appointment, User

__all__ = [
    "Appointment",
    "ContactPoint",
    "County",
    "DayOff",
    "Division",
    "DivisionEvent",
    "Document",
    "Lead",
    "Liaison",
    "Look",
    "LookKind",
    "Station",
    "Urgency",
    "User",
]
