"""Acts on accounts and appointments: create, reset, close, appoint, end. Each leaves a trace."""

import secrets

from axes.utils import reset as unlock
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import chores
from ..errands import look_at_walls_later
from ..models import Appointment, ChoreKind, Look, LookKind, User
from ..privacy import keyed_hash

# Letters and digits that nobody mistakes for one another when read aloud or written down.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"


class AccountRefused(Exception):
    """A plain sentence why this cannot be done with this account now."""


def first_password():
    """Return a random password to hand over on paper, like khrw-4827-Mpqt; used once."""
    groups = [(_LETTERS, 4), (_DIGITS, 4), (_LETTERS, 4)]
    parts = ["".join(secrets.choice(signs) for _n in range(n)) for signs, n in groups]
    return "-".join([*parts[:2], parts[2].capitalize()])


def trace(user, *, by, subject, reason=""):
    """Leave an act on an account in the log of looks."""
    Look.objects.create(
        kind=LookKind.ACCOUNT,
        user=by,
        county=by.county,
        subject=f"user:{user.pk} {subject}",
        reason=reason,
    )


@transaction.atomic
def create(user, *, by):
    """Save a new account. Returns the password to hand over, which must be changed at once.

    Raises AccountRefused when somebody has just taken its name.
    """
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.created_by = by
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise AccountRefused(
            _("Somebody already has this account. Choose another name for it.")
        ) from error
    trace(user, by=by, subject="created")
    return password


@transaction.atomic
def reset_password(user, *, by):
    """Give a new password, end the lock-out. Returns the password to hand over."""
    _not_oneself(user, by)
    password = first_password()
    user.change_password(password, must_change=True)
    unlock(username=keyed_hash(user.username))
    trace(user, by=by, subject="password reset")
    return password


@transaction.atomic
def close(user, *, by):
    """Close an account: sign-in is refused from now on; everything it did stays."""
    _not_oneself(user, by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    trace(user, by=by, subject="closed")


@transaction.atomic
def reopen(user, *, by):
    User.objects.filter(pk=user.pk).update(is_active=True)
    trace(user, by=by, subject="reopened")


@transaction.atomic
def appoint(appointment, *, by):
    """Save a new appointment.

    Raises AccountRefused for oneself, and for a role the person already holds there.
    """
    _not_oneself(appointment.user, by)
    appointment.given_by = by
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        raise AccountRefused(_("This person already holds this role here.")) from error
    _tell_the_station(appointment)
    trace(appointment.user, by=by, subject=f"appointed {appointment.role}")
    return appointment


@transaction.atomic
def end_appointment(appointment, *, by, last_day):
    """End an appointment with its last day. Raises AccountRefused when it has ended already."""
    current = (
        Appointment.objects.select_for_update(of=("self",))
        .prefetch_related("station__county")
        .get(pk=appointment.pk)
    )
    _not_oneself(current.user, by)
    if current.to_on and current.to_on < timezone.localdate():
        raise AccountRefused(_("This appointment has already ended."))
    if last_day < current.from_on:
        raise AccountRefused(_("The last day is before the first day."))
    current.to_on = last_day
    current.ended_by = by
    current.save(update_fields=["to_on", "ended_by"])
    _tell_the_station(current)
    trace(current.user, by=by, subject=f"ended {current.role}")
    return current


def _tell_the_station(appointment):
    """Its people stand on its wall by name; posts, hours and rules read are counted by them."""
    if station := appointment.station:
        look_at_walls_later(station.county)
        chores.refresh_later(station, ChoreKind.STAFFING, ChoreKind.RULES, ChoreKind.TRAINING)


def _not_oneself(user, by):
    if user.pk == by.pk:
        raise AccountRefused(_("Nobody does this with their own account; ask a colleague."))
