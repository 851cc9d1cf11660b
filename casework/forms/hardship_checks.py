"""What is written of a check of a household's statement: who was asked, and what it has shown."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.forms.cells import Cell

from ..terms import HardshipOutcome
from .fields import DatalistInput
from .moves import MoveForm, PastDayField, words_field

ASKED = [
    gettext_lazy("civil affairs: social assistance"),
    gettext_lazy("villagers' or residents' committee"),
    pgettext_lazy("hardship", "social insurance"),
    gettext_lazy("data shared by the county"),
]


class HardshipCheckForm(MoveForm):
    """One answer about what a household earns and owns."""

    source = forms.CharField(
        label=gettext_lazy("who was asked"),
        max_length=80,
        widget=DatalistInput(options=ASKED),
        error_messages={"required": gettext_lazy("Write whom you asked.")},
    )
    checked_on = PastDayField(label=gettext_lazy("day of the answer"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("what it has shown"),
        choices=HardshipOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it has shown.")},
    )
    words = words_field(pgettext_lazy("hardship", "what was said"), rows=3, most=400)

    def prepare(self):
        self.fields["checked_on"].initial = timezone.localdate()
        self.fields["checked_on"].earliest = self.application.received_on

    def cells(self):
        return [
            Cell("source", "w8"),
            Cell("checked_on", "w4"),
            Cell("outcome", "w12"),
            Cell("words", "w12", note=_("needed unless it is as stated")),
        ]

    def clean(self):
        cleaned = super().clean()
        is_as_stated = cleaned.get("outcome") == HardshipOutcome.CONFIRMED
        if cleaned.get("outcome") and not is_as_stated and not cleaned.get("words"):
            self.add_error("words", _("Write what differs or why it could not be found out."))
        return cleaned
