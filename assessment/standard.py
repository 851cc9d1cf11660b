"""Standards of assessment: a county's first, copies to edit, putting one to use, previews.

A standard in use is never edited; a copy is, and takes its place from a year on.
"""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import measures, rules, scoring
from .counting.facts import FACTS
from .models import Clause, Indicator, Standard
from .rules import Fact
from .scoring import Bars, Line
from .terms import FULL_MARKS, ClauseKind, Dimension, Mode, StandardStatus
from .wording import plain

DEFAULT = Path(__file__).with_name("default_standard.toml")
_OF_STANDARD = (
    "name",
    "excellent_from",
    "good_from",
    "pass_from",
    "gate_percent",
    "excellent_cap_percent",
    "bonus_max",
    "spot_check_percent",
    "publicity_days",
    "objection_days",
    "first_month",
)
_OF_INDICATOR = (
    "code",
    "dimension",
    "label",
    "points",
    "mode",
    "rule",
    "rule_text",
    "evidence_wanted",
    "order",
)
_OF_CLAUSE = (
    "kind",
    "code",
    "label",
    "points",
    "effect",
    "found_by",
    "more_than_percent",
    "order",
)


class StandardRefused(Exception):
    """A plain sentence why this cannot be done with a standard."""


@transaction.atomic
def adopt_default(county, *, by):
    """Write the default standard (rules 5.2 to 5.4) as a draft of a county. Returns it."""
    with DEFAULT.open("rb") as file:
        content = tomllib.load(file)
    draft = Standard.objects.create(
        division=county.division,
        version=_next_version(county.division),
        made_by=by,
        **{name: content[name] for name in _OF_STANDARD if name in content},
    )
    Indicator.objects.bulk_create(
        Indicator(
            standard=draft,
            rule={"parts": row.pop("parts")},
            order=order,
            **row | {"points": Decimal(row["points"])},
        )
        for order, row in enumerate(content["indicators"])
    )
    Clause.objects.bulk_create(
        Clause(
            standard=draft,
            order=order,
            **row | {"points": Decimal(row["points"]) if "points" in row else None},
        )
        for order, row in enumerate(content["clauses"])
    )
    draft.refresh_from_db()
    return draft


@transaction.atomic
def copy(standard, *, by, division=None):
    """Copy a standard as a draft, for its own division or, of a city's, for a county's."""
    division = division or standard.division
    draft = Standard.objects.create(
        division=division,
        version=_next_version(division),
        succeeds=standard,
        made_by=by,
        **{name: getattr(standard, name) for name in _OF_STANDARD},
    )
    for model, names in ((Indicator, _OF_INDICATOR), (Clause, _OF_CLAUSE)):
        model.objects.bulk_create(
            model(standard=draft, **{name: getattr(row, name) for name in names})
            for row in model.objects.filter(standard=standard).order_by("order", "pk")
        )
    return draft


def _one_at_a_time(division):
    """Let one person at a time copy standards of a division or put them to use."""
    type(division).objects.select_for_update(no_key=True).get(pk=division.pk)


def _next_version(division):
    _one_at_a_time(division)
    last = Standard.objects.filter(division=division).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def faults(standard) -> list[str]:
    """Return what keeps a draft from being put to use, as sentences."""
    indicators = list(standard.indicators.all())
    found = []
    points = sum((indicator.points for indicator in indicators), Decimal(0))
    if points != FULL_MARKS:
        found.append(
            _("The points of all lines together are %(points)s, not 100.")
            % {"points": plain(points)}
        )
    for dimension in Dimension:
        if not any(indicator.dimension == dimension for indicator in indicators):
            found.append(_("“%(dimension)s” has no line.") % {"dimension": dimension.label})
    for indicator in indicators:
        try:
            measures.rule_of(indicator)
        except rules.RuleRefused as refused:
            found.append(_named(indicator, refused))
    return found


@transaction.atomic
def put_to_use(standard, *, year_from, by):
    """Put a draft to use from a year on; the one in use before is succeeded. Returns it.

    Raises StandardRefused.
    """
    _one_at_a_time(standard.division)
    standard = Standard.objects.select_for_update().get(pk=standard.pk)
    if not standard.is_draft:
        raise StandardRefused(_("This standard is in use already."))
    if found := faults(standard):
        raise StandardRefused(found[0])
    before = (
        Standard.objects.select_for_update()
        .filter(division=standard.division)
        .exclude(status=StandardStatus.DRAFT)
    )
    last = max((each.year_from for each in before), default=None)
    if last is not None and year_from <= last:
        raise StandardRefused(
            _("A standard is in use from %(year)s; the new one begins later.") % {"year": last}
        )
    before.filter(status=StandardStatus.IN_USE).update(status=StandardStatus.SUCCEEDED)
    standard.status = StandardStatus.IN_USE
    standard.year_from = year_from
    standard.put_to_use_by = by
    standard.put_to_use_at = timezone.now()
    standard.save()
    return standard


