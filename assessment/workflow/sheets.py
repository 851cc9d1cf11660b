"""A sheet at the station and at the county: self-score, county score, return (rules 5.4)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files import evidence as evidence_store

from .. import running
from ..models import Score, ScoreChange
from ..terms import Mode, ScoreStage, YearStatus
from ..wording import plain
from .moves import (
    MoveRefused,
    begin,
    complete,
    complete_year,
    lock_sheet,
    refuse_unless,
    said,
)


@dataclass(frozen=True)
class Missing:
    """One thing that stands before a press: what, and the code of its line or ""."""

    text: str
    code: str = ""


@dataclass(frozen=True)
class Typed:
    """What a person typed for one line: points (None: nothing yet) and words."""

    points: Decimal | None
    words: str = ""


def _lines(sheet):
    return list(sheet.scores.for_sheet().order_by("indicator__order"))


def _in_range(score, points):
    most = score.indicator.points
    if points is not None and not 0 <= points <= most:
        raise MoveRefused(
            _("%(code)s has 0 to %(most)s points.")
            % {"code": score.indicator.code, "most": plain(most)}
        )


def _changed(score, stage, old, new, *, reason, by):
    ScoreChange.objects.create(
        score=score, stage=stage, old_points=old, new_points=new, reason=reason, made_by=by
    )


# ── At the station ──────────────────────────────────────────────────────────────────────


def missing_to_submit(sheet, scores=None):
    """Return what stands before handing the self-score in; the button obeys this list."""
    found = []
    for score in scores if scores is not None else _lines(sheet):
        code, wanted = score.indicator.code, score.indicator.evidence_wanted
        names = {"code": code, "label": score.indicator.label}
        is_by_hand = score.indicator.mode == Mode.HAND
        if score.self_points is None:
            if is_by_hand or score.computed_points is None:
                found.append(Missing(_("%(code)s %(label)s has no points yet.") % names, code))
            continue
        if is_by_hand and score.self_points and wanted and not score.evidence.all():
            found.append(Missing(_("%(code)s %(label)s has no evidence yet.") % names, code))
        differs = (
            score.computed_points is not None and score.self_points != score.computed_points
        )
        if differs and not score.self_words:
            found.append(
                Missing(
                    _("%(code)s %(label)s differs from the computed points; say why.") % names,
                    code,
                )
            )
    return found


@transaction.atomic
def save_self_scores(sheet, lines, *, by, summary=None):
    """Keep what the station's head has typed so far: {score id: Typed}. Returns the sheet.

    A draft until it is submitted; each change of points leaves the old ones.
    """
    sheet = begin("submit", sheet)
    now = timezone.now()
    for score in _lines(sheet):
        typed = lines.get(score.pk)
        if typed is None or (typed.points, typed.words) == (
            score.self_points,
            score.self_words,
        ):
            continue
        _in_range(score, typed.points)
        old, score.self_points, score.self_words = score.self_points, typed.points, typed.words
        is_given = typed.points is not None
        score.self_by, score.self_at = (by, now) if is_given else (None, None)
        score.save(update_fields=["self_points", "self_words", "self_by", "self_at"])
        if old != typed.points:
            _changed(score, ScoreStage.SELF, old, typed.points, reason=typed.words, by=by)
    if summary is not None and summary != sheet.self_summary:
        sheet.self_summary = summary
        sheet.save(update_fields=["self_summary"])
    return sheet


@transaction.atomic
def add_evidence(score, files, *, by):
    """Attach photos or PDFs (their bytes) to a line while the station may still change it."""
    sheet = begin("submit", score.sheet)
    for file in files:
        score.evidence.add(evidence_store.add_bytes(sheet.station, file, by=by))


@transaction.atomic
def drop_evidence(score, evidence):
    """Take a photo or PDF off a line again; the file itself is kept."""
    begin("submit", score.sheet)
    score.evidence.remove(evidence)


@transaction.atomic
def submit(sheet, *, by):
    """Hand the self-score in to the county (自评报送).

    Raises MoveRefused while something is missing.
    """
    sheet = begin("submit", sheet)
    scores = _lines(sheet)
    if missing := missing_to_submit(sheet, scores):
        raise MoveRefused(missing[0].text)
    if any(score.county_by_id == by.pk for score in scores):
        raise MoveRefused(
            _("You have scored this sheet for the county. This takes another person.")
        )
    sheet.self_scored_by, sheet.self_scored_at = by, timezone.now()
    sheet.returned_reason = ""
    # Who scores is another person, and scores anew.
    sheet.scored_by = sheet.scored_at = None
    return complete("submit", sheet, by=by)


# ── At the county ───────────────────────────────────────────────────────────────────────


@transaction.atomic
def go_ahead(sheet, *, by, reason):
    """Score a station that has let its last day pass without a self-score; the reason is kept."""
    sheet = begin("go_ahead", sheet)
    due_on = sheet.year.self_score_due_on
    if due_on and timezone.localdate() <= due_on:
        raise MoveRefused(_("The station still has until its last day to score itself."))
    reason = said(reason, _("Say why the county goes ahead."))
    return complete("go_ahead", sheet, by=by, note=reason)


@transaction.atomic
def return_to_station(sheet, *, by, reason):
    """Send a self-score back with what has to be mended (退回)."""
    sheet = begin("return", sheet)
    sheet.returned_reason = said(reason, _("Say what has to be mended; the station reads it."))
    return complete("return", sheet, by=by, note=sheet.returned_reason)


def missing_to_complete(sheet, scores=None):
    """Return what stands before completing the county's score of a sheet."""
    return [
        Missing(
            _("%(code)s %(label)s has no county score yet.")
            % {"code": score.indicator.code, "label": score.indicator.label},
            score.indicator.code,
        )
        for score in (scores if scores is not None else _lines(sheet))
        if score.county_points is None
    ]


