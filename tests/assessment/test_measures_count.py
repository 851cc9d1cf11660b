"""Every computed point stands on rows: plain SQL over a made year gives the same points.

The statements here were written from rules 5.2 alone, each by itself, and the points are worked
out beside them; nothing of the assessment is used but the score it wrote.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from django.db import connection

from assessment import running, standard
from assessment.counting import proofs
from assessment.counting.facts import FACTS
from assessment.models import Score, Sheet, Year
from assessment.terms import Mode
from casework.analysis import station_year
from tests.assessment.made_year import TODAY, YEAR, MadeYear, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(station, next_station, clerk, head, reviewer, director, officer):
    return MadeYear(
        station, clerk=clerk, head=head, reviewer=reviewer, director=director, officer=officer
    ).write()


@pytest.fixture
def year(county, officer):
    draft = standard.adopt_default(county, by=officer)
    return Year.objects.create(
        county=county,
        year=YEAR,
        standard=standard.put_to_use(draft, year_from=YEAR, by=officer),
        first_day=on(1, 1),
        last_day=on(12, 31),
        opened_by=officer,
    )


def one(statement, **values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def rounded(points):
    """To 2 decimals, half up."""
    exact = Decimal(points.numerator) / Decimal(points.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def ramp(share, low, high, least, most):
    if share < low:
        return Fraction(0)
    return least + (min(share, high) - low) / (high - low) * (most - least)


def clipped(points, most):
    return max(Fraction(0), min(Fraction(points), Fraction(most)))


TZ = "AT TIME ZONE 'Asia/Shanghai'"
MONTH_ENDS = (
    "(SELECT (date '2025-01-01' + n * interval '1 month' + interval '1 month' - interval '1 day')"
    "::date AS day FROM generate_series(0, 11) AS n) AS ends"
)


def t1(s):
    (heads,) = one(
        f"""SELECT count(DISTINCT ends.day) FROM {MONTH_ENDS}, stations_appointment AS a
        WHERE a.station_id = %(s)s AND a.role = 'head' AND a.from_on <= ends.day
          AND coalesce(a.to_on, 'infinity') >= ends.day""",
        s=s,
    )
    (staffed,) = one(
        f"""SELECT count(DISTINCT ends.day) FROM {MONTH_ENDS}, stations_appointment AS a,
             stations_staffterms AS t
        WHERE a.station_id = %(s)s AND a.role = 'clerk' AND a.from_on <= ends.day
          AND t.appointment_id = a.id AND t.basis = 'full_time' AND t.from_on <= ends.day""",
        s=s,
    )
    assert (heads, staffed) == (9, 9)
    return Fraction(heads, 12) * 2 + Fraction(staffed, 12) * 2


def t2(s):
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT ends.day, count(l.id), count(v.id) FROM {MONTH_ENDS}
            CROSS JOIN stations_division AS v
            JOIN stations_station AS s ON s.township_id = v.parent_id AND s.id = %(s)s
            LEFT JOIN stations_liaison AS l ON l.village_id = v.id
              AND l.appointed_from <= ends.day AND coalesce(l.appointed_to, 'infinity') >= ends.day
            GROUP BY 1""",
            {"s": s},
        )
        shares = [Fraction(covered, villages) for _day, covered, villages in cursor.fetchall()]
    assert len(shares) == 12
    return ramp(sum(shares) / 12, Fraction(4, 5), Fraction(1), 3, 6)


def t3(s):
    (enough,) = one(
        f"""SELECT count(*) FROM {MONTH_ENDS} WHERE (
            SELECT count(*) FROM stations_aidworker AS w
            WHERE w.stands_duty AND w.joined_on <= ends.day
              AND coalesce(w.left_on, 'infinity') > ends.day
              AND coalesce(w.licence_to, 'infinity') >= ends.day
              AND w.name <> '基层丁') >= 2"""
    )
    # 甲 and 丙 from January, 甲 and 乙 from July to September, 甲 alone from October on.
    assert enough == 9
    # At the year's end 乙's licence has run out and no grassroots worker is left.
    return Fraction(enough, 12) * 3 + 0 + 0


