"""Publicity: events with photos, media items, the calendar of outreach, figures."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from stations.calendar.quarters import next_quarter, quarter_of
from stations.models import MediaItem, Outreach, PublicityEvent
from stations.upkeep import publicity

pytestmark = pytest.mark.django_db


def photo(shade=100):
    content = io.BytesIO()
    Image.new("L", (40, 30), shade).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def record(station, county, clerk, today):
    def make(*, photos=(), by=clerk, **fields):
        values = {
            "station": station,
            "county": county,
            "kind": "lecture",
            "title": "农民工讨薪怎么办",
            "on": today,
            "place": "村部",
            "reached": 40,
            "leaflets": 60,
        }
        event = PublicityEvent(**(values | fields))
        return publicity.record_event(event, by=by, photos=photos)

    return make


def test_an_event_does_the_village_s_outreach_of_its_quarter(
    record, station, village, clerk, today
):
    quarter = quarter_of(today)
    planned = publicity.plan(station, village=village, quarter=quarter, by=clerk, today=today)
    again = publicity.plan(station, village=village, quarter=quarter, by=clerk, today=today)
    assert again == planned

    event = record(village=village)
    planned.refresh_from_db()
    assert planned.event == event

    publicity.void(event, reason="日期写错", by=clerk)
    planned.refresh_from_db()
    assert planned.event is None
    with pytest.raises(publicity.PublicityRefused):
        publicity.void(event, reason="再来", by=clerk)


def test_a_village_planned_after_the_event_is_done_at_once(
    record, station, village, clerk, today
):
    event = record(village=village)
    planned = publicity.plan(
        station, village=village, quarter=quarter_of(today), by=clerk, today=today
    )
    assert planned.event == event
    with pytest.raises(publicity.PublicityRefused):
        publicity.unplan(planned, today=today)


def test_only_a_coming_quarter_is_planned_and_taken_out(client, station, village, clerk, today):
    client.force_login(clerk)
    url = reverse("stations:outreach_plan", args=[station.pk])
    coming = next_quarter(quarter_of(today))
    past = quarter_of(quarter_of(today) - timedelta(days=1))
    for quarter in (coming, past, date(2026, 2, 3)):
        client.post(url, {"village": village.code, "quarter": quarter})
    assert [row.quarter for row in Outreach.objects.all()] == [coming]

    client.post(url, {"village": village.code, "quarter": coming, "drop": "1"})
    assert not Outreach.objects.exists()
    client.post(url, {"village": "x", "quarter": coming})
    assert not Outreach.objects.exists()


def test_a_missed_quarter_is_said(client, station, village, clerk):
    today = date(2026, 8, 10)
    second = Outreach.objects.create(
        station=station, village=village, quarter=date(2026, 4, 1), planned_by=clerk
    )
    rows = publicity.calendar(station, 2026, today)
    [row] = [row for row in rows if row.village == village]
    assert [slot.state for slot in row.slots] == ["", "missed", "", ""]

    owed = {each.key: each for each in publicity.owed(station, today)}
    assert set(owed) == {"outreach-2026-04-01", "plan-2026-07-01"}
    assert owed["outreach-2026-04-01"].since_on == date(2026, 7, 1)
    assert village.name in owed["outreach-2026-04-01"].text
    second.delete()
    client.force_login(clerk)
    page = client.get(reverse("stations:outreach_calendar", args=[station.pk]))
    assert page.status_code == 200


def test_figures_add_up_by_station_and_by_kind(
    record, station, next_station, county, officer, clerk, today
):
    record(photos=[photo()])
    record(reached=10, leaflets=0)
    record(station=None, by=officer, reached=100)
    wrong = record()
    publicity.void(wrong, reason="重复", by=clerk)
    for kind, place in (("online", station), ("online", None), ("broadcast", None)):
        publicity.record_media(
            MediaItem(
                county=county, station=place, kind=kind, title="法援", outlet="县台", on=today
            ),
            by=officer,
        )

    own, other, county_s = publicity.figures([station, next_station], county, today.year, today)

    assert (own.events, own.with_photo, own.reached, own.leaflets) == (2, 1, 50, 60)
    assert (own.broadcasts, own.articles, own.online) == (0, 0, 1)
    assert other.events == 0
    assert (county_s.events, county_s.broadcasts, county_s.online) == (1, 1, 1)
    first, end = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    assert publicity.media_between(first, end).count() == 3


def test_an_event_is_typed_with_photos_and_filtered(client, clerk, village, today):
    client.force_login(clerk)
    url = reverse("stations:event_create")
    typed = {
        "kind": "stand",
        "title": "赶集日摆摊",
        "on": today,
        "village": village.pk,
        "place": "集市",
        "reached": "0",
        "leaflets": "50",
    }
    answer = client.post(url, typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["reached"]
    files = [SimpleUploadedFile(f"{n}.png", photo(n * 9)) for n in range(7)]
    answer = client.post(url, typed | {"reached": "30", "photos": files})
    assert list(answer.context["form"].errors) == ["photos"]
    client.post(
        url,
        typed
        | {"reached": "30", "photos": [SimpleUploadedFile(f"{n}", photo(n)) for n in (1, 2)]},
    )
    event = PublicityEvent.objects.get()
    assert event.photos.count() == 2
    assert event.village == village
    more = {"photos": SimpleUploadedFile("c.png", photo(3))}
    client.post(reverse("stations:event_photos", args=[event.pk]), more)
    assert event.photos.count() == 3

    page = client.get(reverse("stations:publicity_list"), {"proof": "no"})
    assert page.context["page"].paginator.count == 0
    page = client.get(reverse("stations:publicity_list"), {"proof": "yes", "kind": "stand"})
    assert page.context["sums"] == {"events": 1, "people": 30, "papers": 50}


def test_the_county_s_rows_are_not_a_station_s_to_void(client, record, clerk, officer, station):
    event = record(station=None, by=officer)
    client.force_login(clerk)
    url = reverse("stations:event_void", args=[event.pk])
    assert client.post(url, {"reason": "x"}).status_code == 404
    client.post(
        reverse("stations:media_create"),
        {"kind": "online", "title": "法援故事", "outlet": "公众号", "on": "2026-03-01"},
    )
    item = MediaItem.objects.get()
    assert item.station == station
    client.post(reverse("stations:media_void", args=[item.pk]), {"reason": "重复"})
    assert not MediaItem.objects.counted().exists()


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_any_length(client, clerk, record, count_queries, count):
    for n in range(count):
        record(title=f"第{n}场", photos=[photo(n)])
    client.force_login(clerk)

    queries, page = count_queries(lambda: client.get(reverse("stations:publicity_list")))

    assert page.context["page"].paginator.count == count
    assert queries == 8
