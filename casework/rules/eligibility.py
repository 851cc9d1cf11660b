"""Who may get legal aid, and with which papers: the rules of the preliminary review (初审). Pure.

What was typed comes in as one frozen record of plain values, what follows from it goes out: the
findings of rules 3.3, each with its article. Nothing here decides: a reviewer confirms each finding
or says why not. Which papers are owed is `casework.rules.checklist`.

Law: 《法律援助法》 (LAL). Only articles that are certain are named.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..terms import (
    AgentReason,
    AidKind,
    Category,
    CheckExemption,
    Conclusion,
    HardshipTrack,
    JurisdictionBasis,
    Relation,
)
from .deadlines import is_provide_first_urgent

# 《民法典》第十七、十八条: of age with eighteen.
OF_AGE = 18
# A migrant worker's claims that spare the check: pay, and injury at work (LAL 42, item 3).
MIGRANT_MATTERS = {"31-5", "31-7"}
# "Other" of the law itself names no matter: a rule of the province has to be found for it.
OTHER_MATTERS = {"31-9", "32-5"}
# Suspects and accused without a defender, "for hardship or other reasons" (LAL 24).
DEFENCE = "24"
IN_COURT = {AidKind.LITIGATION, AidKind.CRIMINAL_DEFENCE}


# ── What the rules look at ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class MatterFacts:
    """The chosen matter of the dictionary; `article` as printed, 第三十一条第五项."""

    code: str
    name: str
    article: str
    category: str = Category.CIVIL
    is_condition_free: bool = False


@dataclass(frozen=True)
class Member:
    """One line of the household table; `income` is yuan a month, None where nothing was said."""

    relation: str
    income: Decimal | None


@dataclass(frozen=True)
class Standard:
    """The county's standard of hardship in force on the day: yuan a month and head (LAL 34)."""

    monthly_per_head: Decimal
    basis: str
    valid_from: date


@dataclass(frozen=True)
class Facts:
    """What was typed, in plain values. Names are only compared with one another."""

    today: date
    matter: MatterFacts | None = None
    aid_kind: str = ""
    jurisdiction_basis: str = ""
    jurisdiction_body: str = ""
    is_ours: bool = True
    age: int | None = None
    agent_reason: str = ""
    agent_kind: str = ""
    agent_name: str = ""
    opponents: tuple[str, ...] = ()
    track: str = ""
    check_exemption: str = ""
    household: tuple[Member, ...] = ()
    is_opponent_in_household: bool = False
    has_pledged: bool = False
    standard: Standard | None = None
    limitation_on: date | None = None
    is_preservation_urgent: bool = False
    is_detained: bool = False
    is_group: bool = False
    is_sensitive: bool = False
    # Names of papers on the checklist that are not there; None before anybody has looked.
    missing: tuple[str, ...] | None = None
    # Who gives the opinion, and everybody who stands in the matter, on any side.
    reviewer: str = ""
    involved: tuple[str, ...] = ()


# ── What follows ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Finding:
    """One point of the preliminary review.

    `state` is "yes" (the condition is there), "no" (it is not), "open" (something has to be asked
    or settled first) or "alert" (act at once). `says` explains it in the reader's language; where
    it names what a household earns, `kept` says the same without, and that alone is kept.
    """

    code: str
    state: str
    says: str
    article: str = ""
    kept: str = ""

    @property
    def to_keep(self):
        """The words that may stand in an opinion: incomes are kept in the household table only."""
        return self.kept or self.says


@dataclass(frozen=True)
class Findings:
    """All points of rules 3.3, in the order of the review sheet; a point that does not arise is None."""

    scope: Finding
    jurisdiction: Finding
    agent: Finding | None
    hardship: Finding
    papers: Finding | None
    urgent: Finding | None
    detained: Finding | None
    public: Finding | None
    recusal: Finding | None

    def __iter__(self):
        points = (
            self.recusal,
            self.urgent,
            self.detained,
            self.scope,
            self.jurisdiction,
            self.agent,
            self.hardship,
            self.papers,
            self.public,
        )
        return iter([point for point in points if point])

    @property
    def may_provide_first(self):
        """Whether aid may come before the papers (先行提供, LAL 44)."""
        return self.urgent is not None and self.urgent.state == "alert"

    def as_rows(self):
        """Return the findings as plain rows, to be kept with an opinion as they were that day.

        What a household earns does not stand in them.
        """
        return [
            {
                "code": point.code,
                "state": point.state,
                "says": str(point.to_keep),
                "article": str(point.article),
            }
            for point in self
        ]


