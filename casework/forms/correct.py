"""What is typed about an entry that stands: corrections, reasons, days without visits."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell

from ..rules.columns import CORRECTABLE
from .entry import LONG_AGO, EntryForm, show_masked
from .fields import DayField, LongText

# Not shown on the page of a correction; typed anew to change, struck out with one of these.
MASKED = ("phone", "id_number", "address")
REMOVED = {"无", "-", "—"}


class CorrectForm(EntryForm):
    """The same sheet for an entry that stands, with the reason and the version looked at.

    Numbers stay masked: left empty they stay, 无 strikes them out.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = LongText(200, label=gettext_lazy("reason for the correction"))

    def __init__(self, data=None, *, instance, **kwargs):
        data = data.copy() if data else None
        self.removed = set()
        for name in MASKED if data else ():
            if data.get(name, "").strip() in REMOVED:
                self.removed.add(name)
                data[name] = ""
        super().__init__(data, instance=instance, **kwargs)
        self.known = {name: getattr(instance, name) for name in MASKED}
        self.initial |= dict.fromkeys(MASKED, "")
        show_masked(self, phone=instance.phone, id_number=instance.id_number)
        if instance.address and "address" in self.fields:
            self.fields["address"].widget.attrs["placeholder"] = _("masked")
        for name in ("ticket", "earlier", "same_person", "lead"):
            del self.fields[name]
        # A row from paper may lack what the form asks for: correcting one thing in it does not
        # ask for the rest.
        entry = self.instance
        self.required = {name for name in self.required if getattr(entry, name)} | {"reason"}
        for name, field in self.fields.items():
            field.is_starred = name in self.required | {"name"}
        self.fields["is_from_elsewhere"].initial = entry.village_id is None
        self.fields["is_long_ago"].initial = timezone.now() - entry.occurred_at > LONG_AGO
        self.fields["version"].initial = entry.version
        self.fields["receiver"].initial = entry.receiver_id

    def layout(self):
        [sheet] = super().layout()
        sheet.fields.append(Cell("reason", "w12"))
        for cell in sheet.fields:
            if cell.fields[0] in MASKED and self.known[cell.fields[0]]:
                cell.note = _("empty stays, 无 strikes out")
        yield sheet

    def _fill_from_earlier(self, cleaned):
        """A masked number that was not typed anew stays as it is, unless it was struck out."""
        for name in MASKED:
            is_mine = name in self.fields and name not in self.errors
            if is_mine and name not in self.removed and not cleaned.get(name):
                cleaned[name] = self.known[name]

    def changes(self):
        """Return {field: new value} of everything on this sheet that a correction may touch."""
        return {
            name: self.cleaned_data[name] for name in CORRECTABLE if name in self.cleaned_data
        }


class ReasonForm(forms.Form):
    """A reason, for what is kept with it: a void entry, a look at a masked number."""

    reason = LongText(200, label=gettext_lazy("reason"))

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if len(reason) < 2:
            raise ValidationError(_("Write the reason in a few words; it is kept."))
        return reason


class NoVisitsForm(forms.Form):
    """The day of which is said that nobody called or came: in this month or the last."""

    day = DayField()

    def clean_day(self):
        today = timezone.localdate()
        day = self.cleaned_data["day"] or today
        first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        if not first <= day <= today:
            raise ValidationError(
                _("Only days of this month and the last can be stated, and none to come.")
            )
        return day
