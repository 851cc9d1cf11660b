"""What forms of every page share: a ruled sheet, a day, a phone number."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from .cells import Sheet

phone_number = RegexValidator(
    r"^[0-9+()（）\- 转]{5,30}$",
    _("This is not a phone number. Write 0564-5021234 or 13912342648."),
)


def sheet(*cells):
    helper = FormHelper()
    helper.form_tag = False
    # What is wrong with the whole form stands above it, in components/errors.html.
    helper.form_show_errors = False
    helper.layout = Layout(Sheet(*cells))
    return helper


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
