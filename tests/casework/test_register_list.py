"""The register's list: rows, totals, pages, kept views, and what leaves it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.models import SavedFilter
from casework.register import writing
from casework.terms import Channel, Sensitive
from casework.views import register_list
from stations.models import Document, Look
from stations.models.looks import LookKind
from tests.conftest import at

pytestmark = pytest.mark.django_db

LIST = reverse("casework:entry_list")
ALL = "from=&to="


def shown(page):
    return [entry.name for entry in page.context["entries"]]


@pytest.fixture
def signed_in(client, clerk):
    client.force_login(clerk)
    return client


def test_the_list_costs_the_same_for_any_length(signed_in, make_entry):
    make_entry(phone="")
    signed_in.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        assert len(shown(signed_in.get(LIST))) == 1
    for n in range(5):
        make_entry(phone=f"1390000000{n}")
    with CaptureQueriesContext(connection) as for_many:
        assert len(shown(signed_in.get(LIST))) == 6

    assert len(for_one) == len(for_many) <= 12


def test_totals_count_what_is_filtered(signed_in, make_entry):
    make_entry(persons=3, seconds_to_record=40)
    make_entry(phone="13911112222", seconds_to_record=60)
    make_entry(channel=Channel.CALL)
    make_entry(channel=Channel.LETTER)

    totals = signed_in.get(LIST).context["totals"]
    of_calls = signed_in.get(LIST, {"channel": "call"}).context["totals"]

    assert (totals.entries, totals.calls, totals.visits, totals.persons) == (4, 1, 2, 4)
    assert totals.seconds == 50
    assert (of_calls.entries, of_calls.persons, of_calls.seconds) == (1, 0, None)


def test_counting_stops_and_says_so(signed_in, make_entry, monkeypatch):
    for n in range(4):
        make_entry(phone=f"1390000000{n}")
    monkeypatch.setattr(register_list, "MOST_COUNTED", 3)
    page = signed_in.get(LIST)

    assert page.context["totals"] == register_list.Totals(entries=3, is_bounded=True)
    assert "超过<b>3</b>条" in page.content.decode()
    assert "来访人数" not in page.content.decode()


def test_pages_go_on_from_an_entry_and_back(signed_in, make_entry, monkeypatch):
    monkeypatch.setattr(register_list, "PAGE", 2)
    same_time = at(2026, 3, 2)
    names = ["一", "二", "三", "四", "五"]
    for name in names:
        make_entry(name=name, occurred_at=same_time)

    first = signed_in.get(f"{LIST}?{ALL}")
    second = signed_in.get(f"{LIST}?{ALL}&before={first.context['page'].last_id}")
    third = signed_in.get(f"{LIST}?{ALL}&before={second.context['page'].last_id}")
    back = signed_in.get(f"{LIST}?{ALL}&after={third.context['page'].first_id}")

    assert [shown(page) for page in (first, second, third, back)] == [
        ["五", "四"],
        ["三", "二"],
        ["一"],
        ["三", "二"],
    ]
    sides = [
        (page.context["page"].has_newer, page.context["page"].has_older)
        for page in (first, second, third, back)
    ]
    assert sides == [(False, True), (True, True), (True, False), (True, True)]


@pytest.mark.parametrize("place", ["before=x", "after=", "before=" + "9" * 30, "before=²"])
def test_a_nonsense_place_begins_at_the_newest(signed_in, make_entry, place):
    make_entry()

    assert shown(signed_in.get(f"{LIST}?{ALL}&{place}")) == ["吴秋菊"]


def test_rows_carry_their_marks(signed_in, make_entry, head):
    make_entry(occurred_at=at(2026, 3, 2), recorded_at=at(2026, 3, 2))
    make_entry(
        occurred_at=at(2026, 3, 3), recorded_at=at(2026, 3, 6), persons=12,
        sensitive=Sensitive.GROUP,
    )  # fmt: skip
    corrected = make_entry(phone="13811112222", occurred_at=at(2026, 3, 4))
    writing.correct(corrected, changes={"persons": 2}, reason="漏数", by=head, version=1)
    writing.declare_void(make_entry(phone=""), reason="重复", by=head)

    page = signed_in.get(f"{LIST}?{ALL}").content.decode()
    void = signed_in.get(f"{LIST}?{ALL}&void=1").content.decode()

    for mark in (
        "补录晚3个工作日",
        "12人同来",
        "多人同一事",
        "同事项第2次",
        "更正",
        'class="late"',
    ):
        assert mark in page
    assert "139****2648" in page
    assert "13900002648" not in page
    assert "作废</span>" in void


def test_htmx_gets_the_piece_and_history_the_page(signed_in, make_entry):
    make_entry()
    piece = signed_in.get(f"{LIST}?matter=&q=", headers={"HX-Request": "true"})
    restored = signed_in.get(
        LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )

    assert "<html" not in piece.content.decode()
    assert 'hx-swap-oob="true"' in piece.content.decode()
    assert "HX-Request" in piece["Vary"]
    assert piece["HX-Push-Url"] == LIST
    assert "<html" in restored.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "近30天没有来电来访。"),
        ("q=没有这个人", "没有符合条件的记录。"),
        ("from=昨天", "日期写成2026-11-05这样。"),
        ("station=0", "条件有误，没有查。"),
    ],
)
def test_an_empty_list_says_what_to_do(signed_in, query, words):
    page = signed_in.get(f"{LIST}?{query}")

    assert page.status_code == 200
    assert words in page.content.decode()


def test_the_search_box_looks_in_all_days(signed_in, make_entry):
    make_entry(name="旧人", occurred_at=at(2021, 3, 2))
    page = signed_in.post(reverse("casework:entry_search"), {"q": "旧 人"}, follow=True)
    found = signed_in.post(reverse("casework:entry_search"), {"q": "jr"}, follow=True)

    assert shown(page) == []
    assert shown(found) == ["旧人"]


@pytest.mark.parametrize(
    "typed", ["13900002648", "139 0000 2648", "+86 13900002648", "１３９００００２６４８"]
)
def test_a_whole_number_is_found_and_stands_in_no_address(signed_in, make_entry, typed):
    make_entry(name="打电话的人", occurred_at=at(2021, 3, 2))
    make_entry(name="另一个人", phone="13900002649")
    answer = signed_in.post(reverse("casework:entry_search"), {"q": f"打电话 {typed}"})
    found = signed_in.get(answer["Location"])

    assert shown(found) == ["打电话的人"]
    # The words stay in it, so that the view can be saved and sent.
    assert parse_qs(urlsplit(answer["Location"]).query)["q"] == ["打电话"]
    for text in (answer["Location"], found.content.decode()):
        assert "2648" not in text.replace("139****2648", "")
    assert signed_in.get(f"{LIST}?{urlencode({'q': typed})}")["Location"].startswith(
        f"{LIST}?number="
    )


def test_a_number_typed_among_the_filters_is_hidden_from_htmx_and_from_kept_views_too(
    signed_in, clerk, make_entry
):
    make_entry(name="打电话的人")
    make_entry(name="另一个人", phone="13900002649")
    piece = signed_in.post(
        reverse("casework:entry_search"),
        {"q": "13900002648", "channel": "visit", "from": "", "to": ""},
        headers={"HX-Request": "true"},
        follow=True,
    )

    assert shown(piece) == ["打电话的人"]
    assert "<html" not in piece.content.decode()
    address = piece["HX-Push-Url"]
    assert "channel=visit" in address
    assert "13900002648" not in address
    keep(signed_in, **{"query": urlsplit(address).query, "keep-name": "此人来访"})
    kept = SavedFilter.objects.get(user=clerk)
    assert shown(signed_in.get(f"{LIST}?{kept.query}")) == ["打电话的人"]


def test_who_may_not_read_the_register_is_refused(client, liaison, inspector, system_admin):
    for user in (liaison, inspector, system_admin):
        client.force_login(user)
        assert client.get(LIST).status_code == 403


# ── Kept views ──────────────────────────────────────────────────────────────────────────


def keep(client, **data):
    return client.post(reverse("casework:filter_save"), data)


def test_a_view_is_kept_and_opened_again(signed_in, clerk, make_entry):
    make_entry(name="来电人", channel=Channel.CALL)
    make_entry()
    answer = keep(signed_in, **{"query": "channel=call", "keep-name": "只看来电"})

    kept = SavedFilter.objects.get()
    assert (kept.user, kept.name, kept.query, kept.county) == (
        clerk,
        "只看来电",
        "channel=call",
        None,
    )
    assert shown(signed_in.get(answer["Location"])) == ["来电人"]
    assert "只看来电" in signed_in.get(LIST).content.decode()


def test_a_shared_view_is_seen_in_the_county_and_dropped_by_its_owner_alone(
    client, clerk, neighbour, stranger
):
    client.force_login(clerk)
    keep(client, **{"query": "late=1", "keep-name": "晚录", "keep-is_shared": "1"})
    kept = SavedFilter.objects.get()
    drop = reverse("casework:filter_drop", args=[kept.pk])

    client.force_login(neighbour)
    assert "晚录" in client.get(LIST).content.decode()
    assert client.post(drop).status_code == 404
    client.force_login(stranger)
    assert "晚录" not in client.get(LIST).content.decode()
    client.force_login(clerk)
    client.post(drop)
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("late=1", "", "必填"),
        ("late=1", "已有", "您已经有"),
        ("from=x", "新", "先改好"),
        ("q=13900002648", "新", "电话和身份证号不能存"),
        ("q=" + "很" * 60 + "&receiver=" + "长" * 60, "新", "条件太多"),
    ],
)
def test_a_view_that_cannot_be_kept_says_why(signed_in, clerk, query, name, sentence):
    SavedFilter.objects.create(user=clerk, name="已有", query="late=1")
    page = keep(signed_in, **{"query": query, "keep-name": name})

    assert page.status_code == 422
    assert page.context["keep_form"].errors
    assert SavedFilter.objects.count() == 1


# ── Files ───────────────────────────────────────────────────────────────────────────────


def export(client, query="", **data):
    return client.post(reverse("casework:entry_export"), {"query": query, **data})


def test_an_export_is_a_wish_for_just_what_is_filtered(signed_in, clerk, make_entry, station):
    call = make_entry(channel=Channel.CALL)
    make_entry()
    answer = export(signed_in, "channel=call&q=吴秋菊")

    document = Document.objects.get()
    assert answer["Location"] == document.get_absolute_url()
    assert document.parameters["ids"] == [call.pk]
    assert document.parameters["is_full"] is False
    assert (document.is_personal, document.asked_by) == (True, clerk)
    assert document.expires_at - timezone.now() > timedelta(days=6)
    assert "吴秋菊" not in str(document.parameters) + document.title + document.filename
    look = Look.objects.get(kind=LookKind.EXPORT)
    assert (look.user, look.station, look.count, look.reason) == (clerk, station, 1, "")
    assert "channel=call" in look.subject
    assert "吴秋菊" not in look.subject


def test_whole_numbers_need_a_reason(signed_in, make_entry):
    make_entry()
    refused = export(signed_in, is_full="1")
    granted = export(signed_in, is_full="1", reason="县局专项检查要核对电话")

    assert refused.status_code == 422
    assert "会记入日志" in refused.content.decode()
    assert granted.status_code == 302
    assert Document.objects.get().parameters["is_full"] is True
    assert Look.objects.get(kind=LookKind.EXPORT).reason == "县局专项检查要核对电话"


def test_too_many_rows_or_none_get_a_sentence(signed_in, make_entry, monkeypatch):
    page = signed_in.post(reverse("casework:entry_export"), {"query": ""}, follow=True)
    assert "没有可打印或导出的内容" in page.content.decode()
    make_entry()
    make_entry()
    monkeypatch.setattr(register_list.export, "MOST_ROWS", 1)
    page = signed_in.post(reverse("casework:entry_export"), {"query": ""}, follow=True)

    assert "超过1条" in page.content.decode()
    assert not Document.objects.exists()
    assert not Look.objects.filter(kind=LookKind.EXPORT).exists()


def test_a_print_takes_one_of_the_two_books(signed_in, make_entry):
    call, visit = make_entry(channel=Channel.CALL), make_entry()
    for book in ("call", "visit"):
        signed_in.post(reverse("casework:entry_print"), {"query": "", "book": book})
    wrong = signed_in.post(reverse("casework:entry_print"), {"query": "", "book": "fax"})

    assert wrong["Location"] == LIST
    calls, visits = Document.objects.order_by("pk")
    assert (calls.parameters["ids"], visits.parameters["ids"]) == ([call.pk], [visit.pk])
    assert visits.filename.startswith("来访登记簿")
    assert Look.objects.filter(kind=LookKind.PRINT).count() == 2


def test_duty_people_read_but_do_not_export(client, duty, make_entry):
    make_entry()
    client.force_login(duty)

    assert "导出" not in client.get(LIST).content.decode()
    assert export(client).status_code == 403
    assert client.post(reverse("casework:entry_print"), {"book": "call"}).status_code == 403


def test_the_web_twin_of_a_book_shows_the_same_columns(
    signed_in, make_entry, neighbour, client
):
    make_entry(id_number="341525198406170028")
    page = signed_in.get(reverse("casework:entry_book", args=["visit"])).content.decode()

    assert "来访人签名" in page
    assert "3415**********0028" in page
    assert "341525198406170028" not in page
    assert signed_in.get(reverse("casework:entry_book", args=["fax"])).status_code == 404
    client.force_login(neighbour)
    assert (
        "吴秋菊"
        not in client.get(reverse("casework:entry_book", args=["visit"])).content.decode()
    )
