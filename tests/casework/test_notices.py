"""Tasks on the desks of posts, and what an applicant is told: by message, else by telephone."""

import pytest
from django.utils import timezone

from casework import messages, notices, workflow
from casework.models import Notice
from casework.notices import tell
from casework.terms import NoticeKind, Status
from stations.roles import Role
from tests.conftest import appoint

pytestmark = pytest.mark.django_db


class Failing(messages.Messenger):
    def reaches(self, application):
        return True

    def send(self, application, words):
        raise messages.NotDelivered


@pytest.fixture
def sent(monkeypatch):
    """(task, argument) of what was handed to the workers."""
    found = []
    monkeypatch.setattr(notices, "hand_over", lambda *errand: found.append(errand))
    return found


def calls():
    return Notice.objects.open().filter(kind=NoticeKind.CALL)


def waiting_for(user):
    return [notice.words for notice in Notice.objects.visible_to(user).open()]


# ── Whose desk ────────────────────────────────────────────────────────────────────────


def test_a_task_waits_for_the_post_at_the_place(
    station, county, clerk, head, neighbour, reviewer, director, officer, stranger
):
    tell(Role.CLERK, station, "站里", kind=NoticeKind.MOVE)
    tell(Role.REVIEWER, county, "中心", kind=NoticeKind.MOVE)

    assert waiting_for(clerk) == ["站里"]
    assert waiting_for(reviewer) == ["中心"]
    for user in (head, neighbour, director, officer, stranger):
        assert waiting_for(user) == []


def test_where_nobody_is_clerk_today_the_head_has_the_clerk_s_tasks(station, head):
    tell(Role.CLERK, station, "站里", kind=NoticeKind.MOVE)

    assert waiting_for(head) == ["站里"]


def test_a_task_waits_for_whoever_holds_the_post_now(station, clerk, make_user):
    tell(Role.CLERK, station, "站里", kind=NoticeKind.MOVE)
    clerk.appointments.all().delete()
    successor = make_user("successor", "新来的")
    appoint(successor, Role.CLERK, station)

    assert waiting_for(successor) == ["站里"]


def test_a_done_task_is_off_the_desk_and_a_second_press_does_no_harm(station, clerk, head):
    notice = tell(Role.CLERK, station, "站里", kind=NoticeKind.MOVE)

    assert notices.done(notice, by=clerk) == 1
    assert notices.done(notice, by=head) == 0

    notice.refresh_from_db()
    assert notice.done_by == clerk
    assert waiting_for(clerk) == []


# ── The applicant ─────────────────────────────────────────────────────────────────────


def test_without_a_messenger_the_station_telephones(make_application, clerk, sent):
    application = make_application(status=Status.GRANTED)

    [notice] = calls()
    assert (notice.role, notice.station) == (Role.CLERK, application.station)
    assert notice.sentence == (
        "打电话告诉申请人：清援申字〔2026〕1号已给予法律援助，接下来指派承办人员。"
    ).replace("2026", str(application.year))
    assert sent == []


def test_the_applicant_hears_who_handles_the_case_who_does_now_and_that_it_ended(
    make_case, make_worker, reviewer, director
):
    case = make_case()
    assert calls().latest("pk").words == (
        f"{case.number}：已指派清山律师事务所郑法承办，单位电话：0564-5000000"
    )

    other = make_worker("孟律")
    case = workflow.change_person(
        case, by=reviewer, worker=other, reason="ill_or_away", note="住院", suggested_as=1
    )
    assert "承办人已换成清山律师事务所孟律" in calls().latest("pk").words

    case = workflow.propose_termination(case, by=reviewer, grounds=["48-6"], reason="自行委托")
    case = workflow.terminate(case, by=director)
    # What was still to be told before is overtaken.
    [call] = calls()
    assert call.words.startswith(f"{case.number}已终止法律援助")


