from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from casework.forms.filters import EntryFilter
from casework.models import MonthlyReport
from casework.periods import month_of, months_from
from casework.register import writing
from casework.reports import months
from casework.terms import ReportStatus
from stations.models import Document
from stations.roles import Role
from tests.conftest import at

MARCH = date(2026, 3, 1)
ONE = ["report_detail", "report_print", "report_pdf", "report_edit"]
MOVES = ["report_render", "report_send", "report_confirm", "report_return", "report_reopen"]


@pytest.fixture
def report(station, make_entry):
    make_entry(occurred_at=at(2026, 3, 2))
    make_entry(occurred_at=at(2026, 3, 3), channel="call", phone="13900001111")
    return months.open_month(station, MARCH)


@pytest.fixture
def sent(report, head):
    return months.send(report, by=head)


def address(name, report):
    return reverse(f"casework:{name}", args=[report.pk])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# ── Who ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [*ONE, *MOVES])
@pytest.mark.parametrize("person", ["neighbour", "stranger"])
def test_other_stations_do_not_find_the_report(
    client, request, report, name, person, make_user
):
    client.force_login(request.getfixturevalue(person))
    if name in {"report_send", "report_confirm", "report_return", "report_reopen"}:
        # A clerk may not send at all; a head and a director of elsewhere may, but not this one.
        far = make_user(
            "far", "外县主任", Role.DIRECTOR, request.getfixturevalue("next_county")
        )
        client.force_login(far)
    method = client.post if name in MOVES else client.get

    assert method(address(name, report)).status_code == 404


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("report_send", "clerk"),
        ("report_send", "director"),
        ("report_confirm", "head"),
        ("report_confirm", "reviewer"),
        ("report_return", "inspector"),
        ("report_reopen", "head"),
        ("report_edit", "duty"),
        ("report_edit", "director"),
        ("report_detail", "liaison"),
        ("report_list", "system_admin"),
    ],
)
def test_an_act_that_is_not_theirs_is_forbidden(client, request, report, name, person):
    client.force_login(request.getfixturevalue(person))
    url = reverse("casework:report_list") if name == "report_list" else address(name, report)
    method = client.post if name in MOVES else client.get

    assert method(url).status_code == 403


@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_never_made_by_looking(client, report, head, name):
    client.force_login(head)

    assert client.get(address(name, report)).status_code in {403, 405}
    report.refresh_from_db()
    assert report.status == ReportStatus.OPEN


def test_a_head_does_not_see_the_county_s_report(client, county, head):
    client.force_login(head)

    assert (
        client.get(address("report_detail", months.open_month(county, MARCH))).status_code
        == 404
    )


# ── Figures and their rows ──────────────────────────────────────────────────────────────


def figure_links(page):
    """The addresses behind the figures of the strip."""
    html = page.content.decode()
    return [
        part.split('"', 1)[0].replace("&amp;", "&")
        for part in html.split('class="fig" href="')[1:]
    ]


@pytest.mark.parametrize("name", ["report_detail", "report_print"])
def test_figures_of_an_open_month_open_live_rows(client, clerk, report, name):
    client.force_login(clerk)

    links = figure_links(client.get(address(name, report)))

    assert any("from=2026-03-01&to=2026-03-31" in link for link in links)
    assert not any("report=" in link for link in links)


@pytest.mark.parametrize("name", ["report_detail", "report_print"])
def test_figures_of_a_sent_month_open_the_rows_it_counted(
    client, clerk, head, sent, station, make_entry, name
):
    writing.declare_void(station.entries.order_by("pk").first(), reason="重复", by=head)
    make_entry(occurred_at=at(2026, 3, 20), phone="13900003333")
    client.force_login(clerk)

    links = figure_links(client.get(address(name, sent)))

    whole = f"?station={station.pk}&report={sent.pk}"
    assert any(link.endswith(whole) for link in links)
    rows = EntryFilter({"station": str(station.pk), "report": str(sent.pk)}, clerk).queryset()
    assert sorted(rows.values_list("pk", flat=True)) == sent.row_ids


@pytest.mark.parametrize("name", ["report_detail", "report_print"])
def test_the_city_sees_figures_and_no_way_to_entries(client, inspector, sent, name):
    client.force_login(inspector)
    page = client.get(address(name, sent))

    assert page.status_code == 200
    assert "吴秋菊" not in page.content.decode()
    assert reverse("casework:entry_list") not in page.content.decode()


