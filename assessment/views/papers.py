"""The papers of an assessment: their web twins, and asking for them as PDF or Excel."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.models import County
from stations.roles import Ability

from ..results import papers
from .sheets import find_sheet
from .years import find_year


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def sheet_print(request, pk):
    """The web twin of one station's sheet."""
    sheet = find_sheet(request, pk)
    return TemplateResponse(request, papers.TEMPLATES[papers.SHEET], papers.sheet_paper(sheet))


@allowed(Ability.SEE_ASSESSMENT)
@require_POST
def sheet_pdf(request, pk):
    return redirect(papers.ask_for_sheet(find_sheet(request, pk), by=request.user))


# Web twins of the county's papers, by the last word of their address.
TWINS = {
    "summary": (papers.SUMMARY, papers.summary_paper),
    "notice": (papers.NOTICE, papers.notice_paper),
    "honours": (papers.HONOURS, papers.honours_paper),
    "certificates": (papers.CERTIFICATES, papers.certificates_paper),
}
FILES = {
    "sheets": papers.SHEETS,
    "summary": papers.SUMMARY,
    "notice": papers.NOTICE,
    "honours": papers.HONOURS,
    "certificates": papers.CERTIFICATES,
    "workbook": papers.WORKBOOK,
}


def _year(request, pk):
    """A year of the county; its stations read the open page instead."""
    year = find_year(request, pk)
    if request.user.station:
        raise Http404
    return year


def _too_early(year, paper):
    """Why a paper cannot be made yet, or nothing."""
    if paper == "notice" and not year.is_public:
        return _("Publish the result first; then its notice can be made.")
    if paper == "certificates" and not year.is_frozen:
        return _("Confirm the result first; then its certificates can be made.")
    return ""


@allowed(Ability.SCORE, Ability.INSPECT)
@require_GET
def year_print(request, pk, paper):
    year = _year(request, pk)
    if paper not in TWINS:
        raise Http404
    if refusal := _too_early(year, paper):
        messages.error(request, refusal)
        return redirect(year)
    kind, context = TWINS[paper]
    return TemplateResponse(request, papers.TEMPLATES[kind], context(year))


@allowed(Ability.SCORE, Ability.INSPECT)
@require_POST
def year_file(request, pk, paper):
    """Ask for a paper of the county as PDF, a bundle of all sheets, or the workbook."""
    year = _year(request, pk)
    if paper not in FILES:
        raise Http404
    if refusal := _too_early(year, paper):
        messages.error(request, refusal)
        return redirect(year)
    number = request.POST.get("number", "").strip()
    return redirect(
        papers.ask_for_county(
            FILES[paper],
            year,
            by=request.user,
            number=number if number.isdecimal() and len(number) <= 4 else None,
        )
    )


def _counties(user):
    if user.station:
        raise PermissionDenied
    return list(
        County.objects.visible_to(user)
        .select_related("division__parent")
        .order_by("division__code")
    )


@allowed(Ability.INSPECT)
@require_GET
def city_print(request):
    return TemplateResponse(
        request, papers.TEMPLATES[papers.CITY], papers.city_paper(_counties(request.user))
    )


@allowed(Ability.INSPECT)
@require_POST
def city_file(request):
    return redirect(papers.ask_for_city(_counties(request.user), by=request.user))