def t4(s):
    trained, staff = one(
        """SELECT count(*) FILTER (WHERE hours >= 12), count(*) FROM (
            SELECT a.user_id, (SELECT sum(e.hours) FROM stations_attendance AS p
                JOIN stations_trainingsession AS e ON e.id = p.session_id
                WHERE p.user_id = a.user_id AND p.struck_at IS NULL AND e.voided_at IS NULL
                  AND e."on" BETWEEN '2025-01-01' AND '2025-12-31') AS hours
            FROM stations_appointment AS a
            WHERE a.station_id = %(s)s AND a.role IN ('head', 'clerk')
              AND coalesce(a.to_on, 'infinity') >= '2025-12-31') AS people""",
        s=s,
    )
    present, liaisons = one(
        """SELECT count(DISTINCT p.liaison_id), count(DISTINCT l.id)
        FROM stations_liaison AS l
        LEFT JOIN stations_attendance AS p ON p.liaison_id = l.id AND p.struck_at IS NULL
        WHERE l.station_id = %(s)s AND l.appointed_to IS NULL""",
        s=s,
    )
    assert (trained, staff, present, liaisons) == (1, 2, 1, 2)
    return Fraction(trained, staff) * 3 + Fraction(present, liaisons) * 3


def t5(s):
    (kinds,) = one(
        """SELECT count(DISTINCT kind) FROM stations_adoption
        WHERE station_id = %(s)s AND in_force_from <= '2025-12-31' AND ended_on IS NULL""",
        s=s,
    )
    assert kinds == 4
    return Fraction(kinds, 7) * 2


def s1(s):
    signed, scheduled = one(
        """SELECT count(d.signed_in_at), count(*) FROM stations_dutyslot AS d
        JOIN stations_dutymonth AS m ON m.id = d.duty_month_id
        WHERE d.station_id = %(s)s AND m.published_at IS NOT NULL AND d.id NOT IN (
            SELECT stands_in_for_id FROM stations_dutyslot
            WHERE stands_in_for_id IS NOT NULL AND worker_id IS NOT NULL)""",
        s=s,
    )
    (missed,) = one(
        "SELECT count(*) FROM stations_dutyslot WHERE station_id = %(s)s AND absence = 'untold'",
        s=s,
    )
    assert (signed, scheduled, missed) == (19, 21, 1)
    return ramp(
        Fraction(signed, scheduled), Fraction(9, 10), Fraction(98, 100), 3, 6
    ) - Fraction(missed, 2)


def s2(s):
    (count,) = one(
        """SELECT count(*) FROM casework_complaint WHERE about_station_id = %(s)s
        AND outcome IN ('punished', 'corrected') AND extract(year FROM decided_on) = 2025""",
        s=s,
    )
    assert count == 1
    return 5 - Fraction(5, 2) * count


def s3(s):
    satisfied, answers = one(
        """SELECT count(*) FILTER (WHERE satisfaction = 'satisfied'), count(*)
        FROM casework_satisfactionanswer WHERE station_id = %(s)s AND source = 'code'
        AND extract(year FROM answered_on) = 2025""",
        s=s,
    )
    assert (satisfied, answers) == (7, 8)
    # More than a tenth of the 39 entries and 16 applications.
    return ramp(Fraction(satisfied, answers), Fraction(8, 10), Fraction(95, 100), 2, 4)


def s4(s):
    (count,) = one(
        """SELECT count(DISTINCT n.application_id) FROM casework_supplementnotice AS n
        JOIN casework_application AS a ON a.id = n.application_id
        WHERE a.station_id = %(s)s AND n.round >= 2 AND n.was_foreseeable""",
        s=s,
    )
    assert count == 1
    return 3 - Fraction(1, 2) * count


ENTRIES = (
    "FROM casework_registerentry WHERE station_id = %(s)s AND voided_at IS NULL"
    " AND extract(year FROM occurred_on) = 2025"
)


