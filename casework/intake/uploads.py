"""Files of a material: checked, sealed and kept; and addresses for a phone."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files import sealed
from stations.files.file_check import FileRefused
from stations.privacy import keyed_hash

from ..models import Material, UploadTicket

MOST_FILES = 20
TICKET_MINUTES = 10
# Sent to one address, taken or refused.
MOST_TRIES = 60

# ── Kept ────────────────────────────────────────────────────────────────────────────────


def add(material, file, *, by=None):
    """Keep a file of a material, sealed. The same file sent twice is kept once.

    `by` is None for what came from a phone. Returns the `Upload`; raises FileRefused.
    """
    return sealed.add(material, "uploads", file, most=MOST_FILES, uploaded_by=by)


# ── Addresses for a phone ───────────────────────────────────────────────────────────────


@transaction.atomic
def make_ticket(material, *, by):
    """Return (ticket, token): an address for this material, open ten minutes. Earlier ones close.

    The token is in the address alone; kept is its hash.
    """
    # Of two people who ask at once, the second one's address is the open one.
    Material.objects.select_for_update().get(pk=material.pk)
    now = timezone.now()
    material.tickets.open_at(now).update(closed_at=now)
    token = secrets.token_urlsafe(24)
    ticket = UploadTicket.objects.create(
        material=material,
        token_hash=keyed_hash(token),
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(minutes=TICKET_MINUTES),
    )
    return ticket, token


def open_ticket(token):
    """Return the open ticket of an address, or None for one that is unknown, over or closed."""
    return (
        UploadTicket.objects.open_at(timezone.now())
        .filter(token_hash=keyed_hash(token))
        .select_related("material")
        .first()
    )


def add_by_ticket(ticket, file):
    """Keep a file sent to a ticket's address. Raises FileRefused."""
    tried = UploadTicket.objects.filter(pk=ticket.pk, tries__lt=MOST_TRIES)
    if not tried.update(tries=F("tries") + 1):
        raise FileRefused(_("This address was used too often. Ask for a new one at the desk."))
    return add(ticket.material, file)


def sent_by(ticket):
    """What came in through phones since the ticket was made."""
    return ticket.material.uploads.light().filter(
        uploaded_by=None, uploaded_at__gte=ticket.made_at
    )
