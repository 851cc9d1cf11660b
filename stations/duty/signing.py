"""Signing in and out at the station: the code on its wall and one's own account; no location.

The code is the same for ever, so that it can be printed; it says only that somebody stood before it.
What is kept is the time of the server.
"""

import hmac
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import DutySlot
from ..privacy import keyed_hash
from ..terms import DutyChangeKind
from .people import DutyRefused
from .slots import locked_slot, note_change

# Letters and figures nobody confuses when reading them off a wall.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
# One signs in from an hour before the half-day until it ends, and out until three hours after.
EARLIEST_IN = timedelta(hours=1)
LATEST_OUT = timedelta(hours=3)


def station_code(station):
    """Return the eight signs on the card of a station."""
    digest = keyed_hash(f"duty:{station.pk}").encode()
    number = int.from_bytes(digest, "big")
    signs = []
    for _n in range(CODE_LENGTH):
        number, rest = divmod(number, len(LETTERS))
        signs.append(LETTERS[rest])
    return "".join(signs)


def is_code_of(station, typed):
    """Whether somebody typed or scanned the code of this station; small letters will do."""
    plain = "".join((typed or "").split()).upper()
    return hmac.compare_digest(plain.encode(), station_code(station).encode())


def desk_path(station):
    """The address in the QR code on the wall."""
    return reverse("stations:duty_desk", args=[station.pk, station_code(station)])


def slots_today(user, station=None):
    """One's own published half-days of today, in order; at one station or at all."""
    slots = (
        DutySlot.objects.of(user)
        .published()
        .standing()
        .filter(day=timezone.localdate())
        .select_related("station", "duty_month__county", "worker")
        .order_by("half")
    )
    return slots.filter(station=station) if station else slots


def may_sign_in(slot, now):
    return slot.signed_in_at is None and slot.starts_at - EARLIEST_IN <= now <= slot.ends_at


def may_sign_out(slot, now):
    return (
        slot.signed_in_at is not None
        and slot.signed_out_at is None
        and now <= slot.ends_at + LATEST_OUT
    )


def _own(slot, *, by, code):
    slot = locked_slot(slot)
    if slot.worker is None or slot.worker.user_id != by.pk or slot.absence:
        raise DutyRefused(_("This half-day is not yours."))
    if not slot.duty_month.is_published:
        raise DutyRefused(_("This roster is a draft still."))
    if not is_code_of(slot.station, code):
        raise DutyRefused(
            _("This is not the code of %(station)s. Scan the one on its wall.")
            % {"station": slot.station.short_name}
        )
    return slot


@transaction.atomic
def sign_in(slot, *, by, code):
    """Sign in for one's half-day; pressed again it changes nothing. Returns the half-day."""
    slot = _own(slot, by=by, code=code)
    now = timezone.now()
    if slot.signed_in_at:
        return slot
    if not may_sign_in(slot, now):
        raise DutyRefused(
            _("One signs in from %(first)s to %(last)s on the day.")
            % {
                "first": f"{timezone.localtime(slot.starts_at - EARLIEST_IN):%H:%M}",
                "last": f"{timezone.localtime(slot.ends_at):%H:%M}",
            }
        )
    slot.signed_in_at = now
    slot.save(update_fields=["signed_in_at"])
    return slot


@transaction.atomic
def sign_out(slot, *, by, code):
    """Sign out of one's half-day; pressed again it changes nothing. Returns the half-day."""
    slot = _own(slot, by=by, code=code)
    now = timezone.now()
    if slot.signed_out_at:
        return slot
    if slot.signed_in_at is None:
        raise DutyRefused(_("Sign in first."))
    if not may_sign_out(slot, now):
        raise DutyRefused(
            _("One signs out until %(last)s on the day; what is signed in counts.")
            % {"last": f"{timezone.localtime(slot.ends_at + LATEST_OUT):%H:%M}"}
        )
    slot.signed_out_at = now
    slot.save(update_fields=["signed_out_at"])
    return slot


# ── Set right by the head ───────────────────────────────────────────────────────────────


@transaction.atomic
def set_right(slot, *, by, signed_in_at, signed_out_at, reason):
    """Set the times of a half-day right, for whoever could not sign; the ones before stay written.

    By somebody else than the person, with a reason, within the hours one could have signed in.
    Without times it counts as not stood. Raises DutyRefused.
    """
    slot = locked_slot(slot)
    if not slot.duty_month.is_published:
        raise DutyRefused(_("This roster is a draft still."))
    if slot.worker is None or slot.absence:
        raise DutyRefused(_("Nobody stood here whose times could be set right."))
    if slot.worker.user_id == by.pk:
        raise DutyRefused(
            _("Your own times are set right by somebody else, the head or the center.")
        )
    before = slot.signed_in_at, slot.signed_out_at
    if before == (signed_in_at, signed_out_at):
        return slot
    if not reason.strip():
        raise DutyRefused(_("Write in a few words why the times are set right."))
    _refuse_impossible_times(slot, signed_in_at, signed_out_at)
    slot.signed_in_at, slot.signed_out_at = signed_in_at, signed_out_at
    slot.signing_set_by = by if signed_in_at else None
    slot.save(update_fields=["signed_in_at", "signed_out_at", "signing_set_by"])
    note_change(
        slot,
        slot.worker,
        slot.worker,
        by=by,
        reason=reason,
        kind=DutyChangeKind.SIGNED,
        in_before=before[0],
        out_before=before[1],
        in_after=signed_in_at,
        out_after=signed_out_at,
    )
    return slot


def _refuse_impossible_times(slot, signed_in_at, signed_out_at):
    earliest, latest = slot.starts_at - EARLIEST_IN, slot.ends_at + LATEST_OUT
    if signed_out_at and not signed_in_at:
        raise DutyRefused(_("Write when the person came, too."))
    if max(filter(None, [signed_in_at, signed_out_at]), default=earliest) > timezone.now():
        raise DutyRefused(_("This time has not come yet."))
    if signed_in_at and not earliest <= signed_in_at <= slot.ends_at:
        raise DutyRefused(
            _("One signs in from %(first)s to %(last)s on the day.")
            % {
                "first": f"{timezone.localtime(earliest):%H:%M}",
                "last": f"{timezone.localtime(slot.ends_at):%H:%M}",
            }
        )
    if signed_out_at and not signed_in_at <= signed_out_at <= latest:
        raise DutyRefused(
            _("One signs out after signing in, until %(last)s on the day.")
            % {"last": f"{timezone.localtime(latest):%H:%M}"}
        )
