"""The two paper registers."""

import io
import re

import pytest
from pypdf import PdfReader

from casework.register import printing, writing
from casework.terms import Channel
from stations.models import Document
from stations.papers import documents
from tests.conftest import at

pytestmark = pytest.mark.django_db


def made(by, entries, book="visit", station=None):
    document = Document.objects.create(
        kind=printing.KIND, title="登记簿", filename="x.pdf", asked_by=by, station=station,
        is_personal=True, county=by.county,
        parameters={
            "ids": [entry.pk for entry in entries], "period": "2026年3月", "book": book,
        },
    )  # fmt: skip
    documents.make(document.pk)
    document.refresh_from_db()
    return document


def texts(document):
    pages = PdfReader(io.BytesIO(document.file)).pages
    return [re.sub(r"\s", "", page.extract_text()) for page in pages]


def test_a_book_has_a_cover_and_ruled_rows(clerk, station, make_entry):
    entry = make_entry(id_number="341525198406170028", occurred_at=at(2026, 3, 2))
    cover, page = texts(made(clerk, [entry], station=station))

    assert "来访登记簿" in cover
    assert "1条，1页" in cover
    assert "青溪镇法律援助工作站" in cover
    for words in (
        "访2026-0001",
        "吴秋菊",
        "来访人签名",
        "记录人签名",
        "青溪1村妇女",
        "当场解答已告知",
        "0028",
        "139****2648",
        "第1页",
        "2026年3月",
    ):
        assert words in page
    assert "341525198406170028" not in page
    assert "13900002648" not in page


def test_calls_have_no_identity_and_no_signature(clerk, station, make_entry):
    call = make_entry(channel=Channel.CALL, duration_minutes=12)
    _cover, page = texts(made(clerk, [call], "call", station))

    assert "来电登记簿" in page
    assert "签名" not in page
    assert "证件" not in page


def test_parts_join_without_a_gap_and_pages_count_on(clerk, station, make_entry, monkeypatch):
    monkeypatch.setattr(printing, "PART_ROWS", 17)
    entries = [
        make_entry(
            occurred_at=at(2026, 3, 2, 8 + n // 60, n % 60), phone="", statement="话" * 90
        )
        for n in range(50)
    ]
    document = made(clerk, entries, station=station)
    _cover, *pages = texts(document)

    numbers = re.findall(r"访2026-\d{4}", "".join(pages))
    assert numbers == [entry.number for entry in entries]
    assert [re.search(r"第(\d+)页", page)[1] for page in pages] == [
        str(n) for n in range(1, len(pages) + 1)
    ]
    rows = [len(re.findall(r"访2026-\d{4}", page)) for page in pages]
    assert min(rows[:-1]) >= max(rows) - 1
    assert (document.done, document.total) == (50, 50)


def test_a_row_longer_than_a_page_is_not_cut(clerk, station, make_entry):
    entries = [make_entry(statement="很长的话" * 900 + "到此为止", phone="") for _ in range(2)]
    pages = texts(made(clerk, entries, station=station))

    assert "".join(pages).count("到此为止") == 2


def test_a_void_entry_keeps_its_line(clerk, station, make_entry, head):
    entry = make_entry()
    writing.declare_void(entry, reason="重复", by=head)
    _cover, page = texts(made(clerk, [entry], station=station))

    assert "作废" in page


def test_who_no_longer_reaches_the_entries_gets_a_sentence(stranger, make_entry):
    document = made(stranger, [make_entry()])

    assert document.failure == "您已不能查看这些记录，没有制作。"
