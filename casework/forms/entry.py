"""What is typed for one call or visit, and what makes a field of it wrong."""

from datetime import date, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.forms.cells import Cell, Fold, Sheet
from stations.models import DutySlot, Lead, User
from stations.privacy import mask_id_number, mask_phone
from stations.roles import MAY, Ability
from stations.terms import Sex

from .. import reading
from ..models import Matter, RegisterEntry
from ..rules.columns import CORRECTABLE, HIDDEN_FROM_CALLS, derived_groups
from ..terms import (
    DERIVED_GROUPS,
    Channel,
    Disposal,
    Education,
    IdType,
    PeopleGroup,
    SamePerson,
    Satisfaction,
    Sensitive,
)
from .fields import DatalistInput, DayField, LongText, MomentField, ReadField, VillageField
from .tickets import read_ticket

# An event longer ago than this is more often a slip of the finger than a late entry.
LONG_AGO = timedelta(days=365)
EARLIEST_BIRTH = date(1900, 1, 1)
OTHER_MATTER = "other"
ETHNIC_GROUPS = ("汉", "回", "满", "蒙古", "藏", "维吾尔", "苗", "彝", "壮", "土家", "畲")


# What a channel does not ask; a call asks far less of a person (rules 4.3).
HIDDEN = {
    Channel.CALL: {*HIDDEN_FROM_CALLS, "persons", "answered_at"},
    Channel.VISIT: {"is_hotline", "answered_at"},
    Channel.LETTER: {"is_hotline", "duration_minutes"},
    Channel.ONLINE: {"is_hotline", "duration_minutes", "persons"},
    Channel.OTHER: {"is_hotline", "answered_at"},
}
# What a field is called in one channel.
LABELS = {
    Channel.CALL: {
        "occurred_at": gettext_lazy("time of the call"),
        "phone": gettext_lazy("number that calls"),
        "statement": gettext_lazy("what the caller says"),
    },
    Channel.VISIT: {"occurred_at": gettext_lazy("time of the visit")},
    Channel.LETTER: {
        "occurred_at": gettext_lazy("letter received at"),
        "statement": gettext_lazy("what the letter says"),
    },
    Channel.ONLINE: {"occurred_at": gettext_lazy("question received at")},
    Channel.OTHER: {"occurred_at": gettext_lazy("time")},
}
# Shorter words on the chips, so that a row of them stays a row; the register keeps the full ones.
CHIPS = {
    "people_groups": {
        PeopleGroup.FOREIGN: pgettext_lazy("chip", "foreign"),
        PeopleGroup.POOR: pgettext_lazy("chip", "poor"),
        PeopleGroup.ELDERLY: pgettext_lazy("chip", "elderly"),
        PeopleGroup.OTHER: pgettext_lazy("chip", "other"),
    },
    "disposal": {
        Disposal.APPOINTMENT: pgettext_lazy("chip", "appointment"),
        Disposal.GUIDED: pgettext_lazy("chip", "guided to apply"),
        Disposal.DRAFTED: pgettext_lazy("chip", "paper drafted"),
        Disposal.MEDIATION: pgettext_lazy("chip", "to mediation"),
        Disposal.OTHER_DEPARTMENT: pgettext_lazy("chip", "other department"),
        Disposal.PETITION: pgettext_lazy("chip", "petition"),
        Disposal.TRANSFERRED: pgettext_lazy("chip", "transferred"),
        Disposal.REPORTED: pgettext_lazy("chip", "reported up"),
    },
    "sensitive": {Sensitive.SPECIAL: pgettext_lazy("chip", "foreign, military…")},
}
MATTER_CHIPS = {
    "civil.labour_pay": pgettext_lazy("chip", "labour pay"),
    "administrative.social_insurance": pgettext_lazy("chip", "social insurance"),
}

