"""Hardship explained in words, counted by heads, and the query of shared data as a point of its own."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from casework.rules.eligibility import findings, opinion, proposal
from casework.rules.facts import Facts, Member, Standard
from casework.rules.hardship import per_head
from casework.terms import Conclusion, HardshipTrack, Relation
from tests.casework.rules.eligibility_cases import TODAY, the

INCOMES = some.decimals(min_value=0, max_value=10**6, places=2)
HOUSEHOLDS = some.lists(
    some.builds(Member, some.sampled_from(Relation.values), INCOMES), max_size=12
)


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


@pytest.mark.parametrize(
    ("outcome", "state", "words", "kept"),
    [
        ("", "open", "核查未返回。不能查询的，改用个人诚信承诺。", "核查未返回。"),
        ("confirmed", "yes", "核查已返回：与陈述一致。", "核查已返回：与陈述一致。"),
        (
            "differs",
            "open",
            "核查已返回：与陈述不一致，请申请人说明。",
            "核查已返回：与陈述不一致。",
        ),
        ("unclear", "open", "核查查不清。请改用个人诚信承诺。", "核查查不清。"),
    ],
)
def test_a_query_is_a_point_of_its_own_and_leaves_the_household_s_figures_alone(
    outcome, state, words, kept
):
    pledged = the("exactly at the standard")
    queried = replace(pledged, track=HardshipTrack.DATA_QUERY, query_outcome=outcome)

    with override("zh-hans"):
        found = findings(queried)
        assert (found.query.state, found.query.says) == (state, words)
        assert f" {kept}（" in opinion(found)

    assert found.hardship.state == "yes"
    assert proposal(found) == Conclusion.GRANT
    assert findings(pledged).query is None
    assert "query" in {row["code"] for row in found.as_rows()}


def test_where_hardship_is_no_condition_nothing_is_queried():
    free = replace(the("article 32 without a statement"), track=HardshipTrack.DATA_QUERY)

    assert findings(free).query is None
