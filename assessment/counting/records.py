"""What of the stations' years comes from their own records: people, duty, training, walls, premises.

Counted for all stations of a county at once; `rows_behind` lists the rows of one figure.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from django.conf import settings
from django.db import connection

from casework.analysis import Tally, days_of
from casework.periods import last_day, month_of, months_between
from stations.models import DayOff, Station
from stations.network.coverage import coverage
from stations.walls.states import WallClock

from .record_rows import ROWS


@dataclass(frozen=True)
class Covered:
    """The villages of a station with a liaison at one month-end."""

    day: date
    covered: int
    villages: int


@dataclass(frozen=True)
class StationRecords:
    """One station's own records of a year; `tallies` are keyed as `record_rows.ROWS`."""

    station_id: int
    tallies: dict[str, Tally] = field(default_factory=dict)
    coverage: tuple[Covered, ...] = ()

    @property
    def coverage_sum(self):
        """The shares of covered villages at the month-ends, added up exactly."""
        return sum(
            (Fraction(end.covered, end.villages) for end in self.coverage if end.villages),
            Fraction(0),
        )


def station_records(county, first, through) -> dict[int, StationRecords]:
    """Return {station id: StationRecords} of a county's stations open in the period.

    `through` is the last day that is over. Six statements, and four for each month-end.
    """
    stations = list(Station.objects.filter(county=county).open_between(first, through))
    values = _values(county, [station.pk for station in stations], first, through)
    tallies = _tallies(values)
    covered = _covered(county, stations, values["month_ends"])
    return {
        station.pk: StationRecords(
            station.pk,
            {name: tallies[name].get(station.pk, Tally(0, 0)) for name in ROWS},
            tuple(covered[station.pk]),
        )
        for station in stations
    }


def rows_behind(name, station, first, through):
    """List the rows behind one figure: [(id, day, shown, is counted)], latest first.

    Raises KeyError for what has no rows.
    """
    values = _values(station.county, [station.pk], first, through)
    statement = f"SELECT * FROM ({ROWS[name]}) AS rows ORDER BY day DESC, id DESC"
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[1:] for row in cursor.fetchall()]


def gaps_behind(station, first, through):
    """List the villages without a liaison at each month-end: [(day, village code, name)]."""
    return [
        (day, village.code, village.name)
        for day in _month_ends(first, through)
        if days_of(station, day, day)
        for township in coverage(station.county, day).townships
        if township.station_pk == station.pk
        for village in township.gaps
    ]


def _month_ends(first, through):
    ends = [last_day(month) for month in months_between(month_of(first), month_of(through))]
    return [day for day in ends if day <= through]


def _values(county, stations, first, through):
    return {
        "stations": stations,
        "first": first,
        "through": through,
        "month_ends": _month_ends(first, through),
        "zone": settings.TIME_ZONE,
        "walls_seen_since": through - timedelta(days=county.parameter("wall_check_days")),
        "walls_true_since": _may_still_be_renewed(county, through),
        "training_hours": county.parameter("training_hours"),
        "subsidy_days": county.parameter("subsidy_days"),
    }


def _may_still_be_renewed(county, day):
    """The first day from which on a poster that went out of date may still hang on `day` (clock 29)."""
    clock = WallClock(county, DayOff.objects.calendar(county), day)
    since = day
    while clock.renewal_due(since - timedelta(days=1)) >= day:
        since -= timedelta(days=1)
    return since


def _tallies(values):
    statement = "\nUNION ALL\n".join(
        f"SELECT '{name}', station_id, count(*) FILTER (WHERE is_counted), count(*)"
        f" FROM ({rows}) AS rows GROUP BY station_id"
        for name, rows in ROWS.items()
    )
    found = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for name, station, value, of in cursor.fetchall():
            found[name][station] = Tally(value, of)
    return found


def _covered(county, stations, month_ends):
    covered = defaultdict(list)
    for day in month_ends:
        by_station = {
            township.station_pk: township for township in coverage(county, day).townships
        }
        for station in stations:
            township = by_station.get(station.pk)
            if township and days_of(station, day, day):
                covered[station.pk].append(
                    Covered(day, township.total - township.vacant, township.total)
                )
    return covered
