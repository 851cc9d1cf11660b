"""Time limits of the law and how their days are counted (期限). Pure: dates and calendars go in.

The starting day is not counted (民法典第二百零一条); a last day that is a day off moves to the next
working day (第二百零三条). Lengths and counting: rules 9.3; a county's dated promises are arguments.
Articles are named only where they are certain; where `article` is empty the limit is the county's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stations.roles import Role
from stations.workdays import WorkCalendar

from .terms import Counting

# Nobody counts further than this; a limit that would is a mistake in its length.
LONGEST = 400


@dataclass(frozen=True)
class Limit:
    """One clock of the table: its length, how it is counted, and who is warned in turn.

    `length` is the law's where `article` is given, else the default of what a county promises.
    """

    number: int
    name: Promise
    length: int
    counting: Counting
    # Who does it, who answers for it, who sees it when it is late.
    warned: tuple[Role, Role, Role]
    article: Promise | str = ""
    # Papers that are supplied, letters that are answered: the days stand still for the clock.
    is_pausable: bool = False

    @property
    def is_statutory(self):
        return bool(self.article)


_STATION = (Role.CLERK, Role.HEAD, Role.DIRECTOR)
_CENTER = (Role.REVIEWER, Role.DIRECTOR, Role.OFFICER)

MATERIAL_CHECK = 5
SUPPLEMENT = 6
FORWARDING = 7
SIGNING = 8
DECISION = 9
PAPERS_AFTERWARDS = 11
ASSIGNMENT = 12
DETAINED = 14
ENGAGEMENT = 15
SERVICE = 16
OBJECTION_PERIOD = 17
OBJECTION = 18
CHANGE_OF_PERSON = 19
FILE = 20
FILE_CHECK = 21
COOPERATION = 22

LIMITS = {
    limit.number: limit
    for limit in [
        Limit(MATERIAL_CHECK, _("check of the papers"), 2, Counting.WORKING, _STATION),
        Limit(SUPPLEMENT, _("papers to be supplied"), 10, Counting.CALENDAR, _STATION),
        Limit(FORWARDING, _("review and forwarding"), 2, Counting.WORKING, _STATION),
        Limit(SIGNING, _("signing for it"), 1, Counting.WORKING, _CENTER),
        Limit(
            DECISION,
            _("review and decision"),
            7,
            Counting.CALENDAR,
            _CENTER,
            article=_("Legal Aid Law, article 43"),
            is_pausable=True,
        ),
        Limit(
            PAPERS_AFTERWARDS,
            _("papers after aid was provided first"),
            7,
            Counting.CALENDAR,
            _CENTER,
        ),
        Limit(
            ASSIGNMENT,
            _("assignment"),
            3,
            Counting.CALENDAR,
            _CENTER,
            article=_("Legal Aid Law, article 43"),
        ),
        Limit(
            DETAINED,
            _("forwarding for a detained person"),
            24,
            Counting.HOURS,
            _STATION,
            article=_("Legal Aid Law, article 39"),
        ),
        Limit(
            ENGAGEMENT,
            _("engagement papers"),
            5,
            Counting.CALENDAR,
            _CENTER,
            article=_("Order 148, article 27"),
        ),
        Limit(SERVICE, _("service of the decision"), 3, Counting.WORKING, _CENTER),
        Limit(
            OBJECTION_PERIOD,
            _("objection of the applicant"),
            15,
            Counting.CALENDAR,
            (Role.OFFICER, Role.OFFICER, Role.OFFICER),
        ),
        Limit(
            OBJECTION,
            _("decision on the objection"),
            5,
            Counting.CALENDAR,
            (Role.OFFICER, Role.OFFICER, Role.OFFICER),
            article=_("Legal Aid Law, article 49"),
        ),
        Limit(CHANGE_OF_PERSON, _("change of person"), 5, Counting.CALENDAR, _CENTER),
        Limit(FILE, _("file after closing"), 30, Counting.CALENDAR, _CENTER),
        Limit(FILE_CHECK, _("check of the file"), 30, Counting.CALENDAR, _CENTER),
        Limit(COOPERATION, _("reply to another region"), 10, Counting.WORKING, _CENTER),
    ]
}


@dataclass(frozen=True)
class Span:
    """Days that do not count: after `from_on` up to and with `to_on`; open while `to_on` is None."""

    from_on: date
    to_on: date | None
    why: str = ""

    def holds(self, day: date, today: date) -> bool:
        return self.from_on < day <= (self.to_on or max(today, self.from_on))


@dataclass(frozen=True)
class CountedDay:
    """One day of a sum: `kind` is start, counted, paused, off or moved (rolled over)."""

    on: date
    kind: str
    # Which day of the limit it is; None where it does not count.
    n: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Sum:
    """A limit counted day by day, from its start to its last day."""

    days: tuple[CountedDay, ...]
    # The last day before it moved off a day of rest.
    raw_end: date
    due_on: date


def count(
    start: date,
    length: int,
    counting: Counting,
    calendar: WorkCalendar,
    *,
    pauses: Iterable[Span] = (),
    today: date,
) -> Sum:
    """Count a limit of days from the day it starts, which is not counted itself.

    Calendar days count on days of rest too, and the last one moves to a working day; working days
    count on working days only. Days inside a pause do not count. `today` closes an open pause for
    the moment, so the end is what it would be if the papers came today.

    Raises ValueError for hours, which have no days, and for a limit that never ends.
    """
    if counting == Counting.HOURS:
        raise ValueError("hours are not counted in days")
    pauses = tuple(pauses)
    days = [CountedDay(start, "start")]
    day, n = start, 0
    while n < length:
        day += timedelta(days=1)
        if len(days) > LONGEST + sum((p.to_on or today) > p.from_on for p in pauses) * LONGEST:
            raise ValueError("a limit without an end")
        pause = next((p for p in pauses if p.holds(day, today)), None)
        if pause:
            days.append(CountedDay(day, "paused", why=pause.why))
        elif counting == Counting.WORKING and not calendar.is_working_day(day):
            days.append(CountedDay(day, "off"))
        else:
            n += 1
            days.append(CountedDay(day, "counted", n))
    raw_end = day
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
        days.append(CountedDay(day, "moved"))
    return Sum(tuple(days), raw_end, day)


def hours_due(start: datetime, hours: int) -> datetime:
    """Hours run from the moment, on days of rest too (民法典第二百零一条)."""
    return start + timedelta(hours=hours)


def is_provide_first_urgent(limitation_on: date | None, today: date) -> bool:
    """Whether less than seven days are left of a limitation or period (法律援助法第四十四条)."""
    return limitation_on is not None and 0 <= (limitation_on - today).days < 7
