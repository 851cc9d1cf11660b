"""What is typed of units and of the people who handle cases."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell
from stations.forms.fields import phone_number, sheet
from stations.forms.particulars import ParticularsForm
from stations.models import AidUnit, AidWorker, Division, Station, User
from stations.privacy import keyed_hash
from stations.terms import AidWorkerKind, Speciality, UnitKind, WeekHalf

from .. import reading
from .fields import ReadField
from .moves import PastDayField, date_input


class UnitForm(ParticularsForm):
    """A unit whose people handle cases."""

    reason_due = ("name", "kind")

    phone = forms.CharField(
        label=gettext_lazy("phone"), max_length=30, required=False, validators=[phone_number]
    )

    class Meta:
        model = AidUnit
        fields = ["name", "kind", "phone", "address", "closed_on"]
        widgets = {"closed_on": date_input()}

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.instance.county = county
        self.fields["name"].error_messages["required"] = _("Type the name of the unit.")
        self.fields["kind"].error_messages["required"] = _("Choose what kind of unit it is.")
        if not self.instance.pk:
            del self.fields["closed_on"]
        self.helper = sheet(
            Cell("name", "w6"),
            Cell("kind", "w6"),
            Cell("phone", "w4", inputmode="tel"),
            Cell("address", "w8"),
            Cell("closed_on", "w4", note=_("empty while it is open")),
        )
        self.ask_why()

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        same = AidUnit.objects.filter(county=self.instance.county, name=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already a unit of this name."))
        return name

    def clean_closed_on(self):
        day = self.cleaned_data["closed_on"]
        if day and self.instance.workers.on_panel(day).exists():
            raise forms.ValidationError(
                _("People of this unit are still on the panel. Note first that they left.")
            )
        return day


class WorkerForm(ParticularsForm):
    """A person who handles cases. Whole numbers are typed anew to change; they are not shown."""

    reason_due = ("name", "kind", "licence_number")

    phone = ReadField(reading.read_phone, label=gettext_lazy("phone"))
    id_number = ReadField(reading.read_id_number, label=gettext_lazy("identity number"))
    specialities = forms.MultipleChoiceField(
        label=gettext_lazy("specialities"),
        choices=Speciality,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    township_code = forms.ChoiceField(label=gettext_lazy("township"), required=False)
    practising_since = PastDayField(label=gettext_lazy("practising since"), required=False)
    criminal_defence_since = PastDayField(
        label=gettext_lazy("defending in criminal cases since"), required=False
    )
    joined_on = PastDayField(label=gettext_lazy("on the panel since"))
    annual_check_year = forms.IntegerField(
        label=gettext_lazy("annual check passed for"),
        required=False,
        min_value=2000,
        error_messages={
            "invalid": gettext_lazy("Write the year, like 2025."),
            "min_value": gettext_lazy("Write the year, like 2025."),
        },
    )
    duty_half_days = forms.MultipleChoiceField(
        label=gettext_lazy("half-days they can come"),
        choices=WeekHalf,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    duty_stations = forms.ModelMultipleChoiceField(
        Station.objects.none(),
        label=gettext_lazy("stations they come to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = AidWorker
        fields = [
            "unit",
            "name",
            "kind",
            "licence_number",
            "licence_to",
            "practising_since",
            "criminal_defence_since",
            "knows_minors",
            "specialities",
            "township_code",
            "phone",
            "user",
            "joined_on",
            "annual_check_year",
            "stands_duty",
            "duty_half_days",
            "duty_stations",
        ]
        widgets = {"licence_to": date_input()}

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        fields, worker = self.fields, self.instance
        fields["unit"].queryset = AidUnit.objects.filter(county=county).filter(
            Q(closed_on=None) | Q(pk=worker.unit_id)
        )
        fields["unit"].label = _("unit")
        fields["unit"].empty_label = _("choose a unit")
        for wrong in ("required", "invalid_choice"):
            fields["unit"].error_messages[wrong] = _("Choose the unit.")
        fields["name"].error_messages["required"] = _("Type the name.")
        fields["kind"].error_messages["required"] = _("Choose the licence.")
        townships = Division.objects.townships().of_county(county).filter(valid_to=None)
        fields["township_code"].choices = [
            ("", _("elsewhere")),
            *((each.code, each.name) for each in townships),
        ]
        fields["user"].queryset = (
            User.objects.filter(
                Q(appointments__county=county) | Q(appointments__station__county=county),
                is_active=True,
            )
            .distinct()
            .order_by("name")
        )
        fields["user"].label = _("account here")
        fields["user"].empty_label = _("none")
        fields["joined_on"].initial = timezone.localdate()
        fields["annual_check_year"].widget.attrs["inputmode"] = "numeric"
        fields["duty_stations"].queryset = Station.objects.filter(county=county, closed_on=None)
        fields["duty_stations"].label_from_instance = lambda station: station.short_name
        self.known_phone = worker.phone if worker.pk else ""
        self.initial["phone"] = ""
        self.helper = sheet(
            Cell("name", "w4"),
            Cell("unit", "w4"),
            Cell("kind", "w4"),
            Cell("licence_number", "w4"),
            Cell("licence_to", "w4", note=_("the last day")),
            Cell("practising_since", "w4"),
            Cell("specialities", "w12", note=_("several may fit")),
            Cell("knows_minors", "w4"),
            Cell("criminal_defence_since", "w4", note=_("counts for life and death cases")),
            Cell("township_code", "w4", note=_("where they sit")),
            Cell("joined_on", "w3"),
            Cell("phone", "w3", note=_("empty stays") if self.known_phone else ""),
            Cell("id_number", "w6", note=_("only to find conflicts of interest; not kept")),
            Cell("user", "w12", note=_("to report progress and sign in for duty themselves")),
            Cell("annual_check_year", "w4", note=_("the last year of practice that passed")),
            Cell("stands_duty", "w8"),
            Cell("duty_half_days", "w12", note=_("none chosen: any half-day")),
            Cell("duty_stations", "w12", note=_("none chosen: any station")),
        )
        self.ask_why()

    def clean_phone(self):
        return self.cleaned_data["phone"] or self.known_phone

    def clean_annual_check_year(self):
        year = self.cleaned_data["annual_check_year"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("This year has not come yet."))
        return year

    def clean(self):
        cleaned = super().clean()
        kind, unit = cleaned.get("kind"), cleaned.get("unit")
        if kind == AidWorkerKind.LAWYER and not cleaned.get("licence_number"):
            self.add_error("licence_number", _("Type the number of the lawyer's licence."))
        if kind == AidWorkerKind.GRASSROOTS and unit and unit.kind == UnitKind.FIRM:
            self.add_error(
                "unit",
                _("A grassroots legal-service worker belongs to a legal-service office."),
            )
        since, defending = (
            cleaned.get(name) for name in ("practising_since", "criminal_defence_since")
        )
        if since and defending and defending < since:
            self.add_error(
                "criminal_defence_since",
                _("This is before the beginning of practice. Change one of them."),
            )
        return cleaned

    def save(self, commit=True):
        worker = super().save(commit=False)
        if self.cleaned_data["id_number"]:
            # The number itself is not kept: it is only compared.
            worker.id_hash = keyed_hash(self.cleaned_data["id_number"])
        if commit:
            worker.save()
            self.save_m2m()
        return worker


class LeaveForm(forms.Form):
    """The first day somebody is no longer on the panel."""

    left_on = forms.DateField(
        label=gettext_lazy("left on"),
        widget=date_input(),
        initial=timezone.localdate,
        error_messages={
            "required": gettext_lazy("Choose the day."),
            "invalid": gettext_lazy("This is not a date. Write it like 2026-3-2."),
        },
    )

    def __init__(self, *args, worker, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.worker = worker
        self.helper = sheet(Cell("left_on", "w12"))

    def clean_left_on(self):
        day = self.cleaned_data["left_on"]
        if day < self.worker.joined_on:
            raise forms.ValidationError(
                _("The last day is before the first day. Change one of them.")
            )
        return day
