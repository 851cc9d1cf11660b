"""The running clocks of applications: started, paused, stopped and counted anew, with a log.

The arithmetic is `casework.rules.deadlines`; the calendar is the State Council's with the county's own
days; a county's dated promise stands beside the law's length, and the earlier of both is due.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.calendar import clock_faces
from stations.models import DayOff
from stations.workdays import WorkCalendar

from ..models import Application, ClockRule, Deadline, DeadlineChange, Notice, Pause
from ..rules.deadlines import APPLICANT_S, LIMITS, Span, Sum, count, hours_due
from ..terms import Counting, NoticeKind

PAUSABLE = [number for number, limit in LIMITS.items() if limit.is_pausable]
# A county's clocks are counted anew in transactions of so many.
PORTION = 5000


@dataclass(frozen=True)
class Due:
    """When a clock ends: by the law, by what the county promises, and the earlier of both.

    A promise on trial never hurries the law's clock; a clock the law does not know runs in shadow
    while its promise is on trial: counted and shown, neither scored nor escalated.
    """

    statutory: Sum | None
    promised: Sum | None
    is_on_trial: bool = False

    @property
    def sum(self) -> Sum:
        """The sum that ends first; the law's when both end on one day."""
        if self.statutory is None:
            return self.promised
        if self.promised is None or self.is_on_trial:
            return self.statutory
        return min(self.statutory, self.promised, key=lambda each: each.due_on)

    @property
    def due_on(self) -> date:
        return self.sum.due_on

    @property
    def is_shadow(self) -> bool:
        return self.is_on_trial and self.statutory is None


@dataclass(frozen=True)
class Book:
    """What a county counts by: its calendar and its dated promises, read once for many clocks."""

    calendar: WorkCalendar
    rules: tuple[ClockRule, ...]

    @classmethod
    def of(cls, county):
        return cls(
            DayOff.objects.calendar(county), tuple(ClockRule.objects.filter(county=county))
        )

    def promise(self, number, day):
        """The county's promise for a clock that starts on a day, or None."""
        return ClockRule.in_force(self.rules, number, day)


# ── Counting ────────────────────────────────────────────────────────────────────────────


def count_due(number, book, *, started_on, set_days=None, pauses=(), today=None):
    """Count one clock of days from the rules and pauses in force. Returns a `Due`."""
    limit = LIMITS[number]
    today = today or timezone.localdate()
    rule = book.promise(number, started_on)
    spans = [
        Span(pause.from_on, pause.to_on, pause.get_reason_display())
        for pause in (pauses if limit.is_pausable else ())
    ]

    def sum_of(length, counting):
        return count(started_on, length, counting, book.calendar, pauses=spans, today=today)

    is_on_trial = bool(rule and rule.is_shadow)
    if set_days:
        # What was written in the notice holds, whatever the county promises.
        return Due(None, sum_of(set_days, limit.counting), is_on_trial)
    statutory = sum_of(limit.length, limit.counting) if limit.is_statutory else None
    if rule:
        return Due(statutory, sum_of(rule.length, rule.counting), is_on_trial)
    return Due(statutory, None if statutory else sum_of(limit.length, limit.counting))


def _ends(number, book, *, at, set_days=None, pauses=()):
    """The fields of a `Deadline` that say when it ends."""
    limit = LIMITS[number]
    started_on = timezone.localdate(at)
    if limit.counting == Counting.HOURS:
        return _hours_end(limit, book.promise(number, started_on), at)
    due = count_due(number, book, started_on=started_on, set_days=set_days, pauses=pauses)
    return {
        "statutory_due_on": due.statutory and due.statutory.due_on,
        "promised_due_on": due.promised and due.promised.due_on,
        "due_on": due.due_on,
        "due_at": None,
        "is_shadow": due.is_shadow,
    }


