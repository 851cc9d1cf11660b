"""A county's month of duty: drafted by the generator, mended by people, published. Rules 4.4, clock 30.

All acts lock the month they change; of two people pressing at once one gets a sentence.
"""

from collections import defaultdict
from dataclasses import astuple
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import chores
from ..errands import look_at_walls_later
from ..models import ChoreKind, DayOff, DutyMonth, DutySlot, Station, StationDuty
from ..terms import SlotOrigin
from . import roster
from .people import DutyRefused, as_asked, bar_of, last_day, people_of, sentence, why_nobody
from .roster import HARD

# Clock 30: next month's roster is published by this day.
PUBLISH_BY_DAY = 25


def _wishes(county, first, last):
    per_week = county.parameter("duty_half_days_a_week")
    wishes = {
        wish.station_id: wish for wish in StationDuty.objects.filter(station__county=county)
    }
    for station in (
        Station.objects.filter(county=county)
        .open_between(first, last)
        .select_related("township")
    ):
        wish = wishes.get(station.pk)
        yield roster.StationWish(
            station=station.pk,
            township_code=station.township.code,
            per_week=(wish and wish.per_week) or per_week,
            half_days=frozenset(wish.half_days if wish else ()),
            opened_on=station.opened_on,
            closed_on=station.closed_on,
        )


# ── Planning a month ────────────────────────────────────────────────────────────────────


def locked_month(county, month):
    """The month's row, made when it is missing, locked until the act is done."""
    DutyMonth.objects.get_or_create(county=county, month=month)
    return DutyMonth.objects.select_for_update(of=("self",)).get(county=county, month=month)


@transaction.atomic
def plan(county, month, *, by):
    """Draft a county's month with the generator; names set by hand stay. Returns the month.

    In a month that has begun only the days to come are planned. Raises DutyRefused when it is
    published or over.
    """
    today = timezone.localdate()
    first, last = month, last_day(month)
    if last < today:
        raise DutyRefused(_("This month is over. Plan the next one."))
    duty_month = locked_month(county, month)
    if duty_month.is_published:
        raise DutyRefused(
            _("This roster is published. Change single half-days, each with its reason.")
        )
    people = people_of(county, month)
    until = county.parameter("annual_check_until_month")
    slots = [
        slot
        for slot in roster.wanted_slots(
            _wishes(county, first, last),
            people.values(),
            month,
            DayOff.objects.calendar(county),
            check_until_month=until,
        )
        if slot.day >= today
    ]
    by_hand = duty_month.slots.filter(origin=SlotOrigin.BY_HAND)
    duty_month.slots.exclude(origin=SlotOrigin.BY_HAND).delete()
    kept = {as_asked(slot): slot.worker_id for slot in by_hand}
    slots = _without_kept(slots, kept)
    made = roster.plan(
        slots,
        people.values(),
        check_until_month=until,
        fixed={slot: worker for slot, worker in kept.items() if worker},
    )
    DutySlot.objects.bulk_create(
        DutySlot(
            duty_month=duty_month,
            station_id=slot.station,
            day=slot.day,
            half=slot.half,
            worker_id=made.people.get(slot),
            why_open=why_nobody(made.unfilled[slot]) if slot in made.unfilled else "",
        )
        for slot in slots
    )
    duty_month.planned_at, duty_month.planned_by = timezone.now(), by
    duty_month.save(update_fields=["planned_at", "planned_by"])
    return duty_month


def _without_kept(slots, kept):
    """Leave out, for every half-day kept, one of the same station and week; the same one first."""
    weeks = defaultdict(list)
    for slot in slots:
        weeks[slot.station, slot.day.isocalendar()[:2]].append(slot)
    for each in kept:
        week = weeks[each.station, each.day.isocalendar()[:2]]
        week.sort(key=lambda slot: (slot.moment != each.moment, slot))
        del week[:1]
    return sorted(slot for week in weeks.values() for slot in week)


@transaction.atomic
def publish(county, month, *, by):
    """Publish a county's month: what stands in it now is what the wall says. Returns the month.

    Raises DutyRefused when there is nothing to publish, it is published, or it is over.
    """
    duty_month = locked_month(county, month)
    if duty_month.is_published:
        raise DutyRefused(
            _("%(name)s has published this roster already.")
            % {"name": duty_month.published_by.name}
        )
    if last_day(month) < timezone.localdate():
        raise DutyRefused(_("This month is over. Plan the next one."))
    if not duty_month.slots.filter(worker__isnull=False).exists():
        raise DutyRefused(_("Nobody stands in this roster yet. Plan it first."))
    wrong = conflicts(duty_month)
    if wrong:
        slot, why = next(iter(wrong.items()))
        raise DutyRefused(
            _("%(day)s, %(station)s: %(why)s Change it, then publish.")
            % {"day": _day(slot.day), "station": slot.station.short_name, "why": why}
        )
    duty_month.slots.update(published_worker=F("worker"))
    duty_month.published_at, duty_month.published_by = timezone.now(), by
    duty_month.published_hours = list(astuple(county.duty_hours))
    duty_month.save(update_fields=["published_at", "published_by", "published_hours"])
    chores.refresh_later(county, ChoreKind.ROSTER)
    look_at_walls_later(county)
    for station in Station.objects.filter(
        pk__in=duty_month.slots.unfilled().values("station")
    ).select_related("county"):
        chores.refresh_later(station, ChoreKind.ROSTER)
    return duty_month


def conflicts(duty_month):
    """What is wrong with names that stand in a month: {slot: sentence}, in order. Five queries."""
    slots = [slot for slot in duty_month.slots.standing().for_grid() if slot.worker_id]
    people = people_of(
        duty_month.county, duty_month.month, only={slot.worker_id for slot in slots}
    )
    found = {}
    for slot in slots:
        why = bar_of(duty_month.county, people[slot.worker_id], slot)
        if why in HARD and not slot.is_stood:
            found[slot] = sentence(slot.worker.name, why)
    return found


def _day(day: date):
    return f"{day:%m-%d}"
