"""What the bureau writes when it opens a submitted return again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stations.privacy import without_numbers


class ReopenForm(forms.Form):
    """Why a submitted return is opened again."""

    why = forms.CharField(
        label=_("why it is reopened"),
        max_length=400,
        error_messages={"required": _("Say why it is reopened; the center reads it.")},
    )

    def clean_why(self):
        return without_numbers(self.cleaned_data["why"])
