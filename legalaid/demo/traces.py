"""Small things a lived-in site has: leads of the liaisons, a draft, kept views, the log of looks and
of acts on accounts."""

import json
import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from casework.models import EntryDraft, Matter, RegisterEntry, SavedFilter
from casework.terms import Channel
from stations.models import Appointment, DayOff, Lead, Look, User
from stations.models.looks import LookKind
from stations.roles import Role
from stations.signing_in import accounts

from . import facts
from .moved_clock import at

# A colleague who stood in for the clerk of a station, from and to about so many days before today.
STOOD_IN = "舒敏"
STOOD_IN_FROM, STOOD_IN_TO = 46, 18


def build_leads(population, random, today):
    """What two liaisons passed on; the newest wait, the older ones say what became of them."""
    matters = dict(Matter.objects.values_list("code", "name"))
    for told in facts.leads():
        liaison = User.objects.get(username=told["account"])
        post = liaison.liaison_posts.select_related("village", "station").get()
        sent_on = today - timedelta(days=int(told["days_ago"]))
        sent_at = timezone.make_aware(datetime.combine(sent_on, time(9, random.randint(0, 59))))
        taken_at = (
            sent_at + timedelta(hours=int(told["taken_after_hours"]))
            if told["taken_after_hours"]
            else None
        )
        person = population.person(post.village, on=today, sex=told["sex"], ages=(35, 78))
        Lead.objects.create(
            station=post.station,
            village=post.village,
            kind=matters[told["matter"]],
            name=person.name,
            phone=person.phone,
            words=told["words"],
            urgency=told["urgency"],
            sent_by=liaison,
            sent_at=sent_at,
            client_key=uuid.UUID(int=random.getrandbits(128), version=4),
            taken_by=post.station.entries.latest("occurred_at").recorded_by
            if taken_at
            else None,
            taken_at=taken_at,
            outcome=told["outcome"],
        )


def build_desk(population, today):
    """A call one clerk was interrupted in, and two kept views of another, one shared."""
    interrupted = User.objects.get(username="clerk2")
    person = population.person(None, on=today)
    typed = {
        "name": person.name,
        "phone": person.phone,
        "statement": "在县城饭店端盘子，说好月底",
    }
    EntryDraft.objects.create(
        user=interrupted,
        station=interrupted.station,
        channel=Channel.CALL,
        content=json.dumps(typed, ensure_ascii=False),
        saved_at=timezone.make_aware(datetime.combine(today - timedelta(days=1), time(16, 52))),
    )
    clerk = User.objects.get(username="clerk")
    SavedFilter.objects.create(user=clerk, name="欠薪", query="matter=civil.labour_pay")
    SavedFilter.objects.create(
        user=clerk, name="多人同来", query="sensitive=group", county=clerk.county
    )


def build_looks():
    """Who opened a number, printed or exported lately: something for the audit administrator."""
    clerk, head, reviewer = (
        User.objects.get(username=name) for name in ("clerk", "head", "reviewer")
    )
    entry = RegisterEntry.objects.filter(station=clerk.station).latest("occurred_at")
    rows = [
        (LookKind.SIGN_IN, clerk, f"user:{clerk.pk}", 1, ""),
        (LookKind.REVEAL, clerk, f"registerentry:{entry.pk}", 1, "回电告知开庭时间"),
        (LookKind.PRINT, head, "register?channel=visit", 54, ""),
        (LookKind.EXPORT, reviewer, "register?sensitive=group", 9, ""),
    ]
    for kind, user, subject, count, reason in rows:
        Look.objects.create(
            kind=kind,
            user=user,
            station=user.station,
            county=user.county,
            subject=subject,
            count=count,
            reason=reason,
        )


def build_account_acts(population, today):
    """Somebody stood in for a clerk: account and appointment given, and both taken back."""
    creator, appointer = (User.objects.get(username=name) for name in ("sysadmin", "secadmin"))
    station = User.objects.get(username="clerk2").station
    calendar = DayOff.objects.calendar(station.county)
    first, last = (
        calendar.first_working_day_from(today - timedelta(days=days))
        for days in (STOOD_IN_FROM, STOOD_IN_TO)
    )
    user = User(
        username=f"{station.code}-standin",
        name=STOOD_IN,
        phone=population.phone(),
        is_demo=True,
    )
    with at(_moment(first, 8, 40)):
        accounts.create(user, by=creator)
        # Nobody was handed the password, and nobody signs in with it.
        user.set_unusable_password()
        user.save(update_fields=["password"])
    appointment = Appointment(user=user, role=Role.CLERK, station=station, from_on=first)
    with at(_moment(first, 9, 5)):
        accounts.appoint(appointment, by=appointer)
    with at(_moment(last, 17, 10)):
        accounts.end_appointment(appointment, by=appointer, last_day=last)
    with at(_moment(last, 17, 25)):
        accounts.close(user, by=creator)


def _moment(day, hour, minute):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
