"""A day that has come already: what is recorded happened."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from .fields import DayField


class PastDayField(DayField):
    """A day up to today; today unless another is typed."""

    def __init__(self, **kwargs):
        kwargs.setdefault("initial", timezone.localdate)
        super().__init__(**kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if day and day.year < 2000:
            raise forms.ValidationError(_("This day is too long ago; check the year."))
        return day
