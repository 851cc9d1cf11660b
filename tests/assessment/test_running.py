"""Running scores: idempotent, only while they follow the records, added up with cap and gains."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment import measures, running, scoring, standard
from assessment.models import Score, Sheet, Year
from assessment.terms import Grade, SheetStatus
from stations.models import DutySlot
from tests.assessment.made_year import TODAY, YEAR, MadeYear, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(station, next_station, clerk, head, reviewer, director, officer):
    return MadeYear(
        station, clerk=clerk, head=head, reviewer=reviewer, director=director, officer=officer
    ).write()


@pytest.fixture
def open_year(county, officer):
    def make(**parameters):
        draft = standard.adopt_default(county, by=officer)
        for name, value in parameters.items():
            setattr(draft, name, value)
        draft.save()
        year = Year.objects.create(
            county=county,
            year=YEAR,
            standard=standard.put_to_use(draft, year_from=YEAR, by=officer),
            first_day=on(1, 1),
            last_day=on(12, 31),
            opened_by=officer,
        )
        running.make_sheets(year)
        return year

    return make


def written(year):
    return list(
        Score.objects.filter(sheet__year=year)
        .order_by("pk")
        .values_list("pk", "computed_points", "computed_words", "sheet__computed_hash")
    )


def test_a_second_run_writes_nothing_and_a_new_row_is_seen_by_the_next(made, open_year):
    year = open_year()
    assert running.make_sheets(year) == 0
    assert running.recompute(year, on=TODAY) == 2
    before = written(year)

    with CaptureQueriesContext(connection) as asked:
        assert running.recompute(year, on=TODAY) == 0
    assert written(year) == before
    assert not [each for each in asked if each["sql"].startswith('UPDATE "assessment_s')]

    made._slot(6, 3, signed=False, absence="untold", replaced=False)
    assert running.recompute(year, on=TODAY) == 1
    lost = Score.objects.get(sheet__station=made.station, indicator__code="S1")
    assert "无故缺岗（次）：2" in lost.computed_words


def test_days_that_still_run_are_not_counted(made, open_year):
    year = open_year()
    running.recompute(year, on=on(4, 14))

    sheet = Sheet.objects.get(station=made.station)
    assert sheet.computed_on == on(4, 13)
    # The half-day of the 14th, which nobody stood, is of tomorrow's count.
    assert sheet.facts["duty_attended"] == ["18", "18", None]
    assert sheet.facts["head_months"] == ["3", "3", None]
    assert running.recompute(year, on=on(1, 1)) == 0


def test_an_absence_nobody_stood_in_for_is_a_half_day_not_stood(made, open_year):
    year = open_year()
    running.recompute(year, on=TODAY)
    sheet = Sheet.objects.get(station=made.station)
    stood, scheduled, _more = sheet.facts["duty_attended"]

    made._slot(6, 3, signed=False, absence="told", replaced=False)
    absent = DutySlot.objects.get(station=made.station, day=on(6, 3))
    DutySlot.objects.create(
        duty_month=absent.duty_month,
        station=made.station,
        day=absent.day,
        half=absent.half,
        why_open="无人可替",
        stands_in_for=absent,
    )
    running.recompute(year, on=TODAY)

    sheet.refresh_from_db()
    assert sheet.facts["duty_attended"] == [stood, str(int(scheduled) + 1), None]


def test_a_scored_sheet_no_longer_follows_the_records(made, open_year):
    year = open_year()
    running.recompute(year, on=TODAY)
    Sheet.objects.filter(station=made.station).update(status=SheetStatus.COUNTY_SCORED)
    before = written(year)

    made._slot(6, 3, signed=False, absence="untold", replaced=False)

    assert running.recompute(year, on=TODAY) == 0
    assert written(year) == before


def test_the_last_person_s_points_stand_and_a_grade_waits_for_all_lines(made, open_year):
    year = open_year()
    running.recompute(year, on=TODAY)
    sheet = Sheet.objects.get(station=made.station)
    computed = sheet.total

    for code, points in (("T6", 2), ("S5", 2), ("W1", 2), ("W2", 1), ("W4", 3)):
        sheet.scores.filter(indicator__code=code).update(
            self_points=points, county_points=points, county_against=points
        )
    running.add_up(year, sheets=[sheet])
    assert (sheet.total, sheet.unscored_points, sheet.grade) == (
        computed + 10,
        0,
        Grade.FAIL if computed < 50 else Grade.PASS,
    )

    sheet.scores.filter(indicator__code="W4").update(
        county_points=1, county_against=3, county_reason="没有读卡器"
    )
    sheet.scores.filter(indicator__code="W1").update(
        check_points=0, check_reason="没有固定场所"
    )
    running.add_up(year, sheets=[sheet])
    assert sheet.total == computed + 10 - 2 - 2


def test_the_cap_leaves_the_last_of_the_excellent_good(made, open_year):
    year = open_year(excellent_cap_percent=50)
    for sheet, points in zip(year.sheets.order_by("station__code"), (None, 1), strict=True):
        for score in sheet.scores.select_related("indicator"):
            lost = points if points and score.indicator.code == "B1" else 0
            Score.objects.filter(pk=score.pk).update(
                computed_points=score.indicator.points - lost
            )
    running.add_up(year)

    first, second = year.sheets.order_by("station__code")
    assert (first.total, first.grade, first.grade_reasons) == (100, Grade.EXCELLENT, [])
    assert (second.total, second.grade, second.grade_reasons) == (99, Grade.GOOD, ["cap"])


def test_what_would_gain_points_comes_largest_first_and_never_what_is_past(made, open_year):
    year = open_year()
    running.recompute(year, on=TODAY)
    sheet = Sheet.objects.get(station=made.station)

    gains = measures.gains(
        (score.indicator.code, score.indicator.label, score.computed_parts)
        for score in sheet.scores.select_related("indicator")
    )

    points = [gain.points for gain in gains]
    assert points == sorted(points, reverse=True)
    assert gains[0].points == Decimal(7)
    assert "complaints_substantiated" not in {gain.rows["fact"] for gain in gains}
    assert all(gain.words and gain.label for gain in gains)


def test_stations_that_closed_within_the_year_have_no_sheet(made, open_year, next_station):
    next_station.closed_on = on(6, 30)
    next_station.save()

    year = open_year()

    assert [sheet.station for sheet in year.sheets.all()] == [made.station]


def test_a_station_of_half_a_year_is_held_to_its_own_months(made, open_year, next_station):
    next_station.opened_on = on(7, 1)
    next_station.save()
    year = open_year()
    running.recompute(year, on=TODAY)

    facts = Sheet.objects.get(station=next_station).facts
    assert facts["head_months"][1] == "6"
    assert facts["village_coverage"][1] == "6"
    assert facts["months_on_time"] == ["0", "5", None]


def test_the_snapshot_of_the_same_sheet_has_the_same_hash(made, open_year):
    year = open_year()
    running.recompute(year, on=TODAY)
    sheet = Sheet.objects.for_list().get(station=made.station)
    data = running.snapshot(sheet)

    assert scoring.fingerprint(data) == scoring.fingerprint(
        running.snapshot(Sheet.objects.for_list().get(pk=sheet.pk))
    )
    assert len(data["lines"]) == 26
    sheet.scores.filter(indicator__code="T1").update(computed_points=0)
    assert scoring.fingerprint(running.snapshot(sheet)) != scoring.fingerprint(data)


@pytest.mark.parametrize("stations", [1, 4])
def test_statements_do_not_grow_with_the_stations(make_station, county, open_year, stations):
    for n in range(stations):
        make_station(county, 110 + n, f"站{n}")
    year = open_year()
    running.recompute(year, on=TODAY)

    with CaptureQueriesContext(connection) as asked:
        running.recompute(year, on=TODAY)

    # Four for the coverage of each of twelve month-ends, and what is counted at once.
    assert len(asked) == 48 + 1 + 13
