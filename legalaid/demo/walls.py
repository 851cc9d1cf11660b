"""Walls of the demonstration county: most stations posted, two out of date, rule sets adopted, some test calls."""

import hashlib
import io
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from stations.files.evidence import small_of
from stations.models import (
    Adoption,
    CountyWall,
    Evidence,
    Poster,
    Posting,
    Reading,
    RuleDocument,
    StaffPhoto,
    TestCall,
    TestDraw,
    User,
    WallText,
)
from stations.papers.fonts import whole_face
from stations.privacy import seal
from stations.terms import CallResult, RuleKind, WallItem
from stations.upkeep import rule_documents
from stations.walls import posters, test_calls, texts

from . import COUNTY_CODE, SILENT_STATION, SURGE_STATION

# Posted so many days ago, counted from the first station.
POSTED_DAYS_AGO = 96
# Whose phone was changed after the posters were printed, and when.
MOVED = {"341525107": 3, "341525110": 16}
OLD_PHONE = "0564-000-9901"
# Whose posters were last looked at longer than a year ago.
UNSEEN = "341525202"
# The rule sets a station has adopted, where it has not adopted all.
FEW_RULES = {SILENT_STATION: 0, "341525112": 4}
SIZE = (360, 480)
INK, PAPER, WALL = "#0f2f3a", "#f4f2ec", "#d9d2c3"


def build(county, stations, today):
    """Write the county's texts and, for its stations, what hangs, what holds and who answered."""
    officer = User.objects.get(username="officer")
    began = date(today.year - (today.month < 3), 1, 4)
    _texts(county, officer, began)
    _rules(stations, officer, began, today)
    _posters(county, stations, began, today)
    _calls(county, officer, today)


def _texts(county, officer, began):
    WallText.objects.bulk_create(
        WallText(
            county=county,
            item=item,
            version=1,
            text=text,
            valid_from=began,
            paper="统一上墙公示内容",
            set_by=officer,
            set_at=_at(began),
        )
        for item, text in texts.default_texts().items()
    )
    CountyWall.objects.create(county=county, set_by=officer, set_at=_at(began))


def _at(day, hour=9):
    return timezone.make_aware(datetime.combine(day, time(hour, 20)))


def _rules(stations, officer, began, today):
    documents = {
        kind: RuleDocument.objects.create(
            county=stations[0].county,
            kind=kind,
            version=1,
            text=text,
            note="全县统一七项制度",
            set_by=officer,
            set_at=_at(began),
        )
        for kind, text in rule_documents.default_texts().items()
    }
    people = rule_documents.staff_of(stations, today)
    adoptions, readings = [], []
    for number, station in enumerate(stations):
        staff = list(people[station.pk].values())
        since = began + timedelta(days=14 + number)
        for kind in list(RuleKind)[: FEW_RULES.get(station.code, len(RuleKind))]:
            adoptions.append(
                Adoption(
                    station=station,
                    kind=kind,
                    document=documents[kind],
                    text=rule_documents.filled_in(documents[kind].text, station),
                    in_force_from=since,
                    adopted_by=staff[0],
                    adopted_at=_at(since),
                )
            )
    for adoption in Adoption.objects.bulk_create(adoptions):
        staff = list(people[adoption.station_id].values())
        # At the station visitors see first, somebody has still to read two of them.
        behind = adoption.station.code == SURGE_STATION and adoption.kind in {
            RuleKind.TRAINING,
            RuleKind.COMPLAINT,
        }
        readings += [
            Reading(
                adoption=adoption,
                user=user,
                read_at=_at(adoption.in_force_from + timedelta(days=n + 1)),
            )
            for n, user in enumerate(staff[1:] if behind else staff)
        ]
    Reading.objects.bulk_create(readings)


def _posters(county, stations, began, today):
    contents = posters.contents_of(county, stations, today)
    people = rule_documents.staff_of(stations, today)
    pictures = {item: _picture(item.label, n) for n, item in enumerate(WallItem)}
    printed, renewed, hung = [], [], []
    for number, station in enumerate(stations):
        by = next(iter(people[station.pk].values()))
        posted_on = max(today - timedelta(days=POSTED_DAYS_AGO - number), began)
        if station.code == UNSEEN:
            posted_on = today - timedelta(days=371)
        items = [item for item in WallItem if item != WallItem.PRIVACY]
        if station.code == SILENT_STATION:
            items = [WallItem.SCOPE, WallItem.PROCEDURE, WallItem.CONTACT]
        photos = _keep(station, [pictures[item] for item in items], by, posted_on)
        for item, photo in zip(items, photos, strict=True):
            content = contents[station.pk][item]
            if station.code in MOVED:
                changed_on = today - timedelta(days=MOVED[station.code])
                renewed.append(_poster(station, item, content, changed_on))
                content = content | {"phone": OLD_PHONE}
            printed.append(_poster(station, item, content, posted_on))
            hung.append((printed[-1], photo, by))
        if station.code in {SURGE_STATION, stations[0].code}:
            _portraits(station, people[station.pk].values(), by)
    # In the order they became true: a wall is read by it.
    Poster.objects.bulk_create([*printed, *renewed])
    Posting.objects.bulk_create(
        Posting(
            station=poster.station,
            item=poster.item,
            poster=poster,
            posted_on=poster.live_from,
            photo=photo,
            posted_by=by,
            recorded_at=_at(poster.live_from, 15),
            checked_on=poster.live_from,
            next_check_on=poster.live_from + timedelta(days=365),
        )
        for poster, photo, by in hung
    )


