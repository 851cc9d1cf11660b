"""What an indicator measures: the points its rule makes of a station's facts, and the sum in words.

Pure: facts in, a `Measure` out.
"""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from .counting.facts import FACTS
from .rules import FUNCTIONS, Fact, Rule, RuleRefused, parse_rule, rounded, score
from .terms import Mode
from .wording import in_words, whole_in_words

# Functions by which a fault takes points away.
TAKES_AWAY = {"deduct", "void"}


@dataclass(frozen=True)
class Measure:
    """What a rule makes of a station's year: points (None: a person's), the sum in words, its parts.

    Each part is plain data: {"fact", "label", "function", "value", "of", "points", "most",
    "words", "rows": {"from", "fact"}}; exact numbers are texts.
    """

    points: object
    words: str
    parts: tuple[dict, ...]
    flags: tuple[str, ...]


def rule_of(indicator) -> Rule:
    """Read the rule of an indicator. Raises `rules.RuleRefused` with a sentence."""
    return read_rule(
        indicator.rule, points=indicator.points, by_hand=indicator.mode == Mode.HAND
    )


def read_rule(data, *, points, by_hand=False) -> Rule:
    """Read a rule over the facts there are: none is put to a function that makes no sense of it.

    Faults only take points away, merits only give some, and no share is made of a plain count, so
    that whatever a county writes, better figures never give less. Raises `rules.RuleRefused`.
    """
    rule = parse_rule(data, points=Fraction(points), facts=FACTS, by_hand=by_hand)
    for part in rule.parts:
        kind, takes_away = FACTS[part.fact], part.function in TAKES_AWAY
        if part.function == "shown":
            continue
        if kind.counts_faults and not takes_away:
            raise RuleRefused(
                _("“%(fact)s” counts what went wrong; it can only take points away.")
                % {"fact": kind.label}
            )
        if takes_away and not kind.counts_faults:
            raise RuleRefused(
                _("“%(fact)s” counts what went well; it cannot take points away.")
                % {"fact": kind.label}
            )
        if kind.is_plain and FUNCTIONS[part.function].of_share:
            raise RuleRefused(
                _("“%(fact)s” is a plain count; no share can be made of it.")
                % {"fact": kind.label}
            )
    return rule


def measure(rule: Rule, facts: dict[str, Fact], *, points) -> Measure:
    """Return the `Measure` of a rule over the facts of a station's year."""
    scored = score(rule, facts, points=points)
    parts = tuple(_part(each) for each in scored.parts)
    return Measure(
        scored.points,
        whole_in_words(scored, [part["words"] for part in parts], points),
        parts,
        scored.flags,
    )


def _part(scored):
    kind, fact = FACTS[scored.part.fact], scored.fact
    return {
        "fact": kind.name,
        "label": str(kind.label),
        "function": scored.part.function,
        "value": None if fact.value is None else str(fact.value),
        "of": None if fact.of is None else str(fact.of),
        "points": str(rounded(scored.points, 2)),
        "most": str(rounded(scored.part.most, 2)),
        "words": in_words(kind, scored),
        "rows": {"from": kind.read_from.value, "fact": kind.name},
    }


# ── What would gain points ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Gain:
    """One thing that would gain a station points: how many at most, what to do, and where."""

    code: str
    label: str
    points: object
    words: str
    figures: str
    rows: dict


def gains(lines) -> list[Gain]:
    """Return what would gain points, the largest first.

    `lines` are (code, label, parts of the line's measure). What has happened for good, such as a
    substantiated complaint, is not listed: nothing is to be gained there.
    """
    found = []
    for code, label, parts in lines:
        for part in parts:
            kind = FACTS.get(part["fact"])
            lost = Fraction(part["most"]) - Fraction(part["points"])
            if kind is None or not kind.advice or lost <= 0:
                continue
            found.append(
                Gain(
                    code,
                    label,
                    rounded(lost, 2),
                    str(kind.advice),
                    part["words"],
                    part["rows"],
                )
            )
    return sorted(found, key=lambda gain: (-gain.points, gain.code))
