"""The running clocks of applications: started, paused, stopped and counted anew, with a log.

The arithmetic is `casework.deadlines`; the calendar is the State Council's with the county's own
days; a county's dated promise stands beside the law's length, and the earlier of both is due.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from stations import deadlines as faces
from stations.models import DayOff

from .deadlines import DECISION, LIMITS, Limit, Span, Sum, count, hours_due
from .models import Application, ClockRule, Deadline, DeadlineChange, Pause
from .terms import Counting


@dataclass(frozen=True)
class Due:
    """When a clock ends: by the law, by what the county promises, and the earlier of both."""

    statutory: Sum | None
    promised: Sum | None
    is_shadow: bool = False

    @property
    def due_on(self) -> date:
        return min(each.due_on for each in (self.statutory, self.promised) if each)

    @property
    def sum(self) -> Sum:
        """The sum that ends first; the law's when both end on one day."""
        if self.statutory and self.statutory.due_on == self.due_on:
            return self.statutory
        return self.promised


def count_due(
    application, number, *, started_on, set_days=None, today=None, calendar=None, pauses=None
):
    """Count one clock of an application from the rules and pauses in force. Returns a `Due`."""
    limit = LIMITS[number]
    today = today or timezone.localdate()
    calendar = calendar or DayOff.objects.calendar(application.county)
    rule = ClockRule.objects.in_force(application.county, number, started_on)
    spans = []
    if limit.is_pausable:
        spans = [
            Span(pause.from_on, pause.to_on, pause.get_reason_display())
            for pause in (application.pauses.all() if pauses is None else pauses)
        ]

    def sum_of(length, counting):
        return count(started_on, length, counting, calendar, pauses=spans, today=today)

    if set_days:
        return Due(None, sum_of(set_days, limit.counting))
    statutory = sum_of(limit.length, limit.counting) if limit.is_statutory else None
    promised = None
    if rule:
        promised = sum_of(rule.length, rule.counting)
    elif not limit.is_statutory:
        promised = sum_of(limit.length, limit.counting)
    return Due(statutory, promised, is_shadow=bool(rule and rule.is_shadow))


def start(application, number, *, at=None, set_days=None):
    """Start a clock of an application, unless it runs already. Returns its `Deadline`.

    `set_days` is the length written in a notice, for clocks the law gives no number to.
    """
    running = application.deadlines.running().filter(number=number).first()
    if running:
        return running
    at = at or timezone.now()
    limit = LIMITS[number]
    started_on = timezone.localdate(at)
    if limit.counting == Counting.HOURS:
        due_at = hours_due(at, limit.length)
        return Deadline.objects.create(
            application=application,
            number=number,
            started_at=at,
            statutory_due_on=timezone.localdate(due_at),
            due_on=timezone.localdate(due_at),
            due_at=due_at,
        )
    due = count_due(application, number, started_on=started_on, set_days=set_days)
    return Deadline.objects.create(
        application=application,
        number=number,
        started_at=at,
        set_days=set_days,
        statutory_due_on=due.statutory and due.statutory.due_on,
        promised_due_on=due.promised and due.promised.due_on,
        due_on=due.due_on,
        is_shadow=due.is_shadow,
    )


def stop(application, *numbers, at=None):
    """Stop clocks of an application: what they ask for is done, or no longer asked."""
    application.deadlines.running().filter(number__in=numbers).update(
        stopped_at=at or timezone.now(), is_paused=False
    )


def stop_all(application, at=None):
    stop(application, *LIMITS, at=at)


def pause(application, reason, *, from_on):
    """Let the review clock stand still from the day after `from_on` (rules 9.1)."""
    Pause.objects.get_or_create(
        application=application, reason=reason, to_on=None, defaults={"from_on": from_on}
    )
    _mark_pauses(application)


def resume(application, reason, *, to_on):
    """End a pause: the day the papers or the reply came is the last that does not count."""
    Pause.objects.filter(application=application, reason=reason, to_on=None).update(to_on=to_on)
    _mark_pauses(application)
    recount(application, why=str(_("the clock stood still")))


def _mark_pauses(application):
    is_paused = application.pauses.filter(to_on=None).exists()
    pausable = [number for number, limit in LIMITS.items() if limit.is_pausable]
    application.deadlines.running().filter(number__in=pausable).update(is_paused=is_paused)


def recount(application, *, why, calendar=None):
    """Count every running clock of an application anew; log each due day that moved."""
    for deadline in application.deadlines.running().filter(due_at=None):
        due = count_due(
            application,
            deadline.number,
            started_on=deadline.started_on,
            set_days=deadline.set_days,
            calendar=calendar,
        )
        if deadline.due_on != due.due_on:
            DeadlineChange.objects.create(
                deadline=deadline,
                old_due_on=deadline.due_on,
                new_due_on=due.due_on,
                why=why[:120],
            )
            # Whoever was warned of the old day is warned of the new one.
            deadline.warned = 0
        deadline.statutory_due_on = due.statutory and due.statutory.due_on
        deadline.promised_due_on = due.promised and due.promised.due_on
        deadline.due_on, deadline.is_shadow = due.due_on, due.is_shadow
        deadline.save(
            update_fields=[
                "statutory_due_on",
                "promised_due_on",
                "due_on",
                "is_shadow",
                "warned",
            ]
        )


def recount_county(county, *, why):
    """Count the open clocks of a county anew: the calendar or a promise has changed."""
    calendar = DayOff.objects.calendar(county)
    for application in (
        Application.objects.open()
        .filter(county=county, deadlines__stopped_at=None)
        .distinct()
        .prefetch_related("pauses")
        .iterator(chunk_size=500)
    ):
        recount(application, why=why, calendar=calendar)


def sum_of(deadline, *, today=None):
    """Return the sum of a clock day by day, as it stands; None for clocks that count hours."""
    if deadline.due_at:
        return None
    return count_due(
        deadline.application,
        deadline.number,
        started_on=deadline.started_on,
        set_days=deadline.set_days,
        today=today,
    ).sum


def face(deadline, *, calendar, today=None):
    """Return the `stations.deadlines.Clock` that a page shows of a clock."""
    limit: Limit = LIMITS[deadline.number]
    return faces.clock(
        today or timezone.localdate(),
        deadline.started_on,
        deadline.due_on,
        calendar,
        done_on=deadline.stopped_at and timezone.localdate(deadline.stopped_at),
        is_paused=deadline.is_paused,
        working=limit.counting == Counting.WORKING,
    )


# Shown as the next duty of an application when several run: the law's before the county's.
def next_duty(application):
    """Return the running clock that ends first and is not on trial, or None."""
    return (
        application.deadlines.running()
        .filter(is_shadow=False)
        .exclude(number=DECISION, is_paused=True)
        .order_by("due_on", "number")
        .first()
    )