def _poster(station, item, content, day):
    return Poster(
        station=station,
        item=item,
        content=content,
        digest=posters.digest(content),
        live_from=day,
    )


def _keep(station, pictures, by, day):
    return Evidence.objects.bulk_create(
        Evidence(
            station=station,
            media_type="image/jpeg",
            sha256=hashlib.sha256(content).hexdigest(),
            content=seal(content),
            small=small_of(content),
            added_by=by,
            added_at=_at(day, 15),
        )
        for content in pictures
    )


def _font(size):
    face = whole_face("Noto Sans CJK SC:bold")
    return ImageFont.truetype(face[0], size, index=face[1]) if face else None


def _picture(title, number):
    """A drawn picture of a poster on a wall: its title on the band, lines below."""
    image = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = 44, 36, 316, 420
    draw.rectangle((left + 6, top + 8, right + 6, bottom + 8), fill="#b9b09c")
    draw.rectangle((left, top, right, bottom), fill=PAPER)
    draw.rectangle((left, top, right, top + 84), fill=INK)
    draw.rectangle((left, bottom - 62, right, bottom), fill=INK)
    if font := _font(26 if len(str(title)) > 8 else 32):
        draw.text((left + 16, top + 26), str(title), fill="white", font=font)
    for line in range(9):
        y = top + 108 + line * 24
        draw.rectangle((left + 16, y, left + 26, y + 10), fill="#a56f14")
        width = 150 + (line * 37 + number * 23) % 76
        draw.rectangle((left + 36, y + 2, left + 36 + width, y + 9), fill="#c9c3b4")
    draw.rectangle((right - 60, bottom - 54, right - 14, bottom - 8), fill="white")
    draw.rectangle((right - 52, bottom - 46, right - 22, bottom - 16), fill="#1b262b")
    return _jpeg(image)


def _portraits(station, staff, by):
    """Drawn heads on a plain ground, one for each of the staff."""
    for number, user in enumerate(staff):
        image = Image.new("RGB", (330, 420), ["#dfe8ea", "#ece6d8", "#e4efe7"][number % 3])
        draw = ImageDraw.Draw(image)
        draw.ellipse((-10, 290, 340, 640), fill=["#17566a", "#46525a", "#123c4a"][number % 3])
        draw.polygon([(125, 300), (205, 300), (165, 360)], fill="white")
        # No two heads are the same picture: a place keeps each picture once.
        draw.ellipse((98 - 3 * number, 84, 232 + 3 * number, 250), fill="#3a2f2a")
        draw.ellipse((108, 112, 222, 262), fill=["#efd3bd", "#e6c3a8", "#f1d8c6"][number % 3])
        [photo] = _keep(station, [_jpeg(image)], by, timezone.localdate())
        StaffPhoto.objects.create(station=station, user=user, photo=photo, added_by=by)


def _jpeg(image):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _calls(county, officer, today):
    """Two months of draws: nearly all answered, one nobody took, one dead number, a few still to call."""
    numbers = test_calls.published_numbers(county, today)
    first = today.replace(day=1)
    for back, left in ((40, 0), (min(4, (today - first).days), 3)):
        day = today - timedelta(days=back)
        seed = f"{COUNTY_CODE}-{day:%Y%m}"
        picked = test_calls.chosen(numbers, first=set(), size=12, seed=seed)
        draw = TestDraw.objects.create(
            county=county,
            drawn_on=day,
            seed=seed,
            published=len(numbers),
            size=len(picked),
            drawn_by=officer,
            drawn_at=_at(day),
        )
        odd = {2: (CallResult.NO_ANSWER, "响了十几声"), 7: (CallResult.DEAD, "提示空号")}
        for n, number in enumerate(picked):
            waits = n >= len(picked) - left
            result, note = odd.get(n, (CallResult.ANSWERED, "")) if not waits else ("", "")
            if back == 40 and result == CallResult.DEAD:
                result, note = CallResult.ANSWERED, ""
            TestCall.objects.create(
                draw=draw,
                station_id=number.station_id or None,
                contact_point_id=number.point_id or None,
                kind=number.kind,
                number=number.number,
                result=result,
                note=note,
                called_by=None if waits else officer,
                called_at=None if waits else _at(day, 10) + timedelta(minutes=7 * n),
            )
