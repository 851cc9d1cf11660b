"""The counts of a county's year by hand: one statement, (fact, station, value, of how many)."""

STATEMENT = """
WITH here AS MATERIALIZED (
    SELECT id, county_id, township_id FROM stations_station WHERE county_id = %(county)s
), ends AS MATERIALIZED (
    SELECT (m + interval '1 month' - interval '1 day')::date AS day
    FROM generate_series(%(first)s::date, %(last)s::date, interval '1 month') AS m
    WHERE m + interval '1 month' - interval '1 day' <= %(last)s
), entries AS MATERIALIZED (
    SELECT station_id, extract(month FROM occurred_on) AS month, occurred_on >= %(first)s AS is_year,
           (recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS typed, count(*) AS entries,
           count(*) FILTER (WHERE statement <> '' AND answer <> '' AND disposal <> ''
               AND answered_at IS NOT NULL AND receiver_name <> '' AND (
                   channel NOT IN ('call', 'visit') OR is_told_of_right AND (is_anonymous
                       OR sex <> '' AND people_groups <> '{}' AND CASE channel
                           WHEN 'call' THEN phone_hash <> '' ELSE village_id IS NOT NULL END))
           ) AS complete,
           count(*) FILTER (WHERE working_days_late <= 1) AS timely
    FROM casework_registerentry JOIN here ON here.id = station_id
    WHERE voided_at IS NULL AND occurred_on BETWEEN %(first)s::date - 56 AND %(last)s
    GROUP BY 1, 2, 3, 4
), files AS MATERIALIZED (
    SELECT a.id, a.station_id, (a.received_at AT TIME ZONE 'Asia/Shanghai')::date AS received_on
    FROM casework_application AS a JOIN here ON here.id = a.station_id
), clocks AS MATERIALIZED (
    SELECT d.application_id, f.station_id, d.number, d.due_on, d.is_shadow,
           (d.stopped_at AT TIME ZONE 'Asia/Shanghai')::date AS stopped_on
    FROM casework_deadline AS d JOIN files AS f ON f.id = d.application_id
    WHERE d.number IN (7, 9) AND d.due_on <= %(last)s
), moves AS MATERIALIZED (
    SELECT e.application_id, f.station_id, e.move,
           (e.made_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
           lead(e.move) OVER (PARTITION BY e.application_id ORDER BY e.made_at, e.id) AS next_move
    FROM casework_applicationevent AS e JOIN files AS f ON f.id = e.application_id
    WHERE e.move IN ('forward', 'return_to_station')
), made AS MATERIALIZED (
    SELECT DISTINCT ON (d.application_id) d.application_id, f.station_id, d.kind, d.made_at,
           (d.made_at AT TIME ZONE 'Asia/Shanghai')::date AS day
    FROM casework_decision AS d JOIN files AS f ON f.id = d.application_id
    WHERE d.state = 'made' AND d.kind IN ('grant', 'refuse', 'provide_first')
    ORDER BY d.application_id, d.made_at
), slots AS MATERIALIZED (
    SELECT s.id, s.station_id, s.signed_in_at, s.absence, s.stands_in_for_id, s.worker_id
    FROM stations_dutyslot AS s JOIN here ON here.id = s.station_id
    JOIN stations_dutymonth AS m ON m.id = s.duty_month_id AND m.published_at IS NOT NULL
    WHERE s.day BETWEEN %(first)s AND %(last)s
), reports AS MATERIALIZED (
    SELECT r.*, (r.first_sent_at AT TIME ZONE 'Asia/Shanghai')::date AS sent_on
    FROM casework_monthlyreport AS r JOIN here ON here.id = r.station_id
    WHERE r.month BETWEEN %(first)s AND %(last)s
)
SELECT 'entries_complete', station_id, sum(complete), sum(entries) FROM entries WHERE is_year
GROUP BY 2
UNION ALL
SELECT 'entries_timely', station_id, sum(timely), sum(entries) FROM entries WHERE is_year
GROUP BY 2
UNION ALL
SELECT 'active_days', station_id, count(DISTINCT day), NULL FROM (
    SELECT station_id, typed AS day FROM entries
    UNION SELECT station_id, (stated_at AT TIME ZONE 'Asia/Shanghai')::date FROM casework_novisitday
    UNION SELECT station_id, received_on FROM files) AS used
WHERE day BETWEEN %(first)s AND %(last)s AND station_id IN (SELECT id FROM here)
  AND (extract(isodow FROM day) < 6 AND day NOT IN (SELECT day FROM stations_dayoff WHERE is_off)
       OR day IN (SELECT day FROM stations_dayoff WHERE NOT is_off))
GROUP BY 2
UNION ALL
SELECT 'silent_months', here.id, count(*), NULL FROM here CROSS JOIN ends
WHERE NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.station_id = here.id AND e.is_year
                  AND e.month = extract(month FROM ends.day))
  AND NOT EXISTS (SELECT 1 FROM casework_novisitday AS n WHERE n.station_id = here.id
                  AND date_trunc('month', n.day) = date_trunc('month', ends.day))
GROUP BY 2
UNION ALL
SELECT 'forwarded_on_time', c.station_id, count(*) FILTER (WHERE c.stopped_on <= c.due_on), count(*)
FROM clocks AS c
WHERE c.number = 7 AND NOT c.is_shadow AND c.due_on >= %(first)s
  AND (c.stopped_on IS NULL OR EXISTS (SELECT 1 FROM moves AS m
       WHERE m.application_id = c.application_id AND m.move = 'forward' AND m.day = c.stopped_on))
GROUP BY 2
UNION ALL
SELECT 'center_made_late', nine.station_id, count(DISTINCT nine.application_id), NULL
FROM clocks AS nine JOIN clocks AS seven ON seven.application_id = nine.application_id
WHERE nine.number = 9 AND nine.due_on >= %(first)s AND seven.number = 7 AND NOT seven.is_shadow
  AND (nine.stopped_on IS NULL OR nine.stopped_on > nine.due_on)
  AND (seven.stopped_on IS NULL OR seven.stopped_on > seven.due_on)
GROUP BY 2
UNION ALL
SELECT 'forwarded_not_returned', station_id,
       count(*) FILTER (WHERE next_move IS DISTINCT FROM 'return_to_station'), count(*)
FROM moves WHERE move = 'forward' AND day BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'opinions_agreed', made.station_id, count(*) FILTER (WHERE o.conclusion = made.kind), count(*)
FROM made JOIN (
    SELECT DISTINCT ON (o.application_id) o.application_id, o.conclusion
    FROM casework_opinion AS o JOIN made ON made.application_id = o.application_id
    WHERE o.signed_at <= made.made_at ORDER BY o.application_id, o.signed_at DESC, o.id DESC
) AS o ON o.application_id = made.application_id
WHERE made.day BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'asked_again', f.station_id, count(DISTINCT f.id), NULL
FROM casework_supplementnotice AS n JOIN files AS f ON f.id = n.application_id
WHERE n.round > 1 AND n.was_foreseeable AND n.served_on BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'files_complete', f.station_id,
       count(*) FILTER (WHERE coalesce(r.outcome, c.file_check) IN ('excellent', 'good', 'passed')),
       count(*)
FROM casework_closing AS c JOIN files AS f ON f.id = c.application_id
LEFT JOIN LATERAL (SELECT outcome FROM casework_filereview WHERE closing_id = c.id
                   ORDER BY checked_on, id LIMIT 1) AS r ON true
WHERE c.closed_on BETWEEN %(first)s AND %(last)s
  AND (c.checked_on IS NOT NULL OR r.outcome IS NOT NULL
       OR c.materials_on IS NULL AND c.closed_on + 30 <= %(last)s) GROUP BY 2
UNION ALL
SELECT 'followed_up', f.station_id, count(*) FILTER (WHERE call.id IS NOT NULL), count(*)
FROM casework_decision AS d JOIN files AS f ON f.id = d.application_id
LEFT JOIN (SELECT DISTINCT application_id AS id FROM casework_followup
           WHERE called_at IS NOT NULL) AS call ON call.id = f.id
WHERE d.kind = 'grant' AND d.state = 'made'
  AND (d.made_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'months_on_time', station_id, count(*) FILTER (WHERE sent_on <= due_on), count(*)
FROM reports WHERE due_on <= %(last)s OR sent_on IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'months_a_little_late', station_id,
       count(*) FILTER (WHERE sent_on - due_on BETWEEN 1 AND 10), count(*)
FROM reports WHERE due_on <= %(last)s OR sent_on IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'signals_missed', station_id, count(*) FILTER (WHERE sent_on > due_on),
       count(*)
FROM reports WHERE figures @> '{"signals": [{"level": "watch"}]}'
  OR figures @> '{"signals": [{"level": "grave"}]}' GROUP BY 2
UNION ALL
SELECT 'satisfied', station_id, count(*) FILTER (WHERE satisfaction = 'satisfied'), count(*)
FROM casework_satisfactionanswer JOIN here ON here.id = station_id
WHERE source = 'code' AND answered_on BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'typical_cases', f.station_id, count(*), NULL
FROM casework_typicalcase AS t JOIN files AS f ON f.id = t.application_id
WHERE t.state = 'published'
  AND (t.reviewed_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'cooperation_on_time', handled_at_id, count(*) FILTER (WHERE replied_on <= due_on), count(*)
FROM casework_cooperationletter JOIN here ON here.id = handled_at_id
WHERE direction = 'in' AND due_on BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'complaints_substantiated', about_station_id, count(*), NULL
FROM casework_complaint JOIN here ON here.id = about_station_id
WHERE outcome IN ('punished', 'corrected') AND decided_on BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'head_months', here.id, count(DISTINCT ends.day) FILTER (WHERE a.id IS NOT NULL),
       count(DISTINCT ends.day)
FROM here CROSS JOIN ends LEFT JOIN stations_appointment AS a ON a.station_id = here.id
  AND a.role = 'head' AND a.from_on <= ends.day AND coalesce(a.to_on, 'infinity') >= ends.day
GROUP BY 2
UNION ALL
SELECT 'village_coverage', here.id, count(l.id), count(*)
FROM here CROSS JOIN ends
JOIN stations_division AS v ON v.parent_id = here.township_id
LEFT JOIN stations_liaison AS l ON l.village_id = v.id AND l.appointed_from <= ends.day
  AND coalesce(l.appointed_to, 'infinity') >= ends.day
GROUP BY 2
UNION ALL
SELECT 'liaisons_trained', l.station_id, count(DISTINCT l.id) FILTER (WHERE s.id IS NOT NULL),
       count(DISTINCT l.id)
FROM stations_liaison AS l JOIN here ON here.id = l.station_id
LEFT JOIN stations_attendance AS p ON p.liaison_id = l.id AND p.struck_at IS NULL
LEFT JOIN stations_trainingsession AS s ON s.id = p.session_id AND s.voided_at IS NULL
  AND s."on" BETWEEN %(first)s AND %(last)s
WHERE l.appointed_from <= %(last)s AND coalesce(l.appointed_to, 'infinity') >= %(last)s GROUP BY 2
UNION ALL
SELECT 'staff_trained', station_id, count(*) FILTER (WHERE hours >= %(hours)s), count(*) FROM (
    SELECT a.station_id, a.user_id, sum(s.hours) AS hours
    FROM stations_appointment AS a JOIN here ON here.id = a.station_id
    LEFT JOIN stations_attendance AS p ON p.user_id = a.user_id AND p.struck_at IS NULL
    LEFT JOIN stations_trainingsession AS s ON s.id = p.session_id AND s.voided_at IS NULL
      AND s."on" BETWEEN %(first)s AND %(last)s
    WHERE a.role IN ('head', 'clerk') AND a.from_on <= %(last)s
      AND coalesce(a.to_on, 'infinity') >= %(last)s
    GROUP BY 1, 2) AS staff GROUP BY 2
UNION ALL
SELECT 'rule_sets', station_id, count(DISTINCT kind), NULL
FROM stations_adoption JOIN here ON here.id = station_id
WHERE in_force_from <= %(last)s AND coalesce(ended_on, 'infinity') > %(last)s GROUP BY 2
UNION ALL
SELECT 'duty_attended', s.station_id, count(s.signed_in_at), count(*)
FROM slots AS s
WHERE s.worker_id IS NOT NULL AND (s.absence = ''
      OR NOT EXISTS (SELECT 1 FROM slots AS o WHERE o.stands_in_for_id = s.id)) GROUP BY 2
UNION ALL
SELECT 'duty_missed', station_id, count(*), NULL FROM slots WHERE absence = 'untold' GROUP BY 2
UNION ALL
SELECT 'publicity_events', e.station_id, count(DISTINCT e.id), NULL
FROM stations_publicityevent AS e JOIN here ON here.id = e.station_id
JOIN stations_publicityevent_photos AS p ON p.publicityevent_id = e.id
WHERE e.voided_at IS NULL AND e."on" BETWEEN %(first)s AND %(last)s GROUP BY 2
UNION ALL
SELECT 'postings_current', p.station_id,
       count(*) FILTER (WHERE coalesce(look.finding, 'fine') = 'fine'
           AND coalesce(look.checked_on, p.posted_on) >= %(last)s::date - 365
           AND NOT EXISTS (SELECT 1 FROM stations_poster AS n WHERE n.station_id = p.station_id
               AND n.item = p.item AND n.id > o.id AND n.digest <> o.digest
               AND n.live_from <= %(last)s)), NULL
FROM stations_posting AS p JOIN here ON here.id = p.station_id
JOIN stations_poster AS o ON o.id = p.poster_id
LEFT JOIN LATERAL (SELECT c.finding, c.checked_on FROM stations_wallcheck AS c
    WHERE c.posting_id = p.id AND c.checked_on <= %(last)s
    ORDER BY c.checked_on DESC, c.id DESC LIMIT 1) AS look ON true
WHERE p.item <> 'privacy' AND p.posted_on <= %(last)s
  AND coalesce(p.taken_down_on, 'infinity') > %(last)s
GROUP BY 2
UNION ALL
SELECT 'duty_team_months', here.id, count(*) FILTER (WHERE team.people >= 2), count(*)
FROM here CROSS JOIN ends CROSS JOIN LATERAL (
    SELECT count(DISTINCT w.id) AS people FROM stations_aidworker AS w
    LEFT JOIN stations_aidworker_duty_stations AS d ON d.aidworker_id = w.id
    WHERE w.stands_duty AND w.joined_on <= ends.day AND coalesce(w.left_on, 'infinity') > ends.day
      AND coalesce(w.licence_to, 'infinity') >= ends.day
      AND (d.station_id = here.id OR d.station_id IS NULL)) AS team
GROUP BY 2
"""
