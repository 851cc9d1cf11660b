"""A clock: how much of a time limit is left, in the words and colours the pages show.

Pure. Lengths and counting are rules 9; today, the due day and the calendar are arguments.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..sayings import dated, saying
from ..templatetags.words import DAY
from ..workdays import WorkCalendar


@dataclass(frozen=True)
class Clock:
    """What a page shows of one time limit.

    `state` is calm, half, near, over, paused or done (rules 9.3): calm while more than half of
    the time is left, half at a half or less, near at a quarter or less or on the last two days,
    over after the due day.
    """

    due_on: date
    state: str
    label: str | Promise

    @property
    def is_open(self):
        return self.state != "done"


def clock(
    today: date,
    start: date,
    due_on: date,
    calendar: WorkCalendar,
    *,
    done_on: date | None = None,
    is_paused: bool = False,
    working: bool = False,
) -> Clock:
    """Return the clock of a limit that began on `start` and ends with `due_on`.

    The starting day is not counted (民法典第二百零一条), so on it the whole time is left. With
    `working` the days left are working days, as for limits that count those; else calendar days.
    Days overdue are always calendar days.
    """
    if done_on:
        return Clock(due_on, "done", saying(_("done on %(day)s"), day=dated(done_on, DAY)))
    if is_paused:
        return Clock(due_on, "paused", _("clock paused"))

    def days(first, last):
        if working:
            return calendar.working_days_between(first, last)
        return (last - first).days

    if today > due_on:
        return Clock(due_on, "over", _overdue((today - due_on).days))
    left = days(today, due_on)
    return Clock(due_on, _state(left, days(start, due_on)), _left(left, working))


def hours_clock(now: datetime, start: datetime, due_at: datetime) -> Clock:
    """Return the clock of a limit of hours, which run on days of rest too (民法典第二百零一条)."""
    due_on = timezone.localdate(due_at)
    minutes = int((due_at - now).total_seconds() // 60)
    if minutes < 0:
        return Clock(due_on, "over", _overdue_hours(-minutes))
    length = int((due_at - start).total_seconds() // 60)
    state = "near" if minutes * 4 <= length else "half" if minutes * 2 <= length else "calm"
    if minutes < 60:
        label = ngettext_lazy("%(count)d minute left", "%(count)d minutes left", minutes)
        return Clock(due_on, state, saying(label, count=minutes))
    label = ngettext_lazy("%(count)d hour left", "%(count)d hours left", minutes // 60)
    return Clock(due_on, state, saying(label, count=minutes // 60))


def _overdue_hours(minutes):
    if minutes < 60:
        label = ngettext_lazy(
            "overdue by %(count)d minute", "overdue by %(count)d minutes", minutes
        )
        return saying(label, count=minutes)
    if minutes >= 48 * 60:
        return _overdue(minutes // 60 // 24)
    label = ngettext_lazy(
        "overdue by %(count)d hour", "overdue by %(count)d hours", minutes // 60
    )
    return saying(label, count=minutes // 60)


def _state(left, length):
    if left <= 1 or left * 4 <= length:
        return "near"
    return "half" if left * 2 <= length else "calm"


def _left(left, working):
    if left == 0:
        return _("due today")
    if working:
        label = ngettext_lazy("%(count)d working day left", "%(count)d working days left", left)
        return saying(label, count=left)
    label = ngettext_lazy("%(count)d day left", "%(count)d days left", left)
    return saying(label, count=left)


def _overdue(late):
    label = ngettext_lazy("overdue by %(count)d day", "overdue by %(count)d days", late)
    return saying(label, count=late)
