"""Whether economic hardship is there, and what was checked of it: LAL 32, 34, 41, 42. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..terms import CheckExemption, HardshipOutcome, HardshipTrack, Relation
from .facts import Finding

# A migrant worker's claims that spare the check: pay, and injury at work (LAL 42, item 3).
MIGRANT_MATTERS = {"31-5", "31-7"}
# Suspects and accused without a defender, "for hardship or other reasons" (LAL 24).
DEFENCE = "24"


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
            _("How hardship is shown is not written down."),
        )
    if facts.track == HardshipTrack.EXEMPT_FROM_CHECK:
        return _exempt_from_check(facts)
    if facts.track in {HardshipTrack.PLEDGE, HardshipTrack.DATA_QUERY}:
        return _compared(facts)
    return Finding(
        "hardship",
        "open",
        _("Choose how hardship is shown."),
        kept=_("How hardship is shown is not written down."),
    )


def query(facts):
    """What the query of shared data has answered (LAL 41); None where nothing is queried.

    It is a point of its own: a query that has not come back says nothing for or against hardship.
    The law knows two ways of checking; where data cannot be queried, the applicant pledges.
    """
    matter = facts.matter
    is_free = matter is not None and matter.is_condition_free
    if facts.track != HardshipTrack.DATA_QUERY or is_free:
        return None
    article = _("Legal Aid Law, article 41")
    if facts.query_outcome == HardshipOutcome.CONFIRMED:
        return Finding("query", "yes", _("The query has answered: as it was stated."), article)
    if facts.query_outcome == HardshipOutcome.DIFFERS:
        return Finding(
            "query",
            "open",
            _("The query has answered otherwise than stated. Ask the applicant to explain it."),
            _("Legal Aid Law, articles 41 and 43"),
            _("The query has answered otherwise than stated."),
        )
    if facts.query_outcome == HardshipOutcome.UNCLEAR:
        return Finding(
            "query",
            "open",
            _("The query could not find it out. Choose the personal pledge instead."),
            article,
            _("The query could not find it out."),
        )
    return Finding(
        "query",
        "open",
        _(
            "The query has not come back. Where data cannot be queried, choose the personal pledge"
            " instead."
        ),
        article,
        _("The query has not come back."),
    )


def _exempt_from_check(facts):
    article = _("Legal Aid Law, article 42")
    if not facts.check_exemption:
        return Finding(
            "hardship",
            "open",
            _("Choose why it is not checked."),
            article,
            _("Why hardship is not checked is not written down."),
        )
    label = CheckExemption(facts.check_exemption).label
    is_about_work = facts.matter is None or facts.matter.code in MIGRANT_MATTERS
    if facts.check_exemption == CheckExemption.MIGRANT_WORKER and not is_about_work:
        return Finding(
            "hardship",
            "open",
            _("Migrant workers are exempt for pay and work injuries. Check the matter."),
            article,
            _("Migrant workers are exempt for pay and work injuries; this matter is another."),
        )
    return Finding(
        "hardship", "yes", _("Not checked, proved by paper: %(why)s.") % {"why": label}, article
    )


def _compared(facts):
    article = _("Legal Aid Law, articles 34 and 41")
    if facts.track == HardshipTrack.PLEDGE and not facts.has_pledged:
        return Finding(
            "hardship",
            "open",
            _("Read the pledge out and have it signed."),
            article,
            _("The pledge is not signed yet."),
        )
    income = per_head(facts.household, is_opponent_in_household=facts.is_opponent_in_household)
    if income is None:
        words = _("Fill in the household table; whoever earns nothing has 0.")
        if facts.is_opponent_in_household:
            words = _("Write the applicant's own income; the other side's does not count.")
        return Finding(
            "hardship", "open", words, article, _("The household's income is not written down.")
        )
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
            _("Above the standard; other reasons for having no defender are to be asked."),
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
