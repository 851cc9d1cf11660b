"""The network's pages: who sees and edits what, in how many queries, with which sentences."""

import html
import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from stations.forms.county import HOURS, PARAMETERS, CountyForm
from stations.models import (
    ContactPoint,
    County,
    DayOff,
    Division,
    DivisionEvent,
    Liaison,
    Station,
)
from stations.models.network import DEFAULT_PARAMETERS
from stations.terms import LiaisonPost

NETWORK = "stations:network"


def get(client, user, name, *args, query=""):
    client.force_login(user)
    return client.get(reverse(name, args=args) + query)


# ── Coverage ────────────────────────────────────────────────────────────────────────────


def test_the_county_sees_all_townships_and_a_station_its_own(
    client, officer, inspector, clerk, station, next_station
):
    for user, names in [
        (officer, ["青溪镇", "石桥镇"]),
        (inspector, ["青溪镇", "石桥镇"]),
        (clerk, ["青溪镇"]),
    ]:
        page = get(client, user, NETWORK)
        assert [t.name for t in page.context["coverage"].townships] == names


def test_an_inspector_chooses_among_the_counties(client, inspector, county, far_station):
    page = get(client, inspector, NETWORK, query="?county=349002")

    assert [t.name for t in page.context["coverage"].townships] == ["河口镇"]
    assert list(page.context["counties"]) == list(County.objects.all())


@pytest.mark.parametrize("query", ["", "?day=2025-03-01"])
def test_each_figure_opens_just_the_liaisons_it_counts(
    client, officer, station, next_station, far_station, query
):
    for at in (station, next_station, far_station):
        first, second, third = at.township.children.order_by("code")
        for village, fields in [
            (first, {}),
            (second, {"is_acting": True}),
            (third, {"appointed_to": date(2025, 6, 30)}),
        ]:
            Liaison.objects.create(
                station=at,
                village=village,
                name="石",
                post=LiaisonPost.OTHER,
                appointed_from=date(2024, 1, 1),
                **fields,
            )
    page = get(client, officer, NETWORK, query=query)

    links = re.findall(r'class="fig" href="([^"]*liaisons/[^"]*)">(\d+)<', page.text)
    assert len(links) == 6
    for address, figure in links:
        rows = client.get(html.unescape(address)).context["page"]
        assert rows.paginator.count == int(figure), address


def test_another_county_is_not_there(client, officer, clerk, next_county):
    for user in (officer, clerk):
        assert get(client, user, NETWORK, query="?county=349002").status_code == 404


@pytest.mark.parametrize("code", ["%00", "x", "34900", "３４９００１"])
def test_a_county_that_is_none_is_not_there(client, officer, code):
    assert get(client, officer, NETWORK, query=f"?county={code}").status_code == 404


@pytest.mark.parametrize("year", ["0000", "99999", "x", "%00", "２０２６"])
def test_a_wrong_year_shows_this_one(client, officer, year):
    page = get(client, officer, "stations:day_off_list", query=f"?year={year}")

    assert page.context["year"] == timezone.localdate().year


@pytest.mark.parametrize("day", ["2026-02-30", "gestern", "9999-01-01", "%00"])
def test_a_wrong_day_shows_today_with_a_sentence(client, officer, station, day):
    page = get(client, officer, NETWORK, query=f"?day={day}")

    assert page.context["coverage"].day == timezone.localdate()
    assert page.context["sentence"]


def test_a_past_day_shows_the_network_of_then(client, officer, station):
    page = get(client, officer, NETWORK, query="?day=2019-06-01")

    assert page.context["coverage"].stations == 0


def test_a_county_without_townships_says_what_to_do(client, officer):
    assert "load_divisions" in get(client, officer, NETWORK).text


@pytest.mark.parametrize("count", [1, 6])
def test_the_network_page_costs_the_same_for_any_county(
    client, officer, county, make_station, count, django_assert_max_num_queries
):
    for n in range(count):
        station = make_station(county, 300 + n, f"镇{n}", villages=2 * count)
        Liaison.objects.create(
            station=station,
            village=station.township.children.first(),
            name="石",
            post=LiaisonPost.OTHER,
            appointed_from=date(2024, 1, 1),
        )
    get(client, officer, NETWORK)

    with django_assert_max_num_queries(12):
        client.get(reverse(NETWORK))


