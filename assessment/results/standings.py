"""A county's year over its stations, and a city's counties: ranks with rates and size beside them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from .. import scoring, standard
from ..models import Adjustment, Objection, Rectification, Score, Sheet, Year
from ..rules import rounded
from ..suggestions import suggestions
from ..terms import Dimension, Grade, SheetStatus, YearStatus
from .names import with_names_of


@dataclass(frozen=True)
class Context:
    """How much work a station has, and its rates in percent; a rank alone says too little."""

    entries: int | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def in_order(self):
        """The rates in the order of `RATES`, None for what has nothing to count."""
        return [self.rates.get(name) for name in RATES]


@dataclass(frozen=True)
class Row:
    """One station in a county's year: its rank, its sums, and the size of its work beside them."""

    sheet: Sheet
    # None while nobody has a rank yet: before the county has scored them all.
    rank: int | None
    context: Context = field(default_factory=Context)

    @property
    def shares(self):
        """[(dimension, points)]."""
        return [(dimension, getattr(self.sheet, dimension.value)) for dimension in Dimension]


@dataclass(frozen=True)
class CountyYear:
    """All stations of a county's year, the best first once they are ranked."""

    year: Year
    rows: tuple[Row, ...]

    @property
    def is_ranked(self):
        return any(row.rank for row in self.rows)

    @cached_property
    def of_grade(self):
        """{grade: how many stations}."""
        counts = dict.fromkeys(Grade, 0)
        for row in self.rows:
            if row.sheet.grade:
                counts[Grade(row.sheet.grade)] += 1
        return counts

    @cached_property
    def of_status(self):
        """[(status, label, how many)] of the statuses that occur."""
        counts = Counter(row.sheet.status for row in self.rows)
        return [
            (status.value, status.label, counts[status])
            for status in SheetStatus
            if counts[status]
        ]

    @property
    def mean(self):
        totals = [row.sheet.total for row in self.rows if row.sheet.total is not None]
        return rounded(sum(totals) / len(totals), 1) if totals else None

    @property
    def excellent(self):
        return [row for row in self.rows if row.sheet.grade == Grade.EXCELLENT]

    @property
    def failed(self):
        return [row for row in self.rows if row.sheet.grade == Grade.FAIL]


# From here on all sheets have the county's points and ranks mean something.
_RANKED = {
    SheetStatus.COUNTY_SCORED,
    SheetStatus.SPOT_CHECKED,
    SheetStatus.PUBLISHED,
    SheetStatus.OBJECTED,
    SheetStatus.FROZEN,
}


def county_year(year, sheets=None):
    """Return the `CountyYear`: ranked once the county has scored every sheet, else by code."""
    sheets = list(
        (Sheet.objects.filter(year=year) if sheets is None else sheets)
        .select_related("station", "self_scored_by", "scored_by", "spot_check")
        .annotate(
            open_objections=Count(
                "objections", filter=Q(objections__status="filed"), distinct=True
            ),
            open_flags=Count(
                "flags",
                filter=Q(flags__is_current=True, flags__answered_at=None),
                distinct=True,
            ),
        )
        .defer("snapshot", "self_summary")
        .order_by("station__code")
    )
    for sheet in with_names_of(year, sheets):
        sheet.year = year
    ranks = {}
    if sheets and all(sheet.status in _RANKED and sheet.total is not None for sheet in sheets):
        ranks = scoring.ranks(
            scoring.Standing(
                key=sheet.pk,
                total=sheet.total,
                business=sheet.business,
                team=sheet.team,
                grade=Grade(sheet.grade),
            )
            for sheet in sheets
        )
        sheets.sort(key=lambda sheet: (ranks[sheet.pk], sheet.station.code))
    context = context_of(year)
    return CountyYear(
        year,
        tuple(
            Row(sheet, ranks.get(sheet.pk), context.get(sheet.pk, Context()))
            for sheet in sheets
        ),
    )


# The rates that stand beside a rank, by the facts of `Score.computed_parts`.
RATES = ("village_coverage", "duty_attended", "entries_complete", "forwarded_on_time")
# How much work a station has: what its rates are of.
SIZE = "entries_complete"


def rate_labels():
    """The names of the `RATES`, short enough for the head of a column."""
    return [
        _("liaison coverage %"),
        _("duty attended %"),
        _("register complete %"),
        _("forwarded in time %"),
    ]


