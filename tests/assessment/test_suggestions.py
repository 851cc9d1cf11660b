"""What the records point at: growth of grants and refusals overturned, at their bounds."""

import pytest

from assessment.models import Clause
from assessment.rules import Fact
from assessment.suggestions import FACTS_OF, suggestions
from assessment.terms import ClauseSign

GROWTH = Clause(
    code="P5", kind="bonus", points=1, found_by="grants_grown", more_than_percent=20
)
OVERTURNED = Clause(code="D1", kind="deduction", points=2, found_by="refusals")
BY_PEOPLE = Clause(code="P1", kind="bonus", points=3)


def found(now, before, overturned):
    facts = {
        "grants": Fact(now),
        "grants_before": Fact(before),
        "refusals_overturned": Fact(overturned),
    }
    return {
        each.clause.code: each for each in suggestions([BY_PEOPLE, GROWTH, OVERTURNED], facts)
    }


@pytest.mark.parametrize(
    ("now", "before", "overturned", "codes"),
    [
        # Rules 5.2: more than 20 %, so 20 % itself is not enough.
        (12, 10, 0, []),
        (121, 100, 0, ["P5"]),
        (13, 10, 0, ["P5"]),
        # One refusal overturned takes the bonus away and points at the deduction.
        (13, 10, 1, ["D1"]),
        (8, 10, 2, ["D1"]),
        # No growth can be told from nothing, or from what nobody counted.
        (5, 0, 0, []),
        (0, 0, 0, []),
        (None, None, None, []),
        (13, 10, None, []),
    ],
)
def test_the_records_point_at_a_clause_only_beyond_its_bound(now, before, overturned, codes):
    assert list(found(now, before, overturned)) == codes


def test_a_suggestion_says_its_sum_and_how_often():
    grown, overturned = found(13, 10, 0)["P5"], found(8, 10, 3)["D1"]

    assert (
        grown.words
        == "给予援助13件，上年同期10件，增长30%，超过20%；没有被纠正的不予援助决定。"
    )
    assert (grown.count, overturned.count) == (1, 3)
    assert overturned.words == "工作站提出不予援助、后被责令纠正的决定3件。"
    assert set(FACTS_OF) == set(ClauseSign)
