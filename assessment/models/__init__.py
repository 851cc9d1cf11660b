from .demonstration import (
    Demonstration,
    DemonstrationCheck,
    DemonstrationEvent,
    DemonstrationObjection,
    DemonstrationPaper,
    DemonstrationPlan,
)
from .rulings import Adjustment, IntegrityFlag, Objection, Rectification, SpotCheck
from .sheets import Score, ScoreChange, Sheet, SheetEvent
from .standard import Clause, Indicator, Standard
from .years import Year, YearEvent

__all__ = [
    "Adjustment",
    "Clause",
    "Demonstration",
    "DemonstrationCheck",
    "DemonstrationEvent",
    "DemonstrationObjection",
    "DemonstrationPaper",
    "DemonstrationPlan",
    "Indicator",
    "IntegrityFlag",
    "Objection",
    "Rectification",
    "Score",
    "ScoreChange",
    "Sheet",
    "SheetEvent",
    "SpotCheck",
    "Standard",
    "Year",
    "YearEvent",
]
