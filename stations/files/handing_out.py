"""A file as the answer to a request: shown in the browser, or kept on the person's computer.

No cache in between keeps it, and the browser guesses no other kind (`SecurityMiddleware`).
"""

from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def shown(content, name, kind=PDF):
    """Answer with a file the browser opens; `name` is what it is saved as."""
    return _answer(content, name, kind, is_attachment=False)


def kept(content, name, kind=XLSX):
    """Answer with a file the browser saves under `name`."""
    return _answer(content, name, kind, is_attachment=True)


def _answer(content, name, kind, *, is_attachment):
    disposition = content_disposition_header(is_attachment, name)
    headers = {"Content-Disposition": disposition}
    response = HttpResponse(content, content_type=kind, headers=headers)
    add_never_cache_headers(response)
    return response
