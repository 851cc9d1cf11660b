"""Files of a material: checked by what is in them, made smaller, sealed; and addresses for a phone.

A file is looked at before anything is saved, within bounds: what would take too much memory to open
is refused by its head. Nothing of a refused file is kept.
"""

import hashlib
import io
import logging
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps
from pypdf import PdfReader

from stations.privacy import keyed_hash, seal, unseal

from . import virus_scan
from .models import Material, Upload, UploadTicket

MOST_BYTES = 10 * 2**20
MOST_FILES = 20
MOST_PAGES = 200
# The longer side of a picture as it is kept: an A4 page stays readable.
MOST_SIDE = 2000
# What may be opened at all: a large phone camera. A PNG is unpacked whole, a JPEG in a smaller size.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 25_000_000}
QUALITY = 85
TICKET_MINUTES = 10
# Sent to one address, taken or refused.
MOST_TRIES = 60

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}

# pypdf says on its log what is wrong with a file, and its words may quote it.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class UploadRefused(Exception):
    """A plain sentence why a file is not taken, and what to do instead."""


@dataclass(frozen=True)
class Checked:
    """A file as it will be kept."""

    content: bytes
    media_type: str
    pages: int


# ── What is in it ───────────────────────────────────────────────────────────────────────


def check(content: bytes) -> Checked:
    """Return the file as it is to be kept. Raises UploadRefused.

    What it is comes from its first bytes, never from its name.
    """
    if not content:
        raise UploadRefused(_("The file is empty. Choose it again."))
    if len(content) > MOST_BYTES:
        raise UploadRefused(_too_large(len(content)))
    if content.startswith(b"%PDF-"):
        checked = _pdf(content)
    elif content.startswith(b"\xff\xd8\xff"):
        checked = _picture(content, "JPEG")
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        checked = _picture(content, "PNG")
    else:
        raise UploadRefused(
            _("Only PDF files and photos (JPEG, PNG) are taken. Photograph the paper instead.")
        )
    _scan(content)
    return checked


def _too_large(size):
    return _("The file has %(size)s MB; the most is %(most)s MB. Take a smaller photo.") % {
        "size": -(-size // 2**20),
        "most": MOST_BYTES // 2**20,
    }


def _pdf(content):
    try:
        reader = PdfReader(io.BytesIO(content))
        is_locked = reader.is_encrypted
        pages = 0 if is_locked else len(reader.pages)
    # A broken file breaks the reader in many ways, and none is ours to mend.
    except Exception as error:
        raise UploadRefused(
            _("This PDF is broken and cannot be opened. Print it anew or photograph it.")
        ) from error
    if is_locked:
        raise UploadRefused(
            _("This PDF is locked with a password. Ask for it without one, or photograph it.")
        )
    if not pages:
        raise UploadRefused(_("This PDF has no page."))
    if pages > MOST_PAGES:
        raise UploadRefused(
            _("This PDF has %(pages)s pages; the most is %(most)s. Split it.")
            % {"pages": pages, "most": MOST_PAGES}
        )
    return Checked(content, PDF, pages)


def _picture(content, kind):
    try:
        image = Image.open(io.BytesIO(content), formats=[kind])
        width, height = image.size
        is_too_large = width * height > MOST_PIXELS[kind]
    except Image.DecompressionBombError:
        is_too_large = True
    except Exception as error:
        raise UploadRefused(_broken_picture()) from error
    if is_too_large:
        raise UploadRefused(_("The picture has too many pixels. Take a smaller photo."))
    try:
        return _smaller(image, kind)
    except Exception as error:
        raise UploadRefused(_broken_picture()) from error


def _broken_picture():
    return _("This picture is broken and cannot be opened. Take the photo again.")


def _smaller(image, kind):
    """The picture upright, at most 2,000 pixels a side, without place, time and phone."""
    if kind == "JPEG":
        # Unpacked at a half, a quarter or an eighth where that is enough.
        image.draft("RGB", (MOST_SIDE, MOST_SIDE))
    with _whole_pictures_only():
        image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode not in {"RGB", "L"}:
        image = image.convert("RGBA" if "A" in image.mode or image.mode == "P" else "RGB")
    image.thumbnail((MOST_SIDE, MOST_SIDE))
    image.info.clear()
    kept = io.BytesIO()
    image.save(kept, kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return Checked(kept.getvalue(), JPEG if kind == "JPEG" else PNG, 1)


@contextmanager
def _whole_pictures_only():
    """Within, a picture that ends too early is broken; WeasyPrint lets the whole process take any."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _scan(content):
    try:
        is_clean = virus_scan.is_clean(content)
    except virus_scan.ScanFailed as failure:
        raise UploadRefused(
            _("The virus check does not answer, so nothing is taken now. Keep the paper.")
        ) from failure
    if not is_clean:
        raise UploadRefused(_("The virus check found something in this file. It is not taken."))


# ── Kept ────────────────────────────────────────────────────────────────────────────────


def read(file):
    """Return the bytes of a sent file. Raises UploadRefused before reading one that is too large."""
    if file.size > MOST_BYTES:
        raise UploadRefused(_too_large(file.size))
    return file.read()


@transaction.atomic
def add(material, file, *, by=None):
    """Keep a file of a material, sealed. The same file sent twice is kept once.

    `by` is None for what came from a phone. Returns the `Upload`; raises UploadRefused.
    """
    checked = check(read(file))
    # One after another, so that the count holds.
    material = Material.objects.select_for_update(of=("self",)).get(pk=material.pk)
    digest = hashlib.sha256(checked.content).hexdigest()
    before = material.uploads.light().filter(sha256=digest).first()
    if before:
        return before
    count = material.uploads.count()
    if count >= MOST_FILES:
        raise UploadRefused(
            _("This paper already has %(most)s files. Put several pages into one PDF.")
            % {"most": MOST_FILES}
        )
    return Upload.objects.create(
        material=material,
        # The name a phone or a person gave may say who it is about.
        name=f"{count + 1}.{ENDINGS[checked.media_type]}",
        media_type=checked.media_type,
        size=len(checked.content),
        pages=checked.pages,
        sha256=digest,
        content=seal(checked.content),
        uploaded_by=by,
    )


def content_of(upload):
    """Return the file itself."""
    return unseal(upload.content)


# ── Addresses for a phone ───────────────────────────────────────────────────────────────


@transaction.atomic
def make_ticket(material, *, by):
    """Return (ticket, token): an address for this material, open ten minutes. Earlier ones close.

    The token is in the address alone; kept is its hash.
    """
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
    """Keep a file sent to a ticket's address. Raises UploadRefused."""
    tried = UploadTicket.objects.filter(pk=ticket.pk, tries__lt=MOST_TRIES)
    if not tried.update(tries=F("tries") + 1):
        raise UploadRefused(
            _("This address was used too often. Ask for a new one at the desk.")
        )
    return add(ticket.material, file)


def sent_by(ticket):
    """What came in through phones since the ticket was made."""
    return ticket.material.uploads.light().filter(
        uploaded_by=None, uploaded_at__gte=ticket.made_at
    )
