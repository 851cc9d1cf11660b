"""Today's register on the desks: of one station, and what all stations of a county add up to."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum, Window

from casework.models import RegisterEntry
from casework.terms import Channel

FIGURES = {
    "calls": Count("pk", filter=Q(channel=Channel.CALL)),
    "visits": Count("pk", filter=Q(channel=Channel.VISIT)),
    "persons": Sum("persons", filter=Q(channel=Channel.VISIT)),
}


@dataclass(frozen=True)
class Today:
    """Today's register: figures, the last entry, and what was begun and not saved."""

    day: date
    calls: int
    visits: int
    persons: int
    last: RegisterEntry | None = None
    is_stated_empty: bool = False

    @property
    def query(self):
        """The address of today's rows in the register's list."""
        day = self.day.isoformat()
        return urlencode({"from": day, "to": day})


def today_at(station, today, *, is_stated_empty):
    entries = RegisterEntry.objects.counted().filter(station=station, occurred_on=today)
    # The day's figures stand on its last entry, so that both cost one query.
    figures = {f"day_{name}": Window(figure) for name, figure in FIGURES.items()}
    last = (
        entries.select_related("matter")
        .annotate(**figures)
        .order_by("-occurred_at", "-pk")
        .first()
    )
    return Today(
        day=today,
        last=last,
        is_stated_empty=is_stated_empty,
        **{name: getattr(last, f"day_{name}", 0) or 0 for name in FIGURES},
    )
