"""A liaison in a village where the network comes and goes: whatever is handed in arrives once."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from stations.liaisons import liaison_work
from stations.models import Lead, Liaison, LiaisonActivity, LiaisonTask

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

PHONE = {"width": 390, "height": 844}
HOME = "stations:lead_home"
IS_KEPT = """navigator.serviceWorker.ready.then((found) => new Promise((done) => {
  if (found.active.state === "activated") done();
  else found.active.addEventListener("statechange", () => done());
}))"""


def write_down(page, kind, name):
    page.locator(f"label[for=kind-{kind}]").tap()
    page.get_by_placeholder("姓名").fill(name)
    page.get_by_placeholder("电话").fill("13900002648")
    page.locator(".send button").tap()


def test_a_lead_typed_without_a_network_reaches_the_station_exactly_once(
    open_context, open_page, liaison, clerk
):
    context = open_context(liaison, **PHONE, has_touch=True)
    cookies = context.cookies()
    page = context.new_page()
    page.goto(reverse(HOME))
    page.evaluate(IS_KEPT)

    # The network drops while the lead is handed in.
    context.set_offline(True)
    write_down(page, "pay", "老汪")
    unsent = page.locator(".unsent")
    expect(unsent).to_contain_text("没有网络")
    expect(unsent.locator("li")).to_have_count(1)

    # The phone is put away and taken out again: the page opens, and what was typed is there.
    page.goto(reverse(HOME))
    expect(page.locator("header small")).to_have_text("没有网络")
    expect(page.locator(".unsent li")).to_contain_text("老汪")
    write_down(page, "land", "何家")
    expect(page.locator(".unsent li")).to_have_count(2)
    assert not Lead.objects.exists()

    # Back, but signed out meanwhile: a plain sentence, and nothing is lost.
    context.clear_cookies()
    context.set_offline(False)
    expect(page.locator(".unsent")).to_contain_text("您已经退出登录")
    assert not Lead.objects.exists()

    context.add_cookies(cookies)
    page.get_by_role("button", name="现在送出").tap()
    expect(page.locator(".mine li")).to_have_count(2)
    expect(page.locator(".unsent")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('phone-unsent')") is None
    page.reload()
    assert sorted(Lead.objects.values_list("kind", "station")) == [
        ("land", clerk.station.pk),
        ("pay", clerk.station.pk),
    ]

    # At the station it stands once; the liaison sees what became of it.
    desk = open_page(clerk, reverse("stations:lead_list"))
    expect(desk.locator(".duties li", has_text="老汪")).to_have_count(1)
    row = desk.locator(".duties li", has_text="老汪")
    row.get_by_role("textbox").fill("已电话联系，明天来站")
    row.get_by_role("button", name="已承接").click()
    expect(desk.locator(".duties li", has_text="老汪")).to_have_count(0)
    page.reload()
    expect(page.locator(".mine li", has_text="老汪")).to_contain_text("明天来站")


def test_the_log_and_a_report_wait_for_the_network_as_well(open_context, liaison, clerk):
    post, today = Liaison.objects.get(), timezone.localdate()
    task = LiaisonTask(liaison=post, kind="other", words="看一下路牌", due_on=today)
    liaison_work.give(task, by=clerk)
    context = open_context(liaison, **PHONE, has_touch=True)
    page = context.new_page()
    page.goto(reverse("stations:liaison_tasks"))
    page.evaluate(IS_KEPT)
    report = page.locator(".task form")
    report.get_by_role("button").tap()
    expect(report.locator("[data-missing]")).to_be_visible()

    context.set_offline(True)
    report.get_by_role("textbox").fill("已看，字迹清楚")
    report.get_by_role("button").tap()
    expect(page.locator(".unsent li")).to_contain_text("看一下路牌")
    # What is reported is not typed a second time.
    expect(report).to_be_hidden()

    # The kept page of the log opens; it knows what day it is.
    page.goto(reverse("stations:liaison_log"))
    expect(page.locator(".unsent li")).to_contain_text("字迹清楚")
    expect(page.locator("input[name=on]")).to_have_value(str(today))
    page.locator("label[for=role-guide]").tap()
    page.get_by_placeholder("发了20份资料").fill("陪人到站")
    page.locator(".send button").tap()
    expect(page.locator(".unsent li")).to_have_count(2)
    assert not LiaisonActivity.objects.exists()

    context.set_offline(False)
    expect(page.locator(".mine li")).to_have_count(1)
    expect(page.locator(".unsent")).to_be_hidden()
    assert [each.words for each in LiaisonActivity.objects.all()] == ["陪人到站"]
    task.refresh_from_db()
    assert (task.is_done, task.result) == (True, "已看，字迹清楚")


def test_what_the_station_cannot_take_comes_back_and_signing_out_wipes_the_phone(
    open_context, liaison
):
    context = open_context(liaison, **PHONE, has_touch=True)
    page = context.new_page()
    page.goto(reverse(HOME))
    page.locator("label[for=kind-pay]").tap()
    page.get_by_placeholder("电话").fill("12")
    page.locator(".send button").tap()
    expect(page.locator(".unsent li em")).not_to_be_empty()

    page.get_by_role("button", name="拿回来改").tap()
    page.get_by_placeholder("电话").fill("13900002648")
    page.route("**/leads/mine/send/", lambda route: route.abort())
    page.locator(".send button").tap()
    expect(page.locator(".unsent")).to_contain_text("没有网络")

    page.locator("[data-sign-out] button").tap()
    expect(page.locator(".unsent")).to_contain_text("现在退出就没有了")
    page.get_by_role("button", name="仍要退出").tap()
    page.wait_for_url(f"**{reverse('stations:sign_in')}")
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('phone-'))")
        == []
    )
    assert not Lead.objects.exists()
