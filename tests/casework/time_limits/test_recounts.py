"""New counts of clocks as errands: owed by a row, done in portions, once, also after a crash."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework import timetable
from casework.models import ClockRule, Deadline, DeadlineChange, Recount
from casework.terms import Counting
from casework.time_limits import clocks, recounts
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(county, officer, make_application, monkeypatch):
    """Five clocks that a shorter promise moves, two a portion."""
    monkeypatch.setattr(clocks, "PORTION", 2)
    for n in range(5):
        make_application(received_at=at(2026, 3, 2 + n), id_number="", name=f"申请人{n}")
    ClockRule.objects.create(
        county=county,
        number=9,
        length=3,
        counting=Counting.CALENDAR,
        valid_from=date(2026, 1, 1),
        set_by=officer,
    )
    return recounts.ask_for(county, why="承诺变动", numbers=[9], by=officer)


def progress(recount):
    recount.refresh_from_db()
    return recount.total, recount.done, recount.moved


def test_all_is_counted_once_however_often_it_is_sent(owed):
    for _run in range(2):
        recounts.work_on(owed.pk)

    assert progress(owed) == (5, 5, 5)
    assert owed.finished_at
    assert DeadlineChange.objects.count() == 5
    days = Deadline.objects.filter(number=9).values_list("promised_due_on", flat=True)
    assert set(days) == {
        date(2026, 3, 5),
        date(2026, 3, 6),
        date(2026, 3, 9),
    }


def test_after_a_crash_the_next_worker_goes_on_behind_what_is_done(owed, monkeypatch):
    portion, runs = clocks.recount_portion, []

    def dies_the_second_time(*args, **kwargs):
        runs.append(kwargs["after"])
        if len(runs) == 2:
            raise OSError("power cut")
        return portion(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(clocks, "recount_portion", dies_the_second_time)
        with pytest.raises(OSError, match="power cut"):
            recounts.work_on(owed.pk)
    assert progress(owed) == (5, 2, 2)
    assert owed.finished_at is None

    recounts.work_on(owed.pk)

    assert progress(owed) == (5, 5, 5)
    assert DeadlineChange.objects.values("deadline").distinct().count() == 5
    assert DeadlineChange.objects.count() == 5


def test_what_lost_its_worker_is_sent_again(owed, county, monkeypatch):
    handed = []
    monkeypatch.setattr(timetable, "hand_over", lambda *errand: handed.append(errand))
    young = recounts.ask_for(county, why="x", numbers=[9], by=None)
    Recount.objects.filter(pk=owed.pk).update(asked_at=timezone.now() - timedelta(minutes=3))

    timetable.sweep_recounts()
    recounts.work_on(owed.pk)
    recounts.work_on(young.pk)
    timetable.sweep_recounts()

    assert handed == [(recounts.WORK, owed.pk)]


def test_clocks_of_another_county_are_left_alone(owed, far_station, make_application):
    theirs = make_application(far_station, received_at=at(2026, 3, 2), id_number="")

    recounts.work_on(owed.pk)

    assert theirs.deadlines.get(number=9).promised_due_on is None
