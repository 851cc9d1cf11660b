"""What is known of a county's stations for the name of demonstration station, and who comes next.

Each floor is asked through its door, once for the whole county, however many stations it has.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from casework.analysis.complaints import complaints_by_station
from casework.analysis.sending import last_twelve_months
from stations.models import Appointment, Station
from stations.network.coverage import coverage
from stations.roles import Role
from stations.upkeep.premises import lines_of
from stations.walls.postings import WallState, walls

from ..demonstration import (
    Condition,
    Facts,
    conditions,
    grounds,
    quota,
    rank,
    share_percent,
    stands,
)
from ..models import Adjustment, Demonstration, DemonstrationPlan, Sheet
from ..terms import ClauseKind, YearStatus

STAFF = (Role.HEAD, Role.CLERK, Role.DUTY)


@dataclass(frozen=True)
class Candidate:
    """One station: its facts, the conditions, and its name or application if it has one."""

    station: Station
    facts: Facts
    conditions: tuple[Condition, ...]
    live: Demonstration | None = None

    @property
    def stands(self):
        return stands(self.conditions)

    @property
    def unmet(self):
        return [each for each in self.conditions if each.state == "no"]

    @property
    def unknown(self):
        return [each for each in self.conditions if each.state == "open"]


@dataclass(frozen=True)
class Board:
    """A county's names against the fifth it owes, on a day."""

    county: object
    year: int
    stations: int
    named: int
    under_way: int
    plan: DemonstrationPlan | None

    @property
    def quota(self):
        return quota(self.stations)

    @property
    def gap(self):
        return max(self.quota - self.named, 0)

    @property
    def share(self):
        return share_percent(self.named, self.stations)

    @property
    def is_met(self):
        return self.gap == 0

    @property
    def bar(self):
        """Percent of the quota reached, for the line that fills."""
        return min(self.named * 100 // self.quota, 100) if self.quota else 100


def stations_counted(county_ids, year):
    """The stations a quota counts: those not abolished before the end of the year."""
    return Station.objects.filter(county__in=county_ids).open_on(date(year, 12, 31))


def boards(counties, year):
    """Return a `Board` for each county, in three queries for all."""
    counties = list(counties)
    stations, named, under_way, plans = (
        defaultdict(int),
        defaultdict(int),
        defaultdict(int),
        {},
    )
    for county_id in stations_counted(counties, year).values_list("county", flat=True):
        stations[county_id] += 1
    for each in Demonstration.objects.filter(county__in=counties):
        if each.stage == "named":
            named[each.county_id] += 1
        elif each.is_under_way:
            under_way[each.county_id] += 1
    for plan in DemonstrationPlan.objects.filter(county__in=counties, year=year):
        # The latest comes first.
        plans.setdefault(plan.county_id, plan)
    return [
        Board(
            county,
            year,
            stations[county.pk],
            named[county.pk],
            under_way[county.pk],
            plans.get(county.pk),
        )
        for county in counties
    ]


def candidates(county, today):
    """Return the county's open stations as `Candidate`s: those nearest to the name first."""
    stations = list(
        Station.objects.filter(county=county)
        .open_on(today)
        .select_related("county__division", "township")
    )
    facts = facts_of(county, stations, today)
    live = {
        each.station_id: each
        for each in Demonstration.objects.filter(county=county).select_related("station")
        if each.is_under_way or each.stage == "named"
    }
    found = [
        Candidate(
            station,
            facts[station.pk],
            conditions(facts[station.pk], today.year),
            live.get(station.pk),
        )
        for station in stations
    ]
    return sorted(found, key=lambda each: (rank(each.conditions), each.station.code))


def candidate(station, today):
    """Return the `Candidate` of one station."""
    facts = facts_of(station.county, [station], today)[station.pk]
    live = next(
        (
            each
            for each in station.demonstrations.all()
            if each.is_under_way or each.stage == "named"
        ),
        None,
    )
    return Candidate(station, facts, conditions(facts, today.year), live)


def facts_of(county, stations, today):
    """Return {station id: Facts}; of a station nobody knows anything, the empty ones."""
    townships = {
        township.station_pk: township
        for township in coverage(county, today).townships
        if township.station_pk
    }
    months = last_twelve_months(county, today)
    grades, vetoes = _assessed(stations, today.year)
    complaints = complaints_by_station(county, date(today.year - 1, 1, 1), today)
    hanging = walls(county, stations, today)
    items = lines_of(stations, today)
    return {
        station.pk: Facts(
            grades=grades[station.pk],
            has_veto=station.pk in vetoes,
            substantiated_complaints=complaints[station.pk].substantiated
            if station.pk in complaints
            else 0,
            **_villages(townships.get(station.pk)),
            months_due=months.get(station.pk, (0, 0))[0],
            months_sent=months.get(station.pk, (0, 0))[1],
            **_postings(hanging[station.pk]),
            **_hardware(items[station.pk]),
        )
        for station in stations
    }


def _villages(township):
    if township is None:
        return {}
    return {"villages": township.total, "covered": township.total - township.vacant}


def _postings(lines):
    mandatory = [line for line in lines if line.is_mandatory]
    return {
        "postings": len(mandatory),
        "postings_current": sum(line.state == WallState.CURRENT for line in mandatory),
    }


def _hardware(lines):
    looked_at = [line for line in lines if line.check and not line.is_old]
    if not looked_at:
        return {}
    return {
        "hardware": len(lines),
        "hardware_met": sum(line.is_there for line in looked_at),
    }


def _assessed(stations, year):
    """Confirmed grades {station id: {year: grade}}, and the stations with a veto, of two years."""
    grades, vetoes = defaultdict(dict), set()
    sheets = Sheet.objects.filter(
        station__in=stations,
        year__year__in=[year, year - 1],
        year__status=YearStatus.FROZEN,
        year__reopened_as=None,
    )
    for station, of_year, grade in sheets.values_list("station", "year__year", "grade"):
        grades[station][of_year] = grade
    vetoes.update(
        Adjustment.objects.counted()
        .filter(
            sheet__station__in=stations,
            sheet__year__year__in=[year, year - 1],
            clause__kind=ClauseKind.VETO,
        )
        .values_list("sheet__station", flat=True)
    )
    return grades, vetoes


def staff_of(station, day):
    """The ids of the accounts of a station's staff on a day."""
    return frozenset(
        Appointment.objects.current(day)
        .filter(station=station, role__in=STAFF)
        .values_list("user", flat=True)
    )


def grounds_of(named, today):
    """Return the grounds on which a name could be withdrawn today, from what the records say."""
    grades, vetoes = _assessed([named.station], today.year)
    after = {
        year: grade
        for year, grade in grades[named.station_id].items()
        if year >= named.named_on.year
    }
    return grounds(
        grade=after[max(after)] if after else "",
        has_veto=named.station_id in vetoes,
        staff=frozenset(named.named_staff),
        staff_now=staff_of(named.station, today),
        address=named.named_address,
        address_now=named.station.address,
        until=named.valid_until,
        today=today,
    )
