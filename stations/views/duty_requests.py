"""What duty persons ask for, before whoever decides: days away and swaps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from ..access import allowed
from ..duty import requests
from ..duty.people import DutyRefused, plans_at
from ..forms.duty import AnswerForm
from ..models import Away, RequestState, Station, Swap
from ..roles import Ability

SHOWN = 50


@allowed(Ability.PLAN_ROSTER)
@require_GET
def duty_request_list(request):
    """What waits for this person, and what was decided lately."""
    user = request.user
    here = Station.objects.visible_to(user)
    swaps = Swap.objects.filter(slot__station__in=here).for_list()
    aways = (
        Away.objects.visible_to(user)
        .select_related("worker__unit", "asked_by", "decided_by")
        .order_by("from_on", "pk")
    )
    waiting = list(swaps.waiting()[:SHOWN])
    for swap in waiting:
        swap.may_agree = swap.state == RequestState.ASKED and not swap.colleague.user_id
    return TemplateResponse(
        request,
        "stations/duty/requests.html",
        {
            "swaps": waiting,
            "aways": aways.filter(state=RequestState.ASKED)[:SHOWN],
            "decided_swaps": swaps.exclude(state__in=[RequestState.ASKED, RequestState.AGREED])[
                :SHOWN
            ],
            "decided_aways": aways.exclude(state=RequestState.ASKED).order_by("-decided_at")[
                :SHOWN
            ],
        },
    )


def _answer(request):
    form = AnswerForm(request.POST)
    form.is_valid()
    return form.cleaned_data.get("answer", "")


@allowed(Ability.PLAN_ROSTER)
@require_POST
def away_decide(request, pk):
    away = get_object_or_404(
        Away.objects.visible_to(request.user).select_related("worker__unit"), pk=pk
    )
    if not requests.may_decide_away(request.user, away):
        raise PermissionDenied
    is_approved = "approve" in request.POST
    try:
        fallen = requests.decide_away(
            away, by=request.user, is_approved=is_approved, answer=_answer(request)
        )
    except DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if fallen:
            messages.warning(
                request,
                ngettext(
                    "Approved. %(count)d half-day needs somebody else now.",
                    "Approved. %(count)d half-days need somebody else now.",
                    fallen,
                )
                % {"count": fallen},
            )
        else:
            messages.success(request, _("Approved.") if is_approved else _("Refused."))
    return redirect("stations:duty_requests")


@allowed(Ability.PLAN_ROSTER)
@require_POST
def swap_decide(request, pk):
    """The head approves or refuses; or notes that a colleague without an account agrees."""
    swap = get_object_or_404(
        Swap.objects.visible_to(request.user).select_related(
            "slot__station", "other__station", "colleague"
        ),
        pk=pk,
    )
    if not plans_at(request.user, swap.slot.station):
        raise PermissionDenied
    if "agree" in request.POST and not requests.may_agree(request.user, swap):
        raise PermissionDenied
    try:
        if "agree" in request.POST:
            requests.agree_swap(swap, by=request.user)
            words = _("Noted that %(name)s agrees.") % {"name": swap.colleague.name}
        elif "approve" in request.POST:
            requests.approve_swap(swap, by=request.user)
            words = _("Approved; the half-days have changed hands.")
        else:
            requests.refuse_swap(swap, by=request.user, answer=_answer(request))
            words = _("Refused.")
    except DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("stations:duty_requests")
