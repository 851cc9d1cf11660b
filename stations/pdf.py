"""PDF from a template: A4, fonts embedded, the same tables as the page."""

import gc
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

# The address our own files have inside a document; nothing else is ever fetched.
STATIC_PREFIX = "static://site"
# Sheet and fonts as read by each thread: reading them anew would cost a third of a paper.
_read = threading.local()


def _fetcher():
    """Return a WeasyPrint fetcher that reads our own static files and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticOnly(URLFetcher):
        def fetch(self, url, headers=None):
            if not url.startswith(STATIC_PREFIX):
                raise ValueError("a document may use the site's own files only")
            path = finders.find(unquote(urlsplit(url).path).removeprefix(settings.STATIC_URL))
            if path is None:
                raise ValueError(f"no static file {url}")
            return URLFetcherResponse(url, Path(path).read_bytes())

    return StaticOnly()


def _sheet_and_fonts():
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    if not hasattr(_read, "sheet"):
        _read.fonts = FontConfiguration()
        _read.sheet = CSS(filename=finders.find("css/print.css"), font_config=_read.fonts)
    return _read.sheet, _read.fonts


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
