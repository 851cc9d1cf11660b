"""Two different acts at once: what both touch is true for both, or one of the two gets a sentence."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.analysis.freezing import is_unchanged
from casework.analysis.return_rows import Rule
from casework.applications import cooperation
from casework.intake import standards, uploads
from casework.models import (
    ClockRule,
    CooperationLetter,
    EntryPaper,
    HardshipStandard,
    Matter,
    UploadTicket,
)
from casework.periods import parse_period
from casework.register import imports, writing
from casework.register.file import read_file
from casework.reports import months, submissions
from casework.reports.amendments import changes_since_issue
from casework.rules import deadlines as limits
from casework.terms import Counting, DecisionState, LetterKind, Status
from casework.time_limits import clocks, escalation, promises, recounts
from stations.duty import months as duty_months
from stations.duty import requests, slots
from stations.files import sealed
from stations.files.file_check import FileRefused
from stations.liaisons import leads, posts
from stations.models import AidWorker, Away, ContactPoint, DutySlot, Lead, Liaison, RequestState
from stations.network import divisions, places
from stations.particulars import keeping
from stations.roles import Role
from tests.casework.register.test_file import GOOD, csv_bytes
from tests.conftest import at, unsaved_entry
from tests.stations.duty_world import MONTH, TODAY, fresh, make_panel, put, set_clock
from tests.test_access import png_bytes

from .test_concurrency import answer_meanwhile, at_once, split_answers

pytestmark = pytest.mark.django_db(transaction=True)

MARCH = date(2026, 3, 1)


def photo():
    return SimpleUploadedFile("a.png", png_bytes())


def once(*acts, refusal=workflow.MoveRefused):
    """Let the acts go together: one is done, every other one is told why not."""
    done, refused = split_answers(at_once(*acts), refusal)
    assert (len(done), len(refused)) == (1, len(acts) - 1)
    return done[0]


# ── The register and its months ─────────────────────────────────────────────────────────


def test_a_month_is_sent_with_what_was_being_changed_or_says_what_changed_since(
    station, clerk, head, make_entry
):
    first, second, third = (
        make_entry(occurred_at=at(2026, 3, day), phone=f"1390000111{day}") for day in (2, 3, 4)
    )
    report = months.open_month(station, MARCH)

    def changing():
        writing.correct(first, changes={"persons": 4}, reason="漏数", by=clerk, version=1)
        writing.declare_void(second, reason="重复", by=clerk)

    report = answer_meanwhile(changing, lambda: months.send(report, by=head))

    assert report.row_ids == [first.pk, third.pk]
    assert months.analysis_of(report).totals.persons.now.value == 5
    assert is_unchanged(report)
    assert changes_since_issue(report).total == 0

    months.return_to_station(report, by=head, reason="补齐")
    third = answer_meanwhile(
        lambda: months.send(report, by=head),
        lambda: writing.correct(
            third, changes={"persons": 9}, reason="漏数", by=clerk, version=1
        ),
    )
    report.refresh_from_db()
    assert third.persons == 9
    assert months.analysis_of(report).totals.persons.now.value == 5
    assert changes_since_issue(report).corrected == 1


def test_nobody_comes_on_a_day_without_visits_nor_to_a_closed_station(
    station, clerk, duty, officer, make_application
):
    yesterday = timezone.localdate() - timedelta(days=1)
    occurred_at = timezone.now() - timedelta(days=1)

    answer = answer_meanwhile(
        lambda: writing.record(unsaved_entry(station, occurred_at=occurred_at), by=clerk),
        lambda: writing.state_no_visits(station, day=yesterday, by=duty),
    )

    assert isinstance(answer, writing.RegisterRefused)
    assert not station.no_visit_days.exists()

    answer = answer_meanwhile(
        lambda: places.close(station, on=timezone.localdate(), by=officer),
        lambda: writing.record(unsaved_entry(station), by=clerk),
    )
    assert isinstance(answer, writing.RegisterRefused)
    with pytest.raises(workflow.MoveRefused):
        make_application()
    assert station.entries.count() == 1
    # What was before is still typed up, by hand or from a file; what came after is not.
    writing.record(unsaved_entry(station, occurred_at=occurred_at), by=duty)
    rows = [
        GOOD[0].replace("2026-03-02 09:10", f"{day:%Y-%m-%d}") for day in (yesterday, MARCH)
    ]
    station.refresh_from_db()
    assert read_file(csv_bytes(*rows), station, by=clerk).error_count == 0
    station.closed_on = MARCH
    assert read_file(csv_bytes(*rows), station, by=clerk).error_count == 2


def test_an_import_is_undone_with_the_row_that_was_being_corrected(station, clerk, head):
    def brought_in(name):
        entries = [unsaved_entry(station, name=f"{name}{n}", phone="") for n in range(3)]
        return imports.take_in(f"{name}.csv", name.encode(), entries, station, by=clerk)

    def correcting(batch):
        entry = batch.entries.order_by("pk")[1]
        return lambda: writing.correct(
            entry, changes={"name": "听清了"}, reason="听错", by=clerk, version=1
        )

    def undoing(batch):
        return lambda: imports.undo(batch, by=head, reason="传错了")

    one, other = brought_in("甲"), brought_in("乙")
    refused = answer_meanwhile(undoing(one), correcting(one))
    undone = answer_meanwhile(correcting(other), undoing(other))

    assert isinstance(refused, writing.RegisterRefused)
    assert undone.undone_by == head
    assert not station.entries.counted().exists()
    assert station.entries.filter(name="听清了", batch=other).count() == 1


def test_a_lead_is_taken_up_once_by_word_or_by_an_entry(station, village, liaison, clerk, duty):
    lead = Lead.objects.create(
        station=station, village=village, sent_by=liaison, kind="pay", client_key=uuid.uuid4()
    )

    answer = answer_meanwhile(
        lambda: leads.take(lead, by=duty, outcome="已回电"),
        lambda: writing.record(unsaved_entry(station, lead=lead), by=clerk),
    )

    assert isinstance(answer, writing.RegisterRefused)
    assert not station.entries.exists()
    lead.refresh_from_db()
    assert lead.taken_by == duty


def test_papers_come_once_and_never_to_what_is_void(
    station, clerk, duty, make_entry, make_application
):
    entry, material = make_entry(), make_application().materials.first()

    refused = answer_meanwhile(
        lambda: writing.declare_void(entry, reason="重复", by=clerk),
        lambda: sealed.add(
            entry, "papers", photo(), most=9, why_not=writing.why_closed, added_by=duty
        ),
    )
    assert isinstance(refused, FileRefused)
    assert not EntryPaper.objects.exists()

    tickets = at_once(
        *(lambda by=by: uploads.make_ticket(material, by=by) for by in (clerk, duty))
    )
    ticket = UploadTicket.objects.open_at(timezone.now()).get()
    assert ticket in [each for each, _token in tickets]
    files = at_once(*[lambda: uploads.add_by_ticket(ticket, photo())] * 3)
    assert {file.pk for file in files} == {material.uploads.get().pk}


def test_a_return_is_submitted_once_and_holds_what_was_being_voided(
    county, station, clerk, director, make_entry
):
    entries = [make_entry(occurred_at=at(2026, 3, day), phone="") for day in (2, 3)]
    period = parse_period("2026-03")

    def submit():
        return submissions.submit(county, period, rule=Rule.INTAKE, by=director)

    submitted = answer_meanwhile(
        lambda: writing.declare_void(entries[0], reason="重复", by=clerk), submit
    )
    again = at_once(submit, submit)

    assert {each.pk for each in again} == {submitted.pk}
    shown = submissions.show(period, [county], Rule.INTAKE)
    assert shown.made.lines[0].value + (shown.corrections.added - shown.corrections.gone) == 1


# ── Applications ────────────────────────────────────────────────────────────────────────


def test_two_answers_to_two_letters_let_the_clock_go_on(
    make_application, reviewer, director, next_county
):
    application = make_application(status=Status.IN_REVIEW)

    def drafted(application):
        return cooperation.draft(
            CooperationLetter(
                application=application,
                kind="evidence",
                other_institution="上海市某区法律援助中心",
                item="核实工资发放",
                content="请核实。",
                due_on=timezone.localdate() + timedelta(days=20),
            ),
            by=reviewer,
        )

    one, other = (cooperation.send(drafted(application), by=reviewer) for _n in range(2))
    answer = answer_meanwhile(
        lambda: cooperation.reply(one, by=reviewer, words="属实。"),
        lambda: cooperation.decline(other, by=director, reason="查无此人。"),
    )
    assert answer.status == "declined"
    assert application.pauses.get().to_on == timezone.localdate()
    assert not application.deadlines.running().filter(is_paused=True).exists()

    # Nobody asks for a case that has just gone to another county, and its clock is not stopped.
    late = drafted(application)
    refused = answer_meanwhile(
        lambda: workflow.pass_on(
            application, by=director, reason="不归我县", to_county=next_county
        ),
        lambda: cooperation.send(late, by=reviewer),
    )
    assert isinstance(refused, workflow.MoveRefused)
    assert not application.deadlines.running().filter(is_paused=True).exists()


def test_a_decision_takes_one_standard_and_its_clock_the_promise_of_now(
    county, make_application, officer, reviewer
):
    today = timezone.localdate()
    application = make_application(status=Status.IN_REVIEW)
    standard = HardshipStandard(
        county=county, valid_from=today, monthly_per_head=2060, basis="月最低工资标准"
    )
    granted = answer_meanwhile(
        lambda: standards.adopt(standard), lambda: workflow.grant(application, by=reviewer)
    )
    # By the one it found: none was in force yet.
    assert granted.decisions.get().standard == {}

    number = limits.ASSIGNMENT
    running = granted.deadlines.running().get(number=number)
    running.delete()
    rule = ClockRule(
        county=county,
        number=number,
        length=1,
        counting=Counting.CALENDAR,
        valid_from=today,
    )
    recount = answer_meanwhile(
        lambda: clocks.start(granted, number),
        lambda: promises.set_promise(county, number, rule=rule, from_on=today, by=officer),
    )
    recounts.work_on(recount.pk)
    assert granted.deadlines.running().get(number=number).promised_due_on is not None


def test_the_clockwork_warns_while_a_case_moves(county, make_application, reviewer):
    application = make_application(status=Status.IN_REVIEW)
    monday = at(2026, 3, 2)
    application.deadlines.running().update(due_on=monday.date(), due_at=None)

    granted = answer_meanwhile(
        lambda: list(escalation._candidates(county, monday.date())),
        lambda: workflow.grant(application, by=reviewer),
        then=lambda: escalation.warn(county, monday),
    )

    assert granted.status == Status.GRANTED
    # What was warned of is done, so nothing of it stays on a desk.
    stopped = application.deadlines.filter(stopped_at__isnull=False)
    assert stopped.filter(warned__gt=0).exists()
    assert not application.notices.open().filter(deadline__in=stopped).exists()


def test_of_two_who_end_one_thing_in_two_ways_one_is_told(
    make_application, make_case, make_worker, make_user, county, reviewer, director, officer
):
    today = timezone.localdate()
    second = make_user("director2", "严主任", Role.DIRECTOR, county)
    proposed = workflow.propose_refusal(
        make_application(status=Status.IN_REVIEW),
        by=reviewer,
        grounds=["no_hardship"],
        reason="超过标准",
    )
    once(
        lambda: workflow.refuse(proposed, by=director),
        lambda: workflow.decline_proposal(proposed, by=second, note="再核"),
    )
    assert proposed.decisions.exclude(state=DecisionState.PROPOSED).count() == 1

    refused = workflow.propose_refusal(
        make_application(status=Status.IN_REVIEW, name="李桂英"),
        by=reviewer,
        grounds=["no_hardship"],
        reason="超过标准",
    )
    refused = once(
        *(lambda by=by: workflow.refuse(refused, by=by) for by in (director, second))
    )
    letter = refused.letters.get(kind=LetterKind.REFUSAL)
    once(
        *[
            lambda: workflow.serve(
                letter, by=reviewer, on=today, method="direct", received_by_name="吴长根"
            )
        ]
        * 2
    )
    assert refused.events.filter(move="serve").count() == 1
    objecting = {"by": reviewer, "received_on": today, "words": "收入算错了"}
    once(*[lambda: workflow.receive_objection(refused, **objecting)] * 2)
    corrected = once(
        *(
            lambda outcome=outcome: workflow.decide_objection(
                refused, by=officer, outcome=outcome, reason="已核"
            )
            for outcome in ("corrected", "upheld")
        )
    )
    assert corrected.letters.filter(kind=LetterKind.OBJECTION).count() == 1

    case, heir = make_case(worker=make_worker("郑法")), make_worker("孟律")
    changed = answer_meanwhile(
        lambda: workflow.close(
            case, by=director, closed_on=today, result="mediated", summary="已付清"
        ),
        lambda: workflow.change_person(
            case,
            by=reviewer,
            worker=heir,
            reason="illness",
            note="住院",
            override_reason="熟悉",
        ),
    )
    assert isinstance(changed, workflow.MoveRefused)
    granted = make_application(status=Status.GRANTED, name="王老五")
    left = answer_meanwhile(
        lambda: AidWorker.objects.filter(pk=heir.pk).update(left_on=today - timedelta(days=1)),
        lambda: workflow.assign(granted, by=reviewer, worker=heir, override_reason="熟悉"),
    )
    assert isinstance(left, workflow.MoveRefused)
    assert not heir.assignments.exists()


# ── Duty ────────────────────────────────────────────────────────────────────────────────


def test_a_roster_that_changes_hands_twice_at_once(
    monkeypatch, make_worker, make_user, station, next_station, reviewer, director, head
):
    set_clock(monkeypatch)
    xu, he, jiang = make_panel(make_worker, make_user, station, next_station)
    slot = put(station, xu, TODAY)
    put(station, he, date(2026, 11, 17))

    # Leave approved while the month is published: it is free, or an absence, never overwritten.
    away = requests.ask_away(
        Away(worker=he, from_on=date(2026, 11, 17), to_on=date(2026, 11, 17), kind="leave"),
        by=he.user,
    )
    answer_meanwhile(
        lambda: duty_months.publish(station.county, MONTH, by=reviewer),
        lambda: requests.decide_away(away, by=director, is_approved=True),
    )
    [other] = DutySlot.objects.filter(day=date(2026, 11, 17), worker=he)
    assert (other.published_worker, bool(other.absence)) == (he, True)

    # A swap approved while somebody else is put there.
    swap = requests.agree_swap(
        requests.ask_swap(fresh(slot), by=xu.user, colleague=jiang), by=jiang.user
    )
    refused = answer_meanwhile(
        lambda: slots.locked_slot(slot),
        lambda: requests.approve_swap(swap, by=head),
        then=lambda: slots.set_worker(slot, he, by=reviewer, reason="县里调整"),
    )
    assert isinstance(refused, requests.DutyRefused)
    swap.refresh_from_db()
    assert (fresh(slot).worker, swap.state) == (he, RequestState.WITHDRAWN)


# ── The network ─────────────────────────────────────────────────────────────────────────


def opened(browser, address, **changes):
    """Return a function that posts the form of a page as it was when it was opened, and some changes."""
    form = browser.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in typed.items() if value or value == 0}
    return lambda: browser.post(address, kept | changes)


def test_who_writes_on_a_page_of_before_is_told_and_overwrites_nothing(
    county, station, village, make_worker, liaison, director, officer
):
    today = timezone.localdate()
    post = Liaison.objects.get()
    point = ContactPoint.objects.create(
        village=village, station=station, name="联系点", opened_on=date(2023, 1, 1)
    )
    worker = make_worker("郑法", licence_number="13415201510123456")
    matter = Matter.objects.create(
        code="civil.tea", name="茶山", county=county, parent=Matter.objects.get(code="civil")
    )
    at_bureau, at_center = (Client(raise_request_exception=False) for _n in range(2))
    at_bureau.force_login(officer)
    at_center.force_login(director)
    again = {"why": "核对", "phone": "0564-5021234"}
    county_page = reverse("stations:county_parameters")
    for browser, page, record, changes, meanwhile in (
        (
            at_bureau,
            "stations:liaison_edit",
            post,
            {"phone": "13900001111"},
            lambda: posts.end(post, last_day=today, reason="换届", by=officer),
        ),
        (
            at_bureau,
            "stations:contact_point_edit",
            point,
            again,
            lambda: places.close(point, on=today, by=officer),
        ),
        (
            at_bureau,
            "stations:station_edit",
            station,
            again,
            lambda: divisions.rename(
                station.township, name="新青溪镇", on=date(2026, 6, 1), by=officer, paper=""
            ),
        ),
        (
            at_center,
            "casework:worker_edit",
            worker,
            {"phone": "13900001111"},
            lambda: keeping.change(worker, by=director, left_on=today),
        ),
        (
            at_bureau,
            "casework:matter_edit",
            matter,
            {"name": "茶园"},
            lambda: keeping.change(matter, by=officer, valid_to=today),
        ),
    ):
        pressed = opened(browser, reverse(page, args=[record.pk]), **changes)
        answer = answer_meanwhile(meanwhile, pressed)
        assert answer.status_code == 422, page
        assert answer.context["form"].non_field_errors(), page
    one = opened(at_bureau, county_page, month_due_working_day=6, why="县办发〔2026〕1号")
    other = opened(at_bureau, county_page, silent_after_working_days=9, why="同上")
    answer = answer_meanwhile(one, other)
    assert answer.status_code == 422

    for record in (post, point, station, worker, matter, county):
        record.refresh_from_db()
    assert (post.appointed_to, point.closed_on, worker.left_on) == (today, today, today)
    assert station.township.name == "新青溪镇"
    assert matter.valid_to == today
    assert county.parameters == {"month_due_working_day": 6}
