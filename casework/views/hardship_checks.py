"""Writing down what a check of a household's statement has shown (LAL 41)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stations.access import allowed
from stations.roles import Ability

from ..applications import acts
from ..forms.hardship_checks import HardshipCheckForm
from ..intake import hardship_checks
from .application_pages import FORM_PAGE, turned_away, visible_application


def may_check(user, application):
    """Whoever handles the file, at its station or at its center."""
    return acts.holds_at_station(user, application, Ability.TAKE_IN) or acts.holds_at_center(
        user, application, Ability.EXAMINE
    )


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_http_methods(["GET", "POST"])
def hardship_check(request, pk):
    application = visible_application(request.user, pk)
    if not may_check(request.user, application):
        raise PermissionDenied
    if application.hardship_track not in hardship_checks.CHECKED_TRACKS:
        return turned_away(
            request,
            application,
            _("Nothing is checked here: hardship is no condition, or is proved by paper."),
        )
    form = HardshipCheckForm(request.POST or None, application=application)
    if form.is_valid():
        hardship_checks.note(application, by=request.user, **form.cleaned_data)
        messages.success(request, _("The result of the check is kept."))
        return redirect(application)
    return TemplateResponse(
        request,
        FORM_PAGE,
        {
            "application": application,
            "form": form,
            "title": _("Check what the household has stated"),
            "words": _(
                "Legal Aid Law, article 41: shared data, departments and the villagers' or"
                " residents' committee answer; what they say is kept encrypted."
            ),
            "button": _("Keep the result"),
        },
        status=422 if form.errors else 200,
    )
