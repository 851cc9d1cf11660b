"""Premises: checks by item, requests to the county, what is owed, what the assessment reads."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from stations import chores
from stations.models import ChoreKind, PremisesCheck, PremisesNeed
from stations.terms import ItemState, NeedAnswer, PremisesItem
from stations.upkeep import premises

pytestmark = pytest.mark.django_db


def photo(shade=120):
    content = io.BytesIO()
    Image.new("L", (40, 30), shade).save(content, "PNG")
    return content.getvalue()


def owed(place):
    chores.refresh(place, ChoreKind.PREMISES)
    return {chore.key: chore for chore in place.chores.filter(kind=ChoreKind.PREMISES)}


@pytest.fixture
def today():
    return timezone.localdate()


def all_there(station, clerk, on, **other):
    states = dict.fromkeys(PremisesItem, ItemState.THERE) | other
    return premises.record(
        station, [(item, state, "", b"") for item, state in states.items()], on=on, by=clerk
    )


def test_the_last_check_of_an_item_counts_and_the_earlier_stays(station, clerk, today):
    phone = PremisesItem.PHONE
    premises.record(station, [(phone, ItemState.THERE, "", photo())], on=today, by=clerk)
    premises.record(station, [(phone, ItemState.BROKEN, "没声音", b"")], on=today, by=clerk)

    [line] = [line for line in premises.lines(station, today) if line.item == phone]

    assert (line.state, line.check.words) == (ItemState.BROKEN, "没声音")
    assert PremisesCheck.objects.filter(item=phone).count() == 2


def test_the_assessment_reads_items_of_a_year_with_their_rows_and_photos(station, clerk, today):
    items = premises.OF_EQUIPMENT
    old = today - timedelta(days=premises.CHECK_DAYS + 1)
    premises.record(station, [(items[0], ItemState.THERE, "", b"")], on=old, by=clerk)
    checks = premises.record(
        station,
        [
            (items[1], ItemState.THERE, "", photo()),
            (items[2], ItemState.MISSING, "", b""),
        ],
        on=today,
        by=clerk,
    )

    state = premises.state_of(station, items, today)

    assert (state.there, state.total) == (1, 5)
    assert set(state.rows) == {check.pk for check in checks}
    assert state.photos == (checks[0].pk,)
    assert set(state.unchecked) == {"phone", "id_reader", "file_cabinet"}


def test_what_is_missing_is_owed_until_the_county_was_asked(station, clerk, officer, today):
    station.county.refresh_from_db()
    assert "check" in owed(station)
    all_there(station, clerk, today, **{PremisesItem.ID_READER: ItemState.MISSING})
    assert set(owed(station)) == {"item-id_reader"}

    need = premises.ask(station, item="id_reader", why="没有读卡器", by=clerk)
    assert owed(station) == {}
    with pytest.raises(premises.PremisesRefused):
        premises.ask(station, item="id_reader", why="再要一个", by=clerk)
    [chore] = owed(station.county).values()
    assert "身份证" in chore.title or "reader" in chore.title

    premises.answer(need, answer=NeedAnswer.GRANTED, words="", by=officer)
    assert owed(station.county) == {}
    with pytest.raises(premises.PremisesRefused, match=officer.name):
        premises.answer(need, answer=NeedAnswer.REFUSED, words="", by=officer)

    premises.record(
        station, [(PremisesItem.ID_READER, ItemState.THERE, "", b"")], on=today, by=clerk
    )
    need.refresh_from_db()
    assert (need.done_on, need.done_by) == (today, clerk)


def test_the_check_keeps_what_was_typed_and_says_what_is_wrong(client, clerk, station):
    client.force_login(clerk)
    url = reverse("stations:premises_check", args=[station.pk])

    answer = client.post(
        url,
        {
            "on": "2026-01-05",
            "words_phone": "线路已报修",
            "state_computer": "there",
            "photo_computer": SimpleUploadedFile("a.png", b"not a picture"),
        },
    )
    assert answer.status_code == 422
    assert "线路已报修" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"state_phone", "photo_computer"}
    assert not PremisesCheck.objects.exists()

    assert client.post(url, {"on": "2026-01-05"}).status_code == 422
    to_come = timezone.localdate() + timedelta(days=2)
    assert client.post(url, {"on": to_come, "state_phone": "there"}).status_code == 422

    client.post(
        url,
        {
            "on": "2026-01-05",
            "state_computer": "there",
            "photo_computer": SimpleUploadedFile("a.png", photo()),
        },
    )
    check = PremisesCheck.objects.get()
    assert (check.on, check.by, check.photo.is_picture) == (date(2026, 1, 5), clerk, True)
    page = client.get(reverse("stations:premises_detail", args=[station.pk]))
    assert reverse("stations:evidence_file", args=[check.photo_id]) in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_matrix_costs_the_same_for_any_number_of_stations(
    client, officer, county, station, make_station, clerk, count_queries, count, today
):
    for n in range(count - 1):
        all_there(make_station(county, 110 + n, f"站{n}"), clerk, today)
    premises.ask(station, item="phone", why="坏了", by=clerk)
    client.force_login(officer)

    queries, page = count_queries(lambda: client.get(reverse("stations:premises_matrix")))

    assert len(page.context["rows"]) == count
    assert queries == 9


def test_a_neighbour_s_need_and_page_are_not_found(client, officer, stranger, station, clerk):
    need = premises.ask(station, item="phone", why="坏了", by=clerk)
    client.force_login(stranger)
    assert client.get(reverse("stations:premises_detail", args=[station.pk])).status_code == 404
    client.force_login(officer)
    url = reverse("stations:need_answer", args=[need.pk])
    assert client.post(url, {"answer": "refused"}).status_code == 422
    client.post(url, {"answer": "refused", "words": "先用旧的"})
    assert PremisesNeed.objects.get().answer == NeedAnswer.REFUSED
