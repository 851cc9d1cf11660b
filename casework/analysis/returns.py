"""The statistical returns 统计报表 counted from rows: month, quarter, half-year and year (rules 6.4).

One aggregate for each kind of row, whatever their number, grouped by the lowest place: a county's
return adds up its stations, the city's its counties.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext

from stations.models import Station

from ..models import Matter
from ..periods import Period
from .return_columns import (
    CLASS_NAMES,
    LISTED_MATTERS,
    LOCAL_ITEMS,
    UNITS,
    Column,
    columns_of,
)
from .return_rows import Rule, Scope, rows_of

WAN = Decimal(10_000)


@dataclass(frozen=True)
class Line:
    """One column of the return with its figure, and the figure of every unit in their order."""

    column: Column
    value: int | Decimal
    shares: tuple[int | Decimal, ...]

    @property
    def code(self):
        return self.column.code

    @property
    def label(self):
        return self.column.label

    @property
    def unit_label(self):
        return UNITS[self.column.unit]

    @property
    def shown(self):
        return shown(self.column, self.value)

    @property
    def shown_shares(self):
        return [shown(self.column, share) for share in self.shares]


@dataclass(frozen=True)
class Return:
    """One return: its lines in official order. `units` are stations of a county, or counties."""

    period: Period
    scope: Scope
    units: tuple[str, ...]
    # Of which station or county each unit's figures are; None for what belongs to none in sight.
    keys: tuple[int | None, ...]
    lines: tuple[Line, ...]
    # Persons who came, by the number written at each visit; beside the count of entries.
    persons: int

    def line(self, code):
        return next(line for line in self.lines if line.code == code)


def shown(column, value):
    """Return the figure as the return prints it: money in 万元 with two decimals."""
    return round(Decimal(value) / WAN, 2) if column.is_money else value


def make_return(period, counties, rule=Rule.INTAKE):
    """Count one return of some counties from the rows there are now. Returns a `Return`."""
    scope = Scope(tuple(counties), Rule(rule))
    groups = _groups(period, scope)
    columns = columns_of(period.kind, _typical(groups))
    places = units_of(period, scope)
    counted = {}
    for source in dict.fromkeys(column.source for column in columns):
        of_source = [column for column in (*columns, _PERSONS) if column.source == source]
        rows = rows_of(source, period, scope).order_by()
        if groups is not None and source == "entries":
            counted |= _count_read(of_source, rows, places)
            counted |= _count_groups(of_source, groups, places)
        else:
            counted |= _count(of_source, rows, places)
    # What belongs to no unit in sight, such as what another county's station took in, stands last.
    rest = any(figure for (_code, unit), figure in counted.items() if unit not in places)
    keys = [*places, None] if rest and scope.is_county else list(places)
    names = (
        [*places.values(), pgettext("return", "elsewhere")]
        if len(keys) > len(places)
        else places.values()
    )
    lines = []
    for column in columns:
        shares = tuple(counted.get((column.code, key), 0) for key in keys)
        lines.append(Line(column, sum(shares), shares))
    persons = sum(n for (code, _unit), n in counted.items() if code == _PERSONS.code)
    return Return(period, scope, tuple(names), tuple(keys), tuple(lines), persons)


def columns_for(period, scope):
    """Return the columns of a period; a quarter's free items are the most frequent of its rows."""
    return columns_of(period.kind, _typical(_groups(period, scope)))


def rows_behind(period, scope, code):
    """Return (column, queryset) of the rows one figure counts. Raises KeyError for an unknown code.

    Of one unit's figure they are `rows_of_unit` of these.
    """
    column = {column.code: column for column in columns_for(period, scope)}[code]
    return column, _rows_in(column, period, scope)


def _rows_in(column, period, scope):
    rows = rows_of(column.source, period, scope).filter(column.where)
    return rows.filter(**{f"{column.amount}__gt": 0}) if column.is_money else rows


def ids_behind(made):
    """Return {code: [sorted ids of each unit, in their order]}: the rows every figure counts."""
    places, behind = units_of(made.period, made.scope), {}
    for line in made.lines:
        of_unit = defaultdict(list)
        rows = _rows_in(line.column, made.period, made.scope).order_by("pk")
        for pk, unit in rows.values_list("pk", "unit_key"):
            of_unit[unit if unit in places else None].append(pk)
        behind[line.code] = [of_unit[key] for key in made.keys]
    return behind


def rows_of_unit(rows, unit, units):
    """Those of the rows that one unit's figure counts; `unit` None is what belongs to none of `units`."""
    if unit is None:
        return rows.filter(Q(unit_key=None) | ~Q(unit_key__in=list(units)))
    return rows.filter(unit_key=unit)