# What the paper asks for in every channel, and what besides in one of them (R in rules 4.3).
REQUIRED = {
    "occurred_at",
    "sex",
    "people_groups",
    "matter",
    "statement",
    "answer",
    "disposal",
    "receiver",
    "sensitive",
    "is_told_of_right",
}
REQUIRED_IN = {
    Channel.CALL: {"phone"},
    Channel.VISIT: {"persons"},
    Channel.LETTER: {"answered_at"},
    Channel.ONLINE: {"answered_at"},
    Channel.OTHER: {"persons"},
}


def matters_of(county, day):
    """Return (leaves in order, {number key: leaf}); a county's own item takes its key over."""
    leaves = list(Matter.objects.leaves().for_county(county).on(day).select_related("parent"))
    leaves.sort(key=lambda leaf: (leaf.parent.position, leaf.position, leaf.pk))
    keyed = {}
    for leaf in sorted(leaves, key=lambda leaf: leaf.county_id is None):
        if leaf.number_key:
            keyed.setdefault(leaf.number_key, leaf)
    return leaves, dict(sorted(keyed.items()))


def receivers_of(station):
    """The people who may receive at a station today: whoever records there."""
    recording = [role for role, abilities in MAY.items() if Ability.RECORD in abilities]
    today = timezone.localdate()
    return User.objects.filter(
        pk__in=station.appointments.current(today).filter(role__in=recording).values("user")
    )


