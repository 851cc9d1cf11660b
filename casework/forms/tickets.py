"""The signed note an opened entry form carries: its one number, and when it was opened."""

import uuid

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


def new_ticket(*, key=None, is_restored=False):
    """Return a signed note of when the form was opened and the one number of its entry.

    A form restored from a draft keeps the number; how long it took can no longer be told.
    """
    opened_at = None if is_restored else timezone.now().timestamp()
    return signing.dumps(
        {"key": str(key or uuid.uuid4()), "opened_at": opened_at}, salt="entry"
    )


def read_ticket(text):
    """Return (key, seconds since the form was opened or None). Raises ValidationError."""
    try:
        ticket = signing.loads(text or "", salt="entry")
    except signing.BadSignature as error:
        raise ValidationError(_("This page is too old to be saved. Save once more.")) from error
    key = uuid.UUID(ticket["key"])
    if ticket["opened_at"] is None:
        return key, None
    return key, max(round(timezone.now().timestamp() - ticket["opened_at"]), 0)
