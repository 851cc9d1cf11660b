"""The moves of a monthly report 月度分析, and the only code that makes them.

Opened by the calendar, written at the station, sent by its head, confirmed or returned by the
county, reopened only with a reason. The county's own report is issued in one step.
"""

import hashlib
from copy import copy
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stations.models import County, DayOff, DaySeal, Document, Station
from stations.papers.documents import ask_for
from stations.templatetags.words import day_name, month_name

from ..analysis import counted_rows, monthly_analysis
from ..analysis.figures import MonthlyAnalysis
from ..analysis.freezing import RowsMove, hold_rows, unmoving
from ..models import MonthlyReport, ReportEvent, ReportIssue
from ..periods import last_day, month_of
from ..terms import ReportStatus
from .receipts import standing

TEXTS = ("comment", "signals_text", "typical_cases", "suggestions")
# What an issue keeps of the report.
ISSUED = (
    *TEXTS,
    *("issue", "is_zero_confirmed", "figures", "row_ids", "rows_hash", "seal_on", "seal"),
    *("sent_at", "sent_by"),
)


class MoveRefused(Exception):
    """A plain sentence why a report cannot make this move now."""


@dataclass(frozen=True)
class Move:
    start: frozenset[str]
    end: str


MOVES = {
    "send": Move({ReportStatus.OPEN, ReportStatus.RETURNED}, ReportStatus.SENT),
    "confirm": Move({ReportStatus.SENT}, ReportStatus.CONFIRMED),
    "return": Move({ReportStatus.SENT}, ReportStatus.RETURNED),
    "reopen": Move({ReportStatus.CONFIRMED}, ReportStatus.OPEN),
    # The county's own: nobody stands above it here, so issuing it locks it.
    "issue": Move({ReportStatus.OPEN}, ReportStatus.CONFIRMED),
}


def moves_from(report):
    """Return the names of the moves the map allows now."""
    own = {"issue", "reopen"} if report.station_id is None else set(MOVES) - {"issue"}
    return {name for name in own if report.status in MOVES[name].start}


def due_on(county, month):
    """Return the last day for a month's report: the county's n-th working day of the next month.

    The calendar is the State Council's with the county's own days. Source: county rule, default
    the 5th working day (rules 4.6).
    """
    calendar = DayOff.objects.calendar(county)
    return calendar.add_working_days(last_day(month), county.parameter("month_due_working_day"))


@transaction.atomic
def open_month(place, month):
    """Open the report of a station or county for a month; return it, the old one if it is there.

    Raises MoveRefused for a month that has not begun.
    """
    if month > month_of(timezone.localdate()):
        raise MoveRefused(_("That month has not begun yet."))
    station = place if isinstance(place, Station) else None
    county = place.county if station else place
    report, is_new = MonthlyReport.objects.get_or_create(
        county=county,
        station=station,
        month=month,
        defaults={"due_on": lambda: due_on(county, month)},
    )
    if is_new:
        _record(report, "open", ReportStatus.OPEN, by=None, note="")
    return report


def fingerprint(report):
    """Return a short sign of the words a report has now."""
    words = "\0".join(getattr(report, name) for name in TEXTS)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def analysis_of(report):
    """Return the figures of a report: as frozen when sent, from the rows of now before that."""
    if report.is_frozen:
        return MonthlyAnalysis.from_json(report.figures)
    return monthly_analysis(report.place, report.month)


@transaction.atomic
def save_text(report, *, texts, seen):
    """Keep what people wrote: `texts` maps names of TEXTS to words. Returns the report.

    `seen` is the fingerprint of the words the person had before them when they began. Raises
    MoveRefused when the report is no longer being written, or other words were saved since.
    """
    current = _lock(report)
    if current.is_frozen:
        raise MoveRefused(
            _("This report has been sent, so its words can no longer be changed.")
        )
    if fingerprint(current) != seen:
        raise MoveRefused(
            _("Somebody has just saved other words. Yours are still here; compare, save again.")
        )
    for name, text in texts.items():
        setattr(current, name, text)
    current.save(update_fields=list(texts))
    return current


@transaction.atomic
def send(report, *, by, is_zero_confirmed=False, note=""):
    """Send a station's report to the county (报送), or issue the county's own (印发).

    Freezes the figures with the ids and the hash of the rows they count, and the last seal of a
    day; takes the document number the first time, and asks for the paper once this is saved.
    Returns the report.

    Raises MoveRefused before the month is over; for a month without entries unless the person
    confirms that nobody called or came; for a county with stations missing and no `note` why.
    """
    move = "send" if report.station_id else "issue"
    report = _begin(move, report)
    today = timezone.localdate()
    if today <= last_day(report.month):
        raise MoveRefused(
            _("The month is not over. It can be sent from %(day)s on.")
            % {"day": day_name(last_day(report.month) + timedelta(days=1))}
        )
    if report.station_id is None and not note.strip():
        missing = len(standing(report.county, report.month).missing)
        if missing:
            raise MoveRefused(
                ngettext(
                    "%(count)d station has not sent its report. Say why the county goes ahead.",
                    "%(count)d stations have not sent theirs. Say why the county goes ahead.",
                    missing,
                )
                % {"count": missing}
            )
    _freeze(report)
    if not report.row_ids and not is_zero_confirmed:
        raise MoveRefused(
            _("There is no entry in this month. Confirm that nobody called or came.")
        )
    report.is_zero_confirmed = not report.row_ids
    now = timezone.now()
    report.sent_at, report.sent_by = now, by
    report.first_sent_at = report.first_sent_at or now
    if not report.serial:
        report.serial, report.number_sign = _take_number(report), report.sign_of_now
    report.issue += 1
    if move == "issue":
        report.confirmed_at, report.confirmed_by = now, by
    report.document = ask_for_paper(report, by=by, parameters={"issue": report.issue})
    _keep_issue(report)
    return _complete(move, report, by=by, note=note.strip())


