"""The plain alternative to our list pages: Django views that do nothing but run SQL and render.

No sessions, middleware, permissions, forms or models: a cursor, rows as dictionaries, and the
page's own template, so that both render the same rows in the same frame. The SQL is what a careful
hand writes for just these rows; it is given the conditions it needs and reads no address.
"""

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from casework.terms import NUMBER_SIGNS, Channel, Disposal, PeopleGroup, Sensitive
from stations.models import User
from stations.privacy import decrypt

PAGE = 50
CHANNELS = dict(Channel.choices)


def rows(sql, *bound):
    """Return the rows of one statement as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def answer(request, username, template, context):
    """Render in the frame, which asks what it always asks of the person: posts and counts."""
    request.user = User.objects.get(username=username)
    return HttpResponse(render_to_string(template, context, request))


# ── The register's list ─────────────────────────────────────────────────────────────────

LIST = """
SELECT e.id AS pk, e.channel, e.year, e.serial, e.occurred_at, e.name, e.phone, e.persons,
       e.statement, e.disposal, e.receiver_name, e.sensitive, e.working_days_late, e.version,
       e.matter_visit_no, e.visit_no, e.voided_at, m.name AS matter, s.short_name AS station,
       v.name AS village
FROM casework_registerentry e
JOIN casework_matter m ON m.id = e.matter_id
JOIN stations_station s ON s.id = e.station_id
LEFT JOIN stations_division v ON v.id = e.village_id
WHERE {where}
ORDER BY e.occurred_at DESC, e.id DESC LIMIT 51
"""
# Where few rows match they are found first and sorted then; told so, the planner does not wander
# along the register's time to its end.
LIST_OF_FEW = LIST.replace(
    "FROM casework_registerentry e",
    "FROM (SELECT * FROM casework_registerentry e WHERE {where} OFFSET 0) e",
).replace("WHERE {where}\nORDER", "ORDER")
TOTALS = """
SELECT count(*) AS entries, count(*) FILTER (WHERE channel = 'call') AS calls,
       count(*) FILTER (WHERE channel = 'visit') AS visits,
       coalesce(sum(persons) FILTER (WHERE channel = 'visit'), 0) AS persons,
       avg(seconds_to_record) AS seconds
FROM (SELECT channel, persons, seconds_to_record FROM casework_registerentry e
      WHERE {where} LIMIT {most} + 1) AS counted
