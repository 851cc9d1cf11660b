"""What is typed of training: the plan, a session, five questions, the answers."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import PlannedTraining, TrainingSession
from ..models.training import QUESTIONS
from .cells import Cell
from .fields import DayField, sheet
from .photos import PhotosField

OPTIONS = "abcd"
# The longest the county lets somebody review without current training.
MOST_EXEMPT_DAYS = 184


def _hours(form):
    hours = form.cleaned_data["hours"]
    if not 0 < hours <= 40:
        raise forms.ValidationError(_("Between half an hour and 40 hours."))
    return hours


class PlanForm(forms.ModelForm):
    class Meta:
        model = PlannedTraining
        fields = ["year", "quarter", "topic", "hours"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year
        self.fields["hours"].widget.attrs["inputmode"] = "decimal"
        self.helper = sheet(
            Cell("year", "w2"), Cell("quarter", "w3"), Cell("topic", "w5"), Cell("hours", "w2")
        )

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not 2000 <= year <= timezone.localdate().year + 1:
            raise forms.ValidationError(_("Check the year."))
        return year

    clean_hours = _hours


class SessionForm(forms.ModelForm):
    """A session that was held, or one on a coming day."""

    on = DayField(label=gettext_lazy("day"), initial=timezone.localdate)
    materials = PhotosField(label=gettext_lazy("materials"))

    class Meta:
        model = TrainingSession
        fields = ["planned", "on", "title", "topic", "trainer", "hours", "place"]

    def __init__(self, *args, planned, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["planned"].queryset = planned
        self.fields["planned"].empty_label = _("not in the plan")
        self.fields["hours"].widget.attrs["inputmode"] = "decimal"
        self.helper = sheet(
            Cell("title", "w6"),
            Cell("topic", "w6"),
            Cell("on", "w3"),
            Cell("hours", "w2"),
            Cell("trainer", "w3"),
            Cell("place", "w4"),
            Cell("planned", "w6"),
            Cell("materials", "w6", note=_("up to six PDFs or photos")),
        )

    clean_hours = _hours


class QuestionsForm(forms.Form):
    """Five questions, each with two to four answers and the right one."""

    def __init__(self, *args, questions=(), **kwargs):
        super().__init__(*args, **kwargs)
        known = {question.number: question for question in questions}
        for n in range(1, QUESTIONS + 1):
            question = known.get(n)
            self.fields[f"text_{n}"] = forms.CharField(
                label=_("question %d") % n,
                max_length=200,
                initial=question.text if question else "",
            )
            for place, letter in enumerate(OPTIONS):
                options = question.options if question else []
                self.fields[f"option_{n}_{letter}"] = forms.CharField(
                    label=letter.upper(),
                    max_length=120,
                    required=place < 2,
                    initial=options[place] if place < len(options) else "",
                )
            self.fields[f"right_{n}"] = forms.ChoiceField(
                label=_("right answer"),
                choices=[(letter, letter.upper()) for letter in OPTIONS],
                widget=forms.RadioSelect,
                initial=OPTIONS[question.right] if question else None,
            )
        self.helper = sheet(*self._cells())

    def _cells(self):
        for n in range(1, QUESTIONS + 1):
            yield Cell(f"text_{n}", "w12")
            for letter in OPTIONS:
                yield Cell(f"option_{n}_{letter}", "w3")
            yield Cell(f"right_{n}")

    def clean(self):
        cleaned = super().clean()
        for n in range(1, QUESTIONS + 1):
            given = [cleaned.get(f"option_{n}_{letter}", "") for letter in OPTIONS]
            right = cleaned.get(f"right_{n}")
            if given[3] and not given[2]:
                self.add_error(f"option_{n}_c", _("Fill in C before D."))
            elif right and not given[OPTIONS.index(right)]:
                self.add_error(f"right_{n}", _("The right answer is an empty one."))
        return cleaned

    @property
    def questions(self):
        """[(text, options, number of the right one)]."""
        cleaned = self.cleaned_data
        return [
            (
                cleaned[f"text_{n}"],
                [
                    cleaned[f"option_{n}_{letter}"]
                    for letter in OPTIONS
                    if cleaned[f"option_{n}_{letter}"]
                ],
                OPTIONS.index(cleaned[f"right_{n}"]),
            )
            for n in range(1, QUESTIONS + 1)
        ]


class QuizForm(forms.Form):
    """The answers to a session's questions."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=99)

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"q{question.number}"] = forms.TypedChoiceField(
                label=question.text,
                choices=list(enumerate(question.options)),
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose an answer.")},
            )

    @property
    def rows(self):
        return [(question, self[f"q{question.number}"]) for question in self.questions]

    @property
    def answers(self):
        return [self.cleaned_data[f"q{question.number}"] for question in self.questions]


class ExemptionForm(forms.Form):
    """Until when somebody may review without current training, and why."""

    until_on = DayField(label=pgettext_lazy("exemption", "until"))
    reason = forms.CharField(label=pgettext_lazy("exemption", "reason"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = sheet(Cell("until_on", "w4"), Cell("reason", "w8"))

    def clean_until_on(self):
        day, today = self.cleaned_data["until_on"], timezone.localdate()
        if not today <= day <= today + timedelta(days=MOST_EXEMPT_DAYS):
            raise forms.ValidationError(_("Choose a day within the coming half year."))
        return day
