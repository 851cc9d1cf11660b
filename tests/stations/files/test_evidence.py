"""Evidence lies sealed in the database; what was kept before that still opens, and is sealed."""

import hashlib
import io

import pytest
from django.urls import reverse
from PIL import Image

from stations.files import evidence
from stations.models import Evidence
from stations.privacy import unseal

pytestmark = pytest.mark.django_db


def picture(kind, size=(1600, 1200), mode="RGB"):
    kept = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(kept, kind)
    return kept.getvalue()


def in_the_clear(station, clerk, content, media_type="image/jpeg"):
    return Evidence.objects.create(
        station=station,
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        added_by=clerk,
    )


def test_a_photo_is_unreadable_in_the_database_and_opens_on_the_page(client, clerk, station):
    photo = evidence.add_bytes(station, picture("JPEG"), by=clerk)
    client.force_login(clerk)

    stored = bytes(Evidence.objects.get(pk=photo.pk).content)
    whole = client.get(reverse("stations:evidence_file", args=[photo.pk]))
    small = client.get(reverse("stations:evidence_small", args=[photo.pk]))

    for clear in (b"JFIF", b"\xff\xd8\xff"):
        assert clear not in stored[:64]
        assert clear not in bytes(Evidence.objects.get(pk=photo.pk).small)[:64]
    assert hashlib.sha256(whole.content).hexdigest() == photo.sha256
    assert Image.open(io.BytesIO(whole.content)).size == (1600, 1200)
    assert Image.open(io.BytesIO(small.content)).size == (480, 360)
    assert len(small.content) < len(whole.content) / 4


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "L"), ("JPEG", "L")])
def test_any_picture_that_is_taken_has_a_small_one(client, clerk, station, kind, mode):
    photo = evidence.add_bytes(station, picture(kind, (800, 900), mode), by=clerk)
    client.force_login(clerk)

    small = client.get(reverse("stations:evidence_small", args=[photo.pk]))

    assert Image.open(io.BytesIO(small.content)).size == (427, 480)


def test_what_was_kept_in_the_clear_still_opens_and_is_sealed_once(client, clerk, station):
    photo, paper = picture("JPEG"), b"%PDF-1.4 a voucher"
    rows = [
        in_the_clear(station, clerk, photo),
        in_the_clear(station, clerk, paper, "application/pdf"),
    ]
    broken = in_the_clear(station, clerk, photo[:40])
    evidence.add_bytes(station, picture("PNG", (60, 60)), by=clerk)
    client.force_login(clerk)

    def opened():
        return [
            client.get(reverse("stations:evidence_file", args=[row.pk])).content for row in rows
        ]

    small = reverse("stations:evidence_small", args=[rows[0].pk])
    assert opened() == [photo, paper]
    assert client.get(small).status_code == 200
    assert evidence.seal_clear(Evidence.objects) == 3
    assert evidence.seal_clear(Evidence.objects) == 0
    assert opened() == [photo, paper]
    stored = [bytes(row.content) for row in Evidence.objects.order_by("pk")[:2]]
    assert [unseal(each) for each in stored] == [photo, paper]
    broken.refresh_from_db()
    assert (unseal(broken.content), broken.small) == (photo[:40], None)
    assert client.get(small).status_code == 200
    no_picture = client.get(reverse("stations:evidence_small", args=[rows[1].pk]))
    assert no_picture.status_code == 404
