"""A wall: the county's texts, a poster with its photo; a phone changes, and the wall is put right."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from stations.models import Posting
from tests.stations.wall_world import photo

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def picture(colour):
    return {"name": "wall.png", "mimeType": "image/png", "buffer": photo(colour).read()}


def hang(page, colour):
    page.locator("input[name=photo]").first.set_input_files(picture(colour))
    page.get_by_role("button", name="记下已上墙").click()
    expect(page.locator(".messages")).to_contain_text("公示已上墙")


def test_a_changed_phone_is_followed_from_the_profile_to_a_new_photo(
    open_page, officer, clerk, station
):
    station.phone, station.address = "0564-000-0011", "政府院内一楼"
    station.save()

    # The bureau takes over the usual texts.
    page = open_page(officer, reverse("stations:wall_text_list"))
    page.get_by_role("button", name="启用默认内容").click()
    expect(page.locator(".messages")).to_contain_text("启用了10项默认内容")

    # The station sees an empty wall, opens one poster, puts it up and takes its photo.
    page = open_page(clerk, reverse("stations:wall_list"))
    expect(page.locator(".wall > li.missing")).to_have_count(9)
    page.get_by_role("link", name="地址、电话、时间", exact=True).click()
    expect(page.locator("#says ~ *, .board").first).to_be_visible()
    hang(page, "navy")
    expect(page.locator(".page-head .wall-mark")).to_have_text("正常")

    # The phone changes; what hangs is out of date at once, on the wall and for the county.
    page.goto(reverse("stations:station_edit", args=[station.pk]))
    page.locator("#id_phone").fill("0564-000-0099")
    page.get_by_role("button", name="保存").click()
    page.goto(reverse("stations:wall_list"))
    expect(page.locator(".wall > li.stale h2")).to_have_text("地址、电话、时间")
    expect(page.locator(".wall > li.stale")).to_contain_text("变了：电话")
    assert [chore.key for chore in station.chores.filter(key="stale")] == ["stale"]
    county = open_page(officer, reverse("stations:wall_list") + "?wrong=1")
    expect(county.locator("a.wall-mark.stale")).to_have_text("旧")

    # A new poster, its photo, and the wall is right again.
    page.locator(".wall > li.stale h2 a").click()
    expect(page.locator("table.ledger")).to_contain_text("0564-000-0099")
    with page.expect_response(lambda answer: ".pdf" in answer.url) as printed:
        page.evaluate(
            "url => fetch(url)",
            reverse("stations:wall_print", args=[station.pk, "contact"]) + "?size=a4",
        )
    assert printed.value.headers["content-type"] == "application/pdf"
    hang(page, "green")
    expect(page.locator(".page-head .wall-mark")).to_have_text("正常")
    assert not station.chores.filter(key="stale").exists()
    assert Posting.objects.hanging().get().poster.content["phone"] == "0564-000-0099"

    # What everybody reads without signing in.
    public = open_page(
        None,
        reverse("stations:wall_public_item", args=[station.code, "contact"]),
        width=390,
        height=844,
    )
    expect(public.locator("main")).to_contain_text("0564-000-0099")
    public.get_by_role("button", name="大字版").click()
    expect(public.locator("html")).to_have_attribute("data-print", "large")
    assert page.faults == county.faults == public.faults == []


def test_results_of_test_calls_are_entered_with_number_keys(open_page, officer, station):
    station.phone = "0564-000-0011"
    station.save()
    page = open_page(officer, reverse("stations:test_call_list"))
    page.get_by_role("button", name="抽取本月号码").click()
    expect(page.locator(".call-number b")).to_have_text("0564-000-0011")
    page.keyboard.press("2")
    expect(page.locator("tr.late .status")).to_have_text("无人接听")
    page.get_by_role("button", name="再打一次").click()
    expect(page.locator(".call-number b")).to_have_text("0564-000-0011")
    page.keyboard.press("1")
    expect(page.locator(".figures")).to_contain_text("100%")
    assert [call.result for call in station.test_calls.all()] == ["no_answer", "answered"]
    assert page.faults == []