def findings(facts: Facts) -> Findings:
    """Return what the rules find in what was typed."""
    return Findings(
        scope=scope(facts),
        jurisdiction=jurisdiction(facts),
        agent=agent(facts),
        hardship=hardship(facts),
        papers=papers(facts),
        urgent=urgent(facts),
        detained=detained(facts),
        public=public(facts),
        recusal=recusal(facts),
    )


def scope(facts):
    """Whether the matter is one for which aid can be asked, and under which item (LAL 24–33)."""
    matter = facts.matter
    if matter is None:
        return Finding("scope", "open", _("Choose the matter of legal aid."))
    if matter.code in OTHER_MATTERS:
        return Finding(
            "scope",
            "open",
            _("“Other” needs the rule that adds the matter. Write it among the reasons."),
            matter.article,
        )
    return Finding(
        "scope",
        "yes",
        _("Within legal aid: %(matter)s.") % {"matter": matter.name},
        matter.article,
    )


def jurisdiction(facts):
    """Whether this institution is the right one, and why (LAL 38).

    In court it is the seat of the body that handles the case; out of court the seat of the body
    that settles the dispute, or where the cause arose.
    """
    article = _("Legal Aid Law, article 38")
    place = facts.jurisdiction_body
    if not facts.is_ours:
        words = _("It lies elsewhere: receive it and pass it on, do not send the person away.")
        if place:
            words = _(
                "%(place)s lies elsewhere: receive it and pass it on, do not send the person away."
            ) % {"place": place}
        return Finding("jurisdiction", "no", words, article)
    if not facts.jurisdiction_basis:
        return Finding("jurisdiction", "open", _("Say why it is ours."), article)
    if not place:
        return Finding("jurisdiction", "open", _("Name that body or place."), article)
    is_case_body = facts.jurisdiction_basis == JurisdictionBasis.CASE_BODY
    is_in_court = facts.aid_kind in IN_COURT or (
        facts.matter is not None and facts.matter.category == Category.CRIMINAL
    )
    if is_in_court and not is_case_body:
        return Finding(
            "jurisdiction",
            "open",
            _("In court the seat of the case-handling body counts. Check that it is here too."),
            article,
        )
    return Finding(
        "jurisdiction",
        "yes",
        _("Ours: %(basis)s, %(place)s.")
        % {"basis": JurisdictionBasis(facts.jurisdiction_basis).label, "place": place},
        article,
    )


def agent(facts):
    """Whether the right person applies for somebody who cannot (LAL 40); None for who can."""
    article = _("Legal Aid Law, article 40")
    if not facts.agent_reason:
        if facts.age is not None and facts.age < OF_AGE:
            return Finding(
                "agent",
                "open",
                _("The applicant is %(age)s: a statutory agent applies.") % {"age": facts.age},
                article,
            )
        return None
    if facts.agent_name and facts.agent_name in facts.opponents:
        return Finding(
            "agent",
            "no",
            _(
                "The agent is the other side: another statutory agent or a near relative applies."
            ),
            article,
        )
    is_grown = facts.age is not None and facts.age >= OF_AGE
    if facts.agent_reason == AgentReason.MINOR and is_grown:
        return Finding(
            "agent",
            "open",
            _("The applicant is %(age)s and no minor. Check the reason.") % {"age": facts.age},
            article,
        )
    return Finding(
        "agent",
        "yes",
        _("An agent applies: %(reason)s.") % {"reason": AgentReason(facts.agent_reason).label},
        "" if facts.agent_reason == AgentReason.ENTRUSTED else article,
    )


# ── Economic hardship ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class PerHead:
    """The income compared with the standard: yuan a month and head, over how many heads."""

    amount: Decimal
    heads: int


