"""The monthly analyses of the demonstration county, each where it would stand today."""

from collections import Counter
from datetime import datetime, time, timedelta

import pgtrigger
from django.utils import timezone

from casework.models import MonthlyReport, ReportEvent
from casework.periods import last_day, month_of, months_from
from casework.reports import months
from casework.terms import ReportStatus
from stations.models import DayOff, Document, User

from . import SILENT_STATION, SURGE_STATION, facts

# Where last month stands; the stations not named are confirmed.
STILL_OPEN = {SURGE_STATION, SILENT_STATION}
RETURNED = {"341525110"}
WAITING = {"341525107", "341525108", "341525109"}
# A month of this station was reopened and sent again.
REOPENED = "341525104"
REOPENED_MONTHS_AGO = 4


class Year:
    """Sends, confirms and returns the reports of every month, on the days it would have been."""

    def __init__(self, county, staff, today, random):
        self.county, self.staff, self.today, self.random = county, staff, today, random
        self.calendar = DayOff.objects.calendar(county)
        self.director = User.objects.get(username="director")
        self.last_month = months_from(month_of(today), -1)
        self.numbers = Counter()

    def build(self, month):
        """Bring one month's reports, the stations' and the county's, to where they stand."""
        for station in self.staff:
            report = months.open_month(station, month)
            self._date_back(report, month)
            if month < month_of(self.today):
                self._station_month(report)
        report = months.open_month(self.county, month)
        self._date_back(report, month)
        if month < self.last_month:
            self._issue(report)
            self._leave_papers_out(month)

    def _leave_papers_out(self, month):
        """Let the papers of earlier months be made when somebody presses for them.

        Two hundred PDFs at the first start would stand before the one a visitor presses for.
        """
        MonthlyReport.objects.filter(county=self.county, month=month).update(document=None)
        Document.objects.owed().filter(kind="monthly_report", county=self.county).delete()

    def _station_month(self, report):
        code = report.station.code
        is_last = report.month == self.last_month
        if is_last and code in STILL_OPEN:
            return
        sent_on = self._sending_day(report)
        if sent_on >= self.today:
            return
        self._write(report)
        head = self.staff[report.station][-1]
        report = months.send(report, by=head)
        self._date_back(report, sent_on)
        answered_on = self.calendar.add_working_days(sent_on, self.random.randint(1, 2))
        if answered_on >= self.today or (is_last and code in WAITING):
            return
        if is_last and code in RETURNED:
            reason = facts.months()["returned"][0]["text"]
            report = months.return_to_station(report, by=self.director, reason=reason)
            self._date_back(report, answered_on)
            return
        report = months.confirm(report, by=self.director)
        self._date_back(report, answered_on)
        ago = months_from(month_of(self.today), -REOPENED_MONTHS_AGO)
        if code == REOPENED and report.month == ago:
            self._reopen(report, head, answered_on)

    def _reopen(self, report, head, confirmed_on):
        """Unlock a confirmed month, and send and confirm it anew."""
        told = facts.months()["reopened"][0]
        report = months.reopen(report, by=self.director, reason=told["text"])
        self._date_back(report, self.calendar.add_working_days(confirmed_on, 6))
        report = months.save_text(
            report, texts={"typical_cases": told["words"]}, seen=months.fingerprint(report)
        )
        report = months.send(report, by=head)
        self._date_back(report, self.calendar.add_working_days(confirmed_on, 7))
        report = months.confirm(report, by=self.director)
        self._date_back(report, self.calendar.add_working_days(confirmed_on, 8))

    def _issue(self, report):
        self._write(report)
        report = months.send(report, by=self.director)
        self._date_back(report, self.calendar.add_working_days(report.due_on, 6))

    def _write(self, report):
        words = facts.months()
        case, suggestion = (
            self.random.choice(words[kind])["text"] for kind in ("case", "suggestion")
        )
        months.save_text(
            report,
            texts={
                "comment": words["comment"][str(report.month.month)],
                "typical_cases": case,
                "suggestions": suggestion,
            },
            seen=months.fingerprint(report),
        )

    def _sending_day(self, report):
        """Return the due day or one of the two working days before it; seldom a day after it."""
        early = self.random.choice([0, 0, 1, 1, 2])
        if self.random.random() < 0.05:
            early = -self.random.randint(1, 5)
        due = self.county.parameter("month_due_working_day")
        return self.calendar.add_working_days(last_day(report.month), due - early)

    def _date_back(self, report, day):
        """Give the last move, which the clock dated now, the day it would have been made."""
        moment = timezone.make_aware(
            datetime.combine(day, time(self.random.randint(8, 16), self.random.randint(30, 59)))
        )
        *earlier, event = report.events.order_by("pk")
        if earlier:
            moment = max(moment, earlier[-1].made_at + timedelta(minutes=20))
        with pgtrigger.ignore("casework.ReportEvent:append_only"):
            ReportEvent.objects.filter(pk=event.pk).update(made_at=moment)
        changes = {}
        if event.move in {"send", "issue"}:
            changes["sent_at"] = moment
            with pgtrigger.ignore("casework.ReportIssue:append_only"):
                report.issues.filter(issue=report.issue).update(sent_at=moment)
            if report.issue == 1:
                self.numbers[report.place, moment.year] += 1
                changes |= {
                    "first_sent_at": moment,
                    "serial": self.numbers[report.place, moment.year],
                }
        if report.status == ReportStatus.CONFIRMED:
            changes["confirmed_at"] = moment
        if changes:
            MonthlyReport.objects.filter(pk=report.pk).update(**changes)
