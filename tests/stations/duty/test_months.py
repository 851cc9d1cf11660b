"""A county's month of duty: planned, changed, published; absences; swaps; signing in; subsidies."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from threading import Barrier, Thread

import icalendar
import pytest
from django.db import ProgrammingError, connection, transaction
from python_calamine import CalamineWorkbook

from stations import chores
from stations.duty import duty_chores, feed, months, requests, signing, subsidies
from stations.duty import slots as duty_slots
from stations.duty.people import DutyRefused
from stations.models import (
    Away,
    Chore,
    ChoreKind,
    DayOff,
    DutyChange,
    DutyMonth,
    DutySlot,
    RequestState,
    SubsidySheet,
)
from stations.models.duty_requests import WAITING
from tests.conftest import at
from tests.stations.duty_world import MONTH, TODAY, fresh, make_panel, put, set_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    return set_clock(monkeypatch)


@pytest.fixture
def panel(make_worker, make_user, station, next_station):
    return make_panel(make_worker, make_user, station, next_station)


@pytest.fixture
def slot(station, next_station, panel, reviewer):
    """许文静 on duty this morning, 何平 tomorrow, at 青溪; published."""
    xu, he, _jiang = panel
    slot = put(station, xu, TODAY)
    put(station, he, date(2026, 11, 17))
    months.publish(station.county, MONTH, by=reviewer)
    return fresh(slot)


@pytest.fixture
def other(slot, panel):
    return DutySlot.objects.get(worker=panel[1])


def told(slot):
    """The dated changes of a half-day: (from, to, why)."""
    return [
        (
            change.from_worker and change.from_worker.name,
            change.to_worker and change.to_worker.name,
            change.reason,
        )
        for change in slot.changes.all()
    ]


# ── Planning and publishing ─────────────────────────────────────────────────────────────


def test_a_month_is_planned_for_every_station_and_shared_out_evenly(
    county, station, next_station, panel, reviewer
):
    december = date(2026, 12, 1)

    month = months.plan(county, december, by=reviewer)

    slots = list(month.slots.all())
    assert Counter(slot.station.short_name for slot in slots) == {"青溪": 5, "石桥": 5}
    load = Counter(slot.worker.name for slot in slots)
    assert sorted(load.values()) == [3, 3, 4]
    assert month.planned_by == reviewer
    assert not month.is_published


def test_leave_court_licence_and_the_stations_own_wishes_are_respected(
    county, station, next_station, panel, reviewer, director
):
    xu, he, jiang = panel
    december = date(2026, 12, 1)
    Away.objects.create(
        worker=xu,
        from_on=december,
        to_on=date(2026, 12, 31),
        kind="court",
        asked_by=xu.user,
        state=RequestState.APPROVED,
        decided_by=director,
        decided_at=at(2026, 11, 9),
    )
    he.licence_to = date(2026, 12, 10)
    he.save()
    duty_slots.save_wish(station, half_days=["2am"], per_week=None, by=reviewer)
    DayOff.objects.create(day=date(2026, 12, 8), is_off=True, name="县里停电", county=county)

    month = months.plan(county, december, by=reviewer)

    slots = list(month.slots.select_related("worker"))
    assert {slot.worker for slot in slots if slot.worker} <= {he, jiang}
    assert all(slot.day <= he.licence_to for slot in slots if slot.worker == he)
    here = [slot for slot in slots if slot.station == station]
    assert [slot.day.day for slot in here if slot.day.isoweekday() == 2] == [1, 15, 22, 29]
    assert all(slot.day != date(2026, 12, 8) for slot in slots)


def test_where_nobody_can_come_the_half_day_says_why(county, station, panel, reviewer):
    for worker in panel:
        worker.annual_check_year = 2023
        worker.save()

    month = months.plan(county, date(2026, 12, 1), by=reviewer)

    assert {slot.why_open for slot in month.slots.unfilled()} == {
        "3人都不能来。未通过年度考核3人"
    }


def test_planning_again_keeps_names_set_by_hand_and_the_days_that_are_over(
    county, station, next_station, panel, reviewer
):
    months.plan(county, MONTH, by=reviewer)
    slots = list(DutySlot.objects.filter(station=station).order_by("day"))
    assert min(slot.day for slot in slots) >= TODAY
    one = slots[0]
    somebody = next(worker for worker in panel if worker != one.worker)
    duty_slots.set_worker(one, somebody, by=reviewer)

    months.plan(county, MONTH, by=reviewer)

    assert fresh(one).worker == somebody
    assert DutySlot.objects.filter(station=station).count() == len(slots)


def test_a_published_month_is_planned_no_more_and_published_once(
    county, slot, reviewer, director
):
    with pytest.raises(DutyRefused, match="林若溪已经发布"):
        months.publish(county, MONTH, by=director)
    with pytest.raises(DutyRefused, match="已经发布"):
        months.plan(county, MONTH, by=director)
    assert fresh(slot).published_worker == slot.worker


def test_a_month_with_a_name_that_may_not_stand_there_is_not_published(
    county, station, panel, reviewer
):
    xu, *_others = panel
    put(station, xu, TODAY)
    xu.licence_to = date(2026, 11, 9)
    xu.save()

    with pytest.raises(DutyRefused, match="许文静：执业证当天无效"):
        months.publish(county, MONTH, by=reviewer)
    assert not DutyMonth.objects.published().exists()


@pytest.mark.parametrize("month", [date(2026, 10, 1), date(2025, 1, 1)])
def test_a_month_that_is_over_is_neither_planned_nor_published(county, month, reviewer):
    for act in (months.plan, months.publish):
        with pytest.raises(DutyRefused, match="已经过去"):
            act(county, month, by=reviewer)


# ── Changing a half-day ─────────────────────────────────────────────────────────────────


def test_a_published_half_day_changes_with_a_reason_and_leaves_a_dated_row(slot, panel, head):
    xu, _he, jiang = panel

    with pytest.raises(DutyRefused, match="写明原因"):
        duty_slots.set_worker(slot, jiang, by=head)
    duty_slots.set_worker(slot, jiang, by=head, reason="临时出庭")

    changed = fresh(slot)
    assert (changed.worker, changed.published_worker, changed.origin) == (
        jiang,
        xu,
        "substitute",
    )
    assert told(changed) == [("许文静", "江晓", "临时出庭")]
    with pytest.raises(ProgrammingError), transaction.atomic():
        DutyChange.objects.update(reason="另一个原因")


def test_nobody_stands_in_two_places_at_once(slot, next_station, panel, reviewer):
    xu, *_others = panel
    there = put(next_station, None, TODAY)

    with pytest.raises(DutyRefused, match="许文静：同一时段在别处值班"):
        duty_slots.set_worker(there, xu, by=reviewer, reason="缺人")
    assert fresh(there).worker is None


def test_two_half_days_of_a_draft_are_exchanged_and_once_more_undoes_it(
    station, next_station, panel, reviewer, slot
):
    xu, he, jiang = panel
    december = date(2026, 12, 1)
    here, there, nobody = (
        put(place, worker, date(2026, 12, day), month=december)
        for place, worker, day in (
            (station, xu, 1),
            (next_station, he, 2),
            (next_station, None, 3),
        )
    )
    for expected in ((he, xu), (xu, he)):
        duty_slots.exchange(here, there, by=reviewer)
        assert (fresh(here).worker, fresh(there).worker) == expected
        assert fresh(here).origin == "by_hand"
    # Onto a half-day with nobody it moves.
    duty_slots.exchange(here, nobody, by=reviewer)
    assert (fresh(here).worker, fresh(here).why_open) == (None, "人工留空。")
    assert (fresh(nobody).worker, fresh(nobody).why_open) == (xu, "")

    he.licence_to = date(2026, 12, 2)
    he.save()
    with pytest.raises(DutyRefused, match="何平：执业证当天无效"):
        duty_slots.exchange(there, nobody, by=reviewer)
    busy = put(station, jiang, date(2026, 12, 3), month=december)
    with pytest.raises(DutyRefused, match="江晓：同一时段在别处值班"):
        duty_slots.exchange(
            put(next_station, jiang, date(2026, 12, 4), month=december), nobody, by=reviewer
        )
    with pytest.raises(DutyRefused, match="不在同一个月"):
        duty_slots.exchange(slot, busy, by=reviewer)
    months.publish(station.county, december, by=reviewer)
    with pytest.raises(DutyRefused, match="已发布"):
        duty_slots.exchange(busy, nobody, by=reviewer)
    assert fresh(there).worker == he


def test_a_half_day_that_is_over_or_signed_for_changes_no_more(slot, panel, head, monkeypatch):
    _xu, _he, jiang = panel
    signing.sign_in(slot, by=slot.worker.user, code=signing.station_code(slot.station))
    with pytest.raises(DutyRefused, match="许文静已经签到"):
        duty_slots.set_worker(slot, jiang, by=head, reason="换人")
    with pytest.raises(DutyRefused, match="许文静已经签到"):
        duty_slots.note_absence(slot, by=head)

    yesterday = put(slot.station, jiang, TODAY - timedelta(days=1))
    with pytest.raises(DutyRefused, match="已经过去"):
        duty_slots.set_worker(yesterday, None, by=head, reason="没来")


# ── Absence ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("told_at", "expected", "is_late"),
    [
        (at(2026, 11, 9, 9), "told", False),
        (at(2026, 11, 9, 9, 1), "untold", True),
        (None, "untold", False),
    ],
)
def test_an_absence_is_with_notice_when_told_a_day_before(
    slot, head, told_at, expected, is_late
):
    noted = duty_slots.note_absence(slot, by=head, told_at=told_at, reason="发烧")

    assert (noted.absence, noted.was_told_late) == (expected, is_late)
    open_now = DutySlot.objects.get(stands_in_for=slot)
    assert (open_now.worker, open_now.why_open) == (None, "许文静不能来。")
    with pytest.raises(DutyRefused, match="已经登记"):
        duty_slots.note_absence(slot, by=head)


def test_a_substitute_stands_in_a_row_of_their_own(slot, panel, head):
    _xu, _he, jiang = panel

    duty_slots.note_absence(slot, by=head, reason="发烧", substitute=jiang)

    stands = DutySlot.objects.get(stands_in_for=slot)
    assert (stands.worker, stands.origin) == (jiang, "substitute")
    assert told(slot) == [("许文静", "江晓", "发烧")]
    signing.sign_in(stands, by=jiang.user, code=signing.station_code(slot.station))
    with pytest.raises(DutyRefused, match="不是您的班"):
        signing.sign_in(slot, by=slot.worker.user, code=signing.station_code(slot.station))


def test_an_absence_noted_by_mistake_is_taken_back_and_stays_in_the_history(
    slot, panel, head, station
):
    xu, he, jiang = panel
    with pytest.raises(DutyRefused, match="没有登记缺勤"):
        duty_slots.take_back_absence(slot, by=head, reason="登记错了")
    told_at = at(2026, 11, 9, 8)
    duty_slots.note_absence(slot, by=head, told_at=told_at, reason="发烧", substitute=jiang)
    with pytest.raises(DutyRefused, match="写明为什么撤回"):
        duty_slots.take_back_absence(slot, by=head, reason=" ")

    duty_slots.take_back_absence(slot, by=head, reason="说的是另一天")

    back, place = fresh(slot), DutySlot.objects.get(stands_in_for=slot)
    assert (back.worker, back.absence, back.told_at, back.absence_by) == (xu, "", None, None)
    # Whoever was to stand in is free for another place.
    assert (place.worker, place.absence) == (None, "off")
    assert told(slot)[-1] == ("江晓", "许文静", "说的是另一天")
    assert told(place) == [("江晓", None, "说的是另一天")]
    kept = slot.changes.last()
    assert (kept.kind, kept.absence, kept.told_at) == ("present", "told", told_at)
    assert list(DutySlot.objects.on_duty_at(station, at(2026, 11, 10, 9))) == [back]

    # It was no mistake after all: the place is taken up again, and once somebody has signed in
    # there the absence stays.
    duty_slots.note_absence(slot, by=head, reason="还是没来", substitute=he)
    stands = DutySlot.objects.get(stands_in_for=slot)
    assert (stands.pk, stands.worker, stands.absence) == (place.pk, he, "")
    signing.sign_in(stands, by=he.user, code=signing.station_code(station))
    with pytest.raises(DutyRefused, match="何平已来顶班并签到"):
        duty_slots.take_back_absence(slot, by=head, reason="登记错了")


def test_an_approved_leave_frees_the_half_days_it_falls_on(
    slot, panel, reviewer, head, station
):
    xu, *_others = panel
    later = put(station, xu, date(2026, 12, 1), month=date(2026, 12, 1))
    leave = Away(worker=xu, from_on=TODAY, to_on=date(2026, 12, 3), kind="leave")
    requests.ask_away(leave, by=xu.user)
    # The button was pressed twice.
    again = Away(worker=xu, from_on=TODAY, to_on=date(2026, 12, 3), kind="leave")
    assert requests.ask_away(again, by=xu.user) == leave

    assert requests.may_decide_away(head, leave)
    assert requests.decide_away(leave, by=head, is_approved=True) == 2

    assert fresh(slot).absence == "untold"
    assert fresh(slot).absence_reason == "请假"
    assert (fresh(later).worker, fresh(later).absence) == (None, "")
    with pytest.raises(DutyRefused, match="已批准"):
        requests.decide_away(leave, by=reviewer, is_approved=False, answer="人手不够")


def test_a_refusal_of_leave_says_why_and_frees_nothing(slot, panel, head, neighbour):
    xu, *_others = panel
    leave = requests.ask_away(
        Away(worker=xu, from_on=TODAY, to_on=TODAY, kind="leave"), by=xu.user
    )

    with pytest.raises(DutyRefused, match="为什么不"):
        requests.decide_away(leave, by=head, is_approved=False)
    requests.decide_away(leave, by=head, is_approved=False, answer="人手不够")

    assert fresh(slot).absence == ""
    assert not requests.may_decide_away(neighbour, leave)


# ── Swaps ───────────────────────────────────────────────────────────────────────────────


def test_a_swap_takes_both_and_the_head_and_leaves_a_dated_row_each(slot, other, panel, head):
    xu, he, _jiang = panel
    swap = requests.ask_swap(slot, by=xu.user, colleague=he, other=other, reason="接孩子")
    with pytest.raises(DutyRefused, match="还没有同意"):
        requests.approve_swap(swap, by=head)

    requests.agree_swap(swap, by=he.user)
    requests.approve_swap(swap, by=head)

    assert (fresh(slot).worker, fresh(other).worker) == (he, xu)
    assert fresh(slot).published_worker == xu
    assert told(slot) == [("许文静", "何平", "接孩子")]
    assert told(other) == [("何平", "许文静", "接孩子")]
    with pytest.raises(DutyRefused, match="已批准"):
        requests.approve_swap(swap, by=head)


def test_a_swap_that_would_break_a_rule_is_refused_at_asking_and_at_approval(
    slot, other, panel, head, next_station
):
    xu, he, jiang = panel
    busy = put(next_station, jiang, TODAY)
    with pytest.raises(DutyRefused, match="江晓：同一时段在别处值班"):
        requests.ask_swap(slot, by=xu.user, colleague=jiang)
    busy.delete()
    with pytest.raises(DutyRefused, match="不是您的班"):
        requests.ask_swap(slot, by=he.user, colleague=jiang)

    swap = requests.ask_swap(slot, by=xu.user, colleague=he, other=other)
    with pytest.raises(DutyRefused, match="已有换班"):
        requests.ask_swap(slot, by=xu.user, colleague=jiang)
    requests.agree_swap(swap, by=he.user)
    he.licence_to = date(2026, 11, 1)
    he.save()
    with pytest.raises(DutyRefused, match="何平：执业证当天无效"):
        requests.approve_swap(swap, by=head)
    assert (fresh(slot).worker, fresh(other).worker) == (xu, he)


def test_a_colleague_takes_over_or_refuses_and_a_changed_half_day_ends_the_swap(
    slot, panel, head
):
    xu, he, jiang = panel
    refused = requests.ask_swap(slot, by=xu.user, colleague=he)
    requests.refuse_swap(refused, by=he.user, answer="也要开庭")

    waiting = requests.ask_swap(slot, by=xu.user, colleague=jiang)
    requests.agree_swap(waiting, by=jiang.user)
    requests.approve_swap(waiting, by=head)
    assert fresh(slot).worker == jiang

    again = requests.ask_swap(fresh(slot), by=jiang.user, colleague=he)
    duty_slots.set_worker(slot, xu, by=head, reason="江晓有事")
    again.refresh_from_db()
    assert again.state not in WAITING


# ── Signing in and out ──────────────────────────────────────────────────────────────────


def test_the_code_of_a_station_is_its_own_and_easily_typed(station, next_station):
    code = signing.station_code(station)

    assert len(code) == 8
    assert set(code) <= set(signing.LETTERS)
    assert code == signing.station_code(station) != signing.station_code(next_station)
    assert signing.is_code_of(station, f" {code[:4].lower()} {code[4:]}")
    assert not signing.is_code_of(station, "")


@pytest.mark.parametrize(
    ("clock", "refusal"),
    [
        ((2026, 11, 10, 7, 59), "8:00到11:30"),
        ((2026, 11, 10, 8, 0), None),
        ((2026, 11, 10, 11, 30), None),
        ((2026, 11, 10, 11, 31), "8:00到11:30"),
        ((2026, 11, 9, 9, 0), "8:00到11:30"),
    ],
)
def test_one_signs_in_from_an_hour_before_until_the_end(slot, monkeypatch, clock, refusal):
    then = set_clock(monkeypatch, *clock)
    code = signing.station_code(slot.station)
    if refusal:
        with pytest.raises(DutyRefused, match=refusal):
            signing.sign_in(slot, by=slot.worker.user, code=code)
    else:
        assert signing.sign_in(slot, by=slot.worker.user, code=code).signed_in_at == then


def test_a_second_press_changes_nothing_and_another_s_code_does_not_do(
    slot, next_station, monkeypatch
):
    user, code = slot.worker.user, signing.station_code(slot.station)
    with pytest.raises(DutyRefused, match="先签到"):
        signing.sign_out(slot, by=user, code=code)
    with pytest.raises(DutyRefused, match="不是青溪的签到码"):
        signing.sign_in(slot, by=user, code=signing.station_code(next_station))
    first = signing.sign_in(slot, by=user, code=code).signed_in_at

    set_clock(monkeypatch, 2026, 11, 10, 11, 35)
    assert signing.sign_in(slot, by=user, code=code).signed_in_at == first
    out = signing.sign_out(slot, by=user, code=code).signed_out_at
    set_clock(monkeypatch, 2026, 11, 10, 12, 0)
    assert signing.sign_out(slot, by=user, code=code).signed_out_at == out


def test_the_head_sets_times_right_with_a_reason_and_the_old_ones_stay(
    slot, head, panel, monkeypatch
):
    xu, *_others = panel
    came, left = at(2026, 11, 10, 8, 55), at(2026, 11, 10, 11, 40)

    def set_right(by=head, came=came, left=left, reason="手机没电"):
        return signing.set_right(
            slot, by=by, signed_in_at=came, signed_out_at=left, reason=reason
        )

    with pytest.raises(DutyRefused, match="还没有到"):
        set_right()
    set_clock(monkeypatch, 2026, 11, 12, 9, 0)
    for wrong, sentence in (
        ({"by": xu.user}, "不能自己补正"),
        ({"reason": " "}, "写明为什么补正"),
        ({"came": None}, "到岗时间也写上"),
        ({"came": at(2026, 11, 10, 7, 59)}, "8:00到11:30"),
        ({"left": at(2026, 11, 10, 8, 50)}, "签到之后"),
        ({"left": at(2026, 11, 10, 14, 31)}, "14:30以前"),
    ):
        with pytest.raises(DutyRefused, match=sentence):
            set_right(**wrong)

    set_right()
    # The same press again changes nothing.
    set_right()
    assert (fresh(slot).signed_in_at, fresh(slot).signed_out_at) == (came, left)
    assert fresh(slot).signing_set_by == head
    set_right(came=None, left=None, reason="认错了人")
    assert (fresh(slot).signed_in_at, fresh(slot).signing_set_by) == (None, None)
    assert [
        (change.kind, change.in_before, change.out_before, change.in_after, change.reason)
        for change in slot.changes.all()
    ] == [
        ("signed", None, None, came, "手机没电"),
        ("signed", came, left, None, "认错了人"),
    ]


def test_the_county_s_hours_hold_for_the_months_published_from_then_on(
    slot, county, reviewer, panel, now, monkeypatch
):
    xu, *_others = panel
    county.parameters = {"duty_morning_from": "08:30", "duty_morning_to": "12:30"}
    county.save()
    later = put(slot.station, xu, date(2026, 12, 1), month=date(2026, 12, 1))
    months.publish(county, date(2026, 12, 1), by=reviewer)

    assert fresh(slot).starts_at == at(2026, 11, 10, 9)
    assert (fresh(later).starts_at, fresh(later).ends_at) == (
        at(2026, 12, 1, 8, 30),
        at(2026, 12, 1, 12, 30),
    )
    ends = [
        event.decoded("DTEND")
        for event in icalendar.Calendar.from_ical(feed.feed(xu, now=now)).walk("VEVENT")
    ]
    assert ends == [at(2026, 11, 10, 11, 30), at(2026, 12, 1, 12, 30)]
    slot.station.county.refresh_from_db()
    on_duty = DutySlot.objects.on_duty_at(slot.station, at(2026, 12, 1, 12, 15))
    assert list(on_duty) == [later]


def test_who_stands_duty_now_is_known_by_half_day(slot, station, panel):
    _xu, he, _jiang = panel
    put(station, he, TODAY, "pm")

    def on_duty(*moment):
        slots = DutySlot.objects.on_duty_at(station, at(*moment))
        return [each.worker.name for each in slots]

    assert on_duty(2026, 11, 10, 11, 59) == ["许文静"]
    assert on_duty(2026, 11, 10, 12, 0) == ["何平"]
    assert on_duty(2026, 11, 11, 9, 0) == []


# ── Subsidies ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def worked(slot, other, head, monkeypatch):
    """许文静 signed in, 何平 did not come; it is December."""
    signing.sign_in(slot, by=slot.worker.user, code=signing.station_code(slot.station))
    duty_slots.note_absence(other, by=head, reason="没有来")
    set_clock(monkeypatch, 2026, 12, 1)
    return slot


def test_the_sheet_counts_sign_ins_and_is_settled_once(county, worked, director, panel):
    county.parameters = {"duty_subsidy_yuan": 120}
    county.save()

    locked = subsidies.lock(county, MONTH, by=director)

    assert (locked.rate, locked.half_days, locked.amount) == (120, 1, 120)
    assert [
        (row.name, row.half_days, row.amount, row.absences_untold) for row in locked.rows.all()
    ] == [
        ("何平", 0, 0, 1),
        ("许文静", 1, 120, 0),
    ]
    county.parameters = {"duty_subsidy_yuan": 300}
    county.save()
    sheet = subsidies.sheet_of(county, MONTH)
    assert (sheet.amount, sheet.locked) == (Decimal(120), locked)
    # What is kept can be counted again.
    assert subsidies.hash_of(sheet) == locked.hash
    with pytest.raises(DutyRefused, match="唐主任已经"):
        subsidies.lock(county, MONTH, by=director)
    with pytest.raises(DutyRefused, match="已经结算"):
        duty_slots.note_absence(
            DutySlot.objects.create(
                duty_month=worked.duty_month,
                station=worked.station,
                day=date(2026, 11, 24),
                half="am",
                worker=panel[2],
            ),
            by=director,
        )
    with pytest.raises(ProgrammingError), transaction.atomic():
        SubsidySheet.objects.update(amount=0, half_days=0)


def test_a_month_is_not_settled_before_it_is_over_or_without_a_sign_in(
    county, slot, director, monkeypatch
):
    with pytest.raises(DutyRefused, match="还没有结束"):
        subsidies.lock(county, MONTH, by=director)
    set_clock(monkeypatch, 2026, 12, 1)
    assert subsidies.sheet_of(county, MONTH).unsigned == 2
    with pytest.raises(DutyRefused, match="没有人签到"):
        subsidies.lock(county, MONTH, by=director)


def test_the_workbook_says_the_same_as_the_sheet(county, worked):
    sheet = subsidies.sheet_of(county, MONTH)

    rows = (
        CalamineWorkbook.from_filelike(BytesIO(subsidies.workbook(sheet)))
        .get_sheet_by_index(0)
        .to_python()
    )

    assert rows[0][0] == "清山县法律援助中心2026年11月值班补贴表"
    assert [row[1] for row in rows[2:]] == ["何平", "许文静", "合计"]
    assert [(row[4], row[7]) for row in rows[2:]] == [(0, 0), (1, 100), (1, 100)]


# ── Calendar, chores, two at once ───────────────────────────────────────────────────────


def test_the_calendar_holds_one_s_own_published_half_days_and_no_other_name(
    slot, other, panel, now
):
    xu, he, _jiang = panel
    key = feed.new_key(xu)
    text = feed.feed(xu, now=now)

    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["SUMMARY"] == "青溪镇法律援助工作站值班"
    assert event.decoded("DTSTART") == at(2026, 11, 10, 9)
    assert event.decoded("DTEND") == at(2026, 11, 10, 11, 30)
    assert he.name not in text.decode()
    assert feed.new_key(xu) != key


def test_the_county_owes_the_next_roster_by_the_25th_and_licences(
    county, station, panel, reviewer, monkeypatch
):
    assert chores.FINDERS[ChoreKind.ROSTER] is duty_chores.owed_duty

    def owed(place):
        chores.refresh(place, ChoreKind.ROSTER)
        return {chore.title: chore.due_on for chore in Chore.objects.order_by("pk")}

    assert owed(county) == {"2026年11月值班表没有发布": date(2026, 10, 25)}
    xu, *_others = panel
    xu.licence_to = date(2026, 12, 31)
    xu.save()
    months.plan(county, MONTH, by=reviewer)
    months.publish(county, MONTH, by=reviewer)
    set_clock(monkeypatch, 2026, 11, 16)
    assert owed(county) == {
        "2026年12月值班表没有发布": date(2026, 11, 25),
        "许文静的执业证快到期": date(2026, 12, 31),
    }
    months.plan(county, date(2026, 12, 1), by=reviewer)
    months.publish(county, date(2026, 12, 1), by=reviewer)
    assert owed(county) == {"许文静的执业证快到期": date(2026, 12, 31)}


def test_a_station_owes_the_half_days_nobody_stands_and_a_swap_to_decide(
    slot, other, panel, head, station, django_capture_on_commit_callbacks
):
    xu, he, jiang = panel
    with django_capture_on_commit_callbacks(execute=True):
        duty_slots.note_absence(slot, by=head)
    assert [chore.title for chore in Chore.objects.filter(station=station)] == [
        "11月10日上午无人值班"
    ]
    with django_capture_on_commit_callbacks(execute=True):
        stands = DutySlot.objects.get(stands_in_for=slot)
        duty_slots.set_worker(stands, jiang, by=head, reason="顶班")
        swap = requests.ask_swap(other, by=he.user, colleague=xu)
        requests.agree_swap(swap, by=xu.user)
    assert [chore.title for chore in Chore.objects.filter(station=station)] == [
        "何平与许文静要换班"
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_one_person_two_places_at_once_one_is_refused(
    station, next_station, panel, reviewer, director
):
    xu, *_others = panel
    places = [put(station, None, TODAY), put(next_station, None, TODAY)]
    start, answers = Barrier(2), []

    def press(place, by):
        try:
            start.wait()
            duty_slots.set_worker(place, xu, by=by)
            answers.append("done")
        except DutyRefused as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    threads = [
        Thread(target=press, args=pair)
        for pair in zip(places, (reviewer, director), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer == "done" for answer in answers) == [False, True]
    assert DutySlot.objects.filter(worker=xu).count() == 1
