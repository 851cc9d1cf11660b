from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from casework.models import MonthlyReport, ReportEvent
from casework.periods import month_of, months_from
from casework.register import writing
from casework.reports import months
from casework.reports.months import MoveRefused
from casework.terms import ReportStatus
from stations.models import Document
from tests.conftest import at

MARCH = date(2026, 3, 1)
FEBRUARY = date(2026, 2, 1)


@pytest.fixture
def report(station):
    return months.open_month(station, MARCH)


@pytest.fixture
def sent(report, make_entry, head):
    make_entry(occurred_at=at(2026, 3, 2))
    make_entry(occurred_at=at(2026, 3, 3), phone="13900001111")
    return months.send(report, by=head)


def moves_of(report):
    return list(
        report.events.values_list("move", "from_status", "to_status", "note", "made_by__name")
    )


def test_a_month_is_opened_once_with_its_due_day(station):
    report = months.open_month(station, MARCH)

    assert months.open_month(station, MARCH) == report
    assert (report.county, report.status) == (station.county, ReportStatus.OPEN)
    # 清明: Monday 6 April is off, so the 5th working day of April is the 8th.
    assert report.due_on == date(2026, 4, 8)
    assert moves_of(report) == [("open", "open", "open", "", None)]


def test_the_due_day_follows_the_county_s_rule(station):
    station.county.parameters = {"month_due_working_day": 1}
    station.county.save()

    assert months.open_month(station, MARCH).due_on == date(2026, 4, 1)


def test_a_month_to_come_is_not_opened(station):
    with pytest.raises(MoveRefused):
        months.open_month(station, months_from(month_of(timezone.localdate()), 1))

    assert not MonthlyReport.objects.exists()


def test_sending_freezes_figures_rows_and_number_and_asks_for_the_paper(sent, station, head):
    sent.refresh_from_db()

    assert sent.status == ReportStatus.SENT
    assert sent.figures["totals"]["entries"]["now"]["value"] == 2
    assert sent.row_ids == list(station.entries.order_by("pk").values_list("pk", flat=True))
    assert len(sent.rows_hash) == 64
    assert (sent.serial, sent.issue, sent.sent_by) == (1, 1, head)
    assert sent.first_sent_at == sent.sent_at
    assert sent.document_number == f"清青援〔{timezone.localdate().year}〕1号"
    assert sent.document.parameters == {"report": sent.pk, "issue": 1}
    assert (sent.document.station, sent.document.is_personal) == (station, False)
    assert moves_of(sent)[-1] == ("send", "open", "sent", "", "方站长")


@pytest.mark.parametrize("change", ["late", "void", "correction"])
def test_what_happens_to_the_rows_afterwards_leaves_the_figures(
    sent, make_entry, station, head, change
):
    before = (sent.figures, sent.row_ids, sent.rows_hash)
    entry = station.entries.first()
    if change == "late":
        make_entry(occurred_at=at(2026, 3, 20), phone="13900003333")
    elif change == "void":
        writing.declare_void(entry, reason="重复", by=head)
    else:
        writing.correct(entry, changes={"persons": 9}, reason="漏数", by=head, version=1)

    sent.refresh_from_db()
    assert (sent.figures, sent.row_ids, sent.rows_hash) == before
    assert months.analysis_of(sent).totals.entries.value == 2


def test_an_open_month_follows_the_register(report, make_entry):
    make_entry(occurred_at=at(2026, 3, 2))
    assert months.analysis_of(report).totals.entries.value == 1

    make_entry(occurred_at=at(2026, 3, 3), phone="13900001111")
    assert months.analysis_of(report).totals.entries.value == 2


def test_of_two_people_sending_the_second_is_refused_with_the_first_one_s_name(sent, head):
    with pytest.raises(MoveRefused, match="方站长"):
        months.send(sent, by=head)

    assert ReportEvent.objects.filter(move="send").count() == 1
    assert Document.objects.count() == 1


def test_a_month_that_is_not_over_is_not_sent(station, head):
    report = months.open_month(station, month_of(timezone.localdate()))

    with pytest.raises(MoveRefused):
        months.send(report, by=head, is_zero_confirmed=True)

    assert not Document.objects.exists()


def test_zero_is_sent_only_when_a_person_confirms_it(report, head):
    with pytest.raises(MoveRefused):
        months.send(report, by=head)
    assert MonthlyReport.objects.get().serial is None

    report = months.send(report, by=head, is_zero_confirmed=True)
    assert (report.is_zero_confirmed, report.row_ids) == (True, [])


def test_zero_is_not_confirmed_where_there_are_entries(report, make_entry, head):
    make_entry(occurred_at=at(2026, 3, 2))

    assert months.send(report, by=head, is_zero_confirmed=True).is_zero_confirmed is False


