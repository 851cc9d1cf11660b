"""Who is warned of a time limit, and when: two working days before, on the day, the day after.

First whoever does it, then whoever answers for it, then the county (rules 9.3). Each level once for
one due day; clocks on trial and clocks that stand still warn nobody; nobody is warned at night or on
a day off.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from stations.models import DayOff
from stations.roles import STATION_ROLES, Role
from stations.sayings import saying
from stations.workdays import WorkCalendar

from ..models import Deadline, Notice
from ..rules.deadlines import APPLICANT_S, LIMITS, warned_roles
from ..terms import NoticeKind
from .clocks import face

OPENS, SHUTS = time(8), time(18)
# So many working days before the last day, whoever does it hears of it.
EARLY = 2
# Two working days may lie on either side of the longest holidays.
LOOKED_AHEAD = timedelta(days=14)
# Warned in one transaction; the rest is warned in the next run of the half hour.
AT_ONCE = 2000


def is_quiet(now, calendar):
    """Whether the county's office is shut, so that nobody is warned."""
    local = timezone.localtime(now)
    return not (OPENS <= local.time() < SHUTS and calendar.is_working_day(local.date()))


def level_of(deadline, calendar, now):
    """Return how far the warnings of a running clock should have gone: 0 to 3."""
    today = timezone.localdate(now)
    if deadline.due_at:
        return _level_of_hours(deadline, calendar, now)
    if today > deadline.due_on:
        return 3
    if today == deadline.due_on:
        return 2
    if today <= deadline.started_on:
        return 0
    left = calendar.working_days_between(today, deadline.due_on)
    return 1 if left <= EARLY else 0


def _level_of_hours(deadline, calendar, now):
    """Hours run at night too: whoever answers hears of it while the office is still open."""
    if now > deadline.due_at:
        return 3
    tomorrow = calendar.first_working_day_from(timezone.localdate(now) + timedelta(days=1))
    opens_again = timezone.make_aware(datetime.combine(tomorrow, OPENS))
    return 2 if deadline.due_at <= opens_again else 1


@dataclass(frozen=True)
class ToBeTold:
    """Who hears of a clock that runs on, and on which day at the earliest."""

    role: Role
    on: date


def plan(deadline, calendar):
    """Return whom a running clock's warnings go to and when, in their order; () where nobody is warned."""
    if deadline.is_shadow or deadline.stopped_at or deadline.number in APPLICANT_S:
        return ()
    due_on = deadline.due_on
    days = (
        deadline.started_on if deadline.due_at else _early(deadline, calendar),
        due_on,
        due_on if deadline.due_at else calendar.first_working_day_from(due_on + timedelta(1)),
    )
    roles = warned_roles(deadline.number, is_at_station=deadline.application.is_at_station)
    return tuple(ToBeTold(Role(role), on) for role, on in zip(roles, days, strict=True))


def _early(deadline, calendar):
    """The first office day, after the clock started, with at most `EARLY` working days left."""
    day = deadline.started_on + timedelta(1)
    while day < deadline.due_on and (
        calendar.working_days_between(day, deadline.due_on) > EARLY
        or not calendar.is_working_day(day)
    ):
        day += timedelta(1)
    return day


@dataclass(frozen=True)
class _Warning:
    deadline: Deadline
    role: str
    place: dict
    words: str


def warn(county, now):
    """Warn of a county's time limits. Returns how many notices were put on desks.

    Safe to run twice, and twice at once: the rows are locked, and a level is raised only once.
    """
    calendar = DayOff.objects.calendar(county)
    if is_quiet(now, calendar):
        return 0
    with transaction.atomic():
        due = [
            (row, level)
            for row in _candidates(county, timezone.localdate(now))
            if (level := level_of(row, calendar, now)) > row.warned
        ]
        warnings = [each for row, level in due for each in _warnings(row, level, calendar, now)]
        _replace_older(warnings, now)
        Notice.objects.bulk_create(
            Notice(
                role=each.role,
                kind=NoticeKind.WARNING,
                words=each.words,
                application=each.deadline.application,
                deadline=each.deadline,
                made_at=now,
                **each.place,
            )
            for each in warnings
        )
        for row, level in due:
            row.warned = level
        Deadline.objects.bulk_update([row for row, _level in due], ["warned"])
    return len(warnings)


def _candidates(county, today):
    return (
        Deadline.objects.duties()
        .filter(application__county=county, warned__lt=3, due_on__lte=today + LOOKED_AHEAD)
        .exclude(number__in=APPLICANT_S)
        .select_related("application__station", "application__intake_county")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_on", "pk")[:AT_ONCE]
    )


def _warnings(deadline, level, calendar: WorkCalendar, now):
    """One warning for each role of the levels that are reached and not yet raised."""
    application = deadline.application
    roles = warned_roles(deadline.number, is_at_station=application.is_at_station)
    words = saying(
        gettext_lazy("%(number)s %(name)s, %(what)s: %(left)s"),
        number=application.number,
        name=application.name,
        what=LIMITS[deadline.number].name,
        left=face(deadline, calendar=calendar, today=timezone.localdate(now), now=now).label,
    )
    for role in dict.fromkeys(roles[deadline.warned : level]):
        place = (
            {"station": application.station}
            if role in STATION_ROLES
            else {"county_id": application.county_id}
        )
        yield _Warning(deadline, role, place, words)


def _replace_older(warnings, now):
    """A desk shows one warning of a clock: the newer words take the older's place."""
    told = {(each.deadline.pk, each.role) for each in warnings}
    older = Notice.objects.open().filter(
        kind=NoticeKind.WARNING, deadline__in={pk for pk, _role in told}
    )
    stale = [
        pk
        for pk, deadline, role in older.values_list("pk", "deadline", "role")
        if (deadline, role) in told
    ]
    Notice.objects.filter(pk__in=stale).update(done_at=now)
