"""Accounts and appointments, as administrators type them."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Appointment, County, Division, Station, User
from ..roles import ADMIN_ROLES, CITY_ROLES, COUNTY_ROLES, STATION_ROLES, Role
from ..terms import Level
from .cells import Cell, Sheet
from .particulars import ParticularsForm


def _sheet(*cells):
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(Sheet(*cells))
    return helper


class AccountForm(forms.ModelForm):
    """One person's account. The password is made by the system."""

    class Meta:
        model = User
        fields = ["name", "username", "duty_kind"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("Small letters and digits, e.g. zhouguilan.")
        self.fields["username"].validators.append(
            RegexValidator(
                r"^[a-z][a-z0-9_.-]{2,39}$",
                _("Begin with a letter; at least three small letters, digits, dots or dashes."),
            )
        )
        self.fields["username"].error_messages["unique"] = _(
            "Somebody already has this account. Choose another name for it."
        )
        self.helper = _sheet(
            Cell("name", "w4"), Cell("username", "w4"), Cell("duty_kind", "w4")
        )


class AccountEditForm(ParticularsForm):
    """What is set right of an account: the person's name, the licence. Its own name stays."""

    reason_due = ("name",)

    class Meta:
        model = User
        fields = ["name", "duty_kind"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _sheet(Cell("name", "w6"), Cell("duty_kind", "w6"))
        self.ask_why()


class AppointmentForm(forms.ModelForm):
    """A role at a place from a day on. The places are those the administrator reaches."""

    class Meta:
        model = Appointment
        fields = ["role", "station", "county", "city", "from_on", "to_on"]
        widgets = {
            "from_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "to_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, by, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.user = user
        today = timezone.localdate()
        cities = [post.city_id for post in by.posts if post.city_id]
        self.fields["station"].queryset = Station.objects.visible_to(by).open_on(today)
        self.fields["county"].queryset = County.objects.visible_to(by).select_related(
            "division"
        )
        self.fields["city"].queryset = Division.objects.filter(pk__in=cities, level=Level.CITY)
        if not cities:
            # A county's administrator appoints within the county only.
            del self.fields["city"]
            self.fields["role"].choices = [
                choice for choice in Role.choices if choice[0] not in CITY_ROLES
            ]
        self.fields["from_on"].initial = today
        self.helper = _sheet(
            Cell("role", "w4"),
            Cell("station", "w4", note=_("for roles at a station")),
            Cell("county", "w4", note=_("for the center, the bureau, administrators")),
            Cell("city", "w4", note=_("for the city")),
            Cell("from_on", "w4"),
            Cell("to_on", "w4", note=_("empty: until further notice")),
        )

    def clean(self):
        data = super().clean()
        role = data.get("role")
        wanted = (
            ("station",)
            if role in STATION_ROLES
            else ("county",)
            if role in COUNTY_ROLES
            else ("city",)
            if role in CITY_ROLES
            else ("county", "city")
            if role in ADMIN_ROLES
            else ()
        )
        for place in ("station", "county", "city"):
            if place not in wanted:
                # What was picked for another kind of role does not count.
                data[place] = None
        if role and not any(data.get(place) for place in wanted):
            field = next(place for place in wanted if place in self.fields)
            self.add_error(field, _("Choose where this role is held."))
        return data


class EndAppointmentForm(forms.Form):
    last_day = forms.DateField(
        label=_("last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = timezone.localdate()
        self.helper = _sheet(Cell("last_day", "w4"))
