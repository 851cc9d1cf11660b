"""The changes of a record in words (变更记录): 周桂兰 把电话由0564-5021234改为0564-5025678."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ..models import ParticularsChange
from ..models.network import DEFAULT_PARAMETERS
from ..privacy import EncryptedTextField, mask_phone
from ..templatetags.words import full_day
from .parameters import HOURS, PARAMETERS

# So many savings are shown at once; the address asks for all of them.
SHOWN = 12
# What a field is called whose model does not name it.
_LABELS = {
    "unit": pgettext_lazy("legal aid worker", "unit"),
    "user": gettext_lazy("account"),
    "id_hash": gettext_lazy("identity number"),
    "division": gettext_lazy("division"),
    "position": gettext_lazy("place in the list"),
}


@dataclass(frozen=True)
class Saving:
    """What somebody changed of one record in one go."""

    at: datetime
    who: str
    # Whose particulars, where several records are listed together.
    of: str
    sentences: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class History:
    """The latest savings, and how many earlier ones there are."""

    savings: tuple[Saving, ...]
    more: int


def history(*records, everything=False):
    """Return the `History` of one record, or of several listed together: one query.

    A record may come as (record, what it is called in the list).
    """
    called = {}
    for each in records:
        record, name = each if isinstance(each, tuple) else (each, "")
        called[record._meta.label_lower, record.pk] = name
    wanted = {}
    for model, pk in called:
        wanted.setdefault(model, []).append(pk)
    found = Q(pk__in=[])
    for model, pks in wanted.items():
        found |= Q(model=model, record_id__in=pks)
    changes = ParticularsChange.objects.filter(found).select_related("changed_by")
    savings = [
        _saving(list(same), called[key[2], key[3]])
        for key, same in groupby(
            changes.order_by("-changed_at", "model", "record_id", "pk"),
            key=lambda each: (
                each.changed_at,
                each.changed_by_id,
                each.model,
                each.record_id,
            ),
        )
    ]
    shown = savings if everything else savings[:SHOWN]
    return History(tuple(shown), len(savings) - len(shown))


def _saving(changes, of):
    first = changes[0]
    model = apps.get_model(first.model)
    return Saving(
        at=first.changed_at,
        who=first.changed_by.name,
        of=of,
        sentences=tuple(_sentence(model, each) for each in changes),
        reason=first.reason,
    )


def _sentence(model, change):
    label, old, new = _words(model, change)
    told = {"field": label, "old": old, "new": new}
    if change.field.endswith("_hash"):
        return _("typed %(field)s anew") % told
    if not old:
        return _("entered %(field)s: %(new)s") % told
    if not new:
        return _("took out %(field)s, which was %(old)s") % told
    return _("changed %(field)s from %(old)s to %(new)s") % told


def _words(model, change):
    """(what the field is called, the old value, the new one), as a person reads them."""
    texts = change.old_value, change.new_value
    if change.field in DEFAULT_PARAMETERS:
        label = HOURS.get(change.field) or PARAMETERS[change.field][0]
        return f"“{label}”" if label else change.field, *texts
    field = model._meta.get_field(change.field)
    label = _LABELS.get(change.field, field.verbose_name)
    return label, *(_value(field, text) for text in texts)


def _value(field, text):
    if isinstance(field, models.BooleanField):
        return pgettext("value", "yes") if text else pgettext("value", "no")
    if not text:
        return ""
    if isinstance(field, EncryptedTextField):
        return mask_phone(text)
    if isinstance(field, models.DateField):
        return full_day(date.fromisoformat(text))
    choices = dict(getattr(getattr(field, "base_field", field), "flatchoices", None) or [])
    if choices:
        parts = text.split(",") if hasattr(field, "base_field") else [text]
        return pgettext("list", ", ").join(str(choices.get(part, part)) for part in parts)
    return text
