"""Demonstration stations 示范点: how many a county owes, who may become one, for how long. Pure.

Plain facts of one station come in, conditions with their reasons go out (rules 5.5). Nothing here
decides: bureau and city look at the conditions and answer for what they write.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from .terms import Grade

# The opinion: at least a fifth of the stations of a county.
ONE_IN = 5
# A name holds so long, then the station is looked at anew (clock 35).
VALID_MONTHS = 24
WARN_DAYS = 90
# The proposal hangs out for so many working days (公示).
PUBLICITY_WORKING_DAYS = 5
# An objection is looked into within so many working days; the county's own measure.
OBJECTION_WORKING_DAYS = 5
# An analysis for each month of a whole year.
MONTHS = 12
# More than half of the staff changed without a new application: the name is withdrawn.
MOST_CHANGED_PERCENT = 50


class Stage(models.TextChoices):
    """How far an application for the name has come."""

    APPLIED = "applied", pgettext_lazy("demonstration", "applied for")
    RECOMMENDED = "recommended", pgettext_lazy("demonstration", "recommended by the county")
    CHECKED = "checked", pgettext_lazy("demonstration", "checked on site")
    PUBLISHED = "published", pgettext_lazy("demonstration", "hanging out")
    NAMED = "named", pgettext_lazy("demonstration", "named")
    DECLINED = "declined", pgettext_lazy("demonstration", "not named")
    WITHDRAWN = "withdrawn", pgettext_lazy("demonstration", "withdrawn")


UNDER_WAY = {Stage.APPLIED, Stage.RECOMMENDED, Stage.CHECKED, Stage.PUBLISHED}
OVER = {Stage.DECLINED, Stage.WITHDRAWN}


class Step(models.TextChoices):
    """One act on an application or on a name."""

    APPLY = "apply", pgettext_lazy("demonstration", "applied")
    RECOMMEND = "recommend", pgettext_lazy("demonstration", "recommended")
    CHECK = "check", pgettext_lazy("demonstration", "checked on site")
    PUBLISH = "publish", pgettext_lazy("demonstration", "hung out")
    OBJECT = "object", pgettext_lazy("demonstration", "objection noted")
    SETTLE = "settle", pgettext_lazy("demonstration", "objection looked into")
    NAME = "name", pgettext_lazy("demonstration", "named")
    RENEW = "renew", pgettext_lazy("demonstration", "name confirmed anew")
    DECLINE = "decline", pgettext_lazy("demonstration", "not named")
    WITHDRAW = "withdraw", pgettext_lazy("demonstration", "name withdrawn")


class Ground(models.TextChoices):
    """Why a name is withdrawn (rules 5.5)."""

    GRADE = "grade", gettext_lazy("graded pass or lower")
    VETO = "veto", gettext_lazy("a veto of the annual assessment")
    MOVED = "moved", gettext_lazy("moved without a new application")
    STAFF = "staff", gettext_lazy("more than half of the staff changed, no new application")
    FALSE = "false", gettext_lazy("false material")
    LAPSED = "lapsed", gettext_lazy("not confirmed after two years")


# On these a name is not confirmed anew: looking again does not mend them.
NO_RENEWAL = {Ground.GRADE, Ground.VETO}


class CheckPoint(models.TextChoices):
    """What the city looks at on site (rules 5.2, hardware; 4.5, postings)."""

    PREMISES = "premises", gettext_lazy("fixed place, can be entered by everybody")
    PRIVATE = "private", gettext_lazy("a corner for talks without listeners")
    SIGNS = "signs", gettext_lazy("unified signs outside and inside")
    WALL = "wall", gettext_lazy("mandatory postings are up and current")
    EQUIPMENT = "equipment", gettext_lazy("phone, computer, printer, card reader, cabinet")
    PEOPLE = "people", gettext_lazy("the person of the roster is there")
    BOOKS = "books", gettext_lazy("registers agree with what was reported")
    PRIVACY = "privacy", gettext_lazy("no applicant's data in sight")


def quota(stations: int) -> int:
    """Return how many demonstration stations so many stations owe: a fifth, rounded up."""
    return -(-stations // ONE_IN)


def share_percent(named: int, stations: int) -> int:
    """Whole percent, rounded down: what is not reached is never shown as reached."""
    return named * 100 // stations if stations else 0


@dataclass(frozen=True)
class Facts:
    """What is known of one station today. None means that nobody knows yet."""

    # {year: Grade} of confirmed assessments only.
    grades: dict[int, str] = field(default_factory=dict)
    # Any veto of the current or the last year.
    has_veto: bool = False
    substantiated_complaints: int | None = None
    # Of the station's villages today.
    villages: int = 0
    covered: int = 0
    # The monthly analyses due in the last twelve months, and how many of them came.
    months_due: int = 0
    months_sent: int = 0
    # Mandatory postings, and how many of them are current.
    postings: int | None = None
    postings_current: int | None = None
    hardware: int | None = None
    hardware_met: int | None = None


@dataclass(frozen=True)
class Condition:
    """One condition: `state` is yes, no or open (not known yet); `says` gives the reason."""

    code: str
    name: str
    state: str
    says: str


def conditions(facts: Facts, year: int) -> tuple[Condition, ...]:
    """Return the conditions of entry in a year, each with its answer and the reason."""
    return (
        _grade(facts, year),
        _veto(facts, year),
        _complaints(facts),
        _liaisons(facts),
        _months(facts),
        _part(
            "postings",
            _("postings current"),
            facts.postings_current,
            facts.postings,
            _("%(met)s of %(all)s mandatory postings are current"),
        ),
        _part(
            "hardware",
            _("each item of equipment there"),
            facts.hardware_met,
            facts.hardware,
            _("%(met)s of %(all)s items are met"),
        ),
    )


def _state(is_met):
    return "yes" if is_met else "no"


def _grade(facts, year):
    name = _("excellent this year or last")
    known = {y: grade for y, grade in facts.grades.items() if y in {year, year - 1}}
    best = [y for y, grade in known.items() if grade == Grade.EXCELLENT]
    if best:
        says = _("excellent in %(year)s") % {"year": max(best)}
        return Condition("grade", name, "yes", says)
    if year - 1 in known:
        return Condition(
            "grade", name, "no", _("not excellent in %(year)s") % {"year": max(known)}
        )
    return Condition("grade", name, "open", _("not yet assessed"))


def _veto(facts, year):
    name = _("no veto")
    if facts.has_veto:
        return Condition("veto", name, "no", _("there is a veto of this year or last"))
    if not any(y in facts.grades for y in (year, year - 1)):
        return Condition("veto", name, "open", _("not yet assessed"))
    return Condition("veto", name, "yes", _("none"))


def _complaints(facts):
    name = _("no substantiated complaint")
    count = facts.substantiated_complaints
    if count is None:
        return Condition("complaints", name, "open", _("complaints are not kept here yet"))
    if count == 0:
        return Condition("complaints", name, "yes", _("none"))
    says = ngettext("%(count)d was substantiated", "%(count)d were substantiated", count)
    return Condition("complaints", name, "no", says % {"count": count})


def _liaisons(facts):
    name = _("a liaison in every village")
    if not facts.villages:
        return Condition("liaisons", name, "open", _("no villages are entered"))
    says = _("%(met)s of %(all)s villages have one") % {
        "met": facts.covered,
        "all": facts.villages,
    }
    return Condition("liaisons", name, _state(facts.covered == facts.villages), says)


def _months(facts):
    """Twelve of twelve; a station that was not there for twelve months cannot have them."""
    says = _("%(met)s of %(all)s analyses of the last twelve months were sent") % {
        "met": facts.months_sent,
        "all": facts.months_due,
    }
    is_met = facts.months_due == facts.months_sent == MONTHS
    return Condition("months", _("twelve of twelve monthly analyses"), _state(is_met), says)


def _part(code, name, met, total, words):
    if not total or met is None:
        return Condition(code, name, "open", _("nobody has looked yet"))
    return Condition(code, name, _state(met == total), words % {"met": met, "all": total})


def stands(met: Iterable[Condition]) -> str:
    """Return yes when every condition is met, no when one is not, else open."""
    states = {condition.state for condition in met}
    return "no" if "no" in states else "open" if "open" in states else "yes"


def rank(found: Iterable[Condition]) -> tuple[int, int]:
    """Order candidates: fewest conditions that fail, then fewest that nobody knows."""
    states = [condition.state for condition in found]
    return states.count("no"), states.count("open")


def months_later(day: date, months: int) -> date:
    """Return the same day so many months on; the last of a shorter month instead of none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"no day {day.day} in any month")


def valid_until(named_on: date) -> date:
    """Return the day by which a name is looked at anew: 24 months after naming (clock 35)."""
    return months_later(named_on, VALID_MONTHS)


def grounds(
    *,
    grade: str = "",
    has_veto: bool = False,
    staff: frozenset = frozenset(),
    staff_now: frozenset = frozenset(),
    address: str = "",
    address_now: str = "",
    until: date | None = None,
    today: date | None = None,
) -> tuple[Ground, ...]:
    """Return the grounds on which a name could be withdrawn today, from what is known.

    `grade` is that of the latest confirmed year after the naming; staff and address are those of
    the day of the naming and of today. False material is for people to find.
    """
    found = []
    if grade in {Grade.PASS, Grade.FAIL}:
        found.append(Ground.GRADE)
    if has_veto:
        found.append(Ground.VETO)
    if address and address_now and address != address_now:
        found.append(Ground.MOVED)
    if staff and len(staff - staff_now) * 100 > len(staff) * MOST_CHANGED_PERCENT:
        found.append(Ground.STAFF)
    if until and today and today > until:
        found.append(Ground.LAPSED)
    return tuple(found)
