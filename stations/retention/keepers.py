"""Which kinds of records are kept: every floor says it of its own, at this door.

A kind is a subclass of `Keeper`, registered by `@keeps`: which rows there are and since when their
time runs, what keeps a row from being destroyed, and how one is emptied.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import DestructionItem, Hold, ItemFate
from ..privacy import keyed_hash
from .emptying import Table

KEEPERS: dict[str, "Keeper"] = {}

# What is done once the time is over.
EMPTIED = pgettext_lazy("keeping", "emptied of what is personal; the skeleton stays")
PSEUDONYMISED = pgettext_lazy("keeping", "numbers replaced by a pseudonym")
DELETED = pgettext_lazy("keeping", "deleted")
DESTROYED = pgettext_lazy("record", "destroyed")
HELD = _("on hold")
# The label of a record that has no number on paper.
ROW_NUMBER = Cast("pk", CharField())


@dataclass(frozen=True)
class Stop:
    """Why a record whose time is over is not destroyed now: the reason, and which rows it stops."""

    reason: str
    rows: Q


class Keeper:
    """One kind of record.

    `years` are whole years after the year of the record, None is for good; `least_years` what the
    county may not go below, and `law` the rule of law that says so or says what the time serves.
    `hashes` are the columns a person's numbers are found by.
    """

    code = ""
    label = ""
    counted_from = ""
    years: int | None = None
    least_years = 1
    law = ""
    note = ""
    act = EMPTIED
    # What a list says of an item once that is done.
    done = DESTROYED
    # The kind that does more to the same rows: what it lists is not listed here besides.
    within = ""
    # Whether the public is told: records of those who come.
    is_told = False
    model = None
    # What a hold calls such a record; kinds that hold the same record share it. "" knows no holds.
    target = ""
    hashes: tuple[str, ...] = ()
    # Those of them that are the person's own, by whom a hold can be set.
    person: tuple[str, ...] = ()
    # Where it stands in the schedule.
    position = 0
    tables: tuple[Table, ...] = ()

    def rows(self, county) -> QuerySet:
        """The rows of a county whose time runs, with `anchor_on`, `at_station`, `label` and `sign`.

        `anchor_on` is the day it runs from; `sign` changes whenever somebody works on the row.
        """
        raise NotImplementedError

    def kept_for_good(self, county) -> QuerySet | None:
        """The rows whose time never runs out, where there are such."""
        return None

    def stops(self) -> list[Stop]:
        """What stops a row besides a hold."""
        return []

    def seen_by(self, user) -> QuerySet:
        """The rows this person may open."""
        return self.model.objects.visible_to(user)

    def url(self, pk) -> str:
        """The page of one row; "" where there is none."""
        return ""

    def empty(self, ids, listed, day):
        """Empty the rows with these ids, of a list, on a day."""
        for table in self.tables:
            table.empty(ids, listed)

    def due(self, county, before: date):
        """The rows whose time is over: their day lies before this one, and none did it already."""
        done = DestructionItem.objects.filter(
            kind=self.code, record_id=OuterRef("pk"), state=ItemFate.DESTROYED
        )
        return self.rows(county).filter(~Exists(done), anchor_on__lt=before)

    def all_stops(self, county, day):
        """Every `Stop` of a county on a day, the holds first."""
        return [*self._holds(county, day), *self.stops()]

    def _holds(self, county, day):
        if not self.target:
            return []
        holds = list(Hold.objects.in_force(day).filter(county=county))
        if not holds:
            return []
        rows = Q(pk__in=[hold.record_id for hold in holds if hold.target == self.target])
        hashes = {each for hold in holds for each in hold.person_hashes}
        for column in self.hashes if hashes else ():
            rows |= Q(**{f"{column}__in": hashes})
        return [Stop(HELD, rows)]


def keeps(keeper):
    """Register the decorated class as a kind of record that is kept."""
    KEEPERS[keeper.code] = keeper()
    return keeper


def in_order():
    """Every kind, in the order of the schedule."""
    return sorted(KEEPERS.values(), key=lambda keeper: keeper.position)


def keeper_of_target(target):
    """The kind that opens and locks the records a hold is set on; None for an unknown word."""
    return next((each for each in KEEPERS.values() if each.target == target), None)


def pseudonym(hashed):
    """What a keyed hash becomes: the same for the same person, found by no number."""
    return keyed_hash(f"pseudonym {hashed}") if hashed else ""


def local_day(moment):
    """The local date of a moment's column."""
    return TruncDate(moment)
