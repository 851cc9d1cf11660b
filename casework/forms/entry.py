"""What is typed for one call or visit, and what makes a field of it wrong."""

from datetime import date, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.models import DutySlot, Lead, User
from stations.privacy import mask_id_number, mask_phone
from stations.templatetags.words import full_day
from stations.terms import Sex

from .. import reading
from ..models import RegisterEntry
from ..rules.columns import CORRECTABLE, FREED_BY_REFUSAL, derived_groups
from ..terms import (
    Channel,
    Disposal,
    Education,
    IdType,
    PeopleGroup,
    SamePerson,
    Satisfaction,
    Sensitive,
)
from .entry_lists import ETHNIC_GROUPS, grouped, matters_of, receivers_of
from .entry_sheet import OTHER_MATTER, sheet_of
from .entry_words import CHIPS, HIDDEN, LABELS, MATTER_CHIPS, MISSING, REQUIRED, REQUIRED_IN
from .fields import (
    DatalistInput,
    DayField,
    LongText,
    MomentField,
    PastDayField,
    ReadField,
    VillageField,
)
from .tickets import read_ticket

# An event longer ago than this is more often a slip of the finger than a late entry.
LONG_AGO = timedelta(days=365)
EARLIEST_BIRTH = date(1900, 1, 1)


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
    answer = LongText(4000, label=pgettext_lazy("register", "answer"), widget=forms.Textarea)
    event_on = PastDayField(label=gettext_lazy("when it happened"))
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
            *grouped(leaf for leaf in leaves if leaf.pk not in keyed),
        ]
        self.fields["also_about"].choices = grouped(leaves)
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

    def layout(self):
        yield sheet_of(self)

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
        # Nobody refuses to be named and then gives a number or a village.
        freed = FREED_BY_REFUSAL if cleaned.get("is_anonymous") else ()
        for name in self.fields:
            is_missing = name not in self.errors and not cleaned.get(name)
            if is_missing and name in self.required and name not in freed:
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
                % {"day": full_day(birth_on)},
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
        elif cleaned.get("is_anonymous"):
            return
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


def show_masked(form, *, phone="", id_number=""):
    """Show numbers known from another record as masked hints in their empty fields."""
    for name, masked in (
        ("phone", mask_phone(phone)),
        ("id_number", mask_id_number(id_number)),
    ):
        if masked and name in form.fields:
            # Enter goes past what is known.
            form.fields[name].widget.attrs |= {
                "placeholder": masked,
                "data-enter-passes": True,
            }
