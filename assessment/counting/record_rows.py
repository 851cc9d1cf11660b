"""The rows of the stations' own records that a year is counted from, as SQL.

The same shape as `casework.analysis.year_rows`: (station_id, id, day, shown, is_counted). Months
are looked at on their last day, `%(month_ends)s`; what stands at the end is looked at on
`%(through)s`, the last day that is over.
"""

from stations.roles import Role
from stations.terms import (
    MANDATORY_ITEMS,
    Absence,
    AidWorkerKind,
    FundPurpose,
    FundStage,
    ItemState,
    PremisesItem,
    Side,
    SlipMove,
    SlipStatus,
    StaffBasis,
    WallFinding,
)


def _listed(terms):
    return "', '".join(str(term.value) for term in terms)


# Every month-end on which a station was open.
_MONTH_ENDS = """
station JOIN unnest(%(month_ends)s::date[]) AS ends(day)
  ON station.opened_on <= ends.day AND (station.closed_on IS NULL OR station.closed_on > ends.day)
WHERE station.id = ANY(%(stations)s)
"""


def _months(is_counted):
    return f"""
SELECT station.id AS station_id, to_char(ends.day, 'YYYYMM')::bigint AS id, ends.day,
       station.id AS shown, {is_counted} AS is_counted
FROM stations_station AS {_MONTH_ENDS}
"""


def _in_post(role, day):
    return f"""
SELECT post.id, post.user_id, coalesce((
           SELECT basis FROM stations_staffterms
           WHERE appointment_id = post.id AND from_on <= {day} ORDER BY from_on DESC, id DESC LIMIT 1
       ), '{StaffBasis.PART_TIME}') AS basis
FROM stations_appointment AS post
WHERE post.station_id = station.id AND post.role = '{role}'
  AND post.from_on <= {day} AND (post.to_on IS NULL OR post.to_on >= {day})
"""


# Whoever may stand duty at a station on a day: on the panel, for this station or for any, licensed.
_LICENSED = f"""
SELECT worker.id, worker.kind, worker.licence_to
FROM stations_aidworker AS worker
JOIN stations_aidunit AS unit ON unit.id = worker.unit_id
WHERE unit.county_id = station.county_id AND worker.stands_duty
  AND worker.kind IN ('{AidWorkerKind.LAWYER}', '{AidWorkerKind.GRASSROOTS}')
  AND worker.joined_on <= {{day}} AND (worker.left_on IS NULL OR worker.left_on > {{day}})
  AND (NOT EXISTS (SELECT 1 FROM stations_aidworker_duty_stations AS place
                   WHERE place.aidworker_id = worker.id)
       OR EXISTS (SELECT 1 FROM stations_aidworker_duty_stations AS place
                  WHERE place.aidworker_id = worker.id AND place.station_id = station.id))
"""
_IS_VALID = "(worker.licence_to IS NULL OR worker.licence_to >= {day})"

# Heads and clerks in post at the end, people and not appointments.
_STAFF = f"""
SELECT DISTINCT ON (post.station_id, post.user_id) post.station_id, post.id, post.user_id
FROM stations_appointment AS post JOIN stations_user AS account ON account.id = post.user_id
WHERE post.station_id = ANY(%(stations)s) AND post.role IN ('{Role.HEAD}', '{Role.CLERK}')
  AND account.is_active
  AND post.from_on <= %(through)s AND (post.to_on IS NULL OR post.to_on >= %(through)s)
ORDER BY post.station_id, post.user_id, post.id
"""


def _trained(person):
    return f"""
FROM stations_attendance AS presence
JOIN stations_trainingsession AS session ON session.id = presence.session_id
WHERE presence.{person} AND presence.struck_at IS NULL
  AND session.voided_at IS NULL AND session."on" BETWEEN %(first)s AND %(through)s
"""


def _items(items):
    return f"""
SELECT DISTINCT ON (station_id, item) station_id, id, "on" AS day, id AS shown,
       state = '{ItemState.THERE}' AS is_counted
FROM stations_premisescheck
WHERE station_id = ANY(%(stations)s) AND item IN ('{_listed(items)}') AND "on" <= %(through)s
ORDER BY station_id, item, "on" DESC, id DESC
"""


P = PremisesItem
PREMISES = (P.FIXED_PLACE, P.ACCESSIBLE, P.PRIVATE_CORNER)
SIGNS = (P.SIGN, P.GUIDE_BOARD)
EQUIPMENT = (P.PHONE, P.COMPUTER, P.PRINTER, P.ID_READER, P.FILE_CABINET)

