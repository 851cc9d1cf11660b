"""Monthly analyses: the county's page, one month's page, its paper, and the moves."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.calendar import clock_faces
from stations.models import County, DayOff, Document
from stations.papers.documents import ask_for
from stations.roles import Ability
from stations.templatetags.words import month_name

from ..analysis import precheck
from ..analysis.figures import share
from ..forms.months import ReasonForm, ReportTextForm, SendForm
from ..models import MonthlyReport, NoVisitDay, RegisterEntry
from ..periods import last_day, month_of, months_from, next_month, parse_month
from ..reports import charts, months, narrative, report_pdf
from ..reports.amendments import changes_since_issue
from ..reports.receipts import Receipt, State, receipts, standing

# No report is older than the system could be.
EARLIEST = date(2000, 1, 1)
# How many months the county's table shows.
MATRIX_MONTHS = 12
LIST_MONTHS = 24
# How many papers of one report the page lists.
PAPERS = 6


def _asked_month(request, today):
    """Return the month of `?month=2026-10`; last month for none, nonsense or one to come."""
    this_month = month_of(today)
    try:
        month = parse_month(request.GET.get("month", ""))
    except ValueError:
        month = None
    return month if month and EARLIEST <= month <= this_month else months_from(this_month, -1)


def _reports(user):
    return (
        MonthlyReport.objects.visible_to(user)
        .select_related(
            "station__township", "station__county__division", "county__division", "document"
        )
        .defer("document__content")
    )


def _report(request, pk):
    report = get_object_or_404(_reports(request.user), pk=pk)
    # The analysis and the county's parameters read the county of the station.
    if report.station:
        report.station.county = report.county
    return report


# ── Lists ───────────────────────────────────────────────────────────────────────────────


@allowed(Ability.SEE_MONTH)
@require_GET
def report_list(request):
    """A station's months, or the county's page of a month."""
    if request.user.station:
        return _station_list(request)
    return _county_page(request)


def _station_list(request):
    today = timezone.localdate()
    reports = list(
        MonthlyReport.objects.visible_to(request.user)
        .filter(station=request.user.station)
        .for_list()
        .select_related("document")
        .defer("row_ids", "figures", "document__content")[:LIST_MONTHS]
    )
    calendar = DayOff.objects.calendar(request.user.county)
    for report in reports:
        report.clock = _clock(report, today, calendar)
    return TemplateResponse(
        request,
        "casework/months/station_list.html",
        {"station": request.user.station, "reports": reports},
    )


def _clock(report, today, calendar):
    """The clock of a report that is still owed; it runs from the end of its month."""
    if today <= last_day(report.month) and not report.first_sent_at:
        return None
    return clock_faces.clock(
        today,
        last_day(report.month),
        report.due_on,
        calendar,
        done_on=timezone.localdate(report.sent_at) if report.is_frozen else None,
        working=True,
    )


@dataclass(frozen=True)
class Tile:
    """One count of the county's page; pressing it shows just those stations."""

    key: str
    label: str
    receipts: list[Receipt]
    is_worry: bool = False


def _county_page(request):
    counties = list(
        County.objects.visible_to(request.user)
        .select_related("division")
        .order_by("division__code")
    )
    if not counties:
        raise Http404
    asked = request.GET.get("county")
    county = next((county for county in counties if str(county.pk) == asked), counties[0])
    today = timezone.localdate()
    month = _asked_month(request, today)
    span = [months_from(month, n) for n in range(1 - MATRIX_MONTHS, 1)]
    rows = receipts(county, span, today)
    tiles = _tiles(county, month, [row[-1] for row in rows.values()])
    chosen = next((tile for tile in tiles if tile.key == request.GET.get("show")), tiles[0])
    shown = {receipt.station for receipt in chosen.receipts}
    expected, on_time = len(tiles[0].receipts), len(tiles[2].receipts)
    return TemplateResponse(
        request,
        "casework/months/county_list.html",
        {
            "county": county,
            "counties": counties,
            "month": month,
            "previous": months_from(month, -1),
            "next": next_month(month) if month < month_of(today) else None,
            "span": span,
            "rows": [row for row in rows.items() if row[0] in shown],
            "tiles": tiles,
            "chosen": chosen,
            "on_time_share": share(on_time, expected),
            "own": MonthlyReport.objects.visible_to(request.user)
            .filter(county=county, station=None, month=month)
            .for_list()
            .first(),
        },
    )


