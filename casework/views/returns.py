"""Statistical returns: which there are, one return, its submission, paper and workbook."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.files import handing_out
from stations.models import DayOff
from stations.papers.documents import ask_for
from stations.roles import Ability

from ..analysis.return_rows import Rule
from ..forms.returns import ReopenForm
from ..models import SubmittedReturn
from ..periods import MONTHS_IN, neighbour, period_of
from ..reports import return_paper, submissions
from .return_asked import asked_of, counties_of, openable, period_of_address

# How many periods of each kind the list shows.
SHOWN = {"month": 12, "quarter": 6, "half": 4, "year": 3}


@dataclass(frozen=True)
class Offered:
    """One period of the list: its name, whether it is over, and when its return is due."""

    code: str
    name: str
    is_over: bool
    due_on: date
    is_submitted: bool


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_list(request):
    """Every kind of return with its latest periods."""
    counties = counties_of(request.user)
    if not counties:
        raise Http404
    today = timezone.localdate()
    calendar = DayOff.objects.calendar(counties[0])
    submitted = set()
    if len(counties) == 1:
        frozen = SubmittedReturn.objects.in_force().filter(county=counties[0])
        submitted = set(frozen.values_list("period", flat=True))
    kinds = []
    for kind in MONTHS_IN:
        period = period_of(kind, today)
        offered = []
        for _n in range(SHOWN[kind]):
            offered.append(
                Offered(
                    code=period.code,
                    name=return_paper.period_name(period),
                    is_over=period.last < today,
                    due_on=return_paper.due_on(period, calendar),
                    is_submitted=period.code in submitted,
                )
            )
            period = neighbour(period, -1)
        title = return_paper.title_of(period)
        kinds.append((title, return_paper.DUE_WORKING_DAYS[kind], offered))
    return TemplateResponse(
        request,
        "casework/returns/list.html",
        {"kinds": kinds, "place": return_paper.place_of(counties)},
    )


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_detail(request, code):
    """One return: every column with its total and its units; frozen once it was submitted."""
    return _return_page(request, code)


def _return_page(request, code, *, reopen_form=None, status=200):
    today = timezone.localdate()
    period = period_of_address(code, today)
    reached = counties_of(request.user)
    asked = asked_of(request.GET or request.POST, reached, period)
    later = neighbour(period, 1)
    shown = submissions.show(period, asked.counties, asked.rule, asked.issue)
    # A return frozen before its units were kept by their keys opens its totals alone.
    keys = shown.made.keys or [""] * len(shown.made.units)
    is_county = len(asked.counties) == 1
    return TemplateResponse(
        request,
        "casework/returns/detail.html",
        return_paper.paper(shown)
        | {
            "rows": [
                (
                    line,
                    shown.corrections and shown.corrections.of(line.code),
                    list(zip(line.shown_shares, line.shares, keys, strict=True)),
                )
                for line in shown.made.lines
            ],
            "may_submit": is_county
            and period.last < today
            and shown.submitted is None
            and request.user.may(Ability.SUBMIT_RETURN)
            and submissions.submitted_of(asked.counties[0], period) is None,
            "may_reopen": shown.submitted
            and not shown.submitted.reopened_at
            and request.user.may(Ability.REOPEN_RETURN),
            "reopen_form": reopen_form or ReopenForm(),
            "issues": SubmittedReturn.objects.visible_to(request.user)
            .light()
            .filter(county__in=asked.counties, period=period.code)
            .select_related("county__division", "submitted_by", "reopened_by"),
            "asked": asked,
            "reached": reached,
            "rules": Rule.choices,
            "is_over": period.last < today,
            "due_on": return_paper.due_on(period, DayOff.objects.calendar(asked.counties[0])),
            "previous": neighbour(period, -1),
            "next": later if later.first <= today else None,
            "openable": openable(request.user),
        },
        status=status,
    )


@allowed(Ability.SUBMIT_RETURN)
@require_POST
def return_submit(request, code):
    """Submit a county's return; a second press does no harm."""
    period = period_of_address(code, timezone.localdate())
    asked = asked_of(request.POST, counties_of(request.user), period)
    back = f"{reverse('casework:return_detail', args=[code])}?{asked.query}"
    if len(asked.counties) > 1:
        raise Http404
    try:
        submissions.submit(asked.counties[0], period, rule=asked.rule, by=request.user)
    except submissions.SubmissionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Submitted. The figures are frozen as they stand."))
    return redirect(back)


@allowed(Ability.REOPEN_RETURN)
@require_POST
def return_reopen(request, code):
    """The bureau opens a submitted return again, with a reason."""
    period = period_of_address(code, timezone.localdate())
    asked = asked_of(request.POST, counties_of(request.user), period)
    back = f"{reverse('casework:return_detail', args=[code])}?{asked.query}"
    submitted = (
        SubmittedReturn.objects.visible_to(request.user)
        .light()
        .filter(pk=row_number(request.POST.get("submitted")) or 0, period=period.code)
    )
    if not submitted:
        messages.error(request, _("No return was submitted for this period."))
        return redirect(back)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _return_page(request, code, reopen_form=form, status=422)
    try:
        submissions.reopen(submitted[0], by=request.user, why=form.cleaned_data["why"])
    except submissions.SubmissionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Reopened. The center submits it anew."))
    return redirect(back)


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_print(request, code):
    """The web twin of the paper."""
    period = period_of_address(code, timezone.localdate())
    asked = asked_of(request.GET, counties_of(request.user), period)
    shown = submissions.show(period, asked.counties, asked.rule, asked.issue)
    return TemplateResponse(
        request, return_paper.TEMPLATE, return_paper.paper(shown) | {"asked": asked}
    )


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_excel(request, code):
    """The workbook, columns in official order; figures only, no personal data."""
    period = period_of_address(code, timezone.localdate())
    asked = asked_of(request.GET, counties_of(request.user), period)
    shown = submissions.show(period, asked.counties, asked.rule, asked.issue)
    content = return_paper.workbook(shown)
    title = return_paper.title_with_place(period, return_paper.place_of_shown(shown))
    return handing_out.kept(content, f"{title}.xlsx")


@allowed(Ability.SEE_RETURNS)
@require_POST
def return_pdf(request, code):
    """Ask for the PDF of the return as the rows stand."""
    period = period_of_address(code, timezone.localdate())
    asked = asked_of(request.POST, counties_of(request.user), period)
    shown = submissions.show(period, asked.counties, asked.rule, asked.issue)
    title = return_paper.title_with_place(period, return_paper.place_of_shown(shown))[:150]
    document = ask_for(
        return_paper.KIND,
        title=title,
        filename=f"{title}.pdf",
        county=None if len(asked.counties) > 1 else asked.counties[0],
        by=request.user,
        parameters={
            "period": period.code,
            "counties": [county.pk for county in asked.counties],
            "rule": asked.rule,
            "issue": asked.issue,
        },
    )
    return redirect(document)
