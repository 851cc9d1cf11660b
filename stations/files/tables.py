"""Cells of uploaded csv and xlsx files, and cells that are safe to write back.

Files are judged by their content, not by their name. `as_text` carries checked rows to a confirming
request, which reads them again.
"""

import codecs
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
# From the first cell to the last, empty ones too: all are held in memory at once. A register of
# 100,000 rows has 3 million.
MOST_CELLS = 5_000_000
# A cell may be as long as its file, which is measured; the limit is the whole process's.
csv.field_size_limit(2**31 - 1)


class FileRefused(Exception):
    """A plain sentence why the whole file cannot be read or taken over."""


def sent(file):
    """Return the bytes of an uploaded file. Raises FileRefused before reading one that is too large."""
    _within(file.size, MOST_BYTES)
    return file.read()


def _within(size, most_bytes):
    if size > most_bytes:
        raise FileRefused(
            _("The file has %(size)s MB; the most is %(most)s MB. Split it.")
            % {"size": -(-size // 2**20), "most": most_bytes // 2**20}
        )


def cells(content, *, most_bytes=MOST_BYTES):
    """Return the rows of a csv or xlsx file as lists of cells, dates as dates. Raises FileRefused."""
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    _within(len(content), most_bytes)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            _("The file is protected by a password or in the old xls format. Save it as xlsx.")
        )
    if content.startswith(b"PK"):
        return _workbook(content, most_bytes)
    return text_table(_decoded(content))


def _workbook(content, most_bytes):
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        unpacked = sum(part.file_size for part in archive.infolist())
        is_too_large = unpacked > MOST_UNPACKED * most_bytes
        if not is_too_large and _is_dense(archive):
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (
        Exception
    ) as error:  # the reader raises kinds of its own, and plain ones, for bad files
        raise FileRefused(
            _("The file is damaged or not a spreadsheet. Open it in WPS and save it as xlsx.")
        ) from error
    if is_too_large:
        raise FileRefused(_("The file is far too large once unpacked."))
    raise FileRefused(_too_wide())


def _too_wide():
    return _(
        "The sheet reaches over far too many empty cells. Copy the rows that hold something into a "
        "new sheet, and save that."
    )


# White space is a space and either quotation mark the same, so that a place is spelt in one way.
_PLAIN = bytes.maketrans(b"\t\r\n'", b'   "')
_EQUALS = re.compile(rb" *= *")
# Where a cell or a row stands: D7, or 7.
_ROWS = re.compile(rb'<(?:[^<> :]+:)?(?:c|row) (?:[^<]*? )?r="[A-Za-z]*([0-9]{1,12})')
_COLUMNS = re.compile(rb'<(?:[^<> :]+:)?c (?:[^<]*? )?r="([A-Za-z]{1,12})')
# What only has a colour or a height: the reader leaves it out.
_EMPTY_CELL = re.compile(rb'<c(?: [a-z]+="[^"<>]*")*/>')
_EMPTY_ROW = re.compile(rb'<row(?: [A-Za-z:]+="[^"<>]*")*(?:/>|></row>)')
_CHUNK = 2**20


def _is_dense(archive):
    """Whether the places up to the last cell of any sheet can all be held.

    The reader sets aside a cell for each: a file of two, A1 and XFD1048576, would end the process.
    Each part is read to its end, so that one longer than its table of contents says fails.
    """
    if not {"xl/workbook.bin", "content.xml"}.isdisjoint(archive.namelist()):
        raise ValueError("a workbook whose places are not written in words")
    return any(
        _cells_up_to_last(archive, leaves_out_empty) <= MOST_CELLS
        for leaves_out_empty in (False, True)
    )


def _cells_up_to_last(archive, leaves_out_empty):
    rows = columns = 1
    for part in archive.infolist():
        rest = b""
        with archive.open(part) as file:
            while chunk := file.read(_CHUNK):
                text = (rest + chunk).translate(_PLAIN)
                # A row or a tag cut in two is read with what follows it.
                cut = max(text.rfind(b"<row"), 0) or text.rfind(b"<")
                text, rest = (text[:cut], text[cut:]) if cut > 0 else (text, text[-_CHUNK:])
                rows, columns = _further(text, leaves_out_empty, rows, columns)
        rows, columns = _further(rest, leaves_out_empty, rows, columns)
    return rows * columns


def _further(text, leaves_out_empty, rows, columns):
    if b" r =" in text or b" r= " in text:
        text = _EQUALS.sub(b"=", text)
    if leaves_out_empty:
        text = _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", text))
    rows = max(rows, max(map(int, _ROWS.findall(text)), default=0))
    return rows, max([columns, *map(_number, set(_COLUMNS.findall(text)))])


def _number(letters):
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _decoded(content):
    # What Excel calls Unicode text begins with the mark of UTF-16.
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(_("This file is neither a workbook nor text. Save it as xlsx or csv."))


def text_table(text):
    """Return the rows of csv text; tabs and semicolons part cells where the first line of several has most."""
    if "\x00" in text:
        raise FileRefused(
            _("This file is neither a workbook nor text. Save it as xlsx or csv.")
        )
    # A title above the headers has none of the three.
    first = next((line for line in text.split("\n", 8)[:8] if re.search("[,\t;]", line)), "")
    delimiter = max(",\t;", key=first.count)
    if sum(map(text.count, (delimiter, "\n", "\r"))) > MOST_CELLS:
        raise FileRefused(_too_wide())
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


# The wide signs too: a Chinese spreadsheet takes them for the narrow ones.
_FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")


def safe(text):
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in _FORMULA_SIGNS else text
