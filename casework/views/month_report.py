"""One monthly analysis: its page, its paper and words, and the moves."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.calendar import clock_faces
from stations.models import DayOff
from stations.roles import Ability

from ..analysis import precheck
from ..forms.months import ReasonForm, ReportTextForm, SendForm
from ..models import MonthlyReport
from ..periods import last_day, months_from, next_month
from ..reports import charts, months, narrative, report_pdf
from ..reports.amendments import changes_since_issue
from ..reports.receipts import standing

# How many papers of one report the page looks at, and how many drafts it lists.
PAPERS, DRAFTS = 40, 3


def _reports(user):
    return (
        MonthlyReport.objects.visible_to(user)
        .select_related(
            "station__township", "station__county__division", "county__division", "document"
        )
        .defer("document__content")
    )


def report_of(request, pk):
    """The report of an address, of those the person may read; else 404."""
    report = get_object_or_404(_reports(request.user), pk=pk)
    # The analysis and the county's parameters read the county of the station.
    if report.station:
        report.station.county = report.county
    return report


def clock_of(report, today, calendar):
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
    return _page(request, report_of(request, pk))


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
    papers = list(months.papers_of(report).defer("content").select_related("asked_by")[:PAPERS])
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
            "clock": clock_of(report, today, calendar),
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
            "hours_chart": charts.hours(analysis, charts.PAGE),
            "sees_cases": request.user.may(Ability.SEE_APPLICATIONS),
            "previous": beside.get(months_from(report.month, -1)),
            "next": beside.get(next_month(report.month)),
            "previous_month": months_from(report.month, -1),
            "last_year": months_from(report.month, -12),
            "next_month": next_month(report.month),
            "events": events,
            "answer": events[-1]
            if events and events[-1].move in {"return", "reopen"}
            else None,
            "issues": _issues(report, papers),
            "drafts": [paper for paper in papers if paper.parameters.get("draft")][:DRAFTS],
            "waiting": next(
                (paper for paper in papers if not (paper.made_at or paper.failed_at)), None
            ),
            "send_form": send_form or SendForm(),
            "reason_form": reason_form or ReasonForm(),
        },
        status=status,
    )


def _issues(report, papers):
    """The issues that were sent, the latest first: their paper, and the check code that stands on it."""
    of_issue = {}
    for paper in papers:
        kept = of_issue.get(paper.parameters.get("issue"))
        if kept is None or not kept.made_at:
            of_issue[paper.parameters.get("issue")] = paper
    kept = report.issues.select_related("sent_by").order_by("-issue")
    issues = list(kept.defer("figures", "row_ids", *months.TEXTS))
    for each in issues:
        each.check_code = report_pdf.grouped(each.rows_hash)
        each.paper = of_issue.get(each.issue)
    return issues


def _asked_issue(parameters, report):
    """Return (the report as the issue asked for was sent, whether another one is in force).

    Without `issue` it is the report as it stands; 404 for an issue that is not kept.
    """
    issue = row_number(parameters.get("issue"))
    if issue is None or (issue == report.issue and report.is_frozen):
        return report, False
    try:
        return months.as_issued(report, issue), True
    except KeyError:
        raise Http404 from None


@allowed(Ability.SEE_MONTH)
@require_GET
def report_print(request, pk):
    """The web twin of the paper, or of an earlier issue (?issue=): its numbers open their rows."""
    report = report_of(request, pk)
    shown, is_replaced = _asked_issue(request.GET, report)
    return TemplateResponse(
        request,
        report_pdf.TEMPLATE,
        report_pdf.paper(shown)
        | {
            "is_replaced": is_replaced,
            "can_open": request.user.may(Ability.SEE_REGISTER),
            "sees_cases": request.user.may(Ability.SEE_APPLICATIONS),
        },
    )


@allowed(Ability.SEE_MONTH)
@require_GET
def report_pdf_file(request, pk):
    """Lead to the issued PDF, or that of an earlier issue; to the report's papers while there is none."""
    report = report_of(request, pk)
    then, is_replaced = _asked_issue(request.GET, report)
    if is_replaced:
        made = months.papers_of(report).filter(parameters__issue=then.issue)
        if document := made.exclude(made_at=None).light().first():
            return redirect("stations:document_file", document.pk)
        return redirect(f"{report.get_absolute_url()}#papers")
    if report.is_frozen and report.document and report.document.made_at:
        return redirect("stations:document_file", report.document_id)
    return redirect(f"{report.get_absolute_url()}#papers")


@allowed(Ability.SEE_MONTH)
@require_POST
def report_render(request, pk):
    """Make the PDF of how the report stands now (生成): a draft until it is sent; or of an earlier issue.

    Pressing again while the first is still being made asks for nothing new.
    """
    report = report_of(request, pk)
    then, is_replaced = _asked_issue(request.POST, report)
    if is_replaced:
        return redirect(months.paper_of_issue(report, then.issue, by=request.user))
    if report.is_frozen:
        return redirect(months.issued_paper(report, by=request.user))
    document = (
        months.papers_of(report)
        .owed()
        .filter(parameters__draft=True, asked_by=request.user)
        .first()
    )
    if document is None:
        document = months.ask_for_paper(report, by=request.user, parameters={"draft": True})
    return redirect(document)


@allowed(Ability.DRAFT_MONTH, Ability.SEND_MONTH, Ability.CONFIRM_MONTH)
@require_http_methods(["GET", "POST"])
def report_edit(request, pk):
    """Write the words of a report; empty boxes offer first words made from its figures."""
    report = report_of(request, pk)
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
    report = report_of(request, pk)
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
    return _page(request, report_of(request, pk), send_form=form, status=409)


@allowed(Ability.CONFIRM_MONTH)
@require_POST
def report_confirm(request, pk):
    report = report_of(request, pk)
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
    report = report_of(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, report, reason_form=form, status=422)
    try:
        move(report, by=request.user, reason=form.cleaned_data["reason"])
    except months.MoveRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, report_of(request, pk), reason_form=form, status=409)
    messages.success(request, said)
    return redirect(report)