def test_page_table_and_paper_agree(client, officer, county, station, make_station):
    # As many gaps as a county in which a fifth of the villages changed hands.
    make_station(county, 400, "大河", villages=17)
    page = get(client, officer, NETWORK)
    paper = get(client, officer, "stations:gap_list")

    figures = page.context["coverage"]
    reader = PdfReader(BytesIO(paper.content))
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    assert len(reader.pages) == 1
    for _township, village in figures.gaps:
        assert village.name in text
    assert str(figures.vacant) in text
    assert paper["Content-Disposition"].endswith(f'-{figures.day}.pdf"')


def test_the_gap_page_lists_each_gap_once(client, officer, station):
    page = get(client, officer, "stations:gap_page")

    assert page.text.count('<td class="l">青溪') == 3


# ── Stations ────────────────────────────────────────────────────────────────────────────


def test_the_neighbour_and_the_stranger_find_no_station_of_others(
    client, neighbour, stranger, station
):
    names = ["station_detail", "station_edit", "contact_point_create"]
    for user in (neighbour, stranger):
        for name in names:
            assert get(client, user, f"stations:{name}", station.pk).status_code == 404


def profile(**fields):
    return {
        "name": "青溪镇法律援助工作站",
        "short_name": "青溪",
        "host_type": "judicial_office",
        "phone": "0564-5021234",
        "hours": "工作日8:30–17:30",
    } | fields


def test_a_clerk_edits_the_own_profile(client, clerk, station):
    client.force_login(clerk)

    client.post(reverse("stations:station_edit", args=[station.pk]), profile())

    station.refresh_from_db()
    assert (station.phone, station.code) == ("0564-5021234", station.township.code)


def test_a_wrong_phone_keeps_what_was_typed(client, clerk, station):
    client.force_login(clerk)

    page = client.post(
        reverse("stations:station_edit", args=[station.pk]), profile(phone="没有", hours="周三")
    )

    assert list(page.context["form"].errors) == ["phone"]
    assert "周三" in page.text


def opening(township, **fields):
    return profile(township=township.pk, opened_on="2026-01-05", **fields)


def test_an_officer_opens_a_station_and_it_takes_over_its_liaisons(
    client, officer, county, station, make_division
):
    township = make_division("349001200", "新镇", county.division)
    village = make_division("349001200201", "新村", township)
    liaison = Liaison.objects.create(
        station=station,
        village=village,
        name="石",
        post=LiaisonPost.OTHER,
        appointed_from=date(2024, 1, 1),
    )
    client.force_login(officer)

    client.post(reverse("stations:station_open"), opening(township, name="新镇站"))

    opened = Station.objects.get(township=township)
    assert (opened.code, opened.county) == (township.code, county)
    liaison.refresh_from_db()
    assert liaison.station == opened


def test_a_township_with_a_station_gets_no_second_one(client, officer, station):
    client.force_login(officer)

    page = client.post(reverse("stations:station_open"), opening(station.township))

    assert "township" in page.context["form"].errors
    assert Station.objects.count() == 1


def test_a_clerk_opens_and_closes_no_station(client, clerk, station):
    assert get(client, clerk, "stations:station_open").status_code == 403
    assert get(client, clerk, "stations:station_close", station.pk).status_code == 403


@pytest.mark.parametrize(
    ("day", "closes"), [("2026-03-01", True), ("2019-01-01", False), ("9999-01-01", False)]
)
def test_a_station_closes_on_a_day_it_was_open(client, officer, station, day, closes):
    client.force_login(officer)

    client.post(reverse("stations:station_close", args=[station.pk]), {"closed_on": day})

    station.refresh_from_db()
    assert (station.closed_on is not None) == closes


def test_a_closed_station_is_not_closed_again(client, officer, station):
    station.closed_on = date(2026, 3, 1)
    station.save()
    client.force_login(officer)

    client.post(
        reverse("stations:station_close", args=[station.pk]), {"closed_on": "2026-04-01"}
    )

    station.refresh_from_db()
    assert station.closed_on == date(2026, 3, 1)