def context_of(year):
    """{sheet id: Context} of each station's work, as counted for its lines."""
    rates, sizes = defaultdict(dict), {}
    for sheet_id, parts in Score.objects.filter(sheet__year=year).values_list(
        "sheet", "computed_parts"
    ):
        for part in parts:
            name, value, of = part.get("fact"), part.get("value"), part.get("of")
            if name in RATES and value is not None and of not in (None, "0"):
                rate = Fraction(value) / Fraction(of) * 100
                rates[sheet_id][name] = rounded(rate, 1)
            if name == SIZE and of is not None:
                sizes[sheet_id] = int(of)
    return {
        sheet_id: Context(sizes.get(sheet_id), rates[sheet_id]) for sheet_id in {*rates, *sizes}
    }


# ── What waits at the county ────────────────────────────────────────────────────────────


def waiting_adjustments(year):
    return (
        Adjustment.objects.waiting()
        .filter(sheet__year=year)
        .select_related("clause", "sheet__station", "proposed_by")
        .defer("sheet__snapshot")
    )


def suggested(year, sheets):
    """[(sheet, Suggestion)] of what the records of a year's sheets point at, unless proposed.

    Nothing while the year still runs, when they may yet change, or once its result is public.
    """
    if year.status == YearStatus.OPEN or year.is_public:
        return []
    clauses = list(year.standard.clauses.exclude(found_by="").order_by("order", "code"))
    proposed = set(Adjustment.objects.filter(sheet__year=year).values_list("sheet", "clause"))
    return [
        (sheet, found)
        for sheet in sheets
        for found in suggestions(clauses, standard.stored_facts(sheet))
        if (sheet.pk, found.clause.pk) not in proposed
    ]


def objections_of(year):
    return (
        Objection.objects.filter(sheet__year=year)
        .select_related("sheet__station", "score__indicator")
        .defer("sheet__snapshot", "score__computed_parts")
        .order_by("status", "filed_at")
    )


def rectifications_of(year):
    return (
        Rectification.objects.filter(sheet__year=year)
        .select_related("sheet__station", "indicator")
        .defer("sheet__snapshot")
    )


# A line with less than so many percent of its points is offered for rectification.
WEAK_PERCENT = 60


def weakest_lines(year):
    """{sheet id: [Score]} of the lines far from their points, the most lost first."""
    found = defaultdict(list)
    scores = (
        Score.objects.filter(sheet__year=year)
        .select_related("indicator")
        .defer("computed_parts")
    )
    for score in scores:
        points, most = score.points_now, score.indicator.points
        if points is not None and points * 100 < most * WEAK_PERCENT:
            found[score.sheet_id].append(score)
    for lines in found.values():
        lines.sort(key=lambda score: score.points_now - score.indicator.points)
    return dict(found)


# ── The city ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class CountyLine:
    """One county in the city's overview: its latest year, how far, what came out."""

    county: object
    year: Year | None
    result: CountyYear | None

    @property
    def _drawn(self):
        rows = self.result.rows if self.result else ()
        return [row.sheet.spot_check for row in rows if hasattr(row.sheet, "spot_check")]

    @property
    def checks(self):
        """How many stations were drawn for the spot check."""
        return len(self._drawn)

    @property
    def checks_done(self):
        return sum(check.done_at is not None for check in self._drawn)


def counties_overview(counties):
    """[CountyLine] of the latest issue of each county's latest year; few queries for any number."""
    latest = {}
    for year in (
        Year.objects.filter(county__in=counties)
        .select_related("standard", "county__division")
        .order_by("county", "-year", "-issue")
    ):
        latest.setdefault(year.county_id, year)
    sheets = defaultdict(list)
    for sheet in (
        Sheet.objects.filter(year__in=list(latest.values()))
        .select_related("station", "spot_check")
        .defer("snapshot")
        .order_by("station__code")
    ):
        sheets[sheet.year_id].append(sheet)
    lines = []
    for county in counties:
        year = latest.get(county.pk)
        result = (
            CountyYear(year, tuple(Row(sheet, None) for sheet in sheets[year.pk]))
            if year
            else None
        )
        lines.append(CountyLine(county, year, result))
    return lines
