"""What a sent file is: known by what is in it, within bounds, pictures made smaller, viruses refused.

A file is looked at before anything is saved: what would take too much memory to open is refused by
its head. Nothing of a refused file is kept.
"""

import io
import logging
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps
from pypdf import PdfReader

from . import virus_scan

MOST_BYTES = 10 * 2**20
MOST_PAGES = 200
# The longer side of a picture as it is kept: an A4 page stays readable.
MOST_SIDE = 2000
# What may be opened at all: a large phone camera. A PNG is unpacked whole, a JPEG in a smaller size.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 25_000_000}
QUALITY = 85

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
PDF_BEGINS, JPEG_BEGINS, PNG_BEGINS = b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}

# pypdf says on its log what is wrong with a file, and its words may quote it.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class FileRefused(Exception):
    """A plain sentence why a file is not taken, and what to do instead."""


@dataclass(frozen=True)
class Checked:
    """A file as it will be kept."""

    content: bytes
    media_type: str
    pages: int


def read(file):
    """Return the bytes of a sent file. Raises FileRefused before reading one that is too large."""
    if file.size > MOST_BYTES:
        raise FileRefused(_too_large(file.size))
    return file.read()


def check(content: bytes) -> Checked:
    """Return the file as it is to be kept. Raises FileRefused.

    What it is comes from its first bytes, never from its name.
    """
    if not content:
        raise FileRefused(_("The file is empty. Choose it again."))
    if len(content) > MOST_BYTES:
        raise FileRefused(_too_large(len(content)))
    if content.startswith(PDF_BEGINS):
        checked = _pdf(content)
    elif content.startswith(JPEG_BEGINS):
        checked = _picture(content, "JPEG")
    elif content.startswith(PNG_BEGINS):
        checked = _picture(content, "PNG")
    else:
        raise FileRefused(
            _("Only PDF files and photos (JPEG, PNG) are taken. Photograph the paper instead.")
        )
    _scan(content)
    return checked


def is_file(content):
    """Whether these bytes begin like one of the files that are taken."""
    return content.startswith((PDF_BEGINS, JPEG_BEGINS, PNG_BEGINS))


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
        raise FileRefused(
            _("This PDF is broken and cannot be opened. Print it anew or photograph it.")
        ) from error
    if is_locked:
        raise FileRefused(
            _("This PDF is locked with a password. Ask for it without one, or photograph it.")
        )
    if not pages:
        raise FileRefused(_("This PDF has no page."))
    if pages > MOST_PAGES:
        raise FileRefused(
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
        raise FileRefused(_broken_picture()) from error
    if is_too_large:
        raise FileRefused(_("The picture has too many pixels. Take a smaller photo."))
    try:
        return _smaller(image, kind)
    except Exception as error:
        raise FileRefused(_broken_picture()) from error


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
        raise FileRefused(
            _("The virus check does not answer, so nothing is taken now. Keep the paper.")
        ) from failure
    if not is_clean:
        raise FileRefused(_("The virus check found something in this file. It is not taken."))
