"""The monthly and the quarterly return of a county against one hand-written SQL statement each.

    python -m bench.returns OUT.json [--rounds 9]     (on a database made by bench.make_applications)

Both answer from the same database, in turn. The ratio of the medians may be 1.5 at most. The
statement gives the bare numbers of every column and station, which must be the same before anything
is timed; `make_return` gives the return, whose figures open their rows.
"""

import argparse
import os
from collections import Counter
from datetime import datetime, time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.measuring import Measured, in_turn, save  # noqa: E402
from casework.analysis.return_columns import (  # noqa: E402
    CASE_GROUPS,
    CONSULTATION_GROUPS,
    LISTED_MATTERS,
    LOCAL_ITEMS,
)
from casework.analysis.returns import make_return  # noqa: E402
from casework.models import Application, Matter, RegisterEntry  # noqa: E402
from casework.periods import neighbour, period_of  # noqa: E402
from stations.models import County  # noqa: E402

MOST_RATIO = 1.5
MONTHLY = """
WITH granted AS (
    SELECT a.station_id, m.category, a.aid_kind, a.stage, m.code, a.people_groups AS said, a.sex,
           a.ethnic_group, a.check_exemption,
           extract(year FROM age((d.made_at AT TIME ZONE 'Asia/Shanghai')::date, a.birth_on)) AS age,
           1 + (SELECT count(*) FROM casework_party p
                WHERE p.application_id = a.id AND p.side = 'co_applicant') AS recipients,
           CASE WHEN m.code = '33' OR a.stage = 'retrial' THEN 'appeal'
                WHEN m.category = 'criminal' THEN 'criminal'
                WHEN a.aid_kind = 'litigation' THEN m.category ELSE 'other' END AS kind
    FROM casework_decision d
    JOIN casework_application a ON a.id = d.application_id
    JOIN casework_aidmatter m ON m.id = a.aid_matter_id
    JOIN stations_station s ON s.id = a.station_id
    WHERE s.county_id = %(county)s AND d.state = 'made' AND d.kind IN ('grant', 'provide_first')
      AND d.made_at >= %(begins)s AND d.made_at < %(ends)s
      AND NOT EXISTS (SELECT FROM casework_decision o WHERE o.application_id = d.application_id
          AND o.state = 'made' AND o.kind IN ('grant', 'provide_first') AND o.id < d.id)
), cases AS (
    SELECT station_id, count(*) AS granted, count(*) FILTER (WHERE kind = 'criminal') AS criminal,
           count(*) FILTER (WHERE kind = 'civil') AS civil,
           count(*) FILTER (WHERE kind = 'administrative') AS administrative,
           count(*) FILTER (WHERE kind = 'appeal') AS appeal,
           count(*) FILTER (WHERE kind = 'other') AS other, sum(recipients) AS recipients,
           count(*) FILTER (WHERE 'women' = ANY(said) OR sex = 'female') AS women,
           count(*) FILTER (WHERE 'disabled' = ANY(said)) AS disabled,
           count(*) FILTER (WHERE 'farmer' = ANY(said)) AS farmer,
           count(*) FILTER (WHERE 'migrant_worker' = ANY(said)
                               OR check_exemption = '42-3') AS migrant_worker,
           count(*) FILTER (WHERE 'minor' = ANY(said) OR age < 18) AS minor,
           count(*) FILTER (WHERE 'elderly' = ANY(said) OR age >= 60) AS elderly,
           count(*) FILTER (WHERE 'ethnic_minority' = ANY(said)
                               OR ethnic_group NOT IN ('', '汉', '汉族')) AS ethnic_minority,
           count(*) FILTER (WHERE 'military' = ANY(said)) AS military,
           count(*) FILTER (WHERE 'foreign' = ANY(said)) AS foreign
    FROM granted GROUP BY 1
), entries AS (
    SELECT station_id, count(*) AS consultations, sum(persons) AS persons
    FROM casework_registerentry
    WHERE voided_at IS NULL AND occurred_on >= %(first)s AND occurred_on < %(end)s GROUP BY 1
), closed AS (
    SELECT a.station_id, sum(c.recovered) AS recovered
    FROM casework_closing c JOIN casework_application a ON a.id = c.application_id
    WHERE c.closed_on >= %(first)s AND c.closed_on < %(end)s GROUP BY 1
)
SELECT s.id, entries.consultations, entries.persons, closed.recovered, cases.*
FROM stations_station s
LEFT JOIN entries ON entries.station_id = s.id
LEFT JOIN closed ON closed.station_id = s.id
LEFT JOIN cases ON cases.station_id = s.id
WHERE s.county_id = %(county)s AND s.opened_on < %(end)s
  AND (s.closed_on IS NULL OR s.closed_on > %(first)s)
ORDER BY s.code
"""
# The columns of the monthly return that hold rows, and what the statement calls them.
MONTHLY_COLUMNS = {
    "M01": "consultations", "M02": "granted", "M03": "criminal", "M07": "criminal", "M08": "civil",
    "M09": "administrative", "M10": "appeal", "M13": "other", "M14": "recovered",
    "M15": "recipients",
} | {f"M{n}": group.value for n, group in enumerate(CASE_GROUPS, 16)}  # fmt: skip
QUARTERLY = """
WITH these AS MATERIALIZED (
    SELECT entry.station_id, channel, is_hotline, matter_id, people_groups, persons
    FROM casework_registerentry AS entry
    JOIN stations_station AS station ON station.id = entry.station_id
    WHERE station.county_id = %(county)s AND voided_at IS NULL
      AND occurred_on >= %(first)s AND occurred_on < %(end)s
)
SELECT station_id, channel, is_hotline, matter_id, NULL AS people_group, count(*), sum(persons)
FROM these
GROUP BY GROUPING SETS ((station_id, channel), (station_id, channel, is_hotline),
                        (station_id, matter_id))
UNION ALL
SELECT station_id, NULL, NULL, NULL, people_group, count(*), 0
FROM these, unnest(people_groups) AS people_group GROUP BY 1, 5
"""
CHANNELS = ["call", "hotline", "visit", "letter", "online", "other"]


