"""Hours of training in a year: of each person, of a county for its returns, and who lacks some."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext_lazy

from ..chores import Owed, owes
from ..models import Attendance, ChoreKind, County, QuizAttempt, TrainingSession
from ..models.training import QUESTIONS
from ..roles import Role
from ..sayings import saying
from .training import Person, people_of

# From this month on whoever lacks hours is told so.
WARN_FROM_MONTH = 10


@dataclass(frozen=True)
class PersonYear:
    """The training of one person in a year."""

    person: Person
    hours: Decimal
    sessions: int
    # First scores only, of those that were answered: (right answers, asked).
    right: int
    asked: int
    needed: int

    @property
    def is_enough(self):
        return self.hours >= self.needed

    @property
    def lacking(self):
        return max(self.needed - self.hours, Decimal(0))


def hours_of_year(stations, year, day):
    """Return the `PersonYear` of everybody at some stations on a day; four queries."""
    stations = list(stations)
    people = people_of(stations, day)
    by_key = defaultdict(list)
    rows = Attendance.objects.filter(
        Q(user__in=[p.user_id for p in people if p.user_id])
        | Q(liaison__in=[p.liaison_id for p in people if p.liaison_id]),
        struck_at=None,
        session__voided_at=None,
        session__on__year=year,
        session__on__lte=day,
    )
    for user, liaison, hours in rows.values_list("user_id", "liaison_id", "session__hours"):
        by_key[f"u{user}" if user else f"l{liaison}"].append(hours)
    scores = defaultdict(list)
    attempts = QuizAttempt.objects.filter(
        Q(user__in=[p.user_id for p in people if p.user_id])
        | Q(liaison__in=[p.liaison_id for p in people if p.liaison_id]),
        number=1,
        session__voided_at=None,
        session__on__year=year,
    )
    for user, liaison, score in attempts.values_list("user_id", "liaison_id", "score"):
        scores[f"u{user}" if user else f"l{liaison}"].append(score)
    return [
        PersonYear(
            person,
            sum(by_key[person.key], Decimal(0)),
            len(by_key[person.key]),
            sum(scores[person.key]),
            len(scores[person.key]) * QUESTIONS,
            person.station.county.parameter("training_hours"),
        )
        for person in people
    ]


# ── For the returns (rules 4.7) ─────────────────────────────────────────────────────────


def held_between(first, end):
    """The sessions held from a day up to, not including, another."""
    return TrainingSession.objects.counted().filter(on__gte=first, on__lt=end)


def trained_between(first, end):
    """The attendances of those sessions, one for each person and session (人次)."""
    return Attendance.objects.filter(
        struck_at=None,
        session__voided_at=None,
        session__on__gte=first,
        session__on__lt=end,
    )


# ── What is owed ────────────────────────────────────────────────────────────────────────


@owes(ChoreKind.TRAINING)
def owed(place, today):
    if today.month < WARN_FROM_MONTH:
        return
    if isinstance(place, County):
        held = held_between(date(today.year, 1, 1), date(today.year + 1, 1, 1))
        if not held.filter(county=place, station=None).exists():
            yield Owed(
                key=f"county-{today.year}",
                title=gettext_lazy("The county has held no training this year"),
                url=reverse("stations:training_create"),
                act=gettext_lazy("Record a session"),
                roles=(Role.OFFICER,),
                since_on=date(today.year, WARN_FROM_MONTH, 1),
                due_on=date(today.year, 12, 31),
            )
        return
    years = hours_of_year([place], today.year, today)
    page = f"{reverse('stations:training_hours')}?year={today.year}"
    for each in years:
        if each.person.is_staff and not each.is_enough:
            yield Owed(
                key=f"hours-{today.year}-{each.person.key}",
                title=saying(
                    gettext_lazy("%(name)s has %(hours)s of %(needed)s training hours"),
                    name=each.person.name,
                    hours=f"{each.hours:.1f}".removesuffix(".0"),
                    needed=each.needed,
                ),
                url=page,
                act=gettext_lazy("See the hours"),
                since_on=date(today.year, WARN_FROM_MONTH, 1),
                due_on=date(today.year, 12, 31),
            )
    untrained = [
        each for each in years if each.person.role == Role.LIAISON and not each.sessions
    ]
    if untrained:
        yield Owed(
            key=f"liaisons-{today.year}",
            title=saying(
                ngettext_lazy(
                    "%d liaison was not trained this year",
                    "%d liaisons were not trained this year",
                    len(untrained),
                ),
                len(untrained),
            ),
            url=page,
            act=gettext_lazy("See the hours"),
            since_on=date(today.year, WARN_FROM_MONTH, 1),
            due_on=date(today.year, 12, 31),
        )
