"""The rules of the preliminary review, from a table of cases the county can read."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from casework.rules import eligibility
from casework.rules.checklist import checklist
from casework.rules.eligibility import findings, opinion
from casework.rules.facts import Facts
from casework.rules.hardship import per_head
from casework.terms import HardshipTrack, MaterialKind
from tests.casework.rules.eligibility_cases import CASES, MATTERS, TODAY, facts_of, the

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


def test_an_opinion_can_be_written_from_every_case_and_tells_the_center_what_is_so():
    # Words that tell whoever reviews what to do next are not for the center, nor for form 8.
    bidden = re.compile("请选择|请写|请填|请核|请询|请注明|请改|朗读|报告站长|不要让|询问是否")
    with override("zh-hans"):
        for row in CASES:
            words = eligibility.opinion(findings(facts_of(row)))
            assert words
            assert not bidden.search(words), (row["case"], words)
