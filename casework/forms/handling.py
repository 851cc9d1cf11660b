"""What is written of a granted case: whom it is assigned to, who asks for another, how it goes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.forms.cells import Cell
from stations.privacy import without_numbers
from stations.templatetags.words import full_day

from ..terms import ChangeAsker, ChangeGround, ChangeReason
from .fields import LongText
from .moves import MoveForm, PastDayField, words_field


def discreet(words):
    """Words of others, in which numbers of people are blacked out."""
    return without_numbers(words)


# ── Who handles it ──────────────────────────────────────────────────────────────────────


class AssignForm(MoveForm):
    """One of the suggested, and why not the first when it is another."""

    worker = forms.ChoiceField(
        label=gettext_lazy("who handles it"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose who handles it."),
            "invalid_choice": gettext_lazy(
                "This person cannot be assigned now. Choose one of the list."
            ),
        },
    )
    override_reason = LongText(200, label=gettext_lazy("why not the first suggested"))

    def __init__(self, *args, suggestions, **kwargs):
        self.suggestions = suggestions
        super().__init__(*args, **kwargs)

    def prepare(self):
        ranked = self.suggestions.ranked
        field = self.fields["worker"]
        field.choices = [(each.candidate.worker, each.candidate.name) for each in ranked]
        if ranked:
            field.initial = ranked[0].candidate.worker

    def cells(self):
        return [Cell("override_reason", "w12", note=_("empty for the first"))]

    def picks(self):
        """Yield (suggestion, its place, its radio button) for the page."""
        for n, (each, radio) in enumerate(
            zip(self.suggestions.ranked, self["worker"], strict=True), 1
        ):
            yield each, n, radio

    def clean(self):
        cleaned = super().clean()
        chosen = cleaned.get("worker")
        cleaned["place"] = chosen and self.suggestions.place_of(int(chosen))
        is_first = cleaned["place"] == 1
        if chosen and not is_first and not cleaned.get("override_reason"):
            self.add_error("override_reason", _("Say why not the person suggested first."))
        return cleaned


class ChangePersonForm(AssignForm):
    """Another person, why, and what of the file they were given."""

    reason = forms.ChoiceField(
        label=gettext_lazy("why changed"),
        choices=ChangeReason,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    note = words_field(
        gettext_lazy("what happened"),
        most=400,
        required=gettext_lazy("Say why; the recipient reads it in the notice."),
    )
    handed_over = words_field(
        gettext_lazy("what is handed over"),
        rows=2,
        most=200,
        required=gettext_lazy("Say what of the file is handed over, and where it is."),
    )

    def cells(self):
        return [
            Cell("reason", "w12"),
            Cell("note", "w6"),
            Cell("handed_over", "w6", note=_("papers, originals, days already fixed")),
            *super().cells(),
        ]


class AskChangeForm(MoveForm):
    """Who asks that another person handles the case, and why (form 16)."""

    asked_by = forms.ChoiceField(
        label=pgettext_lazy("change of person", "who asks"),
        choices=ChangeAsker,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who asks.")},
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("ground"),
        choices=ChangeGround,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a ground.")},
    )
    asked_on = PastDayField(label=gettext_lazy("asked on"))
    words = words_field(
        gettext_lazy("what is said"),
        most=400,
        required=gettext_lazy("Write what they say, as they say it."),
    )

    def __init__(self, *args, assignment, **kwargs):
        self.assignment = assignment
        super().__init__(*args, **kwargs)

    def prepare(self):
        self.fields["asked_on"].initial = timezone.localdate()
        self.fields["asked_on"].earliest = self.assignment and self.assignment.assigned_on

    def cells(self):
        return [
            Cell("asked_by", "w12"),
            Cell("ground", "w12"),
            Cell("asked_on", "w4"),
            Cell("words", "w8", note=_("numbers of people are blacked out")),
        ]

    def clean_words(self):
        return discreet(self.cleaned_data["words"])


class RefuseChangeForm(MoveForm):
    """Why the person stays; whoever asked reads it."""

    reason = words_field(
        gettext_lazy("reasons"),
        most=400,
        required=gettext_lazy("Write the reasons; whoever asked reads them."),
    )


class SinceAssignmentForm(MoveForm):
    """A form with a day that is not before the assignment."""

    day = ""

    def __init__(self, *args, assignment, **kwargs):
        self.assignment = assignment
        super().__init__(*args, **kwargs)

    def prepare(self):
        field = self.fields[self.day]
        field.initial = timezone.localdate()

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get(self.day)
        if day and self.assignment and day < self.assignment.assigned_on:
            self.add_error(
                self.day,
                _("It was assigned on %(day)s only. Choose that day or a later one.")
                % {"day": full_day(self.assignment.assigned_on)},
            )
        return cleaned


class EngageForm(SinceAssignmentForm):
    """The day agreement and power of attorney were signed."""

    day = "on"
    on = PastDayField(label=gettext_lazy("engagement papers signed on"))


class ExcuseForm(MoveForm):
    """Why they cannot be signed in time."""

    excuse = words_field(
        gettext_lazy("why they cannot be signed"),
        most=200,
        rows=2,
        required=gettext_lazy("Say what prevents it: the recipient, or what else."),
    )


class ProgressForm(SinceAssignmentForm):
    """What the handler reports (form 14)."""

    day = "happened_on"
    happened_on = PastDayField(label=gettext_lazy("day"))
    words = words_field(
        gettext_lazy("what happened"),
        rows=5,
        required=gettext_lazy("Write what happened: a meeting, a hearing, an offer."),
    )
    is_major = forms.BooleanField(
        label=gettext_lazy(
            "to be reported: doubts about evidence or law, many people, attention of the public"
        ),
        required=False,
    )

    def cells(self):
        return [
            Cell("happened_on", "w4"),
            Cell("is_major", "w8"),
            Cell("words", "w12", note=_("numbers of people are blacked out")),
        ]

    def clean_words(self):
        return discreet(self.cleaned_data["words"])
