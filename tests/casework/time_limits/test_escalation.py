"""Warnings: whom, when, once; never at night, never on a day off, never on trial."""

from datetime import date, timedelta

import pytest

from casework.models import ClockRule, Deadline, Notice
from casework.rules import deadlines as limits
from casework.terms import Counting, NoticeKind, PauseReason, Status
from casework.time_limits import clocks, escalation
from stations.models import DayOff
from tests.conftest import at

pytestmark = pytest.mark.django_db

MONDAY = at(2026, 3, 2)


@pytest.fixture
def application(make_application):
    """Received on Monday 2 March: forwarding due on the 4th, the decision on Monday the 9th."""
    return make_application(received_at=MONDAY)


@pytest.fixture
def at_center(make_application):
    return make_application(received_at=MONDAY, status=Status.IN_REVIEW)


def warned(number=None):
    rows = Notice.objects.open().filter(kind=NoticeKind.WARNING)
    if number:
        rows = rows.filter(deadline__number=number)
    return sorted(rows.values_list("role", flat=True))


def only(application, number):
    application.deadlines.exclude(number=number).update(stopped_at=MONDAY)


@pytest.mark.parametrize(
    ("moment", "roles"),
    [
        (at(2026, 3, 4), []),
        # Two working days before the last: Thursday, because the weekend lies between.
        (at(2026, 3, 5), ["reviewer"]),
        (at(2026, 3, 6), ["reviewer"]),
        (at(2026, 3, 9), ["director", "reviewer"]),
        (at(2026, 3, 10), ["director", "officer", "reviewer"]),
    ],
)
def test_who_does_it_who_answers_and_who_sees_it_are_warned_in_turn(
    at_center, county, moment, roles
):
    only(at_center, limits.DECISION)

    escalation.warn(county, moment)

    assert warned() == roles


def test_a_station_s_clock_is_told_to_the_clerk_then_the_head_then_the_county(
    application, county
):
    only(application, limits.FORWARDING)
    told = []
    for day in (3, 4, 5):
        escalation.warn(county, at(2026, 3, day))
        told.append(warned())

    assert told == [["clerk"], ["clerk", "head"], ["clerk", "director", "head"]]
    places = {notice.role: notice.station or notice.county for notice in Notice.objects.all()}
    assert places["clerk"] == places["head"] == application.station
    assert places["director"] == county


def test_while_the_station_holds_the_file_it_is_warned_of_the_decision(application, county):
    only(application, limits.DECISION)

    escalation.warn(county, at(2026, 3, 9))

    assert warned() == ["clerk", "head"]


def test_a_level_is_raised_once(application, county):
    only(application, limits.DECISION)
    escalation.warn(county, at(2026, 3, 9))

    assert escalation.warn(county, at(2026, 3, 9, 11)) == 0
    assert Deadline.objects.get(stopped_at=None).warned == 2


def test_the_words_say_which_and_how_much_is_left(application, county):
    only(application, limits.DECISION)

    escalation.warn(county, at(2026, 3, 9))

    assert set(Notice.objects.values_list("words", flat=True)) == {
        "清援申字〔2026〕1号 吴长根，审查决定：今日到期"
    }


@pytest.mark.parametrize(
    "moment",
    [
        at(2026, 3, 9, 7, 59),
        at(2026, 3, 9, 18),
        at(2026, 3, 9, 23),
        # A Saturday.
        at(2026, 3, 14, 10),
    ],
)
def test_nobody_is_warned_at_night_or_on_a_day_off(application, county, moment):
    assert escalation.warn(county, moment) == 0


def test_a_make_up_saturday_is_an_office_day_and_the_county_s_own_day_off_is_none(
    application, county
):
    DayOff.objects.create(day=date(2026, 3, 10), is_off=True, name="停工", county=county)

    assert escalation.warn(county, at(2026, 3, 10)) == 0
    assert not escalation.is_quiet(at(2026, 2, 28), DayOff.objects.calendar(county))


def test_a_clock_that_stands_still_warns_nobody(application, county):
    only(application, limits.DECISION)
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 4))

    assert escalation.warn(county, at(2026, 3, 10)) == 0


def test_a_clock_on_trial_warns_nobody(make_application, county):
    ClockRule.objects.create(
        county=county,
        number=limits.FORWARDING,
        length=1,
        counting=Counting.WORKING,
        valid_from=date(2026, 1, 1),
        is_shadow=True,
    )
    only(make_application(received_at=MONDAY), limits.FORWARDING)

    assert escalation.warn(county, at(2026, 3, 10)) == 0


def test_the_applicant_s_own_time_warns_nobody(application, county):
    clocks.stop_all(application)
    clocks.start(application, limits.OBJECTION_PERIOD, at=MONDAY)

    assert escalation.warn(county, at(2026, 3, 17)) == 0


def test_a_stopped_clock_warns_nobody(application, county):
    clocks.stop_all(application)

    assert escalation.warn(county, at(2026, 3, 10)) == 0


def test_what_a_page_foretells_is_what_happens(application, county):
    calendar = DayOff.objects.calendar(county)
    for number in (limits.DECISION, limits.FORWARDING):
        deadline = application.deadlines.get(number=number)
        plan = escalation.plan(deadline, calendar)
        assert [each.role for each in plan] == ["clerk", "head", "director"]
        for day in range(3, 14):
            if calendar.is_working_day(date(2026, 3, day)):
                reached = sum(each.on <= date(2026, 3, day) for each in plan)
                assert escalation.level_of(deadline, calendar, at(2026, 3, day)) == reached

    deadline.stopped_at = MONDAY
    assert escalation.plan(deadline, calendar) == ()


def test_another_county_s_clocks_are_its_own(application, next_county):
    assert escalation.warn(next_county, at(2026, 3, 10)) == 0


def test_newer_words_take_the_place_of_older_ones_for_one_role(application, county):
    """The bureau is all three for its own clock, and reads of it once."""
    clocks.stop_all(application)
    clocks.start(application, limits.OBJECTION, at=MONDAY)
    for moment in (at(2026, 3, 5), at(2026, 3, 9), at(2026, 3, 10)):
        escalation.warn(county, moment)

    [notice] = Notice.objects.open()
    assert (notice.role, notice.words.endswith("逾期1天")) == ("officer", True)


def test_a_detained_person_s_hours_are_told_while_somebody_is_in_the_office(
    make_application, county
):
    friday = at(2026, 3, 6, 10)
    only(make_application(received_at=friday, is_detained=True), limits.DETAINED)

    escalation.warn(county, friday + timedelta(minutes=30))

    # It ends on Saturday at ten, when nobody is there to be told.
    assert warned() == ["clerk", "head"]


def test_on_the_day_of_receipt_nobody_is_reminded_yet(application, county):
    assert escalation.warn(county, MONDAY) == 0


@pytest.mark.parametrize("count", [1, 6])
def test_warning_asks_the_same_for_any_number_of_clocks(
    make_application, county, count, django_assert_num_queries
):
    for n in range(count):
        make_application(received_at=MONDAY, id_number="", name=f"申请人{n}")

    # Calendar, savepoint, clocks, older warnings, notices, levels, savepoint.
    with django_assert_num_queries(7):
        assert escalation.warn(county, at(2026, 3, 10)) == 6 * count
