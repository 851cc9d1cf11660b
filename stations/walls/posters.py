"""What each poster of a station says now: the county's text and the station's facts, with a code.

Everything printed is in the content, so its digest changes exactly when the paper on the wall is no
longer right. What lives on a higher floor tells its facts here (`@tells(item)`), never the other
way round. Nothing of an applicant is ever part of it (PIPL 25).
"""

import hashlib
import json
from calendar import monthrange
from collections import defaultdict
from dataclasses import astuple, dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..models import Adoption, Appointment, CountyWall, Poster, StaffPhoto, Station, WallText
from ..models.duty import DutyMonth, DutySlot
from ..roles import Role
from ..terms import WallItem

# The national legal-service hotline stands on every poster by itself.
HOTLINE = "12348"
# Who is on the wall, and in which order.
ON_THE_WALL = (Role.HEAD, Role.CLERK, Role.DUTY)
FACTS = {}


def tells(item):
    """Register the decorated function as one that tells facts of a poster.

    It takes `(county, stations, day)` and returns {station's id: {name: value}} of plain values;
    codes, never labels, so that the language of a page changes no poster.
    """

    def register(teller):
        FACTS.setdefault(item, []).append(teller)
        return teller

    return register


def contents_of(county, stations, day):
    """Return {station's id: {item: content}} of what the posters of a county's stations say on a day.

    An item without a text of the county has no poster yet and is left out. A constant number of
    queries for however many stations.
    """
    texts = {text.item: text for text in WallText.objects.filter(county=county).in_force(day)}
    facts = defaultdict(lambda: defaultdict(dict))
    for item in texts:
        for teller in FACTS.get(item, []):
            for station_id, told in teller(county, stations, day).items():
                facts[item][station_id] |= told
    contents = {}
    for station in stations:
        shared = _of_every_poster(county, station)
        contents[station.pk] = {
            item: shared | {"item": item, "text": text.text, **facts[item][station.pk]}
            for item, text in texts.items()
        }
    return contents


def _of_every_poster(county, station):
    """What stands at the head and the foot of each poster of a station."""
    return {
        "unit": station.name,
        "county": county.division.name,
        "bureau": county.bureau_name,
        "phone": station.phone,
        "phone_2": "" if station.phone_2 == HOTLINE else station.phone_2,
        "address": station.address,
        "hours": station.hours,
        "complaint_phone": county.complaint_phone,
    }


