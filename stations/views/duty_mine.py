"""One's own duty, for a phone: today's half-day, signing in and out, swaps, days away, the calendar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..access import allowed
from ..duty import feed, requests, signing
from ..duty.people import DutyRefused, candidates
from ..forms.duty import AnswerForm, AwayForm, SwapForm
from ..models import AidWorker, Away, DutySlot, RequestState, Station, Swap
from ..roles import Ability

# How many half-days to come, and how many requests, the page shows.
SHOWN = 20
# The codes signed in with today, in the browser's session: {station: [day, code]}.
CODES = "duty_codes"


def _typed_today(request, station_pk):
    """The code of a station that this browser has signed in with today, or an empty text."""
    day, code = request.session.get(CODES, {}).get(str(station_pk), ["", ""])
    return code if day == f"{timezone.localdate()}" else ""


def _remember(request, station, code):
    kept = request.session.get(CODES, {})
    request.session[CODES] = kept | {str(station.pk): [f"{timezone.localdate()}", code]}


def _today(request, station, code):
    """Today's half-days, with what may be pressed now and the code that is known already."""
    now = timezone.now()
    slots = list(signing.slots_today(request.user))
    for slot in slots:
        slot.may_in = signing.may_sign_in(slot, now)
        slot.may_out = signing.may_sign_out(slot, now)
        slot.is_scanned = station is not None and slot.station_id == station.pk
        slot.code = code if slot.is_scanned else _typed_today(request, slot.station_id)
        slot.first_in = slot.starts_at - signing.EARLIEST_IN
        slot.is_over = now > slot.ends_at
    return slots


@allowed(Ability.STAND_DUTY)
@require_GET
def duty_mine(request):
    return _page(request)


def _page(request, *, form=None, station=None, code=""):
    user, today = request.user, timezone.localdate()
    worker = requests.worker_of(user)
    own = DutySlot.objects.of(user).published()
    swaps = Swap.objects.visible_to(user).for_list().order_by("-asked_at")
    year = own.filter(day__year=today.year, day__lte=today).order_by()
    calendar = ""
    if worker and worker.calendar_key:
        calendar = request.build_absolute_uri(_feed_path(worker))
    return TemplateResponse(
        request,
        "stations/duty/mine.html",
        {
            "worker": worker,
            "desk": station,
            "today_slots": _today(request, station, code),
            "slots": list(
                own.standing()
                .filter(day__gt=today)
                .select_related("station")
                .order_by("day", "half")[:SHOWN]
            ),
            "to_answer": list(
                swaps.filter(state=RequestState.ASKED, colleague__user=user)[:SHOWN]
            ),
            "asked": list(swaps.filter(asked_by=user)[:SHOWN]),
            "aways": list(
                Away.objects.filter(worker__user=user)
                .select_related("decided_by")
                .order_by("-from_on")[:SHOWN]
            ),
            "stood": year.filter(signed_in_at__isnull=False).count(),
            "missed": year.exclude(absence="").count(),
            "form": form or (AwayForm(worker=worker) if worker else None),
            "calendar": calendar,
            # A phone knows by this scheme that it may subscribe.
            "calendar_link": calendar.replace(request.scheme, "webcal", 1),
            "licence_left": (worker.licence_to - today).days
            if worker and worker.licence_to
            else None,
        },
        status=422 if form and form.errors else 200,
    )


def _feed_path(worker):
    return reverse("stations:duty_feed", args=[worker.calendar_key])


# ── Signing in and out ──────────────────────────────────────────────────────────────────


@allowed(Ability.STAND_DUTY)
@require_GET
def duty_desk(request, pk, code):
    """Where the code on a station's wall leads: today's half-days of whoever scanned it."""
    station = get_object_or_404(Station, pk=pk)
    if not signing.is_code_of(station, code):
        raise Http404
    return _page(request, station=station, code=code)


@allowed(Ability.STAND_DUTY)
@require_POST
def duty_sign(request, pk):
    """Sign in or out of one's half-day, with the station's code scanned or typed."""
    slot = get_object_or_404(
        DutySlot.objects.of(request.user).published().select_related("station"), pk=pk
    )
    typed = request.POST.get("code", "").replace("\0", "").strip()[:40]
    code = typed or _typed_today(request, slot.station_id)
    if not code:
        messages.error(request, _("Scan the code on the wall of the station, or type it."))
        return redirect("stations:duty_mine")
    act = signing.sign_out if "out" in request.POST else signing.sign_in
    try:
        slot = act(slot, by=request.user, code=code)
    except DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        _remember(request, slot.station, code)
        words = (
            _("Signed out at %(time)s.")
            if "out" in request.POST
            else _("Signed in at %(time)s.")
        )
        moment = slot.signed_out_at if "out" in request.POST else slot.signed_in_at
        messages.success(request, words % {"time": f"{timezone.localtime(moment):%H:%M}"})
    return redirect("stations:duty_mine")


