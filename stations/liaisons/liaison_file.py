"""Liaisons from and to files: csv or xlsx, Chinese or English headers, a sentence per wrong cell.

Reading saves nothing: it returns one `Line` per row. What is exported may be changed and read again.
"""

import io
import re
from dataclasses import dataclass

import xlsxwriter
from django.db.models import F, Q
from django.utils.translation import gettext as _

from ..files.tables import FileRefused, day_of, safe
from ..models import Division, Liaison, Station
from ..terms import LiaisonPost, Sex
from .liaison_lines import HEADERS, REQUIRED, Line, appoint, check_days, correct

MAX_ROWS = 5000

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

# As the page takes it: what is exported can be read again.
PHONE = re.compile(r"[0-9+()（）\- 转]{5,30}")


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
    context = _context(stations.select_related("township", "county"))
    lines = [
        _line(n, {name: _cell(row, at) for name, at in columns.items()}, context)
        for n, row in rows[1:]
    ]
    check_days(lines, context.on_record, replaces=replaces)
    return lines


@dataclass
class _Context:
    """What the database knows of the stations' villages: names and codes of now and of before."""

    stations: dict[int, Station]
    by_code: dict[str, list[Division]]
    by_name: dict[tuple[str, str], list[Division]]
    # Village: its liaisons of all times.
    on_record: dict[int, list[Liaison]]


def _context(stations):
    by_township = {station.township_id: station for station in stations}
    mine = Q(parent__in=by_township, valid_to=None)
    kept = Liaison.objects.filter(station__in=by_township.values())
    villages = (
        Division.objects.filter(mine | Q(pk__in=kept.values("village")))
        .select_related("parent")
        # Of two that had one code or name, the one of today is thought of first.
        .order_by(F("valid_to").desc(nulls_first=True))
    )
    context = _Context(by_township, {}, {}, {})
    for village in villages:
        context.by_code.setdefault(village.code, []).append(village)
        context.by_name.setdefault((village.parent.name, village.name), []).append(village)
        context.by_name.setdefault(("", village.name), []).append(village)
    for liaison in Liaison.objects.filter(village__in=villages).select_related("station"):
        context.on_record.setdefault(liaison.village_id, []).append(liaison)
    return context


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
        station=context.stations.get(village.parent_id) if village else None,
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
    if liaison.phone and not PHONE.fullmatch(liaison.phone):
        line.errors["phone"] = _("This is not a phone number.")
    if not cells["appointed_from"]:
        line.errors["appointed_from"] = _("The first day is missing.")
    if len(liaison.ended_reason) > 120:
        line.errors["ended_reason"] = _("The reason is longer than 120 characters.")
    if not line.errors:
        line.liaison = liaison
        line.present = next(
            (
                each
                for each in context.on_record.get(village.pk, [])
                if (each.name, each.appointed_from) == (liaison.name, liaison.appointed_from)
            ),
            None,
        )
        if line.present:
            correct(line, kept_at=context.stations.values())
        else:
            appoint(line)
    return line


def _village(line, context):
    code, name = line.cells.get("village_code", ""), line.cells.get("village", "")
    if code:
        known = context.by_code.get(code, [])
        if not known:
            line.errors["village_code"] = (
                _("No village of your stations has the code %s.") % code[:20]
            )
            return None
        village = next((each for each in known if name in ("", each.name)), None)
        if village is None:
            line.errors["village"] = _("The code belongs to %s.") % known[0].name
        return village
    found = context.by_name.get((line.cells.get("township", ""), name), [])
    found = [each for each in found if each.valid_to is None] or found
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
            "是" if liaison.is_acting else "否",
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
