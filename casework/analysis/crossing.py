"""A month divided two ways at once (交叉分析): how many entries of one matter came from one village.

Counted from the rows the report itself counts: for an issued report those whose ids it froze, else
the month's entries not declared void. Every number carries the filters that open its rows.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.models import Division, Station

from ..models import Matter
from ..periods import last_day, next_month
from ..terms import Channel, PeopleGroup
from .figures import Figure, MonthlyAnalysis

# More columns than this no screen and no sheet holds: the smallest are put together.
MOST_COLUMNS = 20
# Entries that do not say their village, or their people group: the word of the list's filters.
UNSTATED = "none"
# The columns put together; no filter opens several villages at once.
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
_LIVE = """entry.voided_at IS NULL AND entry.occurred_on >= %(month)s
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

    @property
    def is_wide(self):
        """Whether the table wants a sheet of paper on its side."""
        return len(self.columns) > 8


def axes_of(report):
    """Return the axes a report can be divided by: stations only where there are several."""
    return [axis for axis in Axis if axis != Axis.STATION or not report.station_id]


def crossing_of(report, *, rows, columns):
    """Return the `Crossing` of a `MonthlyReport` by two different axes."""
    return _Crossed(report, Axis(rows), Axis(columns)).crossing()


class _Crossed:
    """One table being put together; lives as long as one call of `crossing_of`."""

    def __init__(self, report, rows, columns):
        self.report = report
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
            counted=_FROZEN if report.is_frozen else _LIVE.format(place=place),
        )
        values = {
            "report": report.pk,
            "month": report.month,
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
        here = self.report.station.township_id if self.report.station_id else None
        villages = Division.objects.villages().filter(code__in=keys).order_by("pk")
        return {
            code: name if parent == here else f"{township}{name}"
            for code, name, parent, township in villages.values_list(
                "code", "name", "parent", "parent__name"
            )
        } | {UNSTATED: _("village unknown")}

    def _frozen_names(self, axis):
        """What an issued report called its matters and stations stays as it was."""
        if not self.report.is_frozen or axis == Axis.VILLAGE:
            return {}
        lines = {
            Axis.MATTER: self._frozen.classes,
            Axis.LEAF: self._frozen.matters,
            Axis.STATION: self._frozen.places,
        }[axis]
        return {str(line.count.filters[axis.parameter]): line.name for line in lines}

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
        if TOGETHER in (key for _axis, key in asked):
            return Figure(entries)
        month, station = self.report.month, self.report.station_id
        filters = {"from": month.isoformat(), "to": last_day(month).isoformat()}
        filters |= {"station": station} if station else {}
        return Figure(entries, filters | {axis.parameter: key for axis, key in asked})

    def crossing(self):
        single, together = self.column_keys, []
        if len(single) > MOST_COLUMNS:
            biggest = sorted(single, key=lambda key: -self.counts[None, key])
            kept = set(biggest[: MOST_COLUMNS - 1])
            together = [key for key in single if key not in kept]
            single = [key for key in single if key in kept]
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
            columns,
            rows,
            self._figure(counts[None, None]),
            self.is_turned,
            len(together),
        )