@transaction.atomic
def save_county_scores(sheet, lines, *, by):
    """Keep the county's points line by line: {score id: Typed}.

    What differs from the computed points, or where nothing is computed from the self-score, needs
    its reason. Raises MoveRefused; also for who scored the station's sheet themselves.
    """
    sheet = lock_sheet(sheet)
    refuse_unless("complete", sheet)
    _refuse_self_scorer(sheet, by)
    now = timezone.now()
    for score in _lines(sheet):
        typed = lines.get(score.pk)
        if typed is None or (typed.points, typed.words) == (
            score.county_points,
            score.county_reason,
        ):
            continue
        _give_county_points(score, typed, by=by, now=now)
    running.add_up(sheet.year, sheets=[sheet])


def _give_county_points(score, typed, *, by, now):
    _in_range(score, typed.points)
    if score.self_by_id == by.pk:
        raise MoveRefused(_("You gave the self-score of this line. This takes another person."))
    against = score.computed_points
    if against is None:
        against = score.self_points
    if typed.points is not None and typed.points != against and not typed.words:
        raise MoveRefused(
            _("Say why %(code)s gets other points.") % {"code": score.indicator.code}
        )
    old, score.county_points, score.county_reason = (
        score.county_points,
        typed.points,
        typed.words,
    )
    is_given = typed.points is not None
    score.county_against = against if is_given else None
    score.county_by, score.county_at = (by, now) if is_given else (None, None)
    score.save(
        update_fields=[
            "county_points",
            "county_reason",
            "county_against",
            "county_by",
            "county_at",
        ]
    )
    if old != typed.points:
        _changed(score, ScoreStage.COUNTY, old, typed.points, reason=typed.words, by=by)


def _refuse_self_scorer(sheet, by):
    if sheet.self_scored_by_id == by.pk:
        raise MoveRefused(_("You scored this sheet at the station. This takes another person."))


@transaction.atomic
def complete_score(sheet, *, by):
    """Complete the county's score of a sheet (县评); the first one begins the county's scoring."""
    sheet = begin("complete", sheet)
    _refuse_self_scorer(sheet, by)
    scores = _lines(sheet)
    if missing := missing_to_complete(sheet, scores):
        raise MoveRefused(missing[0].text)
    sheet.scored_by, sheet.scored_at = by, timezone.now()
    sheet = complete("complete", sheet, by=by)
    running.add_up(sheet.year, sheets=[sheet])
    if sheet.year.status == YearStatus.SELF_SCORING:
        complete_year("begin_county_score", sheet.year, by=by)
    return sheet


@transaction.atomic
def take_up(sheet, *, by, reason):
    """Take a scored sheet up again before it is published, with a reason (重新评分)."""
    sheet = begin("take_up", sheet)
    _refuse_self_scorer(sheet, by)
    reason = said(reason, _("Say why the score is taken up again."))
    sheet.scored_by = sheet.scored_at = None
    return complete("take_up", sheet, by=by, note=reason)


def set_final(score: Score, points, *, reason, by):
    """Give a published line the points an accepted objection leaves it."""
    _in_range(score, points)
    old, score.final_points = score.points_now, points
    score.save(update_fields=["final_points"])
    _changed(score, ScoreStage.OBJECTION, old, points, reason=reason, by=by)
