"""What people write when they move a year or a sheet: days, reasons, facts, decisions."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.forms.cells import Cell, Sheet
from stations.forms.photos import PhotosField

from ..models import Standard
from ..terms import ClauseKind
from ..wording import plain

# A year's assessment is opened in it or up to so many years later.
YEARS_BACK = 2


class DayField(forms.DateField):
    """A day chosen from the calendar or typed."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": gettext_lazy("Choose the day."),
                "invalid": gettext_lazy("This is not a date. Write it like 2026-3-2."),
            },
            **kwargs,
        )


class WordsField(forms.CharField):
    """Words of a person; `asks` is the sentence that asks for them when they are missing."""

    def __init__(self, *, label, asks="", most=500, rows=3, **kwargs):
        super().__init__(
            label=label,
            required=bool(asks),
            max_length=most,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={"required": asks} if asks else {},
            **kwargs,
        )


class PointsField(forms.DecimalField):
    def __init__(self, **kwargs):
        super().__init__(
            min_value=Decimal(0),
            max_digits=5,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "required": gettext_lazy("Write the points."),
                "invalid": gettext_lazy("Write a number such as 1.5."),
                "min_value": gettext_lazy("Not less than 0."),
                "max_decimal_places": gettext_lazy("Two places after the point at most."),
            },
            **kwargs,
        )