def test_the_page_says_what_changed_since(client, clerk, sent, make_entry):
    client.force_login(clerk)
    assert "此后改动" not in client.get(sent.get_absolute_url()).content.decode()

    make_entry(occurred_at=at(2026, 3, 20), phone="13900003333")
    assert "此后改动1行，列入下月补正" in client.get(sent.get_absolute_url()).content.decode()


def test_page_and_paper_and_record_agree(client, clerk, sent):
    client.force_login(clerk)
    pages = [client.get(address(name, sent)) for name in ("report_detail", "report_print")]

    assert pages[0].context["analysis"] == pages[1].context["analysis"]
    assert pages[0].context["analysis"].as_json() == sent.figures


# ── The lists ───────────────────────────────────────────────────────────────────────────


def test_a_station_s_list_shows_its_own_months_only(client, clerk, sent, next_station):
    months.open_month(next_station, MARCH)
    client.force_login(clerk)

    page = client.get(reverse("casework:report_list"))

    assert page.context["reports"] == [sent]


def test_a_station_without_months_is_told_when_they_come(client, clerk):
    client.force_login(clerk)

    page = client.get(reverse("casework:report_list"))

    assert "每月1日自动开始新的一份" in page.content.decode()


def tiles(page):
    return {
        tile.key: [receipt.station.short_name for receipt in tile.receipts]
        for tile in page.context["tiles"]
    }


def test_the_county_counts_expected_received_on_time_and_silent(
    client, director, sent, next_station, far_station
):
    MonthlyReport.objects.filter(pk=sent.pk).update(first_sent_at=at(2026, 4, 2))
    client.force_login(director)

    page = client.get(reverse("casework:report_list"), {"month": "2026-03"})

    assert tiles(page) == {
        "expected": ["青溪", "石桥"],
        "received": ["青溪"],
        "on_time": ["青溪"],
        "locked": [],
        "missing": ["石桥"],
        "silent": ["石桥"],
    }
    assert str(page.context["on_time_share"]) == "50.0"


def test_a_count_opens_just_its_stations(client, director, sent, next_station):
    client.force_login(director)

    page = client.get(reverse("casework:report_list"), {"month": "2026-03", "show": "missing"})

    assert [row[0] for row in page.context["rows"]] == [next_station]


def test_the_word_that_nobody_came_is_no_silence(client, director, next_station, head):
    writing.state_no_visits(next_station, day=date(2026, 3, 5), by=head)
    client.force_login(director)

    page = client.get(reverse("casework:report_list"), {"month": "2026-03"})

    # 青溪, with neither an entry nor a word, stays silent.
    assert tiles(page)["silent"] == ["青溪"]


@pytest.mark.parametrize(
    "month",
    ["", "2026-3", "2026-13", "nonsense", "2999-01", "0000-01", "9999-12", "2026-03-01"],
)
@pytest.mark.parametrize("person", ["director", "inspector", "clerk"])
def test_a_month_that_is_none_shows_last_month(client, request, station, month, person):
    client.force_login(request.getfixturevalue(person))

    page = client.get(
        reverse("casework:report_list"), {"month": month, "county": "x", "show": "x"}
    )

    assert page.status_code == 200
    if person != "clerk":
        assert page.context["month"] == months_from(month_of(timezone.localdate()), -1)


def test_a_county_without_stations_is_an_empty_page(client, director):
    client.force_login(director)

    page = client.get(reverse("casework:report_list"))

    assert page.status_code == 200
    assert "这里没有工作站" in page.content.decode()


def test_the_city_chooses_among_its_counties(client, inspector, station, far_station):
    client.force_login(inspector)

    page = client.get(
        reverse("casework:report_list"), {"county": far_station.county.pk, "month": "2026-03"}
    )

    assert page.context["county"] == far_station.county
    assert len(page.context["counties"]) == 2


# ── Writing and moves ───────────────────────────────────────────────────────────────────


def test_empty_boxes_offer_first_words_that_count_only_when_saved(client, clerk, report):
    client.force_login(clerk)
    page = client.get(address("report_edit", report))

    assert "支付劳动报酬" in page.context["form"]["comment"].value()
    report.refresh_from_db()
    assert report.comment == ""


def words(page, **changes):
    form = page.context["form"]
    fields = ["comment", "signals_text", "suggestions", "typical_cases", "seen"]
    return {name: form[name].value() or "" for name in fields} | changes


def test_words_are_saved(client, clerk, report):
    client.force_login(clerk)
    url = address("report_edit", report)

    answer = client.post(url, words(client.get(url), comment="欠薪增多，𠮷姓一家三口。"))

    assert answer.headers["Location"] == report.get_absolute_url()
    report.refresh_from_db()
    assert report.comment == "欠薪增多，𠮷姓一家三口。"


