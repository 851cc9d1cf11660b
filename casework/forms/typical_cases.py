"""A typical case as it is written, and what the reviewer says."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell
from stations.forms.fields import sheet
from stations.privacy import without_numbers

from ..applications.typical_cases import still_named
from .fields import LongText
from .moves import words_field


class TypicalCaseForm(forms.Form):
    """Title and text without names; `names` are those that may not be in them."""

    title = LongText(
        80,
        label=gettext_lazy("title"),
        required=True,
        error_messages={"required": gettext_lazy("Give it a title without names.")},
    )
    text = words_field(
        gettext_lazy("text without names"),
        rows=18,
        most=6000,
        required=gettext_lazy("Write what others can learn from it."),
    )

    def __init__(self, *args, names, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.names = names
        self.helper = sheet(Cell("title", "w12"), Cell("text", "w12"))

    def _without(self, words):
        if left := still_named(words, self.names):
            raise ValidationError(
                _("This still names: %(names)s. Write %(instead)s instead.")
                % {
                    "names": "、".join(left),
                    "instead": "、".join(self.names[name] for name in left),
                }
            )
        if without_numbers(words) != words:
            raise ValidationError(_("There is a phone or identity number in it. Take it out."))
        return words

    def clean_title(self):
        return self._without(self.cleaned_data["title"])

    def clean_text(self):
        return self._without(self.cleaned_data["text"])


class ReviewNoteForm(forms.Form):
    """The reviewer's words; needed when it is not accepted."""

    note = words_field(gettext_lazy("words to the writer"), rows=2, most=400)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = sheet(Cell("note", "w12", note=_("needed when it is not accepted")))
