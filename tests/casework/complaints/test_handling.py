"""Complaints: every move from every status, two people, clocks, who reads and who handles."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from casework.analysis.complaints import complaints_about
from casework.complaints import grounds, handling
from casework.complaints.moves import MOVES, moves_from, open_proposal
from casework.models import (
    ClockRule,
    Complaint,
    ComplaintEvent,
    ComplaintGround,
    ComplaintPaper,
    ComplaintProposal,
)
from casework.rules.deadlines import COMPLAINT_ACCEPTANCE, COMPLAINT_FINISH, COMPLAINT_REPLY
from casework.terms import ComplaintMove as M
from casework.terms import ComplaintStatus as S
from casework.terms import ProposalKind
from casework.time_limits import complaint_clocks as complaint_clock
from casework.time_limits import promises
from casework.time_limits.clocks import Book
from casework.workflow import MoveRefused
from stations import chores
from stations.models import Chore, ChoreKind, Look
from stations.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer2(make_user, county):
    return make_user("officer2", "汪科员", Role.OFFICER, county)


@pytest.fixture
def ground(county):
    grounds.load_default(county)
    return ComplaintGround.objects.get(county=county, code="neglect")


def unsaved(county, station, **fields):
    defaults = {
        "county": county,
        "manner": "oral",
        "place": "station",
        "taken_station": station,
        "name": "汪秀兰",
        "phone": "13900007766",
        "id_number": "341525196504120015",
        "relation": "recipient",
        "target": "station",
        "about_station": station,
        "words": "去了三次，都说人不在，材料也不收。",
        "is_read_back": True,
    }
    return Complaint(**(defaults | fields))


@pytest.fixture
def make_complaint(county, station, clerk, officer, officer2, ground):
    """Take a complaint in and lead it to a status by the moves that lead there."""

    def approve(complaint):
        return handling.approve(open_proposal(complaint), by=officer2)

    def make(status=S.FORWARDED, *, by=clerk, **fields):
        complaint = handling.take(unsaved(county, station, **fields), by=by)
        today = timezone.localdate()
        words = {"words": "查了值班表和来访登记。", "on": today}
        if status == S.SUPPLEMENTING:
            return handling.ask(
                complaint,
                by=officer,
                items="办事的日期",
                served_on=today,
                supply_by_on=today + timedelta(days=10),
            )
        if status == S.WITHDRAWN:
            return handling.withdraw(complaint, by=officer, words="本人来电不投诉了")
        if status == S.MERGED:
            other = handling.take(unsaved(county, station), by=by)
            return handling.merge(complaint, by=officer, into=other)
        if status == S.NOT_ACCEPTED:
            handling.propose(
                complaint, ProposalKind.NOT_ACCEPT, by=officer, words="不属于法律援助投诉"
            )
            return approve(complaint)
        if status in {S.FORWARDED, S.RECEIVED}:
            return complaint
        complaint = handling.accept(complaint, by=officer, ground=ground)
        if status == S.ENTRUSTED:
            return handling.entrust(
                complaint, by=officer, to="县律师协会", until_on=today + timedelta(days=20)
            )
        if status == S.ACCEPTED:
            return complaint
        complaint = handling.find(complaint, by=officer, **words)
        if status == S.FOUND:
            return complaint
        handling.propose(
            complaint,
            ProposalKind.DECIDE,
            by=officer,
            words="工作站确有两次无人在岗，已责令改正。",
            outcome="corrected",
            measure="批评并责令限期改正",
        )
        complaint = approve(complaint)
        if status == S.DECIDED:
            return complaint
        paper = complaint.papers.get(kind="reply")
        handling.serve(
            paper, by=officer, on=today, method="in_person", received_by_name="汪秀兰"
        )
        complaint.refresh_from_db()
        return handling.close(complaint, by=officer) if status == S.CLOSED else complaint

    return make


def the_move(move, complaint, officer, ground):
    """Make one move of the map as its arguments would be typed."""
    today = timezone.localdate()
    later = today + timedelta(days=10)
    words = {"words": "理由写在这里"}
    calls = {
        M.CLASSIFY: lambda: handling.classify(
            complaint, by=officer, changes={"ground": ground}
        ),
        M.ASK: lambda: handling.ask(
            complaint, by=officer, items="日期", served_on=today, supply_by_on=later
        ),
        M.SUPPLY: lambda: handling.supply(complaint, by=officer, on=today, note="补来了"),
        M.ACCEPT: lambda: handling.accept(complaint, by=officer, ground=ground),
        M.NOT_ACCEPT: lambda: handling.propose(
            complaint, ProposalKind.NOT_ACCEPT, by=officer, **words
        ),
        M.MERGE: lambda: handling.merge(
            complaint, by=officer, into=Complaint.objects.get(name="另一位")
        ),
        M.ENTRUST: lambda: handling.entrust(
            complaint, by=officer, to="县律师协会", until_on=later
        ),
        M.QUESTION: lambda: handling.question(complaint, by=officer, **words),
        M.ANSWER: lambda: handling.answer(complaint, by=officer, **words),
        M.FIND: lambda: handling.find(complaint, by=officer, on=today, **words),
        M.EXTEND: lambda: handling.propose(
            complaint, ProposalKind.EXTEND, by=officer, days=10, **words
        ),
        M.DECIDE: lambda: handling.propose(
            complaint, ProposalKind.DECIDE, by=officer, outcome="unfounded", **words
        ),
        M.REPLY: lambda: handling.serve(
            complaint.papers.get(kind="reply"),
            by=officer,
            on=today,
            method="post",
            received_by_name="",
        ),
        M.CLOSE: lambda: handling.close(complaint, by=officer),
        M.WITHDRAW: lambda: handling.withdraw(complaint, by=officer, **words),
        M.NOTE_REVIEW: lambda: handling.note_review(
            complaint, by=officer, review="suit", on=today, note=""
        ),
    }
    return calls[move]()


@pytest.mark.parametrize("status", [status for status in S if status != S.RECEIVED])
def test_from_each_status_just_the_moves_of_the_map_can_be_made(
    status, make_complaint, officer, ground, county, station, clerk
):
    handling.take(unsaved(county, station, name="另一位"), by=clerk)
    complaint = make_complaint(status)
    allowed, made = set(moves_from(complaint)), set()
    for move in MOVES:
        events = complaint.events.count()
        try:
            with transaction.atomic():
                the_move(move, complaint, officer, ground)
                assert complaint.events.count() > events
                made.add(move)
                raise InterruptedError
        except InterruptedError:
            complaint.refresh_from_db()
        except (MoveRefused, ComplaintPaper.DoesNotExist):
            assert complaint.events.count() == events

    assert made == allowed
    assert complaint.status == status


def test_what_decides_is_proposed_by_one_person_and_decided_by_another(
    make_complaint, officer, officer2
):
    complaint = make_complaint(S.FOUND)
    handling.propose(
        complaint,
        ProposalKind.DECIDE,
        by=officer,
        words="查证不属实。",
        outcome="unfounded",
    )
    proposal = open_proposal(complaint)

    with pytest.raises(MoveRefused, match="另一人"):
        handling.approve(proposal, by=officer)
    # Nothing else is done while it waits, but it may be taken back.
    assert moves_from(complaint, proposal=proposal) == [M.WITHDRAW]
    with pytest.raises(MoveRefused, match="另一人"):
        handling.question(complaint, by=officer2, words="请说明")

    handling.decline(proposal, by=officer2, words="请补查值班记录")
    with pytest.raises(MoveRefused, match="已经审批"):
        handling.approve(proposal, by=officer2)
    complaint.refresh_from_db()
    assert (complaint.status, complaint.outcome) == (S.FOUND, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintProposal.objects.filter(pk=proposal.pk).update(answered_by=officer)


def test_the_time_is_extended_once_and_the_sum_shows_the_days(
    make_complaint, officer, officer2, county
):
    complaint = make_complaint(S.ACCEPTED)
    before = complaint.deadlines.get(number=COMPLAINT_FINISH)
    handling.propose(complaint, ProposalKind.EXTEND, by=officer, days=20, words="需向外地取证")

    complaint = handling.approve(open_proposal(complaint), by=officer2)

    after = complaint.deadlines.get(number=COMPLAINT_FINISH)
    assert after.set_days == 65
    assert after.due_on > before.due_on
    assert after.due_on >= before.started_on + timedelta(days=65)
    drawn = complaint_clock.clock_sum(after, book=Book.of(county))
    assert [day.word for day in drawn.days if day.mark == "end"] == ["到期"]
    assert complaint.papers.filter(kind="extension").exists()
    with pytest.raises(MoveRefused, match="已经延长过"):
        handling.propose(complaint, ProposalKind.EXTEND, by=officer, days=5, words="还要时间")


def test_while_it_is_completed_the_time_to_accept_stands_still(
    county, station, clerk, officer, monkeypatch
):
    # Wednesday 2026-03-04: five working days end on the 11th.
    def on(*day):
        monkeypatch.setattr(timezone, "localdate", lambda value=None, timezone=None: date(*day))

    on(2026, 3, 4)
    complaint = handling.take(unsaved(county, station), by=clerk)
    deadline = complaint.deadlines.get(number=COMPLAINT_ACCEPTANCE)
    assert deadline.due_on == date(2026, 3, 11)

    complaint = handling.ask(
        complaint,
        by=officer,
        items="办事的日期",
        served_on=date(2026, 3, 5),
        supply_by_on=date(2026, 3, 16),
    )
    deadline.refresh_from_db()
    assert deadline.is_paused
    with pytest.raises(MoveRefused, match="还没有到"):
        handling.propose(complaint, ProposalKind.NOT_ACCEPT, by=officer, words="没有补正")

    on(2026, 3, 10)
    complaint = handling.supply(complaint, by=officer, on=date(2026, 3, 10), note="补来日期")
    deadline.refresh_from_db()
    # One day was used, three working days stood still (the 6th, 9th and 10th): the 16th.
    assert (deadline.is_paused, deadline.due_on) == (False, date(2026, 3, 16))
    with pytest.raises(MoveRefused, match="一次性告知"):
        handling.ask(
            complaint,
            by=officer,
            items="还有",
            served_on=date(2026, 3, 10),
            supply_by_on=date(2026, 3, 20),
        )


def test_a_promise_of_the_county_moves_the_clock_and_leaves_its_trace(
    make_complaint, county, officer
):
    complaint, today = make_complaint(S.ACCEPTED), timezone.localdate()
    rule = ClockRule(
        county=county, number=COMPLAINT_FINISH, length=20, counting="calendar", valid_from=today
    )
    foreseen = promises.foresee(county, COMPLAINT_FINISH, rule=rule, from_on=today, today=today)
    before = complaint.deadlines.get(number=COMPLAINT_FINISH).due_on

    promises.set_promise(county, COMPLAINT_FINISH, rule=rule, from_on=today, by=officer)

    after = complaint.deadlines.get(number=COMPLAINT_FINISH).due_on
    assert foreseen == (1, 0)
    assert after < before
    assert complaint.events.filter(move=M.RECOUNT).count() == 1
    assert not complaint_clock.recount_county(county, why="again")


def test_a_repeated_complaint_is_merged_and_its_clock_ends(
    make_complaint, officer, county, next_county, station
):
    first, again = make_complaint(S.ACCEPTED), make_complaint()

    again = handling.merge(again, by=officer, into=first)

    assert (again.status, again.merged_into) == (S.MERGED, first)
    assert complaint_clock.running(again) is None
    with pytest.raises(MoveRefused):
        handling.merge(first, by=officer, into=first)
    with pytest.raises(MoveRefused, match="已经办完"):
        handling.merge(first, by=officer, into=again)


def test_whoever_is_complained_of_neither_reads_nor_handles(
    make_complaint, officer, officer2, make_worker, reviewer
):
    about = make_complaint(target="staff", about_staff=officer, about_station=None)
    lawyer = make_worker(user=officer2)
    about_lawyer = make_complaint(target="worker", about_worker=lawyer, about_station=None)

    assert list(Complaint.objects.visible_to(officer)) == [about_lawyer]
    assert list(Complaint.objects.visible_to(officer2)) == [about]
    with pytest.raises(MoveRefused, match="本人"):
        handling.withdraw(about, by=officer, words="不投诉了")
    # On the desk of all officers it stands without its number.
    chores.refresh(about.county, ChoreKind.COMPLAINT)
    assert about.number not in "".join(Chore.objects.values_list("title", flat=True))


def test_a_station_reads_no_complaint_and_the_center_only_what_it_is_asked(
    make_complaint, clerk, head, neighbour, reviewer, director, officer, inspector, stranger
):
    complaint = make_complaint(S.ACCEPTED)
    nobody = [clerk, head, neighbour, reviewer, director, inspector, stranger]
    assert [each for each in nobody if Complaint.objects.visible_to(each).exists()] == []
    assert Complaint.objects.taken_by(clerk).get() == complaint
    assert not Complaint.objects.taken_by(head).exists()

    complaint = handling.question(complaint, by=officer, words="请说明指派经过")

    assert Complaint.objects.visible_to(reviewer).get() == complaint
    complaint = handling.answer(complaint, by=reviewer, words="按顺序指派。")
    assert (complaint.answered_by, complaint.answer) == (reviewer, "按顺序指派。")


def test_numbers_have_no_gaps_and_personal_data_is_encrypted(county, station, clerk, ground):
    first = handling.take(unsaved(county, station), by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        handling.take(unsaved(county, station, is_read_back=False), by=clerk)
    second = handling.take(
        unsaved(
            county, station, place="web", manner="web", is_anonymous=True, name="", id_number=""
        ),
        by=None,
    )

    assert [first.number, second.number] == [
        f"清诉〔{first.year}〕1号",
        f"清诉〔{first.year}〕2号",
    ]
    stored = Complaint.objects.filter(pk=first.pk).values_list("phone_hash", "id_hash").get()
    assert all(len(each) == 22 for each in stored)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, id_number FROM casework_complaint")
        kept = b"".join(bytes(each) for row in cursor.fetchall() for each in row)
    assert b"13900007766" not in kept
    assert b"341525196504120015" not in kept


def test_what_is_owed_stands_on_the_bureau_s_desk_until_it_is_done(
    make_complaint, officer, county, ground
):
    complaint = make_complaint()
    chores.refresh(county, ChoreKind.COMPLAINT)
    [chore] = Chore.objects.filter(kind=ChoreKind.COMPLAINT)
    assert (chore.roles, chore.due_on) == (
        [Role.OFFICER],
        complaint.deadlines.get().due_on,
    )

    complaint = handling.accept(complaint, by=officer, ground=ground)
    handling.question(complaint, by=officer, words="请说明")
    chores.refresh(county, ChoreKind.COMPLAINT)

    roles = Chore.objects.filter(kind=ChoreKind.COMPLAINT).values_list("roles", flat=True)
    assert sorted(map(tuple, roles)) == [("officer",), ("reviewer", "director")]


def test_a_station_s_year_counts_what_was_substantiated_with_its_rows(
    make_complaint, station, next_station, officer, officer2
):
    decided = make_complaint(S.DECIDED)
    make_complaint()
    today = timezone.localdate()

    figures = complaints_about(station, date(today.year, 1, 1), today)

    assert figures.substantiated_ids == (decided.pk,)
    assert len(figures.received_ids) == 2
    assert complaints_about(next_station, date(today.year, 1, 1), today).substantiated == 0
    assert complaint_clock.running(decided).number == COMPLAINT_REPLY


def test_the_county_s_grounds_begin_with_seven_and_are_ended_not_erased(
    county, officer, client
):
    client.force_login(officer)
    page = reverse("casework:complaint_ground_list")
    for _press in range(2):
        client.post(page, {"load": "1"})
    assert county.complaint_grounds.count() == 7
    assert "没有逐字核对" in client.get(page).content.decode()

    client.post(page, {"name": "态度生硬", "ground_class": "other"})
    own = county.complaint_grounds.get(name="态度生硬")
    client.post(reverse("casework:complaint_ground_end", args=[own.pk]))
    client.post(page, {"confirm": "1"})

    own.refresh_from_db()
    assert own.valid_to == timezone.localdate()
    assert not county.complaint_grounds.filter(is_default=True).exists()
    assert client.post(page, {"name": "", "ground_class": "other"}).status_code == 422


def test_events_are_never_changed(make_complaint):
    event = make_complaint().events.first()
    with pytest.raises(Exception, match="Cannot"), transaction.atomic():
        ComplaintEvent.objects.filter(pk=event.pk).update(note="改")


def test_looks_at_whole_numbers_are_kept_with_their_reason(make_complaint, officer, client):
    complaint = make_complaint()
    client.force_login(officer)
    page = client.get(complaint.get_absolute_url()).content.decode()
    assert "13900007766" not in page
    assert "139****7766" in page

    address = reverse("casework:complaint_reveal", args=[complaint.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    page = client.post(address, {"reason": "通知投诉人"}).content.decode()

    assert "13900007766" in page
    assert Look.objects.get(subject=f"complaint:{complaint.pk}").reason == "通知投诉人"
