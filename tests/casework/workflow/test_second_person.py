"""Two persons against an applicant, whoever there is; and nobody hears an objection to their own decision."""

import pytest
from django.urls import reverse

from casework import workflow
from casework.applications import waiting
from casework.models import Notice
from casework.terms import Status
from stations.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_review(make_application):
    return make_application(status=Status.IN_REVIEW)


def propose(application, by):
    return workflow.propose_refusal(
        application, by=by, grounds=["no_hardship"], reason="人均收入超过标准。"
    )


def answers(client, users, application):
    """{name: status of the page on which it is decided} for these people."""
    address = reverse("casework:application_refuse", args=[application.pk])
    found = {}
    for user in users:
        client.force_login(user)
        found[user.username] = client.get(address).status_code
    return found


def is_waiting_for(user, application):
    return waiting.waiting_for(user).filter(pk=application.pk).exists()


def told(application):
    notices = Notice.objects.filter(application=application)
    return {notice.role for notice in notices if "第二" in notice.words}


def test_what_a_reviewer_proposed_the_director_decides(
    client, in_review, reviewer, director, officer
):
    propose(in_review, reviewer)
    people = (reviewer, director, officer)

    assert answers(client, people, in_review) == {
        "reviewer": 403,
        "director": 200,
        "officer": 403,
    }
    assert [is_waiting_for(each, in_review) for each in people] == [False, True, False]
    assert told(in_review) == {Role.DIRECTOR}


def test_what_the_only_director_proposed_another_of_the_center_decides(
    client, in_review, reviewer, director, officer
):
    propose(in_review, director)
    people = (reviewer, officer)

    assert answers(client, people, in_review) == {"reviewer": 200, "officer": 403}
    assert [is_waiting_for(each, in_review) for each in (*people, director)] == [
        True,
        False,
        False,
    ]
    assert told(in_review) == {Role.REVIEWER}
    client.force_login(reviewer)
    page = client.get(in_review.get_absolute_url())
    assert "由县中心唯一的主任提出，改由中心其他人员决定。" in page.content.decode()
    client.post(reverse("casework:application_refuse", args=[in_review.pk]))
    in_review.refresh_from_db()
    assert in_review.status == Status.REFUSED


def test_a_second_director_goes_before_the_reviewers(
    client, in_review, reviewer, director, make_user, county
):
    other = make_user("deputy", "副主任", Role.DIRECTOR, county)
    propose(in_review, director)

    assert answers(client, (reviewer, other), in_review) == {"reviewer": 403, "deputy": 200}


@pytest.fixture
def alone(in_review, director, officer, reviewer):
    """A center of one: its reviewer has left, its director proposed the refusal."""
    reviewer.appointments.all().delete()
    return propose(in_review, director)


def test_where_the_center_has_nobody_else_the_bureau_decides(client, alone, director, officer):
    assert answers(client, (officer,), alone) == {"officer": 200}
    assert is_waiting_for(officer, alone)
    assert told(alone) == {Role.OFFICER}
    with pytest.raises(workflow.MoveRefused, match="第二人"):
        workflow.refuse(alone, by=director)
    client.force_login(officer)
    page = client.get(reverse("casework:application_refuse", args=[alone.pk]))
    assert "不得再审查对它的异议" in page.content.decode()
    back = client.post(
        reverse("casework:application_decline_proposal", args=[alone.pk]), {"note": "再核"}
    )
    alone.refresh_from_db()
    assert (back.status_code, alone.status) == (302, Status.IN_REVIEW)


def test_whoever_decided_hears_no_objection_to_it(
    client, alone, officer, clerk, make_user, county
):
    refused = workflow.refuse(alone, by=officer)
    workflow.receive_objection(
        refused, by=clerk, received_on=refused.received_on, words="收入算错了"
    )
    other = make_user("other", "另一科长", Role.OFFICER, county)
    decide = reverse("casework:application_objection_decide", args=[refused.pk])
    typed = {"outcome": "corrected", "reason": "应扣除医疗支出"}

    assert [is_waiting_for(each, refused) for each in (officer, other)] == [False, True]
    with pytest.raises(workflow.MoveRefused, match="其他人员"):
        workflow.decide_objection(refused, by=officer, **typed)
    client.force_login(officer)
    page = client.get(decide, follow=True)
    assert "您参与了这个决定" in page.content.decode()
    assert not {act.move for act in page.context["acts"]} & {"uphold_decision"}

    client.force_login(other)
    assert client.post(decide, typed).status_code == 302
    refused.refresh_from_db()
    assert refused.status == Status.IN_REVIEW
