"""The applications of a station or county as a list, and the next one to take up."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Value
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.calendar.clock_faces import Clock
from stations.models import DayOff
from stations.roles import Ability

from ..applications import next_one, waiting
from ..forms.address import address_of, names_a_number
from ..forms.application_list import ApplicationFilter
from ..models import Application, Deadline
from ..rules import deadlines as limits
from ..terms import ENDED, Status
from ..time_limits import clocks

PAGE = 50


@dataclass(frozen=True)
class Tab:
    key: str
    label: Promise
    count: int
    query: str


@dataclass(frozen=True)
class Row:
    """One application of the list with its next duty, if any runs."""

    application: Application
    clock: Clock | None
    duty: Promise | str


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def application_list(request):
    if names_a_number(request.GET):
        return _found_at(request.GET)
    asked = ApplicationFilter(request.GET, request.user)
    # Which rows stand on the page is asked with their keys alone; only those are read whole.
    keys = waiting.by_next_due(asked.queryset()).values_list("pk", flat=True)
    tabs = _tabs(asked)
    paginator = Paginator(keys, PAGE)
    # Counted already, with the other tabs.
    for tab in tabs:
        if asked.is_valid() and tab.key == asked.cleaned_data["group"]:
            paginator.count = tab.count
    page = paginator.get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "casework/applications/list.html",
        {
            "filter": asked,
            "chips": asked.chips(),
            "tabs": tabs,
            "page": page,
            "rows": _rows(list(page.object_list), request.user),
        },
        status=200 if asked.is_valid() else 422,
    )


@allowed(Ability.SEE_APPLICATIONS)
@require_POST
def application_search(request):
    """What was typed among the filters, as an address of the list."""
    return _found_at(request.POST)


def _found_at(typed):
    return redirect(f"{reverse('casework:application_list')}?{address_of(typed)}".rstrip("?"))


def _tabs(asked):
    """The tabs of this person's day with their counts, in one query."""
    rows = asked.queryset(with_group=False).order_by()
    by_status = rows.filter(waiting.in_group("open")).annotate(of=F("status"))
    to_serve = rows.filter(waiting.in_group("to_serve")).annotate(of=Value("to_serve"))
    counts = dict(_counted(by_status).union(_counted(to_serve), all=True))
    return [
        Tab(key, waiting.GROUPS[key][0], _count_of(key, counts), asked.query_with_group(key))
        for key in asked.tabs
    ]


def _counted(rows):
    return rows.values_list("of").annotate(count=Count("pk"))


def _count_of(key, counts):
    of = {
        "open": set(Status) - ENDED,
        "to_serve": {"to_serve"},
    }.get(key) or waiting.GROUPS[key][1]
    return sum(counts.get(each, 0) for each in of)


def _rows(keys, user):
    """The rows of these keys in their order, with the clock of each next duty."""
    calendar = DayOff.objects.calendar(user.county)
    first = {}
    duties = Deadline.objects.duties().filter(application__in=keys)
    for deadline in duties.order_by("due_on", "number"):
        first.setdefault(deadline.application_id, deadline)
    applications = Application.objects.for_list().in_bulk(keys)
    return [
        Row(
            applications[key],
            clocks.face(first[key], calendar=calendar) if key in first else None,
            limits.LIMITS[first[key].number].name if key in first else "",
        )
        for key in keys
    ]


@allowed(Ability.REVIEW, Ability.COUNTERSIGN, Ability.EXAMINE, Ability.HEAR_OBJECTION)
@require_POST
def application_next(request):
    """Lead to the most urgent application that waits for this person and no colleague has taken up."""
    application = next_one.take_up(request.user)
    if application is None:
        messages.info(
            request, _("Nothing waits for you. What others have to do is listed here.")
        )
        return redirect("casework:application_list")
    return redirect(application)
