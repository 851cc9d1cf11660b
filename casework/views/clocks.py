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

from .. import clocks, notices, promises
from ..deadlines import LIMITS
from ..forms.clocks import ClockRuleForm, WallFilter
from ..models import Deadline, Letter, Notice
from ..sums import clock_sum
from ..terms import LetterKind
from ..wall import row_of, wall


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def clock_wall(request):
    """The wall 法定时限墙: what runs, the most urgent first, and how many of each clock."""
    asked = WallFilter(request.GET, user=request.user)
    deadlines = asked.narrow(Deadline.objects.visible_to(request.user).running())
    found = wall(
        deadlines,
        calendar=DayOff.objects.calendar(request.user.county),
        now=timezone.now(),
        number=asked.value("clock"),
        show=asked.value("show"),
        page=request.GET.get("page"),
    )
    return TemplateResponse(
        request, "casework/clocks/wall.html", {"wall": found, "filter": asked}
    )


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
            moved = promises.set_promise(
                county, number, rule=form.rule, from_on=from_on, by=request.user
            )
            messages.success(request, _saved(form.limit, moved))
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
        },
        status=422 if form and form.errors else 200,
    )


def _saved(limit, moved):
    return ngettext(
        "%(name)s is set. %(count)d due day moved; each has its entry in the log.",
        "%(name)s is set. %(count)d due days moved; each has its entry in the log.",
        moved,
    ) % {"name": limit.name, "count": moved}


@allowed(Ability.SEE_APPLICATIONS)
@require_POST
def notice_done(request, pk):
    """Take a task off the desk (办好了)."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if notices.done(notice, by=request.user):
        messages.success(request, _("Off the desk."))
    return redirect(path_here(request, request.POST.get("next", "")) or reverse("desk"))