@transaction.atomic
def confirm(report, *, by):
    """The county confirms a station's report; it is locked from then on (确认)."""
    report = _begin("confirm", report)
    report.confirmed_at, report.confirmed_by = timezone.now(), by
    return _complete("confirm", report, by=by)


@transaction.atomic
def return_to_station(report, *, by, reason):
    """The county returns a report with a reason (退回); the station corrects and sends again."""
    return _complete("return", _begin("return", report), by=by, note=_said(reason))


@transaction.atomic
def reopen(report, *, by, reason):
    """Unlock a confirmed month with a reason (重新打开), which the next report prints."""
    report = _begin("reopen", report)
    report.confirmed_at = report.confirmed_by = None
    return _complete("reopen", report, by=by, note=_said(reason))


def ask_for_paper(report, *, by, parameters):
    """Ask for the report's PDF: of an issue (`{"issue": n}`) or a draft (`{"draft": True}`)."""
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(place)s: calls and visits in %(month)s") % {
            "place": report.place_name,
            "month": month_name(report.month),
        }
        if parameters.get("draft"):
            title = _("%(title)s (draft)") % {"title": title}
        elif report.issue > 1:
            title = _("%(title)s (issue %(issue)d)") % {"title": title, "issue": report.issue}
    return ask_for(
        "monthly_report",
        title=title,
        filename=f"{title}.pdf",
        station=report.station,
        county=report.county,
        by=by,
        parameters={"report": report.pk, **parameters},
    )


@transaction.atomic
def paper_of_issue(report, issue, *, by):
    """Return the document of an earlier issue; ask for it anew when there is none or it failed.

    Raises KeyError for an issue that is not kept.
    """
    then = as_issued(_lock(report), issue)
    made = papers_of(report).filter(parameters__issue=issue, failed_at=None).first()
    return made or ask_for_paper(then, by=by, parameters={"issue": issue})


def papers_of(report):
    """The documents of a report's PDFs: of its issues, and the drafts."""
    return Document.objects.filter(
        kind="monthly_report",
        county=report.county_id,
        station=report.station_id,
        parameters__report=report.pk,
    )


@transaction.atomic
def issued_paper(report, *, by):
    """Return the document of an issued report; ask for it anew when there is none or it failed."""
    current = (
        MonthlyReport.objects.select_for_update(of=("self",))
        .select_related("station", "county__division")
        # The paper that another press has just asked for is found after the wait for it.
        .prefetch_related(Prefetch("document", Document.objects.light()))
        .get(pk=report.pk)
    )
    if current.document is None or current.document.failed_at:
        current.document = ask_for_paper(current, by=by, parameters={"issue": current.issue})
        current.save(update_fields=["document"])
    return current.document


def _freeze(report):
    """Set figures, row ids, hash and last seal from one unmoving state of the register."""
    counted = report.place, report.month
    hold_rows(*counted)
    try:
        (report.row_ids, report.rows_hash), analysis = unmoving(
            lambda: counted_rows(*counted), lambda: monthly_analysis(*counted)
        )
    except RowsMove:
        raise MoveRefused(
            _("Entries of this month are being saved right now. Try once more.")
        ) from None
    report.figures = analysis.as_json()
    sealed = DaySeal.objects.first()
    report.seal_on, report.seal = (sealed.day, sealed.digest) if sealed else (None, "")


def _keep_issue(report):
    """Keep what is sent, word for word; a later issue stands beside it."""
    ReportIssue.objects.create(
        report=report, **{name: getattr(report, name) for name in ISSUED}
    )


def as_issued(report, issue):
    """Return a copy of a report as one of its issues was sent: to be read, never saved.

    Raises KeyError for an issue that is not kept.
    """
    kept = report.issues.filter(issue=issue).select_related("sent_by").first()
    if kept is None:
        raise KeyError(issue)
    then = copy(report)
    for name in ISSUED:
        setattr(then, name, getattr(kept, name))
    then.status = ReportStatus.SENT
    return then


def _take_number(report):
    """Return the next document number of the place in the year of its first sending.

    The place is locked, so of two reports sent at once the second takes the number after.
    """
    model = Station if report.station_id else County
    model.objects.select_for_update(no_key=True).get(pk=report.place.pk)
    last = MonthlyReport.objects.filter(
        county=report.county,
        station=report.station,
        first_sent_at__year=timezone.localtime(report.first_sent_at).year,
    ).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def _lock(report):
    return (
        MonthlyReport.objects.select_for_update(of=("self",))
        .select_related("county__division", "station__county")
        .get(pk=report.pk)
    )


def _begin(move, report):
    """Lock the report and ask the map; of two people pressing at once, one is refused."""
    report = _lock(report)
    if report.status not in MOVES[move].start:
        last = report.events.select_related("made_by").last()
        raise MoveRefused(
            _("%(who)s at %(time)s: this report is now “%(status)s”, so this cannot be done.")
            % {
                "who": last.made_by or _("The calendar"),
                "time": timezone.localtime(last.made_at).strftime("%H:%M"),
                "status": report.get_status_display(),
            }
        )
    return report


def _complete(move, report, *, by, note=""):
    before, report.status = report.status, MOVES[move].end
    report.save()
    _record(report, move, before, by=by, note=note)
    return report


def _record(report, move, before, *, by, note):
    ReportEvent.objects.create(
        report=report,
        move=move,
        from_status=before,
        to_status=report.status,
        note=note,
        made_by=by,
    )


def _said(reason):
    if not reason.strip():
        raise MoveRefused(_("Say why; the other side reads it."))
    return reason.strip()
