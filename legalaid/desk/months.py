"""How a month's reports of a county stand, on the desks of county and city."""

from dataclasses import dataclass
from datetime import date

from casework.periods import last_day
from casework.reports.receipts import State, state_of
from stations.calendar.clock_faces import Clock, clock
from stations.models import Station


@dataclass(frozen=True)
class Month:
    """How one month's reports of a county stand."""

    month: date
    clock: Clock | None
    expected: int
    received: int
    on_time: int
    returned: tuple[Station, ...]
    missing: tuple[Station, ...]
    overdue: int

    @property
    def share(self):
        """Whole percent received, for the line that fills."""
        return self.received * 100 // self.expected if self.expected else 0

    @property
    def on_time_share(self):
        return self.on_time * 100 // self.expected if self.expected else 0


def stand_of(month, stations, reports, today, calendar):
    """Fold a month's reports, by the same states as the county's page of the month."""
    of_station = {report.station_id: report for report in reports if report.month == month}
    states = {
        station: state_of(report, today)
        if (report := of_station.get(station.pk))
        else State.WAITING
        for station in stations
        if station.opened_on <= last_day(month)
        and (station.closed_on is None or station.closed_on > month)
    }
    due_on = next((report.due_on for report in of_station.values()), None)

    def those(*wanted):
        return tuple(station for station, state in states.items() if state in wanted)

    received = len(those(State.ON_TIME, State.LATE))
    is_owed = due_on and received < len(states)
    return Month(
        month=month,
        clock=clock(today, last_day(month), due_on, calendar, working=True)
        if is_owed
        else None,
        expected=len(states),
        received=received,
        on_time=len(those(State.ON_TIME)),
        returned=those(State.RETURNED),
        missing=those(State.WAITING, State.OVERDUE),
        overdue=len(those(State.OVERDUE)),
    )
