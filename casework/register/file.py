"""A register on paper or in Excel, read into unsaved entries, with a sentence for every wrong cell.

Takes csv (UTF-8 or GB 18030) and xlsx, with Chinese or English headers in any order. Nothing is
saved here: `casework.register.writing.record_many` takes the entries when not one cell is wrong.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from difflib import get_close_matches

from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files.tables import FileRefused, cells, text_of
from stations.models import Division
from stations.network import places
from stations.templatetags.words import full_day
from stations.terms import Sex

from .. import reading
from ..models import Matter, RegisterEntry
from ..reading import Unreadable
from ..terms import Channel, Disposal, Education, IdType, PeopleGroup, Satisfaction, Sensitive
from .headers import read_header

MOST_BYTES = 40 * 1024 * 1024
MOST_ROWS = 200_000
# How many wrong cells are shown; all are counted.
MOST_ERRORS = 500

# How a register on paper says that somebody refused, that there is nothing, where a person is from.
REFUSED = {"不愿提供", "拒绝提供", "不详", "匿名", "refused"}
NOTHING = {"无", "没有", "未留", "不详", "/", "-", "—"}
ELSEWHERE = {"外地", "外县", "外省", "外地居民"}


@dataclass(frozen=True)
class CellError:
    """One wrong cell: row as the spreadsheet counts it, header, what is wrong and how to mend it."""

    row: int
    column: str
    sentence: str


@dataclass
class ReadFile:
    """What a file holds: unsaved entries, and the wrong cells (`errors` is cut, the count is not).

    `numbers` are the rows of the entries as the spreadsheet counts them.
    """

    entries: list = field(default_factory=list)
    numbers: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    error_count: int = 0
    row_count: int = 0

    def add_error(self, row, column, sentence):
        self.error_count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(CellError(row, column, sentence))


# ── The file as rows of cells ───────────────────────────────────────────────────────────


def read_rows(content):
    """Return (`Header`, [(number as the spreadsheet counts, cells)]) of a file, blank rows left out.

    Raises FileRefused.
    """
    rows = cells(content, most_bytes=MOST_BYTES)
    numbered = [
        (number, row)
        for number, row in enumerate(rows, 1)
        if any(str(cell).strip() for cell in row if cell is not None)
    ]
    if len(numbered) < 2:
        raise FileRefused(_("The file has no rows under its headers."))
    header = read_header([row for _number, row in numbered])
    below = numbered[header.height :]
    if not below:
        raise FileRefused(_("The file has no rows under its headers."))
    if len(below) > MOST_ROWS:
        raise FileRefused(
            _("The file has %(rows)s rows; the most is %(most)s. Split it by year.")
            % {"rows": len(below), "most": MOST_ROWS}
        )
    return header, below


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
        if text in NOTHING | ELSEWHERE | {""}:
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
        text = text.strip()
        matter = self.matters.get(text)
        if matter is None:
            near = [name for name in self.matters if text and (text in name or name in text)]
            near = near or get_close_matches(text, self.matters, n=1, cutoff=0.5)
            if near:
                raise Unreadable(
                    _("The dictionary has no matter “%(text)s”. Is it “%(near)s”?")
                    % {"text": text[:20], "near": near[0]}
                )
            raise Unreadable(
                _(
                    "The dictionary has no matter “%(text)s”. See the second sheet of the template."
                )
                % {"text": text[:20]}
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
        for name in ("phone", "id_number"):
            if text.get(name) in NOTHING:
                text[name] = ""
        text["sex"] = text.get("sex", "").removesuffix("性")

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
        if text.get("occurred_at"):
            take("occurred_at", reading.read_moment, row["occurred_at"], now=self.now)
            moment = values.get("occurred_at")
            if moment and (
                closed := places.closed_sentence(self.station, timezone.localdate(moment))
            ):
                errors.append(("occurred_at", closed))
        else:
            errors.append(
                (
                    "occurred_at",
                    _("There is no day. A joined cell counts for its first row only: part it."),
                )
            )
        if text.get("answered_at"):
            take("answered_at", reading.read_moment, row["answered_at"], now=self.now)
            # A day alone stands for its whole length.
            asked, answered = values.get("occurred_at"), values.get("answered_at")
            if asked and answered and timezone.localdate(answered) < timezone.localdate(asked):
                errors.append(
                    (
                        "answered_at",
                        _("The answer comes before the question. Mend one of the two."),
                    )
                )
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
            self._agree_with_number(values, errors)
        take("village", self.village, text.get("village", ""))
        take("matter", self.matter, text.get("matter", ""))
        for name in ("is_told_of_right", "is_hotline", "is_publishable"):
            take(name, reading.read_yes, text.get(name, ""))
        values["sensitive"] = values.get("sensitive") or Sensitive.NONE
        if errors:
            return None, errors
        return RegisterEntry(
            station=self.station, recorded_by=self.by, recorded_at=self.now, **values
        ), []

    @staticmethod
    def _agree_with_number(values, errors):
        """Fill in what the identity number says; where the row says otherwise, one is wrong."""
        birth_on, sex = reading.birth_and_sex(values["id_number"])
        if values.setdefault("birth_on", birth_on) != birth_on:
            errors.append(
                (
                    "birth_on",
                    _("The identity number says %(day)s. Mend one of the two.")
                    % {"day": full_day(birth_on)},
                )
            )
        values["sex"] = values.get("sex") or sex
        if values["sex"] != sex:
            errors.append(
                ("sex", _("The identity number says the other sex. Mend one of the two."))
            )


TEXT_LENGTHS = {
    "name": 40,
    "nationality": 30,
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
    """Return the `ReadFile` of a csv or xlsx register of one station. Raises FileRefused."""
    header, rows = read_rows(content)
    columns = header.columns
    reader = RowReader(station, by=by)
    result = ReadFile(row_count=len(rows))
    for done, (number, row) in enumerate(rows, 1):
        found = {name: row[at] for name, at in columns.items() if at < len(row)}
        if header.clock is not None and header.clock < len(row):
            found["occurred_at"] = _moment_of(found.get("occurred_at", ""), row[header.clock])
        entry, errors = reader.read(found)
        for name, sentence in errors:
            result.add_error(number, header.names[columns[name]], sentence)
        if entry:
            result.entries.append(entry)
            result.numbers.append(number)
        if done % 1000 == 0:
            progress(done, len(rows))
    progress(len(rows), len(rows))
    return result


def _moment_of(day, clock):
    """Join a day and a clock that stand in two cells; a clock may be a part of a day, as Excel has it."""
    if clock in ("", None):
        return day
    if isinstance(clock, float) and 0 <= clock < 1:
        clock = (datetime.min + timedelta(days=clock, seconds=0.5)).time()
    if isinstance(clock, (time, datetime)):
        clock = f"{clock:%H:%M}"
    return f"{text_of(reading.day_of_number(day))} {clock}"
