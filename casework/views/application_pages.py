"""What the pages of an application share: finding it, making a move, answering.

Is it there for this person (404) · may they ever do it here (403, `casework.applications.acts`) · can it be done
now (a sentence).
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import workflow
from ..applications import acts
from ..applications.whole_file import read_whole
from ..models import Application
from ..rules import deadlines as limits
from ..time_limits import clocks

FORM_PAGE = "casework/applications/move.html"


def visible_application(user, pk):
    """The application with what every page of it says; 404 out of scope."""
    applications = _readable(user).prefetch_related("pauses", "parties")
    return get_object_or_404(applications, pk=pk)


def whole_application(user, pk):
    """The application with everything its record says; 404 out of scope."""
    return read_whole(get_object_or_404(_readable(user), pk=pk))


def _readable(user):
    return (
        Application.objects.visible_to(user)
        .for_list()
        .select_related("station__county", "received_by", "entry__station", "lead")
        .defer("entry__search_terms")
    )


def application_to_move(request, pk, move):
    """The application, 404 out of scope; 403 where the move is not this person's to make."""
    application = visible_application(request.user, pk)
    if not acts.may_make(request.user, application, move):
        raise PermissionDenied
    return application


def open_assignment(application):
    """Who handles the case now, or None."""
    open_ones = application.assignments.filter(ended_on=None)
    return open_ones.select_related("worker__unit").first()


def why_not_now(user, application, move):
    """Return the sentence why the move cannot be made now, or an empty text."""
    try:
        workflow.refuse_unless_open(move, application)
    except workflow.MoveRefused as refusal:
        return str(refusal)
    if acts.is_moment_for(user, application, move):
        return ""
    if application.is_at_station:
        return _("The station holds this file now. Ask there.")
    return _("The center holds this file now. Ask there.")


def turned_away(request, application, why):
    messages.error(request, why)
    return redirect(application)


def press(request, pk, move, make, *, done):
    """A move that takes one press: made, or told why not."""
    application = application_to_move(request, pk, move)
    if why := why_not_now(request.user, application, move):
        return turned_away(request, application, why)
    try:
        make(application)
    except workflow.MoveRefused as refusal:
        return turned_away(request, application, str(refusal))
    messages.success(request, done)
    return redirect(application)


def answer(request, application, move, form, make, *, done, page=FORM_PAGE, **context):
    """A move with a form: shown, made, or refused with everything typed still there.

    `make` gets the cleaned form. `context` says what the page is called and what it explains.
    """
    if why := why_not_now(request.user, application, move):
        if not form.is_bound:
            return turned_away(request, application, why)
        form.add_error(None, why)
    elif form.is_valid():
        try:
            make(form)
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(application)
    return TemplateResponse(
        request,
        page,
        {"application": application, "form": form} | context,
        status=422 if form.errors else 200,
    )


def usual_days(application, number):
    """The days a notice gives when nobody says otherwise: the county's rule, else the usual."""
    promise = clocks.Book.of(application.county).promise(number, timezone.localdate())
    return promise.length if promise else limits.LIMITS[number].length
