"""The running scores of a county's year: computed from the records, added up, explained.

`recompute` is what the nightly task calls; `add_up` what every act calls that changes points.
"""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from casework.analysis import station_year
from stations.models import Station

from . import measures, scoring
from .counting.facts import Figures, facts_of
from .counting.records import station_records
from .models import Score, Sheet, Year
from .scoring import Line, Standing
from .standard import adjusted, bars_of, vetoes
from .terms import (
    FOLLOWS_RECORDS,
    ClauseKind,
    Dimension,
    Grade,
    SheetStatus,
)

_ADDED_UP = [
    "total",
    "grade",
    *Dimension.values,
    "bonus",
    "deductions",
    "unscored_points",
    "grade_reasons",
]
_COMPUTED = ["computed_points", "computed_words", "computed_parts", "computed_flags"]


def through(year, on):
    """The last day that is over on a day: what is counted never includes a day that still runs."""
    return min(on - timedelta(days=1), year.last_day)


@transaction.atomic
def make_sheets(year):
    """Give every station that is open at the year's end its sheet and a score for each indicator.

    A station that closed within the year has none. Idempotent; returns the number of sheets made.
    """
    Year.objects.select_for_update().get(pk=year.pk)
    stations = (
        Station.objects.filter(county=year.county)
        .open_between(year.first_day, year.last_day)
        .filter(Q(closed_on=None) | Q(closed_on__gt=year.last_day))
        .exclude(assessment_sheets__year=year)
    )
    sheets = Sheet.objects.bulk_create(Sheet(year=year, station=each) for each in stations)
    indicators = list(year.standard.indicators.all())
    Score.objects.bulk_create(
        Score(sheet=sheet, indicator=indicator) for sheet in sheets for indicator in indicators
    )
    return len(sheets)


@transaction.atomic
def recompute(year, *, on):
    """Compute the scores of all sheets that still follow the records, as they stand on a day.

    `on` is today; days are counted up to the one before it, or to the year's end. A second run
    on the same records writes nothing. Returns the number of sheets whose figures changed.
    """
    year = (
        Year.objects.select_for_update(of=("self",))
        .select_related("county__division", "standard")
        .get(pk=year.pk)
    )
    last = through(year, on)
    sheets = list(
        year.sheets.filter(status__in=FOLLOWS_RECORDS).select_for_update(of=("self",))
    )
    if not sheets or last < year.first_day:
        return 0
    years = station_year(year.county, year.first_day, last)
    records = station_records(year.county, year.first_day, last)
    changed, scores = [], []
    rules = {each.pk: (each, measures.rule_of(each)) for each in year.standard.indicators.all()}
    lines = defaultdict(list)
    for score in Score.objects.filter(sheet__in=sheets):
        lines[score.sheet_id].append(score)
    with translation.override(settings.LANGUAGE_CODE):
        for sheet in sheets:
            if sheet.station_id not in years:
                continue
            facts = facts_of(Figures(years[sheet.station_id], records[sheet.station_id]))
            scores += _measured(lines[sheet.pk], rules, facts)
            if _noted(sheet, facts, last):
                changed.append(sheet)
    Score.objects.bulk_update(scores, _COMPUTED, batch_size=300)
    Sheet.objects.bulk_update(changed, ["computed_on", "computed_hash", "facts"])
    year.computed_at = timezone.now()
    year.save(update_fields=["computed_at"])
    add_up(year, sheets=sheets)
    return len(changed)


def _measured(scores, rules, facts):
    """The scores whose computed side is not what the facts give now, with what they give."""
    for score in scores:
        indicator, rule = rules[score.indicator_id]
        measure = measures.measure(rule, facts, points=indicator.points)
        new = (measure.points, measure.words, list(measure.parts), list(measure.flags))
        if new != tuple(getattr(score, name) for name in _COMPUTED):
            for name, value in zip(_COMPUTED, new, strict=True):
                setattr(score, name, value)
            yield score


def _noted(sheet, facts, day):
    """Note on a sheet what was counted and until when; whether that is news."""
    stored = {
        name: [None if part is None else str(part) for part in (f.value, f.of, f.population)]
        for name, f in facts.items()
    }
    sign = scoring.fingerprint(stored)
    if (sheet.computed_on, sheet.computed_hash) == (day, sign):
        return False
    sheet.computed_on, sheet.computed_hash, sheet.facts = day, sign, stored
    return True


# ── Adding up ───────────────────────────────────────────────────────────────────────────


