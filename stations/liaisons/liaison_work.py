"""What liaisons do: log it, get tasks from the station and report back, hand over when leaving."""

import uuid
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from .. import chores
from ..chores import Owed, owes
from ..models import (
    ChoreKind,
    DayOff,
    HandOver,
    Lead,
    Liaison,
    LiaisonActivity,
    LiaisonTask,
    Station,
)
from ..network.coverage import State, coverage
from ..roles import Role
from ..sayings import saying
from ..terms import LiaisonRole, LiaisonTaskKind

# A task done is a line of the log in this role, so that nobody types it twice.
ROLE_OF_TASK = {
    LiaisonTaskKind.VERIFY: LiaisonRole.INVESTIGATOR,
    LiaisonTaskKind.GUIDE: LiaisonRole.GUIDE,
    LiaisonTaskKind.MEDIATE: LiaisonRole.MEDIATOR,
    LiaisonTaskKind.DELIVER: LiaisonRole.MESSENGER,
    LiaisonTaskKind.SPREAD: LiaisonRole.PUBLICITY,
}
# Whoever left so long ago and handed nothing over is asked about.
HAND_OVER_DAYS = 7
# The chore of leads that wait too long: a desk that lists the leads need not list it.
LEADS = "leads"
# How far back a hand-over pack lists what was done.
PACK_DAYS = 365

HANDED_OVER = gettext_lazy("handed over to the next liaison")


class WorkRefused(Exception):
    """A plain sentence why this cannot be done now."""


def waiting_for(user):
    """How many tasks a liaison has open, with packs to take over."""
    packs = HandOver.objects.visible_to(user).filter(received_at=None)
    tasks = LiaisonTask.objects.visible_to(user).open()
    return tasks.count() + packs.exclude(liaison__user=user).count()


# ── The log ─────────────────────────────────────────────────────────────────────────────


def log(activity, *, by):
    """Save one line of a liaison's log. A second press returns the first."""
    activity.by = by
    try:
        with transaction.atomic():
            activity.save(force_insert=True)
    except IntegrityError:
        return LiaisonActivity.objects.get(client_key=activity.client_key)
    return activity


# ── Tasks ───────────────────────────────────────────────────────────────────────────────


def give(task, *, by):
    """Give a liaison in post a task. Raises WorkRefused when the liaison has left."""
    today = timezone.localdate()
    if not Liaison.objects.in_post_on(today).filter(pk=task.liaison_id).exists():
        raise WorkRefused(_("%s has left this post already.") % task.liaison.name)
    task.given_by = by
    task.save(force_insert=True)
    chores.refresh_later(task.liaison.station, ChoreKind.LIAISON)
    return task


@transaction.atomic
def finish(task, *, result, by, key=None):
    """Report a task as done; the log gets its line. Raises WorkRefused when it is closed.

    `key` is the number of the report: the same report sent again is answered as the first time.
    """
    if key and LiaisonTask.objects.filter(pk=task.pk, client_key=key).exists():
        return task
    task = _close(task, result=result, by=by, is_done=True, key=key)
    role = ROLE_OF_TASK.get(task.kind)
    if role:
        LiaisonActivity.objects.create(
            liaison=task.liaison,
            role=role,
            on=timezone.localdate(),
            words=result[:120],
            by=by,
            client_key=task_key(task),
        )
    return task


