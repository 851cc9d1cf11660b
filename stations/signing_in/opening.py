"""How a county begins on a site of its own: the county, and its first three administrators.

Everybody else is created and appointed by these on the site's pages.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Appointment, County, Division, Look, LookKind, User
from ..roles import Role
from ..terms import Level
from .accounts import first_password

# In the order in which they are named (三员分立).
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class OpeningRefused(Exception):
    """A plain sentence why the county cannot be opened like this."""


@dataclass(frozen=True)
class Handed:
    """One administrator; no `password` for an account that was there already."""

    user: User
    role: Role
    password: str = ""


@transaction.atomic
def open_county(code, *, short_name, bureau_name="", center_name=""):
    """Return (the county of a division code, whether it is new). One that is there stays as it is.

    Raises OpeningRefused when its divisions are not loaded.
    """
    division = (
        Division.objects.select_for_update(of=("self",))
        .filter(code=code, level=Level.COUNTY, valid_to=None)
        .first()
    )
    if division is None:
        raise OpeningRefused(
            _("There is no county %s yet. Load it first: manage.py load_divisions.") % code
        )
    county = County.objects.filter(division=division).first()
    if county:
        return county, False
    county = County(
        division=division,
        short_name=short_name,
        bureau_name=bureau_name or _("Judicial bureau of %s") % division.name,
        center_name=center_name or _("Legal-aid center of %s") % division.name,
    )
    try:
        county.full_clean()
    except ValidationError as error:
        raise OpeningRefused(" ".join(error.messages)) from error
    county.save()
    return county, True


@transaction.atomic
def give_administrators(county, people, *, of_city=False):
    """Appoint the first three administrators of a county, or of its city; return them as `Handed`.

    `people` are (name, account) of the system, the security and the audit administrator: three
    persons, since each watches the others. Whoever holds the role already keeps it.

    Raises OpeningRefused when somebody else has one of the accounts, or a name cannot be one.
    """
    if len({username for _name, username in people}) < len(ADMINISTRATORS):
        raise OpeningRefused(
            _("The three administrators are three persons with three accounts.")
        )
    place = {"city": county.division.parent} if of_city else {"county": county}
    return [
        _give(role, name, username, county, place)
        for role, (name, username) in zip(ADMINISTRATORS, people, strict=True)
    ]


def _give(role, name, username, county, place):
    user = User.objects.filter(username=username).first()
    if user:
        if user.appointments.current(timezone.localdate()).filter(role=role, **place).exists():
            return Handed(user, role)
        raise OpeningRefused(_("Somebody already has the account %s.") % username)
    password = first_password()
    user = User(username=username, name=name, must_change_password=True)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        raise OpeningRefused(f"{username}: " + " ".join(error.messages)) from error
    user.save()
    Appointment.objects.create(user=user, role=role, from_on=timezone.localdate(), **place)
    Look.objects.create(
        kind=LookKind.ACCOUNT,
        user=None,
        county=county,
        subject=f"user:{user.pk} created",
        reason=_("on the server, as the county's first administrators"),
    )
    return Handed(user, role, password)
