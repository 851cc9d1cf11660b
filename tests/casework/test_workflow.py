import pytest

from casework import workflow
from casework.models import ApplicationEvent
from casework.terms import Status


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


def test_forward_is_refused_before_the_head_has_signed(make_application, head):
    application = make_application(status=Status.REVIEWED)
    count = ApplicationEvent.objects.count()
    with pytest.raises(workflow.MoveRefused):
        workflow.forward(application, by=head)
    assert ApplicationEvent.objects.count() == count


@pytest.mark.parametrize("who, is_refused", [("reviewer", True), ("director", False)])
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
