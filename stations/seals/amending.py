"""Rows of sealed days that are lawfully destroyed or emptied, and what the days hold since.

Whoever does so (rules 8.5: list, approval, record of destruction) does it between: the days are
checked before the act, so that nothing altered hides behind it, and held against the new state
from then on.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction

from ..models import DaySeal, SealAmendment
from .chain import held, nothing, spans, table_seals
from .checking import Finding, amendments, wrong


class SealBroken(Exception):
    """A plain sentence which sealed day does not agree, so that nothing of it may be destroyed."""


@contextmanager
def lawfully(model, days, *, why, by):
    """Let rows of a sealed table be destroyed or emptied inside; `days` are the local days they are of.

    Raises SealBroken before the act when one of the days does not agree with its seal.
    """
    label, runs = model._meta.label_lower, list(_runs(days))
    with transaction.atomic():
        for day, then, now in _as_sealed(label, runs):
            if kind := wrong(then, now):
                raise SealBroken(Finding(day, kind, label, then.rows, now.rows).sentence)
        yield
        SealAmendment.objects.bulk_create(
            SealAmendment(
                day=day,
                table=label,
                rows=now.rows,
                frame=now.frame,
                words=now.words,
                why=why,
                made_by=by,
            )
            for day, then, now in _as_sealed(label, runs)
            if now != then
        )


def _runs(days):
    """Put days that follow one another together, as (first, last), a month's length at most."""
    first = last = None
    for day in sorted(set(days)):
        if last and day != last + timedelta(days=1):
            yield from spans(first, last)
            first = day
        first, last = first or day, day
    if last:
        yield from spans(first, last)


def _as_sealed(label, runs):
    """Yield (day, what it held when sealed or last amended, what it holds now) of the sealed days."""
    for first, last in runs:
        amended, by_columns = amendments(first, last), {}
        for seal in DaySeal.objects.within(first, last):
            for table in table_seals(seal):
                if table.table == label:
                    by_columns.setdefault(table.columns, []).append((seal.day, table.held))
        for columns, days in by_columns.items():
            now = held(columns, first, last)
            for day, then in days:
                yield day, amended.get((day, label), then), now.get(day) or nothing()
