"""A county's year as a workbook: the ranking as on the page, and every line of every station."""

import io

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stations.files.tables import safe
from stations.papers.documents import makes

from ..models import Sheet
from ..terms import Dimension
from ..wording import plain
from . import comparison, standings
from .names import with_names_of
from .papers import WORKBOOK, year_of


@makes(WORKBOOK)
def make_workbook(document, progress):
    with translation.override(settings.LANGUAGE_CODE):
        return workbook(year_of(document))


def workbook(year):
    """Return the xlsx of a county's year."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {
                    "bold": True,
                    "bg_color": "#ebe7dd",
                    "border": 1,
                    "text_wrap": True,
                    "align": "center",
                    "valign": "vcenter",
                }
            ),
            "text": book.add_format({"border": 1}),
            "whole": book.add_format({"border": 1, "num_format": "0"}),
            "total": book.add_format({"border": 1, "num_format": "0.0"}),
            "points": book.add_format({"border": 1, "num_format": "0.00"}),
        }
        _ranking(book.add_worksheet(_("Ranking")), year, formats)
        _lines(book.add_worksheet(_("Lines")), year, formats)
    return stream.getvalue()


def _title(sheet, year, formats):
    title = _("Annual assessment %(year)s, %(county)s") % {
        "year": year.year,
        "county": year.county,
    }
    sheet.write_string(0, 0, safe(title), formats["title"])


def _ranking(sheet, year, formats):
    _title(sheet, year, formats)
    heads = [
        pgettext("assessment", "rank"),
        _("station"),
        pgettext("assessment", "total"),
        pgettext("assessment", "grade"),
        *(dimension.label for dimension in Dimension),
        _("bonus"),
        _("deductions"),
        pgettext("column", "entries"),
        *standings.rate_labels(),
    ]
    for column, head in enumerate(heads):
        sheet.write_string(2, column, str(head), formats["head"])
    for n, row in enumerate(standings.county_year(year).rows, 3):
        one = row.sheet
        cells = [
            (row.rank, "whole"),
            (one.station.name, "text"),
            (one.total, "total"),
            (one.get_grade_display(), "text"),
            *((points, "points") for _dimension, points in row.shares),
            (one.bonus, "points"),
            (one.deductions, "points"),
            (row.context.entries, "whole"),
            *((rate, "total") for rate in row.context.in_order),
        ]
        for column, (value, kind) in enumerate(cells):
            _write(sheet, n, column, value, formats[kind])
    sheet.freeze_panes(3, 2)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, len(heads), 10)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _lines(sheet, year, formats):
    """Stations down, lines across, as the page compares them."""
    _title(sheet, year, formats)
    stations = list(
        Sheet.objects.filter(year=year)
        .select_related("station")
        .defer("snapshot")
        .order_by("station__code")
    )
    stations = with_names_of(year, stations)
    row_of = {one.pk: n for n, one in enumerate(stations, 3)}
    sheet.write_string(2, 0, _("station"), formats["head"])
    for one in stations:
        sheet.write_string(row_of[one.pk], 0, safe(one.station.name), formats["text"])
    for column, compared in enumerate(comparison.by_indicator(year, stations), 1):
        indicator = compared.indicator
        head = f"{indicator.code} {indicator.label}\n({plain(indicator.points)})"
        sheet.write_string(2, column, head, formats["head"])
        for score in compared.scores:
            _write(sheet, row_of[score.sheet_id], column, score.points_now, formats["points"])
    sheet.set_row(2, 62)
    sheet.freeze_panes(3, 1)
    sheet.set_column(0, 0, 26)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write(sheet, row, column, value, style):
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, safe(value), style)
    else:
        sheet.write_number(row, column, value, style)
