"""Rows and pages as an address or a form names them, where anybody may write anything."""

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme


def row_number(text):
    """Return the number of a row or a page that the text says, or None for nonsense.

    What has more digits than any number of the database is nonsense too.
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def code_in(text):
    """Return the text when it may be the code of a station or division, else one that nothing has."""
    return text if text.isascii() and text.isdigit() and len(text) <= 12 else "-"


def path_here(request, text):
    """Return the text when it is the path of a page of this site, else an empty text."""
    is_here = text.startswith("/") and url_has_allowed_host_and_scheme(
        text, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return text if is_here else ""


def caller(request):
    """Return the address a request comes from: behind the proxy of production, as the proxy says."""
    behind = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return behind.rpartition(",")[2].strip() or request.META["REMOTE_ADDR"]
