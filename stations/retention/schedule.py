"""The schedule of keeping 保管期限表: how long a county keeps each kind, and what falls due by it."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from ..models import County, RetentionRule
from .keepers import KEEPERS, Keeper, in_order

# The most a county can ask for; longer is for good.
MOST_YEARS = 100
# What is kept for good, or not on this site: (kind, how long, the law or whose rule it is).
BESIDES = [
    (
        pgettext_lazy("keeping", "monthly analyses and statistical returns"),
        pgettext_lazy("keeping", "for good"),
        pgettext_lazy("keeping", "figures, with the ids and the hash of the rows they counted"),
    ),
    (
        pgettext_lazy("keeping", "results of the annual assessment, plaques"),
        pgettext_lazy("keeping", "for good"),
        pgettext_lazy("keeping", "figures of stations, none of a visitor"),
    ),
    (
        pgettext_lazy("keeping", "records of destruction, holds, this schedule"),
        pgettext_lazy("keeping", "for good"),
        pgettext_lazy("keeping", "numbers and days, none of a visitor"),
    ),
    (
        pgettext_lazy("keeping", "duty, training, publicity, premises, postings"),
        pgettext_lazy("keeping", "10 years at least"),
        pgettext_lazy(
            "keeping",
            "the county's own; staff only, the site does not list them for destruction",
        ),
    ),
    (
        pgettext_lazy("keeping", "impact assessments, records of data handed on"),
        pgettext_lazy("keeping", "5 years, on paper"),
        pgettext_lazy(
            "keeping",
            "law: at least 3 years (Personal Information Protection Law, article 56; Network Data Security Regulation, article 12)",
        ),
    ),
]


@dataclass(frozen=True)
class Line:
    """One kind in a county's schedule: the years in force, and the rule that set them if one did."""

    keeper: Keeper
    years: int | None
    rule: RetentionRule | None
    # What was in force before, the latest first.
    earlier: tuple[RetentionRule, ...]

    @property
    def in_words(self):
        return years_in_words(self.years)


def years_in_words(years):
    if years is None:
        return _("for good")
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


def schedule(county):
    """Return the `Line` of every kind, in the order in which they were registered; one query."""
    rules = {code: [] for code in KEEPERS}
    for rule in RetentionRule.objects.filter(county=county).select_related("set_by"):
        rules.get(rule.kind, []).append(rule)
    return [
        Line(
            keeper,
            set_by[0].years if set_by else keeper.years,
            set_by[0] if set_by else None,
            tuple(set_by[1:]),
        )
        for keeper in in_order()
        for set_by in [rules[keeper.code]]
    ]


def line_of(county, code):
    """Return the `Line` of one kind. Raises KeyError for an unknown one."""
    return {line.keeper.code: line for line in schedule(county)}[code]


@transaction.atomic
def set_years(county, code, *, years, why, by):
    """Set how long a county keeps a kind from now on; what was set before stays to be read.

    The same years again change nothing. Returns the `RetentionRule` in force, or None for the default.
    """
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    line = line_of(county, code)
    if line.years == years:
        return line.rule
    return RetentionRule.objects.create(
        county=county, kind=code, years=years, why=why, set_by=by
    )


def before_of(years, today):
    """Return the first day that is not yet over its time: the whole year counts; None for never.

    What is of 2026 and kept for 10 years is kept through 2036 and falls due on 1 January 2037.
    """
    return None if years is None else date(today.year - years, 1, 1)


def kept_through(anchor_on, years):
    """The last day on which a record is kept."""
    return date(anchor_on.year + years, 12, 31)


@dataclass(frozen=True)
class Due:
    """What of one kind falls due now: how many, where, what stops some, and the next day otherwise."""

    line: Line
    before: date | None
    count: int
    # {station id or None: how many}.
    by_station: dict
    # ((reason, how many)…): over their time, and not destroyed all the same.
    stopped: tuple[tuple[str, int], ...]
    # When the first of those that are there falls due, if none does now.
    next_on: date | None
    for_good: int

    @property
    def is_stopped(self):
        return sum(n for _reason, n in self.stopped)


def due_of(county, line, today):
    """Return the `Due` of one kind; the number of questions does not grow with the records."""
    before, keeper = before_of(line.years, today), line.keeper
    good = keeper.kept_for_good(county)
    for_good = good.count() if good is not None else 0
    if before is None:
        return Due(line, None, 0, {}, (), None, for_good)
    over = keeper.due(county, before)
    stops = keeper.all_stops(county, today)
    # Each row that is stopped is counted under the first reason that stops it.
    counts = (
        over.aggregate(
            **{f"stop_{n}": Count("pk", filter=_first_of(stops, n)) for n in range(len(stops))}
        )
        if stops
        else {}
    )
    stopped = tuple(
        (stop.reason, counts[f"stop_{n}"])
        for n, stop in enumerate(stops)
        if counts[f"stop_{n}"]
    )
    by_station = dict(
        free_of(over, stops)
        .order_by()
        .values("at_station")
        .annotate(n=Count("pk"))
        .values_list("at_station", "n")
    )
    count = sum(by_station.values())
    next_on = None
    if not count:
        first = (
            keeper.rows(county)
            .filter(anchor_on__gte=before)
            .aggregate(on=Min("anchor_on"))["on"]
        )
        next_on = first and date(first.year + line.years + 1, 1, 1)
    return Due(line, before, count, by_station, stopped, next_on, for_good)


def free_of(rows, stops):
    """The rows none of the stops holds."""
    for stop in stops:
        rows = rows.exclude(stop.rows)
    return rows


def _first_of(stops, n):
    condition = stops[n].rows
    for stop in stops[:n]:
        condition &= ~Q(stop.rows)
    return condition
