"""A cross table as a workbook: the same rows and columns as the page, in the same order."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from stations.files.tables import safe

# Characters a cell of names is wide, and a cell of numbers.
NAMES, NUMBERS = 22, 10


def workbook(crossing, title):
    """Return the xlsx of a `Crossing` under a title."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        _fill(book, book.add_worksheet(_("Cross analysis")), crossing, title)
    return stream.getvalue()


def _fill(book, sheet, crossing, title):
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "bg_color": "#ebe7dd", "border": 1, "text_wrap": True, "align": "center"}
    )
    name, number = (book.add_format({"border": 1, **more}) for more in ({}, _COUNTED))
    sheet.write_string(0, 0, safe(title), bold)
    heads = [crossing.rows_by.label, _("total"), *(line.name for line in crossing.columns)]
    for place, words in enumerate(heads):
        sheet.write_string(2, place, safe(str(words)), head)
    lines = [(row.name, row.total, row.cells) for row in crossing.rows]
    lines.append((_("total"), crossing.total, [line.total for line in crossing.columns]))
    for n, (words, total, cells) in enumerate(lines, 3):
        sheet.write_string(n, 0, safe(str(words)), name)
        for place, figure in enumerate([total, *cells], 1):
            sheet.write_number(n, place, figure.value, number)
    if crossing.has_groups:
        sheet.write_string(
            len(lines) + 4,
            0,
            _(
                "One entry may count in several people groups, so these may add up to more than the total."
            ),
        )
    sheet.set_column(0, 0, NAMES)
    sheet.set_column(1, len(heads), NUMBERS)
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


_COUNTED = {"num_format": "#,##0"}
