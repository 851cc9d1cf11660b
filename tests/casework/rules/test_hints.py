"""What is said while somebody types: periods of law, law notes, reports, who was here before."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from casework.register.guidance import EVERYWHERE, GUIDES, guide_of
from casework.rules.hints import (
    ARTICLE_31,
    ARTICLE_32,
    LIMITATIONS,
    best_matches,
    law_notes,
    limitation_hints,
    limitations_of,
    sensitive_level,
)
from casework.terms import MATTERS


@pytest.mark.parametrize(
    ("matter", "event_on", "ends"),
    [
        ("civil.labour_pay", date(2026, 3, 2), [date(2027, 3, 2)]),
        ("civil.labour_pay", date(2024, 2, 29), [date(2025, 2, 28)]),
        (
            "civil.work_injury",
            date(2026, 10, 1),
            [date(2026, 10, 31), date(2027, 10, 1), date(2027, 10, 1)],
        ),
        (
            "administrative.subsistence",
            date(2026, 8, 31),
            [date(2026, 10, 30), date(2027, 2, 28)],
        ),
        ("economic.loan", date(2026, 3, 2), [date(2029, 3, 2)]),
        ("economic.own1", date(2026, 3, 2), [date(2029, 3, 2)]),
        ("civil.marriage", date(2026, 3, 2), []),
        ("criminal.theft", date(2026, 3, 2), []),
        ("", date(2026, 3, 2), []),
    ],
)
def test_a_period_ends_on_its_corresponding_day(matter, event_on, ends):
    hints = limitation_hints(matter_code=matter, event_on=event_on, today=event_on)

    assert [hint.ends_on for hint in hints] == ends


@pytest.mark.parametrize(
    ("today", "state", "days_left", "may_provide_first"),
    [
        (date(2026, 1, 1), "calm", 60, False),
        (date(2026, 1, 30), "calm", 31, False),
        (date(2026, 1, 31), "near", 30, False),
        (date(2026, 2, 23), "near", 7, False),
        (date(2026, 2, 24), "near", 6, True),
        (date(2026, 3, 2), "near", 0, True),
        (date(2026, 3, 3), "over", -1, False),
    ],
)
def test_a_period_near_its_end_is_marked(today, state, days_left, may_provide_first):
    [hint] = limitation_hints(
        matter_code="civil.labour_pay", event_on=date(2025, 3, 2), today=today
    )

    assert (hint.state, hint.days_left, hint.may_provide_first) == (
        state,
        days_left,
        may_provide_first,
    )


def test_what_ends_first_stands_first_and_what_has_passed_last():
    hints = limitation_hints(
        matter_code="administrative.other", event_on=date(2026, 1, 1), today=date(2026, 4, 1)
    )

    assert [hint.state for hint in hints] == ["calm", "over"]


def test_every_rule_has_one_length_an_article_and_matters_of_the_dictionary():
    known = {name for name, _label, _leaves in MATTERS} | {
        f"{name}.{code}" for name, _label, leaves in MATTERS for code, _leaf, _key in leaves
    }
    for rule in LIMITATIONS:
        assert sum(map(bool, (rule.years, rule.months, rule.days))) == 1
        assert rule.article
        assert rule.matters <= known
    assert known >= ARTICLE_31 | ARTICLE_32 | set(GUIDES)
    assert limitations_of("civil.work_injury")


@pytest.mark.parametrize(
    ("matter", "groups", "count", "is_strong"),
    [
        ("civil.domestic_violence", [], 1, True),
        ("civil.labour_pay", ["women"], 1, False),
        ("civil.labour_pay", ["migrant_worker"], 2, False),
        ("economic.loan", ["migrant_worker"], 0, False),
    ],
)
def test_the_law_is_named_where_it_is_sure(matter, groups, count, is_strong):
    notes = law_notes(matter_code=matter, people_groups=groups)

    assert len(notes) == count
    assert any(note.is_strong for note in notes) == is_strong


@pytest.mark.parametrize(
    ("sensitive", "persons", "level"),
    [
        ("none", 1, None),
        ("none", 4, None),
        ("none", 5, "watch"),
        ("none", 10, "grave"),
        ("group", 1, "watch"),
        ("group", 10, "grave"),
        ("extreme", 1, "grave"),
        ("media", 1, "grave"),
        ("special", 1, "grave"),
        ("", 1, None),
    ],
)
def test_the_level_of_a_report(sensitive, persons, level):
    assert (
        sensitive_level(sensitive=sensitive, persons=persons, watch_persons=5, grave_persons=10)
        == level
    )


@dataclass
class Earlier:
    name: str = "吴秋菊"
    phone_hash: str = ""
    id_hash: str = ""
    village_id: int | None = None
    occurred_at: datetime = datetime(2026, 3, 2)


@pytest.mark.parametrize(
    ("earlier", "score"),
    [
        (Earlier(id_hash="i", name="别人"), 100),
        (Earlier(phone_hash="p"), 95),
        (Earlier(phone_hash="p", name="伍秋菊"), 60),
        (Earlier(village_id=7), 50),
        (Earlier(village_id=7, name="伍秋菊"), 30),
        (Earlier(village_id=7, name="王建国"), 0),
        (Earlier(village_id=8), 0),
        (Earlier(), 0),
    ],
)
def test_how_surely_it_is_the_same_person(earlier, score):
    matches = best_matches([earlier], name="吴秋菊", phone_hash="p", id_hash="i", village_id=7)

    assert [match.score for match in matches] == ([score] if score else [])


def test_nothing_typed_matches_nobody():
    assert best_matches([Earlier()], name="", phone_hash="", id_hash="", village_id=None) == []


def test_the_surest_and_latest_three_are_shown():
    entries = [
        Earlier(village_id=7, occurred_at=datetime(2026, 3, 9)),
        Earlier(phone_hash="p", occurred_at=datetime(2026, 3, 2)),
        Earlier(phone_hash="p", occurred_at=datetime(2026, 3, 5)),
        Earlier(id_hash="i", occurred_at=datetime(2026, 1, 1)),
    ]
    matches = best_matches(entries, name="吴秋菊", phone_hash="p", id_hash="i", village_id=7)

    assert [match.entry for match in matches] == [entries[3], entries[2], entries[1]]


def test_every_matter_has_something_to_ask_and_to_answer():
    assert guide_of("criminal.theft").ask == EVERYWHERE.ask
    own = guide_of("civil.labour_pay")
    assert own.ask != EVERYWHERE.ask
    assert own.answers[-1] == EVERYWHERE.answers[-1]
