"""Carrying a list of destruction out: owed by its row, done by a worker, portion by portion.

Each portion is one transaction that locks the records, looks at each again and empties those that are
still as they were listed; a worker that dies loses one portion at most, and the next goes on behind it.
"""

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .. import chores
from ..errands import hand_over
from ..models import ChoreKind, DestructionList, ItemFate, ListState
from ..papers.documents import ask_for
from ..seals.amending import SealBroken
from .keepers import KEEPERS
from .schedule import before_of, line_of

WORK = "stations.tasks.work_on_destruction"
# The kind of document that is its record.
PAPER = "destruction_record"
PORTION = 1000


def send(list_id):
    """Hand one owed list to a worker; when Redis is away, the sweep will."""
    hand_over(WORK, list_id)


def work_on(list_id):
    """Carry out what is owed, portion by portion. Safe to run twice, and two at once share the work."""
    with translation.override(settings.LANGUAGE_CODE):
        while _settle_portion(list_id):
            pass


@transaction.atomic
def _settle_portion(list_id):
    """Settle the next items of a list; return whether there may be more."""
    listed = (
        DestructionList.objects.owed()
        .select_for_update(of=("self",))
        .select_related("county__division", "ordered_by")
        .filter(pk=list_id)
        .first()
    )
    if listed is None:
        return False
    items = list(listed.items.filter(state=ItemFate.LISTED).order_by("pk")[:PORTION])
    if not items:
        _finish(listed)
        return False
    # Kinds hold different records: those of the first one.
    items = [item for item in items if item.kind == items[0].kind]
    reasons = _settle(
        listed, KEEPERS.get(items[0].kind), {item.record_id: item for item in items}
    )
    _write(listed, items, reasons)
    listed.done += len(items)
    listed.save(update_fields=["done"])
    return True


def _settle(listed, keeper, items):
    """Empty what may be destroyed of {record id: item}; return {record id: why not} of the others."""
    today = timezone.localdate()
    if keeper is None:
        return dict.fromkeys(items, _("This kind of record is not kept here any more."))
    # Whoever works on one of them, or sets a hold, has done so before or waits until this is done.
    list(
        keeper.model._base_manager.select_for_update(of=("self",))
        .filter(pk__in=items)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    reasons = _why_not(listed.county, keeper, items, today)
    free = [pk for pk in items if pk not in reasons]
    return reasons | _empty(listed, keeper, free, today)


def _why_not(county, keeper, items, today):
    """What has changed since the list was drawn: {record id: reason}."""
    before = before_of(line_of(county, keeper.code).years, today)
    if before is None:
        return dict.fromkeys(items, _("It is now kept for good."))
    due = keeper.due(county, before).filter(pk__in=items)
    signs = dict(due.values_list("pk", "sign"))
    reasons = {
        pk: _("It no longer falls due.")
        if pk not in signs
        else _("It was changed after the list was drawn up.")
        for pk, item in items.items()
        if signs.get(pk) != item.sign
    }
    for stop in keeper.all_stops(county, today):
        for pk in due.filter(stop.rows).values_list("pk", flat=True):
            reasons[pk] = str(stop.reason)
    return reasons


def _empty(listed, keeper, ids, today):
    """Empty these; where a seal does not agree, all but those of the broken days."""
    if not ids:
        return {}
    try:
        with transaction.atomic():
            keeper.empty(ids, listed, today)
    except SealBroken as broken:
        if len(ids) == 1:
            return {ids[0]: str(broken)[:200]}
        half = len(ids) // 2
        return _empty(listed, keeper, ids[:half], today) | _empty(
            listed, keeper, ids[half:], today
        )
    return {}


def _write(listed, items, reasons):
    now = timezone.now()
    by_reason = {}
    for item in items:
        by_reason.setdefault(reasons.get(item.record_id, ""), []).append(item.pk)
    for reason, ids in by_reason.items():
        listed.items.filter(pk__in=ids).update(
            state=ItemFate.LEFT_OUT if reason else ItemFate.DESTROYED,
            reason=reason[:200],
            at=now,
        )


def _finish(listed):
    """The record of destruction: what was destroyed, proved by a hash, and its paper owed."""
    listed.state, listed.finished_at = ListState.DONE, timezone.now()
    listed.ids_hash = hash_of(listed)
    title = _("List of destruction %(number)s") % {"number": listed.number}
    listed.document = ask_for(
        PAPER,
        title=title,
        filename=f"{title}.pdf",
        county=listed.county,
        by=listed.ordered_by,
        parameters={"list": listed.pk},
    )
    listed.save()
    chores.refresh_later(listed.county, ChoreKind.RETENTION)


def hash_of(listed):
    """The SHA-256 over kind and id of everything that was destroyed, in their order."""
    digest = hashlib.sha256()
    rows = listed.items.filter(state=ItemFate.DESTROYED).order_by("kind", "record_id")
    for kind, record in rows.values_list("kind", "record_id").iterator(chunk_size=5000):
        digest.update(f"{kind}:{record}\n".encode())
    return digest.hexdigest()
