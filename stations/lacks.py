"""Who lacks what, since when (缺项一览): places by kinds of chores, folded from rows.

One grouped question gives the rows; page, rows and workbook are made of the same filter.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .files.tables import safe
from .models import ChoreKind
from .papers.pdf import render_pdf


@dataclass(frozen=True)
class Lack:
    """What one place lacks of one kind: how much, since when, how much of it is overdue."""

    count: int
    since_on: date
    overdue: int = 0

    def with_(self, other):
        return Lack(
            self.count + other.count,
            min(self.since_on, other.since_on),
            self.overdue + other.overdue,
        )

    def days(self, today):
        """How many days the oldest has been missing."""
        return max((today - self.since_on).days, 0)


@dataclass(frozen=True)
class Row:
    """One place: a station, the county itself, or a whole county for the city."""

    key: str
    name: str
    lacks: dict[str, Lack] = field(default_factory=dict)

    # The station's number, 0 for the county itself; None where the row is a whole county.
    number: int | None = None
    # The county's code, where the row is a whole county.
    code: str | None = None

    @property
    def total(self):
        return _sum(self.lacks.values())


@dataclass(frozen=True)
class Grid:
    rows: tuple[Row, ...]
    kinds: tuple[ChoreKind, ...]

    @property
    def totals(self):
        """{kind: Lack} over all rows, of the kinds anybody lacks."""
        return {
            kind: _sum(row.lacks[kind] for row in self.rows if kind in row.lacks)
            for kind in self.kinds
        }

    @property
    def total(self):
        return _sum(row.total for row in self.rows if row.total)


def _sum(lacks: Iterable[Lack]):
    """All of them together, or None where there is none."""
    whole = None
    for lack in lacks:
        whole = whole.with_(lack) if whole else lack
    return whole


# How the places may be listed: what of a row's total comes first.
ORDERS = {
    "late": lambda total: (-total.overdue, total.since_on),
    "many": lambda total: (-total.count, total.since_on),
    "old": lambda total: (total.since_on, -total.count),
}


def fold(places, found, *, order="") -> Grid:
    """Fold (place key, kind, count, since, overdue) into a grid.

    `places` are `Row`s without lacks, in their order, or in one of the `ORDERS`; those that lack
    nothing stay, at the end, so that it is seen. Kinds nobody lacks have no column.
    """
    lacks = {place.key: {} for place in places}
    for key, kind, count, since_on, overdue in found:
        lack = Lack(count, since_on, overdue)
        there = lacks[key].get(kind)
        lacks[key][kind] = there.with_(lack) if there else lack
    rows = tuple(replace(place, lacks=lacks[place.key]) for place in places)
    if order in ORDERS:
        some = [row for row in rows if row.total]
        some.sort(key=lambda row: ORDERS[order](row.total))
        rows = (*some, *(row for row in rows if not row.total))
    kinds = tuple(kind for kind in ChoreKind if any(kind in row.lacks for row in rows))
    return Grid(rows, kinds)


def pdf(grid, chores, *, place_name, title, today, is_by_county):
    """Return the paper of just what is filtered, A4 across: the grid, and the rows behind it."""
    context = {
        "grid": grid,
        "chores": chores,
        "place_name": place_name,
        "title": title,
        "today": today,
        "is_by_county": is_by_county,
    }
    return render_pdf("stations/chores/print.html", context)


def workbook(grid, chores, *, title, today):
    """Return the xlsx of just what is filtered: the grid, and the rows behind it.

    `chores` are (place, kind, title, since, due) or, for the city, without titles.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format(
            {"bold": True, "bg_color": "#ebe7dd", "border": 1, "text_wrap": True}
        )
        cell = book.add_format({"border": 1})
        late = book.add_format({"border": 1, "bold": True, "font_color": "#a8231c"})
        day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
        _grid_sheet(book, grid, title, (bold, head, cell, late))
        _rows_sheet(book, chores, today, (head, cell, late, day))
    return stream.getvalue()


def _grid_sheet(book, grid, title, formats):
    bold, head, cell, late = formats
    sheet = book.add_worksheet(_("Who lacks what"))
    sheet.write_string(0, 0, safe(title), bold)
    heads = [pgettext("table", "Unit"), *(kind.label for kind in grid.kinds)]
    for n, word in enumerate([*heads, pgettext("figures", "total"), _("of these overdue")]):
        sheet.write_string(2, n, str(word), head)
    for line, row in enumerate(grid.rows, 3):
        sheet.write_string(line, 0, safe(row.name), cell)
        for n, kind in enumerate(grid.kinds, 1):
            lack = row.lacks.get(kind)
            if lack:
                sheet.write_number(line, n, lack.count, late if lack.overdue else cell)
            else:
                sheet.write_blank(line, n, None, cell)
        whole = row.total
        sheet.write_number(line, len(heads), whole.count if whole else 0, cell)
        sheet.write_number(line, len(heads) + 1, whole.overdue if whole else 0, cell)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, len(heads) + 1, 10)
    sheet.freeze_panes(3, 1)


def _rows_sheet(book, chores, today, formats):
    head, cell, late, day = formats
    sheet = book.add_worksheet(pgettext("lacks", "Rows"))
    words = [
        pgettext("table", "Unit"),
        _("about"),
        pgettext("lacks", "what is missing"),
        _("since"),
        _("due on"),
        _("days missing"),
        _("days overdue"),
    ]
    for n, word in enumerate(words):
        sheet.write_string(0, n, str(word), head)
    for line, (place, kind, title, since_on, due_on) in enumerate(chores, 1):
        sheet.write_string(line, 0, safe(place), cell)
        sheet.write_string(line, 1, str(ChoreKind(kind).label), cell)
        sheet.write_string(line, 2, safe(title), cell)
        sheet.write_datetime(line, 3, since_on, day)
        if due_on:
            sheet.write_datetime(line, 4, due_on, day)
        else:
            sheet.write_blank(line, 4, None, cell)
        sheet.write_number(line, 5, max((today - since_on).days, 0), cell)
        overdue = max((today - due_on).days, 0) if due_on else 0
        sheet.write_number(line, 6, overdue, late if overdue else cell)
    sheet.set_column(0, 1, 16)
    sheet.set_column(2, 2, 48)
    sheet.set_column(3, 6, 12)
    sheet.freeze_panes(1, 0)
