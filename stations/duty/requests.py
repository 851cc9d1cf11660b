"""What duty persons ask for: days away, and swaps. Rules 4.4: both agree, then the station head.

Leave counts only once it is approved. A swap that can no longer be made is refused with a sentence.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import chores
from ..models import AidWorker, Away, ChoreKind, DutySlot, RequestState, Swap
from ..roles import MAY, Ability
from ..sayings import saying
from ..terms import SlotOrigin
from .people import DutyRefused, bar_of, busy, people_of, plans_at, sentence
from .roster import HARD, Bar
from .slots import end_swaps, locked_slot, note_absence, note_change, refuse_unless_to_come

# Nobody asks for more than this at once; longer absences are a matter for the panel.
MOST_DAYS = 92


def worker_of(user):
    """The panel's entry of somebody's own account, or None."""
    return (
        AidWorker.objects.on_duty_panel(timezone.localdate())
        .filter(user=user)
        .select_related("unit__county__division")
        .order_by("pk")
        .first()
    )


# ── Days away ───────────────────────────────────────────────────────────────────────────


def may_decide_away(user, away):
    """The center of their county, or the head of a station they come to or stand duty at."""
    county = away.worker.unit.county_id
    for post in user.posts:
        if Ability.PLAN_ROSTER not in MAY[post.role]:
            continue
        if post.county_id == county:
            return True
        if post.station_id and _touches(away, post.station_id):
            return True
    return False


def _touches(away, station):
    return (
        away.worker.duty_stations.filter(pk=station).exists()
        or away.worker.duty_slots.filter(station=station).exists()
    )


@transaction.atomic
def ask_away(away, *, by):
    """Keep what was asked for; it counts once it is approved. Returns it."""
    if (away.to_on - away.from_on).days > MOST_DAYS:
        raise DutyRefused(_("This is more than three months. Change the panel instead."))
    if away.to_on < timezone.localdate():
        raise DutyRefused(_("These days are over."))
    same = away.worker.aways.filter(
        from_on=away.from_on,
        to_on=away.to_on,
        half=away.half,
        state__in=[RequestState.ASKED, RequestState.APPROVED],
    ).first()
    if same:
        # The button was pressed twice.
        return same
    away.asked_by = by
    away.save(force_insert=True)
    chores.refresh_later(away.worker.unit.county, ChoreKind.ROSTER)
    return away


def _locked_away(away):
    current = (
        Away.objects.select_for_update(of=("self",))
        .select_related("worker__unit__county")
        .get(pk=away.pk)
    )
    if current.state != RequestState.ASKED:
        raise DutyRefused(
            _("This was decided already: %(state)s.") % {"state": current.get_state_display()}
        )
    return current


@transaction.atomic
def decide_away(away, *, by, is_approved, answer=""):
    """Approve or refuse days away. Approved, the half-days that fall on them are given free.

    In a draft the name is taken out; in a published month an absence is noted, told when it was
    asked for. Returns how many half-days that were.
    """
    away = _locked_away(away)
    if not is_approved and not answer.strip():
        raise DutyRefused(_("Write in a few words why not."))
    away.state = RequestState.APPROVED if is_approved else RequestState.REFUSED
    away.answer, away.decided_at, away.decided_by = answer.strip()[:120], timezone.now(), by
    away.save()
    chores.refresh_later(away.worker.unit.county, ChoreKind.ROSTER)
    return _set_free(away, by=by) if is_approved else 0


def _set_free(away, *, by):
    fallen = 0
    for slot in (
        away.worker.duty_slots.standing()
        .filter(
            day__range=(max(away.from_on, timezone.localdate()), away.to_on), signed_in_at=None
        )
        .order_by("duty_month_id", "pk")
    ):
        if not away.covers(slot.day, slot.half):
            continue
        slot = locked_slot(slot)
        if slot.worker_id != away.worker_id or slot.is_stood or slot.absence:
            continue
        fallen += 1
        if slot.duty_month.is_published:
            note_absence(slot, by=by, told_at=away.asked_at, reason=away.get_kind_display())
            continue
        slot.worker, slot.origin = None, SlotOrigin.PLANNED
        slot.why_open = saying(gettext_lazy("%(name)s cannot come."), name=away.worker.name)
        slot.save()
    return fallen


@transaction.atomic
def withdraw_away(away, *, by):
    away = _locked_away(away)
    away.state, away.decided_at, away.decided_by = RequestState.WITHDRAWN, timezone.now(), by
    away.save()
    chores.refresh_later(away.worker.unit.county, ChoreKind.ROSTER)
    return away


# ── Swaps ───────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def ask_swap(slot, *, by, colleague, other=None, reason=""):
    """Ask a colleague to take a half-day over, or to exchange it for one of theirs."""
    slot = locked_slot(slot)
    if slot.worker is None or slot.worker.user_id != by.pk:
        raise DutyRefused(_("This half-day is not yours."))
    if not slot.duty_month.is_published:
        raise DutyRefused(_("This roster is a draft. Ask for the days off instead."))
    refuse_unless_to_come(slot)
    swap = Swap(
        slot=slot,
        asker=slot.worker,
        colleague=colleague,
        other=other,
        reason=reason.strip()[:120],
        asked_by=by,
    )
    _refuse_impossible(swap)
    try:
        with transaction.atomic():
            swap.save()
    except IntegrityError:
        raise DutyRefused(_("A swap of this half-day is already waiting.")) from None
    return swap


def _refuse_impossible(swap):
    """Raise DutyRefused when one of the two may not stand where the swap would put them."""
    if swap.colleague_id == swap.asker_id:
        raise DutyRefused(_("Choose a colleague."))
    pairs = [(swap.slot, swap.colleague)]
    if swap.other:
        if swap.other.worker_id != swap.colleague_id:
            raise DutyRefused(
                _("%(name)s no longer stands that half-day.") % {"name": swap.colleague.name}
            )
        refuse_unless_to_come(swap.other)
        if not swap.other.duty_month.is_published:
            raise DutyRefused(_("The other half-day stands in a draft still."))
        pairs.append((swap.other, swap.asker))
    both = [slot.pk for slot, _worker in pairs]
    for slot, worker in pairs:
        county = slot.duty_month.county
        person = people_of(county, slot.duty_month.month, only=[worker.pk])[worker.pk]
        why = bar_of(county, person, slot)
        if why not in HARD and worker.pk in busy(slot, without=both):
            why = Bar.ELSEWHERE
        if why in HARD:
            raise DutyRefused(sentence(worker.name, why))


def _locked_swap(swap, *states):
    current = (
        Swap.objects.select_for_update(of=("self",))
        .select_related("asker", "colleague", "slot", "other")
        .get(pk=swap.pk)
    )
    if current.state not in states and current.state == RequestState.ASKED:
        raise DutyRefused(_("The colleague has not agreed yet."))
    if current.state not in states:
        raise DutyRefused(
            _("This was decided already: %(state)s.") % {"state": current.get_state_display()}
        )
    return current


def may_agree(user, swap):
    """The colleague; for one without an account whoever plans, who has it on paper."""
    if swap.colleague.user_id:
        return swap.colleague.user_id == user.pk
    return plans_at(user, swap.slot.station)


@transaction.atomic
def agree_swap(swap, *, by):
    swap = _locked_swap(swap, RequestState.ASKED)
    swap.state, swap.agreed_at, swap.agreed_by = RequestState.AGREED, timezone.now(), by
    swap.save()
    chores.refresh_later(swap.slot.station, ChoreKind.ROSTER)
    return swap


@transaction.atomic
def approve_swap(swap, *, by):
    """The head agrees: the half-days change hands, each with its dated change."""
    # The half-days first, in one order for everybody: who changes one ends its swaps after that.
    places = sorted(
        filter(None, [swap.slot, swap.other]), key=lambda slot: (slot.duty_month_id, slot.pk)
    )
    locked = {place.pk: locked_slot(place) for place in places}
    swap = _locked_swap(swap, RequestState.AGREED)
    swap.slot = locked[swap.slot_id]
    swap.other = locked.get(swap.other_id)
    if swap.slot.worker_id != swap.asker_id:
        raise DutyRefused(_("The half-day has changed hands."))
    refuse_unless_to_come(swap.slot)
    _refuse_impossible(swap)
    swap.state, swap.decided_at, swap.decided_by = RequestState.APPROVED, timezone.now(), by
    swap.save()
    # Out of both places first: nobody may stand in two at once, not even for a moment.
    DutySlot.objects.filter(pk__in=locked).update(worker=None)
    reason = _("Swapped") if swap.other else _("Taken over")
    for slot, before, after in [
        (swap.slot, swap.asker, swap.colleague),
        *([(swap.other, swap.colleague, swap.asker)] if swap.other else []),
    ]:
        slot.worker, slot.origin, slot.why_open = after, SlotOrigin.SWAPPED, ""
        slot.save()
        note_change(slot, before, after, by=by, reason=swap.reason or reason)
        end_swaps(slot, by=by)
    return swap


@transaction.atomic
def refuse_swap(swap, *, by, answer=""):
    swap = _locked_swap(swap, RequestState.ASKED, RequestState.AGREED)
    return _end(swap, RequestState.REFUSED, by=by, answer=answer)


@transaction.atomic
def withdraw_swap(swap, *, by):
    swap = _locked_swap(swap, RequestState.ASKED, RequestState.AGREED)
    return _end(swap, RequestState.WITHDRAWN, by=by)


def _end(swap, state, *, by, answer=""):
    swap.state, swap.decided_at, swap.decided_by = state, timezone.now(), by
    swap.answer = answer.strip()[:120]
    swap.save()
    chores.refresh_later(swap.slot.station, ChoreKind.ROSTER)
    return swap
