"""A standard's draft as the bureau edits it: its bars, its lines, their rules as numbers."""

from decimal import Decimal, InvalidOperation

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell, Sheet

from .. import rules
from ..counting.facts import FACTS
from ..models import Indicator, Standard
from ..terms import Mode


class StandardForm(forms.ModelForm):
    """The bars, the gate, the cap, the days."""

    class Meta:
        model = Standard
        fields = [
            "name",
            "excellent_from",
            "good_from",
            "pass_from",
            "gate_percent",
            "excellent_cap_percent",
            "bonus_max",
            "spot_check_percent",
            "publicity_days",
            "objection_days",
            "first_month",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Sheet(
                Cell("name", "w12"),
                *(Cell(name, "w3") for name in self.Meta.fields[1:]),
            )
        )


class IndicatorForm(forms.ModelForm):
    """One line: its points and mode, its words, and the numbers of each part of its rule.

    Which facts a line counts and by which function is the standard's; the numbers are the county's.
    """

    class Meta:
        model = Indicator
        fields = ["label", "points", "mode", "rule_text", "evidence_wanted"]
        widgets = {"mode": forms.RadioSelect, "rule_text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["mode"].choices = Mode.choices
        self.parts = list(self.instance.rule.get("parts", []))
        cells = [
            Cell("label", "w8"),
            Cell("points", "w4", inputmode="decimal"),
            Cell("mode"),
            Cell("rule_text", "w12"),
            Cell("evidence_wanted", "w12"),
        ]
        for n, part in enumerate(self.parts):
            for key in _numbers_of(part):
                name = f"part_{n}_{key}"
                self.fields[name] = forms.CharField(
                    label=f"{FACTS[part['fact']].label} · {number_label(key)}",
                    initial=part[key],
                    max_length=12,
                    required=False,
                )
                cells.append(Cell(name, "w6", inputmode="decimal"))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Sheet(*cells))

    def clean(self):
        """The rule with the new numbers, read as the scoring reads it."""
        cleaned = super().clean()
        parts = []
        for n, part in enumerate(self.parts):
            new = dict(part)
            for key in _numbers_of(part):
                new[key] = cleaned.get(f"part_{n}_{key}", "").strip()
                if not _is_number(new[key]):
                    self.add_error(f"part_{n}_{key}", _("Write a number such as 0.8."))
            parts.append(new)
        if self.errors:
            return cleaned
        if cleaned.get("mode") == Mode.HAND:
            # Scored by hand, the facts are shown beside the line and give no points.
            parts = [{"fact": part["fact"], "function": "shown"} for part in parts]
        elif any(part["function"] == "shown" for part in parts) or not parts:
            raise ValidationError(
                _("This line has no rule that gives points; it stays scored by hand.")
            )
        rule = {"parts": parts}
        try:
            rules.parse_rule(
                rule,
                points=cleaned["points"],
                facts=FACTS,
                by_hand=cleaned.get("mode") == Mode.HAND,
            )
        except rules.RuleRefused as refused:
            raise ValidationError(str(refused)) from refused
        self.instance.rule = rule
        return cleaned


def _numbers_of(part):
    return [key for key in part if key not in {"fact", "function", "empty"}]


def _is_number(text):
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def number_label(key):
    """What a parameter of a rule is called."""
    return {
        "points": _("points"),
        "points_from": _("points at the lower bound"),
        "points_to": _("points at the upper bound"),
        "from": _("lower bound (0 to 1)"),
        "to": _("upper bound (0 to 1)"),
        "at_least": _("at least (0 to 1)"),
        "otherwise": _("otherwise"),
        "wanted": _("wanted"),
        "each": _("less for each"),
        "sample_share": _("sample share (0 to 1)"),
        "sample_count": _("sample count"),
    }.get(key, key)


class UseForm(forms.Form):
    """From which year a draft is put to use."""

    year_from = forms.IntegerField(
        label=gettext_lazy("from the year"),
        min_value=2020,
        max_value=2100,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Write the year."),
            "invalid": gettext_lazy("Write the year in four figures."),
            "min_value": gettext_lazy("Write the year in four figures."),
            "max_value": gettext_lazy("Write the year in four figures."),
        },
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {"year_from": timezone.localdate().year})
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
