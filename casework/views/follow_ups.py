"""Follow-up calls: draw them, see who is to be called, call."""

import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.calendar import clock_faces
from stations.models import DayOff, Look, LookKind
from stations.privacy import without_numbers
from stations.roles import Ability

from .. import workflow
from ..applications import follow_ups
from ..forms.correct import ReasonForm
from ..forms.follow_ups import CallForm, DrawForm
from ..models import FollowUp, FollowUpDraw
from ..terms import Reached

ROWS = 50
DRAWS = 6


def _rows(request):
    return FollowUp.objects.visible_to(request.user).select_related(
        "application__intake_county",
        "application__aid_matter",
        "application__station",
        "draw",
        "called_by",
    )


@allowed(Ability.EXAMINE, Ability.HEAR_OBJECTION)
@require_GET
def follow_up_list(request):
    """Who is still to be called, the most urgent first; or what was answered."""
    shows_called = request.GET.get("called") == "1"
    rows = _rows(request)
    rows = (
        rows.exclude(called_at=None).order_by("-called_at", "-pk")
        if shows_called
        else rows.open()
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    calendar, today = DayOff.objects.calendar(request.user.county), timezone.localdate()
    for row in page:
        row.clock = clock_faces.clock(
            today, row.draw.drawn_on, row.due_on, calendar, working=True
        )
    return TemplateResponse(
        request,
        "casework/follow_ups/list.html",
        {
            "page": page,
            "shows_called": shows_called,
            "sums": _sums(request.user),
            "draws": FollowUpDraw.objects.filter(county=request.user.county).select_related(
                "drawn_by"
            )[:DRAWS],
        },
    )


def _sums(user):
    """How this year's calls went."""
    this_year = FollowUp.objects.visible_to(user).filter(
        draw__drawn_on__year=timezone.localdate().year
    )
    return this_year.aggregate(
        drawn=Count("pk"),
        called=Count("pk", filter=Q(called_at__isnull=False)),
        reached=Count("pk", filter=Q(reached=Reached.YES)),
        satisfied=Count("pk", filter=Q(satisfaction="satisfied")),
        charged=Count("pk", filter=Q(was_charged=True)),
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def follow_up_draw(request):
    """Draw at random among those granted in a period that nobody has drawn yet."""
    form = DrawForm(request.POST or None, initial={"seed": secrets.token_hex(8)})
    if form.is_valid():
        asked = form.cleaned_data
        try:
            drawn, is_new = follow_ups.make_draw(
                request.user.county,
                by=request.user,
                since=asked["since"],
                until=asked["until"],
                seed=asked["seed"],
                **form.how_many,
            )
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if is_new:
                messages.success(
                    request,
                    ngettext(
                        "%(count)d case is drawn from %(pool)d.",
                        "%(count)d cases are drawn from %(pool)d.",
                        drawn.wanted,
                    )
                    % {"count": drawn.wanted, "pool": len(drawn.pool)},
                )
            return redirect("casework:follow_up_list")
    return TemplateResponse(
        request,
        "casework/follow_ups/draw.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def follow_up_call(request, pk):
    """One call: the questions of form 32 and what was answered."""
    follow_up = get_object_or_404(_rows(request), pk=pk)
    form = CallForm(request.POST or None)
    if form.is_valid():
        try:
            follow_up = follow_ups.record_call(follow_up, by=request.user, **form.call())
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if follow_up.called_at:
                messages.success(request, _("The call is noted."))
            else:
                messages.info(
                    request,
                    _("Nobody answered, time %(count)d. Try another day or hour.")
                    % {"count": follow_up.tries},
                )
            return redirect("casework:follow_up_list")
    return _call_page(request, follow_up, form=form)


def _call_page(request, follow_up, *, form=None, reveal_form=None, is_revealed=False):
    form = form or CallForm()
    application = follow_up.application
    is_wrong = bool(form.errors or (reveal_form and reveal_form.errors))
    return TemplateResponse(
        request,
        "casework/follow_ups/call.html",
        {
            "follow_up": follow_up,
            "application": application,
            "assignment": application.assignments.select_related("worker__unit").last(),
            "form": form,
            "reveal_form": reveal_form or ReasonForm(initial={"reason": _("follow-up call")}),
            "is_revealed": is_revealed,
            "tries_left": follow_ups.TRIES - follow_up.tries,
        },
        status=422 if is_wrong else 200,
    )


@allowed(Ability.REVEAL)
@allowed(Ability.EXAMINE)
@require_POST
def follow_up_reveal(request, pk):
    """Show the whole phone number once, and keep who looked and why."""
    follow_up = get_object_or_404(_rows(request), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        application = follow_up.application
        Look.objects.create(
            kind=LookKind.REVEAL,
            user=request.user,
            station=application.station,
            county=application.county,
            subject=f"application:{application.pk}",
            reason=without_numbers(form.cleaned_data["reason"]),
        )
    context = {"reveal_form": form, "is_revealed": form.is_valid()}
    if request.htmx:
        return TemplateResponse(
            request,
            "casework/follow_ups/_phone.html",
            context | {"follow_up": follow_up, "application": follow_up.application},
            status=200 if form.is_valid() else 422,
        )
    return _call_page(request, follow_up, **context)
