"""What is typed of the county: its names, its rules with their defaults, its days off."""

from datetime import time
from itertools import pairwise

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import County
from ..models.network import DEFAULT_PARAMETERS
from .cells import Cell
from .fields import phone_number, sheet

# What each parameter means, and the largest value that makes sense.
PARAMETERS = {
    "month_due_working_day": (_("The monthly analysis is due on this working day"), 20),
    "entry_working_days": (_("An entry is timely within so many working days"), 20),
    "silent_after_working_days": (_("A station is silent after so many working days"), 60),
    "vacancy_days": (_("A vacancy is to be filled within so many days"), 365),
    "training_hours": (_("Training of each of the staff in a year, hours"), 200),
    "publicity_events": (_("Publicity events of a station in a year"), 100),
    "subsidy_days": (_("A month's duty subsidy is paid within so many days of its end"), 365),
    "surge_percent": (_("Usual signal: growth on the mean of three months, percent"), 1000),
    "surge_entries": (_("Usual signal: and at least so many entries"), 1000),
    "opponent_mentions": (_("Usual signal: one opponent named so often in 30 days"), 1000),
    "watch_persons": (_("Watch signal: persons on one matter"), 1000),
    "watch_wage_workers": (_("Watch signal: workers in one wage claim"), 1000),
    "watch_repeat_visits": (_("Watch signal: visits on one matter"), 1000),
    "watch_topic_entries": (_("Watch signal: entries on one watched topic"), 1000),
    "grave_persons": (_("Grave signal: persons on one matter"), 1000),
    "duty_half_days_a_week": (_("Duty: half-days a week at each station, at least"), 10),
    "duty_subsidy_yuan": (_("Duty: yuan for half a day"), 10_000),
    "annual_check_until_month": (
        _("Annual checks of lawyers and grassroots workers are over by the end of month"),
        12,
    ),
    "wall_check_days": (_("A poster is looked at again within so many days"), 366),
    "wall_renew_working_days": (
        _("A poster out of date is renewed within so many working days"),
        60,
    ),
    "test_calls_a_month": (_("Published numbers called for a test each month"), 200),
    "complaint_supply_days": (_("Days to complete a complaint, unless the notice says so"), 60),
    "complaint_extension_days": (_("Days by which a complaint may be extended, once"), 180),
    "pledge_check_percent": (_("Pledges of hardship checked after the grant, percent"), 100),
    "pledge_check_days": (_("A pledge that was drawn is checked within so many days"), 365),
    "suggestion_working_days": (
        _("A visitor's suggestion is answered within so many working days"),
        60,
    ),
    "question_working_days": (
        _("A question slip is answered within so many working days"),
        60,
    ),
    "review_training_days": (
        _("Who reviews applications was trained within so many days"),
        1096,
    ),
    "public_duty_names": (_("Public pages say who is on duty: 1 by kind only, 2 by name"), 2),
}

# The page shows them in these groups, told by how their names begin.
GROUPS = [
    (_("Register and monthly analysis"), ["entry_", "silent_", "month_"]),
    (_("Signals of public sentiment"), ["surge_", "opponent_", "watch_", "grave_"]),
    (_("Applications"), ["pledge_", "review_"]),
    (_("Duty at stations"), ["duty_", "subsidy_", "annual_", "public_duty_"]),
    (_("Station life"), ["vacancy_", "training_", "publicity_", "question_"]),
    (_("Postings and test calls"), ["wall_", "test_"]),
    (_("Complaints and suggestions"), ["complaint_", "suggestion_"]),
]

# Hours of the day, in their order.
HOURS = {
    "duty_morning_from": _("Duty: the morning begins at"),
    "duty_morning_to": _("Duty: the morning ends at"),
    "duty_afternoon_from": _("Duty: the afternoon begins at"),
    "duty_afternoon_to": _("Duty: the afternoon ends at"),
}


class CountyForm(forms.ModelForm):
    """Names of the bureau and the center, and every parameter with its default (县规定)."""

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
        for name, default in DEFAULT_PARAMETERS.items():
            self.fields[name] = self._hour(name) if name in HOURS else self._number(name)
            self.fields[name].default = default

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
