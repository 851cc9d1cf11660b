"""The map of an assessment's moves, and what they all share: the lock, the map, one event row."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .. import duties
from ..models import Sheet, SheetEvent, Year, YearEvent
from ..terms import SheetStatus, YearStatus


class MoveRefused(Exception):
    """A plain sentence why this cannot be done now, or not by this person."""


@dataclass(frozen=True)
class Move:
    """One arrow: from which statuses to which, while the year stands where."""

    start: frozenset[str]
    end: str
    during: frozenset[str] = frozenset()


Y, S = YearStatus, SheetStatus
_SCORING = frozenset({Y.SELF_SCORING, Y.COUNTY_SCORING})

YEAR_MOVES = {
    "ask_for_self_scores": Move(frozenset({Y.OPEN}), Y.SELF_SCORING),
    "begin_county_score": Move(frozenset({Y.SELF_SCORING}), Y.COUNTY_SCORING),
    "draw": Move(frozenset({Y.COUNTY_SCORING}), Y.SPOT_CHECKING),
    "publish": Move(frozenset({Y.SPOT_CHECKING}), Y.PUBLISHED),
    "confirm": Move(frozenset({Y.PUBLISHED}), Y.FROZEN),
}

SHEET_MOVES = {
    "submit": Move(frozenset({S.OPEN, S.RETURNED}), S.SELF_SCORED, _SCORING),
    # The county goes ahead when a station has let its last day pass.
    "go_ahead": Move(frozenset({S.OPEN, S.RETURNED}), S.SELF_SCORED, _SCORING),
    "return": Move(frozenset({S.SELF_SCORED}), S.RETURNED, _SCORING),
    "complete": Move(frozenset({S.SELF_SCORED}), S.COUNTY_SCORED, _SCORING | {Y.SPOT_CHECKING}),
    "take_up": Move(
        frozenset({S.COUNTY_SCORED, S.SPOT_CHECKED}),
        S.SELF_SCORED,
        _SCORING | {Y.SPOT_CHECKING},
    ),
    "check": Move(frozenset({S.COUNTY_SCORED}), S.SPOT_CHECKED, frozenset({Y.SPOT_CHECKING})),
    "publish": Move(
        frozenset({S.COUNTY_SCORED, S.SPOT_CHECKED}),
        S.PUBLISHED,
        frozenset({Y.SPOT_CHECKING}),
    ),
    "object": Move(frozenset({S.PUBLISHED, S.OBJECTED}), S.OBJECTED, frozenset({Y.PUBLISHED})),
    "settle": Move(frozenset({S.OBJECTED}), S.PUBLISHED, frozenset({Y.PUBLISHED})),
    "confirm": Move(frozenset({S.PUBLISHED}), S.FROZEN, frozenset({Y.PUBLISHED})),
}


def may_move(sheet, move):
    """Whether the map allows the move of a sheet as it and its year stand."""
    arrow = SHEET_MOVES[move]
    return sheet.status in arrow.start and sheet.year.status in arrow.during


def lock_year(year):
    """Lock the year's row; every move of a year or of its sheets begins here, one at a time."""
    return (
        Year.objects.select_for_update(of=("self",))
        .select_related("county__division", "standard")
        .get(pk=year.pk)
    )


def begin_year(move, year):
    """Lock the year and ask the map; of two people pressing at once, one is refused."""
    year = lock_year(year)
    if year.status not in YEAR_MOVES[move].start:
        raise MoveRefused(
            _("This year is now “%(status)s”, so this cannot be done.")
            % {"status": year.get_status_display()}
        )
    return year


def complete_year(move, year, *, by, note=""):
    before, year.status = year.status, YEAR_MOVES[move].end
    year.save()
    record_year(year, move, before, by=by, note=note)
    return year


def record_year(year, move, before, *, by, note=""):
    YearEvent.objects.create(
        year=year,
        move=move,
        from_status=before,
        to_status=year.status,
        note=note,
        made_by=by,
    )
    duties.refresh_year(year)


def lock_sheet(sheet):
    """Lock the year, then the sheet; the sheet carries the locked year."""
    year = lock_year(sheet.year)
    sheet = (
        Sheet.objects.select_for_update(of=("self",))
        .select_related("station__township")
        .get(pk=sheet.pk)
    )
    sheet.year = year
    sheet.station.county = year.county
    return sheet


def begin(move, sheet):
    """Lock year and sheet and ask the map."""
    sheet = lock_sheet(sheet)
    refuse_unless(move, sheet)
    return sheet


def refuse_unless(move, sheet):
    if sheet.status not in SHEET_MOVES[move].start:
        raise MoveRefused(
            _("This sheet is now “%(status)s”, so this cannot be done.")
            % {"status": sheet.get_status_display()}
        )
    if sheet.year.status not in SHEET_MOVES[move].during:
        raise MoveRefused(
            _("This year is now “%(status)s”, so this cannot be done.")
            % {"status": sheet.year.get_status_display()}
        )


def move_along(move, sheet, *, by, note=""):
    """Write a sheet's new status and its one event row; the lock and the map came before."""
    before, sheet.status = sheet.status, SHEET_MOVES[move].end
    sheet.save()
    SheetEvent.objects.create(
        sheet=sheet,
        move=move,
        from_status=before,
        to_status=sheet.status,
        note=note,
        made_by=by,
    )
    return sheet


def complete(move, sheet, *, by, note=""):
    """`move_along`, and find anew what station and county owe."""
    move_along(move, sheet, by=by, note=note)
    duties.refresh_sheet(sheet)
    return sheet


def said(words, sentence):
    """The words without blanks around them. Raises MoveRefused with the sentence for none."""
    if not words.strip():
        raise MoveRefused(sentence)
    return words.strip()
