"""A county's year: opened, self-scores asked for, published, confirmed and frozen, reopened."""

import json
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.periods import last_day, months_from
from stations.errands import hand_over
from stations.models import DayOff

from .. import running, scoring
from ..models import Adjustment, Objection, Score, Sheet, SheetEvent, SpotCheck, Year
from ..terms import SheetStatus, YearStatus
from .moves import (
    MoveRefused,
    begin_year,
    complete_year,
    lock_year,
    move_along,
    record_year,
    said,
)
from .sheets import Missing

# What a sheet takes along when its year is reopened.
_SHEET_KEEPS = (
    "total",
    "grade",
    "team",
    "conduct",
    "business",
    "hardware",
    "bonus",
    "deductions",
    "unscored_points",
    "grade_reasons",
    "computed_on",
    "computed_hash",
    "facts",
    "self_scored_by_id",
    "self_scored_at",
    "self_summary",
    "scored_by_id",
    "scored_at",
)


def days_of(standard, year):
    """Return the first and the last day a year of a standard counts."""
    begins_before = standard.first_month > 1
    first = date(year - begins_before, standard.first_month, 1)
    return first, last_day(months_from(first, 11))


@transaction.atomic
def open_year(county, year, *, standard, by):
    """Open a county's year with a standard in use: a sheet for each station, scores from now on.

    Raises MoveRefused when the year is there already, or the standard is not for it.
    """
    if standard.is_draft or standard.year_from > year:
        raise MoveRefused(_("This standard is not in use for that year."))
    first_day, last = days_of(standard, year)
    if first_day > timezone.localdate():
        raise MoveRefused(_("That year has not begun yet."))
    try:
        with transaction.atomic():
            opened = Year.objects.create(
                county=county,
                year=year,
                standard=standard,
                first_day=first_day,
                last_day=last,
                opened_by=by,
            )
    except IntegrityError as twice:
        raise MoveRefused(_("This year is open already.")) from twice
    if not running.make_sheets(opened):
        raise MoveRefused(_("No station was open in that year."))
    record_year(opened, "open", "", by=by)
    transaction.on_commit(lambda: hand_over("assessment.tasks.recompute_year", opened.pk))
    return opened


@transaction.atomic
def ask_for_self_scores(year, *, by, self_score_due_on, county_score_due_on):
    """Ask the stations to score themselves, by the days of the plan (clock 34)."""
    year = begin_year("ask_for_self_scores", year)
    if not timezone.localdate() < self_score_due_on < county_score_due_on:
        raise MoveRefused(
            _("First the stations' last day, after today; then the county's, after that.")
        )
    year.self_score_due_on = self_score_due_on
    year.county_score_due_on = county_score_due_on
    return complete_year("ask_for_self_scores", year, by=by)


# ── Before the spot check, publicity and confirmation ───────────────────────────────────


def _still(sheets, done, sentence):
    count = sum(sheet.status not in done for sheet in sheets)
    return [Missing(sentence(count) % {"count": count})] if count else []


def missing_to_draw(year, sheets):
    """Return what stands before the city's draw."""
    return _still(
        sheets,
        {SheetStatus.COUNTY_SCORED},
        lambda count: ngettext(
            "%(count)d sheet is not scored by the county yet.",
            "%(count)d sheets are not scored by the county yet.",
            count,
        ),
    )


def missing_to_publish(year, sheets):
    """Return what stands before the publicity."""
    found = _still(
        sheets,
        {SheetStatus.COUNTY_SCORED, SheetStatus.SPOT_CHECKED},
        lambda count: ngettext(
            "%(count)d sheet is not scored by the county yet.",
            "%(count)d sheets are not scored by the county yet.",
            count,
        ),
    )
    checks = SpotCheck.objects.filter(sheet__year=year, done_at=None).count()
    if checks:
        found.append(
            Missing(
                ngettext(
                    "%(count)d spot check of the city is not finished.",
                    "%(count)d spot checks of the city are not finished.",
                    checks,
                )
                % {"count": checks}
            )
        )
    proposals = Adjustment.objects.waiting().filter(sheet__year=year).count()
    if proposals:
        found.append(
            Missing(
                ngettext(
                    "%(count)d bonus, deduction or veto waits for a second person.",
                    "%(count)d bonuses, deductions or vetoes wait for a second person.",
                    proposals,
                )
                % {"count": proposals}
            )
        )
    return found


def missing_to_confirm(year, today):
    """Return what stands before confirming."""
    found = []
    if year.publicity_to and today <= max(year.publicity_to, year.objections_to):
        found.append(Missing(_("The days of publicity and for objections are not over.")))
    objections = Objection.objects.waiting().filter(sheet__year=year).count()
    if objections:
        found.append(
            Missing(
                ngettext(
                    "%(count)d objection is not decided.",
                    "%(count)d objections are not decided.",
                    objections,
                )
                % {"count": objections}
            )
        )
    return found


# ── Moves ───────────────────────────────────────────────────────────────────────────────


def _locked_sheets(year):
    sheets = list(
        year.sheets.select_for_update(of=("self",))
        .select_related("station__township")
        .order_by("station__code")
    )
    for sheet in sheets:
        sheet.year = year
        sheet.station.county = year.county
    return sheets


