"""PDF from a template: A4, fonts embedded, the same tables as the page."""

import atexit
import gc
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from .fonts import cut_face, font_faces

# The addresses our own files and fonts have inside a document; nothing else is ever fetched.
STATIC_PREFIX = "static://site"
FONT_PREFIX = "static://fonts/"
# {thread: (sheet, fonts)} as each has read them: reading them anew would cost a third of a paper.
_read = {}
# Fonts lie in temporary folders until they are let go; at exit it is too late to remove them.
let_go_of_fonts = atexit.register(_read.clear)


def _fetcher():
    """Return a WeasyPrint fetcher that reads our own static files and fonts and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticOnly(URLFetcher):
        def fetch(self, url, headers=None):
            if url.startswith(FONT_PREFIX):
                return URLFetcherResponse(url, cut_face(url.removeprefix(FONT_PREFIX)))
            if url.startswith("data:"):
                return super().fetch(url, headers)
            if not url.startswith(STATIC_PREFIX):
                raise ValueError("a document may use the site's own files only")
            path = finders.find(unquote(urlsplit(url).path).removeprefix(settings.STATIC_URL))
            if path is None:
                raise ValueError(f"no static file {url}")
            return URLFetcherResponse(url, Path(path).read_bytes())

    return StaticOnly()


def _sheet():
    """Return `print.css` with its variables filled in once, and not for every element anew."""
    text = Path(finders.find("css/print.css")).read_text(encoding="utf-8")
    values = dict(re.findall(r"(--[\w-]+): ([^;]+);", text))
    return re.sub(r"var\((--[\w-]+)\)", lambda found: values[found[1]], text)


def _sheet_and_fonts():
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    thread = threading.get_ident()
    if thread not in _read:
        fonts = FontConfiguration()
        CSS(string=font_faces(FONT_PREFIX), font_config=fonts, url_fetcher=_fetcher())
        sheet = CSS(string=_sheet(), font_config=fonts)
        _read[thread] = sheet, fonts
    return _read[thread]


@contextmanager
def _uncollected():
    """Within, nobody looks for garbage: a paper is made of a great many small objects that all
    live until it is set, and going through them again and again would only take time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def lay_out(template, context):
    """Return the laid-out pages (a WeasyPrint document) of a template from `print.html`."""
    from weasyprint import HTML

    html = render_to_string(template, {"paper": True, **context})
    sheet, fonts = _sheet_and_fonts()
    with _uncollected():
        return HTML(string=html, base_url=STATIC_PREFIX, url_fetcher=_fetcher()).render(
            stylesheets=[sheet], font_config=fonts
        )


def render_pdf(template, context):
    """Return the PDF bytes of a template that starts from `print.html`."""
    document = lay_out(template, context)
    with _uncollected():
        return document.write_pdf()
