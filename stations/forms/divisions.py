"""What is typed when a division is renamed, split or merged (区划变更)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Division
from ..network.divisions import NewDivision
from ..terms import DivisionChange, Level
from .cells import Cell
from .fields import DayField, sheet


class ChangeStartForm(forms.Form):
    """What changes: the kind of change, and which divisions of the county."""

    change = forms.ChoiceField(
        label=_("change"), choices=DivisionChange, widget=forms.RadioSelect
    )
    of = forms.ModelMultipleChoiceField(Division.objects.none(), label=_("divisions"))
    parts = forms.IntegerField(
        label=_("into how many parts"), min_value=2, max_value=9, required=False
    )

    def __init__(self, *args, county, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = (
            Division.objects.of_county(county)
            .filter(valid_to=None, level__in=[Level.TOWNSHIP, Level.VILLAGE])
            .order_by("code")
        )

    def clean(self):
        change, of = self.cleaned_data.get("change"), self.cleaned_data.get("of")
        if not change or not of:
            return self.cleaned_data
        if len({division.level for division in of}) > 1:
            self.add_error("of", _("Choose either townships or villages."))
        if change == DivisionChange.MERGE and len(of) < 2:
            self.add_error("of", _("A merger needs two divisions at least."))
        if change != DivisionChange.MERGE and len(of) > 1:
            self.add_error("of", _("Choose one division; each change is recorded by itself."))
        return self.cleaned_data


class ChangeForm(forms.Form):
    """From when, on what paper, and what the divisions become."""

    on = DayField(label=_("in force from"), initial=timezone.localdate)
    paper = forms.CharField(label=_("approval document"), max_length=120, required=False)

    def __init__(self, *args, change, of, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.change, self.of = change, of
        count = parts if change == DivisionChange.SPLIT else 1
        cells = [Cell("on", "w4"), Cell("paper", "w8")]
        if change == DivisionChange.MERGE:
            self.fields["carries_on"] = forms.ModelChoiceField(
                Division.objects.filter(pk__in=[division.pk for division in of]),
                label=_("whose station, contact point and liaison go on"),
                initial=of[0],
            )
            cells.append(Cell("carries_on", "w12"))
        for n in range(count):
            if change == DivisionChange.RENAME:
                self.fields["name_0"] = forms.CharField(
                    label=_("new name"), max_length=60, initial=of[0].name
                )
                cells.append(Cell("name_0", "w12"))
                continue
            self.fields[f"name_{n}"] = forms.CharField(
                label=self._label(_("new name"), n, count), max_length=60
            )
            self.fields[f"code_{n}"] = forms.CharField(
                label=self._label(_("new code"), n, count),
                max_length=12,
                initial="" if n else of[0].code,
            )
            cells += [Cell(f"name_{n}", "w6"), Cell(f"code_{n}", "w6", inputmode="numeric")]
        self.villages = []
        if change == DivisionChange.SPLIT and of[0].level == Level.TOWNSHIP:
            self.villages = list(of[0].children.filter(valid_to=None).order_by("code"))
            choices = [(n, _("part %d") % (n + 1)) for n in range(count)]
            for village in self.villages:
                self.fields[f"village_{village.pk}"] = forms.TypedChoiceField(
                    label=village.name,
                    choices=choices,
                    coerce=int,
                    initial=0,
                )
            cells += [Cell(f"village_{village.pk}", "w3") for village in self.villages]
        self.helper = sheet(*cells)

    @staticmethod
    def _label(label, n, count):
        return _("%(what)s %(n)d") % {"what": label, "n": n + 1} if count > 1 else label

    @property
    def new(self):
        """The `NewDivision`s that were typed."""
        names = [name for name in self.fields if name.startswith("code_")]
        return [
            NewDivision(
                self.cleaned_data[name].strip(),
                self.cleaned_data[name.replace("code", "name")].strip(),
            )
            for name in names
        ]

    @property
    def parts_of_villages(self):
        return {
            village.pk: self.cleaned_data[f"village_{village.pk}"] for village in self.villages
        }
