"""A new standard of hardship, and a county's own matters of legal aid (31-9)."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell, Sheet
from stations.forms.particulars import ParticularsForm

from ..models import AidMatter, HardshipStandard
from ..terms import Category
from .moves import date_input

# What is added by province or county falls under the last item of article 31.
OWN_CODE, OWN_ARTICLE, OWN_POSITION = "31-9", "第三十一条第九项", 90
# A figure a month and head outside these is a slip of the finger.
LEAST, MOST = Decimal(100), Decimal(20_000)


def _on_a_sheet(form, *cells):
    form.use_required_attribute = False
    form.helper = FormHelper()
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    form.helper.layout = Layout(Sheet(*cells))


class StandardForm(forms.ModelForm):
    """A standard that holds from a day on."""

    class Meta:
        model = HardshipStandard
        fields = ["monthly_per_head", "valid_from", "basis", "paper"]
        widgets = {"valid_from": date_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["monthly_per_head"].error_messages |= {
            "required": _("Type the yuan a month and head."),
            "invalid": _("This is not an amount. Write it like 2060."),
        }
        self.fields["valid_from"].error_messages |= {
            "required": _("Choose the first day."),
            "invalid": _("This is not a date. Write it like 2026-3-2."),
        }
        self.fields["basis"].error_messages["required"] = _(
            "Write what the figure is, such as the minimum wage."
        )
        self.initial["valid_from"] = timezone.localdate()
        _on_a_sheet(
            self,
            Cell("monthly_per_head", "w6", inputmode="decimal"),
            Cell("valid_from", "w6"),
            Cell("basis", "w12"),
            Cell("paper", "w12"),
        )

    def clean_monthly_per_head(self):
        amount = self.cleaned_data["monthly_per_head"]
        if not LEAST <= amount <= MOST:
            raise ValidationError(
                _("Between %(least)s and %(most)s yuan a month and head. Check the figure.")
                % {"least": LEAST, "most": MOST}
            )
        return amount


class AidMatterForm(ParticularsForm):
    """A matter that province or county adds to article 31."""

    reason_due = ("name",)

    category = forms.ChoiceField(
        label=gettext_lazy("kind of case"),
        choices=[(value, value.label) for value in (Category.CIVIL, Category.ADMINISTRATIVE)],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the kind of case.")},
    )

    class Meta:
        model = AidMatter
        fields = ["name", "category", "hint", "valid_from"]
        widgets = {"valid_from": date_input()}

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        self.county = county
        self.fields["name"].error_messages["required"] = _("Type the name of the matter.")
        self.fields["valid_from"].initial = timezone.localdate()
        if self.instance.pk:
            # What was granted under it counts under the kind it had.
            del self.fields["category"]
        _on_a_sheet(
            self,
            Cell("name", "w12"),
            Cell("category", "w12"),
            Cell("hint", "w12"),
            Cell("valid_from", "w6"),
        )
        self.ask_why()

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        same = (
            AidMatter.objects.for_county(self.county)
            .filter(name=name, valid_to=None)
            .exclude(pk=self.instance.pk)
        )
        if same.exists():
            raise ValidationError(_("There is already a matter of this name. Use that one."))
        return name

    def save(self, commit=True):
        matter = super().save(commit=False)
        matter.county = self.county
        if not matter.code:
            own = AidMatter.objects.filter(county=self.county).count() + 1
            matter.code = f"{OWN_CODE}-{own}"
            matter.article = OWN_ARTICLE
            matter.position = OWN_POSITION
        if commit:
            matter.save()
        return matter
