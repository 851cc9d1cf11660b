"""One half-day of duty: who stands it, chosen in the table or on its page; absences; its history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from ..access import allowed
from ..duty import slots as duty_slots
from ..duty.duty_chores import roster_url
from ..duty.people import DutyRefused, candidates, plans_at
from ..forms.duty import AbsenceForm, NameForm
from ..models import DutySlot
from ..roles import Ability
from .duty_roster import READERS


def _slot(request, pk):
    """A half-day somebody may see; one of a draft only whoever plans."""
    slots = DutySlot.objects.visible_to(request.user)
    if not request.user.may(Ability.PLAN_ROSTER):
        slots = slots.published()
    return get_object_or_404(
        slots.select_related(
            "station__county__division",
            "worker__unit",
            "duty_month__county",
            "absence_by",
            "stands_in_for__worker",
            "published_worker",
        ),
        pk=pk,
    )


def _planned_slot(request, pk):
    slot = _slot(request, pk)
    if not plans_at(request.user, slot.station):
        raise PermissionDenied
    return slot


@allowed(*READERS)
@require_GET
def duty_slot(request, pk):
    """The page of one half-day."""
    return _page(request, _slot(request, pk))


def _page(request, slot, **forms):
    plans = plans_at(request.user, slot.station)
    is_to_come = slot.day >= timezone.localdate()
    may_change = plans and is_to_come and not slot.absence and not slot.is_stood
    may_note = (
        plans
        and slot.duty_month.is_published
        and slot.worker
        and not slot.absence
        and not slot.is_stood
    )
    rows = candidates(slot) if may_change or may_note else []
    context = {
        "slot": slot,
        "is_own": slot.worker is not None and slot.worker.user_id == request.user.pk,
        "is_to_come": is_to_come,
        "may_change": may_change,
        "may_drop": may_change and not slot.duty_month.is_published,
        "changes": slot.changes.select_related("changed_by", "from_worker", "to_worker"),
        "substitute": DutySlot.objects.filter(stands_in_for=slot)
        .select_related("worker")
        .first(),
        "back": roster_url(slot.duty_month.month),
    }
    if may_change:
        context["name_form"] = NameForm(slot=slot, rows=rows)
    if may_note:
        context["absence_form"] = AbsenceForm(slot=slot, rows=rows)
    context |= forms
    wrong = any(form.errors for form in forms.values())
    return TemplateResponse(
        request, "stations/duty/slot.html", context, status=422 if wrong else 200
    )


@allowed(Ability.PLAN_ROSTER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def duty_slot_name(request, pk):
    """Choose who stands a half-day: in the table of a draft by htmx, else on its page."""
    slot = _planned_slot(request, pk)
    if request.method == "GET":
        if not request.htmx:
            return redirect(slot)
        template = "_stand" if "back" in request.GET else "_choose"
        context = {"slot": slot, "may_edit": True}
        if template == "_choose":
            context["form"] = NameForm(slot=slot, rows=candidates(slot))
        return TemplateResponse(request, f"stations/duty/{template}.html", context)
    form = NameForm(request.POST, slot=slot, rows=candidates(slot))
    if form.is_valid():
        try:
            duty_slots.set_worker(
                slot,
                form.chosen,
                by=request.user,
                reason=form.cleaned_data.get("reason", ""),
            )
        except DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _named(request, slot)
    if request.htmx:
        return TemplateResponse(
            request, "stations/duty/_choose.html", {"slot": slot, "form": form}, status=422
        )
    return _page(request, slot, name_form=form)


def _named(request, slot):
    if request.htmx:
        slot = _slot(request, slot.pk)
        return TemplateResponse(
            request,
            "stations/duty/_stand.html",
            {"slot": slot, "may_edit": True, "is_just_chosen": True},
        )
    messages.success(request, _("The half-day is changed."))
    return redirect(slot)


@allowed(Ability.PLAN_ROSTER)
@require_POST
def duty_slot_drop(request, pk):
    slot = _planned_slot(request, pk)
    month = slot.duty_month.month
    try:
        duty_slots.drop_slot(slot, by=request.user)
    except DutyRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(slot)
    messages.success(request, _("The half-day is taken out of the draft."))
    return redirect(roster_url(month))


@allowed(Ability.PLAN_ROSTER)
@require_POST
def duty_absence(request, pk):
    """Note that somebody cannot come, or was not there."""
    slot = _planned_slot(request, pk)
    form = AbsenceForm(request.POST, slot=slot, rows=candidates(slot))
    if form.is_valid():
        try:
            noted = duty_slots.note_absence(
                slot,
                by=request.user,
                told_at=form.told_at,
                reason=form.cleaned_data["reason"],
                substitute=form.chosen,
            )
        except DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Noted: %(absence)s.") % {"absence": noted.get_absence_display()},
            )
            return redirect(noted)
    return _page(request, slot, absence_form=form)
