"""What places owe, found anew: by the clockwork every hour, and after each act that may settle one.

Each concept says what a place owes with a function `(place, today) -> iterable of Owed`, registered
by `@owes(kind)`. A desk and the page who lacks what read the rows in one question; a row that is
no longer found is gone, so no flag is left behind.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from .models import Chore, ChoreKind, County, Station
from .roles import Role

Place = Station | County
_CHORES = Chore.objects.filter(station=OuterRef("pk"))
FINDERS: dict[ChoreKind, Callable[[Place, date], Iterable["Owed"]]] = {}


@dataclass(frozen=True)
class Owed:
    """One thing a place owes.

    What is said is lazy, for it is read in several languages (`stations.sayings`). `key` names it within its kind and place; `roles` do it; `url` is where, `act` the word on the
    button; `since_on` the day it began to be missing (None: found today); `due_on` the last day,
    if it has one.
    """

    key: str
    title: str
    url: str
    act: str
    roles: tuple[Role, ...] = (Role.CLERK, Role.HEAD)
    text: str = ""
    rule: str = ""
    since_on: date | None = None
    due_on: date | None = None


def owes(kind):
    """Register the decorated function as the one that finds what a place owes of a kind."""

    def register(finder):
        FINDERS[kind] = finder
        return finder

    return register


def refresh(place, *kinds):
    """Find what a station or county owes now, of these kinds or of all; drop what is settled."""
    # The page a chore leads to may be the first to load its room, which registers more.
    for kind in kinds or tuple(FINDERS):
        _refresh(place, kind)


def refresh_later(place, *kinds):
    """Refresh once the act that calls this is committed."""
    transaction.on_commit(lambda: refresh(place, *kinds))


def refresh_county(county, *kinds):
    """Refresh a county and its stations: those open, and a closed one that still seems to owe."""
    refresh(county, *kinds)
    stations = Station.objects.filter(county=county).select_related(
        "county__division", "township"
    )
    for station in stations.filter(Q(closed_on=None) | Exists(_CHORES)):
        refresh(station, *kinds)


@transaction.atomic
def _refresh(place, kind):
    today = timezone.localdate()
    where = {"station": place} if isinstance(place, Station) else {"county": place}
    # One at a time per place: two that find the same would both want to write it.
    type(place).objects.select_for_update(no_key=True).get(pk=place.pk)
    # A station that is closed owes nothing any more.
    is_closed = isinstance(place, Station) and place.closed_on and place.closed_on <= today
    owed = {} if is_closed else {each.key: each for each in FINDERS[kind](place, today)}
    there = {chore.key: chore for chore in Chore.objects.filter(kind=kind, **where)}
    Chore.objects.filter(
        pk__in=[chore.pk for key, chore in there.items() if key not in owed]
    ).delete()
    for key, each in owed.items():
        chore = there.get(key) or Chore(kind=kind, since_on=today, **where)
        fields = asdict(each) | {"roles": list(each.roles)}
        # Without a day of its own it has been missing since it was first found.
        fields["since_on"] = each.since_on or chore.since_on
        if chore.pk and all(getattr(chore, name) == value for name, value in fields.items()):
            continue
        for name, value in fields.items():
            setattr(chore, name, value)
        chore.save()
