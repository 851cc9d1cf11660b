"""Village liaisons: list, appoint, correct, end, and to and from files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import chores
from ..access import allowed
from ..files import handing_out
from ..files.tables import FileRefused, as_text, sent, table, text_table
from ..forms.liaisons import LiaisonEndForm, LiaisonFileForm, LiaisonFilter, LiaisonForm
from ..liaisons import liaison_file, liaison_lines, posts
from ..models import ChoreKind, Division, Liaison, Look, Station
from ..models.looks import LookKind
from ..roles import Ability
from .particulars import changed, told
from .stations import saved

PAGE = 50


def _filtered(request):
    """Return (the form of the filters, the liaisons they leave)."""
    form = LiaisonFilter(request.GET, stations=Station.objects.visible_to(request.user))
    rows = form.apply(Liaison.objects.visible_to(request.user), timezone.localdate())
    return form, rows.select_related("village__parent", "station")


@allowed(Ability.SEE_NETWORK)
@require_safe
def liaison_list(request):
    form, rows = _filtered(request)
    page = Paginator(rows.order_by("village__code", "-appointed_from"), PAGE).get_page(
        request.GET.get("page")
    )
    chosen = form.cleaned_data
    place = chosen.get("place")
    return TemplateResponse(
        request,
        "stations/liaisons/list.html",
        {
            "form": form,
            "page": page,
            "day": chosen.get("day") or timezone.localdate(),
            # The figure of the coverage whose rows these are.
            "counted_on": chosen.get("day"),
            "place": place and Division.objects.filter(code=place).order_by("pk").last(),
        },
    )


def _editable_stations(request):
    return Station.objects.visible_to(request.user)


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def liaison_create(request):
    form = LiaisonForm(
        request.POST or None,
        stations=_editable_stations(request),
        initial={"village": request.GET.get("village")},
    )
    if form.is_valid() and saved(form):
        chores.refresh_later(form.instance.station, ChoreKind.LIAISON)
        messages.success(request, _("The liaison is in post."))
        return redirect("stations:station_detail", form.instance.station_id)
    return TemplateResponse(
        request,
        "stations/liaisons/form.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


def _liaison(request, pk):
    rows = Liaison.objects.visible_to(request.user).select_related("village__parent", "station")
    return get_object_or_404(rows, pk=pk)


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def liaison_edit(request, pk):
    liaison = _liaison(request, pk)
    form = LiaisonForm(
        request.POST or None, instance=liaison, stations=_editable_stations(request)
    )
    if form.is_valid() and changed(form, by=request.user):
        chores.refresh_later(form.instance.station, ChoreKind.LIAISON)
        messages.success(request, _("The liaison's particulars are saved."))
        return redirect("stations:station_detail", liaison.station_id)
    return TemplateResponse(
        request,
        "stations/liaisons/form.html",
        {"form": form, "liaison": liaison, "history": told(request, liaison)},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def liaison_end(request, pk):
    liaison = _liaison(request, pk)
    form = LiaisonEndForm(request.POST or None)
    if form.is_valid():
        try:
            posts.end(
                liaison,
                last_day=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except posts.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The appointment is ended; the village waits for a new one.")
            )
            return redirect("stations:station_detail", liaison.station_id)
    return TemplateResponse(
        request,
        "stations/liaisons/end.html",
        {"form": form, "liaison": liaison},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_STATION)
@require_POST
def liaison_export(request):
    """The filtered liaisons as xlsx, phones in clear; the log says who took it away."""
    form, rows = _filtered(request)
    rows = list(rows.order_by("village__code", "-appointed_from"))
    Look.objects.create(
        kind=LookKind.EXPORT,
        user=request.user,
        station=request.user.station,
        county=request.user.county,
        subject=f"liaisons?{form.trace()}"[:400],
        count=len(rows),
    )
    return handing_out.kept(liaison_file.export(rows), f"liaisons-{timezone.localdate()}.xlsx")


@allowed(Ability.EDIT_STATION)
@require_safe
def liaison_template(request):
    """The empty form, with a row for every village that waits for a liaison."""
    villages = (
        Division.objects.villages()
        .filter(
            valid_to=None,
            parent__stations__in=_editable_stations(request).filter(closed_on=None),
        )
        .exclude(pk__in=Liaison.objects.filter(appointed_to=None).values("village"))
        .select_related("parent")
    )
    return handing_out.kept(liaison_file.template(villages), "liaisons-template.xlsx")


@allowed(Ability.EDIT_STATION)
@require_http_methods(["GET", "POST"])
def liaison_import(request):
    """Check a file and show what it would do; the second press takes over exactly those rows."""
    form = LiaisonFileForm(request.POST or None, request.FILES or None)
    context = {"form": form}
    if form.is_valid():
        file, text = form.cleaned_data["file"], form.cleaned_data["text"]
        try:
            rows = table(sent(file)) if file else text_table(text)
            lines = liaison_file.read(
                rows,
                stations=_editable_stations(request).filter(closed_on=None),
                replaces=form.cleaned_data["replaces"],
            )
            context |= {
                "lines": lines,
                "shown": [line for line in lines if line.errors or not line.is_unchanged],
                "new": sum(line.is_new for line in lines),
                "changed": sum(
                    not (line.errors or line.is_new or line.is_unchanged) for line in lines
                ),
                "unchanged": sum(not line.errors and line.is_unchanged for line in lines),
                "wrong": sum(bool(line.errors) for line in lines),
                "text": as_text(rows),
            }
            if text and not file and not context["wrong"]:
                count = liaison_lines.save(lines, by=request.user)
                for station in {line.station for line in lines if not line.is_unchanged}:
                    chores.refresh_later(station, ChoreKind.LIAISON, ChoreKind.TRAINING)
                messages.success(
                    request,
                    ngettext("%d row was taken over.", "%d rows were taken over.", count)
                    % count,
                )
                return redirect("stations:liaison_list")
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
    return TemplateResponse(
        request,
        "stations/liaisons/import.html",
        context,
        status=422 if form.errors or context.get("wrong") else 200,
    )
