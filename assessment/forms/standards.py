"""A standard's draft as the bureau edits it: its bars, its lines, their rules as numbers."""

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from stations.forms.cells import Cell, Sheet

from .. import measures, rules
from ..counting.facts import FACTS, readings
from ..models import Clause, Indicator, Standard
from ..terms import FULL_MARKS, ClauseKind, ClauseSign, Dimension, Mode
from ..wording import plain

# No number of a rule is larger.
MOST = 10000


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
    """One line: its points and mode, its words, and the parts of its rule.

    Each part counts one fact by one function of the closed set; what is typed are its numbers.
    A part may be added or taken away. A new line names its code and dimension as well.
    """

    class Meta:
        model = Indicator
        fields = [
            "code",
            "dimension",
            "label",
            "points",
            "mode",
            "rule_text",
            "evidence_wanted",
        ]
        widgets = {"mode": forms.RadioSelect, "rule_text": forms.Textarea(attrs={"rows": 2})}

    new_fact = forms.ChoiceField(label=gettext_lazy("what is counted"), required=False)
    new_function = forms.ChoiceField(label=gettext_lazy("how it gives points"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["mode"].choices = Mode.choices
        self.fields["new_fact"].choices = _facts_by_records()
        self.fields["new_function"].choices = [("", "—"), *function_labels().items()]
        cells = []
        if self.instance.pk:
            del self.fields["code"], self.fields["dimension"]
        else:
            self.fields["dimension"].choices = [("", "—"), *Dimension.choices]
            cells = [Cell("code", "w2"), Cell("dimension", "w4")]
        cells += [
            Cell("label", "w8" if self.instance.pk else "w6"),
            Cell("points", "w4", inputmode="decimal"),
            Cell("mode"),
            Cell("rule_text", "w12"),
            Cell("evidence_wanted", "w12"),
        ]
        self.parts = list((self.instance.rule or {}).get("parts", []))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Sheet(*cells),
            *(self._sheet_of(n, part) for n, part in enumerate(self.parts)),
            Sheet(Cell("new_fact", "w8"), Cell("new_function", "w4"), title=_("Add a part")),
        )

    def _sheet_of(self, n, part):
        """The cells of one part: which reading is counted, its numbers, whether it goes."""
        cells = []
        choices = [(name, FACTS[name].label) for name in readings(part["fact"])]
        if len(choices) > 1:
            self.fields[f"part_{n}_fact"] = forms.ChoiceField(
                label=_("how it is read"), choices=choices, initial=part["fact"]
            )
            cells.append(Cell(f"part_{n}_fact", "w6"))
        for key in _numbers_of(part):
            name = f"part_{n}_{key}"
            self.fields[name] = forms.CharField(
                label=number_label(key), initial=part[key], max_length=12, required=False
            )
            cells.append(Cell(name, "w3", inputmode="decimal"))
        self.fields[f"part_{n}_drop"] = forms.BooleanField(
            label=_("take this part away"), required=False
        )
        cells.append(Cell(f"part_{n}_drop", "w3"))
        colon = pgettext("before a sentence", ": ")
        title = f"{FACTS[part['fact']].label}{colon}{function_labels()[part['function']]}"
        return Sheet(*cells, title=title)

    def clean_code(self):
        code = self.cleaned_data["code"].strip().upper()
        if self.instance.standard.indicators.filter(code=code).exists():
            raise ValidationError(_("This code is taken."))
        return code

    def clean_points(self):
        points = self.cleaned_data["points"]
        if not 0 < points <= FULL_MARKS:
            raise ValidationError(_("Points are above 0 and at most 100."))
        return points

    def clean(self):
        """The rule with the new numbers, read as the scoring reads it."""
        cleaned = super().clean()
        parts = [
            self._part(n, part)
            for n, part in enumerate(self.parts)
            if not cleaned.get(f"part_{n}_drop")
        ]
        if bool(cleaned.get("new_fact")) != bool(cleaned.get("new_function")):
            self.add_error(
                "new_function" if cleaned.get("new_fact") else "new_fact",
                _("Choose both: what is counted, and how it gives points."),
            )
        if self.errors:
            return cleaned
        if cleaned.get("new_fact"):
            known = sum(rules.read_part(part, FACTS).most for part in parts)
            left = plain(max(Fraction(cleaned["points"]) - known, 0))
            parts.append(_begun(cleaned["new_fact"], cleaned["new_function"], left))
        by_hand = cleaned["mode"] == Mode.HAND
        if by_hand:
            # Scored by hand, the facts are shown beside the line and give no points.
            parts = [{"fact": part["fact"], "function": "shown"} for part in parts]
        elif all(part["function"] == "shown" for part in parts):
            raise ValidationError(
                _("This line has no rule that gives points; it stays scored by hand.")
            )
        rule = {"parts": parts}
        try:
            measures.read_rule(rule, points=cleaned["points"], by_hand=by_hand)
        except rules.RuleRefused as refused:
            raise ValidationError(str(refused)) from refused
        self.instance.rule = rule
        return cleaned

    def _part(self, n, part):
        new = dict(part)
        new["fact"] = self.cleaned_data.get(f"part_{n}_fact", part["fact"])
        for key in _numbers_of(part):
            new[key] = self.cleaned_data.get(f"part_{n}_{key}", "").strip()
            if not _is_number(new[key]):
                self.add_error(f"part_{n}_{key}", _("Write a number such as 0.8."))
                return new
        try:
            rules.read_part(new, FACTS)
        except rules.RuleRefused:
            self.add_error(f"part_{n}_{_numbers_of(part)[0]}", _what_fits(part["function"]))
        return new


def _facts_by_records():
    """What can be counted, under the records it is counted from."""
    groups = defaultdict(list)
    for kind in FACTS.values():
        groups[kind.read_from.label].append((kind.name, kind.label))
    return [("", "—"), *groups.items()]


def _begun(fact, function, left):
    """A new part: it gives what the others leave of the line's points, to be changed next."""
    numbers = {
        "ramp": {"from": "0.8", "to": "1", "points_from": "0", "points_to": left},
        "step": {"at_least": "0.8", "points": left, "otherwise": "0"},
        "count": {"wanted": "1", "points": left},
        "deduct": {"points": left, "each": "1"},
        "void": {},
        "shown": {},
    }.get(function, {"points": left})
    return {"fact": fact, "function": function} | numbers


def _numbers_of(part):
    """The numbers of a part, in the order they are read: from where to where, then the points."""
    return [key for key in _IN_ORDER if key in part]


_IN_ORDER = [
    "from",
    "to",
    "at_least",
    "wanted",
    "points_from",
    "points_to",
    "points",
    "otherwise",
    "each",
    "sample_share",
    "sample_count",
]


def _is_number(text):
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number) <= MOST


