"""Cells of uploaded csv and xlsx files, and cells that are safe to write back.

Files are judged by their content, not by their name. `as_text` carries checked rows to a confirming
request, which reads them again.
"""

import csv
import io
import re
import zipfile
from datetime import date, datetime

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

MOST_BYTES = 5 * 1024 * 1024
# A small file that unpacks to so many times its size is an attack, not a register.
MOST_UNPACKED = 20
# A cell may be as long as its file, which is measured; the limit is the whole process's.
csv.field_size_limit(2**31 - 1)


class FileRefused(Exception):
    """A plain sentence why the whole file cannot be read or taken over."""


def cells(content, *, most_bytes=MOST_BYTES):
    """Return the rows of a csv or xlsx file as lists of cells, dates as dates. Raises FileRefused."""
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    if len(content) > most_bytes:
        raise FileRefused(
            _("The file has %(size)s MB; the most is %(most)s MB. Split it.")
            % {"size": -(-len(content) // 2**20), "most": most_bytes // 2**20}
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            _("The file is protected by a password or in the old xls format. Save it as xlsx.")
        )
    if content.startswith(b"PK"):
        return _workbook(content, most_bytes)
    return text_table(_decoded(content))


def _workbook(content, most_bytes):
    try:
        unpacked = sum(
            part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist()
        )
        if unpacked <= MOST_UNPACKED * most_bytes:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (
        Exception
    ) as error:  # the reader raises kinds of its own, and plain ones, for bad files
        raise FileRefused(
            _("The file is damaged or not a spreadsheet. Open it in WPS and save it as xlsx.")
        ) from error
    raise FileRefused(_("The file is far too large once unpacked."))


def _decoded(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(_("This file is neither a workbook nor text. Save it as xlsx or csv."))


def text_table(text):
    """Return the rows of csv text; tabs and semicolons part cells where the first line has most."""
    if "\x00" in text:
        raise FileRefused(
            _("This file is neither a workbook nor text. Save it as xlsx or csv.")
        )
    delimiter = max(",\t;", key=text.partition("\n")[0].count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FileRefused(
            _("The quotation marks of this file do not match. Save it as xlsx.")
        ) from error


def table(content):
    """Return the cells of an uploaded csv or xlsx as [[text]]. Raises FileRefused."""
    return [[text_of(cell) for cell in row] for row in cells(content)]


def text_of(cell):
    """Return a cell as the text a person sees: a day without its midnight, a code without its .0."""
    if isinstance(cell, datetime) and (cell.hour, cell.minute) == (0, 0):
        cell = cell.date()
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        # A phone or a code that the spreadsheet took for a number.
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def as_text(rows):
    """Return the rows of a `table` as csv text that `text_table` reads again."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def day_of(text):
    """Return the date that 2026-03-01, 2026/3/1, 2026.3.1 or 2026年3月1日 says, or None."""
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def safe(text):
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
