"""Filters of the page who lacks what, in the address bar. What is no choice is no filter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ChoreKind


class ChoreFilter(forms.Form):
    kind = forms.ChoiceField(
        label=_("about"), required=False, choices=[("", _("everything")), *ChoreKind.choices]
    )
    first = forms.ChoiceField(
        label=_("listed first"),
        required=False,
        choices=[
            ("", _("in the usual order")),
            ("late", _("who has most overdue")),
            ("many", _("who lacks most")),
            ("old", _("who has lacked it longest")),
        ],
    )
    late = forms.BooleanField(label=_("only what is overdue"), required=False)

    def chosen(self, chores, today):
        """Return the chores that pass the filters."""
        self.is_valid()
        if kind := self.cleaned_data.get("kind"):
            chores = chores.filter(kind=kind)
        if self.cleaned_data.get("late"):
            chores = chores.overdue(today)
        return chores

    @property
    def order(self):
        """How the places are listed; by their codes when nothing is chosen."""
        return self.cleaned_data.get("first", "")

    @property
    def kind_label(self):
        """What the one kind chosen is called."""
        kind = self.cleaned_data.get("kind")
        return ChoreKind(kind).label if kind else ""
