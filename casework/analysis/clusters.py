"""Clusters of the last 30 days in the register and the applications of a county, across stations.

The rules that judge them are `casework.rules.sentiment`; here is the SQL that gathers the rows, one
statement a rule, each over an index of the register. Void entries never count. An application
whose entry is counted already is not counted a second time. Over 607,618 entries, 25,658 of them
in the 30 days, all five statements took a quarter of a second together.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from stations.models import Division, Station

from ..models import Application, Matter, RegisterEntry
from ..rules.sentiment import (
    NAME_SIGNS,
    NAME_SIGNS_AS,
    OPPONENT_DAYS,
    TOPICS,
    Crowd,
    Flagged,
    Named,
    Placed,
    Signal,
    Spoken,
    is_graver,
    is_half_named,
    signal_of,
    topic_label,
)
from ..terms import SignRule
from .monthly import thresholds_of

# Matters that are about land even when no word says so.
LAND_MATTERS = ("civil.land_forest", "civil.homestead")

_OPPONENTS = """
WITH named AS (
    SELECT translate(lower(opponent), %(signs)s, %(signs_as)s) COLLATE "C" AS key,
           opponent COLLATE "C" AS name, id AS entry_id, NULL::bigint AS application_id,
           matter_id, occurred_on AS day,
           CASE WHEN matter_visit_no = 1 THEN persons ELSE 0 END AS people
    FROM casework_registerentry
    WHERE voided_at IS NULL AND station_id = ANY(%(stations)s) AND opponent <> ''
      AND occurred_on BETWEEN %(since)s AND %(until)s
    UNION ALL
    SELECT party.name_key COLLATE "C", party.name COLLATE "C", NULL, application.id,
           application.matter_id, (application.received_at AT TIME ZONE %(zone)s)::date,
           1 + (SELECT count(*) FROM casework_party AS beside
                WHERE beside.application_id = application.id
                  AND beside.side = 'co_applicant')
    FROM casework_application AS application
    JOIN casework_party AS party ON party.application_id = application.id
    WHERE party.side = 'opponent' AND application.station_id = ANY(%(stations)s)
      AND application.received_at >= %(begins)s AND application.received_at < %(ends)s
      AND NOT EXISTS (
          SELECT 1 FROM casework_registerentry AS entry
          WHERE entry.id = application.entry_id AND entry.opponent <> ''
            AND entry.voided_at IS NULL AND entry.occurred_on >= %(since)s
      )
)
SELECT key, min(name), mode() WITHIN GROUP (ORDER BY matter_id), sum(people)::int,
       array_agg(DISTINCT entry_id) FILTER (WHERE entry_id IS NOT NULL),
       array_agg(DISTINCT application_id) FILTER (WHERE application_id IS NOT NULL),
       min(day), max(day)
FROM named
WHERE key <> ''
GROUP BY key
HAVING count(*) >= %(mentions)s OR count(*) > 1 AND sum(people) >= %(least_persons)s
ORDER BY 4 DESC, 1
"""

_VILLAGES = """
WITH spoken AS (
    SELECT id AS entry_id, NULL::bigint AS application_id, village_id, matter_id,
           occurred_on AS day,
           CASE WHEN matter_visit_no = 1 THEN persons ELSE 0 END AS people
    FROM casework_registerentry
    WHERE voided_at IS NULL AND station_id = ANY(%(stations)s) AND village_id IS NOT NULL
      AND occurred_on BETWEEN %(since)s AND %(until)s
      AND matter_id = ANY(%(land_matters)s)
    UNION
    SELECT id, NULL, village_id, matter_id, occurred_on,
           CASE WHEN matter_visit_no = 1 THEN persons ELSE 0 END
    FROM casework_registerentry
    WHERE voided_at IS NULL AND station_id = ANY(%(stations)s) AND village_id IS NOT NULL
      AND occurred_on BETWEEN %(since)s AND %(until)s
      AND search_terms && %(land_words)s::text[]
    UNION
    SELECT NULL, application.id, application.village_id, application.matter_id,
           (application.received_at AT TIME ZONE %(zone)s)::date, 1
    FROM casework_application AS application
    WHERE application.station_id = ANY(%(stations)s) AND application.village_id IS NOT NULL
      AND application.received_at >= %(begins)s AND application.received_at < %(ends)s
      AND application.matter_id = ANY(%(land_matters)s)
      AND NOT EXISTS (
          SELECT 1 FROM casework_registerentry AS entry
          WHERE entry.id = application.entry_id
            AND entry.voided_at IS NULL AND entry.occurred_on >= %(since)s
      )
)
SELECT village_id, mode() WITHIN GROUP (ORDER BY matter_id), sum(people)::int,
       array_agg(entry_id) FILTER (WHERE entry_id IS NOT NULL),
       array_agg(application_id) FILTER (WHERE application_id IS NOT NULL),
       min(day), max(day)
