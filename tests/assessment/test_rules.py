"""Points of one line: the sums of rules 5.2, rules that cannot be read, and what must hold of all."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import rules
from assessment.rules import Fact

D = Decimal
FACTS = {"good", "bad", "there"}


def points_of(most, *parts, **facts):
    """The points of a line of such parts where the facts are (value, of) pairs."""
    rule = rules.parse_rule({"parts": list(parts)}, points=Fraction(most), facts=FACTS)
    return rules.score(
        rule, {name: Fact(*pair) for name, pair in facts.items()}, points=D(most)
    ).points


def part(fact, function, **numbers):
    return {"fact": fact, "function": function} | numbers


COVERAGE = part(
    "good", "ramp", **{"from": "0.8", "to": "1", "points_from": "3", "points_to": "6"}
)
ATTENDANCE = part(
    "good", "ramp", **{"from": "0.9", "to": "0.98", "points_from": "3", "points_to": "6"}
)


# ── The rules of rules.md 5.2, one by one ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("most", "parts", "facts", "points"),
    [
        # T2 coverage: 100 % 6, 80 % 3, below nothing, 90 % in the middle.
        (6, [COVERAGE], {"good": (12, 12)}, "6.00"),
        (6, [COVERAGE], {"good": (Fraction(48, 5), 12)}, "3.00"),
        (6, [COVERAGE], {"good": (Fraction(954, 100), 12)}, "0.00"),
        (6, [COVERAGE], {"good": (Fraction(54, 5), 12)}, "4.50"),
        # S1 attendance with absences nobody told of.
        (6, [ATTENDANCE, part("bad", "deduct", points="0", each="0.5")],
         {"good": (98, 100), "bad": (2,)}, "5.00"),
        (6, [ATTENDANCE, part("bad", "deduct", points="0", each="0.5")],
         {"good": (80, 100), "bad": (9,)}, "0.00"),
        # S2 substantiated complaints.
        (5, [part("bad", "deduct", points="5", each="2.5")], {"bad": (0,)}, "5.00"),
        (5, [part("bad", "deduct", points="5", each="2.5")], {"bad": (1,)}, "2.50"),
        (5, [part("bad", "deduct", points="5", each="2.5")], {"bad": (3,)}, "0.00"),
        # B1: nothing written all year gets nothing, whatever else.
        (6, [part("good", "ramp", **{"from": "0.8", "to": "0.98", "points_to": "6", "empty": "zero"}),
             part("bad", "deduct", points="0", each="0.5")],
         {"good": (0, 0), "bad": (0,)}, "0.00"),
        # B4: returned ones, and opinions that agree in less than 90 %.
        (4, [part("good", "share", points="4"),
             part("bad", "step", at_least="0.9", points="0", otherwise="-1")],
         {"good": (9, 10), "bad": (8, 10)}, "2.60"),
        # B5: eight months in time, three a little late, one never.
        (6, [part("good", "months", points="6"), part("bad", "makes_up", points="3")],
         {"good": (8, 12), "bad": (3, 12)}, "4.75"),
        # B7, T5: so many wanted.
        (3, [part("good", "count", points="3", wanted="6")], {"good": (4,)}, "2.00"),
        (3, [part("good", "count", points="3", wanted="6")], {"good": (9,)}, "3.00"),
        # W3: data of applicants on the wall.
        (5, [part("good", "share", points="5"), part("bad", "void")],
         {"good": (9, 9), "bad": (1,)}, "0.00"),
        (5, [part("good", "share", points="5"), part("bad", "void")],
         {"good": (7, 9), "bad": (0,)}, "3.89"),
        (1, [part("there", "presence", points="1")], {"there": (1,)}, "1.00"),
        # Half up, from the exact number: 3 × 1/120 is 0.025.
        (3, [part("good", "share", points="3")], {"good": (1, 120)}, "0.03"),
    ],
)  # fmt: skip
def test_rules_give_the_points_of_the_standard(most, parts, facts, points):
    assert points_of(most, *parts, **facts) == D(points)


def test_nothing_to_count_gives_full_marks_and_says_so():
    rule = rules.parse_rule({"parts": [COVERAGE]}, points=Fraction(6), facts=FACTS)

    scored = rules.score(rule, {"good": Fact(0, 0)}, points=D(6))

    assert (scored.points, scored.flags) == (D("6.00"), ("no_sample",))


@pytest.mark.parametrize(
    ("answers", "visits", "is_enough"),
    [(19, 500, False), (20, 500, True), (9, 100, False), (10, 100, True), (1, 0, False)],
)
def test_satisfaction_wants_a_tenth_of_the_visits_or_twenty_answers(answers, visits, is_enough):
    sampled = COVERAGE | {"sample_share": "0.1", "sample_count": "20"}
    rule = rules.parse_rule({"parts": [sampled]}, points=Fraction(6), facts=FACTS)

    scored = rules.score(rule, {"good": Fact(answers, answers, visits)}, points=D(6))

    assert (scored.points is not None) == is_enough
    assert scored.flags == (() if is_enough else ("small_sample",))


@pytest.mark.parametrize("fact", [Fact(None), Fact(None, 5), Fact(3)])
def test_what_cannot_be_counted_is_left_to_a_person(fact):
    rule = rules.parse_rule({"parts": [COVERAGE]}, points=Fraction(6), facts=FACTS)

    scored = rules.score(rule, {"good": fact}, points=D(6))

    assert (scored.points, scored.flags) == (None, ("not_counted",))


# ── Rules that cannot be read ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"parts": [part("good", "eval", points="6")]}, "eval"),
        ({"parts": [part("weather", "share", points="6")]}, "weather"),
        ({"parts": [part("good", "share", points="6", code="1")]}, "code"),
        ({"parts": [part("good", "count", points="6")]}, "wanted"),
        ({"parts": [part("good", "share", points=6.0)]}, "points"),
        ({"parts": [part("good", "share", points="six")]}, "points"),
        ({"parts": [part("good", "share", points="NaN")]}, "points"),
        ({"parts": [part("good", "share", points="5")]}, "5.00"),
        ({"parts": [part("good", "share", points="6", empty="maybe")]}, "empty"),
        ({"parts": [COVERAGE | {"from": "1.2"}]}, "ramp"),
        ({"parts": [part("good", ["share"], points="6")]}, "share"),
        ({"parts": [part("bad", "void")]}, "给分规则"),
        ({"parts": []}, "给分规则"),
        ({"sum": 1}, "若干部分"),
        ([], "若干部分"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_a_sentence(rule, says):
    with pytest.raises(rules.RuleRefused, match=says) as refused:
        rules.parse_rule(rule, points=Fraction(6), facts=FACTS)

    assert str(refused.value).endswith(("。", "."))


def test_a_line_scored_by_hand_only_shows_facts():
    shown = {"parts": [part("good", "shown")]}
    rules.parse_rule(shown, points=Fraction(2), facts=FACTS, by_hand=True)

    with pytest.raises(rules.RuleRefused):
        rules.parse_rule({"parts": [COVERAGE]}, points=Fraction(6), facts=FACTS, by_hand=True)


# ── What must hold of every sum ─────────────────────────────────────────────────────────

RULES = [
    (6, [COVERAGE]),
    (6, [ATTENDANCE, part("bad", "deduct", points="0", each="0.5")]),
    (4, [part("good", "share", points="4"), part("bad", "deduct", points="0", each="1")]),
    (7, [part("good", "ramp", **{"from": "0.8", "to": "1", "points_to": "7"}),
         part("bad", "deduct", points="0", each="2")]),
    (1, [part("good", "step", at_least="0.8", points="1")]),
    (5, [part("good", "months", points="5"), part("bad", "void")]),
]  # fmt: skip
some_rules = st.sampled_from(RULES)
counts = st.integers(0, 60)


@given(some_rules, counts, counts, st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_more_of_what_is_good_never_gives_less_and_more_faults_never_more(
    rule, good, bad, whole
):
    most, parts = rule

    def points(good, bad):
        return points_of(most, *parts, good=(min(good, whole), whole), bad=(bad,))

    assert 0 <= points(good, bad) <= most
    assert points(good + 1, bad) >= points(good, bad) >= points(good, bad + 1)
