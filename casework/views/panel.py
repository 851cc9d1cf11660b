"""The county's panel: units and the people who handle cases, with their load and licences."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from stations import chores
from stations.access import allowed
from stations.errands import look_at_walls_later
from stations.models import AidUnit, AidWorker, ChoreKind
from stations.particulars import keeping
from stations.roles import Ability
from stations.views.particulars import changed, told
from stations.views.stations import saved

from ..forms.panel import LeaveForm, UnitForm, WorkerForm
from ..terms import IN_HAND
from ..workflow.panel import with_load

ROWS = 50
# Days before the licence ends at which it is said, ever more urgently (rules 9.3, clock 32).
LICENCE_WARNINGS = (60, 30, 7)


@allowed(Ability.EXAMINE, Ability.HEAR_OBJECTION)
@require_GET
def worker_list(request):
    """Everybody on the panel with what they have in hand; who left only when asked for."""
    today = timezone.localdate()
    typed = request.GET.get("q", "").replace("\0", "").strip()[:40]
    shows_left = request.GET.get("left") == "1"
    workers = AidWorker.objects.visible_to(request.user)
    if not shows_left:
        workers = workers.on_panel(today)
    if typed:
        workers = workers.filter(name__contains=typed)
    workers = with_load(workers).select_related("unit").order_by("unit__name", "name", "pk")
    page = Paginator(workers, ROWS).get_page(request.GET.get("page"))
    for worker in page:
        worker.warning = licence_warning(worker, today)
    return TemplateResponse(
        request,
        "casework/panel/list.html",
        {
            "page": page,
            "typed": typed,
            "shows_left": shows_left,
            "units": list(AidUnit.objects.visible_to(request.user)),
            "today": today,
        },
    )


def licence_warning(worker, today):
    """Return (how urgent, words) of a licence that ends soon or has ended, or None."""
    if worker.licence_to is None or worker.left_on:
        return None
    left = (worker.licence_to - today).days
    if left < 0:
        return "over", pgettext("panel", "licence ended")
    for days in sorted(LICENCE_WARNINGS):
        if left <= days:
            words = ngettext(
                "licence ends in %(count)d day", "licence ends in %(count)d days", left
            )
            return ("near" if days <= 30 else "half"), words % {"count": left}
    return None


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def worker_create(request):
    form = WorkerForm(request.POST or None, county=request.user.county)
    if form.is_valid() and saved(form):
        _panel_changed(form.instance.unit.county)
        messages.success(request, _("%(name)s is on the panel.") % {"name": form.instance.name})
        return redirect("casework:worker_list")
    return TemplateResponse(
        request,
        "casework/panel/worker.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


def _panel_changed(county):
    """Rosters and walls name the people of the panel, and licences are watched."""
    chores.refresh_later(county, ChoreKind.ROSTER)
    look_at_walls_later(county)


def _worker(request, pk):
    return get_object_or_404(
        AidWorker.objects.visible_to(request.user).select_related("unit__county"), pk=pk
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def worker_edit(request, pk):
    worker = _worker(request, pk)
    name = worker.name
    form = WorkerForm(request.POST or None, instance=worker, county=worker.unit.county)
    if form.is_valid() and changed(form, by=request.user):
        _panel_changed(worker.unit.county)
        messages.success(request, _("%(name)s is changed.") % {"name": form.instance.name})
        return redirect("casework:worker_list")
    return TemplateResponse(
        request,
        "casework/panel/worker.html",
        {"form": form, "worker": worker, "name": name, "history": told(request, worker)},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def worker_leave(request, pk):
    """Somebody leaves the panel; what they have in hand is shown first, to be handed over."""
    worker = _worker(request, pk)
    if worker.left_on:
        messages.error(request, _("%(name)s has left already.") % {"name": worker.name})
        return redirect("casework:worker_list")
    in_hand = [
        assignment.application
        for assignment in worker.assignments.filter(
            ended_on=None, application__status__in=IN_HAND
        ).select_related("application__intake_county")
    ]
    form = LeaveForm(request.POST or None, worker=worker)
    if form.is_valid():
        keeping.change(worker, by=request.user, left_on=form.cleaned_data["left_on"])
        _panel_changed(worker.unit.county)
        messages.success(request, _("%(name)s is no longer suggested.") % {"name": worker.name})
        return redirect("casework:worker_list")
    return TemplateResponse(
        request,
        "casework/panel/leave.html",
        {"form": form, "worker": worker, "in_hand": in_hand},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def unit_create(request):
    form = UnitForm(request.POST or None, county=request.user.county)
    if form.is_valid() and saved(form):
        messages.success(
            request, _("%(name)s is kept. Add its people next.") % {"name": form.instance.name}
        )
        return redirect("casework:worker_list")
    return TemplateResponse(
        request, "casework/panel/unit.html", {"form": form}, status=422 if form.errors else 200
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def unit_edit(request, pk):
    unit = get_object_or_404(
        AidUnit.objects.visible_to(request.user).select_related("county"), pk=pk
    )
    name = unit.name
    form = UnitForm(request.POST or None, instance=unit, county=unit.county)
    if form.is_valid() and changed(form, by=request.user):
        messages.success(request, _("%(name)s is changed.") % {"name": form.instance.name})
        return redirect("casework:worker_list")
    return TemplateResponse(
        request,
        "casework/panel/unit.html",
        {"form": form, "unit": unit, "name": name, "history": told(request, unit)},
        status=422 if form.errors else 200,
    )
