from datetime import date

import pytest

from casework.register import writing
from casework.reports import months
from casework.reports.amendments import changes_since_issue, reopenings
from tests.conftest import at

FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (2, 3, 4))


@pytest.fixture
def sent(station, make_entry, head):
    for day in (2, 3, 4):
        make_entry(occurred_at=at(2026, 3, day), phone=f"1390000111{day}")
    return months.send(months.open_month(station, MARCH), by=head)


def test_nothing_changed_right_after_sending(sent):
    assert changes_since_issue(sent).total == 0


def test_late_void_corrected_and_moved_entries_are_counted(sent, station, make_entry, head):
    first, second, third = station.entries.order_by("pk")
    make_entry(occurred_at=at(2026, 3, 20), phone="13900003333")
    writing.declare_void(first, reason="重复", by=head)
    writing.correct(second, changes={"persons": 2}, reason="漏数", by=head, version=1)
    writing.correct(
        third, changes={"occurred_at": at(2026, 4, 1)}, reason="日期", by=head, version=1
    )

    changes = changes_since_issue(sent)

    assert (changes.added, changes.gone, changes.corrected, changes.total) == (1, 2, 1, 4)


def test_other_months_and_stations_do_not_count(sent, next_station, make_entry):
    make_entry(occurred_at=at(2026, 4, 20), phone="13900003333")
    make_entry(next_station, occurred_at=at(2026, 3, 20))

    assert changes_since_issue(sent).total == 0


def test_a_report_never_issued_has_no_changes(station):
    assert changes_since_issue(months.open_month(station, MARCH)) is None


def test_a_reopening_is_printed_by_its_own_next_issue_and_by_the_next_report_only(
    sent, station, head, director
):
    report = months.reopen(months.confirm(sent, by=director), by=director, reason="漏登")
    report = months.send(report, by=head)
    april = months.send(months.open_month(station, APRIL), by=head, is_zero_confirmed=True)
    may = months.open_month(station, date(2026, 5, 1))

    assert [(r.month, r.reason) for r in reopenings(report)] == [(MARCH, "漏登")]
    assert [(r.month, r.reason) for r in reopenings(april)] == [(MARCH, "漏登")]
    assert reopenings(may) == []


def test_a_later_reopening_does_not_change_a_sent_report(sent, station, head, director):
    april = months.send(months.open_month(station, APRIL), by=head, is_zero_confirmed=True)
    months.reopen(months.confirm(sent, by=director), by=director, reason="漏登")

    assert reopenings(april) == []
    may = months.open_month(station, date(2026, 5, 1))
    assert [r.month for r in reopenings(may)] == [MARCH]
