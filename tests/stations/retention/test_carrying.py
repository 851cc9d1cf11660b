"""Carrying out: portion by portion, looked at again, once however often it is sent."""

import io
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone
from pypdf import PdfReader

from casework.models import Correction, RegisterEntry
from casework.register import writing
from stations import tasks, timetable
from stations.models import DestructionList, ItemFate, ListState
from stations.retention import carrying, holds, lists
from stations.retention.schedule import set_years
from stations.seals import chain
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(make_entry):
    return [
        make_entry(occurred_at=at(2012, 5, n), phone=f"1390000000{n}", name=f"来访人{n}")
        for n in range(1, 6)
    ]


@pytest.fixture
def approved(entries, county, officer, director):
    listed = lists.draw(county, {"entries"}, by=officer)
    return lists.approve(listed, by=director)


def names():
    return list(RegisterEntry.objects.order_by("pk").values_list("name", flat=True))


def test_a_worker_killed_in_the_middle_is_gone_on_behind(
    approved, entries, officer, monkeypatch
):
    monkeypatch.setattr(carrying, "PORTION", 2)
    lists.carry_out(approved, by=officer)
    write, written = carrying._write, []

    def dies_in_the_second_portion(*args):
        write(*args)
        written.append(args)
        if len(written) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(carrying, "_write", dies_in_the_second_portion)
    with pytest.raises(KeyboardInterrupt):
        carrying.work_on(approved.pk)
    # The first portion is done whole, the second not at all, and the list is still owed.
    assert names() == ["■■■", "■■■", "来访人3", "来访人4", "来访人5"]
    approved.refresh_from_db()
    assert (approved.state, approved.done, approved.total) == (ListState.RUNNING, 2, 5)

    monkeypatch.setattr(carrying, "_write", write)
    carrying.work_on(approved.pk)
    carrying.work_on(approved.pk)

    approved.refresh_from_db()
    assert names() == ["■■■"] * 5
    assert (approved.state, approved.done) == (ListState.DONE, 5)
    assert approved.ids_hash == carrying.hash_of(approved)
    # A second press and a second run change nothing.
    assert lists.carry_out(approved, by=officer).document_id == approved.document_id
    with pytest.raises(ProgrammingError), transaction.atomic():
        DestructionList.objects.filter(pk=approved.pk).update(ids_hash="0" * 64)
    with pytest.raises(ProgrammingError), transaction.atomic():
        approved.items.update(state=ItemFate.LISTED)


def test_what_has_changed_since_the_list_was_drawn_is_left_out_with_the_reason(
    approved, entries, officer, clerk, county, make_entry
):
    corrected, held, of_person, *_others = entries
    writing.correct(corrected, changes={"title": "讨薪"}, reason="补", by=clerk, version=1)
    holds.set_hold("entry", held, county=county, reason="信访", by=officer)
    later_visit = make_entry(phone="13900000003")
    holds.set_hold(
        "entry", later_visit, county=county, reason="同案", by=officer, is_of_person=True
    )
    lists.carry_out(approved, by=officer)

    carrying.work_on(approved.pk)

    assert names()[:5] == ["来访人1", "来访人2", "来访人3", "■■■", "■■■"]
    fate = {
        item.record_id: (item.state, item.reason)
        for item in approved.items.filter(state=ItemFate.LEFT_OUT)
    }
    assert fate == {
        corrected.pk: (ItemFate.LEFT_OUT, "列出清单之后又改动过。"),
        held.pk: (ItemFate.LEFT_OUT, "暂缓销毁"),
        of_person.pk: (ItemFate.LEFT_OUT, "暂缓销毁"),
    }


def test_a_longer_time_of_keeping_set_meanwhile_holds(approved, officer, county):
    set_years(county, "entries", years=20, why="档案馆意见", by=officer)
    lists.carry_out(approved, by=officer)

    carrying.work_on(approved.pk)

    assert "■■■" not in names()
    assert {item.reason for item in approved.items.all()} == {"现在没有到期。"}


def test_rows_of_a_day_whose_seal_is_broken_are_left_out(
    approved, entries, officer, clerk, monkeypatch
):
    entry = entries[0]
    Correction.objects.create(entry=entry, field="name", reason="改", corrected_by=clerk)
    now = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: now)
    chain.seal_days()
    # Somebody adds a row to a day that is sealed.
    Correction.objects.create(entry=entry, field="name", reason="添", corrected_by=clerk)
    lists.carry_out(approved, by=officer)

    carrying.work_on(approved.pk)

    assert names() == ["来访人1", *["■■■"] * 4]
    assert "事后添了记录" in approved.items.get(record_id=entry.pk).reason


def test_the_record_is_printed_and_a_lost_order_is_sent_again(approved, officer, monkeypatch):
    lists.carry_out(approved, by=officer)
    sent = []
    monkeypatch.setattr(carrying, "send", sent.append)
    DestructionList.objects.update(ordered_at=timezone.now() - timedelta(minutes=5))
    timetable.sweep_destructions()
    assert sent == [approved.pk]
    tasks.work_on_destruction(approved.pk)
    approved.refresh_from_db()

    tasks.make_document(approved.document_id)

    approved.document.refresh_from_db()
    pages = PdfReader(io.BytesIO(approved.document.file)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    for words in ("销毁清单", approved.number, "高科长", "唐主任", "监销人", "访2012-0001"):
        assert words in text
    assert approved.ids_hash[:16] in text
    assert "来访人" not in text
    timetable.sweep_destructions()
    assert sent == [approved.pk]
    assert approved.finished_at.date() >= date(2026, 1, 1)
