"""Guided change of divisions: choose, describe, preview, confirm; and what changed so far."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..access import allowed
from ..errands import hand_over
from ..forms.divisions import ChangeForm, ChangeStartForm
from ..models import County, Division, DivisionEvent
from ..network import divisions
from ..roles import Ability
from ..terms import DivisionChange, Level
from .network import chosen_county


@allowed(Ability.EDIT_NETWORK)
@require_http_methods(["GET", "POST"])
def division_change(request):
    """One address for all steps: what changes stands in it, how it changes is posted.

    The preview makes the change and rolls it back, so it shows exactly what the confirmation does.
    """
    county = chosen_county(request)
    start = ChangeStartForm(request.GET if "change" in request.GET else None, county=county)
    if not start.is_valid():
        return TemplateResponse(
            request,
            "stations/divisions/start.html",
            {"form": start, "county": county, "townships": _tree(county)},
        )
    change, of = start.cleaned_data["change"], list(start.cleaned_data["of"])
    form = ChangeForm(
        request.POST or None, change=change, of=of, parts=start.cleaned_data["parts"] or 2
    )
    context = {
        "form": form,
        "county": county,
        "of": of,
        "change": DivisionChange(change),
    }
    if form.is_valid():
        is_confirmed = "confirm" in request.POST
        try:
            with transaction.atomic():
                effects = _make(change, of, form, by=request.user)
                transaction.set_rollback(not is_confirmed)
        except divisions.ChangeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if is_confirmed:
                hand_over("stations.tasks.refresh_chores_of", county.pk)
                messages.success(request, _("The change is recorded."))
                return redirect("stations:division_events")
            context["effects"] = effects
    return TemplateResponse(
        request, "stations/divisions/change.html", context, status=422 if form.errors else 200
    )


def _tree(county):
    """[(township, its villages)] that exist now."""
    rows = Division.objects.of_county(county).filter(valid_to=None).order_by("code")
    villages = {}
    for row in rows:
        if row.level == Level.VILLAGE:
            villages.setdefault(row.parent_id, []).append(row)
    return [(row, villages.get(row.pk, [])) for row in rows if row.level == Level.TOWNSHIP]


def _make(change, of, form, *, by):
    values = form.cleaned_data
    told = {"on": values["on"], "paper": values["paper"], "by": by}
    match change:
        case DivisionChange.RENAME:
            return divisions.rename(of[0], name=values["name_0"], **told)
        case DivisionChange.SPLIT:
            return divisions.split(
                of[0], parts=form.new, villages=form.parts_of_villages, **told
            )
        case DivisionChange.MERGE:
            return divisions.merge(
                of, into=form.new[0], carries_on=values["carries_on"], **told
            )


@allowed(Ability.SEE_NETWORK)
@require_safe
def division_events(request):
    codes = County.objects.visible_to(request.user).values("division__code")
    events = (
        DivisionEvent.objects.filter(to_divisions__county_code__in=codes)
        .distinct()
        .select_related("recorded_by")
        .prefetch_related("from_divisions", "to_divisions")
    )
    return TemplateResponse(request, "stations/divisions/events.html", {"events": events})
