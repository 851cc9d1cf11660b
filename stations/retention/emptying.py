"""How the tables of a record are emptied, in bulk, and which of their columns stay and why.

The only code that changes rows which otherwise are never changed: it lets the triggers of append-only
tables pass, for just the statement that empties them.
"""

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Q, Value, When
from django.db.models.functions import Cast, Concat, TruncDate

from ..seals.amending import lawfully
from ..seals.tables import TABLES

# Stands where words or a name stood, as in `stations.privacy.without_numbers`: that something had been
# written still counts for whoever looks whether entries are complete.
MARK = "■■■"


@dataclass(frozen=True)
class Table:
    """One table of a record: how its rows lead to the record, and what becomes of each column.

    `path` is the lookup from a row to the record. Columns in `blank` are emptied, those in `mark` say
    `MARK` where something stood, those in `unlink` (keyed hashes, file digests) become the row's own
    number, which is equal to no other. `also` are columns with a value of their own. `keep` names the
    columns that could hold words about a person and stay, and why. With `is_deleted` the rows go.
    """

    model: type
    path: str
    blank: tuple[str, ...] = ()
    mark: tuple[str, ...] = ()
    unlink: tuple[str, ...] = ()
    also: dict = field(default_factory=dict)
    keep: dict[str, str] = field(default_factory=dict)
    is_deleted: bool = False
    # Which of the rows, where not all of them.
    only: Q = field(default_factory=Q)

    @property
    def named(self):
        """The columns somebody has decided about."""
        return {*self.blank, *self.mark, *self.unlink, *self.also, *self.keep}

    def empty(self, ids, listed):
        """Empty what belongs to the records with these ids, as a list says; a second time changes nothing.

        Raises SealBroken when a sealed day of theirs does not agree with its seal.
        """
        rows = self.model._base_manager.filter(self.only, **{f"{self.path}__in": ids})
        with self._seal_amended(rows, listed), _triggers_pass(self.model):
            if self.is_deleted:
                rows._raw_delete(rows.db)
            elif values := self._values():
                rows.update(**values)

    def _seal_amended(self, rows, listed):
        """The day seals that go over what is changed go over the new state from then on."""
        seal = TABLES.get(self.model._meta.label_lower)
        changed = {*self.blank, *self.mark, *self.unlink, *self.also}
        if seal is None or not (self.is_deleted or changed & {*seal.frame, *seal.words}):
            return nullcontext()
        days = rows.order_by().values_list(TruncDate(seal.at), flat=True).distinct()
        return lawfully(
            self.model, [day for day in days if day], why=listed.number, by=listed.ordered_by
        )

    def _values(self):
        fields = {name: self.model._meta.get_field(name) for name in (*self.blank, *self.mark)}
        values = {name: _nothing(fields[name]) for name in self.blank}
        values |= {
            name: Case(When(**{name: ""}, then=Value("")), default=Value(MARK))
            for name in self.mark
        }
        own = Concat(Value("-"), Cast("pk", CharField()))
        values |= {
            name: Case(When(**{name: ""}, then=Value("")), default=own) for name in self.unlink
        }
        return values | self.also


def _nothing(column):
    if column.null:
        return None
    if isinstance(column, ArrayField):
        return []
    return column.get_default()


def _triggers_pass(model):
    passing = ExitStack()
    for trigger in getattr(model._meta, "triggers", ()):
        if isinstance(trigger, pgtrigger.Protect):
            passing.enter_context(pgtrigger.ignore(f"{model._meta.label}:{trigger.name}"))
    return passing
