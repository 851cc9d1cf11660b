"""Duty of the demonstration county: its people, two past months stood, this month, the next one."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from stations.duty import months as duty
from stations.duty import requests, slots, subsidies
from stations.duty.duty_chores import LICENCE_WARNINGS
from stations.duty.people import DutyRefused, next_month
from stations.duty.roster import check_year_wanted
from stations.models import (
    AidUnit,
    AidWorker,
    Away,
    DayOff,
    DutyMonth,
    DutySlot,
    Station,
    User,
)
from stations.roles import Role
from stations.terms import AidWorkerKind, DutyKind, Half, WeekHalf

from . import SURGE_STATION
from .moved_clock import at

PAST_MONTHS = 2
# Of a hundred half-days over, so many were missed: told in time, or not.
TOLD_OF_100, UNTOLD_OF_100 = 4, 2
REASONS = ("开庭", "发烧请假", "参加省里培训", "家中有事")
SPECIALITIES = (["labour", "contract"], ["family", "land"], ["traffic"], ["land", "labour"], [])
# From the 20th the next month stands as a draft.
DRAFT_FROM = 20


def build(county, today):
    """Give the county its duty people and rosters up to today."""
    random = Random(341525)
    planner = User.objects.get(username="reviewer")
    _build_people(county, today)
    slots.save_wish(
        Station.objects.get(code=SURGE_STATION),
        half_days=[WeekHalf.TUE_AM, WeekHalf.THU_PM],
        per_week=2,
        by=planner,
    )
    this = today.replace(day=1)
    months = [this]
    for _n in range(PAST_MONTHS):
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    for month in months:
        with at(_moment(month - timedelta(days=8), 16)):
            duty.plan(county, month, by=planner)
            if month == this:
                _put_shown(county, today)
            duty.publish(county, month, by=planner)
        _stand(county, month, today, random)
    with at(_moment(months[1] + timedelta(days=4), 10)):
        subsidies.lock(county, months[0], by=User.objects.get(username="director"))
    if today.day >= DRAFT_FROM:
        with at(_moment(today - timedelta(days=1), 15)):
            duty.plan(county, next_month(this), by=planner)
    with at(_moment(today, 8)):
        _ask(county, today)


def _moment(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _build_people(county, today):
    """Whoever has a duty post is on the duty panel; and so are four of the others."""
    checked = check_year_wanted(today, until_month=6)
    common = {"stands_duty": True, "annual_check_year": checked}
    units = {
        AidWorkerKind.LAWYER: AidUnit.objects.get(county=county, kind="firm"),
        AidWorkerKind.GRASSROOTS: AidUnit.objects.get(county=county, kind="grassroots"),
    }
    AidWorker.objects.filter(unit__county=county).exclude(kind=AidWorkerKind.STAFF).update(
        **common
    )
    busy = AidWorker.objects.filter(unit__county=county, name__in=["吕正平", "叶长福"])
    busy.update(duty_half_days=[WeekHalf.MON_AM, WeekHalf.WED_PM, WeekHalf.FRI_AM])
    people = User.objects.filter(
        appointments__role=Role.DUTY, appointments__station__county=county
    ).distinct()
    for number, user in enumerate(people.order_by("username")):
        kind = (
            AidWorkerKind.LAWYER
            if user.duty_kind == DutyKind.LAWYER
            else AidWorkerKind.GRASSROOTS
        )
        stations = list(
            Station.objects.filter(appointments__user=user).select_related("township")
        )
        worker, _made = AidWorker.objects.get_or_create(
            name=user.name,
            unit=units[kind],
            defaults={
                "kind": kind,
                "licence_number": f"演示{1000 + number}",
                "practising_since": date(2012 + number % 9, 6, 1),
                "specialities": SPECIALITIES[number % len(SPECIALITIES)],
                "township_code": stations[0].township.code,
                "phone": user.phone,
                "joined_on": date(2024, 1, 1),
                **common,
            },
        )
        # Two licences end soon: the center has to ask for the new ones.
        ends_in = LICENCE_WARNINGS[number] - 6 if number < 2 else 220 + 17 * number
        worker.licence_to = today + timedelta(days=ends_in)
        worker.user = user
        worker.save()
        worker.duty_stations.set(stations)


def _put_shown(county, today):
    """许文静, whose account is shown, is on duty today at her station, and on the next working day."""
    station = Station.objects.get(code=SURGE_STATION)
    worker = AidWorker.objects.get(user__username="lawyer")
    month = DutyMonth.objects.get(county=county, month=today.replace(day=1))
    calendar = DayOff.objects.calendar(county)
    later = calendar.add_working_days(today, 1)
    halves = [(today, Half.MORNING), (today, Half.AFTERNOON), (later, Half.MORNING)]
    for day, half in halves:
        if not calendar.is_working_day(day) or day.month != today.month:
            continue
        elsewhere = DutySlot.objects.filter(worker=worker, day=day, half=half)
        elsewhere.update(worker=None, why_open="许文静改到诸佛庵站")
        DutySlot.objects.update_or_create(
            duty_month=month,
            station=station,
            day=day,
            half=half,
            defaults={"worker": worker, "why_open": ""},
        )


def _stand(county, month, today, random):
    """Sign in for what is over, a few minutes early or late; a few were absent."""
    people = list(AidWorker.objects.on_duty_panel(today).filter(unit__county=county))
    for slot in (
        DutySlot.objects.filter(
            duty_month__county=county,
            duty_month__month=month,
            day__lt=today,
            worker__isnull=False,
        )
        .select_related("station", "duty_month", "worker")
        .order_by("day", "half", "pk")
    ):
        chance = random.randrange(100)
        if chance < TOLD_OF_100 + UNTOLD_OF_100:
            _miss(slot, chance < TOLD_OF_100, people, random)
            continue
        slot.signed_in_at = slot.starts_at + timedelta(minutes=random.randint(-18, 6))
        slot.signed_out_at = slot.ends_at + timedelta(minutes=random.randint(-4, 25))
        slot.save(update_fields=["signed_in_at", "signed_out_at"])


def _miss(slot, is_told, people, random):
    head = User.objects.filter(
        appointments__station=slot.station, appointments__role=Role.HEAD
    ).first()
    told_at = slot.starts_at - timedelta(hours=40) if is_told else None
    substitute = random.choice(people) if is_told else None
    with at(told_at or slot.ends_at):
        try:
            slots.note_absence(
                slot,
                by=head,
                told_at=told_at,
                reason=random.choice(REASONS) if is_told else "没有到岗，电话未接",
                substitute=substitute,
            )
        except DutyRefused:
            # Whoever was drawn stands elsewhere: nobody stood in.
            slots.note_absence(slot, by=head, told_at=told_at, reason="开庭")
    DutySlot.objects.filter(stands_in_for=slot, worker__isnull=False).update(
        signed_in_at=slot.starts_at, signed_out_at=slot.ends_at
    )


def _ask(county, today):
    """A leave that waits for the center, a swap that waits for the head."""
    worker = AidWorker.objects.get(user__username="lawyer")
    calendar = DayOff.objects.calendar(county)
    requests.ask_away(
        Away(
            worker=worker,
            from_on=calendar.add_working_days(today, 8),
            to_on=calendar.add_working_days(today, 9),
            kind="court",
            reason="六安市中级人民法院开庭",
        ),
        by=worker.user,
    )
    own = (
        DutySlot.objects.of(worker.user)
        .published()
        .standing()
        .filter(day__gt=today)
        .select_related("station", "duty_month")
        .first()
    )
    colleague = (
        AidWorker.objects.on_duty_panel(today)
        .filter(unit__county=county, user__isnull=True)
        .order_by("pk")
        .first()
    )
    if own and colleague:
        try:
            swap = requests.ask_swap(own, by=worker.user, colleague=colleague, reason="接孩子")
        except DutyRefused:
            return
        requests.agree_swap(
            swap,
            by=User.objects.filter(
                appointments__station=own.station, appointments__role=Role.HEAD
            ).first(),
        )
