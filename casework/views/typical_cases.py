"""Typical cases: written beside a closed case, reviewed by another, read in the whole county."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.roles import Ability

from .. import workflow
from ..applications import typical_cases
from ..forms.typical_cases import ReviewNoteForm, TypicalCaseForm
from ..models import Application, TypicalCase
from ..terms import Status, TypicalCaseState
from .application_pages import turned_away, visible_application

ROWS = 30


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def typical_case_list(request):
    """What the county has published; or what one's own place is writing and reviewing."""
    shows_own = request.GET.get("own") == "1"
    cases = TypicalCase.objects.visible_to(request.user)
    waiting = cases.aggregate(
        own=Count("pk", filter=~Q(state=TypicalCaseState.PUBLISHED)),
        submitted=Count("pk", filter=Q(state=TypicalCaseState.SUBMITTED)),
    )
    if shows_own:
        cases = cases.exclude(state=TypicalCaseState.PUBLISHED).order_by("-written_at", "-pk")
    else:
        cases = cases.published().order_by("-reviewed_at", "-pk")
    cases = cases.select_related("application__aid_matter", "written_by").defer("text")
    page = Paginator(cases, ROWS).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "casework/typical_cases/list.html",
        {"page": page, "shows_own": shows_own, "waiting": waiting},
    )


def _case(request, pk):
    return get_object_or_404(
        TypicalCase.objects.visible_to(request.user).select_related(
            "application__aid_matter", "application__intake_county", "written_by", "reviewed_by"
        ),
        pk=pk,
    )


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def typical_case_detail(request, pk):
    return _case_page(request, _case(request, pk))


def _case_page(request, case, *, form=None):
    """The text; who wrote it and from which file only for those who may read the file."""
    may_open_file = (
        Application.objects.visible_to(request.user).filter(pk=case.application_id).exists()
    )
    is_waiting = case.state == TypicalCaseState.SUBMITTED
    may_review = is_waiting and request.user.may(Ability.EXAMINE)
    return TemplateResponse(
        request,
        "casework/typical_cases/detail.html",
        {
            "case": case,
            "may_open_file": may_open_file,
            "may_review": may_review and case.written_by_id != request.user.pk,
            "is_own": may_review and case.written_by_id == request.user.pk,
            "may_write": may_open_file
            and case.state in {TypicalCaseState.DRAFT, TypicalCaseState.DECLINED}
            and (request.user.may(Ability.REVIEW) or request.user.may(Ability.EXAMINE)),
            "form": form or ReviewNoteForm(),
        },
        status=422 if form and form.errors else 200,
    )


@allowed(Ability.REVIEW, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def typical_case_edit(request, pk):
    """Write the copy of one closed case; it begins with what the file says, names replaced."""
    application = visible_application(request.user, pk)
    if application.status not in {Status.CLOSED, Status.ARCHIVED}:
        return turned_away(
            request, application, _("Only a closed case can become a typical case.")
        )
    case = TypicalCase.objects.filter(application=application).first()
    names = typical_cases.names_of(application)
    text, replaced = typical_cases.without_names(typical_cases.first_text(application), names)
    initial = {"title": case.title, "text": case.text} if case else {"text": text}
    form = TypicalCaseForm(request.POST or None, names=names, initial=initial)
    is_submitted = "submit" in request.POST
    if form.is_valid():
        try:
            case = typical_cases.save(
                application, by=request.user, is_submitted=is_submitted, **form.cleaned_data
            )
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Handed in; another person reviews it.") if is_submitted else _("Kept."),
            )
            return redirect(case)
    return TemplateResponse(
        request,
        "casework/typical_cases/edit.html",
        {"application": application, "case": case, "form": form, "replaced": replaced},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EXAMINE)
@require_POST
def typical_case_review(request, pk):
    """Publish it in the county, or give it back with words."""
    case = _case(request, pk)
    form = ReviewNoteForm(request.POST)
    is_accepted = "publish" in request.POST
    if form.is_valid():
        try:
            typical_cases.review(
                case, by=request.user, is_accepted=is_accepted, note=form.cleaned_data["note"]
            )
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Published in the county.")
                if is_accepted
                else _("Given back to the writer."),
            )
            return redirect(case)
    return _case_page(request, case, form=form)
