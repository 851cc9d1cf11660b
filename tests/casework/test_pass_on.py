"""Passed on once, never back; a trace stays: stage and result, no later note."""

import pytest
from django.urls import reverse

from casework import workflow
from casework.models import Application, Hop, Letter, Notice
from casework.terms import Status
from stations.roles import Role

pytestmark = pytest.mark.django_db

TYPED = {
    "reason": "办案机关在白水县",
    "told_how": "当面告知",
}


@pytest.fixture
def there(make_user, next_county):
    return make_user("there", "那边人", Role.REVIEWER, next_county)


@pytest.fixture
def chief_there(make_user, next_county):
    return make_user("chief", "那边主任", Role.DIRECTOR, next_county)


@pytest.fixture
def passed_on(make_application, reviewer, next_county):
    application = make_application(status=Status.IN_REVIEW)
    return workflow.pass_on(
        application,
        by=reviewer,
        reason="办案机关在白水县",
        to_county=next_county,
        told_how="电话",
    )


def address(application):
    return reverse("casework:application_pass_on", args=[application.pk])


def test_the_center_passes_it_to_a_county_of_this_site(
    client, reviewer, make_application, next_county
):
    application = make_application(status=Status.IN_REVIEW)
    client.force_login(reviewer)
    assert client.get(address(application)).status_code == 200
    client.post(address(application), TYPED | {"to_county": next_county.pk})

    application.refresh_from_db()
    hop = Hop.objects.get()
    assert (application.county, application.status) == (next_county, Status.FORWARDED)
    assert (hop.to_institution, hop.told_how) == (next_county.center_name, "当面告知")
    assert Notice.objects.filter(county=next_county, role=Role.REVIEWER).exists()


def test_the_head_passes_it_to_an_institution_outside(client, head, make_application):
    application = make_application()
    client.force_login(head)
    client.post(address(application), TYPED | {"to_institution": "上海市某区法律援助中心"})

    application.refresh_from_db()
    assert application.status == Status.PASSED_ON
    assert Hop.objects.get().to_county is None
    # It ended here, so all of it stays here.
    assert client.get(application.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "to_institution"),
        ({"to_institution": "某中心", "reason": ""}, "reason"),
        ({"to_institution": "某中心", "told_how": ""}, "told_how"),
        ({"to_county": "999"}, "to_county"),
    ],
)
def test_what_is_missing_gets_its_sentence(client, reviewer, make_application, changes, field):
    application = make_application(status=Status.IN_REVIEW)
    client.force_login(reviewer)
    page = client.post(address(application), TYPED | changes)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Hop.objects.exists()


def test_it_is_not_sent_back_to_where_it_came_from(client, passed_on, there, county):
    workflow.sign_for(passed_on, by=there)
    client.force_login(there)
    page = client.post(address(passed_on), TYPED | {"to_county": county.pk})

    assert page.status_code == 422
    [sentence] = page.context["form"].non_field_errors()
    assert "不得退转" in sentence
    assert Hop.objects.count() == 1


def test_a_ruling_of_the_bureau_above_both_brings_it_back_and_is_kept(
    client, passed_on, there, county, clerk, reviewer
):
    workflow.sign_for(passed_on, by=there)
    client.force_login(there)
    ruling = {"to_county": county.pk, "ruling": "市司〔2026〕18号"}
    assert client.post(address(passed_on), TYPED | ruling).status_code == 302

    passed_on.refresh_from_db()
    assert (passed_on.county, passed_on.status) == (county, Status.FORWARDED)
    client.force_login(reviewer)
    record = client.get(passed_on.get_absolute_url()).content.decode()
    assert "市司〔2026〕18号" in record
    # Whoever gave it back follows it as before; its station acts on it again.
    assert Application.objects.traces_of(there).get() == passed_on
    assert Application.objects.visible_to(clerk).get() == passed_on


def test_a_second_press_passes_nothing_on_again(client, reviewer, make_application):
    application = make_application(status=Status.IN_REVIEW)
    client.force_login(reviewer)
    for _n in range(2):
        client.post(address(application), TYPED | {"to_institution": "某中心"})

    assert Hop.objects.count() == 1


