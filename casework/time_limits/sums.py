"""The sum of a clock as pages draw it: each day counted or skipped, and why, in one sentence."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from stations.templatetags.words import day_name, day_time

from ..rules.deadlines import DECISION, DETAINED, FORWARDING, LIMITS, MATERIAL_CHECK
from ..terms import Counting, PauseReason
from . import clocks

# More days than these do not fit one line of the page.
ONE_LINE = 21
# A day of rest within so many days of the new last day is told by its weekday.
SAME_WEEK = 4
_FROM_RECEIPT = {MATERIAL_CHECK, FORWARDING, DECISION, DETAINED}


@dataclass(frozen=True)
class SumDay:
    """One day of a sum as it is drawn: `mark` is used, paused, today, rest, end or empty."""

    on: date
    word: str
    mark: str = ""
    is_today: bool = False


@dataclass(frozen=True)
class ClockSum:
    """A clock's sum: its days, and how they were counted in words. Hours have words only."""

    words: str
    days: tuple[SumDay, ...] = ()

    @property
    def is_long(self):
        return len(self.days) > ONE_LINE


def clock_sum(deadline, *, book=None, today=None):
    """Return the `ClockSum` of a clock; with `book` the county's rules are not read again."""
    today = today or timezone.localdate()
    if deadline.due_at:
        return ClockSum(
            _("Hours run from the moment, on days of rest too: from %(start)s to %(end)s.")
            % {"start": day_time(deadline.started_at), "end": day_time(deadline.due_at)}
        )
    book = book or clocks.Book.of(deadline.application.county)
    due = clocks.due_of(deadline, book=book, today=today)
    return drawn_sum(
        due,
        number=deadline.number,
        calendar=book.calendar,
        today=today,
        is_paused=deadline.is_paused,
        is_receipt=is_from_receipt(deadline),
        ends={pause.to_on: pause.reason for pause in deadline.application.pauses.all()},
    )


def drawn_sum(due, *, number, calendar, today, is_paused, is_receipt, ends):
    """Return the `ClockSum` of a `clocks.Due`: of an application's clock, or of a complaint's.

    `is_receipt`: it runs from the day the papers were received; `ends` says which pause ended when,
    an open one under None.
    """
    days = tuple(
        _drawn(day, due.sum, is_receipt, ends, today, calendar) for day in due.sum.days
    )
    words = _in_words(
        due,
        number=number,
        calendar=calendar,
        is_paused=is_paused,
        is_receipt=is_receipt,
        is_elsewhere=ends.get(None) == PauseReason.CROSS_REGION,
    )
    return ClockSum(words, days)


def is_from_receipt(deadline):
    """Whether the clock runs from the moment the papers were received."""
    return (
        deadline.number in _FROM_RECEIPT
        and deadline.started_at == deadline.application.received_at
    )


def _drawn(day, total, is_receipt, ends, today, calendar):
    is_today = day.on == today
    if day.on == total.due_on:
        return SumDay(day.on, pgettext("day of a sum", "due"), "end", is_today)
    if day.kind == "start":
        word = (
            pgettext("day of a sum", "received")
            if is_receipt
            else pgettext("day of a sum", "start")
        )
    elif day.kind == "counted":
        word = str(day.n)
    elif day.kind == "paused" and day.on in ends:
        word = {
            PauseReason.SUPPLEMENT: pgettext("day of a sum", "supplied"),
            PauseReason.CROSS_REGION: pgettext("day of a sum", "replied"),
        }[ends[day.on]]
    else:
        word = {
            "paused": pgettext("day of a sum", "stop"),
            "off": pgettext("day of a sum", "rest"),
            "moved": pgettext("day of a sum", "on"),
        }[day.kind]
    return SumDay(day.on, word, _mark(day, is_today, today, calendar), is_today)


def _mark(day, is_today, today, calendar):
    if is_today:
        return "today"
    if day.kind == "paused":
        return "paused"
    if day.kind == "counted" and day.on < today:
        return "used"
    return "" if calendar.is_working_day(day.on) else "rest"


# ── In words ────────────────────────────────────────────────────────────────────────────


def _in_words(due, *, number, calendar, is_paused, is_receipt, is_elsewhere):
    clauses = [
        _("the day of receipt does not count")
        if is_receipt
        else _("the starting day does not count")
    ]
    clauses += _skipped(due.sum)
    if due.sum.raw_end != due.due_on:
        clauses.append(_rolled_over(due.sum))
    clauses += _against_the_promise(due)
    if is_paused:
        words = (
            _("it stands still: if the reply came today, it would end on %(day)s")
            if is_elsewhere
            else _("it stands still: if all came today, it would end on %(day)s")
        )
        clauses.append(words % {"day": day_name(due.due_on)})
    words = pgettext("between clauses of a sum", "; ").join(clauses)
    limit = LIMITS[number]
    if due.statutory and limit.counting == Counting.CALENDAR and not is_paused:
        return _("%(sum)s. In working days it would be %(day)s.") % {
            "sum": words,
            "day": day_name(_in_working_days(due.statutory, limit.length, calendar)),
        }
    return _("%(sum)s.") % {"sum": words}


def _skipped(total):
    """What did not count: each pause by its reason, and days of rest where working days count."""
    why = {}
    for day in total.days:
        if day.kind == "paused":
            why[day.why] = why.get(day.why, 0) + 1
    for reason, days in why.items():
        yield ngettext(
            "%(count)d day does not count: %(why)s",
            "%(count)d days do not count: %(why)s",
            days,
        ) % {"count": days, "why": reason}
    if rest := sum(day.kind == "off" for day in total.days):
        yield ngettext(
            "%(count)d day of rest does not count",
            "%(count)d days of rest do not count",
            rest,
        ) % {"count": rest}


def _rolled_over(total):
    n = max(day.n for day in total.days if day.n)
    is_near = (total.due_on - total.raw_end).days <= SAME_WEEK
    if total.raw_end.weekday() >= 5:
        return _("day %(n)d is a %(day)s, so the end moves to %(to)s") % {
            "n": n,
            "day": _weekday(total.raw_end),
            "to": _weekday(total.due_on) if is_near else day_name(total.due_on),
        }
    return _("day %(n)d, %(day)s, is a holiday, so the end moves to %(to)s") % {
        "n": n,
        "day": day_name(total.raw_end),
        "to": day_name(total.due_on),
    }


def _against_the_promise(due):
    if not (due.statutory and due.promised):
        return
    values = {
        "promised": day_name(due.promised.due_on),
        "statutory": day_name(due.statutory.due_on),
    }
    if due.is_on_trial:
        yield _("the county's promise, on trial, would be %(promised)s") % values
    elif due.promised.due_on < due.statutory.due_on:
        yield (
            _("the county promises %(promised)s, the law says %(statutory)s; the earlier holds")
            % values
        )


def _in_working_days(statutory, length, calendar):
    """The same limit if 日 were read as working days; days that stood still stay out."""
    paused = {day.on for day in statutory.days if day.kind == "paused"}
    day, n = statutory.days[0].on, 0
    while n < length:
        day = calendar.add_working_days(day, 1)
        n += day not in paused
    return day


def _weekday(day):
    return date_format(day, "l")