@transaction.atomic
def add_up(year, *, sheets=None):
    """Write total, dimensions, bonus, deductions, grade and its reasons of sheets, from their scores.

    A sheet with lines nobody has scored has a total of the others and no grade yet, unless a veto
    settles it. The cap on 优秀 looks at all sheets of the year, so with a cap all are added up.
    Frozen sheets are left alone.
    """
    bars = bars_of(year.standard)
    rows = year.sheets.exclude(status=SheetStatus.FROZEN).prefetch_related(
        "scores__indicator", "adjustments__clause"
    )
    if sheets is not None and bars.excellent_cap_percent is None:
        rows = rows.filter(pk__in=[sheet.pk for sheet in sheets])
    rows = list(rows)
    before = {sheet.pk: _added_up(sheet) for sheet in rows}
    for sheet in rows:
        _add_up(sheet, bars)
    _cap(rows, bars)
    Sheet.objects.bulk_update(
        [sheet for sheet in rows if _added_up(sheet) != before[sheet.pk]], _ADDED_UP
    )
    # Whoever holds one of them in hand sees what was written.
    fresh = {sheet.pk: sheet for sheet in rows}
    for sheet in sheets or ():
        if sheet.pk in fresh:
            for name in _ADDED_UP:
                setattr(sheet, name, getattr(fresh[sheet.pk], name))


def _added_up(sheet):
    return tuple(getattr(sheet, name) for name in _ADDED_UP)


def _add_up(sheet, bars):
    added = scoring.total(
        (
            Line(Dimension(score.indicator.dimension), score.indicator.points, score.points_now)
            for score in sheet.scores.all()
        ),
        bonuses=adjusted(sheet, ClauseKind.BONUS),
        deductions=adjusted(sheet, ClauseKind.DEDUCTION),
        bonus_max=bars.bonus_max,
    )
    grade, reasons = scoring.grade(added, bars, vetoes=vetoes(sheet))
    is_open = added.unscored and not (grade == Grade.FAIL and vetoes(sheet))
    sheet.total, sheet.unscored_points = added.total, added.unscored
    sheet.bonus, sheet.deductions = added.bonus, added.deductions
    for dimension, points in added.dimensions.items():
        setattr(sheet, dimension.value, points)
    sheet.grade = "" if is_open else grade.value
    sheet.grade_reasons = list(reasons)


def _cap(sheets, bars):
    standings = [
        Standing(sheet.pk, sheet.total, sheet.business, sheet.team, sheet.grade)
        for sheet in sheets
    ]
    left_out = scoring.over_cap(standings, bars.excellent_cap_percent)
    for sheet in sheets:
        if sheet.pk in left_out:
            sheet.grade = scoring.below_cap(Grade(sheet.grade)).value
            sheet.grade_reasons = [*sheet.grade_reasons, "cap"]


# ── What is frozen ──────────────────────────────────────────────────────────────


def snapshot(sheet):
    """Return all that was scored on a sheet as plain data; `scoring.fingerprint` hashes it."""
    standard = sheet.year.standard
    proofs = defaultdict(list)
    for pk, sha256 in (
        sheet.scores.exclude(evidence=None)
        .values_list("pk", "evidence__sha256")
        .order_by("pk", "evidence__sha256")
    ):
        proofs[pk].append(sha256)
    return {
        "county": sheet.year.county.division.code,
        "year": sheet.year.year,
        "issue": sheet.year.issue,
        "station": {"code": sheet.station.code, "name": sheet.station.name},
        "standard": {
            "version": standard.version,
            "name": standard.name,
            "excellent_from": str(standard.excellent_from),
            "good_from": str(standard.good_from),
            "pass_from": str(standard.pass_from),
            "gate_percent": standard.gate_percent,
            "excellent_cap_percent": standard.excellent_cap_percent,
            "bonus_max": str(standard.bonus_max),
        },
        "counted_until": sheet.computed_on and sheet.computed_on.isoformat(),
        "facts": sheet.facts,
        "lines": [
            {
                "code": score.indicator.code,
                "dimension": score.indicator.dimension,
                "label": score.indicator.label,
                "most": str(score.indicator.points),
                "mode": score.indicator.mode,
                "computed": _text(score.computed_points),
                "words": score.computed_words,
                "parts": score.computed_parts,
                "flags": score.computed_flags,
                "self": _text(score.self_points),
                "county": _text(score.county_points),
                "county_reason": score.county_reason,
                "spot_check": _text(score.check_points),
                "spot_check_reason": score.check_reason,
                "points": _text(score.points_now),
                # What was handed in for it, as hashes of the files.
                "evidence": proofs[score.pk],
            }
            for score in sheet.scores.select_related("indicator").order_by("indicator__order")
        ],
        "adjustments": [
            {
                "code": each.clause.code,
                "kind": each.clause.kind,
                "points": _text(each.clause.points),
                "count": each.count,
                "facts": each.facts,
            }
            for each in sheet.adjustments.counted().select_related("clause")
        ],
        "dimensions": {name: _text(getattr(sheet, name)) for name in Dimension.values},
        "bonus": _text(sheet.bonus),
        "deductions": _text(sheet.deductions),
        "total": _text(sheet.total),
        "grade": sheet.grade,
        "grade_reasons": sheet.grade_reasons,
    }


def _text(number):
    return None if number is None else str(number)
