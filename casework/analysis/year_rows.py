"""The rows a station's year is counted from, as SQL: each statement lists them for some stations.

A statement gives (station_id, id, day, shown, is_counted): whose row, which, its day, the row a
person opens, and whether it has what is counted. `%(first)s` to `%(through)s` are the days that are
over; a row belongs to the day on which what it says fell due or happened. Times of day are local.
"""

from ..rules.deadlines import DECISION, FORWARDING
from ..terms import (
    SUBSTANTIATED,
    ApplicationMove,
    Channel,
    CooperationDirection,
    DecisionKind,
    DecisionState,
    FileCheck,
    ObjectionOutcome,
    Satisfaction,
    SatisfactionSource,
    SignalLevel,
    TypicalCaseState,
)
from .precheck import NOT_OF_ANONYMOUS, REQUIRED

# How a column says that it was filled in.
_FILLED = {
    "village_id": "village_id IS NOT NULL",
    "answered_at": "answered_at IS NOT NULL",
    "people_groups": "people_groups <> '{}'",
    "is_told_of_right": "is_told_of_right",
}


def _has_all(names):
    tests = []
    for name in names:
        test = _FILLED.get(name, f"{name} <> ''")
        tests.append(f"(is_anonymous OR {test})" if name in NOT_OF_ANONYMOUS else test)
    return " AND ".join(tests)


_IS_COMPLETE = "\n".join(
    [
        "CASE channel",
        *(
            f"WHEN '{Channel(channel)}' THEN {_has_all(REQUIRED[channel])}"
            for channel in REQUIRED
        ),
        "END",
    ]
)


def _local(moment):
    return f"({moment} AT TIME ZONE %(zone)s)::date"


def _entries(is_counted):
    return f"""
SELECT station_id, id, occurred_on AS day, id AS shown, {is_counted} AS is_counted
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on BETWEEN %(first)s AND %(through)s
"""


# One pass over the year's entries: by station, month they count for, and day they were typed. A few
# weeks before the year are read too, because what was typed in January may speak of December.
REGISTER = f"""
SELECT station_id, date_trunc('month', occurred_on::timestamp)::date, {_local("recorded_at")},
       count(*), count(*) FILTER (WHERE {_IS_COMPLETE}),
       count(*) FILTER (WHERE working_days_late <= %(on_time)s)
FROM casework_registerentry
WHERE voided_at IS NULL AND station_id = ANY(%(stations)s)
  AND occurred_on BETWEEN %(weeks_before)s AND %(through)s
GROUP BY 1, 2, 3
"""

_MADE = f"""
SELECT DISTINCT ON (decision.application_id)
       application.station_id, decision.application_id, decision.kind, decision.made_at
FROM casework_decision AS decision
JOIN casework_application AS application ON application.id = decision.application_id
WHERE application.station_id = ANY(%(stations)s) AND decision.state = '{DecisionState.MADE}'
  AND decision.kind IN ('{DecisionKind.GRANT}', '{DecisionKind.REFUSE}',
                        '{DecisionKind.PROVIDE_FIRST}')
ORDER BY decision.application_id, decision.made_at
"""

# Signals of a month's figures that have to be reported at once.
_SIGNAL = (
    f'$.signals[*] ? (@.level == "{SignalLevel.WATCH}" || @.level == "{SignalLevel.GRAVE}")'
)


def _granted(first, through):
    """Applications granted from one day to another, each once."""
    return f"""
SELECT DISTINCT ON (application.id) application.station_id, application.id,
       {_local("decision.made_at")} AS day, application.id AS shown, true AS is_counted
FROM casework_decision AS decision
JOIN casework_application AS application ON application.id = decision.application_id
WHERE application.station_id = ANY(%(stations)s) AND decision.kind = '{DecisionKind.GRANT}'
  AND decision.state = '{DecisionState.MADE}'
  AND {_local("decision.made_at")} BETWEEN {first} AND {through}
ORDER BY application.id, decision.made_at
"""


