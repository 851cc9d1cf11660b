"""What is typed about liaisons: who is appointed, when a post ends, a list as a file."""

from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..liaisons.posts import HOLDING, latest_day
from ..models import Division, Liaison, Station
from .cells import Cell
from .fields import DayField, phone_number, sheet
from .particulars import ParticularsForm


class VillageChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, village):
        return f"{village.parent.name} {village.name}"


class LiaisonForm(ParticularsForm):
    """The liaison of a village: who, in which post, since when (联络员)."""

    # Another person is another appointment; a name or a first day is only set right.
    reason_due = ("name", "appointed_from")

    village = VillageChoiceField(
        Division.objects.none(),
        label=_("village"),
        empty_label=_("choose a village"),
        help_text=_("Only villages without a liaison; another one leaves first."),
    )
    phone = forms.CharField(
        label=_("phone"), max_length=30, required=False, validators=[phone_number]
    )
    appointed_from = DayField(label=_("appointed from"), initial=timezone.localdate)

    class Meta:
        model = Liaison
        fields = ["village", "name", "sex", "post", "phone", "is_acting", "appointed_from"]
        labels = {"name": _("Person's name")}
        widgets = {"sex": forms.RadioSelect, "post": forms.RadioSelect}

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.stations = stations
        self.fields["village"].queryset = (
            Division.objects.villages()
            .filter(valid_to=None, parent__stations__in=stations.filter(closed_on=None))
            .exclude(pk__in=Liaison.objects.filter(appointed_to=None).values("village"))
            .select_related("parent")
        )
        self.fields["sex"].choices = [c for c in self.fields["sex"].choices if c[0]]
        self.fields["post"].choices = [c for c in self.fields["post"].choices if c[0]]
        if self.instance.pk:
            del self.fields["village"]
        self.helper = sheet(
            Cell("village", "w4"),
            Cell("name", "w2"),
            Cell("phone", "w3", inputmode="tel"),
            Cell("appointed_from", "w3"),
            Cell("post", "w12"),
            Cell("sex", "w6"),
            Cell("is_acting", "w6"),
        )
        self.ask_why()

    def clean(self):
        chosen = self.cleaned_data.get("village")
        day = self.cleaned_data.get("appointed_from")
        if day and day > latest_day():
            self.add_error("appointed_from", _("This day is more than a year away."))
        village = self.instance.village if self.instance.pk else chosen
        if village and day and village.valid_from and day < village.valid_from:
            self.add_error(
                "appointed_from", _("The village has carried this name only since a later day.")
            )
        if chosen:
            self.instance.station = self.stations.get(
                township=village.parent_id, closed_on=None
            )
        return self.cleaned_data


class LiaisonEndForm(forms.Form):
    """When a liaison leaves and why: the village is vacant from the day after."""

    last_day = DayField(label=_("last day in post"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("reason of leaving"),
        max_length=120,
        help_text=_("For instance: election of the village committee, moved away, ill."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = sheet(Cell("last_day", "w4"), Cell("reason", "w8"))


class LiaisonFilter(forms.Form):
    """The filters of the liaisons' list, as they stand in the address."""

    q = forms.CharField(label=_("name or village"), required=False, max_length=40)
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label=_("station"),
        required=False,
        empty_label=_("all stations"),
    )
    holding = forms.ChoiceField(label=_("in post"), required=False, choices=HOLDING)
    # From a figure of the coverage: a county or township by its code, and the day it was counted.
    place = forms.RegexField(r"^\d{6}(\d{3})?$", required=False, widget=forms.HiddenInput)
    day = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations
        self.fields["q"].widget.attrs["class"] = "form-control"
        self.fields["station"].widget.attrs["class"] = "form-select"
        self.fields["holding"].widget.attrs["class"] = "form-select"

    def trace(self):
        """Return the query for the log of looks: what was typed as free words is left out."""
        return urlencode(
            [
                (name, "*" if name == "q" else self.data[name])
                for name in self.fields
                if self.data.get(name)
            ],
            safe="*",
        )

    def apply(self, liaisons, today):
        """Return the liaisons that the valid filters leave."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        day = chosen.get("day") or today
        if chosen.get("place"):
            liaisons = liaisons.filter(village__code__startswith=chosen["place"])
        if chosen.get("q"):
            liaisons = liaisons.filter(
                Q(name__icontains=chosen["q"]) | Q(village__name__icontains=chosen["q"])
            )
        if chosen.get("station"):
            liaisons = liaisons.filter(station=chosen["station"])
        match chosen.get("holding", ""):
            case "":
                return liaisons.in_post_on(day)
            case "present" | "acting" as holding:
                return liaisons.in_post_on(day).filter(is_acting=holding == "acting")
            case "ended":
                return liaisons.filter(appointed_to__lt=day)
            case _all:
                return liaisons


class LiaisonFileForm(forms.Form):
    """A file of liaisons to check, or the checked text to take over."""

    file = forms.FileField(label=_("csv or xlsx file"), required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    replaces = forms.BooleanField(
        label=_("New liaisons replace those in post (after an election)"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs |= {"accept": ".csv,.xlsx,.xls,.et,.txt"}
        self.helper = sheet(Cell("file", "w6"), Cell("replaces", "w6"))

    def clean(self):
        if not self.cleaned_data.get("file") and not self.cleaned_data.get("text"):
            self.add_error("file", _("Choose a file first."))
        return self.cleaned_data