def test_without_consent_a_ground_is_written_with_the_reason(
    client, reviewer, make_application, next_county
):
    application = make_application(status=Status.IN_REVIEW, agrees_to_share=False)
    client.force_login(reviewer)
    typed = TYPED | {"to_county": next_county.pk}
    assert client.post(address(application), typed).status_code == 422
    client.post(address(application), typed | {"ground": "期限将满，联系不上本人"})

    assert "期限将满" in Hop.objects.get().reason


def test_the_station_reads_and_the_clerk_does_not_pass_on(client, clerk, make_application):
    application = make_application()
    client.force_login(clerk)
    assert client.get(address(application)).status_code == 403


# ── The trace ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["clerk", "head", "reviewer", "officer"])
def test_whoever_passed_it_on_follows_stage_and_result_and_reads_no_later_note(
    client, request, passed_on, there, chief_there, who
):
    application = workflow.sign_for(passed_on, by=there)
    workflow.propose_refusal(
        application, by=there, grounds=["no_hardship"], reason="那边的机密理由"
    )
    workflow.refuse(application, by=chief_there)
    client.force_login(request.getfixturevalue(who))

    answer = client.get(application.get_absolute_url())
    trace = reverse("casework:application_trace", args=[application.pk])
    assert answer["Location"] == trace
    page = client.get(trace)
    text = page.content.decode()
    assert page.status_code == 200
    assert "办案机关在白水县" in text
    assert "那边的机密理由" not in text
    assert there.name not in text
    moves = [str(line.label) for line in page.context["lines"]]
    assert len(moves) == 8
    # The proposal of a refusal is theirs alone, its result is not.
    assert [bool(line.by) for line in page.context["lines"]] == [False] * 2 + [True] * 6


def test_a_proposed_refusal_reads_as_the_examination_it_still_is(
    client, reviewer, passed_on, there
):
    application = workflow.sign_for(passed_on, by=there)
    client.force_login(reviewer)
    trace = reverse("casework:application_trace", args=[application.pk])
    before = client.get(trace).context["told_status"]
    workflow.propose_refusal(application, by=there, grounds=["no_hardship"], reason="理由")

    assert client.get(trace).context["told_status"] == before


def test_the_file_itself_is_with_whoever_has_it(passed_on, reviewer, clerk, there, stranger):
    visible = Application.objects.visible_to
    assert passed_on in visible(there)
    for user in (reviewer, clerk, stranger):
        assert passed_on not in visible(user)
        assert not Letter.objects.visible_to(user).filter(application=passed_on).exists()
    assert passed_on in Application.objects.traces_of(reviewer)
    assert passed_on in Application.objects.traces_of(clerk)
    for user in (there, stranger):
        assert passed_on not in Application.objects.traces_of(user)


def test_the_middle_county_of_three_keeps_a_trace_too(
    passed_on, there, reviewer, make_county, make_user
):
    third = make_county("349003", "黑石县", "黑")
    workflow.sign_for(passed_on, by=there)
    workflow.pass_on(passed_on, by=there, reason="归黑石县", to_county=third)
    last = make_user("last", "第三人", Role.REVIEWER, third)

    assert passed_on in Application.objects.traces_of(there)
    assert passed_on in Application.objects.traces_of(reviewer)
    assert passed_on in Application.objects.visible_to(last)


@pytest.mark.parametrize("who", ["neighbour", "stranger"])
def test_others_find_no_trace(client, request, passed_on, who):
    client.force_login(request.getfixturevalue(who))
    trace = reverse("casework:application_trace", args=[passed_on.pk])
    assert client.get(trace).status_code == 404
    assert client.get(passed_on.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_of_traces_costs_the_same_for_any_length(
    client, make_application, head, reviewer, next_county, count, django_assert_max_num_queries
):
    for _n in range(count):
        workflow.pass_on(make_application(), by=head, reason="不归我县", to_county=next_county)
    client.force_login(reviewer)
    client.get(reverse("casework:trace_list"))

    with django_assert_max_num_queries(17):
        page = client.get(reverse("casework:trace_list"))
    assert len(page.context["page"]) == count
