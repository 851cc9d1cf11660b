"""Who reviews and when they were last trained; the county's exemptions."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..forms.staffing import VoidForm
from ..forms.training import ExemptionForm
from ..models import Station, TrainingExemption, User
from ..roles import Ability
from ..upkeep import review_right
from .network import chosen_county
from .years import counties_to_choose, open_stations


@allowed(Ability.SEE_NETWORK)
@require_safe
def review_right_list(request):
    county, today = chosen_county(request), timezone.localdate()
    rows = review_right.rights_in(county, open_stations(request, county), today)
    warned = sum(right.is_warned for _station, right in rows)
    if request.GET.get("lacking") == "1":
        rows = [row for row in rows if not row[1].is_current]
    return TemplateResponse(
        request,
        "stations/training/review_rights.html",
        {
            "county": county,
            "counties": counties_to_choose(request),
            "rows": rows,
            "warned": warned,
            "days": county.parameter("review_training_days"),
            "only_lacking": request.GET.get("lacking") == "1",
        },
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def review_right_exempt(request, pk):
    """Let somebody go on reviewing for a while, with the reason."""
    county = request.user.county
    at_stations = User.objects.filter(
        appointments__station__in=Station.objects.visible_to(request.user)
    )
    person = get_object_or_404(at_stations.distinct(), pk=pk)
    form = ExemptionForm(request.POST or None)
    if form.is_valid():
        try:
            review_right.exempt(person, county, by=request.user, **form.cleaned_data)
        except review_right.ExemptionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down; the review page no longer warns."))
            return redirect("stations:review_right_list")
    return TemplateResponse(
        request,
        "stations/training/exempt.html",
        {
            "person": person,
            "right": review_right.right_of(person, county, timezone.localdate()),
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def review_right_end(request, pk):
    exemption = get_object_or_404(TrainingExemption.objects.visible_to(request.user), pk=pk)
    form = VoidForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
    else:
        try:
            review_right.end(exemption, reason=form.cleaned_data["reason"], by=request.user)
        except review_right.ExemptionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Taken back; the review page warns again."))
    return redirect("stations:review_right_list")
