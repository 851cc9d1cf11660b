"""What center and bureau write when they decide: grounds by code, reasons in words."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.forms.cells import Cell

from ..terms import (
    ObjectionOutcome,
    ProvideFirstGround,
    RefusalGround,
    ReturnReason,
    TerminationGround,
)
from .moves import MoveForm, PastDayField, words_field


def _grounds(label, choices):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one ground.")},
    )


class ReturnForm(MoveForm):
    """Why the file goes back to its station, by code and in words."""

    reason = forms.ChoiceField(
        label=_("reason"),
        choices=ReturnReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    note = words_field(
        _("what the station should mend"),
        most=400,
        required=_("Say what is to be mended; the station reads it."),
    )


class GrantForm(MoveForm):
    """Reasons of a grant, which may be left out."""

    reason = words_field(_("reasons"), rows=4)


class ProvideFirstForm(MoveForm):
    """The ground of LAL 44 and the days for the papers."""

    grounds = _grounds(_("ground of article 44"), ProvideFirstGround)
    days = forms.IntegerField(
        label=_("days to complete the papers"),
        min_value=1,
        max_value=60,
        error_messages={
            "required": _("Say within how many days."),
            "min_value": _("Give at least one day."),
            "max_value": _("Give at most 60 days."),
        },
    )
    reason = words_field(_("reasons"))

    def __init__(self, *args, usual_days, **kwargs):
        self.usual_days = usual_days
        super().__init__(*args, **kwargs)

    def prepare(self):
        self.fields["days"].initial = self.usual_days


class _ProposalForm(MoveForm):
    """Grounds by code, and the reasons that the letter prints."""

    reason = words_field(
        _("facts and reasons of the decision"),
        rows=5,
        required=_("Write the reasons; the applicant reads them in the letter."),
    )

    def cells(self):
        return [Cell("grounds", "w12"), Cell("reason", "w12", note=_("printed in the letter"))]


class ProposeRefusalForm(_ProposalForm):
    grounds = _grounds(_("grounds of the refusal"), RefusalGround)


class ProposeTerminationForm(_ProposalForm):
    grounds = _grounds(_("grounds of article 48"), TerminationGround)


class ObjectionForm(MoveForm):
    """An objection that came in (LAL 49)."""

    received_on = PastDayField(label=_("received on"))
    words = words_field(
        _("what the applicant says"),
        rows=5,
        required=_("Write down what the applicant says."),
    )

    def prepare(self):
        self.fields["received_on"].initial = timezone.localdate()
        decision = self.application.decisions.exclude(made_at=None).last()
        self.fields["received_on"].earliest = decision and decision.made_on

    def cells(self):
        return [Cell("received_on", "w12"), Cell("words", "w12")]


class ObjectionDecisionForm(MoveForm):
    """What the bureau says, with reasons (form 20)."""

    outcome = forms.ChoiceField(
        label=_("outcome"),
        choices=ObjectionOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome.")},
    )
    reason = words_field(
        _("reasons"),
        rows=5,
        required=_("Write the reasons; the applicant reads them in the letter."),
    )
