"""The rules of the preliminary review, from a table of cases the county can read."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from casework.rules import eligibility
from casework.rules.checklist import checklist
from casework.rules.eligibility import (
    Facts,
    MatterFacts,
    Member,
    Standard,
    findings,
    opinion,
    per_head,
)
from casework.terms import AID_MATTERS, HardshipTrack, MaterialKind, Relation

TODAY = date(2026, 11, 5)
MATTERS = {
    code: MatterFacts(code, name, article, category, is_free)
    for code, name, article, category, is_free in AID_MATTERS
}
SHORT = {
    "form": MaterialKind.APPLICATION_FORM,
    "id": MaterialKind.ID_DOCUMENT,
    "agency": MaterialKind.AGENCY_PROOF,
    "statement": MaterialKind.HARDSHIP_STATEMENT,
    "pledge": MaterialKind.PLEDGE,
    "exemption": MaterialKind.EXEMPTION_PROOF,
    "condition": MaterialKind.CONDITION_PROOF,
    "matter": MaterialKind.MATTER,
}


def household_of(text):
    for part in text.split():
        relation, _colon, income = part.partition(":")
        yield Member(relation, Decimal(income) if income else None)


def facts_of(row):
    return Facts(
        today=TODAY,
        matter=MATTERS.get(row["matter"]),
        aid_kind=row["aid_kind"],
        jurisdiction_basis=row["basis"],
        jurisdiction_body=row["body"],
        is_ours=row["is_ours"] == "1",
        age=int(row["age"]),
        agent_reason=row["agent_reason"],
        agent_kind=row["agent_kind"],
        agent_name=row["agent_name"],
        opponents=tuple(row["opponents"].split()),
        track=row["track"],
        check_exemption=row["exemption"],
        household=tuple(household_of(row["household"])),
        is_opponent_in_household=bool(row["opponent_inside"]),
        has_pledged=bool(row["pledged"]),
        standard=Standard(Decimal(row["standard"]), "月最低工资标准", date(2026, 1, 1))
        if row["standard"]
        else None,
        limitation_on=TODAY + timedelta(days=int(row["limitation_days"]))
        if row["limitation_days"]
        else None,
        is_preservation_urgent=bool(row["preservation"]),
        is_detained=bool(row["detained"]),
        is_group=bool(row["group"]),
    )


with (Path(__file__).parent / "eligibility_cases.csv").open(encoding="utf-8") as table:
    CASES = list(csv.DictReader(table))


def state(finding):
    return finding.state if finding else ""


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_each_case_of_the_table_is_found_as_it_says(row):
    facts = facts_of(row)
    found = findings(facts)
    income = per_head(facts.household, is_opponent_in_household=facts.is_opponent_in_household)

    assert {
        "scope": state(found.scope),
        "jurisdiction": state(found.jurisdiction),
        "agent": state(found.agent),
        "hardship": state(found.hardship),
        "urgent": state(found.urgent),
        "detained_finding": state(found.detained),
        "public": state(found.public),
    } == {
        name: row[name]
        for name in (
            "scope",
            "jurisdiction",
            "agent",
            "hardship",
            "urgent",
            "detained_finding",
            "public",
        )
    }
    assert income is None if not row["per_head"] else income.amount == Decimal(row["per_head"])


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_each_case_of_the_table_owes_the_papers_it_says(row):
    papers = checklist(facts_of(row))
    asked = row["papers"].split()

    assert {paper.kind for paper in papers if paper.is_needed} == {
        SHORT[name] for name in asked if not name.startswith("-")
    }
    assert {paper.kind for paper in papers if not paper.is_needed} == {
        SHORT[name[1:]] for name in asked if name.startswith("-")
    }
    assert all(paper.why for paper in papers)


def test_the_table_has_the_cases_it_is_read_for():
    assert len(CASES) >= 40
    assert len({row["case"] for row in CASES}) == len(CASES)


def the(name):
    return facts_of(next(row for row in CASES if row["case"] == name))


def test_the_result_is_explained_in_words_with_its_figures():
    with override("zh-hans"):
        says = findings(the("shared by heads")).hardship.says
        above = findings(the("one fen above the standard")).hardship.says

    assert says == "4人，人均每月1,000元，未超过经济困难标准2,060元（月最低工资标准），符合。"
    assert (
        above == "1人，人均每月2,060.01元，超过经济困难标准2,060元（月最低工资标准），不符合。"
    )


def test_the_applicant_s_own_income_is_named_as_such():
    with override("zh-hans"):
        says = findings(the("spouse on the other side")).hardship.says

    assert says == (
        "申请人本人每月收入800元，未超过经济困难标准2,060元（月最低工资标准），符合。"
    )


@pytest.mark.parametrize(
    ("case", "kept"),
    [
        (
            "shared by heads",
            "4人，人均月收入未超过经济困难标准2,060元（月最低工资标准），符合。",
        ),
        (
            "one fen above the standard",
            "1人，人均月收入超过经济困难标准2,060元（月最低工资标准），不符合。",
        ),
        (
            "spouse on the other side",
            "申请人本人月收入未超过经济困难标准2,060元（月最低工资标准），符合。",
        ),
    ],
)
def test_an_opinion_names_the_standard_and_no_income(case, kept):
    with override("zh-hans"):
        found = findings(the(case))
        rows, words = found.as_rows(), opinion(found)

    assert kept in [row["says"] for row in rows]
    assert kept in words


@pytest.mark.parametrize(
    ("reviewer", "is_found"), [("吴大", True), ("吴长根", True), ("周桂兰", False), ("", False)]
)
def test_a_reviewer_with_the_name_of_somebody_in_the_matter_is_told(reviewer, is_found):
    facts = replace(
        the("exactly at the standard"), reviewer=reviewer, involved=("吴长根", "吴大")
    )
    found = findings(facts)
    assert (found.recusal is not None) == is_found
    # It is said to the reviewer; the opinion does not speak of it.
    assert opinion(found) == opinion(findings(replace(facts, reviewer="")))


def test_what_is_missing_is_named_all_together():
    facts = replace(the("exactly at the standard"), missing=("身份证明", "经济困难状况说明表"))
    complete = replace(facts, missing=())

    assert "身份证明、经济困难状况说明表" in findings(facts).papers.says
    assert findings(complete).papers.state == "yes"
    assert findings(replace(facts, missing=None)).papers is None


def test_what_is_kept_with_an_opinion_is_plain_text():
    rows = findings(the("detained")).as_rows()

    assert {row["code"] for row in rows} == {
        "detained",
        "scope",
        "jurisdiction",
        "agent",
        "hardship",
    }
    assert all(type(value) is str for row in rows for value in row.values())


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_no_sentence_names_an_article_that_is_not_certain(row):
    for finding in findings(facts_of(row)):
        assert "≈" not in finding.says
        assert "148" not in f"{finding.says}{finding.article}"


INCOMES = some.decimals(min_value=0, max_value=10**6, places=2)
HOUSEHOLDS = some.lists(
    some.builds(Member, some.sampled_from(Relation.values), INCOMES), max_size=12
)


@given(HOUSEHOLDS, some.decimals(min_value=1, max_value=10**5, places=2))
def test_more_income_never_turns_hardship_from_not_met_to_met(household, standard):
    facts = Facts(
        today=TODAY,
        track=HardshipTrack.PLEDGE,
        has_pledged=True,
        household=tuple(household),
        standard=Standard(standard, "", TODAY),
    )
    richer = replace(
        facts,
        household=tuple(replace(member, income=member.income + 1) for member in household),
    )

    order = {"yes": 0, "no": 1}
    before, after = findings(facts).hardship.state, findings(richer).hardship.state
    if household:
        assert order[before] <= order[after]
    else:
        assert before == after == "open"


@given(HOUSEHOLDS)
def test_per_head_lies_between_the_least_and_the_most(household):
    income = per_head(household)
    if not household:
        assert income is None
        return
    incomes = [member.income for member in household]
    assert income.heads == len(household)
    assert min(incomes) - Decimal("0.01") <= income.amount <= max(incomes) + Decimal("0.01")


@given(HOUSEHOLDS, some.integers(0, 11))
def test_the_order_of_the_household_does_not_matter(household, turn):
    assert per_head(household) == per_head(household[turn:] + household[:turn])


@given(some.integers(-40, 40))
def test_aid_first_is_possible_exactly_from_today_to_the_sixth_day(days):
    facts = Facts(today=TODAY, limitation_on=TODAY + timedelta(days=days))

    assert findings(facts).may_provide_first == (0 <= days <= 6)


@given(
    some.sampled_from(["", *MATTERS]),
    some.sampled_from(["", *HardshipTrack.values]),
    some.sampled_from(["", "42-1", "42-2", "42-3", "42-4"]),
    some.sampled_from(["", "minor", "capacity", "detained", "entrusted"]),
)
def test_nobody_is_asked_for_a_statement_and_spared_the_check(matter, track, exemption, reason):
    facts = Facts(
        today=TODAY,
        matter=MATTERS.get(matter),
        track=track,
        check_exemption=exemption,
        agent_reason=reason,
    )
    papers = {paper.kind: paper.is_needed for paper in checklist(facts)}
    is_spared = papers.get(MaterialKind.EXEMPTION_PROOF) or papers.get(
        MaterialKind.CONDITION_PROOF
    )

    # The statement always stands on the list: owed, or said not to be.
    assert papers[MaterialKind.HARDSHIP_STATEMENT] is not bool(is_spared)
    assert papers[MaterialKind.APPLICATION_FORM]
    assert papers[MaterialKind.ID_DOCUMENT]
    assert papers[MaterialKind.MATTER]
    assert papers.get(MaterialKind.AGENCY_PROOF, False) == bool(reason)


def test_an_opinion_can_be_written_from_every_case():
    for row in CASES:
        assert eligibility.opinion(findings(facts_of(row)))
