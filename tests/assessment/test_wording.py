"""Sums in words: what a clerk checks by hand says what was counted and what it gives."""

from fractions import Fraction

import pytest

from assessment import measures
from assessment.counting.facts import FACTS
from assessment.rules import Fact, parse_rule

RAMP = {"from": "0.8", "to": "0.98", "points_to": "6"}
SAMPLED = {"from": "0.8", "to": "0.95", "points_from": "2", "points_to": "4",
           "sample_share": "0.1", "sample_count": "20"}  # fmt: skip


def measured(points, facts, *parts, by_hand=False):
    rule = parse_rule(
        {"parts": [{"fact": fact, "function": function} | numbers for fact, function, numbers in parts]},
        points=Fraction(points),
        facts=FACTS,
        by_hand=by_hand,
    )  # fmt: skip
    return measures.measure(
        rule, {name: Fact(*pair) for name, pair in facts.items()}, points=points
    )


@pytest.mark.parametrize(
    ("points", "facts", "parts", "words"),
    [
        (6, {"entries_complete": (190, 200), "silent_months": (2,)},
         [("entries_complete", "ramp", RAMP), ("silent_months", "deduct", {"points": "0", "each": "0.5"})],
         "必填项齐全的登记190/200＝95%，得5分；"
         "既无登记又无“无人来访”说明的月份（个）：2，0－2×0.5＝−1分；合计4分"),
        (6, {"entries_complete": (0, 0)},
         [("entries_complete", "ramp", RAMP | {"empty": "zero"})],
         "必填项齐全的登记：全年没有，不得分"),
        (6, {"village_coverage": (Fraction(54, 5), 12)},
         [("village_coverage", "ramp", RAMP)],
         "联络员覆盖率90%（12个月末平均），得3.33分"),
        (5, {"complaints_substantiated": (0,)},
         [("complaints_substantiated", "deduct", {"points": "5", "each": "2.5"})],
         "查实投诉（件）：无，得5分"),
        (5, {"complaints_substantiated": (3,)},
         [("complaints_substantiated", "deduct", {"points": "5", "each": "2.5"})],
         "查实投诉（件）：3，5－3×2.5＝−2.5分；合计不低于0分"),
        (4, {"forwarded_not_returned": (9, 10), "opinions_agreed": (8, 10)},
         [("forwarded_not_returned", "share", {"points": "4"}),
          ("opinions_agreed", "step", {"at_least": "0.9", "points": "0", "otherwise": "-1"})],
         "未被退回的报送9/10，得3.6分；与初审意见一致的决定8/10＝80%，扣1分；合计2.6分"),
        (5, {"postings_current": (9, 9), "applicants_on_wall": (1,)},
         [("postings_current", "share", {"points": "5"}), ("applicants_on_wall", "void", {})],
         "有效的上墙内容9/9，得5分；墙上发现申请人信息（处）：1，本项不得分"),
        (2, {"typical_cases": (1,)},
         [("typical_cases", "count", {"points": "2", "wanted": "2"})],
         "县里采用的典型案例（篇）：1，应有2，得1分"),
        (1, {"mixed_duty_team": (0,)},
         [("mixed_duty_team", "presence", {"points": "1"})],
         "律师和基层法律服务工作者都参加值班：否，得0分"),
        (2, {"cooperation_on_time": (0, 0)},
         [("cooperation_on_time", "share", {"points": "2"})],
         "按时回复的协作函：没有可统计的记录，按满分2分计"),
        (4, {"satisfied": (9, 9, 400)}, [("satisfied", "ramp", SAMPLED)],
         "满意的评价9/9，来访400件次，评价太少，由人工评分"),
    ],
)  # fmt: skip
def test_a_sum_says_what_was_counted_and_what_it_gives(points, facts, parts, words):
    assert measured(points, facts, *parts).words == words


def test_a_line_scored_by_hand_shows_its_facts_without_points():
    shown = measured(
        3, {"equipment_there": (4, 5)}, ("equipment_there", "shown", {}), by_hand=True
    )

    assert shown.points is None
    assert shown.words == "已有的设备4/5"
    assert measured(2, {}, by_hand=True).words == "本项由人工评分。"


def test_each_part_names_the_records_it_was_counted_from():
    (part,) = measured(
        2, {"typical_cases": (1,)}, ("typical_cases", "count", {"points": "2", "wanted": "2"})
    ).parts

    assert part["rows"] == {"from": "typical_cases", "fact": "typical_cases"}
    assert (part["value"], part["of"], part["points"], part["most"]) == (
        "1",
        None,
        "1.00",
        "2.00",
    )