# ── Days away ───────────────────────────────────────────────────────────────────────────


@allowed(Ability.STAND_DUTY)
@require_POST
def away_ask(request):
    worker = requests.worker_of(request.user)
    if worker is None:
        messages.error(request, _("You are not on the duty panel. Ask the center."))
        return redirect("stations:duty_mine")
    form = AwayForm(request.POST, worker=worker)
    if form.is_valid():
        try:
            requests.ask_away(form.instance, by=request.user)
        except DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked. It counts once it is approved."))
            return redirect("stations:duty_mine")
    return _page(request, form=form)


@allowed(Ability.STAND_DUTY)
@require_POST
def away_withdraw(request, pk):
    away = get_object_or_404(Away.objects.filter(worker__user=request.user), pk=pk)
    return _done(
        request, lambda: requests.withdraw_away(away, by=request.user), _("Withdrawn.")
    )


def _done(request, act, words):
    """Do an act of one's own page and say so, or say why it cannot be done."""
    try:
        act()
    except DutyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("stations:duty_mine")


# ── Swaps ───────────────────────────────────────────────────────────────────────────────


@allowed(Ability.STAND_DUTY)
@require_http_methods(["GET", "POST"])
def swap_ask(request, pk):
    """Ask a colleague to take over or exchange one of one's own half-days."""
    slot = get_object_or_404(
        DutySlot.objects.of(request.user)
        .published()
        .standing()
        .select_related("station__county", "duty_month__county", "worker__unit"),
        pk=pk,
    )
    others = (
        DutySlot.objects.filter(
            duty_month__county=slot.duty_month.county_id,
            day__gte=timezone.localdate(),
            worker__isnull=False,
            signed_in_at=None,
        )
        .published()
        .standing()
        .exclude(worker=slot.worker)
        .select_related("worker", "station")
        .order_by("day", "half", "station__code")
    )
    form = SwapForm(request.POST or None, takers=candidates(slot), others=others)
    if form.is_valid():
        try:
            requests.ask_swap(
                slot,
                by=request.user,
                colleague=form.colleague,
                other=form.other,
                reason=form.cleaned_data["reason"],
            )
        except DutyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("%(name)s is asked; then the head agrees.") % {"name": form.colleague.name},
            )
            return redirect("stations:duty_mine")
    return TemplateResponse(
        request,
        "stations/duty/swap.html",
        {"slot": slot, "form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.STAND_DUTY)
@require_POST
def swap_answer(request, pk):
    """The colleague agrees or refuses."""
    swap = get_object_or_404(
        Swap.objects.filter(colleague__user=request.user).select_related("slot__station"), pk=pk
    )
    if "agree" in request.POST:
        return _done(
            request,
            lambda: requests.agree_swap(swap, by=request.user),
            _("You agree. Now the head decides."),
        )
    form = AnswerForm(request.POST)
    form.is_valid()
    return _done(
        request,
        lambda: requests.refuse_swap(
            swap, by=request.user, answer=form.cleaned_data.get("answer", "")
        ),
        _("Refused; your colleague sees it."),
    )


@allowed(Ability.STAND_DUTY)
@require_POST
def swap_withdraw(request, pk):
    swap = get_object_or_404(Swap.objects.filter(asked_by=request.user), pk=pk)
    return _done(
        request, lambda: requests.withdraw_swap(swap, by=request.user), _("Withdrawn.")
    )


# ── The calendar ────────────────────────────────────────────────────────────────────────


@allowed(Ability.STAND_DUTY)
@require_POST
def duty_feed_new(request):
    """Give out a secret address for the phone's calendar; an earlier one answers no more."""
    worker = requests.worker_of(request.user)
    if worker is None:
        messages.error(request, _("You are not on the duty panel. Ask the center."))
    else:
        feed.new_key(worker)
        messages.success(request, _("The address is below. Give it to nobody."))
    return redirect("stations:duty_mine")


@login_not_required
@require_GET
def duty_feed(request, key):
    """The calendar itself: open, because a phone cannot sign in; the address is the secret."""
    worker = (
        AidWorker.objects.on_duty_panel(timezone.localdate())
        .exclude(calendar_key="")
        .filter(calendar_key=key.replace("\0", ""))
        .first()
    )
    if worker is None:
        raise Http404
    response = HttpResponse(
        feed.feed(worker, now=timezone.now()),
        content_type="text/calendar; charset=utf-8",
    )
    add_never_cache_headers(response)
    return response
