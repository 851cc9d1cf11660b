"""The rows behind a figure of a return: of now, or just those a submitted one counted."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from stations.access import allowed
from stations.addresses import row_number
from stations.roles import Ability

from ..analysis.return_columns import Column
from ..analysis.return_rows import Scope
from ..analysis.returns import rows_behind, rows_of_unit, units_of
from ..models import Application, Complaint, RegisterEntry
from ..reports import frozen_rows, return_paper, submissions
from .return_asked import (
    COMPLAINTS,
    OF_APPLICATIONS,
    asked_of,
    counties_of,
    openable,
    period_of_address,
)

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One row a figure counts, as the page lists it."""

    label: str
    day: date | None
    place: str
    what: str
    url: str = ""


def _of_application(application, day, what):
    return Row(
        application.number,
        day,
        application.station.short_name,
        what,
        application.get_absolute_url(),
    )


_APPLICATION = ["application__station", "application__intake_county", "application__aid_matter"]
# {source: (what one row reads with it, how it stands in the list)}
_APPLICATION_ROWS = {
    "received": (
        ["station", "intake_county", "aid_matter"],
        lambda row: _of_application(row, row.received_on, row.aid_matter.name),
    ),
    **{
        source: (
            _APPLICATION,
            lambda row: _of_application(
                row.application, row.made_on, row.application.aid_matter.name
            ),
        )
        for source in ("granted", "refused", "terminated")
    },
    "ended": (
        _APPLICATION,
        lambda row: _of_application(
            row.application, timezone.localdate(row.made_at), row.get_move_display()
        ),
    ),
    **{
        source: (
            _APPLICATION,
            lambda row: _of_application(
                row.application, row.closed_on, row.get_result_display()
            ),
        )
        for source in ("closed", "paid")
    },
}
_OTHERS = {
    "entries": (
        ["matter", "station"],
        lambda row: Row(
            row.number,
            row.occurred_on,
            row.station.short_name,
            row.matter.name,
            row.get_absolute_url(),
        ),
    ),
    "stations": (
        [],
        lambda row: Row(
            row.name,
            row.opened_on,
            row.host_name,
            row.get_host_type_display(),
            row.get_absolute_url(),
        ),
    ),
    "units": ([], lambda row: Row(row.name, None, row.address, row.get_kind_display())),
    "workers": (
        ["unit"],
        lambda row: Row(row.name, row.joined_on, row.unit.name, row.get_kind_display()),
    ),
    **{
        source: (
            ["county", "about_station", "about_unit", "about_worker", "about_staff", "ground"],
            lambda row: Row(
                row.number,
                row.received_on,
                row.about,
                row.get_outcome_display() or row.get_status_display(),
                row.get_absolute_url(),
            ),
        )
        for source in COMPLAINTS
    },
    "sessions": (
        ["station", "county__division"],
        lambda row: Row(
            row.title,
            row.on,
            row.station.short_name if row.station else row.county.division.name,
            row.topic,
            reverse("stations:training_detail", args=[row.pk]),
        ),
    ),
    "trained": (
        ["session", "user", "liaison", "station"],
        lambda row: Row(
            row.name,
            row.session.on,
            row.station.short_name,
            row.session.title,
            reverse("stations:training_detail", args=[row.session_id]),
        ),
    ),
    "media": (
        ["station", "county__division"],
        lambda row: Row(
            row.title,
            row.on,
            row.station.short_name if row.station else row.county.division.name,
            row.outlet,
        ),
    ),
}


def _visible_rows(source, rows, user):
    """The rows of a figure that this person may see: what was passed on shows as a trace."""
    if source == "entries":
        return rows.filter(pk__in=RegisterEntry.objects.visible_to(user).values("pk"))
    if source in OF_APPLICATIONS:
        seen = Q()
        key = "pk__in" if source == "received" else "application__in"
        for applications in (
            Application.objects.visible_to(user),
            Application.objects.traces_of(user),
        ):
            seen |= Q(**{key: applications.values("pk")})
        return rows.filter(seen)
    if source in COMPLAINTS:
        return rows.filter(pk__in=Complaint.objects.visible_to(user).values("pk"))
    return rows


