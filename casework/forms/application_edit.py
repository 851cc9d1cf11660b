"""What was typed of an application, corrected: the same sheet, with the reason and what changed."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.forms.cells import Cell
from stations.privacy import mask_id_number, mask_phone, without_numbers

from .application import FLAGS, ApplicationForm
from .correct import REMOVED
from .fields import LongText

# Not shown on the page; typed anew to change, struck out with 无.
MASKED = {
    "phone": mask_phone,
    "id_number": mask_id_number,
    "address": mask_id_number,
    "agent_phone": mask_phone,
    "agent_id_number": mask_id_number,
}
# Never shown, not even masked: what a household has.
HIDDEN = ("household_note",)
NOT_CHANGED_HERE = {"entry", "lead"}
MOST_SAID = 60


class ApplicationEditForm(ApplicationForm):
    """The sheet of an application that stands. The household table is typed anew or stays."""

    last_title = gettext_lazy("Consent and reason")

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = LongText(200, label=gettext_lazy("reason for the correction"))

    def __init__(self, data=None, *, instance, **kwargs):
        data = data.copy() if data else None
        self.removed = set()
        for name in (*MASKED, *HIDDEN) if data else ():
            if data.get(name, "").strip() in REMOVED:
                self.removed.add(name)
                data[name] = ""
        self.saved = list(instance.parties.all()) if instance.pk else []
        parties = [
            {"known": each.pk, "side": each.side, "kind": each.kind, "name": each.name}
            for each in self.saved
        ]
        super().__init__(
            data,
            instance=instance,
            rows={"party": parties},
            saved_parties=self.saved,
            **kwargs,
        )
        names = [name for name in self.Meta.fields if name not in NOT_CHANGED_HERE]
        self.before = {name: getattr(instance, name) for name in (*names, *FLAGS)}
        for name in ("ticket", "entry", "lead", "given"):
            del self.fields[name]
        self.initial |= dict.fromkeys((*MASKED, *HIDDEN), "")
        for name in (*MASKED, *HIDDEN):
            known = self.before[name]
            mask = MASKED.get(name)
            words = mask(known) if mask in {mask_phone, mask_id_number} else ""
            if name in {"address", *HIDDEN} and known:
                words = _("masked")
            self.fields[name].widget.attrs["placeholder"] = words
        self.fields["version"].initial = instance.version
        self.fields["reason"].is_starred = True
        self.household_stands = instance.household.count()

    def layout(self):
        for sheet in super().layout():
            for cell in getattr(sheet, "fields", []):
                names = getattr(cell, "fields", [])
                if names and names[0] in (*MASKED, *HIDDEN) and self.before[names[0]]:
                    cell.note = _("empty stays, 无 strikes out")
            yield sheet

    def last_cells(self):
        return [Cell("agrees_to_share", "w12"), Cell("reason", "w12")]

    def _fill_from_source(self, cleaned):
        """What is masked and was not typed anew stays as it is, unless it was struck out."""
        for name in (*MASKED, *HIDDEN):
            if name not in self.errors and name not in self.removed and not cleaned.get(name):
                cleaned[name] = self.before[name]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error(
                "reason",
                _("Write why it is corrected; the reason is kept with the old value."),
            )
        return cleaned

    def changes(self):
        """Return {field: new value} of what is different now."""
        now = {name: getattr(self.instance, name) for name in self.before}
        return {name: value for name, value in now.items() if value != self.before[name]}

    def changed_parties(self):
        """The parties as they should now stand, or None when they stay."""
        rows = self.parties.unsaved()
        return rows if _told(rows) != _told(self.saved) else None

    def changed_household(self):
        """A household table typed anew, or None."""
        return self.household.unsaved() or None

    def is_different(self):
        return bool(
            self.changes() or self.changed_household() or self.changed_parties() is not None
        )

    def differences(self, current):
        """What stands now beside what was typed, where a colleague came first."""
        rows = []
        for name in self.before:
            now, typed = getattr(current, name), getattr(self.instance, name)
            if now != typed and name not in HIDDEN:
                rows.append(
                    {
                        "label": self._label(name),
                        "now": self._said(name, now),
                        "typed": self._said(name, typed),
                    }
                )
        return rows

    def note(self):
        """The reason, and each field old → new; numbers masked, a household's figures never."""
        parts = [self.cleaned_data["reason"]]
        for name, new in self.changes().items():
            label = self._label(name)
            if name in HIDDEN:
                parts.append(str(label))
            else:
                parts.append(
                    f"{label}：{self._said(name, self.before[name])} → {self._said(name, new)}"
                )
        if self.changed_parties() is not None:
            old = "、".join(each.name for each in self.saved)
            new = "、".join(each.name for each in self.changed_parties())
            parts.append(f"{_('Parties')}：{old or _('empty')} → {new or _('empty')}")
        if self.changed_household():
            parts.append(_("household table typed anew"))
        return "；".join(parts)

    def _label(self, name):
        if name in FLAGS:
            return FLAGS[name]
        return self.fields[name].label or name

    def _said(self, name, value):
        if value in (None, "", []):
            return _("empty")
        if name in MASKED:
            return MASKED[name](value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        choices = dict(getattr(self.fields.get(name), "choices", None) or ())
        if isinstance(value, list):
            return "、".join(str(choices.get(each, each)) for each in value)
        if isinstance(value, str):
            value = choices.get(value, value)
        return without_numbers(str(value))[:MOST_SAID]


def _told(parties):
    return [(each.side, each.kind, each.name, each.id_number, each.phone) for each in parties]
