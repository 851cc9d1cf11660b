"""A station's profile and contact points: shown, opened, edited, closed."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import chores
from ..access import allowed
from ..forms.network import ClosingForm, ContactPointForm, StationForm
from ..models import Appointment, ChoreKind, ContactPoint, Liaison, Station
from ..network import places
from ..network.coverage import coverage
from ..roles import Ability, Role
from .network import chosen_county
from .particulars import AT_THE_SAME_MOMENT, changed, told


def saved(form):
    """Save a model form; of two people at once, the second gets a sentence. Returns success."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error(None, AT_THE_SAME_MOMENT)
        return False
    return True


def _station(request, pk):
    stations = Station.objects.visible_to(request.user).select_related(
        "township", "county__division"
    )
    return get_object_or_404(stations, pk=pk)


@allowed(Ability.SEE_NETWORK)
@require_safe
def station_detail(request, pk):
    station = _station(request, pk)
    today = timezone.localdate()
    posts = next(
        (t for t in coverage(station.county, today).townships if t.station_pk == station.pk),
        None,
    )
    staff = (
        Appointment.objects.filter(station=station)
        .exclude(role=Role.LIAISON)
        .current(today)
        .select_related("user")
        .order_by("role", "from_on")
    )
    liaisons = Liaison.objects.filter(station=station).select_related("village").defer("phone")
    past = liaisons.filter(appointed_to__lt=today)
    points = station.contact_points.open_on(today).select_related("village")
    return TemplateResponse(
        request,
        "stations/stations/detail.html",
        {
            "station": station,
            "posts": posts,
            "staff": staff,
            "points": points,
            "past": past.order_by("-appointed_to")[:20],
            "history": told(
                request,
                station,
                *((point, f"{point.village.name} {point.name}") for point in points),
                *((each, f"{each.village.name} {each.name}") for each in liaisons),
            ),
        },
    )


@allowed(Ability.EDIT_NETWORK)
@require_http_methods(["GET", "POST"])
def station_open(request):
    county = chosen_county(request)
    form = StationForm(
        request.POST or None,
        county=county,
        initial={"township": request.GET.get("township"), "opened_on": timezone.localdate()},
    )
    if form.is_valid() and saved(form):
        places.take_over(form.instance, by=request.user)
        chores.refresh_later(form.instance)
        chores.refresh_later(county, ChoreKind.LIAISON)
        messages.success(request, _("The station is open."))
        return redirect(form.instance)
    return TemplateResponse(
        request,
        "stations/stations/form.html",
        {"form": form, "county": county},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def station_edit(request, pk):
    station = _station(request, pk)
    form = StationForm(request.POST or None, instance=station, county=station.county)
    if form.is_valid() and changed(form, by=request.user):
        # Phones, address and hours are printed on every poster of the station.
        chores.refresh_later(form.instance, ChoreKind.WALL, ChoreKind.TEST_CALL)
        messages.success(request, _("The station's profile is saved."))
        return redirect(station)
    return TemplateResponse(
        request,
        "stations/stations/form.html",
        {"form": form, "station": station, "history": told(request, station)},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_NETWORK)
@require_http_methods(["GET", "POST"])
def station_close(request, pk):
    station = _station(request, pk)
    if station.closed_on:
        messages.error(request, _("This station is closed already."))
        return redirect(station)
    form = ClosingForm(request.POST or None, opened_on=station.opened_on)
    if form.is_valid():
        if not places.close(station, on=form.cleaned_data["closed_on"], by=request.user):
            messages.error(request, _("This station is closed already."))
            return redirect(station)
        chores.refresh_later(station)
        chores.refresh_later(station.county, ChoreKind.LIAISON)
        messages.success(request, _("The station is closed; its records stay."))
        return redirect(station)
    return TemplateResponse(
        request,
        "stations/stations/close.html",
        {
            "form": form,
            "place": station,
            "back": station,
            "liaisons": station.liaisons.in_post_on(timezone.localdate()).count(),
            "staff": station.appointments.current(timezone.localdate()).count(),
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def contact_point_create(request, pk):
    station = _station(request, pk)
    form = ContactPointForm(
        request.POST or None, station=station, initial={"opened_on": timezone.localdate()}
    )
    if form.is_valid() and saved(form):
        messages.success(request, _("The contact point is open."))
        return redirect(station)
    return TemplateResponse(
        request,
        "stations/contact_points/form.html",
        {"form": form, "station": station},
        status=422 if form.errors else 200,
    )


def _contact_point(request, pk):
    points = ContactPoint.objects.visible_to(request.user).select_related("station", "village")
    return get_object_or_404(points, pk=pk)


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def contact_point_edit(request, pk):
    point = _contact_point(request, pk)
    form = ContactPointForm(request.POST or None, instance=point, station=point.station)
    if form.is_valid() and changed(form, by=request.user):
        messages.success(request, _("The contact point is saved."))
        return redirect(point.station)
    return TemplateResponse(
        request,
        "stations/contact_points/form.html",
        {
            "form": form,
            "station": point.station,
            "point": point,
            "history": told(request, point),
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def contact_point_close(request, pk):
    point = _contact_point(request, pk)
    if point.closed_on:
        messages.error(request, _("This contact point is closed already."))
        return redirect(point.station)
    form = ClosingForm(request.POST or None, opened_on=point.opened_on)
    if form.is_valid():
        if places.close(point, on=form.cleaned_data["closed_on"], by=request.user):
            messages.success(request, _("The contact point is closed; its record stays."))
        else:
            messages.error(request, _("This contact point is closed already."))
        return redirect(point.station)
    return TemplateResponse(
        request,
        "stations/stations/close.html",
        {"form": form, "place": point, "back": point.station},
        status=422 if form.errors else 200,
    )