def _what_fits(function):
    """How the numbers of a function have to fit together."""
    return {
        "ramp": _(
            "The lower bound must be under the upper one, the upper one at most 1, and the points "
            "at the upper bound no fewer."
        ),
        "step": _("Below the share no more points may be given than from it on."),
        "count": _("The number wanted is above 0."),
        "deduct": _("What is taken off for each is above 0."),
    }.get(function, _("A number here is not under 0."))


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


def function_labels():
    """{function: how it gives points}, the whole closed set."""
    return {
        "ramp": pgettext("rule", "straight line between two shares"),
        "step": pgettext("rule", "from a share on"),
        "share": pgettext("rule", "by share"),
        "months": pgettext("rule", "by months"),
        "makes_up": pgettext("rule", "makes up for part of what was lost"),
        "count": pgettext("rule", "so many wanted"),
        "deduct": pgettext("rule", "less for each"),
        "presence": pgettext("rule", "there or not"),
        "void": pgettext("rule", "one takes the whole line"),
        "shown": pgettext("rule", "only shown"),
    }


class ClauseForm(forms.ModelForm):
    """A bonus, a deduction or a veto of a draft."""

    class Meta:
        model = Clause
        fields = ["kind", "code", "label", "points", "effect", "more_than_percent"]
        labels = {"label": pgettext_lazy("clause", "event")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        cells = []
        if self.instance.pk:
            del self.fields["kind"], self.fields["code"]
        else:
            self.fields["kind"].choices = ClauseKind.choices
            cells = [Cell("kind", "w4"), Cell("code", "w3")]
        if self.instance.found_by != ClauseSign.GRANTS_GROWN:
            del self.fields["more_than_percent"]
        else:
            self.fields["more_than_percent"].required = True
        if self.instance.pk:
            # A veto has an effect, the others have points.
            del self.fields["points" if self.instance.kind == ClauseKind.VETO else "effect"]
        is_new = not self.instance.pk
        cells += [
            Cell("label", "w12"),
            Cell(
                "points",
                "w4",
                note=_("of a bonus or a deduction") if is_new else "",
                inputmode="decimal",
            ),
            Cell("effect", "w6", note=_("of a veto") if is_new else ""),
            Cell("more_than_percent", "w4", inputmode="numeric"),
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Sheet(*cells))

    def clean_code(self):
        code = self.cleaned_data["code"].strip().upper()
        if self.instance.standard.clauses.filter(code=code).exists():
            raise ValidationError(_("This code is taken."))
        return code

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind") or self.instance.kind
        if kind == ClauseKind.VETO:
            cleaned["points"] = None
            if not cleaned.get("effect") and "effect" in self.fields:
                self.add_error("effect", _("Say what a veto does to the grade."))
        elif kind:
            cleaned["effect"] = ""
            points = cleaned.get("points")
            if "points" not in self.errors and (points is None or not 0 < points <= FULL_MARKS):
                self.add_error("points", _("Points are above 0 and at most 100."))
        return cleaned


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
