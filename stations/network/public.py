"""What the public is told of a county's stations: where, when, and who is on duty today.

Only what hangs on the wall anyway: no account, no private number. A duty person's name is told
only where the county has decided so.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import DayOff, Division, DutySlot, Station
from ..terms import Level
from .finder import Door, Place, door, match

NAMES_TOO = 2


@dataclass(frozen=True)
class Duty:
    """Half a day of today's duty: morning or afternoon, the kind of person, perhaps the name."""

    half: str
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Told:
    """One station as the public sees it; `why` says by which place it was found."""

    station: Station
    door: Door
    duties: tuple[Duty, ...]
    why: tuple[str, ...] = ()


def places(county, day):
    """Return the `Place`s of a county on a day, in one query."""
    found, townships = [], {}
    for code, name, level in (
        Division.objects.on(day)
        .of_county(county)
        .filter(level__in=[Level.TOWNSHIP, Level.VILLAGE])
        .order_by("code")
        .values_list("code", "name", "level")
    ):
        if level == Level.TOWNSHIP:
            townships[code] = name
        found.append(Place(name, code[: Level.TOWNSHIP], level == Level.VILLAGE))
    return found


def find(county, typed, now):
    """Return ([Told] for what was typed, whether a township without a station was meant)."""
    today = timezone.localdate(now)
    matched = match(typed, places(county, today))
    why = defaultdict(list)
    for place in matched:
        if place.is_village:
            why[place.township].append(place.name)
        else:
            why[place.township]
    told = {each.station.township.code: each for each in tell(county, now, set(why))}
    rows = [
        Told(
            told[code].station, told[code].door, told[code].duties, tuple(dict.fromkeys(names))
        )
        for code, names in why.items()
        if code in told
    ]
    return rows, any(code not in told for code in why)


def tell(county, now, townships=None):
    """Return the open stations of a county as `Told`, of some townships or of all, in code order."""
    today = timezone.localdate(now)
    stations = Station.objects.filter(county=county).open_on(today).select_related("township")
    if townships is not None:
        stations = stations.filter(township__code__in=townships)
    is_working_day = DayOff.objects.calendar(county).is_working_day(today)
    duties = _duties(county, stations, today)
    return [
        Told(
            station,
            door(station.hours, timezone.localtime(now).time(), is_working_day=is_working_day),
            tuple(duties[station.pk]),
        )
        for station in stations
    ]


def _duties(county, stations, today: date):
    """{station id: [Duty]} of a published roster's half-days of today that stand."""
    shows_names = county.parameter("public_duty_names") >= NAMES_TOO
    duties = defaultdict(list)
    for slot in (
        DutySlot.objects.published()
        .standing()
        .filter(station__in=stations, day=today)
        .exclude(worker=None)
        .select_related("worker")
        .order_by("station", "half")
    ):
        duties[slot.station_id].append(
            Duty(
                slot.get_half_display(),
                _("%(kind)s on duty") % {"kind": slot.worker.get_kind_display()},
                slot.worker.name if shows_names else "",
            )
        )
    return duties
