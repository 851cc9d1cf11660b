"""The working-day calendar: Monday to Friday, less the State Council's days off, plus make-up days.

Pure: the calendar is given the days that differ; it fetches nothing. All days are local dates.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True)
class WorkCalendar:
    """Days off (放假) and make-up working days (调休上班) over the plain week."""

    days_off: frozenset[date] = field(default_factory=frozenset)
    work_days: frozenset[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        if day in self.work_days:
            return True
        return day.weekday() < 5 and day not in self.days_off

    def first_working_day_from(self, day: date) -> date:
        """Return the day itself, or the first working day after it (民法典第二百零三条)."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, start: date, n: int) -> date:
        """Return the n-th working day after `start`; the starting day is not counted."""
        day = start
        while n > 0:
            day += timedelta(days=1)
            n -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count working days after `start`, up to and including `end`; 0 when end <= start."""
        days = max((end - start).days, 0)
        weeks, rest = divmod(days, 7)
        plain = weeks * 5 + sum(
            (start + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1)
        )
        made_up = sum(start < day <= end and day.weekday() >= 5 for day in self.work_days)
        lost = sum(
            start < day <= end and day.weekday() < 5 and day not in self.work_days
            for day in self.days_off
        )
        return plain + made_up - lost

    def due_on(self, start: date, n: int, *, working: bool = False) -> date:
        """Return the last day of a period of n days.

        Calendar days roll over a last day off to the next working day; working days cannot end
        on a day off. The starting day is not counted (民法典第二百零一条).
        """
        if working:
            return self.add_working_days(start, n)
        return self.first_working_day_from(start + timedelta(days=n))
