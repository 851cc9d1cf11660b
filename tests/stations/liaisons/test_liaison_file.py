"""Liaisons to and from files: whole or not at all, and what is taken out can be brought back."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from stations.files.tables import FileRefused, safe
from stations.liaisons import liaison_file, liaison_lines, posts
from stations.models import Appointment, Liaison, Look, Station
from stations.network import divisions
from stations.terms import LiaisonPost

from .conftest import PHONE

HEADER = "村居代码,村居,姓名,性别,村居职务,电话,代理,任职日期\n"


def read(text, **options):
    rows = [line.split(",") for line in text.strip().split("\n")]
    return liaison_file.read(rows, stations=Station.objects.all(), **options)


def test_a_good_row_becomes_a_liaison(village, station):
    [line] = read(HEADER + f"{village.code},,汪小满,女,书记,{PHONE},是,2026/3/1")

    assert line.errors == {}
    row = line.liaison
    assert (row.village, row.station, row.name, row.sex) == (
        village,
        station,
        "汪小满",
        "female",
    )
    assert (row.post, row.is_acting, row.appointed_from) == (
        LiaisonPost.SECRETARY,
        True,
        date(2026, 3, 1),
    )


def test_english_headers_are_read_too(village):
    [line] = read(
        f"village code,name,post,appointed from\n{village.code},汪小满,其他,2026-03-01"
    )

    assert line.errors == {}


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ("999999999999,,汪小满,女,书记,,,2026-03-01", "village_code"),
        (",火星村,汪小满,女,书记,,,2026-03-01", "village"),
        ("{code},另一村,汪小满,女,书记,,,2026-03-01", "village"),
        ("{code},,,女,书记,,,2026-03-01", "name"),
        ("{code},,汪小满,中,书记,,,2026-03-01", "sex"),
        ("{code},,汪小满,女,皇帝,,,2026-03-01", "post"),
        ("{code},,汪小满,女,,,,2026-03-01", "post"),
        ("{code},,汪小满,女,书记,电话本上,,2026-03-01", "phone"),
        ("{code},,汪小满,女,书记,,也许,2026-03-01", "is_acting"),
        ("{code},,汪小满,女,书记,,,2026-02-30", "appointed_from"),
        ("{code},,汪小满,女,书记,,,", "appointed_from"),
    ],
)
def test_a_wrong_cell_of_a_file_is_named(village, cells, wrong):
    [line] = read(HEADER + cells.format(code=village.code))

    assert list(line.errors) == [wrong]
    assert line.liaison is None


def test_two_rows_about_one_village_and_the_same_days_are_refused(village):
    row = f"{village.code},,汪小满,女,书记,,,2026-03-01\n"

    first, second = read(HEADER + row + row)

    assert first.errors == {}
    assert list(second.errors) == [""]


def test_a_liaison_in_post_stands_in_the_way_unless_replaced(liaison, clerk):
    present = Liaison.objects.get(user=liaison)
    row = HEADER + f"{present.village.code},,汪小满,女,书记,,,2026-03-01"

    [refused] = read(row)
    assert list(refused.errors) == ["name"]

    lines = read(row, replaces=True)
    assert liaison_lines.save(lines, by=clerk) == 1
    present.refresh_from_db()
    assert present.appointed_to == date(2026, 2, 28)
    assert Liaison.objects.get(appointed_to=None).name == "汪小满"
    # Who was replaced no longer gets in.
    assert Appointment.objects.get(user=liaison).to_on == date(2026, 2, 28)


def test_one_wrong_row_saves_nothing(village, clerk):
    lines = read(
        HEADER
        + f"{village.code},,汪小满,女,书记,,,2026-03-01\n999999999999,,汪小满,女,书记,,,2026-03-01"
    )

    with pytest.raises(FileRefused):
        liaison_lines.save(lines, by=clerk)

    assert not Liaison.objects.exists()


# ── A list taken out, changed and brought back ──────────────────────────────────────────


def brought_back(change):
    """Export all liaisons, let `change` write in the rows (headers first), and read them."""
    book = CalamineWorkbook.from_filelike(BytesIO(liaison_file.export(listed())))
    rows = [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    columns = {header: at for at, header in enumerate(rows[0])}
    change(rows, columns)
    return liaison_file.read(rows, stations=Station.objects.all())


def listed():
    return Liaison.objects.select_related("village__parent").order_by(
        "village__code", "appointed_from"
    )


def test_what_is_exported_is_there_already_when_imported(make_liaison, station, officer):
    first, second, third = station.township.children.order_by("code")
    make_liaison(first, sex="male", appointed_to=date(2025, 6, 30), ended_reason="换届")
    make_liaison(first, name="汪小满", appointed_from=date(2025, 7, 1), phone="0564-5021234转8")
    make_liaison(second, is_acting=True, name="=cmd|' /C calc'!A0")
    make_liaison(third)
    divisions.rename(third, name="新村", on=date(2025, 1, 1), by=officer)

    def look(rows, columns):
        assert [row[columns["姓名"]][:2] for row in rows if row[3].startswith("'")] == ["'="]

    lines = brought_back(look)

    assert [(line.number, line.errors, line.is_unchanged) for line in lines] == [
        (n, {}, True) for n in range(2, 7)
    ]


def test_changed_cells_correct_the_record_and_empty_ones_leave_it(make_liaison, clerk):
    row = make_liaison(sex="male", is_acting=True)

    def change(rows, columns):
        for header, text in [("电话", "13900001111"), ("代理", "否"), ("性别", "")]:
            rows[1][columns[header]] = text

    lines = brought_back(change)

    assert lines[0].changed_headers == ["电话", "代理"]
    assert liaison_lines.save(lines, by=clerk) == 1
    row.refresh_from_db()
    assert (row.phone, row.is_acting, row.sex) == ("13900001111", False, "male")
    assert Liaison.objects.count() == 1


def test_an_election_comes_as_one_file_who_left_and_who_follows(liaison, clerk):
    def change(rows, columns):
        follows = rows[1].copy()
        rows[1][columns["离任日期"]], rows[1][columns["离任原因"]] = "2026-03-31", "换届"
        follows[columns["姓名"]], follows[columns["任职日期"]] = "汪小满", "2026-04-01"
        rows.append(follows)

    lines = brought_back(change)

    assert liaison_lines.save(lines, by=clerk) == 2
    assert [(row.name, row.appointed_to, row.ended_reason) for row in listed()] == [
        (liaison.name, date(2026, 3, 31), "换届"),
        ("汪小满", None, ""),
    ]
    assert Appointment.objects.get(user=liaison).to_on == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("to_on", "cells", "wrong"),
    [
        (None, {"离任日期": "2026-03-31"}, "ended_reason"),
        (None, {"离任日期": "2023-12-31", "离任原因": "换届"}, "appointed_to"),
        (None, {"离任日期": "9999-12-31", "离任原因": "换届"}, "appointed_to"),
        (None, {"姓名": "汪小满", "任职日期": "2226-04-01"}, "appointed_from"),
        (date(2025, 6, 30), {"离任日期": ""}, "appointed_to"),
        (
            date(2025, 6, 30),
            {"姓名": "汪小满", "离任日期": "", "离任原因": ""},
            "appointed_from",
        ),
    ],
)
def test_a_file_that_contradicts_the_record_says_where(make_liaison, to_on, cells, wrong):
    make_liaison(appointed_to=to_on, ended_reason="换届" if to_on else "")

    def change(rows, columns):
        for header, text in cells.items():
            rows[1][columns[header]] = text

    [line] = brought_back(change)

    assert list(line.errors) == [wrong]


@pytest.mark.parametrize("count", [1, 9])
def test_reading_a_file_costs_the_same_for_any_length(
    county, make_station, count, django_assert_num_queries
):
    station = make_station(county, 400, "大", villages=count)
    rows = "".join(
        f"{village.code},,汪{n},女,书记,,,2026-03-01\n"
        for n, village in enumerate(station.township.children.all())
    )

    with django_assert_num_queries(3):
        assert len(read(HEADER + rows)) == count


def test_a_liaison_changed_while_a_file_is_looked_at_is_a_sentence(make_liaison, clerk):
    row = make_liaison()

    def change(rows, columns):
        rows[1][columns["离任日期"]], rows[1][columns["离任原因"]] = "2026-03-31", "换届"

    lines = brought_back(change)
    posts.end(row, last_day=date(2026, 2, 28), reason="外出", by=clerk)

    with pytest.raises(FileRefused):
        liaison_lines.save(lines, by=clerk)
    row.refresh_from_db()
    assert row.appointed_to == date(2026, 2, 28)


@pytest.mark.parametrize("text", ["姓名,电话\n汪,1", HEADER, "", "a,b,c\n1,2,3"])
def test_a_file_without_headers_or_rows_is_refused(station, text):
    with pytest.raises(FileRefused):
        read(text or " ")


@given(st.text(max_size=40))
def test_no_cell_begins_like_a_formula(text):
    assert safe(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_an_export_is_for_editors_and_is_remembered(client, clerk, duty, make_liaison):
    make_liaison()
    client.force_login(duty)
    assert client.post(reverse("stations:liaison_export")).status_code == 403
    client.force_login(clerk)

    answer = client.post(reverse("stations:liaison_export") + "?holding=all")

    assert answer.content[:2] == b"PK"
    look = Look.objects.get(kind="export")
    assert (look.user, look.count, look.subject) == (clerk, 1, "liaisons?holding=all")
    assert client.get(reverse("stations:liaison_export")).status_code == 405


def test_the_template_lists_the_vacant_villages(client, clerk, station, make_liaison):
    make_liaison()
    client.force_login(clerk)

    answer = client.get(reverse("stations:liaison_template"))

    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows[1:]] == ["青溪2村", "青溪3村"]


def upload(client, content, name="联络员.csv", **fields):
    return client.post(
        reverse("stations:liaison_import"),
        {"file": SimpleUploadedFile(name, content)} | fields,
    )


def test_a_file_is_checked_first_and_taken_over_on_the_second_press(client, clerk, village):
    client.force_login(clerk)

    checked = upload(client, (HEADER + f"{village.code},,汪小满,女,书记,,,2026-03-01").encode())

    assert checked.context["new"] == 1
    assert not Liaison.objects.exists()
    client.post(reverse("stations:liaison_import"), {"text": checked.context["text"]})
    assert Liaison.objects.get().name == "汪小满"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.csv"),
        (b"PK\x03\x04 broken", "a.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted", "a.xlsx"),
        (bytes(range(256)) * 4, "a.csv"),
        (b"x" * (6 * 1024 * 1024), "a.csv"),
        ("姓名;电话\n汪;1".encode(), "a.csv"),
    ],
)
def test_an_unreadable_file_gets_a_sentence(client, clerk, station, content, name):
    client.force_login(clerk)

    page = upload(client, content, name)

    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert not Liaison.objects.exists()


def test_a_village_of_another_station_is_refused_in_a_file(client, clerk, next_station):
    village = next_station.township.children.first()
    client.force_login(clerk)

    page = upload(client, (HEADER + f"{village.code},,汪小满,女,书记,,,2026-03-01").encode())

    assert page.context["wrong"] == 1
    client.post(reverse("stations:liaison_import"), {"text": page.context["text"]})
    assert not Liaison.objects.exists()