def digest(content):
    """Return eight signs that are equal exactly when two contents are equal."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


# What a content holds, in words, for whoever asks what has changed.
WORDS = {
    "unit": _("name of the station"),
    "county": _("name of the county"),
    "bureau": _("judicial bureau"),
    "phone": _("phone"),
    "phone_2": _("second phone"),
    "address": _("address"),
    "hours": _("opening hours"),
    "complaint_phone": _("complaint phone"),
    "complaint_address": _("complaint address"),
    "complaint_fax": _("complaint fax"),
    "complaint_email": _("complaint e-mail"),
    "text": _("text of the county"),
    "staff": _("staff"),
    "roster": _("duty roster"),
    "duty_hours": _("hours of duty"),
    "rules": _("rule sets in force"),
    "monthly": _("standard of hardship"),
    "basis": _("basis of the standard"),
    "paper": _("document of the standard"),
    "valid_from": _("first day of the standard"),
}


@dataclass(frozen=True)
class Change:
    """One thing that differs; without words for it where it is a long text or a list."""

    what: str
    before: str
    after: str


def changes(before, after):
    """Return the `Change`s from one content to another."""
    return [
        Change(what, *(_plain(content.get(name)) for content in (before, after)))
        for name, what in WORDS.items()
        if before.get(name, "") != after.get(name, "")
    ]


def _plain(value):
    return value if isinstance(value, str) and "\n" not in value else ""


def remember(station, day):
    """Write down every poster of a station whose content is new. Returns {item: `Poster`} in force.

    Called under the station's lock (`stations.chores`, `stations.walls.postings`): two would both write.
    """
    live = {
        poster.item: poster for poster in Poster.objects.filter(station=station).live_on(day)
    }
    for item, content in contents_of(station.county, [station], day)[station.pk].items():
        sign = digest(content)
        if item not in live or live[item].digest != sign:
            live[item] = Poster.objects.create(
                station=station, item=item, digest=sign, content=content, live_from=day
            )
    return live


# ── Facts of this floor ─────────────────────────────────────────────────────────────────


@tells(WallItem.STAFF)
def staff(county, stations, day):
    """Who works at each station, once each, by their first role on the wall."""
    posts = (
        Appointment.objects.current(day)
        .filter(station__in=stations, role__in=ON_THE_WALL)
        .order_by("from_on", "pk")
        .values_list("station_id", "role", "user_id", "user__name")
    )
    seen = defaultdict(dict)
    for station_id, role, user_id, name in sorted(posts, key=lambda post: _place(post[1])):
        seen[station_id].setdefault(user_id, {"user": user_id, "name": name, "role": role})
    return {station_id: {"staff": list(people.values())} for station_id, people in seen.items()}


def _place(role):
    return ON_THE_WALL.index(role)


@tells(WallItem.STAFF)
def roster(county, stations, day):
    """The half-days of this month's published roster, as they were published, and their hours.

    Paper keeps the names it was published with; its web twin says who comes (`roster_now`).
    """
    month = (
        DutyMonth.objects.published()
        .filter(county=county, month=day.replace(day=1))
        .select_related("county")
        .first()
    )
    if month is None:
        return {}
    hours = [f"{moment:%H:%M}" for moment in astuple(month.hours)]
    told = _half_days(DutySlot.objects.filter(station__in=stations), day, "published_worker")
    return {
        station_id: {"roster": lines, "duty_hours": "{}–{} {}–{}".format(*hours)}
        for station_id, lines in told.items()
    }


def roster_now(station, day):
    """The half-days of the month as they stand after every change, for the web twin."""
    slots = DutySlot.objects.filter(station=station).standing()
    return _half_days(slots, day, "worker")[station.pk]


def _half_days(slots, day, whose):
    """{station's id: [half-day of the month of a day, with whoever is its `whose`]}."""
    first = day.replace(day=1)
    last = day.replace(day=monthrange(day.year, day.month)[1])
    told = defaultdict(list)
    for station_id, slot_day, half, name, kind in (
        slots.published()
        .filter(**{"day__range": (first, last), f"{whose}__isnull": False})
        .order_by("day", "half", "pk")
        .values_list("station_id", "day", "half", f"{whose}__name", f"{whose}__kind")
    ):
        told[station_id].append(
            {"day": slot_day.isoformat(), "half": half, "name": name, "kind": kind}
        )
    return told


@tells(WallItem.RULES)
def rules(county, stations, day):
    """The rule sets in force at each station, with the day each began."""
    told = defaultdict(list)
    for station_id, kind, since in (
        Adoption.objects.in_force_on(day)
        .filter(station__in=stations)
        .order_by("kind", "pk")
        .values_list("station_id", "kind", "in_force_from")
    ):
        told[station_id].append({"kind": kind, "since": since.isoformat()})
    return {station_id: {"rules": lines} for station_id, lines in told.items()}


@tells(WallItem.COMPLAINT)
def complaint_places(county, stations, day):
    """Where complaints go besides the phone (Order 149: address, fax, e-mail)."""
    told = {
        "complaint_address": county.complaint_address,
        "complaint_fax": county.complaint_fax,
        "complaint_email": county.complaint_email,
    }
    return {station.pk: told for station in stations}


# ── What stands on the paper besides its content ────────────────────────────────────────


def photos_of(station):
    """Return {user's id: evidence's id} of the newest photo of each member of staff."""
    newest = StaffPhoto.objects.filter(station=station).order_by("user_id", "-added_at", "-pk")
    return dict(newest.distinct("user_id").values_list("user_id", "photo_id"))


def look_of(county):
    """Return the county's emblem and colour, or an unsaved row of defaults."""
    return CountyWall.objects.filter(county=county).first() or CountyWall(county=county)


def address_of(station, item, sign=""):
    """Return the address of a poster's web twin: it stays whatever the poster says."""
    path = reverse("stations:wall_public_item", args=[station.code, item])
    return settings.SITE_URL + path + (f"?v={sign}" if sign else "")


def address_of_wall(station):
    """Return the address where everybody reads all posters of a station."""
    return settings.SITE_URL + reverse("stations:wall_public", args=[station.code])


def station_of(code):
    """Return the open stations of a public code, for a page without sign-in."""
    return Station.objects.filter(code=code, closed_on=None).select_related("county__division")
