"""One township one station, one village one liaison (一镇一站、一村一员): who is there on a day.

`coverage` fetches plain rows and hands them to `fold`, which is pure. The page, its picture, the
table, the gap list and the desk all print the same frozen `Coverage`.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy

from ..calendar.clock_faces import Clock, clock
from ..models import Division, Liaison, Station
from ..terms import Level
from ..workdays import WorkCalendar


class State(models.TextChoices):
    """How a post is filled. A post that is acted for counts as covered, and is shown apart."""

    IN_POST = "in_post", gettext_lazy("in post")
    ACTING = "acting", gettext_lazy("acting")
    VACANT = "vacant", gettext_lazy("vacant")


# ── What is fetched ─────────────────────────────────────────────────────────────────────


class DivisionRow(NamedTuple):
    pk: int
    code: str
    name: str
    level: int
    parent_id: int
    valid_from: date | None


class StationRow(NamedTuple):
    pk: int
    township_id: int
    name: str
    phone: str
    is_acting: bool
    opened_on: date
    # The first day it is no longer open.
    closed_on: date | None


class LiaisonRow(NamedTuple):
    """The latest liaison of a village who began by the day."""

    pk: int
    village_id: int
    name: str
    is_acting: bool
    # The last day in post, itself included.
    appointed_to: date | None
    ended_reason: str


# ── What comes out ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class VillagePost:
    """The liaison's post of one village."""

    pk: int
    code: str
    name: str
    state: State
    liaison_pk: int | None = None
    liaison_name: str = ""
    # First day without a liaison; None for a village that never had one and has no station.
    vacant_since: date | None = None
    # Days without a liaison, the first and the asked day included.
    days_vacant: int | None = None
    clock: Clock | None = None
    # Why the last one left.
    note: str = ""


@dataclass(frozen=True)
class TownshipPosts:
    """One township: its station and the posts of its villages."""

    pk: int
    code: str
    name: str
    state: State
    villages: tuple[VillagePost, ...] = ()
    station_pk: int | None = None
    station_name: str = ""
    station_phone: str = ""
    # Since when there is no station; None when there never was one.
    vacant_since: date | None = None
    # Days without a station, the first and the asked day included.
    days_vacant: int | None = None

    def _count(self, state):
        return sum(village.state == state for village in self.villages)

    @property
    def in_post(self):
        return self._count(State.IN_POST)

    @property
    def acting(self):
        return self._count(State.ACTING)

    @property
    def vacant(self):
        return self._count(State.VACANT)

    @property
    def total(self):
        return len(self.villages)

    @property
    def rate(self):
        return percent(self.total - self.vacant, self.total)

    @property
    def gaps(self):
        """The vacant villages, the oldest vacancy first."""
        return oldest_first(v for v in self.villages if v.state == State.VACANT)

    @property
    def longest_days(self):
        return longest(self.villages)

    @property
    def has_gap(self):
        return self.state == State.VACANT or self.vacant > 0

    @property
    def is_late(self):
        return any(v.clock and v.clock.state == "over" for v in self.villages)


@dataclass(frozen=True)
class Coverage:
    """The network of a county, or of what a person may see of it, on one day."""

    day: date
    vacancy_days: int
    townships: tuple[TownshipPosts, ...]

    def _sum(self, name):
        return sum(getattr(township, name) for township in self.townships)

    @property
    def in_post(self):
        return self._sum("in_post")

    @property
    def acting(self):
        return self._sum("acting")

    @property
    def vacant(self):
        return self._sum("vacant")

    @property
    def covered(self):
        return self.in_post + self.acting

    @property
    def total(self):
        return self._sum("total")

    @property
    def rate(self):
        """Percent of the villages with a liaison, an acting one included; None without villages."""
        return percent(self.covered, self.total)

    @property
    def stations(self):
        return sum(township.state != State.VACANT for township in self.townships)

    @property
    def longest_days(self):
        return longest(v for township in self.townships for v in township.villages)

    @property
    def townships_with_gaps(self):
        """Townships that lack a station or a liaison, the oldest vacancy first."""

        def age(township):
            return min(
                [village.vacant_since or date.min for village in township.gaps]
                or [township.vacant_since or date.min]
            )

        return sorted((t for t in self.townships if t.has_gap), key=age)

    @property
    def gaps(self):
        """[(township, vacant village)], the oldest vacancy first."""
        pairs = [(t, v) for t in self.townships for v in t.gaps]
        return sorted(pairs, key=lambda pair: pair[1].vacant_since or date.min)

    def only(self, station_ids):
        """The same figures for the townships of some stations."""
        return replace(
            self, townships=tuple(t for t in self.townships if t.station_pk in station_ids)
        )


# ── The arithmetic ──────────────────────────────────────────────────────────────────────


