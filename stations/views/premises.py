"""Premises and equipment: the county's matrix, a station's page, the check, requests."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..access import allowed
from ..forms.premises import AnswerForm, CheckForm, NeedForm
from ..models import PremisesCheck, PremisesNeed
from ..roles import Ability
from ..terms import ItemState, PremisesItem
from ..upkeep import premises
from .network import chosen_county
from .years import a_station, counties_to_choose, open_stations

HISTORY = 30


@allowed(Ability.SEE_NETWORK)
@require_safe
def premises_matrix(request):
    """Stations by items; a station's people are led to their own page."""
    county = chosen_county(request)
    stations = list(open_stations(request, county))
    if len(stations) == 1 and request.user.station:
        return redirect("stations:premises_detail", stations[0].pk)
    today = timezone.localdate()
    lines = premises.lines_of(stations, today)
    needs = PremisesNeed.objects.filter(station__in=stations).open()
    return TemplateResponse(
        request,
        "stations/premises/matrix.html",
        {
            "county": county,
            "counties": counties_to_choose(request),
            "items": list(PremisesItem),
            "rows": [(station, lines[station.pk]) for station in stations],
            "sums": _sums(stations, lines),
            "needs": needs.select_related("station").order_by("asked_on", "pk"),
        },
    )


def _sums(stations, lines):
    """For each item, how many stations have it; and the counts over all."""
    every = [line for station in stations for line in lines[station.pk]]
    return {
        "by_item": [
            sum(line.is_there for line in every if line.item == item) for item in PremisesItem
        ],
        "there": sum(line.is_there for line in every),
        "missing": sum(line.state == ItemState.MISSING for line in every),
        "broken": sum(line.state == ItemState.BROKEN for line in every),
        "unchecked": sum(line.check is None or line.is_old for line in every),
        "all": len(every),
    }


@allowed(Ability.SEE_NETWORK)
@require_safe
def premises_detail(request, pk):
    station = a_station(request, pk)
    lines = premises.lines(station, timezone.localdate())
    history = PremisesCheck.objects.filter(station=station).select_related("by")
    needs = PremisesNeed.objects.filter(station=station).select_related(
        "asked_by", "answered_by"
    )
    return TemplateResponse(
        request,
        "stations/premises/detail.html",
        {
            "station": station,
            "lines": lines,
            "there": sum(line.is_there for line in lines),
            "history": history[:HISTORY],
            "needs": needs,
            "last": max((line.check.on for line in lines if line.check), default=None),
        },
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def premises_check(request, pk):
    """All items at once, by keyboard."""
    station = a_station(request, pk)
    lines = premises.lines(station, timezone.localdate())
    form = CheckForm(request.POST or None, request.FILES or None, lines=lines)
    if form.is_valid():
        checks = premises.record(
            station, form.found, on=form.cleaned_data["on"], by=request.user
        )
        messages.success(request, _("%d items are recorded.") % len(checks))
        return redirect("stations:premises_detail", station.pk)
    return TemplateResponse(
        request,
        "stations/premises/check.html",
        {"station": station, "form": form, "states": list(ItemState)},
        status=422 if form.is_bound else 200,
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def need_create(request, pk):
    station = a_station(request, pk)
    form = NeedForm(request.POST or None, initial={"item": request.GET.get("item")})
    if form.is_valid():
        try:
            premises.ask(
                station,
                item=form.cleaned_data["item"],
                why=form.cleaned_data["why"],
                by=request.user,
            )
        except premises.PremisesRefused as refusal:
            form.add_error("item", str(refusal))
        else:
            messages.success(request, _("The county has your request."))
            return redirect("stations:premises_detail", station.pk)
    return TemplateResponse(
        request,
        "stations/premises/need.html",
        {"station": station, "form": form},
        status=422 if form.is_bound else 200,
    )


@allowed(Ability.EDIT_NETWORK)
@require_http_methods(["GET", "POST"])
def need_answer(request, pk):
    needs = PremisesNeed.objects.visible_to(request.user)
    need = get_object_or_404(
        needs.select_related("station__county", "asked_by", "answered_by"), pk=pk
    )
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            premises.answer(
                need,
                answer=form.cleaned_data["answer"],
                words=form.cleaned_data["words"],
                by=request.user,
            )
        except premises.PremisesRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The station sees your answer."))
            return redirect("stations:premises_matrix")
    return TemplateResponse(
        request,
        "stations/premises/answer.html",
        {"need": need, "form": form},
        status=422 if form.is_bound else 200,
    )
