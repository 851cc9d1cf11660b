"""Which rows a month or a statistical return counted, and whether they are still the same.

What is sent is frozen in one way, `unmoving`: the rows by their ids and a hash of what was counted of
each, and the figures they add up to.
"""

import hashlib
from dataclasses import dataclass

from ..models import RegisterEntry
from ..periods import next_month
from .monthly import stations_of
from .return_rows import rows_of

# What a return counts of a row beside its being there: when one of these changes, the row changed.
_COUNTED = {
    "entries": ["version"],
    "received": ["version"],
    "granted": ["kind", "application__version"],
    "refused": ["grounds"],
    "terminated": ["application__version"],
    "ended": ["move"],
    "closed": ["result", "recovered", "wages_recovered"],
    "paid": ["paid"],
    "complaints": ["ground__ground_class"],
    "complaints_decided": ["outcome"],
    "complaints_reviewed": ["review"],
    "stations": ["host_type", "has_dedicated_staff"],
    "units": ["kind"],
    "workers": ["kind"],
    "sessions": ["on"],
    "trained": ["session"],
    "media": ["kind"],
}


class RowsMove(Exception):
    """The rows to be frozen are being saved at this very moment."""


def unmoving(rows, figures):
    """Return (rows(), figures()) of one unmoving state of the records.

    People go on saving meanwhile; when the rows differ before and after, the count is made again.
    Raises RowsMove after the third time.
    """
    for _attempt in range(3):
        before, counted = rows(), figures()
        if rows() == before:
            return before, counted
    raise RowsMove


def counted_rows(place, month):
    """Return the sorted ids of the entries a month counts, and the SHA-256 of ids and versions.

    A correction raises an entry's version, so the hash changes with any change of any row.
    """
    rows = list(
        RegisterEntry.objects.counted()
        .filter(station__in=stations_of(place))
        .in_month(month, next_month(month))
        .order_by("pk")
        .values_list("pk", "version")
    )
    text = "\n".join(f"{pk}:{version}" for pk, version in rows)
    return [pk for pk, _version in rows], hashlib.sha256(text.encode()).hexdigest()


def hold_rows(place, month):
    """Wait for corrections and voidings of a month's entries under way, and let none begin meanwhile.

    What one of them changes is either counted, or was changed after the counting.
    """
    entries = RegisterEntry.objects.counted().filter(station__in=stations_of(place))
    held = entries.in_month(month, next_month(month)).order_by("pk")
    for _pk in held.select_for_update(of=("self",), no_key=True).values_list("pk").iterator():
        pass


def is_unchanged(report):
    """Tell whether an issued report's rows are just as they were counted."""
    return counted_rows(report.place, report.month) == (report.row_ids, report.rows_hash)


@dataclass(frozen=True)
class ReturnedRows:
    """The rows a return counts: sorted ids by source, beside each a sign of what was counted of it.

    The hash goes over the ids and what is counted of each row, so any correction changes it.
    """

    ids: dict[str, list[int]]
    signs: dict[str, list[str]]
    rows_hash: str


def returned_rows(sources, period, scope):
    """Return the `ReturnedRows` of some sources as they stand now."""
    ids, signs, digest = {}, {}, hashlib.sha256()
    for source in sorted(sources):
        rows = rows_of(source, period, scope).order_by("pk")
        counted = list(rows.values_list("pk", *_COUNTED[source]))
        ids[source] = [row[0] for row in counted]
        signs[source] = [_sign(row) for row in counted]
        for row in counted:
            digest.update(f"{source}:{row}\n".encode())
    return ReturnedRows(ids, signs, digest.hexdigest())


def signs_of(source, rows):
    """Return {id: sign of what a return counts of it} of some rows as they stand now."""
    return {row[0]: _sign(row) for row in rows.values_list("pk", *_COUNTED[source])}


def _sign(row):
    return hashlib.sha256(repr(row).encode()).hexdigest()[:12]
