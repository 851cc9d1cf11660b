"""The desk of a station: what is due, what came back, and how today's register stands."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.models import (
    Deadline,
    EntryDraft,
    MonthlyReport,
    NoVisitDay,
    RegisterEntry,
    ReportEvent,
)
from casework.periods import last_day, month_of
from casework.rules.deadlines import DECISION
from casework.terms import Channel, ReportStatus
from casework.time_limits.wall import most_urgent
from stations.calendar.clock_faces import clock
from stations.models import DayOff, Lead, Station
from stations.models.leads import Urgency
from stations.roles import Ability, Role
from stations.templatetags.words import day_name, short_month

from .duties import CLOCKS_SHOWN, SOON, Duty, Group, chores_of, clock_duty
from .register import Today, today_at

# A lead for "this week" is late after so many days; the liaison chose the word.
LEAD_DAYS = 7
# The oldest leads and days are shown; the rest is one press away.
SHOWN = 5


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
    duties += [clock_duty(row) for row in rows]
    owed, chores = chores_of(user, today, calendar)
    duties += owed
    told = _told_days(station, today)
    if blank := _blank_days(station, told, today, calendar):
        duties.append(_blank_duty(blank, station.county, today, calendar))
    duties.sort(key=lambda duty: _rank(duty, today))
    if duties:
        duties[0] = replace(duties[0], is_first=True)
    return StationDesk(
        station=station,
        day=today,
        duties=tuple(duties),
        returned=sum(report.status == ReportStatus.RETURNED for report in reports),
        leads=len(leads),
        drafts=tuple(EntryDraft.objects.filter(user=user, station=station).defer("content")),
        today=today_at(station, today, is_stated_empty=today in told),
        owed=next(iter(reports), None),
        clocks=clocks,
        chores=chores,
    )


def _rank(duty, today):
    """What is overdue before what is due; what people wait for before what the place owes."""
    if duty.clock is None:
        return (4,)
    due_on = duty.clock.due_on
    group = (due_on >= today) + (due_on > today) + (due_on > today + SOON)
    return group, duty.is_chore, due_on


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
