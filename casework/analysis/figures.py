"""What a month adds up to: one frozen record, the same for a station and for a county.

Page, PDF, export and JSON print this record and nothing else. Labels of terms follow the reader's
language; names of matters and places are kept as they were when the month was counted. Every
`Figure` carries the filters of the register list that open exactly the rows it counted.
"""

from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from ..periods import last_day, months_from
from ..rules.sentiment import Signal
from ..terms import CaseStep, Channel, Disposal, PeopleGroup, Satisfaction, Sensitive

# One decimal, half up: the only rounding of the house.
_ONE_DECIMAL = Decimal("0.1")
TERMS = {
    "channel": Channel,
    "group": PeopleGroup,
    "disposal": Disposal,
    "satisfaction": Satisfaction,
    "sensitive": Sensitive,
}


def rounded(numerator, denominator) -> Decimal | None:
    """Return the quotient with one decimal, half up; None when there is nothing to divide by."""
    if not denominator:
        return None
    return (Decimal(numerator) / Decimal(denominator)).quantize(_ONE_DECIMAL, ROUND_HALF_UP)


def share(part, whole) -> Decimal | None:
    """Return the part in per cent of the whole."""
    return rounded(part * 100, whole)


def growth(now, before) -> Decimal | None:
    """Return the growth in per cent; None when there was nothing before."""
    return rounded((now - before) * 100, before)


@dataclass(frozen=True)
class Figure:
    """One number, its row code on paper, and the filters that open the rows behind it."""

    value: int
    # Filters of the register list; empty where no rows stand behind the number.
    filters: dict = field(default_factory=dict)
    # The row code of the annex (数字来源对照表); empty for cells of a table.
    code: str = ""
    # What is counted: entries, persons, days.
    unit: str = "entries"

    def __str__(self):
        return str(self.value)

    def __bool__(self):
        """A figure of zero is false, as a zero is."""
        return bool(self.value)

    @cached_property
    def query(self):
        """The filters as they stand in the address of the register list."""
        return urlencode(self.filters, doseq=True)


def direction(now, before):
    """Return up, down, same, or new when there was nothing before."""
    if now == before:
        return "same"
    if not before:
        return "new"
    return "up" if now > before else "down"


@dataclass(frozen=True)
class Change:
    """How a figure moved against an earlier one.

    `percent` is None when that was zero, or when the register had not begun at the start of what
    is compared: then `direction` is "partial", and no growth is claimed.
    """

    before: Figure
    difference: int
    percent: Decimal | None
    direction: str

    @classmethod
    def of(cls, now: Figure, before: Figure):
        return cls(
            before=before,
            difference=now.value - before.value,
            percent=growth(now.value, before.value),
            direction=direction(now.value, before.value),
        )

    def partial(self):
        """The same change against a period of which only a part was recorded."""
        return replace(self, percent=None, direction="partial")


@dataclass(frozen=True)
class Compared:
    """A figure of the month beside the month before (环比) and a year before (同比)."""

    now: Figure
    on_month: Change
    on_year: Change

    @property
    def value(self):
        return self.now.value

    @property
    def query(self):
        return self.now.query


@dataclass(frozen=True)
class Cumulated:
    """From January to the month, beside the same months of last year."""

    now: Figure
    on_year: Change


@dataclass(frozen=True)
class Totals:
    """Part 1: how many, by which channel, and what was done."""

    entries: Compared
    calls: Compared
    visits: Compared
    letters: Compared
    online: Compared
    other: Compared
    # Calls and others that came by way of 12348.
    hotline: Compared
    persons: Compared
    visit_persons: Compared
    guided: Compared
    drafted: Compared
    mediation: Compared
    reported: Compared
    # Most persons on one entry.
    largest: Figure
    cumulated: Cumulated
    cumulated_persons: Cumulated

    def by_channel(self):
        return (self.calls, self.visits, self.letters, self.online, self.other)

    def rows(self):
        """Every figure that is compared, with what it counts, in the order of the table."""
        return [
            (_("total"), self.entries),
            *zip((channel.label for channel in Channel), self.by_channel(), strict=True),
            (_("by way of 12348"), self.hotline),
            (_("persons who called or came"), self.persons),
            (_("persons who came"), self.visit_persons),
            (_("guided to apply"), self.guided),
            (_("papers drafted"), self.drafted),
            (_("passed to mediation"), self.mediation),
            (_("reported upward"), self.reported),
        ]

    def sums(self):
        """What is summed from January on, with what it counts."""
        return [
            (_("this year so far"), self.cumulated),
            (_("persons this year so far"), self.cumulated_persons),
        ]