def in_force(county, year):
    """Return the standard for a county's year: its own, else its city's, or None."""
    own = (county.division_id, county.division.parent_id)
    rows = (
        Standard.objects.of_county(county)
        .exclude(status=StandardStatus.DRAFT)
        .filter(year_from__lte=year)
    )
    return min(
        rows, key=lambda each: (own.index(each.division_id), -each.year_from), default=None
    )


def bars_of(standard) -> Bars:
    """The cut-offs, gate and cap of a standard, for `scoring`."""
    return Bars(
        excellent_from=standard.excellent_from,
        good_from=standard.good_from,
        pass_from=standard.pass_from,
        gate_percent=standard.gate_percent,
        excellent_cap_percent=standard.excellent_cap_percent,
        bonus_max=standard.bonus_max,
    )


# ── What a change would do ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Preview:
    """One station's result of a past year by its own standard and by another."""

    station: object
    old_total: Decimal | None
    old_grade: str
    new_total: Decimal
    new_grade: str

    @property
    def change(self):
        return None if self.old_total is None else self.new_total - self.old_total

    @property
    def has_new_grade(self):
        return self.old_grade != self.new_grade


def preview(standard, year) -> list[Preview]:
    """Return what a standard would have made of a year, from the facts counted then.

    Points people gave stay where the line is still there, at most the line's points; computed
    lines are computed by the new rule. Vetoes, bonuses and deductions count as they did. Raises
    `rules.RuleRefused` for a rule that cannot be read.
    """
    indicators = list(standard.indicators.all())
    read = {each.code: _read(each) for each in indicators}
    bars = bars_of(standard)
    results = []
    sheets = year.sheets.select_related("station").prefetch_related(
        "scores__indicator", "adjustments__clause"
    )
    for sheet in sheets:
        facts = stored_facts(sheet)
        scores = {score.indicator.code: score for score in sheet.scores.all()}
        added = scoring.total(
            (
                Line(
                    Dimension(each.dimension),
                    each.points,
                    _would_get(each, read[each.code], facts, scores.get(each.code)),
                )
                for each in indicators
            ),
            bonuses=adjusted(sheet, ClauseKind.BONUS),
            deductions=adjusted(sheet, ClauseKind.DEDUCTION),
            bonus_max=bars.bonus_max,
        )
        grade, _reasons = scoring.grade(added, bars, vetoes=vetoes(sheet))
        results.append((sheet, added, grade))
    capped = scoring.over_cap(
        [
            scoring.Standing(
                sheet.pk,
                added.total,
                added.dimensions[Dimension.BUSINESS],
                added.dimensions[Dimension.TEAM],
                grade,
            )
            for sheet, added, grade in results
        ],
        bars.excellent_cap_percent,
    )
    return [
        Preview(
            sheet.station,
            sheet.total,
            sheet.grade,
            added.total,
            scoring.below_cap(grade) if sheet.pk in capped else grade,
        )
        for sheet, added, grade in results
    ]


def _read(indicator):
    try:
        return measures.rule_of(indicator)
    except rules.RuleRefused as refused:
        raise rules.RuleRefused(_named(indicator, refused)) from refused


def _named(indicator, refused):
    colon = pgettext("before a sentence", ": ")
    return f"{indicator.code} {indicator.label}{colon}{refused}"


def stored_facts(sheet) -> dict[str, Fact]:
    """The facts of a sheet as they were counted; what was not counted then is nobody's."""
    facts = dict.fromkeys(FACTS, Fact(None))
    return facts | {
        name: Fact(*(None if part is None else rules.exact(part) for part in parts))
        for name, parts in sheet.facts.items()
        if name in facts
    }


def _would_get(indicator, rule, facts, score):
    by_person = (
        score
        and (score.points_now is not None)
        and (score.indicator.mode == Mode.HAND or score.points_now != score.computed_points)
    )
    if by_person:
        return min(score.points_now, indicator.points)
    if indicator.mode == Mode.HAND:
        return None
    return rules.score(rule, facts, points=indicator.points).points


def adjusted(sheet, kind):
    """The points of a sheet's settled bonuses or deductions, one for each time."""
    return [
        each.clause.points * each.count
        for each in sheet.adjustments.all()
        if each.is_counted and each.clause.kind == kind
    ]


def vetoes(sheet):
    """The settled vetoes of a sheet: (code, effect)."""
    return [
        (each.clause.code, each.clause.effect)
        for each in sheet.adjustments.all()
        if each.is_counted and each.is_veto
    ]
