"""Leads: three taps in the village, a list at the station."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..access import allowed
from ..forms.leads import LeadForm, TakeLeadForm
from ..liaisons import leads, liaison_work
from ..models import Lead
from ..roles import Ability

ROWS = 30


@allowed(Ability.SEND_LEAD)
@require_http_methods(["GET", "POST"])
def lead_home(request):
    """The liaison's one page: send a lead, see what became of the earlier ones."""
    form = LeadForm(request.POST or None)
    if form.is_valid():
        try:
            leads.send(form.save(commit=False), by=request.user)
        except leads.LeadRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The station has it and calls today."))
            return redirect("stations:lead_home")
    mine = Lead.objects.filter(sent_by=request.user).select_related("taken_by")
    return TemplateResponse(
        request,
        "stations/leads/home.html",
        {
            "form": form,
            "post": leads.liaison_post(request.user),
            "waiting": liaison_work.waiting_for(request.user),
            "page": Paginator(mine, ROWS).get_page(request.GET.get("page")),
        },
    )


@allowed(Ability.TAKE_LEAD)
@require_GET
def lead_list(request):
    found = Lead.objects.visible_to(request.user).select_related(
        "village", "station", "sent_by", "taken_by"
    )
    is_waiting = request.GET.get("all") != "1"
    if is_waiting:
        found = found.waiting()
    return TemplateResponse(
        request,
        "stations/leads/list.html",
        {
            "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
            "is_waiting": is_waiting,
        },
    )


@allowed(Ability.TAKE_LEAD)
@require_POST
def lead_take(request, pk):
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=pk)
    form = TakeLeadForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["outcome"][0])
    else:
        try:
            leads.take(lead, by=request.user, outcome=form.cleaned_data["outcome"])
        except leads.LeadRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Taken up; the liaison sees what was done."))
    return redirect("stations:lead_list")