def task_key(task):
    """Return the one key of the log line a task leaves."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"liaison-task:{task.pk}")


@transaction.atomic
def withdraw(task, *, reason, by):
    """Take a task back. Raises WorkRefused when it is closed."""
    return _close(task, result=reason, by=by, is_done=False)


def _close(task, *, result, by, is_done, key=None):
    task = (
        LiaisonTask.objects.select_for_update(of=("self",))
        .select_related("liaison__station__county")
        .get(pk=task.pk)
    )
    if task.closed_at:
        raise WorkRefused(_("This task is closed already."))
    task.closed_at, task.closed_by = timezone.now(), by
    task.is_done, task.result, task.client_key = is_done, result, key
    task.save()
    chores.refresh_later(task.liaison.station, ChoreKind.LIAISON)
    return task


# ── Handing over ────────────────────────────────────────────────────────────────────────


@transaction.atomic
def make_pack(liaison, *, by):
    """Make the hand-over pack of a leaving liaison; made already, it is returned as it is.

    It lists what is open now: leads the station has not taken up, tasks not done.
    """
    liaison = Liaison.objects.select_for_update(of=("self",)).get(pk=liaison.pk)
    leads = Lead.objects.filter(sent_by=liaison.user_id, village=liaison.village_id).waiting()
    pack, is_new = HandOver.objects.get_or_create(
        liaison=liaison,
        defaults={
            "leads": list(leads.values_list("pk", flat=True)) if liaison.user_id else [],
            "tasks": list(liaison.tasks.open().values_list("pk", flat=True)),
            "made_by": by,
        },
    )
    if is_new:
        chores.refresh_later(liaison.station, ChoreKind.LIAISON)
    return pack


def successor_of(liaison, today):
    """Return who is in the post of the village after a liaison, or None."""
    return (
        Liaison.objects.in_post_on(today)
        .filter(village=liaison.village_id)
        .exclude(pk=liaison.pk)
        .select_related("village", "station")
        .first()
    )


@transaction.atomic
def receive(pack, *, by):
    """The next liaison confirms receipt; the open tasks go on with them.

    Raises WorkRefused when nobody is in post yet, or the pack has been received.
    """
    pack = (
        HandOver.objects.select_for_update(of=("self",))
        .select_related("liaison__station__county")
        .get(pk=pack.pk)
    )
    if pack.received_at:
        raise WorkRefused(_("This hand-over has been received already."))
    following = successor_of(pack.liaison, timezone.localdate())
    if following is None:
        raise WorkRefused(_("No next liaison is in post yet; appoint one first."))
    pack.to_liaison, pack.received_by, pack.received_at = following, by, timezone.now()
    pack.save()
    for task in LiaisonTask.objects.filter(pk__in=pack.tasks).open():
        _close(task, result=str(HANDED_OVER), by=by, is_done=False)
        LiaisonTask.objects.create(
            liaison=following,
            kind=task.kind,
            words=task.words,
            due_on=max(task.due_on, timezone.localdate()),
            given_by=task.given_by,
            continues=task,
        )
    chores.refresh_later(pack.liaison.station, ChoreKind.LIAISON)
    return pack


def contents(pack):
    """Return what a pack lists: leads, tasks, and what was done in the year before it."""
    since = timezone.localdate(pack.made_at) - timedelta(days=PACK_DAYS)
    liaison = pack.liaison
    return {
        "leads": Lead.objects.filter(pk__in=pack.leads).order_by("sent_at"),
        "tasks": LiaisonTask.objects.filter(pk__in=pack.tasks).order_by("due_on"),
        "activities": liaison.activities.filter(on__gte=since)[:40],
        "activity_count": liaison.activities.filter(on__gte=since).count(),
    }


# ── What is owed ────────────────────────────────────────────────────────────────────────


@owes(ChoreKind.LIAISON)
def owed(place, today):
    if not isinstance(place, Station):
        yield from _alone(place, today)
        return
    yield from _vacant(place, today)
    yield from _waiting_leads(place, today)
    work = reverse("stations:liaison_work", args=[place.pk])
    late = list(
        LiaisonTask.objects.filter(liaison__station=place)
        .overdue(today)
        .select_related("liaison__village")
    )
    for task in late:
        yield Owed(
            key=f"task-{task.pk}",
            title=saying(
                gettext_lazy("%(village)s, %(name)s: task overdue"),
                village=task.liaison.village.name,
                name=task.liaison.name,
            ),
            text=task.words,
            url=work,
            act=gettext_lazy("See the tasks"),
            roles=(Role.CLERK, Role.HEAD, Role.DUTY),
            since_on=task.due_on + timedelta(days=1),
            due_on=task.due_on,
        )
    since = today - timedelta(days=PACK_DAYS)
    for liaison in (
        Liaison.objects.filter(
            station=place,
            appointed_to__lt=today,
            appointed_to__gte=since,
            user__isnull=False,
            hand_over=None,
        )
        .select_related("village")
        .defer("phone")
    ):
        yield Owed(
            key=f"pack-{liaison.pk}",
            title=saying(
                gettext_lazy("%(village)s: %(name)s left without handing over"),
                village=liaison.village.name,
                name=liaison.name,
            ),
            url=work,
            act=gettext_lazy("Make the pack"),
            since_on=liaison.appointed_to + timedelta(days=1),
            due_on=liaison.appointed_to + timedelta(days=HAND_OVER_DAYS),
        )


def _waiting_leads(station, today):
    """Leads nobody has taken up by the end of the next working day: the liaison was told "today"."""
    calendar = DayOff.objects.calendar(station.county)
    sent = [
        timezone.localdate(moment)
        for moment in Lead.objects.filter(station=station)
        .waiting()
        .values_list("sent_at", flat=True)
    ]
    late = [day for day in sent if calendar.add_working_days(day, 1) < today]
    if late:
        yield Owed(
            key=LEADS,
            title=saying(
                ngettext_lazy(
                    "%d lead is not taken up yet", "%d leads are not taken up yet", len(late)
                ),
                len(late),
            ),
            url=reverse("stations:lead_list"),
            act=gettext_lazy("Take them up"),
            roles=(Role.CLERK, Role.HEAD, Role.DUTY),
            since_on=min(late),
            due_on=calendar.add_working_days(min(late), 1),
        )


def _alone(county, today):
    """Villages without a liaison in townships that have no station to look for one."""
    days = county.parameter("vacancy_days")
    for township in coverage(county, today).townships:
        late = [
            village
            for village in township.gaps
            if village.days_vacant and village.days_vacant > days
        ]
        if township.station_pk is None and late:
            yield Owed(
                key=f"alone-{township.pk}",
                title=saying(
                    ngettext_lazy(
                        "%(township)s: %(count)d village without a liaison",
                        "%(township)s: %(count)d villages without a liaison",
                        len(late),
                    ),
                    township=township.name,
                    count=len(late),
                ),
                text=gettext_lazy("The township has no station either."),
                url=reverse("stations:network"),
                act=gettext_lazy("See the coverage"),
                roles=(Role.OFFICER,),
                since_on=late[0].vacant_since,
                due_on=late[0].vacant_since + timedelta(days=days - 1),
            )


def _vacant(station, today):
    days = station.county.parameter("vacancy_days")
    figures = coverage(station.county, today).only({station.pk})
    for township in figures.townships:
        for village in township.villages:
            if (
                village.state == State.VACANT
                and village.days_vacant
                and village.days_vacant > days
            ):
                yield Owed(
                    key=f"vacant-{village.pk}",
                    title=saying(
                        ngettext_lazy(
                            "%(village)s: no liaison for %(count)d day",
                            "%(village)s: no liaison for %(count)d days",
                            village.days_vacant,
                        ),
                        village=village.name,
                        count=village.days_vacant,
                    ),
                    text=village.note,
                    url=f"{reverse('stations:liaison_create')}?village={village.pk}",
                    act=gettext_lazy("Appoint"),
                    since_on=village.vacant_since,
                    due_on=village.vacant_since + timedelta(days=days - 1),
                )