"""


class Row(dict):
    """A row of the list that knows its labels, as the template asks them."""

    LABELS = {
        "channel": dict(Channel.choices),
        "disposal": dict(Disposal.choices),
        "sensitive": dict(Sensitive.choices),
    }

    def label(self, field):
        return self.LABELS[field].get(self[field], "")


def register_list(request, case):
    """The rows, totals and choices of one case of the register's list (`bench.lists.Case`)."""
    totals = rows(TOTALS.format(where=case.where, most=case.most), *case.bound)[0]
    is_bounded = totals["entries"] > case.most
    where, bound = case.where, case.bound
    if case.before:
        where += " AND (e.occurred_at, e.id) < (%s, %s)"
        bound = [*bound, *case.before]
    statement = LIST if is_bounded or not case.is_search else LIST_OF_FEW
    found = rows(statement.format(where=where), *bound)
    has_older, entries = len(found) > PAGE, found[:PAGE]
    for entry in entries:
        entry["get_absolute_url"] = reverse("casework:entry_detail", args=[entry["pk"]])
        sign = NUMBER_SIGNS[entry["channel"]]
        entry["number"] = f"{sign}{entry['year']}-{entry['serial']:04d}"
        entry["phone"] = decrypt(entry["phone"])
        entry["is_void"] = entry["voided_at"] is not None
        entry["station"] = {"short_name": entry["station"]}
        entry["matter"] = {"name": entry["matter"]}
        entry["village"] = entry["village"] and {"name": entry["village"]}
    entries = [Row(entry) for entry in entries]
    stations = rows(
        "SELECT id AS pk, short_name, township_id FROM stations_station WHERE {} ORDER BY code".format(
            "id = %s" if case.station else "county_id = %s"
        ),
        case.station or case.county,
    )
    matters = rows(
        "SELECT id AS pk, code, name, parent_id FROM casework_matter"
        " WHERE county_id IS NULL OR county_id = %s ORDER BY position, id",
        case.county,
    )
    classes = [matter for matter in matters if matter["parent_id"] is None]
    for parent in classes:
        parent["leaves"] = [leaf for leaf in matters if leaf["parent_id"] == parent["pk"]]
    villages = (
        rows(
            "SELECT code, name FROM stations_division WHERE parent_id = %s ORDER BY code",
            stations[0]["township_id"],
        )
        if case.station
        else []
    )
    return answer(
        request,
        case.username,
        "casework/register/list.html",
        {
            "filter": {
                "one_station": stations[0] if case.station else None,
                "stations": stations,
                "matters": classes,
                "villages": villages,
                "cleaned_data": {"since": case.since, "until": case.until, "hour": None},
                "q": {"data": case.words},
                **{
                    name: {"data": ""}
                    for name in ("since", "until", "receiver", "opponent", "persons")
                },
                "only": [
                    {"name": name, "label": name, "data": ""}
                    for name in ("hotline", "repeat", "returning", "late", "corrected", "void")
                ],
                "fields": {
                    "channel": {"choices": Channel.choices},
                    "disposal": {"choices": Disposal.choices},
                    "group": {"choices": PeopleGroup.choices},
                    "sensitive": {"choices": Sensitive.choices[1:]},
                },
            },
            "views": rows(
                "SELECT id AS pk, name, query, user_id, county_id FROM casework_savedfilter"
                " WHERE county_id = %s ORDER BY name",
                case.county,
            ),
            "query": case.query,
            "here": case.here,
            "chips": [{"label": part, "query": ""} for part in case.query.split("&")],
            "totals": totals | {"is_bounded": is_bounded}
            if not is_bounded
            else {"entries": case.most, "is_bounded": True},
            "page": {
                "has_newer": bool(case.before),
                "has_older": has_older,
                "first_id": entries[0]["pk"] if entries else None,
                "last_id": entries[-1]["pk"] if entries else None,
            },
            "entries": entries,
            "late_after": 1,
        },
    )


# ── The desks ───────────────────────────────────────────────────────────────────────────

STATION_REPORTS = """
SELECT r.id AS pk, r.month, r.status, r.due_on,
       (SELECT note FROM casework_reportevent v WHERE v.report_id = r.id AND v.move = 'return'
        ORDER BY v.made_at DESC LIMIT 1) AS reason
FROM casework_monthlyreport r
WHERE r.station_id = %s AND r.status IN ('open', 'returned')
  AND r.month < date_trunc('month', %s::date) ORDER BY r.month
"""
WAITING_LEADS = """
SELECT l.id AS pk, l.sent_at, l.urgency, v.name AS village, u.name AS sent_by
FROM stations_lead l JOIN stations_division v ON v.id = l.village_id
JOIN stations_user u ON u.id = l.sent_by_id
WHERE l.station_id = %s AND l.taken_at IS NULL ORDER BY l.sent_at
"""
BLANK_DAYS = """
SELECT d.day::date FROM generate_series(date_trunc('month', %(day)s::date), %(day)s::date - 1,
                                        '1 day') AS d (day)
LEFT JOIN stations_dayoff o ON o.day = d.day::date
WHERE coalesce(NOT o.is_off, extract(isodow FROM d.day) < 6)
  AND NOT EXISTS (SELECT FROM casework_registerentry e WHERE e.station_id = %(station)s
                  AND e.occurred_on = d.day::date AND e.voided_at IS NULL)
  AND NOT EXISTS (SELECT FROM casework_novisitday n WHERE n.station_id = %(station)s
                  AND n.day = d.day::date)
ORDER BY d.day
"""
TODAY = """
SELECT count(*) FILTER (WHERE channel = 'call') AS calls,
       count(*) FILTER (WHERE channel = 'visit') AS visits,
       coalesce(sum(persons) FILTER (WHERE channel = 'visit'), 0) AS persons
FROM casework_registerentry WHERE voided_at IS NULL AND occurred_on = %s AND station_id IN (
    SELECT id FROM stations_station WHERE {place} = %s)
"""
# Over the register alone no clock of an application runs; the desks ask nevertheless.
CLOCKS = """
SELECT d.id, d.number, d.started_at, d.due_on, d.due_at, a.name, a.year, a.serial,
       count(*) FILTER (WHERE d.due_on < %s) OVER () AS over,
       count(*) FILTER (WHERE d.due_on = %s) OVER () AS today
FROM casework_deadline d JOIN casework_application a ON a.id = d.application_id
WHERE d.stopped_at IS NULL AND NOT d.is_shadow AND NOT d.is_paused AND a.{place} = %s
ORDER BY d.due_on, d.id LIMIT 8
"""
LAST = """
SELECT e.id AS pk, e.occurred_at, e.channel, e.name, m.name AS matter
FROM casework_registerentry e JOIN casework_matter m ON m.id = e.matter_id
WHERE e.station_id = %s AND e.occurred_on = %s AND e.voided_at IS NULL
ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1
"""


