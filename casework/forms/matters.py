"""A county's own items of the dictionary of matters."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell, Sheet
from stations.forms.particulars import ParticularsForm

from ..models import Matter

NUMBER_KEYS = "123456789"
# The plain order of a county's own items: after the national ones of their class.
OWN_POSITION = 90


class MatterForm(ParticularsForm):
    """An item the county adds under one of the national classes."""

    reason_due = ("name",)

    number_key = forms.ChoiceField(
        label=gettext_lazy("number key"),
        required=False,
        choices=[("", gettext_lazy("none")), *((key, key) for key in NUMBER_KEYS)],
        help_text=gettext_lazy("Takes the key over from the national item, in this county."),
    )

    class Meta:
        model = Matter
        fields = ["parent", "name", "hint", "number_key", "valid_from"]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        self.county = county
        self.use_required_attribute = False
        self.fields["parent"].label = _("class")
        self.fields["parent"].queryset = Matter.objects.filter(parent=None, county=None)
        self.fields["parent"].required = True
        self.fields["parent"].empty_label = _("choose a class")
        self.fields["parent"].error_messages["required"] = _("Choose the class it belongs to.")
        self.fields["name"].error_messages["required"] = _("Type the name of the matter.")
        self.fields["valid_from"].initial = timezone.localdate()
        if self.instance.pk:
            # Old entries and issued months count under the class it had.
            del self.fields["parent"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Sheet(
                Cell("parent", "w6"),
                Cell("name", "w6"),
                Cell("hint", "w12"),
                Cell("number_key", "w6"),
                Cell("valid_from", "w6"),
            )
        )
        self.ask_why()

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        same = (
            Matter.objects.leaves()
            .for_county(self.county)
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
            own = Matter.objects.filter(county=self.county).count() + 1
            matter.code = f"{matter.parent.code}.own{own}"
            matter.position = matter.parent.position + OWN_POSITION
        if commit:
            matter.save()
        return matter


class LastDayForm(forms.Form):
    """The last day on which an own item may be chosen."""

    valid_to = forms.DateField(
        label=gettext_lazy("last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose the last day.")},
    )

    def __init__(self, *args, matter, **kwargs):
        super().__init__(*args, **kwargs)
        self.matter = matter

    def clean_valid_to(self):
        valid_to = self.cleaned_data["valid_to"]
        if self.matter.valid_from and valid_to < self.matter.valid_from:
            raise ValidationError(
                _("The last day is before the first day. Change one of them.")
            )
        return valid_to
