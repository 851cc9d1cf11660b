"""Pages open to everybody: the public home of a county, find my station, the privacy notice.

Nobody signs in, nothing is kept: no row, no log line of what was asked, and no cookie, except the
size of print when somebody presses for it.
"""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from ..addresses import caller, path_here
from ..models import County
from ..network.public import find, tell
from ..retention.schedule import schedule
from ..signing_in.attempts import count_attempt

# A page may be kept by browsers and proxies for so many seconds; what changes by the hour less.
KEPT, KEPT_SHORT = 600, 60
# So many questions from one place within so many seconds.
WITHIN = 15 * 60
MOST_SEARCHES = 60
# Longer than any name of a place.
LONGEST_NAME = 30


def county_of(request):
    """The county of the address (?county=), or the site's only one; None when one must be chosen.

    Raises Http404 for a code that is none of the site's.
    """
    code = request.GET.get("county", "")
    counties = County.objects.select_related("division__parent")
    if code:
        county = counties.filter(division__code=code).first() if code.isdigit() else None
        if county is None:
            raise Http404
        return county
    both = list(counties[:2])
    return both[0] if len(both) == 1 else None


def keep(request, response, seconds):
    """Let caches keep a page for so many seconds.

    Whoever chose the size of print has a cookie: their pages are asked for each time, so that what
    they choose next is what they see.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=seconds)


def open_page(*, kept=KEPT):
    """Make a view `(request, county)` a page open to all, kept by caches for so many seconds.

    Where the site serves several counties and none is named, the visitor chooses first.
    """

    def decorate(view):
        @login_not_required
        @wraps(view)
        def opened(request, *args, **kwargs):
            county = county_of(request)
            if county is None:
                return redirect("stations:public_home")
            response = view(request, county, *args, **kwargs)
            if request.method in {"GET", "HEAD"} and response.status_code == 200:
                keep(request, response, kept)
            else:
                patch_cache_control(response, no_store=True)
            return response

        return opened

    return decorate


def asked_too_often(request, what, most):
    """Whether one place asks more than `most` times in a quarter of an hour.

    Redis away is no reason to turn a villager away.
    """
    try:
        return count_attempt(what, caller(request), within=WITHIN) > most
    except (RedisError, OSError):
        return False


def public_page(request, template, county, context=None, *, status=200):
    """A page of the public frame; links keep the county where the site has several."""
    is_one = "county" not in request.GET
    return TemplateResponse(
        request,
        template,
        {
            "county": county,
            "where": "" if is_one else f"?county={county.division.code}",
            **(context or {}),
        },
        status=status,
    )


@login_not_required
@require_safe
def public_home(request):
    """What a county offers, or the counties to choose from."""
    county = county_of(request)
    if county is None:
        response = TemplateResponse(
            request,
            "stations/public/counties.html",
            {"counties": County.objects.select_related("division")},
        )
    else:
        response = public_page(request, "stations/public/home.html", county)
    keep(request, response, KEPT)
    return response


@open_page(kept=KEPT_SHORT)
@require_safe
def public_stations(request, county):
    """Find my station by the name of a township or village; without a name, all of them."""
    typed = request.GET.get("q", "").strip()[:LONGEST_NAME]
    now = timezone.now()
    if typed and asked_too_often(request, "public-finder", MOST_SEARCHES):
        return public_page(request, "stations/public/too_often.html", county, status=429)
    found, is_without = find(county, typed, now) if typed else (tell(county, now), False)
    return public_page(
        request,
        "stations/public/stations.html",
        county,
        {"typed": typed, "found": found, "is_without": is_without, "now": now},
    )


@open_page()
@require_safe
def public_privacy(request, county):
    """The privacy notice (个人信息保护法第十七条、第三十五条), with the county's times of keeping."""
    return public_page(
        request,
        "stations/public/privacy.html",
        county,
        {"schedule": [line for line in schedule(county) if line.keeper.is_told]},
    )


@csrf_exempt
@login_not_required
@require_POST
def public_print(request):
    """Switch large print for a visitor's session, or for an account.

    Without a token, so that public pages need no cookie: at worst somebody else makes the letters
    larger.
    """
    is_large = request.POST.get("size") == "large"
    if request.user.is_authenticated:
        request.user.has_large_print = is_large
        request.user.save(update_fields=["has_large_print"])
    else:
        request.session["has_large_print"] = is_large
    return redirect(path_here(request, request.POST.get("next", "")) or "stations:public_home")