def values(county, period):
    begins, ends = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (period.first, period.end)
    )
    return {
        "county": county.pk,
        "first": period.first,
        "end": period.end,
        "begins": begins,
        "ends": ends,
    }


def run_statement(statement, bound):
    with connection.cursor() as cursor:
        cursor.execute(statement, bound)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def monthly_figures(found):
    """{column: figures of the stations in order} of the monthly statement."""
    return {code: [row[name] or 0 for row in found] for code, name in MONTHLY_COLUMNS.items()}


def quarterly_figures(found, stations):
    """{column: figures of the stations in order} of the quarterly statement."""
    counted = Counter()
    leaves = {
        leaf.pk: (leaf.parent.code, leaf.code, leaf.name)
        for leaf in Matter.objects.leaves().select_related("parent")
    }
    for row in found:
        place, count = row["station_id"], row["count"]
        if row["people_group"]:
            counted["group", row["people_group"], place] += count
        elif row["matter_id"]:
            parent, code, name = leaves[row["matter_id"]]
            for key in (("all", ""), ("class", parent), ("leaf", code), ("name", parent, name)):
                counted[(*key, place)] += count
        elif row["is_hotline"] is None:
            counted["channel", row["channel"], place] += count
        elif row["is_hotline"] and row["channel"] == "call":
            counted["channel", "hotline", place] += count
    keys = [("all", "")]
    keys += [("channel", channel) for channel in CHANNELS]
    keys += [("group", group.value) for group in CONSULTATION_GROUPS]
    listed = set()
    for code, own in LISTED_MATTERS.items():
        keys += [("class", code), *(("leaf", f"{code}.{leaf}") for leaf in own.split())]
        listed |= {f"{code}.{leaf}" for leaf in own.split()} | {f"{code}.other"}
    frequent = Counter()
    for parent, code, name in leaves.values():
        if code not in listed:
            frequent[parent, name] = sum(counted["name", parent, name, pk] for pk in stations)
    for code in LISTED_MATTERS:
        names = sorted(
            (-count, name)
            for (parent, name), count in frequent.items()
            if parent == code and count
        )[:LOCAL_ITEMS]
        keys += [("name", code, name) for _count, name in names]
        keys += [("none", "")] * (LOCAL_ITEMS - len(names))
    return {
        f"Q{n:02d}": [counted[(*key, pk)] for pk in stations] for n, key in enumerate(keys, 1)
    }


def measure(rounds):
    county = County.objects.select_related("division").get()
    stations = list(county.stations.order_by("code").values_list("pk", flat=True))
    rows = f"{Application.objects.count():,} applications, {RegisterEntry.objects.count():,} entries"
    for kind, statement, figures in (
        ("month", MONTHLY, monthly_figures),
        ("quarter", QUARTERLY, lambda found: quarterly_figures(found, stations)),
    ):
        period = neighbour(period_of(kind, timezone.localdate()), -1)
        bound = values(county, period)
        made, plain = make_return(period, [county]), figures(run_statement(statement, bound))
        for line in made.lines:
            expected = plain.get(line.code, [0] * len(stations))
            assert list(line.shares) == expected, f"{kind}: {line.code} differs"
        ours, by_hand = in_turn(
            lambda: make_return(period, [county]),  # noqa: B023
            lambda: run_statement(statement, bound),  # noqa: B023
            rounds=rounds,
        )
        yield Measured(
            f"{kind}ly return: {len(made.lines)} columns of {len(stations)} stations",
            rows=rows,
            ours=ours,
            other=by_hand,
            unit="ms",
            limit=MOST_RATIO,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    measured = []
    for line in measure(asked.rounds):
        measured.append(line)
        print(f"  {line}", flush=True)
    save(asked.out, measured)


if __name__ == "__main__":
    main()
