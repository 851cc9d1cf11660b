"""What is written of cooperation across regions: a letter of ours, one that came on paper, answers."""

from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from stations.forms.cells import Cell, Sheet
from stations.models import County, Station

from ..models import CooperationLetter
from ..terms import CooperationKind
from .fields import LongText
from .moves import PastDayField, date_input, words_field

# Nobody is given longer to reply; a later day is a slip of the finger.
MOST_DAYS = 120


class _LetterForm(forms.ModelForm):
    """What both kinds of letter say: what is asked, until when."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("what is asked"),
        choices=CooperationKind,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is asked.")},
    )
    content = LongText(
        2000,
        label=gettext_lazy("what is needed, in which form, with which papers"),
        required=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write what is needed.")},
    )
    enclosures = LongText(
        400,
        label=gettext_lazy("papers enclosed, one a line"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = forms.DateField(
        label=gettext_lazy("reply by"),
        widget=date_input(),
        error_messages={
            "required": gettext_lazy("Choose the day."),
            "invalid": gettext_lazy("This is not a date. Write it like 2026-3-2."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["item"].label = pgettext("letter", "item")
        self.fields["item"].error_messages["required"] = _("Write the item in one line.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Sheet(*self.cells()))


class OurLetterForm(_LetterForm):
    """A letter that asks a county of this site, or an institution outside by its name."""

    other_county = forms.ModelChoiceField(
        County.objects.none(),
        label=gettext_lazy("county of this site"),
        required=False,
        empty_label=gettext_lazy("none: an institution outside"),
    )
    other_institution = forms.CharField(
        label=gettext_lazy("institution outside"), max_length=80, required=False
    )
    ground = words_field(
        gettext_lazy("why it is shared although the applicant has not agreed"), most=200, rows=2
    )

    class Meta:
        model = CooperationLetter
        fields = [
            "other_county",
            "other_institution",
            "kind",
            "item",
            "content",
            "enclosures",
            "due_on",
        ]

    def __init__(self, *args, application, **kwargs):
        self.application = application
        super().__init__(*args, **kwargs)
        counties = County.objects.exclude(pk=application.county_id)
        self.fields["other_county"].queryset = counties.select_related("division")
        if application.agrees_to_share:
            del self.fields["ground"]

    def cells(self):
        return [
            Cell("other_county", "w6"),
            Cell("other_institution", "w6"),
            Cell("kind", "w12"),
            Cell("item", "w8"),
            Cell("due_on", "w4"),
            Cell("content", "w12"),
            Cell("enclosures", "w12", note=_("printed at the foot of the letter")),
            Cell("ground", "w12"),
        ]

    def clean_due_on(self):
        day, today = self.cleaned_data["due_on"], timezone.localdate()
        if day <= today:
            raise ValidationError(_("Give the other side at least until tomorrow."))
        if day > today + timedelta(days=MOST_DAYS):
            raise ValidationError(_("This is more than four months away. Check the year."))
        return day

    def clean_ground(self):
        if not self.cleaned_data["ground"]:
            raise ValidationError(
                _("The applicant has not agreed that papers are shared. Say on what ground.")
            )
        return self.cleaned_data["ground"]

    def clean(self):
        cleaned = super().clean()
        county, name = cleaned.get("other_county"), cleaned.get("other_institution")
        if not county and not name:
            self.add_error(
                "other_institution", _("Choose a county of this site or write the institution.")
            )
        elif county and name:
            self.add_error(
                "other_institution",
                _("Either a county of this site or an institution outside, not both."),
            )
        elif county:
            cleaned["other_institution"] = county.center_name
        return cleaned


class PaperLetterForm(_LetterForm):
    """A letter that came to us on paper from an institution outside this site."""

    received_on = PastDayField(label=gettext_lazy("received on"))

    class Meta:
        model = CooperationLetter
        fields = [
            "other_institution",
            "their_number",
            "received_on",
            "kind",
            "item",
            "content",
            "enclosures",
            "due_on",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other_institution"].label = _("who asks")
        self.fields["other_institution"].error_messages["required"] = _("Write who asks.")

    def cells(self):
        return [
            Cell("other_institution", "w6"),
            Cell("their_number", "w3"),
            Cell("received_on", "w3"),
            Cell("kind", "w12"),
            Cell("item", "w8"),
            Cell("due_on", "w4"),
            Cell("content", "w12"),
            Cell("enclosures", "w12"),
        ]

    def clean(self):
        cleaned = super().clean()
        received, due = cleaned.get("received_on"), cleaned.get("due_on")
        if received and due and due <= received:
            self.add_error("due_on", _("This is not after the day it was received."))
        return cleaned


# ── Answers ─────────────────────────────────────────────────────────────────────────────


class _AnswerForm(forms.Form):
    def __init__(self, *args, letter, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.letter = letter
        self.prepare()
        for field in self.fields.values():
            is_list = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"

    def prepare(self):
        """Fit the fields to the letter."""


class AcceptForm(_AnswerForm):
    """Who takes it on: the center, or one of its stations."""

    handled_at = forms.ModelChoiceField(
        Station.objects.none(),
        label=gettext_lazy("who does it"),
        required=False,
        empty_label=gettext_lazy("the center itself"),
    )

    def prepare(self):
        if self.letter.is_ours:
            del self.fields["handled_at"]
            return
        self.fields["handled_at"].queryset = Station.objects.open_on(
            timezone.localdate()
        ).filter(county=self.letter.county)


class _DatedForm(_AnswerForm):
    on = PastDayField(label=pgettext_lazy("letter", "came on"))

    def prepare(self):
        """Our own answer is given today; theirs came on a day."""
        if self.letter.is_ours:
            self.fields["on"].initial = timezone.localdate()
            self.fields["on"].earliest = self.letter.sent_on
        else:
            del self.fields["on"]


class ExtendForm(_AnswerForm):
    """More time, as both sides have agreed."""

    until = forms.DateField(
        label=gettext_lazy("reply by, as agreed"),
        widget=date_input(),
        error_messages={
            "required": gettext_lazy("Choose the day."),
            "invalid": gettext_lazy("This is not a date. Write it like 2026-3-2."),
        },
    )
    reason = words_field(
        gettext_lazy("why it takes longer"),
        most=200,
        rows=2,
        required=gettext_lazy("Say why; the other side reads it."),
    )

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day <= max(self.letter.due_on, timezone.localdate()):
            raise ValidationError(_("Give a day to come, later than the one it has now."))
        if day > timezone.localdate() + timedelta(days=MOST_DAYS):
            raise ValidationError(_("This is more than four months away. Check the year."))
        return day


class ReplyForm(_DatedForm):
    words = words_field(
        gettext_lazy("reply"), rows=5, required=gettext_lazy("Write what the reply says.")
    )
    field_order = ["words", "on"]


class DeclineForm(_DatedForm):
    reason = words_field(
        gettext_lazy("why it cannot be done"),
        most=400,
        required=gettext_lazy("Say why; the other side reads it."),
    )
    field_order = ["reason", "on"]
