"""A sheet typed line by line: points and words of the station, of the county, of the city."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.photos import PhotosField

from ..models import Score
from ..terms import Mode
from ..wording import plain
from ..workflow import Typed


@dataclass(frozen=True)
class Row:
    """One line of the sheet with its fields; `files` only at the station."""

    score: Score
    points: BoundField
    words: BoundField
    files: BoundField | None = None

    @property
    def is_wrong(self):
        return bool(
            self.points.errors or self.words.errors or (self.files and self.files.errors)
        )


class _LinesForm(forms.Form):
    """Points and words for each score of a sheet, under `points_<id>` and `words_<id>`."""

    points_name = words_name = ""
    most_words = 500
    has_files = False

    def __init__(self, *args, scores, **kwargs):
        self.scores = list(scores)
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for score in self.scores:
            self._add(score)

    def _add(self, score):
        indicator, computed = score.indicator, score.computed_points
        names = {"code": indicator.code, "label": indicator.label}
        points_label = _("%(code)s %(label)s: points") % names
        words_label = _("%(code)s %(label)s: words") % names
        self.fields[f"points_{score.pk}"] = forms.DecimalField(
            label=points_label,
            required=False,
            min_value=Decimal(0),
            max_value=indicator.points,
            max_digits=5,
            decimal_places=2,
            initial=self.initial_points(score),
            widget=forms.TextInput(
                attrs={
                    "class": "form-control points",
                    "aria-label": points_label,
                    "inputmode": "decimal",
                    "autocomplete": "off",
                    "placeholder": "" if computed is None else computed,
                }
            ),
            error_messages={
                "invalid": gettext_lazy("Write a number such as 1.5."),
                "min_value": gettext_lazy("Not less than 0."),
                "max_value": _("At most %(most)s.") % {"most": plain(indicator.points)},
                "max_decimal_places": gettext_lazy("Two places after the point at most."),
                "max_digits": gettext_lazy("Write a number such as 1.5."),
                "max_whole_digits": gettext_lazy("Write a number such as 1.5."),
            },
        )
        self.fields[f"words_{score.pk}"] = forms.CharField(
            label=words_label,
            required=False,
            max_length=self.most_words,
            initial=getattr(score, self.words_name),
            widget=forms.Textarea(
                attrs={"rows": 1, "class": "form-control", "aria-label": words_label}
            ),
        )
        if self.has_files:
            self.fields[f"files_{score.pk}"] = PhotosField(
                label=_("%(code)s %(label)s: photos or papers") % names
            )
            self.fields[f"files_{score.pk}"].widget.attrs["class"] = "form-control"

    def initial_points(self, score):
        return getattr(score, self.points_name)

    @property
    def rows(self):
        for score in self.scores:
            yield Row(
                score,
                self[f"points_{score.pk}"],
                self[f"words_{score.pk}"],
                self[f"files_{score.pk}"] if self.has_files else None,
            )

    @property
    def typed(self):
        """{score id: Typed} of what is right so far."""
        cleaned = self.cleaned_data
        return {
            score.pk: Typed(cleaned[f"points_{score.pk}"], cleaned[f"words_{score.pk}"])
            for score in self.scores
            if f"points_{score.pk}" in cleaned and f"words_{score.pk}" in cleaned
        }


class SelfScoreForm(_LinesForm):
    """What the station's head says of each line, and of the whole year.

    A counted line left empty stays as it is counted.
    """

    points_name, words_name = "self_points", "self_words"
    most_words = 1000
    has_files = True

    summary = forms.CharField(
        label=gettext_lazy("the year in a few words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )

    def papers(self):
        """[(score, [bytes])] of the lines something is attached to."""
        for score in self.scores:
            if files := self.cleaned_data.get(f"files_{score.pk}"):
                yield score, files


class CountyScoreForm(_LinesForm):
    """The county's points, line by line; other points than those in sight need their reason."""

    points_name, words_name = "county_points", "county_reason"

    def initial_points(self, score):
        """What the site has computed is offered; what a person must judge is not."""
        if score.county_points is not None or score.indicator.mode == Mode.HAND:
            return score.county_points
        return score.computed_points

    def clean(self):
        cleaned = super().clean()
        for score in self.scores:
            points, words = (cleaned.get(f"{name}_{score.pk}") for name in ("points", "words"))
            against = (
                score.computed_points
                if score.computed_points is not None
                else score.self_points
            )
            name = f"words_{score.pk}"
            is_other = points is not None and points != against
            if is_other and not words and name not in self.errors:
                self.add_error(name, _("Say why the points differ."))
        return cleaned


class CheckForm(_LinesForm):
    """What the city found on site: the day, the words, and points where a line is not right."""

    points_name, words_name = "check_points", "check_reason"

    visited_on = forms.DateField(
        label=gettext_lazy("visited on"),
        required=False,
        widget=forms.DateInput(
            attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"
        ),
        error_messages={"invalid": gettext_lazy("This is not a date. Write it like 2026-3-2.")},
    )
    findings = forms.CharField(
        label=gettext_lazy("findings"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )
    photos = PhotosField(label=gettext_lazy("photos or papers"))

    def clean_visited_on(self):
        day = self.cleaned_data["visited_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self):
        cleaned = super().clean()
        for score in self.scores:
            if cleaned.get(f"points_{score.pk}") is not None and not cleaned.get(
                f"words_{score.pk}"
            ):
                self.add_error(f"words_{score.pk}", _("Say what was found on site."))
        return cleaned
