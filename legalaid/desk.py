"""What waits for a person today, as plain frozen records the desk's templates print.

Each desk asks few questions of the database, the same number for one entry and for a million:
days and entries are read over the index of a station's days.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from casework.models import (
    Deadline,
    EntryDraft,
    MonthlyReport,
    NoVisitDay,
    RegisterEntry,
    ReportEvent,
)
from casework.periods import last_day, month_of, months_from
from casework.reports.receipts import State, state_of
from casework.rules.deadlines import APPLICANT_S, DECISION
from casework.terms import Channel, ReportStatus
from casework.time_limits.wall import most_urgent
from stations.calendar.clock_faces import Clock, clock
from stations.models import (
    Appointment,
    Chore,
    County,
    DayOff,
    Lead,
    Look,
    LookKind,
    Station,
    User,
)
from stations.models.leads import Urgency
from stations.network.coverage import Coverage, coverage, coverages
from stations.roles import Ability, Role
from stations.templatetags.words import day_name

# What is due within so many days after today stands on its own tile.
SOON = timedelta(days=3)
# A lead for "this week" is late after so many days; the liaison chose the word.
LEAD_DAYS = 7
# The oldest leads and days are shown; the rest is one press away.
SHOWN = 5
# The most urgent clocks of applications are named; the wall has the rest.
CLOCKS_SHOWN = 12
# Of what a place owes the most urgent stand on the desk; the page who lacks what has the rest.
CHORES_SHOWN = 8
# Silence is counted back no further than this.
LONGEST_SILENCE = timedelta(days=366)
# Looks are counted over so long.
LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True)
class Duty:
    """One thing to do: its clock, what and why, the rule it comes from, and the way there."""

    title: str
    text: str
    url: str
    act: str
    clock: Clock | None = None
    rule: str = ""
    # Days that can be stated, here and now, to have been without anybody.
    days: tuple[date, ...] = ()
    # The one to begin with: it has the filled button, and F8 opens it.
    is_first: bool = False
    # A time limit of an application: the wall counts those.
    is_clock: bool = False
    # Something a place owes: counted with the others that are not named here.
    is_chore: bool = False


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class Today:
    """Today's register: figures, the last entry, and what was begun and not saved."""

    day: date
    calls: int
    visits: int
    persons: int
    last: RegisterEntry | None = None
    is_stated_empty: bool = False

    @property
    def query(self):
        """The address of today's rows in the register's list."""
        day = self.day.isoformat()
        return urlencode({"from": day, "to": day})


@dataclass(frozen=True)
class StationDesk:
    station: Station
    day: date
    duties: tuple[Duty, ...]
    returned: int
    leads: int
    drafts: tuple[EntryDraft, ...]
    today: Today
    # The month whose report is owed first, for its check; None when nothing is owed.
    owed: MonthlyReport | None
    # How many clocks of applications run, by their group on the wall.
    clocks: dict[str, int]
    # How much the station owes this person's posts, by the same groups.
    chores: dict[str, int]

    @cached_property
    def overdue(self):
        return [duty for duty in self.duties if duty.clock and duty.clock.due_on < self.day]

    @cached_property
    def due_today(self):
        return [duty for duty in self.duties if duty.clock and duty.clock.due_on == self.day]

    @cached_property
    def soon(self):
        return [
            duty
            for duty in self.duties
            if duty.clock and self.day < duty.clock.due_on <= self.day + SOON
        ]

    @cached_property
    def later(self):
        urgent = [*self.overdue, *self.due_today, *self.soon]
        return [duty for duty in self.duties if duty not in urgent]

    @property
    def rest(self):
        """Clocks that run and are not named here."""
        named = sum(duty.is_clock for duty in self.duties)
        return sum(self.clocks.values()) - named

    @property
    def more_chores(self):
        """What is owed and not named here."""
        named = sum(duty.is_chore for duty in self.duties)
        return sum(self.chores.values()) - named

    def _count(self, duties, group):
        """All of a kind: what is named here, and the clocks and chores beyond that."""
        own = sum(not (duty.is_clock or duty.is_chore) for duty in duties)
        return own + self.clocks[group] + self.chores[group]

    @property
    def overdue_count(self):
        return self._count(self.overdue, "over")

    @property
    def today_count(self):
        return self._count(self.due_today, "today")

    @property
    def soon_count(self):
        return self._count(self.soon, "soon")

    @property
    def groups(self):
        groups = [
            Group("over", _("Overdue"), tuple(self.overdue)),
            Group("today", _("Due today"), tuple(self.due_today)),
            Group("soon", _("Within three days"), tuple(self.soon)),
            Group("later", _("Later"), tuple(self.later)),
        ]
        return [group for group in groups if group.duties]

    @property
    def headline(self):
        urgent = [*self.overdue, *self.due_today]
        if urgent:
            count = self.overdue_count + self.today_count
            return ngettext(
                "%(count)d thing to do today: %(first)s",
                "%(count)d things to do today; first: %(first)s",
                count,
            ) % {"count": count, "first": urgent[0].title}
        if ahead := [duty for duty in self.duties if duty.clock]:
            return _("Nothing is overdue. The next is due on %(day)s") % {
                "day": day_name(ahead[0].clock.due_on)
            }
        return _("Nothing is due")


