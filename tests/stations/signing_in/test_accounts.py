"""Administrators: accounts by one, appointments by another, the log for a third."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stations.models import Appointment, Look, LookKind, User
from stations.roles import Role
from tests.conftest import PASSWORD, appoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_system_admin(client, system_admin):
    client.force_login(system_admin)
    return client


@pytest.fixture
def as_security_admin(client, security_admin):
    client.force_login(security_admin)
    return client


def test_a_new_account_gets_a_password_that_must_be_changed(as_system_admin, county):
    page = as_system_admin.post(
        reverse("stations:account_create"), {"name": "汪新来", "username": "wangxinlai"}
    )

    user = User.objects.get(username="wangxinlai")
    assert user.must_change_password
    assert user.check_password(page.context["password"])
    assert not user.posts


def test_an_account_taken_already_is_a_sentence_and_keeps_what_was_typed(
    as_system_admin, clerk
):
    page = as_system_admin.post(
        reverse("stations:account_create"), {"name": "汪新来", "username": clerk.username}
    )

    assert page.status_code == 422
    assert page.context["form"].errors["username"]
    assert page.context["form"]["name"].value() == "汪新来"


def test_a_reset_ends_the_old_password_and_is_written_down(as_system_admin, clerk):
    page = as_system_admin.post(reverse("stations:account_reset", args=[clerk.pk]))

    clerk.refresh_from_db()
    assert not clerk.check_password(PASSWORD)
    assert clerk.check_password(page.context["password"])
    assert Look.objects.filter(kind=LookKind.ACCOUNT, subject=f"user:{clerk.pk} password reset")


def test_a_closed_account_loses_every_post_at_once(as_system_admin, client, clerk):
    as_system_admin.post(reverse("stations:account_close", args=[clerk.pk]))

    assert User.objects.get(pk=clerk.pk).posts == []
    as_system_admin.post(reverse("stations:account_close", args=[clerk.pk]))
    assert len(User.objects.get(pk=clerk.pk).posts) == 1


def test_nobody_resets_or_closes_their_own_account(as_system_admin, system_admin):
    as_system_admin.post(reverse("stations:account_close", args=[system_admin.pk]))
    as_system_admin.post(reverse("stations:account_reset", args=[system_admin.pk]))

    system_admin.refresh_from_db()
    assert system_admin.is_active
    assert system_admin.check_password(PASSWORD)


def test_a_role_belongs_to_its_kind_of_place(as_security_admin, clerk, station, county):
    url = reverse("stations:appointment_create", args=[clerk.pk])

    page = as_security_admin.post(
        url, {"role": Role.HEAD, "county": county.pk, "from_on": "2026-01-01"}
    )
    assert page.context["form"].errors["station"]

    as_security_admin.post(
        url,
        {
            "role": Role.HEAD,
            "station": station.pk,
            "county": county.pk,
            "from_on": "2026-01-01",
        },
    )
    post = Appointment.objects.get(user=clerk, role=Role.HEAD)
    assert (post.station, post.county) == (station, None)


def test_the_same_open_appointment_twice_is_a_sentence(as_security_admin, clerk, station):
    page = as_security_admin.post(
        reverse("stations:appointment_create", args=[clerk.pk]),
        {"role": Role.CLERK, "station": station.pk, "from_on": "2026-01-01"},
    )

    assert page.status_code == 422
    assert page.context["form"].non_field_errors()
    assert Appointment.objects.filter(user=clerk).count() == 1


def test_places_of_another_county_are_not_offered(as_security_admin, clerk, far_station):
    page = as_security_admin.post(
        reverse("stations:appointment_create", args=[clerk.pk]),
        {"role": Role.HEAD, "station": far_station.pk, "from_on": "2026-01-01"},
    )

    assert page.context["form"].errors["station"]


def test_an_ended_appointment_opens_nothing_from_the_next_day(
    as_security_admin, clerk, station, make_entry
):
    post = Appointment.objects.get(user=clerk)
    yesterday = timezone.localdate() - timedelta(days=1)

    as_security_admin.post(
        reverse("stations:appointment_end", args=[post.pk]), {"last_day": yesterday}
    )

    assert User.objects.get(pk=clerk.pk).posts == []


def test_an_appointment_holds_from_its_first_to_its_last_day(make_user, station):
    user = make_user("temp", "临时工")
    today = timezone.localdate()
    appoint(user, Role.CLERK, station, from_on=today + timedelta(days=1))
    appoint(user, Role.DUTY, station, from_on=date(2020, 1, 1), to_on=today)

    assert [post.role for post in user.posts] == [Role.DUTY]


def test_an_administrator_sees_own_county_s_accounts_only(as_system_admin, clerk, stranger):
    assert (
        as_system_admin.get(reverse("stations:account_detail", args=[clerk.pk])).status_code
        == 200
    )
    for name in ("account_detail", "account_reset", "account_close"):
        url = reverse(f"stations:{name}", args=[stranger.pk])
        answer = (
            as_system_admin.get(url) if name == "account_detail" else as_system_admin.post(url)
        )
        assert answer.status_code == 404
    page = as_system_admin.get(reverse("stations:account_list"))
    assert stranger not in page.context["page"].object_list


def test_an_account_not_yet_appointed_is_seen_by_its_county_s_security_administrator(
    client, system_admin, security_admin
):
    client.force_login(system_admin)
    client.post(
        reverse("stations:account_create"), {"name": "汪新来", "username": "wangxinlai"}
    )
    client.force_login(security_admin)

    assert "汪新来" in client.get(reverse("stations:account_list")).content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_the_account_list_costs_the_same_for_any_length(
    as_system_admin, make_user, station, count, django_assert_max_num_queries
):
    for n in range(count):
        make_user(f"person{n}", f"人员{n}", Role.CLERK, station)

    with django_assert_max_num_queries(9):
        page = as_system_admin.get(reverse("stations:account_list"))

    assert page.context["page"].paginator.count == count + 1
