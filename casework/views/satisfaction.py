"""How satisfied visitors are, by station and month; their suggestions; the card for the desk."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.addresses import path_here, row_number
from stations.files import handing_out
from stations.models import Station
from stations.papers.pdf import render_pdf
from stations.papers.squares import qr_square
from stations.roles import Ability

from ..analysis.satisfaction import (
    LEAST_REPLIES,
    SatisfactionFigures,
    months_of,
    satisfaction_of_stations,
)
from ..complaints import satisfaction, satisfaction_chart
from ..forms.public_complaint import ReplyForm
from ..models import SatisfactionAnswer
from ..reports import charts
from ..workflow import MoveRefused

PAGE = 30


@allowed(Ability.SEE_MONTH)
@require_GET
def satisfaction_results(request):
    """A year's answers: by month as a picture with its table, and by station; the city by county."""
    user, today = request.user, timezone.localdate()
    year = row_number(request.GET.get("year")) or today.year
    year = min(max(year, 2000), today.year)
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    stations = list(
        Station.objects.visible_to(user)
        .open_between(first, last)
        .select_related("county__division")
    )
    figures = satisfaction_of_stations(stations, first, last)
    is_city = not user.may(Ability.SEE_REGISTER)
    rows = [(station, figures[station.pk]) for station in stations]
    if is_city:
        rows = list(_by_county(rows).items())
    months = months_of(stations, first, last)
    return TemplateResponse(
        request,
        "casework/satisfaction/results.html",
        {
            "rows": rows,
            "total": _sum(figures.values()),
            "months": months,
            "chart": satisfaction_chart.by_month(months, charts.PAGE),
            "year": year,
            "years": range(today.year, today.year - 4, -1),
            "is_city": is_city,
            "least": LEAST_REPLIES,
            "card_station": user.station,
        },
    )


def _sum(figures):
    """The figures of several stations as one."""
    figures = list(figures)
    names = ("row_ids", "satisfied_ids", "explained_ids", "charged_ids", "desk_ids")
    return SatisfactionFigures(
        visits=sum(each.visits for each in figures),
        **{name: tuple(pk for each in figures for pk in getattr(each, name)) for name in names},
    )


def _by_county(rows):
    counties = {}
    for station, each in rows:
        counties.setdefault(station.county, []).append(each)
    return {county: _sum(figures) for county, figures in counties.items()}


# ── Suggestions ─────────────────────────────────────────────────────────────────────────


@allowed(Ability.SEE_REGISTER)
@require_GET
def suggestion_list(request):
    """What visitors suggest, at one station or in the county, and what was done about it."""
    rows = SatisfactionAnswer.objects.visible_to(request.user).suggestions()
    shown = request.GET.get("show", "waiting")
    if shown == "waiting":
        rows = rows.filter(reply="")
    elif shown == "charged":
        rows = SatisfactionAnswer.objects.visible_to(request.user).filter(was_charged=True)
    station = row_number(request.GET.get("station"))
    if station:
        rows = rows.filter(station=station)
    rows = rows.select_related("station", "replied_by")
    return TemplateResponse(
        request,
        "casework/satisfaction/suggestions.html",
        {
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "shown": shown,
            "choices": [
                ("waiting", _("not answered yet")),
                ("all", _("all suggestions")),
                ("charged", _("money or gifts asked for")),
            ],
            "station": station,
            "stations": Station.objects.visible_to(request.user).filter(closed_on=None)
            if not request.user.station
            else (),
            "may_reply": request.user.may(Ability.RECORD)
            or request.user.may(Ability.HANDLE_COMPLAINT),
        },
    )


@allowed(Ability.RECORD, Ability.HANDLE_COMPLAINT)
@require_POST
def suggestion_reply(request, pk):
    """Say what was done about a suggestion, once."""
    row = get_object_or_404(
        SatisfactionAnswer.objects.visible_to(request.user).suggestions(), pk=pk
    )
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what is done about it, in at most 300 characters."))
    else:
        try:
            satisfaction.reply(row, by=request.user, words=form.cleaned_data["words"])
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Answered."))
    back = path_here(request, request.POST.get("next", ""))
    return redirect(back or "casework:suggestion_list")


# ── The card for the desk ───────────────────────────────────────────────────────────────


@allowed(Ability.EDIT_STATION)
@require_GET
def satisfaction_card(request, pk):
    """The card that stands on the desk: the square, three lines, and the complaint phone."""
    station = get_object_or_404(
        Station.objects.visible_to(request.user).select_related("county__division"), pk=pk
    )
    address = settings.SITE_URL + reverse("casework:satisfaction_answer", args=[station.code])
    complain = settings.SITE_URL + reverse("casework:complain") + f"?station={station.code}"
    with translation.override(settings.LANGUAGE_CODE):
        content = render_pdf(
            "casework/satisfaction/card_print.html",
            {
                "station": station,
                "county": station.county,
                "code": qr_square(address),
                "complaint_code": qr_square(complain),
                "today": timezone.localdate(),
            },
        )
    name = f"{station.short_name}满意度评价牌.pdf"
    return handing_out.shown(content, name)
