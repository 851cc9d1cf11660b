"""The dictionary of matters: the nation's, and what the county adds and ends."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stations.access import allowed
from stations.particulars import keeping
from stations.roles import Ability
from stations.templatetags.words import full_day
from stations.views.particulars import changed, told

from ..forms.matters import LastDayForm, MatterForm
from ..models import Matter


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def matter_list(request):
    """Every class with its items and their keys; posting adds an own item."""
    form = MatterForm(request.POST or None, county=request.user.county)
    if form.is_valid():
        matter = form.save()
        messages.success(request, _("%(name)s can be chosen now.") % {"name": matter.name})
        return redirect("casework:matter_list")
    return _page(request, form=form)


def _page(request, *, form, ending=None, status=200):
    county, today = request.user.county, timezone.localdate()
    leaves = (
        Matter.objects.leaves()
        .for_county(county)
        .select_related("parent")
        .annotate(
            used=Count(
                "entries", filter=Q(entries__station__county=county, entries__voided_at=None)
            )
        )
    )
    classes = {}
    taken_over = {
        leaf.number_key
        for leaf in leaves
        if leaf.county_id and (leaf.valid_to is None or leaf.valid_to >= today)
    }
    for leaf in sorted(leaves, key=lambda leaf: (leaf.parent.position, leaf.position, leaf.pk)):
        leaf.is_ended = leaf.valid_to is not None and leaf.valid_to < today
        leaf.key = (
            ""
            if leaf.is_ended or (not leaf.county_id and leaf.number_key in taken_over)
            else leaf.number_key
        )
        classes.setdefault(leaf.parent, []).append(leaf)
    return TemplateResponse(
        request,
        "casework/matters/list.html",
        {"classes": classes.items(), "form": form, "ending": ending, "today": today},
        status=422 if form.errors or (ending and ending.errors) else status,
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def matter_edit(request, pk):
    """Another name, hint or key for an own item; national items are the nation's."""
    matter = get_object_or_404(
        Matter.objects.leaves().filter(county=request.user.county), pk=pk
    )
    form = MatterForm(request.POST or None, instance=matter, county=request.user.county)
    if form.is_valid() and changed(form, by=request.user):
        messages.success(request, _("%(name)s is changed.") % {"name": matter.name})
        return redirect("casework:matter_list")
    return TemplateResponse(
        request,
        "casework/matters/form.html",
        {"form": form, "matter": matter, "history": told(request, matter)},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def matter_end(request, pk):
    """Give an own item its last day; old entries keep it."""
    matter = get_object_or_404(
        Matter.objects.leaves().filter(county=request.user.county), pk=pk
    )
    ending = LastDayForm(request.POST, matter=matter)
    if not ending.is_valid():
        return _page(request, form=MatterForm(county=request.user.county), ending=ending)
    keeping.change(matter, by=request.user, valid_to=ending.cleaned_data["valid_to"])
    messages.success(
        request,
        _("%(name)s can be chosen until %(day)s.")
        % {"name": matter.name, "day": full_day(matter.valid_to)},
    )
    return redirect("casework:matter_list")
