"""The moves of an annual assessment 年度考核, and the only code that makes them (rules 5.4).

A county opens its year, its stations score themselves, the county scores line by line, the city
spot-checks a share drawn at random, the result hangs out, stations may object, a third person
confirms, and the year is frozen. Self-scorer, scorer and confirmer are three persons; each change
of a score keeps the old value, the reason, the person and the time.
"""

from .adjustments import agree, answer_flag, propose, propose_found, refuse
from .checks import draw, finish_check, note_check
from .moves import SHEET_MOVES, YEAR_MOVES, Move, MoveRefused, may_move
from .objections import decide, file_objection
from .rectifications import accept_report, order_rectification, report_rectification
from .sheets import (
    Missing,
    Typed,
    add_evidence,
    complete_score,
    drop_evidence,
    go_ahead,
    missing_to_complete,
    missing_to_submit,
    return_to_station,
    save_county_scores,
    save_self_scores,
    submit,
    take_up,
)
from .years import (
    ask_for_self_scores,
    confirm,
    missing_to_confirm,
    missing_to_draw,
    missing_to_publish,
    open_year,
    publish,
    reopen,
    took_part,
)

__all__ = [
    "SHEET_MOVES",
    "YEAR_MOVES",
    "Missing",
    "Move",
    "MoveRefused",
    "Typed",
    "accept_report",
    "add_evidence",
    "agree",
    "answer_flag",
    "ask_for_self_scores",
    "complete_score",
    "confirm",
    "decide",
    "draw",
    "drop_evidence",
    "file_objection",
    "finish_check",
    "go_ahead",
    "may_move",
    "missing_to_complete",
    "missing_to_confirm",
    "missing_to_draw",
    "missing_to_publish",
    "missing_to_submit",
    "note_check",
    "open_year",
    "order_rectification",
    "propose",
    "propose_found",
    "publish",
    "refuse",
    "reopen",
    "report_rectification",
    "return_to_station",
    "save_county_scores",
    "save_self_scores",
    "submit",
    "take_up",
    "took_part",
]
