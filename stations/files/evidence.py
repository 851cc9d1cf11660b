"""Keeping evidence: a photo or PDF, checked by content, sealed, kept once per place."""

import hashlib
import io

from django.utils.translation import gettext as _
from PIL import Image

from ..models import Evidence, Station
from ..privacy import seal, unseal
from . import file_check

# The longer side of a picture as lists show it.
SMALL_SIDE = 480


def add(place, file, *, by):
    """Keep a sent file as evidence of a station or county; the same file again is the same row.

    Raises `file_check.FileRefused` with a plain sentence.
    """
    return add_bytes(place, file_check.read(file), by=by)


def add_picture(place, file, *, by):
    """As `add`, where only a picture will do: it is shown, and printed."""
    content = file_check.read(file)
    if content.startswith(file_check.PDF_BEGINS):
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
            "content": seal(checked.content),
            "small": small_of(checked.content),
            "added_by": by,
        },
    )
    return evidence


def content_of(evidence):
    """Return the file itself; one kept before files were sealed still lies there as it came."""
    stored = bytes(evidence.content)
    return stored if file_check.is_file(stored) else unseal(stored)


def small_picture_of(evidence):
    """Return a picture in the size of a list, as JPEG; of one from before these were made, anew."""
    return unseal(evidence.small or small_of(content_of(evidence)))


def small_of(content):
    """Return a picture made small, sealed; None for a PDF."""
    if content.startswith(file_check.PDF_BEGINS):
        return None
    image = Image.open(io.BytesIO(content))
    image.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
    image.thumbnail((SMALL_SIDE, SMALL_SIDE))
    if image.mode != "RGB":
        # What shines through is laid on white.
        clear = image.convert("RGBA")
        image = Image.new("RGB", clear.size, "white")
        image.paste(clear, mask=clear)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80)
    return seal(kept.getvalue())


def seal_clear(rows):
    """Seal those of the rows whose files still lie in the clear, one by one. Returns how many."""
    count = 0
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        kept = rows.only("content").get(pk=pk)
        content = bytes(kept.content)
        if file_check.is_file(content):
            rows.filter(pk=pk).update(content=seal(content), small=_small_if_whole(content))
            count += 1
    return count


def _small_if_whole(content):
    """As `small_of`; None of a picture that was broken before pictures were checked."""
    try:
        return small_of(content)
    # A broken picture breaks the library in many ways, and none may stop the sealing of the others.
    except Exception:
        return None
