"""What is typed about the network: stations, contact points, liaisons, divisions, the county's rules."""

from datetime import time
from itertools import pairwise

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import ContactPoint, County, Division, Liaison, Station
from ..models.network import DEFAULT_PARAMETERS
from ..network.divisions import NewDivision
from ..terms import DivisionChange, Level
from .cells import Cell, Sheet

phone_number = RegexValidator(
    r"^[0-9+()（）\- 转]{5,30}$",
    _("This is not a phone number. Write 0564-5021234 or 13912342648."),
)


def sheet(*cells):
    helper = FormHelper()
    helper.form_tag = False
    # What is wrong with the whole form stands above it, in components/errors.html.
    helper.form_show_errors = False
    helper.layout = Layout(Sheet(*cells))
    return helper


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


# ── Stations ────────────────────────────────────────────────────────────────────────────


class StationForm(forms.ModelForm):
    """A station's profile (工作站资料). Township, code and opening day are given once."""

    phone = forms.CharField(
        label=_("phone"), max_length=30, required=False, validators=[phone_number]
    )
    phone_2 = forms.CharField(
        label=_("second phone"), max_length=30, required=False, validators=[phone_number]
    )
    opened_on = DayField(label=_("opened on"))

    class Meta:
        model = Station
        fields = [
            "township",
            "code",
            "name",
            "short_name",
            "host_type",
            "host_name",
            "address",
            "phone",
            "phone_2",
            "hours",
            "has_dedicated_staff",
            "is_acting",
            "opened_on",
        ]

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ["township", "code", "opened_on"]:
                del self.fields[name]
        else:
            self.instance.county = county
            self.fields["township"].queryset = (
                Division.objects.townships()
                .of_county(county)
                .filter(valid_to=None)
                .exclude(stations__closed_on=None, stations__isnull=False)
            )
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Left empty: the township's code.")
        self.helper = sheet(
            Cell("township", "w3"),
            Cell("code", "w3"),
            Cell("opened_on", "w3"),
            Cell("short_name", "w3"),
            Cell("name", "w6"),
            Cell("host_type", "w3"),
            Cell("host_name", "w3"),
            Cell("address", "w6"),
            Cell("phone", "w3", inputmode="tel"),
            Cell("phone_2", "w3", inputmode="tel"),
            Cell("hours", "w6"),
            Cell("has_dedicated_staff", "w3"),
            Cell("is_acting", "w3"),
        )

    def clean_opened_on(self):
        day = self.cleaned_data["opened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self):
        township = self.cleaned_data.get("township")
        if township and not self.cleaned_data.get("code"):
            code = township.code
            # A township whose earlier station closed: the old number stays with that one.
            if Station.objects.filter(code=code).exists():
                raise forms.ValidationError(
                    {"code": _("The number %s is taken. Give another one.") % code}
                )
            self.cleaned_data["code"] = code
        return self.cleaned_data


class ClosingForm(forms.Form):
    """The first day a station or a contact point is no longer open."""

    closed_on = DayField(label=_("closed from"), initial=timezone.localdate)

    def __init__(self, *args, opened_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.opened_on = opened_on
        self.helper = sheet(Cell("closed_on", "w4"))

    def clean_closed_on(self):
        day = self.cleaned_data["closed_on"]
        if day < self.opened_on:
            raise forms.ValidationError(_("The closing day is before the opening day."))
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class ContactPointForm(forms.ModelForm):
    """A contact point in a village of the station (法律援助联系点)."""

    phone = forms.CharField(
        label=_("phone"), max_length=30, required=False, validators=[phone_number]
    )
    opened_on = DayField(label=_("opened on"))

    class Meta:
        model = ContactPoint
        fields = ["village", "name", "address", "phone", "opened_on", "has_sign"]

    def __init__(self, *args, station, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.station = station
        if self.instance.pk:
            del self.fields["village"]
        else:
            self.fields["village"].queryset = station.township.children.filter(
                valid_to=None
            ).exclude(pk__in=ContactPoint.objects.filter(closed_on=None).values("village"))
        self.helper = sheet(
            Cell("village", "w3"),
            Cell("name", "w5"),
            Cell("opened_on", "w4"),
            Cell("address", "w5"),
            Cell("phone", "w4", inputmode="tel"),
            Cell("has_sign", "w3"),
        )


# ── Liaisons ────────────────────────────────────────────────────────────────────────────


class VillageChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, village):
        return f"{village.parent.name} {village.name}"


class LiaisonForm(forms.ModelForm):
    """The liaison of a village: who, in which post, since when (联络员)."""

    village = VillageChoiceField(
        Division.objects.none(),
        label=_("village"),
        empty_label=_("choose a village"),
        help_text=_("Only villages without a liaison; another one leaves first."),
    )
    phone = forms.CharField(
        label=_("phone"), max_length=30, required=False, validators=[phone_number]
    )
    appointed_from = DayField(label=_("appointed from"), initial=timezone.localdate)

    class Meta:
        model = Liaison
        fields = ["village", "name", "sex", "post", "phone", "is_acting", "appointed_from"]
        labels = {"name": _("Person's name")}
        widgets = {"sex": forms.RadioSelect, "post": forms.RadioSelect}

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.stations = stations
        self.fields["village"].queryset = (
            Division.objects.villages()
            .filter(valid_to=None, parent__stations__in=stations.filter(closed_on=None))
            .exclude(pk__in=Liaison.objects.filter(appointed_to=None).values("village"))
            .select_related("parent")
        )
        self.fields["sex"].choices = [c for c in self.fields["sex"].choices if c[0]]
        self.fields["post"].choices = [c for c in self.fields["post"].choices if c[0]]
        if self.instance.pk:
            del self.fields["village"]
        self.helper = sheet(
            Cell("village", "w4"),
            Cell("name", "w2"),
            Cell("phone", "w3", inputmode="tel"),
            Cell("appointed_from", "w3"),
            Cell("post", "w12"),
            Cell("sex", "w6"),
            Cell("is_acting", "w6"),
        )

    def clean(self):
        chosen = self.cleaned_data.get("village")
        village = self.instance.village if self.instance.pk else chosen
        day = self.cleaned_data.get("appointed_from")
        if village and day and village.valid_from and day < village.valid_from:
            self.add_error(
                "appointed_from", _("The village has carried this name only since a later day.")
            )
        if chosen:
            self.instance.station = self.stations.get(
                township=village.parent_id, closed_on=None
            )
        return self.cleaned_data


class LiaisonEndForm(forms.Form):
    """When a liaison leaves and why: the village is vacant from the day after."""

    last_day = DayField(label=_("last day in post"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("reason of leaving"),
        max_length=120,
        help_text=_("For instance: election of the village committee, moved away, ill."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = sheet(Cell("last_day", "w4"), Cell("reason", "w8"))


class LiaisonFilter(forms.Form):
    """The filters of the liaisons' list, as they stand in the address."""

    HOLDING = [
        ("", _("in post now")),
        ("acting", _("acting only")),
        ("ended", _("has left")),
        ("all", _("all, with the past")),
    ]

    q = forms.CharField(label=_("name or village"), required=False, max_length=40)
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label=_("station"),
        required=False,
        empty_label=_("all stations"),
    )
    holding = forms.ChoiceField(label=_("in post"), required=False, choices=HOLDING)

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations
        self.fields["q"].widget.attrs["class"] = "form-control"
        self.fields["station"].widget.attrs["class"] = "form-select"
        self.fields["holding"].widget.attrs["class"] = "form-select"

    def apply(self, liaisons, today):
        """Return the liaisons that the valid filters leave."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if chosen.get("q"):
            liaisons = liaisons.filter(
                Q(name__icontains=chosen["q"]) | Q(village__name__icontains=chosen["q"])
            )
        if chosen.get("station"):
            liaisons = liaisons.filter(station=chosen["station"])
        match chosen.get("holding", ""):
            case "":
                return liaisons.in_post_on(today)
            case "acting":
                return liaisons.in_post_on(today).filter(is_acting=True)
            case "ended":
                return liaisons.filter(appointed_to__lt=today)
            case _all:
                return liaisons


class LiaisonFileForm(forms.Form):
    """A file of liaisons to check, or the checked text to take over."""

    file = forms.FileField(label=_("csv or xlsx file"), required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    replaces = forms.BooleanField(
        label=_("New liaisons replace those in post (after an election)"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs |= {"accept": ".csv,.xlsx,.xls,.et,.txt"}
        self.helper = sheet(Cell("file", "w6"), Cell("replaces", "w6"))

    def clean(self):
        if not self.cleaned_data.get("file") and not self.cleaned_data.get("text"):
            self.add_error("file", _("Choose a file first."))
        return self.cleaned_data


# ── Divisions ───────────────────────────────────────────────────────────────────────────


class ChangeStartForm(forms.Form):
    """What changes: the kind of change, and which divisions of the county."""

    change = forms.ChoiceField(
        label=_("change"), choices=DivisionChange, widget=forms.RadioSelect
    )
    of = forms.ModelMultipleChoiceField(Division.objects.none(), label=_("divisions"))
    parts = forms.IntegerField(
        label=_("into how many parts"), min_value=2, max_value=9, required=False
    )

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = (
            Division.objects.of_county(county)
            .filter(valid_to=None, level__in=[Level.TOWNSHIP, Level.VILLAGE])
            .order_by("code")
        )

    def clean(self):
        change, of = self.cleaned_data.get("change"), self.cleaned_data.get("of")
        if not change or not of:
            return self.cleaned_data
        if len({division.level for division in of}) > 1:
            self.add_error("of", _("Choose either townships or villages."))
        if change == DivisionChange.MERGE and len(of) < 2:
            self.add_error("of", _("A merger needs two divisions at least."))
        if change != DivisionChange.MERGE and len(of) > 1:
            self.add_error("of", _("Choose one division; each change is recorded by itself."))
        return self.cleaned_data


class ChangeForm(forms.Form):
    """From when, on what paper, and what the divisions become."""

    on = DayField(label=_("in force from"), initial=timezone.localdate)
    paper = forms.CharField(label=_("approval document"), max_length=120, required=False)

    def __init__(self, *args, change, of, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.change, self.of = change, of
        count = parts if change == DivisionChange.SPLIT else 1
        cells = [Cell("on", "w4"), Cell("paper", "w8")]
        if change == DivisionChange.MERGE:
            self.fields["carries_on"] = forms.ModelChoiceField(
                Division.objects.filter(pk__in=[division.pk for division in of]),
                label=_("whose station, contact point and liaison go on"),
                initial=of[0],
            )
            cells.append(Cell("carries_on", "w12"))
        for n in range(count):
            if change == DivisionChange.RENAME:
                self.fields["name_0"] = forms.CharField(
                    label=_("new name"), max_length=60, initial=of[0].name
                )
                cells.append(Cell("name_0", "w12"))
                continue
            self.fields[f"name_{n}"] = forms.CharField(
                label=self._label(_("new name"), n, count), max_length=60
            )
            self.fields[f"code_{n}"] = forms.CharField(
                label=self._label(_("new code"), n, count),
                max_length=12,
                initial="" if n else of[0].code,
            )
            cells += [Cell(f"name_{n}", "w6"), Cell(f"code_{n}", "w6", inputmode="numeric")]
        self.villages = []
        if change == DivisionChange.SPLIT and of[0].level == Level.TOWNSHIP:
            self.villages = list(of[0].children.filter(valid_to=None).order_by("code"))
            choices = [(n, _("part %d") % (n + 1)) for n in range(count)]
            for village in self.villages:
                self.fields[f"village_{village.pk}"] = forms.TypedChoiceField(
                    label=village.name,
                    choices=choices,
                    coerce=int,
                    initial=0,
                )
            cells += [Cell(f"village_{village.pk}", "w3") for village in self.villages]
        self.helper = sheet(*cells)

    @staticmethod
    def _label(label, n, count):
        return _("%(what)s %(n)d") % {"what": label, "n": n + 1} if count > 1 else label

    @property
    def new(self):
        """The `NewDivision`s that were typed."""
        names = [name for name in self.fields if name.startswith("code_")]
        return [
            NewDivision(
                self.cleaned_data[name].strip(),
                self.cleaned_data[name.replace("code", "name")].strip(),
            )
            for name in names
        ]

    @property
    def parts_of_villages(self):
        return {
            village.pk: self.cleaned_data[f"village_{village.pk}"] for village in self.villages
        }


# ── The county's rules ──────────────────────────────────────────────────────────────────

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
    def parameters(self):
        return [self[name] for name in DEFAULT_PARAMETERS]

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


# ── The calendar ────────────────────────────────────────────────────────────────────────


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
