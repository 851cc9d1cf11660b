"""Complaints: the bureau's list and record, taking one in, what the taker sees, figures, grounds."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.files import handing_out, sealed
from stations.files.file_check import FileRefused
from stations.models import DayOff, Look, LookKind
from stations.privacy import without_numbers
from stations.retention.standing import hold_line
from stations.roles import Ability

from ..complaints import grounds as complaint_grounds
from ..complaints import handling
from ..complaints import moves as complaint_moves
from ..forms.complaints import ComplaintFilter, ComplaintForm, GroundForm
from ..forms.correct import ReasonForm
from ..models import (
    Application,
    Complaint,
    ComplaintFile,
    ComplaintGround,
    ComplaintPaper,
    RegisterEntry,
)
from ..rules.deadlines import LIMITS
from ..terms import ComplaintMove as M
from ..terms import ComplaintPlace
from ..terms import ComplaintStatus as S
from ..time_limits import clocks
from ..time_limits import complaint_clocks as complaint_clock
from .skeletons import complaint_skeleton

PAGE = 50

# What comes next, by status: what is to be done, and whose it is.
NEXT = {
    S.RECEIVED: gettext_lazy("Accept the complaint, or say why not"),
    S.FORWARDED: gettext_lazy("Accept the complaint, or say why not"),
    S.SUPPLEMENTING: gettext_lazy("The complainant supplies what is missing"),
    S.ACCEPTED: gettext_lazy("Investigate and write down the findings"),
    S.ENTRUSTED: gettext_lazy("Call for the findings and write them down"),
    S.FOUND: gettext_lazy("Propose a decision; a second person decides"),
    S.DECIDED: gettext_lazy("Serve the reply on the complainant"),
    S.REPLIED: gettext_lazy("Close the file"),
}
# The words on the button of each move, in the order of the page.
ACTS = {
    M.ANSWER: gettext_lazy("Answer the bureau"),
    M.ACCEPT: gettext_lazy("Accept it"),
    M.SUPPLY: gettext_lazy("It has been completed"),
    M.DECIDE: gettext_lazy("Propose a decision"),
    M.FIND: gettext_lazy("Write the findings"),
    M.CLOSE: gettext_lazy("Close the file"),
    M.ASK: gettext_lazy("Say what is missing"),
    M.NOT_ACCEPT: gettext_lazy("Propose not to accept"),
    M.ENTRUST: gettext_lazy("Entrust the investigation"),
    M.QUESTION: gettext_lazy("Ask the center"),
    M.EXTEND: gettext_lazy("Propose more time"),
    M.MERGE: gettext_lazy("Merge into another"),
    M.CLASSIFY: gettext_lazy("Set right whom and what"),
    M.NOTE_REVIEW: gettext_lazy("Note reconsideration or suit"),
    M.WITHDRAW: gettext_lazy("It was taken back"),
}
STEPS = (
    (
        pgettext_lazy("step of a complaint", "received"),
        {S.RECEIVED, S.FORWARDED, S.SUPPLEMENTING},
    ),
    (pgettext_lazy("step of a complaint", "accepted"), {S.ACCEPTED, S.ENTRUSTED}),
    (pgettext_lazy("step of a complaint", "investigated"), {S.FOUND}),
    (pgettext_lazy("step of a complaint", "decided"), {S.DECIDED}),
    (pgettext_lazy("step of a complaint", "replied"), {S.REPLIED}),
    (pgettext_lazy("step of a complaint", "closed"), {S.CLOSED}),
)
READERS = (Ability.HANDLE_COMPLAINT, Ability.EXAMINE)


@dataclass(frozen=True)
class Step:
    label: str | Promise
    state: str


def steps_of(status):
    """The steps with their state; a complaint that ended early has come as far as the first."""
    now = next((n for n, (_label, statuses) in enumerate(STEPS) if status in statuses), 0)
    return [
        Step(label, "past" if n < now else "now" if n == now else "")
        for n, (label, _statuses) in enumerate(STEPS)
    ]


# ── The bureau ──────────────────────────────────────────────────────────────────────────


@allowed(*READERS)
@require_GET
def complaint_list(request):
    """The complaints of the county; for the center, those it is asked about."""
    user = request.user
    asked = ComplaintFilter(request.GET, county=user.county)
    visible = Complaint.objects.visible_to(user)
    rows = asked.narrow(visible).for_list().order_by("-received_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    calendar, today = DayOff.objects.calendar(user.county), timezone.localdate()
    for complaint in page:
        deadline = complaint_clock.running(complaint)
        complaint.clock = deadline and complaint_clock.face(
            deadline, calendar=calendar, today=today
        )
    return TemplateResponse(
        request,
        "casework/complaints/list.html",
        {
            "page": page,
            "filter": asked,
            "late": visible.late(today).count(),
            "open": visible.open().count(),
        },
        status=200 if asked.is_valid() else 422,
    )


def visible_complaint(user, pk):
    return get_object_or_404(
        Complaint.objects.visible_to(user).select_related(
            "county__division",
            "taken_station",
            "taken_by",
            "about_station",
            "about_unit",
            "about_worker__unit",
            "about_staff",
            "ground",
            "merged_into__county",
            "answered_by",
        ),
        pk=pk,
    )


@allowed(*READERS)
@require_GET
def complaint_detail(request, pk):
    return complaint_page(request, visible_complaint(request.user, pk))


def acts_of(user, complaint, proposal):
    """The moves this person may make now: the center answers, the bureau does all else."""
    moves = complaint_moves.moves_from(complaint, proposal=proposal)
    if not user.may(Ability.HANDLE_COMPLAINT):
        moves = [move for move in moves if move == M.ANSWER]
    else:
        moves = [move for move in moves if move not in {M.ANSWER, M.REPLY}]
    return [(move.value, label) for move, label in ACTS.items() if move in moves]


def complaint_page(request, complaint, *, reveal_form=None, is_revealed=False):
    if complaint.is_destroyed:
        return complaint_skeleton(request, complaint)
    user = request.user
    proposal = complaint_moves.open_proposal(complaint)
    book = clocks.Book.of(complaint.county)
    deadlines = list(complaint.deadlines.all())
    for deadline in deadlines:
        deadline.complaint = complaint
        deadline.name = LIMITS[deadline.number].name
        deadline.clock = complaint_clock.face(deadline, calendar=book.calendar)
        deadline.sum = complaint_clock.clock_sum(deadline, book=book)
    running = next((each for each in deadlines if each.stopped_on is None), None)
    papers = list(complaint.papers.defer("content").select_related("served_by"))
    is_bureau = user.may(Ability.HANDLE_COMPLAINT)
    return TemplateResponse(
        request,
        "casework/complaints/detail.html",
        {
            "complaint": complaint,
            "steps": steps_of(complaint.status),
            "next": NEXT.get(complaint.status),
            "proposal": proposal,
            "is_own_proposal": bool(proposal and proposal.proposed_by_id == user.pk),
            "deadlines": deadlines,
            "running": running,
            "acts": acts_of(user, complaint, proposal),
            "reply_paper": next((p for p in papers if p.kind == "reply"), None),
            "papers": papers if is_bureau else [],
            "files": complaint.files.defer("content"),
            "is_bureau": is_bureau,
            "events": complaint.events.select_related("made_by").order_by("-made_at", "-pk"),
            "merged": complaint.merged.select_related("county"),
            "application": Application.objects.visible_to(user)
            .filter(pk=complaint.application_id)
            .select_related("intake_county")
            .first(),
            "entry": RegisterEntry.objects.visible_to(user)
            .filter(pk=complaint.entry_id)
            .first(),
            "reveal_form": reveal_form or ReasonForm(),
            "is_revealed": is_revealed,
            "hold_line": hold_line(user, "complaint", complaint),
        },
        status=422 if reveal_form and reveal_form.errors else 200,
    )


@allowed(Ability.HANDLE_COMPLAINT)
@require_POST
def complaint_reveal(request, pk):
    """Show phone, number and address whole once; who looked and why is kept."""
    complaint = visible_complaint(request.user, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        Look.objects.create(
            kind=LookKind.REVEAL,
            user=request.user,
            county=complaint.county,
            subject=f"complaint:{complaint.pk}",
            reason=without_numbers(form.cleaned_data["reason"]),
        )
    return complaint_page(request, complaint, reveal_form=form, is_revealed=form.is_valid())


@allowed(Ability.HANDLE_COMPLAINT)
@require_POST
def complaint_file_add(request, pk):
    complaint = visible_complaint(request.user, pk)
    _keep_files(request, complaint)
    return redirect(complaint)


def _keep_files(request, complaint):
    """Keep the files that were sent; each that is refused is told with its sentence."""
    kept = 0
    for file in request.FILES.getlist("file")[: handling.MOST_FILES]:
        try:
            handling.add_file(complaint, file, by=request.user)
        except FileRefused as refused:
            messages.error(request, str(refused))
        else:
            kept += 1
    if kept:
        messages.success(request, _("Kept, sealed: only the bureau opens it."))
    elif not request.FILES:
        messages.error(request, _("Choose a photo or a PDF first."))


@allowed(Ability.HANDLE_COMPLAINT)
@require_GET
def complaint_file(request, pk):
    """One sealed file, for the bureau alone; looking at it is written down."""
    file = get_object_or_404(
        ComplaintFile.objects.filter(
            complaint__in=Complaint.objects.visible_to(request.user).filter(destroyed_on=None)
        ),
        pk=pk,
    )
    Look.objects.create(
        kind=LookKind.REVEAL,
        user=request.user,
        county=request.user.county,
        subject=f"complaint_file:{file.pk}",
    )
    return handing_out.shown(sealed.content_of(file), file.name, file.media_type)


# ── Taking in ───────────────────────────────────────────────────────────────────────────


@allowed(Ability.TAKE_COMPLAINT)
@require_http_methods(["GET", "POST"])
def complaint_create(request):
    """One sheet; saved, it goes to the bureau at once and the taker sees the acknowledgement."""
    user = request.user
    form = ComplaintForm(
        request.POST or None,
        county=user.county,
        initial={"client_key": uuid.uuid4()},
    )
    if form.is_valid():
        key = form.cleaned_data["client_key"]
        known = key and Complaint.objects.filter(client_key=key, taken_by=user).first()
        if known:
            return redirect("casework:complaint_taken", known.pk)
        complaint = form.save(commit=False)
        complaint.client_key, complaint.county = key, user.county
        complaint.place, complaint.taken_station = _place_of(user)
        complaint = handling.take(complaint, by=user)
        messages.success(request, _("%(number)s is taken in.") % {"number": complaint.number})
        return redirect("casework:complaint_taken", complaint.pk)
    return TemplateResponse(
        request,
        "casework/complaints/form.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


def _place_of(user):
    if user.station:
        return ComplaintPlace.STATION, user.station
    is_bureau = user.may(Ability.HANDLE_COMPLAINT)
    return (ComplaintPlace.BUREAU if is_bureau else ComplaintPlace.CENTER), None


@allowed(Ability.TAKE_COMPLAINT)
@require_GET
def complaint_taken_list(request):
    """Those this person took in: number, day, and whether the bureau has replied."""
    rows = Complaint.objects.taken_by(request.user).select_related("county")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(request, "casework/complaints/taken_list.html", {"page": page})


@allowed(Ability.TAKE_COMPLAINT)
@require_http_methods(["GET", "POST"])
def complaint_taken(request, pk):
    """The acknowledgement of one, to print; posting adds what the complainant brought."""
    complaint = get_object_or_404(
        Complaint.objects.taken_by(request.user).select_related("county"), pk=pk
    )
    may_add = complaint.status in {S.RECEIVED, S.FORWARDED, S.SUPPLEMENTING}
    if request.method == "POST":
        if may_add:
            _keep_files(request, complaint)
        else:
            messages.error(
                request, _("The bureau has taken it up; bring further papers there.")
            )
        return redirect("casework:complaint_taken", complaint.pk)
    return TemplateResponse(
        request,
        "casework/complaints/taken.html",
        {
            "complaint": complaint,
            "paper": ComplaintPaper.objects.get(complaint=complaint, kind="receipt"),
            "files": complaint.files.count(),
            "may_add": may_add,
        },
    )


# ── The dictionary of grounds ───────────────────────────────────────────────────────────


@allowed(Ability.HANDLE_COMPLAINT)
@require_http_methods(["GET", "POST"])
def complaint_ground_list(request):
    """The county's grounds: the default to begin with, own additions, ends."""
    county = request.user.county
    form = GroundForm(None, county=county)
    if "load" in request.POST:
        if complaint_grounds.load_default(county):
            messages.success(request, _("The default list is there. Look it over."))
        return redirect("casework:complaint_ground_list")
    if "confirm" in request.POST:
        complaint_grounds.confirm(county)
        messages.success(request, _("The list is the county's own now."))
        return redirect("casework:complaint_ground_list")
    if request.method == "POST":
        form = GroundForm(request.POST, county=county)
        if form.is_valid():
            ground = complaint_grounds.add(county, **form.cleaned_data)
            messages.success(request, _("%(name)s can be chosen now.") % {"name": ground})
            return redirect("casework:complaint_ground_list")
    grounds = list(ComplaintGround.objects.filter(county=county))
    sources = complaint_grounds.sources()
    for ground in grounds:
        ground.source = sources.get(ground.name, "") if ground.is_default else ""
    return TemplateResponse(
        request,
        "casework/complaints/grounds.html",
        {
            "grounds": grounds,
            "form": form,
            "has_default": any(ground.is_default for ground in grounds),
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.HANDLE_COMPLAINT)
@require_POST
def complaint_ground_end(request, pk):
    ground = get_object_or_404(
        ComplaintGround.objects.filter(county=request.user.county), pk=pk
    )
    if complaint_grounds.end(ground):
        messages.success(
            request, _("%(name)s is not chosen any more from tomorrow.") % {"name": ground}
        )
    return redirect("casework:complaint_ground_list")
