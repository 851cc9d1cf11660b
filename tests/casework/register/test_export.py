"""The Excel file of the register."""

import io

import pytest
from python_calamine import CalamineWorkbook

from casework.register import writing
from casework.register.export import COLUMNS, KIND, MOST_ROWS
from casework.terms import Channel
from stations.models import Document
from stations.papers import documents
from tests.conftest import at

pytestmark = pytest.mark.django_db

NUMBER = "341525198406170028"


def made(by, entries, *, is_full=False):
    document = Document.objects.create(
        kind=KIND, title="来电来访台账", filename="x.xlsx", asked_by=by, is_personal=True,
        parameters={"ids": [entry.pk for entry in entries], "period": "", "is_full": is_full},
    )  # fmt: skip
    documents.make(document.pk)
    document.refresh_from_db()
    return document


def rows_of(document):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(document.file)).get_sheet_by_index(0)
    title, mark, head, *rows = sheet.to_python(skip_empty_area=False)
    return title[0], mark[0], [dict(zip(head, row, strict=True)) for row in rows]


def test_the_file_holds_the_rows_in_order_with_masked_numbers(clerk, make_entry):
    entries = [
        make_entry(id_number=NUMBER, address="南坪村3组", occurred_at=at(2026, 3, day))
        for day in (2, 3)
    ]
    document = made(clerk, entries)
    title, mark, rows = rows_of(document)

    assert title == "来电来访台账"
    assert "周桂兰" in mark
    assert [row["编号"] for row in rows] == ["访2026-0001", "访2026-0002"]
    assert rows[0]["电话"] == "139****2648"
    assert rows[0]["姓名"] == "吴秋菊"
    assert "南坪村3组" not in rows[0].values()
    assert (document.done, document.total) == (2, 2)
    assert len(rows[0]) == len(COLUMNS)


def test_whole_numbers_when_they_were_asked_for(clerk, make_entry):
    _title, _mark, (row,) = rows_of(
        made(clerk, [make_entry(id_number=NUMBER, address="南坪村3组")], is_full=True)
    )

    assert {"13900002648", NUMBER, "南坪村3组"} <= set(row.values())


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t="])
def test_nothing_in_it_runs_as_a_formula(clerk, make_entry, sign):
    text = f'{sign}HYPERLINK("http://x","点")'
    entry = make_entry(name=f"{sign}cmd", statement=text, opponent=text)
    _title, _mark, (row,) = rows_of(made(clerk, [entry]))

    assert f"'{text}" in row.values()
    assert not any(str(value).startswith(("=", "+", "-", "@", "\t")) for value in row.values())


def test_rare_signs_and_long_texts_survive(clerk, make_entry):
    text = "𠮷😀" + "长" * 3990 + "\x01"
    _title, _mark, (row,) = rows_of(made(clerk, [make_entry(name="𠮷田", statement=text[:-1])]))

    assert "𠮷田" in row.values()
    assert text[:-1] in row.values()


def test_corrections_and_void_entries_are_said(clerk, make_entry, head):
    entry = make_entry()
    writing.correct(entry, changes={"persons": 2}, reason="漏数", by=head, version=1)
    void = make_entry(channel=Channel.CALL)
    writing.declare_void(void, reason="重复登记", by=head)
    _title, _mark, rows = rows_of(made(clerk, [entry, void]))

    assert "重复登记" in rows[1].values()
    assert [row["更正"] for row in rows] == ["是", "否"]


def test_who_no_longer_reaches_the_entries_gets_a_sentence(neighbour, make_entry):
    document = made(neighbour, [make_entry()])

    assert document.failed_at
    assert document.failure == "您已不能查看这些记录，没有制作。"


def test_the_limit_fits_a_sheet():
    assert MOST_ROWS < 1_048_576
