"""What every form asks that changes particulars already on record: what was seen, and why it changes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..particulars import keeping
from .cells import Cell


class ParticularsForm(forms.ModelForm):
    """A model form whose record keeps its old values; saved by `stations.particulars.keeping`."""

    # The fields that change only with a reason or a document.
    reason_due = ()

    def ask_why(self):
        """Add the fields, at the end of the sheet; nothing is asked of a new record."""
        if not self.instance.pk:
            return
        self.fields["seen"] = forms.IntegerField(
            required=False,
            min_value=0,
            max_value=2**62,
            widget=forms.HiddenInput,
            initial=keeping.latest(self.instance),
        )
        self.fields["why"] = forms.CharField(
            label=_("reason or document of the change"),
            max_length=200,
            required=False,
            help_text=_("The old values stay on record, with your name and the day."),
        )
        self.helper.layout.fields[0].fields.append(Cell("why", "w12"))
        self.helper.render_hidden_fields = True

    def see_again(self):
        """After a clash: the next saving is by somebody who has seen what the other one changed."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = keeping.latest(self.instance)
