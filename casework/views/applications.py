"""Taking an application in: the sheet, what is said beside it, its drafts, and its corrections."""

import json
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.models import Lead
from stations.roles import MAY, Ability

from .. import workflow
from ..applications import acts
from ..forms.application import ApplicationForm
from ..forms.application_edit import ApplicationEditForm
from ..forms.application_start import draft_content, entry_start, lead_start, typed_start
from ..forms.entry import show_masked
from ..forms.tickets import new_ticket, read_ticket
from ..intake import conflicts, findings
from ..models import Application, ApplicationDraft, RegisterEntry
from ..rules import checklist, eligibility
from ..terms import ApplicationMove, MaterialState
from .application_pages import visible_application, why_not_now

MOST_DRAFT_CHARACTERS = 100_000
MOST_DRAFTS = 10


def _station_for(user):
    """The station at which this person takes applications in today."""
    posts = (
        post for post in user.posts if post.station_id and Ability.TAKE_IN in MAY[post.role]
    )
    post = next(posts, None)
    if post is None:
        raise PermissionDenied
    return post.station


# ── Taking in ───────────────────────────────────────────────────────────────────────────


@allowed(Ability.TAKE_IN)
@require_http_methods(["GET", "POST"])
def application_create(request):
    station = _station_for(request.user)
    asked = {"station": station, "user": request.user}
    draft = None
    if request.method == "GET":
        initial, rows, ticket, draft, source = _known_before(request, station)
        form = ApplicationForm(initial=initial, rows=rows, **asked)
        show_masked(form, **source)
    elif "more" in request.POST:
        # A few lines more, without a script: nothing is checked and nothing lost.
        initial, rows = typed_start(dict(request.POST.lists()), more=request.POST["more"])
        form = ApplicationForm(initial=initial, rows=rows, **asked)
        show_masked(form, **_masked_source(request.user, station, request.POST))
        ticket = request.POST.get("ticket", "")
    else:
        form = ApplicationForm(request.POST, **asked)
        if form.is_valid() and (application := _received(form, by=request.user)):
            return redirect(application)
        show_masked(form, **_masked_source(request.user, station, request.POST))
        ticket = request.POST.get("ticket", "")
        if "ticket" in form.errors:
            ticket = new_ticket()
    return TemplateResponse(
        request,
        "casework/applications/form.html",
        {
            "form": form,
            "ticket": ticket,
            "draft": draft,
            "drafts": [] if request.method == "POST" or draft else _drafts(request, station),
            "came_from": _came_from(form),
        },
        status=422 if form.errors else 200,
    )


def _drafts(request, station):
    mine = ApplicationDraft.objects.filter(user=request.user, station=station)[:MOST_DRAFTS]
    drafts = []
    for draft in mine:
        typed = json.loads(draft.content)
        draft.name = (typed.get("name") or [""])[-1]
        draft.words = (typed.get("facts") or [""])[-1]
        drafts.append(draft)
    return drafts


def _known_before(request, station):
    """Return (initial, rows, ticket, draft, numbers to show masked) of the form to be filled in."""
    draft_pk, entry_pk, lead_pk = (
        row_number(request.GET.get(name)) for name in ("draft", "entry", "lead")
    )
    if draft_pk:
        draft = get_object_or_404(
            ApplicationDraft, pk=draft_pk, user=request.user, station=station
        )
        initial, rows = typed_start(json.loads(draft.content))
        ticket = new_ticket(key=draft.client_key, is_restored=True)
        return initial, rows, ticket, draft, _masked_source(request.user, station, initial)
    if entry_pk:
        entry = get_object_or_404(
            RegisterEntry.objects.visible_to(request.user)
            .filter(station=station, voided_at=None)
            .select_related("matter", "village", "station__county"),
            pk=entry_pk,
        )
        initial, rows = entry_start(entry)
    elif lead_pk:
        lead = get_object_or_404(
            Lead.objects.visible_to(request.user)
            .filter(station=station)
            .select_related("village", "station__county"),
            pk=lead_pk,
        )
        initial, rows = lead_start(lead)
    else:
        initial, rows = {}, {}
    source = _masked_source(request.user, station, initial)
    return initial, rows, new_ticket(), None, source


def _masked_source(user, station, initial):
    """The numbers of the visit or lead it goes on from; the page shows them masked."""
    numbers = {}
    entry_pk, lead_pk = (row_number(str(initial.get(name) or "")) for name in ("entry", "lead"))
    if lead_pk:
        lead = Lead.objects.visible_to(user).filter(station=station, pk=lead_pk).first()
        numbers["phone"] = lead.phone if lead else ""
    if entry_pk:
        entry = (
            RegisterEntry.objects.visible_to(user).filter(station=station, pk=entry_pk).first()
        )
        if entry:
            numbers |= {"id_number": entry.id_number}
            numbers["phone"] = entry.phone or numbers.get("phone", "")
    return numbers


def _came_from(form):
    """The visit it goes on from, said at the head of the form."""
    entry_pk = row_number(str(form["entry"].value() or ""))
    return entry_pk and form.fields["entry"].queryset.filter(pk=entry_pk).first()