ROWS = {
    "head_months": _months(f"EXISTS ({_in_post(Role.HEAD, 'ends.day')})"),
    # Beside the head: one full-time person or two part-time ones.
    "staffed_months": _months(
        f"""(SELECT count(*) FILTER (WHERE basis = '{StaffBasis.FULL_TIME}') >= 1
                 OR count(*) FILTER (WHERE basis <> '{StaffBasis.FULL_TIME}') >= 2
             FROM ({_in_post(Role.CLERK, "ends.day")}) AS clerks)"""
    ),
    "duty_team_months": _months(
        f"(SELECT count(*) >= 2 FROM ({_LICENSED.format(day='ends.day')}"
        f" AND {_IS_VALID.format(day='ends.day')}) AS team)"
    ),
    # One row for each station: a lawyer and a grassroots worker in the team at the end.
    "mixed_duty_team": f"""
SELECT station.id AS station_id, station.id, %(through)s::date AS day, station.id AS shown,
       (SELECT count(DISTINCT kind) = 2 FROM ({_LICENSED.format(day="%(through)s")}
            AND {_IS_VALID.format(day="%(through)s")}) AS team) AS is_counted
FROM stations_station AS station WHERE station.id = ANY(%(stations)s)
""",
    "lapsed_licences": f"""
SELECT station.id AS station_id, team.id, team.licence_to AS day, team.id AS shown,
       true AS is_counted
FROM stations_station AS station
JOIN LATERAL ({_LICENSED.format(day="%(through)s")}
              AND worker.licence_to < %(through)s) AS team ON true
WHERE station.id = ANY(%(stations)s)
""",
    "staff_trained": f"""
SELECT staff.station_id, staff.id, %(through)s::date AS day, staff.user_id AS shown,
       (SELECT coalesce(sum(session.hours), 0) >= %(training_hours)s
        {_trained("user_id = staff.user_id")}) AS is_counted
FROM ({_STAFF}) AS staff
""",
    "liaisons_trained": f"""
SELECT liaison.station_id, liaison.id, %(through)s::date AS day, liaison.id AS shown,
       EXISTS (SELECT 1 {_trained("liaison_id = liaison.id")}) AS is_counted
FROM stations_liaison AS liaison
WHERE liaison.station_id = ANY(%(stations)s) AND liaison.appointed_from <= %(through)s
  AND (liaison.appointed_to IS NULL OR liaison.appointed_to >= %(through)s)
""",
    "rule_sets": """
SELECT DISTINCT ON (station_id, kind) station_id, id, in_force_from AS day, id AS shown,
       true AS is_counted
FROM stations_adoption
WHERE station_id = ANY(%(stations)s) AND in_force_from <= %(through)s
  AND (ended_on IS NULL OR ended_on > %(through)s)
ORDER BY station_id, kind, in_force_from DESC, id DESC
""",
    # Published half-days that are over and somebody was to stand; where a substitute came, only
    # the substitute's counts.
    "duty_attended": """
SELECT slot.station_id, slot.id, slot.day, slot.id AS shown,
       slot.signed_in_at IS NOT NULL AS is_counted
FROM stations_dutyslot AS slot
JOIN stations_dutymonth AS month ON month.id = slot.duty_month_id
WHERE slot.station_id = ANY(%(stations)s) AND month.published_at IS NOT NULL
  AND slot.worker_id IS NOT NULL AND slot.day BETWEEN %(first)s AND %(through)s
  AND (slot.absence = '' OR NOT EXISTS (
      SELECT 1 FROM stations_dutyslot AS other
      WHERE other.stands_in_for_id = slot.id AND other.worker_id IS NOT NULL))
""",
    "duty_missed": f"""
SELECT slot.station_id, slot.id, slot.day, slot.id AS shown, true AS is_counted
FROM stations_dutyslot AS slot
JOIN stations_dutymonth AS month ON month.id = slot.duty_month_id
WHERE slot.station_id = ANY(%(stations)s) AND month.published_at IS NOT NULL
  AND slot.absence = '{Absence.UNTOLD}' AND slot.day BETWEEN %(first)s AND %(through)s
""",
    # What the county asked and was answered, and what still waits though its last day is over.
    "slips_answered": f"""
SELECT slip.station_id, event.id, (event.at AT TIME ZONE %(zone)s)::date AS day, slip.id AS shown,
       event.is_in_time AS is_counted
FROM stations_questionslipevent AS event
JOIN stations_questionslip AS slip ON slip.id = event.slip_id
WHERE slip.station_id = ANY(%(stations)s) AND event.move = '{SlipMove.ANSWER}'
  AND event.side = '{Side.STATION}'
  AND (event.at AT TIME ZONE %(zone)s)::date BETWEEN %(first)s AND %(through)s
UNION ALL
SELECT slip.station_id, last.id, slip.due_on AS day, slip.id AS shown, false AS is_counted
FROM stations_questionslip AS slip
JOIN LATERAL (SELECT max(id) AS id FROM stations_questionslipevent WHERE slip_id = slip.id)
  AS last ON true
WHERE slip.station_id = ANY(%(stations)s) AND slip.asked_side = '{Side.COUNTY}'
  AND slip.status = '{SlipStatus.WAITING}' AND slip.due_on BETWEEN %(first)s AND %(through)s
""",
    # Events with a photo count, the others are listed.
    "publicity_events": """
SELECT event.station_id, event.id, event."on" AS day, event.id AS shown,
       EXISTS (SELECT 1 FROM stations_publicityevent_photos AS photo
               WHERE photo.publicityevent_id = event.id) AS is_counted
FROM stations_publicityevent AS event
WHERE event.station_id = ANY(%(stations)s) AND event.voided_at IS NULL
  AND event."on" BETWEEN %(first)s AND %(through)s
""",
    # What has to hang, as it stood on the last day, from dated rows alone: there, found well when
    # last looked at, that within its time, and saying what held or stopped holding so lately that
    # it may still be renewed (clock 29).
    "postings_current": f"""
SELECT station_id, id, posted_on AS day, id AS shown,
       found = '{WallFinding.FINE}' AND seen_on >= %(walls_seen_since)s
       AND (untrue_since IS NULL OR untrue_since >= %(walls_true_since)s) AS is_counted
FROM (
    SELECT posting.station_id, posting.id, posting.posted_on,
           coalesce(look.finding, '{WallFinding.FINE}') AS found,
           coalesce(look.checked_on, posting.posted_on) AS seen_on,
           (SELECT next.live_from FROM stations_poster AS next
            WHERE next.station_id = posting.station_id AND next.item = posting.item
              AND next.live_from <= %(through)s AND next.digest <> poster.digest
              AND next.id > (
                  SELECT max(same.id) FROM stations_poster AS same
                  WHERE same.station_id = posting.station_id AND same.item = posting.item
                    AND same.live_from <= %(through)s AND same.digest = poster.digest)
            ORDER BY next.live_from, next.id LIMIT 1) AS untrue_since
    FROM stations_posting AS posting
    JOIN stations_poster AS poster ON poster.id = posting.poster_id
    LEFT JOIN LATERAL (
        SELECT finding, checked_on FROM stations_wallcheck
        WHERE posting_id = posting.id AND checked_on <= %(through)s
        ORDER BY checked_on DESC, id DESC LIMIT 1) AS look ON true
    WHERE posting.station_id = ANY(%(stations)s) AND posting.item IN ('{_listed(MANDATORY_ITEMS)}')
      AND posting.posted_on <= %(through)s
      AND (posting.taken_down_on IS NULL OR posting.taken_down_on > %(through)s)
) AS hanging
""",
    # PIPL 25: data of applicants on a wall, found at a check.
    "applicants_on_wall": f"""
SELECT posting.station_id, seen.id, seen.checked_on AS day, posting.id AS shown,
       true AS is_counted
FROM stations_wallcheck AS seen
JOIN stations_posting AS posting ON posting.id = seen.posting_id
WHERE posting.station_id = ANY(%(stations)s) AND seen.finding = '{WallFinding.PERSONAL}'
  AND seen.checked_on BETWEEN %(first)s AND %(through)s
""",
    "premises_there": _items(PREMISES),
    "signs_there": _items(SIGNS),
    "equipment_there": _items(EQUIPMENT),
    # Months whose duty subsidy was paid within the county's days after their end, with a voucher.
    "subsidies_on_time": f"""
SELECT DISTINCT ON (station_id, for_month) station_id, id, "on" AS day, id AS shown,
       "on" <= (for_month + interval '1 month')::date - 1 + %(subsidy_days)s
       AND voucher_id IS NOT NULL AS is_counted
FROM stations_fund
WHERE station_id = ANY(%(stations)s) AND stage = '{FundStage.SPENT}'
  AND purpose = '{FundPurpose.DUTY_SUBSIDY}' AND voided_at IS NULL
  AND for_month BETWEEN %(first)s AND %(through)s
ORDER BY station_id, for_month, "on", id
""",
}
