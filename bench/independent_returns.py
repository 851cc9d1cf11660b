"""Count what became of applications, and the monthly and quarterly returns, again without our code.

    python -m bench.independent_returns [--county 341525] [--from 2025-11] [--to 2026-10]

Rows are read by plain SQL and counted by pandas, for every station of the county and in all: the
applications of each month (received, granted, refused, closed), the 24 columns of each monthly return
and the 54 of each quarterly one. The definitions are written down here anew, from rules 6.3 and 6.4.
"""

import argparse
import os
from collections import Counter
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

import pandas as pd  # noqa: E402
from django.db import connection  # noqa: E402
from tqdm import tqdm  # noqa: E402

from casework.analysis import monthly_analysis  # noqa: E402
from casework.analysis.returns import make_return  # noqa: E402
from casework.periods import parse_month, period_of  # noqa: E402
from stations.models import County  # noqa: E402

ZONE = "Asia/Shanghai"
OF_APPLICATION = """
    a.id AS application, a.station_id, a.county_id, s.county_id AS intake_county, a.aid_kind,
    a.stage, a.sex, a.ethnic_group, a.check_exemption, a.birth_on, a.people_groups,
    m.code AS aid_matter, m.category
"""
JOINED = """
    JOIN stations_station s ON s.id = a.station_id
    LEFT JOIN casework_aidmatter m ON m.id = a.aid_matter_id
"""
APPLICATIONS = f"""
SELECT a.received_at AS moment, {OF_APPLICATION} FROM casework_application a {JOINED}
WHERE a.received_at IS NOT NULL
"""
DECISIONS = f"""
SELECT d.id, d.kind, d.made_at AS moment, {OF_APPLICATION},
    (SELECT count(*) FROM casework_party p
     WHERE p.application_id = a.id AND p.side = 'co_applicant') AS beside
FROM casework_decision d JOIN casework_application a ON a.id = d.application_id {JOINED}
WHERE d.state = 'made'
"""
CLOSINGS = f"""
SELECT c.closed_on, c.recovered, {OF_APPLICATION}
FROM casework_closing c JOIN casework_application a ON a.id = c.application_id {JOINED}
"""
ENTRIES = """
SELECT e.station_id, e.occurred_at AS moment, e.channel, e.is_hotline, e.people_groups, e.persons,
    m.code AS matter, m.name AS matter_name, p.code AS class
FROM casework_registerentry e
JOIN stations_station s ON s.id = e.station_id
JOIN casework_matter m ON m.id = e.matter_id
LEFT JOIN casework_matter p ON p.id = m.parent_id
WHERE s.county_id = %s AND e.voided_at IS NULL
"""
# The official order of the two returns (rules 6.3, 6.4).
CASE_GROUPS = [
    "women",
    "disabled",
    "farmer",
    "migrant_worker",
    "minor",
    "elderly",
    "ethnic_minority",
    "military",
    "foreign",
]
CASE_KINDS = [
    *("criminal", "on_notice", "on_request", "compulsory", None, "civil"),
    *("administrative", "appeal", "notarial", "forensic", "other"),
]
OF_CRIMES = {"criminal", "on_notice", "on_request", "compulsory"}
CHANNELS = ["call", "hotline", "visit", "letter", "online", "other"]
CONSULTATION_GROUPS = [
    "women",
    "disabled",
    "farmer",
    "migrant_worker",
    "military",
    "minor",
    "elderly",
    "foreign",
    "poor",
    "other",
]
LISTED = {
    "criminal": "homicide injury robbery rape drugs theft fraud bribery traffic",
    "civil": "parental_support spousal_support child_support labour_pay courage work_injury"
    " traffic medical marriage",
    "administrative": "state_compensation social_insurance subsistence pension_relief",
    "economic": "loan contract consumer",
}


