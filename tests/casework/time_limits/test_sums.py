"""The sum of a clock as the pages draw it, and in words."""

from datetime import date

import pytest

from casework.models import ClockRule
from casework.rules import deadlines as limits
from casework.terms import Counting, PauseReason
from casework.time_limits import clocks
from casework.time_limits.sums import clock_sum
from tests.conftest import at

pytestmark = pytest.mark.django_db


def deadline_of(application, number=limits.DECISION):
    return application.deadlines.get(number=number)


@pytest.fixture
def supplemented(make_application):
    """The application of the reference page: its papers came after six days (rules 9.5)."""
    application = make_application(received_at=at(2026, 3, 2))
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 4))
    clocks.resume(application, PauseReason.SUPPLEMENT, to_on=date(2026, 3, 10))
    return application


def test_every_day_says_whether_it_counts(supplemented):
    total = clock_sum(deadline_of(supplemented), today=date(2026, 3, 12))

    assert [(day.on.day, day.word, day.mark) for day in total.days] == [
        (2, "收件", ""),
        (3, "1", "used"),
        (4, "2", "used"),
        (5, "停", "paused"),
        (6, "停", "paused"),
        (7, "停", "paused"),
        (8, "停", "paused"),
        (9, "停", "paused"),
        (10, "补齐", "paused"),
        (11, "3", "used"),
        (12, "4", "today"),
        (13, "5", ""),
        (14, "6", "rest"),
        (15, "7", "rest"),
        (16, "到期", "end"),
    ]
    assert [day.on.day for day in total.days if day.is_today] == [12]


def test_the_words_say_what_did_not_count_what_moved_and_the_working_days(supplemented):
    total = clock_sum(deadline_of(supplemented), today=date(2026, 3, 12))

    assert total.words == (
        "收件日不计；等补充材料的6天停计；第7天是星期日，顺延到星期一。按工作日算是3月17日。"
    )


def test_a_long_holiday_is_told_by_its_days(make_application):
    application = make_application(received_at=at(2026, 9, 29))

    total = clock_sum(deadline_of(application), today=date(2026, 9, 30))

    assert total.words == "收件日不计；第7天10月6日放假，顺延到10月8日。按工作日算是10月14日。"


def test_working_days_say_which_days_of_rest_were_left_out(make_application):
    application = make_application(received_at=at(2026, 3, 6))

    total = clock_sum(deadline_of(application, limits.FORWARDING), today=date(2026, 3, 6))

    assert total.words == "收件日不计；休息日2天不计。"
    assert [day.word for day in total.days] == ["收件", "休", "休", "1", "到期"]


def test_while_papers_are_awaited_it_says_when_it_would_end(make_application):
    application = make_application(received_at=at(2026, 3, 2))
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=date(2026, 3, 4))

    total = clock_sum(deadline_of(application), today=date(2026, 3, 6))

    assert total.words == (
        "收件日不计；等补充材料的2天停计；现在停计，今天补齐的话3月11日到期。"
    )


def test_while_another_region_checks_it_waits_for_the_reply(make_application):
    application = make_application(received_at=at(2026, 3, 2))
    clocks.pause(application, PauseReason.CROSS_REGION, from_on=date(2026, 3, 4))

    total = clock_sum(deadline_of(application), today=date(2026, 3, 6))

    assert "今天收到回函的话3月11日到期" in total.words
    assert "补齐" not in total.words


@pytest.mark.parametrize(
    ("is_shadow", "words"),
    [
        (False, "县里承诺3月5日，法定3月9日，以先到的为准"),
        (True, "承诺时限试运行，按它算是3月5日，不作数"),
    ],
)
def test_a_promise_stands_beside_the_law(make_application, county, is_shadow, words):
    ClockRule.objects.create(
        county=county,
        number=limits.DECISION,
        length=3,
        counting=Counting.CALENDAR,
        valid_from=date(2026, 1, 1),
        is_shadow=is_shadow,
    )
    application = make_application(received_at=at(2026, 3, 2))

    total = clock_sum(deadline_of(application), today=date(2026, 3, 2))

    assert words in total.words
    assert total.days[-1].on == deadline_of(application).due_on


def test_hours_are_told_in_words_alone(make_application):
    application = make_application(received_at=at(2026, 3, 6, 16), is_detained=True)

    total = clock_sum(deadline_of(application, limits.DETAINED))

    assert total.days == ()
    assert total.words == "按小时计，从收到时起算，休息日照计：3月6日 16:00至3月7日 16:00。"


def test_a_clock_that_began_later_does_not_speak_of_receipt(make_application):
    application = make_application(received_at=at(2026, 3, 2))
    deadline = clocks.start(application, limits.FILE, at=at(2026, 3, 3))

    total = clock_sum(deadline, today=date(2026, 3, 3))

    assert total.words.startswith("起算日不计")
    assert (total.days[0].word, total.is_long) == ("起算", True)
