"""Monthly analyses: a station's months, the county's page of a month, and all papers in one file."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.models import County, DayOff
from stations.papers.documents import ask_for
from stations.roles import Ability
from stations.templatetags.words import month_name

from ..analysis.figures import share
from ..models import MonthlyReport, NoVisitDay, RegisterEntry
from ..periods import month_of, months_from, next_month, parse_month
from ..reports import report_pdf
from ..reports.receipts import Receipt, State, receipts
from .month_report import clock_of

# No report is older than the system could be.
EARLIEST = date(2000, 1, 1)
# How many months the county's table shows.
MATRIX_MONTHS = 12
LIST_MONTHS = 24


def _asked_month(request, today):
    """Return the month of `?month=2026-10`; last month for none, nonsense or one to come."""
    this_month = month_of(today)
    try:
        month = parse_month(request.GET.get("month", ""))
    except ValueError:
        month = None
    return month if month and EARLIEST <= month <= this_month else months_from(this_month, -1)


@allowed(Ability.SEE_MONTH)
@require_GET
def report_list(request):
    """A station's months, or the county's page of a month."""
    if request.user.station:
        return _station_list(request)
    return _county_page(request)


def _station_list(request):
    today = timezone.localdate()
    reports = list(
        MonthlyReport.objects.visible_to(request.user)
        .filter(station=request.user.station)
        .for_list()
        .select_related("document")
        .defer("row_ids", "figures", "document__content")[:LIST_MONTHS]
    )
    calendar = DayOff.objects.calendar(request.user.county)
    for report in reports:
        report.clock = clock_of(report, today, calendar)
    return TemplateResponse(
        request,
        "casework/months/station_list.html",
        {"station": request.user.station, "reports": reports},
    )


@dataclass(frozen=True)
class Tile:
    """One count of the county's page; pressing it shows just those stations."""

    key: str
    label: str
    receipts: list[Receipt]
    is_worry: bool = False


def _county_page(request):
    counties = list(
        County.objects.visible_to(request.user)
        .select_related("division")
        .order_by("division__code")
    )
    if not counties:
        raise Http404
    asked = request.GET.get("county")
    county = next((county for county in counties if str(county.pk) == asked), counties[0])
    today = timezone.localdate()
    month = _asked_month(request, today)
    span = [months_from(month, n) for n in range(1 - MATRIX_MONTHS, 1)]
    rows = receipts(county, span, today)
    tiles = _tiles(county, month, [row[-1] for row in rows.values()])
    chosen = next((tile for tile in tiles if tile.key == request.GET.get("show")), tiles[0])
    shown = {receipt.station for receipt in chosen.receipts}
    expected, on_time = len(tiles[0].receipts), len(tiles[2].receipts)
    return TemplateResponse(
        request,
        "casework/months/county_list.html",
        {
            "county": county,
            "counties": counties,
            "month": month,
            "previous": months_from(month, -1),
            "next": next_month(month) if month < month_of(today) else None,
            "span": span,
            "rows": [
                (station, row[-1].name_then, row)
                for station, row in rows.items()
                if station in shown
            ],
            "tiles": tiles,
            "chosen": chosen,
            "on_time_share": share(on_time, expected),
            "own": MonthlyReport.objects.visible_to(request.user)
            .filter(county=county, station=None, month=month)
            .for_list()
            .first(),
        },
    )


def _tiles(county, month, month_receipts):
    expected = [receipt for receipt in month_receipts if receipt.state != State.CLOSED]
    heard = _stations_heard(county, month)

    def those(test):
        return [receipt for receipt in expected if test(receipt)]

    return [
        Tile("expected", pgettext("monthly report", "expected"), expected),
        Tile(
            "received", pgettext("monthly report", "received"), those(lambda r: r.is_received)
        ),
        Tile(
            "on_time",
            pgettext("monthly report", "on time"),
            those(lambda r: r.state == State.ON_TIME),
        ),
        Tile("locked", _("confirmed and locked"), those(lambda r: r.is_locked)),
        Tile(
            "missing",
            pgettext("monthly report", "not received"),
            those(lambda r: not r.is_received),
            True,
        ),
        Tile(
            "silent",
            pgettext("monthly report", "silent all month"),
            those(lambda r: r.station.pk not in heard),
            True,
        ),
    ]


def _stations_heard(county, month):
    """The stations with an entry, or the word that nobody came, on any day of the month."""
    days = {"station__county": county}
    entries = RegisterEntry.objects.counted().filter(**days).in_month(month, next_month(month))
    stated = NoVisitDay.objects.filter(day__gte=month, day__lt=next_month(month), **days)
    return set(
        entries.order_by()
        .values_list("station", flat=True)
        .distinct()
        .union(stated.order_by().values_list("station", flat=True))
    )


@allowed(Ability.SEE_MONTH)
@require_POST
def report_bundle(request):
    """Ask for all papers of a county's month in one file."""
    county = get_object_or_404(
        County.objects.visible_to(request.user), pk=row_number(request.POST.get("county"))
    )
    try:
        month = parse_month(request.POST.get("month", ""))
    except ValueError:
        raise Http404 from None
    if request.user.station:
        raise PermissionDenied
    if not report_pdf.sent_reports(county, month).exists():
        messages.error(request, _("No report of this month has been sent yet."))
        return redirect(f"{reverse('casework:report_list')}?month={month:%Y-%m}")
    title = _("%(county)s: all reports of %(month)s") % {
        "county": county,
        "month": month_name(month),
    }
    document = ask_for(
        "month_bundle",
        title=title,
        filename=f"{title}.zip",
        county=county,
        by=request.user,
        parameters={"month": f"{month:%Y-%m}"},
    )
    return redirect(document)
