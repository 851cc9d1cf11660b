"""Statistical returns: which there are, one return, the rows behind a figure, paper and workbook."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from stations.access import allowed
from stations.addresses import row_number
from stations.models import County, DayOff
from stations.papers.documents import ask_for
from stations.roles import Ability

from ..analysis.return_rows import Rule, Scope
from ..analysis.returns import rows_behind, rows_of_unit, units_of
from ..forms.returns import ReopenForm
from ..models import Application, Complaint, RegisterEntry, SubmittedReturn
from ..periods import MONTHS_IN, neighbour, parse_period, period_of
from ..reports import return_paper, submissions

# No return is older than the system could be.
EARLIEST = date(2000, 1, 1)
# The sources of the columns about complaints; their rows are the bureau's alone.
COMPLAINTS = ("complaints", "complaints_decided", "complaints_reviewed")
# How many periods of each kind the list shows.
SHOWN = {"month": 12, "quarter": 6, "half": 4, "year": 3}
PAGE = 50


@dataclass(frozen=True)
class Offered:
    """One period of the list: its name, whether it is over, and when its return is due."""

    code: str
    name: str
    is_over: bool
    due_on: date
    is_submitted: bool


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a period, whose return, by which rule."""

    counties: tuple[County, ...]
    is_whole_city: bool
    rule: Rule

    @property
    def query(self):
        """The same question for another period or figure."""
        county = "" if self.is_whole_city else f"&county={self.counties[0].pk}"
        return f"rule={self.rule}{county}"


def _counties(user):
    """The counties a person reads returns of, in the order of their codes."""
    return list(
        County.objects.visible_to(user)
        .select_related("division__parent")
        .order_by("division__code")
    )


def _asked(parameters, reached):
    if not reached:
        raise Http404
    number = row_number(parameters.get("county"))
    chosen = [county for county in reached if county.pk == number]
    if number and not chosen:
        raise Http404
    rule = parameters.get("rule")
    return Asked(
        counties=tuple(chosen or reached),
        is_whole_city=not chosen,
        rule=Rule(rule) if rule in Rule else Rule.INTAKE,
    )


def _period(code, today):
    """The period of an address that has begun; 404 for nonsense and for what is to come."""
    try:
        period = parse_period(code)
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= period.first <= today:
        raise Http404
    return period


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_list(request):
    """Every kind of return with its latest periods."""
    counties = _counties(request.user)
    if not counties:
        raise Http404
    today = timezone.localdate()
    calendar = DayOff.objects.calendar(counties[0])
    submitted = set()
    if len(counties) == 1:
        frozen = SubmittedReturn.objects.in_force().filter(county=counties[0])
        submitted = set(frozen.values_list("period", flat=True))
    kinds = []
    for kind in MONTHS_IN:
        period = period_of(kind, today)
        offered = []
        for _n in range(SHOWN[kind]):
            offered.append(
                Offered(
                    code=period.code,
                    name=return_paper.period_name(period),
                    is_over=period.last < today,
                    due_on=return_paper.due_on(period, calendar),
                    is_submitted=period.code in submitted,
                )
            )
            period = neighbour(period, -1)
        title = return_paper.title_of(period)
        kinds.append((title, return_paper.DUE_WORKING_DAYS[kind], offered))
    return TemplateResponse(
        request,
        "casework/returns/list.html",
        {"kinds": kinds, "place": return_paper.place_of(counties)},
    )


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_detail(request, code):
    """One return: every column with its total and its units; frozen once it was submitted."""
    return _return_page(request, code)


def _return_page(request, code, *, reopen_form=None, status=200):
    today = timezone.localdate()
    period = _period(code, today)
    reached = _counties(request.user)
    asked = _asked(request.GET or request.POST, reached)
    later = neighbour(period, 1)
    shown = submissions.show(period, asked.counties, asked.rule)
    # A return frozen before its units were kept by their keys opens its totals alone.
    keys = shown.made.keys or [""] * len(shown.made.units)
    is_county = len(asked.counties) == 1
    return TemplateResponse(
        request,
        "casework/returns/detail.html",
        return_paper.paper(shown)
        | {
            "rows": [
                (
                    line,
                    shown.corrections and shown.corrections.of(line.code),
                    list(zip(line.shown_shares, line.shares, keys, strict=True)),
                )
                for line in shown.made.lines
            ],
            "may_submit": is_county
            and period.last < today
            and shown.submitted is None
            and request.user.may(Ability.SUBMIT_RETURN)
            and submissions.in_force(asked.counties[0], period) is None,
            "may_reopen": shown.submitted and request.user.may(Ability.REOPEN_RETURN),
            "reopen_form": reopen_form or ReopenForm(),
            "issues": SubmittedReturn.objects.visible_to(request.user)
            .filter(county__in=asked.counties, period=period.code)
            .select_related("county__division", "submitted_by", "reopened_by"),
            "asked": asked,
            "reached": reached,
            "rules": Rule.choices,
            "is_over": period.last < today,
            "due_on": return_paper.due_on(period, DayOff.objects.calendar(asked.counties[0])),
            "previous": neighbour(period, -1),
            "next": later if later.first <= today else None,
            "openable": _openable(request.user),
        },
        status=status,
    )


