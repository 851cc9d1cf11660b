"""Staffing and funds: the county's table, a station's page, sums, the one-page report."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..files import handing_out
from ..forms.staffing import FundForm, PostsForm, TermsForm, VoidForm
from ..models import Appointment, Fund
from ..roles import Ability
from ..terms import FundPurpose, FundStage
from ..upkeep import staffing, staffing_paper
from .network import chosen_county
from .years import a_station, chosen_year, counties_to_choose, open_stations


@allowed(Ability.SEE_NETWORK)
@require_safe
def staffing_list(request):
    county = chosen_county(request)
    stations = list(open_stations(request, county))
    if len(stations) == 1 and request.user.station:
        return redirect("stations:staffing_detail", stations[0].pk)
    year, today = chosen_year(request), timezone.localdate()
    posts = staffing.posts_of(stations, today)
    money = staffing.totals_of(stations, year)
    rows = [(station, posts[station.pk], money[station.pk]) for station in stations]
    return TemplateResponse(
        request,
        "stations/staffing/list.html",
        {
            "county": county,
            "counties": counties_to_choose(request),
            "year": year,
            "rows": rows,
            "sums": {
                "given": sum(each.given.number for _s, each, _m in rows if each.given),
                "filled": sum(each.filled for _s, each, _m in rows),
                "empty": sum(each.empty or 0 for _s, each, _m in rows),
                "headless": sum(not each.has_head for _s, each, _m in rows),
                **{
                    stage.value: sum(row[stage.value] for _s, _p, row in rows)
                    for stage in FundStage
                },
            },
        },
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def staffing_detail(request, pk):
    station = a_station(request, pk)
    year, today = chosen_year(request), timezone.localdate()
    sums = staffing.sums(station, year)
    funds = Fund.objects.filter(station=station).of_year(year)
    return TemplateResponse(
        request,
        "stations/staffing/detail.html",
        {
            "station": station,
            "year": year,
            "posts": staffing.posts_on(station, today),
            "months": staffing.staff_by_month(station, year, today),
            "rows": [(purpose, sums[purpose.value]) for purpose in FundPurpose],
            "totals": {
                stage.value: sum(row[stage.value] for row in sums.values())
                for stage in FundStage
            },
            "subsidies": staffing.subsidy_months(station, year, today),
            "funds": funds.select_related("recorded_by", "voided_by"),
            "history": station.authorised_posts.select_related("recorded_by"),
        },
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def posts_give(request, pk):
    station = a_station(request, pk)
    form = PostsForm(request.POST or None)
    if form.is_valid():
        staffing.give_posts(station, **form.cleaned_data, by=request.user)
        messages.success(request, _("The posts are recorded; the earlier row stays."))
        return redirect("stations:staffing_detail", station.pk)
    return _form_page(
        request, station, form, title=_("Posts given"), button=_("Record the posts")
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def staff_terms(request, pk):
    appointments = Appointment.objects.visible_to(request.user).filter(
        role__in=staffing.STAFF_ROLES
    )
    appointment = get_object_or_404(
        appointments.select_related("user", "station__county"), pk=pk
    )
    latest = appointment.terms.first()
    form = TermsForm(
        request.POST or None,
        appointment=appointment,
        initial={"basis": latest.basis if latest else "part_time"},
    )
    if form.is_valid():
        staffing.set_terms(appointment, **form.cleaned_data, by=request.user)
        messages.success(request, _("Recorded; earlier terms stay."))
        return redirect("stations:staffing_detail", appointment.station_id)
    title = _("On what terms %s serves") % appointment.user.name
    return _form_page(
        request, appointment.station, form, title=title, button=_("Record the terms")
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def fund_create(request, pk):
    station = a_station(request, pk)
    asked = request.GET
    form = FundForm(
        request.POST or None,
        request.FILES or None,
        initial={
            "stage": asked.get("stage"),
            "purpose": asked.get("purpose"),
            "for_month": asked.get("month"),
            "year": chosen_year(request),
        },
    )
    if form.is_valid():
        fund = staffing.record_fund(
            form.fund(station), voucher=form.cleaned_data["voucher"], by=request.user
        )
        messages.success(request, _("The sum is recorded."))
        page = redirect("stations:staffing_detail", station.pk)
        page["Location"] += f"?year={fund.year}"
        return page
    return _form_page(
        request, station, form, title=_("Record a sum"), button=_("Record the sum")
    )


def _form_page(request, station, form, **words):
    return TemplateResponse(
        request,
        "stations/staffing/form.html",
        {"station": station, "form": form, **words},
        status=422 if form.is_bound else 200,
    )


@allowed(Ability.EDIT_STATION)
@require_POST
def fund_void(request, pk):
    fund = get_object_or_404(Fund.objects.visible_to(request.user), pk=pk)
    form = VoidForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
    else:
        try:
            staffing.void_fund(fund, reason=form.cleaned_data["reason"], by=request.user)
        except staffing.FundRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The sum is void; it stays in the list."))
    page = redirect("stations:staffing_detail", fund.station_id)
    page["Location"] += f"?year={fund.year}"
    return page


@allowed(Ability.SEE_NETWORK)
@require_safe
def staffing_paper_page(request, pk):
    """The report on the screen, twin of the paper."""
    station = a_station(request, pk)
    context = staffing_paper.paper(station, chosen_year(request))
    return TemplateResponse(request, staffing_paper.TEMPLATE, context)


@allowed(Ability.SEE_NETWORK)
@require_safe
def staffing_pdf(request, pk):
    """The report as PDF, one page."""
    station, year = a_station(request, pk), chosen_year(request)
    name = f"staffing-{station.code}-{year}.pdf"
    return handing_out.shown(staffing_paper.render(station, year), name)
