"""Count the months again, without our analysis: by pandas, and by plain SQL; compare every figure.

    python -m bench.independent_count [--county 341525] [--from 2025-11] [--to 2026-10]

For each station of the county and for the county itself, every month: totals with the month before
and the year before, trend, matters with their means and growth, channels by groups and by matters,
places, hours, disposals, repeats, late entries, days without a record. Nothing here imports the
analysis but the record to compare with; local days are worked out anew from the stored moments.
What became of applications, and the returns, are counted by `bench.independent_returns`.
"""

import argparse
import os
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

import pandas as pd  # noqa: E402
from django.db import connection  # noqa: E402
from tqdm import tqdm  # noqa: E402

from bench import independent_returns  # noqa: E402
from casework.analysis import monthly_analysis  # noqa: E402
from casework.periods import parse_month  # noqa: E402
from stations.models import County, DayOff  # noqa: E402

ZONE = "Asia/Shanghai"
CHANNELS = ["call", "visit", "letter", "online", "other"]
GROUPS = [
    "women",
    "farmer",
    "migrant_worker",
    "elderly",
    "disabled",
    "minor",
    "military",
    "ethnic_minority",
    "foreign",
    "poor",
    "other",
]
ROWS = """
SELECT e.id, e.station_id, e.channel, e.occurred_at, e.persons, e.is_hotline, e.disposal,
       e.satisfaction, e.sensitive, e.people_groups, e.working_days_late, e.matter_visit_no,
       e.visit_no, e.seconds_to_record, m.code AS matter, p.code AS class, d.code AS village,
       EXISTS (SELECT FROM casework_correction c WHERE c.entry_id = e.id) AS corrected
FROM casework_registerentry e
JOIN stations_station s ON s.id = e.station_id
JOIN casework_matter m ON m.id = e.matter_id
LEFT JOIN casework_matter p ON p.id = m.parent_id
LEFT JOIN stations_division d ON d.id = e.village_id
WHERE s.county_id = %s AND e.voided_at IS NULL
"""
# The plainest counts there are, one after another.
SQL = {
    "entries": "SELECT count(*) FROM x",
    "persons": "SELECT coalesce(sum(persons), 0) FROM x",
    "largest": "SELECT coalesce(max(persons), 0) FROM x",
    "hotline": "SELECT count(*) FROM x WHERE is_hotline",
    "repeats": "SELECT count(*) FROM x WHERE matter_visit_no > 1",
    "returning": "SELECT count(*) FROM x WHERE visit_no > 1",
    "channel": "SELECT channel, count(*) FROM x GROUP BY 1",
    "disposal": "SELECT disposal, count(*) FROM x GROUP BY 1",
    "matter": "SELECT code, count(*) FROM x JOIN casework_matter m ON m.id = matter_id GROUP BY 1",
    "group": "SELECT g, count(*) FROM x, unnest(people_groups) g GROUP BY 1",
    "hour": "SELECT extract(hour FROM local)::int::text, count(*) FROM x GROUP BY 1",
    "village": "SELECT d.code, count(*) FROM x LEFT JOIN stations_division d ON d.id = village_id"
    " GROUP BY 1",
    "station": "SELECT s.code, count(*) FROM x JOIN stations_station s ON s.id = station_id"
    " GROUP BY 1",
}
FROM_X = """
WITH x AS (
    SELECT *, occurred_at AT TIME ZONE 'Asia/Shanghai' AS local FROM casework_registerentry
    WHERE voided_at IS NULL AND station_id = ANY(%s)
      AND occurred_at >= %s::timestamp AT TIME ZONE 'Asia/Shanghai'
      AND occurred_at < (%s::timestamp + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
)
"""


def one_decimal(number):
    return Decimal(number).quantize(Decimal("0.1"), ROUND_HALF_UP)


def percent(part, whole):
    return one_decimal(Decimal(int(part)) * 100 / int(whole)) if whole else None


def read_rows(county):
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [county.pk])
        names = [column.name for column in cursor.description]
        rows = pd.DataFrame(cursor.fetchall(), columns=names)
    local = pd.to_datetime(rows["occurred_at"], utc=True).dt.tz_convert(ZONE)
    rows["month"] = local.dt.tz_localize(None).dt.to_period("M")
    rows["day"] = local.dt.date
    rows["hour"] = local.dt.hour
    return rows


