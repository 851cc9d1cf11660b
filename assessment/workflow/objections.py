"""Objections 异议 of a station to its published result, and what became of them (clock 34)."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files import evidence as evidence_store
from stations.models import DayOff

from .. import running
from ..models import Objection
from ..terms import ObjectionStatus
from .moves import MoveRefused, begin, complete, lock_sheet, said
from .sheets import set_final


@transaction.atomic
def file_objection(sheet, *, by, text, score=None, wanted_points=None, files=()):
    """Object to one line of a published sheet, or to the whole, until the last day for it.

    Raises MoveRefused; a second objection to the same line waits for the first.
    """
    sheet = begin("object", sheet)
    year, today = sheet.year, timezone.localdate()
    if today > year.objections_to:
        raise MoveRefused(_("The days for objections are over."))
    text = said(text, _("Write what is objected to, and why."))
    calendar = DayOff.objects.calendar(year.county)
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                sheet=sheet,
                score=score,
                text=text,
                wanted_points=wanted_points,
                filed_by=by,
                due_on=calendar.add_working_days(today, year.standard.objection_days),
            )
    except IntegrityError as twice:
        raise MoveRefused(_("An objection to this line is already open.")) from twice
    for file in files:
        objection.evidence.add(evidence_store.add_bytes(sheet.station, file, by=by))
    complete("object", sheet, by=by, note=text[:1000])
    return objection


@transaction.atomic
def decide(objection, *, by, is_accepted, decision, score=None, points=None):
    """Accept an objection and change its line, or refuse it; by somebody who gave no score there.

    `score` names the line to change where the objection was to the whole. Raises MoveRefused.
    """
    sheet = lock_sheet(objection.sheet)
    objection = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("score__indicator")
        .get(pk=objection.pk)
    )
    if objection.status != ObjectionStatus.FILED:
        raise MoveRefused(_("This objection is decided already."))
    line = objection.score or score
    if by.pk in {objection.filed_by_id, sheet.scored_by_id} or (
        line and by.pk in {line.county_by_id, line.self_by_id}
    ):
        raise MoveRefused(
            _("You took part in this score. Another person decides the objection.")
        )
    objection.decision = said(decision, _("Write the decision and its reasons."))
    if is_accepted:
        if line is None or points is None:
            raise MoveRefused(_("Say which line is changed, and to how many points."))
        set_final(line, points, reason=objection.decision[:500], by=by)
    objection.status = ObjectionStatus.ACCEPTED if is_accepted else ObjectionStatus.REJECTED
    objection.score = line if is_accepted else objection.score
    objection.decided_by, objection.decided_at = by, timezone.now()
    objection.save()
    if not sheet.objections.waiting().exists():
        complete("settle", sheet, by=by, note=objection.decision[:1000])
    if is_accepted:
        running.add_up(sheet.year, sheets=[sheet])
    return objection