def percent(part, whole):
    """Return a percentage with one decimal, half up; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def longest(villages):
    return max((v.days_vacant for v in villages if v.days_vacant), default=0)


def oldest_first(villages):
    return sorted(villages, key=lambda v: v.vacant_since or date.min)


def vacant_since(*, last_day, opened_on, began_on):
    """Return the first day without a liaison.

    The day after the last liaison's last day; for a village that never had one, the day its
    station opened, or the day the village itself began if that is later. None when nothing is
    known: a village of old standing in a township without a station.
    """
    if last_day:
        return last_day + timedelta(days=1)
    return max((day for day in (opened_on, began_on) if day), default=None)


def vacancy_clock(since, day, allowed):
    """Return the clock of a vacancy: calendar days, the first vacant day is day 1 (clock 33)."""
    last_day_in_post = since - timedelta(days=1)
    due_on = last_day_in_post + timedelta(days=allowed)
    return clock(day, last_day_in_post, due_on, WorkCalendar())


def fold(day, *, divisions, stations, liaisons, continues, vacancy_days):
    """Return the `Coverage` of a day from plain rows.

    `divisions` are the townships and villages that exist on the day. `continues` maps the id of
    a division to the id of the row it carries on: a station and a village's parent point to the
    newest row of a township, a vacancy may have begun under an earlier row of the village.
    """
    townships = {row.pk: row for row in divisions if row.level == Level.TOWNSHIP}

    def lineage(pk):
        while pk is not None:
            yield pk
            pk = continues.get(pk)

    def on_the_day(township_id):
        return next((pk for pk in lineage(township_id) if pk in townships), None)

    open_stations, closed = {}, defaultdict(list)
    for station in stations:
        if station.opened_on > day:
            continue
        if station.closed_on and station.closed_on <= day:
            closed[station.township_id].append(station.closed_on)
        else:
            open_stations[on_the_day(station.township_id)] = station

    latest = {liaison.village_id: liaison for liaison in liaisons}
    began = {row.pk: row.valid_from for row in divisions}
    villages = defaultdict(list)
    for row in divisions:
        if row.level != Level.VILLAGE:
            continue
        township_id = on_the_day(row.parent_id)
        station = open_stations.get(township_id)
        known = [latest[pk] for pk in lineage(row.pk) if pk in latest]
        is_new = continues.get(row.pk) is None
        villages[township_id].append(
            _village_post(
                row,
                known[0] if known else None,
                day,
                opened_on=station.opened_on if station else None,
                began_on=began[row.pk] if is_new else None,
                vacancy_days=vacancy_days,
            )
        )

    return Coverage(
        day,
        vacancy_days,
        tuple(
            _township_posts(
                row,
                day,
                open_stations.get(row.pk),
                villages[row.pk],
                closed_on=max((d for pk in lineage(row.pk) for d in closed[pk]), default=None),
            )
            for row in sorted(townships.values(), key=lambda row: row.code)
        ),
    )


def _village_post(row, liaison, day, *, opened_on, began_on, vacancy_days):
    if liaison and (liaison.appointed_to is None or liaison.appointed_to >= day):
        state = State.ACTING if liaison.is_acting else State.IN_POST
        return VillagePost(row.pk, row.code, row.name, state, liaison.pk, liaison.name)
    since = vacant_since(
        last_day=liaison.appointed_to if liaison else None,
        opened_on=opened_on,
        began_on=began_on,
    )
    return VillagePost(
        row.pk,
        row.code,
        row.name,
        State.VACANT,
        vacant_since=since,
        days_vacant=(day - since).days + 1 if since else None,
        clock=vacancy_clock(since, day, vacancy_days) if since else None,
        note=liaison.ended_reason if liaison else "",
    )


def _township_posts(row, day, station, villages, *, closed_on):
    if station is None:
        since = closed_on or row.valid_from
        return TownshipPosts(
            row.pk,
            row.code,
            row.name,
            State.VACANT,
            tuple(villages),
            vacant_since=since,
            days_vacant=(day - since).days + 1 if since else None,
        )
    return TownshipPosts(
        row.pk,
        row.code,
        row.name,
        State.ACTING if station.is_acting else State.IN_POST,
        tuple(villages),
        station.pk,
        station.name,
        station.phone,
    )


# ── From the database ───────────────────────────────────────────────────────────────────


def coverage(county, day, stations=None):
    """Return the `Coverage` of a county on a day: three queries, however large the county.

    Whoever has all stations the county ever had in hand gives them, and spares one.
    """
    return coverages([county], day, stations)[county]


def coverages(counties, day, known_stations=None):
    """Return {county: Coverage} on a day: the same three queries for a whole city."""
    codes = [county.division.code for county in counties]
    divisions = Division.objects.filter(
        county_code__in=codes, level__in=[Level.TOWNSHIP, Level.VILLAGE]
    )
    rows, stations, liaisons = defaultdict(list), defaultdict(list), defaultdict(list)
    # Those that are over too: they say which row carries on which.
    continues = {}
    for code, continued, ends, *row in divisions.order_by("code").values_list(
        "county_code", "continues_id", "valid_to", *DivisionRow._fields
    ):
        division = DivisionRow(*row)
        if continued is not None:
            continues[division.pk] = continued
        has_begun = division.valid_from is None or division.valid_from <= day
        if has_begun and (ends is None or ends > day):
            rows[code].append(division)
    if known_stations is None:
        known_stations = Station.objects.filter(county__in=counties).only(
            "county", "township", *StationRow._fields[2:]
        )
    for station in sorted(known_stations, key=lambda each: each.opened_on):
        row = StationRow(*(getattr(station, name) for name in StationRow._fields))
        stations[station.county_id].append(row)
    for code, *row in (
        Liaison.objects.filter(village__county_code__in=codes, appointed_from__lte=day)
        .order_by("village_id", "-appointed_from")
        .distinct("village_id")
        .values_list("village__county_code", *LiaisonRow._fields)
    ):
        liaisons[code].append(LiaisonRow(*row))
    return {
        county: fold(
            day,
            divisions=rows[county.division.code],
            continues=continues,
            stations=stations[county.pk],
            liaisons=liaisons[county.division.code],
            vacancy_days=county.parameter("vacancy_days"),
        )
        for county in counties
    }