def b1(s):
    lacking, entries = one(
        f"""SELECT count(*) FILTER (WHERE answer = '' OR channel = 'call' AND phone_hash = ''),
                   count(*) {ENTRIES}""",
        s=s,
    )
    (months,) = one(
        f"""SELECT count(*) FROM generate_series(1, 12) AS n
        WHERE n NOT IN (SELECT extract(month FROM occurred_on) {ENTRIES})
          AND n NOT IN (SELECT extract(month FROM day) FROM casework_novisitday
                        WHERE station_id = %(s)s)""",
        s=s,
    )
    assert (lacking, entries, months) == (6, 39, 1)
    return ramp(
        1 - Fraction(lacking, entries), Fraction(8, 10), Fraction(98, 100), 0, 6
    ) - Fraction(months, 2)


def b2(s):
    timely, entries = one(
        f"SELECT count(*) FILTER (WHERE working_days_late <= 1), count(*) {ENTRIES}", s=s
    )
    return ramp(Fraction(timely, entries), Fraction(7, 10), Fraction(1), 0, 3)


APPLICATIONS = "casework_application AS a WHERE a.station_id = %(s)s"


def b3(s):
    late, all_of_them = one(
        f"""SELECT count(*) FILTER (
                   WHERE d.stopped_at IS NULL OR (d.stopped_at {TZ})::date > d.due_on), count(*)
        FROM casework_deadline AS d JOIN casework_application AS a ON a.id = d.application_id
        WHERE a.station_id = %(s)s AND d.number = 7 AND NOT d.is_shadow
          AND d.due_on <= '2025-12-31' AND a.status <> 'withdrawn'""",
        s=s,
    )
    (missed,) = one(
        f"""SELECT count(DISTINCT a.id) FROM casework_application AS a
        JOIN casework_deadline AS nine ON nine.application_id = a.id AND nine.number = 9
        JOIN casework_deadline AS seven ON seven.application_id = a.id AND seven.number = 7
        WHERE a.station_id = %(s)s AND (nine.stopped_at {TZ})::date > nine.due_on
          AND (seven.stopped_at {TZ})::date > seven.due_on""",
        s=s,
    )
    assert (late, all_of_them, missed) == (3, 13, 1)
    return (
        ramp(1 - Fraction(late, all_of_them), Fraction(8, 10), Fraction(1), 0, 7) - 2 * missed
    )


def b4(s):
    returned, forwarded = one(
        f"""SELECT count(*) FILTER (WHERE e.move = 'return_to_station'),
                   count(*) FILTER (WHERE e.move = 'forward')
        FROM casework_applicationevent AS e, {APPLICATIONS} AND e.application_id = a.id""",
        s=s,
    )
    agreed, decided = one(
        f"""SELECT count(*) FILTER (WHERE o.conclusion = d.kind), count(*)
        FROM casework_decision AS d, casework_opinion AS o, {APPLICATIONS}
          AND d.application_id = a.id AND o.application_id = a.id""",
        s=s,
    )
    assert (returned, forwarded, agreed, decided) == (2, 14, 10, 12)
    return 4 * (1 - Fraction(returned, forwarded)) - (
        Fraction(agreed, decided) < Fraction(9, 10)
    )


def b5(s):
    in_time, a_little_late, months = one(
        f"""SELECT count(*) FILTER (WHERE (first_sent_at {TZ})::date <= due_on),
                   count(*) FILTER (WHERE (first_sent_at {TZ})::date - due_on BETWEEN 1 AND 10),
                   count(*)
        FROM casework_monthlyreport WHERE station_id = %(s)s""",
        s=s,
    )
    assert (in_time, a_little_late, months) == (10, 1, 12)
    return Fraction(1, 2) * in_time + Fraction(1, 4) * a_little_late


def b6(s):
    (missed,) = one(
        """SELECT count(*) FROM casework_monthlyreport AS r WHERE station_id = %(s)s AND (
            (figures::text LIKE '%%"watch"%%' OR figures::text LIKE '%%"grave"%%')
               AND (first_sent_at AT TIME ZONE 'Asia/Shanghai')::date > due_on
            OR first_sent_at IS NULL AND EXISTS (
                SELECT 1 FROM casework_registerentry AS e WHERE e.station_id = r.station_id
                AND e.sensitive <> 'none' AND date_trunc('month', e.occurred_on) = r.month))""",
        s=s,
    )
    assert missed == 1
    return 3 - Fraction(3, 2) * missed


