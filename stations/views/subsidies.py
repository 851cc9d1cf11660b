"""The duty subsidies of a month: the sheet, locking it, Excel and paper for finance."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ..access import allowed
from ..duty import subsidies
from ..duty.people import DutyRefused, last_day, next_month
from ..files import handing_out
from ..models import SubsidySheet
from ..papers.pdf import render_pdf
from ..roles import Ability
from .duty_roster import county_asked, month_asked
from .papers import few_at_a_time

# The center makes the sheet, the bureau reads it; the director alone locks it.
READERS = (Ability.SETTLE_SUBSIDY, Ability.EXAMINE, Ability.HEAR_OBJECTION)


def _last_month():
    this = timezone.localdate().replace(day=1)
    return (this - this.resolution).replace(day=1)


def _sheet(request, parameters):
    """The sheet an address asks for; last month's when it names none."""
    return subsidies.sheet_of(
        county_asked(request, parameters), month_asked(parameters, default=_last_month())
    )


@allowed(*READERS)
@require_GET
def subsidy_sheet(request):
    sheet = _sheet(request, request.GET)
    days = subsidies.days_of(sheet)
    for line in sheet.lines:
        line.days = days[line.worker]
    return TemplateResponse(
        request,
        "stations/duty/subsidy.html",
        {
            "sheet": sheet,
            "is_over": last_day(sheet.month) < timezone.localdate(),
            "previous": (sheet.month - sheet.month.resolution).replace(day=1),
            "next": next_month(sheet.month),
            "locked": SubsidySheet.objects.filter(county=sheet.county).select_related(
                "locked_by"
            )[:12],
        },
    )


@allowed(Ability.SETTLE_SUBSIDY)
@require_POST
def subsidy_lock(request):
    county = county_asked(request, request.POST)
    month = month_asked(request.POST)
    try:
        subsidies.lock(county, month, by=request.user)
    except DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The sheet is settled; it changes no more."))
    return redirect(f"{reverse('stations:subsidy_sheet')}?month={month:%Y-%m}")


@allowed(*READERS)
@require_GET
def subsidy_excel(request):
    sheet = _sheet(request, request.GET)
    title = subsidies.title_of(sheet.county, sheet.month)
    return handing_out.kept(subsidies.workbook(sheet), f"{title}.xlsx")


def _paper(sheet):
    return {
        "sheet": sheet,
        "title": subsidies.title_of(sheet.county, sheet.month),
        "lines": [line for line in sheet.lines if line.half_days or line.absences_untold],
        "printed_at": timezone.now(),
    }


@allowed(*READERS)
@require_GET
def subsidy_print(request):
    """The web twin of the paper."""
    return TemplateResponse(
        request, "stations/duty/subsidy_print.html", _paper(_sheet(request, request.GET))
    )


@allowed(*READERS)
@require_GET
@few_at_a_time
def subsidy_pdf(request):
    sheet = _sheet(request, request.GET)
    content = render_pdf("stations/duty/subsidy_print.html", _paper(sheet))
    return handing_out.shown(content, f"subsidies-{sheet.month:%Y-%m}.pdf")
