"""Files through the page and the worker, and the backlog grid."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework.models import ImportBatch, Matter, RegisterEntry
from casework.register import imports
from casework.register.headers import read_header
from casework.terms import BatchStatus
from stations.files.tables import cells
from tests.casework.register.test_file import GOOD, csv_bytes
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


def upload(client, station, content=None, name="台账.csv"):
    return client.post(
        reverse("casework:import_create"),
        {"station": station.pk, "file": SimpleUploadedFile(name, content or csv_bytes(*GOOD))},
    )


def test_a_file_is_checked_then_confirmed_then_in(as_clerk, station):
    upload(as_clerk, station)
    batch = ImportBatch.objects.get()
    assert batch.status == BatchStatus.UPLOADED

    imports.work_on(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.row_count) == (BatchStatus.CHECKED, 2)
    assert not RegisterEntry.objects.exists()

    as_clerk.post(reverse("casework:import_confirm", args=[batch.pk]))
    imports.work_on(batch.pk)
    imports.work_on(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.content) == (BatchStatus.IMPORTED, "")
    assert RegisterEntry.objects.filter(batch=batch).count() == 2


def test_one_wrong_cell_rejects_the_file_and_names_the_cell(as_clerk, station):
    upload(as_clerk, station, csv_bytes(*GOOD, GOOD[0].replace("婚姻家庭", "吵架")))
    batch = ImportBatch.objects.get()

    imports.work_on(batch.pk)

    page = as_clerk.get(batch.get_absolute_url()).content.decode()
    assert "事由" in page
    assert "吵架" in page
    as_clerk.post(reverse("casework:import_confirm", args=[batch.pk]))
    imports.work_on(batch.pk)
    assert not RegisterEntry.objects.exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 9])
def test_a_file_that_is_no_table_is_rejected_in_words(as_clerk, station, content):
    upload(as_clerk, station, content)
    batch = ImportBatch.objects.get()

    imports.work_on(batch.pk)

    batch.refresh_from_db()
    assert batch.status == BatchStatus.REJECTED
    assert batch.refusal in as_clerk.get(batch.get_absolute_url()).content.decode()


def test_an_empty_file_and_no_file_are_sentences_beside_the_field(as_clerk, station):
    url = reverse("casework:import_create")

    empty = as_clerk.post(
        url, {"station": station.pk, "file": SimpleUploadedFile("a.csv", b"")}
    )
    none = as_clerk.post(url, {"station": station.pk})

    assert empty.context["form"].errors["file"]
    assert none.context["form"].errors["file"]


def test_the_same_file_is_refused_while_it_is_in(as_clerk, station):
    for _time in range(2):
        upload(as_clerk, station)
    first, second = ImportBatch.objects.order_by("pk")
    for batch in (first, second):
        imports.work_on(batch.pk)
    as_clerk.post(reverse("casework:import_confirm", args=[first.pk]))
    imports.work_on(first.pk)

    page = upload(as_clerk, station)

    assert page.context["form"].errors["file"]
    assert RegisterEntry.objects.count() == 2


def test_an_import_is_undone_whole_with_a_reason(as_clerk, station):
    upload(as_clerk, station)
    batch = ImportBatch.objects.get()
    imports.work_on(batch.pk)
    as_clerk.post(reverse("casework:import_confirm", args=[batch.pk]))
    imports.work_on(batch.pk)
    url = reverse("casework:import_undo", args=[batch.pk])

    as_clerk.post(url, {"reason": ""})
    assert RegisterEntry.objects.counted().count() == 2
    as_clerk.post(url, {"reason": "导错了月份"})
    as_clerk.post(url, {"reason": "再按一次"})

    assert not RegisterEntry.objects.counted().exists()
    assert set(RegisterEntry.objects.values_list("void_reason", flat=True)) == {"导错了月份"}


def test_rows_that_may_be_there_already_are_shown_before_confirming(
    as_clerk, station, make_entry
):
    entry = make_entry(
        channel="call",
        name="吴秋菊",
        occurred_at=at(2026, 3, 2),
        phone="",
        matter=Matter.objects.get(code="civil.marriage"),
    )
    upload(as_clerk, station)
    batch = ImportBatch.objects.get()
    imports.work_on(batch.pk)

    page = as_clerk.get(batch.get_absolute_url())
    assert page.context["doubles"] == [[2, entry.number]]
    assert entry.number in page.content.decode()


def test_the_neighbour_finds_no_file_of_ours(client, neighbour, clerk, station):
    batch = imports.upload("台账.csv", csv_bytes(*GOOD), station, by=clerk)
    client.force_login(neighbour)

    assert client.get(batch.get_absolute_url()).status_code == 404
    for name in ("import_confirm", "import_undo"):
        url = reverse(f"casework:{name}", args=[batch.pk])
        assert client.post(url, {"reason": "x"}).status_code == 404
    page = upload(client, station)
    assert page.context["form"].errors["station"]


# ── The backlog grid ────────────────────────────────────────────────────────────────────


def typed(*rows, key="k1", **head):
    data = {
        "channel": "visit",
        "receiver_name": "许文静",
        "day": "2026-03-02",
        "key": key,
    } | head
    for n, row in enumerate(rows):
        data |= {f"{n}-{name}": value for name, value in row.items()}
    return data


ROW = {
    "occurred_at": "9:10",
    "name": "吴秋菊",
    "village": "青溪1村",
    "matter": "婚姻家庭",
    "statement": "问离婚手续",
}


def test_filled_rows_are_saved_and_empty_ones_left_out(as_clerk, station):
    answer = as_clerk.post(
        reverse("casework:entry_grid"),
        typed(ROW, {}, ROW | {"name": "方德胜", "occurred_at": "2026-3-3 10:00"}),
    )

    assert answer.status_code == 302
    assert [entry.number for entry in RegisterEntry.objects.order_by("serial")] == [
        "访2026-0001",
        "访2026-0002",
    ]
    first = RegisterEntry.objects.earliest("occurred_at")
    assert first.occurred_at == at(2026, 3, 2, 9, 10)
    assert first.receiver_name == "许文静"


def test_the_grid_takes_as_many_rows_as_were_pasted(as_clerk, station):
    rows = [ROW | {"name": f"来人{n}", "occurred_at": f"3.{n + 1} 9:10"} for n in range(25)]
    as_clerk.post(reverse("casework:entry_grid"), typed(*rows, is_told_of_right="on"))

    entries = RegisterEntry.objects.order_by("occurred_at")
    assert [entry.occurred_on.day for entry in entries] == list(range(1, 26))
    assert all(entry.is_told_of_right for entry in entries)


def test_one_wrong_row_saves_none_and_keeps_all(as_clerk):
    page = as_clerk.post(
        reverse("casework:entry_grid"), typed(ROW, ROW | {"name": "方德胜", "matter": "吵架"})
    )

    assert not RegisterEntry.objects.exists()
    assert page.context["wrong"] == 1
    assert "方德胜" in page.content.decode()


def test_a_row_that_may_be_there_already_must_be_ticked(as_clerk):
    url = reverse("casework:entry_grid")
    as_clerk.post(url, typed(ROW))
    again = typed(ROW | {"statement": "又来问"}, key="k2")

    page = as_clerk.post(url, again)
    assert page.context["asked"] == 1
    assert RegisterEntry.objects.count() == 1

    as_clerk.post(url, again | {"0-is_new": "1"})
    assert RegisterEntry.objects.count() == 2


def test_the_second_press_records_nothing_twice(as_clerk):
    url = reverse("casework:entry_grid")
    as_clerk.post(url, typed(ROW))
    answer = as_clerk.post(url, typed(ROW | {"statement": "问离婚手续"}) | {"0-is_new": "1"})

    assert answer.status_code == 302
    assert RegisterEntry.objects.count() == 1


def test_the_template_opens_and_its_headers_are_read(as_clerk, station, clerk):
    answer = as_clerk.get(reverse("casework:import_template"))

    header, *rows = cells(answer.content)
    assert {"channel", "occurred_at", "name", "matter", "statement"} <= set(
        read_header([header]).columns
    )
    assert rows == []