def b7(s):
    (events,) = one(
        """SELECT count(DISTINCT e.id) FROM stations_publicityevent AS e
        JOIN stations_publicityevent_photos AS p ON p.publicityevent_id = e.id
        WHERE e.station_id = %(s)s""",
        s=s,
    )
    assert events == 4
    return Fraction(events, 6) * 3


def b8(s):
    (accepted,) = one(
        """SELECT count(*) FROM casework_typicalcase AS t
        JOIN casework_application AS a ON a.id = t.application_id
        WHERE a.station_id = %(s)s AND t.state = 'published' AND t.reviewed_at < '2026-01-01'""",
        s=s,
    )
    assert accepted == 1
    return Fraction(accepted, 2) * 2


def b9(s):
    in_time, received = one(
        """SELECT count(*) FILTER (WHERE replied_on <= due_on), count(*)
        FROM casework_cooperationletter WHERE handled_at_id = %(s)s""",
        s=s,
    )
    assert (in_time, received) == (1, 3)
    return Fraction(in_time, received) * 2


def b10(s):
    failed_first, not_handed_in, closed = one(
        f"""SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM casework_filereview AS r
                   WHERE r.closing_id = c.id AND r.outcome = 'failed')),
                   count(*) FILTER (WHERE c.materials_on IS NULL), count(*)
        FROM casework_closing AS c, {APPLICATIONS} AND c.application_id = a.id""",
        s=s,
    )
    called, granted = one(
        f"""SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM casework_followup AS f
                   WHERE f.application_id = a.id AND f.called_at < '2026-01-01')), count(*)
        FROM casework_decision AS d, {APPLICATIONS} AND d.application_id = a.id
          AND d.kind = 'grant'""",
        s=s,
    )
    assert (failed_first, not_handed_in, closed, called, granted) == (1, 2, 6, 7, 10)
    return Fraction(closed - failed_first - not_handed_in, closed) * 3 + (
        Fraction(called, granted) >= Fraction(8, 10)
    )


def w3(s):
    (current,) = one(
        """SELECT count(*) FROM stations_posting AS p
        JOIN stations_poster AS o ON o.id = p.poster_id
        WHERE p.station_id = %(s)s AND p.item <> 'privacy' AND p.finding = 'fine'
          AND p.next_check_on >= '2025-12-31' AND NOT EXISTS (
              SELECT 1 FROM stations_poster AS n WHERE n.station_id = p.station_id
              AND n.item = p.item AND n.live_from > o.live_from)""",
        s=s,
    )
    assert current == 2
    return Fraction(current, 9) * 5


def w5(s):
    (days,) = one(
        f"""SELECT count(DISTINCT day) FROM (
            SELECT (recorded_at {TZ})::date AS day FROM casework_registerentry
            WHERE station_id = %(s)s AND voided_at IS NULL
            UNION SELECT (stated_at {TZ})::date FROM casework_novisitday WHERE station_id = %(s)s
            UNION SELECT (received_at {TZ})::date FROM casework_application
            WHERE station_id = %(s)s) AS used
        WHERE extract(isodow FROM day) < 6 AND extract(year FROM day) = 2025
          AND day NOT IN (SELECT day FROM stations_dayoff WHERE is_off)
           OR day IN (SELECT day FROM stations_dayoff WHERE NOT is_off)""",
        s=s,
    )
    (working,) = one(
        """SELECT count(*) FROM generate_series(date '2025-01-01', '2025-12-31', '1 day') AS day
        WHERE extract(isodow FROM day) < 6
          AND day NOT IN (SELECT day FROM stations_dayoff WHERE is_off)
           OR day IN (SELECT day FROM stations_dayoff WHERE NOT is_off)"""
    )
    return ramp(Fraction(days, working), Fraction(4, 10), Fraction(8, 10), 0, 2)


