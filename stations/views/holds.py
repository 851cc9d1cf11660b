"""Holds 暂缓销毁: those of a county, one set on a record, one lifted."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from ..access import allowed
from ..forms.retention import HoldForm, ReasonForm
from ..models import Hold
from ..retention import holds
from ..retention.keepers import keeper_of_target
from ..roles import Ability
from .retention import READERS

PAGE = 50
STATES = {
    "standing": pgettext_lazy("hold", "standing"),
    "coming": pgettext_lazy("hold", "to come"),
    "over": pgettext_lazy("hold", "its time is over"),
    "lifted": pgettext_lazy("hold", "lifted"),
}
SHOWN = {"open": gettext_lazy("not lifted"), "all": gettext_lazy("all")}


@allowed(*READERS)
@require_GET
def hold_list(request):
    today = timezone.localdate()
    shown = request.GET.get("show", "open")
    shown = shown if shown in SHOWN else "open"
    rows = Hold.objects.visible_to(request.user).select_related("set_by", "lifted_by")
    if shown == "open":
        rows = rows.filter(lifted_at=None)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    ids = {}
    for hold in page:
        ids.setdefault(hold.target, []).append(hold.record_id)
    seen = {
        (target, pk)
        for target, wanted in ids.items()
        if (keeper := keeper_of_target(target))
        for pk in keeper.seen_by(request.user)
        .filter(pk__in=wanted)
        .values_list("pk", flat=True)
    }
    return TemplateResponse(
        request,
        "stations/retention/holds.html",
        {
            "page": page,
            "rows": [
                (
                    hold,
                    hold.state_on(today),
                    STATES[hold.state_on(today)],
                    keeper_of_target(hold.target).url(hold.record_id)
                    if (hold.target, hold.record_id) in seen
                    else "",
                )
                for hold in page
            ],
            "shown": shown,
            "choices": SHOWN.items(),
        },
    )


@allowed(Ability.KEEP_RECORDS)
@require_http_methods(["GET", "POST"])
def hold_create(request, target, pk):
    """Hold a record this person may open, or all there is of its person."""
    keeper = keeper_of_target(target)
    if keeper is None:
        raise Http404
    record = get_object_or_404(keeper.seen_by(request.user), pk=pk)
    form = HoldForm(request.POST or None)
    if form.is_valid():
        try:
            holds.set_hold(
                target, record, county=request.user.county, by=request.user, **form.cleaned_data
            )
        except holds.HoldRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Held. It comes on no list and is not destroyed."))
            return redirect(keeper.url(pk))
    return TemplateResponse(
        request,
        "stations/retention/hold.html",
        {"record": record, "back": keeper.url(pk), "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.KEEP_RECORDS)
@require_http_methods(["GET", "POST"])
def hold_lift(request, pk):
    hold = get_object_or_404(
        Hold.objects.visible_to(request.user).select_related("set_by", "lifted_by"), pk=pk
    )
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            holds.lift(hold, by=request.user, reason=form.cleaned_data["reason"])
        except holds.HoldRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Lifted. It falls due like any other."))
        return redirect("stations:hold_list")
    return TemplateResponse(
        request,
        "stations/retention/lift.html",
        {"hold": hold, "form": form},
        status=422 if form.errors else 200,
    )