class EntryForm(forms.ModelForm):
    """What the clerk types for one call or visit (来电来访登记), in the order of the paper."""

    ticket = forms.CharField(required=False, widget=forms.HiddenInput)
    earlier = forms.ModelChoiceField(
        RegisterEntry.objects.none(), required=False, widget=forms.HiddenInput
    )
    same_person = forms.ChoiceField(
        choices=SamePerson, required=False, widget=forms.HiddenInput
    )
    lead = forms.ModelChoiceField(Lead.objects.none(), required=False, widget=forms.HiddenInput)

    occurred_at = MomentField(label=gettext_lazy("time"))
    answered_at = MomentField(label=gettext_lazy("answered at"))
    is_long_ago = forms.BooleanField(
        label=gettext_lazy("yes, more than a year ago"), required=False
    )
    name = LongText(40, label=pgettext_lazy("person", "name"))
    phone = ReadField(reading.read_phone, label=gettext_lazy("contact phone"))
    id_number = forms.CharField(label=gettext_lazy("identity number"), required=False)
    birth_on = DayField(label=gettext_lazy("birth date"))
    village = VillageField(label=pgettext_lazy("person", "village"))
    is_from_elsewhere = forms.BooleanField(label=gettext_lazy("from elsewhere"), required=False)
    persons = ReadField(reading.read_count, label=gettext_lazy("number of persons"))
    duration_minutes = ReadField(
        lambda text: reading.read_count(text, most=1440), label=gettext_lazy("minutes")
    )
    people_groups = forms.MultipleChoiceField(
        label=gettext_lazy("people groups"),
        choices=PeopleGroup,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    matter = forms.ChoiceField(
        label=gettext_lazy("matter"), required=False, widget=forms.RadioSelect
    )
    other_matter = forms.ChoiceField(label=gettext_lazy("which matter"), required=False)
    also_about = forms.TypedMultipleChoiceField(
        label=gettext_lazy("also about"), coerce=int, required=False
    )
    statement = LongText(
        4000, label=gettext_lazy("what the person says"), widget=forms.Textarea
    )
    answer = LongText(4000, label=gettext_lazy("answer"), widget=forms.Textarea)
    event_on = DayField(label=gettext_lazy("when it happened"))
    address = LongText(120, label=gettext_lazy("address"))
    sensitive = forms.ChoiceField(
        label=gettext_lazy("sensitive"),
        choices=Sensitive,
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = RegisterEntry
        # Who received is chosen by account; the name is written down when it is saved.
        fields = [*(name for name in CORRECTABLE if name != "receiver_name"), "lead"]
        widgets = {
            "disposal": forms.RadioSelect,
            "ethnic_group": DatalistInput(options=ETHNIC_GROUPS),
        }

    def __init__(self, *args, station, user, channel, **kwargs):
        super().__init__(*args, **kwargs)
        self.station, self.user, self.channel = station, user, channel
        self.today = timezone.localdate()
        for name, label in LABELS[channel].items():
            self.fields[name].label = label
        for name in HIDDEN[channel]:
            del self.fields[name]
        self._prepare_person()
        self._prepare_matters()
        self._prepare_receivers()
        self._prepare_answers()
        self._require(REQUIRED | REQUIRED_IN[channel])

    @property
    def helper(self):
        """Asked when the page is drawn: by then it is known what is wrong."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*self.layout())
        return helper

    # ── How the fields are prepared ──

    def _prepare_person(self):
        fields = self.fields
        visible = RegisterEntry.objects.visible_to(self.user)
        fields["earlier"].queryset = visible.filter(station=self.station)
        fields["lead"].queryset = Lead.objects.visible_to(self.user).filter(
            station=self.station
        )
        fields["village"].set_station(self.station, also=self.instance.village)
        fields["village"].widget = DatalistInput(
            options=[village.name for village in fields["village"].villages]
        )
        for name in ("phone", "id_number"):
            if name in fields:
                fields[name].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        fields["name"].widget.attrs |= {"autocomplete": "off"}
        if "persons" in fields:
            fields["persons"].widget.attrs["inputmode"] = "numeric"
            fields["persons"].initial = 1
        if "id_type" in fields:
            fields["id_type"].initial = IdType.RESIDENT
        fields["sex"].choices = [("", "—"), *Sex.choices]

    def _prepare_matters(self):
        day = self.today
        if self.instance.pk:
            day = timezone.localdate(self.instance.occurred_at)
        leaves, self.keyed = matters_of(self.station.county, day)
        current = self.instance.matter if self.instance.matter_id else None
        if current and current not in leaves:
            leaves.append(current)
        self.leaves = {str(leaf.pk): leaf for leaf in leaves}
        keyed = {leaf.pk for leaf in self.keyed.values()}
        self.fields["matter"].choices = [
            *(
                (leaf.pk, MATTER_CHIPS.get(leaf.code, leaf.name))
                for leaf in self.keyed.values()
            ),
            (OTHER_MATTER, _("another matter…")),
        ]
        self.fields["other_matter"].choices = [
            ("", _("choose a matter")),
            *_grouped(leaf for leaf in leaves if leaf.pk not in keyed),
        ]
        self.fields["also_about"].choices = _grouped(leaves)
        self.fields["also_about"].widget.attrs["size"] = 4
        if current and current.pk not in keyed and not self.is_bound:
            self.initial |= {"matter": OTHER_MATTER, "other_matter": current.pk}

    def _prepare_receivers(self):
        people = receivers_of(self.station)
        if self.instance.receiver_id:
            people = people | User.objects.filter(pk=self.instance.receiver_id)
        receivers = self.fields["receiver"]
        receivers.queryset = people
        receivers.empty_label = self.instance.receiver_name or None
        receivers.initial = self._on_duty_now(people) or self.user.pk

    def _on_duty_now(self, people):
        """The account of whoever the roster names for now, of those who may receive here."""
        if self.is_bound or self.instance.pk:
            return None
        slots = DutySlot.objects.on_duty_at(self.station, timezone.now())
        accounts = slots.filter(worker__user__in=people).values_list("worker__user", flat=True)
        return accounts.first()

    def _prepare_answers(self):
        fields = self.fields
        for name, choices in (
            ("people_groups", PeopleGroup),
            ("disposal", Disposal),
            ("sensitive", Sensitive),
        ):
            short = CHIPS[name]
            fields[name].choices = [
                (code, short.get(code, label)) for code, label in choices.choices
            ]
        fields["sensitive"].initial = Sensitive.NONE
        fields["occurred_at"].initial = timezone.now()
        fields["statement"].widget.attrs["rows"] = 4
        fields["answer"].widget.attrs |= {
            "rows": 4,
            "placeholder": _("type “/” for usual answers"),
        }
        for name, choices in (("satisfaction", Satisfaction), ("education", Education)):
            if name in fields:
                fields[name].choices = [("", "—"), *choices.choices]

    def _require(self, names):
        """Mark with a star; whether it is missing is asked in `clean`, in the words of the desk.

        Not by the fields themselves: an identity number brings the sex, a refusal frees the name.
        """
        self.required = {name for name in names if name in self.fields}
        starred = self.required | {"name"}
        if self.channel == Channel.VISIT:
            starred |= {"village"}
        for name, field in self.fields.items():
            field.required = False
            field.is_starred = name in starred

    # ── The sheet ──

    def layout(self):
        keys = {leaf.pk: key for key, leaf in self.keyed.items()} | {OTHER_MATTER: "0"}
        head = getattr(self, f"_{Channel(self.channel).value}_head")()
        more = [
            Cell("event_on", "w3", placeholder="2026-3-2"),
            Cell("place_of_event", "w5"),
            Cell("opponent", "w4"),
            Cell("birth_on", "w3", placeholder="1984-6-17"),
            Cell("ethnic_group", "w3"),
            Cell("nationality", "w3"),
            Cell("education", "w3"),
            Cell("household_place", "w6"),
            Cell("address", "w6"),
            Cell("id_type", "w3"),
            Cell("safe_contact", "w5"),
            Cell("duration_minutes", "w2", inputmode="numeric"),
            Cell("satisfaction", "w2"),
            Cell("title", "w6"),
            Cell("follow_up", "w6"),
            Cell("also_about", "w6"),
            Cell("is_on_behalf", "w3"),
            Cell("is_publishable", "w3"),
        ]
        placed = {name for cell in head for name in cell.fields}
        yield Sheet(
            *head,
            *([Cell("is_long_ago", "w12")] if "occurred_at" in self.errors else []),
            Cell(
                "people_groups",
                note=_("several may fit"),
                notes={group: _("by itself") for group in DERIVED_GROUPS},
            ),
            Cell("matter", note=_("press its number"), even=True, keys=keys),
            Cell("other_matter", "w12"),
            Cell("statement", "w6"),
            Cell("answer", "w6"),
            Cell("disposal"),
            Cell("sensitive", beside="is_told_of_right"),
            Fold(
                _("More, optional"),
                self._more_hint(),
                *(cell for cell in more if cell.fields[0] not in placed),
            ),
        )

    def _more_hint(self):
        if self.channel == Channel.CALL:
            return _("place of the event, the other side, minutes, satisfaction")
        return _(
            "when it happened, the other side, birth date, address, education, satisfaction"
        )

    def _call_head(self):
        return [
            Cell("occurred_at", "w3", autocomplete="off"),
            Cell("phone", "w4", beside="is_hotline"),
            Cell("name", "w3", beside="is_anonymous"),
            Cell("sex", "w2"),
            Cell("village", "w3"),
            Cell("receiver", "w4"),
            Cell("event_on", "w3", placeholder="2026-3-2"),
            Cell("duration_minutes", "w2", inputmode="numeric", placeholder=_("by itself")),
        ]

    def _visit_head(self):
        return [
            Cell("occurred_at", "w3", autocomplete="off"),
            Cell("name", "w3", beside="is_anonymous"),
            Cell("id_number", "w4", note=_("needed only to apply")),
            Cell("sex", "w2"),
            Cell("phone", "w3"),
            Cell("village", "w3", beside="is_from_elsewhere"),
            Cell("receiver", "w4"),
            Cell("persons", "w2"),
        ]

    def _letter_head(self):
        return [
            Cell("occurred_at", "w3", autocomplete="off"),
            Cell("name", "w3", beside="is_anonymous"),
            Cell("phone", "w4"),
            Cell("sex", "w2"),
            Cell("answered_at", "w3", autocomplete="off"),
            Cell("village", "w3"),
            Cell("receiver", "w4"),
            Cell("persons" if "persons" in self.fields else "satisfaction", "w2"),
        ]

    _online_head = _letter_head
    _other_head = _visit_head

    # ── What makes a field wrong ──

    def clean_id_number(self):
        text = self.cleaned_data["id_number"]
        is_resident = self.data.get("id_type", IdType.RESIDENT) in {"", IdType.RESIDENT}
        read = reading.read_id_number if is_resident else reading.read_paper_number
        try:
            return read(text)
        except reading.Unreadable as unreadable:
            raise ValidationError(str(unreadable)) from unreadable

    def clean_birth_on(self):
        birth_on = self.cleaned_data["birth_on"]
        if birth_on and not EARLIEST_BIRTH <= birth_on <= self.today:
            raise ValidationError(_("This birth date cannot be. Check the year."))
        return birth_on

    def clean_event_on(self):
        event_on = self.cleaned_data["event_on"]
        if event_on and not EARLIEST_BIRTH <= event_on <= self.today:
            raise ValidationError(
                _("That day has not come yet or lies too far back. Check the year.")
            )
        return event_on

    def clean_ticket(self):
        self.client_key, self.seconds = read_ticket(self.cleaned_data["ticket"])
        return self.cleaned_data["ticket"]

    def clean(self):
        cleaned = super().clean()
        self._clean_matter(cleaned)
        self._fill_from_earlier(cleaned)
        self._fill_from_number(cleaned)
        self._clean_name(cleaned)
        self._clean_village(cleaned)
        self._clean_times(cleaned)
        if not cleaned.get("people_groups"):
            # What the register will add by itself is an answer too.
            cleaned["people_groups"] = sorted(
                derived_groups(
                    sex=cleaned.get("sex"),
                    birth_on=cleaned.get("birth_on"),
                    ethnic_group=cleaned.get("ethnic_group"),
                    on=self.today,
                )
            )
        for name in self.fields:
            if name in self.required and name not in self.errors and not cleaned.get(name):
                self.add_error(name, MISSING[name])
        if "duration_minutes" in self.fields:
            cleaned["duration_minutes"] = cleaned.get("duration_minutes") or None
        if "persons" in self.fields:
            cleaned["persons"] = cleaned.get("persons") or 1
        cleaned["sensitive"] = cleaned.get("sensitive") or Sensitive.NONE
        return cleaned

    def _clean_matter(self, cleaned):
        chosen = cleaned.get("matter")
        if chosen == OTHER_MATTER or (not chosen and cleaned.get("other_matter")):
            chosen = cleaned.get("other_matter")
            if not chosen and "other_matter" not in self.errors:
                self.add_error("other_matter", _("Choose which other matter it is."))
                self.required.discard("matter")
        cleaned["matter"] = self.leaves.get(str(chosen))

    def _fill_from_earlier(self, cleaned):
        """Numbers that stay masked on the page come from the record that was pointed at."""
        source = None
        if cleaned.get("same_person") in {SamePerson.SAME_MATTER, SamePerson.OTHER_MATTER}:
            source = cleaned.get("earlier")
        for name in ("phone", "id_number"):
            if name in self.fields and not cleaned.get(name) and name not in self.errors:
                known = getattr(source, name, "") or getattr(cleaned.get("lead"), name, "")
                cleaned[name] = known or ""

    def _fill_from_number(self, cleaned):
        number = cleaned.get("id_number")
        if "id_number" not in self.fields or "id_type" in self.errors:
            return
        if not number:
            cleaned["id_type"] = ""
            return
        cleaned["id_type"] = cleaned.get("id_type") or IdType.RESIDENT
        if cleaned["id_type"] != IdType.RESIDENT:
            return
        birth_on, sex = reading.birth_and_sex(number)
        typed = cleaned.get("birth_on")
        if typed and typed != birth_on:
            self.add_error(
                "birth_on",
                _("The identity number says %(day)s. Mend one of the two.")
                % {"day": f"{birth_on:%Y-%m-%d}"},
            )
        cleaned["birth_on"] = birth_on
        if cleaned.get("sex") and cleaned["sex"] != sex:
            self.add_error(
                "sex", _("The identity number says the other sex. Mend one of the two.")
            )
        cleaned["sex"] = sex

    def _clean_name(self, cleaned):
        if "name" in self.errors:
            return
        if cleaned.get("is_anonymous"):
            cleaned["name"] = ""
        elif not cleaned.get("name"):
            self.add_error(
                "name", _("Type the name, or tick “would not say” if the person refuses.")
            )

    def _clean_village(self, cleaned):
        if "village" in self.errors:
            return
        if cleaned.get("is_from_elsewhere"):
            cleaned["village"] = None
        elif self.fields["village"].is_starred and not cleaned.get("village"):
            self.add_error("village", _("Choose the village, or tick “from elsewhere”."))

    def _clean_times(self, cleaned):
        occurred_at, answered_at = cleaned.get("occurred_at"), cleaned.get("answered_at")
        if not occurred_at:
            return
        if timezone.now() - occurred_at > LONG_AGO and not cleaned.get("is_long_ago"):
            self.add_error(
                "occurred_at",
                _(
                    "This is more than a year ago. If it is right, tick so below and save again."
                ),
            )
        if answered_at and answered_at < occurred_at:
            self.add_error(
                "answered_at", _("The answer comes before the question. Mend one of the two.")
            )
        birth_on = cleaned.get("birth_on")
        if birth_on and birth_on > timezone.localdate(occurred_at):
            self.add_error("birth_on", _("Born after the visit. Check the year."))

    def _post_clean(self):
        # The channel and the station decide what the model's checks see: its constraints are asked
        # here too, though each that can be typed wrongly was asked above in words.
        self.instance.station, self.instance.channel = self.station, self.channel
        super()._post_clean()

    # ── What the view takes over ──

    def entry(self):
        """Return the unsaved entry, ready for `register.record`."""
        entry = self.instance
        entry.client_key = self.client_key
        entry.seconds_to_record = self.seconds
        if "duration_minutes" in self.fields and self.seconds is not None:
            opened_at = timezone.now() - timedelta(seconds=self.seconds)
            # Written down while it happened: then it took as long as the form was open.
            if opened_at - entry.occurred_at < timedelta(minutes=2):
                minutes = max(-(-self.seconds // 60), 1)
                entry.duration_minutes = entry.duration_minutes or minutes
        return entry


MISSING = {
    "occurred_at": gettext_lazy("Type the day and the time, like 11-5 10:12."),
    "answered_at": gettext_lazy("Type when the answer went out, like 11-6 9:30."),
    "sex": gettext_lazy("Choose female or male."),
    "people_groups": gettext_lazy("Choose at least one; “other” if none fits."),
    "matter": gettext_lazy("Choose the matter; 0 shows all others."),
    "statement": gettext_lazy("Write what the person says, in a sentence or two."),
    "answer": gettext_lazy("Write what was answered; “/” offers usual answers."),
    "disposal": gettext_lazy("Choose what was done."),
    "receiver": gettext_lazy("Choose who received the person."),
    "sensitive": gettext_lazy("Choose one; “nothing” if there is nothing."),
    "is_told_of_right": gettext_lazy(
        "Tell the person that they may apply for legal aid, then tick it (Legal Aid Law, art. 23)."
    ),
    "phone": gettext_lazy("Type the number that called."),
    "persons": gettext_lazy("Type how many persons came, at least 1."),
    "reason": gettext_lazy("Write why it is corrected; the reason is kept with the old value."),
}


def _grouped(leaves):
    """Return choices of matters under their classes."""
    groups = {}
    for leaf in leaves:
        groups.setdefault(leaf.parent.name, []).append((leaf.pk, leaf.name))
    return list(groups.items())


def show_masked(form, *, phone="", id_number=""):
    """Show numbers known from another record as masked hints in their empty fields."""
    for name, masked in (
        ("phone", mask_phone(phone)),
        ("id_number", mask_id_number(id_number)),
    ):
        if masked and name in form.fields:
            form.fields[name].widget.attrs["placeholder"] = masked