def _files(which):
    """Closed files somebody has checked or that are overdue, by one of their checks."""
    return f"""
SELECT application.station_id, closing.id, closing.closed_on AS day, application.id AS shown,
       coalesce((
           SELECT outcome FROM casework_filereview
           WHERE closing_id = closing.id ORDER BY {which} LIMIT 1
       ), closing.file_check) IN ('{_PASSED}') AS is_counted
FROM casework_closing AS closing
JOIN casework_application AS application ON application.id = closing.application_id
WHERE application.station_id = ANY(%(stations)s)
  AND closing.closed_on BETWEEN %(first)s AND %(through)s
  AND (closing.checked_on IS NOT NULL
       OR EXISTS (SELECT 1 FROM casework_filereview WHERE closing_id = closing.id)
       OR closing.materials_on IS NULL AND closing.closed_on + 30 <= %(through)s)
"""


_CALLED = f"""
EXISTS (SELECT 1 FROM casework_followup AS call
        WHERE call.application_id = application.id AND call.called_at IS NOT NULL
          AND {_local("call.called_at")} <= %(through)s)
"""
_PASSED = "', '".join(check for check in FileCheck if check != FileCheck.FAILED)
_SUBSTANTIATED = "', '".join(sorted(SUBSTANTIATED))

ROWS = {
    "entries_complete": _entries(_IS_COMPLETE),
    "entries_timely": _entries("working_days_late <= %(on_time)s"),
    # Clock 7: forwarded by its day. A clock that stopped because nothing was left to forward (the
    # applicant withdrew) is no forwarding; one on trial is not scored.
    "forwarded_on_time": f"""
SELECT application.station_id, clock.id, clock.due_on AS day, application.id AS shown,
       coalesce({_local("clock.stopped_at")} <= clock.due_on, false) AS is_counted
FROM casework_deadline AS clock
JOIN casework_application AS application ON application.id = clock.application_id
WHERE application.station_id = ANY(%(stations)s) AND clock.number = {FORWARDING}
  AND NOT clock.is_shadow AND clock.due_on BETWEEN %(first)s AND %(through)s
  AND (clock.stopped_at IS NULL OR EXISTS (
      SELECT 1 FROM casework_applicationevent AS event
      WHERE event.application_id = application.id AND event.move = '{ApplicationMove.FORWARD}'
        AND {_local("event.made_at")} = {_local("clock.stopped_at")}))
""",
    # The center decided late, and the station had forwarded late before.
    "center_made_late": f"""
SELECT DISTINCT ON (application.id) application.station_id, application.id, clock.due_on AS day,
       application.id AS shown, true AS is_counted
FROM casework_deadline AS clock
JOIN casework_application AS application ON application.id = clock.application_id
JOIN casework_deadline AS before ON before.application_id = application.id
WHERE application.station_id = ANY(%(stations)s) AND clock.number = {DECISION}
  AND clock.due_on BETWEEN %(first)s AND %(through)s
  AND (clock.stopped_at IS NULL OR {_local("clock.stopped_at")} > clock.due_on)
  AND before.number = {FORWARDING} AND NOT before.is_shadow AND before.due_on <= %(through)s
  AND (before.stopped_at IS NULL OR {_local("before.stopped_at")} > before.due_on)
ORDER BY application.id, clock.due_on
""",
    # Each forwarding that did not come back.
    "forwarded_not_returned": f"""
SELECT station_id, id, day, shown, next_move IS DISTINCT FROM '{ApplicationMove.RETURN}' AS is_counted
FROM (
    SELECT application.station_id, event.id, {_local("event.made_at")} AS day,
           application.id AS shown, event.move,
           lead(event.move) OVER (
               PARTITION BY event.application_id ORDER BY event.made_at, event.id
           ) AS next_move
    FROM casework_applicationevent AS event
    JOIN casework_application AS application ON application.id = event.application_id
    WHERE application.station_id = ANY(%(stations)s)
      AND event.move IN ('{ApplicationMove.FORWARD}', '{ApplicationMove.RETURN}')
) AS moves
WHERE move = '{ApplicationMove.FORWARD}' AND day BETWEEN %(first)s AND %(through)s
""",
    # Decisions that went the way the station had proposed.
    "opinions_agreed": f"""
SELECT made.station_id, made.application_id AS id, {_local("made.made_at")} AS day,
       made.application_id AS shown, opinion.conclusion = made.kind AS is_counted
FROM ({_MADE}) AS made
JOIN LATERAL (
    SELECT conclusion FROM casework_opinion
    WHERE application_id = made.application_id AND signed_at <= made.made_at
    ORDER BY signed_at DESC, id DESC LIMIT 1
) AS opinion ON true
WHERE {_local("made.made_at")} BETWEEN %(first)s AND %(through)s
""",
    # Asked a second time for what could have been asked first (LAL 43).
    "asked_again": """
SELECT DISTINCT ON (application.id) application.station_id, application.id,
       notice.served_on AS day, application.id AS shown, true AS is_counted
FROM casework_supplementnotice AS notice
JOIN casework_application AS application ON application.id = notice.application_id
WHERE application.station_id = ANY(%(stations)s) AND notice.round > 1
  AND notice.was_foreseeable AND notice.served_on BETWEEN %(first)s AND %(through)s
ORDER BY application.id, notice.served_on
""",
    # Rules 5.2 leave open which check counts, and which cases are to be followed up: a standard
    # chooses (`assessment.counting.facts.READINGS`).
    "files_complete": _files("checked_on, id"),
    "files_complete_now": _files("checked_on DESC, id DESC"),
    "followed_up": f"""
SELECT application.station_id, decision.id, {_local("decision.made_at")} AS day,
       application.id AS shown, {_CALLED} AS is_counted
FROM casework_decision AS decision
JOIN casework_application AS application ON application.id = decision.application_id
WHERE application.station_id = ANY(%(stations)s) AND decision.kind = '{DecisionKind.GRANT}'
  AND decision.state = '{DecisionState.MADE}'
  AND {_local("decision.made_at")} BETWEEN %(first)s AND %(through)s
""",
    "closed_followed_up": f"""
SELECT application.station_id, closing.id, closing.closed_on AS day, application.id AS shown,
       {_CALLED} AS is_counted
FROM casework_closing AS closing
JOIN casework_application AS application ON application.id = closing.application_id
WHERE application.station_id = ANY(%(stations)s)
  AND closing.closed_on BETWEEN %(first)s AND %(through)s
""",
    "grants": _granted("%(first)s", "%(through)s"),
    # The same days of the year before, so that a year that still runs compares like with like.
    "grants_before": _granted(
        "(%(first)s::date - interval '1 year')::date",
        "(%(through)s::date - interval '1 year')::date",
    ),
    # Refusals the bureau ordered corrected, where the station had proposed to refuse (rules 5.2).
    "refusals_overturned": f"""
SELECT application.station_id, objection.id, {_local("objection.decided_at")} AS day,
       application.id AS shown, true AS is_counted
FROM casework_objection AS objection
JOIN casework_decision AS decision ON decision.id = objection.decision_id
JOIN casework_application AS application ON application.id = decision.application_id
WHERE application.station_id = ANY(%(stations)s) AND decision.kind = '{DecisionKind.REFUSE}'
  AND objection.outcome = '{ObjectionOutcome.CORRECTED}'
  AND {_local("objection.decided_at")} BETWEEN %(first)s AND %(through)s
  AND (SELECT conclusion FROM casework_opinion
       WHERE application_id = application.id AND signed_at <= decision.made_at
       ORDER BY signed_at DESC, id DESC LIMIT 1) = '{DecisionKind.REFUSE}'
""",
    "months_on_time": f"""
SELECT station_id, id, month AS day, id AS shown,
       coalesce({_local("first_sent_at")} <= due_on, false) AS is_counted
FROM casework_monthlyreport
WHERE station_id = ANY(%(stations)s) AND month BETWEEN %(first)s AND %(through)s
  AND (due_on <= %(through)s OR first_sent_at IS NOT NULL)
""",
    "months_a_little_late": f"""
SELECT station_id, id, month AS day, id AS shown,
       coalesce({_local("first_sent_at")} > due_on
                AND {_local("first_sent_at")} <= due_on + 10, false) AS is_counted
FROM casework_monthlyreport
WHERE station_id = ANY(%(stations)s) AND month BETWEEN %(first)s AND %(through)s
  AND (due_on <= %(through)s OR first_sent_at IS NOT NULL)
""",
    # Months with a signal of 关注 or 重大 whose analysis, which carries it to the county, came late;
    # months never sent, with entries somebody marked as sensitive.
    "signals_missed": f"""
SELECT station_id, id, month AS day, id AS shown,
       first_sent_at IS NULL OR {_local("first_sent_at")} > due_on AS is_counted
FROM casework_monthlyreport AS report
WHERE station_id = ANY(%(stations)s) AND month BETWEEN %(first)s AND %(through)s
  AND (figures IS NOT NULL AND jsonb_path_exists(figures, '{_SIGNAL}')
       OR first_sent_at IS NULL AND due_on <= %(through)s AND EXISTS (
           SELECT 1 FROM casework_registerentry AS entry
           WHERE entry.station_id = report.station_id AND entry.voided_at IS NULL
             AND entry.sensitive <> 'none' AND entry.occurred_on >= report.month
             AND entry.occurred_on < report.month + interval '1 month'))
""",
    # The same by signals: each of 关注 or 重大 on its own, and each sensitive entry of a month that
    # was never sent.
    "signals_missed_each": f"""
SELECT report.station_id, report.id, report.month AS day, report.id AS shown,
       report.first_sent_at IS NULL
           OR {_local("report.first_sent_at")} > report.due_on AS is_counted
FROM casework_monthlyreport AS report
CROSS JOIN LATERAL jsonb_path_query(report.figures, '{_SIGNAL}') AS signal
WHERE report.station_id = ANY(%(stations)s) AND report.month BETWEEN %(first)s AND %(through)s
UNION ALL
SELECT report.station_id, entry.id, report.month AS day, report.id AS shown, true AS is_counted
FROM casework_monthlyreport AS report
JOIN casework_registerentry AS entry
  ON entry.station_id = report.station_id AND entry.voided_at IS NULL
 AND entry.sensitive <> 'none' AND entry.occurred_on >= report.month
 AND entry.occurred_on < report.month + interval '1 month'
WHERE report.station_id = ANY(%(stations)s) AND report.month BETWEEN %(first)s AND %(through)s
  AND report.first_sent_at IS NULL AND report.due_on <= %(through)s
  AND NOT coalesce(jsonb_path_exists(report.figures, '{_SIGNAL}'), false)
""",
    "typical_cases": f"""
SELECT application.station_id, typical.id, {_local("typical.reviewed_at")} AS day,
       typical.id AS shown, true AS is_counted
FROM casework_typicalcase AS typical
JOIN casework_application AS application ON application.id = typical.application_id
WHERE application.station_id = ANY(%(stations)s)
  AND typical.state = '{TypicalCaseState.PUBLISHED}'
  AND {_local("typical.reviewed_at")} BETWEEN %(first)s AND %(through)s
""",
    # Letters from elsewhere that the station answers; to say that it cannot be done is an answer.
    "cooperation_on_time": f"""
SELECT handled_at_id AS station_id, id, due_on AS day, id AS shown,
       coalesce(replied_on <= due_on, false) AS is_counted
FROM casework_cooperationletter
WHERE handled_at_id = ANY(%(stations)s) AND direction = '{CooperationDirection.IN}'
  AND due_on BETWEEN %(first)s AND %(through)s
""",
    "complaints_substantiated": f"""
SELECT about_station_id AS station_id, id, decided_on AS day, id AS shown, true AS is_counted
FROM casework_complaint
WHERE about_station_id = ANY(%(stations)s) AND outcome IN ('{_SUBSTANTIATED}')
  AND decided_on BETWEEN %(first)s AND %(through)s
""",
    "satisfied": f"""
SELECT station_id, id, answered_on AS day, id AS shown,
       satisfaction = '{Satisfaction.SATISFIED}' AS is_counted
FROM casework_satisfactionanswer
WHERE station_id = ANY(%(stations)s) AND source = '{SatisfactionSource.CODE}'
  AND answered_on BETWEEN %(first)s AND %(through)s
""",
}