def read(question, *bound):
    with connection.cursor() as cursor:
        cursor.execute(question, bound)
        names = [column.name for column in cursor.description]
        rows = pd.DataFrame(cursor.fetchall(), columns=names)
    if "moment" in rows:
        local = pd.to_datetime(rows["moment"], utc=True).dt.tz_convert(ZONE)
        rows["month"] = local.dt.tz_localize(None).dt.to_period("M")
        rows["day"] = local.dt.date
    else:
        rows["month"] = pd.to_datetime(rows["closed_on"]).dt.to_period("M")
    return rows


class Records:
    """All that is counted, read once."""

    def __init__(self, county):
        self.received = read(APPLICATIONS)
        self.decisions = read(DECISIONS)
        self.closings = read(CLOSINGS)
        self.entries = read(ENTRIES, county.pk)
        grants = self.decisions[self.decisions["kind"].isin(["grant", "provide_first"])]
        # A case counts once, when it was first granted.
        first = grants.sort_values("id").drop_duplicates("application")
        first = first[first["intake_county"] == county.pk].copy()
        first["case"] = [kind_of(row) for row in first.itertuples()]
        first["groups"] = [groups_of(row) for row in first.itertuples()]
        self.cases = first
        self.closed_here = self.closings[self.closings["intake_county"] == county.pk]


def kind_of(row):
    """Each case is of the first kind that fits."""
    for kind, codes in (
        ("on_notice", ("25-1", "25-2")),
        ("on_request", ("25-3",)),
        ("compulsory", ("28",)),
    ):
        if row.aid_matter in codes:
            return kind
    if row.aid_kind in ("notarial", "forensic"):
        return row.aid_kind
    if row.aid_matter == "33" or row.stage == "retrial":
        return "appeal"
    if row.category == "criminal":
        return "criminal"
    if row.aid_kind == "litigation" and row.category in ("civil", "administrative"):
        return row.category
    return "other"


def groups_of(row):
    """What the papers say, and what follows from them."""
    groups = set(row.people_groups)
    born, granted = row.birth_on, row.day
    if born:
        age = granted.year - born.year - ((granted.month, granted.day) < (born.month, born.day))
        groups |= ({"minor"} if age < 18 else set()) | ({"elderly"} if age >= 60 else set())
    if row.sex == "female":
        groups.add("women")
    if row.ethnic_group not in ("", "汉", "汉族"):
        groups.add("ethnic_minority")
    if row.check_exemption == "42-3":
        groups.add("migrant_worker")
    return groups


def applications_of(records, place, month, county):
    """{step: (in the month, in the month before)}; a station has what its county still has."""
    counts = {}
    decisions = records.decisions
    for step, rows in (
        ("received", records.received),
        ("granted", decisions[decisions["kind"].isin(["grant", "provide_first"])]),
        ("refused", decisions[decisions["kind"] == "refuse"]),
        ("closed", records.closings),
    ):
        own = rows[rows["county_id"] == county.pk]
        if place != county:
            own = own[(own["station_id"] == place.pk) & (own["intake_county"] == county.pk)]
        counts[step] = tuple(
            own.loc[own["month"] == month - back, "application"].nunique() for back in (0, 1)
        )
    return counts


def monthly(records, month, stations):
    """{column: {station: figure}} of a monthly return."""
    entries = records.entries[records.entries["month"] == month]
    cases = records.cases[records.cases["month"] == month]
    closed = records.closed_here[records.closed_here["month"] == month]
    by_kind = Counter(zip(cases["case"], cases["station_id"], strict=True))
    by_group = Counter(
        (group, row.station_id) for row in cases.itertuples() for group in row.groups
    )
    recovered = closed.groupby("station_id")["recovered"].sum().to_dict()
    recipients = (cases["beside"] + 1).groupby(cases["station_id"]).sum().to_dict()
    seen, granted = Counter(entries["station_id"]), Counter(cases["station_id"])
    columns = [seen, granted]
    for kind in CASE_KINDS:
        wanted = {kind} if kind else OF_CRIMES
        columns.append({pk: sum(by_kind[each, pk] for each in wanted) for pk in stations})
    columns += [recovered, recipients]
    columns += [{pk: by_group[group, pk] for pk in stations} for group in CASE_GROUPS]
    return {f"M{n:02d}": column for n, column in enumerate(columns, 1)}


