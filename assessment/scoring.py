"""Totals, grades, ranks, the draw and the hash of a year (rules 5.2 to 5.4): pure, exact decimals."""

import hashlib
import json
import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from .rules import clip, rounded
from .terms import FULL_MARKS, GRADE_ORDER, Dimension, Grade, VetoEffect

ZERO = Decimal(0)


# ── The total and the grade ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """One indicator of a sheet: its dimension, its points at most, and those it got."""

    dimension: Dimension
    most: Decimal
    # None: nobody has scored it yet.
    points: Decimal | None


@dataclass(frozen=True)
class Total:
    """What a sheet adds up to."""

    dimensions: Mapping[Dimension, Decimal]
    most: Mapping[Dimension, Decimal]
    bonus: Decimal
    deductions: Decimal
    unscored: Decimal
    total: Decimal


@dataclass(frozen=True)
class Bars:
    """The cut-offs and the gate of a standard (rules 5.4)."""

    excellent_from: Decimal = Decimal(90)
    good_from: Decimal = Decimal(80)
    pass_from: Decimal = Decimal(60)
    gate_percent: int = 80
    excellent_cap_percent: int | None = None
    bonus_max: Decimal = Decimal(5)


def total(
    lines: Iterable[Line],
    *,
    bonuses: Iterable[Decimal] = (),
    deductions: Iterable[Decimal] = (),
    bonus_max: Decimal = Bars.bonus_max,
) -> Total:
    """Add up a sheet: clip(sum + bonus − deductions, 0, 100), half-up to 1 decimal."""
    sums = dict.fromkeys(Dimension, ZERO)
    most = dict.fromkeys(Dimension, ZERO)
    unscored = ZERO
    for line in lines:
        most[line.dimension] += line.most
        if line.points is None:
            unscored += line.most
        else:
            sums[line.dimension] += line.points
    bonus = clip(sum(bonuses, ZERO), bonus_max)
    deducted = sum(deductions, ZERO)
    whole = clip(sum(sums.values(), ZERO) + bonus - deducted, FULL_MARKS)
    return Total(sums, most, bonus, deducted, unscored, rounded(whole, 1))


def grade(
    added: Total, bars: Bars, *, vetoes: Iterable[tuple[str, VetoEffect]] = ()
) -> tuple[Grade, tuple[str, ...]]:
    """Return the grade of a total and why it is not the one of the cut-offs alone.

    Reasons are codes: "gate:<dimension>" where a dimension misses its share for 优秀, and the
    codes of vetoes. A veto never raises a grade.
    """
    reasons = []
    given = Grade.FAIL
    for each, bar in (
        (Grade.EXCELLENT, bars.excellent_from),
        (Grade.GOOD, bars.good_from),
        (Grade.PASS, bars.pass_from),
    ):
        if added.total >= bar:
            given = each
            break
    if given == Grade.EXCELLENT:
        missed = [
            dimension
            for dimension in Dimension
            if added.dimensions[dimension] * 100 < bars.gate_percent * added.most[dimension]
        ]
        if missed:
            given = Grade.GOOD
            reasons += [f"gate:{dimension}" for dimension in missed]
    for code, effect in sorted(vetoes):
        bound = Grade.FAIL if effect == VetoEffect.FAIL else Grade.PASS
        given = max(given, bound, key=GRADE_ORDER.get)
        reasons.append(code)
    return given, tuple(reasons)


@dataclass(frozen=True)
class Standing:
    """One station among those of its county, for ranks and the cap."""

    key: object
    total: Decimal
    business: Decimal
    team: Decimal
    grade: Grade

    @property
    def merit(self):
        return (self.total, self.business, self.team)


def ranks(standings: Iterable[Standing]) -> dict:
    """Return key → rank: by total, then business, then team; equal in all three, equal rank."""
    ordered = sorted(standings, key=lambda each: each.merit, reverse=True)
    found = {}
    for place, each in enumerate(ordered, start=1):
        before = ordered[place - 2] if place > 1 else None
        found[each.key] = found[before.key] if before and before.merit == each.merit else place
    return found


def over_cap(standings: Iterable[Standing], cap_percent: int | None) -> set:
    """Return the keys of those 优秀 that the county's cap leaves out.

    The cap is a share of all stations, rounded down. Stations equal in total, business and team
    stand or fall together: where not all of them fit under the cap, none of them does.
    """
    standings = list(standings)
    if cap_percent is None:
        return set()
    places = len(standings) * cap_percent // 100
    excellent = [each for each in standings if each.grade == Grade.EXCELLENT]
    return {
        each.key
        for each in excellent
        if sum(other.merit >= each.merit for other in excellent) > places
    }


def below_cap(grade: Grade) -> Grade:
    """The grade of an 优秀 that the cap leaves out."""
    return Grade.GOOD if grade == Grade.EXCELLENT else grade


# ── The spot check ──────────────────────────────────────────────────────────────────────


def drawn(codes: Iterable[str], *, percent: int, seed: str) -> list[str]:
    """Draw at least `percent` of the stations; the same codes and seed give the same draw."""
    ordered = sorted(codes)
    wanted = math.ceil(len(ordered) * percent / 100)
    return sorted(random.Random(seed).sample(ordered, wanted))


# ── Data and its hash ───────────────────────────────────────────────────────────────────


def canonical(data) -> str:
    """Return data as JSON that is the same for the same data: sorted keys, exact decimals."""
    return json.dumps(
        _plain(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def fingerprint(data) -> str:
    """Return the sha256 of the canonical JSON of data."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def _plain(data):
    if isinstance(data, float):
        raise TypeError("Floats are not exact; points are decimals.")
    if isinstance(data, Decimal):
        # 3, 3.0 and 3.00 are one number.
        return format(data.normalize(), "f") if data else "0"
    if isinstance(data, Fraction):
        return str(data)
    if isinstance(data, datetime | date):
        return data.isoformat()
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return data
