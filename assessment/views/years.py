"""A county's year: where it stands, its stations, and the moves of the whole year."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.calendar.clock_faces import clock
from stations.models import County, DayOff
from stations.roles import Ability

from .. import workflow
from ..forms.acts import AskForm, OpenYearForm, PublishForm, ReasonForm
from ..models import Sheet, SheetEvent, Standard, Year
from ..results import comparison, standings
from ..terms import Grade, SheetStatus, YearStatus

# Left to the stations and then to the county, unless other days are typed (working days).
SELF_SCORE_DAYS, COUNTY_SCORE_DAYS = 10, 20
EVENTS = 12

NEXT_STEPS = {
    YearStatus.OPEN: gettext_lazy(
        "Scores run. When the year is over, ask for the self-scores."
    ),
    YearStatus.SELF_SCORING: gettext_lazy(
        "The stations score themselves; score what has come."
    ),
    YearStatus.COUNTY_SCORING: gettext_lazy("Score every sheet; then the city draws."),
    YearStatus.SPOT_CHECKING: gettext_lazy(
        "The city looks on site; then the result is published."
    ),
    YearStatus.PUBLISHED: gettext_lazy("Decide objections; then a third person confirms."),
    YearStatus.FROZEN: gettext_lazy(
        "Confirmed. Print certificates, follow up what must be mended."
    ),
}
PAPERS = [
    ("sheets", gettext_lazy("All sheets (PDF in one file)")),
    ("summary", gettext_lazy("Summary with ranking (PDF)")),
    ("workbook", gettext_lazy("Summary and lines (Excel)")),
    ("notice", gettext_lazy("Notice as an official document (PDF)")),
    ("honours", gettext_lazy("List of certificates and plaques (PDF)")),
    ("certificates", gettext_lazy("Certificates, a page each (PDF)")),
]


def find_year(request, pk):
    """The year with its county and standard, for whoever reaches the county; else 404."""
    years = Year.objects.visible_to(request.user).for_list()
    return get_object_or_404(years.select_related("reopens", "reopened_as"), pk=pk)


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def home(request):
    """The latest sheet of a station, the latest year of a county, the counties of a city."""
    user = request.user
    if user.station:
        sheet = (
            Sheet.objects.visible_to(user)
            .filter(station=user.station)
            .order_by("-year__year", "-year__issue")
            .first()
        )
        return redirect(sheet) if sheet else _empty(request)
    if user.county:
        year = Year.objects.visible_to(user).order_by("-year", "-issue").first()
        return redirect(year) if year else _empty(request)
    return _city(request)


def _empty(request):
    return TemplateResponse(request, "assessment/years/empty.html")


def _city(request):
    """The city's overview: each county's latest year, how far it is, how its stations stand."""
    counties = list(
        County.objects.visible_to(request.user)
        .select_related("division")
        .order_by("division__code")
    )
    rows = standings.counties_overview(counties)
    return TemplateResponse(
        request, "assessment/years/city.html", {"rows": rows, "grades": Grade.choices}
    )


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def year_list(request):
    """All years and issues a person may read: a station its sheets, the county its years."""
    user = request.user
    if user.station:
        sheets = comparison.of_station(user.station, user)
        return TemplateResponse(request, "assessment/years/own_years.html", {"sheets": sheets})
    years = Year.objects.visible_to(user).for_list()
    return TemplateResponse(request, "assessment/years/list.html", {"years": years})


@allowed(Ability.SCORE)
@require_http_methods(["GET", "POST"])
def year_open(request):
    """Open a year: which, and by which standard."""
    county = request.user.county
    form = OpenYearForm(request.POST or None, county=county)
    if form.is_valid():
        try:
            year = workflow.open_year(
                county,
                form.cleaned_data["year"],
                standard=form.cleaned_data["standard"],
                by=request.user,
            )
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Opened. The stations see their scores; they are being computed.")
            )
            return redirect(year)
    return TemplateResponse(
        request,
        "assessment/years/open.html",
        {
            "form": form,
            "has_standard": Standard.objects.of_county(county).in_use().exists(),
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.SEE_ASSESSMENT)
@require_GET
def year_detail(request, pk):
    """Where each station stands, what the year waits for, and what may be done now."""
    if request.user.station:
        raise Http404
    return year_page(request, find_year(request, pk))


def year_page(request, year, *, bound=None):
    """The page of a year, also after a move was refused: what was typed is still there."""
    user, today = request.user, timezone.localdate()
    county_year = standings.county_year(year)
    may_score = user.may(Ability.SCORE)
    shown, wanted = county_year.rows, request.GET.get("status", "")
    if wanted in SheetStatus.values:
        shown = [row for row in shown if row.sheet.status == wanted]
    calendar = DayOff.objects.calendar(year.county)
    sheets = [row.sheet for row in county_year.rows]
    forms = _forms(year, calendar, today) if may_score else {}
    if bound:
        forms |= bound
    return TemplateResponse(
        request,
        "assessment/years/detail.html",
        {
            "year": year,
            "result": county_year,
            "rows": shown,
            "wanted": wanted,
            "forms": forms,
            "clock": _clock(year, calendar, today),
            "missing": _missing(year, sheets, today),
            "rates": standings.rate_labels(),
            "year_steps": _steps(year),
            "next_step": NEXT_STEPS[year.status],
            "papers": [
                (paper, label)
                for paper, label in PAPERS
                if (paper != "notice" or year.is_public)
                and (paper != "certificates" or year.is_frozen)
            ],
            "may_score": may_score,
            "may_inspect": user.may(Ability.INSPECT),
            "may_confirm": may_score
            and year.status == YearStatus.PUBLISHED
            and not workflow.took_part(year, user),
            "suggested": standings.suggested(year, sheets) if may_score else [],
            "proposals": list(
                standings.waiting_adjustments(year) if may_score and not year.is_frozen else []
            ),
            "objections": list(standings.objections_of(year)) if year.is_public else [],
            "events": _events(year),
        },
        status=422 if bound else 200,
    )


def _steps(year):
    """[(status, label, past, now or nothing)] of a year's six steps."""
    order = list(YearStatus)
    at = order.index(year.status)
    return [
        (
            status.value,
            status.label,
            "past" if n < at or year.is_frozen else "now" if n == at else "",
        )
        for n, status in enumerate(order)
    ]