def quarterly(records, first, stations):
    """{column: {station: figure}} of a quarterly return."""
    entries = records.entries
    entries = entries[entries["month"].isin([first + n for n in range(3)])]
    at = entries["station_id"]
    channels = Counter(zip(entries["channel"], at, strict=True))
    hot = entries[entries["is_hotline"] & (entries["channel"] == "call")]
    channels.update(("hotline", pk) for pk in hot["station_id"])
    grouped = entries.explode("people_groups")
    groups = Counter(zip(grouped["people_groups"], grouped["station_id"], strict=True))
    classes, leaves = (
        Counter(zip(entries[name], at, strict=True)) for name in ("class", "matter")
    )
    columns = [Counter(at)]
    for counted, keys in ((channels, CHANNELS), (groups, CONSULTATION_GROUPS)):
        columns += [{pk: counted[key, pk] for pk in stations} for key in keys]
    for code, own in LISTED.items():
        columns.append({pk: classes[code, pk] for pk in stations})
        columns += [
            {pk: leaves[f"{code}.{leaf}", pk] for pk in stations} for leaf in own.split()
        ]
    for code, own in LISTED.items():
        listed = {f"{code}.{leaf}" for leaf in [*own.split(), "other"]}
        unlisted = entries[(entries["class"] == code) & ~entries["matter"].isin(listed)]
        often = Counter(unlisted["matter_name"])
        chosen = sorted(often, key=lambda name: (-often[name], name))[:2]
        for name in [*chosen, *[None] * (2 - len(chosen))]:
            columns.append(Counter(unlisted.loc[unlisted["matter_name"] == name, "station_id"]))
    return {f"Q{n:02d}": column for n, column in enumerate(columns, 1)}


def differences(made, columns):
    """Yield (column, unit, ours, theirs) where a return and the count differ."""
    if [line.code for line in made.lines] != list(columns):
        yield "columns", "", len(made.lines), len(columns)
    for line in made.lines:
        ours = dict(zip(made.keys, line.shares, strict=True))
        for pk, share in ours.items():
            other = columns[line.code].get(pk, 0)
            if Decimal(share) != Decimal(other or 0):
                yield line.code, pk, share, other
        total = sum(map(Decimal, map(str, columns[line.code].values())))
        if Decimal(line.value) != total:
            yield line.code, "total", line.value, total


def compare(county, first, last):
    """Compare every figure of all months and quarters; return how many, and how many differ."""
    records = Records(county)
    stations = list(county.stations.order_by("code"))
    pks = [station.pk for station in stations]
    months = list(pd.period_range(first, last, freq="M"))
    compared = differ = 0
    for month in tqdm(months, desc="counting applications and returns", unit="month"):
        day = month.start_time.date()
        for place in [*stations, county]:
            again = applications_of(records, place, month, county)
            for line in monthly_analysis(place, day).cases:
                compared += 2
                if (line.count, line.before) != again[line.step]:
                    differ += 1
                    tqdm.write(
                        f"{place} {month} {line.step}: {line.count}, {line.before},"
                        f" counted again {again[line.step]}"
                    )
        returns = [("month", monthly(records, month, pks))]
        if month.month % 3 == 0:
            returns.append(("quarter", quarterly(records, month - 2, pks)))
        for kind, columns in returns:
            made = make_return(period_of(kind, day), [county])
            compared += len(made.lines) * (len(made.keys) + 1)
            for code, unit, ours, other in differences(made, columns):
                differ += 1
                tqdm.write(f"{kind} {month} {code} of {unit}: {ours}, counted again {other}")
    return compared, differ


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--county", default="341525")
    parser.add_argument("--from", dest="first", type=parse_month, default="2025-11")
    parser.add_argument("--to", dest="last", type=parse_month, default="2026-10")
    asked = parser.parse_args()
    county = County.objects.select_related("division").get(division__code=asked.county)
    compared, differ = compare(county, asked.first, asked.last)
    print(f"{compared:,} figures compared, {differ:,} differ")
    return differ == 0


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