def _clock(due_on, today):
    left = (due_on - today).days
    return {"state": "over" if left < 0 else "calm", "label": f"{abs(left)}日", "left": left}


def station_desk(request, username, station):
    today = timezone.localdate()
    leads = rows(WAITING_LEADS, station)
    reports = rows(STATION_REPORTS, station, today)
    duties = [
        {
            "title": f"{report['month'].month}月来电来访分析待报送",
            "text": report["reason"] or "数字已备好，看过检查、写好意见即可报送。",
            "url": reverse("casework:report_detail", args=[report["pk"]]),
            "act": "写意见并报送",
            "rule": "县规则",
            "clock": _clock(report["due_on"], today),
        }
        for report in reports
    ]
    duties += [
        {
            "title": f"线索待接：{lead['village']}",
            "text": f"{lead['sent_by']}发来",
            "url": reverse("stations:lead_list"),
            "act": "看线索",
            "rule": "联络员注明",
            "clock": _clock(timezone.localdate(lead["sent_at"]) + timedelta(7), today),
        }
        for lead in leads[:5]
    ]
    with connection.cursor() as cursor:
        cursor.execute(BLANK_DAYS, {"day": today, "station": station})
        blank = [day for (day,) in cursor.fetchall()]
    if blank:
        duties.append(
            {
                "title": f"本月有{len(blank)}个工作日没有记录",
                "text": "补录，或注明无人来电来访。",
                "url": reverse("casework:entry_create", args=["visit"]),
                "act": "补录",
                "rule": "县规则",
                "days": blank[:5],
                "clock": _clock(blank[0] + timedelta(1), today),
            }
        )
    duties.sort(key=lambda duty: duty["clock"]["left"])
    groups = [
        {"key": key, "label": label, "duties": chosen}
        for key, label, first, last in (
            ("over", "已逾期", -9999, -1),
            ("today", "今天到期", 0, 0),
            ("soon", "三天内", 1, 3),
            ("later", "以后", 4, 9999),
        )
        if (chosen := [duty for duty in duties if first <= duty["clock"]["left"] <= last])
    ]
    of_key = {group["key"]: group["duties"] for group in groups}
    clocks = rows(CLOCKS.format(place="station_id"), today, today, station)
    last = next(iter(rows(LAST, station, today)), None)
    if last:
        last |= {"get_channel_display": CHANNELS[last["channel"]]}
        last["matter"] = {"name": last["matter"]}
    drafts = rows(
        "SELECT channel, saved_at FROM casework_entrydraft WHERE station_id = %s", station
    )
    return answer(
        request,
        username,
        "legalaid/desk_station.html",
        {
            "desk": {
                "headline": duties[0]["title"] if duties else "",
                "overdue": of_key.get("over", []),
                "due_today": of_key.get("today", []),
                "soon": of_key.get("soon", []),
                "overdue_count": len(of_key.get("over", [])) + len(clocks),
                "today_count": len(of_key.get("today", [])),
                "soon_count": len(of_key.get("soon", [])),
                "returned": sum(report["status"] == "returned" for report in reports),
                "leads": len(leads),
                "drafts": drafts,
                "duties": duties,
                "groups": groups,
                "station": {"pk": station},
                "owed": next(iter(reports), None),
                "today": {"day": today, "query": f"from={today}&to={today}", "last": last}
                | rows(TODAY.format(place="id"), today, station)[0],
            }
        },
    )


