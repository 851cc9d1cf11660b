"""The wall of time limits 法定时限墙: every running clock a person may see, the most urgent first."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.calendar.clock_faces import Clock
from stations.roles import STATION_ROLES, Role

from ..models import Deadline
from ..rules.deadlines import LIMITS, Limit, warned_roles
from . import clocks

# What is due within so many days after today stands apart.
SOON = timedelta(days=3)
# Rows of a group on the whole wall, and of one group alone.
SHOWN = 8
PAGE = 50

GROUPS = [
    ("over", pgettext_lazy("wall", "overdue")),
    ("today", pgettext_lazy("wall", "due today")),
    ("soon", pgettext_lazy("wall", "within three days")),
    ("later", pgettext_lazy("wall", "later")),
    ("paused", pgettext_lazy("wall", "standing still")),
    ("trial", pgettext_lazy("wall", "on trial")),
]
PICTURES = {
    "over": "c-over",
    "today": "c-near",
    "soon": "c-half",
    "later": "c-calm",
    "paused": "c-paused",
    "trial": "eye",
}
# What a row reads; the rest of an application may be long.
_READ = [field.name for field in Deadline._meta.concrete_fields] + [
    f"application__{field}"
    for field in (
        "name",
        "year",
        "serial",
        "status",
        "asked_from",
        "county",
        "intake_county__short_name",
        "station__short_name",
    )
]


def _conditions(now):
    """{group: its condition}, one for every running clock, in words the index of due days reads."""
    today = timezone.localdate(now)
    live = Q(is_shadow=False, is_paused=False)
    return {
        "over": live & Q(due_on__lte=today) & (Q(due_on__lt=today) | Q(due_at__lt=now)),
        "today": live & Q(due_on=today) & (Q(due_at=None) | Q(due_at__gte=now)),
        "soon": live & Q(due_on__gt=today, due_on__lte=today + SOON),
        "later": live & Q(due_on__gt=today + SOON),
        "paused": Q(is_shadow=False, is_paused=True),
        "trial": Q(is_shadow=True),
    }


def grouped(deadlines, now):
    """Say of each running clock how urgent it is: one of GROUPS, as `group`."""
    cases = [When(asked, then=Value(key)) for key, asked in _conditions(now).items()]
    return deadlines.annotate(group=Case(*cases, default=Value("")))


@dataclass(frozen=True)
class Row:
    """One clock on the wall."""

    deadline: Deadline
    limit: Limit
    clock: Clock
    basis: Promise | str
    who: str

    @property
    def is_promise(self):
        """Whether the county's promise is due before the law's limit."""
        deadline = self.deadline
        return bool(deadline.statutory_due_on) and deadline.due_on < deadline.statutory_due_on


@dataclass(frozen=True)
class Group:
    key: str
    label: Promise
    count: int
    rows: tuple[Row, ...] = ()

    @property
    def rest(self):
        return self.count - len(self.rows)

    @property
    def picture(self):
        return PICTURES[self.key]


@dataclass(frozen=True)
class Total:
    """How many of one clock run, and how many of them are overdue."""

    limit: Limit
    count: int
    over: int
    today: int


@dataclass(frozen=True)
class Wall:
    groups: tuple[Group, ...]
    totals: tuple[Total, ...]
    # The page of the one group that is shown alone.
    page: Page | None = None

    @property
    def count(self):
        return sum(group.count for group in self.groups)

    @property
    def has_rows(self):
        return any(group.rows for group in self.groups)


def wall(deadlines, *, calendar, now, number=None, show=None, page=1):
    """Return the `Wall` of some clocks: the first rows of each group, and the sums of each clock.

    With `number` only the rows of one clock; with `show` one group alone, page by page. It asks the
    same few questions for one clock and for a hundred thousand.
    """
    sums = grouped(deadlines, now).order_by().values("number", "group")
    counts = {
        (row["number"], row["group"]): row["count"] for row in sums.annotate(count=Count("pk"))
    }
    conditions = _conditions(now)
    if number:
        deadlines = deadlines.filter(number=number)
    first = {} if show else _first_rows(grouped(deadlines, now), calendar, now)
    groups, shown = [], None
    for key, label in GROUPS:
        count = sum(
            n for (each, group), n in counts.items() if group == key and number in (None, each)
        )
        found = tuple(first.get(key, ()))
        if show == key:
            paginator = Paginator(deadlines.filter(conditions[key]), PAGE)
            # Counted already, with the others.
            paginator.count = count
            shown = paginator.get_page(page)
            found = rows_of(shown.object_list, calendar, now) if count else ()
        groups.append(Group(key, label, count, found))
    return Wall(tuple(groups), tuple(_totals(counts)), shown)


def _first_rows(deadlines, calendar, now):
    """{group: its first rows}: found by their keys alone in one pass, then read."""
    place = Window(RowNumber(), partition_by=F("group"), order_by=["due_on", "pk"])
    chosen = deadlines.annotate(place=place).filter(place__lte=SHOWN).order_by()
    groups = dict(chosen.values_list("pk", "group"))
    found = {}
    for row in rows_of(Deadline.objects.filter(pk__in=groups), calendar, now):
        found.setdefault(groups[row.deadline.pk], []).append(row)
    return found


def most_urgent(deadlines, *, calendar, now, shown):
    """Return (rows, {group: how many}) of the clocks a desk names, in one query."""
    conditions = _conditions(now)
    counts = {
        f"n_{key}": Window(Count("pk", filter=asked)) for key, asked in conditions.items()
    }
    rows = deadlines.annotate(**counts).order_by("due_on", "pk")[:shown]
    found = rows_of(rows, calendar, now)
    first = found[0].deadline if found else None
    return found, {key: getattr(first, f"n_{key}", 0) for key in conditions}


def _totals(counts):
    for number, limit in LIMITS.items():
        of = {group: n for (each, group), n in counts.items() if each == number}
        if of:
            yield Total(limit, sum(of.values()), of.get("over", 0), of.get("today", 0))


def rows_of(deadlines, calendar, now):
    """Return the `Row`s of clocks, in one query."""
    found = deadlines.select_related("application__intake_county", "application__station").only(
        *_READ
    )
    return tuple(row_of(each, calendar, now) for each in found)


def row_of(deadline, calendar, now):
    limit = LIMITS[deadline.number]
    application = deadline.application
    doer = warned_roles(deadline.number, is_at_station=application.is_at_station)[0]
    return Row(
        deadline=deadline,
        limit=limit,
        clock=clocks.face(deadline, calendar=calendar, today=timezone.localdate(now), now=now),
        basis=basis_of(deadline),
        who=application.station.short_name if doer in STATION_ROLES else Role(doer).label,
    )


def basis_of(deadline):
    """The article a clock comes from, or whose rule it is where the law gives no number."""
    if article := LIMITS[deadline.number].article:
        return article
    return _("set in the notice") if deadline.set_days else _("county's rule")
