"""The year and the place a page of station life shows."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from ..models import County, Station
from ..roles import Ability, Role


def chosen_year(request):
    """The year of the address (?year=), or this one; one nobody worked in is this one."""
    today = timezone.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else today.year
    return year if 2000 <= year <= today.year + 1 else today.year


def a_station(request, pk):
    """A station the user reaches, with its county; 404 out of scope."""
    stations = Station.objects.visible_to(request.user).select_related(
        "township", "county__division"
    )
    return get_object_or_404(stations, pk=pk)


def open_stations(request, county):
    """The stations of a county that are open and that the user reaches."""
    return (
        Station.objects.visible_to(request.user)
        .filter(county=county, closed_on=None)
        .select_related("township", "county__division")
        .order_by("code")
    )


def own_place(request):
    """(station, county) for what somebody records: their own station, else the whole county."""
    for post in request.user.posts:
        if post.station and post.role in {Role.CLERK, Role.HEAD}:
            return post.station, post.station.county
    return None, request.user.county


def counties_to_choose(request):
    """The counties between which somebody of the city may choose."""
    if request.user.county is not None or not request.user.may(Ability.SEE_NETWORK):
        return []
    return County.objects.visible_to(request.user).select_related("division")


def kept_by(user, rows):
    """Of rows of stations and counties those somebody keeps: a station's people theirs.

    The bureau keeps all that it reaches.
    """
    if user.has_role(Role.OFFICER):
        return rows
    keeping = [post.station_id for post in user.posts if post.role in {Role.CLERK, Role.HEAD}]
    return rows.filter(station__in=[pk for pk in keeping if pk])
