"""A county with texts for its posters, and what tests of walls need besides."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from stations.terms import MANDATORY_ITEMS, WallItem
from stations.walls import posters, postings, states, texts
from tests.conftest import at

# Thursday; the calendar of the tests has no days off around it.
TODAY = date(2026, 11, 5)


def photo(colour="navy", name="wall.png"):
    """A small picture; another colour is another picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 60), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


@pytest.fixture
def walled(county, station, officer, clock):
    """The station with its facts, in a county that has taken over the usual texts."""
    county.complaint_phone = "0564-000-2148"
    county.save()
    station.phone, station.address, station.hours = "0564-000-0011", "政府院内一楼", "工作日"
    station.save()
    texts.take_over_defaults(county, by=officer)
    return station


def live(station, item, day):
    """The digest of what a poster says on a day."""
    return posters.digest(posters.contents_of(station.county, [station], day)[station.pk][item])


def hang(station, item, day, by, colour="navy"):
    return postings.post(
        station,
        item,
        digest=live(station, item, day),
        photo=photo(colour),
        posted_on=day,
        by=by,
    )


def hang_all(station, day, by):
    return [hang(station, item, day, by) for item in MANDATORY_ITEMS]


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the clock to ten o'clock of a day: 5 November 2026 at first."""

    def set_to(day):
        monkeypatch.setattr(timezone, "now", lambda: at(day.year, day.month, day.day))
        return day

    set_to(TODAY)
    return set_to


def line(station, item=WallItem.CONTACT, day=TODAY):
    """How one item of a wall stands."""
    return next(
        each
        for each in states.walls(station.county, [station], day)[station.pk]
        if each.item == item
    )