def test_a_contact_point_is_opened_changed_and_closed(client, clerk, station, village):
    client.force_login(clerk)
    typed = {"village": village.pk, "name": "青溪1村联系点", "opened_on": "2025-01-01"}

    client.post(reverse("stations:contact_point_create", args=[station.pk]), typed)
    point = ContactPoint.objects.get()
    client.post(
        reverse("stations:contact_point_edit", args=[point.pk]), typed | {"has_sign": "on"}
    )
    client.post(
        reverse("stations:contact_point_close", args=[point.pk]), {"closed_on": "2026-01-01"}
    )

    point.refresh_from_db()
    assert (point.village, point.has_sign, point.closed_on) == (village, True, date(2026, 1, 1))


def test_a_village_with_a_contact_point_gets_no_second_one(client, clerk, station, village):
    ContactPoint.objects.create(
        station=station, village=village, name="点", opened_on=date(2025, 1, 1)
    )
    client.force_login(clerk)

    page = client.post(
        reverse("stations:contact_point_create", args=[station.pk]),
        {"village": village.pk, "name": "点二", "opened_on": "2025-01-01"},
    )

    assert "village" in page.context["form"].errors


def test_a_neighbour_finds_no_contact_point_of_others(client, neighbour, station, village):
    point = ContactPoint.objects.create(
        station=station, village=village, name="点", opened_on=date(2025, 1, 1)
    )

    for name in ("contact_point_edit", "contact_point_close"):
        assert get(client, neighbour, f"stations:{name}", point.pk).status_code == 404


# ── Changes of divisions ────────────────────────────────────────────────────────────────


def change(client, query, **fields):
    today = timezone.localdate().isoformat()
    return client.post(reverse("stations:division_change") + query, {"on": today} | fields)


def test_the_preview_changes_nothing_and_the_confirmation_does(client, officer, village):
    client.force_login(officer)
    query = f"?change=rename&of={village.pk}"
    before = list(Division.objects.values())

    preview = change(client, query, name_0="新村")

    assert [row.name for row in preview.context["effects"].begun] == ["新村"]
    assert list(Division.objects.values()) == before
    assert not DivisionEvent.objects.exists()

    change(client, query, name_0="新村", confirm="1")
    assert DivisionEvent.objects.get().recorded_by == officer
    assert Division.objects.filter(name="新村").exists()


def test_a_split_and_a_merger_go_through_the_pages(client, officer, station):
    client.force_login(officer)
    first, second, third = station.township.children.order_by("code")
    code = station.township.code

    change(
        client,
        f"?change=split&of={first.pk}&parts=2",
        name_0="东村",
        code_0=first.code,
        name_1="西村",
        code_1=f"{code}299",
        confirm="1",
    )
    change(
        client,
        f"?change=merge&of={second.pk}&of={third.pk}",
        carries_on=second.pk,
        name_0="大村",
        code_0=second.code,
        confirm="1",
    )

    current = station.township.children.filter(valid_to=None).order_by("code")
    assert [row.name for row in current] == ["东村", "大村", "西村"]
    page = get(client, officer, "stations:division_events")
    assert "东村" in page.text
    assert "大村" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "?change=rename",
        "?change=explode&of={0}",
        "?change=merge&of={0}",
        "?change=rename&of={0}&of={1}",
        "?change=merge&of={0}&of={township}",
        "?change=rename&of=999999",
        "?change=split&of={0}&parts=99",
    ],
)
def test_a_wrong_choice_returns_to_the_first_step(client, officer, station, query):
    villages = [village.pk for village in station.township.children.all()]

    page = get(
        client,
        officer,
        "stations:division_change",
        query=query.format(*villages, township=station.township_id),
    )

    assert page.status_code == 200
    assert page.context["form"].errors


def test_a_refused_change_shows_the_sentence(client, officer, village):
    client.force_login(officer)

    page = change(client, f"?change=rename&of={village.pk}", name_0=village.name, confirm="1")

    assert page.context["form"].non_field_errors()
    assert not DivisionEvent.objects.exists()


def test_another_countys_divisions_cannot_be_changed(client, officer, far_station):
    page = get(
        client,
        officer,
        "stations:division_change",
        query=f"?change=rename&of={far_station.township_id}",
    )

    assert "of" in page.context["form"].errors


