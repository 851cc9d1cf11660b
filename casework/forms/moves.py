"""What the station writes when it makes a move: papers, notices, opinion, and words of the head."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.forms.cells import Cell, Sheet
from stations.templatetags.words import full_day

from ..terms import Conclusion, MaterialState
from .fields import LongText

MOST_WORDS = 2000
# No notice gives the applicant longer (the county's usual length is `deadlines.SUPPLEMENT`).
MOST_DAYS = 60


def date_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PastDayField(forms.DateField):
    """A day that has been: not to come, and not before what it follows."""

    def __init__(self, *, label, **kwargs):
        super().__init__(
            label=label,
            widget=date_input(),
            error_messages={
                "required": gettext_lazy("Choose the day."),
                "invalid": gettext_lazy("This is not a date. Write it like 2026-3-2."),
            },
            **kwargs,
        )
        self.earliest = None
        self.too_early = _(
            "This is before %(day)s, when the application came or was asked for."
        )

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise ValidationError(_("This day is still to come. Write the day it happened."))
        if day and self.earliest and day < self.earliest:
            raise ValidationError(self.too_early % {"day": full_day(self.earliest)})
        return day


class MoveForm(forms.Form):
    """A form on a ruled sheet; `cells()` says which."""

    def __init__(self, *args, application, **kwargs):
        self.application = application
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.prepare()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Sheet(*self.cells()))

    def prepare(self):
        """Fit the fields to the application."""

    def cells(self):
        return [Cell(name, "w12") for name in self.fields]


def words_field(label, *, rows=3, most=MOST_WORDS, required: str | Promise = "", **kwargs):
    """Words of a person; `required` is the sentence that asks for them when they are missing."""
    return LongText(
        most,
        label=label,
        required=bool(required),
        error_messages={"required": required} if required else {},
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


class WhyForm(MoveForm):
    """A move that takes nothing but its reason."""

    note = words_field(
        gettext_lazy("why"),
        most=400,
        required=gettext_lazy("Say why; the other side reads it."),
    )


# ── Papers ──────────────────────────────────────────────────────────────────────────────


class PapersForm(MoveForm):
    """The checklist: what is there, what is missing, what need not be given."""

    def prepare(self):
        self.materials = list(self.application.materials.all())
        for row in self.materials:
            self.fields[f"state_{row.pk}"] = forms.ChoiceField(
                label=row.name,
                choices=MaterialState,
                widget=forms.RadioSelect,
                initial=row.state,
                error_messages={
                    "required": gettext_lazy("Choose whether it is there, missing or exempt.")
                },
            )
            self.fields[f"pages_{row.pk}"] = forms.IntegerField(
                label=_("pages"),
                required=False,
                min_value=1,
                max_value=999,
                initial=row.pages,
            )
            self.fields[f"pages_{row.pk}"].widget.attrs |= {
                "inputmode": "numeric",
                "placeholder": "—",
                "aria-label": _("pages of “%(name)s”") % {"name": row.name},
            }

    def cells(self):
        return [
            cell
            for row in self.materials
            for cell in (
                Cell(f"state_{row.pk}", "w8", note=row.note),
                Cell(f"pages_{row.pk}", "w4"),
            )
        ]

    def rows(self, *, given_on=None):
        """Return the rows that stand differently now, not saved yet."""
        changed = []
        for row in self.materials:
            state, pages = (
                self.cleaned_data[f"{name}_{row.pk}"] for name in ("state", "pages")
            )
            if (state, pages) == (row.state, row.pages):
                continue
            if state != row.state:
                is_given = state == MaterialState.GIVEN
                row.given_on = (given_on or timezone.localdate()) if is_given else None
            row.state, row.pages = state, pages
            changed.append(row)
        return changed

    @property
    def is_complete(self):
        return all(
            self.cleaned_data[f"state_{row.pk}"] != MaterialState.MISSING
            for row in self.materials
        )


class SupplyForm(PapersForm):
    """Papers that the applicant brought after the notice, and when."""

    def prepare(self):
        super().prepare()
        notice = self.application.supplements.filter(supplied_on=None).last()
        self.fields["on"] = PastDayField(label=_("brought on"), initial=timezone.localdate())
        self.fields["on"].earliest = notice and notice.served_on
        self.fields["note"] = LongText(400, label=_("what was explained"))

    def cells(self):
        return [*super().cells(), Cell("on", "w4"), Cell("note", "w8")]


class AskForm(MoveForm):
    """One notice of everything that is missing (form 6): LAL 43."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("what is missing"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    more = LongText(
        600,
        label=gettext_lazy("further papers, one a line"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = words_field(gettext_lazy("what is to be explained"), rows=2, most=400)
    days = forms.IntegerField(
        label=gettext_lazy("days to bring them"),
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={
            "required": gettext_lazy("Say within how many days."),
            "min_value": gettext_lazy("Give at least one day."),
            "max_value": gettext_lazy("Give at most 60 days."),
        },
    )
    served_on = PastDayField(label=gettext_lazy("notice served on"))
    was_foreseeable = forms.TypedChoiceField(
        label=gettext_lazy("could it have been asked for the first time"),
        choices=[
            ("no", gettext_lazy("no, it has arisen since")),
            ("yes", pgettext_lazy("foreseeable", "yes")),
        ],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say whether it could have been asked for the first time.")
        },
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("I agree to this second notice; it is counted."), required=False
    )

    def __init__(self, *args, is_second=False, usual_days, **kwargs):
        self.is_second, self.usual_days = is_second, usual_days
        super().__init__(*args, **kwargs)

    def prepare(self):
        missing = self.application.materials.filter(state=MaterialState.MISSING)
        names = list(missing.values_list("name", flat=True))
        self.fields["items"].choices = [(name, name) for name in names]
        self.fields["items"].initial = names
        if not names:
            del self.fields["items"]
        self.fields["days"].initial = self.usual_days
        self.fields["served_on"].initial = timezone.localdate()
        self.fields["served_on"].earliest = self.application.received_on
        if not self.is_second:
            del self.fields["was_foreseeable"], self.fields["agrees"]

    def cells(self):
        return [
            Cell("items", "w12", note=_("taken from the checklist")),
            Cell("more", "w6"),
            Cell("note", "w6"),
            Cell("days", "w4"),
            Cell("served_on", "w8"),
            Cell("was_foreseeable", "w12", note=_("counts in the yearly assessment")),
            Cell("agrees", "w12"),
        ]

    def clean_more(self):
        lines = [line.strip() for line in self.cleaned_data["more"].splitlines()]
        lines = [line for line in lines if line]
        if any(len(line) > 60 for line in lines):
            raise ValidationError(_("Name each paper in at most 60 characters, one a line."))
        return lines

    def clean_agrees(self):
        if not self.cleaned_data["agrees"]:
            raise ValidationError(
                _("Tick that you agree, or ask the applicant without a notice.")
            )
        return True

    def clean(self):
        cleaned = super().clean()
        if not (self.errors or cleaned.get("items") or cleaned["more"] or cleaned["note"]):
            self.add_error("more", _("Say what is missing or what is to be explained."))
        return cleaned

    @property
    def all_items(self):
        return [*self.cleaned_data.get("items", []), *self.cleaned_data["more"]]


