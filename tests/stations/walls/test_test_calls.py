from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from stations import chores, models
from stations.models import Chore, ChoreKind, ContactPoint
from stations.terms import CallResult
from stations.walls import test_calls
from stations.walls.test_calls import CallRefused, Number, chosen
from tests.stations.wall_world import TODAY, clock

__all__ = ["clock"]

NUMBERS = [Number("station", n, 0, f"0564-000-{n:04d}") for n in range(1, 42)]


@given(st.sets(st.integers(1, 41)), st.integers(0, 50), st.text(max_size=8))
def test_a_draw_repeats_is_as_large_as_asked_and_takes_what_failed_first(failed, size, seed):
    first = {NUMBERS[n - 1].key for n in failed}
    drawn = chosen(NUMBERS, first=first, size=size, seed=seed)
    assert drawn == chosen(NUMBERS, first=first, size=size, seed=seed)
    assert len(drawn) == len(set(drawn)) == max(len(failed), min(size, len(NUMBERS)))
    assert first <= {number.key for number in drawn}


@pytest.fixture
def numbers(county, station, next_station, village, clock):
    """Five published numbers: complaint, two stations with one second phone, one contact point."""
    county.complaint_phone = "0564-000-2148"
    county.parameters = {"test_calls_a_month": 3}
    county.save()
    station.phone, station.phone_2 = "0564-000-0011", "0564-000-0012"
    station.save()
    # The national hotline is not the county's to prove.
    next_station.phone, next_station.phone_2 = "0564-000-0022", "12348"
    next_station.save()
    ContactPoint.objects.create(
        station=station, village=village, name="点", phone="0564-000-3001", opened_on=TODAY
    )


@pytest.mark.django_db
def test_a_draw_is_made_once_a_day_from_all_published_numbers(
    numbers, county, officer, far_station
):
    assert len(test_calls.published_numbers(county, TODAY)) == 5
    draw = test_calls.draw(county, by=officer, seed="1")
    assert (draw.published, draw.size, draw.calls.count()) == (5, 3, 3)
    assert test_calls.draw(county, by=officer, seed="2") == draw


@pytest.mark.django_db
def test_a_county_without_numbers_draws_nothing(county, station, officer):
    with pytest.raises(CallRefused, match="还没有公布的号码"):
        test_calls.draw(county, by=officer)


@pytest.mark.django_db
def test_a_result_is_kept_once_and_another_is_a_new_call(numbers, county, officer, make_user):
    draw = test_calls.draw(county, by=officer, seed="1")
    call = draw.calls.first()
    test_calls.record(call, result=CallResult.DEAD, by=officer)
    test_calls.record(call, result=CallResult.DEAD, by=officer)
    with pytest.raises(CallRefused, match=f"{officer.name}已经打过这个号码：空号停机"):
        test_calls.record(call, result=CallResult.ANSWERED, by=officer)
    again = test_calls.call_again(call)
    assert test_calls.call_again(call) == again
    test_calls.record(again, result=CallResult.ANSWERED, by=officer)
    call.refresh_from_db()
    assert (call.result, again.attempt) == (CallResult.DEAD, 2)
    call.result = ""
    with pytest.raises(IntegrityError, match="with_who_and_when"), transaction.atomic():
        call.save()


@pytest.mark.django_db
def test_the_verified_rate_stands_beside_the_nominal_one(numbers, county, officer, clock):
    draw = test_calls.draw(county, by=officer, seed="1")
    for call, result in zip(
        draw.calls.all(), ("answered", "no_answer", "answered"), strict=True
    ):
        test_calls.record(call, result=result, by=officer)
    rate = test_calls.rate(county, TODAY)
    assert (rate.nominal, rate.places, rate.nominal_percent) == (3, 3, 100)
    assert (rate.published, rate.called, rate.answered) == (5, 3, 2)
    assert rate.live_percent == 67
    # A call proves a number for a year, and what failed is drawn again.
    assert test_calls.rate(county, TODAY + timedelta(days=366)).live_percent is None
    clock(TODAY + timedelta(days=30))
    failed = draw.calls.get(result="no_answer")
    assert failed.number in {
        call.number for call in test_calls.draw(county, by=officer).calls.all()
    }


@pytest.mark.django_db
def test_the_bureau_owes_a_draw_a_month_and_a_station_a_number_that_works(
    numbers, county, station, officer
):
    chores.refresh(county, ChoreKind.TEST_CALL)
    assert Chore.objects.get(county=county).key == "draw"
    draw = test_calls.draw(county, by=officer, seed="1")
    chores.refresh(county, ChoreKind.TEST_CALL)
    assert Chore.objects.get(county=county).title == "抽到的号码还有3个没打"
    call = draw.calls.first()
    call.station, call.kind, call.number = station, "station", station.phone
    call.save()
    test_calls.record(call, result=CallResult.WRONG, by=officer)
    chores.refresh(station, ChoreKind.TEST_CALL)
    assert Chore.objects.get(station=station).title == "0564-000-0011：号码不对"
    station.phone = "0564-000-0013"
    station.save()
    chores.refresh(station, ChoreKind.TEST_CALL)
    assert not Chore.objects.filter(station=station).exists()


@pytest.mark.django_db
def test_calls_are_entered_one_after_the_other_and_a_station_sees_its_own_only(
    numbers, county, station, officer, clerk, client
):
    # All five, so that both stations and the county itself are among them.
    county.parameters = {"test_calls_a_month": 5}
    county.save()
    client.force_login(officer)
    client.post(reverse("stations:test_call_draw"))
    page = reverse("stations:test_call_list")
    for _n in range(5):
        call = client.get(page).context["next"]
        client.post(
            reverse("stations:test_call_record", args=[call.pk]), {"result": "answered"}
        )
    answer = client.get(page)
    assert answer.context["next"] is None
    assert "100%" in answer.content.decode()
    answer = client.post(
        reverse("stations:test_call_record", args=[call.pk]), {"result": "dead"}, follow=True
    )
    assert "已经打过这个号码" in answer.content.decode()
    client.force_login(clerk)
    own = client.get(page).context["page"]
    assert {call.station for call in own} == {station}
    assert len(own) == 3 < models.TestCall.objects.count()
