"""Who may get legal aid, and with which papers: the rules of the preliminary review (初审). Pure.

What was typed comes in as one frozen record of plain values, what follows from it goes out: the
findings of rules 3.3, each with its article. Nothing here decides: a reviewer confirms each finding
or says why not. Hardship is `casework.rules.hardship`, which papers are owed `casework.rules.checklist`.

Law: 《法律援助法》 (LAL). Only articles that are certain are named.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stations.templatetags.words import full_day

from ..terms import (
    AgentReason,
    AidKind,
    Category,
    Conclusion,
    JurisdictionBasis,
)
from .deadlines import is_provide_first_urgent
from .facts import Facts, Finding
from .hardship import hardship, query

# 《民法典》第十七、十八条: of age with eighteen.
OF_AGE = 18
# "Other" of the law itself names no matter: a rule of the province has to be found for it.
OTHER_MATTERS = {"31-9", "32-5"}
IN_COURT = {AidKind.LITIGATION, AidKind.CRIMINAL_DEFENCE}


@dataclass(frozen=True)
class Findings:
    """All points of rules 3.3, in the order of the review sheet; a point that does not arise is None."""

    scope: Finding
    jurisdiction: Finding
    agent: Finding | None
    hardship: Finding
    query: Finding | None
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
            self.query,
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
        query=query(facts),
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
        return Finding(
            "scope",
            "open",
            _("Choose the matter of legal aid."),
            kept=_("The matter is not written down."),
        )
    if matter.code in OTHER_MATTERS:
        return Finding(
            "scope",
            "open",
            _("“Other” needs the rule that adds the matter. Write it among the reasons."),
            matter.article,
            kept=_("An “other” matter; the rule that adds it is not named."),
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
        kept = _("It lies elsewhere.")
        if place:
            words = _(
                "%(place)s lies elsewhere: receive it and pass it on, do not send the person away."
            ) % {"place": place}
            kept = _("%(place)s lies elsewhere.") % {"place": place}
        return Finding("jurisdiction", "no", words, article, kept)
    if not facts.jurisdiction_basis:
        return Finding(
            "jurisdiction",
            "open",
            _("Say why it is ours."),
            article,
            _("Why it is ours is not written down."),
        )
    if not place:
        return Finding(
            "jurisdiction",
            "open",
            _("Name that body or place."),
            article,
            _("Which body or place makes it ours is not written down."),
        )
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
            _(
                "In court the seat of the case-handling body counts; whether it is here is open."
            ),
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
            _("The applicant is %(age)s and no minor.") % {"age": facts.age},
        )
    return Finding(
        "agent",
        "yes",
        _("An agent applies: %(reason)s.") % {"reason": AgentReason(facts.agent_reason).label},
        "" if facts.agent_reason == AgentReason.ENTRUSTED else article,
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
            % {"day": full_day(facts.limitation_on)},
            kept=_("The limitation ended on %(day)s; whether it was interrupted is open.")
            % {"day": full_day(facts.limitation_on)},
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
            "public",
            "alert",
            _("Many on one matter: tell the head and the bureau."),
            kept=_("Many on one matter."),
        )
    if facts.is_sensitive:
        return Finding(
            "public",
            "alert",
            _("Sensitive: tell the head and the bureau."),
            kept=_("A sensitive matter."),
        )
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