def _hours_end(limit, rule, at):
    statutory = hours_due(at, limit.length)
    promised = hours_due(at, rule.length) if rule else None
    due_at = statutory if rule is None or rule.is_shadow else min(statutory, promised)
    return {
        "statutory_due_on": timezone.localdate(statutory),
        "promised_due_on": promised and timezone.localdate(promised),
        "due_on": timezone.localdate(due_at),
        "due_at": due_at,
        "is_shadow": False,
    }


# ── Running ─────────────────────────────────────────────────────────────────────────────


def start(application, number, *, at=None, set_days=None):
    """Start a clock of an application, unless it runs already. Returns its `Deadline`.

    `set_days` is the length written in a notice, for clocks the law gives no number to.
    """
    running = application.deadlines.running().filter(number=number).first()
    if running:
        return running
    at = at or timezone.now()
    pauses = list(application.pauses.all()) if number in PAUSABLE else []
    _hold_promises(application.county_id)
    return Deadline.objects.create(
        application=application,
        number=number,
        started_at=at,
        set_days=set_days,
        is_paused=any(pause.to_on is None for pause in pauses),
        **_ends(number, Book.of(application.county), at=at, set_days=set_days, pauses=pauses),
    )


def _hold_promises(county_id):
    """A promise that is being set is waited for, or finds the clock that starts now (`promises`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM stations_county WHERE id = %s FOR KEY SHARE", [county_id])


def stop(application, *numbers, at=None):
    """Stop clocks of an application: what they ask for is done, or no longer asked.

    The warnings of them leave the desks.
    """
    at = at or timezone.now()
    # The clocks before their warnings, in the order in which the clockwork has them.
    application.deadlines.running().filter(number__in=numbers).update(
        stopped_at=at, is_paused=False
    )
    application.notices.open().filter(
        kind=NoticeKind.WARNING, deadline__number__in=numbers
    ).update(done_at=at)


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
    ended = Pause.objects.filter(application=application, reason=reason, to_on=None)
    if ended.update(to_on=to_on):
        _mark_pauses(application)
        recount(application, why=_("the clock stood still"))


def _mark_pauses(application):
    is_paused = application.pauses.filter(to_on=None).exists()
    application.deadlines.running().filter(number__in=PAUSABLE).update(is_paused=is_paused)


def lapse(today):
    """Stop the applicants' own times that have run out: nobody is late, the right is spent.

    Safe to run twice. Returns how many.
    """
    return (
        Deadline.objects.running()
        .filter(number__in=APPLICANT_S, due_on__lt=today)
        .update(stopped_at=timezone.now())
    )


# ── Counting anew ───────────────────────────────────────────────────────────────────────


@transaction.atomic
def recount(application, *, why):
    """Count every running clock of an application anew; log each due day that moved.

    A clock that stands still is counted when it goes on.
    """
    rows = application.deadlines.running().filter(is_paused=False)
    _recount(list(rows.select_for_update()), Book.of(application.county), why)


@dataclass(frozen=True)
class Portion:
    """Some clocks that were counted anew: how many, how many moved, and the last one's id."""

    counted: int
    moved: int
    last_id: int


@transaction.atomic
def recount_portion(county, *, why, numbers, after):
    """Count the next clocks of a county anew, by their ids after one; None when there are no more."""
    running = running_in(county, numbers)
    keys = list(
        running.filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", "application_id")[:PORTION]
    )
    if not keys:
        return None
    # The applications first, as every move locks them; what is stopped meanwhile is counted no more.
    applications = Application.objects.filter(pk__in={of for _pk, of in keys}).order_by("pk")
    list(applications.select_for_update(no_key=True).values_list("pk"))
    rows = running.filter(pk__in=[pk for pk, _of in keys]).order_by("pk")
    moved = _recount(list(rows.select_for_update(of=("self",))), Book.of(county), why)
    return Portion(len(keys), len(moved), keys[-1][0])


