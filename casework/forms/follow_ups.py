"""What is typed of follow-up calls: the draw, and what the recipient said (form 32)."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell
from stations.forms.fields import sheet
from stations.privacy import without_numbers

from ..terms import Reached, Satisfaction
from .moves import PastDayField, words_field

MOST_DRAWN = 500
YES_NO = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
BY_COUNT, BY_SHARE = "count", "share"


class DrawForm(forms.Form):
    """Of which period, and how many: a number or a share."""

    seed = forms.RegexField(r"^[0-9a-f]{16,32}$", widget=forms.HiddenInput)
    since = PastDayField(label=gettext_lazy("granted from"))
    until = PastDayField(label=gettext_lazy("granted until"))
    by = forms.ChoiceField(
        label=gettext_lazy("how many"),
        choices=[
            (BY_COUNT, gettext_lazy("so many cases")),
            (BY_SHARE, gettext_lazy("percent of the cases")),
        ],
        initial=BY_SHARE,
        widget=forms.RadioSelect,
    )
    number = forms.IntegerField(
        label=gettext_lazy("number"),
        min_value=1,
        max_value=MOST_DRAWN,
        initial=20,
        error_messages={
            "required": gettext_lazy("Say how many, or what share."),
            "invalid": gettext_lazy("Type a whole number."),
            "min_value": gettext_lazy("Draw at least one."),
            "max_value": gettext_lazy("Draw at most 500 at once."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        today = timezone.localdate()
        self.fields["since"].initial = today.replace(month=1, day=1)
        self.fields["until"].initial = today
        self.fields["number"].widget.attrs["inputmode"] = "numeric"
        self.helper = sheet(
            Cell("since", "w6"), Cell("until", "w6"), Cell("by", "w8"), Cell("number", "w4")
        )
        self.helper.layout.fields.append("seed")

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The end is before the beginning; change one of them."))
        if since and until and until - since > timedelta(days=3 * 366):
            self.add_error("since", _("Draw from at most three years at once."))
        if cleaned.get("by") == BY_SHARE and (cleaned.get("number") or 0) > 100:
            self.add_error("number", _("A share is at most 100 percent."))
        return cleaned

    @property
    def how_many(self):
        """Return the keyword of `follow_ups.make_draw` that says it."""
        number = self.cleaned_data["number"]
        if self.cleaned_data["by"] == BY_SHARE:
            return {"percent": number}
        return {"count": number}


def _yes_no(label):
    return forms.ChoiceField(
        label=label, choices=YES_NO, required=False, widget=forms.RadioSelect
    )


class CallForm(forms.Form):
    """One call: whether anybody was reached, and the questions of form 32."""

    reached = forms.ChoiceField(
        label=gettext_lazy("reached"),
        choices=Reached,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether somebody was reached.")},
    )
    was_met = _yes_no(gettext_lazy("Did the handler meet you in time and listen?"))
    was_informed = _yes_no(gettext_lazy("Were you told how the case stands?"))
    was_charged = _yes_no(gettext_lazy("Did anybody ask you for money or things?"))
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("How content are you, all in all?"),
        choices=Satisfaction,
        required=False,
        widget=forms.RadioSelect,
    )
    words = words_field(gettext_lazy("what was said"), rows=3, most=400)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = sheet(
            Cell("reached", "w8"),
            Cell("was_met", "w8"),
            Cell("was_informed", "w8"),
            Cell("was_charged", "w8"),
            Cell("satisfaction", "w8"),
            Cell("words", "w12", note=_("numbers of people are blacked out")),
        )

    def _bool(self, name):
        return {"yes": True, "no": False}.get(self.cleaned_data.get(name))

    def clean_words(self):
        return without_numbers(self.cleaned_data["words"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reached") == Reached.YES:
            for name in ("was_charged", "satisfaction"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Ask this of everybody you reach."))
            if self._bool("was_charged") and not cleaned.get("words"):
                self.add_error("words", _("Write who asked for what, and when."))
        return cleaned

    def call(self):
        """Return the keywords of `follow_ups.record_call`."""
        cleaned = self.cleaned_data
        return {
            "reached": cleaned["reached"],
            "satisfaction": cleaned["satisfaction"],
            "words": cleaned["words"],
            **{name: self._bool(name) for name in ("was_met", "was_informed", "was_charged")},
        }
