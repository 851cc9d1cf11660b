"""The pages of duty: roster, half-day, one's own, requests, licences, subsidies, paper."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from casework.models import RegisterEntry
from casework.terms import Channel
from stations.duty import months
from stations.duty.signing import desk_path, station_code
from stations.models import (
    AidWorker,
    Away,
    DutyMonth,
    DutySlot,
    StationDuty,
    SubsidySheet,
    Swap,
)
from stations.roles import Role
from stations.views import papers
from tests.conftest import appoint
from tests.stations.duty_world import MONTH, TODAY, fresh, make_panel, put, set_clock

pytestmark = pytest.mark.django_db
ROSTER = reverse("stations:duty_roster")
MINE = reverse("stations:duty_mine")
NOVEMBER = {"month": "2026-11"}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    return set_clock(monkeypatch)


@pytest.fixture
def panel(make_worker, make_user, station, next_station):
    return make_panel(make_worker, make_user, station, next_station)


@pytest.fixture
def slot(station, panel, reviewer):
    """许文静 on duty this morning, 何平 next week; published."""
    xu, he, _jiang = panel
    slot = put(station, xu, TODAY)
    put(station, he, date(2026, 11, 17))
    months.publish(station.county, MONTH, by=reviewer)
    return fresh(slot)


@pytest.fixture
def other(slot, panel):
    return DutySlot.objects.get(worker=panel[1])


def text_of(page):
    return page.content.decode()


def page_of(name, *args):
    return reverse(f"stations:{name}", args=args)


# ── The roster ──────────────────────────────────────────────────────────────────────────


def test_the_center_plans_changes_in_the_table_and_publishes(
    client, reviewer, station, next_station, panel
):
    client.force_login(reviewer)
    assert "还没有排班" in text_of(client.get(ROSTER, {"month": "2026-12"}))

    page = client.post(page_of("duty_plan"), {"month": "2026-12"}, follow=True)
    assert "草稿排好了，每一班都有人" in text_of(page)
    slot = DutySlot.objects.filter(station=station).first()
    somebody = next(worker for worker in panel if worker != slot.worker)
    choice = page_of("duty_slot_name", slot.pk)
    asked = client.get(choice, headers={"HX-Request": "true"})
    assert f'<option value="{somebody.pk}"' in text_of(asked)
    kept = client.post(choice, {"worker": somebody.pk}, headers={"HX-Request": "true"})
    assert f'id="slot-{slot.pk}"' in text_of(kept)
    assert somebody.name in text_of(kept)
    wrong = client.post(choice, {"worker": "99999"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "不能来，请换一个" in text_of(wrong)

    page = client.post(page_of("duty_publish"), {"month": "2026-12"}, follow=True)
    assert "值班表已发布" in text_of(page)
    assert fresh(slot).published_worker == somebody
    # A second press does no harm.
    page = client.post(page_of("duty_publish"), {"month": "2026-12"}, follow=True)
    assert "已经发布" in text_of(page)
    assert DutyMonth.objects.count() == 1


def test_a_draft_is_seen_by_whoever_plans_and_by_nobody_else(
    client, station, panel, head, clerk
):
    slot = put(station, panel[0], TODAY)
    for user, is_seen in ((head, True), (clerk, False), (panel[0].user, False)):
        client.force_login(user)
        assert ("许文静</a>" in text_of(client.get(ROSTER, NOVEMBER))) is is_seen
        answer = client.get(page_of("duty_slot", slot.pk))
        # Their own half-day of a draft is not theirs yet.
        assert answer.status_code == (200 if is_seen else 404)


def test_a_head_changes_their_own_station_and_no_other(client, head, slot, next_station, panel):
    client.force_login(head)
    page = client.get(ROSTER, NOVEMBER | {"station": slot.station_id})
    assert "许文静" in text_of(page)
    assert client.get(ROSTER, {"station": next_station.pk}).status_code == 404
    assert client.post(page_of("duty_plan"), NOVEMBER).status_code == 403
    there = put(next_station, panel[2], TODAY)
    assert client.get(page_of("duty_slot", there.pk)).status_code == 404

    jiang = panel[2]
    there.delete()
    name = page_of("duty_slot_name", slot.pk)
    page = client.post(name, {"worker": jiang.pk, "reason": ""})
    assert page.status_code == 422
    assert "请简单写明原因" in text_of(page)
    page = client.post(name, {"worker": jiang.pk, "reason": "临时出庭"}, follow=True)
    assert "许文静 → 江晓" in text_of(page)
    assert "临时出庭" in text_of(page)


@pytest.mark.parametrize("month", ["2026-13", "26-1", "x", "0001-01"])
def test_nonsense_for_a_month_is_not_found(client, head, month):
    client.force_login(head)
    assert client.get(ROSTER, {"month": month}).status_code == 404


def test_the_roster_costs_the_same_for_one_half_day_and_for_many(
    client, reviewer, slot, next_station, panel, count_queries
):
    client.force_login(reviewer)
    few, _page = count_queries(lambda: client.get(ROSTER, NOVEMBER))
    for day in (11, 12, 13, 16, 18, 19):
        put(next_station, panel[day % 3], date(2026, 11, day))
        put(slot.station, None, date(2026, 11, day), "pm")
    many, page = count_queries(lambda: client.get(ROSTER, NOVEMBER))
    assert many == few
    assert "6班缺人" in text_of(page)


def test_a_half_day_is_added_with_a_reason_when_it_cannot_be(client, head, slot):
    client.force_login(head)
    add = page_of("duty_slot_add")
    typed = {"month": "2026-11", "station": slot.station_id, "day": "2026-11-10", "half": "am"}
    page = client.post(add, typed)
    assert page.status_code == 422
    assert "这一时段已有班次" in text_of(page)
    page = client.post(add, typed | {"day": "2026-12-01"})
    assert "不在所看的月份里" in text_of(page)
    client.post(add, typed | {"half": "pm"})
    assert DutySlot.objects.get(day=TODAY, half="pm").changes.get().reason == "增加班次"


def test_a_station_says_when_it_wants_somebody(client, head, station, next_station):
    client.force_login(head)
    wish = page_of("duty_wish", station.pk)
    page = client.post(wish, {"half_days": ["2am"], "per_week": "3"})
    assert "每周班数多于" in text_of(page)
    client.post(wish, {"half_days": ["2am", "4pm"], "per_week": "2"})
    kept = StationDuty.objects.get(station=station)
    assert (kept.half_days, kept.per_week, kept.changed_by) == (["2am", "4pm"], 2, head)
    assert client.get(page_of("duty_wish", next_station.pk)).status_code == 404


def test_an_absence_is_noted_on_the_page_of_the_half_day(client, head, other, panel):
    client.force_login(head)
    page = client.post(
        page_of("duty_absence", other.pk),
        {
            "told_on": "2026-11-10",
            "told_time": "08:00",
            "reason": "出差",
            "substitute": panel[2].pk,
        },
        follow=True,
    )
    assert "事先请假" in text_of(page)
    assert "江晓" in text_of(page)
    assert DutySlot.objects.get(stands_in_for=other).worker == panel[2]


def test_an_absence_and_times_are_set_right_on_the_page_of_the_half_day(
    client, head, slot, other, monkeypatch
):
    client.force_login(head)
    client.post(page_of("duty_absence", slot.pk), {"reason": "没有来"})
    back = page_of("duty_absence_back", slot.pk)
    page = client.post(back, {"reason": ""})
    assert page.status_code == 422
    assert "写明为什么撤回" in text_of(page)
    page = client.post(back, {"reason": "看错了人"}, follow=True)
    assert "缺勤已撤回" in text_of(page)
    assert "撤回缺勤：未提前告知的缺勤" in text_of(page)
    # A second press is a sentence.
    assert "没有登记缺勤" in text_of(client.post(back, {"reason": "看错了人"}))

    set_clock(monkeypatch, 2026, 11, 11)
    client.force_login(head)
    times = page_of("duty_times", slot.pk)
    typed = {"left": "11:35", "reason": "二维码坏了"}
    page = client.post(times, typed | {"came": "9点"})
    assert page.status_code == 422
    assert "几点几分" in text_of(page)
    assert 'value="二维码坏了"' in text_of(page)
    page = client.post(times, typed | {"came": "12:00"})
    assert "请在当天08:00到11:30签到" in text_of(page)
    page = client.post(times, typed | {"came": "09:02"}, follow=True)
    assert "方站长补正" in text_of(page)
    assert "未签到 → 09:02–11:35" in " ".join(text_of(page).split())
    # What is still to come has no times.
    assert client.get(page_of("duty_slot", other.pk)).context.get("times_form") is None


def test_half_days_of_a_draft_are_exchanged_in_the_table_and_on_a_page(
    client, reviewer, head, station, next_station, panel
):
    xu, he, _jiang = panel
    here = put(station, xu, date(2026, 11, 11))
    there = put(next_station, he, date(2026, 11, 12))
    exchange = page_of("duty_slot_exchange", here.pk)
    client.force_login(reviewer)
    table = text_of(client.get(ROSTER, NOVEMBER))
    assert f'data-exchange="{exchange}"' in table
    answer = client.post(exchange, {"other": there.pk}, headers={"HX-Request": "true"})
    words = text_of(answer)
    assert answer.status_code == 200
    assert words.count("hx-swap-oob") == 2
    assert words.index("何平") < words.index("许文静")
    assert (fresh(here).worker, fresh(there).worker) == (he, xu)
    page = client.post(exchange, {"other": there.pk}, follow=True)
    assert "两班已对调" in text_of(page)
    assert (fresh(here).worker, fresh(there).worker) == (xu, he)

    AidWorker.objects.filter(pk=he.pk).update(licence_to=date(2026, 11, 10))
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(exchange, {"other": there.pk}, headers=headers)
        assert answer.status_code == 422
        assert "何平：执业证当天无效" in text_of(answer)
    assert fresh(here).worker == xu
    # A head reaches the half-days of the own station.
    client.force_login(head)
    assert client.post(exchange, {"other": there.pk}).status_code == 422
    assert client.post(page_of("duty_slot_exchange", there.pk)).status_code == 404


# ── One's own duty ──────────────────────────────────────────────────────────────────────


def test_somebody_signs_in_and_out_with_the_code_on_the_wall(
    client, slot, next_station, monkeypatch
):
    user = slot.worker.user
    client.force_login(user)
    sign = page_of("duty_sign", slot.pk)
    assert "请扫站里墙上的二维码" in text_of(client.post(sign, {"in": ""}, follow=True))
    wrong = client.post(sign, {"in": "", "code": station_code(next_station)}, follow=True)
    assert "这不是青溪的签到码" in text_of(wrong)
    assert fresh(slot).signed_in_at is None

    scanned = client.get(desk_path(slot.station))
    assert f'value="{station_code(slot.station)}"' in text_of(scanned)
    page = client.post(sign, {"in": "", "code": station_code(slot.station)}, follow=True)
    assert "8:40已签到" in text_of(page)
    set_clock(monkeypatch, 2026, 11, 10, 9, 0)
    client.post(sign, {"in": ""})
    assert fresh(slot).signed_in_at.minute == 40
    # This browser knows the code for the rest of the day.
    client.post(sign, {"out": ""})
    assert fresh(slot).signed_out_at is not None


def test_the_code_of_a_station_is_not_guessed_and_a_colleague_s_half_day_not_signed(
    client, slot, panel
):
    client.force_login(panel[2].user)
    assert client.get(page_of("duty_desk", slot.station_id, "AAAAAAAA")).status_code == 404
    page = client.get(desk_path(slot.station))
    assert "值班表上没有您" in text_of(page)
    answer = client.post(page_of("duty_sign", slot.pk), {"code": station_code(slot.station)})
    assert answer.status_code == 404


def test_a_swap_goes_from_the_asker_to_the_colleague_to_the_head(
    client, slot, other, panel, head, neighbour
):
    xu, he, _jiang = panel
    client.force_login(xu.user)
    ask = page_of("swap_ask", slot.pk)
    assert "对调" in text_of(client.get(ask))
    assert client.post(ask, {"offer": "slot-1"}).status_code == 422
    client.post(ask, {"offer": f"slot-{other.pk}", "reason": "接孩子"})
    swap = Swap.objects.get()
    answer, decide = page_of("swap_answer", swap.pk), page_of("swap_decide", swap.pk)
    assert client.post(answer, {"agree": ""}).status_code == 404

    client.force_login(he.user)
    assert "许文静想与您对调" in text_of(client.get(MINE))
    client.post(answer, {"agree": ""})
    client.force_login(head)
    assert "同事已同意" in text_of(client.get(page_of("duty_requests")))
    page = client.post(decide, {"approve": ""}, follow=True)
    assert "已批准" in text_of(page)
    assert (fresh(slot).worker, fresh(other).worker) == (he, xu)
    # A second press is a sentence.
    assert "已经办过" in text_of(client.post(decide, {"approve": ""}, follow=True))
    client.force_login(neighbour)
    assert client.post(decide, {"approve": ""}).status_code == 403


def test_days_off_are_asked_for_and_decided(client, slot, panel, head, reviewer):
    xu, *_others = panel
    client.force_login(xu.user)
    ask = page_of("away_ask")
    page = client.post(ask, {"kind": "leave", "from_on": "2026-11-12", "to_on": "2026-11-11"})
    assert page.status_code == 422
    assert 'value="2026-11-12"' in text_of(page)
    client.post(ask, {"kind": "court", "from_on": "2026-11-12", "half": "am"})
    away = Away.objects.get()
    assert (away.to_on, away.half, away.state) == (date(2026, 11, 12), "am", "asked")

    client.force_login(head)
    decide = page_of("away_decide", away.pk)
    assert "为什么不同意" in text_of(client.post(decide, {"refuse": ""}, follow=True))
    client.post(decide, {"approve": ""})
    away.refresh_from_db()
    assert (away.state, away.decided_by) == ("approved", head)


def test_the_calendar_is_open_to_who_knows_its_address_and_to_nobody_else(client, slot, panel):
    xu, *_others = panel
    client.force_login(xu.user)
    client.post(page_of("duty_feed_new"))
    key = AidWorker.objects.get(pk=xu.pk).calendar_key
    assert f"webcal://testserver{page_of('duty_feed', key)}" in text_of(client.get(MINE))
    client.logout()

    feed = client.get(page_of("duty_feed", key))
    assert feed["Content-Type"].startswith("text/calendar")
    assert text_of(feed).count("BEGIN:VEVENT") == 1
    assert client.get(page_of("duty_feed", "x")).status_code == 404
    AidWorker.objects.filter(pk=xu.pk).update(left_on=TODAY)
    assert client.get(page_of("duty_feed", key)).status_code == 404


# ── Licences, subsidies, paper ──────────────────────────────────────────────────────────


def test_licences_and_annual_checks_that_do_not_hold_are_said(
    client, reviewer, panel, stranger
):
    xu, he, _jiang = panel
    AidWorker.objects.filter(pk=xu.pk).update(licence_to=date(2026, 11, 20))
    AidWorker.objects.filter(pk=he.pk).update(annual_check_year=2024)
    client.force_login(reviewer)
    page = text_of(client.get(page_of("duty_licences")))
    assert "执业证还有10天到期" in page
    assert "只到2024年度" in page
    client.force_login(stranger)
    assert client.get(page_of("duty_licences")).status_code == 403


def test_the_director_alone_settles_and_finance_gets_excel_and_paper(
    client, slot, reviewer, director, head, monkeypatch
):
    DutySlot.objects.filter(pk=slot.pk).update(signed_in_at=slot.starts_at)
    set_clock(monkeypatch, 2026, 12, 2)
    sheet, lock = page_of("subsidy_sheet"), page_of("subsidy_lock")
    client.force_login(head)
    assert client.get(sheet).status_code == 403
    client.force_login(reviewer)
    page = text_of(client.get(sheet))
    assert "有1班过去了，没有签到" in page
    assert client.post(lock, NOVEMBER).status_code == 403
    client.force_login(director)
    client.post(lock, NOVEMBER)
    assert SubsidySheet.objects.get().amount == 100
    assert "已经结算了这个月" in text_of(client.post(lock, NOVEMBER, follow=True))

    book = client.get(page_of("subsidy_excel"), NOVEMBER)
    assert book.content[:2] == b"PK"
    paper = client.get(page_of("subsidy_pdf"), NOVEMBER)
    [leaf] = PdfReader(BytesIO(paper.content)).pages
    words = leaf.extract_text()
    assert "许文静" in words
    assert "100.00" in words
    assert "中心盖章" in words
    assert SubsidySheet.objects.get().hash in words.replace("\n", "")
    assert "许文静" in text_of(client.get(page_of("subsidy_print"), NOVEMBER))


def test_the_roster_is_printed_for_the_wall_of_a_station_and_for_the_county(
    client, slot, next_station, reviewer, monkeypatch
):
    client.force_login(reviewer)
    one = client.get(page_of("duty_pdf"), NOVEMBER | {"station": slot.station_id})
    [leaf] = PdfReader(BytesIO(one.content)).pages
    assert leaf.mediabox.width > leaf.mediabox.height
    assert "许文静" in leaf.extract_text()
    county = PdfReader(BytesIO(client.get(page_of("duty_pdf"), NOVEMBER).content))
    assert float(county.pages[0].mediabox.width) == pytest.approx(1190.6, abs=1)
    fonts = county.pages[0]["/Resources"]["/Font"].values()
    assert all("/FontFile" in str(_descriptor(font)) for font in fonts)
    card = client.get(page_of("duty_card", slot.station_id))
    code = station_code(slot.station)
    assert f"{code[:4]} {code[4:]}" in PdfReader(BytesIO(card.content)).pages[0].extract_text()
    monkeypatch.setattr(papers, "MOST_PAPERS", 0)
    refused = client.get(page_of("duty_pdf"), NOVEMBER)
    assert refused.status_code == 429
    assert "打印太频繁" in text_of(refused)


def _descriptor(font):
    font = font.get_object()
    if "/DescendantFonts" in font:
        font = font["/DescendantFonts"][0].get_object()
    return font["/FontDescriptor"].get_object()


# ── The register ────────────────────────────────────────────────────────────────────────


def test_the_receiver_of_a_new_entry_is_whoever_is_on_duty_now(
    client, clerk, slot, monkeypatch
):
    client.force_login(clerk)
    visit = reverse("casework:entry_create", args=[Channel.VISIT])
    page = client.get(visit)
    assert page.status_code == 200, page.headers
    assert page.context["form"]["receiver"].value() == slot.worker.user_id
    assert "今日值班：许文静（上午" in " ".join(text_of(client.get(visit)).split())
    set_clock(monkeypatch, 2026, 11, 10, 14, 0)
    client.logout()
    client.force_login(clerk)
    assert client.get(visit).context["form"]["receiver"].value() == clerk.pk


def test_a_duty_person_of_another_day_reads_only_what_they_wrote(
    client, slot, panel, clerk, make_entry, make_application, station, count_queries
):
    xu, he, jiang = panel
    theirs = make_entry(by=clerk)
    own = make_entry(by=jiang.user, receiver=jiang.user)
    application = make_application()
    entry, own_page = theirs.get_absolute_url(), own.get_absolute_url()

    client.force_login(jiang.user)
    assert client.get(entry).status_code == 404
    assert client.get(application.get_absolute_url()).status_code == 404
    assert list(RegisterEntry.objects.visible_to(jiang.user)) == [own]
    page = client.get(own_page)
    assert "非值班" in text_of(page)

    client.force_login(xu.user)
    for address in (entry, own_page, application.get_absolute_url()):
        assert client.get(address).status_code == 200
    # Who also holds another post there reads on.
    appoint(he.user, Role.CLERK, station)
    client.force_login(he.user)
    assert client.get(entry).status_code == 200
    few, _page = count_queries(lambda: client.get(reverse("casework:entry_list")))
    make_entry(by=clerk)
    many, _page = count_queries(lambda: client.get(reverse("casework:entry_list")))
    assert many == few


def test_where_no_roster_is_published_every_duty_person_reads_on(
    client, station, panel, clerk, make_entry
):
    put(station, panel[0], TODAY)
    theirs = make_entry(by=clerk)
    client.force_login(panel[2].user)
    page = client.get(theirs.get_absolute_url())
    assert page.status_code == 200
    assert "非值班" not in text_of(page)
