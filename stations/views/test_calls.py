"""Test calls: the draw of a month, one number after the other by keyboard, the rate."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ..access import allowed
from ..forms.walls import CallForm
from ..models import TestCall, TestDraw
from ..roles import Ability
from ..terms import CallResult
from ..walls import test_calls
from .network import chosen_county, counties_to_choose

PAGE = 50


@allowed(Ability.SEE_NETWORK)
@require_safe
def test_call_list(request):
    """The rate, the next number to call, and the calls that were made; a station sees its own."""
    county, user = chosen_county(request), request.user
    calls = (
        TestCall.objects.visible_to(user)
        .filter(draw__county=county)
        .select_related("draw", "station", "contact_point__village", "called_by")
        .order_by("-draw__drawn_on", "-draw", "pk")
    )
    reaches_county = any(post.county_id or post.city_id for post in user.posts)
    newest = TestDraw.objects.filter(county=county).first() if reaches_county else None
    may_call = user.may(Ability.EDIT_PARAMETERS)
    waiting = list(calls.waiting().filter(draw=newest)) if newest else []
    page = Paginator(calls, PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "stations/test_calls/list.html",
        {
            "county": county,
            "counties": counties_to_choose(user),
            "page": page,
            "newest": newest,
            "waiting": waiting,
            "next": waiting[0] if waiting and may_call else None,
            "results": list(zip("1234", CallResult, strict=True)),
            "rate": test_calls.rate(county, timezone.localdate()) if reaches_county else None,
            "may_call": may_call,
            "is_drawn": bool(newest)
            and newest.drawn_on.replace(day=1) == timezone.localdate().replace(day=1),
        },
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def test_call_draw(request):
    try:
        draw = test_calls.draw(request.user.county, by=request.user)
    except test_calls.CallRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext("%d number is drawn.", "%d numbers are drawn.", draw.size) % draw.size,
        )
    return redirect("stations:test_call_list")


def _call(request, pk):
    calls = TestCall.objects.visible_to(request.user).filter(draw__county=request.user.county)
    return get_object_or_404(calls, pk=pk)


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def test_call_record(request, pk):
    """Keep the result of one call and go on to the next number."""
    call = _call(request, pk)
    form = CallForm(request.POST)
    if form.is_valid():
        try:
            test_calls.record(call, by=request.user, **form.cleaned_data)
        except test_calls.CallRefused as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, _("Choose what became of the call."))
    return redirect("stations:test_call_list")


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def test_call_again(request, pk):
    """Put a number that was called before into the draw once more."""
    again = test_calls.call_again(_call(request, pk))
    messages.success(request, _("%(number)s is to be called again.") % {"number": again.number})
    return redirect("stations:test_call_list")
