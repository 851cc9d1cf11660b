"""The plain alternative to the pages of applications: hand-written SQL in the page's own template.

As in `bench.bare`: no sessions, middleware, permissions, forms or models. How a clock is counted
day by day is arithmetic, not a query: both sides use the same pure functions for it.
"""

from datetime import timedelta
from math import ceil

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bench.bare import answer, rows
from casework.applications.waiting import COUNTY_TABS, GROUPS, STATION_TABS
from casework.rules import deadlines as limits
from casework.terms import (
    ENDED,
    HELD_BY_STATION,
    Category,
    Counting,
    Status,
)
from casework.time_limits.wall import GROUPS as WALL_GROUPS
from casework.time_limits.wall import PICTURES
from stations.calendar import clock_faces
from stations.roles import STATION_ROLES, Role
from stations.workdays import WorkCalendar

PAGE = 50
STATUSES = dict(Status.choices)


def named(sql, bound):
    """Return the rows of one statement with named values as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def work_calendar(county):
    kinds = {}
    for row in rows(
        "SELECT day, is_off FROM stations_dayoff WHERE county_id IS NULL OR county_id = %s"
        " ORDER BY county_id",
        county,
    ):
        kinds.setdefault(row["day"], row["is_off"])
    return WorkCalendar(
        days_off=frozenset(day for day, is_off in kinds.items() if is_off),
        work_days=frozenset(day for day, is_off in kinds.items() if not is_off),
    )


def face(row, calendar, today, now):
    """The clock of a row that has the columns of a deadline."""
    if row["due_at"]:
        return clock_faces.hours_clock(now, row["started_at"], row["due_at"])
    return clock_faces.clock(
        today,
        timezone.localdate(row["started_at"]),
        row["due_on"],
        calendar,
        is_paused=row["is_paused"],
        working=limits.LIMITS[row["number"]].counting == Counting.WORKING,
    )


def pager(number, count):
    """A page as `components/pager.html` reads it."""
    last = max(ceil(count / PAGE), 1)
    return {
        "number": number,
        "has_other_pages": last > 1,
        "has_previous": number > 1,
        "has_next": number < last,
        "previous_page_number": number - 1,
        "next_page_number": number + 1,
        "paginator": {"count": count, "num_pages": last},
    }


# ── The queue ───────────────────────────────────────────────────────────────────────────

# The keys of the page are chosen first, from the index alone; then those rows are read.
QUEUE = """
WITH chosen AS (
    SELECT a.id, (SELECT d.due_on FROM casework_deadline d WHERE d.application_id = a.id
                  AND d.stopped_at IS NULL AND NOT d.is_shadow AND NOT d.is_paused
                  ORDER BY d.due_on, d.number LIMIT 1) AS next_due_on, a.received_at
    FROM casework_application a WHERE {where}
    ORDER BY next_due_on NULLS LAST, a.received_at, a.id LIMIT 50 OFFSET {offset}
)
SELECT a.id AS pk, a.name, a.status, a.year, a.serial, a.received_at, a.is_provided_first,
       a.is_detained, a.county_id, a.intake_county_id, m.name AS aid_matter,
       s.short_name AS station, c.short_name AS county, i.short_name AS intake,
       d.number, d.started_at, d.due_on, d.due_at, d.is_paused
