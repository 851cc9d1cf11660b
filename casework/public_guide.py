"""What the public is told of legal aid before applying: scope, papers, the way, and one's chances.

Nothing here keeps anything. What a visitor answers goes through the same pure rules as an
application, and what they say is put into plain words; it is never a promise.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .models import AidMatter, ClockRule, HardshipStandard
from .rules.checklist import checklist
from .rules.deadlines import (
    ASSIGNMENT,
    DECISION,
    ENGAGEMENT,
    FORWARDING,
    LIMITS,
    MATERIAL_CHECK,
    OBJECTION,
    OBJECTION_PERIOD,
    SERVICE,
)
from .rules.eligibility import scope
from .rules.facts import Facts, Finding, MatterFacts, Member, Standard
from .rules.hardship import hardship
from .terms import Category, HardshipTrack, Relation


def matters_of(county, day):
    """The matters of legal aid valid in a county on a day, in the order of the law."""
    return list(AidMatter.objects.for_county(county).on(day))


def in_groups(matters):
    """[(heading, [AidMatter])]: what depends on hardship, what does not, criminal matters."""
    criminal = [m for m in matters if m.category == Category.CRIMINAL]
    others = [m for m in matters if m.category != Category.CRIMINAL]
    groups = [
        (_("If you cannot afford it"), [m for m in others if not m.is_condition_free]),
        (_("Whatever you earn"), [m for m in others if m.is_condition_free]),
        (_("In criminal cases"), criminal),
    ]
    return [(heading, rows) for heading, rows in groups if rows]


def _facts_of(matter):
    return MatterFacts(
        matter.code, matter.name, matter.article, matter.category, matter.is_condition_free
    )


def papers_for(matter, *, today, exemption=""):
    """The checklist of a matter for somebody who applies in person."""
    track = HardshipTrack.EXEMPT_FROM_CHECK if exemption else HardshipTrack.PLEDGE
    return checklist(
        Facts(today=today, matter=_facts_of(matter), track=track, check_exemption=exemption)
    )


# ── Would I qualify? ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Chance:
    """What the rules say of somebody's answers: `state` is yes, no or open."""

    state: str
    headline: str
    advice: str
    points: tuple[Finding, ...]
    papers: tuple


def chance(county, matter, *, persons, income, own_income, exemption, today) -> Chance:
    """Return how somebody's answers look by the rules (LAL 31, 32, 34, 41, 42).

    `income` is yuan a month of the whole household of so many persons, None when not told;
    `own_income` the applicant's alone, given when the other side is of the household.
    """
    standard = HardshipStandard.objects.in_force(county, today)
    is_opponent_in_household = own_income is not None
    track = HardshipTrack.EXEMPT_FROM_CHECK if exemption else HardshipTrack.PLEDGE
    facts = Facts(
        today=today,
        matter=_facts_of(matter),
        track=track,
        check_exemption=exemption,
        household=_household(persons, income, own_income),
        is_opponent_in_household=is_opponent_in_household,
        has_pledged=True,
        standard=standard
        and Standard(standard.monthly_per_head, standard.basis, standard.valid_from),
    )
    points = (scope(facts), hardship(facts))
    states = {point.state for point in points}
    state = "no" if "no" in states else "open" if "open" in states else "yes"
    headline, advice = _WORDS[state]()
    return Chance(state, headline, advice, points, checklist(facts))


def _household(persons, income, own_income):
    if own_income is not None:
        return (Member(Relation.SELF, own_income),)
    if income is None:
        return ()
    others = (Member(Relation.OTHER, Decimal(0)),) * (persons - 1)
    return (Member(Relation.SELF, income), *others)


def _yes():
    return (
        _("By what you answered, you may well get legal aid."),
        _(
            "This is no decision: the county's center examines your application and decides. Come"
            " to a station with the papers below, or call first."
        ),
    )


def _no():
    return (
        _("By what you answered, free representation is unlikely."),
        _(
            "Asking a question is free for everybody all the same: come or call, explain it, and"
            " hear what else there is. If something changes, or you are not sure of a number,"
            " apply; the center decides, not this page."
        ),
    )


def _open():
    return (
        _("These answers are not enough to say."),
        _("Come to a station or call 12348: the staff ask a little more and tell you at once."),
    )


_WORDS = {"yes": _yes, "no": _no, "open": _open}


# ── How it goes ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class WayStep:
    """One step: what happens, what you do, how long, by the law or as the county promises."""

    title: str
    text: str
    within: str = ""
    basis: str = ""


def way(county, today):
    """Return the steps from asking to one's lawyer with their time limits, in one query."""
    rules = list(ClockRule.objects.filter(county=county))

    def told(number):
        """Return (how long, on what it rests): the shorter of law and promise is what holds."""
        limit, rule = LIMITS[number], ClockRule.in_force(rules, number, today)
        if rule and not rule.is_shadow:
            basis = _("promised by the county")
            if limit.is_statutory:
                basis = _("promised by the county; by law %(limit)s, %(article)s") % {
                    "limit": limit.in_words,
                    "article": limit.article,
                }
            return rule.in_words, basis
        if limit.is_statutory:
            return limit.in_words, str(limit.article)
        return limit.in_words, _("the county's rule")

    return [
        WayStep(
            pgettext("public way", "Ask"),
            _("Come to any station or call. You are told at once whether you can apply."),
            pgettext("public way", "at once"),
        ),
        WayStep(
            _("Apply"),
            _(
                "Hand in the application and the papers at a station; the staff help you to fill"
                " it in. What is missing you are told once, all together."
            ),
            *told(MATERIAL_CHECK),
        ),
        WayStep(
            _("The station looks through it"),
            _("It writes its opinion and sends everything to the county's center."),
            *told(FORWARDING),
        ),
        WayStep(
            _("The center decides"),
            _(
                "It grants legal aid or refuses it in writing, with the reasons. Days on which"
                " papers are still missing do not count."
            ),
            *told(DECISION),
        ),
        WayStep(
            _("You are given the decision"),
            _("In your hand, by post or at the station."),
            *told(SERVICE),
        ),
        WayStep(
            _("Somebody is assigned"),
            _("A lawyer or a grassroots legal-service worker who knows your kind of matter."),
            *told(ASSIGNMENT),
        ),
        WayStep(
            _("You sign together"),
            _(
                "The agreement and the power of attorney. Then the work begins; you are told of"
                " each step. It costs you nothing."
            ),
            *told(ENGAGEMENT),
        ),
        WayStep(
            pgettext("public way", "Not granted?"),
            _(
                "You may object to the judicial bureau within %(period)s; it decides within"
                " %(decides)s (%(article)s)."
            )
            % {
                "period": told(OBJECTION_PERIOD)[0],
                "decides": told(OBJECTION)[0],
                "article": LIMITS[OBJECTION].article,
            },
        ),
    ]
