"""What is typed beside the register's list: the name of a kept view, the reason of an export."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.privacy import without_numbers

from ..models import SavedFilter


class KeepViewForm(forms.Form):
    """A name for the filters of the list (常用查询), kept for oneself or for the county."""

    name = forms.CharField(label=gettext_lazy("name of the view"), max_length=30)
    is_shared = forms.BooleanField(
        label=gettext_lazy("for everybody of the county"), required=False
    )

    def __init__(self, user, data=None, *, kept=None):
        super().__init__(data, prefix="keep")
        self.user = user
        self.kept = kept

    def clean_name(self):
        name = self.cleaned_data["name"]
        if SavedFilter.objects.filter(user=self.user, name=name).exists():
            raise forms.ValidationError(_("You already keep a view under this name."))
        return name

    def clean(self):
        """Refuse what could not be opened again, or would keep somebody's number."""
        query = self.kept.lasting_query()
        if not self.kept.is_valid():
            raise forms.ValidationError(
                _("These conditions are wrong. Mend them, then keep them.")
            )
        if len(query) > SavedFilter._meta.get_field("query").max_length:
            raise forms.ValidationError(_("These are too many conditions to keep."))
        if without_numbers(query) != query:
            raise forms.ValidationError(
                _("A phone or identity number is not kept. Take it out of the conditions.")
            )
        return self.cleaned_data

    def save(self):
        """Keep the view; pressing twice keeps it once."""
        kept, _created = SavedFilter.objects.get_or_create(
            user=self.user,
            name=self.cleaned_data["name"],
            defaults={
                "query": self.kept.lasting_query(),
                "county": self.user.county if self.cleaned_data["is_shared"] else None,
            },
        )
        return kept


class ExportForm(forms.Form):
    """Whole phone and identity numbers leave the register only with a reason."""

    is_full = forms.BooleanField(
        label=gettext_lazy("with whole phone and identity numbers"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("reason"), required=False, max_length=200, strip=True
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_full") and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error(
                "reason", _("Say what the whole numbers are needed for; it is logged.")
            )
        return cleaned