@dataclass(frozen=True)
class TrendMonth:
    """One of the 13 months up to the reported one."""

    month: date
    entries: Figure
    calls: Figure
    visits: Figure
    other: Figure
    persons: Figure


@dataclass(frozen=True)
class Line:
    """One line of a table: a term or a named thing, its count and its share of all entries."""

    # channel, group, disposal, satisfaction, sensitive, hour; matter, class, village, station.
    kind: str
    key: str
    name: str
    count: Figure
    share: Decimal | None
    # In the order of `Channel`.
    by_channel: tuple[Figure, ...] = ()

    @property
    def label(self):
        if self.kind in TERMS:
            return TERMS[self.kind](self.key).label if self.key else _("not stated")
        if self.kind == "hour":
            return _("%(hour)s:00") % {"hour": self.key}
        return self.name or _("not stated")


@dataclass(frozen=True)
class MatterLine(Line):
    """A matter beside its mean of the three months before."""

    class_name: str = ""
    persons: Figure = Figure(0)
    mean: Decimal = Decimal("0.0")
    growth: Decimal | None = None
    direction: str = "same"
    # Came again on this matter.
    repeats: Figure = Figure(0)
    # Growth and number both at or above the county's thresholds.
    is_surge: bool = False


@dataclass(frozen=True)
class PlaceLine(Line):
    """A village of the station, or a station of the county."""

    persons: Figure = Figure(0)
    on_month: Change | None = None
    # For stations only.
    late: Figure | None = None
    blank_days: int | None = None


@dataclass(frozen=True)
class Amended:
    """Rows of one earlier month that changed after the last report was sent (补正)."""

    month: date
    added: Figure
    corrected: Figure
    voided: Figure


@dataclass(frozen=True)
class Quality:
    """How the register was kept."""

    late: Figure
    on_time_share: Decimal | None
    # Entries of earlier months that were corrected in this month (更正).
    corrected_earlier: Figure
    corrected: Figure
    amended: tuple[Amended, ...]
    # Working days until today or the month's end; for a county, of all its stations together.
    working_days: Figure
    # Working days with neither an entry nor a statement that nobody came.
    blank_days: Figure
    # The blank days of a station, for the calendar; empty for a county.
    blank_dates: tuple[date, ...]
    no_visit_days: Figure
    # Entries typed in the form, and how long that took on average and altogether.
    timed_entries: int
    mean_seconds: Decimal | None
    hours_typed: Decimal | None


@dataclass(frozen=True)
class CaseLine:
    """How many applications came to a step in the month and in the one before."""

    # Of `casework.terms.CaseStep`.
    step: str
    count: int
    before: int
    # Filters of the list of applications that open them.
    filters: dict

    @property
    def label(self):
        return CaseStep(self.step).label

    @property
    def query(self):
        return urlencode(self.filters)

    @property
    def before_query(self):
        """The same of the month before."""
        before = months_from(date.fromisoformat(self.filters["from"]), -1)
        days = {"from": before.isoformat(), "to": last_day(before).isoformat()}
        return urlencode(self.filters | days)


@dataclass(frozen=True)
class Place:
    """Whose month it is: a station or a county."""

    kind: str
    pk: int
    code: str
    name: str
    short_name: str


@dataclass(frozen=True)
class AnnexRow:
    """One row of the annex: code, what the number means, the number.

    The letter of the code says of what kind it is: matters, ways and acts, places, people groups,
    disposals, how the register was kept.
    """

    code: str
    label: str
    figure: Figure


