"""Lists of destruction 销毁清单: drawn up, gone through, approved by another, withdrawn, ordered.

Nothing is destroyed here: what is ordered is owed, and a worker carries it out (`carrying`).
"""

from django.db import connection, transaction
from django.db.models import Max, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import chores
from ..models import ChoreKind, County, DestructionItem, DestructionList, ItemFate, ListState
from ..roles import Ability
from . import carrying
from .schedule import before_of, free_of, schedule

_COLUMNS = ("kind", "record_id", "station_id", "label", "anchor_on", "sign", "state", "reason")


class ListRefused(Exception):
    """A plain sentence why a list cannot be drawn up, changed, approved or carried out now."""


@transaction.atomic
def draw(county, kinds, *, by):
    """Draw up the list of what of these kinds falls due now. Returns the `DestructionList`.

    What a hold or an open matter stops does not come on it. Raises ListRefused while another list is
    open, or when nothing falls due.
    """
    county = County.objects.select_for_update(no_key=True).get(pk=county.pk)
    if there := DestructionList.objects.open().filter(county=county).first():
        raise ListRefused(
            _("List %(number)s is still open. Carry it out or withdraw it first.")
            % {"number": there.number}
        )
    today = timezone.localdate()
    lines = [
        (line, before)
        for line in schedule(county)
        if line.keeper.code in kinds and (before := before_of(line.years, today))
    ]
    lists = DestructionList.objects.filter(county=county, year=today.year)
    listed = DestructionList.objects.create(
        county=county,
        year=today.year,
        serial=(lists.aggregate(last=Max("serial"))["last"] or 0) + 1,
        basis=[_basis(line, before) for line, before in lines],
        drawn_by=by,
    )
    # What another kind empties as a whole is not listed twice.
    lines.sort(key=lambda each: bool(each[0].keeper.within))
    if not sum(_list_due(listed, line.keeper, before, today) for line, before in lines):
        raise ListRefused(_("Nothing of these kinds falls due now."))
    chores.refresh_later(county, ChoreKind.RETENTION)
    return listed


def _basis(line, before):
    return {"kind": line.keeper.code, "years": line.years, "before": before.isoformat()}


def _list_due(listed, keeper, before, today):
    """Put what of one kind falls due on the list, in one statement. Returns how many."""
    rows = free_of(keeper.due(listed.county, before), keeper.all_stops(listed.county, today))
    if keeper.within:
        rows = rows.exclude(pk__in=listed.items.filter(kind=keeper.within).values("record_id"))
    rows = rows.order_by("anchor_on", "pk").values_list(
        Value(keeper.code),
        "pk",
        "at_station",
        "label",
        "anchor_on",
        "sign",
        Value(ItemFate.LISTED.value),
        Value(""),
    )
    select, values = rows.query.sql_with_params()
    table = DestructionItem._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (list_id, {', '.join(_COLUMNS)}) "
            f"SELECT %s, due.* FROM ({select}) AS due",
            [listed.pk, *values],
        )
        return cursor.rowcount


@transaction.atomic
def take_out(listed, ids, *, reason, by):
    """Take items off a list that is not yet ordered, with a reason. Returns how many."""
    listed = _begin(listed, ListState.DRAWN, ListState.APPROVED)
    if not reason.strip():
        raise ListRefused(_("Say why it is taken out; it stands in the record."))
    taken = listed.items.filter(pk__in=ids, state=ItemFate.LISTED).update(
        state=ItemFate.TAKEN_OUT, reason=reason.strip(), by=by, at=timezone.now()
    )
    if not taken:
        raise ListRefused(_("It has been taken out already."))
    return taken


@transaction.atomic
def approve(listed, *, by, opinion=""):
    """Approve a list somebody else drew up. Raises ListRefused for the one who drew it."""
    listed = _begin(listed, ListState.DRAWN)
    if listed.drawn_by_id == by.pk:
        raise ListRefused(_("You drew this list up. Another person approves it."))
    if not listed.items.filter(state=ItemFate.LISTED).exists():
        raise ListRefused(_("Nothing is left on this list. Withdraw it."))
    listed.state, listed.opinion = ListState.APPROVED, opinion.strip()
    listed.approved_by, listed.approved_at = by, timezone.now()
    return _complete(listed)


@transaction.atomic
def withdraw(listed, *, by, why):
    """Withdraw a list before it is carried out; nothing on it is destroyed."""
    listed = _begin(listed, ListState.DRAWN, ListState.APPROVED)
    if not why.strip():
        raise ListRefused(_("Say why it is withdrawn; it stands in the record."))
    listed.state, listed.withdrawn_why = ListState.WITHDRAWN, why.strip()
    listed.withdrawn_by, listed.withdrawn_at = by, timezone.now()
    return _complete(listed)


@transaction.atomic
def carry_out(listed, *, by):
    """Order an approved list to be carried out; a worker does it. A second press changes nothing."""
    listed = _begin(listed, ListState.APPROVED, ListState.RUNNING, ListState.DONE)
    if listed.state != ListState.APPROVED:
        return listed
    listed.state = ListState.RUNNING
    listed.ordered_by, listed.ordered_at = by, timezone.now()
    listed.total = listed.items.filter(state=ItemFate.LISTED).count()
    transaction.on_commit(lambda: carrying.send(listed.pk))
    return _complete(listed)


def _begin(listed, *states):
    """Lock the list; of two people pressing at once, one is refused with who was first."""
    listed = (
        DestructionList.objects.select_for_update(of=("self",))
        .select_related("county__division", "approved_by", "withdrawn_by", "ordered_by")
        .get(pk=listed.pk)
    )
    if listed.state not in states:
        who = listed.withdrawn_by or listed.ordered_by or listed.approved_by
        sentence = (
            _("%(who)s was first: this list is now “%(state)s”.")
            if who
            else _("This list is now “%(state)s”, so this cannot be done.")
        )
        raise ListRefused(sentence % {"who": who, "state": listed.get_state_display()})
    return listed


def _complete(listed):
    listed.save()
    chores.refresh_later(listed.county, ChoreKind.RETENTION)
    return listed


# ── What is owed ────────────────────────────────────────────────────────────────────────


def may_approve(user, listed):
    """Whether this person is another than who drew the list, and approves such."""
    return user.may(Ability.APPROVE_DESTRUCTION) and listed.drawn_by_id != user.pk


def falls_due(county, today):
    """Whether anything of a county falls due that nothing stops."""
    return any(
        free_of(line.keeper.due(county, before), line.keeper.all_stops(county, today)).exists()
        for line in schedule(county)
        if (before := before_of(line.years, today))
    )
