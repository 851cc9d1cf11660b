"""What is typed of premises: the check of all items, a request, the county's answer."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import PremisesNeed
from ..terms import ItemState, NeedAnswer, PremisesItem
from .cells import Cell
from .fields import sheet
from .past_days import PastDayField
from .photos import PhotoField


@dataclass
class ItemFields:
    """The three fields of one item, as a row of the form shows them."""

    item: PremisesItem
    state: forms.BoundField
    words: forms.BoundField
    photo: forms.BoundField
    line: object

    @property
    def errors(self):
        return [*self.state.errors, *self.words.errors, *self.photo.errors]


class CheckForm(forms.Form):
    """All items on one page; what was not looked at is left open and not recorded."""

    on = PastDayField(label=pgettext_lazy("item", "checked on"))

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            code = line.item.value
            self.fields[f"state_{code}"] = forms.ChoiceField(
                label=line.item.label,
                choices=ItemState,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"words_{code}"] = forms.CharField(
                label=gettext_lazy("remark"), max_length=120, required=False
            )
            self.fields[f"photo_{code}"] = PhotoField(label=gettext_lazy("photo"))

    @property
    def rows(self):
        return [
            ItemFields(
                line.item,
                self[f"state_{line.item.value}"],
                self[f"words_{line.item.value}"],
                self[f"photo_{line.item.value}"],
                line,
            )
            for line in self.lines
        ]

    def clean(self):
        cleaned = super().clean()
        for line in self.lines:
            code = line.item.value
            typed = cleaned.get(f"words_{code}") or cleaned.get(f"photo_{code}")
            if (
                typed
                and not cleaned.get(f"state_{code}")
                and f"state_{code}" not in self.errors
            ):
                self.add_error(f"state_{code}", _("Say whether it is there."))
        if not self.errors and not self.found:
            self.add_error(None, _("Choose a state for at least one item."))
        return cleaned

    @property
    def found(self):
        """[(item, state, remark, photo)] of the items that were looked at."""
        cleaned = self.cleaned_data
        return [
            (
                line.item,
                cleaned[f"state_{line.item.value}"],
                cleaned[f"words_{line.item.value}"],
                cleaned[f"photo_{line.item.value}"],
            )
            for line in self.lines
            if cleaned.get(f"state_{line.item.value}")
        ]


class NeedForm(forms.ModelForm):
    class Meta:
        model = PremisesNeed
        fields = ["item", "why"]
        widgets = {"why": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = sheet(Cell("item", "w12"), Cell("why", "w12"))


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=pgettext_lazy("need", "answer"), choices=NeedAnswer, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("words to the station"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = sheet(Cell("answer"), Cell("words", "w12"))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") in {NeedAnswer.LATER, NeedAnswer.REFUSED} and not cleaned.get(
            "words"
        ):
            self.add_error("words", _("Tell the station why, and what to do meanwhile."))
        return cleaned
