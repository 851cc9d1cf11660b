"""Signing in and out, and choosing a new password (rules 8.3)."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from redis import RedisError

from ..addresses import caller, path_here
from ..forms.sign_in import NewPasswordForm, SignInForm
from ..models import County, Division, Look, Station
from ..models.looks import LookKind
from ..roles import Ability
from ..signing_in import failures
from ..signing_in.attempts import attempts, count_attempt
from ..terms import Level


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request):
    """Ask for name and password, then lead back to the page the person was on."""
    back = path_here(request, request.POST.get("next", request.GET.get("next", "")))
    if request.user.is_authenticated:
        return redirect(back or "desk")
    if request.method == "POST" and _fails_too_often(request):
        return TemplateResponse(request, "stations/people/failed_too_often.html", status=429)
    form = SignInForm(request, request.POST or None)
    if form.is_valid():
        _begin_session(request, form.get_user())
        return redirect(back or "desk")
    if form.is_bound:
        _count_failure(request)
        failures.write_down(
            form.data.get("username", ""), is_locked=getattr(request, "axes_locked_out", False)
        )
    return TemplateResponse(
        request,
        "stations/people/sign_in.html",
        {
            "form": form,
            "back": back,
            "ended": request.session.get("ended"),
            "picture": _picture(),
        },
    )


# Rules 8.3 lock an account; whoever tries one password on many accounts is slowed down as well.
# A whole office shares an address, and a Monday's mistypings are fewer.
MOST_FAILURES = 30
FAILURES_WITHIN = 15 * 60


def _fails_too_often(request):
    """Whether too many sign-ins from this address failed. Redis away turns nobody away."""
    try:
        return attempts("sign-in", caller(request)) >= MOST_FAILURES
    except (RedisError, OSError):
        return False


def _count_failure(request):
    with suppress(RedisError, OSError):
        count_attempt("sign-in", caller(request), within=FAILURES_WITHIN)


# The picture of the county: a square of 15 every 21 units, so many in a row.
PITCH = 21
PER_ROW = 29


def _picture():
    """A square for each village of the site's one county, lit where a station stands."""
    counties = list(County.objects.all()[:2])
    if len(counties) != 1:
        return {}
    [county] = counties
    today = timezone.localdate()
    lit = set(
        Station.objects.filter(county=county)
        .open_on(today)
        .values_list("township__code", flat=True)
    )
    villages = Division.objects.on(today).villages().of_county(county).order_by("code")
    squares, townships = [], set()
    for n, code in enumerate(villages.values_list("code", flat=True)):
        township = code[: Level.TOWNSHIP]
        squares.append(
            {
                "x": n % PER_ROW * PITCH,
                "y": n // PER_ROW * PITCH,
                "is_lit": township in lit and township not in townships,
            }
        )
        townships.add(township)
    return {
        "house": county.bureau_name,
        "squares": squares,
        "townships": len(townships),
        "width": PER_ROW * PITCH,
        "height": -(-len(squares) // PER_ROW) * PITCH,
    }


def _begin_session(request, user):
    """Sign in, leave a trace, and keep the print size chosen on the sign-in page."""
    chosen_print = request.session.pop("has_large_print", None)
    request.session.pop("ended", None)
    login(request, user)
    if chosen_print is not None:
        user.has_large_print = chosen_print
        user.save(update_fields=["has_large_print"])
    Look.objects.create(
        kind=LookKind.SIGN_IN,
        user=user,
        station=user.station,
        county=user.county,
        subject=f"user:{user.pk}",
    )


@require_POST
def sign_out(request):
    """Sign out; a liaison's phone forgets what was typed and not sent."""
    keeps_leads = request.user.may(Ability.SEND_LEAD)
    logout(request)
    answer = redirect("stations:sign_in")
    if keeps_leads:
        answer["Clear-Site-Data"] = '"storage"'
    return answer


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@never_cache
@require_http_methods(["GET", "POST"])
def password_change(request):
    form = NewPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Your new password holds from now on."))
        return redirect("desk")
    return TemplateResponse(
        request,
        "stations/people/password_change.html",
        {"form": form, "has_to": request.user.needs_new_password},
    )
