"""A station's year 年度: what its registers and applications add up to, for the annual assessment.

`station_year` counts all stations of a county at once, in a few statements; `rows_behind` lists the
rows behind one figure, by the same statement, so that the two cannot differ.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from stations.models import DayOff, Station

from ..models import (
    Application,
    Complaint,
    CooperationLetter,
    MonthlyReport,
    NoVisitDay,
    RegisterEntry,
    SatisfactionAnswer,
    TypicalCase,
)
from ..periods import last_day, month_of, months_between
from .year_rows import REGISTER, ROWS

# Entries typed so long after the event are a flag, not a day's work: none are looked for further
# back when days of use are counted.
WEEKS_BEFORE = timedelta(weeks=8)


@dataclass(frozen=True)
class Tally:
    """So many of so many; `of` is None for what is counted without a whole."""

    value: int
    of: int | None = None


@dataclass(frozen=True)
class StationYear:
    """One station's year, as far as it is over.

    `first` to `through` are the days counted: those of the year on which the station was open
    and that are over. `tallies` are keyed as `year_rows.ROWS`; the rest has no statement of its
    own.
    """

    station_id: int
    first: date
    through: date
    # The first days of its months that are over.
    months: tuple[date, ...]
    working_days: int
    entries: int
    tallies: dict[str, Tally] = field(default_factory=dict)
    # Months that are over with neither an entry nor a word that nobody came.
    silent_months: tuple[date, ...] = ()
    # Working days on which something was typed, stated or received.
    used_days: tuple[date, ...] = ()
    # Months whose analysis is due by now or was sent.
    months_owed: int = 0
    # Those who could have been asked whether they were satisfied.
    visitors: int = 0


def days_of(station, first, through):
    """Return the days of a period on which a station was open: (first, last), or None."""
    begins = max(first, station.opened_on)
    ends = min(through, station.closed_on - timedelta(days=1)) if station.closed_on else through
    return (begins, ends) if begins <= ends else None


def station_year(county, first, through, *, only=None) -> dict[int, StationYear]:
    """Return {station id: StationYear} of a county's stations that were open in the period.

    With `only`, of that station alone.

    `through` is the last day that is over; the county's promise for timely entries and its
    working calendar are those of now. The number of statements does not grow with the stations.
    """
    open_stations = Station.objects.filter(county=county).open_between(first, through)
    stations = list(open_stations.filter(pk=only.pk) if only else open_stations)
    values = _values(county, [station.pk for station in stations], first, through)
    register = _register(values)
    tallies = _tallies(values)
    used = _used(values, register)
    stated = _stated(values)
    owed = _owed(values)
    received = _received(values)
    calendar = DayOff.objects.calendar(county)
    working = {day for day in _days(first, through) if calendar.is_working_day(day)}
    due_days = {
        month: calendar.add_working_days(
            last_day(month), county.parameter("month_due_working_day")
        )
        for month in months_between(month_of(first), month_of(through))
    }
    years = {}
    for station in stations:
        pk, (begins, ends) = station.pk, days_of(station, first, through)
        months = tuple(
            month
            for month in months_between(month_of(begins), month_of(ends))
            if last_day(month) <= ends
        )
        of_register = register[pk]
        filled = {month for month, _typed, *counts in of_register if month >= month_of(first)}
        entries = sum(row[2] for row in of_register if row[0] >= month_of(first))
        own = {name: tallies[name].get(pk, Tally(0, 0)) for name in ROWS}
        own["entries_complete"] = _share(of_register, first, 3)
        own["entries_timely"] = _share(of_register, first, 4)
        due = {month for month in months if due_days[month] <= through} | owed[pk]
        years[pk] = StationYear(
            station_id=pk,
            first=begins,
            through=ends,
            months=months,
            working_days=sum(begins <= day <= ends for day in working),
            entries=entries,
            tallies=own,
            silent_months=tuple(month for month in months if month not in filled | stated[pk]),
            used_days=tuple(sorted(day for day in used[pk] & working if begins <= day <= ends)),
            months_owed=len(due),
            visitors=entries + received[pk],
        )
    return years


@dataclass(frozen=True)
class Behind:
    """One row behind a figure: its day, what it is called, the page that shows it, if it counted."""

    pk: int
    day: date
    label: str
    url: str
    is_counted: bool


def rows_behind(name, station, first, through) -> list[Behind]:
    """List the rows behind one figure of a station's year, latest first.

    Raises KeyError for what has no rows. Who may open a page is the page's own business.
    """
    values = _values(station.county, [station.pk], first, through)
    rows = _ask(f"SELECT * FROM ({ROWS[name]}) AS rows ORDER BY day DESC, id DESC", values)
    model, label = _SHOWN.get(name, (Application, lambda row: row.number))
    shown = (
        model.objects.filter(pk__in={row[3] for row in rows})
        .select_related(*_WITH.get(model, ()))
        .defer(*_WITHOUT.get(model, ()))
    )
    named = {row.pk: row for row in shown}
    return [
        Behind(pk, day, label(named[which]), _url(named[which]), is_counted)
        for _station, pk, day, which, is_counted in rows
    ]


def _of_entry(entry):
    return entry.number


def _of_month(report):
    return f"{report.month:%Y-%m}"


# What a person opens for a figure, and what it is called; an application where nothing is said.
_SHOWN = {
    "entries_complete": (RegisterEntry, _of_entry),
    "entries_timely": (RegisterEntry, _of_entry),
    "months_on_time": (MonthlyReport, _of_month),
    "months_a_little_late": (MonthlyReport, _of_month),
    "signals_missed": (MonthlyReport, _of_month),
    "signals_missed_each": (MonthlyReport, _of_month),
    "typical_cases": (TypicalCase, lambda case: case.title),
    "cooperation_on_time": (
        CooperationLetter,
        lambda letter: f"{letter.other_institution} {letter.item}",
    ),
    "complaints_substantiated": (Complaint, lambda complaint: complaint.number),
    "satisfied": (SatisfactionAnswer, lambda answer: answer.get_satisfaction_display()),
}
_WITH = {
    Application: ["intake_county"],
    Complaint: ["county"],
}
_WITHOUT = {MonthlyReport: ["figures", "row_ids"], RegisterEntry: ["search_terms"]}


def _url(row):
    return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""


def _values(county, stations, first, through):
    return {
        "stations": stations,
        "first": first,
        "through": through,
        "weeks_before": first - WEEKS_BEFORE,
        "on_time": county.parameter("entry_working_days"),
        "zone": settings.TIME_ZONE,
    }


def _ask(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _days(first, through):
    return (first + timedelta(days=n) for n in range((through - first).days + 1))


def _register(values):
    """{station id: [(month, day typed, entries, complete, timely)]}, weeks before the year too."""
    rows = defaultdict(list)
    for station, *row in _ask(REGISTER, values):
        rows[station].append(row)
    return rows


def _share(of_register, first, column):
    counted = [row for row in of_register if row[0] >= month_of(first)]
    return Tally(sum(row[column] for row in counted), sum(row[2] for row in counted))


def _tallies(values):
    """{name: {station id: Tally}} of everything but the register, in one statement."""
    names = [name for name in ROWS if not name.startswith("entries_")]
    statement = "\nUNION ALL\n".join(
        f"SELECT '{name}', station_id, count(*) FILTER (WHERE is_counted), count(*)"
        f" FROM ({ROWS[name]}) AS rows GROUP BY station_id"
        for name in names
    )
    found = defaultdict(dict)
    for name, station, value, of in _ask(statement, values):
        found[name][station] = Tally(value, of)
    return found


def _used(values, register):
    """{station id: {days on which something was typed, stated or received}}."""
    used = defaultdict(set)
    for station, rows in register.items():
        used[station] |= {row[1] for row in rows}
    span = (values["first"], values["through"])
    for station, day in NoVisitDay.objects.filter(
        station__in=values["stations"], stated_at__date__range=span
    ).values_list("station_id", "stated_at__date"):
        used[station].add(day)
    for station, day in (
        Application.objects.filter(
            station__in=values["stations"], received_at__date__range=span
        )
        .order_by()
        .values_list("station_id", "received_at__date")
        .distinct()
    ):
        used[station].add(day)
    return used


def _stated(values):
    """{station id: {months with a word that nobody came}}: of a day, or of the whole month."""
    stated = defaultdict(set)
    span = (values["first"], values["through"])
    for station, day in NoVisitDay.objects.filter(
        station__in=values["stations"], day__range=span
    ).values_list("station_id", "day"):
        stated[station].add(month_of(day))
    for station, month in MonthlyReport.objects.filter(
        station__in=values["stations"], month__range=span, is_zero_confirmed=True
    ).values_list("station_id", "month"):
        stated[station].add(month)
    return stated


def _owed(values):
    """{station id: {months whose analysis was due by the last day, or was sent}}."""
    owed = defaultdict(set)
    for station, month, due_on, sent_at in MonthlyReport.objects.filter(
        station__in=values["stations"], month__range=(values["first"], values["through"])
    ).values_list("station_id", "month", "due_on", "first_sent_at"):
        if sent_at or due_on <= values["through"]:
            owed[station].add(month)
    return owed


def _received(values):
    """{station id: applications received}."""
    received = defaultdict(int)
    for station in Application.objects.filter(
        station__in=values["stations"],
        received_at__date__range=(values["first"], values["through"]),
    ).values_list("station_id", flat=True):
        received[station] += 1
    return received