def units_of(period, scope):
    """{key: name} of the units of a return, in their order."""
    if not scope.is_county:
        return {county.pk: county.division.name for county in scope.counties}
    stations = Station.objects.filter(county=scope.counties[0])
    return dict(
        stations.open_between(period.first, period.last)
        .order_by("code")
        .values_list("pk", "short_name")
    )


# Written beside the count of entries.
_PERSONS = Column("persons", "", "entries", amount="persons")


def _count(columns, rows, places):
    """{(code, unit): figure} of the columns of one source, in one statement."""
    sums = {
        column.code: Coalesce(Sum(column.amount, filter=column.where), Value(0))
        if column.amount in ("recipients", "persons")
        else Coalesce(Sum(column.amount, filter=column.where), Value(Decimal(0)))
        if column.amount
        else Count("pk", filter=column.where)
        for column in columns
    }
    counted = {}
    for row in rows.values("unit_key").annotate(**sums):
        unit = row["unit_key"] if row["unit_key"] in places else None
        for column in columns:
            key = column.code, unit
            counted[key] = counted.get(key, 0) + row[column.code]
    return counted


# ── The quarter: many columns of one register, counted by grouping ──────────────────────

# What most columns of a quarter compare, all of it in the index of a station's days: these entries
# are counted without being read. The people groups, of which an entry has several, and the hotline
# are counted apart, in one reading of the rows.
_COMPARED = ("channel", "matter__code", "matter__name", "matter__parent__code")


def _groups(period, scope):
    """The entries of a quarter grouped by place and by all its columns compare; else None."""
    if period.kind != "quarter":
        return None
    rows = rows_of("entries", period, scope).order_by()
    rows = rows.values("unit_key", "channel", "matter_id")
    groups = list(rows.annotate(count=Count("*"), persons=Sum("persons")))
    # Read apart: joined to each entry, the few matters would be most of the work.
    matters = Matter.objects.filter(pk__in={group["matter_id"] for group in groups})
    named = {
        pk: {"matter__code": code, "matter__name": name, "matter__parent__code": parent}
        for pk, code, name, parent in matters.values_list("pk", "code", "name", "parent__code")
    }
    return [group | named[group["matter_id"]] for group in groups]


def _typical(groups):
    """[(class, name)]: of each class the most frequent matters its return does not list."""
    if groups is None:
        return ()
    listed = {
        f"{code}.{leaf}" for code, leaves in LISTED_MATTERS.items() for leaf in leaves.split()
    } | {f"{code}.other" for code in LISTED_MATTERS}
    entries = Counter()
    for row in groups:
        if row["matter__code"] not in listed:
            entries[row["matter__parent__code"], row["matter__name"]] += row["count"]
    frequent = sorted(entries.items(), key=lambda item: (-item[1], item[0][1]))
    chosen = []
    for code in CLASS_NAMES:
        names = [name for (parent, name), _n in frequent if parent == code][:LOCAL_ITEMS]
        chosen += [(code, name) for name in names + [""] * (LOCAL_ITEMS - len(names))]
    return chosen


def _people_group(column):
    """The people group of a column that counts one, or None."""
    return dict(column.where.children).get("people_groups__contains", [None])[0]


def _count_groups(columns, groups, places):
    """Add each group to the columns whose values it has."""
    wanted = {}
    for column in columns:
        compared = dict(column.where.children)
        if compared.keys() <= set(_COMPARED):
            fields = tuple(sorted(compared))
            values = tuple(compared[field] for field in fields)
            wanted.setdefault(fields, {}).setdefault(values, []).append(column)
    counted = Counter()
    for row in groups:
        unit = row["unit_key"] if row["unit_key"] in places else None
        for fields, of_values in wanted.items():
            for column in of_values.get(tuple(row[field] for field in fields), ()):
                counted[column.code, unit] += row[column.amount or "count"]
    return counted


def _count_read(columns, rows, places):
    """Count each people group's entries, and the hotline's; who is in several groups counts in each."""
    codes = {_people_group(column): column.code for column in columns}
    hotline = {
        column.code: Count("pk", filter=column.where)
        for column in columns
        if "is_hotline" in dict(column.where.children)
    }
    counted = Counter()
    rows = rows.values("unit_key", "people_groups")
    for row in rows.annotate(count=Count("pk"), **hotline):
        unit = row["unit_key"] if row["unit_key"] in places else None
        for group in codes.keys() & set(row["people_groups"]):
            counted[codes[group], unit] += row["count"]
        for code in hotline:
            counted[code, unit] += row[code]
    return counted
