"""What becomes of the register: its numbers first, then its entries, and never its figures."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.analysis.freezing import is_unchanged
from casework.analysis.monthly import monthly_analysis
from casework.analysis.returns import make_return
from casework.analysis.station_year import station_year
from casework.models import (
    Correction,
    EarlySign,
    EntryPaper,
    RegisterEntry,
    SatisfactionAnswer,
)
from casework.periods import parse_period
from casework.register import writing
from casework.reports import months, submissions
from casework.reports.frozen_rows import frozen_rows
from casework.terms import Channel
from stations.models import SealAmendment
from stations.privacy import keyed_hash, seal
from stations.retention.schedule import due_of, line_of, set_years
from stations.seals import chain, checking
from tests.conftest import at

pytestmark = pytest.mark.django_db

PLANTED = {
    "name": "独孤甲乙",
    "phone": "13987654321",
    "id_number": "349001198001010019",
    "address": "云岭市清山县某路七号",
    "birth_on": date(1980, 1, 1),
    "ethnic_group": "独族",
    "nationality": "独国",
    "household_place": "独山县某乡",
    "safe_contact": "独自在家时",
    "place_of_event": "独墅工地",
    "opponent": "独木劳务公司",
    "title": "独角标题",
    "statement": "独白一段，说的是工钱。",
    "answer": "独到的答复。",
    "follow_up": "独力去办",
}


def whole_entry(make_entry, clerk, **fields):
    """An old visit with everything that hangs on an entry."""
    entry = make_entry(occurred_at=at(2012, 5, 3), **(PLANTED | fields))
    entry = writing.correct(
        entry,
        changes={"phone": "13987650000", "statement": "独白二段，改过。"},
        reason="独断的更正",
        by=clerk,
        version=1,
    )
    EntryPaper.objects.create(
        entry=entry,
        name="1.pdf",
        media_type="application/pdf",
        size=4,
        sha256="d" * 64,
        content=seal(b"scan"),
        added_by=clerk,
    )
    SatisfactionAnswer.objects.create(
        station=entry.station,
        source="code",
        entry=entry,
        satisfaction="satisfied",
        was_explained=True,
        was_charged=False,
        suggestion="独特的建议",
    )
    return entry


def test_a_destroyed_entry_leaves_its_skeleton_and_not_one_word_anywhere(
    make_entry, clerk, destroy, found_in_database, client, head
):
    entry = whole_entry(make_entry, clerk)
    hashes = [entry.phone_hash, entry.id_hash, keyed_hash("13987654321")]
    other = make_entry(occurred_at=at(2025, 5, 3), phone="13987650000")

    listed = destroy("entries")

    kept = RegisterEntry.objects.get(pk=entry.pk)
    assert found_in_database("独", hashes[1], hashes[2], "dddd") == set()
    assert (kept.phone, kept.id_number, kept.address, kept.birth_on) == ("", "", "", None)
    assert kept.number == "访2012-0001"
    assert (kept.matter_id, kept.village_id, kept.sex, kept.disposal) == (
        entry.matter_id,
        entry.village_id,
        entry.sex,
        entry.disposal,
    )
    # Which minority is gone; that the figures count one stays.
    assert kept.people_groups == entry.people_groups
    assert (kept.destroyed_in, kept.version) == (listed, entry.version)
    assert bytes(EntryPaper.objects.get().content) == b""
    assert Correction.objects.values_list("field").count() == 2
    # Only what was over its time.
    other.refresh_from_db()
    assert other.phone == "13987650000"

    client.force_login(head)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert f"按保管期限销毁（清单{listed.number}）" in page
    assert "访2012-0001" in page
    days = {"from": "", "to": ""}
    for words in ("独孤", "dgjy", "13987650000", "独白"):
        found = client.post(reverse("casework:entry_search"), {"q": words, **days}, follow=True)
        assert kept.pk not in {each.pk for each in found.context["entries"]}, words
    assert list(RegisterEntry.objects.filter(search_terms__contains=["访2012-0001"])) == [kept]


def test_the_numbers_become_the_same_pseudonym_for_the_same_person(
    make_entry, clerk, destroy, found_in_database
):
    first = whole_entry(make_entry, clerk)
    second = make_entry(
        occurred_at=at(2013, 5, 3), phone="13987650000", channel=Channel.CALL, name="独孤甲乙"
    )

    destroy("entry_numbers")

    hashed = keyed_hash("13987650000")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.phone, first.id_number, second.phone) == ("", "", "")
    assert first.phone_hash == second.phone_hash not in {"", hashed}
    assert RegisterEntry.objects.filter(writing.by_same_person(first)).count() == 2
    assert found_in_database(hashed, keyed_hash("0000")) == set()
    # What they told stays until the entry itself falls due.
    assert (first.name, first.statement) == ("独孤甲乙", "独白二段，改过。")
    assert Correction.objects.get(field="phone").old_value == ""
    assert Correction.objects.get(field="statement").old_value == PLANTED["statement"]
    # A later correction does not lose whose it is.
    corrected = writing.correct(
        second, changes={"title": "讨薪"}, reason="补标题", by=clerk, version=second.version
    )
    assert corrected.phone_hash == first.phone_hash


def figures(county, station):
    """Everything a month, a year and a return count of the rows there are now."""
    month = monthly_analysis(station, date(2012, 5, 1))
    return (
        replace(month, signals=()),
        station_year(county, date(2012, 1, 1), date(2012, 12, 31)),
        make_return(parse_period("2012-05"), [county]),
    )


def test_figures_issued_and_counted_anew_are_the_same_after_a_destruction(
    make_entry, clerk, head, director, county, station, later, destroy
):
    whole_entry(make_entry, clerk)
    for n in range(3):
        make_entry(occurred_at=at(2012, 5, 10 + n), name=f"来访人{n}", phone=f"1390000000{n}")
    report = months.open_month(station, date(2012, 5, 1))
    report = months.send(report, by=head)
    period = parse_period("2012-05")
    submitted = submissions.submit(county, period, rule="intake", by=director)
    before = figures(county, station)
    later(days=2)
    chain.seal_days()

    listed = destroy("entries", "entry_numbers")

    assert listed.items.filter(state="destroyed").count() == 4
    report.refresh_from_db()
    submitted.refresh_from_db()
    assert is_unchanged(report)
    assert figures(county, station) == before
    shown = submissions.show(period, [county], "intake")
    assert not shown.corrections.is_changed
    code = shown.made.lines[0].code
    assert frozen_rows(submitted, code).since == {}
    # What was sealed each day says who destroyed what by which list, and nothing is wrong with it.
    assert {each.why for each in SealAmendment.objects.all()} == {listed.number}
    found = checking.check(date(2020, 1, 1), timezone.localdate())
    # The amendments were made before the days this test lets pass.
    assert {each.table for each in found} == {"stations.sealamendment"}


def test_a_month_that_was_not_sent_keeps_its_entries(make_entry, county, station, destroy):
    make_entry(occurred_at=at(2012, 5, 3))
    months.open_month(station, date(2012, 5, 1))
    line = line_of(county, "entries")

    due = due_of(county, line, date(2026, 11, 26))

    assert due.count == 0
    assert [(str(reason), n) for reason, n in due.stopped] == [
        ("所在月份的月度分析还没有报送", 1)
    ]


def test_entries_of_an_early_sign_wait_until_it_is_settled(make_entry, county):
    entry = make_entry(occurred_at=at(2012, 5, 3))
    EarlySign.objects.create(
        county=county,
        rule="opponent",
        key="某公司",
        name="某公司",
        level="watch",
        kind="opponent",
        subject="某公司",
        first_on=date(2012, 5, 1),
        last_on=date(2012, 5, 3),
        persons=5,
        entry_ids=[entry.pk],
        rows_hash="0",
    )

    assert due_of(county, line_of(county, "entries"), date(2026, 1, 1)).count == 0


def test_a_destroyed_entry_is_changed_no_more(make_entry, clerk, destroy, client):
    entry = make_entry(occurred_at=at(2012, 5, 3))
    destroy("entries")

    with pytest.raises(writing.RegisterRefused, match="销毁"):
        writing.correct(entry, changes={"name": "另一个"}, reason="改", by=clerk, version=1)
    with pytest.raises(writing.RegisterRefused, match="销毁"):
        writing.declare_void(entry, reason="重复", by=clerk)
    client.force_login(clerk)
    for page in ("entry_correct", "entry_void"):
        answer = client.get(reverse(f"casework:{page}", args=[entry.pk]), follow=True)
        assert "按保管期限销毁" in answer.content.decode()


@pytest.mark.parametrize(
    ("years", "today", "is_due"),
    [
        (10, date(2022, 12, 31), False),
        (10, date(2023, 1, 1), True),
        (12, date(2024, 12, 31), False),
        (None, date(2099, 1, 1), False),
    ],
)
def test_a_record_falls_due_on_the_first_january_after_its_years(
    make_entry, county, officer, years, today, is_due
):
    make_entry(occurred_at=at(2012, 5, 3))
    set_years(county, "entries", years=years, why="县档案馆意见", by=officer)

    due = due_of(county, line_of(county, "entries"), today)

    assert bool(due.count) == is_due
    if years and not is_due:
        assert due.next_on == date(2012 + years + 1, 1, 1)