def by_pandas(rows, place, month, *, late_after, stations, calendar, stated):
    """Count a month of the rows of one place; `rows` has all of its months."""
    period = pd.Period(month, "M")
    months = dict(tuple(rows.groupby("month")))
    none = rows.iloc[:0]

    def of(n):
        return months.get(period - n, none)

    now = of(0)
    counts = {}

    def compare(name, number):
        counts[name] = number(now)
        counts[f"{name} before"] = before = number(of(1))
        counts[f"{name} year before"] = number(of(12))
        counts[f"{name} growth"] = percent(counts[name] - before, before)

    compare("entries", len)
    compare("persons", lambda part: int(part["persons"].sum()))
    compare("hotline", lambda part: int(part["is_hotline"].sum()))
    for channel in CHANNELS:
        compare(f"channel {channel}", lambda part, c=channel: int((part["channel"] == c).sum()))
    for name in ("guided", "drafted", "mediation", "reported"):
        compare(name, lambda part, n=name: int((part["disposal"] == n).sum()))
    counts["largest"] = int(now["persons"].max()) if len(now) else 0
    for back in range(13):
        counts[f"trend {period - back}"] = len(of(back))
        for channel in ("call", "visit"):
            counts[f"trend {period - back} {channel}"] = int(
                (of(back)["channel"] == channel).sum()
            )
    january = month.month
    counts["cumulated"] = sum(len(of(n)) for n in range(january))
    counts["cumulated year before"] = sum(len(of(n + 12)) for n in range(january))
    for column in ("matter", "class"):
        tallies = [Counter(of(n)[column]) for n in range(4)]
        for code in {code for tally in tallies for code in tally}:
            number, earlier = tallies[0][code], sum(tally[code] for tally in tallies[1:])
            counts[f"{column} {code}"] = number
            counts[f"{column} {code} share"] = percent(number, len(now))
            counts[f"{column} {code} mean"] = one_decimal(Decimal(earlier) / 3)
            counts[f"{column} {code} growth"] = percent(3 * number - earlier, earlier)
    pairs = Counter(zip(now["matter"], now["channel"], strict=True))
    counts |= {f"matter {code} {channel}": n for (code, channel), n in pairs.items()}
    grouped = now.explode("people_groups")
    pairs = Counter(zip(grouped["people_groups"], grouped["channel"], strict=True))
    for group in GROUPS:
        counts[f"group {group}"] = sum(pairs[group, channel] for channel in CHANNELS)
        for channel in CHANNELS:
            counts[f"group {group} {channel}"] = pairs[group, channel]
    for column in ("disposal", "satisfaction", "hour"):
        counts |= {f"{column} {key}": n for key, n in Counter(now[column]).items()}
    if len(stations) == 1:
        places = Counter(now["village"].fillna(""))
        counts |= {f"place {code}": n for code, n in places.items()}
    else:
        places = Counter(now["station_id"])
        counts |= {f"place {s.code}": places[s.pk] for s in stations if places[s.pk]}
    counts["repeats"] = int((now["matter_visit_no"] > 1).sum())
    counts["returning"] = int((now["visit_no"] > 1).sum())
    counts["late"] = int((now["working_days_late"] > late_after).sum())
    counts["corrected"] = int(now["corrected"].sum())
    counts["timed"] = int(now["seconds_to_record"].notna().sum())
    recorded = set(zip(now["station_id"], now["day"], strict=True)) | stated
    blank = 0
    for day in pd.date_range(period.start_time, period.end_time.normalize()).date:
        if not calendar.is_working_day(day):
            continue
        for station in stations:
            is_open = station.opened_on <= day and not (
                station.closed_on and station.closed_on <= day
            )
            blank += is_open and (station.pk, day) not in recorded
    counts["blank days"] = blank
    return counts


def by_sql(stations, month):
    counts = {}
    bound = [[station.pk for station in stations], month, month]
    with connection.cursor() as cursor:
        for name, question in SQL.items():
            cursor.execute(FROM_X + question, bound)
            rows = cursor.fetchall()
            if name in ("village", "station"):
                if (name == "village") == (len(stations) == 1):
                    counts |= {f"place {code or ''}": n for code, n in rows}
            elif len(rows) == 1 and len(rows[0]) == 1:
                counts[name] = rows[0][0]
            else:
                counts |= {f"{name} {code}": n for code, n in rows}
    return counts


