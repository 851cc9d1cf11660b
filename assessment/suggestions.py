"""Bonuses and deductions that the records themselves point at (rules 5.2): proposals, never points.

Pure: the clauses of a standard and the facts of a sheet in, suggestions out. A person proposes
what is suggested here, and a second person settles it, like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from .rules import Fact
from .terms import ClauseSign
from .wording import plain


@dataclass(frozen=True)
class Suggestion:
    """A clause the records point at: how often, the sum in words, the facts it stands on."""

    clause: object
    count: int
    words: str
    facts: tuple[str, ...]


def suggestions(clauses: Iterable, facts: Mapping[str, Fact]) -> list[Suggestion]:
    """Return what the facts of a sheet point at, in the order of the clauses."""
    found = []
    for clause in clauses:
        if clause.found_by:
            count, words = _FOUND[clause.found_by](clause, facts)
            if count:
                found.append(Suggestion(clause, count, words, FACTS_OF[clause.found_by]))
    return found


# The facts a sign is read from; each opens its rows.
FACTS_OF = {
    ClauseSign.GRANTS_GROWN.value: ("grants", "grants_before", "refusals_overturned"),
    ClauseSign.REFUSALS_OVERTURNED.value: ("refusals_overturned",),
}


def _grown(clause, facts):
    """Rules 5.2: more than so many percent more grants, and no refusal overturned.

    Where nothing was granted the year before there is no growth to speak of.
    """
    now, before = facts["grants"].value, facts["grants_before"].value
    if not now or not before or facts["refusals_overturned"].value != 0:
        return 0, ""
    growth = Fraction(now - before, before) * 100
    if growth <= clause.more_than_percent:
        return 0, ""
    words = _(
        "%(now)s granted, %(before)s on the same days of the year before: %(growth)s%% more, "
        "over %(bar)s%%; no refusal was overturned."
    )
    return 1, words % {
        "now": now,
        "before": before,
        "growth": plain(growth, 1),
        "bar": clause.more_than_percent,
    }


def _overturned(clause, facts):
    count = facts["refusals_overturned"].value or 0
    words = _("%(count)s refusals that the station had proposed were ordered corrected.")
    return count, words % {"count": count}


_FOUND = {
    ClauseSign.GRANTS_GROWN.value: _grown,
    ClauseSign.REFUSALS_OVERTURNED.value: _overturned,
}
