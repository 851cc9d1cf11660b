"""What is typed about rule sets: a template's next version, a station's own text."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cells import Cell
from .fields import DayField
from .walls import on_a_sheet


class _TextForm(forms.Form):
    text = forms.CharField(
        label=_("text"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false"}),
        error_messages={"required": _("Write the text of the rule set.")},
    )

    def clean_text(self):
        """Line ends of a browser are not another text."""
        return "\n".join(self.cleaned_data["text"].splitlines()).strip()


class TemplateForm(_TextForm):
    """The next version of the county's template."""

    note = forms.CharField(label=_("why it is changed"), max_length=120, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        on_a_sheet(self, Cell("text", "w12"), Cell("note", "w12"))


class AdoptForm(_TextForm):
    """A station's text of a rule set, and from when it holds."""

    in_force_from = DayField(
        label=_("in force from"), error_messages={"required": _("Choose the first day.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("in_force_from", timezone.localdate())
        on_a_sheet(self, Cell("text", "w12"), Cell("in_force_from", "w4"))