def of_analysis(analysis):
    """The same names for the record's figures; lines of zero are left out where others leave them."""
    counts = {}
    totals = analysis.totals

    def compared(name, figure):
        counts[name] = figure.value
        counts[f"{name} before"] = figure.on_month.before.value
        counts[f"{name} year before"] = figure.on_year.before.value
        counts[f"{name} growth"] = figure.on_month.percent

    for name in ("entries", "persons", "hotline", "guided", "drafted", "mediation", "reported"):
        compared(name, getattr(totals, name))
    for channel, figure in zip(CHANNELS, totals.by_channel(), strict=True):
        compared(f"channel {channel}", figure)
    counts["largest"] = totals.largest.value
    for line in analysis.trend:
        counts[f"trend {line.month:%Y-%m}"] = line.entries.value
        counts[f"trend {line.month:%Y-%m} call"] = line.calls.value
        counts[f"trend {line.month:%Y-%m} visit"] = line.visits.value
    counts["cumulated"] = totals.cumulated.now.value
    counts["cumulated year before"] = totals.cumulated.on_year.before.value
    for column, lines in (("matter", analysis.matters), ("class", analysis.classes)):
        for line in lines:
            name = f"{column} {line.key}"
            counts[name] = line.count.value
            counts[f"{name} share"] = line.share
            counts[f"{name} mean"] = line.mean
            counts[f"{name} growth"] = line.growth
            if column == "matter":
                for channel, figure in zip(CHANNELS, line.by_channel, strict=True):
                    if figure:
                        counts[f"{name} {channel}"] = figure.value
    for line in analysis.groups:
        counts[f"group {line.key}"] = line.count.value
        for channel, figure in zip(CHANNELS, line.by_channel, strict=True):
            counts[f"group {line.key} {channel}"] = figure.value
    for column, lines in (
        ("disposal", analysis.disposals),
        ("satisfaction", analysis.satisfaction),
        ("hour", analysis.hours),
        ("place", analysis.places),
    ):
        counts |= {f"{column} {line.key}": line.count.value for line in lines if line.count}
    quality = analysis.quality
    counts["repeats"], counts["returning"] = analysis.repeats.value, analysis.returning.value
    counts["late"], counts["corrected"] = quality.late.value, quality.corrected.value
    counts["timed"] = quality.timed_entries
    counts["blank days"] = quality.blank_days.value
    return counts


def differences(ours, other, *, is_whole):
    """Yield (name, ours, theirs) where they differ; a part (`is_whole` false) names fewer."""
    names = ours.keys() | other.keys() if is_whole else other.keys()
    for name in sorted(names):
        left, right = ours.get(name), other.get(name)
        if left != right and not (not left and not right):
            yield name, left, right


def compare(county, first, last):
    """Compare every figure of all places and months; return how many, and how many differ."""
    rows = read_rows(county)
    calendar = DayOff.objects.calendar(county)
    with connection.cursor() as cursor:
        cursor.execute("SELECT station_id, day FROM casework_novisitday")
        stated = set(cursor.fetchall())
    stations = list(county.stations.all())
    months = [period.start_time.date() for period in pd.period_range(first, last, freq="M")]
    compared = differ = 0
    parts = dict(tuple(rows.groupby("station_id")))
    for place in tqdm([*stations, county], desc="counting again", unit="place"):
        own = stations if place == county else [place]
        of_place = rows if place == county else parts.get(place.pk, rows.iloc[:0])
        for month in months:
            ours = of_analysis(monthly_analysis(place, month))
            again = by_pandas(
                of_place,
                place,
                month,
                late_after=county.parameter("entry_working_days"),
                stations=own,
                calendar=calendar,
                stated=stated,
            )
            plain = by_sql(own, month)
            compared += len(ours.keys() | again.keys()) + len(plain)
            for way, other, is_whole in (("pandas", again, True), ("SQL", plain, False)):
                for name, left, right in differences(ours, other, is_whole=is_whole):
                    differ += 1
                    tqdm.write(f"{place} {month:%Y-%m} {name}: {left}, {way} says {right}")
    return compared, differ


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--county", default="341525")
    parser.add_argument("--from", dest="first", type=parse_month, default="2025-11")
    parser.add_argument("--to", dest="last", type=parse_month, default="2026-10")
    asked = parser.parse_args()
    county = County.objects.select_related("division").get(division__code=asked.county)
    compared, differ = map(
        sum,
        zip(
            compare(county, asked.first, asked.last),
            independent_returns.compare(county, asked.first, asked.last),
            strict=True,
        ),
    )
    print(f"{compared:,} figures compared, {differ:,} differ")
    return differ == 0


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
