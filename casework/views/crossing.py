"""A month, or several up to it, divided by two things: the page and the workbook of one table."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from stations.access import allowed
from stations.files import handing_out
from stations.roles import Ability
from stations.templatetags.words import month_name

from ..analysis.crossing import Span, crossing_of
from ..forms.crossing import CrossingForm
from ..reports import cross_workbook
from ..reports.amendments import changes_since_issue
from .month_report import report_of


@allowed(Ability.SEE_MONTH)
@require_GET
def report_cross_excel(request, pk):
    """The same table as a workbook; figures only, no personal data."""
    report = report_of(request, pk)
    form = CrossingForm(request.GET, report)
    if not form.is_valid():
        return redirect(
            f"{reverse('casework:report_cross', args=[pk])}?{request.GET.urlencode()}"
        )
    crossing = crossing_of(report, **form.cleaned_data)
    title = _("%(place)s: cross analysis of %(month)s") % {
        "place": report.place_name,
        "month": month_name(report.month),
    }
    if crossing.span != Span.MONTH:
        title = f"{title}（{crossing.span.label}）"
    return handing_out.kept(cross_workbook.workbook(crossing, title), f"{title}.xlsx")


@allowed(Ability.SEE_MONTH)
@require_GET
def report_cross(request, pk):
    """The month, or several up to it, divided by two things the reader chooses (交叉分析)."""
    report = report_of(request, pk)
    form = CrossingForm(request.GET, report)
    return TemplateResponse(
        request,
        "casework/months/cross.html",
        {
            "report": report,
            "form": form,
            "crossing": crossing_of(report, **form.cleaned_data) if form.is_valid() else None,
            "changes": changes_since_issue(report) if report.is_frozen else None,
            "can_open": request.user.may(Ability.SEE_REGISTER),
        },
    )
