"""How a case ends on its pages: closed, its file handed in and checked, the subsidy paid."""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stations.access import allowed
from stations.roles import Ability

from .. import workflow
from ..forms.closing import ArchiveForm, CloseForm, HandInForm, PayForm
from ..models import Closing
from ..numbering import suggest_archive_number
from ..terms import ApplicationMove as M
from .application_pages import answer, application_to_move, open_assignment, turned_away


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
            assignment=open_assignment(application),
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


def _earliest_to_hand_in(closing):
    """The day it was closed, or last sent back to its handler."""
    last = closing.reviews.last()
    return last.checked_on if last else closing.closed_on


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
            earliest=_earliest_to_hand_in(closing) if closing else application.received_on,
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
        lambda form: _check(application, form, by=request.user),
        done=_("The check is noted. A file that did not pass is with its handler again."),
        title=_("Check the file and archive it"),
        words=_(
            "Legal Aid Law, article 52: the subsidy is paid in time, through the handler's unit. A file"
            " that does not pass goes back to its handler and is checked again."
        ),
        button=_("Note the check"),
        page="casework/handling/archive.html",
        reviews=closing.reviews.select_related("checked_by") if closing else [],
    )


def _check(application, form, *, by):
    """Archive what passed; send back what did not."""
    typed = form.cleaned_data
    if form.is_failed:
        workflow.return_file(
            application, by=by, on=typed["on"], missing=typed["note"], days=typed["days"]
        )
        return
    workflow.archive(
        application,
        by=by,
        on=typed["on"],
        file_check=typed["file_check"],
        archive_number=typed["archive_number"],
        subsidy=typed["subsidy"],
        note=typed["note"],
    )


@allowed(Ability.SETTLE_SUBSIDY)
@require_http_methods(["GET", "POST"])
def application_pay(request, pk):
    application = application_to_move(request, pk, M.PAY_SUBSIDY)
    closing = _closing(application)
    if closing and request.method == "GET":
        if closing.paid_on:
            return turned_away(request, application, _("The subsidy has been paid already."))
        if not closing.subsidy:
            return turned_away(
                request, application, _("No subsidy was set when the file was archived.")
            )
    return answer(
        request,
        application,
        M.PAY_SUBSIDY,
        PayForm(
            request.POST or None,
            application=application,
            earliest=closing.checked_on if closing else application.received_on,
            initial={"amount": closing and closing.subsidy},
        ),
        lambda form: workflow.pay_subsidy(application, by=request.user, **form.cleaned_data),
        done=_("The payment is noted; the clock of file and subsidy ends."),
        title=_("Subsidy paid"),
        words=_(
            "Legal Aid Law, article 52: paid in time, through the handler's unit, free of tax."
        ),
        button=_("Note the payment"),
    )
