"""Why a decision was made as it was, in the words of its paper: grounds with articles, the standard
of hardship of the day, how long one may object.
"""

from django.utils.translation import pgettext, pgettext_lazy

from ..models import ClockRule
from ..rules.deadlines import LIMITS, OBJECTION_PERIOD
from ..terms import (
    Category,
    Counting,
    DecisionKind,
    ProvideFirstGround,
    RefusalGround,
    TerminationGround,
)
from .values import labels, yuan

_GROUNDS = {
    DecisionKind.REFUSE: RefusalGround,
    DecisionKind.PROVIDE_FIRST: ProvideFirstGround,
    DecisionKind.TERMINATE: TerminationGround,
}
# Where the Legal Aid Law has each ground; of refusals only for civil and administrative matters,
# whose scope and conditions article 31 names.
_GROUND_ARTICLES = {
    RefusalGround.OUT_OF_SCOPE: pgettext_lazy("form", "Legal Aid Law, article 31"),
    RefusalGround.NO_HARDSHIP: pgettext_lazy("form", "Legal Aid Law, articles 31 and 34"),
    RefusalGround.HAS_AGENT: pgettext_lazy("form", "Legal Aid Law, article 31"),
    ProvideFirstGround.LIMITATION: pgettext_lazy("form", "article 44, item 1"),
    ProvideFirstGround.PRESERVATION: pgettext_lazy("form", "article 44, item 2"),
    ProvideFirstGround.OTHER: pgettext_lazy("form", "article 44, item 3"),
    TerminationGround.DECEIT: pgettext_lazy("form", "article 48, item 1"),
    TerminationGround.HIDES_FACTS: pgettext_lazy("form", "article 48, item 2"),
    TerminationGround.ILLEGAL_USE: pgettext_lazy("form", "article 48, item 3"),
    TerminationGround.NO_LONGER_POOR: pgettext_lazy("form", "article 48, item 4"),
    TerminationGround.CASE_ENDED: pgettext_lazy("form", "article 48, item 5"),
    TerminationGround.OWN_AGENT: pgettext_lazy("form", "article 48, item 6"),
    TerminationGround.ASKS_TO_END: pgettext_lazy("form", "article 48, item 7"),
    TerminationGround.OTHER: pgettext_lazy("form", "article 48, item 8"),
}


def grounds_told(application, kind, codes):
    """Each ground in words with its article, where the Law names it."""
    is_criminal = application.aid_matter.category == Category.CRIMINAL
    articles = {} if kind == DecisionKind.REFUSE and is_criminal else _GROUND_ARTICLES
    told = []
    for code, words in zip(codes, labels(_GROUNDS.get(kind), codes), strict=False):
        article = articles.get(_GROUNDS[kind](code))
        told.append(
            pgettext("form", "%(ground)s (%(article)s)") % {"ground": words, "article": article}
            if article
            else words
        )
    return told


def standard_of_the_day(given):
    """The standard of hardship a refusal for lack of hardship was made by."""
    standard = given.get("standard") or {}
    if not standard or RefusalGround.NO_HARDSHIP not in given["grounds"]:
        return {}
    return {
        "standard": yuan(standard["monthly_per_head"]),
        "standard_basis": standard["basis"],
        "standard_from_on": standard["valid_from"],
    }


def objection_period(county, day):
    """The time to object as the county has set it, in words: it is a parameter (rules 2.1)."""
    rule = ClockRule.in_force(county.clock_rules.all(), OBJECTION_PERIOD, day)
    length, counting = (
        (rule.length, rule.counting)
        if rule
        else (LIMITS[OBJECTION_PERIOD].length, LIMITS[OBJECTION_PERIOD].counting)
    )
    if counting == Counting.WORKING:
        return pgettext("form", "%(n)s working days") % {"n": length}
    return pgettext("form", "%(n)s days") % {"n": length}
