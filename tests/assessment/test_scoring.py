"""Totals, grades, ranks, the draw and the hash: rules 5.4, and what must hold of every sum."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import scoring
from assessment.rules import rounded
from assessment.scoring import Bars, Line, Standing
from assessment.terms import Dimension, Grade, VetoEffect

D = Decimal

lines = st.lists(
    st.builds(
        lambda dimension, most, share: Line(
            dimension, D(most), None if share is None else rounded(most * share, 2)
        ),
        st.sampled_from(list(Dimension)),
        st.integers(1, 10),
        st.none() | st.fractions(0, 1, max_denominator=97),
    ),
    max_size=30,
)
some_points = st.lists(st.sampled_from([D(1), D(2), D(3), D("2.5")]), max_size=4)
vetoes = st.lists(
    st.tuples(st.sampled_from(["V1", "V2", "V8"]), st.sampled_from(list(VetoEffect))),
    max_size=3,
)
ORDER = list(Grade)


@given(lines, some_points, some_points, vetoes, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_a_total_lies_within_bounds_whatever_the_order_and_a_veto_never_raises_a_grade(
    lines, bonuses, deductions, vetoes, random
):
    added = scoring.total(lines, bonuses=bonuses, deductions=deductions)
    shuffled = list(lines)
    Random(random.random()).shuffle(shuffled)
    plain, _reasons = scoring.grade(added, Bars())
    vetoed, _reasons = scoring.grade(added, Bars(), vetoes=vetoes)

    assert 0 <= added.total <= 100
    assert added.bonus <= 5
    assert scoring.total(shuffled, bonuses=bonuses[::-1], deductions=deductions) == added
    assert ORDER.index(vetoed) >= ORDER.index(plain)
    if any(effect == VetoEffect.FAIL for _code, effect in vetoes):
        assert vetoed == Grade.FAIL


data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    | st.decimals(-99, 99, places=2),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(data)
@settings(max_examples=60, deadline=None)
def test_the_same_data_have_the_same_hash_in_whatever_order(data):
    def turned(part):
        if isinstance(part, dict):
            return {key: turned(part[key]) for key in reversed(list(part))}
        return [turned(each) for each in part] if isinstance(part, list) else part

    assert scoring.fingerprint(data) == scoring.fingerprint(turned(data))


def test_different_data_have_another_hash_and_floats_are_refused():
    assert scoring.fingerprint({"points": D("3.00")}) == scoring.fingerprint({"points": D(3)})
    assert scoring.fingerprint({"points": D("3.01")}) != scoring.fingerprint({"points": D(3)})
    with pytest.raises(TypeError):
        scoring.canonical({"points": 3.0})


# ── Totals and grades, as rules 5.4 has them ────────────────────────────────────────────


def sheet(team=25, conduct=20, business=40, hardware=15, **more):
    reached = dict(zip(Dimension, (team, conduct, business, hardware), strict=True))
    most = dict(zip(Dimension, (25, 20, 40, 15), strict=True))
    return scoring.total(
        [Line(each, D(most[each]), D(str(reached[each]))) for each in Dimension], **more
    )


@pytest.mark.parametrize(
    ("points", "total", "grade"),
    [
        ({}, "100.0", Grade.EXCELLENT),
        ({"bonuses": [D(3), D(3)]}, "100.0", Grade.EXCELLENT),
        ({"team": 20, "conduct": 16, "business": "39.95", "hardware": 14}, "90.0", Grade.EXCELLENT),
        ({"team": 20, "conduct": 16, "business": "39.94", "hardware": 14}, "89.9", Grade.GOOD),
        ({"hardware": 0, "bonuses": [D(3), D(3)]}, "90.0", Grade.GOOD),
        ({"business": 15, "conduct": 15, "hardware": 5}, "60.0", Grade.PASS),
        ({"business": 15, "conduct": 15, "hardware": "4.94"}, "59.9", Grade.FAIL),
        ({"team": 0, "conduct": 0, "business": 0, "hardware": 3, "deductions": [D(5)]}, "0.0",
         Grade.FAIL),
    ],
)  # fmt: skip
def test_totals_are_rounded_once_and_graded_as_rounded(points, total, grade):
    added = sheet(**points)

    assert added.total == D(total)
    assert scoring.grade(added, Bars())[0] == grade


def test_excellent_wants_four_fifths_of_every_dimension():
    short = sheet(hardware="11.99")

    assert short.total == D("97.0")
    assert scoring.grade(short, Bars()) == (Grade.GOOD, ("gate:hardware",))
    assert scoring.grade(sheet(hardware=12), Bars()) == (Grade.EXCELLENT, ())


def test_a_minor_fault_caps_at_pass_and_a_grave_one_fails():
    minor, grave = ("V8", VetoEffect.CAP_AT_PASS), ("V2", VetoEffect.FAIL)

    assert scoring.grade(sheet(), Bars(), vetoes=[minor]) == (Grade.PASS, ("V8",))
    assert scoring.grade(sheet(), Bars(), vetoes=[minor, grave]) == (Grade.FAIL, ("V2", "V8"))
    assert scoring.grade(sheet(team=0, conduct=0), Bars(), vetoes=[minor])[0] == Grade.FAIL


def standing(key, total, business=30, team=20, grade=Grade.EXCELLENT):
    return Standing(key, D(str(total)), D(business), D(team), grade)


def test_ranks_go_by_total_then_business_then_team_and_equals_share_one():
    rows = [
        standing("a", 90, 30, 20),
        standing("b", 95),
        standing("c", 90, 31, 10),
        standing("d", 90, 30, 21),
        standing("e", 90, 30, 20),
        standing("f", 80),
    ]

    assert scoring.ranks(rows) == {"b": 1, "c": 2, "d": 3, "a": 4, "e": 4, "f": 6}
    assert scoring.ranks(rows[::-1]) == scoring.ranks(rows)


def test_the_cap_on_excellent_is_a_share_of_all_stations_rounded_down():
    # Three in ten of seven stations are two.
    rows = [standing(n, 99 - n) for n in range(4)]
    rows += [standing(n, 70, grade=Grade.PASS) for n in range(4, 7)]

    assert scoring.over_cap(rows, 30) == {2, 3}
    assert scoring.over_cap(rows, None) == set()
    assert scoring.over_cap(rows[::-1], 30) == {2, 3}
    # Two that are equal in everything stand or fall together.
    equal = [standing("a", 95), standing("b", 94), standing("c", 94), *rows[4:], standing(9, 1)]
    assert scoring.over_cap(equal, 30) == {"b", "c", 9}


@pytest.mark.parametrize(
    ("stations", "drawn"), [(1, 1), (5, 1), (6, 2), (11, 3), (17, 4), (25, 5)]
)
def test_a_fifth_of_the_stations_is_drawn_and_the_seed_draws_them_again(stations, drawn):
    codes = [f"{n:012d}" for n in range(stations)]

    chosen = scoring.drawn(codes, percent=20, seed="county-2026")

    assert len(chosen) == drawn
    assert scoring.drawn(codes[::-1], percent=20, seed="county-2026") == chosen
    assert set(chosen) <= set(codes)
