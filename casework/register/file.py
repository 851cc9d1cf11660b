"""A register on paper or in Excel, read into unsaved entries, with a sentence for every wrong cell.

Takes csv (UTF-8 or GB 18030) and xlsx, with Chinese or English headers in any order. Nothing is
saved here: `casework.register.writing.record_many` takes the entries when not one cell is wrong.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files.tables import FileRefused, cells, text_of
from stations.models import Division
from stations.terms import Sex

from .. import reading
from ..models import Matter, RegisterEntry
from ..reading import Unreadable
from ..terms import Channel, Disposal, Education, IdType, PeopleGroup, Satisfaction, Sensitive

MOST_BYTES = 40 * 1024 * 1024
MOST_ROWS = 200_000
# How many wrong cells are shown; all are counted.
MOST_ERRORS = 500

# Field → the headers it may stand under; the first is the one our own template prints.
COLUMNS = {
    "channel": ("途径", "登记类型", "channel"),
    "occurred_at": (
        "时间",
        "日期",
        "来访时间",
        "来电时间",
        "咨询时间",
        "date",
        "time",
        "occurred_at",
    ),
    "name": ("姓名", "来访人", "来电人", "name"),
    "sex": ("性别", "sex", "gender"),
    "birth_on": ("出生日期", "birth date", "birth_on"),
    "ethnic_group": ("民族", "ethnic group"),
    "people_groups": ("人群", "人群类别", "咨询人类别", "people groups", "groups"),
    "persons": ("同来人数", "人数", "persons"),
    "phone": ("电话", "联系电话", "来电号码", "phone"),
    "id_type": ("证件类型", "id type"),
    "id_number": ("证件号码", "身份证号", "id number"),
    "household_place": ("户籍地", "household registration"),
    "address": ("住址", "通讯地址", "address"),
    "education": ("文化程度", "education"),
    "village": ("村居", "所属村居", "村", "village"),
    "place_of_event": ("事发地", "place of event"),
    "event_on": ("事发日期", "event date"),
    "opponent": ("对方", "对方当事人", "opponent"),
    "title": ("标题", "咨询标题", "title"),
    "matter": ("事由", "案由", "业务类型", "matter"),
    "statement": ("内容", "咨询内容", "来访人说了什么", "statement", "question"),
    "answer": ("答复", "答复意见", "处理意见", "answer"),
    "disposal": ("处理", "处理方式", "disposal"),
    "receiver_name": ("接待人", "话务员", "receiver"),
    "is_told_of_right": ("已告知可申请", "told of right"),
    "sensitive": ("敏感情况", "敏感", "sensitive"),
    "satisfaction": ("满意度", "satisfaction"),
    "is_hotline": ("12348转来", "12348"),
    "duration_minutes": ("时长", "通话时长", "minutes"),
    "follow_up": ("后续去向", "follow up"),
}
REQUIRED_COLUMNS = ("channel", "occurred_at", "name", "matter", "statement")
# What every row must say, beyond those columns, once they are there (rules 4.3).
REFUSED = {"不愿提供", "拒绝提供", "不详", "匿名", "refused"}


@dataclass(frozen=True)
class CellError:
    """One wrong cell: row as the spreadsheet counts it, header, what is wrong and how to mend it."""

    row: int
    column: str
    sentence: str


@dataclass
class ReadFile:
    """What a file holds: unsaved entries, and the wrong cells (`errors` is cut, the count is not)."""

    entries: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    error_count: int = 0
    row_count: int = 0

    def add_error(self, row, column, sentence):
        self.error_count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(CellError(row, column, sentence))


# ── The file as rows of cells ───────────────────────────────────────────────────────────


def read_cells(content):
    """Return the rows of a csv or xlsx file as lists of cells, blank rows left out.

    Raises FileRefused.
    """
    rows = cells(content, most_bytes=MOST_BYTES)
    rows = [row for row in rows if any(cell not in ("", None) for cell in row)]
    if len(rows) < 2:
        raise FileRefused(_("The file has no rows under its headers."))
    if len(rows) - 1 > MOST_ROWS:
        raise FileRefused(
            _("The file has %(rows)s rows; the most is %(most)s. Split it by year.")
            % {"rows": len(rows) - 1, "most": MOST_ROWS}
        )
    return rows


def read_header(row):
    """Return {field: column number} for the header row. Raises FileRefused."""
    names = {
        header.casefold(): field for field, headers in COLUMNS.items() for header in headers
    }
    seen = [str(cell).strip().strip("*").casefold() for cell in row]
    columns = {}
    for position, header in enumerate(seen):
        if header in names:
            columns.setdefault(names[header], position)
    missing = [COLUMNS[field][0] for field in REQUIRED_COLUMNS if field not in columns]
    if missing:
        raise FileRefused(
            _("The first row has no header %(missing)s. Start from our template.")
            % {"missing": "、".join(missing)}
        )
    return columns


# ── The cells as entries ────────────────────────────────────────────────────────────────


class RowReader:
    """Reads rows for one station. Villages and matters are fetched once."""

    def __init__(self, station, *, by, now=None):
        self.station = station
        self.by = by
        self.now = now or timezone.now()
        self.villages = {}
        villages = Division.objects.filter(parent=station.township)
        counts = Counter(village.name for village in villages)
        for village in villages:
            self.villages[village.code] = village
            if counts[village.name] == 1:
                for name in _names_of(village.name):
                    self.villages.setdefault(name, village)
        self.matters = {}
        for matter in Matter.objects.leaves().for_county(station.county):
            self.matters.setdefault(matter.name, matter)
            self.matters[matter.code] = matter

    def village(self, text):
        text = text.strip()
        if not text:
            return None
        if text not in self.villages:
            raise Unreadable(
                _(
                    "%(township)s has no village “%(text)s”. Check the name or the 12-digit code."
                )
                % {"township": self.station.township.name, "text": text[:20]}
            )
        return self.villages[text]

    def matter(self, text):
        matter = self.matters.get(text.strip())
        if matter is None:
            raise Unreadable(
                _(
                    "The dictionary has no matter “%(text)s”. See the second sheet of the template."
                )
                % {"text": text.strip()[:20]}
            )
        return matter

    def groups(self, text):
        names = text.replace(",", "、").replace("，", "、").split("、")
        return [
            code for code in (reading.read_choice(name, PeopleGroup) for name in names) if code
        ]

    def read(self, row):
        """Return (unsaved entry or None, [(field, sentence)]) for {field: cell}."""
        values, errors = {}, []
        text = {name: text_of(cell) for name, cell in row.items()}

        def take(name, read, *args, **kwargs):
            if name not in row:
                return
            try:
                values[name] = read(*args, **kwargs)
            except Unreadable as sentence:
                errors.append((name, str(sentence)))

        take("channel", reading.read_choice, text.get("channel", ""), Channel)
        if values.get("channel") == "":
            errors.append(("channel", _("Say whether it was a call or a visit.")))
        take("occurred_at", reading.read_moment, row.get("occurred_at", ""), now=self.now)
        for name, most in TEXT_LENGTHS.items():
            take(name, reading.read_text, text.get(name, ""), most)
        if values.get("name") in REFUSED:
            values |= {"name": "", "is_anonymous": True}
        elif values.get("name") == "":
            errors.append(("name", _("Write the name, or 不愿提供 when refused.")))
        if values.get("statement") == "":
            errors.append(("statement", _("Write what the person said.")))
        for name, choices in CHOICES.items():
            take(name, reading.read_choice, text.get(name, ""), choices)
        for name in ("birth_on", "event_on"):
            if text.get(name):
                take(name, reading.read_day, row[name])
                if values.get(name) and values[name] > timezone.localdate(self.now):
                    errors.append((name, _("This day has not come yet. Check the year.")))
        take("people_groups", self.groups, text.get("people_groups", ""))
        if text.get("persons"):
            take("persons", reading.read_count, text["persons"])
        if text.get("duration_minutes"):
            take("duration_minutes", reading.read_count, text["duration_minutes"], most=1440)
        take("phone", reading.read_phone, text.get("phone", ""))
        is_resident = values.get("id_type") in (None, "", IdType.RESIDENT)
        take(
            "id_number",
            reading.read_id_number if is_resident else reading.read_paper_number,
            text.get("id_number", ""),
        )
        if is_resident and values.get("id_number"):
            values["id_type"] = IdType.RESIDENT
            birth_on, sex = reading.birth_and_sex(values["id_number"])
            values.setdefault("birth_on", birth_on)
            values["sex"] = values.get("sex") or sex
        take("village", self.village, text.get("village", ""))
        take("matter", self.matter, text.get("matter", ""))
        for name in ("is_told_of_right", "is_hotline"):
            take(name, reading.read_yes, text.get(name, ""))
        values["sensitive"] = values.get("sensitive") or Sensitive.NONE
        if errors:
            return None, errors
        return RegisterEntry(
            station=self.station, recorded_by=self.by, recorded_at=self.now, **values
        ), []


TEXT_LENGTHS = {
    "name": 40,
    "ethnic_group": 20,
    "household_place": 60,
    "address": 120,
    "place_of_event": 60,
    "opponent": 60,
    "title": 60,
    "statement": 4000,
    "answer": 4000,
    "receiver_name": 40,
    "follow_up": 120,
}
CHOICES = {
    "sex": Sex,
    "id_type": IdType,
    "education": Education,
    "disposal": Disposal,
    "sensitive": Sensitive,
    "satisfaction": Satisfaction,
}


def _names_of(village_name):
    """A village as people write it: 南坪村民委员会, 南坪村委会, 南坪村, 南坪."""
    yield village_name
    for ending in ("村民委员会", "居民委员会", "村委会", "居委会", "委员会", "委会"):
        if village_name.endswith(ending):
            short = village_name.removesuffix(ending)
            yield short
            yield short + ("村" if "村" in ending else "社区")
            return


def read_file(content, station, *, by, progress=lambda done, total: None):
    """Return the `ReadFile` of a csv or xlsx register of one station. Raises FileRefused.

    Rows are counted as the spreadsheet does: the header is row 1.
    """
    header, *rows = read_cells(content)
    columns = read_header(header)
    reader = RowReader(station, by=by)
    result = ReadFile(row_count=len(rows))
    for number, row in enumerate(rows, 2):
        entry, errors = reader.read(
            {name: row[at] for name, at in columns.items() if at < len(row)}
        )
        for name, sentence in errors:
            result.add_error(number, str(header[columns[name]]), sentence)
        if entry:
            result.entries.append(entry)
        if number % 1000 == 0:
            progress(number - 1, len(rows))
    progress(len(rows), len(rows))
    return result
