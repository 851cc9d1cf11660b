"""What a county promises: dated, never overwritten, foreseen before it holds; and its page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.models import ClockRule, DeadlineChange, Recount
from casework.rules import deadlines as limits
from casework.terms import Counting
from casework.time_limits import promises, recounts

pytestmark = pytest.mark.django_db

PAGE = "casework:clock_rules"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client


def rule(county, length, from_on, number=limits.DECISION, **fields):
    return ClockRule(
        county=county,
        number=number,
        length=length,
        counting=Counting.CALENDAR,
        valid_from=from_on,
        **fields,
    )


def press(client, today, *, save=True, **fields):
    typed = {
        "clock": limits.DECISION,
        "length": "3",
        "counting": "calendar",
        "valid_from": today.isoformat(),
    } | fields
    return client.post(reverse(PAGE), typed | ({"save": "1"} if save else {}))


# ── The rules ─────────────────────────────────────────────────────────────────────────


def test_a_new_promise_ends_the_old_and_both_are_kept(county, officer, today):
    first, second = today - timedelta(days=30), today

    for length, from_on in ((5, first), (3, second)):
        promises.set_promise(
            county, 9, rule=rule(county, length, from_on), from_on=from_on, by=officer
        )

    assert list(ClockRule.objects.values_list("length", "valid_from", "valid_to")) == [
        (3, second, None),
        (5, first, second - timedelta(days=1)),
    ]


def test_a_promise_corrected_on_its_first_day_keeps_that_day(county, officer, today):
    for length in (30, 3):
        promises.set_promise(
            county, 9, rule=rule(county, length, today), from_on=today, by=officer
        )

    rules = list(ClockRule.objects.filter(county=county))
    assert [(each.length, each.valid_to) for each in rules] == [(3, None), (30, today)]
    assert ClockRule.in_force(rules, 9, today).length == 3


def test_a_promise_counts_the_open_clocks_anew_with_a_log(
    county, officer, today, make_application
):
    application = make_application()
    deadline = application.deadlines.get(number=limits.DECISION)

    recount = promises.set_promise(
        county, 9, rule=rule(county, 1, today), from_on=today, by=officer
    )
    recounts.work_on(recount.pk)

    deadline.refresh_from_db()
    recount.refresh_from_db()
    assert (recount.total, recount.done, recount.moved) == (1, 1, 1)
    assert deadline.due_on == deadline.promised_due_on < deadline.statutory_due_on
    assert DeadlineChange.objects.get().why == "承诺时限有变动"


def test_clocks_that_began_before_its_first_day_keep_their_end(
    county, officer, today, make_application
):
    make_application()
    tomorrow = today + timedelta(days=1)

    recount = promises.set_promise(
        county, 9, rule=rule(county, 1, tomorrow), from_on=tomorrow, by=officer
    )
    recounts.work_on(recount.pk)

    recount.refresh_from_db()
    assert (recount.done, recount.moved) == (1, 0)


def test_an_ended_promise_gives_the_law_back(county, officer, today, make_application):
    promises.set_promise(county, 9, rule=rule(county, 1, today), from_on=today, by=officer)
    tomorrow = today + timedelta(days=1)

    promises.set_promise(county, 9, rule=None, from_on=tomorrow, by=officer)

    assert promises.open_rule(county, 9) is None
    assert ClockRule.in_force(list(ClockRule.objects.all()), 9, tomorrow) is None


def test_what_would_move_is_foreseen_and_nothing_is_written(county, today, make_application):
    make_application()
    make_application(
        name="早先来的", id_number="", received_at=timezone.now() - timedelta(days=5)
    )
    earlier = today - timedelta(days=10)

    foreseen = promises.foresee(
        county, 9, rule=rule(county, 1, earlier), from_on=earlier, today=today
    )

    assert foreseen == (2, 1)
    assert not ClockRule.objects.exists()
    assert not DeadlineChange.objects.exists()


# ── The page ──────────────────────────────────────────────────────────────────────────


def test_the_page_names_every_clock_with_the_law_and_the_county(as_officer, county, today):
    ClockRule.objects.create(
        county=county,
        number=limits.DECISION,
        length=5,
        counting=Counting.WORKING,
        valid_from=date(2026, 1, 1),
    )

    page = as_officer.get(reverse(PAGE))

    shown = {each.limit.number: each for each in page.context["promises"]}
    assert set(shown) == set(limits.LIMITS)
    assert shown[limits.DECISION].current.in_words == "5个工作日"
    assert shown[limits.DECISION].limit.in_words == "7天"
    assert shown[limits.FORWARDING].current is None


def test_a_first_press_tells_what_would_move_a_second_does_it(
    as_officer, county, today, make_application, django_capture_on_commit_callbacks
):
    make_application()

    first = press(as_officer, today, save=False)
    assert first.context["foreseen"] == (1, 0)
    assert "将有1个到期日变动" in first.content.decode()
    assert not ClockRule.objects.exists()

    with django_capture_on_commit_callbacks() as sent:
        second = press(as_officer, today)
    assert second.status_code == 302
    # The page does not wait for the count: a row owes it, and a worker was asked.
    recount = Recount.objects.get()
    assert len(sent) == 1
    assert not DeadlineChange.objects.exists()
    assert "0/1" in as_officer.get(reverse(PAGE)).content.decode()
    piece = as_officer.get(reverse("casework:recount_status")).content.decode()
    assert 'hx-trigger="every 2s"' in piece

    recounts.work_on(recount.pk)
    assert DeadlineChange.objects.count() == 1
    done = as_officer.get(reverse("casework:recount_status")).content.decode()
    assert "hx-trigger" not in done
    assert "变动到期日1个" in done
    assert ClockRule.objects.get().set_by.name == "高科长"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"length": "8"}, "length", "法定为7。承诺可以更短，不能更长。"),
        ({"length": ""}, "length", "没有可以停用的承诺。请填写时长。"),
        ({"length": "三天"}, "length", "输入整数。"),
        ({"length": "400"}, "length", "确保该值小于或等于365。"),
        ({"valid_from": ""}, "valid_from", "请选择起始日期。"),
        ({"valid_from": "2006-01-01"}, "valid_from", "请选择前后一年之内的日期。"),
        ({"counting": "hours"}, "counting", "选择一个有效的选项。 hours 不在可用的选项中。"),
    ],
)
def test_what_cannot_be_promised_is_told_beside_the_field(
    as_officer, today, typed, field, sentence
):
    page = press(as_officer, today, **typed)

    assert page.status_code == 422
    assert page.context["form"].errors[field] == [sentence]
    assert not ClockRule.objects.exists()


def test_a_promise_does_not_begin_before_the_one_of_now(as_officer, county, today):
    rule(county, 5, today).save()

    page = press(as_officer, today, valid_from=(today - timedelta(days=1)).isoformat())

    assert page.status_code == 422
    assert "现行承诺从" in page.context["form"].errors["valid_from"][0]


def test_a_detained_person_s_clock_is_promised_in_hours(as_officer, today):
    page = press(as_officer, today, clock=limits.DETAINED, length="12", counting="hours")

    assert page.status_code == 302
    assert ClockRule.objects.get().counting == Counting.HOURS


def test_nonsense_for_a_clock_shows_the_table(as_officer, today):
    for asked in ("0", "x", "99999999999999999999"):
        page = as_officer.get(f"{reverse(PAGE)}?clock={asked}")
        assert (page.status_code, page.context["form"]) == (200, None)


def test_another_county_s_promises_are_not_shown(as_officer, next_county, today):
    rule(next_county, 5, today).save()

    page = as_officer.get(reverse(PAGE))

    assert all(each.current is None for each in page.context["promises"])


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_promises(
    as_officer, county, officer, count, django_assert_num_queries
):
    for n in range(count):
        rule(
            county, n + 1, date(2026, 1, 1), number=list(limits.LIMITS)[n], set_by=officer
        ).save()
    as_officer.get(reverse(PAGE))

    with django_assert_num_queries(7):
        as_officer.get(reverse(PAGE))
