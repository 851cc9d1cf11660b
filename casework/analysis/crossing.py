"""A month divided two ways at once (交叉分析): how many entries of one matter came from one village.

Counted from the rows the report itself counts: for an issued report those whose ids it froze, else
the month's entries not declared void. Over several months they are counted as they stand now. Every
number carries the filters that open its rows. Page, workbook and command show the same `Crossing`.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.models import Division, Station
from stations.terms import Level

from ..models import Matter
from ..periods import last_day, months_from, next_month
from ..terms import Channel, PeopleGroup
from .figures import Figure, MonthlyAnalysis

# More columns than this no screen and no sheet holds: the smallest are put together.
MOST_COLUMNS = 20
# Entries that do not say their village, or their people group: the word of the list's filters.
UNSTATED = "none"
# The columns put together.
TOGETHER = ""


class Axis(models.TextChoices):
    """What a month can be divided by."""

    CHANNEL = "channel", gettext_lazy("channel")
    # The classes of matters, or the single matters.
    MATTER = "matter", gettext_lazy("class of matters")
    LEAF = "leaf", gettext_lazy("single matter")
    GROUP = "group", gettext_lazy("people group")
    VILLAGE = "village", gettext_lazy("village")
    STATION = "station", gettext_lazy("station")

    @property
    def parameter(self):
        """The filter of the register's list that opens one part."""
        return "matter" if self == Axis.LEAF else self.value


class Span(models.TextChoices):
    """How many months a table counts, the report's own the last of them."""

    MONTH = "month", gettext_lazy("this month")
    YEAR = "year", gettext_lazy("the year so far")
    TWELVE = "twelve", gettext_lazy("twelve months")

    def first(self, month):
        """The first of the months."""
        if self == Span.YEAR:
            return month.replace(month=1)
        return months_from(month, -11) if self == Span.TWELVE else month


# The filter that opens all parts of an axis but some.
_BUT = {Axis.LEAF: "without", Axis.VILLAGE: "without_village", Axis.STATION: "without_station"}

# What an entry is counted under on each axis, as the list's filters name it. A village renamed
# meanwhile counts under its one code.
_KEYS = {
    Axis.CHANNEL: "entry.channel",
    Axis.MATTER: "coalesce(class.code, matter.code)",
    Axis.LEAF: "leaf.code",
    Axis.GROUP: f"coalesce(people_group, '{UNSTATED}')",
    Axis.VILLAGE: f"coalesce(village.code, '{UNSTATED}')",
    Axis.STATION: "entry.station_id::text",
}
_JOINS = {
    Axis.CHANNEL: "",
    Axis.MATTER: """
        JOIN casework_matter AS matter ON matter.id = entry.matter_id
        LEFT JOIN casework_matter AS class ON class.id = matter.parent_id""",
    Axis.LEAF: "JOIN casework_matter AS leaf ON leaf.id = entry.matter_id",
    Axis.GROUP: "LEFT JOIN LATERAL unnest(entry.people_groups) AS people_group ON true",
    Axis.VILLAGE: "LEFT JOIN stations_division AS village ON village.id = entry.village_id",
    Axis.STATION: "",
}

# Each cell, each row's and column's total, and the whole, in one pass. An entry of several people
# groups stands in the cell of each and once in every total.
_CROSSED = """
SELECT row_key, column_key, count(DISTINCT id)
FROM (
    SELECT entry.id, {row} AS row_key, {column} AS column_key
    FROM casework_registerentry AS entry {joins}
    WHERE {counted}
) AS counted
GROUP BY CUBE (row_key, column_key)
"""
_FROZEN = """entry.id IN (
        SELECT unnest(row_ids) FROM casework_monthlyreport WHERE id = %(report)s
    )"""
_LIVE = """entry.voided_at IS NULL AND entry.occurred_on >= %(first)s
    AND entry.occurred_on < %(end)s
    AND entry.station_id IN (SELECT id FROM stations_station WHERE {place} = %(place)s)"""