def test_of_two_people_writing_the_second_keeps_the_words_and_is_told(
    client, clerk, head, report
):
    client.force_login(clerk)
    url = address("report_edit", report)
    page = client.get(url)
    client.post(url, words(page, comment="我写的"))

    answer = client.post(url, words(page, comment="后写的"))

    assert answer.context["form"].non_field_errors()
    assert answer.context["form"]["comment"].value() == "后写的"
    report.refresh_from_db()
    assert report.comment == "我写的"


def test_too_long_words_stay_in_the_box_with_a_sentence(client, clerk, report):
    client.force_login(clerk)
    url = address("report_edit", report)

    answer = client.post(url, words(client.get(url), comment="长" * 10_000))

    assert answer.status_code == 200
    assert answer.context["form"].errors["comment"]
    assert len(answer.context["form"]["comment"].value()) == 10_000


def test_sending_and_pressing_again(client, head, report):
    client.force_login(head)
    url = address("report_send", report)

    first, second = client.post(url), client.post(url)

    assert first.status_code == 302
    assert "已报送县中心" in said(first)[0]
    assert second.status_code == 409
    assert "方站长" in second.content.decode()
    assert Document.objects.count() == 1


def test_the_zero_month_asks_for_the_tick(client, head, station):
    report = months.open_month(station, MARCH)
    client.force_login(head)
    url = address("report_send", report)

    refused = client.post(url)
    assert refused.status_code == 409
    assert "确认确实无人来电来访" in refused.content.decode()
    assert 'name="is_zero_confirmed"' in refused.content.decode()

    assert client.post(url, {"is_zero_confirmed": "on"}).status_code == 302


def test_this_month_cannot_be_sent_yet(client, head, station):
    report = months.open_month(station, month_of(timezone.localdate()))
    client.force_login(head)

    answer = client.post(address("report_send", report), {"is_zero_confirmed": "on"})

    assert answer.status_code == 409
    assert "本月还没有结束" in answer.content.decode()


def test_the_county_confirms_returns_and_opens_again(client, director, head, sent):
    client.force_login(director)
    returned = client.post(address("report_return", sent), {"reason": "请补处置情况"})
    assert returned.status_code == 302
    assert "请补处置情况" in client.get(sent.get_absolute_url()).content.decode()

    months.send(sent, by=head)
    client.post(address("report_confirm", sent))
    client.post(address("report_reopen", sent), {"reason": "漏登"})

    sent.refresh_from_db()
    assert (sent.status, sent.issue) == (ReportStatus.OPEN, 2)


@pytest.mark.parametrize("name", ["report_return", "report_reopen"])
@pytest.mark.parametrize(("reason", "status"), [("", 422), ("长" * 500, 422)])
def test_no_reason_no_move(client, director, sent, name, reason, status):
    client.force_login(director)

    answer = client.post(address(name, sent), {"reason": reason})

    assert answer.status_code == status
    assert answer.context["reason_form"].errors["reason"]
    sent.refresh_from_db()
    assert sent.status == ReportStatus.SENT


def test_confirming_twice_tells_who_did(client, director, sent):
    client.force_login(director)
    client.post(address("report_confirm", sent))

    answer = client.post(address("report_confirm", sent))

    assert "唐主任" in said(answer)[-1]


# ── Papers ──────────────────────────────────────────────────────────────────────────────


def test_a_clerk_asks_for_a_draft_at_any_time_and_only_once_at_a_time(client, clerk, report):
    client.force_login(clerk)
    url = address("report_render", report)

    first, second = client.post(url), client.post(url)

    document = Document.objects.get()
    assert document.parameters == {"report": report.pk, "draft": True}
    assert (
        first.headers["Location"] == second.headers["Location"] == document.get_absolute_url()
    )


def test_a_sent_report_gives_its_issued_paper_and_no_draft(client, clerk, sent):
    client.force_login(clerk)

    assert (
        client.post(address("report_render", sent)).headers["Location"]
        == sent.document.get_absolute_url()
    )
    assert Document.objects.count() == 1


def test_the_pdf_address_leads_to_the_file_once_it_is_made(client, clerk, sent):
    client.force_login(clerk)
    url = address("report_pdf", sent)
    assert client.get(url).headers["Location"] == f"{sent.get_absolute_url()}#papers"

    Document.objects.update(content=b"%PDF", made_at=timezone.now())
    assert client.get(url).headers["Location"] == reverse(
        "stations:document_file", args=[sent.document_id]
    )


