"""The SQL behind a month: few statements, each over an index, whatever the number of stations.

Everything is counted from the rows of the register, for a county as for a station; void entries
never count. Times of day are local.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from stations.models import Station

from ..models import MonthlyReport, RegisterEntry
from ..periods import months_from, next_month
from ..rules.sentiment import (
    MOST_OF_ONE_KIND,
    NAME_SIGNS,
    NAME_SIGNS_AS,
    OPPONENT_DAYS,
    TOPICS,
    Crowd,
    Flagged,
    Named,
    Repeated,
    Spoken,
    Thresholds,
)

# Month by channel and matter, from January of last year: the trend, means, cumulated figures.
_HISTORY = """
SELECT date_trunc('month', occurred_on::timestamp)::date, channel, matter_id,
       count(*), sum(persons)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on >= %(january)s AND occurred_on < %(end)s
GROUP BY 1, 2, 3
"""

# What the month, the month before and the same month of last year are compared by.
_COMPARED = """
SELECT date_trunc('month', occurred_on::timestamp)::date, disposal, is_hotline, {place},
       grouping(disposal, is_hotline, {place}), count(*)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND (occurred_on >= %(before)s AND occurred_on < %(month)s
       OR occurred_on >= %(year_before)s AND occurred_on < %(year_before_end)s)
GROUP BY 1, GROUPING SETS ((disposal), (is_hotline), ({place}))
"""

# Every other table of the month in one pass.
_MONTH = """
SELECT grouping(hour, disposal, satisfaction, sensitive, place, station_id, occurred_on,
                is_hotline, channel, matter_id),
       hour, disposal, satisfaction, sensitive, place, station_id, occurred_on, is_hotline,
       channel, matter_id,
       count(*), sum(persons), max(persons),
       count(*) FILTER (WHERE late), count(*) FILTER (WHERE repeated),
       count(*) FILTER (WHERE returned), count(seconds_to_record), sum(seconds_to_record)
FROM (
    SELECT extract(hour FROM occurred_at AT TIME ZONE %(zone)s)::int AS hour,
           disposal, satisfaction, sensitive, {place} AS place, station_id, occurred_on,
           is_hotline, channel, matter_id, persons, working_days_late > %(on_time)s AS late, matter_visit_no > 1 AS repeated,
           visit_no > 1 AS returned, seconds_to_record
    FROM casework_registerentry
    WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
      AND occurred_on >= %(month)s AND occurred_on < %(end)s
) AS counted
GROUP BY GROUPING SETS ((), (hour), (disposal), (satisfaction), (sensitive), (place),
                        (station_id, occurred_on), (is_hotline), (channel),
                        (matter_id))
"""

_GROUPS = """
SELECT people_group, channel, count(*)
FROM casework_registerentry, unnest(people_groups) AS people_group
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on >= %(month)s AND occurred_on < %(end)s
GROUP BY people_group, channel
"""

# Signals: people who came together.
_TOGETHER = """
SELECT matter_id, CASE WHEN min(opponent) = max(opponent) THEN min(opponent) ELSE '' END,
       max(persons), count(*), min(occurred_on)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on >= %(month)s AND occurred_on < %(end)s AND persons >= %(least_persons)s
GROUP BY matter_id
"""

# Signals: people who came one after another against one opponent (with a matter), and the
# busiest 30 days of each opponent that end in the month (without one). One look at the names.
_OPPONENTS = """
WITH named AS MATERIALIZED (
    SELECT translate(lower(opponent), %(signs)s, %(signs_as)s) COLLATE "C" AS opponent_key,
           matter_id, occurred_on, min(opponent COLLATE "C") AS opponent, count(*) AS entries,
           coalesce(sum(persons) FILTER (WHERE matter_visit_no = 1), 0) AS people
    FROM casework_registerentry
    WHERE voided_at IS NULL AND station_id = ANY(%(stations)s) AND opponent <> ''
      AND occurred_on > %(opponents_from)s AND occurred_on < %(end)s
    GROUP BY 1, 2, 3
), gathered AS (
    SELECT matter_id, min(opponent) AS opponent, sum(entries)::int AS entries,
           sum(people)::int AS people, min(occurred_on) AS day
    FROM named
    WHERE occurred_on >= %(month)s
    GROUP BY opponent_key, matter_id
    HAVING sum(entries) > 1 AND sum(people) >= %(least_persons)s
    ORDER BY people DESC, entries DESC, opponent
    LIMIT %(most)s
), windows AS (
    SELECT opponent_key, occurred_on,
           min(opponent) OVER (PARTITION BY opponent_key) AS opponent,
           sum(entries) OVER (
               PARTITION BY opponent_key ORDER BY occurred_on
               RANGE BETWEEN %(reach)s PRECEDING AND CURRENT ROW
           )::int AS entries
    FROM named
), busiest AS (
    SELECT DISTINCT ON (opponent_key) opponent, entries, occurred_on AS day
    FROM windows
    WHERE occurred_on >= %(month)s AND entries >= %(mentions)s
    ORDER BY opponent_key, entries DESC, occurred_on DESC
)
SELECT matter_id, opponent, entries, people, day FROM gathered
UNION ALL
(SELECT NULL, opponent, entries, NULL, day FROM busiest
 ORDER BY entries DESC, opponent LIMIT %(most)s)