FROM spoken
GROUP BY village_id
HAVING count(*) >= %(topic_entries)s
ORDER BY 3 DESC, 1
"""

_TOPICS = """
SELECT word, id, occurred_on, CASE WHEN matter_visit_no = 1 THEN persons ELSE 0 END
FROM casework_registerentry
JOIN unnest(%(words)s::text[]) AS word ON word = ANY(search_terms)
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on BETWEEN %(since)s AND %(until)s
  AND search_terms && %(words)s::text[]
ORDER BY id
"""

_TOGETHER = """
SELECT matter_id, CASE WHEN min(opponent) = max(opponent) THEN min(opponent) ELSE '' END,
       max(persons), array_agg(id), min(occurred_on), max(occurred_on)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on BETWEEN %(since)s AND %(until)s AND persons >= %(least_persons)s
GROUP BY matter_id
ORDER BY 3 DESC, 1
"""

_MARKED = """
SELECT matter_id, sensitive, sum(persons)::int, array_agg(id), min(occurred_on),
       max(occurred_on)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on BETWEEN %(since)s AND %(until)s AND sensitive <> 'none'
GROUP BY matter_id, sensitive
ORDER BY 3 DESC, 1, 2
"""


@dataclass(frozen=True)
class Cluster:
    """What one rule found: what its rows have in common, what it amounts to, the rows."""

    rule: SignRule
    key: str
    name: str
    signal: Signal
    first_on: date
    last_on: date
    persons: int
    entry_ids: tuple[int, ...]
    application_ids: tuple[int, ...] = ()

    def is_within(self, other):
        """Whether another cluster holds all rows of this one."""
        return set(self.entry_ids) <= set(other.entry_ids) and set(self.application_ids) <= set(
            other.application_ids
        )


def clusters(county, today) -> list[Cluster]:
    """Return the clusters of the 30 days that end today; each set of rows once.

    The rules are asked in the order in which they say most: what an opponent's sign holds is not
    said again by its topic, unless it is graver there.
    """
    search = _Search(county, today)
    kept = []
    for cluster in (
        *search.opponents(),
        *search.villages(),
        *search.topics(),
        *search.marked(),
        *search.together(),
    ):
        if not any(
            cluster.is_within(other) and not is_graver(cluster.signal.level, other.signal.level)
            for other in kept
        ):
            kept.append(cluster)
    return kept


def hashes(found: list[Cluster]) -> list[str]:
    """Return the SHA-256 of each cluster's row ids and versions, in two queries for all."""
    entries = {pk for cluster in found for pk in cluster.entry_ids}
    versions = dict(RegisterEntry.objects.filter(pk__in=entries).values_list("pk", "version"))
    return [
        hashlib.sha256(
            "\n".join(
                [f"entry:{pk}:{versions.get(pk)}" for pk in cluster.entry_ids]
                + [f"application:{pk}" for pk in cluster.application_ids]
            ).encode()
        ).hexdigest()
        for cluster in found
    ]


def rows_of(sign):
    """Return the (entries, applications) of a sign as querysets, the newest first."""
    return (
        RegisterEntry.objects.filter(pk__in=sign.entry_ids).for_list(),
        Application.objects.filter(pk__in=sign.application_ids).for_list(),
    )


def _ids(ids):
    return tuple(sorted(ids or ()))


