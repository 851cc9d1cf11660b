"""One half-day of duty: who stands it, who was absent, who stands in. Rules 4.4, clock 31.

Every change of a published half-day is one dated `DutyChange`.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import chores
from ..models import (
    ChoreKind,
    DutyChange,
    DutyMonth,
    DutySlot,
    RequestState,
    StationDuty,
    SubsidySheet,
)
from ..models.duty import NOTICE
from ..sayings import saying
from ..terms import Absence, DutyChangeKind, SlotOrigin
from .months import locked_month
from .people import DutyRefused, refuse_barred


def locked_slot(slot):
    """The half-day as it stands now, locked with its month, which is locked first as when publishing.

    Raises DutyRefused when it is gone, or the subsidies of its month are settled.
    """
    DutyMonth.objects.select_for_update(of=("self",)).get(pk=slot.duty_month_id)
    current = (
        DutySlot.objects.select_for_update(of=("self",))
        .select_related("duty_month__county", "station__county", "worker")
        .filter(pk=slot.pk)
        .first()
    )
    if current is None:
        raise DutyRefused(_("The roster was planned anew; this half-day is gone."))
    if SubsidySheet.objects.filter(
        county=current.duty_month.county_id, month=current.duty_month.month
    ).exists():
        raise DutyRefused(_("The subsidies of this month are settled; it changes no more."))
    return current


def refuse_unless_to_come(slot):
    """Raise DutyRefused when the half-day is gone, was signed for, or somebody was absent."""
    if slot.absence:
        raise DutyRefused(_("An absence is noted here. Change who stands in instead."))
    if slot.is_stood:
        raise DutyRefused(
            _("%(name)s has signed in here; it changes no more.") % {"name": slot.worker.name}
        )
    if slot.day < timezone.localdate():
        raise DutyRefused(_("This day is over. Note an absence, if somebody was not there."))


@transaction.atomic
def set_worker(slot, worker, *, by, reason=""):
    """Put somebody, or nobody, on a half-day; once published with a reason, as a dated change."""
    slot = locked_slot(slot)
    if slot.worker_id == (worker.pk if worker else None):
        return slot
    refuse_unless_to_come(slot)
    if slot.duty_month.is_published and not reason.strip():
        raise DutyRefused(_("The roster is published. Write in a few words why it changes."))
    if worker:
        refuse_barred(slot, worker)
    before = slot.worker
    slot.worker = worker
    slot.why_open = "" if worker else gettext_lazy("Left open by hand.")
    slot.origin = SlotOrigin.SUBSTITUTE if slot.duty_month.is_published else SlotOrigin.BY_HAND
    _save(slot)
    end_swaps(slot, by=by)
    if slot.duty_month.is_published:
        note_change(slot, before, worker, by=by, reason=reason)
    return slot


def _save(slot):
    try:
        with transaction.atomic():
            slot.save()
    except IntegrityError:
        raise DutyRefused(
            _("Somebody changed this half-day or this person's duties just now. Look again.")
        ) from None


def note_change(slot, before, after, *, by, reason, **noted):
    """Write the dated row of a change in a published month, and find anew what is owed.

    `noted` are further fields of `DutyChange`: its kind, and what stood there before.
    """
    DutyChange.objects.create(
        slot=slot,
        changed_by=by,
        from_worker=before,
        to_worker=after,
        reason=reason.strip()[:120],
        **noted,
    )
    chores.refresh_later(slot.station, ChoreKind.ROSTER)


def end_swaps(slot, *, by):
    """Withdraw swaps that wait for a half-day which has changed hands."""
    for swaps in (slot.swaps, slot.swaps_for):
        swaps.filter(state__in=[RequestState.ASKED, RequestState.AGREED]).update(
            state=RequestState.WITHDRAWN,
            decided_at=timezone.now(),
            decided_by=by,
            answer=_("The half-day has changed hands."),
        )


@transaction.atomic
def exchange(slot, other, *, by):
    """Exchange who stands two half-days of one draft; done once more it is undone. Returns both.

    Raises DutyRefused when the roster is published, or one of the two may not stand there.
    """
    if slot.duty_month_id != other.duty_month_id:
        raise DutyRefused(_("These half-days stand in two months. Change each by itself."))
    # In one order for everybody, so that two exchanges never wait for one another.
    pks = sorted({slot.pk, other.pk})
    locked = [locked_slot(each) for pk in pks for each in (slot, other) if each.pk == pk]
    slot, other = sorted(locked, key=lambda each: each.pk != slot.pk)
    if slot.duty_month.is_published:
        raise DutyRefused(
            _(
                "The roster is published. Ask for a swap, or change each half-day with its reason."
            )
        )
    refuse_unless_to_come(slot)
    refuse_unless_to_come(other)
    before = slot.worker, other.worker
    if slot.worker_id == other.worker_id:
        return slot, other
    for place, worker in ((slot, other.worker), (other, slot.worker)):
        if worker:
            refuse_barred(place, worker, without=pks)
    # Out of both places first: nobody may stand in two at once, not even for a moment.
    DutySlot.objects.filter(pk__in=pks).update(worker=None)
    for place, worker in zip((slot, other), reversed(before), strict=True):
        place.worker, place.origin = worker, SlotOrigin.BY_HAND
        place.why_open = "" if worker else gettext_lazy("Left open by hand.")
        _save(place)
    return slot, other


@transaction.atomic
def add_slot(county, month, *, station, day, half, by):
    """Add a half-day nobody stands yet. Raises DutyRefused when it is there, or is over."""
    duty_month = locked_month(county, month)
    if day < timezone.localdate():
        raise DutyRefused(_("This day is over."))
    slot = DutySlot(
        duty_month=duty_month,
        station=station,
        day=day,
        half=half,
        origin=SlotOrigin.BY_HAND,
        why_open=gettext_lazy("Added by hand; nobody is chosen yet."),
    )
    try:
        with transaction.atomic():
            slot.save()
    except IntegrityError:
        raise DutyRefused(_("The station already has this half-day.")) from None
    if duty_month.is_published:
        note_change(slot, None, None, by=by, reason=_("Half-day added"))
    return slot


@transaction.atomic
def drop_slot(slot, *, by):
    """Take a half-day out of a draft; in a published month it stays and is left open instead."""
    slot = locked_slot(slot)
    if slot.duty_month.is_published:
        raise DutyRefused(_("The roster is published. Leave the half-day open instead."))
    slot.delete()


# ── Absence ─────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def note_absence(slot, *, by, told_at=None, reason="", substitute=None):
    """Note that somebody cannot come, or did not; and who stands in. Returns the half-day.

    Told at least a day before it begins it is an absence with notice (clock 31), else without. For
    what is not over yet a half-day to fill takes its place, named or open.
    """
    slot = locked_slot(slot)
    if not slot.duty_month.is_published:
        raise DutyRefused(_("This roster is a draft. Change the name instead."))
    if slot.worker is None:
        raise DutyRefused(_("Nobody stands here who could be absent."))
    if slot.absence:
        raise DutyRefused(_("This absence is noted already."))
    if slot.is_stood:
        raise DutyRefused(
            _("%(name)s has signed in here; it changes no more.") % {"name": slot.worker.name}
        )
    is_told = told_at is not None and told_at <= slot.starts_at - NOTICE
    slot.absence = Absence.TOLD if is_told else Absence.UNTOLD
    slot.told_at, slot.absence_reason, slot.absence_by = told_at, reason[:120], by
    slot.save(update_fields=["absence", "told_at", "absence_reason", "absence_by"])
    end_swaps(slot, by=by)
    if substitute or slot.ends_at > timezone.now():
        _stand_in(slot, substitute)
    note_change(
        slot,
        slot.worker,
        substitute,
        by=by,
        reason=reason or slot.get_absence_display(),
        kind=DutyChangeKind.ABSENT,
        absence=slot.absence,
        told_at=told_at,
    )
    return slot


def _stand_in(slot, substitute):
    # One that was called off, when an absence noted before was taken back, is taken up again.
    place = DutySlot.objects.filter(stands_in_for=slot).first() or DutySlot(
        duty_month=slot.duty_month,
        station=slot.station,
        day=slot.day,
        half=slot.half,
        stands_in_for=slot,
    )
    place.worker, place.origin = substitute, SlotOrigin.SUBSTITUTE
    place.absence, place.absence_by = "", None
    place.why_open = (
        ""
        if substitute
        else saying(gettext_lazy("%(name)s cannot come."), name=slot.worker.name)
    )
    if substitute:
        refuse_barred(place, substitute)
    _save(place)


@transaction.atomic
def take_back_absence(slot, *, by, reason):
    """Take an absence back that was noted by mistake; what was noted stays in the history.

    Whoever was to stand in is needed no more. Raises DutyRefused when they have signed in.
    """
    slot = locked_slot(slot)
    if slot.absence in {"", Absence.CALLED_OFF}:
        raise DutyRefused(_("No absence is noted here."))
    if not reason.strip():
        raise DutyRefused(_("Write in a few words why it is taken back."))
    if slot.ends_at > timezone.now():
        refuse_barred(slot, slot.worker)
    place = (
        DutySlot.objects.select_for_update(of=("self",))
        .select_related("station", "worker")
        .filter(stands_in_for=slot)
        .first()
    )
    substitute = place.worker if place else None
    if place:
        _call_off(place, by=by, reason=reason)
    noted = {"absence": slot.absence, "told_at": slot.told_at}
    slot.absence, slot.told_at, slot.absence_reason, slot.absence_by = "", None, "", None
    slot.save(update_fields=["absence", "told_at", "absence_reason", "absence_by"])
    note_change(
        slot,
        substitute,
        slot.worker,
        by=by,
        reason=reason,
        kind=DutyChangeKind.PRESENT,
        **noted,
    )
    return slot


def _call_off(place, *, by, reason):
    """Nobody has to stand in here any more."""
    if place.absence == Absence.CALLED_OFF:
        return
    if place.absence:
        raise DutyRefused(
            _("Whoever was to stand in is noted absent too. Take that back first.")
        )
    if place.is_stood:
        raise DutyRefused(
            _("%(name)s stood in here and has signed in; the absence stays.")
            % {"name": place.worker.name}
        )
    end_swaps(place, by=by)
    if place.worker:
        note_change(place, place.worker, None, by=by, reason=reason)
    place.worker, place.why_open = None, ""
    place.absence, place.absence_by = Absence.CALLED_OFF, by
    place.save(update_fields=["worker", "why_open", "absence", "absence_by"])


def save_wish(station, *, half_days, per_week, by):
    """Keep at which half-days a station wants somebody; it holds from the next plan on."""
    return StationDuty.objects.update_or_create(
        station=station,
        defaults={
            "half_days": half_days,
            "per_week": per_week,
            "changed_by": by,
            "changed_at": timezone.now(),
        },
    )[0]
