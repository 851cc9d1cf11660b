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
from django.utils.translation import ngettext_lazy

from stations.roles import Role
from stations.workdays import WorkCalendar

from ..terms import Counting

# No limit of these tables is longer, and nobody may promise a longer one.
LONGEST = 365


_LENGTHS = {
    Counting.CALENDAR: ngettext_lazy("%(count)d day", "%(count)d days", "count"),
    Counting.WORKING: ngettext_lazy("%(count)d working day", "%(count)d working days", "count"),
    Counting.HOURS: ngettext_lazy("%(count)d hour", "%(count)d hours", "count"),
}


def length_in_words(length: int, counting: str) -> str:
    """7天, 2个工作日, 24小时."""
    return _LENGTHS[Counting(counting)] % {"count": length}


@dataclass(frozen=True)
class Limit:
    """One clock of the table: its length, how it is counted, and who is warned in turn.

    `length` is the law's where `article` is given, else the default of what a county promises.
    """

    number: int
    name: Promise
    # What is to be done, as the button on a desk says it.
    act: Promise
    length: int
    counting: Counting
    # Who does it, who answers for it, who sees it when it is late.
    warned: tuple[Role, Role, Role]
    article: Promise | str = ""
    # Which rule of the ministry sets it, where its text is not at hand: the bureau checks the length.
    check_against: Promise | str = ""
    # Papers that are supplied, letters that are answered: the days stand still for the clock.
    is_pausable: bool = False
    # The time is the applicant's own: nobody in office is late when it runs out.
    is_applicant_s: bool = False

    @property
    def is_statutory(self):
        return bool(self.article)

    @property
    def doer(self) -> Role:
        return self.warned[0]

    @property
    def in_words(self) -> str:
        return length_in_words(self.length, self.counting)


_ORDER_148 = _("Order 148 of the ministry")
_ORDER_149 = _("Order 149 of the ministry")
_STATION = (Role.CLERK, Role.HEAD, Role.DIRECTOR)
_BUREAU = (Role.OFFICER, Role.OFFICER, Role.OFFICER)
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
COMPLAINT_ACCEPTANCE = 23
COMPLAINT_FINISH = 24
COMPLAINT_REPLY = 25

LIMITS = {
    limit.number: limit
    for limit in [
        Limit(
            MATERIAL_CHECK,
            _("check of the papers"),
            _("Check the papers"),
            2,
            Counting.WORKING,
            _STATION,
        ),
        Limit(
            SUPPLEMENT,
            _("papers to be supplied"),
            _("See what came"),
            10,
            Counting.CALENDAR,
            _STATION,
        ),
        Limit(
            FORWARDING,
            _("review and forwarding"),
            _("Review and forward"),
            2,
            Counting.WORKING,
            _STATION,
        ),
        Limit(SIGNING, _("signing for it"), _("Sign for it"), 1, Counting.WORKING, _CENTER),
        Limit(
            DECISION,
            _("review and decision"),
            _("Examine and decide"),
            7,
            Counting.CALENDAR,
            _CENTER,
            article=_("Legal Aid Law, article 43"),
            is_pausable=True,
        ),
        Limit(
            PAPERS_AFTERWARDS,
            _("papers after aid was provided first"),
            _("Call for the papers"),
            7,
            Counting.CALENDAR,
            _CENTER,
        ),
        Limit(
            ASSIGNMENT,
            _("assignment"),
            _("Assign"),
            3,
            Counting.CALENDAR,
            _CENTER,
            article=_("Legal Aid Law, article 43"),
        ),
        Limit(
            DETAINED,
            _("forwarding for a detained person"),
            _("Forward at once"),
            24,
            Counting.HOURS,
            _STATION,
            article=_("Legal Aid Law, article 39"),
        ),
        Limit(
            ENGAGEMENT,
            _("engagement papers"),
            _("Ask for the engagement"),
            5,
            Counting.CALENDAR,
            _CENTER,
            article=_("Order 148, article 27"),
        ),
        Limit(
            SERVICE,
            _("service of the decision"),
            _("Serve the decision"),
            3,
            Counting.WORKING,
            _CENTER,
        ),
        Limit(
            OBJECTION_PERIOD,
            _("objection of the applicant"),
            _("See the decision"),
            15,
            Counting.CALENDAR,
            (Role.OFFICER, Role.OFFICER, Role.OFFICER),
            check_against=_ORDER_148,
            is_applicant_s=True,
        ),
        Limit(
            OBJECTION,
            _("decision on the objection"),
            _("Decide the objection"),
            5,
            Counting.CALENDAR,
            (Role.OFFICER, Role.OFFICER, Role.OFFICER),
            article=_("Legal Aid Law, article 49"),
        ),
        Limit(
            CHANGE_OF_PERSON,
            _("change of person"),
            _("Decide the change"),
            5,
            Counting.CALENDAR,
            _CENTER,
            check_against=_ORDER_148,
        ),
        Limit(
            FILE,
            _("file after closing"),
            _("Ask for the file"),
            30,
            Counting.CALENDAR,
            _CENTER,
            check_against=_ORDER_148,
        ),
        Limit(
            FILE_CHECK,
            _("check of the file, subsidy"),
            _("Check the file, pay the subsidy"),
            30,
            Counting.CALENDAR,
            _CENTER,
            check_against=_ORDER_148,
        ),
        Limit(
            COOPERATION, _("reply to another region"), _("Reply"), 10, Counting.WORKING, _CENTER
        ),
        # Until the text of Order 149 is checked these are the lengths of the rules of 2013, and
        # so the county's own (rules 4.8).
        Limit(
            COMPLAINT_ACCEPTANCE,
            _("acceptance of a complaint"),
            _("Accept or not"),
            5,
            Counting.WORKING,
            _BUREAU,
            check_against=_ORDER_149,
            is_pausable=True,
        ),
        Limit(
            COMPLAINT_FINISH,
            _("investigation of a complaint"),
            _("Investigate and decide"),
            45,
            Counting.CALENDAR,
            _BUREAU,
            check_against=_ORDER_149,
        ),
        Limit(
            COMPLAINT_REPLY,
            _("reply to a complaint"),
            _("Serve the reply"),
            5,
            Counting.WORKING,
            _BUREAU,
            check_against=_ORDER_149,
        ),
    ]
}


APPLICANT_S = {number for number, limit in LIMITS.items() if limit.is_applicant_s}
# These are the business of whoever holds the file: the station until it forwards, then the center.
HOLDER_S = {MATERIAL_CHECK, SUPPLEMENT, DECISION}


def warned_roles(number, *, is_at_station):
    """Return who does it, who answers for it and who sees it late, where the file lies now."""
    if number in HOLDER_S:
        return _STATION if is_at_station else _CENTER
    return LIMITS[number].warned


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

    Raises ValueError for hours, which have no days, and for a length nobody sets.
    """
    if counting == Counting.HOURS:
        raise ValueError("hours are not counted in days")
    if not 1 <= length <= LONGEST:
        raise ValueError(f"a limit of {length} days")
    pauses = tuple(pauses)
    days = [CountedDay(start, "start")]
    day, n = start, 0
    while n < length:
        day += timedelta(days=1)
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
