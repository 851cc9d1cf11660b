"""A month of duty in a browser: drafted, mended, published, swapped, stood, settled."""

from io import BytesIO

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from stations.duty.signing import desk_path
from stations.models import DutyMonth, DutySlot, SubsidySheet
from tests.stations.duty_world import fresh, make_panel, set_clock

from .test_axe import faults
from .test_visit_to_report import words_of

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"width": 390, "height": 844}


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def says(page, words):
    expect(page.locator("#messages")).to_contain_text(words)
    # The words stand there before the page's own scripts have run.
    page.wait_for_load_state("domcontentloaded")


def test_a_month_of_duty_from_the_draft_to_the_subsidy(
    open_page,
    monkeypatch,
    county,
    station,
    next_station,
    make_worker,
    make_user,
    reviewer,
    director,
    head,
):
    xu, he, jiang = make_panel(make_worker, make_user, station, next_station)
    roster = f"{reverse('stations:duty_roster')}?month=2026-11"

    # In October the center drafts November, changes one name with the keyboard, and publishes.
    set_clock(monkeypatch, 2026, 10, 22, 15, 0)
    page = open_page(reviewer, roster)
    press(page, "排这个月")
    says(page, "每一班都有人")
    assert faults(page) == {}
    slot = DutySlot.objects.filter(station=station).order_by("day").first()
    other = next(worker for worker in (xu, he, jiang) if worker != slot.worker)
    place = page.locator(f"#slot-{slot.pk}")
    place.get_by_role("link").focus()
    page.keyboard.press("Enter")
    choice = place.get_by_role("combobox")
    expect(choice).to_be_focused()
    choice.select_option(str(other.pk))
    # The choice holds every name; only what takes its place holds the chosen one alone.
    expect(choice).to_have_count(0)
    expect(place).to_contain_text(other.name)
    expect(place.get_by_role("link")).to_be_focused()
    assert fresh(slot).worker == other

    # With the mouse two half-days are exchanged, and dragged back it is undone.
    slots = DutySlot.objects.order_by("day", "half", "pk")
    mine, theirs = slots.filter(worker=xu).first(), slots.filter(worker=he).last()
    here, there = page.locator(f"#slot-{mine.pk}"), page.locator(f"#slot-{theirs.pk}")
    for expected in ((he, xu), (xu, he)):
        here.drag_to(there)
        expect(here).to_contain_text(expected[0].name)
        expect(there).to_contain_text(expected[1].name)
        assert (fresh(mine).worker, fresh(theirs).worker) == expected
    press(page, "发布")
    says(page, "值班表已发布")
    assert DutyMonth.objects.get().published_by == reviewer

    # A lawyer's phone: exchange one half-day; the colleague agrees, then the head.
    set_clock(monkeypatch, 2026, 11, 1, 19, 0)
    mine = DutySlot.objects.filter(worker=xu).order_by("day").first()
    theirs = DutySlot.objects.filter(worker=he).exclude(day=mine.day).order_by("day").last()
    page = open_page(xu.user, reverse("stations:duty_mine"), **PHONE)
    assert faults(page) == {}
    page.locator(f"a[href='{reverse('stations:swap_ask', args=[mine.pk])}']").click()
    page.get_by_label("与谁换").select_option(f"slot-{theirs.pk}")
    press(page, "问同事")
    says(page, "已问何平")
    page = open_page(he.user, reverse("stations:duty_mine"), **PHONE)
    press(page, "同意")
    says(page, "等站长审批")
    asked = [head, reviewer][mine.station_id != station.pk]
    page = open_page(asked, reverse("stations:duty_requests"))
    assert faults(page) == {}
    press(page, "批准")
    says(page, "班次已经换好")
    assert (fresh(mine).worker, fresh(theirs).worker) == (he, xu)

    # On the day 何平 scans the code on the wall and signs in, and out when he leaves.
    hour = 9 if mine.half == "am" else 14
    set_clock(monkeypatch, 2026, 11, mine.day.day, hour - 1, 50)
    page = open_page(he.user, desk_path(mine.station), **PHONE)
    press(page, "签到")
    says(page, f"{hour - 1}:50已签到")
    set_clock(monkeypatch, 2026, 11, mine.day.day, hour, 15)
    page.reload()
    press(page, "签退")
    says(page, "已签退")
    stood = fresh(mine)
    assert (stood.signed_in_at.minute, stood.signed_out_at.minute) == (50, 15)

    # In December the director settles the month; finance gets the paper.
    set_clock(monkeypatch, 2026, 12, 2, 9, 0)
    page = open_page(director, reverse("stations:subsidy_sheet"))
    expect(page.get_by_role("heading", name="2026年11月值班补贴")).to_be_visible()
    assert faults(page) == {}
    press(page, "结算这个月")
    says(page, "已结算，不再变动")
    sheet = SubsidySheet.objects.get()
    assert (sheet.half_days, sheet.amount, sheet.locked_by) == (1, 100, director)
    answer = page.request.get(f"{reverse('stations:subsidy_pdf')}?month=2026-11")
    words = words_of(BytesIO(answer.body()))
    assert "何平" in words
    assert "许文静" not in words
    assert page.faults == []
