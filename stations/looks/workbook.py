"""The log of who looked as an Excel file."""

import io

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..files.tables import safe

# The most rows a workbook holds.
MOST_ROWS = 20_000
WIDTHS = [20, 12, 14, 24, 12, 48, 8, 36, 16]


def workbook(lines, mark):
    """Return the xlsx of `reading.Line`s; `mark` says who took it away when."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#ebe7dd", "border": 1})
        cell = book.add_format({"valign": "top", "text_wrap": True})
        time = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet(_("Who looked"))
        heads = [
            *(_("Time"), pgettext("person", "Name"), _("Account"), _("Role"), _("Act")),
            *(_("What"), _("Rows"), _("Reason"), _("Place")),
        ]
        sheet.write_string(0, 0, safe(mark))
        for place, (head, width) in enumerate(zip(heads, WIDTHS, strict=True)):
            sheet.write_string(1, place, head, bold)
            sheet.set_column(place, place, width)
        row = 2
        for line in lines:
            look = line.look
            moment = timezone.localtime(look.at).replace(tzinfo=None)
            sheet.write_datetime(row, 0, moment, time)
            texts = [
                line.name,
                line.account,
                line.roles,
                look.get_kind_display(),
                line.what.words,
            ]
            for place, text in enumerate(texts, 1):
                sheet.write_string(row, place, safe(text), cell)
            sheet.write_number(row, 6, look.count, cell)
            sheet.write_string(row, 7, safe(look.reason), cell)
            sheet.write_string(row, 8, safe(line.place), cell)
            row += 1
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, max(row - 1, 1), len(heads) - 1)
    return content.getvalue()