def per_head(household, *, is_opponent_in_household=False) -> PerHead | None:
    """Return the monthly income a head, or None when the table does not say it.

    Where the other side is of the household, the applicant's own income alone is looked at: whoever
    is in dispute with a spouse cannot spend the spouse's money.
    """
    rows = [
        member
        for member in household
        if not is_opponent_in_household or member.relation == Relation.SELF
    ]
    if not rows or any(member.income is None for member in rows):
        return None
    total = sum((member.income for member in rows), Decimal(0))
    amount = (total / len(rows)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return PerHead(amount, len(rows))


def hardship(facts):
    """Whether economic hardship is there, by the three tracks of the law.

    Art. 32: it is no condition. Art. 42: not checked, but proved by paper. Art. 41: pledged or
    queried, and compared with the standard of the county (LAL 34) in force on the day of receipt;
    an income of exactly the standard meets it.
    """
    matter = facts.matter
    if matter is not None and matter.is_condition_free:
        return Finding(
            "hardship",
            "yes",
            _("Hardship is no condition here: no statement, no proof of income."),
            # Aid on notice is free of it by the article it is given under.
            _("Legal Aid Law, article 32") if matter.code.startswith("32") else matter.article,
        )
    if facts.track == HardshipTrack.EXEMPT_FROM_CONDITION:
        return Finding(
            "hardship",
            "open",
            _("This matter does depend on hardship. Choose how it is shown."),
            matter.article if matter else "",
        )
    if facts.track == HardshipTrack.EXEMPT_FROM_CHECK:
        return _exempt_from_check(facts)
    if facts.track in {HardshipTrack.PLEDGE, HardshipTrack.DATA_QUERY}:
        return _compared(facts)
    return Finding("hardship", "open", _("Choose how hardship is shown."))


def _exempt_from_check(facts):
    article = _("Legal Aid Law, article 42")
    if not facts.check_exemption:
        return Finding("hardship", "open", _("Choose why it is not checked."), article)
    label = CheckExemption(facts.check_exemption).label
    is_about_work = facts.matter is None or facts.matter.code in MIGRANT_MATTERS
    if facts.check_exemption == CheckExemption.MIGRANT_WORKER and not is_about_work:
        return Finding(
            "hardship",
            "open",
            _("Migrant workers are exempt for pay and work injuries. Check the matter."),
            article,
        )
    return Finding(
        "hardship", "yes", _("Not checked, proved by paper: %(why)s.") % {"why": label}, article
    )


def _compared(facts):
    article = _("Legal Aid Law, articles 34 and 41")
    if facts.track == HardshipTrack.PLEDGE and not facts.has_pledged:
        return Finding(
            "hardship", "open", _("Read the pledge out and have it signed."), article
        )
    income = per_head(facts.household, is_opponent_in_household=facts.is_opponent_in_household)
    if income is None:
        words = _("Fill in the household table; whoever earns nothing has 0.")
        if facts.is_opponent_in_household:
            words = _("Write the applicant's own income; the other side's does not count.")
        return Finding("hardship", "open", words, article)
    if facts.standard is None:
        return Finding(
            "hardship", "open", _("The county has set no standard for this day."), article
        )
    # Provinces write “below” as well as “not above” the standard, and the law neither; exactly at
    # it is read for whoever asks, so that only the center refuses, with the local text in hand.
    is_met = income.amount <= facts.standard.monthly_per_head
    if not is_met and facts.matter is not None and facts.matter.code == DEFENCE:
        return Finding(
            "hardship",
            "open",
            _("Above the standard, but other reasons for having no defender count too. Ask."),
            _("Legal Aid Law, article 24"),
        )
    numbers = {
        "income": f"{income.amount:,.2f}".removesuffix(".00"),
        "standard": f"{facts.standard.monthly_per_head:,.2f}".removesuffix(".00"),
        "basis": facts.standard.basis,
        "heads": income.heads,
    }
    if facts.is_opponent_in_household:
        words = _("The applicant's own income is %(income)s yuan a month")
        whose = _("The applicant's own income is")
    else:
        words = ngettext(
            "Of %(heads)d person, %(income)s yuan a month and head",
            "Of %(heads)d persons, %(income)s yuan a month and head",
            income.heads,
        )
        whose = ngettext(
            "The income of %(heads)d person is, by the month and head,",
            "The income of %(heads)d persons is, by the month and head,",
            income.heads,
        )
    if is_met:
        outcome = _("%(income)s, not above the standard of %(standard)s yuan (%(basis)s): met.")
        kept = _("%(whose)s not above the standard of %(standard)s yuan (%(basis)s): met.")
    else:
        outcome = _("%(income)s, above the standard of %(standard)s yuan (%(basis)s): not met.")
        kept = _("%(whose)s above the standard of %(standard)s yuan (%(basis)s): not met.")
    return Finding(
        "hardship",
        "yes" if is_met else "no",
        outcome % (numbers | {"income": words % numbers}),
        article,
        kept % (numbers | {"whose": whose % numbers}),
    )


# ── Papers, haste, and what is told at once ─────────────────────────────────────────────


def papers(facts):
    """Whether anything on the checklist is missing; asked for once, all together (LAL 43)."""
    if facts.missing is None:
        return None
    if not facts.missing:
        return Finding("papers", "yes", _("All papers are there."))
    return Finding(
        "papers",
        "no",
        _("Missing: %(papers)s.") % {"papers": "、".join(facts.missing)},
        _("Legal Aid Law, article 43"),
    )


def urgent(facts):
    """Whether aid may come first and papers later (先行提供, LAL 44)."""
    article = _("Legal Aid Law, article 44")
    if is_provide_first_urgent(facts.limitation_on, facts.today):
        left = (facts.limitation_on - facts.today).days
        words = ngettext(
            "%(count)d day left of a limitation: aid may be provided first.",
            "%(count)d days left of a limitation: aid may be provided first.",
            left,
        ) % {"count": left}
        if left == 0:
            words = _("A limitation ends today: aid may be provided first.")
        return Finding("urgent", "alert", words, article)
    if facts.is_preservation_urgent:
        return Finding(
            "urgent",
            "alert",
            _(
                "Preservation or advance execution is needed at once: aid may be provided first."
            ),
            article,
        )
    if facts.limitation_on is not None and facts.limitation_on < facts.today:
        return Finding(
            "urgent",
            "open",
            _("The limitation ended on %(day)s. Ask whether it was interrupted.")
            % {"day": f"{facts.limitation_on:%Y-%m-%d}"},
        )
    return None


def detained(facts):
    """A detained person's application is forwarded within 24 hours (LAL 39)."""
    if not facts.is_detained and facts.agent_reason != AgentReason.DETAINED:
        return None
    return Finding(
        "detained",
        "alert",
        _("The applicant is detained: forward it within 24 hours."),
        _("Legal Aid Law, article 39"),
    )


def public(facts):
    """Many on one matter, or otherwise sensitive: told upward at once (rules 4.6)."""
    if facts.is_group:
        return Finding(
            "public", "alert", _("Many on one matter: tell the head and the bureau.")
        )
    if facts.is_sensitive:
        return Finding("public", "alert", _("Sensitive: tell the head and the bureau."))
    return None


def recusal(facts):
    """Whether the reviewer has the name of somebody in the matter (回避, rules 3.3); else None.

    A name proves nothing: whoever is not that person says so and why.
    """
    if not facts.reviewer or facts.reviewer not in facts.involved:
        return None
    return Finding(
        "recusal",
        "alert",
        _(
            "You have the name of somebody in this matter. If it is you, a colleague reviews it."
        ),
        kept=_("Whoever reviewed it has the name of somebody in the matter."),
    )


# ── What it points to ───────────────────────────────────────────────────────────────────


def proposal(found: Findings) -> str:
    """Return the `Conclusion` the findings point to; the reviewer may propose otherwise."""
    if found.jurisdiction.state == "no":
        return Conclusion.PASS_ON
    if "no" in {found.scope.state, found.hardship.state}:
        return Conclusion.REFUSE
    is_incomplete = found.papers is not None and found.papers.state == "no"
    return (
        Conclusion.PROVIDE_FIRST
        if found.may_provide_first and is_incomplete
        else Conclusion.GRANT
    )


def opinion(found: Findings) -> str:
    """Return the words of an opinion that says what was found, one point a line, no income in it."""
    # Whether the reviewer may review is settled before, and is no part of the opinion.
    points = [point for point in found if point is not found.recusal]
    lines = [
        f"{n}. {point.to_keep}" + (f"（{point.article}）" if point.article else "")
        for n, point in enumerate(points, start=1)
    ]
    return "\n".join([*lines, str(Conclusion(proposal(found)).label) + "。"])