"""

_MARKED = """
SELECT matter_id, sensitive, count(*), sum(persons), min(occurred_on)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on >= %(month)s AND occurred_on < %(end)s AND sensitive <> 'none'
GROUP BY matter_id, sensitive
"""

_REPEATED = """
SELECT matter_id, count(*), max(matter_visit_no)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on >= %(month)s AND occurred_on < %(end)s
  AND matter_visit_no >= %(watch_repeat_visits)s
GROUP BY matter_id
"""

_SPOKEN = """
SELECT word, count(*)
FROM casework_registerentry
JOIN unnest(%(words)s::text[]) AS word ON word = ANY(search_terms)
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on >= %(month)s AND occurred_on < %(end)s
  AND search_terms && %(words)s::text[]
GROUP BY word
"""

# Entries of the month ever corrected; entries of earlier months corrected in this one.
_CORRECTED = """
SELECT count(DISTINCT entry.id) FILTER (WHERE entry.occurred_on >= %(month)s),
       count(DISTINCT entry.id) FILTER (
           WHERE entry.occurred_on < %(month)s
             AND correction.corrected_at >= %(month_begins)s
             AND correction.corrected_at < %(month_ends)s
       )
FROM casework_correction AS correction
JOIN casework_registerentry AS entry ON entry.id = correction.entry_id
WHERE entry.voided_at IS NULL AND entry.station_id = ANY(%(stations)s)
  AND entry.occurred_on < %(end)s
  AND (entry.occurred_on >= %(month)s OR correction.corrected_at >= %(month_begins)s)
"""

# Rows of issued months that were typed, declared void or corrected since the last issue.
_AMENDED = """
SELECT month, count(*) FILTER (WHERE kind = 'added'), count(*) FILTER (WHERE kind = 'corrected'),
       count(*) FILTER (WHERE kind = 'voided')
FROM (
    SELECT date_trunc('month', entry.occurred_on::timestamp)::date AS month, 'added' AS kind,
           entry.id
    FROM casework_registerentry AS entry
    WHERE entry.working_days_late > 0 AND entry.recorded_at > %(since)s
      AND entry.voided_at IS NULL
      AND entry.station_id = ANY(%(stations)s) AND entry.occurred_on < %(month)s
    UNION
    SELECT date_trunc('month', entry.occurred_on::timestamp)::date, 'voided', entry.id
    FROM casework_registerentry AS entry
    WHERE entry.voided_at > %(since)s AND entry.recorded_at <= %(since)s
      AND entry.station_id = ANY(%(stations)s) AND entry.occurred_on < %(month)s
    UNION
    SELECT date_trunc('month', entry.occurred_on::timestamp)::date, 'corrected', entry.id
    FROM casework_correction AS correction
    JOIN casework_registerentry AS entry ON entry.id = correction.entry_id
    WHERE correction.corrected_at > %(since)s AND entry.recorded_at <= %(since)s
      AND entry.voided_at IS NULL
      AND entry.station_id = ANY(%(stations)s) AND entry.occurred_on < %(month)s
) AS changed
WHERE month = ANY(%(issued)s)
GROUP BY month
ORDER BY month
"""

_STATED = """
SELECT station_id, day FROM casework_novisitday
WHERE station_id = ANY(%(stations)s) AND day >= %(month)s AND day < %(end)s
"""


@dataclass(frozen=True)
class Tally:
    """What one group of the month's rows adds up to."""

    entries: int = 0
    persons: int = 0
    largest: int = 0
    late: int = 0
    repeats: int = 0
    returning: int = 0
    timed: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class Counts:
    """The answers of the database for one place and month, keyed by what they are grouped by."""

    # (month, channel, matter id) → (entries, persons)
    history: dict
    # (month, dimension, value) → entries; dimensions disposal, hotline, place.
    compared: dict
    # dimension → {value: Tally}; dimensions all, hour, disposal, satisfaction, sensitive, place,
    # day (station id, date), hotline, channel, matter.
    month: dict
    # (people group, channel) → entries
    groups: dict
    corrected: int
    corrected_earlier: int
    # [(month, added, corrected, voided)]
    amended: list
    # {(station id, day)} on which somebody stated that nobody came.
    stated: set


