"""Find my station (找工作站): what a villager types, and whether the door is open now. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from .pinyin import initials

# So many places are shown for what was typed.
MOST_FOUND = 8
# Endings people leave out: 青溪 is 青溪镇, 桃园 is 桃园村.
_ENDINGS = re.compile(
    r"(村民委员会|居民委员会|社区居委会|社区居民委员会|村委会|居委会|社区|街道|办事处|镇|乡|村)+$"
)
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:[-–—~～至到])\s*(\d{1,2})[:：](\d{2})")


@dataclass(frozen=True)
class Place:
    """A township or a village, and the township whose station looks after it."""

    name: str
    township: str
    is_village: bool


def _short(name):
    return _ENDINGS.sub("", name) or name


def match(typed: str, places: Iterable[Place]) -> list[Place]:
    """Return the places that fit what was typed, the best first, at most `MOST_FOUND`.

    Chinese is looked for in the name; letters are initials of its pinyin. A name that is just
    that comes first, then one that begins so, then one that has it; townships before villages.
    """
    typed = re.sub(r"\s", "", typed).lower()
    if not typed:
        return []
    is_letters = typed.isascii() and typed.isalpha()
    wanted = typed if is_letters else _short(typed)
    found = []
    for place in places:
        name = initials(_short(place.name)) if is_letters else _short(place.name)
        if name == wanted:
            rank = 0
        elif name.startswith(wanted):
            rank = 1
        elif wanted in name:
            rank = 2
        else:
            continue
        found.append((rank, place.is_village, len(place.name), place.name, place))
    return [row[-1] for row in sorted(found, key=lambda row: row[:4])[:MOST_FOUND]]


@dataclass(frozen=True)
class Door:
    """Whether a station's door is open: `state` is open, later (opens again today), closed (no
    more today), rest (a day of rest) or unknown (its hours name no times).

    `at` is when it closes or opens next today.
    """

    state: str
    at: time | None = None


def door(hours: str, now: time, *, is_working_day: bool) -> Door:
    """Return how the door stands at a time of day, from the hours as they are written."""
    if not is_working_day:
        return Door("rest")
    spans = []
    for groups in _SPAN.findall(hours):
        first, second = _time(*groups[:2]), _time(*groups[2:])
        if first and second and first < second:
            spans.append((first, second))
    if not spans:
        return Door("unknown")
    for opens, closes in sorted(spans):
        if now < opens:
            return Door("later", opens)
        if now < closes:
            return Door("open", closes)
    return Door("closed")


def _time(hour, minute):
    hour, minute = int(hour), int(minute)
    return time(hour, minute) if hour < 24 and minute < 60 else None