FROM chosen
JOIN casework_application a ON a.id = chosen.id
LEFT JOIN LATERAL (
    SELECT number, started_at, due_on, due_at, is_paused FROM casework_deadline
    WHERE application_id = a.id AND stopped_at IS NULL AND NOT is_shadow AND NOT is_paused
    ORDER BY due_on, number LIMIT 1
) d ON true
JOIN casework_aidmatter m ON m.id = a.aid_matter_id
JOIN stations_station s ON s.id = a.station_id
JOIN stations_county c ON c.id = a.county_id
JOIN stations_county i ON i.id = a.intake_county_id
ORDER BY chosen.next_due_on NULLS LAST, a.received_at, a.id
"""
COUNT = "SELECT count(*) AS n FROM casework_application a WHERE {where}"
TO_SERVE = """
SELECT count(*) AS n FROM casework_deadline d JOIN casework_application a ON a.id = d.application_id
WHERE d.number = 16 AND d.stopped_at IS NULL AND {where}
"""


def in_group(key):
    """The SQL condition of a group of the list."""
    statuses = set(Status) - ENDED if key == "open" else GROUPS[key][1]
    listed = ", ".join(f"'{status}'" for status in sorted(statuses))
    return f"a.status IN ({listed})"


def _tab_counts(tabs, where, bound):
    parts = [
        f"count(*) FILTER (WHERE {in_group(key)}) AS {key}" for key in tabs if key != "to_serve"
    ]
    counts = rows(
        f"SELECT {', '.join(parts)} FROM casework_application a"
        f" WHERE {where} AND {in_group('open')}",
        *bound,
    )[0]
    if "to_serve" in tabs:
        counts["to_serve"] = rows(TO_SERVE.format(where=where), *bound)[0]["n"]
    return counts


def application_list(request, case):
    """The rows, tabs and choices of one case of the list (`bench.applications.Case`)."""
    today, now = timezone.localdate(), timezone.now()
    tabs = STATION_TABS if case.station else COUNTY_TABS
    counts = _tab_counts(tabs, case.where, case.bound)
    where = case.where if case.group == "all" else f"{case.where} AND {in_group(case.group)}"
    count = (
        counts[case.group]
        if case.group in counts
        else rows(COUNT.format(where=where), *case.bound)[0]["n"]
    )
    found = rows(QUEUE.format(where=where, offset=PAGE * (case.page - 1)), *case.bound)
    calendar = work_calendar(case.county)
    stations = rows(
        "SELECT id AS pk, short_name FROM stations_station WHERE {} = %s ORDER BY code".format(
            "id" if case.station else "county_id"
        ),
        case.station or case.county,
    )
    matters = rows(
        "SELECT code, name FROM casework_aidmatter WHERE county_id IS NULL OR county_id = %s"
        " ORDER BY position, id",
        case.county,
    )
    return answer(
        request,
        case.username,
        "casework/applications/list.html",
        {
            "filter": {
                "stations": stations,
                "matters": matters,
                "cleaned_data": case.asked | {"group": case.group},
                "q": {"data": case.asked.get("q", "")},
                **{name: {"data": ""} for name in ("since", "until", "category")},
                "fields": {
                    "group": {
                        "choices": [
                            *((key, words) for key, (words, _statuses) in GROUPS.items()),
                            ("all", _("everything")),
                        ]
                    },
                    "category": {"choices": Category.choices},
                },
            },
            "chips": [{"label": part, "query": ""} for part in case.asked],
            "tabs": [
                {"key": key, "label": GROUPS[key][0], "count": counts[key], "query": ""}
                for key in tabs
            ],
            "page": pager(case.page, count),
            "rows": [_queue_row(row, calendar, today, now) for row in found],
        },
    )


def _queue_row(row, calendar, today, now):
    return {
        "application": row
        | {
            "get_absolute_url": reverse("casework:application_detail", args=[row["pk"]]),
            "is_ended": row["status"] in ENDED,
            "get_status_display": STATUSES[row["status"]],
            "station": {"short_name": row["station"]},
            "county": {"short_name": row["county"]},
            "received_on": timezone.localdate(row["received_at"]),
            "number": f"{row['intake']}援申字〔{row['year']}〕{row['serial']}号",
        },
        "clock": face(row, calendar, today, now) if row["number"] else None,
        "duty": limits.LIMITS[row["number"]].name if row["number"] else "",
    }


# ── The wall ────────────────────────────────────────────────────────────────────────────

GROUPED = """
WITH running AS (
    SELECT d.id AS pk, d.number, d.started_at, d.statutory_due_on, d.due_on, d.due_at, d.set_days,
           d.is_paused, d.application_id, CASE
        WHEN d.is_shadow THEN 'trial' WHEN d.is_paused THEN 'paused'
        WHEN d.due_at < %(now)s OR d.due_on < %(today)s THEN 'over'
        WHEN d.due_on = %(today)s THEN 'today'
        WHEN d.due_on <= %(soon)s THEN 'soon' ELSE 'later' END AS of_group
    FROM casework_deadline d JOIN casework_application a ON a.id = d.application_id
    WHERE d.stopped_at IS NULL AND {place}
)
"""
WALL_COUNTS = GROUPED + "SELECT number, of_group, count(*) AS n FROM running GROUP BY 1, 2"
WALL_ROWS = (
    GROUPED
    + """
