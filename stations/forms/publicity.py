"""What is typed of publicity: events, media items, and the filters of their list."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Division, MediaItem, PublicityEvent, Station
from ..terms import PublicityKind
from .cells import Cell
from .fields import sheet
from .past_days import PastDayField
from .photos import PhotoField, PhotosField

MOST_PEOPLE = 100_000


class EventForm(forms.ModelForm):
    on = PastDayField(label=gettext_lazy("day"))
    photos = PhotosField(label=gettext_lazy("photos"))
    leaflets = forms.IntegerField(
        label=gettext_lazy("leaflets handed out"), min_value=0, max_value=MOST_PEOPLE, initial=0
    )
    reached = forms.IntegerField(
        label=gettext_lazy("people reached"), min_value=1, max_value=MOST_PEOPLE
    )

    class Meta:
        model = PublicityEvent
        fields = ["kind", "title", "on", "village", "place", "reached", "leaflets"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, station, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [c for c in self.fields["kind"].choices if c[0]]
        self.fields["village"].queryset = (
            Division.objects.filter(parent=station.township_id, valid_to=None)
            if station
            else Division.objects.none()
        )
        self.fields["village"].empty_label = _("not in one village")
        for name in ("reached", "leaflets"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        if station is None:
            del self.fields["village"]
        self.helper = sheet(
            Cell("kind", "w12"),
            Cell("title", "w6"),
            Cell("on", "w3"),
            Cell("village", "w3"),
            Cell("place", "w6"),
            Cell("reached", "w3"),
            Cell("leaflets", "w3"),
            Cell("photos", "w12", note=_("up to six; without a photo it does not count")),
        )


class MediaForm(forms.ModelForm):
    on = PastDayField(label=gettext_lazy("day"))
    proof = PhotoField(label=gettext_lazy("screenshot or page"))

    class Meta:
        model = MediaItem
        fields = ["kind", "title", "outlet", "on"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [c for c in self.fields["kind"].choices if c[0]]
        self.helper = sheet(
            Cell("kind", "w12"),
            Cell("title", "w6"),
            Cell("outlet", "w3"),
            Cell("on", "w3"),
            Cell("proof", "w12"),
        )


class EventFilter(forms.Form):
    """The filters of the list of events, as they stand in the address."""

    year = forms.IntegerField(min_value=2000, max_value=2100, required=False)
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label=gettext_lazy("station"),
        required=False,
        empty_label=gettext_lazy("all stations"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind"), required=False)
    proof = forms.ChoiceField(
        label=gettext_lazy("photo"),
        required=False,
        choices=[
            ("", gettext_lazy("with or without")),
            ("yes", gettext_lazy("with a photo")),
            ("no", gettext_lazy("without a photo")),
        ],
    )

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations
        self.fields["kind"].choices = [("", _("all kinds")), *PublicityKind.choices]
        for name in ("station", "kind", "proof"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def apply(self, events):
        """Return the events that the valid filters leave."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if chosen.get("station"):
            events = events.filter(station=chosen["station"])
        if chosen.get("kind"):
            events = events.filter(kind=chosen["kind"])
        if chosen.get("proof") == "yes":
            events = events.exclude(photos=None).distinct()
        elif chosen.get("proof") == "no":
            events = events.filter(photos=None)
        return events
