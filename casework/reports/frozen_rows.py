"""The rows behind a figure of a submitted return: just those it counted, and what became of them since."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from ..analysis.freezing import signs_of
from ..analysis.return_columns import Column
from ..analysis.return_rows import rows_of
from ..analysis.returns import rows_behind, rows_of_unit, units_of
from .submissions import entries_counted, line_like, thaw

# What became of a row that was counted.
CHANGED, GONE = "changed", "gone"


@dataclass(frozen=True)
class FrozenRows:
    """The rows one figure counted on the day it was submitted.

    `since` tells of those that are not as they were: CHANGED was corrected, GONE counts in the period
    no more (declared void, moved to another). `came` counts those the figure would count besides now.
    """

    column: Column
    ids: tuple[int, ...]
    # The rows themselves, wherever they count now.
    rows: models.QuerySet
    since: dict[int, str]
    came: int


def frozen_rows(submitted, code, **unit):
    """Return the `FrozenRows` of a figure of a `SubmittedReturn`.

    With `unit` it is that unit's figure: a key of the return's units, None for what belonged to none.
    Raises KeyError for a figure or a unit the return does not have.
    """
    made = thaw(submitted)
    column = {line.code: line.column for line in made.lines}[code]
    shares = dict(zip(made.keys, submitted.rows_behind[code], strict=True))
    chosen = [shares[unit["unit"]]] if unit else shares.values()
    ids = tuple(sorted(pk for share in chosen for pk in share))
    return FrozenRows(
        column,
        ids,
        rows_of(column.source, made.period, made.scope).model.objects.filter(pk__in=ids),
        _since(submitted, made, column, ids),
        _came(made, column, ids, **unit),
    )


def city_rows(frozen, period, scope, code, **unit):
    """Return the `FrozenRows` of a figure of a city's return.

    `frozen` is {county id: what it submitted}: there the rows of that day stand behind the figure,
    elsewhere those of now. `unit` is a county. Raises KeyError for a figure there is not.
    """
    column, rows = rows_behind(period, scope, code)
    live = rows.exclude(unit_key__in=list(frozen))
    if unit:
        live = live.filter(unit_key=unit["unit"])
        frozen = {pk: each for pk, each in frozen.items() if pk == unit["unit"]}
    ids, since, came = [], {}, 0
    for submitted in frozen.values():
        made = thaw(submitted)
        own = _ids_of(submitted, made, column)
        ids += own
        since |= _since(submitted, made, column, own)
        came += rows.filter(unit_key=submitted.county_id).exclude(pk__in=own).count()
    every = rows.model.objects.filter(Q(pk__in=ids) | Q(pk__in=live.order_by().values("pk")))
    return FrozenRows(column, tuple(sorted(ids)), every, since, came)


def _ids_of(submitted, made, column):
    if line := line_like(made, column):
        return [pk for share in submitted.rows_behind[line.code] for pk in share]
    return list(entries_counted(submitted, column).values_list("pk", flat=True))


def _since(submitted, made, column, ids):
    source = column.source
    then = dict(zip(submitted.row_ids[source], submitted.row_signs[source], strict=True))
    counted = rows_of(source, made.period, made.scope).filter(pk__in=ids)
    now = signs_of(source, counted)
    return {pk: CHANGED for pk, sign in now.items() if then[pk] != sign} | {
        pk: GONE for pk in ids if pk not in now
    }


def _came(made, column, ids, **unit):
    try:
        now, rows = rows_behind(made.period, made.scope, column.code)
    except KeyError:
        return 0
    if str(now.label) != str(column.label):
        # The free item of a quarter names another matter now.
        return 0
    if unit:
        rows = rows_of_unit(rows, unit["unit"], units_of(made.period, made.scope))
    return rows.exclude(pk__in=ids).count()
