from datetime import timedelta

import pytest
from django.urls import reverse

from stations.models import Poster
from stations.terms import WallItem
from stations.walls import postings
from stations.walls import states as wall_states
from stations.walls.states import WallState, changed_on
from tests.stations.wall_world import TODAY, clock, hang, hang_all, line, live, photo, walled

__all__ = ["clock", "walled"]

PHONE = WallItem.CONTACT


@pytest.mark.parametrize(
    ("states", "hung", "expected"),
    [
        ("A", 0, None),
        ("AB", 0, 1),
        ("ABC", 0, 1),
        # True again in between: only what came after the last time counts.
        ("ABA", 0, None),
        ("ABAC", 0, 3),
        ("ABC", 1, 2),
    ],
)
def test_a_poster_is_wrong_from_the_first_change_after_it_was_last_right(
    states, hung, expected
):
    timeline = [
        Poster(pk=n + 1, digest=sign, live_from=TODAY + timedelta(days=n))
        for n, sign in enumerate(states)
    ]
    since = changed_on(timeline, timeline[hung])
    assert since == (expected and TODAY + timedelta(days=expected))


@pytest.mark.django_db
def test_a_county_without_texts_has_no_posters(station):
    assert {
        each.state for each in wall_states.walls(station.county, [station], TODAY)[station.pk]
    } == {WallState.NO_TEXT}


@pytest.mark.django_db
def test_an_old_paper_that_was_put_up_again_is_still_out_of_date(walled, clerk):
    hang(walled, PHONE, TODAY, clerk)
    sign = live(walled, PHONE, TODAY)
    walled.phone = "0564-000-0099"
    walled.save()
    postings.post(walled, PHONE, digest=sign, photo=photo("red"), posted_on=TODAY, by=clerk)
    assert line(walled).state == WallState.STALE


@pytest.mark.django_db
def test_the_walls_of_one_and_of_many_stations_cost_the_same(
    walled, make_station, clerk, client, officer, django_assert_max_num_queries
):
    hang_all(walled, TODAY, clerk)
    client.force_login(officer)
    page = reverse("stations:wall_list")
    client.get(page)
    for number in range(3):
        make_station(walled.county, 110 + number, f"站{number}")
        with django_assert_max_num_queries(22):
            answer = client.get(page)
    assert len(answer.context["rows"]) == 4