def _tiles(county, month, month_receipts):
    expected = [receipt for receipt in month_receipts if receipt.state != State.CLOSED]
    heard = _stations_heard(county, month)

    def those(test):
        return [receipt for receipt in expected if test(receipt)]

    return [
        Tile("expected", pgettext("monthly report", "expected"), expected),
        Tile(
            "received", pgettext("monthly report", "received"), those(lambda r: r.is_received)
        ),
        Tile(
            "on_time",
            pgettext("monthly report", "on time"),
            those(lambda r: r.state == State.ON_TIME),
        ),
        Tile("locked", _("confirmed and locked"), those(lambda r: r.is_locked)),
        Tile(
            "missing",
            pgettext("monthly report", "not received"),
            those(lambda r: not r.is_received),
            True,
        ),
        Tile(
            "silent",
            pgettext("monthly report", "silent all month"),
            those(lambda r: r.station.pk not in heard),
            True,
        ),
    ]


def _stations_heard(county, month):
    """The stations with an entry, or the word that nobody came, on any day of the month."""
    days = {"station__county": county}
    entries = RegisterEntry.objects.counted().filter(**days).in_month(month, next_month(month))
    stated = NoVisitDay.objects.filter(day__gte=month, day__lt=next_month(month), **days)
    return set(
        entries.order_by()
        .values_list("station", flat=True)
        .distinct()
        .union(stated.order_by().values_list("station", flat=True))
    )


@allowed(Ability.SEE_MONTH)
@require_POST
def report_bundle(request):
    """Ask for all papers of a county's month in one file."""
    county = get_object_or_404(
        County.objects.visible_to(request.user), pk=row_number(request.POST.get("county"))
    )
    try:
        month = parse_month(request.POST.get("month", ""))
    except ValueError:
        raise Http404 from None
    if request.user.station:
        raise PermissionDenied
    if not report_pdf.sent_reports(county, month).exists():
        messages.error(request, _("No report of this month has been sent yet."))
        return redirect(f"{reverse('casework:report_list')}?month={month:%Y-%m}")
    title = _("%(county)s: all reports of %(month)s") % {
        "county": county,
        "month": month_name(month),
    }
    document = ask_for(
        "month_bundle",
        title=title,
        filename=f"{title}.zip",
        county=county,
        by=request.user,
        parameters={"month": f"{month:%Y-%m}"},
    )
    return redirect(document)


# ── One month ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Acts:
    """What this person may do to this report now: the roles' answer and the map's together."""

    may_write: bool
    may_send: bool
    may_confirm: bool
    may_return: bool
    may_reopen: bool


def _acts(user, report):
    moves = months.moves_from(report)
    sender = Ability.SEND_MONTH if report.station_id else Ability.CONFIRM_MONTH
    writers = {sender, Ability.DRAFT_MONTH} if report.station_id else {sender}
    answers = user.may(Ability.CONFIRM_MONTH)
    return Acts(
        may_write=not report.is_frozen and any(user.may(ability) for ability in writers),
        may_send=bool({"send", "issue"} & moves) and user.may(sender),
        may_confirm="confirm" in moves and answers,
        may_return="return" in moves and answers,
        may_reopen="reopen" in moves and answers,
    )


@allowed(Ability.SEE_MONTH)
@require_GET
def report_detail(request, pk):
    return _page(request, _report(request, pk))


def _page(request, report, *, send_form=None, reason_form=None, status=200):
    """The page of one report, also after a move was refused: what was typed is still there."""
    today = timezone.localdate()
    calendar = DayOff.objects.calendar(report.county)
    analysis = months.analysis_of(report)
    can_open = request.user.may(Ability.SEE_REGISTER)
    beside = dict(
        MonthlyReport.objects.of_place(report)
        .filter(month__in=[months_from(report.month, -1), next_month(report.month)])
        .values_list("month", "pk")
    )
    findings = (
        precheck(report.station, report.month, analysis=analysis)
        if report.station and not report.is_frozen and can_open
        else []
    )
    acts = _acts(request.user, report)
    events = list(report.events.select_related("made_by"))
    papers = list(_papers(report)[:PAPERS])
    missing_count = (
        len(standing(report.county, report.month).missing)
        if acts.may_send and not report.station_id
        else 0
    )
    return TemplateResponse(
        request,
        "casework/months/detail.html",
        {
            "report": report,
            "analysis": analysis,
            "can_open": can_open,
            "clock": _clock(report, today, calendar),
            "is_over": today > last_day(report.month),
            "acts": acts,
            "due_days": report.county.parameter("month_due_working_day"),
            "missing_count": missing_count,
            "needs_word": analysis.is_empty or missing_count,
            "findings": findings,
            "changes": changes_since_issue(report) if report.is_frozen else None,
            "trend": charts.trend(analysis, charts.PAGE),
            "matters_chart": charts.top_matters(analysis, charts.NARROW),
            "places_chart": charts.places(analysis, charts.PAGE),
            "previous": beside.get(months_from(report.month, -1)),
            "next": beside.get(next_month(report.month)),
            "previous_month": months_from(report.month, -1),
            "next_month": next_month(report.month),
            "events": events,
            "answer": events[-1]
            if events and events[-1].move in {"return", "reopen"}
            else None,
            "papers": papers,
            "waiting": next(
                (paper for paper in papers if not (paper.made_at or paper.failed_at)), None
            ),
            "send_form": send_form or SendForm(),
            "reason_form": reason_form or ReasonForm(),
        },
        status=status,
    )


