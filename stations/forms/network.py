"""What is typed about stations and their contact points."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import ContactPoint, Division, Station
from .cells import Cell
from .fields import DayField, phone_number, sheet
from .particulars import ParticularsForm


class StationForm(ParticularsForm):
    """A station's profile (工作站资料). Township, code and opening day are given once."""

    # What stands on seals, plates and papers.
    reason_due = ("name", "short_name", "host_type", "host_name")

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
        is_new = not self.instance.pk
        self.helper = sheet(
            Cell("township", "w3"),
            Cell("code", "w3"),
            Cell("opened_on", "w3"),
            Cell("short_name", "w3" if is_new else "w2"),
            Cell("name", "w6" if is_new else "w5"),
            Cell("host_type", "w3" if is_new else "w2"),
            Cell("host_name", "w3"),
            Cell("address", "w8"),
            Cell("phone", "w4", inputmode="tel"),
            Cell("phone_2", "w4", inputmode="tel"),
            Cell("hours", "w8"),
            Cell("has_dedicated_staff", "w6"),
            Cell("is_acting", "w6"),
        )
        self.ask_why()

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


class ContactPointForm(ParticularsForm):
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
        self.ask_why()
