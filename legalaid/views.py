"""The desk: what waits for me today; and what each person sets about the frame itself."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Window
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casework.analysis import monthly_analysis, precheck
from casework.models import MonthlyReport, Notice
from casework.periods import month_of
from casework.terms import NoticeKind
from stations.access import allowed
from stations.addresses import path_here
from stations.roles import Ability

from .desk import city_desk, county_desk, office_desk, station_desk

# The newest messages stand on the desk; older ones follow as these are done.
NOTICES_SHOWN = 8


@require_safe
def desk(request):
    """What waits for this person today, by the role they hold."""
    user, today = request.user, timezone.localdate()
    if user.may(Ability.RECORD):
        page, found = "station", station_desk(user, today)
    elif user.may(Ability.SEE_REGISTER):
        page, found = "county", county_desk(user, today)
    elif user.may(Ability.SEE_NETWORK):
        page, found = "city", city_desk(user, today)
    elif user.may(Ability.SEND_LEAD):
        return redirect("stations:lead_home")
    else:
        page, found = "office", office_desk(user, today)
    return TemplateResponse(request, f"legalaid/desk_{page}.html", {"desk": found})


@allowed(Ability.SEE_REGISTER)
@require_safe
def desk_signals(request):
    """This month's signals, a piece of the desk that is fetched after it."""
    place = request.user.station or request.user.county
    month = month_of(timezone.localdate())
    signals = monthly_analysis(place, month).signals
    return TemplateResponse(
        request, "legalaid/_signals.html", {"signals": signals, "month": month}
    )


@allowed(Ability.SEE_APPLICATIONS)
@require_safe
def desk_notices(request):
    """The messages and calls that wait for this person's posts, a piece fetched after the desk."""
    waiting = Notice.objects.visible_to(request.user).open().exclude(kind=NoticeKind.MESSAGE)
    notices = list(waiting.for_list().annotate(waiting=Window(Count("pk")))[:NOTICES_SHOWN])
    rest = notices[0].waiting - len(notices) if notices else 0
    return TemplateResponse(
        request, "legalaid/_notices.html", {"notices": notices, "rest": rest}
    )


@allowed(Ability.DRAFT_MONTH)
@require_safe
def desk_findings(request, pk):
    """What the check finds in a month the station owes, fetched after the desk."""
    report = get_object_or_404(
        MonthlyReport.objects.visible_to(request.user).of_stations(), pk=pk
    )
    return TemplateResponse(
        request,
        "legalaid/_findings.html",
        {"report": report, "findings": precheck(report.station, report.month)},
    )


@login_not_required
@require_POST
def large_print(request):
    """Switch large print: kept with the account, or with the session before sign-in."""
    is_large = request.POST.get("size") == "large"
    if request.user.is_authenticated:
        request.user.has_large_print = is_large
        request.user.save(update_fields=["has_large_print"])
    else:
        request.session["has_large_print"] = is_large
    if request.htmx:
        return HttpResponse(status=204)
    return redirect(path_here(request, request.POST.get("next", "")) or "desk")
