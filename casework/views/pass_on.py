"""An application that belongs elsewhere: passed on, and the trace that stays with whoever did it."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from stations.access import allowed
from stations.models import County
from stations.roles import Ability

from .. import workflow
from ..forms.pass_on import PassOnForm
from ..models import Application, Hop
from ..rules.progress import told_status
from ..terms import ApplicationMove as M
from .application_pages import answer, application_to_move

PAGE = 50
# What becomes of it elsewhere: the moves that show as a bare line with their day, no word of them.
RESULTS = {
    M.SIGN_FOR,
    M.GRANT,
    M.PROVIDE_FIRST,
    M.REFUSE,
    M.PASS_ON,
    M.ASSIGN,
    M.TERMINATE,
    M.CLOSE,
    M.WITHDRAW,
    M.DEEM_WITHDRAWN,
}


@allowed(Ability.COUNTERSIGN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_pass_on(request, pk):
    """Pass it on, once; nobody hands it back to the applicant, nor to where it came from."""
    application = application_to_move(request, pk, M.PASS_ON)
    form = PassOnForm(request.POST or None, application=application)
    return answer(
        request,
        application,
        M.PASS_ON,
        form,
        lambda form: workflow.pass_on(application, by=request.user, **form.way()),
        done=_("Passed on. The receipt code keeps working; a trace stays here."),
        title=_("Pass it on to the institution that is responsible"),
        words=_(
            "Legal Aid Law, article 38: the place of the body that handles the case, or where the"
            " cause arose. The seven days go on; whoever has it may not send it back."
        ),
        button=_("Pass it on"),
    )


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def trace_list(request):
    """What was passed on from here to counties of this site, the latest first."""
    last = Hop.objects.filter(
        application=OuterRef("pk"), from_county__in=County.objects.visible_to(request.user)
    ).order_by("-passed_at")
    traces = (
        Application.objects.traces_of(request.user)
        .select_related("intake_county", "county", "aid_matter")
        .annotate(passed_at=Subquery(last.values("passed_at")[:1]))
        .order_by("-passed_at", "-pk")
    )
    page = Paginator(traces, PAGE).get_page(request.GET.get("page"))
    for application in page:
        application.told_status = told_status(application.status)
    return TemplateResponse(request, "casework/pass_on/list.html", {"page": page})


@dataclass(frozen=True)
class Line:
    """One line of a trace; what happened elsewhere has neither words nor names."""

    label: str | Promise
    at: datetime
    by: str = ""
    note: str = ""


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def application_trace(request, pk):
    """Stage and result of an application that went elsewhere, and what was done with it here."""
    application = get_object_or_404(
        Application.objects.traces_of(request.user).for_list(), pk=pk
    )
    hops = list(
        application.hops.filter(
            from_county__in=County.objects.visible_to(request.user)
        ).select_related("passed_by", "from_county__division")
    )
    events = list(application.events.select_related("made_by"))
    # The move that passed it on from here is the last of which all is known.
    left_at = next(
        event.made_at
        for event in events
        if event.move == M.PASS_ON and event.made_at >= hops[-1].passed_at
    )
    lines = [line for event in reversed(events) if (line := _line(event, left_at))]
    return TemplateResponse(
        request,
        "casework/pass_on/trace.html",
        {
            "application": application,
            "told_status": told_status(application.status),
            "hops": hops,
            "lines": lines,
        },
    )


def _line(event, left_at):
    """All that is known of what happened here; of what came later, the bare result."""
    if event.made_at <= left_at:
        by = event.made_by.name if event.made_by else ""
        return Line(event.get_move_display(), event.made_at, by, event.note)
    if event.move in RESULTS:
        return Line(event.get_move_display(), event.made_at)
    return None
