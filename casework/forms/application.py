"""What is typed of an application for legal aid (form 2 and form 4), on one sheet."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.forms.cells import Cell, Fold, Piece, Sheet
from stations.models import Lead
from stations.privacy import keyed_hash
from stations.terms import Sex

from .. import reading
from ..models import AidMatter, Application, Matter, RegisterEntry
from ..terms import (
    DERIVED_GROUPS,
    Category,
    CheckExemption,
    HardshipTrack,
    IdType,
    MaterialKind,
    PeopleGroup,
    ServiceNeed,
)
from .application_checks import ApplicationChecks
from .application_rows import HouseholdRow, PartyRow, Rows
from .entry_lists import ETHNIC_GROUPS
from .fields import DatalistInput, DayField, LongText, ReadField, VillageField

# Ticked as chips, kept as fields of their own.
FLAGS = {
    "is_detained": gettext_lazy("detained"),
    "is_preservation_urgent": gettext_lazy("preservation needed at once"),
    "is_group": gettext_lazy("many on one matter"),
    "is_sensitive": gettext_lazy("sensitive"),
    "is_life_or_death": gettext_lazy("life or death sentence possible"),
}
# Papers a person can put on the desk before anybody knows which are asked.
GIVEN = [kind for kind in MaterialKind if kind != MaterialKind.OTHER]
STARRED = {"name", "phone", "village", "aid_matter", "facts"}


class ApplicationForm(ApplicationChecks, forms.ModelForm):
    """An application as it is taken in at the counter."""

    ticket = forms.CharField(required=False, widget=forms.HiddenInput)
    entry = forms.ModelChoiceField(
        RegisterEntry.objects.none(), required=False, widget=forms.HiddenInput
    )
    lead = forms.ModelChoiceField(Lead.objects.none(), required=False, widget=forms.HiddenInput)

    # Who
    name = LongText(40, label=pgettext_lazy("person", "name"))
    phone = ReadField(reading.read_phone, label=gettext_lazy("contact phone"))
    id_number = forms.CharField(label=gettext_lazy("identity number"), required=False)
    birth_on = DayField(label=gettext_lazy("birth date"))
    village = VillageField(label=pgettext_lazy("person", "village"))
    is_from_elsewhere = forms.BooleanField(label=gettext_lazy("from elsewhere"), required=False)
    address = LongText(120, label=gettext_lazy("address"))
    household_place = LongText(60, label=gettext_lazy("household registration"))
    employer = LongText(60, label=gettext_lazy("employer"))
    postcode = forms.RegexField(
        r"^\d{6}$",
        label=gettext_lazy("postcode"),
        required=False,
        error_messages={"invalid": gettext_lazy("A postcode has six digits.")},
    )
    safe_contact = LongText(60, label=gettext_lazy("when and how to reach safely"))
    applied_before = LongText(120, label=gettext_lazy("when, where, number"))
    people_groups = forms.MultipleChoiceField(
        label=gettext_lazy("people groups"),
        choices=PeopleGroup,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    service_needs = forms.MultipleChoiceField(
        label=gettext_lazy("service needs"),
        choices=ServiceNeed,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    # Who applies for them
    agent_name = LongText(40, label=gettext_lazy("agent's name"))
    agent_id_number = ReadField(
        reading.read_id_number, label=gettext_lazy("agent's identity number")
    )
    agent_phone = ReadField(reading.read_phone, label=gettext_lazy("agent's phone"))

    # What
    claims = LongText(400, label=gettext_lazy("what is claimed"))
    amount = ReadField(
        reading.read_money, label=gettext_lazy("amount in yuan"), empty_value=None
    )
    facts = LongText(4000, label=gettext_lazy("facts and reasons"), widget=forms.Textarea)
    limitation_on = DayField(label=gettext_lazy("limitation or period ends on"))
    jurisdiction_body = LongText(60, label=gettext_lazy("that body or place"))
    flags = forms.MultipleChoiceField(
        label=gettext_lazy("at once"),
        choices=list(FLAGS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    # Hardship, papers, consent
    hardship_track = forms.ChoiceField(
        label=gettext_lazy("how it is shown"),
        choices=HardshipTrack,
        required=False,
        widget=forms.RadioSelect,
    )
    check_exemption = forms.ChoiceField(
        label=gettext_lazy("exempt as"),
        choices=CheckExemption,
        required=False,
        widget=forms.RadioSelect,
    )
    household_note = LongText(1000, label=gettext_lazy("property, debts, benefits"))
    given = forms.MultipleChoiceField(
        label=gettext_lazy("papers brought"),
        choices=[(kind.value, kind.label) for kind in GIVEN],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    last_title = gettext_lazy("Papers and consent")

    class Meta:
        model = Application
        fields = [
            "entry",
            "lead",
            "name",
            "id_number",
            "sex",
            "birth_on",
            "phone",
            "village",
            "address",
            "people_groups",
            "ethnic_group",
            "id_type",
            "household_place",
            "education",
            "employer",
            "postcode",
            "safe_contact",
            "has_applied_before",
            "applied_before",
            "service_needs",
            "agent_reason",
            "agent_kind",
            "agent_name",
            "agent_id_number",
            "agent_phone",
            "aid_matter",
            "matter",
            "aid_kind",
            "position",
            "stage",
            "claims",
            "amount",
            "facts",
            "limitation_on",
            "jurisdiction_basis",
            "jurisdiction_body",
            "is_ours",
            "hardship_track",
            "check_exemption",
            "is_opponent_in_household",
            "household_note",
            "has_pledged",
            "agrees_to_share",
        ]
        widgets = {"ethnic_group": DatalistInput(options=ETHNIC_GROUPS)}

    def __init__(self, data=None, *, station, user, rows=None, saved_parties=(), **kwargs):
        super().__init__(data, **kwargs)
        self.station, self.user = station, user
        self.today = timezone.localdate()
        rows = rows or {}
        self.household = Rows(
            HouseholdRow, "household", data, initial=rows.get("household", ()), least=3
        )
        self.parties = Rows(
            PartyRow,
            "party",
            data,
            initial=rows.get("party", ()),
            least=2,
            saved=saved_parties,
        )
        self._prepare_person()
        self._prepare_matter()

    @property
    def helper(self):
        """Asked when the page is drawn: by then it is known what is wrong."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        # The summary above the form says them already.
        helper.form_show_errors = False
        helper.layout = Layout(*self.layout())
        return helper

    # ── How the fields are prepared ──

    def _prepare_person(self):
        fields = self.fields
        for name, field in fields.items():
            field.required = False
            field.is_starred = name in STARRED
        fields["entry"].queryset = RegisterEntry.objects.visible_to(self.user).filter(
            station=self.station
        )
        fields["lead"].queryset = Lead.objects.visible_to(self.user).filter(
            station=self.station
        )
        village = self.instance.village if self.instance.village_id else None
        fields["village"].set_station(self.station, also=village)
        fields["village"].widget = DatalistInput(
            options=[each.name for each in fields["village"].villages]
        )
        for name in ("phone", "id_number", "agent_phone", "agent_id_number"):
            fields[name].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        fields["name"].widget.attrs["autocomplete"] = "off"
        fields["amount"].widget.attrs["inputmode"] = "decimal"
        fields["sex"].choices = [("", "—"), *Sex.choices]
        fields["id_type"].initial = IdType.RESIDENT
        fields["facts"].widget.attrs["rows"] = 4
        fields["has_pledged"].help_text = _(
            "Read aloud: what I say of my household is true. If it is not, I pay the cost of the aid"
            " and may be fined up to 3,000 yuan (Legal Aid Law, article 64)."
        )
        if self.instance.pk:
            self.initial["flags"] = [name for name in FLAGS if getattr(self.instance, name)]
            self.initial["is_from_elsewhere"] = self.instance.village_id is None

    def _prepare_matter(self):
        day = self.instance.received_on if self.instance.pk else self.today
        county = self.station.county
        self.matters = list(AidMatter.objects.for_county(county).on(day))
        if self.instance.aid_matter_id and self.instance.aid_matter not in self.matters:
            self.matters.append(self.instance.aid_matter)
        field = self.fields["aid_matter"]
        field.queryset = AidMatter.objects.filter(pk__in=[each.pk for each in self.matters])
        field.choices = [("", _("choose a matter")), *_grouped(self.matters)]
        register = self.fields["matter"]
        register.label = _("in the register as")
        register.queryset = Matter.objects.leaves().for_county(county).on(day)
        register.empty_label = "—"
        for name in (
            "aid_kind",
            "position",
            "jurisdiction_basis",
            "agent_reason",
            "agent_kind",
            "education",
        ):
            choices = self.fields[name].choices
            self.fields[name].choices = [("", "—"), *(each for each in choices if each[0])]

    # ── The sheet ──

    def layout(self):
        yield Sheet(
            Cell("name", "w3"),
            Cell("id_number", "w4"),
            Cell("sex", "w2"),
            Cell("birth_on", "w3", placeholder="1984-6-17"),
            Cell("phone", "w3"),
            Cell("village", "w3", beside="is_from_elsewhere"),
            Cell("address", "w6"),
            Cell("people_groups", notes={group: _("by itself") for group in DERIVED_GROUPS}),
            Fold(
                _("More about the person"),
                _("household registration, employer, service needs, safe contact"),
                Cell("ethnic_group", "w3"),
                Cell("id_type", "w3"),
                Cell("household_place", "w6"),
                Cell("education", "w3"),
                Cell("employer", "w5"),
                Cell("postcode", "w4", inputmode="numeric"),
                Cell("safe_contact", "w6"),
                Cell("applied_before", "w6", beside="has_applied_before"),
                Cell("service_needs"),
            ),
            Fold(
                _("Somebody else applies"),
                _("for a minor, without capacity, detained, or entrusted"),
                Cell("agent_reason", "w3"),
                Cell("agent_kind", "w3"),
                Cell("agent_name", "w6"),
                Cell("agent_id_number", "w6"),
                Cell("agent_phone", "w6"),
                is_open=bool(self["agent_name"].value() or self["agent_reason"].value()),
            ),
            title=_("Applicant"),
        )
        yield Piece("casework/applications/_parties.html")
        yield Sheet(
            Cell("aid_matter", "w8"),
            Cell("aid_kind", "w4"),
            Cell("position", "w3"),
            Cell("stage", "w3"),
            Cell("amount", "w3", placeholder="46,800"),
            Cell("limitation_on", "w3", placeholder="2026-11-28"),
            Cell("claims", "w12"),
            Cell("facts", "w12"),
            Cell("jurisdiction_basis", "w3"),
            Cell("jurisdiction_body", "w6", beside="is_ours"),
            Cell("matter", "w3"),
            Cell("flags"),
            title=_("Matter"),
        )
        yield Sheet(
            Cell("hardship_track"),
            Cell("check_exemption"),
            Cell("is_opponent_in_household", "w12"),
            title=_("Economic hardship"),
        )
        yield Piece("casework/applications/_household.html")
        yield Sheet(Cell("household_note", "w12"), Cell("has_pledged", "w12"))
        yield Sheet(*self.last_cells(), title=self.last_title)

    def last_cells(self):
        return [Cell("given"), Cell("agrees_to_share", "w12")]

    def _post_clean(self):
        # The station decides what the model's checks see.
        self.instance.station = self.station
        super()._post_clean()
        flags = self.cleaned_data.get("flags") or []
        for name in FLAGS:
            setattr(self.instance, name, name in flags)

    # ── What the view takes over ──

    def application(self):
        """Return the unsaved application of what was typed, also where some of it is wrong."""
        application = self.instance
        application.client_key = getattr(self, "client_key", None)
        application.id_hash = keyed_hash(application.id_number)
        application.phone_hash = keyed_hash(application.phone)
        application.agent_id_hash = keyed_hash(application.agent_id_number)
        return application


def _grouped(matters):
    """Matters under what the law says of hardship in them."""
    groups = {}
    for matter in matters:
        if matter.category == Category.CRIMINAL:
            head = _("Criminal")
        elif matter.is_condition_free:
            head = _("Whatever the economic circumstances (article 32)")
        elif matter.county_id:
            head = _("Added by the province")
        else:
            head = _("Under economic hardship (article 31)")
        groups.setdefault(head, []).append((matter.pk, f"{matter.name}　{matter.article}"))
    return list(groups.items())
