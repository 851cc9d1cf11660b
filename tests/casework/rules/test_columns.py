"""What follows from sex, birth date and ethnic group."""

from datetime import date

import pytest

from casework.rules.columns import derived_groups


@pytest.mark.parametrize(
    ("sex", "birth_on", "ethnic_group", "groups"),
    [
        ("female", None, "", {"women"}),
        ("male", date(1966, 3, 2), "汉", {"elderly"}),
        ("male", date(1966, 3, 3), "汉族", set()),
        ("female", date(2008, 3, 3), "回", {"women", "minor", "ethnic_minority"}),
        ("male", date(2008, 3, 2), "", set()),
        ("", None, "畲族", {"ethnic_minority"}),
    ],
)
def test_people_groups_follow_from_sex_birth_and_ethnic_group(
    sex, birth_on, ethnic_group, groups
):
    assert (
        derived_groups(
            sex=sex, birth_on=birth_on, ethnic_group=ethnic_group, on=date(2026, 3, 2)
        )
        == groups
    )