# In an address, what belongs to no station or county in sight.
ELSEWHERE = "none"


def _unit(parameters, units):
    """Return the key of the unit an address asks for; 404 for one that is not among `units`."""
    asked = parameters["unit"]
    if asked == ELSEWHERE:
        return None
    key = row_number(asked)
    if key not in units:
        raise Http404
    return key


@dataclass(frozen=True)
class Behind:
    """What stands behind a figure: its column, whose it is, the rows; of a frozen one, what came of them."""

    column: Column
    unit_name: str
    rows: QuerySet
    frozen: frozen_rows.FrozenRows | None = None


def _behind(parameters, asked, period, code):
    """Return (what was submitted, its frozen rows); else the rows of now, also when `now` asks for them."""
    submitted = None
    if len(asked.counties) == 1:
        submitted = submissions.submitted_of(asked.counties[0], period, issue=asked.issue)
    if submitted and submitted.rule != asked.rule:
        submitted = None
    if submitted and submitted.rows_behind and "now" not in parameters:
        made = submissions.thaw(submitted)
        units = dict(zip(made.keys, made.units, strict=True))
        unit = {"unit": _unit(parameters, units)} if "unit" in parameters else {}
        frozen = frozen_rows.frozen_rows(submitted, code, **unit)
        return submitted, Behind(
            frozen.column, units[unit["unit"]] if unit else "", frozen.rows, frozen
        )
    scope = Scope(asked.counties, asked.rule)
    if len(asked.counties) > 1 and "now" not in parameters:
        frozen = _with_rows(submissions.submitted_of_each(asked.counties, period, asked.rule))
        if frozen:
            return None, _behind_of_city(parameters, scope, period, code, frozen)
    column, rows = rows_behind(period, scope, code)
    if "unit" not in parameters:
        return submitted, Behind(column, "", rows)
    units = units_of(period, scope)
    key = _unit(parameters, units)
    name = units[key] if key else pgettext("return", "elsewhere")
    return submitted, Behind(column, name, rows_of_unit(rows, key, units))


def _with_rows(frozen):
    """Those that keep the rows behind their figures; earlier ones keep figures alone."""
    return {pk: each for pk, each in frozen.items() if each.rows_behind}


def _behind_of_city(parameters, scope, period, code, frozen):
    units = units_of(period, scope)
    unit = {"unit": _unit(parameters, units)} if "unit" in parameters else {}
    rows = frozen_rows.city_rows(frozen, period, scope, code, **unit)
    name = units[unit["unit"]] if unit else ""
    return Behind(rows.column, name, rows.rows, rows if rows.ids else None)


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_rows(request, code, column):
    """Just the rows one figure of a return counts: the total's, or those of one unit."""
    period = period_of_address(code, timezone.localdate())
    asked = asked_of(request.GET, counties_of(request.user), period)
    try:
        submitted, behind = _behind(request.GET, asked, period, column)
    except KeyError:
        raise Http404 from None
    column = behind.column
    if column.source not in openable(request.user):
        raise Http404
    reads, listed = (_APPLICATION_ROWS | _OTHERS)[column.source]
    rows = _visible_rows(column.source, behind.rows, request.user)
    page = Paginator(rows.select_related(*reads).order_by("pk"), PAGE).get_page(
        request.GET.get("page")
    )
    since = behind.frozen.since if behind.frozen else {}
    return TemplateResponse(
        request,
        "casework/returns/rows.html",
        {
            "column": column,
            "unit_name": behind.unit_name,
            "submitted": submitted,
            "frozen": behind.frozen,
            "page": page,
            "rows": [(listed(row), since.get(row.pk)) for row in page],
            "period": period,
            "period_name": return_paper.period_name(period),
            "title": return_paper.title_of(period),
            "place": return_paper.place_of(asked.counties),
            "asked": asked,
        },
    )
