"""A month of duty as the page and the wall show it: a table of stations and days, or weeks of one."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from ..models import AidWorker, DayOff, DutySlot, Station
from ..terms import Absence, Half
from .people import last_day


@dataclass
class Day:
    """One column, or one field of a week."""

    day: date
    is_off: bool
    name: str = ""
    is_in_month: bool = True
    slots: list[DutySlot] = field(default_factory=list)

    @property
    def is_today(self):
        return self.day == timezone.localdate()


@dataclass
class Row:
    """One station with its days."""

    station: Station
    days: list[Day]

    @property
    def count(self):
        return sum(slot.is_standing for day in self.days for slot in day.slots)


@dataclass
class Load:
    """How much one person stands in the month."""

    worker: AidWorker
    half_days: int = 0
    stood: int = 0
    told: int = 0
    untold: int = 0
    stations: set[str] = field(default_factory=set)


class Grid:
    """A month of some stations. Five queries, however many half-days there are."""

    def __init__(self, county, month, stations, duty_month):
        self.month, self.stations, self.duty_month = month, list(stations), duty_month
        self.hours = duty_month.hours if duty_month else county.duty_hours
        first, last = month, last_day(month)
        calendar = DayOff.objects.calendar(county)
        self._names = {
            off.day: off.name
            for off in DayOff.objects.filter(day__range=(first, last), is_off=True)
        }
        self.slots = []
        if duty_month:
            self.slots = list(
                duty_month.slots.filter(station__in=self.stations)
                .exclude(absence=Absence.CALLED_OFF)
                .for_grid()
                .select_related("worker__unit", "stands_in_for")
            )
        self._at = defaultdict(list)
        for slot in self.slots:
            slot.duty_month = duty_month
            self._at[slot.station_id, slot.day].append(slot)
        with_slots = {slot.day for slot in self.slots}
        self.days = []
        day = first
        while day <= last:
            is_off = not calendar.is_working_day(day)
            # Plain weekends are left out; a holiday within the week stands there, shaded.
            if day.weekday() < 5 or not is_off or day in with_slots:
                self.days.append(Day(day, is_off, self._names.get(day, "")))
            day += timedelta(days=1)

    @property
    def rows(self):
        for station in self.stations:
            yield Row(station, [self._of(station, day) for day in self.days])

    def _of(self, station, day):
        return Day(day.day, day.is_off, day.name, slots=self._at[station.pk, day.day])

    @property
    def weeks(self):
        """The weeks of the month at the first station, Monday to Friday and what is worked besides."""
        station = self.stations[0]
        shown = {day.day: self._of(station, day) for day in self.days}
        has_weekend = any(day.day.weekday() > 4 for day in self.days)
        length = 7 if has_weekend else 5
        monday = self.month - timedelta(days=self.month.weekday())
        weeks = []
        while monday <= last_day(self.month):
            days = [monday + timedelta(days=n) for n in range(length)]
            week = [
                shown.get(day) or Day(day, True, is_in_month=day.month == self.month.month)
                for day in days
            ]
            if any(day.is_in_month for day in week):
                weeks.append(week)
            monday += timedelta(days=7)
        return weeks

    @property
    def unfilled(self):
        return [slot for slot in self.slots if slot.worker is None and slot.is_standing]

    @property
    def standing(self):
        return sum(slot.is_standing for slot in self.slots)

    @property
    def loads(self):
        """Who stands how much, most first."""
        loads = {}
        for slot in self.slots:
            if slot.worker is None:
                continue
            load = loads.setdefault(slot.worker_id, Load(slot.worker))
            load.half_days += slot.is_standing
            load.stood += slot.is_stood
            load.told += slot.absence == "told"
            load.untold += slot.absence == "untold"
            load.stations.add(slot.station.short_name)
        return sorted(loads.values(), key=lambda load: (-load.half_days, load.worker.name))

    @property
    def halves(self):
        """How the half-days spread: [(half, how many)]."""
        counts = Counter(slot.half for slot in self.slots)
        return [(half, counts[half]) for half in Half]
