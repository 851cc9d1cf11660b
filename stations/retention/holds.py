"""Holds 暂缓销毁: set on a record or on its person, lifted with a reason, never overwritten."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Hold
from .keepers import keeper_of_target, pseudonym


class HoldRefused(Exception):
    """A plain sentence why a hold cannot be set or lifted now."""


def hold_on(target, record_id):
    """Return the hold on a record that nobody has lifted, or None."""
    return (
        Hold.objects.filter(target=target, record_id=record_id, lifted_at=None)
        .select_related("set_by")
        .first()
    )


@transaction.atomic
def set_hold(target, record, *, county, reason, by, until_on=None, is_of_person=False):
    """Hold a record, or all there is of its person, from today. Returns the `Hold`.

    A second press finds the first one's. Raises HoldRefused for what has been destroyed, and for a
    person without a number to be found by.
    """
    keeper = keeper_of_target(target)
    # The carrying out locks what it empties: this comes before it or finds it done.
    record = keeper.model._base_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if record.destroyed_on:
        raise HoldRefused(_("It has been destroyed already; there is nothing left to hold."))
    if there := hold_on(target, record.pk):
        if there.state_on(timezone.localdate()) != "over":
            return there
        _lift(there, by=by, reason=_("its time was over"))
    hashes = _hashes_of(keeper, record) if is_of_person else []
    if is_of_person and not hashes:
        raise HoldRefused(
            _("No number of this person is known, so only this record can be held.")
        )
    return Hold.objects.create(
        county=county,
        target=target,
        record_id=record.pk,
        label=str(record),
        person_hashes=hashes,
        reason=reason,
        until_on=until_on,
        set_by=by,
    )


def _hashes_of(keeper, record):
    """The person's hashes as they stand in records, with their numbers and after these are gone."""
    known = {getattr(record, column) for column in keeper.person} - {""}
    return sorted(known | {pseudonym(each) for each in known})


@transaction.atomic
def lift(hold, *, by, reason):
    """Lift a hold; from then on its record falls due like any other."""
    hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.lifted_at:
        raise HoldRefused(_("This hold has been lifted already."))
    return _lift(hold, by=by, reason=reason)


def _lift(hold, *, by, reason):
    hold.lifted_by, hold.lifted_at, hold.lift_reason = by, timezone.now(), reason
    hold.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    return hold
