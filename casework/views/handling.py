"""A granted case: assigned, engaged, reported on, closed, handed in, archived."""

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

from .. import acts, handling, panel, workflow
from ..forms.handling import (
    ArchiveForm,
    AssignForm,
    ChangePersonForm,
    CloseForm,
    EngageForm,
    ExcuseForm,
    HandInForm,
    ProgressForm,
)
from ..models import Closing
from ..numbering import suggest_archive_number
from ..terms import ApplicationMove as M
from ..terms import Category
from .application_pages import (
    FORM_PAGE,
    answer,
    application_to_move,
    turned_away,
    visible_application,
)

ASSIGN_PAGE = "casework/handling/assign.html"


def _assignment(application):
    """Who handles it now, or None."""
    open_ones = application.assignments.filter(ended_on=None)
    return open_ones.select_related("worker__unit").first()


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
    assignment = _assignment(application)
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
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_engage(request, pk):
    """The engagement papers are signed, or cannot be: one page for both."""
    application = application_to_move(request, pk, M.ENGAGE)
    assignment = _assignment(application)
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
    assignment = _assignment(application)
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


# ── How it ends ─────────────────────────────────────────────────────────────────────────


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_close(request, pk):
    application = application_to_move(request, pk, M.CLOSE)
    return answer(
        request,
        application,
        M.CLOSE,
        CloseForm(
            request.POST or None,
            application=application,
            assignment=_assignment(application),
        ),
        lambda form: workflow.close(application, by=request.user, **form.cleaned_data),
        done=_(
            "Closed. The closing report (form 21) is ready; the file is due within 30 days."
        ),
        title=_("Close the case"),
        words=_(
            "The closing day decides when the file is due: 30 days from it the handler hands it in."
        ),
        button=_("Close the case"),
    )


def _closing(application):
    return Closing.objects.filter(application=application).first()


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_hand_in(request, pk):
    application = application_to_move(request, pk, M.HAND_IN_FILE)
    closing = _closing(application)
    if closing and closing.materials_on and request.method == "GET":
        return turned_away(request, application, _("The file has been handed in already."))
    return answer(
        request,
        application,
        M.HAND_IN_FILE,
        HandInForm(
            request.POST or None,
            application=application,
            earliest=closing.closed_on if closing else application.received_on,
        ),
        lambda form: workflow.hand_in_file(
            application, by=request.user, on=form.cleaned_data["on"]
        ),
        done=_("The file is in. It is checked within 30 days."),
        title=_("The file is handed in"),
        words=_(
            "One case, one file. The center checks it within 30 days and pays the subsidy."
        ),
        button=_("Note that it is in"),
    )


@allowed(Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def application_archive(request, pk):
    application = application_to_move(request, pk, M.ARCHIVE)
    closing = _closing(application)
    if closing and closing.materials_on is None:
        return turned_away(request, application, _("The file has not been handed in."))
    return answer(
        request,
        application,
        M.ARCHIVE,
        ArchiveForm(
            request.POST or None,
            application=application,
            earliest=closing.materials_on if closing else application.received_on,
            initial={"archive_number": suggest_archive_number(application.county)},
        ),
        lambda form: workflow.archive(application, by=request.user, **form.cleaned_data),
        done=_("Checked and archived."),
        title=_("Check the file and archive it"),
        words=_(
            "Legal Aid Law, article 52: the subsidy is paid in time, through the handler's unit."
        ),
        button=_("Archive it"),
    )
