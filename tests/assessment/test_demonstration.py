"""The rules of demonstration stations: the fifth, the conditions, two years, the grounds."""

from dataclasses import replace
from datetime import date

import pytest

from assessment.demonstration import (
    Facts,
    Ground,
    conditions,
    grounds,
    months_later,
    quota,
    rank,
    share_percent,
    stands,
    valid_until,
)

MET = Facts(
    grades={2025: "excellent"},
    substantiated_complaints=0,
    villages=6,
    covered=6,
    months_due=12,
    months_sent=12,
    postings=9,
    postings_current=9,
    hardware=8,
    hardware_met=8,
)


def states(facts, year=2026):
    return {each.code: each.state for each in conditions(facts, year)}


@pytest.mark.parametrize(
    ("stations", "owed"),
    [(0, 0), (1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3), (25, 5), (41, 9)],
)
def test_a_county_owes_a_fifth_rounded_up(stations, owed):
    assert quota(stations) == owed


@pytest.mark.parametrize("stations", range(1, 200))
def test_the_quota_is_the_least_number_that_makes_a_fifth(stations):
    assert 5 * quota(stations) >= stations > 5 * (quota(stations) - 1)


def test_a_share_not_reached_is_never_shown_as_reached():
    assert share_percent(8, 41) == 19
    assert share_percent(0, 0) == 0


def test_every_condition_is_met_by_a_station_that_meets_them():
    assert set(states(MET).values()) == {"yes"}
    assert stands(conditions(MET, 2026)) == "yes"


@pytest.mark.parametrize(
    ("change", "code", "state"),
    [
        ({"grades": {}}, "grade", "open"),
        ({"grades": {2025: "good"}}, "grade", "no"),
        ({"grades": {2025: "good", 2026: "excellent"}}, "grade", "yes"),
        ({"grades": {2024: "excellent"}}, "grade", "open"),
        # The current year alone says nothing while last year is not known.
        ({"grades": {2026: "good"}}, "grade", "open"),
        ({"has_veto": True}, "veto", "no"),
        ({"substantiated_complaints": 1}, "complaints", "no"),
        ({"substantiated_complaints": None}, "complaints", "open"),
        ({"covered": 5}, "liaisons", "no"),
        ({"villages": 0, "covered": 0}, "liaisons", "open"),
        ({"months_sent": 11}, "months", "no"),
        # A station that was not there for a year cannot have twelve.
        ({"months_due": 7, "months_sent": 7}, "months", "no"),
        ({"postings_current": 8}, "postings", "no"),
        ({"postings": None, "postings_current": None}, "postings", "open"),
        ({"hardware_met": 7}, "hardware", "no"),
        ({"hardware": None, "hardware_met": None}, "hardware", "open"),
    ],
)
def test_each_condition_answers_for_itself_with_a_reason(change, code, state):
    facts = replace(MET, **change)
    assert states(facts)[code] == state
    others = {each: answer for each, answer in states(facts).items() if each != code}
    assert "no" not in others.values()
    [condition] = [each for each in conditions(facts, 2026) if each.code == code]
    assert condition.says


def test_candidates_with_fewer_failures_come_first_then_those_better_known():
    one_fails = conditions(replace(MET, covered=5), 2026)
    unknown = conditions(replace(MET, grades={}), 2026)
    assert rank(conditions(MET, 2026)) < rank(unknown) < rank(one_fails)


@pytest.mark.parametrize(
    ("named_on", "until"),
    [
        (date(2026, 11, 25), date(2028, 11, 25)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2028, 1, 31)),
    ],
)
def test_a_name_holds_for_24_months(named_on, until):
    assert valid_until(named_on) == until


def test_months_later_ends_with_a_shorter_month():
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 12, 15), 1) == date(2027, 1, 15)


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({}, ()),
        ({"grade": "good"}, ()),
        ({"grade": "pass"}, (Ground.GRADE,)),
        ({"grade": "fail", "has_veto": True}, (Ground.GRADE, Ground.VETO)),
        ({"address": "东街", "address_now": "西街"}, (Ground.MOVED,)),
        # Half is not more than half.
        ({"staff": frozenset({1, 2}), "staff_now": frozenset({1, 3})}, ()),
        ({"staff": frozenset({1, 2, 3}), "staff_now": frozenset({3})}, (Ground.STAFF,)),
        ({"until": date(2026, 5, 1), "today": date(2026, 5, 1)}, ()),
        ({"until": date(2026, 5, 1), "today": date(2026, 5, 2)}, (Ground.LAPSED,)),
    ],
)
def test_grounds_to_withdraw_follow_from_the_records(known, found):
    assert grounds(**known) == found
