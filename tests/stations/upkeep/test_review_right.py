"""Who reviews is to be trained: the warning, and the county's exemption for a while."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from stations.models import TrainingExemption, TrainingSession
from stations.upkeep import review_right, training

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def train(county, person, on, officer):
    session = TrainingSession(
        county=county,
        on=on,
        title="受理与初审",
        topic="程序规定",
        trainer="林老师",
        hours=Decimal("4"),
        place="县局三楼",
    )
    training.hold(session, by=officer)
    people = training.people_of(training.stations_of(session), on)
    training.sign_in(session, {f"u{person.pk}"}, people=people, by=officer)
    return session


def test_training_of_the_last_year_counts_and_a_void_session_does_not(
    county, clerk, officer, today
):
    def right():
        return review_right.right_of(clerk, county, today)

    assert right().last_on is None
    train(county, clerk, today - timedelta(days=366), officer)
    assert right().is_warned
    session = train(county, clerk, today - timedelta(days=365), officer)
    assert right().is_current
    training.void(session, reason="记错了", by=officer)
    assert right().is_warned
    county.parameters = {"review_training_days": 400}
    assert right().is_current


def test_the_review_page_warns_until_the_county_lets_it_pass(
    client, make_application, clerk, officer, county, today
):
    application = make_application()
    review = reverse("casework:application_review", args=[application.pk])
    warning = "您的培训已过期"
    client.force_login(clerk)
    assert warning in client.get(review, headers={"Accept-Language": "zh-hans"}).text

    client.force_login(officer)
    page = reverse("stations:review_right_list")
    warned = [
        right.user for _station, right in client.get(page).context["rows"] if right.is_warned
    ]
    assert clerk in warned
    exempt = reverse("stations:review_right_exempt", args=[clerk.pk])
    far = client.post(exempt, {"until_on": today + timedelta(days=200), "reason": "下期补训"})
    assert far.status_code == 422
    for _press in range(2):
        client.post(exempt, {"until_on": today + timedelta(days=30), "reason": "下期补训"})
    exemption = TrainingExemption.objects.get()
    assert (exemption.recorded_by, exemption.reason) == (officer, "下期补训")
    client.force_login(clerk)
    assert warning not in client.get(review, headers={"Accept-Language": "zh-hans"}).text

    client.force_login(officer)
    end = reverse("stations:review_right_end", args=[exemption.pk])
    for _press in range(2):
        client.post(end, {"reason": "已安排培训"})
    client.force_login(clerk)
    assert warning in client.get(review, headers={"Accept-Language": "zh-hans"}).text
    exemption.refresh_from_db()
    assert exemption.void_reason == "已安排培训"


def test_nobody_of_another_county_or_without_the_post_is_let_off(
    client, officer, stranger, duty, liaison, county, today
):
    client.force_login(officer)
    address = reverse("stations:review_right_exempt", args=[stranger.pk])
    assert client.get(address).status_code == 404
    with pytest.raises(review_right.ExemptionRefused):
        review_right.exempt(liaison, county, until_on=today, reason="不做初审", by=officer)
    assert review_right.exempt(duty, county, until_on=today, reason="下期补训", by=officer)


def test_the_page_costs_the_same_for_one_and_many(
    client, officer, clerk, station, make_user, count_queries
):
    client.force_login(officer)
    page = reverse("stations:review_right_list")
    one, _answer = count_queries(lambda: client.get(page))
    for n in range(4):
        make_user(f"duty{n}", f"值班{n}", "duty", station)
    many, answer = count_queries(lambda: client.get(page))
    assert len(answer.context["rows"]) == 5
    assert many == one
