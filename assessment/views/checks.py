"""The city's spot check: the draw with its seed, and what was found at each station drawn."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.models import Station
from stations.roles import Ability

from .. import workflow
from ..forms.lines import CheckForm
from ..models import SpotCheck
from ..results import one_sheet
from ..terms import YearStatus
from .years import find_year


@allowed(Ability.INSPECT, Ability.SCORE)
@require_GET
def check_list(request, pk):
    """The stations drawn in a year, with the seed by which anybody can draw again."""
    year = find_year(request, pk)
    checks = list(
        SpotCheck.objects.filter(sheet__year=year)
        .select_related("sheet__station", "drawn_by", "done_by")
        .defer("sheet__snapshot")
    )
    sheets = list(year.sheets.select_related("station").defer("snapshot"))
    share = year.standard.spot_check_percent
    return TemplateResponse(
        request,
        "assessment/checks/list.html",
        {
            "year": year,
            "checks": checks,
            "codes": sorted(sheet.station.code for sheet in sheets),
            "share": share,
            "wanted": -(-len(sheets) * share // 100),
            "missing": workflow.missing_to_draw(year, sheets)
            if year.status == YearStatus.COUNTY_SCORING
            else [],
            "may_draw": request.user.may(Ability.INSPECT)
            and year.status == YearStatus.COUNTY_SCORING,
        },
    )


@allowed(Ability.INSPECT)
@require_POST
def check_draw(request, pk):
    year = find_year(request, pk)
    try:
        workflow.draw(year, by=request.user)
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Drawn. The seed is kept; anybody can draw again."))
    return redirect("assessment:check_list", year.pk)


def _check(request, pk):
    """A check for county and city; stations learn of findings from the published sheet."""
    if request.user.station:
        raise Http404
    checks = SpotCheck.objects.filter(
        sheet__station__in=Station.objects.visible_to(request.user)
    )
    check = get_object_or_404(
        checks.select_related(
            "sheet__station__township",
            "sheet__year__county__division",
            "sheet__year__standard",
            "drawn_by",
            "done_by",
        ).defer("sheet__snapshot"),
        pk=pk,
    )
    check.sheet.station.county = check.sheet.year.county
    return check


@allowed(Ability.INSPECT, Ability.SCORE)
@require_http_methods(["GET", "POST"])
def check_detail(request, pk):
    """What was found on site, line by line; the county reads it."""
    check = _check(request, pk)
    view = one_sheet.sheet_view(check.sheet, with_gains=False)
    is_open = check.done_at is None and check.sheet.year.status == YearStatus.SPOT_CHECKING
    may_write = is_open and request.user.may(Ability.INSPECT)
    if request.method == "POST" and not request.user.may(Ability.INSPECT):
        raise PermissionDenied
    form = CheckForm(
        request.POST or None,
        request.FILES or None,
        scores=[line.score for line in view.lines],
        initial={"visited_on": check.visited_on, "findings": check.findings},
    )
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            workflow.note_check(
                check,
                form.typed,
                by=request.user,
                visited_on=cleaned["visited_on"],
                findings=cleaned["findings"],
                files=cleaned["photos"],
            )
            if "finish" in request.POST:
                workflow.finish_check(check, by=request.user)
        except workflow.MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("assessment:check_detail", check.pk)
        if "finish" in request.POST:
            messages.success(request, _("Finished. The county may publish once all are."))
            return redirect("assessment:check_list", check.sheet.year_id)
        messages.success(request, _("Saved."))
        return redirect("assessment:check_detail", check.pk)
    return TemplateResponse(
        request,
        "assessment/checks/detail.html",
        {
            "check": check,
            "sheet": check.sheet,
            "year": check.sheet.year,
            "view": view,
            "form": form,
            "may_write": may_write,
            "papers": list(check.evidence.light()),
        },
        status=422 if form.errors else 200,
    )