def station_desk(user, today):
    station = user.station
    calendar = DayOff.objects.calendar(station.county)
    reports = _owed_reports(station, today)
    leads = list(
        Lead.objects.visible_to(user)
        .filter(station=station)
        .waiting()
        .select_related("village", "sent_by")
        .defer("phone", "words")
        .order_by("sent_at")
    )
    duties = [_report_duty(report, user, today, calendar) for report in reports]
    duties += [_lead_duty(lead, today, calendar) for lead in leads[:SHOWN]]
    rows, clocks = most_urgent(
        # At the station the forwarding, which is due sooner, stands for the decision.
        Deadline.objects.visible_to(user).duties().owed_by(Role.CLERK).exclude(number=DECISION),
        calendar=calendar,
        now=timezone.now(),
        shown=CLOCKS_SHOWN,
    )
    duties += [_clock_duty(row) for row in rows]
    owed, chores = _chores(user, today, calendar)
    duties += owed
    told = _told_days(station, today)
    if blank := _blank_days(station, told, today, calendar):
        duties.append(_blank_duty(blank, station.county, today, calendar))
    duties.sort(key=lambda duty: (duty.clock is None, duty.clock and duty.clock.due_on))
    if duties:
        duties[0] = replace(duties[0], is_first=True)
    return StationDesk(
        station=station,
        day=today,
        duties=tuple(duties),
        returned=sum(report.status == ReportStatus.RETURNED for report in reports),
        leads=len(leads),
        drafts=tuple(EntryDraft.objects.filter(user=user, station=station).defer("content")),
        today=_today(station, today, is_stated_empty=today in told),
        owed=next(iter(reports), None),
        clocks=clocks,
        chores=chores,
    )


def _clock_duty(row):
    """A time limit of an application: whose, what, by which article, and the act."""
    application = row.deadline.application
    return Duty(
        title=_("%(what)s: %(name)s") % {"what": row.limit.name, "name": application.name},
        text=application.number,
        url=application.get_absolute_url(),
        act=row.limit.act,
        clock=row.clock,
        rule=row.basis,
        is_clock=True,
    )


def _chores(user, today, calendar):
    """Return (the most urgent of what is owed by somebody's posts, how much there is by group).

    One query: each row carries the numbers of all.
    """

    def group(**due):
        return Window(Count("pk", filter=Q(**due)))

    rows = list(
        Chore.objects.visible_to(user)
        .of_posts(user)
        .annotate(
            all_rows=Window(Count("pk")),
            over_rows=group(due_on__lt=today),
            today_rows=group(due_on=today),
            soon_rows=group(due_on__gt=today, due_on__lte=today + SOON),
        )
        .order_by(F("due_on").asc(nulls_last=True), "since_on", "pk")[:CHORES_SHOWN]
    )
    counts = {
        name: getattr(rows[0], f"{name}_rows") if rows else 0
        for name in ("over", "today", "soon")
    }
    counts["later"] = (rows[0].all_rows if rows else 0) - sum(counts.values())
    return [_chore_duty(row, today, calendar) for row in rows], counts


def _chore_duty(chore, today, calendar):
    """What a place owes: what, why, by which rule, and the way to it."""
    return Duty(
        title=chore.title,
        text=chore.text,
        url=chore.url,
        act=chore.act,
        clock=clock(today, chore.since_on, chore.due_on, calendar) if chore.due_on else None,
        rule=chore.rule,
        is_chore=True,
    )


def _owed_reports(station, today):
    """The past months the county still waits for, the oldest first, with why it returned one."""
    reason = ReportEvent.objects.filter(report=OuterRef("pk"), move="return")
    return list(
        MonthlyReport.objects.filter(
            station=station,
            status__in=[ReportStatus.OPEN, ReportStatus.RETURNED],
            month__lt=month_of(today),
        )
        .defer("row_ids", "figures")
        .annotate(reason=Subquery(reason.order_by("-made_at").values("note")[:1]))
        .order_by("month")
    )


