"""Which rows a month counted, and whether they are still the same."""

import hashlib

from ..models import RegisterEntry
from ..periods import next_month
from .monthly import stations_of


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


def is_unchanged(report):
    """Tell whether an issued report's rows are just as they were counted."""
    return counted_rows(report.place, report.month) == (report.row_ids, report.rows_hash)
