"""The public complains, asks how a complaint stands, and says how a visit was: no account needed.

Nothing personal is shown back, nothing stands in an address, and everything is limited by place.
"""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from stations.addresses import caller, code_in
from stations.models import County, Station
from stations.signing_in.attempts import count_attempt

from ..complaints import handling, satisfaction
from ..forms.public_complaint import ComplaintQueryForm, PublicComplaintForm, SatisfactionForm
from ..models import Complaint
from ..terms import ComplaintStatus as S
from ..workflow import MoveRefused

WITHIN = 60 * 60
# So many complaints an hour from one place; so many codes asked for, and answers given.
MOST_COMPLAINTS, MOST_QUERIES, MOST_ANSWERS = 5, 30, 30
# Answers without a code, at one station in an hour, wherever they come from.
MOST_WITHOUT_CODE = 20

# What the complainant is told of each status: how it stands, and what comes.
TOLD = {
    S.RECEIVED: (
        gettext_lazy("The judicial bureau has your complaint."),
        gettext_lazy("Within a few working days it tells you whether it is accepted."),
    ),
    S.SUPPLEMENTING: (
        gettext_lazy("Something is still missing in your complaint."),
        gettext_lazy("Bring what the notice names by the day it says, or call the bureau."),
    ),
    S.ACCEPTED: (
        gettext_lazy("Your complaint is accepted and being investigated."),
        gettext_lazy("The bureau may call you. You are told the result in writing."),
    ),
    S.DECIDED: (
        gettext_lazy("The bureau has decided on your complaint."),
        gettext_lazy("The reply is on its way to you."),
    ),
    S.REPLIED: (
        gettext_lazy("The bureau has replied to your complaint."),
        gettext_lazy("The reply says what you can do when you do not agree."),
    ),
    S.NOT_ACCEPTED: (
        gettext_lazy("Your complaint was not accepted."),
        gettext_lazy("The notice says why. You may ask the bureau at any time."),
    ),
    S.MERGED: (
        gettext_lazy("Your complaint is handled together with an earlier one."),
        gettext_lazy("One reply answers both."),
    ),
    S.WITHDRAWN: (
        gettext_lazy("Your complaint was taken back."),
        gettext_lazy("You may complain again at any time."),
    ),
}
_SAME = {
    S.FORWARDED: S.RECEIVED,
    S.ENTRUSTED: S.ACCEPTED,
    S.FOUND: S.ACCEPTED,
    S.CLOSED: S.REPLIED,
}


def _why_not(request, what, most):
    """Return (sentence, status) when it was tried too often here, or counting is not possible."""
    try:
        count = count_attempt(what, caller(request), within=WITHIN)
    except (RedisError, OSError):
        return _("This does not work at the moment. Try again later or go to a station."), 503
    if count > most:
        return _("Too often from this place. Try again in an hour, or go to a station."), 429
    return "", 200


def _page(request, template, context, status=200):
    response = TemplateResponse(
        request, f"casework/complaints/public/{template}.html", context, status=status
    )
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def complain(request):
    """The form, and after posting it number and code of the complaint."""
    form = PublicComplaintForm(
        request.POST or None, initial={"client_key": uuid.uuid4()} | _asked_about(request)
    )
    sentence, status = "", 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        key = form.cleaned_data["client_key"]
        complaint = key and Complaint.objects.filter(client_key=key, taken_by=None).first()
        if not complaint:
            sentence, status = _why_not(request, "complaint", MOST_COMPLAINTS)
            if not sentence:
                complaint = handling.take(form.complaint(), by=None)
        if complaint:
            return _page(request, "complaint_taken", {"complaint": complaint})
    counties = County.objects.exclude(complaint_phone="").select_related("division")
    return _page(
        request,
        "complain",
        {"form": form, "sentence": sentence, "counties": counties},
        status,
    )


def _asked_about(request):
    """The county, and the station, that a code on a wall or the county's own page names."""
    station = (
        Station.objects.select_related("county")
        .filter(code=code_in(request.GET.get("station", "")), closed_on=None)
        .first()
    )
    if station:
        return {"county": station.county, "about_text": station.name}
    counties = County.objects.all()
    if len(counties) > 1:
        counties = counties.filter(division__code=code_in(request.GET.get("county", "")))
    return {"county": counties[0]} if counties else {}


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def complaint_query(request):
    """How a complaint stands, by its code: stage and what comes, nothing else."""
    form = ComplaintQueryForm(request.POST or None)
    found, sentence, status = None, "", 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        sentence, status = _why_not(request, "complaint-query", MOST_QUERIES)
        if not sentence:
            told = (
                Complaint.objects.filter(receipt_code=form.cleaned_data["code"])
                .values_list("status", flat=True)
                .first()
            )
            found = told and TOLD[_SAME.get(told, told)]
            if not found:
                sentence = _(
                    "There is no complaint with this code. Compare it with your paper."
                )
                status = 404
    return _page(
        request, "complaint_query", {"form": form, "found": found, "sentence": sentence}, status
    )


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def satisfaction_answer(request, code):
    """The page behind the square at the desk: three questions; one answer per visit."""
    station = get_object_or_404(Station.objects.open_on(timezone.localdate()), code=code)
    form = SatisfactionForm(request.POST or None, station=station)
    sentence, status, earlier = "", 200, None
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound and request.user.is_authenticated:
        # Who works here does not answer for visitors.
        sentence, status = _("You are signed in. Visitors answer on their own phone."), 409
    elif form.is_bound:
        visit = form.cleaned_data["code"]
        sentence, status = _why_not(request, "satisfaction", MOST_ANSWERS)
        if not sentence and not visit:
            sentence, status = _without_code(station)
        if not sentence:
            try:
                satisfaction.answer(station, visit, **form.answers)
            except MoveRefused as refusal:
                earlier, sentence, status = satisfaction.answered(visit), str(refusal), 409
            else:
                return _page(request, "satisfaction_done", {"station": station})
    return _page(
        request,
        "satisfaction",
        {"station": station, "form": form, "sentence": sentence, "earlier": earlier},
        status,
    )


def _without_code(station):
    """Answers without a code are few an hour at one station, so that nobody fills a desk's box."""
    try:
        count = count_attempt("satisfaction-desk", station.code, within=WITHIN)
    except (RedisError, OSError):
        return _("This does not work at the moment. Try again later."), 503
    if count > MOST_WITHOUT_CODE:
        return _("Many have answered in this hour. Answer with the code of your visit."), 429
    return "", 200
