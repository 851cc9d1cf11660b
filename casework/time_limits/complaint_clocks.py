"""The clocks of complaints (23 accept, 24 finish, 25 reply), counted by `casework.time_limits.clocks`.

The same limits, promises and calendar as applications; a complaint has its own rows because it may
belong to no application. While the complainant completes it, the time to accept stands still.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.calendar import clock_faces
from stations.templatetags.words import day_name

from ..models import Complaint, ComplaintDeadline, ComplaintEvent
from ..rules.deadlines import COMPLAINT_ACCEPTANCE, COMPLAINT_FINISH, COMPLAINT_REPLY, LIMITS
from ..terms import ComplaintMove, Counting, PauseReason
from . import clocks, sums

NUMBERS = (COMPLAINT_ACCEPTANCE, COMPLAINT_FINISH, COMPLAINT_REPLY)


@dataclass(frozen=True)
class _Pause:
    """The days in which the complainant completes the complaint, that last day included."""

    from_on: date
    to_on: date | None

    def get_reason_display(self):
        return PauseReason.SUPPLEMENT.label


def _pauses(complaint, number):
    if number != COMPLAINT_ACCEPTANCE or complaint.asked_on is None:
        return []
    return [_Pause(complaint.asked_on, complaint.supplied_on)]


def due_of(deadline, *, book=None, today=None):
    """Return the `clocks.Due` of a clock as it stands, or stood when it was stopped."""
    today = today or timezone.localdate()
    if deadline.stopped_on:
        today = min(today, deadline.stopped_on)
    complaint = deadline.complaint
    return clocks.count_due(
        deadline.number,
        book or clocks.Book.of(complaint.county),
        started_on=deadline.started_on,
        set_days=deadline.set_days,
        pauses=_pauses(complaint, deadline.number),
        today=today,
    )


def _count(deadline, book=None):
    due = due_of(deadline, book=book)
    deadline.due_on, deadline.is_shadow = due.due_on, due.is_shadow


# ── Running ─────────────────────────────────────────────────────────────────────────────


def start(complaint, number, *, on):
    deadline = ComplaintDeadline(complaint=complaint, number=number, started_on=on)
    _count(deadline)
    deadline.save()
    return deadline


def stop(complaint, *numbers, on=None):
    """What they ask for is done, or no longer asked."""
    complaint.deadlines.filter(number__in=numbers or NUMBERS, stopped_on=None).update(
        stopped_on=on or timezone.localdate(), is_paused=False
    )


def count_anew(complaint, *, is_paused=False):
    """Count the clock of acceptance after the notice was served or answered."""
    for deadline in complaint.deadlines.filter(number=COMPLAINT_ACCEPTANCE, stopped_on=None):
        # Its pause is read from the complaint as it stands in hand.
        deadline.complaint = complaint
        deadline.is_paused = is_paused
        _count(deadline)
        deadline.save()


def extend(complaint, days):
    """Add days, once, to the whole length the investigation has. Returns the new last day."""
    deadline = complaint.deadlines.get(number=COMPLAINT_FINISH, stopped_on=None)
    book = clocks.Book.of(complaint.county)
    rule = book.promise(COMPLAINT_FINISH, deadline.started_on)
    deadline.set_days = (rule.length if rule else LIMITS[COMPLAINT_FINISH].length) + days
    _count(deadline, book)
    deadline.save()
    return deadline.due_on


@transaction.atomic
def recount_county(county, *, why, numbers=NUMBERS):
    """Count the running clocks anew after the calendar or a promise changed; log each that moved.

    Returns how many moved. Safe to run twice: the second time none does.
    """
    book, moved = clocks.Book.of(county), 0
    running = _running_in(county, numbers)
    # The complaints first, as every move locks them.
    complaints = Complaint.objects.filter(pk__in=running.values("complaint")).order_by("pk")
    list(complaints.select_for_update(no_key=True).values_list("pk"))
    for deadline in running.select_for_update(of=("self",)):
        before = deadline.due_on
        _count(deadline, book)
        deadline.save(update_fields=["due_on", "is_shadow"])
        if deadline.due_on == before:
            continue
        moved += 1
        complaint = deadline.complaint
        ComplaintEvent.objects.create(
            complaint=complaint,
            move=ComplaintMove.RECOUNT,
            from_status=complaint.status,
            to_status=complaint.status,
            note=_("%(clock)s: %(old)s → %(new)s, because %(why)s")
            % {
                "clock": LIMITS[deadline.number].name,
                "old": day_name(before),
                "new": day_name(deadline.due_on),
                "why": why,
            },
        )
    return moved


def foresee(county, number, *, rules, today):
    """How many last days would move under these promises, and how many of them into the past."""
    book = clocks.Book(clocks.Book.of(county).calendar, tuple(rules))
    ends = [
        (deadline.due_on, due_of(deadline, book=book, today=today).due_on)
        for deadline in _running_in(county, [number])
    ]
    moved = [new for old, new in ends if new != old]
    return len(moved), sum(day < today for day in moved)


def _running_in(county, numbers):
    return ComplaintDeadline.objects.filter(
        complaint__county=county, number__in=numbers, stopped_on=None, is_paused=False
    ).select_related("complaint__county")


# ── Showing ─────────────────────────────────────────────────────────────────────────────


def face(deadline, *, calendar, today=None):
    """Return the `stations.calendar.clock_faces.Clock` that a page shows of a clock."""
    return clock_faces.clock(
        today or timezone.localdate(),
        deadline.started_on,
        deadline.due_on,
        calendar,
        done_on=deadline.stopped_on,
        is_paused=deadline.is_paused,
        working=LIMITS[deadline.number].counting == Counting.WORKING,
    )


def rows_of(complaints, *, calendar, today):
    """The running clocks of some complaints with their faces, the most urgent first, in one query."""
    rows = ComplaintDeadline.objects.filter(complaint__in=complaints, stopped_on=None)
    found = list(rows.select_related("complaint__county__division").order_by("due_on", "pk"))
    for deadline in found:
        deadline.clock = face(deadline, calendar=calendar, today=today)
        deadline.limit = LIMITS[deadline.number]
    return found


def running(complaint):
    """The clock that runs now, from rows already read; None once nothing is owed."""
    return next((each for each in complaint.deadlines.all() if each.stopped_on is None), None)


def clock_sum(deadline, *, book, today=None):
    """Return the `sums.ClockSum` of a clock, day by day."""
    complaint = deadline.complaint
    is_receipt = deadline.number == COMPLAINT_ACCEPTANCE
    ends = {
        pause.to_on: PauseReason.SUPPLEMENT for pause in _pauses(complaint, deadline.number)
    }
    return sums.drawn_sum(
        due_of(deadline, book=book, today=today),
        number=deadline.number,
        calendar=book.calendar,
        today=today or timezone.localdate(),
        is_paused=deadline.is_paused,
        is_receipt=is_receipt,
        ends=ends,
    )
