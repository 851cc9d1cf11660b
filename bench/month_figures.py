"""What a county's month costs, against one hand-written SQL statement for the same figures.

    python -m bench.month_figures OUT.json [--county 990101] [--month 2026-10] [--rounds 9]
                                           (on a database made by bench.make_applications)

Both answer from the same database, in turn, so that the machine's mood falls on both. The ratio
of the medians may be 1.5 at most. The statement gives the bare numbers, applications among them,
which must be the same before anything is timed; `monthly_analysis` gives the record with shares,
growth, signals and the filters that open each number's rows.
"""

import argparse
import os
from collections import Counter
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from django.db import connection  # noqa: E402

from bench.measuring import Measured, in_turn, save  # noqa: E402
from casework.analysis import monthly_analysis  # noqa: E402
from casework.analysis.cases import midnight  # noqa: E402
from casework.models import RegisterEntry  # noqa: E402
from casework.periods import months_from, next_month, parse_month  # noqa: E402
from casework.rules.sentiment import NAME_SIGNS, NAME_SIGNS_AS, TOPICS  # noqa: E402
from stations.models import County  # noqa: E402

MOST_RATIO = 1.5
STATEMENT = """
WITH these AS MATERIALIZED (
    SELECT entry.id, entry.station_id, channel, matter_id, occurred_on, persons, is_hotline,
           disposal, satisfaction, sensitive, people_groups, working_days_late, matter_visit_no,
           visit_no, seconds_to_record, opponent,
           extract(hour FROM occurred_at AT TIME ZONE 'Asia/Shanghai') AS hour
    FROM casework_registerentry AS entry
    JOIN stations_station AS station ON station.id = entry.station_id
    WHERE station.county_id = %(county)s AND voided_at IS NULL
      AND occurred_on >= %(month)s AND occurred_on < %(end)s
), earlier AS MATERIALIZED (
    SELECT occurred_on < %(month)s AND occurred_on >= %(before)s AS is_last_month, is_hotline,
           disposal, entry.station_id
    FROM casework_registerentry AS entry
    JOIN stations_station AS station ON station.id = entry.station_id
    WHERE station.county_id = %(county)s AND voided_at IS NULL
      AND (occurred_on >= %(before)s AND occurred_on < %(month)s
           OR occurred_on >= %(year_before)s AND occurred_on < %(year_before_end)s)
), mentions AS (
    SELECT translate(lower(opponent), %(signs)s, %(signs_as)s) AS who, occurred_on,
           count(*) AS entries
    FROM casework_registerentry AS entry
    JOIN stations_station AS station ON station.id = entry.station_id
    WHERE station.county_id = %(county)s AND voided_at IS NULL AND opponent <> ''
      AND occurred_on > %(month)s::date - 30 AND occurred_on < %(end)s
    GROUP BY 1, 2
)
SELECT
 (SELECT json_agg(t) FROM (
    SELECT date_trunc('month', occurred_on::timestamp)::date AS month, channel, matter_id,
           count(*) AS entries, sum(persons) AS persons
    FROM casework_registerentry AS entry
    JOIN stations_station AS station ON station.id = entry.station_id
    WHERE station.county_id = %(county)s AND voided_at IS NULL
      AND occurred_on >= %(january)s AND occurred_on < %(end)s
    GROUP BY 1, 2, 3) AS t) AS history,
 (SELECT json_agg(t) FROM (
    SELECT is_last_month, is_hotline, disposal, station_id, count(*) FROM earlier
    GROUP BY GROUPING SETS ((is_last_month, is_hotline), (is_last_month, disposal),
                            (is_last_month, station_id))) AS t) AS compared,
 (SELECT json_agg(t) FROM (
    SELECT hour, disposal, satisfaction, sensitive, station_id, occurred_on, is_hotline,
           channel, matter_id, count(*) AS entries, sum(persons) AS persons,
           max(persons) AS largest, count(*) FILTER (WHERE working_days_late > 1) AS late,
           count(*) FILTER (WHERE matter_visit_no > 1) AS repeats,
           count(*) FILTER (WHERE visit_no > 1) AS returning,
           count(seconds_to_record) AS timed, sum(seconds_to_record) AS seconds
    FROM these
    GROUP BY GROUPING SETS ((), (hour), (disposal), (satisfaction), (sensitive), (station_id),
        (station_id, occurred_on), (is_hotline), (channel), (matter_id))) AS t) AS month,
 (SELECT json_agg(t) FROM (
    SELECT people_group, channel, count(*)
    FROM these, unnest(people_groups) AS people_group GROUP BY 1, 2) AS t) AS groups,
 (SELECT json_agg(t) FROM (
    SELECT matter_id, max(persons), count(*), min(occurred_on) FROM these
    WHERE persons >= 5 GROUP BY 1) AS t) AS together,
 (SELECT json_agg(t) FROM (
    SELECT matter_id, translate(lower(opponent), %(signs)s, %(signs_as)s),
           sum(persons) FILTER (WHERE matter_visit_no = 1), count(*)
    FROM these WHERE opponent <> '' GROUP BY 1, 2
    HAVING count(*) > 1 AND sum(persons) FILTER (WHERE matter_visit_no = 1) >= 5
    ORDER BY 3 DESC LIMIT 40) AS t) AS gathering,
 (SELECT json_agg(t) FROM (
    SELECT who, max(entries) FROM (
        SELECT who, occurred_on, sum(entries) OVER (
            PARTITION BY who ORDER BY occurred_on
            RANGE BETWEEN INTERVAL '29 days' PRECEDING AND CURRENT ROW) AS entries
        FROM mentions) AS windows
    WHERE occurred_on >= %(month)s AND entries >= 3
    GROUP BY 1 ORDER BY 2 DESC LIMIT 40) AS t) AS opponents,
 (SELECT json_agg(t) FROM (
    SELECT matter_id, sensitive, count(*), sum(persons), min(occurred_on)
    FROM these WHERE sensitive <> 'none' GROUP BY 1, 2) AS t) AS flagged,
 (SELECT json_agg(t) FROM (
    SELECT matter_id, count(*), max(matter_visit_no) FROM these WHERE matter_visit_no >= 3
    GROUP BY 1) AS t) AS repeated,
 (SELECT json_agg(t) FROM (
    SELECT word, count(*)
    FROM casework_registerentry AS entry
    JOIN stations_station AS station ON station.id = entry.station_id
    JOIN unnest(%(words)s::text[]) AS word ON word = ANY(search_terms)
    WHERE station.county_id = %(county)s AND voided_at IS NULL
      AND occurred_on >= %(month)s AND occurred_on < %(end)s
      AND search_terms && %(words)s::text[]
    GROUP BY 1) AS t) AS spoken,
 (SELECT count(DISTINCT correction.entry_id)
    FROM casework_correction AS correction JOIN these ON these.id = correction.entry_id
 ) AS corrected,
 (SELECT count(DISTINCT correction.entry_id)
    FROM casework_correction AS correction
    JOIN casework_registerentry AS entry ON entry.id = correction.entry_id
    JOIN stations_station AS station ON station.id = entry.station_id
    WHERE station.county_id = %(county)s AND voided_at IS NULL AND occurred_on < %(month)s
      AND corrected_at >= %(month)s AND corrected_at < %(end)s) AS corrected_earlier,
 (SELECT json_agg(t) FROM (
    SELECT 'received' AS step, date_trunc('month', received_at AT TIME ZONE 'Asia/Shanghai')::date AS month, count(*) AS n
    FROM casework_application
    WHERE county_id = %(county)s AND received_at >= %(before_begins)s AND received_at < %(ends)s
    GROUP BY 2
    UNION ALL
    SELECT CASE WHEN kind = 'refuse' THEN 'refused' ELSE 'granted' END,
           date_trunc('month', made_at AT TIME ZONE 'Asia/Shanghai')::date,
           count(DISTINCT application_id)
    FROM casework_decision AS decision
    JOIN casework_application AS application ON application.id = decision.application_id
    WHERE county_id = %(county)s AND state = 'made'
      AND kind IN ('grant', 'provide_first', 'refuse')
      AND made_at >= %(before_begins)s AND made_at < %(ends)s
    GROUP BY 1, 2
    UNION ALL
    SELECT 'closed', date_trunc('month', closed_on::timestamp)::date,
           count(DISTINCT application_id)
    FROM casework_closing AS closing
    JOIN casework_application AS application ON application.id = closing.application_id
    WHERE county_id = %(county)s AND closed_on >= %(before)s AND closed_on < %(end)s
    GROUP BY 2) AS t) AS cases,
 (SELECT json_agg(t) FROM (
    SELECT station_id, day FROM casework_novisitday AS stated
    JOIN stations_station AS station ON station.id = stated.station_id
    WHERE station.county_id = %(county)s AND day >= %(month)s AND day < %(end)s) AS t) AS stated
"""


