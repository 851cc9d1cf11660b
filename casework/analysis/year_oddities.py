"""What looks odd in a year of a register: nothing is wrong by that, somebody is asked about it."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection

# Working days after which an entry counts as made long after the event.
LONG_AFTER = 15
# The last days of a year in which a burst of entries is looked for.
LAST_DAYS = timedelta(days=14)
# A text of so many signs or more, told so often word for word, looks copied.
LONG_ENOUGH = 8
COPIES = 5

_ODD = """
SELECT station_id, count(*), count(*) FILTER (WHERE working_days_late > %(long_after)s),
       count(*) FILTER (WHERE (recorded_at AT TIME ZONE %(zone)s)::date > %(burst_after)s),
       count(*) FILTER (WHERE (recorded_at AT TIME ZONE %(zone)s)::date > %(burst_after)s
                              AND occurred_on <= %(burst_after)s)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on BETWEEN %(first)s AND %(through)s
GROUP BY station_id
"""

# Of each station the one text that stands on the most entries.
_COPIED = """
SELECT DISTINCT ON (station_id) station_id, entries, one
FROM (
    SELECT station_id, count(*) AS entries, min(id) AS one
    FROM casework_registerentry
    WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
      AND occurred_on BETWEEN %(first)s AND %(through)s AND length(statement) >= %(long_enough)s
    GROUP BY station_id, md5(statement)
    HAVING count(*) >= %(copies)s
) AS copied
ORDER BY station_id, entries DESC, one
"""


@dataclass(frozen=True)
class Oddities:
    """What looks odd in one station's year of the register, as counts."""

    entries: int = 0
    long_after: int = 0
    # Typed in the last days of the year, and of those the ones that speak of earlier days.
    typed_last: int = 0
    typed_last_of_earlier: int = 0
    # Entries with the text that stands on most of them, and the first such entry.
    copied: int = 0
    copied_entry_id: int | None = None


def year_oddities(stations, first, through, year_end) -> dict[int, Oddities]:
    """Return {station id: Oddities} of a period; the last days are those before `year_end`."""
    values = {
        "stations": [station.pk for station in stations],
        "first": first,
        "through": through,
        "burst_after": year_end - LAST_DAYS,
        "long_after": LONG_AFTER,
        "long_enough": LONG_ENOUGH,
        "copies": COPIES,
        "zone": settings.TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COPIED, values)
        copied = {station: rest for station, *rest in cursor.fetchall()}
        cursor.execute(_ODD, values)
        return {
            station: Oddities(*counts, *copied.get(station, (0, None)))
            for station, *counts in cursor.fetchall()
        }
