"""Running clocks: the law against the promise, pauses, counting anew with a log, one per clock."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework import workflow
from casework.models import ClockRule, Deadline, DeadlineChange, Notice, Pause
from casework.notices import tell
from casework.rules import deadlines as limits
from casework.terms import Counting, NoticeKind, PauseReason, Status
from casework.time_limits import clocks
from stations.models import DayOff
from stations.roles import Role
from tests.conftest import at

pytestmark = pytest.mark.django_db

# Monday; the seven days of the law end on Monday the 9th.
MONDAY = at(2026, 3, 2)


@pytest.fixture
def application(make_application):
    return make_application(received_at=MONDAY)


@pytest.fixture
def promise(county):
    def make(number, length, counting=Counting.CALENDAR, **fields):
        defaults = {"valid_from": date(2026, 1, 1)}
        return ClockRule.objects.create(
            county=county, number=number, length=length, counting=counting, **defaults | fields
        )

    return make


def running(application, number):
    return application.deadlines.running().get(number=number)


def ends(deadline):
    return (deadline.statutory_due_on, deadline.promised_due_on, deadline.due_on)


def off(day, county=None):
    return DayOff.objects.create(day=day, is_off=True, name="停工", county=county)


# ── Law and promise ───────────────────────────────────────────────────────────────────


def test_the_law_alone_is_due_where_the_county_promises_nothing(application):
    deadline = running(application, limits.DECISION)

    assert ends(deadline) == (date(2026, 3, 9), None, date(2026, 3, 9))


def test_a_clock_the_law_does_not_know_ends_as_is_usual(application):
    deadline = running(application, limits.FORWARDING)

    assert ends(deadline) == (None, date(2026, 3, 4), date(2026, 3, 4))


def test_a_shorter_promise_is_due_and_the_law_stays_beside_it(promise, make_application):
    promise(limits.DECISION, 4, Counting.WORKING)

    deadline = running(make_application(received_at=MONDAY), limits.DECISION)

    assert ends(deadline) == (date(2026, 3, 9), date(2026, 3, 6), date(2026, 3, 6))


def test_a_longer_promise_lengthens_nothing(promise, make_application):
    promise(limits.DECISION, 20, Counting.WORKING)

    deadline = running(make_application(received_at=MONDAY), limits.DECISION)

    assert deadline.due_on == deadline.statutory_due_on == date(2026, 3, 9)


def test_a_promise_on_trial_does_not_hurry_the_law_s_clock(promise, make_application):
    promise(limits.DECISION, 3, is_shadow=True)

    deadline = running(make_application(received_at=MONDAY), limits.DECISION)

    assert ends(deadline) == (date(2026, 3, 9), date(2026, 3, 5), date(2026, 3, 9))
    assert not deadline.is_shadow


def test_a_clock_of_the_county_alone_runs_in_shadow_while_it_is_on_trial(
    promise, make_application
):
    promise(limits.FORWARDING, 1, Counting.WORKING, is_shadow=True)

    deadline = running(make_application(received_at=MONDAY), limits.FORWARDING)

    assert (deadline.due_on, deadline.is_shadow) == (date(2026, 3, 3), True)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "due_on"),
    [
        (date(2026, 3, 2), None, date(2026, 3, 5)),
        (date(2026, 3, 3), None, date(2026, 3, 9)),
        (date(2026, 1, 1), date(2026, 3, 2), date(2026, 3, 5)),
        (date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 9)),
    ],
)
def test_the_promise_of_the_day_the_clock_began_holds(
    promise, make_application, valid_from, valid_to, due_on
):
    promise(limits.DECISION, 3, valid_from=valid_from, valid_to=valid_to)

    assert running(make_application(received_at=MONDAY), limits.DECISION).due_on == due_on


def test_another_county_s_promise_does_not_count(promise, make_application, far_station):
    promise(limits.DECISION, 3)

    deadline = running(make_application(far_station, received_at=MONDAY), limits.DECISION)

    assert deadline.due_on == date(2026, 3, 9)


def test_the_length_of_a_notice_holds_whatever_the_county_promises(promise, application, clerk):
    promise(limits.SUPPLEMENT, 5)

    deadline = clocks.start(application, limits.SUPPLEMENT, at=MONDAY, set_days=8)

    assert ends(deadline) == (None, date(2026, 3, 10), date(2026, 3, 10))


def test_a_detained_person_s_hours_run_over_a_weekend(make_application):
    friday = at(2026, 3, 6, 16)

    deadline = running(make_application(received_at=friday, is_detained=True), limits.DETAINED)

    assert deadline.due_at == friday + timedelta(hours=24)
    assert deadline.due_on == date(2026, 3, 7)


def test_a_county_may_promise_fewer_hours(promise, make_application):
    promise(limits.DETAINED, 12, Counting.HOURS)

    deadline = running(make_application(received_at=MONDAY, is_detained=True), limits.DETAINED)

    assert deadline.due_at == MONDAY + timedelta(hours=12)
    assert deadline.statutory_due_on == date(2026, 3, 3)


# ── Starting and stopping ─────────────────────────────────────────────────────────────


def test_a_clock_that_runs_is_not_started_again(application):
    first = running(application, limits.DECISION)

    again = clocks.start(application, limits.DECISION, at=at(2026, 3, 5))

    assert (again, again.started_on) == (first, date(2026, 3, 2))


def test_the_database_refuses_a_second_running_clock(application):
    deadline = running(application, limits.DECISION)
    deadline.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        deadline.save()


def test_a_stopped_clock_may_begin_again(application):
    clocks.stop(application, limits.DECISION)

    second = clocks.start(application, limits.DECISION, at=at(2026, 4, 1))

    assert second.due_on == date(2026, 4, 8)
    assert application.deadlines.filter(number=limits.DECISION).count() == 2


def test_stopping_a_clock_takes_its_warnings_off_the_desks(application, station):
    deadline = running(application, limits.FORWARDING)
    warning, call = (
        tell(Role.CLERK, station, "x", kind=kind, application=application, deadline=deadline)
        for kind in (NoticeKind.WARNING, NoticeKind.CALL)
    )

    clocks.stop(application, limits.FORWARDING)

    assert list(Notice.objects.open()) == [call]
    assert warning not in Notice.objects.open()


def test_the_applicant_s_own_time_runs_out_without_anybody_being_late(application):
    for number in (limits.OBJECTION_PERIOD, limits.SERVICE):
        clocks.start(application, number, at=MONDAY)

    assert clocks.lapse(date(2026, 3, 17)) == 0
    assert clocks.lapse(date(2026, 3, 18)) == 1
    assert not application.deadlines.running().filter(number=limits.OBJECTION_PERIOD).exists()
    assert application.deadlines.running().filter(number=limits.SERVICE).exists()


# ── Pauses ────────────────────────────────────────────────────────────────────────────


def test_the_days_of_a_supplement_move_the_end_and_the_log_says_so(application):
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 4))
    deadline = running(application, limits.DECISION)
    assert (deadline.is_paused, deadline.due_on) == (True, date(2026, 3, 9))

    clocks.resume(application, PauseReason.SUPPLEMENT, to_on=date(2026, 3, 10))

    deadline.refresh_from_db()
    assert (deadline.is_paused, deadline.due_on) == (False, date(2026, 3, 16))
    [change] = deadline.changes.all()
    assert (change.old_due_on, change.new_due_on) == (date(2026, 3, 9), date(2026, 3, 16))
    assert change.why == "期限停计"


def test_only_the_review_stands_still(application):
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 4))

    paused = application.deadlines.running().filter(is_paused=True)
    assert [deadline.number for deadline in paused] == [limits.DECISION]


def test_two_reasons_at_once_stand_still_once(application):
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 3))
    clocks.pause(application, PauseReason.CROSS_REGION, from_on=date(2026, 3, 4))

    clocks.resume(application, PauseReason.SUPPLEMENT, to_on=date(2026, 3, 5))
    assert running(application, limits.DECISION).is_paused

    clocks.resume(application, PauseReason.CROSS_REGION, to_on=date(2026, 3, 10))
    deadline = running(application, limits.DECISION)
    # Day 1 is the 3rd; the 4th to the 10th do not count.
    assert (deadline.is_paused, deadline.due_on) == (False, date(2026, 3, 16))


def test_asking_twice_for_the_same_pause_opens_one(application):
    for _press in range(2):
        clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 4))

    assert Pause.objects.count() == 1


def test_the_papers_of_an_application_pause_its_clock(make_application, clerk):
    application = make_application(received_at=MONDAY, missing=("id_document",))

    application = workflow.ask_for_documents(
        application, by=clerk, items=["身份证明"], days=10, served_on=date(2026, 3, 4)
    )

    assert running(application, limits.DECISION).is_paused
    assert running(application, limits.SUPPLEMENT).due_on == date(2026, 3, 16)


# ── Counting anew ─────────────────────────────────────────────────────────────────────


def counted_anew(county, why):
    """How many due days moved; a county of a test is one portion."""
    portion = clocks.recount_portion(county, why=why, numbers=limits.LIMITS, after=0)
    return portion.moved if portion else 0


def test_a_new_day_off_moves_the_due_day_and_leaves_a_log(application, county):
    off(date(2026, 3, 9), county)

    assert counted_anew(county, why="县里停工") == 1

    deadline = running(application, limits.DECISION)
    assert deadline.due_on == date(2026, 3, 10)
    [change] = DeadlineChange.objects.all()
    assert (change.deadline, change.why) == (deadline, "县里停工")
    assert (change.old_due_on, change.new_due_on) == (date(2026, 3, 9), date(2026, 3, 10))


def test_counting_anew_twice_moves_nothing_the_second_time(application, county):
    off(date(2026, 3, 9), county)
    counted_anew(county, why="停工")

    assert counted_anew(county, why="停工") == 0
    assert DeadlineChange.objects.count() == 1


def test_another_county_s_day_off_moves_nothing_here(application, next_county, county):
    off(date(2026, 3, 9), next_county)

    assert counted_anew(county, why="停工") == 0


def test_clocks_of_a_decided_application_are_counted_anew_too(
    make_application, reviewer, director, county
):
    application = make_application(status=Status.IN_REVIEW)
    workflow.propose_refusal(
        application, by=reviewer, grounds=["no_hardship"], reason="超过标准"
    )
    workflow.refuse(application, by=director)
    service = running(application, limits.SERVICE)
    off(service.due_on, county)

    counted_anew(county, why="停工")

    assert running(application, limits.SERVICE).due_on > service.due_on


def test_whoever_was_warned_of_the_old_day_is_warned_of_the_new_one(
    application, county, reviewer
):
    deadline = running(application, limits.DECISION)
    Deadline.objects.filter(pk=deadline.pk).update(warned=2)
    tell(Role.REVIEWER, county, "x", kind=NoticeKind.WARNING, deadline=deadline)
    off(date(2026, 3, 9), county)

    counted_anew(county, why="停工")

    deadline.refresh_from_db()
    assert deadline.warned == 0
    assert not Notice.objects.open().filter(kind=NoticeKind.WARNING).exists()


def test_a_clock_that_stands_still_is_counted_when_it_goes_on(application, county):
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 4))
    off(date(2026, 3, 16), county)

    assert counted_anew(county, why="停工") == 0
    clocks.resume(application, PauseReason.SUPPLEMENT, to_on=date(2026, 3, 10))

    assert running(application, limits.DECISION).due_on == date(2026, 3, 17)


def test_an_application_passed_on_runs_by_the_other_county_s_days(
    make_application, next_county, county, reviewer
):
    application = make_application(status=Status.IN_REVIEW)
    due_on = running(application, limits.DECISION).due_on
    off(due_on, next_county)

    workflow.pass_on(application, by=reviewer, reason="事由在白水", to_county=next_county)

    deadline = running(application, limits.DECISION)
    assert deadline.due_on > due_on
    assert deadline.changes.get().why == "转交外县"


@pytest.mark.parametrize("count", [1, 5])
def test_counting_anew_asks_the_same_for_any_number_of_clocks(
    make_application, county, count, django_assert_num_queries
):
    for n in range(count):
        make_application(received_at=MONDAY, id_number="", name=f"申请人{n}")
    off(date(2026, 3, 9), county)

    # In one transaction: ids, applications, rows, calendar, promises, pauses, update, log, warnings.
    with django_assert_num_queries(11):
        assert counted_anew(county, why="停工") == count


# ── The sum ───────────────────────────────────────────────────────────────────────────


def test_the_sum_of_a_stopped_clock_stays_as_it_was(application):
    deadline = running(application, limits.DECISION)
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 4))
    clocks.stop(application, limits.DECISION, at=at(2026, 3, 6))
    deadline.refresh_from_db()

    total = clocks.due_of(deadline, today=timezone.localdate()).sum

    assert total.raw_end == date(2026, 3, 11)
