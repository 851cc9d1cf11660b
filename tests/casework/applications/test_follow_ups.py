"""Follow-up calls: a draw that can be made again, calls, answers, and the phone behind a reason."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casework.applications import follow_ups
from casework.applications.follow_ups import draw, share
from casework.models import FollowUp, FollowUpDraw, Letter, Notice
from casework.terms import Status
from casework.workflow import MoveRefused
from stations.models import Look

# ── The lot ─────────────────────────────────────────────────────────────────────────────

ids = st.lists(st.integers(1, 10**9), max_size=60, unique=True)
seeds = st.text("0123456789abcdef", min_size=16, max_size=32)


@given(ids, seeds, st.integers(0, 80), st.randoms())
def test_the_same_seed_draws_the_same_whatever_the_order(ids, seed, n, random):
    shuffled = list(ids)
    random.shuffle(shuffled)

    drawn = draw(ids, seed, n)

    assert drawn == draw(shuffled, seed, n)
    assert len(drawn) == len(set(drawn)) == min(n, len(ids))
    assert set(drawn) <= set(ids)


@given(ids, seeds, st.integers(0, 40), st.integers(0, 40))
def test_a_larger_draw_holds_the_smaller(ids, seed, n, more):
    assert draw(ids, seed, n + more)[:n] == draw(ids, seed, n)[:n]


def test_a_draw_of_long_ago_can_still_be_made():
    """These are the lots of this seed for good: another algorithm would draw others."""
    assert draw(range(1, 101), "0123456789abcdef", 5) == [17, 4, 64, 47, 60]


def test_nobody_is_preferred():
    hits = dict.fromkeys(range(10), 0)
    for n in range(3000):
        for pk in draw(range(10), f"{n:016x}", 2):
            hits[pk] += 1

    assert sum(hits.values()) == 6000
    assert all(500 < count < 700 for count in hits.values())


@pytest.mark.parametrize(
    ("count", "percent", "drawn"),
    [(3, 20, 1), (10, 20, 2), (11, 20, 3), (100, 100, 100), (1, 1, 1), (0, 20, 0)],
)
def test_a_share_is_rounded_up(count, percent, drawn):
    assert share(count, percent) == drawn


# ── Drawing ─────────────────────────────────────────────────────────────────────────────

SEED = "0123456789abcdef"


@pytest.fixture
def as_reviewer(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def granted(make_application):
    return [
        make_application(status=Status.GRANTED, name=f"受援人{n}", phone=f"1390000{n:04d}")
        for n in range(5)
    ]


def press(client, **fields):
    today = timezone.localdate()
    typed = {
        "seed": SEED,
        "since": (today - timedelta(days=30)).isoformat(),
        "until": today.isoformat(),
        "by": "share",
        "number": "40",
    }
    return client.post(reverse("casework:follow_up_draw"), typed | fields)


@pytest.mark.django_db
def test_a_share_of_the_granted_is_drawn_and_can_be_drawn_again(
    as_reviewer, granted, make_application, county
):
    make_application(status=Status.IN_REVIEW)

    press(as_reviewer)

    made = FollowUpDraw.objects.get()
    drawn = {call.application_id for call in FollowUp.objects.all()}
    assert sorted(made.pool) == sorted(each.pk for each in granted)
    assert (made.county, made.wanted) == (county, 2)
    assert drawn == set(draw(made.pool, made.seed, made.wanted))


@pytest.mark.django_db
def test_a_second_press_draws_nobody_more(as_reviewer, granted):
    press(as_reviewer)
    answer = press(as_reviewer)

    assert answer.status_code == 302
    assert FollowUp.objects.count() == 2


@pytest.mark.django_db
def test_whoever_was_drawn_is_not_drawn_again(as_reviewer, granted):
    press(as_reviewer, by="count", number="3")
    press(as_reviewer, by="count", number="50", seed="fedcba9876543210")

    assert FollowUp.objects.count() == 5
    assert FollowUp.objects.values("application").distinct().count() == 5
    answer = press(as_reviewer, by="count", number="1", seed="aaaaaaaaaaaaaaaa")
    assert answer.status_code == 422
    assert "都已抽过" in answer.content.decode()


@pytest.mark.django_db
def test_only_this_county_s_cases_of_the_period_are_drawn(
    granted, far_station, make_user, county, next_county, reviewer
):
    yesterday = timezone.localdate() - timedelta(days=1)

    with pytest.raises(MoveRefused):
        follow_ups.make_draw(
            next_county, by=reviewer, since=date(2020, 1, 1), until=date(2030, 1, 1), seed=SEED
        )
    with pytest.raises(MoveRefused):
        follow_ups.make_draw(
            county, by=reviewer, since=date(2020, 1, 1), until=yesterday, seed=SEED
        )
    assert not FollowUp.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": "0"}, "至少抽1件"),
        ({"number": "101"}, "不能超过100"),
        ({"number": "很多"}, "请填整数"),
        ({"number": ""}, "多少件"),
        ({"since": "2030-01-01"}, "还没到"),
        ({"since": "2020-01-01"}, "最多抽三年"),
        ({"seed": "'; drop"}, ""),
    ],
)
def test_a_wrong_draw_gets_a_sentence(as_reviewer, granted, fields, sentence):
    answer = press(as_reviewer, **fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not FollowUpDraw.objects.exists()


# ── Calling ─────────────────────────────────────────────────────────────────────────────

ANSWERED = {
    "reached": "yes",
    "was_met": "yes",
    "was_informed": "no",
    "was_charged": "no",
    "satisfaction": "satisfied",
    "words": "说郑律师来过两次。",
}


@pytest.fixture
def call(as_reviewer, make_case):
    make_case()
    press(as_reviewer, by="count", number="1")
    return FollowUp.objects.get()


def note(client, call, **fields):
    return client.post(
        reverse("casework:follow_up_call", args=[call.pk]),
        {name: value for name, value in (ANSWERED | fields).items() if value},
    )


@pytest.mark.django_db
def test_what_was_answered_is_kept_and_makes_form_32(as_reviewer, call, reviewer):
    note(as_reviewer, call)

    call.refresh_from_db()
    assert (call.reached, call.satisfaction) == ("yes", "satisfied")
    assert (call.was_met, call.was_informed, call.was_charged) == (True, False, False)
    assert (call.called_by, call.tries) == (reviewer, 1)
    assert Letter.objects.filter(application=call.application, kind="32").count() == 1


@pytest.mark.django_db
def test_a_settled_call_is_not_overwritten(as_reviewer, call):
    note(as_reviewer, call)

    answer = note(as_reviewer, call, satisfaction="unsatisfied")

    call.refresh_from_db()
    assert answer.status_code == 422
    assert call.satisfaction == "satisfied"
    assert Letter.objects.filter(kind="32").count() == 1


@pytest.mark.django_db
def test_three_tries_in_vain_are_a_result(as_reviewer, call):
    for tries in (1, 2):
        note(as_reviewer, call, reached="no_answer")
        call.refresh_from_db()
        assert (call.tries, call.called_at, call.reached) == (tries, None, "")
    note(as_reviewer, call, reached="no_answer")

    call.refresh_from_db()
    assert (call.tries, call.reached) == (3, "no_answer")
    assert call.called_at
    assert not Letter.objects.filter(kind="32").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["was_charged", "satisfaction"])
def test_whoever_is_reached_is_asked_about_money_and_satisfaction(as_reviewer, call, missing):
    answer = note(as_reviewer, call, **{missing: ""})

    call.refresh_from_db()
    assert answer.status_code == 422
    assert "接通的都要问这一项" in answer.content.decode()
    assert ANSWERED["words"] in answer.content.decode()
    assert call.tries == 0


@pytest.mark.django_db
def test_money_asked_for_is_told_to_director_and_bureau(as_reviewer, call):
    Notice.objects.all().delete()

    silent = note(as_reviewer, call, was_charged="yes", words="")
    note(as_reviewer, call, was_charged="yes", words="说要交500元复印费，电话13912342648")

    assert silent.status_code == 422
    assert {notice.role for notice in Notice.objects.all()} == {"director", "officer"}
    call.refresh_from_db()
    assert "13912342648" not in call.words


@pytest.mark.django_db
def test_the_phone_is_masked_until_a_reason_is_given_and_the_look_is_kept(
    as_reviewer, call, reviewer
):
    page = reverse("casework:follow_up_call", args=[call.pk])
    reveal = reverse("casework:follow_up_reveal", args=[call.pk])
    phone = call.application.phone

    assert phone not in as_reviewer.get(page).content.decode()
    assert phone not in as_reviewer.post(reveal, {"reason": " "}).content.decode()
    assert not Look.objects.filter(kind="reveal").exists()
    shown = as_reviewer.post(reveal, {"reason": "回访"})

    look = Look.objects.get(kind="reveal")
    assert phone in shown.content.decode()
    assert (look.user, look.reason) == (reviewer, "回访")
    assert look.subject == f"application:{call.application_id}"
    assert phone not in as_reviewer.get(page).content.decode()


@pytest.mark.django_db
def test_how_to_reach_somebody_safely_stands_on_the_page(as_reviewer, make_case):
    make_case(safe_contact="只在上班时间打，说是图书馆")
    press(as_reviewer, by="count", number="1")

    page = as_reviewer.get(reverse("casework:follow_up_call", args=[FollowUp.objects.get().pk]))

    assert "说是图书馆" in page.content.decode()


@pytest.mark.django_db
def test_the_list_costs_the_same_for_any_length(as_reviewer, granted, count_queries):
    def ask():
        return as_reviewer.get(reverse("casework:follow_up_list"))

    press(as_reviewer, by="count", number="1")
    few, _page = count_queries(ask)
    press(as_reviewer, by="count", number="50", seed="fedcba9876543210")
    many, page = count_queries(ask)

    assert len(page.context["page"]) == 5
    assert few == many <= 15


@pytest.mark.django_db
def test_another_county_s_calls_are_not_there(client, call, make_user, next_county):
    client.force_login(make_user("far", "外县审查员", "reviewer", next_county))

    page = client.get(reverse("casework:follow_up_list"))

    assert list(page.context["page"]) == []
    assert page.context["sums"]["drawn"] == 0
    for name in ("follow_up_call", "follow_up_reveal"):
        answer = client.post(reverse(f"casework:{name}", args=[call.pk]), {"reason": "看看"})
        assert answer.status_code == 404
