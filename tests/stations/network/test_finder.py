"""What a villager types finds the station; the door says whether it is open."""

from datetime import time

import pytest

from stations.network.finder import MOST_FOUND, Place, door, match

PLACES = [
    Place("青溪镇", "349001101", False),
    Place("青溪村", "349001101", True),
    Place("清水街道", "349001102", False),
    Place("石桥镇", "349001103", False),
    Place("大青溪村", "349001103", True),
    Place("桃园社区居委会", "349001103", True),
]


def names(typed):
    return [place.name for place in match(typed, PLACES)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("青溪", "青溪镇"),
        ("青溪镇", "青溪镇"),
        (" 石 桥 ", "石桥镇"),
        ("桃园村", "桃园社区居委会"),
        ("qx", "青溪镇"),
        ("SQ", "石桥镇"),
        ("ty", "桃园社区居委会"),
    ],
)
def test_a_place_is_found_by_name_or_initials_and_without_its_ending(typed, first):
    assert names(typed)[0] == first


def test_the_exact_name_comes_before_one_that_has_it():
    assert names("青溪") == ["青溪镇", "青溪村", "大青溪村"]


@pytest.mark.parametrize("typed", ["", "   ", "不存在", "zz", "<script>", "12348"])
def test_what_fits_nothing_finds_nothing(typed):
    assert names(typed) == []


def test_no_more_than_a_handful_are_found():
    many = [Place(f"青溪{n}村", "349001101", True) for n in range(50)]
    assert len(match("青溪", many)) == MOST_FOUND


HOURS = "工作日8:30–11:30，14:30–17:30"


@pytest.mark.parametrize(
    ("hours", "now", "works", "state", "at"),
    [
        (HOURS, time(9, 0), True, "open", time(11, 30)),
        (HOURS, time(8, 29), True, "later", time(8, 30)),
        (HOURS, time(12, 0), True, "later", time(14, 30)),
        (HOURS, time(11, 30), True, "later", time(14, 30)),
        (HOURS, time(17, 30), True, "closed", None),
        (HOURS, time(9, 0), False, "rest", None),
        ("周一至周五", time(9, 0), True, "unknown", None),
        ("", time(9, 0), True, "unknown", None),
        ("8：30至12：00", time(10, 0), True, "open", time(12, 0)),
        ("99:99-88:88", time(10, 0), True, "unknown", None),
    ],
)
def test_the_door_is_read_from_the_hours_as_they_are_written(hours, now, works, state, at):
    found = door(hours, now, is_working_day=works)
    assert (found.state, found.at) == (state, at)