def test_a_message_goes_out_after_the_commit(
    make_application, settings, sent, django_capture_on_commit_callbacks, capsys
):
    settings.MESSAGES = "console"
    with django_capture_on_commit_callbacks() as callbacks:
        application = make_application(status=Status.GRANTED)
    assert sent == []

    for callback in callbacks:
        callback()

    [notice] = Notice.objects.open().filter(kind=NoticeKind.MESSAGE)
    assert (notices.SEND, notice.pk) in sent
    notices.deliver(notice.pk)
    assert capsys.readouterr().out == f"139****3390 {notice.words}\n"
    notice.refresh_from_db()
    assert notice.done_at
    assert application.phone not in str(sent)


def test_a_message_is_sent_once(make_application, settings, sent, capsys):
    settings.MESSAGES = "console"
    make_application(status=Status.GRANTED)
    [notice] = Notice.objects.filter(kind=NoticeKind.MESSAGE)

    for _run in range(2):
        notices.deliver(notice.pk)

    assert capsys.readouterr().out.count(notice.words) == 1


def test_who_has_no_telephone_is_not_written_to(make_application, settings, sent):
    settings.MESSAGES = "console"

    make_application(status=Status.GRANTED, phone="")

    assert calls().count() == 1


def test_a_message_that_fails_becomes_a_call(make_application, settings, sent):
    settings.MESSAGES = f"{__name__}.Failing"
    make_application(status=Status.GRANTED)
    [notice] = Notice.objects.filter(kind=NoticeKind.MESSAGE)

    notices.deliver(notice.pk)

    assert list(calls()) == [notice]


def test_the_applicant_hears_of_missing_papers_with_the_last_day(make_application, clerk):
    application = make_application(missing=("id_document",))

    application = workflow.ask_for_documents(
        application, by=clerk, items=["身份证明"], days=10, served_on=application.received_on
    )

    due_on = application.supplements.get().due_on
    [notice] = calls()
    assert f"还缺材料：身份证明。请在{due_on.month}月{due_on.day}日前补齐。" in notice.words


def test_the_applicant_hears_of_a_refusal_although_the_application_has_ended(
    make_application, reviewer, director
):
    application = make_application(status=Status.IN_REVIEW)
    workflow.propose_refusal(
        application, by=reviewer, grounds=["no_hardship"], reason="超过标准"
    )

    workflow.refuse(application, by=director)

    assert "提出异议" in calls().get().words
    # What waited for the second person is done with.
    assert not Notice.objects.open().filter(role=Role.DIRECTOR).exists()


def test_of_an_application_passed_on_to_another_county_its_center_tells(
    make_application, reviewer, next_county
):
    application = make_application(status=Status.IN_REVIEW)

    workflow.pass_on(application, by=reviewer, reason="事由在白水", to_county=next_county)

    notice = calls().get()
    assert (notice.role, notice.county) == (Role.REVIEWER, next_county)
    assert "已转交白水县法律援助中心" in notice.words


def test_what_has_come_leaves_the_desk_with_the_next_move(make_application, reviewer):
    application = make_application(status=Status.FORWARDED)
    assert len(waiting_for(reviewer)) == 1

    workflow.sign_for(application, by=reviewer)

    assert waiting_for(reviewer) == []


def test_what_is_urgent_stays_until_aid_is_granted(make_application, clerk, reviewer):
    application = make_application(status=Status.IN_REVIEW, limitation_on=timezone.localdate())
    assert len(waiting_for(reviewer)) == len(waiting_for(clerk)) == 1

    workflow.grant(application, by=reviewer)

    assert waiting_for(reviewer) == []
    assert not Notice.objects.open().filter(kind=NoticeKind.URGENT).exists()


def test_an_objection_waits_for_the_bureau(
    make_application, reviewer, director, officer, clerk
):
    application = make_application(status=Status.IN_REVIEW)
    workflow.propose_refusal(
        application, by=reviewer, grounds=["no_hardship"], reason="超过标准"
    )
    application = workflow.refuse(application, by=director)

    workflow.receive_objection(
        application, by=clerk, received_on=application.received_on, words="不服"
    )

    assert len(waiting_for(officer)) == 1