def _ask(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def bounds(station_ids, month):
    """Return the values every statement is bound by."""
    end = next_month(month)
    year_before = months_from(month, -12)
    return {
        "stations": list(station_ids),
        "january": date(month.year - 1, 1, 1),
        "month": month,
        "end": end,
        "before": months_from(month, -1),
        "year_before": year_before,
        "year_before_end": next_month(year_before),
        "month_begins": _midnight(month),
        "month_ends": _midnight(end),
        "zone": settings.TIME_ZONE,
    }


# The bits of grouping() in _MONTH: a set bit means the column was summed over.
_DIMENSIONS = [
    "hour",
    "disposal",
    "satisfaction",
    "sensitive",
    "place",
    "station",
    "day",
    "hotline",
    "channel",
    "matter",
]


def has_entries_before(stations, day):
    """Whether any of the stations has an entry before a day."""
    return (
        RegisterEntry.objects.counted()
        .filter(station__in=stations, occurred_on__lt=day)
        .exists()
    )


def count(place, station_ids, month, *, on_time):
    """Count a month of some stations, by village for a station and by station for a county.

    `on_time` is the number of working days within which an entry is typed in time.
    """
    values = bounds(station_ids, month) | {"on_time": on_time}
    column = "village_id" if isinstance(place, Station) else "station_id"
    compared = {}
    for first, disposal, hotline, where, summed, entries in _ask(
        _COMPARED.format(place=column), values
    ):
        key = {
            0b011: ("disposal", disposal),
            0b101: ("hotline", hotline),
            0b110: ("place", where),
        }[summed]
        compared[first, *key] = entries
    corrected, corrected_earlier = _ask(_CORRECTED, values)[0]
    return Counts(
        history={row[:3]: row[3:] for row in _ask(_HISTORY, values)},
        compared=compared,
        month=_month(values, column),
        groups={row[:2]: row[2] for row in _ask(_GROUPS, values)},
        corrected=corrected,
        corrected_earlier=corrected_earlier,
        amended=_amended(place, values),
        stated=set(_ask(_STATED, values)),
    )


def _month(values, column):
    tallies = {name: {} for name in ("all", *_DIMENSIONS)}
    most = len(_DIMENSIONS)
    for summed, *row in _ask(_MONTH.format(place=column), values):
        tally = Tally(*(number or 0 for number in row[most:]))
        match [n for n in range(most) if not summed >> (most - 1 - n) & 1]:
            case []:
                tallies["all"][None] = tally
            case [n]:
                tallies[_DIMENSIONS[n]][row[n]] = tally
            case [station, day]:
                tallies["day"][row[station], row[day]] = tally
    return tallies


def _amended(place, values):
    station = place if isinstance(place, Station) else None
    reports = list(
        MonthlyReport.objects.filter(
            county=station.county_id if station else place.pk,
            station=station,
            month__lt=values["month"],
        )
        .exclude(first_sent_at=None)
        .values_list("month", "first_sent_at")
    )
    if not reports:
        return []
    return _ask(
        _AMENDED,
        values
        | {
            "since": max(sent_at for _month, sent_at in reports),
            "issued": [month for month, _sent_at in reports],
        },
    )


def facts(station_ids, month, thresholds: Thresholds, matters):
    """Return the facts of a month that may be signals. `matters` maps ids to Matter rows."""
    words = {word: topic for topic, spoken in TOPICS.items() for word in spoken}
    values = bounds(station_ids, month) | {
        "signs": NAME_SIGNS,
        "signs_as": NAME_SIGNS_AS,
        "least_persons": thresholds.least_persons,
        # Some of these belong to a crowd and are not said twice, or are below their own level.
        "most": 4 * MOST_OF_ONE_KIND,
        "mentions": thresholds.opponent_mentions,
        "reach": timedelta(days=OPPONENT_DAYS - 1),
        "opponents_from": month - timedelta(days=OPPONENT_DAYS),
        "watch_repeat_visits": thresholds.watch_repeat_visits,
        "words": list(words),
    }

    def named(matter_id):
        return matters[matter_id].code, matters[matter_id].name

    for matter, opponent, persons, entries, first_on in _ask(_TOGETHER, values):
        yield Crowd(*named(matter), opponent, True, persons, entries, first_on)
    for matter, opponent, entries, persons, day in _ask(_OPPONENTS, values):
        if matter:
            yield Crowd(*named(matter), opponent, False, persons, entries, day)
        else:
            yield Named(opponent, entries, day)
    for matter, sensitive, entries, persons, first_on in _ask(_MARKED, values):
        yield Flagged(sensitive, *named(matter), entries, persons, first_on)
    for word, entries in _ask(_SPOKEN, values):
        yield Spoken(words[word], word, entries)
    for matter, entries, most in _ask(_REPEATED, values):
        yield Repeated(*named(matter), entries, most)
