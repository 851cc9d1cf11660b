"""What goes over a slow line compressed, and what does not."""

import gzip

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_pages_and_sheets_go_compressed_and_are_not_fetched_twice(client, settings):
    """A page as WhiteNoise's own sheets; what was fetched once is only asked for."""
    settings.WHITENOISE_USE_FINDERS = True
    page = client.get(reverse("stations:sign_in"), headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) * 2 < len(gzip.decompress(page.content))

    address = "/static/css/components.css"
    sheet = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert sheet["Content-Encoding"] == "gzip"
    again = client.get(
        address,
        headers={"Accept-Encoding": "gzip", "If-Modified-Since": sheet["Last-Modified"]},
    )
    assert again.status_code == 304
    assert "Content-Encoding" not in client.get(address)
