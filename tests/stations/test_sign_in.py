"""Signing in, being signed out, and passwords (rules 8.3)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stations.models import Look, User
from stations.models.looks import LookKind
from stations.models.people import PASSWORD_AGE
from stations.signing_in.passwords import LongAndVaried
from tests.conftest import PASSWORD

NEW = "另一个口令-2027-abc"


@pytest.fixture
def client_elsewhere():
    return Client()


def ask(client, username="clerk", password=PASSWORD, *, address="127.0.0.1", **more):
    return client.post(
        reverse("stations:sign_in"),
        {"username": username, "password": password, **more},
        REMOTE_ADDR=address,
    )


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post(
        reverse("stations:password_change"),
        {"old_password": old, "new_password1": new, "new_password2": again or new},
    )


def moved_back(client, name, by):
    """Make a moment of the session lie further back, as if time had passed."""
    session = client.session
    session[name] = (timezone.now() - by).isoformat()
    session.save()


def test_the_right_password_leads_to_the_desk_and_leaves_a_look(client, clerk, station):
    page = ask(client)

    assert page.status_code == 302
    assert page["Location"] == reverse("desk")
    look = Look.objects.get(kind=LookKind.SIGN_IN)
    assert (look.user, look.station, look.county) == (clerk, station, station.county)


def test_signing_in_leads_back_to_the_page_one_was_on(client, clerk):
    asked = client.get("/password/?tab=1")

    assert asked["Location"] == "/sign-in/?next=/password/%3Ftab%3D1"
    assert ask(client, next="/password/?tab=1")["Location"] == "/password/?tab=1"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"]
)
def test_signing_in_never_leads_to_another_site(client, clerk, elsewhere):
    assert ask(client, next=elsewhere)["Location"] == reverse("desk")


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, clerk):
    wrong_password = ask(client, "clerk", "wrong").context["form"].non_field_errors()
    wrong_name = ask(client, "nobody", "wrong").context["form"].non_field_errors()

    assert wrong_password == wrong_name
    assert "还可以再试4次" in wrong_name[0]


def test_a_closed_account_gets_the_same_answer(client, clerk):
    clerk.is_active = False
    clerk.save()

    assert "账号或密码不对" in ask(client).context["form"].non_field_errors()[0]


def test_five_wrong_passwords_lock_the_account_wherever_they_come_from(client, clerk):
    for n in range(5):
        ask(client, password="wrong", address=f"10.0.0.{n}")

    page = ask(client, address="10.0.0.9")

    assert page.status_code == 429
    assert "锁定30分钟" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_one_address_cannot_go_through_the_accounts(client, clerk, monkeypatch):
    monkeypatch.setattr("stations.views.sign_in.MOST_FAILURES", 3)
    for n in range(3):
        assert ask(client, f"nobody{n}", "wrong", address="10.0.0.1").status_code == 200

    page = ask(client, address="10.0.0.1")

    assert page.status_code == 429
    assert "一刻钟" in page.text
    assert ask(client, address="10.0.0.2").status_code == 302


def test_the_lock_of_one_account_does_not_lock_another(client, clerk, head):
    for _try in range(5):
        ask(client, password="wrong")

    assert ask(client, "head").status_code == 302


@pytest.mark.parametrize("is_production", [False, True])
def test_a_demonstration_account_opens_only_a_demonstration(
    client, make_user, settings, is_production
):
    make_user("demo", "演示", is_demo=True)
    settings.PRODUCTION = is_production

    assert (ask(client, "demo").status_code == 302) is not is_production


def test_accounts_are_listed_in_a_demonstration_only(client, db, settings):
    assert "演示" in client.get(reverse("stations:sign_in")).content.decode()

    settings.DEMO = False
    assert "演示" not in client.get(reverse("stations:sign_in")).content.decode()


def test_the_picture_lights_a_square_for_each_station(client, station, county):
    picture = client.get(reverse("stations:sign_in")).context["picture"]

    assert picture["house"] == county.bureau_name
    assert [square["is_lit"] for square in picture["squares"]] == [True, False, False]


def test_signing_out_takes_a_post_and_ends_the_session(client, clerk):
    client.force_login(clerk)

    assert client.get(reverse("stations:sign_out")).status_code == 405
    assert client.post(reverse("stations:sign_out")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_pages_of_signed_in_people_are_not_kept_by_the_browser(client, clerk):
    client.force_login(clerk)

    assert "no-store" in client.get(reverse("stations:password_change"))["Cache-Control"]


def test_half_an_hour_without_a_page_ends_the_session(client, clerk):
    client.force_login(clerk)
    client.get(reverse("stations:password_change"))
    moved_back(client, "seen_at", timedelta(minutes=31))

    page = client.get("/password/", follow=True)

    assert page.redirect_chain == [("/sign-in/?next=/password/", 302)]
    assert "半小时没有操作" in page.content.decode()


def test_twenty_nine_minutes_do_not(client, clerk):
    client.force_login(clerk)
    client.get(reverse("stations:password_change"))
    moved_back(client, "seen_at", timedelta(minutes=29))

    assert client.get("/password/").status_code == 200


def test_a_session_ends_after_twelve_hours_however_busy(client, clerk):
    client.force_login(clerk)
    moved_back(client, "signed_in_at", timedelta(hours=12, minutes=1))

    page = client.get("/password/", follow=True)

    assert "满12小时" in page.content.decode()


def test_an_administrator_is_signed_in_in_one_place_only(
    client, system_admin, client_elsewhere
):
    client.force_login(system_admin)
    client.get("/password/")
    client_elsewhere.force_login(system_admin)

    assert client_elsewhere.get("/password/").status_code == 200
    assert "另一台电脑" in client.get("/password/", follow=True).content.decode()


def test_a_clerk_may_be_signed_in_at_two_desks(client, clerk, client_elsewhere):
    client.force_login(clerk)
    client.get("/password/")
    client_elsewhere.force_login(clerk)

    assert client.get("/password/").status_code == 200


def test_a_piece_asked_for_after_the_session_ended_is_answered_401(client, clerk):
    assert client.get("/password/", headers={"HX-Request": "true"}).status_code == 401

    client.force_login(clerk)
    client.get("/password/")
    moved_back(client, "seen_at", timedelta(hours=1))
    assert client.get("/password/", headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize(
    ("typed_on", "back"),
    [("http://testserver/password/", "/password/"), ("http://evil.example/x/", "/"), ("", "/")],
)
def test_a_post_after_the_session_ended_leads_back_to_the_page_it_was_typed_on(
    client, clerk, typed_on, back
):
    for is_anonymous in (True, False):
        if not is_anonymous:
            client.force_login(clerk)
            client.get("/password/")
            moved_back(client, "seen_at", timedelta(hours=1))

        page = client.post("/sign-out/", headers={"Referer": typed_on})

        assert page["Location"] == f"/sign-in/?next={back}"


def test_print_size_chosen_before_sign_in_is_kept_with_the_account(client, clerk):
    client.post(reverse("large_print"), {"size": "large", "next": "/sign-in/"})
    ask(client)

    clerk.refresh_from_db()
    assert clerk.has_large_print


# ── Passwords ─────────────────────────────────────────────────────────────────────────


def test_a_new_password_is_taken_and_the_session_goes_on(client, clerk):
    client.force_login(clerk)

    assert change(client)["Location"] == reverse("desk")

    clerk.refresh_from_db()
    assert clerk.check_password(NEW)
    assert client.get(reverse("stations:password_change")).status_code == 200


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("短-aA1", "至少要10个"),
        ("abcdefghijkl", "四种里至少用三种"),
        ("abcdefgh1234", "四种里至少用三种"),
        ("my-Clerk-2026", "账号在密码里"),
        (PASSWORD, "这个密码用过了"),
    ],
)
def test_a_poor_password_is_refused_with_a_sentence(client, clerk, new, sentence):
    client.force_login(clerk)

    page = change(client, new=new)

    assert sentence in " ".join(page.context["form"].errors["new_password2"])
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["Abcdefgh12", "abcdefg-12", "ABCDEFG-12", "口令abcdef12"])
def test_ten_characters_of_three_kinds_are_enough(password):
    LongAndVaried().validate(password)


@pytest.mark.parametrize("password", ["Abcdefg12", "口令口令口令口令1234", "1234567890"])
def test_nine_characters_or_two_kinds_are_not(password):
    with pytest.raises(ValidationError):
        LongAndVaried().validate(password)


def test_none_of_the_last_five_passwords_is_taken_again(clerk):
    passwords = [PASSWORD] + [f"{NEW}{n}" for n in range(5)]
    for password in passwords[1:]:
        clerk.change_password(password)

    clerk = User.objects.get(pk=clerk.pk)
    assert [clerk.has_used_password(password) for password in passwords] == [False] + [True] * 5


def test_a_given_password_must_be_changed_before_anything_else(client, clerk):
    clerk.change_password(NEW, must_change=True)
    client.force_login(clerk)

    assert client.get(reverse("desk"))["Location"] == reverse("stations:password_change")

    change(client, old=NEW, new="自己选的口令-9xyz")
    clerk.refresh_from_db()
    assert not clerk.needs_new_password


@pytest.mark.parametrize(
    ("days", "is_demo", "needs"), [(-1, False, False), (1, False, True), (1, True, False)]
)
def test_a_password_grows_old_except_in_a_demonstration(make_user, days, is_demo, needs):
    changed_at = timezone.now() - PASSWORD_AGE - timedelta(days=days)
    user = make_user("old", "旧口令", password_changed_at=changed_at, is_demo=is_demo)

    assert user.needs_new_password is needs