COUNTED = {
    "T1": (t1, 4), "T2": (t2, 6), "T3": (t3, 5), "T4": (t4, 6), "T5": (t5, 2),
    "S1": (s1, 6), "S2": (s2, 5), "S3": (s3, 4), "S4": (s4, 3),
    "B1": (b1, 6), "B2": (b2, 3), "B3": (b3, 7), "B4": (b4, 4), "B5": (b5, 6), "B6": (b6, 3),
    "B7": (b7, 3), "B8": (b8, 2), "B9": (b9, 2), "B10": (b10, 4),
    "W3": (w3, 5), "W5": (w5, 2),
}  # fmt: skip


# Facts no line of the default standard counts: (counted, of how many).
COUNTED_BESIDE = {
    "refusals_overturned": """SELECT count(*), count(*) FROM casework_objection AS o
        JOIN casework_decision AS d ON d.id = o.decision_id
        JOIN casework_application AS a ON a.id = d.application_id
        WHERE a.station_id = %(s)s AND o.outcome = 'corrected'""",
    "grants": f"""SELECT count(DISTINCT a.id), count(DISTINCT a.id) FROM casework_application AS a
        WHERE a.station_id = %(s)s AND EXISTS (SELECT 1 FROM casework_decision AS d
            WHERE d.application_id = a.id AND d.kind = 'grant' AND d.state = 'made'
              AND d.made_at >= '2025-01-01 00:00+08'
              AND (d.made_at {TZ})::date <= '2025-12-31')""",
    "grants_before": f"""SELECT count(*), count(*) FROM casework_decision AS d
        JOIN casework_application AS a ON a.id = d.application_id
        WHERE a.station_id = %(s)s AND d.kind = 'grant' AND d.state = 'made'
          AND extract(year FROM d.made_at {TZ}) = 2024""",
    "files_complete_now": """SELECT count(*) FILTER (WHERE last IN ('excellent', 'good', 'passed')), count(*)
        FROM (SELECT c.id, coalesce((SELECT r.outcome FROM casework_filereview AS r
                  WHERE r.closing_id = c.id AND NOT EXISTS (
                      SELECT 1 FROM casework_filereview AS later
                      WHERE later.closing_id = c.id
                        AND (later.checked_on, later.id) > (r.checked_on, r.id))
              ), c.file_check) AS last
            FROM casework_closing AS c JOIN casework_application AS a ON a.id = c.application_id
            WHERE a.station_id = %(s)s AND c.closed_on BETWEEN '2025-01-01' AND '2025-12-31'
              AND (c.checked_on IS NOT NULL OR c.materials_on IS NULL
                   AND c.closed_on <= date '2025-12-31' - 30)) AS files""",
    "closed_followed_up": f"""SELECT count(*) FILTER (WHERE called > 0), count(*)
        FROM (SELECT c.id, (SELECT count(*) FROM casework_followup AS f
                  WHERE f.application_id = c.application_id
                    AND (f.called_at {TZ})::date <= '2025-12-31') AS called
            FROM casework_closing AS c JOIN casework_application AS a ON a.id = c.application_id
            WHERE a.station_id = %(s)s AND c.closed_on BETWEEN '2025-01-01' AND '2025-12-31'
        ) AS closed""",
    # Answered in time in March, late in April, not at all in May.
    "slips_answered": """SELECT count(*) FILTER (WHERE e.is_in_time), count(*)
            FROM stations_questionslip AS s LEFT JOIN stations_questionslipevent AS e
              ON e.slip_id = s.id AND e.move = 'answer'
            WHERE s.station_id = %(s)s AND s.asked_side = 'county'""",
    "signals_missed_each": f"""SELECT count(*) FILTER (WHERE missed), count(*) FROM (
            SELECT m.first_sent_at IS NULL OR (m.first_sent_at {TZ})::date > m.due_on AS missed
            FROM casework_monthlyreport AS m,
                 jsonb_array_elements(coalesce(m.figures, '{{"signals": []}}') -> 'signals') AS g
            WHERE m.station_id = %(s)s AND g ->> 'level' IN ('watch', 'grave')
            UNION ALL
            SELECT true FROM casework_monthlyreport AS m, casework_registerentry AS e
            WHERE m.station_id = %(s)s AND e.station_id = m.station_id
              AND m.first_sent_at IS NULL AND m.due_on <= '2025-12-31'
              AND e.voided_at IS NULL AND e.sensitive <> 'none'
              AND to_char(e.occurred_on, 'YYYYMM') = to_char(m.month, 'YYYYMM')) AS signals""",
}


