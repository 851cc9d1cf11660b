"""Keeping and destruction 保管与销毁: the schedule, what falls due, lists and what becomes of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..access import allowed
from ..addresses import row_number
from ..forms.retention import ApproveForm, CarryOutForm, DrawForm, ReasonForm, YearsForm
from ..models import DestructionItem, DestructionList, Hold, ItemFate, ListState, Station
from ..retention import lists
from ..retention.keepers import KEEPERS
from ..retention.record_paper import TEMPLATE, kinds_of, paper_of
from ..retention.schedule import (
    BESIDES,
    before_of,
    due_of,
    free_of,
    kept_through,
    line_of,
    schedule,
    set_years,
)
from ..roles import Ability

READERS = (Ability.KEEP_RECORDS, Ability.APPROVE_DESTRUCTION)
PAGE = 50
MOST_LISTS = 20


@allowed(*READERS)
@require_GET
def retention(request):
    """The schedule with what falls due by it, the lists there are, and how many holds stand."""
    return _home(request)


def _home(request, *, form=None):
    county, today = request.user.county, timezone.localdate()
    found = [due_of(county, line, today) for line in schedule(county)]
    open_list = DestructionList.objects.open().filter(county=county).for_list().first()
    total = sum(due.count for due in found)
    return TemplateResponse(
        request,
        "stations/retention/home.html",
        {
            "county": county,
            "found": found,
            "total": total,
            "kinds_due": sum(bool(due.count) for due in found),
            "next_on": min((due.next_on for due in found if due.next_on), default=None),
            "besides": BESIDES,
            "open": open_list,
            "lists": DestructionList.objects.filter(county=county).for_list()[:MOST_LISTS],
            "may_draw": total and not open_list and request.user.may(Ability.KEEP_RECORDS),
            "holds": Hold.objects.in_force(today).filter(county=county).count(),
            "form": form,
        },
        status=422 if form else 200,
    )


def _line(county, kind):
    try:
        return line_of(county, kind)
    except KeyError:
        raise Http404 from None


@allowed(*READERS)
@require_GET
def retention_kind(request, kind):
    """What of one kind falls due now, row by row: the dry run, without a list."""
    county, today = request.user.county, timezone.localdate()
    line = _line(county, kind)
    keeper, before = line.keeper, before_of(line.years, today)
    if before is None:
        raise Http404
    rows = free_of(keeper.due(county, before), keeper.all_stops(county, today))
    rows = rows.order_by("anchor_on", "pk").values_list(
        "pk", "label", "anchor_on", "at_station", named=True
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    seen = _seen(request.user, {kind: [row.pk for row in page]})
    names = _station_names(county)
    return TemplateResponse(
        request,
        "stations/retention/kind.html",
        {
            "line": line,
            "due": due_of(county, line, today),
            "page": page,
            "rows": [
                (
                    row,
                    names.get(row.at_station, ""),
                    kept_through(row.anchor_on, line.years),
                    seen.get((kind, row.pk), ""),
                )
                for row in page
            ],
        },
    )


def _seen(user, ids):
    """{(kind, record id): address} of the records of {kind: ids} this person may open."""
    return {
        (kind, pk): KEEPERS[kind].url(pk)
        for kind, wanted in ids.items()
        if kind in KEEPERS and KEEPERS[kind].url(0)
        for pk in KEEPERS[kind].seen_by(user).filter(pk__in=wanted).values_list("pk", flat=True)
    }


def _station_names(county):
    return dict(Station.objects.filter(county=county).values_list("pk", "short_name"))


@allowed(Ability.KEEP_RECORDS)
@require_http_methods(["GET", "POST"])
def retention_years(request, kind):
    """How long one kind is kept from now on, with what was set before."""
    line = _line(request.user.county, kind)
    form = YearsForm(request.POST or None, line=line)
    if form.is_valid():
        set_years(
            request.user.county,
            kind,
            years=form.cleaned_data["years"],
            why=form.cleaned_data["why"],
            by=request.user,
        )
        messages.success(request, _("Set. It holds from now on."))
        return redirect("stations:retention")
    return TemplateResponse(
        request,
        "stations/retention/years.html",
        {"line": line, "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.KEEP_RECORDS)
@require_POST
def destruction_draw(request):
    """Draw up the list of what falls due of the chosen kinds; nothing is destroyed by it."""
    choices = [(code, keeper.label) for code, keeper in KEEPERS.items()]
    form = DrawForm(request.POST, choices=choices)
    if not form.is_valid():
        return _home(request, form=form)
    try:
        listed = lists.draw(
            request.user.county, set(form.cleaned_data["kinds"]), by=request.user
        )
    except lists.ListRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("stations:retention")
    messages.success(
        request,
        _("List %(number)s is drawn up. Look through it; another person approves it.")
        % {"number": listed.number},
    )
    return redirect(listed)


# ── One list ────────────────────────────────────────────────────────────────────────────


def _list(request, pk):
    listed = DestructionList.objects.visible_to(request.user).for_list()
    return get_object_or_404(listed.select_related("ordered_by", "document"), pk=pk)


@allowed(*READERS)
@require_GET
def destruction_list(request, pk):
    return _page(request, _list(request, pk))


def _page(request, listed, *, bound=None):
    """The page of a list, also after a form was wrong: what was typed is still there."""
    kinds = kinds_of(listed)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    station = row_number(request.GET.get("station"))
    items = listed.items.select_related("station", "by")
    if kind in kinds:
        items = items.filter(kind=kind)
    if state in ItemFate:
        items = items.filter(state=state)
    if station:
        items = items.filter(station=station)
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    ids = {}
    for item in page:
        ids.setdefault(item.kind, []).append(item.record_id)
    seen = _seen(request.user, ids)
    lines = [line for each in kinds.values() for line in each.lines]
    left = sum(line.listed - line.off - line.destroyed for line in lines)
    may_keep = request.user.may(Ability.KEEP_RECORDS)
    is_waiting = listed.state in {ListState.DRAWN, ListState.APPROVED}
    forms = {}
    if (is_waiting and may_keep) or listed.state == ListState.DRAWN:
        forms["withdraw"] = ReasonForm(prefix="withdraw")
    if listed.state == ListState.DRAWN and lists.may_approve(request.user, listed):
        forms["approve"] = ApproveForm()
    if listed.state == ListState.APPROVED and may_keep:
        forms["carry_out"] = CarryOutForm(count=left)
    if bound:
        forms[bound[0]] = bound[1]
    return TemplateResponse(
        request,
        "stations/retention/list.html",
        {
            "list": listed,
            "kinds": kinds,
            "listed": sum(line.listed for line in lines),
            "off": sum(line.off for line in lines),
            "destroyed": sum(line.destroyed for line in lines),
            "left": left,
            "page": page,
            "rows": [
                (
                    item,
                    kinds[item.kind].label,
                    KEEPERS[item.kind].done
                    if item.state == ItemFate.DESTROYED and item.kind in KEEPERS
                    else item.get_state_display(),
                    seen.get((item.kind, item.record_id), ""),
                )
                for item in page
            ],
            "stations": _station_names(listed.county).items(),
            "kind": kind,
            "state": state,
            "station": station,
            "states": ItemFate.choices,
            "may_take_out": may_keep and is_waiting,
            "is_own": listed.drawn_by_id == request.user.pk,
            "forms": forms,
            **_progress(listed),
        },
        status=422 if bound else 200,
    )


def _progress(listed):
    share = listed.done * 100 // listed.total if listed.total else 0
    return {"share": min(share, 100)}


@allowed(*READERS)
@require_GET
def destruction_progress(request, pk):
    """How far the carrying out is; the page asks by itself while it runs."""
    listed = _list(request, pk)
    return TemplateResponse(
        request, "stations/retention/_progress.html", {"list": listed, **_progress(listed)}
    )


@allowed(Ability.KEEP_RECORDS)
@require_http_methods(["GET", "POST"])
def destruction_take_out(request, pk):
    """Take one item off a list, with a reason."""
    item = get_object_or_404(
        DestructionItem.objects.select_related("list__county", "station").filter(
            list__in=DestructionList.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            lists.take_out(
                item.list, [item.pk], reason=form.cleaned_data["reason"], by=request.user
            )
        except lists.ListRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("%(label)s is off the list; it is not destroyed.") % {"label": item.label},
            )
        return redirect(item.list)
    return TemplateResponse(
        request,
        "stations/retention/take_out.html",
        {"item": item, "label": KEEPERS[item.kind].label, "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.APPROVE_DESTRUCTION)
@require_POST
def destruction_approve(request, pk):
    listed = _list(request, pk)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _page(request, listed, bound=("approve", form))
    return _made(
        request,
        listed,
        lambda: lists.approve(listed, by=request.user, opinion=form.cleaned_data["opinion"]),
        _("Approved. The bureau carries it out; until then it can be withdrawn."),
    )


@allowed(*READERS)
@require_POST
def destruction_withdraw(request, pk):
    listed = _list(request, pk)
    form = ReasonForm(request.POST, prefix="withdraw")
    if not form.is_valid():
        return _page(request, listed, bound=("withdraw", form))
    return _made(
        request,
        listed,
        lambda: lists.withdraw(listed, by=request.user, why=form.cleaned_data["reason"]),
        _("Withdrawn. Nothing on it is destroyed."),
    )


@allowed(Ability.KEEP_RECORDS)
@require_POST
def destruction_carry_out(request, pk):
    listed = _list(request, pk)
    if listed.state == ListState.APPROVED:
        count = listed.items.filter(state=ItemFate.LISTED).count()
        form = CarryOutForm(request.POST, count=count)
        if not form.is_valid():
            return _page(request, listed, bound=("carry_out", form))
    return _made(
        request,
        listed,
        lambda: lists.carry_out(listed, by=request.user),
        _("It is being carried out. You may leave this page; it goes on by itself."),
    )


def _made(request, listed, act, done):
    try:
        act()
    except lists.ListRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(listed)


@allowed(*READERS)
@require_GET
def destruction_print(request, pk):
    """The web twin of the paper."""
    return TemplateResponse(request, TEMPLATE, paper_of(_list(request, pk)))
