"""What people write and say about a month; its figures are never typed."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from stations.forms.cells import Cell, Sheet

from ..models import MonthlyReport


class ReportTextForm(forms.ModelForm):
    """The words of a monthly report, in the order of the paper."""

    # The fingerprint of the words this form was opened with, to notice somebody else's.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    class Meta:
        model = MonthlyReport
        fields = ["comment", "signals_text", "suggestions", "typical_cases"]
        help_texts = {
            "comment": _(
                "Where people come from, what is behind the matters. The figures are printed "
                "before it, so leave numbers out."
            ),
            "signals_text": _("For each signal: what was done, by whom, how it stands."),
            "suggestions": _("One line each. What the county should do."),
            "typical_cases": _("No names, no villages, no employers. May stay empty."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].widget.attrs["rows"] = 5
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Sheet(*(Cell(name, "w12") for name in self.Meta.fields)), "seen"
        )


class SendForm(forms.Form):
    """What sending may need: the word that zero is meant, or why the county goes ahead."""

    is_zero_confirmed = forms.BooleanField(
        label=_("Nobody called or came this month; I have checked."),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    note = forms.CharField(
        label=_("why the county goes ahead without them"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


class ReasonForm(forms.Form):
    """Why a report goes back, or a month is opened again."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=400,
        error_messages={"required": _("Say why; the other side reads it.")},
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
