from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.applications.whole_file import LISTS, read_whole
from casework.models import Application, HouseholdMember, Objection, Party, ProgressNote, Upload
from casework.terms import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(make_application, make_worker, reviewer, director):
    """A case that was granted, assigned, reported on and closed, with files and household."""
    application = make_application(status=Status.GRANTED)
    workflow.assign(
        application, by=reviewer, worker=make_worker("孟律"), suggested_as=1, override_reason=""
    )
    workflow.close(
        application, by=reviewer, closed_on=timezone.localdate(), result="won", summary="胜诉"
    )
    ProgressNote.objects.create(
        application=application,
        happened_on=timezone.localdate(),
        words="已开庭",
        written_by=reviewer,
    )
    HouseholdMember.objects.create(application=application, relation="spouse", age=50)
    Party.objects.create(
        application=application, side="opponent", kind="person", name="赵某", name_key="赵某"
    )
    Upload.objects.create(
        material=application.materials.first(),
        name="1.jpg",
        media_type="image/jpeg",
        size=3,
        sha256="0" * 64,
        content=b"123",
    )
    return Application.objects.for_list().get(pk=application.pk)


def test_a_file_read_whole_has_the_same_rows_in_the_same_order(full):
    alone = {name: list(getattr(full, name).all()) for name in LISTS}

    read_whole(full)

    assert {name: list(getattr(full, name).all()) for name in LISTS} == alone
    assert full.closing.summary == "胜诉"
    assert not hasattr(full, "typical_case")
    assert [each.name for each in full.materials.all()[0].uploads.all()] == ["1.jpg"]


def test_what_was_read_whole_is_asked_for_no_more(full, reviewer, django_assert_num_queries):
    with django_assert_num_queries(3):
        read_whole(full)

    with django_assert_num_queries(0):
        said = [event.made_by.name for event in full.events.all()]
        (assignment,) = full.assignments.all()
        assert assignment.worker.unit.name
        assert [note.written_by for note in full.progress.all()] == [reviewer]
        assert all(letter.number for letter in full.letters.all())
        assert full.deadlines.all()[0].application.pauses.all()._result_cache == []
    assert said[-1] == reviewer.name


def test_an_objection_stands_beside_the_decision_it_is_against(
    make_application, reviewer, director
):
    application = make_application(status=Status.IN_REVIEW)
    workflow.propose_refusal(
        application, by=reviewer, grounds=["out_of_scope"], reason="不属于援助范围"
    )
    workflow.refuse(application, by=director)
    decision = application.decisions.get()
    Objection.objects.create(
        decision=decision, received_on=timezone.localdate(), words="不服", recorded_by=reviewer
    )

    read = read_whole(Application.objects.for_list().get(pk=application.pk))

    (kept,) = read.decisions.all()
    assert kept.objection.words == "不服"
    assert kept.objection.recorded_by == reviewer
    assert kept.proposed_by == reviewer


def test_the_record_of_a_full_file_costs_at_most_fifteen_questions(
    client, full, reviewer, django_assert_max_num_queries
):
    later = timezone.now() - timedelta(days=1)
    Application.objects.filter(pk=full.pk).update(received_at=later)
    client.force_login(reviewer)
    address = reverse("casework:application_detail", args=[full.pk])
    client.get(address)

    with django_assert_max_num_queries(15):
        page = client.get(address)

    assert page.status_code == 200