COUNTY_STATIONS = """
SELECT s.id AS pk, s.short_name, s.phone, s.opened_on,
       greatest((SELECT max(occurred_on) FROM casework_registerentry e
                 WHERE e.station_id = s.id AND e.voided_at IS NULL AND e.occurred_on <= %(day)s),
                (SELECT max(day) FROM casework_novisitday n WHERE n.station_id = s.id)) AS last_on,
       r.id AS report, r.status, r.due_on,
       (r.first_sent_at AT TIME ZONE 'Asia/Shanghai')::date AS sent_on
FROM stations_station s
LEFT JOIN casework_monthlyreport r ON r.station_id = s.id AND r.month = %(month)s
WHERE s.county_id = %(county)s AND s.opened_on <= %(day)s
  AND (s.closed_on IS NULL OR s.closed_on > %(day)s) ORDER BY s.code
"""
SENT_REPORTS = """
SELECT r.id AS pk, r.month, r.sent_at, r.issue, s.short_name
FROM casework_monthlyreport r JOIN stations_station s ON s.id = r.station_id
WHERE r.county_id = %s AND r.status = 'sent' ORDER BY r.sent_at
"""
WORKING_DAYS = """
SELECT d.day::date AS day
FROM generate_series(%s::date - 400, %s::date - 1, '1 day') AS d (day)
LEFT JOIN stations_dayoff o ON o.day = d.day::date
WHERE coalesce(NOT o.is_off, extract(isodow FROM d.day) < 6)
"""
VILLAGES = """
SELECT t.id AS township, t.code AS township_code, t.name AS township_name, s.id AS station,
       s.phone, s.is_acting AS station_acting, v.code, v.name, l.is_acting, l.ended_reason AS note,
       (l.id IS NOT NULL AND (l.appointed_to IS NULL OR l.appointed_to >= %(day)s)) AS is_filled,
       coalesce(l.appointed_to + 1, greatest(s.opened_on, v.valid_from)) AS since
FROM stations_division t
LEFT JOIN stations_station s ON s.township_id = t.id AND s.closed_on IS NULL
LEFT JOIN stations_division v ON v.parent_id = t.id
LEFT JOIN LATERAL (SELECT * FROM stations_liaison l WHERE l.village_id = v.id
    AND l.appointed_from <= %(day)s ORDER BY l.appointed_from DESC LIMIT 1) l ON true
WHERE t.county_code = %(code)s AND t.level = 9 AND t.valid_to IS NULL ORDER BY t.code, v.code
"""


def _named(sql, **bound):
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _township(row, today):
    return {
        "code": row["township_code"],
        "name": row["township_name"],
        "station_pk": row["station"],
        "station_phone": row["phone"] or "",
        "state": "vacant"
        if row["station"] is None
        else ("acting" if row["station_acting"] else "in_post"),
        "in_post": 0,
        "acting": 0,
        "vacant": 0,
        "total": 0,
        "gaps": [],
        "places": {"in_post": [], "acting": [], "vacant": []},
    }


class _State(str):
    """A state's code that knows its word, as the template asks it."""

    LABELS = {"in_post": "在岗", "acting": "代理", "vacant": "空缺"}

    @property
    def label(self):
        return self.LABELS[self]


