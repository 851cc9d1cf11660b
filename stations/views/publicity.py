"""Publicity: events and media items of a year, the calendar of outreach, figures by station."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..calendar.quarters import quarters_of
from ..files.tables import day_of
from ..forms.photos import PhotosField
from ..forms.publicity import EventFilter, EventForm, MediaForm
from ..forms.staffing import VoidForm
from ..models import Division, MediaItem, Outreach, PublicityEvent
from ..roles import Ability
from ..upkeep import publicity
from .network import chosen_county
from .years import (
    a_station,
    chosen_year,
    counties_to_choose,
    kept_by,
    open_stations,
    own_place,
)

ROWS = 30


def _events(request):
    return PublicityEvent.objects.visible_to(request.user).select_related(
        "station", "county__division", "village", "recorded_by"
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def publicity_list(request):
    """What was held in a year, filtered, with its sums."""
    county, year = chosen_county(request), chosen_year(request)
    stations = open_stations(request, county)
    form = EventFilter(request.GET, stations=stations)
    rows = form.apply(_events(request).filter(county=county).counted().of_year(year))
    sums = publicity.sum_of(PublicityEvent.objects.filter(pk__in=rows.values("pk")))
    return TemplateResponse(
        request,
        "stations/publicity/list.html",
        {
            "county": county,
            "counties": counties_to_choose(request),
            "year": year,
            "form": form,
            "page": Paginator(
                rows.annotate(pictures=Count("photos")).order_by("-on", "-pk"), ROWS
            ).get_page(request.GET.get("page")),
            "sums": sums,
            "needed": county.parameter("publicity_events"),
            "calendar_of": request.user.station,
        },
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def publicity_figures(request):
    """The county's roll-up, station by station, as the official returns count it."""
    county, year = chosen_county(request), chosen_year(request)
    rows = publicity.figures(
        list(open_stations(request, county)), county, year, timezone.localdate()
    )
    names = ("events", "with_photo", "reached", "leaflets", "broadcasts", "articles", "online")
    return TemplateResponse(
        request,
        "stations/publicity/figures.html",
        {
            "county": county,
            "counties": counties_to_choose(request),
            "year": year,
            "rows": rows,
            "totals": {
                name: sum(getattr(row, name) for row in rows) for name in (*names, "missed")
            },
            "needed": county.parameter("publicity_events"),
        },
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def event_create(request):
    station, county = own_place(request)
    village = request.GET.get("village", "")
    form = EventForm(
        request.POST or None,
        request.FILES or None,
        station=station,
        initial={"village": village if village.isdecimal() else None},
    )
    if form.is_valid():
        event = form.save(commit=False)
        event.station, event.county = station, county
        publicity.record_event(event, by=request.user, photos=form.cleaned_data["photos"])
        messages.success(request, _("The event is recorded."))
        return redirect("stations:event_detail", event.pk)
    return _form_page(request, form, _("Record an event"), _("Record the event"))


def _form_page(request, form, title, button):
    station, county = own_place(request)
    return TemplateResponse(
        request,
        "stations/publicity/form.html",
        {"form": form, "title": title, "button": button, "place": station or county},
        status=422 if form.is_bound else 200,
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def event_detail(request, pk):
    event = get_object_or_404(_events(request), pk=pk)
    return TemplateResponse(
        request,
        "stations/publicity/event.html",
        {
            "event": event,
            "photos": event.photos.light(),
            "outreach": event.outreach.all(),
            "may_keep": request.user.may(Ability.EDIT_STATION)
            and kept_by(request.user, PublicityEvent.objects.filter(pk=pk)).exists(),
        },
    )


@allowed(Ability.EDIT_STATION)
@require_POST
def event_photos(request, pk):
    event = get_object_or_404(kept_by(request.user, _events(request)), pk=pk)
    try:
        photos = PhotosField(required=True).clean(request.FILES.getlist("photos"))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        publicity.add_photos(event, photos, by=request.user)
        messages.success(request, _("The photos are kept."))
    return redirect("stations:event_detail", event.pk)


def _void(request, row):
    form = VoidForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
        return
    try:
        publicity.void(row, reason=form.cleaned_data["reason"], by=request.user)
    except publicity.PublicityRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is void; it stays and no longer counts."))


@allowed(Ability.EDIT_STATION)
@require_POST
def event_void(request, pk):
    event = get_object_or_404(kept_by(request.user, _events(request)), pk=pk)
    _void(request, event)
    return redirect("stations:event_detail", event.pk)


@allowed(Ability.SEE_NETWORK)
@require_safe
def media_list(request):
    county, year = chosen_county(request), chosen_year(request)
    rows = (
        MediaItem.objects.visible_to(request.user)
        .filter(county=county)
        .of_year(year)
        .select_related("station", "county__division", "recorded_by")
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    may_void = kept_by(request.user, rows) if request.user.may(Ability.EDIT_STATION) else []
    return TemplateResponse(
        request,
        "stations/publicity/media.html",
        {
            "county": county,
            "year": year,
            "page": page,
            "kept": {item.pk for item in may_void},
        },
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def media_create(request):
    station, county = own_place(request)
    form = MediaForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        item = form.save(commit=False)
        item.station, item.county = station, county
        publicity.record_media(item, by=request.user, proof=form.cleaned_data["proof"])
        messages.success(request, _("The media item is recorded."))
        return redirect("stations:media_list")
    return _form_page(request, form, _("Record a media item"), _("Record the item"))


@allowed(Ability.EDIT_STATION)
@require_POST
def media_void(request, pk):
    items = kept_by(request.user, MediaItem.objects.visible_to(request.user))
    _void(request, get_object_or_404(items, pk=pk))
    return redirect("stations:media_list")


@allowed(Ability.SEE_NETWORK)
@require_safe
def outreach_calendar(request, pk):
    """The villages of a station by quarters: planned, done by an event, or missed."""
    station, year, today = a_station(request, pk), chosen_year(request), timezone.localdate()
    rows = publicity.calendar(station, year, today)
    slots = [slot for row in rows for slot in row.slots]
    return TemplateResponse(
        request,
        "stations/publicity/calendar.html",
        {
            "station": station,
            "year": year,
            "rows": rows,
            "quarters": quarters_of(year),
            "planned": sum(bool(slot.planned) for slot in slots),
            "done": sum(slot.state == "done" for slot in slots),
            "missed": sum(slot.state == "missed" for slot in slots),
        },
    )


@allowed(Ability.EDIT_STATION)
@require_POST
def outreach_plan(request, pk):
    """Put a village into a quarter, or take it out of one that has not begun."""
    station, today = a_station(request, pk), timezone.localdate()
    code = request.POST.get("village", "")
    villages = Division.objects.filter(parent=station.township_id, valid_to=None)
    village = villages.filter(code=code).first() if code.isdecimal() else None
    quarter = day_of(request.POST.get("quarter", ""))
    if village is None or quarter is None or quarter not in quarters_of(quarter.year):
        messages.error(request, _("Choose a village and a quarter."))
        return redirect("stations:outreach_calendar", station.pk)
    planned = Outreach.objects.filter(station=station, village=village, quarter=quarter).first()
    try:
        if planned and request.POST.get("drop") == "1":
            publicity.unplan(planned, today=today)
        else:
            publicity.plan(
                station, village=village, quarter=quarter, by=request.user, today=today
            )
    except publicity.PublicityRefused as refusal:
        messages.error(request, str(refusal))
    page = redirect("stations:outreach_calendar", station.pk)
    page["Location"] += f"?year={quarter.year}"
    return page
