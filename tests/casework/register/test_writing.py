"""Recording, correcting and voiding: what the register promises."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from casework.models import Correction, Matter, RegisterEntry
from casework.register import writing
from casework.terms import Channel, SamePerson
from tests.conftest import at, unsaved_entry

pytestmark = pytest.mark.django_db


def test_numbers_run_without_gaps_per_station_channel_and_year(make_entry, next_station):
    visits = [make_entry(occurred_at=at(2026, 3, day)) for day in (2, 3)]
    call = make_entry(channel=Channel.CALL, occurred_at=at(2026, 3, 2))
    elsewhere = make_entry(next_station, occurred_at=at(2026, 3, 2))
    last_year = make_entry(occurred_at=at(2025, 12, 31, 23, 59))

    assert [entry.number for entry in visits] == ["访2026-0001", "访2026-0002"]
    assert call.number == "电2026-0001"
    assert elsewhere.number == "访2026-0001"
    assert last_year.number == "访2025-0001"


def test_a_failed_save_gives_its_number_back(make_entry, station, clerk):
    make_entry(occurred_at=at(2026, 3, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        writing.record(unsaved_entry(station, occurred_at=at(2026, 3, 3), name=""), by=clerk)

    assert make_entry(occurred_at=at(2026, 3, 4)).number == "访2026-0002"


def test_the_month_is_that_of_the_local_day(make_entry):
    entry = make_entry(occurred_at=at(2026, 4, 1, 0, 10))
    entry.refresh_from_db()

    assert entry.occurred_on == date(2026, 4, 1)


def test_a_call_keeps_no_identity(make_entry):
    entry = make_entry(
        channel=Channel.CALL,
        id_number="341525198406170028",
        address="南坪村3组",
        ethnic_group="回",
    )

    entry = RegisterEntry.objects.get(pk=entry.pk)
    assert (entry.id_number, entry.id_hash, entry.address, entry.ethnic_group) == (
        "",
        "",
        "",
        "",
    )
    assert entry.phone == "13900002648"


def test_the_same_phone_on_the_same_matter_is_a_repeat(make_entry):
    first = make_entry(occurred_at=at(2026, 3, 2))
    other = make_entry(occurred_at=at(2026, 3, 2, 11), phone="13900001111")
    second = make_entry(occurred_at=at(2026, 3, 9))

    assert (second.repeat_of_id, second.matter_visit_no, second.visit_no) == (first.pk, 2, 2)
    assert (other.repeat_of_id, other.visit_no) == (None, 1)


def test_many_at_once_are_numbered_and_linked_as_one_by_one(station, clerk, make_entry):
    before = make_entry(occurred_at=at(2026, 3, 2))
    entries = writing.record_many(
        [
            unsaved_entry(station, occurred_at=at(2026, 3, day), phone=phone)
            for day, phone in [(5, "13900002648"), (3, "13900007777"), (4, "13900007777")]
        ],
        by=clerk,
    )

    rows = list(RegisterEntry.objects.order_by("serial"))
    assert [row.serial for row in rows] == [1, 2, 3, 4]
    assert [row.occurred_on.day for row in rows] == [2, 3, 4, 5]
    assert [row.matter_visit_no for row in rows] == [1, 1, 2, 2]
    assert rows[2].repeat_of_id == rows[1].pk
    assert rows[3].repeat_of_id == before.pk
    assert len(entries) == 3


def test_a_correction_keeps_the_old_value_and_the_reason(make_entry, head):
    entry = make_entry(persons=1)

    writing.correct(
        entry, changes={"persons": 11, "name": "吴秋香"}, reason="听错", by=head, version=1
    )

    entry = RegisterEntry.objects.get(pk=entry.pk)
    assert (entry.persons, entry.name, entry.version) == (11, "吴秋香", 2)
    assert {(c.field, c.old_value, c.new_value) for c in entry.corrections.all()} == {
        ("persons", "1", "11"),
        ("name", "吴秋菊", "吴秋香"),
    }
    assert {(c.reason, c.corrected_by) for c in entry.corrections.all()} == {("听错", head)}


def test_a_correction_is_kept_in_words_and_local_time(make_entry, head):
    entry = make_entry(occurred_at=at(2026, 3, 2), sex="", people_groups=["farmer"])
    other = Matter.objects.get(code="economic.loan")

    writing.correct(
        entry,
        changes={
            "occurred_at": at(2026, 3, 1, 9, 30),
            "people_groups": ["farmer", "disabled"],
            "also_about": [other.pk],
        },
        reason="补记",
        by=head,
        version=1,
    )

    kept = {c.field: (c.old_value, c.new_value) for c in entry.corrections.all()}
    assert kept["occurred_at"] == ("2026-03-02 10:00", "2026-03-01 09:30")
    assert kept["also_about"] == ("", "民间借贷")
    assert kept["people_groups"][1].count("、") == 1
    assert "farmer" not in kept["people_groups"][0]


@pytest.mark.parametrize(
    ("answer", "visit_no", "matter_visit_no"),
    [
        (SamePerson.UNASKED, 2, 2),
        (SamePerson.SAME_MATTER, 2, 2),
        (SamePerson.OTHER_MATTER, 2, 1),
        (SamePerson.NO, 1, 1),
    ],
)
def test_the_answer_at_the_desk_decides_whose_visit_it_is(
    make_entry, station, clerk, answer, visit_no, matter_visit_no
):
    earlier = make_entry(occurred_at=at(2026, 3, 2))
    pointed_at = None if answer in {SamePerson.UNASKED, SamePerson.NO} else earlier
    entry = writing.record(
        unsaved_entry(station, occurred_at=at(2026, 3, 9)),
        by=clerk,
        earlier=pointed_at,
        same_person=answer,
    )

    assert (entry.visit_no, entry.matter_visit_no) == (visit_no, matter_visit_no)


def test_of_two_people_correcting_the_second_is_refused(make_entry, head, clerk):
    entry = make_entry()
    writing.correct(entry, changes={"persons": 2}, reason="漏数", by=head, version=1)

    with pytest.raises(writing.RegisterRefused):
        writing.correct(entry, changes={"persons": 3}, reason="漏数", by=clerk, version=1)

    assert RegisterEntry.objects.get(pk=entry.pk).persons == 2


def test_a_number_never_moves_to_another_year(make_entry, head):
    entry = make_entry(occurred_at=at(2026, 1, 1, 9))

    with pytest.raises(writing.RegisterRefused):
        writing.correct(
            entry,
            changes={"occurred_at": at(2025, 12, 31)},
            reason="日期写错",
            by=head,
            version=1,
        )

    assert not Correction.objects.exists()


def test_a_void_entry_keeps_its_number_and_counts_no_more(make_entry, head):
    entry = make_entry(occurred_at=at(2026, 3, 2))
    writing.declare_void(entry, reason="重复登记", by=head)

    assert not RegisterEntry.objects.counted().exists()
    assert make_entry(occurred_at=at(2026, 3, 3)).number == "访2026-0002"
    with pytest.raises(writing.RegisterRefused):
        writing.declare_void(entry, reason="再来一次", by=head)


def test_the_database_refuses_to_delete_an_entry_or_change_a_correction(make_entry, head):
    entry = make_entry()
    writing.correct(entry, changes={"persons": 2}, reason="漏数", by=head, version=1)
    other = make_entry()

    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterEntry.objects.filter(pk=other.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.update(reason="改写历史")


def test_late_counts_working_days_over_the_holiday(make_entry):
    # 2026-09-30 is the last working day before the holiday; 10-08 and 10-09 follow it.
    entry = make_entry(occurred_at=at(2026, 9, 30), recorded_at=at(2026, 10, 9))

    assert entry.working_days_late == 2


def test_no_visits_is_refused_on_a_day_with_entries(make_entry, station, clerk):
    make_entry(occurred_at=at(2026, 3, 2))

    with pytest.raises(writing.RegisterRefused):
        writing.state_no_visits(station, day=date(2026, 3, 2), by=clerk)
    first = writing.state_no_visits(station, day=date(2026, 3, 3), by=clerk)
    assert writing.state_no_visits(station, day=date(2026, 3, 3), by=clerk) == first
