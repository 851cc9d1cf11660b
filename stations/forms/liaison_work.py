"""What is typed of a liaison's work: a line of the log, a task, what came of it."""

import re
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import LiaisonActivity, LiaisonTask
from ..privacy import without_numbers
from ..terms import LiaisonRole
from .cells import Cell
from .fields import DayField, sheet
from .past_days import PastDayField

# A liaison sees nobody's economic data (rules 4.2), so none is written to one or by one.
_MONEY = re.compile(r"\d[\d,.]*\s*(元|块|万|千|yuan)|收入|存款|低保|工资\s*\d", re.IGNORECASE)


def clean_words(text):
    """Return the words without numbers of people. Raises ValidationError when they name money."""
    if _MONEY.search(text):
        raise forms.ValidationError(
            _("Leave out money and income: a liaison's papers carry nobody's economic data.")
        )
    return without_numbers(text)


class ActivityForm(forms.ModelForm):
    """One press for the role, and a word."""

    role = forms.ChoiceField(
        label=pgettext_lazy("liaison", "role"),
        choices=LiaisonRole,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Press what you did.")},
    )
    on = PastDayField(label=gettext_lazy("day"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = LiaisonActivity
        fields = ["role", "on", "words", "client_key"]

    def clean_words(self):
        return clean_words(self.cleaned_data["words"])

    def validate_unique(self):
        """The same key twice is the same press sent twice: the act answers with the first."""


class TaskForm(forms.ModelForm):
    """What the station asks of a liaison."""

    due_on = DayField(label=gettext_lazy("due on"))

    class Meta:
        model = LiaisonTask
        fields = ["kind", "words", "due_on"]
        widgets = {"kind": forms.RadioSelect, "words": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [c for c in self.fields["kind"].choices if c[0]]
        self.helper = sheet(
            Cell("kind", "w12"),
            Cell("words", "w8", note=_("no money, income or numbers of people")),
            Cell("due_on", "w4"),
        )

    def clean_words(self):
        return clean_words(self.cleaned_data["words"])

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is over; choose a coming one."))
        return day


class ResultForm(forms.Form):
    """What came of a task, or why it is taken back."""

    # The number of a report, where it comes from a phone.
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    result = forms.CharField(
        label=gettext_lazy("what came of it"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write in a few words what came of it.")},
    )

    def clean_result(self):
        return clean_words(self.cleaned_data["result"])
