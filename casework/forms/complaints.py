"""What is typed for a complaint: taking it in, each move of the bureau, the public page."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.forms.cells import Cell, Fold, Sheet
from stations.models import AidUnit, AidWorker, Appointment, Station, User
from stations.roles import MAY, Ability

from .. import reading
from ..complaints.satisfaction import find_visit
from ..models import Complaint, ComplaintGround, ComplaintProposal
from ..terms import (
    ComplaintManner,
    ComplaintRelation,
    ComplaintTarget,
    GroundClass,
)
from .fields import LongText, MomentField, ReadField

T = ComplaintTarget
# Spoken complaints are read back; the public page has a manner of its own.
SPOKEN = {ComplaintManner.ORAL, ComplaintManner.PHONE}
AT_THE_DESK = [
    (each.value, each.label) for each in ComplaintManner if each != ComplaintManner.WEB
]
# The field that names whom, by kind.
NAMED_BY = {
    T.STATION: "about_station",
    T.UNIT: "about_unit",
    T.WORKER: "about_worker",
    T.STAFF: "about_staff",
    T.OTHER: "about_text",
}


def sheet(*cells):
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = False
    helper.layout = Layout(Sheet(*cells))
    return helper


def staff_of(county):
    """Everybody who works at the bureau, the center or one of the stations today."""
    roles = [role for role, abilities in MAY.items() if Ability.TAKE_COMPLAINT in abilities]
    posts = Appointment.objects.current(timezone.localdate()).filter(
        Q(county=county) | Q(station__county=county), role__in=roles
    )
    return User.objects.filter(pk__in=posts.values("user"))


class _AboutForm(forms.ModelForm):
    """Whom a complaint is against."""

    target = forms.ChoiceField(
        label=gettext_lazy("against"),
        choices=T,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whom it is against.")},
    )

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        self.county = county
        self.use_required_attribute = False
        today = timezone.localdate()
        fields = self.fields
        fields["about_station"].queryset = Station.objects.filter(county=county).open_on(today)
        fields["about_station"].label_from_instance = lambda station: station.short_name
        fields["about_unit"].queryset = AidUnit.objects.filter(county=county)
        fields["about_worker"].queryset = AidWorker.objects.filter(
            unit__county=county
        ).select_related("unit")
        fields["about_worker"].label_from_instance = lambda each: f"{each.name} {each.unit}"
        fields["about_staff"].queryset = staff_of(county)
        for name in NAMED_BY.values():
            if name != "about_text":
                fields[name].empty_label = _("nobody named")

    def clean(self):
        cleaned = super().clean()
        target = cleaned.get("target")
        named = NAMED_BY.get(target)
        if named and named not in self.errors and not cleaned.get(named):
            self.add_error(named, _("Name whom it is against."))
        # Only what the chosen kind asks for is kept; a station also for persons who work there.
        for kind, name in NAMED_BY.items():
            if kind != target and name not in {"about_station", "about_text"}:
                cleaned[name] = None
        if target in {T.CENTER, T.UNIT}:
            cleaned["about_station"] = None
        return cleaned


_ABOUT_CELLS = (
    Cell("target"),
    # Which of these show is for the chosen kind: `static/js/complaint.js`.
    Cell("about_station", "w6", data_fits="station worker staff other"),
    Cell("about_unit", "w6", data_fits="unit"),
    Cell("about_worker", "w6", data_fits="worker"),
    Cell("about_staff", "w6", data_fits="staff"),
    Cell("about_text", "w12", data_fits="station center unit worker staff other"),
)
_ABOUT = [*NAMED_BY.values()]


class ComplaintForm(_AboutForm):
    """One sheet for whoever takes a complaint in, in the order in which people tell it."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    manner = forms.ChoiceField(
        label=gettext_lazy("how it came"),
        choices=AT_THE_DESK,
        widget=forms.RadioSelect,
        initial=ComplaintManner.ORAL,
        error_messages={"required": gettext_lazy("Choose how it came.")},
    )
    received_at = MomentField(label=gettext_lazy("received at"), required=True)
    phone = ReadField(reading.read_phone, label=gettext_lazy("phone"))
    id_number = ReadField(reading.read_id_number, label=gettext_lazy("identity number"))
    address = forms.CharField(
        label=gettext_lazy("address for the reply"), max_length=120, required=False
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("who complains"),
        choices=ComplaintRelation,
        widget=forms.RadioSelect,
        initial=ComplaintRelation.APPLICANT,
        error_messages={"required": gettext_lazy("Choose who complains.")},
    )
    words = LongText(
        4000,
        label=gettext_lazy("what is complained of"),
        required=True,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write down what is complained of.")},
    )
    code = forms.CharField(
        label=gettext_lazy("receipt code of the application or visit"),
        max_length=20,
        required=False,
    )

    class Meta:
        model = Complaint
        fields = [
            "manner",
            "received_at",
            "name",
            "is_anonymous",
            "phone",
            "id_number",
            "address",
            "relation",
            "target",
            *_ABOUT,
            "words",
            "is_read_back",
            "wish",
            "help_given",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["received_at"].initial = timezone.now()
        self.fields["received_at"].error_messages["required"] = _("Write when it was received.")
        self.fields["is_read_back"].label = _("Spoken words were read back and confirmed")
        self.fields["about_text"].help_text = _(
            "Who is on no list stands here: a window, a group organisation such as the women's"
            " federation."
        )
        self.fields["help_given"].help_text = _(
            "Such as: sign language, read aloud, a home visit."
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = False
        self.helper.layout = Layout(
            Sheet(
                Cell("manner"),
                Cell("received_at", "w3"),
                Cell("name", "w3", beside="is_anonymous", autocomplete="off"),
                Cell("phone", "w3", inputmode="tel", autocomplete="off"),
                Cell("code", "w3", autocomplete="off"),
                Cell("relation"),
                *_ABOUT_CELLS,
                Cell("words", "w12", beside="is_read_back"),
            ),
            Fold(
                _("More, optional"),
                _("what is asked for, identity number, address, help without barriers"),
                Cell("wish", "w12"),
                Cell("id_number", "w4", autocomplete="off"),
                Cell("address", "w4", autocomplete="off"),
                Cell("help_given", "w4"),
            ),
        )

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not code:
            return None
        visit = find_visit(code)
        if visit is None or visit.station.county_id != self.county.pk:
            raise ValidationError(
                _("There is no such code in this county. Compare it, or leave it empty.")
            )
        return visit

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_anonymous"):
            cleaned["name"] = cleaned["id_number"] = ""
        elif "name" not in self.errors and not cleaned.get("name"):
            self.add_error("name", _("Write the name, or tick that they would not say."))
        if cleaned.get("manner") in SPOKEN and not cleaned.get("is_read_back"):
            self.add_error(
                "is_read_back", _("Read back what you wrote; tick it once it is confirmed.")
            )
        visit = cleaned.get("code")
        self.instance.entry = visit.entry if visit else None
        self.instance.application = visit.application if visit else None
        return cleaned


# ── Moves of the bureau ─────────────────────────────────────────────────────────────────


def grounds_of(county):
    return ComplaintGround.objects.filter(county=county).on(timezone.localdate())


class ClassifyForm(_AboutForm):
    """Whom it is against and on what ground, set right."""

    class Meta:
        model = Complaint
        fields = ["target", *_ABOUT, "ground"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].queryset = grounds_of(self.county)
        self.fields["ground"].label = pgettext_lazy("complaint", "ground")
        self.fields["ground"].empty_label = _("not yet known")
        self.helper = sheet(*_ABOUT_CELLS, Cell("ground", "w12"))

    @property
    def fields_of_move(self):
        return {"changes": {name: self.cleaned_data[name] for name in self.Meta.fields}}


class GroundForm(forms.ModelForm):
    """A ground the county adds to its dictionary."""

    class Meta:
        model = ComplaintGround
        fields = ["name", "ground_class"]

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        self.county = county
        self.use_required_attribute = False
        self.fields["name"].error_messages["required"] = _("Write the ground in a few words.")
        self.fields["ground_class"].choices = GroundClass.choices
        self.helper = sheet(Cell("name", "w12"), Cell("ground_class", "w12"))

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        if grounds_of(self.county).filter(name=name).exists():
            raise ValidationError(_("There is already a ground of this name. Use that one."))
        return name


class ComplaintFilter(forms.Form):
    """The filters of the list of complaints; those of one address hold together (and)."""

    SHOWN = {
        "open": pgettext_lazy("complaints", "not finished"),
        "late": pgettext_lazy("complaints", "overdue"),
        "second": pgettext_lazy("complaints", "wait for a second person"),
        "substantiated": pgettext_lazy("complaints", "substantiated"),
        "all": pgettext_lazy("complaints", "all"),
    }

    show = forms.ChoiceField(
        label=gettext_lazy("status"), required=False, choices=list(SHOWN.items())
    )
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label=gettext_lazy("about the station"),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    ground = forms.ModelChoiceField(
        ComplaintGround.objects.none(),
        label=pgettext_lazy("complaint", "ground"),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    since = forms.DateField(label=gettext_lazy("received from"), required=False)
    until = forms.DateField(label=gettext_lazy("received until"), required=False)

    def __init__(self, data, *, county):
        super().__init__(data)
        self.fields["station"].queryset = Station.objects.filter(county=county)
        self.fields["station"].label_from_instance = lambda station: station.short_name
        self.fields["ground"].queryset = ComplaintGround.objects.filter(county=county)

    @property
    def shown(self):
        return (self.is_valid() and self.cleaned_data["show"]) or "open"

    def narrow(self, complaints):
        """Return the complaints asked for; none when the address is wrong."""
        if not self.is_valid():
            return complaints.none()
        asked, today = self.cleaned_data, timezone.localdate()
        if self.shown == "open":
            complaints = complaints.open()
        elif self.shown == "late":
            complaints = complaints.late(today)
        elif self.shown == "second":
            waiting = ComplaintProposal.objects.filter(is_approved=None)
            complaints = complaints.open().filter(pk__in=waiting.values("complaint"))
        elif self.shown == "substantiated":
            complaints = complaints.substantiated()
        conditions = {
            "about_station": asked["station"],
            "ground": asked["ground"],
            "received_at__date__gte": asked["since"],
            "received_at__date__lte": asked["until"],
        }
        return complaints.filter(**{name: value for name, value in conditions.items() if value})
