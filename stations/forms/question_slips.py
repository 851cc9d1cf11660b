"""What is typed of question slips: the question, the answer, what is still open."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import QuestionSlip
from ..papers import boards
from ..terms import SlipTopic
from .cells import Cell
from .fields import sheet

MOST_WORDS = 1000


def _without_people(text):
    if boards.names_a_person(text):
        raise forms.ValidationError(
            _("A mobile or identity number stands in the text. Take it out.")
        )
    return text


class SlipForm(forms.ModelForm):
    """A question, at the county with the station it is for."""

    station = forms.ChoiceField(
        label=pgettext_lazy("slip", "to"),
        error_messages={"required": gettext_lazy("Choose which station is asked.")},
    )
    words = forms.CharField(
        label=pgettext_lazy("slip", "the question"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = QuestionSlip
        fields = ["topic", "subject"]
        widgets = {"topic": forms.RadioSelect}

    def __init__(self, *args, stations=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.stations = {str(station.pk): station for station in stations}
        self.fields["topic"].choices = SlipTopic.choices
        if stations:
            self.fields["station"].choices = [
                ("", _("choose a station")),
                ("all", _("every station of the county")),
                *((key, station.short_name) for key, station in self.stations.items()),
            ]
        else:
            del self.fields["station"]
        self.helper = sheet(
            Cell("station", "w4"),
            Cell("topic", "w12"),
            Cell("subject", "w12", note=_("in a few words")),
            Cell("words", "w12", note=_("no names or numbers of people who came")),
            "client_key",
        )

    def clean_subject(self):
        return _without_people(self.cleaned_data["subject"])

    def clean_words(self):
        return _without_people(self.cleaned_data["words"])

    @property
    def asked(self):
        """The stations chosen; none where the form has no choice."""
        chosen = self.cleaned_data.get("station")
        if chosen == "all":
            return list(self.stations.values())
        return [self.stations[chosen]] if chosen else []


class AnswerForm(forms.Form):
    """An answer; the county may share it."""

    words = forms.CharField(
        label=pgettext_lazy("slip", "your answer"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the answer.")},
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("show question and answer to all stations of the county"),
        required=False,
    )

    def clean_words(self):
        return _without_people(self.cleaned_data["words"])


class FurtherForm(forms.Form):
    """What the answer leaves open."""

    words = forms.CharField(
        label=pgettext_lazy("slip", "what is still open"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write what is still open.")},
    )

    def clean_words(self):
        return _without_people(self.cleaned_data["words"])


class CloseForm(forms.Form):
    """How it ended, in a word; needed where nobody has answered."""

    words = forms.CharField(
        label=pgettext_lazy("slip", "how it ended"), max_length=200, required=False
    )

    def clean_words(self):
        return _without_people(self.cleaned_data["words"])
