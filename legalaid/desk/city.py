"""The desk of the city's inspector: the counties in figures, no names of people."""

from collections import defaultdict
from dataclasses import dataclass

from casework.models import MonthlyReport
from casework.periods import month_of, months_from
from stations.models import County, DayOff, Station
from stations.network.coverage import Coverage, coverages

from .duties import Duty, chores_of
from .months import Month, stand_of


@dataclass(frozen=True)
class CountyRow:
    county: County
    coverage: Coverage
    month: Month


@dataclass(frozen=True)
class CityDesk:
    """The counties of the city's inspector, and what waits for the inspector."""

    counties: tuple[CountyRow, ...]
    owed: tuple[Duty, ...]
    chores: dict[str, int]

    @property
    def more_chores(self):
        return sum(self.chores.values()) - len(self.owed)


def city_desk(user, today):
    """Return the counties the city's inspector reaches: figures, no names of people."""
    counties = list(
        County.objects.visible_to(user).select_related("division").order_by("division__code")
    )
    month = months_from(month_of(today), -1)
    posts = coverages(counties, today)
    stations, reports = defaultdict(list), defaultdict(list)
    for station in Station.objects.filter(county__in=counties):
        stations[station.county_id].append(station)
    for report in (
        MonthlyReport.objects.of_stations()
        .filter(county__in=counties, month=month)
        .defer("row_ids", "figures")
    ):
        reports[report.county_id].append(report)
    calendar = DayOff.objects.calendar()
    owed, chores = chores_of(user, today, calendar)
    rows = tuple(
        CountyRow(
            county,
            posts[county],
            stand_of(month, stations[county.pk], reports[county.pk], today, calendar),
        )
        for county in counties
    )
    return CityDesk(rows, tuple(owed), chores)