def short_month(month):
    """10月."""
    return date_format(month, pgettext("date format", "F"))


def _report_duty(report, user, today, calendar):
    values = {"month": short_month(report.month), "reason": report.reason}
    is_returned = report.status == ReportStatus.RETURNED
    if is_returned:
        title = _("Mend the analysis of %(month)s") % values
        text = _("The county returned it: %(reason)s") % values
    else:
        title = _("Send the analysis of calls and visits in %(month)s") % values
        text = _("The figures are there; look at the check, add the comment.")
    if user.may(Ability.SEND_MONTH):
        act = _("Mend it") if is_returned else _("Comment and send")
    else:
        act = _("Look at the draft")
    return Duty(
        title=title,
        text=text,
        url=reverse("casework:report_detail", args=[report.pk]),
        act=act,
        clock=clock(today, last_day(report.month), report.due_on, calendar, working=True),
        rule=_("County's rule: working day %(count)s of the next month")
        % {"count": user.county.parameter("month_due_working_day")},
    )


def _lead_duty(lead, today, calendar):
    sent_on = timezone.localdate(lead.sent_at)
    days = {Urgency.TODAY: 0, Urgency.WEEK: LEAD_DAYS}.get(lead.urgency)
    due = sent_on + timedelta(days=days) if days is not None else None
    return Duty(
        title=_("Take up a lead: %(village)s") % {"village": lead.village},
        text=_("%(liaison)s sent it on %(day)s.")
        % {"liaison": lead.sent_by, "day": day_name(sent_on)},
        url=reverse("stations:lead_list"),
        act=_("See the lead"),
        clock=clock(today, sent_on, due, calendar) if due else None,
        rule=_("The liaison says: %(urgency)s") % {"urgency": lead.get_urgency_display()},
    )


def _told_days(station, today):
    """The days of this month with an entry, today left out, or the word that nobody came."""
    first = month_of(today)
    entries = RegisterEntry.objects.counted().filter(
        station=station, occurred_on__gte=first, occurred_on__lt=today
    )
    stated = NoVisitDay.objects.filter(station=station, day__gte=first, day__lte=today)
    return set(
        entries.order_by()
        .values_list("occurred_on", flat=True)
        .union(stated.order_by().values_list("day", flat=True))
    )


def _blank_days(station, told, today, calendar):
    """The working days of this month before today of which the register says nothing."""
    first = max(month_of(today), station.opened_on)
    days = [first + timedelta(days=n) for n in range((today - first).days)]
    return [day for day in days if calendar.is_working_day(day) and day not in told]


def _blank_duty(days, county, today, calendar):
    allowed = county.parameter("entry_working_days")
    due_on = calendar.add_working_days(days[0], allowed)
    return Duty(
        title=ngettext(
            "%(count)d working day of this month has no record",
            "%(count)d working days of this month have no record",
            len(days),
        )
        % {"count": len(days)},
        text=_("Type up who came, or state that nobody did."),
        url=reverse("casework:entry_create", args=[Channel.VISIT]),
        act=_("Type it up"),
        clock=clock(today, days[0], due_on, calendar, working=True),
        rule=ngettext(
            "County's rule: recorded within %(count)d working day",
            "County's rule: recorded within %(count)d working days",
            allowed,
        )
        % {"count": allowed},
        days=tuple(days[:SHOWN]),
    )


def _today(station, today, *, is_stated_empty):
    entries = RegisterEntry.objects.counted().filter(station=station, occurred_on=today)
    # The day's figures stand on its last entry, so that both cost one query.
    figures = {f"day_{name}": Window(figure) for name, figure in _FIGURES.items()}
    last = (
        entries.select_related("matter")
        .annotate(**figures)
        .order_by("-occurred_at", "-pk")
        .first()
    )
    return Today(
        day=today,
        last=last,
        is_stated_empty=is_stated_empty,
        **{name: getattr(last, f"day_{name}", 0) for name in _FIGURES},
    )


_FIGURES = {
    "calls": Count("pk", filter=Q(channel=Channel.CALL)),
    "visits": Count("pk", filter=Q(channel=Channel.VISIT)),
    "persons": Sum("persons"),
}