def _events(year):
    """What happened to the year and its sheets, the newest first."""
    own = list(year.events.select_related("made_by").order_by("-made_at", "-pk")[:EVENTS])
    of_sheets = list(
        SheetEvent.objects.filter(sheet__year=year)
        .exclude(move__in=["publish", "confirm", "reopen"])
        .select_related("made_by", "sheet__station")
        .defer("sheet__snapshot")
        .order_by("-made_at", "-pk")[:EVENTS]
    )
    return sorted([*own, *of_sheets], key=lambda event: event.made_at, reverse=True)[:EVENTS]


def _forms(year, calendar, today):
    """The forms of the moves the map allows now."""
    forms = {}
    if year.status == YearStatus.OPEN:
        forms["ask"] = AskForm(
            initial={
                "self_score_due_on": calendar.add_working_days(today, SELF_SCORE_DAYS),
                "county_score_due_on": calendar.add_working_days(
                    today, SELF_SCORE_DAYS + COUNTY_SCORE_DAYS
                ),
            }
        )
    if year.status == YearStatus.SPOT_CHECKING:
        forms["publish"] = PublishForm(initial={"publicity_from": today})
    if year.is_frozen and not hasattr(year, "reopened_as"):
        forms["reopen"] = ReasonForm(prefix="reopen")
    return forms


def _missing(year, sheets, today):
    """What stands before the year's next step, in sentences; the button obeys this list."""
    if year.status == YearStatus.COUNTY_SCORING:
        return workflow.missing_to_draw(year, sheets)
    if year.status == YearStatus.SPOT_CHECKING:
        return workflow.missing_to_publish(year, sheets)
    if year.status == YearStatus.PUBLISHED:
        return workflow.missing_to_confirm(year, today)
    return []


def _clock(year, calendar, today):
    """The clock of the step the year stands at; None where the plan names no day."""
    start, due_on = {
        YearStatus.SELF_SCORING: (year.last_day, year.self_score_due_on),
        YearStatus.COUNTY_SCORING: (year.self_score_due_on, year.county_score_due_on),
        YearStatus.PUBLISHED: (year.publicity_from, year.publicity_to),
    }.get(year.status, (None, None))
    if not due_on:
        return None
    return clock(today, min(start or today, due_on), due_on, calendar, working=True)


# ── Moves ───────────────────────────────────────────────────────────────────────────────


def _moved(request, year, form, move, said, *, name):
    """Make a move of the whole year with a form's fields, or show why not."""
    if not form.is_valid():
        return year_page(request, year, bound={name: form})
    try:
        moved = move(year, by=request.user, **form.cleaned_data)
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(year)
    messages.success(request, said)
    return redirect(moved)


@allowed(Ability.SCORE)
@require_POST
def year_ask(request, pk):
    return _moved(
        request,
        find_year(request, pk),
        AskForm(request.POST),
        workflow.ask_for_self_scores,
        _("Asked. Every station finds it on its desk, with its last day."),
        name="ask",
    )


@allowed(Ability.SCORE)
@require_POST
def year_publish(request, pk):
    return _moved(
        request,
        find_year(request, pk),
        PublishForm(request.POST),
        workflow.publish,
        _("Published. The page is open to all; print the notice for the wall."),
        name="publish",
    )


@allowed(Ability.SCORE)
@require_POST
def year_confirm(request, pk):
    year = find_year(request, pk)
    try:
        workflow.confirm(year, by=request.user)
    except workflow.MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Confirmed. The year is frozen."))
    return redirect(year)


@allowed(Ability.SCORE)
@require_POST
def year_reopen(request, pk):
    return _moved(
        request,
        find_year(request, pk),
        ReasonForm(request.POST, prefix="reopen"),
        workflow.reopen,
        _("Reopened as a new issue; the confirmed one stays readable."),
        name="reopen",
    )