@dataclass(frozen=True)
class CrossLine:
    """One row of the table, or the head of one column: its name and the entries it holds."""

    key: str
    name: str
    total: Figure
    # In the order of the columns; empty for a column itself.
    cells: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Crossing:
    """The month by two axes. Only what has entries stands in it."""

    rows_by: Axis
    columns_by: Axis
    span: Span
    columns: tuple[CrossLine, ...]
    rows: tuple[CrossLine, ...]
    # Entries, each counted once.
    total: Figure
    # The axes changed places, so that the longer one runs down the page.
    is_turned: bool
    # How many columns stand together in the last one.
    together: int

    @property
    def has_groups(self):
        """Whether one entry may stand in several cells of a row or a column."""
        return Axis.GROUP in (self.rows_by, self.columns_by)

    def as_json(self):
        """The table as plain dicts, lists, numbers and strings."""
        return {
            "rows_by": self.rows_by.value,
            "columns_by": self.columns_by.value,
            "span": self.span.value,
            "columns": [
                {"key": line.key, "name": str(line.name), "total": line.total.value}
                for line in self.columns
            ],
            "rows": [
                {
                    "key": line.key,
                    "name": str(line.name),
                    "total": line.total.value,
                    "cells": [cell.value for cell in line.cells],
                }
                for line in self.rows
            ],
            "total": self.total.value,
        }

    @property
    def is_wide(self):
        """Whether the table wants a sheet of paper on its side."""
        return len(self.columns) > 8


def axes_of(report):
    """Return the axes a report can be divided by: stations only where there are several."""
    return [axis for axis in Axis if axis != Axis.STATION or not report.station_id]


def crossing_of(report, *, rows, columns, span=Span.MONTH):
    """Return the `Crossing` of a `MonthlyReport`, saved or not, by two different axes."""
    return _Crossed(report, Axis(rows), Axis(columns), Span(span)).crossing()


