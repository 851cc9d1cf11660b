"""The rules library: the county's templates, a station's adopted texts, reading and confirming."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..files import handing_out
from ..forms.rule_documents import AdoptForm, TemplateForm
from ..models import Adoption, RuleDocument, Station
from ..papers.pdf import render_pdf
from ..roles import Ability
from ..terms import RuleKind
from ..upkeep import rule_documents
from .network import chosen_county, counties_to_choose


def _station(request, pk):
    stations = Station.objects.visible_to(request.user).select_related("county__division")
    return get_object_or_404(stations, pk=pk)


def _kind(code):
    if code not in RuleKind:
        raise Http404
    return RuleKind(code)


@allowed(Ability.SEE_NETWORK)
@require_safe
def rule_library(request):
    """Stations × rule sets; whoever works at one station sees its own library at once."""
    user = request.user
    if all(post.station_id for post in user.posts) and user.station:
        return redirect("stations:rule_station", user.station.pk)
    county, today = chosen_county(request), timezone.localdate()
    stations = list(
        Station.objects.visible_to(user)
        .filter(county=county, closed_on=None)
        .select_related("county__division")
    )
    libraries = rule_documents.libraries(county, stations, today)
    newest = {
        document.kind: document
        for document in RuleDocument.objects.filter(county=county)
        .newest()
        .select_related("set_by")
        .defer("text")
    }
    rows = [(station, libraries[station.pk]) for station in stations]
    return TemplateResponse(
        request,
        "stations/rules/library.html",
        {
            "county": county,
            "counties": counties_to_choose(user),
            "rows": rows,
            "templates": [(kind, newest.get(kind)) for kind in RuleKind],
            "lacks_some": len(newest) < len(RuleKind),
            "complete": sum(
                all(line.adoption and line.adoption.in_force_from <= today for line in lines)
                for _station, lines in rows
            ),
            "today": today,
        },
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def rule_defaults(request):
    taken = rule_documents.take_over_defaults(request.user.county, by=request.user)
    if taken:
        messages.success(
            request,
            ngettext("%d rule set was taken over.", "%d rule sets were taken over.", taken)
            % taken,
        )
    else:
        messages.info(
            request, _("Every rule set has its template already; nothing was changed.")
        )
    return redirect("stations:rule_library")


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def rule_template(request, kind):
    """Write the next version of a template."""
    county, kind = request.user.county, _kind(kind)
    versions = list(
        RuleDocument.objects.filter(county=county, kind=kind).select_related("set_by")
    )
    newest = versions[0].text if versions else rule_documents.default_texts().get(kind, "")
    form = TemplateForm(request.POST or None, initial={"text": newest})
    if form.is_valid():
        try:
            made = rule_documents.set_template(
                county, kind, by=request.user, **form.cleaned_data
            )
        except rule_documents.RuleRefused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(
                request,
                _(
                    "Version %(version)s is the template now. The stations are asked to adopt it."
                )
                % {"version": made.version},
            )
            return redirect("stations:rule_library")
    return TemplateResponse(
        request,
        "stations/rules/template.html",
        {"kind": kind, "form": form, "versions": versions},
        status=422 if form.errors else 200,
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def rule_station(request, pk):
    """The seven rule sets of one station: from when, who has not read them."""
    station, today = _station(request, pk), timezone.localdate()
    lines = rule_documents.libraries(station.county, [station], today)[station.pk]
    return TemplateResponse(
        request,
        "stations/rules/station.html",
        {
            "station": station,
            "lines": lines,
            "adopted": sum(bool(line.adoption) for line in lines),
            "mine": [line for line in lines if request.user in line.unread],
            "has_templates": any(line.document for line in lines),
            "today": today,
        },
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def rule_adopt(request, pk, kind):
    """Take the county's newest template, change its words if need be, and let it hold from a day."""
    station, kind = _station(request, pk), _kind(kind)
    document = (
        RuleDocument.objects.filter(county=station.county, kind=kind)
        .order_by("-version")
        .first()
    )
    if document is None:
        messages.error(request, _("The county has no template of this rule set yet."))
        return redirect("stations:rule_station", pk)
    form = AdoptForm(
        request.POST or None,
        initial={"text": rule_documents.filled_in(document.text, station)},
    )
    if form.is_valid():
        try:
            adoption = rule_documents.adopt(
                station, document, by=request.user, **form.cleaned_data
            )
        except rule_documents.RuleRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Adopted. Everybody at the station is asked to read it.")
            )
            return redirect("stations:rule_read", adoption.pk)
    return TemplateResponse(
        request,
        "stations/rules/adopt.html",
        {
            "station": station,
            "kind": kind,
            "document": document,
            "standing": Adoption.objects.standing().filter(station=station, kind=kind).first(),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _adoption(request, pk):
    rows = Adoption.objects.visible_to(request.user).select_related(
        "station__county__division", "document", "adopted_by"
    )
    return get_object_or_404(rows, pk=pk)


@allowed(Ability.SEE_NETWORK)
@require_safe
def rule_read(request, pk):
    """The text as adopted, who has read it and who has not."""
    adoption = _adoption(request, pk)
    staff = rule_documents.staff_of([adoption.station], timezone.localdate())[
        adoption.station_id
    ]
    readings = list(adoption.readings.select_related("user"))
    read = {reading.user_id for reading in readings}
    return TemplateResponse(
        request,
        "stations/rules/read.html",
        {
            "adoption": adoption,
            "lines": lines_of(adoption.text),
            "readings": readings,
            "unread": [user for user in staff.values() if user.pk not in read],
            "may_confirm": request.user.pk in staff
            and request.user.pk not in read
            and adoption.ended_on is None,
            "has_read": request.user.pk in read,
            "today": timezone.localdate(),
        },
    )


def lines_of(text):
    """[(whether it is a heading, line)] of a rule set's text."""
    lines = filter(None, map(str.strip, text.splitlines()))
    return [(line.startswith("#"), line.lstrip("# ")) for line in lines]


@allowed(Ability.STAND_DUTY)
@require_POST
def rule_confirm(request, pk):
    adoption = _adoption(request, pk)
    try:
        rule_documents.confirm(adoption, by=request.user)
    except rule_documents.RuleRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down: you have read it."))
    return redirect("stations:rule_station", adoption.station_id)


@allowed(Ability.SEE_NETWORK)
@require_safe
def rule_print(request, pk):
    """A rule set as an official document, for the file and the wall."""
    adoption = _adoption(request, pk)
    pdf = render_pdf(
        "stations/rules/print.html",
        {"adoption": adoption, "lines": lines_of(adoption.text)},
    )
    name = f"{adoption.station.short_name}-{adoption.get_kind_display()}.pdf"
    return handing_out.shown(pdf, name)
