"""Liaisons: appointed, ended, and listed with masked phones."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stations.liaisons import posts
from stations.liaisons.posts import MoveRefused
from stations.models import Appointment, Liaison

from .conftest import PHONE


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

    assert page.status_code == 422
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


def test_a_future_last_day_keeps_the_liaison_in_post_until_then(make_liaison, clerk):
    row = make_liaison()
    tomorrow = timezone.localdate() + timedelta(days=1)

    posts.end(row, last_day=tomorrow, reason="退休", by=clerk)

    assert list(Liaison.objects.in_post_on(timezone.localdate())) == [row]
