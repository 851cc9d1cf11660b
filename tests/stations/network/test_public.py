"""Open pages of the ground floor: home, finder, privacy; no account, no cookie, no personal data."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from stations.models import AidWorker, DayOff, DutyMonth, DutySlot
from stations.network.public import tell
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def phoned(station):
    station.phone, station.address = "0564-000-0011", "青溪镇政府一楼"
    station.hours = "工作日8:30–11:30，14:30–17:30"
    station.save()
    return station


@pytest.fixture
def on_duty(phoned, county, make_worker, officer):
    month = DutyMonth.objects.create(
        county=county,
        month=date(2026, 11, 1),
        planned_at=timezone.now(),
        planned_by=officer,
        published_at=timezone.now(),
        published_by=officer,
    )
    return DutySlot.objects.create(
        duty_month=month,
        station=phoned,
        day=date(2026, 11, 4),
        half="am",
        worker=make_worker("郑法"),
    )


def test_a_visitor_gets_every_open_page_without_a_cookie(client, phoned):
    for name in ("public_home", "public_stations", "public_privacy"):
        page = client.get(reverse(f"stations:{name}"))
        assert page.status_code == 200
        assert "max-age" in page["Cache-Control"]
        assert not page.cookies


def test_the_sign_in_page_leads_to_the_public_home(client, county):
    page = client.get(reverse("stations:sign_in")).content.decode()
    assert reverse("stations:public_home") in page


def test_a_village_finds_its_station_with_phone_and_address(client, phoned, next_station):
    page = client.get(reverse("stations:public_stations"), {"q": "青溪2村"})
    text = page.content.decode()
    assert "0564-000-0011" in text
    assert "青溪镇政府一楼" in text
    assert next_station.name not in text


def test_today_s_duty_is_told_by_kind_and_by_name_only_where_the_county_says_so(
    on_duty, county
):
    now = at(2026, 11, 4, 9, 0)
    [told] = tell(county, now)
    assert told.door.state == "open"
    [duty] = told.duties
    assert (duty.kind, duty.name) == ("律师值班", "")

    county.parameters = {"public_duty_names": 2}
    county.save()
    [told] = tell(county, now)
    assert told.duties[0].name == "郑法"


def test_a_roster_not_published_and_an_absence_are_not_told(on_duty, county, head):
    now = at(2026, 11, 4, 9, 0)
    DutyMonth.objects.update(published_at=None, published_by=None)
    assert tell(county, now)[0].duties == ()
    assert AidWorker.objects.get().name == "郑法"


def test_a_day_off_closes_every_door(phoned, county):
    DayOff.objects.create(day=date(2026, 11, 4), is_off=True, name="县里放假", county=county)
    assert tell(county, at(2026, 11, 4, 9, 0))[0].door.state == "rest"


def test_a_site_of_several_counties_asks_first_and_keeps_the_choice(
    client, phoned, far_station
):
    home = client.get(reverse("stations:public_home")).content.decode()
    assert "清山县" in home
    assert "白水县" in home
    assert client.get(reverse("stations:public_stations")).status_code == 302
    page = client.get(reverse("stations:public_stations"), {"county": "349002"})
    text = page.content.decode()
    assert far_station.name in text
    assert phoned.name not in text
    assert "county=349002" in text
    for wrong in ("999999", "x", "349001' OR 1=1"):
        assert client.get(reverse("stations:public_home"), {"county": wrong}).status_code == 404


def test_whoever_searches_too_often_is_asked_to_wait_and_the_list_stays_open(
    client, phoned, monkeypatch
):
    monkeypatch.setattr("stations.views.public.MOST_SEARCHES", 1)
    address = reverse("stations:public_stations")
    client.get(address, {"q": "青溪"})
    page = client.get(address, {"q": "青溪"})
    assert page.status_code == 429
    assert "12348" in page.content.decode()
    assert client.get(address).status_code == 200


def test_large_print_is_kept_for_a_visitor_and_only_then_is_there_a_cookie(client, county):
    home = reverse("stations:public_home")
    answer = client.post(reverse("stations:public_print"), {"size": "large", "next": home})
    assert answer["Location"] == home
    assert "sessionid" in answer.cookies
    page = client.get(home)
    assert 'data-print="large"' in page.content.decode()
    # What is chosen next must not come from a cache of before.
    assert "no-cache" in page["Cache-Control"]
    assert "max-age" not in page["Cache-Control"]


def test_the_finder_costs_the_same_for_one_station_and_many(
    client, phoned, county, make_station, count_queries
):
    address = reverse("stations:public_stations")
    one, _page = count_queries(lambda: client.get(address))
    for n in range(4):
        make_station(county, 120 + n, f"第{n}")
    many, page = count_queries(lambda: client.get(address))
    assert len(page.context["found"]) == 5
    assert many == one
