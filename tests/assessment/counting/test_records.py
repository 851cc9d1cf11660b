from datetime import date, timedelta

import pytest

from assessment.counting import records
from stations.terms import MANDATORY_ITEMS, WallFinding, WallItem
from stations.walls import postings
from tests.stations.wall_world import TODAY, clock, hang, hang_all, walled

__all__ = ["clock", "walled"]

pytestmark = pytest.mark.django_db


def current(station, day):
    rows = records.rows_behind("postings_current", station, date(day.year, 1, 1), day)
    return {pk for pk, _day, _shown, is_counted in rows if is_counted}


def test_what_is_current_on_a_day_is_counted_from_dated_rows_and_stays(walled, clerk, clock):
    assert current(walled, TODAY) == set()
    hung = {posting.pk for posting in hang_all(walled, TODAY, clerk)}
    assert len(hung) == len(MANDATORY_ITEMS)
    assert current(walled, TODAY) == hung

    # Changed on Monday the 9th: until the 23rd the wall may be renewed, then it no longer counts.
    day = clock(date(2026, 11, 9))
    walled.phone = "0564-000-0099"
    walled.save()
    new = hang(walled, WallItem.CONTACT, day, clerk, colour="green")
    assert len(current(walled, date(2026, 11, 23))) == len(MANDATORY_ITEMS)
    assert current(walled, date(2026, 11, 24)) == {new.pk}
    # And what held on the first day holds for good.
    assert current(walled, TODAY) == hung


def test_what_was_found_bad_later_hung_well_before(walled, officer, clerk, clock):
    first, *rest = hang_all(walled, TODAY, clerk)
    day = clock(TODAY + timedelta(days=5))
    postings.check(first, finding=WallFinding.DAMAGED, checked_on=day, by=officer)

    assert current(walled, day) == {posting.pk for posting in rest}
    assert first.pk in current(walled, day - timedelta(days=1))
    # A year after it was last seen nothing counts.
    assert current(walled, TODAY + timedelta(days=366)) == set()
