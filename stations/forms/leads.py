"""A lead, as a liaison types it on a phone."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Lead
from ..terms import LeadKind


class LeadForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("What is it"),
        choices=LeadKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Press what it is about.")},
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = Lead
        fields = ["kind", "name", "phone", "words", "urgency", "client_key"]

    phone = forms.CharField(max_length=20, required=False)

    def clean_phone(self):
        digits = "".join(sign for sign in self.cleaned_data["phone"] if sign.isdigit())
        if digits and not 5 <= len(digits) <= 13:
            raise forms.ValidationError(_("This is not a phone number. Check the digits."))
        return digits

    def validate_unique(self):
        """The same key twice is the same lead sent twice: the view answers with the first."""


class TakeLeadForm(forms.Form):
    outcome = forms.CharField(
        label=_("what became of it"),
        max_length=200,
        error_messages={
            "required": _("Write in a few words what was done, so that the liaison can see it.")
        },
    )
