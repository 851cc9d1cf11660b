"""Who may open a page: `@allowed` asks the roles, `SessionLimits` ends sessions and hides pages.

Limits: rules 8.3.
"""

from datetime import datetime, timedelta
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from .roles import ADMIN_ROLES

# Left alone for so long, a session asks for the password again; and so it does once a day.
IDLE_LIMIT = timedelta(minutes=30)
SESSION_LIMIT = timedelta(hours=12)
# What somebody may still open who has to choose a new password first.
OPEN_WITH_OLD_PASSWORD = {"stations:password_change", "stations:sign_out"}


def allowed(*abilities):
    """Let the view run only for a user who has one of the abilities; else 403.

    Scope is another question: the view starts from `visible_to(request.user)`, else 404.
    The navigation reads `view.abilities` to know who is shown a link.
    """

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not any(request.user.may(ability) for ability in abilities):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked.abilities = abilities
        return checked

    return decorate


class SessionLimits:
    """End a session that was idle or lasted too long; an administrator's also when signed in elsewhere.

    Pages of signed-in people are never kept by the browser, so that going back after signing
    out shows nothing. A piece asked for by htmx is answered 401 instead of with the sign-in page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if not user.is_authenticated:
            response = self.get_response(request)
            return _to_sign_in(request) if _leads_to_sign_in(response) else response
        if reason := _why_ended(request.session, user):
            logout(request)
            request.session["ended"] = reason
            return _to_sign_in(request)
        response = self.get_response(request)
        add_never_cache_headers(response)
        return response

    def process_view(self, request, view, args, kwargs):
        """Nothing but a new password for whoever was given one, or has had one for too long."""
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.resolver_match.view_name in OPEN_WITH_OLD_PASSWORD:
            return None
        if not request.user.needs_new_password:
            return None
        page = reverse("stations:password_change")
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(page)
        return redirect(page)


def _why_ended(session, user):
    """Return "idle", "too_long" or "elsewhere", or None; and note that the session is in use."""
    now = timezone.now()
    signed_in_at = session.setdefault("signed_in_at", user.last_login.isoformat())
    if signed_in_at != user.last_login.isoformat() and user.has_role(*ADMIN_ROLES):
        return "elsewhere"
    if now - datetime.fromisoformat(signed_in_at) > SESSION_LIMIT:
        return "too_long"
    seen_at = datetime.fromisoformat(session.get("seen_at", signed_in_at))
    if now - seen_at > IDLE_LIMIT:
        return "idle"
    # Once a minute is often enough, and spares a write per request.
    if "seen_at" not in session or now - seen_at > timedelta(minutes=1):
        session["seen_at"] = now.isoformat()
    return None


def _leads_to_sign_in(response):
    return response.status_code == 302 and response["Location"].startswith(
        reverse("stations:sign_in")
    )


def _to_sign_in(request):
    """Ask for the password, then lead back: after a post, to the page it was typed on."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    typed_on = urlsplit(request.headers.get("Referer", ""))
    is_here = typed_on.netloc == request.get_host()
    return redirect_to_login(typed_on.path if is_here else "/")
