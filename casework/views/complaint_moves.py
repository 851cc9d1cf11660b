"""The moves of a complaint, what a second person decides, its papers, and the figures of all."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.files import handing_out
from stations.models import County, Look, LookKind, Station
from stations.roles import Ability

from ..analysis.complaints import (
    ComplaintFigures,
    complaints_by_county,
    complaints_by_station,
)
from ..complaints import handling
from ..complaints import papers as complaint_papers
from ..forms.complaint_moves import PROPOSES, DeclineForm, ServePaperForm, form_of
from ..models import Complaint, ComplaintPaper, ComplaintProposal
from ..terms import ComplaintMove as M
from ..workflow import MoveRefused
from .complaints import ACTS, READERS, acts_of, visible_complaint

# What is told once a move is made.
DONE = {
    M.CLASSIFY: gettext_lazy("Set right; what it said before is kept."),
    M.ASK: gettext_lazy("The notice is ready to print; the time to accept stands still."),
    M.SUPPLY: gettext_lazy("Completed; the time to accept goes on tomorrow."),
    M.ACCEPT: gettext_lazy("Accepted; the notice is ready to print."),
    M.MERGE: gettext_lazy("Merged."),
    M.ENTRUST: gettext_lazy("Entrusted; the letter is ready to print."),
    M.QUESTION: gettext_lazy("The center reads it now and is asked to answer."),
    M.ANSWER: gettext_lazy("The answer is with the bureau."),
    M.FIND: gettext_lazy("The findings are kept."),
    M.CLOSE: gettext_lazy("Closed."),
    M.WITHDRAW: gettext_lazy("Noted as taken back."),
    M.NOTE_REVIEW: gettext_lazy("Noted."),
}
# What the page of a move says under its heading.
WORDS = {
    M.ASK: gettext_lazy(
        "Told once, with everything. Until it comes the time to accept stands still."
    ),
    M.NOT_ACCEPT: gettext_lazy("You propose it; another person of the bureau decides."),
    M.EXTEND: gettext_lazy("Once only. You propose it; another person of the bureau decides."),
    M.DECIDE: gettext_lazy("You propose it; another person of the bureau decides."),
    M.ENTRUST: gettext_lazy(
        "The complaint stays with this bureau, and its time limit runs on."
    ),
    M.QUESTION: gettext_lazy("From then on the center reads this complaint."),
    M.MERGE: gettext_lazy("Its time limit ends; the reply to the other answers both."),
}
# These cannot be taken back, or go against somebody.
AGAINST = {M.NOT_ACCEPT, M.WITHDRAW}


@allowed(*READERS)
@require_http_methods(["GET", "POST"])
def complaint_move(request, pk, move):
    """One move: its form, then made, or told why not."""
    user = request.user
    if move not in {each.value for each in ACTS}:
        raise Http404
    complaint, move = visible_complaint(user, pk), M(move)
    if (move == M.ANSWER) == user.may(Ability.HANDLE_COMPLAINT):
        raise PermissionDenied
    may_now = {each for each, _label in acts_of(user, complaint, None)}
    if request.method == "GET" and move.value not in may_now:
        messages.error(request, _("This cannot be done now. See below how it stands."))
        return redirect(complaint)
    if move == M.CLOSE:
        return _made(request, complaint, move, {}) or redirect(complaint)
    form = form_of(move, request.POST or None, complaint=complaint, user=user)
    if form.is_valid() and (done := _made(request, complaint, move, form.fields_of_move)):
        return done
    return TemplateResponse(
        request,
        "casework/complaints/move.html",
        {
            "complaint": complaint,
            "form": form,
            "title": ACTS[move],
            "words": WORDS.get(move, ""),
            "is_against": move in AGAINST,
        },
        status=422 if form.errors else 200,
    )


def _made(request, complaint, move, fields):
    """Make the move and lead back; a refusal is told on the record, where it shows why."""
    if request.method != "POST":
        return None
    try:
        if move in PROPOSES:
            handling.propose(complaint, PROPOSES[move], by=request.user, **fields)
            done = _("Proposed. Another person of the bureau decides.")
        else:
            getattr(handling, move.value)(complaint, by=request.user, **fields)
            done = DONE[move]
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(complaint)


# ── The second person ───────────────────────────────────────────────────────────────────


def _proposal(user, pk):
    proposals = ComplaintProposal.objects.filter(
        complaint__in=Complaint.objects.visible_to(user)
    ).select_related("complaint__county", "proposed_by", "answered_by")
    return get_object_or_404(proposals, pk=pk)


@allowed(Ability.HANDLE_COMPLAINT)
@require_POST
def complaint_approve(request, pk):
    proposal = _proposal(request.user, pk)
    try:
        handling.approve(proposal, by=request.user)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Decided. The paper is ready to print."))
    return redirect(proposal.complaint)


@allowed(Ability.HANDLE_COMPLAINT)
@require_http_methods(["GET", "POST"])
def complaint_decline(request, pk):
    """Send a proposal back with a reason."""
    proposal = _proposal(request.user, pk)
    complaint = visible_complaint(request.user, proposal.complaint_id)
    form = DeclineForm(request.POST or None, complaint=complaint)
    if form.is_valid():
        try:
            handling.decline(proposal, by=request.user, **form.cleaned_data)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Sent back with your reason."))
        return redirect(complaint)
    return TemplateResponse(
        request,
        "casework/complaints/move.html",
        {
            "complaint": complaint,
            "form": form,
            "title": _("Send the proposal back"),
            "words": _("Whoever proposed it reads why and thinks again."),
            "is_against": True,
        },
        status=422 if form.errors else 200,
    )


# ── Papers ──────────────────────────────────────────────────────────────────────────────


def _paper(user, pk):
    papers = ComplaintPaper.objects.visible_to(user)
    if not user.may(Ability.HANDLE_COMPLAINT):
        # The center answers a question; the papers go to the complainant from the bureau.
        papers = papers.filter(complaint__in=Complaint.objects.taken_by(user), kind="receipt")
    return get_object_or_404(papers.select_related("complaint__county"), pk=pk)


@allowed(Ability.TAKE_COMPLAINT)
@require_GET
def complaint_paper(request, pk):
    """The web twin of a paper."""
    return HttpResponse(complaint_papers.page(_paper(request.user, pk), request))


@allowed(Ability.TAKE_COMPLAINT)
@require_GET
def complaint_paper_pdf(request, pk):
    """The PDF of a paper; printing it is written down."""
    paper = _paper(request.user, pk)
    content = complaint_papers.pdf(paper)
    Look.objects.create(
        kind=LookKind.PRINT,
        user=request.user,
        station=request.user.station,
        county=request.user.county,
        subject=f"complaint_paper:{paper.pk}",
    )
    name = f"{paper.get_kind_display()} {paper.complaint.number}.pdf"
    return handing_out.shown(content, name)


@allowed(Ability.HANDLE_COMPLAINT)
@require_http_methods(["GET", "POST"])
def complaint_paper_serve(request, pk):
    """Write down that a paper was served; of the reply, that ends the last clock."""
    paper = _paper(request.user, pk)
    complaint = visible_complaint(request.user, paper.complaint_id)
    if not paper.needs_service:
        messages.error(request, _("This paper has been served already, or is not served."))
        return redirect(complaint)
    paper.complaint = complaint
    form = ServePaperForm(request.POST or None, paper=paper)
    if form.is_valid():
        try:
            handling.serve(paper, by=request.user, **form.cleaned_data)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("%(form)s: service is written down.") % {"form": paper.get_kind_display()},
            )
        return redirect(complaint)
    return TemplateResponse(
        request,
        "casework/complaints/move.html",
        {
            "complaint": complaint,
            "form": form,
            "title": _("Write the service down"),
            "words": paper.get_kind_display(),
        },
        status=422 if form.errors else 200,
    )


# ── Figures ─────────────────────────────────────────────────────────────────────────────


@allowed(Ability.HANDLE_COMPLAINT, Ability.INSPECT)
@require_GET
def complaint_counts(request):
    """Counts of a year: by station for the bureau, by county for the city; no rows, no names."""
    user, this_year = request.user, timezone.localdate().year
    year = row_number(request.GET.get("year")) or this_year
    year = min(max(year, 2000), this_year)
    span = date(year, 1, 1), date(year, 12, 31)
    is_city = not user.may(Ability.HANDLE_COMPLAINT)
    if is_city:
        counties = County.objects.visible_to(user).select_related("division")
        found = complaints_by_county(counties, *span)
        rows = [
            (each.division.name, found.get(each.pk, ComplaintFigures())) for each in counties
        ]
    else:
        found = complaints_by_station(user.county, *span)
        rows = [
            (station.short_name, found[station.pk])
            for station in Station.objects.filter(county=user.county)
            if station.pk in found
        ]
        if None in found:
            rows.append((_("of no station"), found[None]))
    return TemplateResponse(
        request,
        "casework/complaints/counts.html",
        {
            "rows": rows,
            "year": year,
            "years": range(this_year, this_year - 4, -1),
            "is_city": is_city,
        },
    )