class _Crossed:
    """One table being put together; lives as long as one call of `crossing_of`."""

    def __init__(self, report, rows, columns, span):
        self.report, self.span = report, span
        self.first = span.first(report.month)
        # Only the report's own month was frozen.
        self.is_frozen = report.is_frozen and span == Span.MONTH
        # (row key, column key) → entries; None where that axis was summed over.
        self.counts = self._count(rows, columns)
        down, across = (
            {keys[n] for keys in self.counts if keys[n] is not None} for n in (0, 1)
        )
        self.is_turned = len(across) > MOST_COLUMNS and len(across) > len(down)
        if self.is_turned:
            rows, columns, down, across = columns, rows, across, down
            self.counts = {(b, a): entries for (a, b), entries in self.counts.items()}
        self.rows_by, self.columns_by = rows, columns
        self.names = {rows: self._names(rows, down), columns: self._names(columns, across)}
        self.row_keys = self._ordered(rows, {key: self.counts[key, None] for key in down})
        self.column_keys = self._ordered(
            columns, {key: self.counts[None, key] for key in across}
        )

    def _count(self, rows, columns):
        report = self.report
        place = "id" if report.station_id else "county_id"
        statement = _CROSSED.format(
            row=_KEYS[rows],
            column=_KEYS[columns],
            joins=f"{_JOINS[rows]} {_JOINS[columns]}",
            counted=_FROZEN if self.is_frozen else _LIVE.format(place=place),
        )
        values = {
            "report": report.pk,
            "first": self.first,
            "end": next_month(report.month),
            "place": report.station_id or report.county_id,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return {(row, column): entries for row, column, entries in cursor}

    # ── Names ───────────────────────────────────────────────────────────────────────────

    def _names(self, axis, keys):
        if axis == Axis.CHANNEL:
            return {channel.value: channel.label for channel in Channel}
        if axis == Axis.GROUP:
            named = {group.value: group.label for group in PeopleGroup}
            return named | {UNSTATED: _("people group not stated")}
        if axis in (Axis.MATTER, Axis.LEAF):
            matters = Matter.objects.for_county(self.report.county).filter(code__in=keys)
            named = dict(matters.values_list("code", "name"))
        elif axis == Axis.STATION:
            stations = Station.objects.filter(pk__in=keys)
            named = {str(pk): name for pk, name in stations.values_list("pk", "short_name")}
        else:
            named = self._village_names(keys)
        return named | self._frozen_names(axis)

    def _village_names(self, keys):
        """A village of another township than the station's is named with its township."""
        here = self.report.station.township.code if self.report.station_id else None
        named = self._named_then({*keys, *(code[: Level.TOWNSHIP] for code in keys)})
        names = {UNSTATED: _("village unknown")}
        for code in keys - {UNSTATED}:
            township = code[: Level.TOWNSHIP]
            outside = "" if township == here else named.get(township, "")
            names[code] = f"{outside}{named[code]}"
        return names

    def _named_then(self, codes):
        """{code: name}: the one of the month's last day in an issued report, else the latest."""
        day = last_day(self.report.month)
        named = {}
        for code, name, begins, ends in (
            Division.objects.filter(code__in=codes)
            .order_by("pk")
            .values_list("code", "name", "valid_from", "valid_to")
        ):
            held = (begins is None or begins <= day) and (ends is None or ends > day)
            if held or code not in named or not self.is_frozen:
                named[code] = name
        return named

    def _frozen_names(self, axis):
        """What an issued report called its matters and stations stays as it was."""
        if not self.is_frozen or (axis == Axis.VILLAGE and not self.report.station_id):
            return {}
        lines = {
            Axis.VILLAGE: self._frozen.places,
            Axis.MATTER: self._frozen.classes,
            Axis.LEAF: self._frozen.matters,
            Axis.STATION: self._frozen.places,
        }[axis]
        names = {str(line.count.filters[axis.parameter]): line.name for line in lines}
        return {key: name for key, name in names.items() if key != UNSTATED}

    @cached_property
    def _frozen(self):
        return MonthlyAnalysis.from_json(self.report.figures)

    # ── The table ───────────────────────────────────────────────────────────────────────

    def _ordered(self, axis, totals):
        """Terms in the order of the returns, everything else most entries first; unknown last."""
        if axis in (Axis.CHANNEL, Axis.GROUP):
            order = list(self.names[axis])
            return sorted(totals, key=order.index)
        return sorted(totals, key=lambda key: (key == UNSTATED, -totals[key], key))

    def _figure(self, entries, *asked):
        """Return the number with the list's filters; `asked` are pairs of axis and key."""
        last, station = last_day(self.report.month), self.report.station_id
        filters = {"from": self.first.isoformat(), "to": last.isoformat()}
        filters |= {"station": station} if station else {}
        for axis, key in asked:
            parameter, value = (axis.parameter, key) if key != TOGETHER else self._others(axis)
            if parameter is None:
                return Figure(entries)
            filters[parameter] = value
        return Figure(entries, filters)

    def _others(self, axis):
        """(parameter, value) that open the columns put together; no parameter where none can."""
        if axis == Axis.CHANNEL:
            return axis.parameter, self.together
        shown = [key for key in self.column_keys if key not in self.together]
        return _BUT.get(axis), ",".join(shown)

    def crossing(self):
        single, together = self.column_keys, []
        if len(single) > MOST_COLUMNS:
            biggest = sorted(single, key=lambda key: -self.counts[None, key])
            kept = set(biggest[: MOST_COLUMNS - 1])
            together = [key for key in single if key not in kept]
            single = [key for key in single if key in kept]
        self.together = together
        counts = defaultdict(int, self.counts)
        for row in [*self.row_keys, None] if together else []:
            counts[row, TOGETHER] = sum(counts[row, key] for key in together)
        across = [*single, TOGETHER] if together else single
        names = self.names[self.columns_by] | {TOGETHER: _("others")}
        columns = tuple(
            CrossLine(key, names[key], self._figure(counts[None, key], (self.columns_by, key)))
            for key in across
        )
        rows = tuple(
            CrossLine(
                key,
                self.names[self.rows_by][key],
                self._figure(counts[key, None], (self.rows_by, key)),
                tuple(
                    self._figure(
                        counts[key, column], (self.rows_by, key), (self.columns_by, column)
                    )
                    for column in across
                ),
            )
            for key in self.row_keys
        )
        return Crossing(
            self.rows_by,
            self.columns_by,
            self.span,
            columns,
            rows,
            self._figure(counts[None, None]),
            self.is_turned,
            len(together),
        )
