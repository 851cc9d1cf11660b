"""Posters on paper, A3 and A4, and what their page on the screen shows of the same content."""

import base64
import io
from dataclasses import dataclass, field
from datetime import date, time

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader, PdfWriter

from ..duty_hours import DutyHours
from ..files.evidence import content_of
from ..models import Evidence, Station
from ..papers import boards
from ..papers.documents import CannotMake, makes
from ..papers.pdf import lay_out
from ..papers.squares import qr_square
from ..roles import Role
from ..terms import AidWorkerKind, Half, RuleKind, WallItem
from . import posters, states

TEMPLATE = "stations/walls/print.html"
# Sheets a poster can be printed on, and how much smaller than A3 they are.
SIZES = {"a3": 1, "a4": 210 / 297}
# So many people stand side by side on A3; five in narrower fields.
BESIDE = 4
# A photo on the wall is 42 mm high.
PHOTO_SIDE = 500
# The title fits the sheet up to so many characters at its usual size.
TITLE_LETTERS = 8
# Four points or more stand in two columns when none is longer than two lines of one.
SHORT_POINT = 26
# What fits between head and foot of A3 in larger type, in lines; letters of a line.
ROOMY_LINES, LINE_LETTERS = 18, 29


@dataclass
class Sheet:
    """One poster as a template shows it, on paper and on the screen."""

    item: WallItem
    content: dict
    board: boards.Board
    code: str = ""
    live_from: date | None = None
    look: object = None
    qr: str = ""
    emblem: str = ""
    photos: dict = field(default_factory=dict)
    # Whether people stand there by name, or only by what they are.
    shows_names: bool = True
    # Set off when larger type was tried and needed a second sheet.
    may_be_larger: bool = True

    @property
    def is_long(self):
        return len(str(self.item.label)) > TITLE_LETTERS

    @property
    def is_ladder(self):
        return self.item == WallItem.PROCEDURE

    @property
    def blocks(self):
        """The blocks, each with whether its points are short enough for two columns."""
        return [
            (block, len(block.points) > 3 and max(map(len, block.points)) <= SHORT_POINT)
            for block in self.board.blocks
        ]

    @property
    def is_roomy(self):
        """Whether there is so little to say that larger type still fits on one sheet."""
        if not self.may_be_larger or self.item in {WallItem.PROCEDURE, WallItem.STAFF}:
            return False
        lines = {WallItem.HARDSHIP: 4, WallItem.CONTACT: 7, WallItem.COMPLAINT: 6}
        said = lines.get(self.item, 0) + (len(self.rules) / 2 + 1.6 if self.rules else 0)
        for block, is_short in self.blocks:
            said += 2.2 if block.title else 0
            said += sum(-(-len(text) // LINE_LETTERS) for text in block.paragraphs)
            said += len(block.points) * (0.7 if is_short else 1.1)
        said += sum(1 + len(note.text) // LINE_LETTERS for note in self.board.notes)
        return said <= ROOMY_LINES

    @property
    def is_crowded(self):
        """Whether more people stand there than fit side by side at the usual width."""
        return len(self.content.get("staff", [])) > BESIDE

    @property
    def staff(self):
        """The people of the station: name, role, photo; without names, the roles there are."""
        people = self.content.get("staff", [])
        if not self.shows_names:
            roles = dict.fromkeys(person["role"] for person in people)
            return [{"name": Role(role).label} for role in roles]
        return [
            person
            | {"role": Role(person["role"]).label, "photo": self.photos.get(person["user"], "")}
            for person in people
        ]

    @property
    def roster(self):
        """[(day, [(half-day, who)])] of the month."""
        days = {}
        for slot in self.content.get("roster", []):
            who = slot["name"] if self.shows_names else AidWorkerKind(slot["kind"]).label
            days.setdefault(date.fromisoformat(slot["day"]), []).append(
                (Half(slot["half"]).label, who)
            )
        return list(days.items())

    @property
    def duty_hours(self):
        """The `DutyHours` of the roster, or None without one."""
        told = self.content.get("duty_hours")
        if not told:
            return None
        return DutyHours(*map(time.fromisoformat, told.replace("–", " ").split()))

    @property
    def standard_from(self):
        return date.fromisoformat(self.content["valid_from"])

    @property
    def rules(self):
        order = [kind.value for kind in RuleKind]
        held = sorted(self.content.get("rules", []), key=lambda rule: order.index(rule["kind"]))
        return [
            (RuleKind(rule["kind"]).label, date.fromisoformat(rule["since"])) for rule in held
        ]


def sheet(content, *, code="", live_from=None, shows_names=True):
    """Return the `Sheet` of a content, as the screen shows it: without pictures."""
    return Sheet(
        item=WallItem(content["item"]),
        content=content,
        board=boards.read(content["text"]),
        code=code,
        live_from=live_from,
        shows_names=shows_names,
    )


def draft_sheet(county, item, text):
    """Return a sheet of a text nobody has saved, with the facts of no station."""
    return sheet(
        {
            "item": item,
            "text": text,
            "unit": county.center_name,
            "bureau": county.bureau_name,
            "phone": "",
            "complaint_phone": county.complaint_phone,
        }
    )


def render(station, line, size="a3"):
    """Return the PDF of one poster of a station; `line` is its `wall_states.Line`."""
    return _scaled([_a3(station, line)], size)


def _a3(station, line):
    look = posters.look_of(station.county)
    photos = posters.photos_of(station) if line.item == WallItem.STAFF else {}
    pictures = Evidence.objects.in_bulk([*photos.values(), *filter(None, [look.emblem_id])])
    shown = sheet(line.content, code=line.code, live_from=line.live_from)
    shown.look = look
    shown.qr = qr_square(posters.address_of(station, line.item, line.digest))
    shown.photos = {user: _picture(pictures[photo]) for user, photo in photos.items()}
    shown.emblem = _picture(pictures[look.emblem_id]) if look.emblem_id else ""
    with translation.override(settings.LANGUAGE_CODE):
        laid_out = lay_out(TEMPLATE, {"sheet": shown})
        if shown.is_roomy and len(laid_out.pages) > 1:
            shown.may_be_larger = False
            laid_out = lay_out(TEMPLATE, {"sheet": shown})
    return laid_out.write_pdf()


def _picture(evidence):
    """A kept picture as a data address, no larger than a poster needs; nothing for a PDF."""
    if not evidence.is_picture:
        return ""
    image = Image.open(io.BytesIO(content_of(evidence)))
    image.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    out = io.BytesIO()
    kind = "PNG" if evidence.media_type == "image/png" else "JPEG"
    image.save(out, kind)
    return f"data:{evidence.media_type};base64,{base64.b64encode(out.getvalue()).decode()}"


def _scaled(files, size):
    """Join A3 files into one of the asked size. A4 is the same drawing, seven tenths as large."""
    writer = PdfWriter()
    for file in files:
        for sheet_of_paper in PdfReader(io.BytesIO(file)).pages:
            page = writer.add_page(sheet_of_paper)
            if SIZES[size] != 1:
                page.scale_by(SIZES[size])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@makes("wall_set")
def wall_set(document, progress):
    """All posters of a station, or those that have to be renewed, in one file for the printer."""
    station = Station.objects.select_related("county__division").get(pk=document.station_id)
    lines = printable(station, only_wrong=document.parameters["only_wrong"])
    if not lines:
        raise CannotMake(_("No poster of this wall has to be renewed."))
    files = []
    for n, line in enumerate(lines, 1):
        files.append(_a3(station, line))
        progress(n, len(lines))
    return _scaled(files, document.parameters["size"])


def printable(station, *, only_wrong=False):
    """Return the `wall_states.Line`s of a station's wall that can be printed."""
    today = timezone.localdate()
    lines = states.walls(station.county, [station], today)[station.pk]
    return [line for line in lines if line.content and (line.needs_poster or not only_wrong)]
