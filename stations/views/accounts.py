"""Accounts and appointments (三员分立: each administrator sees one side)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..access import allowed
from ..forms.accounts import (
    AccountEditForm,
    AccountForm,
    AppointmentForm,
    EndAppointmentForm,
)
from ..models import Appointment, User
from ..roles import Ability
from ..signing_in import accounts
from .particulars import changed, told

ROWS = 50


def _typed(request):
    """What stands in the box of the search, as the database may be asked for it."""
    return request.GET.get("q", "").replace("\0", "").strip()[:40]


def _people(request):
    places = Appointment.objects.select_related("station", "county__division", "city").order_by(
        "to_on", "-from_on"
    )
    return User.objects.visible_to(request.user).prefetch_related(
        Prefetch("appointments", queryset=places)
    )


@allowed(Ability.MANAGE_ACCOUNTS, Ability.APPOINT)
@require_GET
def account_list(request):
    people = _people(request).order_by("-is_active", "name", "pk")
    typed = _typed(request)
    if typed:
        people = people.filter(Q(name__icontains=typed) | Q(username__icontains=typed))
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "stations/accounts/list.html",
        {"page": page, "typed": typed, "today": timezone.localdate()},
    )


@allowed(Ability.MANAGE_ACCOUNTS)
@never_cache
@require_http_methods(["GET", "POST"])
def account_create(request):
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            password = accounts.create(form.save(commit=False), by=request.user)
        except accounts.AccountRefused as refusal:
            form.add_error("username", str(refusal))
        else:
            return _hand_over(request, form.instance, password)
    return TemplateResponse(
        request,
        "stations/accounts/form.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


def _hand_over(request, user, password):
    """Show the new password this once; it is stored nowhere but as a hash."""
    return TemplateResponse(
        request, "stations/accounts/hand_over.html", {"person": user, "password": password}
    )


@allowed(Ability.MANAGE_ACCOUNTS, Ability.APPOINT)
@require_GET
def account_detail(request, pk):
    person = get_object_or_404(_people(request), pk=pk)
    return TemplateResponse(
        request,
        "stations/accounts/detail.html",
        {
            "person": person,
            "today": timezone.localdate(),
            "end_form": EndAppointmentForm(),
            "is_self": person == request.user,
            "history": told(request, person),
        },
    )


@allowed(Ability.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def account_edit(request, pk):
    """Set the person's name or licence right; what stood there stays on record."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    name = person.name
    if person == request.user:
        messages.error(request, _("Nobody does this with their own account; ask a colleague."))
        return redirect("stations:account_detail", pk)
    form = AccountEditForm(request.POST or None, instance=person)
    if form.is_valid() and changed(form, by=request.user):
        accounts.trace(person, by=request.user, subject="changed")
        messages.success(request, _("The account's particulars are saved."))
        return redirect("stations:account_detail", pk)
    return TemplateResponse(
        request,
        "stations/accounts/edit.html",
        {"form": form, "person": person, "name": name, "history": told(request, person)},
        status=422 if form.errors else 200,
    )


@allowed(Ability.MANAGE_ACCOUNTS)
@never_cache
@require_POST
def account_reset(request, pk):
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    try:
        password = accounts.reset_password(person, by=request.user)
    except accounts.AccountRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("stations:account_detail", pk)
    return _hand_over(request, person, password)


@allowed(Ability.MANAGE_ACCOUNTS)
@require_POST
def account_close(request, pk):
    """Close the account, or open it again."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    try:
        if person.is_active:
            accounts.close(person, by=request.user)
            messages.success(request, _("The account is closed."))
        else:
            accounts.reopen(person, by=request.user)
            messages.success(request, _("The account is open again."))
    except accounts.AccountRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("stations:account_detail", pk)


@allowed(Ability.APPOINT)
@require_http_methods(["GET", "POST"])
def appointment_create(request, pk):
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = AppointmentForm(request.POST or None, by=request.user, user=person)
    if form.is_valid():
        try:
            accounts.appoint(form.save(commit=False), by=request.user)
        except accounts.AccountRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is appointed.") % {"name": person.name})
            return redirect("stations:account_detail", pk)
    return TemplateResponse(
        request,
        "stations/accounts/appoint.html",
        {"form": form, "person": person},
        status=422 if form.errors else 200,
    )


@allowed(Ability.APPOINT)
@require_POST
def appointment_end(request, pk):
    appointment = get_object_or_404(Appointment.objects.visible_to(request.user), pk=pk)
    form = EndAppointmentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the last day, like 2026-11-05."))
    else:
        try:
            accounts.end_appointment(
                appointment, by=request.user, last_day=form.cleaned_data["last_day"]
            )
        except accounts.AccountRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The appointment ends on that day."))
    return redirect("stations:account_detail", appointment.user_id)
