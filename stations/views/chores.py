"""Who lacks what, since when (缺项一览): the places by kinds, the rows of a cell, the workbook."""

from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.db.models import Count, F, Min, Q, Value
from django.db.models.functions import Coalesce
from django.template.response import TemplateResponse
from django.urls import resolve
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ..access import allowed
from ..addresses import row_number
from ..calendar.clock_faces import clock
from ..files import handing_out
from ..forms.chores import ChoreFilter
from ..lacks import Row, fold, pdf, workbook
from ..models import Chore, County, DayOff, Station
from ..roles import CITY_ROLES, Ability, Role

ROWS = 50
# The most rows a workbook holds; more is no list any more.
MOST_ROWS = 20_000
# The most rows a paper lists; the workbook has them all.
MOST_PRINTED = 400


class _Asked:
    """What a user sees of the chores, through the filters of the address."""

    def __init__(self, request):
        self.user, self.today = request.user, timezone.localdate()
        self.filter = ChoreFilter(request.GET)
        self.is_city = self.user.has_role(*CITY_ROLES)
        # The city looks at counties, and at one county's stations when it names it.
        self.counties = list(County.objects.visible_to(self.user).select_related("division"))
        code = request.GET.get("county", "")
        self.county = next(
            (each for each in self.counties if each.division.code == code),
            None if self.is_city else next(iter(self.counties), None),
        )
        chores = Chore.objects.visible_to(self.user)
        if self.user.station:
            # The station's people look at their own station.
            chores = chores.exclude(station=None)
        if self.county:
            chores = chores.filter(Q(county=self.county) | Q(station__county=self.county))
        self.chores = self.filter.chosen(chores, self.today)

    @property
    def code(self):
        """What keeps the county the city has chosen in the links of its rows."""
        return self.county.division.code if self.is_city and self.county else None

    @property
    def is_by_county(self):
        return self.is_city and self.county is None

    @property
    def place_name(self):
        """Whose page it is, for the head of the paper."""
        if self.user.station:
            return self.user.station.short_name
        return str(self.county) if self.county else str(self.user.posts[0].city)

    def grid(self):
        """The `Grid`: counties for the city, else the county itself and its open stations."""
        overdue = Count("pk", filter=Q(due_on__lt=self.today))
        if self.is_by_county:
            places = [
                Row(str(each.pk), str(each), code=each.division.code) for each in self.counties
            ]
            rows = self._grouped(Coalesce("county", "station__county"), overdue)
            return fold(places, rows, order=self.filter.order)
        stations = (
            Station.objects.visible_to(self.user)
            .filter(county=self.county)
            .filter(Q(closed_on=None) | Q(chores__in=self.chores))
        )
        places = [
            Row(str(pk), name, number=pk, code=self.code)
            for pk, name in stations.distinct().order_by("code").values_list("pk", "short_name")
        ]
        if not self.user.station:
            places.insert(0, Row("0", _("the county itself"), number=0, code=self.code))
        rows = self._grouped(Coalesce("station", Value(0)), overdue)
        return fold(places, rows, order=self.filter.order)

    def _grouped(self, where, overdue):
        return [
            (str(place), kind, count, since_on, late)
            for place, kind, count, since_on, late in self.chores.order_by()
            .annotate(place=where)
            .values("place", "kind")
            .annotate(count=Count("pk"), oldest=Min("since_on"), late=overdue)
            .values_list("place", "kind", "count", "oldest", "late")
        ]

    def rows(self):
        """The rows themselves, the most overdue first, then the oldest."""
        return self.chores.select_related(
            "station__county__division", "county__division"
        ).order_by(F("due_on").asc(nulls_last=True), "since_on", "pk")


def _place(chore, is_by_county):
    if is_by_county:
        return str(chore.county or chore.station.county)
    return chore.station.short_name if chore.station else _("the county itself")


def _may_open(user, url):
    """Whether the page where a chore is done opens for somebody who sees the chore."""
    abilities = getattr(resolve(urlsplit(url).path).func, "abilities", ())
    return not abilities or any(user.may(ability) for ability in abilities)


def _shown(request, asked, rows):
    """One page of rows, each with its place, its days and its clock."""
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    calendar = DayOff.objects.calendar(asked.county)
    for chore in page:
        chore.where = _place(chore, asked.is_by_county)
        chore.days = max((asked.today - chore.since_on).days, 0)
        chore.may_open = _may_open(asked.user, chore.url)
        chore.doers = "、".join(f"{Role(role).label}" for role in chore.roles)
        chore.clock = (
            clock(asked.today, chore.since_on, chore.due_on, calendar) if chore.due_on else None
        )
    return page


@allowed(Ability.SEE_NETWORK)
@require_GET
def chore_list(request):
    """The grid: who lacks what, since when; at a station, which is one line of it, its rows."""
    asked = _Asked(request)
    grid = asked.grid()
    return TemplateResponse(
        request,
        "stations/chores/list.html",
        {
            "asked": asked,
            "filter": asked.filter,
            "grid": grid,
            "rows": _shown(request, asked, asked.rows())
            if asked.user.station and grid.total
            else None,
            "today": asked.today,
        },
    )


@allowed(Ability.SEE_NETWORK)
@require_GET
def chore_rows(request):
    """The rows of one cell, or of a whole row or column of the grid."""
    asked = _Asked(request)
    rows = asked.rows()
    station = row_number(request.GET.get("station"))
    place = ""
    if station is not None:
        rows = rows.filter(station=station or None)
        place = _("the county itself")
        if station:
            place = (
                Station.objects.visible_to(request.user)
                .filter(pk=station)
                .values_list("short_name", flat=True)
                .first()
                or ""
            )
    elif asked.is_city and asked.county:
        place = str(asked.county)
    page = _shown(request, asked, rows)
    return TemplateResponse(
        request,
        "stations/chores/rows.html",
        {"asked": asked, "filter": asked.filter, "page": page, "place": place},
    )


@allowed(Ability.SEE_NETWORK)
@require_GET
def chore_export(request):
    """The grid and its rows as a workbook, just as filtered; to the city without what they say."""
    asked = _Asked(request)
    rows = [
        (
            _place(chore, asked.is_by_county),
            chore.kind,
            "" if asked.is_city else chore.title,
            chore.since_on,
            chore.due_on,
        )
        for chore in asked.rows()[:MOST_ROWS]
    ]
    title = _("Who lacks what, %(day)s") % {
        "day": date_format(asked.today, "DATE_FORMAT"),
    }
    content = workbook(asked.grid(), rows, title=title, today=asked.today)
    name = f"{_('Who lacks what')} {asked.today}.xlsx"
    return handing_out.kept(content, name)


@allowed(Ability.SEE_NETWORK)
@require_GET
def chore_print(request):
    """The same on paper; to the city without the rows and what they say."""
    asked = _Asked(request)
    by_place = asked.rows().order_by(
        F("station__code").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "since_on"
    )
    chores = [] if asked.is_city else list(by_place[:MOST_PRINTED])
    for chore in chores:
        chore.where = _place(chore, asked.is_by_county)
    content = pdf(
        asked.grid(),
        chores,
        place_name=asked.place_name,
        title=_("Who lacks what"),
        today=asked.today,
        is_by_county=asked.is_by_county,
    )
    return handing_out.shown(content, f"lacks-{asked.today}.pdf")
