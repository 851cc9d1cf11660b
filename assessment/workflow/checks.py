"""The city's spot check 市抽查: drawn at random with the seed kept, findings line by line."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files import evidence as evidence_store

from .. import running, scoring
from ..models import ScoreChange, SpotCheck
from ..terms import ScoreStage, SheetStatus, YearStatus
from ..wording import plain
from .moves import MoveRefused, begin_year, complete, complete_year, lock_sheet, said
from .years import missing_to_draw


@transaction.atomic
def draw(year, *, by):
    """Draw the share of stations that the city looks at; the year stands at the spot check.

    Raises MoveRefused until the county has scored every sheet.
    """
    year = begin_year("draw", year)
    sheets = {
        sheet.station.code: sheet
        for sheet in year.sheets.select_for_update(of=("self",)).select_related("station")
    }
    if missing := missing_to_draw(year, list(sheets.values())):
        raise MoveRefused(missing[0].text)
    seed = secrets.token_hex(8)
    chosen = scoring.drawn(sheets, percent=year.standard.spot_check_percent, seed=seed)
    SpotCheck.objects.bulk_create(
        SpotCheck(sheet=sheets[code], seed=seed, drawn_by=by) for code in chosen
    )
    return complete_year("draw", year, by=by, note=seed)


def _begin_check(check):
    """Lock the sheet and read the check anew; refused once it is finished or not its time."""
    sheet = lock_sheet(check.sheet)
    if sheet.year.status != YearStatus.SPOT_CHECKING:
        raise MoveRefused(
            _("This year is now “%(status)s”, so this cannot be done.")
            % {"status": sheet.year.get_status_display()}
        )
    check = SpotCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if check.done_at:
        raise MoveRefused(_("This spot check is finished already."))
    check.sheet = sheet
    return check


@transaction.atomic
def note_check(check, lines, *, by, visited_on=None, findings="", files=()):
    """Keep what was found on site so far: {score id: Typed}; lines found right have no points.

    The city's points stand before the county's; each needs what was found. Raises MoveRefused.
    """
    check = _begin_check(check)
    now = timezone.now()
    for score in check.sheet.scores.select_related("indicator"):
        typed = lines.get(score.pk)
        if typed is None or (typed.points, typed.words) == (
            score.check_points,
            score.check_reason,
        ):
            continue
        _give_check_points(score, typed, by=by, now=now)
    check.visited_on = visited_on or check.visited_on
    check.findings = findings
    check.save()
    for file in files:
        check.evidence.add(evidence_store.add_bytes(check.sheet.station, file, by=by))
    running.add_up(check.sheet.year, sheets=[check.sheet])
    return check


def _give_check_points(score, typed, *, by, now):
    if typed.points is not None and not 0 <= typed.points <= score.indicator.points:
        raise MoveRefused(
            _("%(code)s has 0 to %(most)s points.")
            % {"code": score.indicator.code, "most": plain(score.indicator.points)}
        )
    if typed.points is not None and not typed.words:
        raise MoveRefused(_("Say what was found on %(code)s.") % {"code": score.indicator.code})
    if by.pk in {score.self_by_id, score.county_by_id}:
        raise MoveRefused(_("You have scored this line already. This takes another person."))
    old, score.check_points, score.check_reason = score.check_points, typed.points, typed.words
    is_given = typed.points is not None
    score.check_by, score.check_at = (by, now) if is_given else (None, None)
    score.save(update_fields=["check_points", "check_reason", "check_by", "check_at"])
    if old != typed.points:
        ScoreChange.objects.create(
            score=score,
            stage=ScoreStage.SPOT_CHECK,
            old_points=old,
            new_points=typed.points,
            reason=typed.words,
            made_by=by,
        )


@transaction.atomic
def finish_check(check, *, by):
    """Finish a spot check: the day of the visit and the findings are there."""
    check = _begin_check(check)
    if not check.visited_on:
        raise MoveRefused(_("Write the day of the visit."))
    check.findings = said(check.findings, _("Write what was found on site."))
    if check.sheet.status != SheetStatus.COUNTY_SCORED:
        raise MoveRefused(
            _("The county has taken this sheet up again. Finish once it has scored it.")
        )
    check.done_by, check.done_at = by, timezone.now()
    check.save()
    complete("check", check.sheet, by=by)
    return check