SELECT w.*, a.name, a.year, a.serial, a.status, a.asked_from, i.short_name AS intake,
       s.short_name AS station
FROM ({shown}) w
JOIN casework_application a ON a.id = w.application_id
JOIN stations_station s ON s.id = a.station_id
JOIN stations_county i ON i.id = a.intake_county_id
ORDER BY w.due_on, w.pk
"""
)


def clock_wall(request, username, *, county, station=None, show="", page=1):
    """The wall of a county or station; with `show` one page of one group."""
    today, now = timezone.localdate(), timezone.now()
    bound = {"now": now, "today": today, "soon": today + timedelta(days=3)}
    place = "a.station_id = %(place)s" if station else "a.county_id = %(place)s"
    bound["place"] = station or county
    counts = named(WALL_COUNTS.format(place=place), bound)
    of_group = dict.fromkeys((key for key, _label in WALL_GROUPS), 0)
    for row in counts:
        of_group[row["of_group"]] += row["n"]
    if show:
        shown = (
            f"(SELECT * FROM running WHERE of_group = '{show}' ORDER BY due_on, pk"
            f" LIMIT 50 OFFSET {PAGE * (page - 1)})"
        )
    else:
        shown = " UNION ALL ".join(
            f"(SELECT * FROM running WHERE of_group = '{key}' ORDER BY due_on, pk LIMIT 8)"
            for key, n in of_group.items()
            if n
        )
    calendar = work_calendar(county)
    lines = {}
    for row in named(WALL_ROWS.format(place=place, shown=shown), bound):
        lines.setdefault(row["of_group"], []).append(_wall_row(row, calendar, today, now))
    stations = rows(
        "SELECT id, short_name FROM stations_station WHERE county_id = %s ORDER BY code", county
    )
    totals = []
    for number, limit in limits.LIMITS.items():
        of = {row["of_group"]: row["n"] for row in counts if row["number"] == number}
        if of:
            total = {"limit": limit, "count": sum(of.values())}
            totals.append(total | {"over": of.get("over", 0), "today": of.get("today", 0)})
    groups = [
        {
            "key": key,
            "label": label,
            "count": of_group[key],
            "picture": PICTURES[key],
            "rows": lines.get(key, []),
            "rest": of_group[key] - len(lines.get(key, [])),
        }
        for key, label in WALL_GROUPS
    ]
    return answer(
        request,
        username,
        "casework/clocks/wall.html",
        {
            "wall": {
                "groups": groups,
                "totals": totals,
                "count": sum(of_group.values()),
                "has_rows": bool(lines),
                "page": pager(page, of_group[show]) if show else None,
            },
            "filter": {
                "show": {"data": show},
                "visible_fields": _wall_fields(None if station else stations),
            },
        },
    )


def _wall_fields(stations):
    """The choices of the wall's filter as its template reads them."""
    clocks = [(number, limit.name) for number, limit in limits.LIMITS.items()]
    at = [("station", _("station")), ("center", _("center")), ("bureau", _("bureau"))]
    listed = [("clock", _("clock"), clocks), ("at", _("who does it"), at)]
    if stations:
        places = [(row["id"], row["short_name"]) for row in stations]
        listed.append(("station", _("station"), places))
    for name, label, choices in listed:
        yield {
            "id_for_label": f"id_{name}",
            "name": name,
            "label": label,
            "data": None,
            "field": {"choices": [("", ""), *choices]},
        }


def _wall_row(row, calendar, today, now):
    limit = limits.LIMITS[row["number"]]
    held = row["asked_from"] if row["status"] == Status.SUPPLEMENTING else row["status"]
    doer = limits.warned_roles(row["number"], is_at_station=held in HELD_BY_STATION)[0]
    promised = row["statutory_due_on"] and row["due_on"] < row["statutory_due_on"]
    own_rule = _("set in the notice") if row["set_days"] else _("county's rule")
    return {
        "deadline": row
        | {
            "application": {
                "get_absolute_url": reverse(
                    "casework:application_detail", args=[row["application_id"]]
                ),
                "name": row["name"],
                "number": f"{row['intake']}援申字〔{row['year']}〕{row['serial']}号",
            }
        },
        "limit": limit,
        "clock": face(row, calendar, today, now),
        "basis": limit.article or own_rule,
        "is_promise": promised,
        "who": row["station"] if doer in STATION_ROLES else Role(doer).label,
    }
