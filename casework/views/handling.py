"""A granted case: assigned, engaged, reported on, and given to another person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stations.access import allowed
from stations.models import AidWorker
from stations.roles import Ability
from stations.templatetags.words import full_day

from .. import workflow
from ..applications import acts, handling
from ..forms.handling import (
    AskChangeForm,
    AssignForm,
    ChangePersonForm,
    EngageForm,
    ExcuseForm,
    ProgressForm,
    RefuseChangeForm,
)
from ..terms import ApplicationMove as M
from ..terms import Category
from ..workflow import panel
from .application_pages import (
    FORM_PAGE,
    answer,
    application_to_move,
    open_assignment,
    turned_away,
    visible_application,
)

ASSIGN_PAGE = "casework/handling/assign.html"


def _chosen(application, form):
    return AidWorker.objects.select_related("unit").get(
        pk=form.cleaned_data["worker"], unit__county=application.county_id
    )


# ── Who handles it ──────────────────────────────────────────────────────────────────────


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_assign(request, pk):
    """The panel in the order suggested for this case, each with reasons; one is chosen."""
    application = application_to_move(request, pk, M.ASSIGN)
    is_life_or_death = _is_life_or_death(request, application)
    suggestions = panel.suggestions_for(application, is_life_or_death=is_life_or_death)
    form = AssignForm(request.POST or None, application=application, suggestions=suggestions)
    return answer(
        request,
        application,
        M.ASSIGN,
        form,
        lambda form: workflow.assign(
            application,
            by=request.user,
            worker=_chosen(application, form),
            suggested_as=form.cleaned_data["place"],
            override_reason=form.cleaned_data["override_reason"],
            is_life_or_death=is_life_or_death,
        ),
        done=_(
            "Assigned. The notice (form 11) is ready to print; engagement papers within five days."
        ),
        page=ASSIGN_PAGE,
        title=_("Assign it"),
        words=_(
            "Legal Aid Law, article 43: within three days of the grant. Order 148, article 25: by"
            " number of people, speciality and experience."
        ),
        suggestions=suggestions,
        is_criminal=application.aid_matter.category == Category.CRIMINAL,
        is_life_or_death=is_life_or_death,
    )


def _is_life_or_death(request, application):
    """What the page was opened with, else what the application says."""
    asked = request.POST.get("life") or request.GET.get("life")
    return asked == "1" if asked in ("0", "1") else application.is_life_or_death


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_change_person(request, pk):
    application = application_to_move(request, pk, M.CHANGE_PERSON)
    assignment = open_assignment(application)
    suggestions = panel.suggestions_for(
        application, without=assignment.worker if assignment else None
    )
    form = ChangePersonForm(
        request.POST or None, application=application, suggestions=suggestions
    )
    return answer(
        request,
        application,
        M.CHANGE_PERSON,
        form,
        lambda form: workflow.change_person(
            application,
            by=request.user,
            worker=_chosen(application, form),
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            handed_over=form.cleaned_data["handed_over"],
            suggested_as=form.cleaned_data["place"],
            override_reason=form.cleaned_data["override_reason"],
        ),
        done=_("Changed. The notice of change (form 17) is ready to print."),
        page=ASSIGN_PAGE,
        title=_("Change the person"),
        words=_("Now handled by %(name)s of %(unit)s, since %(day)s.")
        % {
            "name": assignment.worker.name,
            "unit": assignment.worker.unit.name,
            "day": full_day(assignment.assigned_on),
        }
        if assignment
        else "",
        suggestions=suggestions,
        assignment=assignment,
        change_request=_open_request(application),
    )


def _open_request(application):
    """The request to change the person that waits for its decision, or None."""
    return application.change_requests.filter(outcome="").first()


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_ask_change(request, pk):
    """Whoever is told it takes it down: recipient, agent, handler or unit ask for another person."""
    application = application_to_move(request, pk, M.ASK_CHANGE)
    return answer(
        request,
        application,
        M.ASK_CHANGE,
        AskChangeForm(
            request.POST or None,
            application=application,
            assignment=open_assignment(application),
        ),
        lambda form: workflow.ask_change(application, by=request.user, **form.cleaned_data),
        done=_("Taken down (form 16). The center decides within five days."),
        title=_("Another person is asked for"),
        words=_(
            "Legal Aid Law, article 55: the recipient may ask for another person. The center decides"
            " and says why."
        ),
        button=_("Take it down"),
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_refuse_change(request, pk):
    application = application_to_move(request, pk, M.REFUSE_CHANGE)
    waiting = _open_request(application)
    if waiting is None and request.method == "GET":
        return turned_away(request, application, _("Nobody has asked to change the person."))
    return answer(
        request,
        application,
        M.REFUSE_CHANGE,
        RefuseChangeForm(request.POST or None, application=application),
        lambda form: workflow.refuse_change(
            application, by=request.user, reason=form.cleaned_data["reason"]
        ),
        done=_("Refused. The person stays; tell whoever asked, with the reasons."),
        title=_("Refuse the change"),
        words=_("Asked by %(who)s, ground: %(ground)s. “%(words)s”")
        % {
            "who": waiting.get_asked_by_display(),
            "ground": waiting.get_ground_display(),
            "words": waiting.words,
        }
        if waiting
        else "",
        button=_("Refuse the change"),
        is_against=True,
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_engage(request, pk):
    """The engagement papers are signed, or cannot be: one page for both."""
    application = application_to_move(request, pk, M.ENGAGE)
    assignment = open_assignment(application)
    if assignment and assignment.engaged_on and request.method == "GET":
        return turned_away(request, application, _("The engagement papers are signed already."))
    return answer(
        request,
        application,
        M.ENGAGE,
        EngageForm(request.POST or None, application=application, assignment=assignment),
        lambda form: workflow.engage(application, by=request.user, on=form.cleaned_data["on"]),
        done=_("The engagement papers are noted."),
        page="casework/handling/engage.html",
        title=_("Engagement papers"),
        words=_(
            "Order 148, article 27: the unit signs agreement and power of attorney with the"
            " recipient within five days of the assignment."
        ),
        assignment=assignment,
        excuse_form=ExcuseForm(application=application),
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_excuse(request, pk):
    application = application_to_move(request, pk, M.EXCUSE_ENGAGEMENT)
    return answer(
        request,
        application,
        M.EXCUSE_ENGAGEMENT,
        ExcuseForm(request.POST or None, application=application),
        lambda form: workflow.excuse_engagement(
            application, by=request.user, excuse=form.cleaned_data["excuse"]
        ),
        done=_("The reason is noted; the clock of the engagement papers stops."),
        title=_("Engagement papers cannot be signed"),
        words=_(
            "Order 148, article 27: within five days, unless the recipient or an objective cause"
            " prevents it."
        ),
        button=_("Note the reason"),
    )


@allowed(Ability.EXAMINE, Ability.TAKE_IN)
@require_http_methods(["GET", "POST"])
def application_progress(request, pk):
    """What the handler reports: written by the center, or by the handler with an account here."""
    application = visible_application(request.user, pk)
    assignment = open_assignment(application)
    is_mine = bool(assignment and assignment.worker.user_id == request.user.pk)
    if not is_mine and not acts.holds_at_center(request.user, application, Ability.EXAMINE):
        raise PermissionDenied
    if assignment is None:
        return turned_away(
            request,
            application,
            _("Nobody handles this case now, so there is no progress to report."),
        )
    form = ProgressForm(request.POST or None, application=application, assignment=assignment)
    if form.is_valid():
        try:
            handling.report_progress(application, by=request.user, **form.cleaned_data)
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The progress is noted (form 14)."))
            return redirect(application)
    return TemplateResponse(
        request,
        FORM_PAGE,
        {
            "application": application,
            "form": form,
            "title": _("Report progress"),
            "words": _(
                "Legal Aid Law, articles 46 and 55: the recipient may ask how the case stands."
                " What is major is told to the center at once."
            ),
            "button": _("Note it"),
        },
        status=422 if form.errors else 200,
    )
