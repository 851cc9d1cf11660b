"""One half-day of duty: who stands it, chosen in the table or on its page; absences, times, history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from ..access import allowed
from ..duty import signing
from ..duty import slots as duty_slots
from ..duty.duty_chores import roster_url
from ..duty.people import DutyRefused, candidates, plans_at
from ..forms.duty import AbsenceForm, ExchangeForm, NameForm, TakeBackForm, TimesForm
from ..models import DutySlot, Station
from ..roles import Ability
from ..terms import Absence
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
            "signing_set_by",
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
    may_change = plans and slot.is_to_come and not slot.absence and not slot.is_stood
    may_note = (
        plans
        and slot.duty_month.is_published
        and slot.worker
        and not slot.absence
        and not slot.is_stood
    )
    may_take_back = plans and slot.absence and slot.absence != Absence.CALLED_OFF
    may_set_right = (
        plans
        and slot.duty_month.is_published
        and slot.worker
        and slot.worker.user_id != request.user.pk
        and not slot.absence
        and slot.starts_at - signing.EARLIEST_IN <= timezone.now()
    )
    rows = candidates(slot) if may_change or may_note else []
    context = {
        "slot": slot,
        "is_own": slot.worker is not None and slot.worker.user_id == request.user.pk,
        "may_change": may_change,
        "may_drop": may_change and not slot.duty_month.is_published,
        "changes": slot.changes.select_related("changed_by", "from_worker", "to_worker"),
        "substitute": DutySlot.objects.filter(stands_in_for=slot)
        .exclude(absence=Absence.CALLED_OFF)
        .select_related("worker")
        .first(),
        "back": roster_url(slot.duty_month.month),
    }
    if may_change:
        context["name_form"] = NameForm(slot=slot, rows=rows)
    if may_note:
        context["absence_form"] = AbsenceForm(slot=slot, rows=rows)
    if context["may_drop"] and (others := _others(request, slot)):
        context["exchange_form"] = ExchangeForm(others=others)
    if may_take_back:
        context["back_form"] = TakeBackForm()
    if may_set_right:
        context["times_form"] = TimesForm(slot=slot)
    context |= forms
    wrong = any(form.errors for form in forms.values())
    return TemplateResponse(
        request, "stations/duty/slot.html", context, status=422 if wrong else 200
    )


def _others(request, slot):
    """The half-days of the same draft it may be exchanged with, as far as the person plans."""
    slots = DutySlot.objects.filter(
        duty_month=slot.duty_month_id,
        day__gte=timezone.localdate(),
        station__in=Station.objects.visible_to(request.user),
    )
    slots = slots.standing().exclude(worker=slot.worker).select_related("worker", "station")
    return list(slots.order_by("day", "half", "station__code"))


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


@allowed(Ability.PLAN_ROSTER)
@require_POST
@vary_on_headers("HX-Request")
def duty_slot_exchange(request, pk):
    """Exchange who stands two half-days of a draft: dragged in the table, or chosen on a page."""
    slot = _planned_slot(request, pk)
    form = ExchangeForm(request.POST, others=_others(request, slot))
    if form.is_valid():
        other = _planned_slot(request, form.chosen.pk)
        try:
            duty_slots.exchange(slot, other, by=request.user)
        except DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _exchanged(request, slot.pk, other.pk)
    if not request.htmx:
        return _page(request, slot, exchange_form=form)
    for sentences in form.errors.values():
        messages.error(request, " ".join(sentences))
    return TemplateResponse(
        request, "stations/duty/_exchanged.html", {"slot": slot, "may_edit": True}, status=422
    )


def _exchanged(request, pk, other_pk):
    slot, other = _slot(request, pk), _slot(request, other_pk)
    if not request.htmx:
        messages.success(request, _("The two half-days are exchanged."))
        return redirect(slot)
    return TemplateResponse(
        request,
        "stations/duty/_exchanged.html",
        {"slot": slot, "other": other, "may_edit": True},
    )


@allowed(Ability.PLAN_ROSTER)
@require_POST
def duty_absence_back(request, pk):
    """Take back an absence that was noted by mistake."""
    slot = _planned_slot(request, pk)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            duty_slots.take_back_absence(
                slot, by=request.user, reason=form.cleaned_data["reason"]
            )
        except DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The absence is taken back; the history keeps it."))
            return redirect(slot)
    return _page(request, slot, back_form=form)


@allowed(Ability.PLAN_ROSTER)
@require_POST
def duty_times(request, pk):
    """Set right when somebody came and left, who could not sign in or out themselves."""
    slot = _planned_slot(request, pk)
    form = TimesForm(request.POST, slot=slot)
    if form.is_valid():
        try:
            signing.set_right(
                slot,
                by=request.user,
                signed_in_at=form.signed_in_at,
                signed_out_at=form.signed_out_at,
                reason=form.cleaned_data["reason"],
            )
        except DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The times are set right; the history keeps the old ones.")
            )
            return redirect(slot)
    return _page(request, slot, times_form=form)
