"""Which looks of the log are asked for, as the address says it."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..looks import unusual
from ..models import LookKind, Station

# Both kinds of trouble with signing in.
TROUBLE = "sign_in_trouble"


class LookFilter(forms.Form):
    """Person, act, station, days; and what an unusual line asks for besides."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Act"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            *LookKind.choices,
            (TROUBLE, gettext_lazy("sign-in failed or account locked")),
        ],
    )
    q = forms.CharField(
        label=pgettext_lazy("person", "Name or account"), required=False, max_length=40
    )
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label=gettext_lazy("station"),
        required=False,
        empty_label=gettext_lazy("all stations"),
        error_messages={"invalid_choice": gettext_lazy("This station is not one of yours.")},
    )
    since = forms.DateField(
        label=gettext_lazy("from"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the day like 2026-11-05.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("to"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the day like 2026-11-05.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    user = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    hour = forms.IntegerField(required=False, min_value=0, max_value=23)
    like = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    rule = forms.ChoiceField(required=False, choices=[("outside", "outside")])
    HIDDEN = ("user", "hour", "like", "rule")

    def __init__(self, data, *, user):
        super().__init__(data)
        self.reader = user
        self.fields["station"].queryset = Station.objects.visible_to(user)
        for name in ("kind", "station"):
            self.fields[name].widget.attrs["class"] = "form-select"
        for name in ("q", "since", "until"):
            self.fields[name].widget.attrs["class"] = "form-control"
        for name in self.HIDDEN:
            self.fields[name].widget = forms.HiddenInput()

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        for name, day in (("since", since), ("until", until)):
            if day and not 2000 <= day.year <= 2100:
                self.add_error(name, _("Check the year."))
        if since and until and since > until:
            self.add_error("until", _("The end is before the beginning; change one of them."))
        return self.cleaned_data

    def apply(self, looks):
        """Return the looks that are asked for; none when the address is wrong."""
        if not self.is_valid():
            return looks.none()
        asked = self.cleaned_data
        if asked["kind"] == TROUBLE:
            looks = looks.filter(kind__in=[LookKind.FAILED, LookKind.LOCKED])
        elif asked["kind"]:
            looks = looks.filter(kind=asked["kind"])
        if asked["q"]:
            looks = looks.of_person(asked["q"])
        if asked["station"]:
            looks = looks.filter(station=asked["station"])
        if asked["since"]:
            looks = looks.filter(at__gte=_midnight(asked["since"]))
        if asked["until"]:
            looks = looks.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
        if asked["user"]:
            looks = looks.filter(user=asked["user"])
        if asked["hour"] is not None:
            looks = looks.filter(at__hour=asked["hour"])
        if asked["rule"]:
            today = timezone.localdate()
            since = max(
                asked["since"] or unusual.first_day(today), today - timedelta(days=1096)
            )
            looks = looks.filter(
                unusual.outside_hours(self.reader.county, since, asked["until"] or today)
            )
        if asked["like"]:
            looks = looks.filter(pk__in=unusual.same_person(looks, asked["like"]))
        return looks

    def trace(self):
        """Return the query for the log: what was typed as free words is left out."""
        return urlencode(
            [
                (name, "*" if name == "q" else self.data[name])
                for name in self.fields
                if self.data.get(name)
            ],
            safe="*",
        )


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
