"""What the bureau keeps of the law's dictionaries: standards of hardship, matters of legal aid."""

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

from ..forms.matters import LastDayForm
from ..forms.standards import AidMatterForm, StandardForm
from ..intake import standards
from ..models import AidMatter, HardshipStandard


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def hardship_standard_list(request):
    """The standard in force, those to come and those before; posting adds the next."""
    county, today = request.user.county, timezone.localdate()
    form = StandardForm(request.POST or None, instance=HardshipStandard(county=county))
    if form.is_valid():
        try:
            standard = standards.adopt(form.save(commit=False))
        except standards.StandardRefused as refusal:
            form.add_error("valid_from", str(refusal))
        else:
            messages.success(
                request,
                _("The standard holds from %(day)s on.")
                % {"day": full_day(standard.valid_from)},
            )
            return redirect("casework:hardship_standard_list")
    history = list(HardshipStandard.objects.filter(county=county))
    return TemplateResponse(
        request,
        "casework/standards/list.html",
        {
            "form": form,
            "history": history,
            "current": HardshipStandard.objects.in_force(county, today),
            "today": today,
        },
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def aid_matter_list(request):
    """The law's matters and the county's own; posting adds one under 31-9."""
    form = AidMatterForm(request.POST or None, county=request.user.county)
    if form.is_valid():
        matter = form.save()
        messages.success(request, _("%(name)s can be chosen now.") % {"name": matter.name})
        return redirect("casework:aid_matter_list")
    return _page(request, form=form)


def _page(request, *, form, ending=None):
    county, today = request.user.county, timezone.localdate()
    matters = list(
        AidMatter.objects.for_county(county).annotate(
            used=Count("applications", filter=Q(applications__county=county))
        )
    )
    for matter in matters:
        matter.is_ended = matter.valid_to is not None and matter.valid_to < today
    return TemplateResponse(
        request,
        "casework/aid_matters/list.html",
        {"matters": matters, "form": form, "ending": ending, "today": today},
        status=422 if form.errors or (ending and ending.errors) else 200,
    )


def _own(request, pk):
    """A matter the county added itself; the law's stay as they are."""
    return get_object_or_404(AidMatter.objects.filter(county=request.user.county), pk=pk)


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def aid_matter_edit(request, pk):
    """Another name, hint or first day for an own matter."""
    matter = _own(request, pk)
    form = AidMatterForm(request.POST or None, instance=matter, county=request.user.county)
    if form.is_valid() and changed(form, by=request.user):
        messages.success(request, _("%(name)s is changed.") % {"name": matter.name})
        return redirect("casework:aid_matter_list")
    return TemplateResponse(
        request,
        "casework/aid_matters/form.html",
        {"form": form, "matter": matter, "history": told(request, matter)},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_POST
def aid_matter_end(request, pk):
    """Give an own matter its last day; old applications keep it."""
    matter = _own(request, pk)
    ending = LastDayForm(request.POST, matter=matter)
    if not ending.is_valid():
        return _page(request, form=AidMatterForm(county=request.user.county), ending=ending)
    keeping.change(matter, by=request.user, valid_to=ending.cleaned_data["valid_to"])
    messages.success(
        request,
        _("%(name)s can be chosen until %(day)s.")
        % {"name": matter.name, "day": full_day(matter.valid_to)},
    )
    return redirect("casework:aid_matter_list")