def _received(form, *, by):
    """Take in what was typed, once however often the button was pressed; None when refused."""
    saved = Application.objects.filter(client_key=form.client_key, received_by=by)
    application = saved.first()
    if application is None:
        try:
            application = _receive(form, by=by)
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return None
        except IntegrityError:
            # The other press of the same button came first.
            application = saved.first()
            if application is None:
                if not Application.objects.filter(client_key=form.client_key).exists():
                    raise
                form.add_error("ticket", _("This page is too old to be saved. Save once more."))
                return None
    ApplicationDraft.objects.filter(user=by, client_key=form.client_key).delete()
    return application


def _receive(form, *, by):
    application, household, parties = (
        form.application(),
        form.household.unsaved(),
        form.parties.unsaved(),
    )
    facts = findings.facts_of(application, household=household, parties=parties)
    papers = findings.papers_of(
        facts, given=set(form.cleaned_data["given"]), on=timezone.localdate()
    )
    return workflow.receive(
        application, by=by, household=household, parties=parties, materials=papers
    )


@allowed(Ability.TAKE_IN)
@require_POST
def application_draft(request):
    """Keep what is typed so far, or discard one of one's own drafts."""
    station = _station_for(request.user)
    if "discard" in request.POST:
        mine = ApplicationDraft.objects.filter(user=request.user, station=station)
        mine.filter(pk=row_number(request.POST["discard"])).delete()
        return redirect("casework:application_create")
    try:
        content = draft_content(request.POST)
        key, _seconds = read_ticket(request.POST["ticket"])
    except ValidationError:
        return HttpResponse(status=409)
    now = timezone.now()
    is_kept = len(content) <= MOST_DRAFT_CHARACTERS
    is_received = Application.objects.filter(client_key=key).exists()
    is_another_s = (
        ApplicationDraft.objects.filter(client_key=key).exclude(user=request.user).exists()
    )
    if is_kept and not is_received and not is_another_s:
        ApplicationDraft.objects.update_or_create(
            client_key=key,
            defaults={
                "user": request.user,
                "station": station,
                "content": content,
                "saved_at": now,
            },
        )
    return TemplateResponse(
        request, "casework/register/_draft.html", {"saved_at": now, "is_kept": is_kept}
    )


# ── Beside the form ─────────────────────────────────────────────────────────────────────


@allowed(Ability.TAKE_IN)
@require_POST
def application_hints(request):
    """What the rules find in what is typed so far, which papers it owes, and who was here before."""
    station = _station_for(request.user)
    form = ApplicationForm(request.POST, station=station, user=request.user)
    form.is_valid()
    application, household, parties = (
        form.application(),
        form.household.unsaved(),
        form.parties.unsaved(),
    )
    facts = findings.facts_of(application, household=household, parties=parties)
    given = set(form.cleaned_data.get("given") or [])
    papers = findings.papers_of(facts, given=given, on=timezone.localdate())
    missing = tuple(row.name for row in papers if row.state == MaterialState.MISSING)
    return TemplateResponse(
        request,
        "casework/applications/_hints.html",
        {
            "findings": eligibility.findings(replace(facts, missing=missing)),
            "papers": [(paper, paper.kind in given) for paper in checklist.checklist(facts)],
            "missing": len(missing),
            "checks": conflicts.check(
                application, parties, user=request.user, today=timezone.localdate()
            ),
        },
    )


# ── Correcting ──────────────────────────────────────────────────────────────────────────


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_edit(request, pk):
    application = visible_application(request.user, pk)
    if not acts.may_make(request.user, application, ApplicationMove.AMEND):
        raise PermissionDenied
    if why := why_not_now(request.user, application, ApplicationMove.AMEND):
        messages.error(request, why)
        return redirect(application)
    version, differences = application.version, []
    typed = request.POST if request.method == "POST" else None
    form = ApplicationEditForm(
        typed, instance=application, station=application.station, user=request.user
    )
    if typed and "more" not in typed and form.is_valid():
        if not form.is_different():
            messages.info(request, _("Nothing was different, so nothing was corrected."))
            return redirect(application)
        try:
            _amend(form, by=request.user)
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
            current = Application.objects.select_related("aid_matter", "matter", "village").get(
                pk=pk
            )
            differences, version = form.differences(current), current.version
        else:
            messages.success(request, _("Corrected. What stood before is in the timeline."))
            return redirect(application)
    elif typed:
        version = typed.get("version", version)
    return TemplateResponse(
        request,
        "casework/applications/edit.html",
        {
            "form": form,
            "application": application,
            "version": version,
            "differences": differences,
        },
        status=422 if typed and form.errors else 200,
    )


def _amend(form, *, by):
    household, parties = form.changed_household(), form.changed_parties()
    facts = findings.facts_of(form.instance, household=household, parties=parties, materials=())
    workflow.amend(
        form.instance,
        by=by,
        changes=form.changes(),
        version=form.cleaned_data["version"],
        note=form.note(),
        household=household,
        parties=parties,
        materials=findings.papers_changed(form.instance, facts),
    )
