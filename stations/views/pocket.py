"""The liaison's phone: tasks, log, training; what is sent late, what opens without a network."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Prefetch
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import allowed
from ..addresses import row_number
from ..forms.leads import LeadForm
from ..forms.liaison_work import ActivityForm, ResultForm
from ..liaisons import leads, liaison_work
from ..models import (
    Attendance,
    Evidence,
    HandOver,
    Lead,
    LiaisonTask,
    QuizAttempt,
    TrainingSession,
)
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
    open_tasks = list(tasks.open().select_related("given_by"))
    for task in open_tasks:
        task.report_key = uuid.uuid4()
    return TemplateResponse(
        request,
        "stations/pocket/tasks.html",
        {
            "post": leads.liaison_post(request.user),
            "waiting": liaison_work.waiting_for(request.user),
            "today": timezone.localdate(),
            "open_tasks": open_tasks,
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
        try:
            _take_activity(request, form)
        except liaison_work.WorkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
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
        .prefetch_related(Prefetch("materials", Evidence.objects.light()))
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
    rows = [
        (each, each.pk in there, scores.get(each.pk), each.materials.all()) for each in sessions
    ]
    return TemplateResponse(
        request,
        "stations/pocket/training.html",
        {
            "post": post,
            "waiting": liaison_work.waiting_for(request.user),
            "today": today,
            "rows": rows,
            "hours": sum(each.hours for each in sessions if each.pk in there),
        },
    )


# ── What a phone sends late ─────────────────────────────────────────────────────────────


@allowed(Ability.SEND_LEAD)
@require_safe
def token(request):
    """What a phone needs to send late: a fresh token, and for whom it is signed in."""
    return JsonResponse({"token": get_token(request), "owner": str(request.user.pk)})


@allowed(Ability.SEND_LEAD)
@require_POST
def send(request):
    """Take one thing from a phone's queue; the same again is answered as the first time."""
    what = request.POST.get("what")
    if what not in TAKEN:
        # A page of another version of the site; asking again would not help.
        return JsonResponse({"sentence": _("Check the form.")}, status=422)
    form_of, take, said = TAKEN[what]
    form = form_of(request.POST)
    if form.is_valid():
        try:
            take(request, form)
        except (leads.LeadRefused, liaison_work.WorkRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return JsonResponse({"sent": True})
    sentences = [sentence for errors in form.errors.values() for sentence in errors]
    return JsonResponse({"sentence": " ".join(map(str, sentences))}, status=422)


def _take_lead(request, form):
    leads.send(form.save(commit=False), by=request.user)


def _take_activity(request, form):
    post = leads.liaison_post(request.user)
    if post is None:
        raise liaison_work.WorkRefused(_("You are not in post as a liaison. Ask the station."))
    activity = form.save(commit=False)
    activity.liaison = post
    liaison_work.log(activity, by=request.user)


def _take_report(request, form):
    pk = row_number(request.POST.get("task"))
    task = LiaisonTask.objects.visible_to(request.user).filter(pk=pk).first()
    if task is None:
        raise liaison_work.WorkRefused(_("This task is no longer yours."))
    liaison_work.finish(
        task,
        result=form.cleaned_data["result"],
        key=form.cleaned_data["client_key"],
        by=request.user,
    )


# {what it is: (its form, who takes it, what the liaison reads then)}
TAKEN = {
    "lead": (LeadForm, _take_lead, gettext_lazy("The station has it and calls today.")),
    "log": (ActivityForm, _take_activity, gettext_lazy("It stands in your log.")),
    "report": (ResultForm, _take_report, gettext_lazy("The station sees it.")),
}


# ── Without a network ───────────────────────────────────────────────────────────────────


@login_not_required
@never_cache
@require_safe
def offline(request, tab):
    """A page the phone keeps: an empty form and what is unsent. Nothing of anybody in it."""
    # The phone keeps the page for days, and fills in the day by itself.
    form = ActivityForm(initial={"on": None}) if tab == "log" else LeadForm()
    context = {"tab": tab, "form": form, "roles": [(role, None) for role in LiaisonRole]}
    return TemplateResponse(request, f"stations/pocket/offline_{tab}.html", context)


@login_not_required
@require_safe
def worker(request):
    """The service worker of the phone's pages; it lies where its scope begins."""
    script = render_to_string(
        "stations/pocket/worker.js",
        {
            "home": reverse("stations:lead_home"),
            "page": reverse("stations:pocket_offline"),
            "log": reverse("stations:liaison_log"),
            "log_page": reverse("stations:pocket_offline_log"),
            "files": [static(name) for name in KEPT_FILES],
        },
    )
    return HttpResponse(
        script,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )
