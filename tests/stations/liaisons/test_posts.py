"""Liaisons: appointed, ended, listed masked, exported and imported whole or not at all."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from stations.files.tables import FileRefused, safe
from stations.liaisons import liaison_file, posts
from stations.liaisons.posts import MoveRefused
from stations.models import Appointment, Liaison, Look, Station
from stations.terms import LiaisonPost

PHONE = "13900002648"


@pytest.fixture
def make_liaison(station):
    def make(village=None, at=None, **fields):
        at = at or station
        return Liaison.objects.create(
            **{
                "station": at,
                "village": village or at.township.children.order_by("code").first(),
                "name": "石守田",
                "post": LiaisonPost.DIRECTOR,
                "phone": PHONE,
                "appointed_from": date(2024, 1, 1),
            }
            | fields
        )

    return make


def typed(village, /, **fields):
    return {
        "village": village.pk,
        "name": "汪小满",
        "post": "mediation",
        "phone": PHONE,
        "appointed_from": "2026-03-01",
    } | fields


# ── Ending ──────────────────────────────────────────────────────────────────────────────


def test_a_liaison_leaves_with_a_day_and_a_reason_and_the_account_with_them(
    liaison, clerk, station
):
    row = Liaison.objects.get(user=liaison)

    posts.end(row, last_day=date(2026, 9, 25), reason="换届", by=clerk)

    row.refresh_from_db()
    assert (row.appointed_to, row.ended_reason) == (date(2026, 9, 25), "换届")
    post = Appointment.objects.get(user=liaison)
    assert (post.to_on, post.ended_by) == (date(2026, 9, 25), clerk)


def test_a_liaison_leaves_once(make_liaison, clerk):
    row = make_liaison()
    posts.end(row, last_day=date(2026, 9, 25), reason="换届", by=clerk)

    with pytest.raises(MoveRefused):
        posts.end(row, last_day=date(2026, 9, 26), reason="外出", by=clerk)


def test_a_liaison_cannot_leave_before_beginning(make_liaison, clerk):
    with pytest.raises(MoveRefused):
        posts.end(make_liaison(), last_day=date(2023, 12, 31), reason="换届", by=clerk)


def test_the_end_page_shows_the_refusal_and_keeps_what_was_typed(client, clerk, make_liaison):
    client.force_login(clerk)

    page = client.post(
        reverse("stations:liaison_end", args=[make_liaison().pk]),
        {"last_day": "2023-12-31", "reason": "外出务工"},
    )

    assert page.status_code == 200
    assert "外出务工" in page.text
    assert page.context["form"].non_field_errors()


# ── Appointing ──────────────────────────────────────────────────────────────────────────


def test_a_clerk_appoints_in_their_villages(client, clerk, station, village):
    client.force_login(clerk)

    page = client.post(reverse("stations:liaison_create"), typed(village))

    assert page.url == station.get_absolute_url()
    row = Liaison.objects.get()
    assert (row.station, row.village, row.phone) == (station, village, PHONE)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "汪" * 41}, "name"),
        ({"phone": "打他儿子的"}, "phone"),
        ({"appointed_from": "昨天"}, "appointed_from"),
        ({"post": "king"}, "post"),
        ({"village": 999999}, "village"),
    ],
)
def test_a_wrong_cell_gets_a_sentence_beside_it(client, clerk, village, fields, wrong):
    client.force_login(clerk)

    page = client.post(reverse("stations:liaison_create"), typed(village, **fields))

    assert list(page.context["form"].errors) == [wrong]
    assert not Liaison.objects.exists()


def test_a_village_with_a_liaison_gets_no_second_one(client, clerk, village, make_liaison):
    make_liaison()
    client.force_login(clerk)

    page = client.post(reverse("stations:liaison_create"), typed(village))

    assert "village" in page.context["form"].errors
    assert Liaison.objects.count() == 1


def test_days_of_an_earlier_liaison_are_refused(client, clerk, village, make_liaison):
    make_liaison(appointed_to=date(2026, 6, 30))
    client.force_login(clerk)

    page = client.post(
        reverse("stations:liaison_create"), typed(village, appointed_from="2026-06-30")
    )

    assert page.context["form"].errors
    assert Liaison.objects.count() == 1


def test_a_neighbours_village_cannot_be_chosen(client, clerk, next_station):
    client.force_login(clerk)

    page = client.post(
        reverse("stations:liaison_create"), typed(next_station.township.children.first())
    )

    assert "village" in page.context["form"].errors


@pytest.mark.parametrize("name", ["liaison_edit", "liaison_end"])
def test_a_neighbour_and_a_stranger_find_no_liaison_of_others(
    client, neighbour, stranger, make_liaison, name
):
    row = make_liaison()
    for user in (neighbour, stranger):
        client.force_login(user)
        assert client.get(reverse(f"stations:{name}", args=[row.pk])).status_code == 404


# ── The list ────────────────────────────────────────────────────────────────────────────


def test_phones_are_masked_in_the_list(client, clerk, make_liaison):
    make_liaison()
    client.force_login(clerk)

    page = client.get(reverse("stations:liaison_list"))

    assert PHONE not in page.text
    assert "139****2648" in page.text


def test_a_clerk_lists_the_own_station_and_an_officer_the_county(
    client, clerk, officer, next_station, far_station, make_liaison
):
    own = make_liaison()
    near = make_liaison(at=next_station)
    make_liaison(at=far_station)

    client.force_login(clerk)
    assert list(client.get(reverse("stations:liaison_list")).context["page"]) == [own]
    client.force_login(officer)
    assert list(client.get(reverse("stations:liaison_list")).context["page"]) == [own, near]


def test_filters_in_the_address_narrow_the_list(client, clerk, station, make_liaison):
    first, second, third = station.township.children.order_by("code")
    now = make_liaison(first)
    acting = make_liaison(second, is_acting=True, name="代小代")
    gone = make_liaison(third, appointed_to=date(2025, 1, 1))
    client.force_login(clerk)

    def listed(query):
        return list(client.get(reverse("stations:liaison_list") + query).context["page"])

    assert listed("") == [now, acting]
    assert listed("?holding=acting") == [acting]
    assert listed("?holding=ended") == [gone]
    assert listed("?holding=all") == [now, acting, gone]
    assert listed("?q=代小") == [acting]
    assert listed("?holding=nonsense&station=x") == [now, acting]


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same_for_any_length(
    client, officer, make_station, county, make_liaison, count, django_assert_max_num_queries
):
    for n in range(count):
        make_liaison(at=make_station(county, 300 + n, f"镇{n}"))
    client.force_login(officer)
    client.get(reverse("stations:liaison_list"))

    with django_assert_max_num_queries(12) as queries:
        client.get(reverse("stations:liaison_list"))

    assert len(queries) <= 12


# ── Files ───────────────────────────────────────────────────────────────────────────────

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


def test_two_rows_about_one_village_are_refused(village):
    row = f"{village.code},,汪小满,女,书记,,,2026-03-01\n"

    first, second = read(HEADER + row + row)

    assert first.errors == {}
    assert list(second.errors) == [""]


def test_a_liaison_in_post_stands_in_the_way_unless_replaced(village, make_liaison):
    present = make_liaison()
    row = HEADER + f"{village.code},,汪小满,女,书记,,,2026-03-01"

    [refused] = read(row)
    assert list(refused.errors) == ["name"]

    lines = read(row, replaces=True)
    assert liaison_file.save(lines) == 1
    present.refresh_from_db()
    assert present.appointed_to == date(2026, 2, 28)
    assert Liaison.objects.get(appointed_to=None).name == "汪小满"


def test_one_wrong_row_saves_nothing(village):
    lines = read(
        HEADER
        + f"{village.code},,汪小满,女,书记,,,2026-03-01\n999999999999,,汪小满,女,书记,,,2026-03-01"
    )

    with pytest.raises(FileRefused):
        liaison_file.save(lines)

    assert not Liaison.objects.exists()


@pytest.mark.parametrize("text", ["姓名,电话\n汪,1", HEADER, "", "a,b,c\n1,2,3"])
def test_a_file_without_headers_or_rows_is_refused(station, text):
    with pytest.raises(FileRefused):
        read(text or " ")


def test_what_is_exported_is_there_already_when_imported(make_liaison, station):
    first, second, _third = station.township.children.order_by("code")
    make_liaison(first, sex="male")
    make_liaison(second, is_acting=True, name="=cmd|' /C calc'!A0")

    rows = Liaison.objects.select_related("village__parent").order_by("village__code")
    book = CalamineWorkbook.from_filelike(BytesIO(liaison_file.export(rows)))
    cells = [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    lines = liaison_file.read(cells, stations=Station.objects.all())

    assert [line.is_unchanged for line in lines] == [True, True]
    assert cells[2][3].startswith("'=")


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
    assert (look.user, look.count, look.subject) == (clerk, 1, "liaisons: holding=all")
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

    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert not Liaison.objects.exists()


def test_a_village_of_another_station_is_refused_in_a_file(client, clerk, next_station):
    village = next_station.township.children.first()
    client.force_login(clerk)

    page = upload(client, (HEADER + f"{village.code},,汪小满,女,书记,,,2026-03-01").encode())

    assert page.context["wrong"] == 1
    client.post(reverse("stations:liaison_import"), {"text": page.context["text"]})
    assert not Liaison.objects.exists()


def test_a_future_last_day_keeps_the_liaison_in_post_until_then(make_liaison, clerk):
    row = make_liaison()
    tomorrow = timezone.localdate() + timedelta(days=1)

    posts.end(row, last_day=tomorrow, reason="退休", by=clerk)

    assert list(Liaison.objects.in_post_on(timezone.localdate())) == [row]
