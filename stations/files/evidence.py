"""Keeping evidence: a photo or PDF, checked by content, kept once per place."""

import hashlib

from django.utils.translation import gettext as _

from ..models import Evidence, Station
from . import file_check


def add(place, file, *, by):
    """Keep a sent file as evidence of a station or county; the same file again is the same row.

    Raises `file_check.FileRefused` with a plain sentence.
    """
    return add_bytes(place, file_check.read(file), by=by)


def add_picture(place, file, *, by):
    """As `add`, where only a picture will do: it is shown, and printed."""
    content = file_check.read(file)
    if content.startswith(b"%PDF-"):
        raise file_check.FileRefused(_("A photo is needed here, not a PDF. Photograph it."))
    return add_bytes(place, content, by=by)


def add_bytes(place, content, *, by):
    """As `add`, for bytes already in hand."""
    checked = file_check.check(content)
    where = {"station": place} if isinstance(place, Station) else {"county": place}
    evidence, _is_new = Evidence.objects.light().get_or_create(
        sha256=hashlib.sha256(checked.content).hexdigest(),
        **where,
        defaults={
            "media_type": checked.media_type,
            "pages": checked.pages,
            "content": checked.content,
            "added_by": by,
        },
    )
    return evidence
