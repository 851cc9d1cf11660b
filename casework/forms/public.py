"""The questions of “Would I qualify?”: no name, no number, nothing that is kept."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..terms import CheckExemption

MOST_PERSONS = 20
MOST_INCOME = Decimal(1_000_000)


class QualifyForm(forms.Form):
    """What it is about, who lives together, what comes in a month."""

    matter = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        error_messages={"required": gettext_lazy("Choose what comes nearest.")},
    )
    exemption = forms.ChoiceField(
        label=gettext_lazy("Does one of these hold for you?"),
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        choices=[
            ("", gettext_lazy("none of these")),
            (
                CheckExemption.NO_FIXED_INCOME,
                gettext_lazy("under age, old or disabled, without a fixed income"),
            ),
            (
                CheckExemption.ASSISTED,
                gettext_lazy(
                    "gets subsistence allowance, other relief, or preferential treatment"
                ),
            ),
            (
                CheckExemption.MIGRANT_WORKER,
                gettext_lazy("works away from home and wants wages or pay for a work injury"),
            ),
        ],
    )
    persons = forms.IntegerField(
        label=gettext_lazy("How many live together, you included?"),
        min_value=1,
        max_value=MOST_PERSONS,
        initial=1,
    )
    income = forms.DecimalField(
        label=gettext_lazy("What do all of you earn in a month, together, in yuan?"),
        required=False,
        min_value=0,
        max_value=MOST_INCOME,
        decimal_places=2,
    )
    is_within_family = forms.BooleanField(
        label=gettext_lazy("The other side lives in your household"), required=False
    )
    own_income = forms.DecimalField(
        label=gettext_lazy("Then: what do you yourself earn in a month, in yuan?"),
        required=False,
        min_value=0,
        max_value=MOST_INCOME,
        decimal_places=2,
    )

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.by_code = {matter.code: matter for _heading, rows in groups for matter in rows}
        self.fields["matter"].choices = [
            ("", _("choose")),
            *(
                (heading, [(matter.code, matter.name) for matter in rows])
                for heading, rows in groups
            ),
        ]

    def clean(self):
        cleaned = super().clean()
        if "matter" not in cleaned:
            return cleaned
        matter = self.by_code[cleaned["matter"]]
        needs_income = not (matter.is_condition_free or cleaned.get("exemption"))
        if needs_income and "income" in cleaned and "own_income" in cleaned:
            name = "own_income" if cleaned.get("is_within_family") else "income"
            if cleaned[name] is None:
                self.add_error(name, ValidationError(_("Write a number; nothing is 0.")))
        return cleaned

    @property
    def answers(self):
        """The answers of a valid form as `casework.public_guide.chance` takes them."""
        data = self.cleaned_data
        return {
            "matter": self.by_code[data["matter"]],
            "persons": data["persons"],
            "income": data["income"],
            "own_income": data["own_income"] if data["is_within_family"] else None,
            "exemption": data["exemption"],
        }