# ── The county's rules ──────────────────────────────────────────────────────────────────


def rules(county, **fields):
    names = {
        "bureau_name": county.bureau_name,
        "center_name": county.center_name,
        "short_name": county.short_name,
        "complaint_phone": "0564-5029999",
    }
    return DEFAULT_PARAMETERS | names | fields


def test_every_parameter_has_its_meaning():
    assert PARAMETERS.keys() | HOURS.keys() == DEFAULT_PARAMETERS.keys()
    shown = [field.name for _heading, fields in CountyForm().groups for field in fields]
    assert sorted(shown) == sorted(DEFAULT_PARAMETERS)


def test_only_what_differs_from_the_default_is_kept(client, officer, county):
    client.force_login(officer)

    client.post(
        reverse("stations:county_parameters"),
        rules(county, vacancy_days=20, duty_morning_from="08:30", why="年初会议"),
    )

    county = County.objects.get(pk=county.pk)
    assert county.parameters == {"vacancy_days": 20, "duty_morning_from": "08:30"}
    assert county.complaint_phone == "0564-5029999"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"vacancy_days": 0}, "vacancy_days"),
        ({"vacancy_days": "x"}, "vacancy_days"),
        ({"surge_percent": 10**9}, "surge_percent"),
        ({"grave_persons": 2}, "grave_persons"),
        ({"duty_morning_to": "08:00"}, "duty_morning_to"),
        ({"bureau_name": ""}, "bureau_name"),
    ],
)
def test_a_wrong_rule_is_refused_beside_it(client, officer, county, fields, wrong):
    client.force_login(officer)

    page = client.post(reverse("stations:county_parameters"), rules(county, **fields))

    assert list(page.context["form"].errors) == [wrong]
    assert County.objects.get(pk=county.pk).parameters == {}


def test_the_rules_are_the_officers(client, director, clerk):
    for user in (director, clerk):
        assert get(client, user, "stations:county_parameters").status_code == 403


# ── The calendar ────────────────────────────────────────────────────────────────────────


def test_typed_days_count_for_the_county_over_the_nation(client, officer, county):
    client.force_login(officer)

    client.post(
        reverse("stations:day_off_list"),
        {"lines": "2031-01-01 放假 元旦\n2031-02-05至2031-02-07 放假 春节\n2031-02-08 上班"},
    )

    calendar = DayOff.objects.calendar(county)
    assert not calendar.is_working_day(date(2031, 2, 6))
    assert calendar.is_working_day(date(2031, 2, 8))
    assert DayOff.objects.calendar().is_working_day(date(2031, 2, 6))


@pytest.mark.parametrize(
    "lines",
    [
        "明天 放假",
        "2031-01-01",
        "2031-01-01 也许",
        "2031-02-30 放假",
        "2031-01-05至2031-01-01 放假",
        "2031-01-01至2031-12-31 放假",
        "2031-01-01 放假\n2031-01-01 上班",
        "",
        "😀",
    ],
)
def test_wrong_days_get_a_sentence_and_save_nothing(client, officer, county, lines):
    client.force_login(officer)

    page = client.post(reverse("stations:day_off_list"), {"lines": lines})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not DayOff.objects.filter(county=county).exists()


def test_only_the_countys_own_days_are_taken_back(client, officer, county, next_county):
    own = DayOff.objects.create(day=date(2031, 1, 1), is_off=True, name="元旦", county=county)
    other = DayOff.objects.create(
        day=date(2031, 1, 1), is_off=True, name="元旦", county=next_county
    )
    nation = DayOff.objects.filter(county=None).first()
    client.force_login(officer)

    answers = [
        client.post(reverse("stations:day_off_drop", args=[day.pk])).status_code
        for day in (own, other, nation)
    ]

    assert answers == [302, 404, 404]
    assert not DayOff.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize(
    ("today", "is_due"), [(date(2030, 11, 30), False), (date(2030, 12, 1), True)]
)
def test_from_december_a_missing_year_is_due(county, today, is_due):
    assert DayOff.objects.is_due(county, today) == is_due

    DayOff.objects.create(
        day=today + timedelta(days=60), is_off=True, name="元旦", county=county
    )
    assert not DayOff.objects.is_due(county, today)
