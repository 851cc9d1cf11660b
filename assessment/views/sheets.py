"""One station's sheet: the running score, one line with its rows, the self-score."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.calendar.clock_faces import clock
from stations.models import DayOff, Evidence
from stations.roles import Ability

from .. import workflow
from ..counting import proofs
from ..forms.acts import ReasonForm
from ..forms.lines import SelfScoreForm
from ..models import Score, Sheet
from ..results import comparison, one_sheet
from ..results.names import with_names_of
from ..suggestions import FACTS_OF
from ..terms import PUBLIC_YEARS, SheetStatus

# Rows of one figure on a page.
PAGE = 50


def find_sheet(request, pk):
    """The sheet with all its page reads, for whoever reaches its station; else 404."""
    sheets = (
        Sheet.objects.visible_to(request.user)
        .for_list()
        .select_related("station__township", "self_scored_by", "scored_by", "confirmed_by")
        .defer("snapshot")
    )
    sheet = get_object_or_404(sheets, pk=pk)
    sheet.station.county = sheet.year.county
    return sheet


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def sheet_detail(request, pk):
    return sheet_page(request, find_sheet(request, pk))


def sheet_page(request, sheet, *, bound=None):
    """The page of one sheet, also after a move was refused."""
    [sheet] = with_names_of(sheet.year, [sheet])
    user, today = request.user, timezone.localdate()
    view = one_sheet.sheet_view(sheet)
    may_score, may_self = user.may(Ability.SCORE), user.may(Ability.SELF_SCORE)
    acts = {
        move
        for move in ("go_ahead", "return", "complete", "take_up")
        if may_score and workflow.may_move(sheet, move)
    }
    if may_self and workflow.may_move(sheet, "submit"):
        acts.add("submit")
    is_objectable = (
        may_self and workflow.may_move(sheet, "object") and today <= sheet.year.objections_to
    )
    is_settled = sheet.year.status in PUBLIC_YEARS
    return TemplateResponse(
        request,
        "assessment/sheets/detail.html",
        {
            "sheet": sheet,
            "year": sheet.year,
            "view": view,
            "acts": acts,
            "forms": {
                move: ReasonForm(prefix=move)
                for move in ("return", "take_up", "go_ahead")
                if move in acts
            }
            | (bound or {}),
            "clock": _clock(sheet, today),
            "may_object": is_objectable,
            "may_propose": not is_settled
            and (may_score or may_self or user.may(Ability.INSPECT)),
            "may_score": may_score,
            # Before the publicity the records raise questions; after it people do.
            "flags": []
            if is_settled
            else list(sheet.flags.filter(is_current=True).select_related("answered_by")),
            "objections": list(sheet.objections.select_related("score__indicator"))
            if is_settled
            else [],
            "rectifications": list(sheet.rectifications.select_related("indicator"))
            if is_settled
            else [],
            "events": list(sheet.events.select_related("made_by").order_by("-made_at", "-pk")),
            "shows_people": sheet.status != SheetStatus.OPEN,
        },
        status=422 if bound else 200,
    )


def _clock(sheet, today):
    """The clock of the sheet's next step, where the plan or the publicity gives it one."""
    year = sheet.year
    start, due_on = {
        SheetStatus.OPEN: (year.last_day, year.self_score_due_on),
        SheetStatus.RETURNED: (year.last_day, year.self_score_due_on),
        SheetStatus.SELF_SCORED: (year.self_score_due_on, year.county_score_due_on),
        SheetStatus.PUBLISHED: (year.publicity_from, year.objections_to),
        SheetStatus.OBJECTED: (year.publicity_from, year.objections_to),
    }.get(sheet.status, (None, None))
    if not due_on:
        return None
    calendar = DayOff.objects.calendar(year.county)
    return clock(today, min(start or today, due_on), due_on, calendar, working=True)


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def line_detail(request, pk):
    """One line: its rule, the sum in words with its rows, evidence, and every change of points."""
    score = get_object_or_404(
        Score.objects.visible_to(request.user).for_sheet().select_related("sheet"), pk=pk
    )
    sheet = find_sheet(request, score.sheet_id)
    return TemplateResponse(
        request,
        "assessment/sheets/line.html",
        {
            "score": score,
            "sheet": sheet,
            "changes": list(
                score.changes.select_related("made_by").order_by("-made_at", "-pk")
            ),
            "earlier": comparison.earlier_points(score, sheet),
            "around": dict(
                zip(("previous", "next"), comparison.neighbours(score, sheet), strict=True)
            ),
        },
    )


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def line_rows(request, pk, fact):
    """The rows one part of a computed score stands on, by the statement that counted them."""
    score = get_object_or_404(
        Score.objects.visible_to(request.user).select_related("indicator"), pk=pk
    )
    if fact not in {part["fact"] for part in score.computed_parts}:
        raise Http404
    part = next(part for part in score.computed_parts if part["fact"] == fact)
    back = (
        reverse("assessment:line_detail", args=[score.pk]),
        f"{score.indicator.code} {score.indicator.label}",
    )
    sheet = find_sheet(request, score.sheet_id)
    return _rows(request, sheet, fact, words=part["words"], back=back)


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def sheet_rows(request, pk, fact):
    """The rows of a fact that a bonus or deduction stands on."""
    sheet = find_sheet(request, pk)
    if not any(fact in facts for facts in FACTS_OF.values()):
        raise Http404
    back = (f"{sheet.get_absolute_url()}#adjustments", _("Bonus, deductions, vetoes"))
    return _rows(request, sheet, fact, words="", back=back)