@transaction.atomic
def publish(year, *, by, publicity_from=None):
    """Hang the result out (公示) for the standard's working days, five at least.

    The first day is not counted; objections are taken as long. Raises MoveRefused.
    """
    year = begin_year("publish", year)
    sheets = _locked_sheets(year)
    if missing := missing_to_publish(year, sheets):
        raise MoveRefused(missing[0].text)
    calendar = DayOff.objects.calendar(year.county)
    first = publicity_from or timezone.localdate()
    if first < timezone.localdate():
        raise MoveRefused(_("The publicity begins today or later."))
    year.publicity_from = first
    year.publicity_to = calendar.add_working_days(first, year.standard.publicity_days)
    year.objections_to = calendar.add_working_days(first, year.standard.objection_days)
    year.published_by, year.published_at = by, timezone.now()
    for sheet in sheets:
        move_along("publish", sheet, by=by)
    # As `Score.points_now` has it.
    Score.objects.filter(sheet__in=sheets).update(
        final_points=Coalesce("check_points", "county_points", "computed_points")
    )
    year = complete_year("publish", year, by=by)
    running.add_up(year)
    return year


@transaction.atomic
def confirm(year, *, by):
    """Confirm and freeze a year once its publicity is over; by a third person.

    Raises MoveRefused for whoever gave any score of the year.
    """
    year = begin_year("confirm", year)
    if missing := missing_to_confirm(year, timezone.localdate()):
        raise MoveRefused(missing[0].text)
    sheets = _locked_sheets(year)
    if took_part(year, by):
        raise MoveRefused(_("You gave scores in this year. A third person confirms it."))
    running.add_up(year)
    now, prints = timezone.now(), {}
    for sheet in sheets:
        sheet.refresh_from_db(fields=[*_RESULT])
        sheet.confirmed_by, sheet.confirmed_at = by, now
        data = running.snapshot(sheet)
        sheet.snapshot = json.loads(scoring.canonical(data))
        sheet.snapshot_hash = prints[sheet.station.code] = scoring.fingerprint(data)
        move_along("confirm", sheet, by=by)
    year.confirmed_by, year.confirmed_at = by, now
    year.frozen_hash = scoring.fingerprint(
        {
            "county": year.county.division.code,
            "year": year.year,
            "issue": year.issue,
            "sheets": prints,
        }
    )
    return complete_year("confirm", year, by=by)


_RESULT = (
    "total",
    "grade",
    "team",
    "conduct",
    "business",
    "hardware",
    "bonus",
    "deductions",
    "unscored_points",
    "grade_reasons",
)


def took_part(year, user):
    """Whether a person gave a self-score, a county score or a finding in a year."""
    sheets = Sheet.objects.filter(year=year)
    return (
        sheets.filter(Q(self_scored_by=user) | Q(scored_by=user)).exists()
        or Score.objects.filter(sheet__year=year)
        .filter(Q(self_by=user) | Q(county_by=user) | Q(check_by=user))
        .exists()
    )


@transaction.atomic
def reopen(year, *, by, reason):
    """Reopen a frozen year with a reason: a new issue begins with its scores, the old one stays.

    The new issue stands where sheets can be taken up again and published anew.
    """
    year = lock_year(year)
    if not year.is_frozen:
        raise MoveRefused(_("Only a confirmed year is reopened."))
    if Year.objects.filter(reopens=year).exists():
        raise MoveRefused(_("This year has been reopened already."))
    reason = said(reason, _("Say why the year is reopened; it is printed with the new result."))
    again = Year.objects.create(
        county=year.county,
        year=year.year,
        issue=year.issue + 1,
        reopens=year,
        reopen_reason=reason,
        standard=year.standard,
        status=YearStatus.SPOT_CHECKING,
        first_day=year.first_day,
        last_day=year.last_day,
        opened_by=by,
        self_score_due_on=year.self_score_due_on,
        county_score_due_on=year.county_score_due_on,
        computed_at=year.computed_at,
    )
    for sheet in year.sheets.select_related("station").prefetch_related(
        "scores__evidence", "adjustments__evidence"
    ):
        _copy_sheet(sheet, again, by=by, note=reason)
    record_year(again, "reopen", year.status, by=by, note=reason)
    return again


def _copy_sheet(old, year, *, by, note):
    sheet = Sheet.objects.create(
        year=year,
        station=old.station,
        status=SheetStatus.COUNTY_SCORED,
        **{name: getattr(old, name) for name in _SHEET_KEEPS},
    )
    SheetEvent.objects.create(
        sheet=sheet,
        move="reopen",
        from_status=old.status,
        to_status=sheet.status,
        note=note,
        made_by=by,
    )
    for row in (*old.scores.all(), *old.adjustments.all()):
        papers = list(row.evidence.all())
        row.pk, row._state.adding, row.sheet = None, True, sheet
        if isinstance(row, Score):
            _carry_final(row)
        row.save()
        row.evidence.set(papers)
    check = SpotCheck.objects.filter(sheet=old).first()
    if check:
        papers = list(check.evidence.all())
        check.pk, check._state.adding, check.sheet = None, True, sheet
        check.save()
        check.evidence.set(papers)


def _carry_final(score):
    """Let what an objection changed stand as the county's points in the new issue."""
    final, score.final_points = score.final_points, None
    if final is None or final == score.points_now:
        return
    score.county_points, score.county_reason = (
        final,
        score.county_reason or _("as confirmed in the first issue"),
    )
    score.check_points, score.check_reason = None, ""
    score.check_by = score.check_at = None
