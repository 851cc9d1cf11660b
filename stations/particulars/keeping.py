"""How particulars change: the record is saved, and each old value stays with who, when and why.

The one way in which a station, a contact point, a liaison, a county, an account, a unit, a worker or
an own matter is changed. What is dated by rows of its own (posts, standards, promises) is not here.
"""

import copy

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Division, ParticularsChange
from ..models.network import DEFAULT_PARAMETERS

# Of an account only these are particulars; passwords and one's own settings are not.
_ONLY = {"stations.user": {"username", "name", "phone", "duty_kind"}}
# Read through `County.parameter`, one by one; the secret of somebody's calendar.
_NOT = {"parameters", "calendar_key"}
_SEVERAL = {"stations.aidworker": ["duty_stations"]}


class ChangeRefused(Exception):
    """A plain sentence why the particulars are not saved, and the field it stands beside, if one."""

    def __init__(self, sentence, field=None):
        super().__init__(sentence)
        self.field = field


def latest(record):
    """Return the id of the last change of a record: what somebody who opens its form has seen."""
    return _changes(record).aggregate(models.Max("pk"))["pk__max"] or 0


@transaction.atomic
def save(form, *, by):
    """Save a form of particulars and keep what stood there before. Returns how many fields changed.

    A second press changes nothing. Raises ChangeRefused when somebody else changed the record since
    the form was opened, and when a field of `form.reason_due` changes without a reason.
    """
    record, said = form.save(commit=False), form.cleaned_data
    before = _read(_locked(record))
    changed = {name for name, text in _read(record, said).items() if before[name] != text}
    if not changed:
        return 0
    # Whoever does not say what they have seen has seen nothing.
    if "seen" in said and (since := _changes(record).filter(pk__gt=said["seen"] or 0).last()):
        raise ChangeRefused(
            _("%(who)s has just changed this. What you typed is all here; compare, save again.")
            % {"who": since.changed_by}
        )
    why = said.get("why", "").strip()
    if changed & set(form.reason_due) and not why:
        raise ChangeRefused(_("Say why, or name the document it comes from."), "why")
    form.save()
    return _keep(record, before, by=by, why=why)


@transaction.atomic
def change(record, *, by, why="", **values):
    """Set some fields of a saved record, and keep what stood there before. Returns the record."""
    before = _read(_locked(record))
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=list(values))
    _keep(record, before, by=by, why=why)
    return record


def as_they_were(records, at):
    """Return {id: copy} of records of one model with the particulars they had at a moment.

    The copies are for reading; of a relation that changed, they know the name alone.
    """
    copies = {record.pk: copy.copy(record) for record in records if record is not None}
    if not copies:
        return copies
    model = type(next(iter(copies.values())))
    changes = ParticularsChange.objects.filter(
        model=model._meta.label_lower, record_id__in=copies, changed_at__gt=at
    )
    # From the latest back: what the earliest one replaced is what stood there then.
    for each in changes.order_by("-changed_at", "-pk"):
        if each.field in DEFAULT_PARAMETERS:
            continue
        field = model._meta.get_field(each.field)
        value = each.old_value
        if field.many_to_one or field.one_to_one:
            value = field.related_model(name=value) if value else None
        elif not field.many_to_many:
            value = _python(field, value)
        else:
            continue
        setattr(copies[each.record_id], each.field, value)
    return copies


def as_it_was(record, at):
    """Return a copy of one record with the particulars it had at a moment."""
    return as_they_were([record], at)[record.pk]


# ── Comparing ───────────────────────────────────────────────────────────────────────────


def _locked(record):
    model = type(record)
    return model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)


def _changes(record):
    return ParticularsChange.objects.filter(
        model=record._meta.label_lower, record_id=record.pk
    ).order_by("pk")


def watched(model):
    """The names of the fields whose old values are kept, relations to several included."""
    label = model._meta.label_lower
    names = [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in _NOT
    ]
    if label in _ONLY:
        names = [name for name in names if name in _ONLY[label]]
    return [*names, *_SEVERAL.get(label, [])]


def _read(record, said=None):
    """{field: what stands there, as text}; relations to several stand in what was `said` till saved."""
    texts = {}
    for name in watched(type(record)):
        field = record._meta.get_field(name)
        if field.many_to_many:
            chosen = said[name] if said and name in said else getattr(record, name).all()
            texts[name] = "、".join(sorted(map(str, chosen)))
        else:
            texts[name] = _text(record, field)
    if record._meta.label_lower == "stations.county":
        texts |= {name: str(record.parameter(name)) for name in DEFAULT_PARAMETERS}
    return texts


def _text(record, field):
    value = field.value_from_object(record)
    if value in (None, "", False):
        return ""
    if field.is_relation:
        return str(getattr(record, field.name))
    if field.name == "township_code":
        return str(Division.objects.filter(code=value, valid_to=None).first() or value)
    if value is True:
        return "1"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)


def _python(field, text):
    if isinstance(field, models.BooleanField):
        return bool(text)
    if not text and not isinstance(field, models.CharField | models.TextField):
        return None if field.null else field.get_default()
    return field.to_python(text)


def _keep(record, before, *, by, why):
    after, now = _read(type(record)._default_manager.get(pk=record.pk)), timezone.now()
    rows = [
        ParticularsChange(
            model=record._meta.label_lower,
            record_id=record.pk,
            field=name,
            old_value=text,
            new_value=after[name],
            reason=why[:200],
            changed_by=by,
            changed_at=now,
        )
        for name, text in before.items()
        if after[name] != text
    ]
    ParticularsChange.objects.bulk_create(rows)
    return len(rows)
