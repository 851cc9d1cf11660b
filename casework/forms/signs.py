"""What the bureau writes about an early sign, and which signs a list shows."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..terms import SignalLevel, SignState
from .fields import LongText


class SettleForm(forms.Form):
    """To whom and how a sign was reported, or why nothing is in it; kept with the sign."""

    words = LongText(
        400,
        label=gettext_lazy("what was done about it"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_words(self):
        words = self.cleaned_data["words"]
        if len(words) < 4:
            raise ValidationError(_("Write in a few words what was done and with whom."))
        return words


class SignFilter(forms.Form):
    """Filters of the list, in the address bar. What is no choice is no filter."""

    state = forms.ChoiceField(
        label=gettext_lazy("state"),
        required=False,
        choices=[
            ("waiting", gettext_lazy("to be settled")),
            *SignState.choices,
            ("all", gettext_lazy("all")),
        ],
    )
    level = forms.ChoiceField(
        label=pgettext_lazy("sign", "level"),
        required=False,
        choices=[("", gettext_lazy("every level")), *SignalLevel.choices],
    )

    def chosen(self, signs):
        """Return the signs that pass the filters."""
        self.is_valid()
        state = self.cleaned_data.get("state") or "waiting"
        if state == "waiting":
            signs = signs.waiting()
        elif state != "all":
            signs = signs.filter(state=state)
        if level := self.cleaned_data.get("level"):
            signs = signs.filter(level=level)
        return signs
