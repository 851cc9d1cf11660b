"""Personal data: encrypted per field, found by keyed hash, masked by default.

Stored form of an encrypted value: one byte for the algorithm, one for the key's id, then what
the algorithm needs. `A` is AES-256-GCM with a 12-byte nonce before the ciphertext. Another
algorithm (SM4) gets another letter; old rows stay readable.
"""

import base64
import hashlib
import hmac
import logging
import os
import re
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

AES_GCM = b"A"
NONCE_BYTES = 12


@cache
def _key_ring():
    """Return ({key id: 32-byte key}, id that encrypts) from `FIELD_KEYS` ("id:base64,…")."""
    ring = {}
    for part in settings.FIELD_KEYS.split(","):
        key_id, _, text = part.strip().partition(":")
        try:
            ring[int(key_id)] = hashlib.sha256(base64.b64decode(text, validate=True)).digest()
        except ValueError as error:
            raise ImproperlyConfigured(
                "LEGALAID_FIELD_KEYS must look like 1:base64key,2:base64key."
            ) from error
    return ring, int(settings.FIELD_KEYS.partition(":")[0])


@cache
def _hash_key():
    """The key of the search hashes: from the first key ever, so that old hashes still match."""
    ring, _ = _key_ring()
    return hmac.digest(ring[min(ring)], b"search", "sha256")


def seal(content):
    """Return the stored bytes of a file's bytes; none stay none."""
    if not content:
        return b""
    ring, key_id = _key_ring()
    nonce = os.urandom(NONCE_BYTES)
    return (
        AES_GCM
        + bytes([key_id])
        + nonce
        + AESGCM(ring[key_id]).encrypt(nonce, bytes(content), None)
    )


def unseal(stored):
    """Return the bytes that were sealed. Raises ValueError for an unknown algorithm or key."""
    stored = bytes(stored or b"")
    if not stored:
        return b""
    ring, _ = _key_ring()
    if stored[:1] != AES_GCM or stored[1] not in ring:
        raise ValueError("stored with an algorithm or key this site does not have")
    nonce, sealed = stored[2 : 2 + NONCE_BYTES], stored[2 + NONCE_BYTES :]
    return AESGCM(ring[stored[1]]).decrypt(nonce, sealed, None)


def encrypt(text):
    """Return the stored bytes of a text; an empty text stays empty."""
    return seal((text or "").encode())


def decrypt(stored):
    """Return the text of stored bytes. Raises ValueError for an unknown algorithm or key."""
    return unseal(stored).decode()


def keyed_hash(text):
    """Return 22 characters that are equal exactly when two texts are equal ('' for '')."""
    if not text:
        return ""
    digest = hmac.digest(_hash_key(), text.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


@cache
def _seal_key():
    """The key of the seals of days: like that of the search hashes, for good."""
    ring, _ = _key_ring()
    return hmac.digest(ring[min(ring)], b"seals of days", "sha256")


def keyed_digest():
    """Return a running digest that only this site's keys can make (HMAC-SHA-256)."""
    return hmac.new(_seal_key(), digestmod="sha256")


class EncryptedTextField(models.BinaryField):
    """A text that only this site's keys can read; never filter on it, filter on its hash."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs["editable"] = self.editable
        return name, path, args, kwargs

    def get_default(self):
        return ""

    def get_prep_value(self, value):
        return value if isinstance(value, bytes | memoryview) else encrypt(value)

    def get_db_prep_value(self, value, connection, prepared=False):
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared=True)

    def from_db_value(self, value, expression, connection):
        return decrypt(value)

    def to_python(self, value):
        return value or ""

    def value_to_string(self, obj):
        return self.value_from_object(obj)


def mask_phone(phone):
    """13912342648 → 139****2648; a short or foreign number keeps only its last two."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_id_number(number):
    """341525198406170028 → 3415**********0028."""
    if len(number) >= 15:
        return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:]


# Eleven digits of a mobile, or an identity number, wherever they stand.
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


def without_numbers(text):
    """Return the text with mobile and identity numbers blacked out."""
    return _PERSONAL.sub("■■■", text)


class LogFormatter(logging.Formatter):
    """Keep phone and identity numbers out of every log line, and out of what an error quotes."""

    def format(self, record):
        return without_numbers(super().format(record))
