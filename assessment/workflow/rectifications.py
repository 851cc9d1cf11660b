"""What a station must put right after its assessment 整改: ordered, reported, accepted."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files import evidence as evidence_store

from .. import duties
from ..models import Rectification
from ..terms import PUBLIC_YEARS
from .moves import MoveRefused, lock_sheet, said


@transaction.atomic
def order_rectification(sheet, *, by, text, due_on, indicator=None):
    """Order a station to put something right by a day; only of a result that is out."""
    sheet = lock_sheet(sheet)
    if sheet.year.status not in PUBLIC_YEARS:
        raise MoveRefused(_("Publish the result first; then order what is to be put right."))
    if due_on <= timezone.localdate():
        raise MoveRefused(_("Give the station at least until tomorrow."))
    rectification = Rectification.objects.create(
        sheet=sheet,
        indicator=indicator,
        text=said(text, _("Write what must be put right.")),
        due_on=due_on,
        ordered_by=by,
    )
    duties.refresh_sheet(rectification.sheet)
    return rectification


@transaction.atomic
def report_rectification(rectification, *, by, words, files=()):
    """Tell the county what was done, with photos or papers; it may be told again until accepted."""
    rectification = _lock(rectification)
    rectification.report = said(words, _("Write what was done."))
    rectification.reported_by, rectification.reported_at = by, timezone.now()
    rectification.save()
    for file in files:
        rectification.evidence.add(
            evidence_store.add_bytes(rectification.sheet.station, file, by=by)
        )
    duties.refresh_sheet(rectification.sheet)
    return rectification


@transaction.atomic
def accept_report(rectification, *, by):
    """Accept what was done (销号); by another person than who reported it."""
    rectification = _lock(rectification)
    if not rectification.reported_at:
        raise MoveRefused(_("The station has not reported yet."))
    if rectification.reported_by_id == by.pk:
        raise MoveRefused(_("You reported it. Another person accepts it."))
    rectification.accepted_by, rectification.accepted_at = by, timezone.now()
    rectification.save()
    duties.refresh_sheet(rectification.sheet)
    return rectification


def _lock(rectification):
    rectification = (
        Rectification.objects.select_for_update(of=("self",))
        .select_related("sheet__station__county__division", "sheet__year__county")
        .get(pk=rectification.pk)
    )
    if rectification.accepted_at:
        raise MoveRefused(_("This is accepted already."))
    return rectification
