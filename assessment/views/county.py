"""The county at one sheet: scoring it, returning it, bonus and deductions, flags."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from stations.access import allowed
from stations.roles import Ability

from .. import workflow
from ..forms.acts import AnswerForm, ProposeForm, ReasonForm, RefusalForm
from ..forms.lines import CountyScoreForm
from ..models import Adjustment, IntegrityFlag, Sheet
from ..results import one_sheet
from ..terms import ClauseKind, SheetStatus
from .sheets import find_sheet, sheet_page


@allowed(Ability.SCORE)
@require_http_methods(["GET", "POST"])
def sheet_score(request, pk):
    """The county's points, line by line, beside the computed ones and the station's."""
    sheet = find_sheet(request, pk)
    if not workflow.may_move(sheet, "complete"):
        messages.error(request, _("This sheet does not wait for the county's score now."))
        return redirect(sheet)
    view = one_sheet.sheet_view(sheet, with_gains=False)
    scores = [line.score for line in view.lines]
    form = CountyScoreForm(request.POST or None, scores=scores)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.save_county_scores(sheet, form.typed, by=request.user)
            if "complete" in request.POST:
                workflow.complete_score(sheet, by=request.user)
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if "complete" in request.POST:
                messages.success(request, _("Scored. The next sheet is below."))
                return _next_sheet(sheet)
            messages.success(request, _("Saved."))
            return redirect("assessment:sheet_score", sheet.pk)
    return TemplateResponse(
        request,
        "assessment/sheets/score.html",
        {
            "sheet": sheet,
            "year": sheet.year,
            "view": view,
            "form": form,
            "flags": list(sheet.flags.filter(is_current=True).select_related("answered_by")),
        },
        status=422 if form.errors else 200,
    )


def _next_sheet(sheet):
    """The next sheet that waits for the county, or the year when none does."""
    waiting = Sheet.objects.filter(year=sheet.year_id, status=SheetStatus.SELF_SCORED)
    following = waiting.order_by("station__code").first()
    if following:
        return redirect("assessment:sheet_score", following.pk)
    return redirect(sheet.year)


MOVES = {
    "return": (
        workflow.return_to_station,
        gettext_lazy("Returned to the station with your reason."),
    ),
    "take_up": (workflow.take_up, gettext_lazy("Taken up again.")),
    "go_ahead": (
        workflow.go_ahead,
        gettext_lazy("The county scores without a self-score."),
    ),
}


@allowed(Ability.SCORE)
@require_POST
def sheet_move(request, pk, move):
    """Return a sheet, take it up again, or go ahead without a self-score: with a reason."""
    sheet = find_sheet(request, pk)
    if move not in MOVES:
        raise Http404
    form = ReasonForm(request.POST, prefix=move)
    if not form.is_valid():
        return sheet_page(request, sheet, bound={move: form})
    act, said = MOVES[move]
    try:
        act(sheet, by=request.user, reason=form.cleaned_data["reason"])
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(sheet)


# ── Bonus, deductions, vetoes; flags ────────────────────────────────────────────────────


@allowed(Ability.SCORE, Ability.SELF_SCORE, Ability.INSPECT)
@require_http_methods(["GET", "POST"])
def adjustment_create(request, pk):
    """Propose a bonus, deduction or veto with what proves it; a station proposes a bonus only."""
    sheet = find_sheet(request, pk)
    form = ProposeForm(
        request.POST or None,
        request.FILES or None,
        standard=sheet.year.standard,
        only_bonus=not request.user.may(Ability.SCORE)
        and not request.user.may(Ability.INSPECT),
    )
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            workflow.propose(
                sheet,
                fields.pop("clause"),
                by=request.user,
                files=fields.pop("photos"),
                **fields,
            )
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. A second person at the bureau settles it."))
            return redirect(sheet)
    return TemplateResponse(
        request,
        "assessment/sheets/propose.html",
        {"sheet": sheet, "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.SCORE, Ability.SELF_SCORE)
@require_POST
def adjustment_found(request, pk, clause):
    """Propose what the records point at; a station a bonus only."""
    sheet = find_sheet(request, pk)
    clauses = sheet.year.standard.clauses.exclude(found_by="")
    if not request.user.may(Ability.SCORE):
        clauses = clauses.filter(kind=ClauseKind.BONUS)
    try:
        workflow.propose_found(sheet, get_object_or_404(clauses, code=clause), by=request.user)
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Proposed. A second person at the bureau settles it."))
    return redirect(f"{sheet.get_absolute_url()}#adjustments")


@allowed(Ability.SCORE)
@require_POST
def adjustment_settle(request, pk):
    """Agree, or refuse with a reason; a second person."""
    adjustment = get_object_or_404(
        Adjustment.objects.visible_to(request.user).select_related("sheet__year"), pk=pk
    )
    try:
        if "agree" in request.POST:
            workflow.agree(adjustment, by=request.user)
            messages.success(request, _("Agreed; it counts now."))
        else:
            form = RefusalForm(request.POST)
            if not form.is_valid():
                raise workflow.MoveRefused(form.errors["reason"][0])
            workflow.refuse(adjustment, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Refused; it counts nothing."))
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(adjustment.sheet)


@allowed(Ability.SCORE, Ability.SELF_SCORE, Ability.INSPECT)
@require_POST
def flag_answer(request, pk):
    """Answer what the records make one ask."""
    flag = get_object_or_404(
        IntegrityFlag.objects.filter(
            sheet__in=Sheet.objects.visible_to(request.user)
        ).select_related("sheet__year"),
        pk=pk,
    )
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise workflow.MoveRefused(form.errors["answer"][0])
        workflow.answer_flag(flag, by=request.user, words=form.cleaned_data["answer"])
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Answered."))
    return redirect(flag.sheet)
