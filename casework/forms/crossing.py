"""By what two things a month is divided (交叉分析), as the address says it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..analysis.crossing import Axis, Span, axes_of

_UNKNOWN = gettext_lazy("A month cannot be divided like this. Choose from the list.")


def _axis_field(label):
    return forms.ChoiceField(
        label=label,
        error_messages={"required": _UNKNOWN, "invalid_choice": _UNKNOWN},
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class CrossingForm(forms.Form):
    """What stands down the rows and what across the columns: two different things.

    What the address leaves out is villages (for a county stations) down and matters across.
    """

    rows = _axis_field(pgettext_lazy("table", "rows"))
    columns = _axis_field(pgettext_lazy("table", "columns"))
    span = forms.ChoiceField(
        label=gettext_lazy("months"),
        choices=Span,
        error_messages={"required": _UNKNOWN, "invalid_choice": _UNKNOWN},
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data, report):
        usual = {
            "rows": (Axis.VILLAGE if report.station_id else Axis.STATION).value,
            "columns": Axis.MATTER.value,
            "span": Span.MONTH.value,
        }
        super().__init__(usual | {name: data[name] for name in usual if name in data})
        for name in ("rows", "columns"):
            self.fields[name].choices = [(axis.value, axis.label) for axis in axes_of(report)]

    def clean(self):
        cleaned = self.cleaned_data
        asked = [cleaned[name] for name in ("rows", "columns") if name in cleaned]
        if len(asked) == 2 and len({Axis(axis).parameter for axis in asked}) == 1:
            self.add_error(
                "columns",
                _("Rows and columns are the same. Choose something else for one of them."),
            )
        return cleaned
