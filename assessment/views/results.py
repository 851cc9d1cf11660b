"""Results: the open page of a publicity, years and stations side by side, rewards, rectifications."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.calendar.clock_faces import clock
from stations.models import DayOff
from stations.roles import Ability

from .. import workflow
from ..forms.acts import RectificationForm, RectificationReportForm
from ..models import Rectification, Sheet, Year
from ..results import comparison, standings
from ..terms import PUBLIC_YEARS
from .sheets import find_sheet
from .years import find_year


@login_not_required
@require_GET
def public_result(request, pk):
    """A year's result as it hangs out (公示): stations, points and grades; nothing of persons."""
    year = get_object_or_404(
        Year.objects.for_list().select_related("reopened_as"), pk=pk, status__in=PUBLIC_YEARS
    )
    today = timezone.localdate()
    calendar = DayOff.objects.calendar(year.county)
    return TemplateResponse(
        request,
        "assessment/results/public.html",
        {
            "year": year,
            "result": standings.county_year(year),
            "newer": getattr(year, "reopened_as", None),
            "clock": None
            if year.is_frozen
            else clock(today, year.publicity_from, year.publicity_to, calendar, working=True),
        },
    )


@allowed(Ability.SCORE, Ability.INSPECT)
@require_GET
def compare(request, pk):
    """A year's indicators over its stations; one indicator opens its stations, best first."""
    year = find_year(request, pk)
    sheets = Sheet.objects.visible_to(request.user).filter(year=year)
    compared = comparison.by_indicator(year, sheets)
    wanted = request.GET.get("line", "")
    chosen = next((each for each in compared if each.indicator.code == wanted), None)
    before = comparison.last_year_of(year)
    return TemplateResponse(
        request,
        "assessment/results/compare.html",
        {
            "year": year,
            "compared": compared,
            "chosen": chosen,
            "before": before,
            "changes": comparison.changes_since(year, before) if before else [],
        },
    )


# ── Rewards and rectification ───────────────────────────────────────────────────────────


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def follow_up(request, pk):
    """Who is to be commended, and who must put what right by when (奖惩与整改)."""
    year = find_year(request, pk)
    if request.user.station:
        raise Http404
    result = standings.county_year(year)
    today = timezone.localdate()
    calendar = DayOff.objects.calendar(year.county)
    rectifications = list(standings.rectifications_of(year))
    for rectification in rectifications:
        rectification.clock = _clock(rectification, today, calendar)
    return TemplateResponse(
        request,
        "assessment/results/follow_up.html",
        {
            "year": year,
            "result": result,
            "weak": standings.weakest_lines(year) if year.is_public else {},
            "rectifications": rectifications,
            "may_score": request.user.may(Ability.SCORE),
        },
    )


def _clock(rectification, today, calendar):
    done_at = rectification.accepted_at or rectification.reported_at
    return clock(
        today,
        timezone.localdate(rectification.ordered_at),
        rectification.due_on,
        calendar,
        done_on=done_at and timezone.localdate(done_at),
    )


@allowed(Ability.SCORE)
@require_http_methods(["GET", "POST"])
def rectification_create(request, pk):
    sheet = find_sheet(request, pk)
    line = row_number(request.GET.get("line"))
    form = RectificationForm(
        request.POST or None, standard=sheet.year.standard, initial={"indicator": line}
    )
    if form.is_valid():
        try:
            workflow.order_rectification(sheet, by=request.user, **form.cleaned_data)
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Ordered. The station finds it on its desk."))
            return redirect("assessment:follow_up", sheet.year_id)
    return TemplateResponse(
        request,
        "assessment/results/rectification_form.html",
        {"sheet": sheet, "form": form},
        status=422 if form.errors else 200,
    )


def _rectification(request, pk):
    return get_object_or_404(
        Rectification.objects.filter(
            sheet__in=Sheet.objects.visible_to(request.user)
        ).select_related("indicator", "ordered_by", "reported_by", "accepted_by", "sheet"),
        pk=pk,
    )


@allowed(Ability.SEE_ASSESSMENT)
@require_http_methods(["GET", "POST"])
def rectification_detail(request, pk):
    """What must be put right: the order, the station's report, the bureau's acceptance."""
    rectification = _rectification(request, pk)
    sheet = find_sheet(request, rectification.sheet_id)
    is_station = request.user.station is not None
    if request.method == "POST" and not is_station:
        raise Http404
    form = RectificationReportForm(
        request.POST or None,
        request.FILES or None,
        initial={"words": rectification.report},
    )
    if form.is_valid():
        try:
            workflow.report_rectification(
                rectification,
                by=request.user,
                words=form.cleaned_data["words"],
                files=form.cleaned_data["photos"],
            )
        except workflow.MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Reported to the bureau."))
        return redirect("assessment:rectification_detail", rectification.pk)
    calendar = DayOff.objects.calendar(sheet.year.county)
    return TemplateResponse(
        request,
        "assessment/results/rectification.html",
        {
            "rectification": rectification,
            "sheet": sheet,
            "form": form if is_station and not rectification.accepted_at else None,
            "papers": list(rectification.evidence.light()),
            "clock": _clock(rectification, timezone.localdate(), calendar),
            "may_accept": request.user.may(Ability.SCORE)
            and rectification.reported_at
            and not rectification.accepted_at,
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.SCORE)
@require_POST
def rectification_accept(request, pk):
    rectification = _rectification(request, pk)
    try:
        workflow.accept_report(rectification, by=request.user)
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Accepted."))
    return redirect("assessment:rectification_detail", rectification.pk)
