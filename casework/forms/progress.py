"""What the public types to ask how an application stands."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CODE_SIGNS = 8


class ProgressForm(forms.Form):
    """The receipt code and the last four signs of the identity number, or of the phone."""

    code = forms.CharField(
        label=gettext_lazy("receipt code"),
        max_length=20,
        error_messages={"required": gettext_lazy("Type the code on your receipt.")},
    )
    digits = forms.CharField(
        label=gettext_lazy("last four digits of the identity number"),
        max_length=10,
        error_messages={"required": gettext_lazy("Type the last four digits.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def clean_code(self):
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"]).upper()
        if len(code) != CODE_SIGNS:
            raise ValidationError(
                _("The code has 8 letters and figures; it stands at the top of the receipt.")
            )
        return code

    def clean_digits(self):
        digits = self.cleaned_data["digits"].strip().upper()
        if not re.fullmatch(r"[0-9A-Z]{4}", digits):
            raise ValidationError(_("Just the last four, figures or X."))
        return digits
