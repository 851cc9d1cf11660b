"""Register files: upload, dry run, bring in, undo; and the backlog grid (台账补录)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.files import handing_out
from stations.models import Station
from stations.roles import Ability

from ..forms.imports import (
    MOST_GRID_ROWS,
    Grid,
    ImportForm,
    UndoForm,
    grid_choices,
    grid_headers,
)
from ..models import ImportBatch
from ..register import imports
from ..register.template import register_template

ROWS = 30


def _own_stations(user):
    """The open stations a person works at; files and grids belong to one of them."""
    return (
        Station.objects.filter(
            pk__in=[post.station_id for post in user.posts if post.station_id]
        )
        .open_on(timezone.localdate())
        .for_list()
    )


def _own_batches(user):
    return ImportBatch.objects.visible_to(user).filter(station__in=_own_stations(user))


@allowed(Ability.IMPORT)
@require_GET
def import_list(request):
    page = Paginator(_own_batches(request.user).for_list(), ROWS)
    return TemplateResponse(
        request, "casework/imports/list.html", {"page": page.get_page(request.GET.get("page"))}
    )


@allowed(Ability.IMPORT)
@require_http_methods(["GET", "POST"])
def import_create(request):
    form = ImportForm(
        request.POST or None, request.FILES or None, stations=_own_stations(request.user)
    )
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = imports.upload(
                file.name, file.read(), form.cleaned_data["station"], by=request.user
            )
        except imports.ImportRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(batch)
    return TemplateResponse(request, "casework/imports/form.html", {"form": form})


@allowed(Ability.IMPORT)
@require_GET
def import_detail(request, pk):
    """Where a file stands; while a worker has it, the page asks again by itself."""
    batch = get_object_or_404(
        _own_batches(request.user)
        .select_related("station", "uploaded_by", "undone_by")
        .defer("content"),
        pk=pk,
    )
    template = (
        "casework/imports/_state.html" if request.htmx else "casework/imports/detail.html"
    )
    return TemplateResponse(
        request,
        template,
        {
            "batch": batch,
            "share": batch.done * 100 // batch.row_count if batch.row_count else 0,
            "doubles": batch.doubles[:50],
            "undo_form": UndoForm(),
        },
    )


@allowed(Ability.IMPORT)
@require_POST
def import_confirm(request, pk):
    """Bring a checked file in, or give it up."""
    batch = get_object_or_404(_own_batches(request.user).defer("content"), pk=pk)
    if "give_up" in request.POST:
        imports.give_up(batch)
        messages.success(request, _("Nothing of this file was brought in."))
        return redirect(batch)
    try:
        imports.confirm(batch)
    except imports.ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(batch)


@allowed(Ability.IMPORT)
@require_POST
def import_undo(request, pk):
    batch = get_object_or_404(_own_batches(request.user).defer("content"), pk=pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
        return redirect(batch)
    try:
        imports.undo(batch, by=request.user, reason=form.cleaned_data["reason"])
    except imports.ImportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The import is undone: its entries are void and keep their numbers.")
        )
    return redirect(batch)


@allowed(Ability.IMPORT)
@require_GET
def import_template(request):
    station = _own_stations(request.user).first()
    if station is None:
        raise PermissionDenied
    return handing_out.kept(register_template(station), "register-template.xlsx")


@allowed(Ability.RECORD)
@require_http_methods(["GET", "POST"])
def entry_grid(request):
    """Twenty rows of a paper register on one screen; saved all together or not at all."""
    station = _own_stations(request.user).first()
    if station is None:
        raise PermissionDenied
    is_typed = request.method == "POST"
    grid = Grid(request.POST if is_typed else None, station=station, by=request.user)
    if is_typed:
        saved = _save_grid(request, grid, station)
        if saved:
            messages.success(
                request,
                ngettext(
                    "%(count)d entry is in the register.",
                    "%(count)d entries are in the register.",
                    saved.row_count,
                )
                % {"count": saved.row_count},
            )
            return redirect("casework:entry_grid")
    return TemplateResponse(
        request,
        "casework/imports/grid.html",
        {
            "grid": grid,
            "headers": grid_headers(),
            "most_rows": MOST_GRID_ROWS,
            "choices": grid_choices(station),
            "station": station,
            "wrong": sum(bool(row["errors"]) for row in grid.rows),
            "asked": sum(row["double"] is not None and not row["is_new"] for row in grid.rows),
        },
    )


def _save_grid(request, grid, station):
    """Return the saved batch, or None when a row is wrong or must be asked about."""
    if not grid.filled:
        grid.head.add_error(None, _("There is no row yet. Type or paste one."))
        return None
    entries = grid.read()
    if entries is None:
        return None
    for position, other in imports.find_doubles(entries, station):
        grid.filled[position]["double"] = (
            other
            if isinstance(other, str)
            else _("row %(row)s") % {"row": grid.filled[other]["number"]}
        )
    if any(grid.is_unasked(row) for row in grid.filled):
        return None
    # Of the grid as it was opened, so that a second press finds the first.
    source = f"grid {request.user.pk} {grid.key}".encode()
    before = ImportBatch.objects.filter(station=station, file_hash=imports.file_hash(source))
    try:
        return before.first() or imports.take_in(
            _("Typed up from paper"), source, entries, station, by=request.user
        )
    except imports.ImportRefused:
        return before.get()
