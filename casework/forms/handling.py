"""What is written of a granted case: whom it is assigned to, how it goes, how it ends."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell
from stations.privacy import without_numbers

from .. import reading
from ..terms import AidKind, CaseResult, ChangeReason, FileCheck
from .fields import LongText, ReadField
from .moves import MoveForm, PastDayField, words_field

NO_AMOUNT = gettext_lazy("Type the amount; 0 when there is none.")
# What the column holds; no subsidy comes near it.
MOST_SUBSIDY = 1_000_000


def yuan_field(label, *, required: str | Promise = "", **kwargs):
    """An amount as people write it: 46800, 46,800.50, 4.68万; `required` asks for it when missing."""
    return ReadField(
        reading.read_money,
        label=label,
        empty_value=None,
        required=bool(required),
        error_messages={"required": required} if required else {},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        **kwargs,
    )


def _discreet(words):
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


class _SinceAssignmentForm(MoveForm):
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
                % {"day": f"{self.assignment.assigned_on:%Y-%m-%d}"},
            )
        return cleaned


class EngageForm(_SinceAssignmentForm):
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


class ProgressForm(_SinceAssignmentForm):
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
        return _discreet(self.cleaned_data["words"])


# ── How it ends ─────────────────────────────────────────────────────────────────────────

# When a case counts as closed, by the kind of aid (rules 2.1).
CLOSING_DAY = {
    AidKind.LITIGATION: gettext_lazy(
        "In court: the day the judgment, ruling or mediation paper was received."
    ),
    AidKind.CRIMINAL_DEFENCE: gettext_lazy(
        "In court: the day the judgment, ruling or mediation paper was received."
    ),
    AidKind.LABOUR_ARBITRATION: gettext_lazy(
        "Arbitration or reconsideration: the day the award or decision was received."
    ),
    AidKind.NON_LITIGATION: gettext_lazy(
        "Out of court: the day of the settlement; without one, the day the other side begins to perform."
    ),
}


class CloseForm(_SinceAssignmentForm):
    """The closing report (form 21)."""

    day = "closed_on"
    closed_on = PastDayField(label=gettext_lazy("closing date"))
    result = forms.ChoiceField(
        label=gettext_lazy("result"),
        choices=CaseResult,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the result.")},
    )
    recovered = yuan_field(
        gettext_lazy("recovered or saved, yuan"), required=NO_AMOUNT, initial=0
    )
    wages_recovered = yuan_field(
        gettext_lazy("of which wages of migrant workers, yuan"), required=NO_AMOUNT, initial=0
    )
    summary = words_field(
        gettext_lazy("summary"),
        rows=6,
        required=gettext_lazy("Write how the case went and how it ended."),
    )

    def cells(self):
        basis = CLOSING_DAY.get(self.application.aid_kind)
        if basis:
            self.fields["closed_on"].help_text = basis
        else:
            self.fields["closed_on"].help_text = " ".join(
                dict.fromkeys(str(each) for each in CLOSING_DAY.values())
            )
        return [
            Cell("closed_on", "w12" if not basis else "w4"),
            Cell("recovered", "w4"),
            Cell("wages_recovered", "w4"),
            Cell("result", "w12"),
            Cell("summary", "w12"),
        ]

    def clean_summary(self):
        return _discreet(self.cleaned_data["summary"])

    def clean(self):
        cleaned = super().clean()
        recovered, wages = cleaned.get("recovered"), cleaned.get("wages_recovered")
        if None not in (recovered, wages) and wages > recovered:
            self.add_error(
                "wages_recovered",
                _("The wages are part of what was recovered, so they cannot be more."),
            )
        return cleaned


class _SinceClosingForm(MoveForm):
    """A day that is not before the case was closed, or its file handed in."""

    on = PastDayField(label=gettext_lazy("day"))

    def __init__(self, *args, earliest, **kwargs):
        self.earliest = earliest
        super().__init__(*args, **kwargs)

    def prepare(self):
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day < self.earliest:
            raise ValidationError(
                _("This is before %(day)s. Choose that day or a later one.")
                % {"day": f"{self.earliest:%Y-%m-%d}"}
            )
        return day


class HandInForm(_SinceClosingForm):
    """The day the file came to the center."""

    on = PastDayField(label=gettext_lazy("file handed in on"))


class ArchiveForm(_SinceClosingForm):
    """What the check of the file says, the subsidy, and where it stands."""

    on = PastDayField(label=gettext_lazy("file checked on"))
    file_check = forms.ChoiceField(
        label=gettext_lazy("file check"),
        choices=FileCheck,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the grade.")},
    )
    archive_number = forms.CharField(
        label=gettext_lazy("archive number"),
        max_length=40,
        error_messages={"required": gettext_lazy("Give the file its number.")},
    )
    subsidy = yuan_field(gettext_lazy("subsidy, yuan"))
    note = words_field(gettext_lazy("what the check found"), rows=2, most=400)

    def cells(self):
        return [
            Cell("on", "w4"),
            Cell("archive_number", "w4", note=_("suggested; once a year in this county")),
            Cell("subsidy", "w4", note=_("paid through the unit")),
            Cell("file_check", "w8"),
            Cell("note", "w12"),
        ]

    def clean_note(self):
        return _discreet(self.cleaned_data["note"])

    def clean_subsidy(self):
        subsidy = self.cleaned_data["subsidy"]
        if subsidy is not None and subsidy >= MOST_SUBSIDY:
            raise ValidationError(_("This amount is too large. Check the figures."))
        return subsidy

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("file_check") == FileCheck.FAILED and not cleaned.get("note"):
            self.add_error("note", _("Say what is missing or wrong in the file."))
        return cleaned