def _rows(request, sheet, fact, *, words, back):
    proof = proofs.proof(sheet, fact)
    shown = request.GET.get("show", "")
    wanted = {"counted": True, "rest": False}.get(shown)
    listed = [row for row in proof.rows if wanted is None or row.is_counted == wanted]
    return TemplateResponse(
        request,
        "assessment/sheets/rows.html",
        {
            "sheet": sheet,
            "proof": proof,
            "words": words,
            "back": back,
            "shown": shown,
            "page": Paginator(listed, PAGE).get_page(request.GET.get("page")),
        },
    )


# ── The self-score ──────────────────────────────────────────────────────────────────────


def _lines(sheet):
    return list(sheet.scores.for_sheet().order_by("indicator__order", "indicator__code"))


@allowed(Ability.SELF_SCORE)
@require_http_methods(["GET", "POST"])
def sheet_self(request, pk):
    """Points, words and evidence of the station; a draft until it is handed in."""
    sheet = find_sheet(request, pk)
    if not workflow.may_move(sheet, "submit"):
        messages.error(request, _("This sheet does not wait for a self-score now."))
        return redirect(sheet)
    scores = _lines(sheet)
    form = SelfScoreForm(
        request.POST or None,
        request.FILES or None,
        scores=scores,
        initial={"summary": sheet.self_summary},
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.save_self_scores(
                sheet, form.typed, by=request.user, summary=form.cleaned_data["summary"]
            )
            for score, files in form.papers():
                score.sheet = sheet
                workflow.add_evidence(score, files, by=request.user)
            if "submit" in request.POST:
                workflow.submit(sheet, by=request.user)
        except workflow.MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("assessment:sheet_self", sheet.pk)
        if "submit" in request.POST:
            messages.success(request, _("Handed in. The county scores the sheet."))
            return redirect(sheet)
        messages.success(request, _("Saved."))
        return redirect("assessment:sheet_self", sheet.pk)
    return TemplateResponse(
        request,
        "assessment/sheets/self.html",
        {
            "sheet": sheet,
            "year": sheet.year,
            "form": form,
            "missing": workflow.missing_to_submit(sheet, scores),
            "clock": _clock(sheet, timezone.localdate()),
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.SELF_SCORE)
@require_POST
def sheet_keep(request, pk):
    """Keep what is typed while it is typed; wrong numbers wait for the next press."""
    sheet = find_sheet(request, pk)
    form = SelfScoreForm(request.POST, scores=_lines(sheet))
    form.is_valid()
    try:
        workflow.save_self_scores(
            sheet, form.typed, by=request.user, summary=form.cleaned_data.get("summary")
        )
    except workflow.MoveRefused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8")
    return TemplateResponse(
        request, "assessment/sheets/_kept.html", {"at": timezone.now(), "form": form}
    )


@allowed(Ability.SELF_SCORE)
@require_POST
def evidence_drop(request, pk, evidence):
    """Take one photo or paper off a line; the self-score is still a draft."""
    score = get_object_or_404(
        Score.objects.visible_to(request.user).select_related("sheet__year"), pk=pk
    )
    paper = get_object_or_404(
        Evidence.objects.light().filter(assessment_scores=score), pk=evidence
    )
    try:
        workflow.drop_evidence(score, paper)
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
    address = reverse("assessment:sheet_self", args=[score.sheet_id])
    return redirect(f"{address}#line-{score.pk}")
