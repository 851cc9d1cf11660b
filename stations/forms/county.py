"""What is typed of the county: its names, its rules with their defaults, its days off."""

from datetime import time
from itertools import pairwise

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import County
from ..models.network import DEFAULT_PARAMETERS
from ..particulars.parameters import HOURS, PARAMETERS
from .cells import Cell
from .fields import phone_number, sheet
from .particulars import ParticularsForm

# The page shows them in these groups, told by how their names begin.
GROUPS = [
    (_("Register and monthly analysis"), ["entry_", "silent_", "month_"]),
    (_("Signals of public sentiment"), ["surge_", "opponent_", "watch_", "grave_"]),
    (_("Applications"), ["pledge_", "review_"]),
    (_("Duty at stations"), ["duty_", "subsidy_", "annual_", "public_duty_"]),
    (_("Station life"), ["vacancy_", "training_", "publicity_", "question_"]),
    (_("Postings and test calls"), ["wall_", "test_"]),
    (_("Complaints and suggestions"), ["complaint_", "suggestion_"]),
    (_("What stands out in the log of who looked"), ["look_"]),
]


class CountyForm(ParticularsForm):
    """Names of the bureau and the center, and every parameter with its default (县规定)."""

    reason_due = ("bureau_name", "center_name", "short_name", *DEFAULT_PARAMETERS)

    complaint_phone = forms.CharField(
        label=_("complaint phone"), max_length=30, required=False, validators=[phone_number]
    )

    class Meta:
        model = County
        fields = [
            "bureau_name",
            "center_name",
            "short_name",
            "complaint_phone",
            "complaint_address",
            "complaint_fax",
            "complaint_email",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = sheet(
            Cell("bureau_name", "w4"),
            Cell("center_name", "w4"),
            Cell("short_name", "w2"),
            Cell("complaint_phone", "w2", inputmode="tel"),
            # Order 149: made public, so that complaints can be sent or brought.
            Cell("complaint_address", "w6"),
            Cell("complaint_fax", "w3", inputmode="tel"),
            Cell("complaint_email", "w3", inputmode="email"),
        )
        if self.instance.pk and self.instance.stations.exists():
            # Numbers on paper are read with it: another one would change every paper there is.
            self.fields["short_name"].disabled = True
            self.fields["short_name"].help_text = _(
                "Stands in the numbers of papers; it stays."
            )
        for name, default in DEFAULT_PARAMETERS.items():
            self.fields[name] = self._hour(name) if name in HOURS else self._number(name)
            self.fields[name].default = default
        self.ask_why()

    def _number(self, name):
        meaning, most = PARAMETERS[name]
        return forms.IntegerField(
            label=meaning,
            min_value=1,
            max_value=most,
            initial=self.instance.parameter(name),
            widget=forms.NumberInput(attrs={"class": "form-control form-control-sm w-auto"}),
        )

    def _hour(self, name):
        return forms.TimeField(
            label=HOURS[name],
            initial=time.fromisoformat(self.instance.parameter(name)),
            widget=forms.TimeInput(
                attrs={"type": "time", "class": "form-control form-control-sm w-auto"},
                format="%H:%M",
            ),
            error_messages={"invalid": _("Write a time of day, like 08:30.")},
        )

    @property
    def groups(self):
        """[(heading, [field])] of the parameters."""
        return [
            (
                heading,
                [self[name] for name in DEFAULT_PARAMETERS if name.startswith(tuple(begin))],
            )
            for heading, begin in GROUPS
        ]

    def clean(self):
        watch, grave = (
            self.cleaned_data.get("watch_persons"),
            self.cleaned_data.get("grave_persons"),
        )
        if watch and grave and grave < watch:
            self.add_error(
                "grave_persons",
                _("A grave signal cannot need fewer persons than a watch signal."),
            )
        begin, end = (self.cleaned_data.get(f"look_hours_{name}") for name in ("from", "until"))
        if begin and end and end <= begin:
            self.add_error(
                "look_hours_until", _("This is not later than the hour above. Change one.")
            )
        hours = [(name, self.cleaned_data.get(name)) for name in HOURS]
        for (_name, earlier), (name, later) in pairwise(hours):
            if earlier and later and later <= earlier:
                self.add_error(name, _("This is not later than the hour above. Change one."))
        return self.cleaned_data

    def save(self, commit=True):
        """Keep only what differs from the defaults, so that a new default reaches the county."""
        values = self.cleaned_data | {
            name: f"{self.cleaned_data[name]:%H:%M}" for name in HOURS
        }
        self.instance.parameters = {
            name: values[name]
            for name, default in DEFAULT_PARAMETERS.items()
            if values[name] != default
        }
        return super().save(commit)


class DaysOffForm(forms.Form):
    """A year's days off and make-up days, from a file or as typed lines."""

    lines = forms.CharField(
        label=_("one day per line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "2027-01-01 放假 元旦"}),
        max_length=20_000,
    )
    file = forms.FileField(label=_("or a csv or xlsx file"), required=False)
    source = forms.CharField(label=_("source"), max_length=120, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs |= {"accept": ".csv,.xlsx,.xls,.et,.txt"}
        self.helper = sheet(Cell("lines", "w12"), Cell("file", "w12"), Cell("source", "w12"))

    def clean(self):
        if not self.cleaned_data.get("lines") and not self.cleaned_data.get("file"):
            self.add_error("lines", _("Type the days or choose a file."))
        return self.cleaned_data