def test_all_papers_of_a_month_are_asked_for_in_one_file(client, director, sent):
    client.force_login(director)

    answer = client.post(
        reverse("casework:report_bundle"), {"county": sent.county_id, "month": "2026-03"}
    )

    document = Document.objects.get(kind="month_bundle")
    assert answer.headers["Location"] == document.get_absolute_url()
    assert (document.county, document.parameters) == (sent.county, {"month": "2026-03"})


def test_a_bundle_of_a_month_without_papers_is_not_asked_for(client, director, report):
    client.force_login(director)

    answer = client.post(
        reverse("casework:report_bundle"), {"county": report.county_id, "month": "2026-03"}
    )

    assert "还没有站报送月度分析" in said(answer)[0]
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"county": "x", "month": "2026-03"}, {"county": "0", "month": "2026-03"}]
)
def test_a_bundle_of_nowhere_is_not_found(client, director, data):
    client.force_login(director)

    assert client.post(reverse("casework:report_bundle"), data).status_code == 404


def test_a_bundle_of_no_month_is_not_found(client, director, county):
    client.force_login(director)

    answer = client.post(
        reverse("casework:report_bundle"), {"county": county.pk, "month": "март"}
    )

    assert answer.status_code == 404


def test_a_bundle_is_not_for_stations_nor_for_other_counties(
    client, head, director, county, next_county
):
    url = reverse("casework:report_bundle")
    client.force_login(head)
    assert client.post(url, {"county": county.pk, "month": "2026-03"}).status_code == 403
    client.force_login(director)
    assert client.post(url, {"county": next_county.pk, "month": "2026-03"}).status_code == 404


# ── Costs ───────────────────────────────────────────────────────────────────────────────


MOST_QUERIES = 12


@pytest.fixture
def queries_of(client, django_assert_max_num_queries):
    """How many queries a page costs, the first look of a session aside (it writes the session)."""

    def count(url, most=MOST_QUERIES):
        client.get(url)
        with django_assert_max_num_queries(most) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    return count


def test_the_county_s_page_costs_the_same_for_any_number(
    client, director, county, make_station, queries_of
):
    client.force_login(director)
    url = f"{reverse('casework:report_list')}?month=2026-03"
    months.open_month(make_station(county, 110, "站"), MARCH)
    one = queries_of(url)

    for n in range(1, 8):
        months.open_month(make_station(county, 110 + n, f"站{n}"), MARCH)

    assert queries_of(url) == one


def test_a_station_s_list_costs_the_same_for_any_number(client, clerk, station, queries_of):
    client.force_login(clerk)
    url = reverse("casework:report_list")
    months.open_month(station, MARCH)
    one = queries_of(url)

    for n in range(1, 12):
        months.open_month(station, months_from(MARCH, -n))

    assert queries_of(url) == one


def test_a_sent_month_costs_the_same_for_any_number_of_rows(
    client, head, station, make_entry, queries_of
):
    client.force_login(head)
    make_entry(occurred_at=at(2026, 3, 1))
    february = months.open_month(station, months_from(MARCH, -1))
    one = months.send(months.open_month(station, MARCH), by=head)
    for n in range(20):
        make_entry(occurred_at=at(2026, 2, 1 + n), phone=f"139000011{n:02d}")
    many = months.send(february, by=head)

    assert queries_of(many.get_absolute_url()) == queries_of(one.get_absolute_url())


def test_an_open_month_is_counted_anew_at_a_fixed_cost(
    client, head, station, make_entry, queries_of
):
    """The count itself takes about 16 reads, each over an index; the page adds the rest."""
    client.force_login(head)
    report = months.open_month(station, MARCH)
    make_entry(occurred_at=at(2026, 3, 1))
    one = queries_of(report.get_absolute_url(), most=30)

    for n in range(20):
        make_entry(occurred_at=at(2026, 3, 1 + n), phone=f"139000011{n:02d}")

    assert queries_of(report.get_absolute_url(), most=30) == one


def test_a_failed_or_missing_paper_is_asked_for_again(client, head, sent):
    Document.objects.filter(pk=sent.document_id).update(
        failed_at=timezone.now(), failure="没有字体"
    )
    client.force_login(head)

    client.post(reverse("casework:report_render", args=[sent.pk]))
    client.post(reverse("casework:report_render", args=[sent.pk]))

    again = MonthlyReport.objects.get(pk=sent.pk).document
    assert again.pk != sent.document_id
    assert Document.objects.owed().count() == 1