def foresee(county, number, *, rules, today):
    """How many due days of a clock would move if these were the county's promises.

    Returns (moved, how many of them would be overdue). Nothing is written.
    """
    book = Book(DayOff.objects.calendar(county), tuple(rules))
    rows = list(running_in(county, [number]))
    moved = [ends["due_on"] for _row, ends in _moved(rows, book)]
    return len(moved), sum(day < today for day in moved)


def running_in(county, numbers):
    """The clocks of a county that a new count is for: running, and not standing still."""
    return Deadline.objects.running().filter(
        application__county=county, number__in=numbers, is_paused=False
    )


def _new_ends(rows, book):
    """[(deadline, fields)] of clocks as they would end now; their pauses in one query.

    Clocks of one kind that started on one day end together: each such day is counted once.
    """
    pauses = defaultdict(list)
    of = [row.application_id for row in rows if row.number in PAUSABLE]
    for each in Pause.objects.filter(application__in=of) if of else ():
        pauses[each.application_id].append(each)
    known, ends = {}, []
    for row in rows:
        limit = LIMITS[row.number]
        own = pauses.get(row.application_id, ()) if limit.is_pausable else ()
        start = row.started_at if limit.counting == Counting.HOURS else row.started_on
        spans = tuple((pause.from_on, pause.to_on) for pause in own)
        key = row.number, start, row.set_days, spans
        if key not in known:
            known[key] = _ends(
                row.number, book, at=row.started_at, set_days=row.set_days, pauses=own
            )
        ends.append((row, known[key]))
    return ends


def _moved(rows, book):
    return [
        (row, ends)
        for row, ends in _new_ends(rows, book)
        if (row.due_on, row.due_at) != (ends["due_on"], ends["due_at"])
    ]


def _recount(rows, book, why):
    """Write what has changed and return the clocks whose due day moved."""
    moved = []
    # Those that end alike are written together.
    changed = defaultdict(list)
    for row, ends in _new_ends(rows, book):
        before = {field: getattr(row, field) for field in ends}
        if before == ends:
            continue
        # Whoever was warned of the old day is warned of the new one.
        is_moved = row.due_on != ends["due_on"]
        written = ends | {"warned": 0} if is_moved else ends
        changed[tuple(written.items())].append(row.pk)
        if is_moved:
            moved.append(
                DeadlineChange(
                    deadline=row,
                    old_due_on=row.due_on,
                    new_due_on=ends["due_on"],
                    why=why[:120],
                )
            )
    for written, keys in changed.items():
        Deadline.objects.filter(pk__in=keys).update(**dict(written))
    if moved:
        DeadlineChange.objects.bulk_create(moved)
        Notice.objects.open().filter(
            kind=NoticeKind.WARNING, deadline__in=[change.deadline_id for change in moved]
        ).update(done_at=timezone.now())
    return moved


# ── Showing ─────────────────────────────────────────────────────────────────────────────


def due_of(deadline, *, book=None, today=None):
    """Return the `Due` of a clock of days as it stands or stood when it was stopped."""
    today = today or timezone.localdate()
    if deadline.stopped_at:
        today = min(today, timezone.localdate(deadline.stopped_at))
    return count_due(
        deadline.number,
        book or Book.of(deadline.application.county),
        started_on=deadline.started_on,
        set_days=deadline.set_days,
        pauses=deadline.application.pauses.all(),
        today=today,
    )


def face(deadline, *, calendar, today=None, now=None):
    """Return the `stations.calendar.clock_faces.Clock` that a page shows of a clock."""
    stopped_on = deadline.stopped_at and timezone.localdate(deadline.stopped_at)
    if deadline.due_at and not stopped_on:
        return clock_faces.hours_clock(
            now or timezone.now(), deadline.started_at, deadline.due_at
        )
    return clock_faces.clock(
        today or timezone.localdate(),
        deadline.started_on,
        deadline.due_on,
        calendar,
        done_on=stopped_on,
        is_paused=deadline.is_paused,
        working=LIMITS[deadline.number].counting == Counting.WORKING,
    )
