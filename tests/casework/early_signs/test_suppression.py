"""What of an early sign may leave the county."""

import pytest

from casework.early_signs.suppression import LEAST_PERSONS, outside

PLACES = ("青溪1村", "青溪2村")


def told(persons, name="清山木业有限公司", *, is_opponent=True):
    return outside(name=name, persons=persons, rows=7, places=PLACES, is_opponent=is_opponent)


@pytest.mark.parametrize("persons", range(LEAST_PERSONS))
def test_fewer_than_five_persons_leave_no_number_no_name_and_no_village(persons):
    small = told(persons)
    assert small.is_small
    assert (small.name, small.persons, small.rows, small.places) == ("", None, None, ())


def test_from_five_persons_on_a_body_is_named_with_its_places():
    shown = told(LEAST_PERSONS)
    assert (shown.name, shown.persons, shown.places) == ("清山木业有限公司", 5, PLACES)


def test_a_private_opponent_is_never_named_outside():
    assert told(40, "冯长根").name == ""
    assert told(40, "冯长根").persons == 40


def test_a_village_or_a_topic_is_named_from_five_persons_on():
    assert told(5, "环境", is_opponent=False).name == "环境"
