"""Holds: on a record, on its person, with a reason, until a day, lifted with a reason."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from stations.models import Hold
from stations.retention import carrying, holds, lists
from stations.retention.schedule import due_of, line_of
from tests.conftest import at

pytestmark = pytest.mark.django_db


def stopped(county, code="entries"):
    due = due_of(county, line_of(county, code), timezone.localdate())
    return due.is_stopped, due.count


def test_a_hold_stops_its_record_until_it_is_lifted(make_entry, county, officer):
    entry = make_entry(occurred_at=at(2012, 5, 3))
    hold = holds.set_hold("entry", entry, county=county, reason="信访", by=officer)
    assert stopped(county) == (1, 0)
    # A second press sets nothing twice.
    again = holds.set_hold("entry", entry, county=county, reason="信访", by=officer)
    assert again == hold

    holds.lift(hold, by=officer, reason="信访办结")

    assert stopped(county) == (0, 1)
    with pytest.raises(holds.HoldRefused, match="已经解除"):
        holds.lift(hold, by=officer, reason="信访办结")
    assert (Hold.objects.get().reason, Hold.objects.get().lift_reason) == ("信访", "信访办结")


def test_a_hold_ends_with_its_last_day_and_can_be_set_anew(make_entry, county, officer):
    entry, today = make_entry(occurred_at=at(2012, 5, 3)), timezone.localdate()
    first = holds.set_hold(
        "entry", entry, county=county, reason="信访", by=officer, until_on=today
    )
    assert stopped(county) == (1, 0)
    yesterday = today - timedelta(days=1)
    Hold.objects.update(from_on=date(2020, 1, 1), until_on=yesterday)
    assert stopped(county) == (0, 1)

    second = holds.set_hold("entry", entry, county=county, reason="诉讼", by=officer)

    assert second != first
    assert stopped(county) == (1, 0)


def test_a_hold_on_a_person_finds_their_records_also_when_the_numbers_are_gone(
    make_entry, county, officer, director
):
    old = make_entry(occurred_at=at(2012, 5, 3), phone="13900000001")
    other = make_entry(occurred_at=at(2012, 5, 3), phone="13900000002")
    listed = lists.draw(county, {"entry_numbers"}, by=officer)
    lists.approve(listed, by=director)
    lists.carry_out(listed, by=officer)
    carrying.work_on(listed.pk)
    now = make_entry(phone="13900000001")

    holds.set_hold("entry", now, county=county, reason="诉讼", by=officer, is_of_person=True)

    keeper = line_of(county, "entries").keeper
    [held] = keeper.all_stops(county, timezone.localdate())[:1]
    due = keeper.due(county, date(2016, 1, 1))
    assert list(due.filter(held.rows)) == [old]
    assert list(due.exclude(held.rows)) == [other]


def test_what_is_gone_or_nameless_cannot_be_held(make_entry, county, officer, director):
    nameless = make_entry(phone="", name="", is_anonymous=True)
    with pytest.raises(holds.HoldRefused, match="只能暂缓这一件"):
        holds.set_hold(
            "entry", nameless, county=county, reason="诉讼", by=officer, is_of_person=True
        )
    old = make_entry(occurred_at=at(2012, 5, 3))
    listed = lists.draw(county, {"entries"}, by=officer)
    lists.approve(listed, by=director)
    lists.carry_out(listed, by=officer)
    carrying.work_on(listed.pk)
    with pytest.raises(holds.HoldRefused, match="已经销毁"):
        holds.set_hold("entry", old, county=county, reason="诉讼", by=officer)
