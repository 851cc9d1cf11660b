"""The map of moves: what may follow what, what each move leaves behind, and who decides twice."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework import workflow
from casework.models import Application, ApplicationEvent, Deadline, Letter, Notice
from casework.terms import ENDED, LetterKind, MaterialKind, MaterialState, Status
from casework.terms import ApplicationMove as M
from stations.roles import Role

from ..conftest import at

pytestmark = pytest.mark.django_db


def running(application):
    """The numbers of the clocks that run for it."""
    return set(application.deadlines.running().values_list("number", flat=True))


def due(application, number):
    return application.deadlines.running().get(number=number).due_on


def given(application):
    """Its checklist with everything there, not saved yet."""
    rows = list(application.materials.all())
    for row in rows:
        row.state, row.given_on = MaterialState.GIVEN, row.given_on or timezone.localdate()
    return rows


def test_an_application_goes_from_the_counter_to_a_grant(make_application):
    application = make_application(status=Status.GRANTED)
    assert [event.move for event in application.events.all()] == [
        "receive",
        "review",
        "countersign",
        "forward",
        "sign_for",
        "grant",
    ]
    assert application.number.endswith("1号")


# ── The map ─────────────────────────────────────────────────────────────────────────────

# Each move as its page makes it.
MAKE = {
    M.AMEND: lambda a, by: workflow.amend(
        a, by=by, changes={"claims": "x"}, version=1, note="笔误"
    ),
    M.CHECK_PAPERS: lambda a, by: workflow.check_papers(a, by=by, materials=[]),
    M.ASK: lambda a, by: workflow.ask_for_documents(
        a, by=by, items=["欠条"], days=10, served_on=timezone.localdate()
    ),
    M.SUPPLY: lambda a, by: workflow.supply(a, by=by, on=timezone.localdate()),
    M.DEEM_WITHDRAWN: lambda a, by: workflow.deem_withdrawn(a, by=by, note="没来"),
    M.WITHDRAW: lambda a, by: workflow.withdraw(a, by=by, note="不申请了"),
    M.REVIEW: lambda a, by: workflow.review(
        a,
        by=by,
        findings=[],
        overrides={},
        conclusion="grant",
        words="符合",
        no_recusal=True,
    ),
    M.SEND_BACK: lambda a, by: workflow.send_back(a, by=by, note="重写"),
    M.COUNTERSIGN: lambda a, by: workflow.countersign(a, by=by),
    M.FORWARD: lambda a, by: workflow.forward(a, by=by),
    M.SIGN_FOR: lambda a, by: workflow.sign_for(a, by=by),
    M.RETURN: lambda a, by: workflow.return_to_station(a, by=by, reason="other", note="补"),
    M.GRANT: lambda a, by: workflow.grant(a, by=by),
    M.PROVIDE_FIRST: lambda a, by: workflow.provide_first(a, by=by, grounds=["44-1"], days=7),
    M.COMPLETE_PAPERS: lambda a, by: workflow.complete_papers(a, by=by),
    M.PROPOSE_REFUSAL: lambda a, by: workflow.propose_refusal(
        a, by=by, grounds=["other"], reason="不符合"
    ),
    M.REFUSE: lambda a, by: workflow.refuse(a, by=by),
    M.PASS_ON: lambda a, by: workflow.pass_on(
        a, by=by, reason="不归我们", to_institution="邻县"
    ),
    M.ASSIGN: lambda a, by: workflow.assign(a, by=by, worker=None, suggested_as=1),
    M.ASK_CHANGE: lambda a, by: workflow.ask_change(
        a,
        by=by,
        asked_on=timezone.localdate(),
        asked_by="recipient",
        ground="other",
        words="请换人",
    ),
    M.REFUSE_CHANGE: lambda a, by: workflow.refuse_change(a, by=by, reason="已尽职"),
    M.CHANGE_PERSON: lambda a, by: workflow.change_person(
        a, by=by, worker=None, reason="other", note="病了"
    ),
    M.ENGAGE: lambda a, by: workflow.engage(a, by=by, on=timezone.localdate()),
    M.EXCUSE_ENGAGEMENT: lambda a, by: workflow.excuse_engagement(a, by=by, excuse="在外地"),
    M.PROPOSE_TERMINATION: lambda a, by: workflow.propose_termination(
        a, by=by, grounds=["48-7"], reason="本人要求"
    ),
    M.TERMINATE: lambda a, by: workflow.terminate(a, by=by),
    M.DECLINE_PROPOSAL: lambda a, by: workflow.decline_proposal(a, by=by, note="再查"),
    M.CLOSE: lambda a, by: workflow.close(
        a, by=by, closed_on=timezone.localdate(), result="won", summary="胜诉"
    ),
    M.HAND_IN_FILE: lambda a, by: workflow.hand_in_file(a, by=by, on=timezone.localdate()),
    M.ARCHIVE: lambda a, by: workflow.archive(
        a, by=by, on=timezone.localdate(), file_check="good", archive_number="1"
    ),
    M.RETURN_FILE: lambda a, by: workflow.return_file(
        a, by=by, on=timezone.localdate(), missing="缺笔录", days=10
    ),
    M.PAY_SUBSIDY: lambda a, by: workflow.pay_subsidy(
        a, by=by, on=timezone.localdate(), amount=1500, voucher="凭1"
    ),
    M.OBJECT: lambda a, by: workflow.receive_objection(
        a, by=by, received_on=timezone.localdate(), words="不服"
    ),
    M.UPHOLD_DECISION: lambda a, by: workflow.decide_objection(
        a, by=by, outcome="upheld", reason="正确"
    ),
    M.CORRECT_DECISION: lambda a, by: workflow.decide_objection(
        a, by=by, outcome="corrected", reason="有误"
    ),
}


def test_every_move_of_the_map_is_tried_here():
    assert set(MAKE) == set(workflow.MOVES)


@pytest.mark.parametrize("move", MAKE)
def test_a_move_is_refused_from_every_other_status_and_leaves_nothing(
    make_application, director, move
):
    application = make_application()
    before = (ApplicationEvent.objects.count(), Letter.objects.count())
    for status in set(Status) - workflow.MOVES[move].start:
        Application.objects.filter(pk=application.pk).update(
            status=status, asked_from=Status.RECEIVED
        )
        with pytest.raises(workflow.MoveRefused) as refused:
            MAKE[move](application, director)
        assert str(Status(status).label) in str(refused.value)
        assert Application.objects.get(pk=application.pk).status == status
    assert (ApplicationEvent.objects.count(), Letter.objects.count()) == before


def test_the_refusal_says_who_did_what_last_and_when(make_application, reviewer):
    application = make_application(status=Status.GRANTED)

    with pytest.raises(workflow.MoveRefused, match="林若溪") as refused:
        workflow.grant(application, by=reviewer)

    last = application.events.last()
    assert f"{timezone.localtime(last.made_at):%H:%M}" in str(refused.value)


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.REFUSED, Status.PASSED_ON])
def test_no_clock_of_the_office_runs_on_when_it_has_ended(
    make_application, clerk, reviewer, director, status
):
    application = make_application(status=Status.IN_REVIEW)
    if status == Status.WITHDRAWN:
        workflow.withdraw(application, by=reviewer, note="不申请了")
    elif status == Status.PASSED_ON:
        workflow.pass_on(
            application, by=reviewer, reason="不归我们", to_institution="市法律援助中心"
        )
    else:
        workflow.propose_refusal(application, by=reviewer, grounds=["other"], reason="不符合")
        workflow.refuse(application, by=director)

    application.refresh_from_db()
    assert application.status in ENDED
    # A refusal still has to be served.
    assert running(application) == ({16} if status == Status.REFUSED else set())


# ── Papers asked for ────────────────────────────────────────────────────────────────────


def test_the_seven_days_stand_still_as_in_the_example_of_the_rules(make_application, clerk):
    """Rules 9.5: received 03-02, notice served 03-04, supplied 03-10; due 03-16."""
    application = make_application(
        missing=[MaterialKind.ID_DOCUMENT], received_at=at(2026, 3, 2)
    )
    assert due(application, 9) == date(2026, 3, 9)

    workflow.ask_for_documents(
        application, by=clerk, items=["身份证明"], days=10, served_on=date(2026, 3, 4)
    )
    assert application.deadlines.get(number=9).is_paused
    workflow.supply(application, by=clerk, on=date(2026, 3, 10), materials=given(application))

    assert due(application, 9) == date(2026, 3, 16)
    assert not application.deadlines.get(number=9).is_paused


def test_papers_asked_for_at_the_center_bring_it_back_to_the_center(make_application, reviewer):
    application = make_application(status=Status.IN_REVIEW)
    workflow.ask_for_documents(
        application, by=reviewer, items=["考勤表"], days=5, served_on=timezone.localdate()
    )

    supplied = workflow.supply(
        application, by=reviewer, on=timezone.localdate(), materials=given(application)
    )

    assert supplied.status == Status.IN_REVIEW
    assert supplied.asked_from == ""


def test_a_second_notice_needs_the_head_s_agreement_and_is_counted(
    make_application, clerk, head
):
    application = make_application()
    asked = {"items": ["欠条"], "days": 5, "served_on": timezone.localdate()}
    workflow.ask_for_documents(application, by=clerk, **asked)
    workflow.supply(
        application, by=clerk, on=timezone.localdate(), materials=given(application)
    )

    with pytest.raises(workflow.MoveRefused):
        workflow.ask_for_documents(application, by=clerk, **asked)
    workflow.ask_for_documents(application, by=head, agreed_by=head, **asked)

    # What was given and is asked for again is waited for again.
    assert application.materials.get(name="欠条").state == MaterialState.MISSING
    assert [*application.supplements.values_list("round", flat=True)] == [1, 2]
    assert application.letters.filter(kind=LetterKind.SUPPLEMENT).count() == 2


def test_an_empty_notice_is_refused(make_application, clerk):
    application = make_application()

    with pytest.raises(workflow.MoveRefused):
        workflow.ask_for_documents(
            application, by=clerk, items=[" "], days=5, served_on=timezone.localdate()
        )
    assert not application.supplements.exists()


# ── Two persons ─────────────────────────────────────────────────────────────────────────


def test_forward_is_refused_before_the_head_has_signed(make_application, head):
    application = make_application(status=Status.REVIEWED)
    count = ApplicationEvent.objects.count()
    with pytest.raises(workflow.MoveRefused):
        workflow.forward(application, by=head)
    assert ApplicationEvent.objects.count() == count


@pytest.mark.parametrize(("who", "is_refused"), [("reviewer", True), ("director", False)])
def test_a_refusal_needs_two_persons(make_application, reviewer, director, who, is_refused):
    application = make_application(status=Status.IN_REVIEW)
    workflow.propose_refusal(
        application, by=reviewer, grounds=["no_hardship"], reason="人均收入超过标准。"
    )
    by = {"reviewer": reviewer, "director": director}[who]
    if is_refused:
        with pytest.raises(workflow.MoveRefused):
            workflow.refuse(application, by=by)
    else:
        assert workflow.refuse(application, by=by).status == Status.REFUSED


def test_a_termination_needs_two_persons_too(make_application, reviewer, director):
    application = make_application(status=Status.GRANTED)
    workflow.propose_termination(
        application, by=reviewer, grounds=["48-7"], reason="受援人要求终止"
    )

    with pytest.raises(workflow.MoveRefused):
        workflow.terminate(application, by=reviewer)
    ended = workflow.terminate(application, by=director)

    assert ended.status == Status.TERMINATED
    kinds = set(application.letters.values_list("kind", flat=True))
    assert {LetterKind.TERMINATION, LetterKind.TERMINATION_LETTER} <= kinds


def test_a_declined_termination_goes_back_to_where_it_was(make_application, reviewer, director):
    application = make_application(status=Status.GRANTED)
    workflow.propose_termination(application, by=reviewer, grounds=["48-5"], reason="已撤诉")

    back = workflow.decline_proposal(application, by=director, note="并未撤诉")

    assert back.status == Status.GRANTED
    assert running(application) == {12, 16}


def test_a_proposal_tells_whoever_is_the_second_person(make_application, reviewer):
    application = make_application(status=Status.IN_REVIEW)
    workflow.propose_refusal(application, by=reviewer, grounds=["other"], reason="不符合")

    assert Notice.objects.filter(
        role=Role.DIRECTOR, county=application.county, application=application
    ).exists()


def test_signing_and_forwarding_happen_both_or_neither(make_application, head, monkeypatch):
    application = make_application(status=Status.REVIEWED)

    def refuse(*_args, **_kwargs):
        raise workflow.MoveRefused("没有网络")

    with monkeypatch.context() as patched:
        patched.setattr(workflow.station, "forward", refuse)
        with pytest.raises(workflow.MoveRefused):
            workflow.sign_and_forward(application, by=head)
    assert application.opinions.get().signed_at is None

    assert workflow.sign_and_forward(application, by=head).status == Status.FORWARDED


# ── Aid first, papers later ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [Status.FORWARDED, Status.IN_REVIEW, Status.SUPPLEMENTING])
def test_aid_comes_first_and_the_papers_are_owed(make_application, clerk, reviewer, status):
    missing = [MaterialKind.ID_DOCUMENT]
    if status == Status.SUPPLEMENTING:
        application = make_application(missing=missing)
        application = workflow.ask_for_documents(
            application,
            by=clerk,
            items=["身份证明"],
            days=10,
            served_on=timezone.localdate(),
        )
    else:
        application = make_application(missing=missing, status=status)

    granted = workflow.provide_first(application, by=reviewer, grounds=["44-1"], days=7)

    assert granted.status == Status.GRANTED
    assert granted.is_provided_first
    # Papers afterwards, assignment, service; neither review nor station is held to anything.
    assert running(granted) == {11, 12, 16}
    assert not granted.pauses.filter(to_on=None).exists()
    with pytest.raises(workflow.MoveRefused):
        workflow.complete_papers(granted, by=reviewer)
    workflow.complete_papers(granted, by=reviewer, materials=given(granted))
    assert running(granted) == {12, 16}


def test_aid_first_names_its_ground(make_application, reviewer):
    application = make_application(status=Status.IN_REVIEW)

    with pytest.raises(workflow.MoveRefused):
        workflow.provide_first(application, by=reviewer, grounds=[], days=7)


# ── Passed on ───────────────────────────────────────────────────────────────────────────


def test_what_was_passed_on_is_never_passed_back(
    make_application, reviewer, make_user, county, next_county
):
    application = make_application(status=Status.IN_REVIEW)
    code = application.receipt_code
    theirs = make_user("theirs", "白水审", Role.REVIEWER, next_county)

    workflow.pass_on(application, by=reviewer, reason="不归我们", to_county=next_county)
    workflow.sign_for(application, by=theirs)
    with pytest.raises(workflow.MoveRefused):
        workflow.pass_on(application, by=theirs, reason="也不归我们", to_county=county)

    application.refresh_from_db()
    assert (application.county, application.receipt_code) == (next_county, code)
    assert application.intake_county == county
    assert application.hops.get().signed_at


def test_what_came_from_another_county_is_not_returned_to_its_station(
    make_application, reviewer, make_user, next_county
):
    application = make_application(status=Status.IN_REVIEW)
    theirs = make_user("theirs", "白水审", Role.REVIEWER, next_county)
    workflow.pass_on(application, by=reviewer, reason="不归我们", to_county=next_county)
    workflow.sign_for(application, by=theirs)

    with pytest.raises(workflow.MoveRefused):
        workflow.return_to_station(application, by=theirs, reason="other", note="补")


# ── Objection ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def refused(make_application, reviewer, director):
    application = make_application(status=Status.IN_REVIEW)
    workflow.propose_refusal(
        application, by=reviewer, grounds=["no_hardship"], reason="收入超过标准"
    )
    return workflow.refuse(application, by=director)


def object_to(application, by):
    return workflow.receive_objection(
        application, by=by, received_on=timezone.localdate(), words="收入算错了"
    )


def test_an_objection_is_decided_within_five_days(refused, clerk):
    object_to(refused, clerk)

    deadline = Deadline.objects.running().get(application=refused, number=18)
    assert deadline.due_on >= timezone.localdate() + timedelta(days=5)
    with pytest.raises(workflow.MoveRefused):
        object_to(refused, clerk)


def test_an_upheld_decision_stays(refused, clerk, officer):
    object_to(refused, clerk)

    kept = workflow.decide_objection(
        refused, by=officer, outcome="upheld", reason="适用标准正确"
    )

    assert kept.status == Status.REFUSED
    assert refused.letters.filter(kind=LetterKind.OBJECTION).exists()
    with pytest.raises(workflow.MoveRefused):
        workflow.decide_objection(refused, by=officer, outcome="corrected", reason="再看")


def test_a_corrected_refusal_is_under_review_again_and_may_be_granted(
    refused, clerk, officer, reviewer
):
    object_to(refused, clerk)
    back = workflow.decide_objection(
        refused, by=officer, outcome="corrected", reason="应扣除医疗支出"
    )

    assert back.status == Status.IN_REVIEW
    assert running(back) == {9}
    granted = workflow.grant(back, by=reviewer)
    assert granted.status == Status.GRANTED
    assert [*granted.decisions.values_list("kind", flat=True)] == ["refuse", "grant"]


def test_a_corrected_termination_waits_for_an_assignment_again(
    make_application, clerk, reviewer, director, officer
):
    application = make_application(status=Status.GRANTED)
    workflow.propose_termination(application, by=reviewer, grounds=["48-4"], reason="不再困难")
    workflow.terminate(application, by=director)
    object_to(application, clerk)

    back = workflow.decide_objection(
        application, by=officer, outcome="corrected", reason="仍然困难"
    )

    assert back.status == Status.GRANTED
    assert 12 in running(back)