def test_document_numbers_run_by_place_and_a_returned_report_keeps_its_own(
    station, next_station, head, director
):
    february, march = (months.open_month(station, month) for month in (FEBRUARY, MARCH))
    other = months.open_month(next_station, MARCH)
    first = months.send(march, by=head, is_zero_confirmed=True)
    months.return_to_station(first, by=director, reason="缺意见")
    second = months.send(february, by=head, is_zero_confirmed=True)
    again = months.send(first, by=head, is_zero_confirmed=True)
    elsewhere = months.send(other, by=head, is_zero_confirmed=True)

    assert [r.serial for r in (first, second, again, elsewhere)] == [1, 2, 1, 1]
    assert again.issue == 2
    assert again.first_sent_at == first.first_sent_at < again.sent_at
    assert Document.objects.filter(parameters__report=first.pk).count() == 2


def test_the_database_refuses_a_number_given_twice(sent, station, head):
    other = months.open_month(station, FEBRUARY)
    other = months.send(other, by=head, is_zero_confirmed=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyReport.objects.filter(pk=other.pk).update(serial=sent.serial)


def test_on_time_is_measured_by_the_first_sending(sent, director, head):
    sent.first_sent_at = at(2026, 4, 3, 23, 59)
    sent.save()
    months.return_to_station(sent, by=director, reason="缺意见")
    again = months.send(sent, by=head)
    assert again.was_on_time

    again.first_sent_at = timezone.make_aware(
        datetime.combine(again.due_on + timedelta(days=1), datetime.min.time())
    )
    assert not again.was_on_time


def test_the_county_confirms_and_the_month_is_locked(sent, director):
    report = months.confirm(sent, by=director)

    assert (report.status, report.confirmed_by) == (ReportStatus.CONFIRMED, director)
    with pytest.raises(MoveRefused):
        months.return_to_station(report, by=director, reason="改")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_return_and_a_reopening_say_why(sent, director, reason):
    with pytest.raises(MoveRefused):
        months.return_to_station(sent, by=director, reason=reason)
    confirmed = months.confirm(sent, by=director)
    with pytest.raises(MoveRefused):
        months.reopen(confirmed, by=director, reason=reason)

    assert MonthlyReport.objects.get().status == ReportStatus.CONFIRMED


def test_a_reopened_month_is_live_again_and_sent_anew(sent, make_entry, head, director):
    report = months.reopen(months.confirm(sent, by=director), by=director, reason="漏登一件")
    make_entry(occurred_at=at(2026, 3, 20), phone="13900003333")
    assert months.analysis_of(report).totals.entries.value == 3

    report = months.send(report, by=head)
    assert (report.issue, len(report.row_ids), report.confirmed_by) == (2, 3, None)
    assert ("reopen", "confirmed", "open", "漏登一件", "唐主任") in moves_of(report)


MAP = [(move, status) for move in months.MOVES for status in ReportStatus]


@pytest.mark.parametrize(
    ("move", "status"), [(m, s) for m, s in MAP if s not in months.MOVES[m].start]
)
def test_a_move_not_on_the_map_is_refused(sent, county, director, move, status):
    report = months.open_month(county, MARCH) if move == "issue" else sent
    MonthlyReport.objects.filter(pk=report.pk).update(
        status=status,
        figures={},
        row_ids=[],
        rows_hash="x",
        sent_at=timezone.now(),
        sent_by=director,
        serial=7,
    )
    act = {
        "send": lambda: months.send(report, by=director),
        "issue": lambda: months.send(report, by=director, note="先印发"),
        "confirm": lambda: months.confirm(report, by=director),
        "return": lambda: months.return_to_station(report, by=director, reason="改"),
        "reopen": lambda: months.reopen(report, by=director, reason="改"),
    }[move]
    events = ReportEvent.objects.count()

    with pytest.raises(MoveRefused):
        act()

    assert ReportEvent.objects.count() == events


def test_the_county_goes_ahead_without_a_station_only_with_a_word(
    sent, next_station, county, director
):
    report = months.open_month(county, MARCH)
    with pytest.raises(MoveRefused, match="1"):
        months.send(report, by=director)

    report = months.send(report, by=director, note="石桥站停电")
    assert (report.status, report.confirmed_by) == (ReportStatus.CONFIRMED, director)
    assert report.row_ids == sent.row_ids
    assert report.document_number == f"清援〔{timezone.localdate().year}〕1号"
    assert moves_of(report)[-1][3] == "石桥站停电"


def test_the_county_with_all_stations_needs_no_word(sent, county, director):
    report = months.send(months.open_month(county, MARCH), by=director)

    assert report.status == ReportStatus.CONFIRMED


def test_words_are_kept_until_somebody_else_saved_others(report):
    seen = months.fingerprint(report)
    months.save_text(report, texts={"comment": "欠薪增多。"}, seen=seen)

    with pytest.raises(MoveRefused):
        months.save_text(report, texts={"comment": "没有变化。"}, seen=seen)

    assert MonthlyReport.objects.get().comment == "欠薪增多。"


def test_words_of_a_sent_report_do_not_change(sent):
    with pytest.raises(MoveRefused):
        months.save_text(sent, texts={"comment": "改"}, seen=months.fingerprint(sent))


def test_events_are_never_changed_or_deleted(sent):
    with pytest.raises(DatabaseError), transaction.atomic():
        sent.events.update(note="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        sent.events.all().delete()
