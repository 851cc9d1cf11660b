"""Where a wrongly addressed application goes, why, and how the applicant was told."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell
from stations.models import County

from .fields import DatalistInput
from .moves import MoveForm, words_field

WAYS = [
    gettext_lazy("told in person, address and phone given"),
    gettext_lazy("told by telephone"),
    gettext_lazy("told in writing"),
]


class PassOnForm(MoveForm):
    """A county of this site, or an institution outside by its name."""

    to_county = forms.ModelChoiceField(
        County.objects.none(),
        label=gettext_lazy("county of this site"),
        required=False,
        empty_label=gettext_lazy("none: an institution outside"),
    )
    to_institution = forms.CharField(
        label=gettext_lazy("institution outside"), max_length=80, required=False
    )
    reason = words_field(
        gettext_lazy("why it is theirs"),
        most=300,
        required=gettext_lazy("Say why; the other side reads it."),
    )
    told_how = forms.CharField(
        label=gettext_lazy("how the applicant was told"),
        max_length=120,
        widget=DatalistInput(options=WAYS),
        error_messages={"required": gettext_lazy("Tell the applicant first, and write how.")},
    )
    ruling = forms.CharField(
        label=gettext_lazy("ruling of the bureau above both"), max_length=80, required=False
    )
    ground = words_field(
        gettext_lazy("why it is shared although the applicant has not agreed"), most=90, rows=2
    )

    def prepare(self):
        counties = County.objects.exclude(pk=self.application.county_id)
        self.fields["to_county"].queryset = counties.select_related("division")
        if not self.application.hops.exists():
            del self.fields["ruling"]
        if self.application.agrees_to_share:
            del self.fields["ground"]
        else:
            self.fields["ground"].required = True
            self.fields["ground"].error_messages["required"] = _(
                "The applicant has not agreed that papers are shared. Say on what ground."
            )

    def cells(self):
        return [
            Cell("to_county", "w6"),
            Cell("to_institution", "w6"),
            Cell("reason", "w12"),
            Cell("told_how", "w12"),
            Cell("ruling", "w12", note=_("its number; only to where it came from")),
            Cell("ground", "w12"),
        ]

    def clean(self):
        cleaned = super().clean()
        county, name = cleaned.get("to_county"), cleaned.get("to_institution")
        if county and name:
            self.add_error(
                "to_institution",
                _("Either a county of this site or an institution outside, not both."),
            )
        elif not county and not name:
            self.add_error(
                "to_institution", _("Choose a county of this site or write the institution.")
            )
        return cleaned

    def way(self):
        """What `workflow.pass_on` is given."""
        given = {
            name: self.cleaned_data[name]
            for name in ("to_county", "to_institution", "told_how")
        }
        given["ruling"] = self.cleaned_data.get("ruling", "")
        ground = self.cleaned_data.get("ground")
        reason = self.cleaned_data["reason"]
        if ground:
            reason = _("%(reason)s (shared on this ground: %(ground)s)") % {
                "reason": reason,
                "ground": ground,
            }
        return given | {"reason": reason}