def test_plain_counts_give_the_points_that_were_computed(made, year):
    running.make_sheets(year)
    running.recompute(year, on=TODAY)

    sheet = Sheet.objects.get(year=year, station=made.station)
    computed = {
        score.indicator.code: score
        for score in Score.objects.filter(sheet=sheet).select_related("indicator")
        if score.indicator.mode != Mode.HAND
    }
    assert set(COUNTED) == set(computed)
    by_hand = {
        code: rounded(clipped(count(made.station.pk), most))
        for code, (count, most) in COUNTED.items()
    }
    assert {code: score.computed_points for code, score in computed.items()} == by_hand
    assert sheet.computed_on == on(12, 31)
    # The sum of what was computed; lines scored by hand are left out of it.
    assert sheet.total == sum(by_hand.values()).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert (sheet.unscored_points, sheet.grade) == (12, "")


def test_every_part_of_a_score_opens_rows_that_are_as_many_as_it_says(made, year):
    running.make_sheets(year)
    running.recompute(year, on=TODAY)
    sheet = Sheet.objects.get(year=year, station=made.station)

    opened = set()
    for score in sheet.scores.all():
        for part in score.computed_parts:
            proof = proofs.proof(sheet, part["fact"])
            opened.add(part["fact"])
            if FACTS[part["fact"]].is_mean:
                continue
            assert proof.counted == int(part["value"]), part["fact"]
            assert all(row.label and row.day for row in proof.rows)
    assert opened == set(FACTS) - set(COUNTED_BESIDE)
    # Facts of bonuses, deductions and of other readings, against plain counts of their own.
    for fact, statement in COUNTED_BESIDE.items():
        counted, total = one(statement, s=made.station.pk)
        proof = proofs.proof(sheet, fact)
        assert (proof.counted, proof.total) == (counted, total), fact
        assert [sheet.facts[fact][0], counted > 0] == [str(counted), fact != "grants_before"]
        assert all(row.label and row.day for row in proof.rows)


def test_the_year_before_is_counted_by_the_same_days(made, year):
    granted, _of = one(COUNTED_BESIDE["grants"], s=made.station.pk)
    by_june, _of = one(
        COUNTED_BESIDE["grants"].replace("2025-12-31", "2025-06-30"), s=made.station.pk
    )
    assert 0 < by_june < granted
    for through, wanted in ((on(12, 31), granted), (on(6, 30), by_june)):
        later = station_year(
            made.county, on(1, 1).replace(year=YEAR + 1), through.replace(year=YEAR + 1)
        )
        assert later[made.station.pk].tallies["grants_before"].value == wanted


def test_a_voided_wall_gets_nothing_and_an_empty_year_gets_what_the_rules_say(made, year):
    made.last_posting.checks.create(
        checked_on=on(8, 8), finding="personal", checked_by=made.officer
    )
    running.make_sheets(year)
    running.recompute(year, on=TODAY)

    def points(station):
        return {
            score.indicator.code: score
            for score in Score.objects.filter(sheet__station=station).select_related(
                "indicator"
            )
        }

    assert points(made.station)["W3"].computed_points == 0
    empty = points(made.county.stations.exclude(pk=made.station.pk).get())
    assert empty["B1"].computed_points == 0
    assert "nothing_there" in empty["B1"].computed_flags
    for code in ("S1", "S3", "B2", "B3", "B4", "B9"):
        assert empty[code].computed_points == empty[code].indicator.points
        assert "no_sample" in empty[code].computed_flags
    # Months are owed whether or not anybody opened them.
    assert empty["B5"].computed_points == 0
