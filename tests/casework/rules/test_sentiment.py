"""Signals of public sentiment: the levels and thresholds of rules 4.6."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from django.utils import translation

from casework.rules.sentiment import (
    MOST_OF_ONE_KIND,
    TOPICS,
    WAGES,
    Crowd,
    Flagged,
    Named,
    Repeated,
    Spoken,
    Surge,
    Thresholds,
    same_name,
    signals_of,
    topic_label,
)
from casework.terms import Sensitive, SignalLevel
from stations.models.network import DEFAULT_PARAMETERS

USUAL, WATCH, GRAVE = SignalLevel.USUAL, SignalLevel.WATCH, SignalLevel.GRAVE
DEFAULTS = Thresholds(**{name: DEFAULT_PARAMETERS[name] for name in Thresholds.__annotations__})
DAY = date(2026, 10, 22)
LAND = ("civil.land_forest", "土地山林")


def crowd(persons, matter=LAND, opponent="", is_together=True, entries=1):
    return Crowd(*matter, opponent, is_together, persons, entries, DAY)


def level(fact, thresholds=DEFAULTS):
    signals = signals_of([fact], thresholds, {})
    return signals[0].level if signals else None


@pytest.mark.parametrize(
    ("entries", "growth", "expected"),
    [
        (3, "30.0", USUAL),
        (3, "29.9", None),
        (2, "100.0", None),
        (3, None, USUAL),
        (2, None, None),
        (30, "-10.0", None),
    ],
)
def test_a_matter_surges_from_thirty_per_cent_and_three_entries(entries, growth, expected):
    growth = growth and Decimal(growth)

    assert level(Surge("civil.loan", "民间借贷", entries, growth)) == expected


@pytest.mark.parametrize(("entries", "expected"), [(2, None), (3, USUAL)])
def test_an_opponent_named_three_times_in_thirty_days(entries, expected):
    assert level(Named("清山木业", entries, DAY)) == expected


@pytest.mark.parametrize(
    ("persons", "expected"), [(4, None), (5, WATCH), (9, WATCH), (10, GRAVE), (200, GRAVE)]
)
def test_five_persons_are_watched_and_ten_are_grave(persons, expected):
    assert level(crowd(persons)) == expected


def test_ten_workers_are_watched_where_ten_persons_are_not_yet_grave():
    county = replace(DEFAULTS, grave_persons=30, watch_persons=15)

    assert level(crowd(10, (WAGES, "支付劳动报酬")), county) == WATCH
    assert level(crowd(10), county) is None


@pytest.mark.parametrize(("most", "expected"), [(2, None), (3, WATCH)])
def test_the_third_visit_on_a_matter_is_watched(most, expected):
    assert level(Repeated(*LAND, 1, most)) == expected


@pytest.mark.parametrize(
    ("sensitive", "persons", "expected"),
    [
        (Sensitive.GROUP, 1, WATCH),
        (Sensitive.GROUP, 10, GRAVE),
        (Sensitive.EXTREME, 1, GRAVE),
        (Sensitive.MEDIA, 1, GRAVE),
        (Sensitive.SPECIAL, 1, GRAVE),
    ],
)
def test_what_the_receiver_marked_is_grave_but_for_a_small_group(sensitive, persons, expected):
    assert level(Flagged(sensitive, *LAND, 1, persons, DAY)) == expected


@pytest.mark.parametrize(("entries", "expected"), [(2, None), (3, WATCH)])
def test_a_watched_topic_spoken_of_three_times(entries, expected):
    assert level(Spoken("land", "拆迁", entries)) == expected


def test_every_topic_has_a_name_and_words_the_search_can_find():
    for topic, words in TOPICS.items():
        assert topic_label(topic)
        assert all(len(word) == 2 for word in words)


@pytest.mark.parametrize(
    "name", ["清山木业", "（清山）木业", "(清山) 木业", " 清山　木业 ", "“清山”木业"]
)
def test_one_opponent_is_written_in_many_ways(name):
    assert same_name(name) == "清山木业"


def test_wide_letters_are_plain_ones():
    assert same_name("ＡＢ１公司") == same_name("ab1公司") == "ab1公司"


def test_the_gravest_comes_first_and_a_crowd_s_opponent_is_not_named_again():
    signals = signals_of(
        [
            Surge("civil.loan", "民间借贷", 9, None),
            Named("（清山）木业", 6, DAY),
            crowd(6, opponent="清山木业", is_together=False, entries=3),
            Flagged(Sensitive.EXTREME, *LAND, 1, 1, DAY),
            crowd(11),
        ],
        DEFAULTS,
        {"station": 7},
    )

    assert [(signal.level, signal.kind) for signal in signals] == [
        (GRAVE, "crowd"),
        (GRAVE, "flagged"),
        (WATCH, "crowd"),
        (USUAL, "surge"),
    ]


def test_no_kind_crowds_out_the_others():
    facts = [Named(f"公司{n:02d}", 3 + n, DAY) for n in range(30)]

    signals = signals_of([*facts, Surge("civil.loan", "民间借贷", 9, None)], DEFAULTS, {})

    assert [signal.kind for signal in signals].count("opponent") == MOST_OF_ONE_KIND
    assert signals[0].subject == "公司29"
    assert signals[-1].kind == "surge"


def test_a_signal_opens_its_rows():
    def opened(fact):
        (signal,) = signals_of([fact], DEFAULTS, {"from": "2026-10-01", "to": "2026-10-31"})
        return {name: value for name, (value,) in parse_qs(signal.query).items()}

    month = {"from": "2026-10-01", "to": "2026-10-31"}
    assert opened(crowd(11)) == month | {"matter": LAND[0], "persons": "5"}
    assert opened(Named("甲公司", 3, date(2026, 10, 20))) == {
        "from": "2026-09-21",
        "to": "2026-10-20",
        "opponent": "甲公司",
    }
    assert opened(Repeated(*LAND, 2, 4)) == month | {"matter": LAND[0], "repeat": "3"}


@pytest.mark.parametrize(
    "fact",
    [
        crowd(11),
        crowd(11, opponent="清山木业"),
        crowd(11, entries=2),
        crowd(6, opponent="清山木业", is_together=False, entries=3),
        Flagged(Sensitive.MEDIA, *LAND, 1, 1, DAY),
        Spoken("land", "拆迁", 4),
        Repeated(*LAND, 1, 3),
        Repeated(*LAND, 2, 3),
        Named("清山木业", 3, DAY),
        Surge(*LAND, 4, Decimal("80.0")),
        Surge(*LAND, 4, None),
    ],
)
def test_every_signal_says_what_happened_and_when_to_report_it(fact):
    (signal,) = signals_of([fact], DEFAULTS, {})

    with translation.override("en"):
        assert signal.sentence.startswith(
            {"opponent": "清山木业", "topic": "land"}.get(signal.kind, "土地山林")
        )
        assert "%" not in signal.sentence.replace("80.0%", "")
        assert signal.due_rule.endswith(".")
        assert signal.level_label in {"usual", "watch", "grave"}


@pytest.mark.parametrize("name", ["冯某", "冯某某", "冯某甲", "欧阳某"])
def test_a_name_that_names_nobody_is_no_opponent_named_often(name):
    assert level(Named(name, 9, DAY)) is None


@pytest.mark.parametrize("name", ["某某木业公司", "冯建国", "清山某公司"])
def test_a_name_that_tells_somebody_is_counted(name):
    assert level(Named(name, 9, DAY)) == SignalLevel.USUAL
