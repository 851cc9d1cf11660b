"""Uploaded tables, whatever was read before them in the same process."""

import io
import zipfile

import pytest
import xlsxwriter

from stations.files import tables
from stations.files.tables import FileRefused, cells, safe


def test_a_short_table_does_not_make_the_next_cell_too_long():
    assert cells("甲,乙\n1,2\n".encode()) == [["甲", "乙"], ["1", "2"]]

    long = "长" * 200_000
    assert cells(f"甲,乙\n{long},2\n".encode())[1] == [long, "2"]


def test_what_a_spreadsheet_would_take_for_a_formula_is_made_safe():
    assert [
        safe(text) for text in ("", "＝1", "\n=1", "=1+1", "+86", "-1", "@x", "\t=", "汪")
    ] == [
        "",
        "'＝1",
        "'\n=1",
        "'=1+1",
        "'+86",
        "'-1",
        "'@x",
        "'\t=",
        "汪",
    ]


def sheet_of(*placed):
    """A workbook of one sheet in which a few cells stand, and a coloured empty one."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, column in placed:
            sheet.write(row, column, "汪")
        sheet.write_blank(2, 2, None, book.add_format({"bg_color": "yellow"}))
    return file.getvalue()


def spelt(content, old, new):
    """The workbook with a part of its sheet spelt in another way."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(out, "w") as other:
        for name in book.namelist():
            other.writestr(name, book.read(name).replace(old, new))
    return out.getvalue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b""),
        (b'r="XFD90000"', b"r='XFD90000'"),
        (b'r="XFD90000"', b'r\n=\t"xfd90000"'),
        (b'<c r="XFD90000"', b'<c t="s" r="XFD90000"'),
    ],
)
def test_two_cells_far_apart_do_not_end_the_process(old, new):
    """The reader would set aside 35 GB for the empty cells between them."""
    bomb = (
        spelt(sheet_of((0, 0), (89_999, 16_383)), old, new)
        if old
        else sheet_of((0, 0), (89_999, 16_383))
    )

    with pytest.raises(FileRefused, match="空白单元格太多"):
        cells(bomb)


def test_cells_that_only_have_a_colour_do_not_count(monkeypatch):
    monkeypatch.setattr(tables, "MOST_CELLS", 4)

    assert cells(sheet_of((0, 0), (1, 1))) == [["汪", ""], ["", "汪"]]
    with pytest.raises(FileRefused):
        cells(sheet_of((0, 0), (2, 1)))


def test_a_part_longer_than_the_file_s_table_of_contents_says_is_refused():
    file = bytearray(sheet_of((0, 0)))
    at = file.rindex(b"PK\x01\x02")
    file[at + 24 : at + 28] = (1).to_bytes(4, "little")

    with pytest.raises(FileRefused, match="损坏"):
        cells(bytes(file))


def test_thirty_million_empty_lines_are_not_thirty_million_rows():
    with pytest.raises(FileRefused, match="空白单元格太多"):
        cells(b"a" + b"\n" * (tables.MOST_CELLS + 1), most_bytes=10**8)
