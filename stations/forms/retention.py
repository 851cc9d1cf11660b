"""What is typed of keeping and destruction: years, kinds of a list, holds, reasons, approval."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from ..retention.schedule import MOST_YEARS
from .cells import Cell
from .fields import sheet

FOR_GOOD, FOR_YEARS = "for_good", "years"


def _words(label, required, *, rows=2, most=200):
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required},
    )


class YearsForm(forms.Form):
    """How long the county keeps one kind from now on."""

    how = forms.ChoiceField(
        label=gettext_lazy("how long"),
        choices=[
            (FOR_YEARS, gettext_lazy("for some years")),
            (FOR_GOOD, gettext_lazy("for good")),
        ],
        widget=forms.RadioSelect,
    )
    years = forms.IntegerField(
        label=gettext_lazy("years"),
        required=False,
        max_value=MOST_YEARS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Write the years as a number, such as 10."),
            "max_value": gettext_lazy("100 years at most; longer is for good."),
        },
    )
    why = _words(
        gettext_lazy("why, or by which paper"),
        gettext_lazy("Say why; whoever comes after you reads it."),
    )

    def __init__(self, *args, line, **kwargs):
        self.keeper = line.keeper
        initial = {
            "how": FOR_GOOD if line.years is None else FOR_YEARS,
            "years": line.years,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.use_required_attribute = False
        self.helper = sheet(Cell("how", "w12"), Cell("years", "w4"), Cell("why", "w12"))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("how") == FOR_GOOD:
            cleaned["years"] = None
        elif "years" not in self.errors:
            least, years = self.keeper.least_years, cleaned.get("years")
            if years is None:
                self.add_error("years", _("Write for how many years."))
            elif years < least:
                self.add_error(
                    "years",
                    ngettext("%(n)d year at least.", "%(n)d years at least.", least)
                    % {"n": least},
                )
        return cleaned


class DrawForm(forms.Form):
    """Which kinds come on the list."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("kinds of records"),
        error_messages={"required": gettext_lazy("Choose at least one kind.")},
    )

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = choices


class HoldForm(forms.Form):
    """Why a record is not to be destroyed for now, until when, and whether with all of its person."""

    reason = _words(
        gettext_lazy("why it must not be destroyed"),
        gettext_lazy("Say why it must not be destroyed for now."),
    )
    until_on = forms.DateField(
        label=gettext_lazy("until, that day included"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("This is not a date. Write it like 2026-3-2.")},
    )
    is_of_person = forms.BooleanField(
        label=gettext_lazy(
            "all records of the same person too, found by phone or identity number"
        ),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = sheet(
            Cell("reason", "w12"),
            Cell("until_on", "w6", note=_("empty: until somebody lifts it")),
            Cell("is_of_person", "w12"),
        )

    def clean_until_on(self):
        day = self.cleaned_data["until_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("This day is over. Give a day to come, or none."))
        return day


class ReasonForm(forms.Form):
    """Why something is taken out, withdrawn or lifted."""

    reason = _words(
        pgettext_lazy("keeping", "why"), gettext_lazy("Say why; it stands in the record.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = sheet(Cell("reason", "w12"))


class ApproveForm(forms.Form):
    """What the second person says to a list, and that they have gone through it."""

    opinion = forms.CharField(
        label=pgettext_lazy("destruction", "opinion"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    has_looked = forms.BooleanField(
        label=gettext_lazy("I have gone through this list"),
        error_messages={"required": gettext_lazy("Go through the list, then tick this.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = sheet(Cell("opinion", "w12"), Cell("has_looked", "w12"))


class CarryOutForm(forms.Form):
    """The last press: whoever carries out types how many it is, so that no slip destroys anything."""

    count = forms.IntegerField(
        label=gettext_lazy("how many items are destroyed"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Type how many items are destroyed."),
            "invalid": gettext_lazy("Type the number in figures."),
        },
    )

    def __init__(self, *args, count, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = count
        self.use_required_attribute = False
        self.helper = sheet(Cell("count", "w6"))

    def clean_count(self):
        if self.cleaned_data["count"] != self.count:
            raise ValidationError(
                _("%(count)d items are on the list now. Look again, then type this number.")
                % {"count": self.count}
            )
        return self.count
