"""Things to do, as every desk names them: clocks of applications, and what a place owes."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, Window
from django.utils.translation import gettext as _

from stations.calendar.clock_faces import Clock, clock
from stations.liaisons.liaison_work import LEADS
from stations.models import Chore, ChoreKind

# What is due within so many days after today stands on its own tile.
SOON = timedelta(days=3)
# The most urgent clocks of applications are named; the wall has the rest.
CLOCKS_SHOWN = 12
# Of what a place owes the most urgent stand on the desk; the page who lacks what has the rest.
CHORES_SHOWN = 8


@dataclass(frozen=True)
class Duty:
    """One thing to do: its clock, what and why, the rule it comes from, and the way there."""

    title: str
    text: str
    url: str
    act: str
    clock: Clock | None = None
    rule: str = ""
    # Days that can be stated, here and now, to have been without anybody.
    days: tuple[date, ...] = ()
    # The one to begin with: it has the filled button, and F8 opens it.
    is_first: bool = False
    # A time limit of an application: the wall counts those.
    is_clock: bool = False
    # Something a place owes: counted with the others that are not named here.
    is_chore: bool = False


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    duties: tuple[Duty, ...]


def clock_duty(row):
    """A time limit of an application: whose, what, by which article, and the act."""
    application = row.deadline.application
    return Duty(
        title=_("%(what)s: %(name)s") % {"what": row.limit.name, "name": application.name},
        text=application.number,
        url=application.get_absolute_url(),
        act=row.limit.act,
        clock=row.clock,
        rule=row.basis,
        is_clock=True,
    )


def chores_of(user, today, calendar):
    """Return (the most urgent of what is owed by somebody's posts, how much there is by group).

    One query: each row carries the numbers of all. Leads that wait are not among them: whoever owes
    them finds each on the desk.
    """

    def group(**due):
        return Window(Count("pk", filter=Q(**due)))

    rows = list(
        Chore.objects.visible_to(user)
        .of_posts(user)
        .exclude(kind=ChoreKind.LIAISON, key=LEADS)
        .annotate(
            all_rows=Window(Count("pk")),
            over_rows=group(due_on__lt=today),
            today_rows=group(due_on=today),
            soon_rows=group(due_on__gt=today, due_on__lte=today + SOON),
        )
        .order_by(F("due_on").asc(nulls_last=True), "since_on", "pk")[:CHORES_SHOWN]
    )
    counts = {
        name: getattr(rows[0], f"{name}_rows") if rows else 0
        for name in ("over", "today", "soon")
    }
    counts["later"] = (rows[0].all_rows if rows else 0) - sum(counts.values())
    return [_chore_duty(row, today, calendar) for row in rows], counts


def _chore_duty(chore, today, calendar):
    """What a place owes: what, why, by which rule, and the way to it."""
    return Duty(
        title=chore.title,
        text=chore.text,
        url=chore.url,
        act=chore.act,
        clock=clock(today, chore.since_on, chore.due_on, calendar) if chore.due_on else None,
        rule=chore.rule,
        is_chore=True,
    )