def _papers(report):
    return (
        Document.objects.filter(
            kind="monthly_report",
            county=report.county_id,
            station=report.station_id,
            parameters__report=report.pk,
        )
        .light()
        .select_related("asked_by")
    )


@allowed(Ability.SEE_MONTH)
@require_GET
def report_print(request, pk):
    """The web twin of the paper: the same page, its numbers open their rows."""
    report = _report(request, pk)
    return TemplateResponse(
        request,
        report_pdf.TEMPLATE,
        report_pdf.paper(report) | {"can_open": request.user.may(Ability.SEE_REGISTER)},
    )


@allowed(Ability.SEE_MONTH)
@require_GET
def report_pdf_file(request, pk):
    """Lead to the issued PDF; to the report's papers while there is none."""
    report = _report(request, pk)
    if report.is_frozen and report.document and report.document.made_at:
        return redirect("stations:document_file", report.document_id)
    return redirect(f"{report.get_absolute_url()}#papers")


@allowed(Ability.SEE_MONTH)
@require_POST
def report_render(request, pk):
    """Make the PDF of how the report stands now (生成): a draft until it is sent.

    Pressing again while the first is still being made asks for nothing new.
    """
    report = _report(request, pk)
    if report.is_frozen:
        return redirect(months.issued_paper(report, by=request.user))
    document = (
        _papers(report).owed().filter(parameters__draft=True, asked_by=request.user).first()
    )
    if document is None:
        document = months.ask_for_paper(report, by=request.user, parameters={"draft": True})
    return redirect(document)


@allowed(Ability.DRAFT_MONTH, Ability.SEND_MONTH, Ability.CONFIRM_MONTH)
@require_http_methods(["GET", "POST"])
def report_edit(request, pk):
    """Write the words of a report; empty boxes offer first words made from its figures."""
    report = _report(request, pk)
    acts = _acts(request.user, report)
    if not acts.may_write:
        if report.is_frozen:
            messages.error(
                request,
                _("This report has been sent, so its words can no longer be changed."),
            )
            return redirect(report)
        raise PermissionDenied
    analysis = months.analysis_of(report)
    drafts = {
        "comment": narrative.comment_draft(analysis),
        "suggestions": narrative.suggestions_draft(analysis),
    }
    offered = [name for name, draft in drafts.items() if draft and not getattr(report, name)]
    initial = {name: drafts[name] for name in offered} | {"seen": months.fingerprint(report)}
    form = ReportTextForm(request.POST or None, instance=report, initial=initial)
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        try:
            months.save_text(report, seen=words.pop("seen"), texts=words)
        except months.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(report)
    return TemplateResponse(
        request,
        "casework/months/edit.html",
        {
            "report": report,
            "form": form,
            "analysis": analysis,
            "offered": offered if request.method == "GET" else [],
            "can_open": request.user.may(Ability.SEE_REGISTER),
        },
    )


# ── Moves ───────────────────────────────────────────────────────────────────────────────


@allowed(Ability.SEND_MONTH, Ability.CONFIRM_MONTH)
@require_POST
def report_send(request, pk):
    report = _report(request, pk)
    sender = Ability.SEND_MONTH if report.station_id else Ability.CONFIRM_MONTH
    if not request.user.may(sender):
        raise PermissionDenied
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            report = months.send(report, by=request.user, **form.cleaned_data)
        except months.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Sent to the county as %(number)s. Its PDF is being made.")
                % {"number": report.document_number}
                if report.station_id
                else _("Issued as %(number)s. Its PDF is being made.")
                % {"number": report.document_number},
            )
            return redirect(report)
    return _page(request, _report(request, pk), send_form=form, status=409)


@allowed(Ability.CONFIRM_MONTH)
@require_POST
def report_confirm(request, pk):
    report = _report(request, pk)
    try:
        months.confirm(report, by=request.user)
    except months.MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Confirmed. The month is locked."))
    return redirect(report)


@allowed(Ability.CONFIRM_MONTH)
@require_POST
def report_return(request, pk):
    return _with_reason(
        request, pk, months.return_to_station, _("Returned to the station with your reason.")
    )


@allowed(Ability.CONFIRM_MONTH)
@require_POST
def report_reopen(request, pk):
    return _with_reason(
        request, pk, months.reopen, _("Opened again. The next report prints your reason.")
    )


def _with_reason(request, pk, move, said):
    report = _report(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, report, reason_form=form, status=422)
    try:
        move(report, by=request.user, reason=form.cleaned_data["reason"])
    except months.MoveRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, _report(request, pk), reason_form=form, status=409)
    messages.success(request, said)
    return redirect(report)
