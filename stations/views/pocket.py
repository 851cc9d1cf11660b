"""The liaison's phone: tasks, log, training; and what lets the page open without a network."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..access import allowed
from ..forms.leads import LeadForm
from ..forms.liaison_work import ActivityForm
from ..liaisons import leads, liaison_work
from ..models import Attendance, HandOver, Lead, LiaisonTask, QuizAttempt, TrainingSession
from ..roles import Ability
from ..terms import LiaisonRole

CLOSED = 10
LOGGED = 30

# What the page without a network is made of.
KEPT_FILES = [
    "css/bootstrap.min.css",
    "css/tokens.css",
    "css/components.css",
    "django_htmx/htmx-2.min.js",
    "js/frame.js",
    "js/unsent.js",
    "img/brand.svg",
]


@allowed(Ability.SEND_LEAD)
@require_safe
def liaison_tasks(request):
    """What the station asks of me, and what I am to take over."""
    tasks = LiaisonTask.objects.visible_to(request.user).select_related("liaison__village")
    return TemplateResponse(
        request,
        "stations/pocket/tasks.html",
        {
            "post": leads.liaison_post(request.user),
            "waiting": liaison_work.waiting_for(request.user),
            "today": timezone.localdate(),
            "open_tasks": tasks.open().select_related("given_by"),
            "closed_tasks": tasks.exclude(closed_at=None).order_by("-closed_at")[:CLOSED],
            "packs": HandOver.objects.visible_to(request.user)
            .filter(received_at=None)
            .exclude(liaison__user=request.user)
            .select_related("liaison__village"),
        },
    )


@allowed(Ability.SEND_LEAD)
@require_http_methods(["GET", "POST"])
def liaison_log(request):
    """One press per role, with a word; and what I did this year."""
    post = leads.liaison_post(request.user)
    form = ActivityForm(request.POST or None)
    if form.is_valid():
        if post is None:
            form.add_error(None, _("You are not in post as a liaison. Ask the station."))
        else:
            activity = form.save(commit=False)
            activity.liaison = post
            liaison_work.log(activity, by=request.user)
            messages.success(request, _("It stands in your log."))
            return redirect("stations:liaison_log")
    year = timezone.localdate().year
    mine = post.activities.filter(on__year=year) if post else None
    counts = (
        {
            row["role"]: row["count"]
            for row in mine.order_by().values("role").annotate(count=Count("pk"))
        }
        if post
        else {}
    )
    return TemplateResponse(
        request,
        "stations/pocket/log.html",
        {
            "post": post,
            "waiting": liaison_work.waiting_for(request.user),
            "form": form,
            "year": year,
            "roles": [(role, counts.get(role.value, 0)) for role in LiaisonRole],
            "leads_sent": Lead.objects.filter(sent_by=request.user, sent_at__year=year).count(),
            "activities": mine[:LOGGED] if post else [],
        },
        status=422 if form.is_bound else 200,
    )


@allowed(Ability.SEND_LEAD)
@require_safe
def liaison_training(request):
    """Sessions of this year: sign in on the day, answer the five questions."""
    post, today = leads.liaison_post(request.user), timezone.localdate()
    sessions = (
        TrainingSession.objects.visible_to(request.user)
        .counted()
        .of_year(today.year)
        .annotate(asked=Count("questions"))
    )
    there = set()
    scores = {}
    if post:
        there = set(
            Attendance.objects.filter(liaison=post, struck_at=None).values_list(
                "session_id", flat=True
            )
        )
        scores = dict(
            QuizAttempt.objects.filter(liaison=post, number=1).values_list(
                "session_id", "score"
            )
        )
    rows = [(each, each.pk in there, scores.get(each.pk)) for each in sessions]
    return TemplateResponse(
        request,
        "stations/pocket/training.html",
        {
            "post": post,
            "waiting": liaison_work.waiting_for(request.user),
            "today": today,
            "rows": rows,
            "hours": sum(each.hours for each, was_there, _score in rows if was_there),
        },
    )


# ── Without a network ───────────────────────────────────────────────────────────────────


@login_not_required
@never_cache
@require_safe
def lead_offline(request):
    """The page the phone keeps: the empty form and what is unsent. Nothing of anybody in it."""
    return TemplateResponse(request, "stations/pocket/offline.html", {"form": LeadForm()})


@login_not_required
@require_safe
def lead_worker(request):
    """The service worker of the phone's pages; it lies where its scope begins."""
    script = render_to_string(
        "stations/pocket/worker.js",
        {
            "home": reverse("stations:lead_home"),
            "page": reverse("stations:lead_offline"),
            "files": [static(name) for name in KEPT_FILES],
        },
    )
    return HttpResponse(
        script,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )
