"""Objections to a published result: filed by the station's head, decided at the bureau."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stations.access import allowed
from stations.calendar.clock_faces import clock
from stations.models import DayOff
from stations.roles import Ability

from .. import workflow
from ..forms.acts import DecisionForm, ObjectionForm
from ..models import Objection
from ..terms import ObjectionStatus
from .sheets import find_sheet


def _scores(sheet):
    return sheet.scores.select_related("indicator").order_by("indicator__order")


@allowed(Ability.SELF_SCORE)
@require_http_methods(["GET", "POST"])
def objection_create(request, pk):
    """Object to one line, or to the result as a whole, with what speaks for it."""
    sheet = find_sheet(request, pk)
    if not workflow.may_move(sheet, "object"):
        messages.error(request, _("There is no published result to object to now."))
        return redirect(sheet)
    form = ObjectionForm(
        request.POST or None,
        request.FILES or None,
        scores=_scores(sheet),
        initial={"score": request.GET.get("line")},
    )
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            objection = workflow.file_objection(
                sheet,
                by=request.user,
                text=cleaned["text"],
                score=cleaned["score"],
                wanted_points=cleaned["wanted_points"],
                files=cleaned["photos"],
            )
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Filed. The bureau decides and writes its reasons."))
            return redirect("assessment:objection_detail", objection.pk)
    return TemplateResponse(
        request,
        "assessment/objections/form.html",
        {"sheet": sheet, "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.SEE_ASSESSMENT)
@require_http_methods(["GET", "POST"])
def objection_detail(request, pk):
    """One objection: what, its clock, and the decision by somebody who gave no score there."""
    objection = get_object_or_404(
        Objection.objects.visible_to(request.user).select_related(
            "score__indicator", "score__county_by", "filed_by", "decided_by", "sheet"
        ),
        pk=pk,
    )
    sheet = find_sheet(request, objection.sheet_id)
    may_decide = request.user.may(Ability.SCORE) and objection.status == ObjectionStatus.FILED
    if request.method == "POST" and not may_decide:
        if request.user.may(Ability.SCORE):
            messages.error(request, _("This objection is decided already."))
            return redirect("assessment:objection_detail", objection.pk)
        raise Http404
    form = (
        DecisionForm(request.POST or None, scores=_scores(sheet), objection=objection)
        if may_decide
        else None
    )
    if form and form.is_valid():
        cleaned = form.cleaned_data
        try:
            workflow.decide(
                objection,
                by=request.user,
                is_accepted=cleaned["is_accepted"],
                decision=cleaned["decision"],
                score=cleaned.get("score"),
                points=cleaned.get("points"),
            )
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Decided. The station reads your reasons."))
            return redirect(sheet.year)
    today = timezone.localdate()
    return TemplateResponse(
        request,
        "assessment/objections/detail.html",
        {
            "objection": objection,
            "sheet": sheet,
            "form": form,
            "papers": list(objection.evidence.light()),
            "is_own_score": bool(form)
            and request.user.pk
            in {sheet.scored_by_id, objection.score and objection.score.county_by_id},
            "clock": clock(
                today,
                timezone.localdate(objection.filed_at),
                objection.due_on,
                DayOff.objects.calendar(sheet.year.county),
                done_on=objection.decided_at and timezone.localdate(objection.decided_at),
                working=True,
            ),
        },
        status=422 if form and form.errors else 200,
    )
