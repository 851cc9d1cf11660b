"""A county's promise for one clock, and which clocks of the wall are asked for."""

from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell, Sheet
from stations.models import Station
from stations.roles import Role
from stations.templatetags.words import day_name

from ..models import ClockRule
from ..rules.deadlines import LIMITS, LONGEST
from ..terms import Counting
from ..time_limits import promises
from ..time_limits.wall import GROUPS

# A promise may begin this long before today or after it.
FURTHEST = timedelta(days=366)


class ClockRuleForm(forms.ModelForm):
    """How long a county promises to take for one clock, from which day, and whether on trial."""

    length = forms.IntegerField(
        label=gettext_lazy("length"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text=gettext_lazy("Left empty: no promise of the county any more."),
    )

    class Meta:
        model = ClockRule
        fields = ["length", "counting", "valid_from", "is_shadow"]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, county, number, **kwargs):
        super().__init__(*args, **kwargs)
        self.county, self.limit = county, LIMITS[number]
        self.use_required_attribute = False
        self.instance.county, self.instance.number = county, number
        hours = self.limit.counting == Counting.HOURS
        counted = [Counting.HOURS] if hours else [Counting.CALENDAR, Counting.WORKING]
        self.fields["counting"].choices = [(each.value, each.label) for each in counted]
        self.fields["counting"].initial = self.limit.counting
        self.fields["valid_from"].initial = timezone.localdate()
        if old := promises.open_rule(county, number):
            for name in ["length", "counting", "is_shadow"]:
                self.fields[name].initial = getattr(old, name)
            self.fields["valid_from"].initial = max(timezone.localdate(), old.valid_from)
        self.fields["valid_from"].error_messages["required"] = _("Choose the first day.")
        self.fields["is_shadow"].help_text = _("Counted and shown, nobody is warned or late.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Sheet(
                Cell("length", "w6", inputmode="numeric"),
                Cell("counting", "w6"),
                Cell("valid_from", "w12"),
                Cell("is_shadow", "w12"),
            )
        )

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        today = timezone.localdate()
        if abs(day - today) > FURTHEST:
            raise ValidationError(_("Choose a day within a year of today."))
        old = promises.open_rule(self.county, self.limit.number)
        if old and day < old.valid_from:
            raise ValidationError(
                _("The promise of now begins on %(day)s. Choose that day or a later one.")
                % {"day": day_name(old.valid_from)}
            )
        return day

    def clean(self):
        data = super().clean()
        length, limit = data.get("length"), self.limit
        if "length" not in self.errors and not length:
            if promises.open_rule(self.county, limit.number) is None:
                self.add_error("length", _("There is no promise to end. Give a number."))
        elif (
            limit.is_statutory
            and data.get("counting") == limit.counting
            and (length or 0) > limit.length
        ):
            self.add_error(
                "length",
                _("The law gives %(count)d. A promise may be shorter, not longer.")
                % {"count": limit.length},
            )
        return data

    @property
    def rule(self):
        """The promise that is to hold, unsaved; None when it only ends."""
        return self.instance if self.cleaned_data["length"] else None


# Who does it: the doer's role of each clock.
AT = {
    "station": (gettext_lazy("station"), Role.CLERK),
    "center": (gettext_lazy("center"), Role.REVIEWER),
    "bureau": (gettext_lazy("bureau"), Role.OFFICER),
}


class WallFilter(forms.Form):
    """Which clocks of the wall: one clock, one station, who does it, how urgent."""

    clock = forms.TypedChoiceField(
        label=gettext_lazy("clock"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("all clocks"))]
        + [(number, limit.name) for number, limit in LIMITS.items()],
    )
    at = forms.ChoiceField(
        label=gettext_lazy("who does it"),
        required=False,
        choices=[
            ("", gettext_lazy("everybody")),
            *((key, label) for key, (label, _role) in AT.items()),
        ],
    )
    station = forms.ModelChoiceField(
        label=gettext_lazy("station"),
        required=False,
        queryset=Station.objects.none(),
        empty_label=gettext_lazy("all stations"),
    )
    show = forms.ChoiceField(
        required=False, choices=[("", ""), *GROUPS], widget=forms.HiddenInput
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["station"].queryset = Station.objects.visible_to(user)
        self.fields["station"].label_from_instance = lambda station: station.short_name
        if user.station:
            del self.fields["station"]

    def value(self, name):
        """What was asked for, or None; what nobody could ask for is left out."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    def narrow(self, deadlines):
        """Only the clocks of the station and of who does it."""
        if station := self.value("station"):
            deadlines = deadlines.filter(application__station=station)
        if at := self.value("at"):
            deadlines = deadlines.owed_by(AT[at][1])
        return deadlines
