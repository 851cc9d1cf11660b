"""The counter of one station lately: register files brought in, and the calls and visits of today."""

import tomllib
from datetime import datetime, time, timedelta
from functools import cache

from django.utils import timezone

from casework.models import Matter, RegisterEntry
from casework.register import imports, writing
from casework.register.file import read_file
from stations.models import DayOff, Station, User

from . import SURGE_STATION
from .facts import HERE
from .moved_clock import at

# A call or visit is written down so long after it began.
WRITTEN_AFTER = timedelta(minutes=11)


@cache
def _told():
    return tomllib.loads((HERE / "counter.toml").read_text(encoding="utf-8"))


# ── Files ───────────────────────────────────────────────────────────────────────────────


def build_files(population, today):
    """A file with wrong cells, one brought in and undone, and the same one mended."""
    station, clerk = _counter()
    calendar = DayOff.objects.calendar(station.county)
    texts = {
        file["name"]: _with_phones(file["text"], population)
        for file in _told()["file"]
        if "text" in file
    }
    for file in _told()["file"]:
        text = texts[file.get("same_as", file["name"])]
        heard, day = (_working_day(today, file[days], calendar) for days in ("heard", "ago"))
        content = text.replace("{日}", f"{heard:%Y-%m-%d}").encode()
        with at(_moment(day, file["at"])):
            read = read_file(content, station, by=clerk)
            if read.error_count:
                imports.work_on(imports.upload(file["name"], content, station, by=clerk).pk)
                continue
            batch = imports.take_in(file["name"], content, read.entries, station, by=clerk)
        if "undone_at" in file:
            with at(_moment(day, file["undone_at"])):
                imports.undo(batch, by=clerk, reason=file["undo_reason"])


def _with_phones(text, population):
    while "{话}" in text:
        text = text.replace("{话}", population.phone(), 1)
    return text


# ── Today ───────────────────────────────────────────────────────────────────────────────


def build_today(population, today):
    """Record who called and came this morning, as far as the morning has gone.

    Nobody on a day off, or when the story is told up to another day than this one.
    """
    station, clerk = _counter()
    calendar = DayOff.objects.calendar(station.county)
    now = timezone.now()
    if today != timezone.localdate(now) or not calendar.is_working_day(today):
        return
    villages = list(station.township.children.order_by("code"))
    for told in _told()["today"]:
        occurred_at = _moment(today, told["at"])
        if occurred_at + WRITTEN_AFTER > now:
            return
        with at(occurred_at + WRITTEN_AFTER):
            entry = RegisterEntry(
                station=station,
                channel=told["channel"],
                occurred_at=occurred_at,
                name=told["name"],
                sex=told["sex"],
                phone=population.phone(),
                people_groups=told["groups"],
                village=villages[told["village"]],
                matter=Matter.objects.get(code=told["matter"], county=None),
                title=told["title"],
                statement=told["statement"],
                answer=told["answer"],
                disposal=told["disposal"],
                duration_minutes=told["minutes"],
                receiver=clerk,
                is_told_of_right=True,
                seconds_to_record=told["seconds"],
            )
            writing.record(entry, by=clerk)


def _counter():
    """The station whose clerk a visitor of the demonstration signs in as first, and that clerk."""
    return Station.objects.get(code=SURGE_STATION), User.objects.get(username="clerk")


def _working_day(today, ago, calendar):
    day = today
    while ago:
        day -= timedelta(days=1)
        ago -= calendar.is_working_day(day)
    return day


def _moment(day, clock):
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))
