"""Results side by side: a station's years, an indicator's stations, a year and the one before."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from stations.models import Station

from ..models import Indicator, Score, Sheet, Year
from ..rules import rounded


def of_station(station, user):
    """The results of one station over the years that its reader may see, the latest first."""
    return list(
        Sheet.objects.published_to(user)
        .filter(station=station, year__in=Year.objects.current())
        .select_related("year")
        .defer("snapshot")
        .order_by("-year__year")
    )


@dataclass(frozen=True)
class Compared:
    """One indicator over the stations of a year: each station's score, the best first."""

    indicator: Indicator
    scores: tuple[Score, ...]

    @property
    def known(self):
        return [score.points_now for score in self.scores if score.points_now is not None]

    @property
    def mean(self):
        return rounded(sum(self.known) / len(self.known), 2) if self.known else None

    @property
    def share(self):
        """The mean in percent of the line's points."""
        if self.mean is None:
            return None
        return rounded(self.mean / self.indicator.points * 100, 1)


def by_indicator(year, sheets):
    """[Compared] of every indicator of a year over its stations, in the order of the standard."""
    found = defaultdict(list)
    scores = Score.objects.filter(sheet__in=sheets).select_related(
        "indicator", "sheet__station"
    )
    for score in scores.defer("computed_parts", "sheet__snapshot"):
        found[score.indicator].append(score)
    return [
        Compared(
            indicator,
            tuple(
                sorted(
                    scores,
                    key=lambda score: (
                        score.points_now is None,
                        -(score.points_now or 0),
                        score.sheet.station.code,
                    ),
                )
            ),
        )
        for indicator, scores in sorted(found.items(), key=lambda each: each[0].order)
    ]


def last_year_of(year):
    """The latest issue of the county's year before; None for the first."""
    return (
        Year.objects.current()
        .filter(county=year.county_id, year=year.year - 1)
        .select_related("standard")
        .first()
    )


@dataclass(frozen=True)
class Moved:
    """One station's total against the year before."""

    station: Station
    before: Decimal
    now: Decimal
    grade_before: str
    grade: str

    @property
    def change(self):
        return self.now - self.before


def changes_since(year, before):
    """[Moved] of the stations that have a total in both years, the largest rise first."""
    earlier = {
        sheet.station_id: sheet
        for sheet in Sheet.objects.filter(year=before, total__isnull=False).defer("snapshot")
    }
    sheets = (
        Sheet.objects.filter(year=year, total__isnull=False, station__in=list(earlier))
        .select_related("station")
        .defer("snapshot")
    )
    moved = [
        Moved(
            sheet.station,
            earlier[sheet.station_id].total,
            sheet.total,
            earlier[sheet.station_id].get_grade_display(),
            sheet.get_grade_display(),
        )
        for sheet in sheets
    ]
    return sorted(moved, key=lambda each: (-each.change, each.station.code))


def earlier_points(score, sheet):
    """[(year, points, points at most)] of the same line of the same station in other years."""
    rows = (
        Score.objects.filter(
            sheet__station=sheet.station_id,
            indicator__code=score.indicator.code,
            sheet__year__in=Year.objects.current().exclude(pk=sheet.year_id),
        )
        .select_related("indicator", "sheet__year")
        .defer("computed_parts", "sheet__snapshot")
        .order_by("-sheet__year__year")
    )
    return [(row.sheet.year.year, row.points_now, row.indicator.points) for row in rows]


def neighbours(score, sheet):
    """The lines before and after one, in the order of the standard."""
    order = list(
        sheet.scores.order_by("indicator__order", "indicator__code").values_list(
            "pk", flat=True
        )
    )
    place = order.index(score.pk)
    return (
        order[place - 1] if place else None,
        order[place + 1] if place + 1 < len(order) else None,
    )
