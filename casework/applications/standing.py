"""Where an application stands, as its record shows it: the steps, what comes next and whose it is,
and the sum of each clock, day by day.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.calendar.clock_faces import Clock
from stations.templatetags.words import day_name, day_time

from ..models import Deadline
from ..rules import deadlines as limits
from ..terms import ApplicationMove as M
from ..terms import Counting, Status
from ..time_limits import clocks
from ..time_limits.sums import ClockSum, clock_sum

# ── Steps ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Step:
    """One step on the way: `state` is past, now or empty; `done_at` when it was last done."""

    label: Promise | str
    state: str = ""
    done_at: datetime | None = None


# (what it is called, the moves that finish it, the statuses in which it is the one being done)
_STEPS = [
    (pgettext_lazy("step", "taken in"), {M.RECEIVE}, set()),
    (pgettext_lazy("step", "papers supplied"), {M.SUPPLY}, {Status.SUPPLEMENTING}),
    (
        pgettext_lazy("step", "preliminary review"),
        {M.REVIEW},
        {Status.RECEIVED, Status.RETURNED},
    ),
    (pgettext_lazy("step", "head signs"), {M.COUNTERSIGN}, {Status.REVIEWED}),
    (
        pgettext_lazy("step", "forwarded, signed for"),
        {M.SIGN_FOR},
        {Status.COUNTERSIGNED, Status.FORWARDED},
    ),
    (
        pgettext_lazy("step", "center examines"),
        {M.GRANT, M.PROVIDE_FIRST, M.REFUSE},
        {Status.IN_REVIEW, Status.REFUSAL_PROPOSED},
    ),
    (pgettext_lazy("step", "assigned"), {M.ASSIGN}, {Status.GRANTED}),
    (
        pgettext_lazy("step", "handled, closed"),
        {M.CLOSE},
        {Status.ASSIGNED, Status.TERMINATION_PROPOSED},
    ),
    (pgettext_lazy("step", "archived"), {M.ARCHIVE}, {Status.CLOSED, Status.ARCHIVED}),
]
_BEFORE_GRANT = {M.SUPPLY, M.REVIEW, M.COUNTERSIGN, M.SIGN_FOR}
# Where it ends before the last step.
_CUT_SHORT = {Status.REFUSED, Status.WITHDRAWN, Status.TERMINATED, Status.PASSED_ON}


def steps(application, events):
    """Return the steps of an application from its events, the oldest first."""
    done = {event.move: event.made_at for event in events}
    shown = [each for each in _STEPS if M.SUPPLY not in each[1] or M.ASK in done]
    if M.PROVIDE_FIRST in done:
        # Aid came before the steps between: those nobody took are not on its way.
        shown = [each for each in shown if _last(done, each[1]) or not each[1] <= _BEFORE_GRANT]
    if application.status in _CUT_SHORT:
        way = [
            Step(label, "past", _last(done, moves))
            for label, moves, _statuses in shown
            if _last(done, moves)
        ]
        return [*way, Step(application.get_status_display(), "now", events[-1].made_at)]
    now = next(
        n
        for n, (_label, _moves, statuses) in enumerate(shown)
        if application.status in statuses
    )
    return [
        _step(label, n - now, _last(done, moves))
        for n, (label, moves, _statuses) in enumerate(shown)
    ]


def _step(label, ahead, done_at):
    if ahead == 0:
        return Step(label, "now")
    return Step(label, "past", done_at) if ahead < 0 and done_at else Step(label)


def _last(done, moves):
    return max((done[move] for move in moves if move in done), default=None)


# ── What comes next ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Next:
    """What is to be done now and whose it is: applicant, station, head, center, second, bureau."""

    what: Promise | str
    whose: str


def next_step(
    application,
    *,
    is_complete,
    is_notice_over=False,
    has_objection=False,
    is_served=True,
    is_change_asked=False,
    is_file_returned=False,
    owes_subsidy=False,
):
    """Return what comes next; None when nothing is owed any more."""
    status = application.status
    if status in {Status.RECEIVED, Status.RETURNED} and not is_complete:
        return Next(_("Ask once for every paper that is missing"), "station")
    if status == Status.SUPPLEMENTING and is_notice_over:
        side = "station" if application.is_at_station else "center"
        return Next(_("Ask the applicant again, then confirm what becomes of it"), side)
    if status in {Status.REFUSED, Status.TERMINATED}:
        if has_objection:
            return Next(_("Decide the objection"), "bureau")
        return None if is_served else Next(_("Serve the decision"), "center")
    if status == Status.ASSIGNED and is_change_asked:
        return Next(_("Decide whether the person is changed"), "center")
    if status == Status.CLOSED and is_file_returned:
        return Next(_("The handler mends the file and hands it in again"), "center")
    if status == Status.ARCHIVED and owes_subsidy:
        return Next(_("Pay the subsidy"), "center")
    known = {
        Status.RECEIVED: Next(_("Give the preliminary opinion"), "station"),
        Status.SUPPLEMENTING: Next(_("The applicant brings the missing papers"), "applicant"),
        Status.REVIEWED: Next(_("Sign the preliminary opinion"), "head"),
        Status.COUNTERSIGNED: Next(_("Forward it to the county center"), "head"),
        Status.FORWARDED: Next(_("Sign for the forwarded file"), "center"),
        Status.IN_REVIEW: Next(_("Decide to grant or to refuse legal aid"), "center"),
        Status.RETURNED: Next(_("Mend what the center asks for and review again"), "station"),
        Status.REFUSAL_PROPOSED: Next(_("A second person decides on the refusal"), "second"),
        Status.GRANTED: Next(_("Assign the case"), "center"),
        Status.ASSIGNED: Next(_("Handle the case and report its closing"), "center"),
        Status.TERMINATION_PROPOSED: Next(
            _("A second person decides on the termination"), "second"
        ),
        Status.CLOSED: Next(_("Hand in the file, check it, archive it"), "center"),
    }
    return known.get(status)


# ── Clocks ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ClockFace:
    """One running clock as the record shows it: how much is left, its law, its sum."""

    deadline: Deadline
    clock: Clock
    name: Promise
    # Article and length in one line; the county's own limits say that they are the county's.
    law: str
    until: str
    sum: ClockSum


def clock_face(deadline, *, book, today):
    """Return the `ClockFace` of a running clock of an application."""
    if deadline.due_at:
        until = _("by %(time)s") % {"time": day_time(deadline.due_at)}
    else:
        until = _("until the end of %(day)s") % {"day": day_name(deadline.due_on)}
    return ClockFace(
        deadline=deadline,
        clock=clocks.face(deadline, calendar=book.calendar, today=today),
        name=limits.LIMITS[deadline.number].name,
        law=_law(deadline),
        until=until,
        sum=clock_sum(deadline, book=book, today=today),
    )


_UNITS = {
    Counting.CALENDAR: gettext_lazy("%(count)d days"),
    Counting.WORKING: gettext_lazy("%(count)d working days"),
    Counting.HOURS: gettext_lazy("%(count)d hours"),
}


def _law(deadline):
    limit = limits.LIMITS[deadline.number]
    length = _UNITS[limit.counting] % {"count": deadline.set_days or limit.length}
    words = {"name": limit.name, "length": length, "article": limit.article}
    if limit.article:
        return _("%(article)s: %(name)s within %(length)s") % words
    if deadline.set_days:
        return _("Set in the notice: %(name)s within %(length)s") % words
    return _("Set by the county: %(name)s") % words
