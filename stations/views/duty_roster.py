"""The month of duty: the county's table or a station's weeks, plan, publish, wishes, licences, paper."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..access import allowed
from ..addresses import row_number
from ..duty import months, slots
from ..duty.duty_chores import LICENCE_WARNINGS, roster_url
from ..duty.grid import Grid
from ..duty.people import DutyRefused, last_day, next_month, plans_at, plans_county
from ..duty.roster import check_year_wanted
from ..duty.signing import desk_path, station_code
from ..files import handing_out
from ..forms.duty import SlotForm, WishForm
from ..models import AidWorker, County, DutyMonth, Station, StationDuty
from ..papers.pdf import render_pdf
from ..papers.squares import qr_square
from ..roles import Ability
from ..terms import AidWorkerKind
from .papers import few_at_a_time

READERS = (Ability.PLAN_ROSTER, Ability.STAND_DUTY, Ability.SEE_NETWORK)
# No roster is older than the system could be, or made further ahead.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def month_asked(parameters, *, default=None):
    """The month of an address as its first day; this month when it names none, 404 for nonsense."""
    text = parameters.get("month", "")
    if not text:
        return default or timezone.localdate().replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= month < LATEST:
        raise Http404
    return month


def county_asked(request, parameters):
    """The county of an address, else the first the person reaches; 404 when there is none."""
    counties = County.objects.visible_to(request.user).select_related("division")
    number = row_number(parameters.get("county"))
    if number:
        return get_object_or_404(counties, pk=number)
    county = counties.order_by("division__code").first()
    if county is None:
        raise Http404
    return county


def stations_asked(request, county, month, parameters):
    """(stations a person may choose from, those shown): open in the month, one or all."""
    reached = list(
        Station.objects.visible_to(request.user)
        .filter(county=county)
        .open_between(month, last_day(month))
        .for_list()
    )
    number = row_number(parameters.get("station"))
    chosen = [station for station in reached if station.pk == number]
    if parameters.get("station") and not chosen:
        raise Http404
    return reached, chosen or reached


def _asked(request):
    """(county, month, stations to choose from, Grid) of an address."""
    month = month_asked(request.GET)
    county = county_asked(request, request.GET)
    reached, shown = stations_asked(request, county, month, request.GET)
    duty_month = (
        DutyMonth.objects.filter(county=county, month=month)
        .select_related("planned_by", "published_by", "county__division")
        .first()
    )
    if duty_month and not duty_month.is_published and not request.user.may(Ability.PLAN_ROSTER):
        # A draft is nobody's duty yet.
        duty_month = None
    return county, month, reached, Grid(county, month, shown, duty_month)


@allowed(*READERS)
@require_GET
def duty_roster(request):
    county, month, reached, grid = _asked(request)
    return _roster_page(request, county, month, reached, grid)


def _roster_page(request, county, month, reached, grid, *, form=None):
    duty_month = grid.duty_month
    wrong = months.conflicts(duty_month) if duty_month and month >= _this_month() else {}
    here = {station.pk for station in grid.stations}
    plans = plans_county(request.user, county)
    may_edit = plans or request.user.may(Ability.PLAN_ROSTER)
    is_over = last_day(month) < timezone.localdate()
    due_on = (month - date.resolution).replace(day=months.PUBLISH_BY_DAY)
    if may_edit and not is_over and form is None:
        form = SlotForm(stations=Station.objects.filter(pk__in=here), month=month)
    return TemplateResponse(
        request,
        "stations/duty/roster.html",
        {
            "county": county,
            "month": month,
            "previous": (month.replace(day=1) - date.resolution).replace(day=1),
            "next": next_month(month),
            "grid": grid,
            "reached": reached,
            "station": grid.stations[0] if len(grid.stations) == 1 else None,
            "conflicts": [
                (slot, why) for slot, why in wrong.items() if slot.station_id in here
            ],
            "plans": plans,
            "may_edit": may_edit,
            "is_over": is_over,
            "form": form,
            "due_on": due_on,
            "is_late": timezone.localdate() > due_on,
        },
        status=422 if form and form.errors else 200,
    )


def _this_month():
    return timezone.localdate().replace(day=1)


def planned_county(request):
    """The county of a post, for whoever plans it; seen from a station it is 403."""
    county = county_asked(request, request.POST)
    if not plans_county(request.user, county):
        raise PermissionDenied
    return county


@allowed(Ability.PLAN_ROSTER)
@require_POST
def duty_plan(request):
    county, month = planned_county(request), month_asked(request.POST)
    try:
        made = months.plan(county, month, by=request.user)
    except DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        unfilled = made.slots.unfilled().count()
        if unfilled:
            messages.warning(
                request,
                ngettext(
                    "The draft is there. %(count)d half-day has nobody; it says why.",
                    "The draft is there. %(count)d half-days have nobody; each says why.",
                    unfilled,
                )
                % {"count": unfilled},
            )
        else:
            messages.success(request, _("The draft is there, every half-day has somebody."))
    return redirect(roster_url(month))


@allowed(Ability.PLAN_ROSTER)
@require_POST
def duty_publish(request):
    county, month = planned_county(request), month_asked(request.POST)
    try:
        months.publish(county, month, by=request.user)
    except DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The roster is published. Print it for the walls."))
    return redirect(roster_url(month))


@allowed(Ability.PLAN_ROSTER)
@require_POST
def duty_slot_add(request):
    """One half-day more, at a station the person plans."""
    month = month_asked(request.POST)
    county = county_asked(request, request.POST)
    reached, _shown = stations_asked(request, county, month, {})
    form = SlotForm(
        request.POST,
        stations=Station.objects.filter(pk__in=[station.pk for station in reached]),
        month=month,
    )
    if form.is_valid():
        station = form.cleaned_data["station"]
        if not plans_at(request.user, station):
            raise PermissionDenied
        try:
            slot = slots.add_slot(
                county,
                month,
                station=station,
                day=form.cleaned_data["day"],
                half=form.cleaned_data["half"],
                by=request.user,
            )
        except DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The half-day is there. Choose who stands it."))
            return redirect(slot)
    duty_month = DutyMonth.objects.filter(county=county, month=month).first()
    return _roster_page(
        request, county, month, reached, Grid(county, month, reached, duty_month), form=form
    )


@allowed(Ability.PLAN_ROSTER)
@require_http_methods(["GET", "POST"])
def duty_wish(request, pk):
    """At which half-days a station wants somebody."""
    station = get_object_or_404(
        Station.objects.visible_to(request.user).select_related("county__division"), pk=pk
    )
    if not plans_at(request.user, station):
        raise PermissionDenied
    wish = StationDuty.objects.filter(station=station).select_related("changed_by").first()
    form = WishForm(
        request.POST or None,
        usual=station.county.parameter("duty_half_days_a_week"),
        initial={"half_days": wish.half_days, "per_week": wish.per_week} if wish else {},
    )
    if form.is_valid():
        slots.save_wish(
            station,
            half_days=form.cleaned_data["half_days"],
            per_week=form.cleaned_data["per_week"],
            by=request.user,
        )
        messages.success(request, _("Kept; it holds from the next plan on."))
        return redirect(f"{roster_url(_this_month())}&station={station.pk}")
    return TemplateResponse(
        request,
        "stations/duty/wish.html",
        {"station": station, "wish": wish, "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.PLAN_ROSTER)
@require_GET
def duty_licences(request):
    """The duty people of the county: whose licence or annual check does not hold, and until when."""
    today = timezone.localdate()
    county = county_asked(request, request.GET)
    wanted = check_year_wanted(today, until_month=county.parameter("annual_check_until_month"))
    rows = []
    for worker in (
        AidWorker.objects.visible_to(request.user)
        .on_duty_panel(today)
        .select_related("unit")
        .prefetch_related("duty_stations")
        .order_by("licence_to", "name", "pk")
    ):
        is_licensed = worker.kind != AidWorkerKind.STAFF
        is_new = worker.practising_since and worker.practising_since.year > wanted
        worker.days_left = (worker.licence_to - today).days if worker.licence_to else None
        worker.urgency = _urgency(worker.days_left) if is_licensed else ""
        worker.has_no_licence = is_licensed and worker.licence_to is None
        worker.lacks_check = (
            is_licensed
            and not is_new
            and (worker.annual_check_year is None or worker.annual_check_year < wanted)
        )
        rows.append(worker)
    return TemplateResponse(
        request,
        "stations/duty/licences.html",
        {
            "rows": rows,
            "wanted": wanted,
            "wrong": sum(
                row.urgency == "over" or row.has_no_licence or row.lacks_check for row in rows
            ),
            "today": today,
        },
    )


def _urgency(left):
    """How a licence looks with so many days left (clock 32)."""
    if left is None or left > LICENCE_WARNINGS[0]:
        return ""
    if left < 0:
        return "over"
    return "near" if left <= LICENCE_WARNINGS[1] else "half"


# ── Paper ───────────────────────────────────────────────────────────────────────────────


@allowed(*READERS)
@require_GET
def duty_print(request):
    """The web twin of the roster for the wall: weeks of one station, or the county's table."""
    return TemplateResponse(request, *_paper(request))


