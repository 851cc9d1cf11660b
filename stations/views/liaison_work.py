"""What a station sees of its liaisons' work: tasks, the log by role, packs of those who left."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..files import handing_out
from ..forms.liaison_work import ResultForm, TaskForm
from ..liaisons import hand_over_paper, liaison_work
from ..models import HandOver, Liaison, LiaisonActivity, LiaisonTask
from ..roles import Ability
from ..terms import LiaisonRole
from .network import chosen_county
from .years import a_station, chosen_year, open_stations

ROWS = 30
CLOSED = 10


@allowed(Ability.SEE_NETWORK)
@require_safe
def liaison_work_list(request):
    """Stations by what their liaisons did this year; a station's people see their own."""
    county, year = chosen_county(request), chosen_year(request)
    stations = list(open_stations(request, county))
    if len(stations) == 1 and request.user.station:
        return redirect("stations:liaison_work", stations[0].pk)
    today = timezone.localdate()
    done = {
        (row["liaison__station"], row["role"]): row["count"]
        for row in LiaisonActivity.objects.filter(liaison__station__in=stations, on__year=year)
        .order_by()
        .values("liaison__station", "role")
        .annotate(count=Count("pk"))
    }
    tasks = {
        row["liaison__station"]: row
        for row in LiaisonTask.objects.filter(liaison__station__in=stations)
        .order_by()
        .values("liaison__station")
        .annotate(
            open=Count("pk", filter=Q(closed_at=None)),
            late=Count("pk", filter=Q(closed_at=None, due_on__lt=today)),
        )
    }
    rows = [
        (
            station,
            [done.get((station.pk, role.value), 0) for role in LiaisonRole],
            tasks.get(station.pk, {"open": 0, "late": 0}),
        )
        for station in stations
    ]
    return TemplateResponse(
        request,
        "stations/liaison_work/list.html",
        {"county": county, "year": year, "roles": list(LiaisonRole), "rows": rows},
    )


@allowed(Ability.SEE_NETWORK)
@require_safe
def liaison_work_detail(request, pk):
    """One station: tasks that are open, the log of the year, packs."""
    station = a_station(request, pk)
    year, today = chosen_year(request), timezone.localdate()
    tasks = LiaisonTask.objects.filter(liaison__station=station).select_related(
        "liaison__village", "given_by", "closed_by"
    )
    log = LiaisonActivity.objects.filter(liaison__station=station, on__year=year)
    role = request.GET.get("role", "")
    counts = {
        row["role"]: row["count"]
        for row in log.order_by().values("role").annotate(count=Count("pk"))
    }
    shown = log.filter(role=role) if role in LiaisonRole.values else log
    left = (
        Liaison.objects.filter(station=station, appointed_to__lt=today)
        .select_related("village", "hand_over__to_liaison", "hand_over__received_by")
        .defer("phone")
        .order_by("-appointed_to")
    )
    return TemplateResponse(
        request,
        "stations/liaison_work/detail.html",
        {
            "station": station,
            "year": year,
            "today": today,
            "open_tasks": tasks.open(),
            "closed_tasks": tasks.exclude(closed_at=None).order_by("-closed_at")[:CLOSED],
            "roles": [(each, counts.get(each.value, 0)) for each in LiaisonRole],
            "role": role,
            "page": Paginator(shown.select_related("liaison__village"), ROWS).get_page(
                request.GET.get("page")
            ),
            "left": left[:12],
            "in_post": Liaison.objects.filter(station=station)
            .in_post_on(today)
            .select_related("village")
            .defer("phone")
            .order_by("village__code"),
        },
    )


@allowed(Ability.TAKE_LEAD)
@require_http_methods(["GET", "POST"])
def liaison_task_create(request, pk):
    liaison = get_object_or_404(
        Liaison.objects.visible_to(request.user).select_related("village", "station"), pk=pk
    )
    form = TaskForm(request.POST or None)
    if form.is_valid():
        task = form.save(commit=False)
        task.liaison = liaison
        try:
            liaison_work.give(task, by=request.user)
        except liaison_work.WorkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The liaison sees the task on the phone."))
            return redirect("stations:liaison_work", liaison.station_id)
    return TemplateResponse(
        request,
        "stations/liaison_work/task.html",
        {"liaison": liaison, "form": form},
        status=422 if form.is_bound else 200,
    )


def _task(request, pk):
    tasks = LiaisonTask.objects.visible_to(request.user).select_related("liaison")
    return get_object_or_404(tasks, pk=pk)


@allowed(Ability.TAKE_LEAD, Ability.SEND_LEAD)
@require_POST
def liaison_task_done(request, pk):
    """What came of a task: from the liaison, or from the station on their behalf."""
    return _closed(request, pk, _finish, _("The station sees it."))


@allowed(Ability.TAKE_LEAD)
@require_POST
def liaison_task_withdraw(request, pk):
    return _closed(request, pk, _withdraw, _("The task is taken back."))


def _finish(task, typed, by):
    liaison_work.finish(task, result=typed["result"], key=typed["client_key"], by=by)


def _withdraw(task, typed, by):
    liaison_work.withdraw(task, reason=typed["result"], by=by)


def _closed(request, pk, act, said):
    task = _task(request, pk)
    form = ResultForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("result", [_("Check the form.")])))
    else:
        try:
            act(task, form.cleaned_data, request.user)
        except liaison_work.WorkRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said)
    if request.user.may(Ability.TAKE_LEAD):
        return redirect("stations:liaison_work", task.liaison.station_id)
    return redirect("stations:liaison_tasks")


# ── Handing over ────────────────────────────────────────────────────────────────────────


@allowed(Ability.EDIT_STATION)
@require_POST
def hand_over_create(request, pk):
    liaison = get_object_or_404(Liaison.objects.visible_to(request.user), pk=pk)
    pack = liaison_work.make_pack(liaison, by=request.user)
    messages.success(request, _("The pack is made. Print it, or let the next liaison confirm."))
    return redirect("stations:hand_over_page", pack.pk)


def _pack(request, pk):
    packs = HandOver.objects.visible_to(request.user).select_related(
        "liaison__village__parent",
        "liaison__station__county",
        "to_liaison",
        "made_by",
        "received_by",
    )
    return get_object_or_404(packs, pk=pk)


@allowed(Ability.SEE_NETWORK, Ability.SEND_LEAD)
@require_safe
def hand_over_page(request, pk):
    """The pack on the screen, twin of the paper."""
    context = hand_over_paper.paper(_pack(request, pk))
    return TemplateResponse(request, hand_over_paper.TEMPLATE, context)


@allowed(Ability.SEE_NETWORK, Ability.SEND_LEAD)
@require_safe
def hand_over_pdf(request, pk):
    pack = _pack(request, pk)
    return handing_out.shown(hand_over_paper.render(pack), f"hand-over-{pack.pk}.pdf")


@allowed(Ability.EDIT_STATION, Ability.SEND_LEAD)
@require_POST
def hand_over_receive(request, pk):
    """The next liaison confirms, or the station for one without an account."""
    pack = _pack(request, pk)
    try:
        liaison_work.receive(pack, by=request.user)
    except liaison_work.WorkRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Received; the open tasks go on with the next liaison."))
    if request.user.may(Ability.EDIT_STATION):
        return redirect("stations:liaison_work", pack.liaison.station_id)
    return redirect("stations:liaison_tasks")