@allowed(Ability.SUBMIT_RETURN)
@require_POST
def return_submit(request, code):
    """Submit a county's return; a second press does no harm."""
    period = _period(code, timezone.localdate())
    asked = _asked(request.POST, _counties(request.user))
    back = f"{reverse('casework:return_detail', args=[code])}?{asked.query}"
    if len(asked.counties) > 1:
        raise Http404
    try:
        submissions.submit(asked.counties[0], period, rule=asked.rule, by=request.user)
    except submissions.SubmissionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Submitted. The figures are frozen as they stand."))
    return redirect(back)


@allowed(Ability.REOPEN_RETURN)
@require_POST
def return_reopen(request, code):
    """The bureau opens a submitted return again, with a reason."""
    period = _period(code, timezone.localdate())
    asked = _asked(request.POST, _counties(request.user))
    back = f"{reverse('casework:return_detail', args=[code])}?{asked.query}"
    submitted = SubmittedReturn.objects.visible_to(request.user).filter(
        pk=row_number(request.POST.get("submitted")) or 0, period=period.code
    )
    if not submitted:
        messages.error(request, _("No return was submitted for this period."))
        return redirect(back)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _return_page(request, code, reopen_form=form, status=422)
    try:
        submissions.reopen(submitted[0], by=request.user, why=form.cleaned_data["why"])
    except submissions.SubmissionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Reopened. The center submits it anew."))
    return redirect(back)


def _openable(user):
    """The sources whose rows this person may see."""
    sources = set()
    if user.may(Ability.SEE_REGISTER):
        sources.add("entries")
    if user.may(Ability.SEE_APPLICATIONS):
        sources |= set(_OF_APPLICATIONS) | {"units", "workers"}
    if user.may(Ability.SEE_NETWORK):
        sources |= {"stations", "sessions", "trained", "media"}
    if user.may(Ability.HANDLE_COMPLAINT):
        sources |= set(COMPLAINTS)
    return sources


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_print(request, code):
    """The web twin of the paper."""
    period = _period(code, timezone.localdate())
    asked = _asked(request.GET, _counties(request.user))
    shown = submissions.show(period, asked.counties, asked.rule)
    return TemplateResponse(
        request, return_paper.TEMPLATE, return_paper.paper(shown) | {"asked": asked}
    )


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_excel(request, code):
    """The workbook, columns in official order; figures only, no personal data."""
    period = _period(code, timezone.localdate())
    asked = _asked(request.GET, _counties(request.user))
    content = return_paper.workbook(submissions.show(period, asked.counties, asked.rule))
    title = return_paper.title_with_place(period, asked.counties)
    response = HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": content_disposition_header(True, f"{title}.xlsx")},
    )
    add_never_cache_headers(response)
    return response


@allowed(Ability.SEE_RETURNS)
@require_POST
def return_pdf(request, code):
    """Ask for the PDF of the return as the rows stand."""
    period = _period(code, timezone.localdate())
    asked = _asked(request.POST, _counties(request.user))
    title = return_paper.title_with_place(period, asked.counties)[:150]
    document = ask_for(
        return_paper.KIND,
        title=title,
        filename=f"{title}.pdf",
        county=None if len(asked.counties) > 1 else asked.counties[0],
        by=request.user,
        parameters={
            "period": period.code,
            "counties": [county.pk for county in asked.counties],
            "rule": asked.rule,
        },
    )
    return redirect(document)


# ── The rows behind a figure ────────────────────────────────────────────────────────────


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
_OF_APPLICATIONS = {
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
    if source in _OF_APPLICATIONS:
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


def _unit(parameters, period, scope):
    """Return (its key, its name, all units) of the unit an address asks for; 404 for another."""
    asked, units = parameters["unit"], units_of(period, scope)
    if asked == ELSEWHERE:
        return None, pgettext("return", "elsewhere"), units
    key = row_number(asked)
    if key not in units:
        raise Http404
    return key, units[key], units


@allowed(Ability.SEE_RETURNS)
@require_GET
def return_rows(request, code, column):
    """Just the rows one figure of a return counts: the total's, or those of one unit."""
    period = _period(code, timezone.localdate())
    asked = _asked(request.GET, _counties(request.user))
    scope = Scope(asked.counties, asked.rule)
    try:
        column, rows = rows_behind(period, scope, column)
    except KeyError:
        raise Http404 from None
    if column.source not in _openable(request.user):
        raise Http404
    unit_name = ""
    if "unit" in request.GET:
        unit, unit_name, units = _unit(request.GET, period, scope)
        rows = rows_of_unit(rows, unit, units)
    reads, listed = (_OF_APPLICATIONS | _OTHERS)[column.source]
    rows = _visible_rows(column.source, rows, request.user)
    page = Paginator(rows.select_related(*reads).order_by("pk"), PAGE).get_page(
        request.GET.get("page")
    )
    return TemplateResponse(
        request,
        "casework/returns/rows.html",
        {
            "column": column,
            "unit_name": unit_name,
            "page": page,
            "rows": [listed(row) for row in page],
            "period": period,
            "period_name": return_paper.period_name(period),
            "title": return_paper.title_of(period),
            "place": return_paper.place_of(asked.counties),
            "asked": asked,
        },
    )
