"""What the hints read of a form that is still being typed."""

from django import forms

from .. import reading
from ..terms import PeopleGroup, SamePerson, Sensitive
from .entry_sheet import OTHER_MATTER
from .fields import PastDayField, ReadField, VillageField


class PeekForm(forms.Form):
    """What the hints read of a form that is still being typed; what is wrong is left out."""

    name = forms.CharField(required=False, max_length=40)
    phone = ReadField(reading.read_phone)
    id_number = ReadField(reading.read_id_number)
    village = VillageField()
    people_groups = forms.MultipleChoiceField(choices=PeopleGroup, required=False)
    matter = forms.CharField(required=False)
    other_matter = forms.CharField(required=False)
    event_on = PastDayField()
    persons = ReadField(reading.read_count)
    sensitive = forms.ChoiceField(choices=Sensitive, required=False)
    same_person = forms.ChoiceField(choices=SamePerson, required=False)

    def __init__(self, *args, station, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].set_station(station)

    @property
    def matter_pk(self):
        chosen = self.cleaned_data.get("matter") or ""
        if chosen == OTHER_MATTER or not chosen:
            chosen = self.cleaned_data.get("other_matter") or ""
        return int(chosen) if chosen.isdecimal() and len(chosen) < 16 else None
