"""What is written when a case ends: the closing report, the file, its check, the subsidy."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell
from stations.templatetags.words import full_day

from .. import reading
from ..terms import AidKind, CaseResult, FileCheck
from .fields import ReadField
from .handling import SinceAssignmentForm, discreet
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


class CloseForm(SinceAssignmentForm):
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
        return discreet(self.cleaned_data["summary"])

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
                % {"day": full_day(self.earliest)}
            )
        return day


class HandInForm(_SinceClosingForm):
    """The day the file came to the center."""

    on = PastDayField(label=gettext_lazy("file handed in on"))


class ArchiveForm(_SinceClosingForm):
    """What the check of the file says: where it stands and the subsidy, or what is missing and by when."""

    on = PastDayField(label=gettext_lazy("file checked on"))
    file_check = forms.ChoiceField(
        label=gettext_lazy("file check"),
        choices=FileCheck,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the grade.")},
    )
    archive_number = forms.CharField(
        label=gettext_lazy("archive number"), max_length=40, required=False
    )
    subsidy = yuan_field(gettext_lazy("subsidy, yuan"))
    note = words_field(gettext_lazy("what the check found"), rows=2, most=400)
    days = forms.IntegerField(
        label=gettext_lazy("days to mend it"),
        min_value=1,
        max_value=60,
        required=False,
        initial=10,
        error_messages={
            "min_value": gettext_lazy("Give at least one day."),
            "max_value": gettext_lazy("Give at most 60 days."),
        },
    )

    def cells(self):
        return [
            Cell("on", "w4"),
            Cell("file_check", "w8"),
            Cell("note", "w12", note=_("of a file that did not pass: what is missing")),
            Cell("archive_number", "w4", note=_("suggested; once a year in this county")),
            Cell("subsidy", "w4", note=_("paid through the unit")),
            Cell("days", "w4", note=_("only when it did not pass")),
        ]

    @property
    def is_failed(self):
        return self.cleaned_data["file_check"] == FileCheck.FAILED

    def clean_note(self):
        return discreet(self.cleaned_data["note"])

    def clean_subsidy(self):
        subsidy = self.cleaned_data["subsidy"]
        if subsidy is not None and subsidy >= MOST_SUBSIDY:
            raise ValidationError(_("This amount is too large. Check the figures."))
        return subsidy

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("file_check") != FileCheck.FAILED:
            if not cleaned.get("archive_number"):
                self.add_error("archive_number", _("Give the file its number."))
            return cleaned
        if "note" not in self.errors and not cleaned.get("note"):
            self.add_error("note", _("Say what is missing or wrong in the file."))
        if "days" not in self.errors and not cleaned.get("days"):
            self.add_error("days", _("Say within how many days it is handed in again."))
        return cleaned


class PayForm(_SinceClosingForm):
    """The subsidy as it was paid: day, amount, voucher (LAL 52)."""

    on = PastDayField(label=gettext_lazy("subsidy paid on"))
    amount = yuan_field(
        gettext_lazy("subsidy paid, yuan"), required=gettext_lazy("Type the amount.")
    )
    voucher = forms.CharField(
        label=gettext_lazy("voucher number"),
        max_length=40,
        error_messages={"required": gettext_lazy("Write the number of the voucher.")},
    )

    def cells(self):
        return [Cell("on", "w4"), Cell("amount", "w4"), Cell("voucher", "w4")]

    def clean_amount(self):
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise ValidationError(_("Type an amount above 0."))
        return amount
