"""Whom to assign: the order, its reasons, and who may never be assigned. Pure."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.suggestions import (
    Candidate,
    Case,
    Somebody,
    speciality_of,
    suggest,
    years_between,
)

ON = date(2026, 11, 5)
LAWYER = Candidate(worker=1, name="郑法", kind="lawyer", practising_since=date(2015, 1, 1))
DEFENDER = replace(LAWYER, criminal_defence_since=date(2020, 1, 1))
WAGES = Case(speciality="labour", township_code="349001101")
DEFENCE = Case(speciality="criminal", is_criminal=True)
LIFE = replace(DEFENCE, is_life_or_death=True)


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


def against(side, name="", id_hash=""):
    return replace(WAGES, people=(Somebody(side, name, id_hash),))


# What is wrong with the person or the case, and the sentence that keeps them apart.
FORBIDDEN = [
    (
        "licence ended yesterday",
        WAGES,
        {"licence_to": date(2026, 11, 4)},
        "执业证已于2026年11月4日",
    ),
    ("has left", WAGES, {"left_on": ON}, "已退出"),
    ("comes tomorrow", WAGES, {"joined_on": ON + timedelta(days=1)}, "还没有加入"),
    (
        "grassroots worker in a criminal case",
        DEFENCE,
        {"kind": "grassroots"},
        "基层法律服务工作者不办理刑事",
    ),
    ("staff without a licence in a criminal case", DEFENCE, {"kind": "staff"}, "律师执业证号"),
    ("never defended", LIFE, {}, "不满三年"),
    (
        "a day short of three years",
        LIFE,
        {"criminal_defence_since": date(2023, 11, 6)},
        "不满三年",
    ),
    ("is the opponent", against("opponent", id_hash="x"), {"id_hash": "x"}, "利益冲突"),
    ("is the applicant", against("", id_hash="x"), {"id_hash": "x"}, "利益冲突"),
    (
        "is the other side's agent by number",
        against("opponent_agent", "别名", "x"),
        {"id_hash": "x"},
        "对方的代理人",
    ),
    (
        "is the other side's agent by name",
        against("opponent_agent", "郑法"),
        {"name_key": "郑法"},
        "对方的代理人",
    ),
    (
        "the unit is the opponent",
        against("opponent", "清山律师事务所"),
        {"unit_key": "清山律师事务所"},
        "所在单位",
    ),
    ("handles the opponent's case", WAGES, {"acts_for_other_side": True}, "利益冲突"),
]


@pytest.mark.parametrize(
    ("case", "fields", "sentence"),
    [row[1:] for row in FORBIDDEN],
    ids=[row[0] for row in FORBIDDEN],
)
def test_who_the_law_keeps_from_a_case_is_never_suggested(case, fields, sentence):
    found = suggest(case, [replace(LAWYER, **fields)], ON)

    assert found.ranked == ()
    [excluded] = found.excluded
    assert sentence in "；".join(excluded.reasons)


ALLOWED = [
    ("licence ends today", WAGES, {"licence_to": ON}),
    ("three years to the day", LIFE, {"criminal_defence_since": date(2023, 11, 5)}),
    ("grassroots worker in a civil case", WAGES, {"kind": "grassroots"}),
    ("staff with a licence defends", DEFENCE, {"kind": "staff", "has_licence_number": True}),
    ("young lawyer in a civil case", WAGES, {"practising_since": date(2026, 9, 1)}),
    (
        "another person of the agent's name",
        against("opponent_agent", "郑法", "x"),
        {"name_key": "郑法", "id_hash": "y"},
    ),
    ("leaves tomorrow", WAGES, {"left_on": ON + timedelta(days=1)}),
]


@pytest.mark.parametrize(
    ("case", "fields"), [row[1:] for row in ALLOWED], ids=[row[0] for row in ALLOWED]
)
def test_who_may_be_assigned_is_suggested(case, fields):
    found = suggest(case, [replace(LAWYER, **fields)], ON)

    assert [each.candidate.name for each in found.ranked] == ["郑法"]
    assert found.excluded == ()


def second(**fields):
    return replace(LAWYER, worker=2, name="孟律", **fields)


# (case, what distinguishes 孟律 from 郑法, who comes first)
ORDERS = [
    ("speciality", WAGES, {"specialities": frozenset({"labour"})}, "孟律"),
    (
        "another speciality does not help",
        WAGES,
        {"specialities": frozenset({"family"})},
        "郑法",
    ),
    ("same township", WAGES, {"township_code": "349001101"}, "孟律"),
    ("more in hand", WAGES, {"open_cases": 1}, "郑法"),
    (
        "speciality outweighs two more in hand",
        WAGES,
        {"specialities": frozenset({"labour"}), "open_cases": 2},
        "孟律",
    ),
    (
        "and four more outweigh it",
        WAGES,
        {"specialities": frozenset({"labour"}), "open_cases": 4},
        "郑法",
    ),
    ("fewer cases this year come first", WAGES, {"cases_this_year": 1}, "郑法"),
    ("minors", replace(WAGES, is_minor=True), {"knows_minors": True, "open_cases": 5}, "孟律"),
    (
        "somebody to look at comes after everybody else",
        WAGES,
        {"unit_acts_for_other_side": True, "specialities": frozenset({"labour"})},
        "郑法",
    ),
]


@pytest.mark.parametrize(
    ("case", "fields", "first"), [row[1:] for row in ORDERS], ids=[row[0] for row in ORDERS]
)
def test_the_better_fit_comes_first(case, fields, first):
    found = suggest(case, [LAWYER, second(**fields)], ON)

    assert found.ranked[0].candidate.name == first
    assert found.place_of(found.ranked[0].candidate.worker) == 1


def test_the_reasons_are_words_a_person_reads():
    candidate = replace(
        LAWYER,
        specialities=frozenset({"labour"}),
        township_code="349001101",
        open_cases=2,
    )

    [suggestion] = suggest(WAGES, [candidate], ON).ranked

    assert suggestion.reasons == ("专长相符：劳动争议", "同乡镇", "执业11年", "在办2件")
    assert suggestion.cautions == ()


def test_a_namesake_of_a_party_is_to_be_looked_at():
    [suggestion] = suggest(
        against("opponent", "郑法"), [replace(LAWYER, name_key="郑法")], ON
    ).ranked

    assert suggestion.cautions == ("与当事人同名，请核对不是同一人",)


def test_in_a_minor_s_criminal_case_who_does_not_know_minors_comes_last_with_the_article():
    case = replace(DEFENCE, is_minor=True)
    found = suggest(case, [DEFENDER, second(knows_minors=True, open_cases=9)], ON)

    assert [each.candidate.name for each in found.ranked] == ["孟律", "郑法"]
    assert "第二十六条" in found.ranked[1].cautions[0]


def test_equal_people_are_loaded_evenly():
    panel = [replace(LAWYER, worker=n, name=f"律师{n}") for n in range(1, 6)]
    for _case in range(13):
        chosen = suggest(WAGES, panel, ON).ranked[0].candidate
        panel = [
            replace(each, open_cases=each.open_cases + 1, cases_this_year=each.open_cases + 1)
            if each.worker == chosen.worker
            else each
            for each in panel
        ]

    loads = [each.open_cases for each in panel]
    assert sum(loads) == 13
    assert max(loads) - min(loads) == 1


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (date(2023, 11, 5), date(2026, 11, 5), 3),
        (date(2023, 11, 6), date(2026, 11, 5), 2),
        (date(2024, 2, 29), date(2027, 2, 28), 2),
        (date(2024, 2, 29), date(2027, 3, 1), 3),
        (date(2027, 1, 1), date(2026, 11, 5), 0),
        (None, date(2026, 11, 5), 0),
    ],
)
def test_only_full_years_count(since, on, years):
    assert years_between(since, on) == years


@pytest.mark.parametrize(
    ("aid_code", "matter_code", "speciality"),
    [
        ("31-5", "", "labour"),
        ("31-7", "civil.medical", "medical"),
        ("31-7", "", "traffic"),
        ("31-9", "economic.loan", "contract"),
        ("31-9", "", ""),
        ("24", "criminal.theft", "criminal"),
        ("32-4", "civil.domestic_violence", "family"),
    ],
)
def test_the_nearer_matter_tells_the_speciality(aid_code, matter_code, speciality):
    assert speciality_of(aid_code, matter_code) == speciality


days = st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1))
candidates = st.builds(
    Candidate,
    worker=st.integers(1, 10_000),
    name=st.sampled_from(["甲", "乙", "丙"]),
    kind=st.sampled_from(["lawyer", "grassroots", "staff"]),
    name_key=st.sampled_from(["甲", "乙", ""]),
    unit_key=st.sampled_from(["所", ""]),
    id_hash=st.sampled_from(["x", "y", ""]),
    has_licence_number=st.booleans(),
    licence_to=days,
    practising_since=days,
    criminal_defence_since=days,
    joined_on=days,
    left_on=days,
    specialities=st.frozensets(st.sampled_from(["labour", "criminal", "family"])),
    knows_minors=st.booleans(),
    township_code=st.sampled_from(["1", "2", ""]),
    open_cases=st.integers(0, 20),
    cases_this_year=st.integers(0, 40),
    acts_for_other_side=st.booleans(),
    unit_acts_for_other_side=st.booleans(),
)
panels = st.lists(candidates, max_size=8, unique_by=lambda each: each.worker)
cases = st.builds(
    Case,
    speciality=st.sampled_from(["labour", "criminal", ""]),
    is_criminal=st.booleans(),
    is_life_or_death=st.booleans(),
    is_minor=st.booleans(),
    township_code=st.sampled_from(["1", ""]),
    people=st.lists(
        st.builds(
            Somebody,
            st.sampled_from(["", "opponent", "opponent_agent", "co_applicant"]),
            st.sampled_from(["甲", "丁", "所"]),
            st.sampled_from(["x", "z", ""]),
        ),
        max_size=3,
    ).map(tuple),
)


@given(cases, panels, st.randoms())
def test_the_order_of_the_panel_changes_nothing(case, panel, random):
    shuffled = list(panel)
    random.shuffle(shuffled)

    assert suggest(case, panel, ON) == suggest(case, shuffled, ON)


@given(cases, panels)
def test_everybody_is_either_suggested_or_excluded_with_a_reason(case, panel):
    found = suggest(case, panel, ON)

    suggested = {each.candidate.worker for each in found.ranked}
    excluded = {each.candidate.worker for each in found.excluded}
    assert suggested | excluded == {each.worker for each in panel}
    assert not suggested & excluded
    assert all(each.reasons for each in found.excluded)


@given(cases, panels)
def test_nobody_suggested_breaks_a_hard_rule(case, panel):
    for each in suggest(case, panel, ON).ranked:
        person = each.candidate
        assert person.licence_to is None or person.licence_to >= ON
        assert not person.acts_for_other_side
        assert not (person.id_hash and person.id_hash in {one.id_hash for one in case.people})
        if case.is_criminal:
            assert person.kind != "grassroots"
            if case.is_life_or_death:
                assert years_between(person.criminal_defence_since, ON) >= 3


@given(cases, panels, st.integers(1, 5))
def test_more_in_hand_never_moves_somebody_up(case, panel, more):
    found = suggest(case, panel, ON)
    if not found.ranked:
        return
    loaded = found.ranked[-1].candidate
    heavier = [
        replace(each, open_cases=each.open_cases + more)
        if each.worker == loaded.worker
        else each
        for each in panel
    ]

    assert suggest(case, heavier, ON).place_of(loaded.worker) == len(found.ranked)
