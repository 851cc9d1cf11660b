"""Liaisons from and to files: csv or xlsx, Chinese or English headers, a sentence per wrong cell.

Reading saves nothing: it returns one `Line` per row. `save` writes all of them or none.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta

import xlsxwriter
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..files.tables import FileRefused, day_of, safe
from ..models import Division, Liaison, Station
from ..terms import LiaisonPost, Sex

MAX_ROWS = 5000

# Column: the headers it may have; the first one is written.
HEADERS = {
    "village_code": ("村居代码", "区划代码", "village code"),
    "township": ("乡镇", "乡镇（街道）", "township"),
    "village": ("村居", "村（社区）", "village"),
    "name": ("姓名", "联络员", "name"),
    "sex": ("性别", "sex"),
    "post": ("村居职务", "职务", "post"),
    "phone": ("电话", "联系电话", "phone"),
    "is_acting": ("代理", "是否代理", "acting"),
    "appointed_from": ("任职日期", "起任日期", "appointed from"),
    "appointed_to": ("离任日期", "appointed until"),
    "ended_reason": ("离任原因", "reason of leaving"),
}
REQUIRED = ["name", "post", "appointed_from"]

# What people write beside the labels of our own terms.
SEXES = {"女": Sex.FEMALE, "男": Sex.MALE}
POSTS = {
    "书记": LiaisonPost.SECRETARY,
    "村书记": LiaisonPost.SECRETARY,
    "主任": LiaisonPost.DIRECTOR,
    "村主任": LiaisonPost.DIRECTOR,
    "调解主任": LiaisonPost.MEDIATION,
    "网格员": LiaisonPost.GRID,
    "法律明白人": LiaisonPost.LEGAL_GUIDE,
    "其他": LiaisonPost.OTHER,
}
YES = {"是", "代理", "1", "yes", "true", "y"}
NO = {"", "否", "0", "no", "false", "n"}

PHONE = re.compile(r"^[0-9+()（） -]{7,20}$")


@dataclass
class Line:
    """One row of a file: what it says, what it would become, what is wrong with it."""

    number: int
    cells: dict[str, str]
    liaison: Liaison | None = None
    # The liaison in post whom this one replaces.
    replaced: Liaison | None = None
    is_unchanged: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def sentences(self):
        """[(header, sentence)]; a sentence about the whole row has no header."""
        return [
            (HEADERS[column][0] if column else "", text) for column, text in self.errors.items()
        ]


# ── Reading ─────────────────────────────────────────────────────────────────────────────


def read(rows, *, stations, replaces=False):
    """Return the `Line`s of a table for the given stations; nothing is saved.

    With `replaces`, a liaison in post gives way to a new one of the same village the day before.
    Raises FileRefused when the headers are wrong or there are no or too many rows.
    """
    rows = [(n, row) for n, row in enumerate(rows, start=1) if any(row)]
    if len(rows) < 2:
        raise FileRefused(_("The file has no rows below its headers."))
    if len(rows) - 1 > MAX_ROWS:
        raise FileRefused(_("The file has more than %d rows. Split it.") % MAX_ROWS)
    _number, header = rows[0]
    columns = _columns(header)
    stations = list(stations.select_related("township"))
    by_township = {station.township_id: station for station in stations}
    villages = list(
        Division.objects.filter(parent__in=by_township, valid_to=None).select_related("parent")
    )
    liaisons = Liaison.objects.filter(village__in=villages, appointed_to=None)
    context = _Context(
        by_code={village.code: village for village in villages},
        by_name=_by_name(villages),
        stations=by_township,
        in_post={liaison.village_id: liaison for liaison in liaisons},
        replaces=replaces,
    )
    return [
        _line(n, {name: _cell(row, at) for name, at in columns.items()}, context)
        for n, row in rows[1:]
    ]


@dataclass
class _Context:
    by_code: dict[str, Division]
    by_name: dict[tuple[str, str], list[Division]]
    stations: dict[int, Station]
    in_post: dict[int, Liaison]
    replaces: bool
    seen: dict[int, int] = field(default_factory=dict)


def _by_name(villages):
    names = {}
    for village in villages:
        names.setdefault((village.parent.name, village.name), []).append(village)
        names.setdefault(("", village.name), []).append(village)
    return names


def _columns(header):
    known = {word.lower(): name for name, words in HEADERS.items() for word in words}
    columns = {
        known[cell.strip().lower()]: at
        for at, cell in enumerate(header)
        if cell.strip().lower() in known
    }
    missing = [HEADERS[name][0] for name in REQUIRED if name not in columns]
    if "village_code" not in columns and "village" not in columns:
        missing.insert(0, HEADERS["village_code"][0])
    if missing:
        raise FileRefused(
            _("The first row lacks these headers: %s. Use the template.") % "、".join(missing)
        )
    return columns


def _cell(row, at):
    # Our own export writes ' before a cell that a spreadsheet could take for a formula.
    return row[at].strip().removeprefix("'") if at < len(row) else ""


def _line(number, cells, context):
    line = Line(number, cells)
    village = _village(line, context)
    liaison = Liaison(
        village=village,
        station=context.stations[village.parent_id] if village else None,
        name=cells["name"],
        phone=cells.get("phone", ""),
        ended_reason=cells.get("ended_reason", ""),
        sex=_choice(line, "sex", SEXES, Sex),
        post=_choice(line, "post", POSTS, LiaisonPost),
        is_acting=_yes(line, "is_acting"),
        appointed_from=_day(line, "appointed_from"),
        appointed_to=_day(line, "appointed_to"),
    )
    if not 0 < len(liaison.name) <= 40:
        line.errors["name"] = _("The name is missing or longer than 40 characters.")
    if liaison.phone and not PHONE.match(liaison.phone):
        line.errors["phone"] = _("This is not a phone number.")
    if not cells["appointed_from"]:
        line.errors["appointed_from"] = _("The first day is missing.")
    if not line.errors:
        line.liaison = liaison
        _place(line, context)
    return line


def _village(line, context):
    code, name = line.cells.get("village_code", ""), line.cells.get("village", "")
    if code:
        village = context.by_code.get(code)
        if village is None:
            line.errors["village_code"] = (
                _("No village of your stations has the code %s.") % code[:20]
            )
        elif name and name != village.name:
            line.errors["village"] = _("The code belongs to %s.") % village.name
        return village
    found = context.by_name.get((line.cells.get("township", ""), name), [])
    if len(found) == 1:
        return found[0]
    line.errors["village"] = (
        _("Several villages have this name. Give the code or the township.")
        if found
        else _("None of your stations has this village.")
    )
    return None


def _choice(line, column, words, choices):
    """Return the value for a word of ours or for a label as the pages and the export print it."""
    text = line.cells.get(column, "").lower()
    if not text and column not in REQUIRED:
        return ""
    words = words | {str(choice.label).lower(): choice for choice in choices}
    if text not in words:
        line.errors[column] = _("Choose one of: %s.") % "、".join(
            str(choice.label) for choice in choices
        )
    return words.get(text, "")


def _yes(line, column):
    text = line.cells.get(column, "").lower()
    if text not in YES | NO:
        line.errors[column] = _("Write 是 or 否.")
    return text in YES


def _day(line, column):
    text = line.cells.get(column, "")
    day = day_of(text)
    if text and day is None:
        line.errors[column] = _("This is not a date. Write 2026-03-01.")
    return day


def _place(line, context):
    """Check the row against the liaison in post and against the rows above."""
    new = line.liaison
    if new.village_id in context.seen:
        line.errors[""] = _("Row %d is about the same village.") % context.seen[new.village_id]
        return
    context.seen[new.village_id] = line.number
    if new.village.valid_from and new.appointed_from < new.village.valid_from:
        line.errors["appointed_from"] = _(
            "The village has carried this name only since a later day."
        )
        return
    present = context.in_post.get(new.village_id)
    if present and (present.name, present.appointed_from) == (new.name, new.appointed_from):
        line.is_unchanged = True
        return
    if present and context.replaces and present.appointed_from < new.appointed_from:
        line.replaced = present
    elif present and not new.appointed_to:
        line.errors["name"] = (
            _("%s is in post here. End that appointment first.") % present.name
        )
        return
    try:
        new.clean_fields(exclude=["phone", "user", "village", "station"])
        if not line.replaced:
            new.validate_constraints()
    except ValidationError as error:
        line.errors[""] = " ".join(error.messages)


@transaction.atomic
def save(lines):
    """Save all lines, or none; return how many liaisons are new. Raises FileRefused."""
    if any(line.errors for line in lines):
        raise FileRefused(_("Some rows are wrong. Nothing was saved."))
    new = [line for line in lines if not line.is_unchanged]
    try:
        with transaction.atomic():
            for line in new:
                if line.replaced:
                    line.replaced.appointed_to = line.liaison.appointed_from - timedelta(days=1)
                    line.replaced.ended_reason = _("replaced by another")
                    line.replaced.save(update_fields=["appointed_to", "ended_reason"])
                line.liaison.save()
    except IntegrityError as error:
        raise FileRefused(
            _("Another liaison of one of these villages was appointed meanwhile. Check again.")
        ) from error
    return len(new)


# ── Writing ─────────────────────────────────────────────────────────────────────────────


def export(liaisons):
    """Return an xlsx of liaisons with the importer's headers. Phones are in clear."""
    return _workbook(
        [
            liaison.village.code,
            liaison.village.parent.name,
            liaison.village.name,
            liaison.name,
            liaison.get_sex_display(),
            liaison.get_post_display(),
            liaison.phone,
            "是" if liaison.is_acting else "",
            str(liaison.appointed_from),
            str(liaison.appointed_to or ""),
            liaison.ended_reason,
        ]
        for liaison in liaisons
    )


def template(villages):
    """Return the empty form: one row per village that waits for a liaison."""
    return _workbook([village.code, village.parent.name, village.name] for village in villages)


def _workbook(rows):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet("联络员")
    bold = book.add_format({"bold": True, "bg_color": "#ebe7dc", "border": 1})
    sheet.set_column(0, len(HEADERS) - 1, 14)
    sheet.freeze_panes(1, 0)
    for column, words in enumerate(HEADERS.values()):
        sheet.write_string(0, column, words[0], bold)
    for n, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(n, column, safe(str(text)))
    book.close()
    return out.getvalue()
