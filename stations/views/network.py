"""The network page: coverage of a county on a day, its gaps, and the county's own rules."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..access import allowed
from ..errands import hand_over
from ..files import handing_out
from ..files.tables import day_of
from ..forms.county import CountyForm
from ..models import County, DayOff, Station
from ..network.coverage import coverage
from ..network.mosaic import mosaic
from ..papers.pdf import render_pdf
from ..roles import Ability
from .particulars import changed, told


def chosen_county(request):
    """The county of the address (?county=), or the one the person works in; 404 out of scope."""
    counties = County.objects.visible_to(request.user).select_related("division")
    code = request.GET.get("county")
    if code:
        # A code that is none is out of scope like any other county.
        return get_object_or_404(counties, division__code=code if code.isdigit() else "-")
    if request.user.county:
        return request.user.county
    return get_object_or_404(counties.order_by("division__code")[:1])


def counties_to_choose(user):
    """The counties somebody may look at who works in none of them: the city's inspector."""
    if user.county:
        return County.objects.none()
    return County.objects.visible_to(user).select_related("division")


def chosen_day(request):
    """Return (day, sentence): the day of the address (?day=), today when there is none."""
    today = timezone.localdate()
    text = request.GET.get("day", "")
    day = day_of(text) if text else today
    if day is None:
        return today, _("This is not a date. Write 2026-03-01.")
    if day > today:
        return today, _("This day has not come yet; today is shown.")
    return day, ""


def _reaches_county(user, county):
    return any(
        post.county_id == county.pk or post.city_id == county.division.parent_id
        for post in user.posts
        if post.county_id or post.city_id
    )


def _coverage_for(user, county, day):
    """The whole county for its people and the city's; a station's people see their township."""
    figures = coverage(county, day)
    if _reaches_county(user, county):
        return figures
    stations = Station.objects.visible_to(user).values_list("pk", flat=True)
    return figures.only(set(stations))


@allowed(Ability.SEE_NETWORK)
@require_safe
def network(request):
    county = chosen_county(request)
    day, sentence = chosen_day(request)
    figures = _coverage_for(request.user, county, day)
    reaches_county = _reaches_county(request.user, county)
    counties = County.objects.visible_to(request.user).select_related("division")
    return TemplateResponse(
        request,
        "stations/network/coverage.html",
        {
            "county": county,
            "counties": counties if request.user.county is None else [],
            "coverage": figures,
            "mosaic": mosaic(figures),
            "reaches_county": reaches_county,
            "sentence": sentence,
            "is_today": day == timezone.localdate(),
        },
    )


def _gaps(request):
    county = chosen_county(request)
    day, sentence = chosen_day(request)
    return {
        "county": county,
        "coverage": _coverage_for(request.user, county, day),
        "sentence": sentence,
        "printed_at": timezone.now(),
    }


@allowed(Ability.SEE_NETWORK)
@require_safe
def gap_page(request):
    """The gap list on the screen, twin of the paper."""
    return TemplateResponse(request, "stations/network/gaps.html", _gaps(request))


@allowed(Ability.SEE_NETWORK)
@require_safe
def gap_list(request):
    """The gap list as PDF, one page in the usual county."""
    context = _gaps(request)
    pdf = render_pdf("stations/network/gaps_print.html", context)
    name = f"gaps-{context['county'].division.code}-{context['coverage'].day}.pdf"
    return handing_out.shown(pdf, name)


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def county_parameters(request):
    county = chosen_county(request)
    form = CountyForm(request.POST or None, instance=county)
    if form.is_valid() and changed(form, by=request.user):
        # Names and phone are printed on every poster; the figures say what is owed by when.
        hand_over("stations.tasks.refresh_chores_of", county.pk)
        messages.success(request, _("The county's rules are saved."))
        return redirect(request.get_full_path())
    today = timezone.localdate()
    return TemplateResponse(
        request,
        "stations/network/parameters.html",
        {
            "county": county,
            "form": form,
            "history": told(request, county),
            "calendar_is_missing": DayOff.objects.is_due(county, today),
            "next_year": today.year + 1,
        },
        status=422 if form.errors else 200,
    )