class ActForm(forms.Form):
    """A form on a ruled sheet; `cells()` says which."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Sheet(*self.cells()))

    def cells(self):
        return [Cell(name, "w12") for name in self.fields]


class OpenYearForm(ActForm):
    """Which year, by which standard."""

    year = forms.TypedChoiceField(label=gettext_lazy("year"), coerce=int)
    standard = forms.ModelChoiceField(
        Standard.objects.none(),
        label=gettext_lazy("standard"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the standard.")},
    )

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        self.fields["year"].choices = [
            (year, str(year)) for year in range(this_year, this_year - YEARS_BACK - 1, -1)
        ]
        self.fields["standard"].queryset = (
            Standard.objects.of_county(county).in_use().order_by("-year_from")
        )

    def cells(self):
        return [Cell("year", "w3"), Cell("standard", "w8")]


class AskForm(ActForm):
    """The last days of the plan."""

    self_score_due_on = DayField(label=gettext_lazy("self-scores by"))
    county_score_due_on = DayField(label=gettext_lazy("county's scores by"))

    def cells(self):
        return [Cell("self_score_due_on", "w4"), Cell("county_score_due_on", "w4")]


class PublishForm(ActForm):
    publicity_from = DayField(label=gettext_lazy("hangs out from"))

    def cells(self):
        return [Cell("publicity_from", "w4")]


class ReasonForm(ActForm):
    reason = WordsField(
        label=pgettext_lazy("assessment", "reason"), asks=gettext_lazy("Write the reason.")
    )


class RefusalForm(forms.Form):
    """Why a bonus, deduction or veto is not taken over; typed in the line of the proposal."""

    reason = WordsField(
        label=pgettext_lazy("assessment", "reason"),
        asks=gettext_lazy("Say why it is not taken over."),
    )


class AnswerForm(forms.Form):
    """How it came about what the records make one ask; typed in the line of the question."""

    answer = WordsField(label=gettext_lazy("answer"), asks=gettext_lazy("Write the answer."))


class ObjectionForm(ActForm):
    """What a station objects to, and why."""

    score = forms.ModelChoiceField(
        None,
        label=gettext_lazy("line"),
        required=False,
        empty_label=gettext_lazy("the result as a whole"),
    )
    wanted_points = PointsField(label=gettext_lazy("points asked for"), required=False)
    text = WordsField(
        label=gettext_lazy("what is objected to, and why"),
        asks=gettext_lazy("Write what is objected to, and why."),
        most=2000,
        rows=5,
    )
    photos = PhotosField(label=gettext_lazy("photos or papers"))

    def __init__(self, *args, scores, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["score"].queryset = scores
        self.fields["score"].label_from_instance = _line_label

    def cells(self):
        return [
            Cell("score", "w8"),
            Cell("wanted_points", "w4"),
            Cell("text", "w12"),
            Cell("photos", "w12"),
        ]

    def clean(self):
        cleaned = super().clean()
        return _checked_points(self, cleaned, "wanted_points")


class DecisionForm(ActForm):
    """Accepted with other points, or refused; both with reasons."""

    is_accepted = forms.TypedChoiceField(
        label=pgettext_lazy("objection", "decision"),
        choices=[
            ("yes", gettext_lazy("accept, change the points")),
            ("no", gettext_lazy("refuse")),
        ],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it is accepted.")},
    )
    score = forms.ModelChoiceField(
        None, label=gettext_lazy("line to change"), required=False, empty_label="—"
    )
    points = PointsField(label=gettext_lazy("points from now on"), required=False)
    decision = WordsField(
        label=gettext_lazy("reasons"),
        asks=gettext_lazy("Write the reasons; the station reads them."),
        most=2000,
        rows=4,
    )

    def __init__(self, *args, scores, objection, **kwargs):
        self.objection = objection
        super().__init__(*args, **kwargs)
        self.fields["score"].queryset = scores
        self.fields["score"].label_from_instance = _line_label
        if objection.score_id:
            del self.fields["score"]

    def cells(self):
        return [
            Cell("is_accepted"),
            Cell("score", "w8"),
            Cell("points", "w4"),
            Cell("decision", "w12"),
        ]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("is_accepted"):
            return cleaned
        line = self.objection.score or cleaned.get("score")
        if line is None:
            self.add_error("score", _("Choose the line that changes."))
        if cleaned.get("points") is None and "points" not in self.errors:
            self.add_error("points", _("Write the points."))
        return _checked_points(self, cleaned | {"score": line}, "points")


def _line_label(score):
    return f"{score.indicator.code} {score.indicator.label}"


def _checked_points(form, cleaned, name):
    line, points = cleaned.get("score"), cleaned.get(name)
    if line and points is not None and points > line.indicator.points:
        form.add_error(name, _("At most %(most)s.") % {"most": plain(line.indicator.points)})
    return cleaned


class ProposeForm(ActForm):
    """A bonus, a deduction or a veto: which, how often, when, what happened, what proves it."""

    clause = forms.ModelChoiceField(
        None,
        label=gettext_lazy("which"),
        empty_label="—",
        error_messages={"required": gettext_lazy("Choose which one.")},
    )
    count = forms.IntegerField(
        label=gettext_lazy("times"), min_value=1, max_value=20, initial=1
    )
    happened_on = DayField(label=gettext_lazy("happened on"), required=False)
    facts = WordsField(
        label=gettext_lazy("facts"),
        asks=gettext_lazy("Write the facts."),
        most=1000,
        rows=4,
    )
    photos = PhotosField(
        label=gettext_lazy("what proves it"),
        required=True,
        error_messages={"required": gettext_lazy("Add the paper or photo that proves it.")},
    )

    def __init__(self, *args, standard, only_bonus=False, **kwargs):
        super().__init__(*args, **kwargs)
        clauses = standard.clauses.order_by("order", "code")
        if only_bonus:
            clauses = clauses.filter(kind=ClauseKind.BONUS)
        self.fields["clause"].queryset = clauses
        self.fields["clause"].label_from_instance = _clause_label

    def cells(self):
        return [
            Cell("clause", "w7"),
            Cell("count", "w2"),
            Cell("happened_on", "w3"),
            Cell("facts", "w12"),
            Cell("photos", "w12"),
        ]


def _clause_label(clause):
    sign = {ClauseKind.BONUS: "+", ClauseKind.DEDUCTION: "−"}.get(clause.kind, "")
    points = f" {sign}{plain(clause.points)}" if clause.points is not None else ""
    return f"{clause.code} {clause.label}{points}"


class RectificationForm(ActForm):
    """What must be put right, in which line, by when."""

    indicator = forms.ModelChoiceField(
        None, label=gettext_lazy("line"), required=False, empty_label="—"
    )
    due_on = DayField(label=gettext_lazy("put right by"))
    text = WordsField(
        label=gettext_lazy("what must be put right"),
        asks=gettext_lazy("Write what must be put right."),
    )

    def __init__(self, *args, standard, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = standard.indicators.order_by("order")

    def cells(self):
        return [Cell("indicator", "w8"), Cell("due_on", "w4"), Cell("text", "w12")]


class RectificationReportForm(ActForm):
    """What the station did."""

    words = WordsField(
        label=gettext_lazy("what was done"),
        asks=gettext_lazy("Write what was done."),
        most=1000,
        rows=4,
    )
    photos = PhotosField(label=gettext_lazy("photos or papers"))
