"""Rules that give points, as data over a closed set of functions, and the points of one line.

Never code that somebody typed: a rule is a list of parts, each naming a fact, a function and its
parameters. `parse_rule` reads it or says what is wrong. Pure and exact: what is counted and what a
rule makes of it are fractions; the points that leave a line are rounded once, half up (rules 5.2).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django.utils.translation import gettext as _

# Flags of a computed score.
NO_SAMPLE = "no_sample"
SMALL_SAMPLE = "small_sample"
NOTHING_THERE = "nothing_there"
NOT_COUNTED = "not_counted"


class RuleRefused(Exception):
    """A rule that cannot be read; the sentence says why."""


@dataclass(frozen=True)
class Fact:
    """What was counted: a value, out of how many (None: a plain count), of how many at most.

    `population` is what a sample was drawn from. A fact nobody can count has `value` None.
    """

    value: int | Fraction | None
    of: int | None = None
    population: int | None = None

    @property
    def is_empty(self):
        return self.of is not None and self.of == 0

    @property
    def ratio(self):
        return Fraction(self.value) / self.of if self.of else Fraction(self.value)


@dataclass(frozen=True)
class Part:
    """One part of a rule: which fact, through which function, with which parameters."""

    fact: str
    function: str
    numbers: Mapping[str, Fraction]
    # Whether an empty denominator gives nothing instead of full marks.
    empty_is_zero: bool = False

    @property
    def most(self):
        """The most points this part can give."""
        numbers = self.numbers
        if self.function == "ramp":
            return numbers["points_to"]
        if self.function == "step":
            return max(numbers["points"], numbers["otherwise"])
        if self.function == "makes_up":
            return Fraction(0)
        return numbers.get("points", Fraction(0))


@dataclass(frozen=True)
class Rule:
    parts: tuple[Part, ...]

    @property
    def most(self):
        return sum((part.most for part in self.parts), Fraction(0))


@dataclass(frozen=True)
class PartScore:
    """What one part gave, before rounding; `flag` when it had nothing to go by."""

    part: Part
    fact: Fact
    points: Fraction
    flag: str = ""


@dataclass(frozen=True)
class RuleScore:
    """Points of an indicator, rounded to 2 decimals; None when it takes a person."""

    points: Decimal | None
    parts: tuple[PartScore, ...]

    @property
    def is_void(self):
        return any(
            each.part.function == "void" and each.fact.value and each.fact.value >= 1
            for each in self.parts
        )

    @property
    def flags(self):
        return tuple(dict.fromkeys(part.flag for part in self.parts if part.flag))


# ── The functions a rule may name ───────────────────────────────────────────────────────


def _ramp(ratio, numbers):
    """Straight from `points_from` at `from` to `points_to` at `to`; nothing below `from`."""
    low, high = numbers["from"], numbers["to"]
    if ratio < low:
        return Fraction(0)
    if ratio >= high:
        return numbers["points_to"]
    reached = (ratio - low) / (high - low)
    return numbers["points_from"] + reached * (numbers["points_to"] - numbers["points_from"])


def _step(ratio, numbers):
    """`points` from `at_least` on, `otherwise` below it."""
    return numbers["points"] if ratio >= numbers["at_least"] else numbers["otherwise"]


def _share(ratio, numbers):
    return min(ratio, 1) * numbers["points"]


def _count(value, numbers):
    """`points` for `wanted` or more, pro rata for fewer."""
    return min(Fraction(value) / numbers["wanted"], 1) * numbers["points"]


def _deduct(value, numbers):
    """`points` less `each` for every one counted; may go below nothing, the line does not."""
    return numbers["points"] - value * numbers["each"]


def _presence(value, numbers):
    return numbers["points"] if value >= 1 else Fraction(0)


@dataclass(frozen=True)
class _Function:
    """One function of the closed set: its formula, its parameters, and what it needs."""

    formula: object
    needed: frozenset[str]
    defaults: Mapping[str, Fraction]
    # Over a share (value of how many) or over a plain count.
    of_share: bool


def _function(formula, needed, defaults=None, *, of_share=False):
    return _Function(formula, frozenset(needed.split()), defaults or {}, of_share)


FUNCTIONS = {
    "ramp": _function(
        _ramp,
        "from to points_to",
        dict.fromkeys(["points_from", "sample_share", "sample_count"], Fraction(0)),
        of_share=True,
    ),
    "step": _function(_step, "at_least points", {"otherwise": Fraction(0)}, of_share=True),
    "share": _function(_share, "points", of_share=True),
    "months": _function(_share, "points", of_share=True),
    # Makes up for part of what another part of the line has lost; adds nothing to its most.
    "makes_up": _function(_share, "points", of_share=True),
    "count": _function(_count, "points wanted"),
    "deduct": _function(_deduct, "points each"),
    "presence": _function(_presence, "points"),
    # The whole line is nothing where the fact is there.
    "void": _function(None, ""),
    # Shown beside a line that a person scores; gives no points.
    "shown": _function(None, ""),
}


# ── Reading a rule ──────────────────────────────────────────────────────────────────────


def parse_rule(data, *, points: Decimal, facts: Iterable[str], by_hand: bool = False) -> Rule:
    """Read a rule as a standard keeps it.

    `points` are those of its indicator, which the parts together must give; `facts` the names
    that can be counted. With `by_hand` the rule may only show facts.

    Raises RuleRefused with a sentence.
    """
    if not isinstance(data, Mapping) or set(data) - {"parts"}:
        raise RuleRefused(_("A rule is a list of parts and nothing else."))
    parts = data.get("parts", [])
    if not isinstance(parts, list):
        raise RuleRefused(_("A rule is a list of parts and nothing else."))
    rule = Rule(tuple(read_part(part, frozenset(facts)) for part in parts))
    if by_hand:
        if any(part.function != "shown" for part in rule.parts):
            raise RuleRefused(_("A line scored by hand only shows facts."))
        return rule
    if not any(part.function not in {"void", "shown"} for part in rule.parts):
        raise RuleRefused(_("A computed line needs a rule that gives points."))
    if rule.most != points:
        raise RuleRefused(
            _("The parts give %(most)s points at most, the line has %(points)s.")
            % {"most": rounded(rule.most, 2), "points": points}
        )
    return rule


def read_part(data, facts) -> Part:
    """Read one part of a rule. Raises RuleRefused with a sentence."""
    if not isinstance(data, Mapping) or not {"fact", "function"} <= set(data):
        raise RuleRefused(_("Every part names a fact and a function."))
    name, fact = data["function"], data["fact"]
    function = FUNCTIONS.get(name) if isinstance(name, str) else None
    if function is None:
        raise RuleRefused(_("There is no function “%(name)s”.") % {"name": name})
    if not isinstance(fact, str) or fact not in facts:
        raise RuleRefused(_("There is no fact “%(name)s”.") % {"name": fact})
    given = {key: value for key, value in data.items() if key not in {"fact", "function"}}
    empty = given.pop("empty", "full")
    if empty not in {"full", "zero"} or (empty == "zero" and not function.of_share):
        raise RuleRefused(
            _("“empty” of “%(name)s” is “full” or, for shares only, “zero”.") % {"name": name}
        )
    if unknown := sorted(set(given) - function.needed - set(function.defaults)):
        raise RuleRefused(
            _("“%(name)s” has no parameter “%(parameter)s”.")
            % {"name": name, "parameter": unknown[0]}
        )
    if missing := sorted(function.needed - set(given)):
        raise RuleRefused(
            _("“%(name)s” lacks its parameter “%(parameter)s”.")
            % {"name": name, "parameter": missing[0]}
        )
    numbers = dict(function.defaults) | {
        key: _number(name, key, value) for key, value in given.items()
    }
    part = Part(fact, name, numbers, empty_is_zero=empty == "zero")
    _check_sense(part)
    return part


def _number(name, key, value):
    try:
        if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
            raise ValueError
        number = Decimal(value)
    except (ValueError, InvalidOperation):
        number = None
    if number is None or not number.is_finite() or abs(number) > 10000:
        raise RuleRefused(
            _("“%(parameter)s” of “%(name)s” is not a number.")
            % {"parameter": key, "name": name}
        )
    return Fraction(number)


def _check_sense(part):
    """More of a good thing never gives less."""
    numbers = part.numbers
    sensible = all(
        number >= 0
        for key, number in numbers.items()
        if (part.function, key) != ("step", "otherwise")
    )
    if part.function == "ramp":
        sensible = (
            sensible
            and numbers["from"] < numbers["to"] <= 1
            and numbers["points_from"] <= numbers["points_to"]
            and numbers["sample_share"] <= 1
        )
    elif part.function == "step":
        sensible = sensible and numbers["otherwise"] <= numbers["points"]
    elif part.function == "count":
        sensible = sensible and numbers["wanted"] > 0
    elif part.function == "deduct":
        sensible = sensible and numbers["each"] > 0
    if not sensible:
        raise RuleRefused(
            _("The numbers of “%(name)s” on “%(fact)s” do not fit together.")
            % {"name": part.function, "fact": part.fact}
        )


# ── Points of one line ──────────────────────────────────────────────────────────────────


def score(rule: Rule, facts: Mapping[str, Fact], *, points: Decimal) -> RuleScore:
    """Return the points of a rule over facts, between 0 and `points`, half-up to 2 decimals.

    An empty denominator gives full marks and the flag "no sample", unless the part says
    otherwise. A fact nobody can count, or a sample too small, leaves the line to a person.
    """
    parts = tuple(_part_score(part, facts[part.fact]) for part in rule.parts)
    giving = [each for each in parts if each.part.function not in {"void", "shown"}]
    if not giving or any(each.flag in {NOT_COUNTED, SMALL_SAMPLE} for each in parts):
        return RuleScore(None, parts)
    if RuleScore(None, parts).is_void:
        return RuleScore(rounded(0, 2), parts)
    gained = clip(sum(each.points for each in giving), Fraction(points))
    return RuleScore(rounded(gained, 2), parts)


def _part_score(part, fact):
    function = FUNCTIONS[part.function]
    if part.function == "shown":
        return PartScore(part, fact, Fraction(0))
    # A share of nothing said is no share: a plain count there is left to a person.
    if fact.value is None or (function.of_share and fact.of is None):
        return PartScore(part, fact, Fraction(0), NOT_COUNTED)
    if part.function == "void":
        return PartScore(part, fact, Fraction(0))
    if fact.is_empty:
        if part.empty_is_zero:
            return PartScore(part, fact, Fraction(0), NOTHING_THERE)
        flag = "" if part.function == "makes_up" else NO_SAMPLE
        return PartScore(part, fact, part.most, flag)
    if part.function == "ramp" and _is_small_sample(part, fact):
        return PartScore(part, fact, Fraction(0), SMALL_SAMPLE)
    value = fact.ratio if function.of_share else fact.value
    return PartScore(part, fact, function.formula(value, part.numbers))


def _is_small_sample(part, fact):
    """Fewer than so many, and less than such a share of all: neither is enough of a sample."""
    share, count = part.numbers["sample_share"], part.numbers["sample_count"]
    if not share and not count:
        return False
    is_share_enough = bool(fact.population) and fact.of >= share * fact.population
    return not (is_share_enough or fact.of >= count)


def clip(points, most):
    return min(max(points, 0), most)


def rounded(number: Fraction | Decimal | int, places: int) -> Decimal:
    """Half up, as the standard says; never the banker's way, and from the exact number."""
    scale = 10**places
    return Decimal(math.floor(Fraction(number) * scale + Fraction(1, 2))).scaleb(-places)


def exact(text) -> int | Fraction:
    """Read a number as it was stored: 12, or 29/3."""
    number = Fraction(text)
    return int(number) if number.denominator == 1 else number