def _posts(code, today):
    """Return the townships of a county with their posts, gaps, and the paths of their picture."""
    townships = {}
    for row in _named(VILLAGES, code=code, day=today):
        town = townships.setdefault(row["township"], _township(row, today))
        n = town["total"]
        town["total"] += 1
        state = (
            "vacant" if not row["is_filled"] else "acting" if row["is_acting"] else "in_post"
        )
        town[state] += 1
        town["places"][state].append((36 + n % 7 * 17, n // 7 * 17))
        if state == "vacant":
            days = (today - row["since"]).days + 1
            town["gaps"].append(
                {
                    "name": row["name"],
                    "since": row["since"],
                    "days": days,
                    "note": row["note"],
                    "clock": _clock(row["since"] + timedelta(29), today),
                }
            )
    for town in townships.values():
        town["gaps"].sort(key=lambda gap: gap["since"])
        town["state"] = _State(town["state"])
        town["longest_days"] = town["gaps"][0]["days"] if town["gaps"] else 0
        town["has_gap"] = town["state"] == "vacant" or town["vacant"] > 0
        town["is_late"] = any(gap["clock"]["left"] < 0 for gap in town["gaps"])
        town["rate"] = _rate(town["total"] - town["vacant"], town["total"])
    return list(townships.values())


def _rate(part, whole):
    return f"{part * 100 / whole:.1f}" if whole else None


def _squares(places, inset):
    side = 13 - 2 * inset
    return "".join(f"M{x + inset} {y + inset}h{side}v{side}h-{side}z" for x, y in places)


def _coverage(towns, today):
    with_gaps = sorted(
        (town for town in towns if town["has_gap"]),
        key=lambda town: town["gaps"][0]["since"] if town["gaps"] else date.min,
    )
    in_post, acting, total = (
        sum(town[name] for town in towns) for name in ("in_post", "acting", "total")
    )
    oldest = [(town, gap) for town in with_gaps for gap in town["gaps"]]
    return {
        "day": today,
        "vacancy_days": 30,
        "townships": towns,
        "townships_with_gaps": with_gaps,
        "stations": sum(town["state"] != "vacant" for town in towns),
        "in_post": in_post,
        "acting": acting,
        "vacant": total - in_post - acting,
        "covered": in_post + acting,
        "total": total,
        "rate": _rate(in_post + acting, total),
        "longest_days": max((town["longest_days"] for town in towns), default=0),
        "gaps": sorted(oldest, key=lambda pair: pair[1]["since"]),
    }


def coverage(request, username, code):
    today = timezone.localdate()
    towns = _posts(code, today)
    mosaic = []
    for town in towns:
        full, half, empty = (town["places"][name] for name in ("in_post", "acting", "vacant"))
        lines = -(-town["total"] // 7)
        height = max(30, lines * 17 - 4)
        mosaic.append(
            {
                "township": town,
                "height": height,
                "viewbox": f"0 0 155 {height}",
                "full": _squares(full, 1),
                "half_edge": _squares(half, 0.75),
                "half": "".join(f"M{x + 1.5} {y + 11.5}v-10l10 10z" for x, y in half),
                "empty": _squares(empty, 0.75),
                "cross": "".join(f"M{x + 4} {y + 4}l5 5m0 -5l-5 5" for x, y in empty),
            }
        )
    return answer(
        request,
        username,
        "stations/network/coverage.html",
        {
            "coverage": _coverage(towns, today),
            "mosaic": mosaic,
            "reaches_county": True,
            "is_today": True,
        },
    )


def county_desk(request, username, county, code):
    today = timezone.localdate()
    month = (today.replace(day=1) - timedelta(1)).replace(day=1)
    stations = _named(COUNTY_STATIONS, county=county, day=today, month=month)
    working = [row["day"] for row in rows(WORKING_DAYS, today, today)]
    silent = []
    for station in stations:
        since = station["last_on"] or station["opened_on"]
        days = sum(day > since for day in working)
        if days >= 10:
            station["get_absolute_url"] = reverse(
                "stations:station_detail", args=[station["pk"]]
            )
            silent.append(
                {"station": station, "last_on": station["last_on"], "working_days": days}
            )
    silent.sort(key=lambda row: -row["working_days"])
    sent = rows(SENT_REPORTS, county)
    for report in sent:
        report["station"] = {"short_name": report["short_name"]}
        report["get_absolute_url"] = reverse("casework:report_detail", args=[report["pk"]])
    reports = [station for station in stations if station["report"]]
    received = [s for s in reports if s["sent_on"] and s["status"] != "returned"]
    on_time = sum(station["sent_on"] <= station["due_on"] for station in received)
    missing = [s for s in stations if not s["sent_on"] and s["status"] != "returned"]
    clocks = rows(CLOCKS.format(place="county_id"), today, today, county)
    return answer(
        request,
        username,
        "legalaid/desk_county.html",
        {
            "desk": {
                "day": today,
                "month": {
                    "month": month,
                    "expected": len(stations),
                    "received": len(received),
                    "on_time": on_time,
                    "returned": [s for s in reports if s["status"] == "returned"],
                    "missing": missing,
                    "overdue": sum(bool(s["due_on"]) and today > s["due_on"] for s in missing),
                    "share": len(received) * 100 // max(len(stations), 1),
                    "clock": _clock(reports[0]["due_on"], today) if reports else None,
                },
                "rest": len(clocks),
                "sent": sent,
                "silent": silent,
                "silent_after": 10,
                "coverage": _coverage(_posts(code, today), today),
                "today": {"query": f"from={today}&to={today}"}
                | rows(TODAY.format(place="county_id"), today, county)[0],
            }
        },
    )


def midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