@dataclass(frozen=True)
class MonthlyAnalysis:
    """The month of one place. Lists are longest first; terms are in the order of the returns."""

    place: Place
    month: date
    # The last day counted: the month's last, or today while the month runs.
    through: date
    totals: Totals
    trend: tuple[TrendMonth, ...]
    channels: tuple[Line, ...]
    classes: tuple[MatterLine, ...]
    matters: tuple[MatterLine, ...]
    groups: tuple[Line, ...]
    # Villages of a station; stations of a county.
    places: tuple[PlaceLine, ...]
    hours: tuple[Line, ...]
    disposals: tuple[Line, ...]
    satisfaction: tuple[Line, ...]
    sensitive: tuple[Line, ...]
    # Came again on the same matter; came before on whatever matter.
    repeats: Figure
    repeat_share: Decimal | None
    returning: Figure
    returning_share: Decimal | None
    # The matters that follow the five most frequent ones, together; None when there are no more.
    rest: MatterLine | None
    quality: Quality
    signals: tuple[Signal, ...]
    # In the order of `CaseStep`; reports frozen before applications joined them have none.
    cases: tuple[CaseLine, ...] = ()

    @property
    def hot(self):
        """The five most frequent matters, and no more."""
        return self.matters[:5]

    @property
    def surges(self):
        """Every matter above the thresholds of growth and number, fastest first."""
        return tuple(
            sorted(
                (line for line in self.matters if line.is_surge),
                key=lambda line: (line.growth is not None, -(line.growth or 0)),
            )
        )

    @property
    def busiest_hour(self):
        """The hour of the day with most entries, the earlier of two; None for an empty month."""
        return max(self.hours, key=lambda line: line.count.value) if not self.is_empty else None

    @property
    def is_empty(self):
        return self.totals.entries.value == 0

    def annex(self):
        """Every coded figure with its meaning, in the order of the codes."""
        totals = self.totals
        named = [
            (totals.entries.now, _("all calls and visits of the month")),
            *((line.count, line.label) for line in self.matters),
            (totals.calls.now, _("calls")),
            (totals.visits.now, _("visits")),
            (totals.letters.now, _("letters")),
            (totals.online.now, _("online messages")),
            (totals.other.now, _("other channels")),
            (totals.hotline.now, _("by way of 12348")),
            (totals.persons.now, _("persons who called or came")),
            (totals.visit_persons.now, _("persons who came")),
            (totals.guided.now, _("guided to apply")),
            (totals.drafted.now, _("papers drafted")),
            (totals.mediation.now, _("passed to mediation")),
            (totals.reported.now, _("reported upward")),
            (totals.cumulated.now, _("this year so far")),
            *((line.count, line.label) for line in self.places),
            *((line.count, line.label) for line in self.groups),
            *((line.count, line.label) for line in self.disposals),
            (self.repeats, _("came again on the same matter")),
            (self.returning, _("came before, on whatever matter")),
            (self.quality.late, _("typed late")),
        ]
        return [AnnexRow(figure.code, label, figure) for figure, label in named if figure.code]

    def figures(self):
        """Every figure of the record."""
        return list(_figures(self))

    def as_json(self):
        """Return the record as plain dicts, lists, numbers and strings."""
        return _plain(self)

    @classmethod
    def from_json(cls, plain):
        """Return the record `as_json` was made of, equal in every field."""
        return _typed(cls, plain)


def _figures(value):
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _figures(part)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _figures(getattr(value, part.name))


def _plain(value):
    # Most parts of a record are these; to ask them first halves the time.
    if value is None or isinstance(value, str | int):
        return value
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(kind, plain):
    if get_origin(kind) is UnionType:
        if plain is None:
            return None
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is tuple:
        return tuple(_typed(get_args(kind)[0], part) for part in plain)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _typed(hints[name], part) for name, part in plain.items()})
    if kind is date:
        return date.fromisoformat(plain)
    return Decimal(plain) if kind is Decimal else plain
