"""What every page has around it: navigation by role, print size, language, plain error pages."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from stations.models import User

PAGES = {
    "clerk": {"desk", "stations:lead_list", "stations:network", "casework:report_list"},
    "officer": {"desk", "stations:network", "casework:report_list", "casework:matter_list"},
    "inspector": {"desk", "stations:network", "casework:report_list"},
    "system_admin": {"desk", "stations:account_list"},
    "audit_admin": {"desk", "stations:look_list"},
}


# Pages that hold something in a county that has nothing yet: desks, forms, the law's own lists,
# figures of its stations, accounts. Every other says what is missing and what comes first.
FULL = {
    "desk",
    "casework:aid_matter_list",
    "casework:entry_grid",
    "casework:matter_list",
    "casework:return_list",
    "stations:account_list",
    "stations:county_parameters",
    "stations:duty_mine",
    "stations:network",
    "stations:premises_matrix",
    "assessment:demonstration_list",
    "assessment:home",
}


def links(page):
    navigation = page.context["frame"].navigation
    return {link.name for group in navigation for link in group.links}


@pytest.mark.parametrize("role", PAGES)
def test_the_rail_leads_to_what_a_role_may_open_and_new_counties_are_told_what_is_missing(
    client, request, county, role
):
    client.force_login(request.getfixturevalue(role))

    shown = links(client.get(reverse("desk")))

    assert shown >= PAGES[role]
    for name in shown:
        page = client.get(reverse(name), follow=True)
        words = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert page.status_code == 200, name
        assert (words.count("<h1"), name in FULL or 'class="empty"' in words) == (1, True), name
        assert "None" not in words, name


def test_administrators_see_no_casework(client, system_admin):
    client.force_login(system_admin)

    shown = links(client.get(reverse("desk")))

    assert not any(name.startswith("casework:") for name in shown)


def test_the_rail_marks_where_one_is_and_pins_four(client, officer):
    client.force_login(officer)
    frame = client.get(reverse("casework:report_list")).context["frame"]

    current = [link.name for group in frame.navigation for link in group.links if link.current]
    assert current == ["casework:report_list"]
    assert len(frame.pins) <= 4


def test_what_a_clerk_does_every_day_stands_open_and_so_does_where_one_is(
    client, clerk, audit_admin
):
    client.force_login(clerk)
    groups = client.get(reverse("desk")).context["frame"].navigation
    assert {link.name for link in groups[0].links} >= {
        "casework:entry_list",
        "casework:application_list",
        "stations:lead_list",
        "casework:report_list",
    }
    assert groups[0].is_open
    assert sum(len(group.links) for group in groups if group.is_open) <= 14
    assert not all(group.is_open for group in groups)

    groups = client.get(reverse("stations:liaison_list")).context["frame"].navigation
    assert [group.is_open for group in groups if any(link.current for link in group.links)] == [
        True
    ]

    client.force_login(audit_admin)
    assert all(
        group.is_open for group in client.get(reverse("desk")).context["frame"].navigation
    )


def test_only_who_may_record_is_offered_the_registers(client, clerk, reviewer):
    for user, is_offered in [(clerk, True), (reviewer, False)]:
        client.force_login(user)
        page = client.get(reverse("desk")).content.decode()
        assert ('data-press="F4"' in page) is is_offered


def test_the_frame_names_place_and_day(client, clerk, station):
    client.force_login(clerk)
    page = client.get(reverse("desk")).content.decode()

    assert station.name in page
    assert "星期" in page


# ── Print size and language ───────────────────────────────────────────────────────────


def test_large_print_is_kept_with_the_account(client, clerk):
    client.force_login(clerk)

    assert (
        client.post(
            reverse("large_print"), {"size": "large"}, headers={"HX-Request": "true"}
        ).status_code
        == 204
    )
    assert User.objects.get(pk=clerk.pk).has_large_print
    assert 'data-print="large"' in client.get(reverse("desk")).content.decode()


def test_large_print_without_script_leads_back(client, clerk):
    client.force_login(clerk)

    page = client.post(reverse("large_print"), {"size": "usual", "next": "/password/"})

    assert page["Location"] == "/password/"


def test_large_print_leads_to_no_other_site_and_takes_a_post(client, db):
    page = client.post(reverse("large_print"), {"size": "large", "next": "//evil.example"})

    assert page["Location"] == reverse("desk")
    assert client.get(reverse("large_print")).status_code == 405


@pytest.mark.parametrize(
    ("wish", "pressed", "language"),
    [
        ("", "", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-Hans"),
        ("en-US,en;q=0.9", "", "en"),
        ("en;q=0.5,zh-CN;q=0.9", "", "zh-Hans"),
        ("zh-TW,en;q=0.9", "", "zh-Hans"),
        ("fr", "", "zh-Hans"),
        ("fr,en;q=0.9,zh;q=0.8", "", "en"),
        ("en", "zh-hans", "zh-Hans"),
        ("zh-CN", "en", "en"),
        ("zh-CN", "nonsense", "zh-Hans"),
    ],
)
def test_the_language_is_the_pressed_one_else_the_browser_s_else_chinese(
    client, db, wish, pressed, language
):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = pressed

    with translation.override(None):
        page = client.get(reverse("stations:sign_in"), headers={"Accept-Language": wish})

    assert f'<html lang="{language}"' in page.content.decode()


def test_english_is_there_for_who_presses_it(client, clerk):
    client.force_login(clerk)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    with translation.override(None):
        page = client.get(reverse("desk")).content.decode()

    assert '<html lang="en"' in page
    assert "Sign out" in page


# ── Errors ────────────────────────────────────────────────────────────────────────────


def test_a_page_that_is_not_there_says_so_inside_the_frame(client, clerk):
    client.force_login(clerk)

    page = client.get("/nowhere/")

    assert page.status_code == 404
    assert "没有这一页" in page.content.decode()
    assert 'class="rail"' in page.content.decode()


def test_a_page_beyond_one_s_role_says_whom_to_ask(client, clerk):
    client.force_login(clerk)

    page = client.get(reverse("stations:account_list"))

    assert page.status_code == 403
    assert "您的岗位看不到这一页" in page.content.decode()


def test_a_form_from_before_a_new_sign_in_is_refused_in_plain_words(clerk):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk)

    page = strict.post(reverse("large_print"), {"size": "large"})

    assert page.status_code == 403
    assert "这一页开得太久了" in page.content.decode()


def test_a_mistake_of_ours_is_told_in_plain_words(clerk, client, monkeypatch):
    monkeypatch.setattr("legalaid.views.station_desk", lambda user, today: 1 / 0)
    client.raise_request_exception = False
    client.force_login(clerk)

    page = client.get(reverse("desk"))

    assert page.status_code == 500
    assert "系统出了差错" in page.content.decode()


def test_no_page_carries_inline_style_or_script(client, clerk):
    client.force_login(clerk)
    page = client.get(reverse("desk")).content.decode()

    assert "style=" not in page
    assert "<script>" not in page
    assert "onclick" not in page