# ── The county ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Silent:
    """A station that has said nothing for too long: call it."""

    station: Station
    last_on: date | None
    working_days: int


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

    @property
    def rest(self):
        return sum(self.clocks.values()) - len(self.duties)

    @property
    def more_chores(self):
        return sum(self.chores.values()) - len(self.owed)


def county_desk(user, today):
    county = user.county
    calendar = DayOff.objects.calendar(county)
    rows, clocks = most_urgent(
        _clocks_of_county(user, today),
        calendar=calendar,
        now=timezone.now(),
        shown=CLOCKS_SHOWN,
    )
    owed, chores = _chores(user, today, calendar)
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
        month=_month(month, stations, reports, today, calendar),
        sent=tuple(report for report in reports if report.status == ReportStatus.SENT),
        silent=tuple(_silent(stations, county, calendar, today)),
        silent_after=county.parameter("silent_after_working_days"),
        coverage=coverage(county, today, stations),
        today=Today(
            day=today,
            **{
                name: sum(getattr(station, f"day_{name}") or 0 for station in stations)
                for name in _FIGURES
            },
        ),
        duties=tuple(_clock_duty(row) for row in rows),
        clocks=clocks,
        owed=tuple(owed),
        chores=chores,
    )


def _clocks_of_county(user, today):
    """The clocks the center owes; for the bureau its own, and all that are overdue."""
    deadlines = Deadline.objects.visible_to(user).duties().exclude(number__in=APPLICANT_S)
    if user.has_role(Role.REVIEWER, Role.DIRECTOR):
        return deadlines.owed_by(Role.REVIEWER)
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
        for name, figure in _FIGURES.items()
    }
    return Station.objects.filter(county=county).annotate(
        **figures,
        entry_on=Subquery(entries.order_by("-occurred_on").values("occurred_on")[:1]),
        stated_on=Subquery(stated.order_by("-day").values("day")[:1]),
    )


def _month(month, stations, reports, today, calendar):
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


# ── The city ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class CountyRow:
    county: County
    coverage: Coverage
    month: Month


@dataclass(frozen=True)
class CityDesk:
    """The counties of the city's inspector, and what waits for the inspector."""

    counties: tuple[CountyRow, ...]
    owed: tuple[Duty, ...]
    chores: dict[str, int]

    @property
    def more_chores(self):
        return sum(self.chores.values()) - len(self.owed)


def city_desk(user, today):
    """Return the counties the city's inspector reaches: figures, no names of people."""
    counties = list(
        County.objects.visible_to(user).select_related("division").order_by("division__code")
    )
    month = months_from(month_of(today), -1)
    posts = coverages(counties, today)
    stations, reports = defaultdict(list), defaultdict(list)
    for station in Station.objects.filter(county__in=counties):
        stations[station.county_id].append(station)
    for report in (
        MonthlyReport.objects.of_stations()
        .filter(county__in=counties, month=month)
        .defer("row_ids", "figures")
    ):
        reports[report.county_id].append(report)
    calendar = DayOff.objects.calendar()
    owed, chores = _chores(user, today, calendar)
    rows = tuple(
        CountyRow(
            county,
            posts[county],
            _month(month, stations[county.pk], reports[county.pk], today, calendar),
        )
        for county in counties
    )
    return CityDesk(rows, tuple(owed), chores)


# ── The administrators ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class LookCount:
    kind: str
    label: str
    count: int


@dataclass(frozen=True)
class OfficeDesk:
    """Accounts, appointments and looks, counted for whoever keeps them."""

    accounts: int = 0
    must_change: int = 0
    without_post: int = 0
    looks: tuple[LookCount, ...] = ()


def office_desk(user, today):
    figures, looks = {}, ()
    if user.may(Ability.MANAGE_ACCOUNTS) or user.may(Ability.APPOINT):
        holders = Appointment.objects.current(today).values("user")
        figures = (
            User.objects.visible_to(user)
            .filter(is_active=True)
            .aggregate(
                accounts=Count("pk"),
                must_change=Count("pk", filter=Q(must_change_password=True)),
                without_post=Count("pk", filter=~Q(pk__in=holders)),
            )
        )
    if user.may(Ability.SEE_LOOKS):
        counts = dict(
            Look.objects.visible_to(user)
            .filter(at__gte=timezone.now() - LOOKED_BACK)
            .order_by()
            .values_list("kind")
            .annotate(Count("pk"))
        )
        looks = tuple(
            LookCount(kind.value, kind.label, counts.get(kind.value, 0)) for kind in LookKind
        )
    return OfficeDesk(looks=looks, **figures)