@allowed(*READERS)
@require_GET
@few_at_a_time
def duty_pdf(request):
    template, context = _paper(request)
    name = f"duty-{context['month']:%Y-%m}.pdf"
    return handing_out.shown(render_pdf(template, context), name)


def _paper(request):
    county, month, _reached, grid = _asked(request)
    is_one = len(grid.stations) == 1
    template = (
        "stations/duty/print_station.html" if is_one else "stations/duty/print_county.html"
    )
    return template, {
        "county": county,
        "month": month,
        "grid": grid,
        "station": grid.stations[0] if is_one else None,
        "printed_at": timezone.now(),
    }


@allowed(Ability.PLAN_ROSTER)
@require_GET
@few_at_a_time
def duty_card(request, pk):
    """The card with the station's code, for its wall, as PDF."""
    station = get_object_or_404(
        Station.objects.visible_to(request.user).select_related("county__division"), pk=pk
    )
    if not plans_at(request.user, station):
        raise PermissionDenied
    code = station_code(station)
    content = render_pdf(
        "stations/duty/card.html",
        {
            "station": station,
            "code": f"{code[:4]} {code[4:]}",
            "qr": qr_square(settings.SITE_URL + desk_path(station)),
        },
    )
    return handing_out.shown(content, "duty-card.pdf")