def values(county, month):
    year_before = months_from(month, -12)
    return {
        "county": county.pk,
        "month": month,
        "end": next_month(month),
        "before": months_from(month, -1),
        "before_begins": midnight(months_from(month, -1)),
        "ends": midnight(next_month(month)),
        "january": month.replace(year=month.year - 1, month=1),
        "year_before": year_before,
        "year_before_end": next_month(year_before),
        "signs": NAME_SIGNS,
        "signs_as": NAME_SIGNS_AS,
        "words": [word for spoken in TOPICS.values() for word in spoken],
    }


def run_statement(bound):
    """Return {what: rows as dictionaries}."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, bound)
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


WHOLE = ("hour", "disposal", "station_id", "occurred_on", "is_hotline", "channel", "matter_id")


def compare(analysis, rows):
    """Raise ValueError where the statement and the record differ."""
    whole = next(
        row for row in rows["month"] if not any(row[name] is not None for name in WHOLE)
    )
    history, stations = Counter(), Counter()
    for row in rows["history"]:
        history[row["month"]] += row["entries"]
    for row in rows["month"]:
        if row["station_id"] and row["occurred_on"] is None:
            stations[row["station_id"]] += row["entries"]
    cases = {(row["step"], row["month"]): row["n"] for row in rows["cases"] or ()}
    month, before = analysis.month.isoformat(), months_from(analysis.month, -1).isoformat()
    pairs = {
        "persons": (analysis.totals.persons.value, whole["persons"]),
        "largest": (analysis.totals.largest.value, whole["largest"]),
        "late": (analysis.quality.late.value, whole["late"]),
        "repeats": (analysis.repeats.value, whole["repeats"]),
        "returning": (analysis.returning.value, whole["returning"]),
        "corrected": (analysis.quality.corrected.value, rows["corrected"]),
        "corrected earlier": (
            analysis.quality.corrected_earlier.value,
            rows["corrected_earlier"],
        ),
    }
    for line in analysis.trend:
        pairs[f"{line.month}"] = line.entries.value, history[line.month.isoformat()]
    for line in analysis.places:
        pairs[line.label] = line.count.value, stations[line.count.filters["station"]]
    for line in analysis.cases:
        pairs[line.step] = line.count, cases.get((line.step, month), 0)
        pairs[f"{line.step} before"] = line.before, cases.get((line.step, before), 0)
    if wrong := {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}:
        raise ValueError(f"the record and the statement differ: {wrong}")
    return len(pairs)


def measure(*, county_code, month, rounds):
    county = County.objects.select_related("division").get(division__code=county_code)
    bound = values(county, month)
    analysis = monthly_analysis(county, month)
    compared = compare(analysis, run_statement(bound))
    ours, by_hand = in_turn(
        lambda: monthly_analysis(county, month), lambda: run_statement(bound), rounds=rounds
    )
    return Measured(
        f"{len(analysis.figures()):,} figures of the county's month, {compared} compared",
        rows=f"{analysis.totals.entries.value:,} of {RegisterEntry.objects.count():,}",
        ours=ours,
        other=by_hand,
        unit="ms",
        limit=MOST_RATIO,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--county", default="990101")
    parser.add_argument("--month", type=parse_month, default="2026-10")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    measured = measure(county_code=asked.county, month=asked.month, rounds=asked.rounds)
    print(f"  {measured}")
    save(asked.out, [measured])


if __name__ == "__main__":
    main()
