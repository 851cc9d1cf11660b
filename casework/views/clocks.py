"""Time limits: the wall of those that run, the sum of one, what the county promises, notices done."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stations.access import allowed
from stations.addresses import path_here
from stations.models import DayOff
from stations.roles import Ability

from .. import notices
from ..forms.clocks import ClockRuleForm, WallFilter
from ..models import Complaint, Deadline, Letter, Notice, Recount
from ..rules.deadlines import LIMITS
from ..terms import LetterKind
from ..time_limits import clocks, complaint_clocks, escalation, promises
from ..time_limits.sums import clock_sum
from ..time_limits.wall import row_of, wall


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def clock_wall(request):
    """The wall 法定时限墙: what runs, the most urgent first, and how many of each clock."""
    asked = WallFilter(request.GET, user=request.user)
    deadlines = asked.narrow(Deadline.objects.visible_to(request.user).running())
    calendar = DayOff.objects.calendar(request.user.county)
    found = wall(
        deadlines,
        calendar=calendar,
        now=timezone.now(),
        number=asked.value("clock"),
        show=asked.value("show"),
        page=request.GET.get("page"),
    )
    return TemplateResponse(
        request,
        "casework/clocks/wall.html",
        {
            "wall": found,
            "filter": asked,
            "complaint_clocks": _of_complaints(request.user, calendar),
        },
    )


def _of_complaints(user, calendar):
    """The clocks of the complaints the bureau handles; nobody else sees that there are any."""
    if not user.may(Ability.HANDLE_COMPLAINT):
        return []
    complaints = Complaint.objects.visible_to(user)
    return complaint_clocks.rows_of(complaints, calendar=calendar, today=timezone.localdate())


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def deadline_detail(request, pk):
    """One clock: its sum day by day, what stood still and by which paper, what moved it."""
    deadline = get_object_or_404(
        Deadline.objects.visible_to(request.user).select_related(
            "application__county__division",
            "application__intake_county",
            "application__station",
        ),
        pk=pk,
    )
    application = deadline.application
    book = clocks.Book.of(application.county)
    is_pausable = LIMITS[deadline.number].is_pausable
    papers = Letter.objects.filter(
        application=application, kind__in=[LetterKind.SUPPLEMENT, LetterKind.COOPERATION]
    ).for_list()
    return TemplateResponse(
        request,
        "casework/clocks/detail.html",
        {
            "deadline": deadline,
            "application": application,
            "row": row_of(deadline, book.calendar, timezone.now()),
            "sum": clock_sum(deadline, book=book),
            "due": None if deadline.due_at else clocks.due_of(deadline, book=book),
            "pauses": application.pauses.all() if is_pausable else (),
            "papers": papers if is_pausable else (),
            "changes": deadline.changes.all(),
            "plan": escalation.plan(deadline, book.calendar),
            "warnings": deadline.notices.select_related("done_by"),
        },
    )


@allowed(Ability.EDIT_PARAMETERS)
@require_http_methods(["GET", "POST"])
def clock_rules(request):
    """What the county promises for each clock. A first press says what would move, a second does it."""
    county, today = request.user.county, timezone.localdate()
    asked = (request.POST if request.method == "POST" else request.GET).get("clock", "")
    number = int(asked) if asked in {str(each) for each in LIMITS} else None
    form = foreseen = None
    if number:
        form = ClockRuleForm(request.POST or None, county=county, number=number)
    if form and form.is_valid():
        from_on = form.cleaned_data["valid_from"]
        if "save" in request.POST:
            recount = promises.set_promise(
                county, number, rule=form.rule, from_on=from_on, by=request.user
            )
            messages.success(request, _saved(form.limit, recount.total))
            return redirect("casework:clock_rules")
        foreseen = promises.foresee(
            county, number, rule=form.rule, from_on=from_on, today=today
        )
    return TemplateResponse(
        request,
        "casework/clocks/rules.html",
        {
            "promises": promises.promises(county, today),
            "county": county,
            "form": form,
            "number": number,
            "foreseen": foreseen,
        }
        | _progress(_last_recount(county)),
        status=422 if form and form.errors else 200,
    )


def _saved(limit, total):
    return ngettext(
        "%(name)s is set. %(count)d running clock is counted anew; each due day that moves has its"
        " entry in the log.",
        "%(name)s is set. %(count)d running clocks are counted anew; each due day that moves has its"
        " entry in the log.",
        total,
    ) % {"name": limit.name, "count": total}


def _last_recount(county):
    return Recount.objects.filter(county=county).select_related("asked_by").first()


@allowed(Ability.EDIT_PARAMETERS)
@require_GET
def recount_status(request):
    """How far the last new count of the county's clocks is; the page asks by itself while it runs."""
    return TemplateResponse(
        request,
        "casework/clocks/_recount.html",
        _progress(_last_recount(request.user.county)),
    )


def _progress(recount):
    share = recount.done * 100 // recount.total if recount and recount.total else 0
    return {"recount": recount, "share": min(share, 100)}


@allowed(Ability.SEE_APPLICATIONS)
@require_POST
def notice_done(request, pk):
    """Take a task off the desk (办好了)."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if notices.done(notice, by=request.user):
        messages.success(request, _("Off the desk."))
    return redirect(path_here(request, request.POST.get("next", "")) or reverse("desk"))
