"""Small things a lived-in site has: leads of the liaisons, a draft, kept views, the log of looks and
of acts on accounts, and the seals over all of it."""

import json
import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from casework.models import EntryDraft, Matter, RegisterEntry, SavedFilter
from casework.terms import Channel
from stations.models import Appointment, DayOff, Lead, Look, User
from stations.models.looks import LookKind
from stations.roles import Role
from stations.seals import chain, checking
from stations.signing_in import accounts

from . import facts
from .moved_clock import at

# A colleague who stood in for the clerk of a station, from and to about so many days before today.
STOOD_IN = "舒敏"
STOOD_IN_FROM, STOOD_IN_TO = 46, 18
# The log of who looked is told of the last days.
LOOKED_BACK = 21
# For so many nights the days have been sealed one by one.
SEALED_NIGHTLY = 8


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


def build_looks(today):
    """Who opened a number, printed or exported lately: something for the audit administrator."""
    clerk, duty, head, reviewer = (
        User.objects.get(username=name) for name in ("clerk", "lawyer", "head", "reviewer")
    )
    entries = RegisterEntry.objects.filter(station=clerk.station).order_by("-occurred_at")
    entry, other = (f"entry:{entry.pk}" for entry in entries[:2])
    listed = f"register?from={today - timedelta(days=30)}&to={today - timedelta(days=1)}"
    calendar = DayOff.objects.calendar(clerk.county)
    past = [today - timedelta(days=days) for days in range(1, LOOKED_BACK)]
    worked = [day for day in past if calendar.is_working_day(day)]
    # Working days ago, hour, minute, act, who, at what, rows, why.
    rows = [
        (1, 8, 31, LookKind.SIGN_IN, clerk, f"user:{clerk.pk}", 1, ""),
        (1, 9, 12, LookKind.REVEAL, clerk, entry, 1, "回电告知开庭时间"),
        (1, 10, 40, LookKind.PRINT, head, f"{listed}&channel=visit", 54, ""),
        (2, 15, 5, LookKind.EXPORT, reviewer, f"{listed}&sensitive=group", 9, ""),
        (3, 21, 46, LookKind.REVEAL, duty, other, 1, "补打电话核对工资数额"),
        (4, 8, 2, LookKind.FAILED, head, f"user:{head.pk}", 1, ""),
        (4, 8, 3, LookKind.FAILED, head, f"user:{head.pk}", 1, ""),
        (4, 8, 5, LookKind.LOCKED, head, f"user:{head.pk}", 1, ""),
        (6, 16, 20, LookKind.EXPORT, reviewer, f"{listed}&q=*", 1260, "年度台账归档"),
    ]
    for days, hour, minute, kind, user, subject, count, reason in rows:
        with at(_moment(worked[days - 1], hour, minute)):
            Look.objects.create(
                kind=kind,
                user=user,
                station=user.station,
                county=user.county,
                subject=subject,
                count=count,
                reason=reason,
            )


def build_seals(today):
    """Seal the past, last of all: the far one in one go, each of the last days in the night after it."""
    for days in range(SEALED_NIGHTLY, -1, -1):
        with at(_moment(today - timedelta(days=days), 2, 45)):
            chain.seal_days()
    with at(_moment(today, 2, 46)):
        checking.check_at_night()


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