class _Search:
    """The values every statement is bound by; lives as long as one call of `clusters`."""

    def __init__(self, county, today):
        self.thresholds = thresholds_of(county)
        self.matters = {matter.pk: matter for matter in Matter.objects.for_county(county)}
        since = today - timedelta(days=OPPONENT_DAYS - 1)
        self.words = {word: topic for topic, words in TOPICS.items() for word in words}
        self.values = {
            "stations": list(
                Station.objects.filter(county=county).values_list("pk", flat=True)
            ),
            "since": since,
            "until": today,
            "begins": timezone.make_aware(datetime.combine(since, time.min)),
            "ends": timezone.make_aware(datetime.combine(today + timedelta(days=1), time.min)),
            "zone": settings.TIME_ZONE,
            "signs": NAME_SIGNS,
            "signs_as": NAME_SIGNS_AS,
            "mentions": self.thresholds.opponent_mentions,
            "least_persons": self.thresholds.least_persons,
            "topic_entries": self.thresholds.watch_topic_entries,
            "words": list(self.words),
            "land_words": list(TOPICS["land"]),
            "land_matters": [
                matter.pk for matter in self.matters.values() if matter.code in LAND_MATTERS
            ],
        }

    def _ask(self, statement):
        with connection.cursor() as cursor:
            cursor.execute(statement, self.values)
            return cursor.fetchall()

    def _matter(self, pk):
        matter = self.matters.get(pk)
        return (matter.code, matter.name) if matter else ("", "")

    def opponents(self):
        """One employer, developer, lender or the like, however its name is written."""
        for key, name, matter, persons, entries, applications, first, last in self._ask(
            _OPPONENTS
        ):
            if is_half_named(name):
                continue
            entries, applications = _ids(entries), _ids(applications)
            rows = len(entries) + len(applications)
            crowd = Crowd(*self._matter(matter), name, False, persons, rows, first)
            signal = signal_of(crowd, self.thresholds) or signal_of(
                Named(name, rows, last), self.thresholds
            )
            if signal:
                yield Cluster(
                    SignRule.OPPONENT,
                    key,
                    name,
                    signal,
                    first,
                    last,
                    persons,
                    entries,
                    applications,
                )

    def villages(self):
        """The land of one village: by the matter, or by a word."""
        rows = self._ask(_VILLAGES)
        names = dict(
            Division.objects.filter(pk__in=[row[0] for row in rows]).values_list("pk", "name")
        )
        for village, _matter, persons, entries, applications, first, last in rows:
            entries, applications = _ids(entries), _ids(applications)
            placed = Placed("land", names[village], len(entries) + len(applications), persons)
            if signal := signal_of(placed, self.thresholds):
                yield Cluster(
                    SignRule.VILLAGE,
                    str(village),
                    names[village],
                    signal,
                    first,
                    last,
                    persons,
                    entries,
                    applications,
                )

    def topics(self):
        """A watched topic, whatever its words; the word most used speaks for it."""
        found = {}
        for word, pk, day, people in self._ask(_TOPICS):
            found.setdefault(self.words[word], []).append((word, pk, day, people))
        for topic, rows in found.items():
            by_id = {pk: people for _word, pk, _day, people in rows}
            words = [word for word, *_rest in rows]
            spoken = Spoken(topic, max(TOPICS[topic], key=words.count), len(by_id))
            days = [day for _word, _pk, day, _people in rows]
            if signal := signal_of(spoken, self.thresholds):
                yield Cluster(
                    SignRule.TOPIC,
                    topic,
                    str(topic_label(topic)),
                    signal,
                    min(days),
                    max(days),
                    sum(by_id.values()),
                    _ids(by_id),
                )

    def together(self):
        """Groups that came together on one matter."""
        for matter, opponent, persons, entries, first, last in self._ask(_TOGETHER):
            code, name = self._matter(matter)
            crowd = Crowd(code, name, opponent, True, persons, len(entries), first)
            if signal := signal_of(crowd, self.thresholds):
                yield Cluster(
                    SignRule.GROUP, code, name, signal, first, last, persons, _ids(entries)
                )

    def marked(self):
        """What the receivers marked as sensitive."""
        for matter, sensitive, persons, entries, first, last in self._ask(_MARKED):
            code, name = self._matter(matter)
            flagged = Flagged(sensitive, code, name, len(entries), persons, first)
            if signal := signal_of(flagged, self.thresholds):
                yield Cluster(
                    SignRule.MARKED,
                    f"{sensitive}:{code}",
                    name,
                    signal,
                    first,
                    last,
                    persons,
                    _ids(entries),
                )