class DeemWithdrawnForm(WhyForm):
    """A person confirms that nothing came in time."""

    confirms = forms.BooleanField(
        label=gettext_lazy("I have asked again, and the applicant brought nothing."),
        error_messages={
            "required": gettext_lazy("A person has to confirm it. Ask the applicant first.")
        },
    )

    def cells(self):
        return [Cell("confirms", "w12"), Cell("note", "w12")]


# ── Opinion ─────────────────────────────────────────────────────────────────────────────

AGREES, DIFFERS = "agrees", "differs"
# What each finding of `casework.rules.eligibility` answers.
POINTS = {
    "urgent": gettext_lazy("haste"),
    "detained": gettext_lazy("detention"),
    "scope": gettext_lazy("matter"),
    "jurisdiction": gettext_lazy("jurisdiction"),
    "agent": gettext_lazy("who applies"),
    "hardship": gettext_lazy("economic hardship"),
    "query": gettext_lazy("query of shared data"),
    "papers": gettext_lazy("papers"),
    "public": gettext_lazy("group or sensitive"),
    "recusal": gettext_lazy("recusal"),
}


class ReviewForm(MoveForm):
    """The preliminary opinion 初审意见: each finding confirmed or not, and what is proposed.

    `findings` are those of `casework.rules.eligibility`; where the reviewer differs, what holds instead
    and why is kept with the opinion.
    """

    conclusion = forms.ChoiceField(
        label=gettext_lazy("proposal"),
        choices=Conclusion,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you propose.")},
    )
    words = words_field(
        gettext_lazy("opinion"),
        rows=5,
        required=gettext_lazy("Write the opinion; the center reads it."),
    )
    no_recusal = forms.BooleanField(
        label=gettext_lazy(
            "I am not a party, not a relative of one, and have no interest in the matter."
        ),
        error_messages={
            "required": gettext_lazy(
                "Whoever is a party, a relative or interested does not review. Ask a colleague."
            )
        },
    )

    def __init__(self, *args, findings, **kwargs):
        self.findings = findings
        super().__init__(*args, **kwargs)

    def prepare(self):
        for finding in self.findings:
            self.fields[f"holds_{finding.code}"] = forms.ChoiceField(
                label=POINTS[finding.code],
                choices=[
                    (AGREES, pgettext_lazy("finding", "so it is")),
                    (DIFFERS, pgettext_lazy("finding", "I differ")),
                ],
                widget=forms.RadioSelect(attrs={"class": "btn-check"}),
                initial=AGREES,
            )
            self.fields[f"says_{finding.code}"] = LongText(200, label=_("what holds instead"))
            self.fields[f"why_{finding.code}"] = LongText(200, label=_("why"))

    def rows(self):
        """Yield (finding, its three fields) for the page."""
        for finding in self.findings:
            yield (
                finding,
                self[f"holds_{finding.code}"],
                self[f"says_{finding.code}"],
                self[f"why_{finding.code}"],
            )

    def cells(self):
        return [
            Cell("conclusion", "w12"),
            Cell(
                "words", "w12", note=_("from the findings; change what should read otherwise")
            ),
            Cell("no_recusal", "w12"),
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("holds_recusal") == AGREES and "no_recusal" not in self.errors:
            self.add_error("no_recusal", self.fields["no_recusal"].error_messages["required"])
        for finding in self.findings:
            if cleaned.get(f"holds_{finding.code}") != DIFFERS:
                continue
            for name in ("says", "why"):
                field = f"{name}_{finding.code}"
                if field not in self.errors and not cleaned.get(field):
                    self.add_error(field, _("Say what holds instead and why; both are kept."))
        return cleaned

    def overrides(self):
        """Return {code: {"says", "reason"}} of the findings the reviewer does not share."""
        cleaned = self.cleaned_data
        return {
            finding.code: {
                "says": cleaned[f"says_{finding.code}"],
                "reason": cleaned[f"why_{finding.code}"],
            }
            for finding in self.findings
            if cleaned[f"holds_{finding.code}"] == DIFFERS
        }


class CountersignForm(MoveForm):
    """The head's words, which may be few."""

    words = words_field(gettext_lazy("the head's words"), rows=2, most=400)
