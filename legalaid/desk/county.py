"""The desk of center and bureau: months to confirm, silent stations, clocks, coverage."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.models import Deadline, MonthlyReport, NoVisitDay, RegisterEntry
from casework.periods import month_of, months_from
from casework.rules.deadlines import APPLICANT_S
from casework.terms import ReportStatus, Status
from casework.time_limits.wall import most_urgent
from stations.models import County, DayOff, Station
from stations.network.coverage import Coverage, coverage
from stations.roles import Ability, Role
from stations.templatetags.words import day_name

from .duties import CLOCKS_SHOWN, Duty, chores_of, clock_duty
from .months import Month, stand_of
from .register import FIGURES, Today

# Silence is counted back no further than this.
LONGEST_SILENCE = timedelta(days=366)


@dataclass(frozen=True)
class Silent:
    """A station that has said nothing for too long: call it."""

    station: Station
    last_on: date | None
    working_days: int


@dataclass(frozen=True)
class CountyDesk:
    county: County
    day: date
    month: Month
    sent: tuple[MonthlyReport, ...]
    silent: tuple[Silent, ...]
    silent_after: int
    coverage: Coverage
    today: Today
    # The most urgent clocks of applications, and how many run, by their group on the wall.
    duties: tuple[Duty, ...]
    clocks: dict[str, int]
    # The most urgent of what the county owes by this person's posts, and how much there is.
    owed: tuple[Duty, ...]
    chores: dict[str, int]
    # Of both, what this person begins with.
    first: Duty | None

    @property
    def rest(self):
        return sum(self.clocks.values()) - len(self.duties)

    @property
    def more_chores(self):
        return sum(self.chores.values()) - len(self.owed)

    @property
    def headline(self):
        """What to look at first, as one sentence."""
        urgent = sum(
            counts[group]
            for counts in (self.clocks, self.chores)
            for group in ("over", "today")
        )
        if urgent:
            first = self.first or self.duties[0]
            return ngettext(
                "%(count)d thing is overdue or due today: %(first)s",
                "%(count)d things are overdue or due today; first: %(first)s",
                urgent,
            ) % {"count": urgent, "first": first.title}
        if self.sent:
            return ngettext(
                "Nothing is overdue. %(count)d analysis waits for confirmation",
                "Nothing is overdue. %(count)d analyses wait for confirmation",
                len(self.sent),
            ) % {"count": len(self.sent)}
        if self.silent:
            return ngettext(
                "Nothing is overdue. %(count)d station is silent: call it",
                "Nothing is overdue. %(count)d stations are silent: call them",
                len(self.silent),
            ) % {"count": len(self.silent)}
        if self.first:
            return _("Nothing is overdue. The next is due on %(day)s") % {
                "day": day_name(self.first.clock.due_on)
            }
        return _("Nothing is due")


def county_desk(user, today):
    county = user.county
    calendar = DayOff.objects.calendar(county)
    rows, clocks = most_urgent(
        _clocks_of_county(user, today),
        calendar=calendar,
        now=timezone.now(),
        shown=CLOCKS_SHOWN,
    )
    duties = tuple(clock_duty(row) for row in rows)
    owed, chores = chores_of(user, today, calendar)
    month = months_from(month_of(today), -1)
    stations = list(_stations_with_last_word(county, today))
    reports = list(
        MonthlyReport.objects.of_stations()
        .filter(Q(month=month) | Q(status=ReportStatus.SENT), county=county)
        .for_list()
        .order_by("sent_at")
    )
    return CountyDesk(
        county=county,
        day=today,
        month=stand_of(month, stations, reports, today, calendar),
        sent=tuple(report for report in reports if report.status == ReportStatus.SENT),
        silent=tuple(_silent(stations, county, calendar, today)),
        silent_after=county.parameter("silent_after_working_days"),
        coverage=coverage(county, today, stations),
        today=Today(
            day=today,
            **{
                name: sum(getattr(station, f"day_{name}") or 0 for station in stations)
                for name in FIGURES
            },
        ),
        duties=duties,
        clocks=clocks,
        owed=tuple(owed),
        chores=chores,
        first=_first(
            [duty for row, duty in zip(rows, duties, strict=True) if _is_own(row, user)] + owed
        ),
    )


def _is_own(row, user):
    """The bureau sees what others owe and have not done; the center its own clocks only."""
    return row.limit.doer == Role.OFFICER or user.has_role(Role.REVIEWER, Role.DIRECTOR)


def _first(duties):
    """The duty due soonest, a person's matter before a place's."""
    dated = [duty for duty in duties if duty.clock]
    return min(dated, key=lambda duty: (duty.clock.due_on, duty.is_chore), default=None)


def _clocks_of_county(user, today):
    """The clocks the center owes; for the bureau its own, and all that are overdue."""
    deadlines = Deadline.objects.visible_to(user).duties().exclude(number__in=APPLICANT_S)
    if user.has_role(Role.REVIEWER, Role.DIRECTOR):
        owed = deadlines.owed_by(Role.REVIEWER)
        # Of an archived file only the subsidy is left, and who pays it is not every reviewer.
        is_to_pay = user.may(Ability.SETTLE_SUBSIDY)
        return owed if is_to_pay else owed.exclude(application__status=Status.ARCHIVED)
    return deadlines.owed_by(Role.OFFICER) | deadlines.overdue(today)


def _stations_with_last_word(county, today):
    """The county's stations, each with its last day with an entry, its last stated day, and
    the figures of today.
    """
    entries = RegisterEntry.objects.counted().filter(
        station=OuterRef("pk"), occurred_on__lte=today
    )
    stated = NoVisitDay.objects.filter(station=OuterRef("pk"))
    on_the_day = entries.filter(occurred_on=today).order_by()
    figures = {
        f"day_{name}": Subquery(on_the_day.values("station").annotate(n=figure).values("n"))
        for name, figure in FIGURES.items()
    }
    return Station.objects.filter(county=county).annotate(
        **figures,
        entry_on=Subquery(entries.order_by("-occurred_on").values("occurred_on")[:1]),
        stated_on=Subquery(stated.order_by("-day").values("day")[:1]),
    )


def _silent(stations, county, calendar, today):
    """The open stations silent for the county's number of working days, the longest first.

    An entry is heard on the day it tells of. Today is not over: somebody may still come.
    """
    limit = county.parameter("silent_after_working_days")
    yesterday = today - timedelta(days=1)
    found = []
    for station in stations:
        if station.opened_on > today or (station.closed_on and station.closed_on <= today):
            continue
        heard = [day for day in (station.entry_on, station.stated_on) if day]
        last_on = max(heard, default=None)
        since = max(last_on or station.opened_on, today - LONGEST_SILENCE)
        days = calendar.working_days_between(since, yesterday)
        if days >= limit:
            found.append(Silent(station, last_on, days))
    return sorted(found, key=lambda silent: -silent.working_days)
