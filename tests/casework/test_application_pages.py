"""The record, the list and the pages of the moves of an application, as people see and press them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.models import (
    Application,
    ApplicationEvent,
    Deadline,
    Decision,
    HardshipStandard,
    HouseholdMember,
    Party,
    TakenUp,
)
from casework.terms import MaterialKind, MaterialState, PartySide, Status
from stations.models import Look
from stations.privacy import keyed_hash
from stations.roles import Role
from tests.conftest import appoint

pytestmark = pytest.mark.django_db


def page(client, user, name, application=None, **query):
    client.force_login(user)
    args = [application.pk] if application else []
    return client.get(reverse(f"casework:{name}", args=args), query)


def press(client, user, name, application, **fields):
    client.force_login(user)
    return client.post(reverse(f"casework:{name}", args=[application.pk]), fields)


def take_up(client, user):
    client.force_login(user)
    return client.post(reverse("casework:application_next"))


def labels(answer):
    """The pages of the acts offered."""
    return {act.page.removeprefix("casework:application_") for act in answer.context["acts"]}


def status_of(application):
    return Application.objects.get(pk=application.pk).status


# ── The record ──────────────────────────────────────────────────────────────────────────


def test_the_record_says_what_comes_next_until_when_and_by_which_article(
    client, reviewer, make_application
):
    application = make_application(status=Status.IN_REVIEW)

    shown = page(client, reviewer, "application_detail", application)

    assert shown.context["next"].whose == "center"
    assert shown.context["face"].deadline.number == 9
    text = shown.content.decode()
    assert "第四十三条" in text
    assert "还剩" in text
    assert shown.context["face"].sum.days[0].on == application.received_on


def test_the_record_offers_each_person_their_own_acts(
    client, clerk, head, reviewer, director, officer, make_application
):
    at_station = make_application()
    at_center = make_application(status=Status.IN_REVIEW)

    assert {"review", "ask", "papers", "withdraw"} <= labels(
        page(client, clerk, "application_detail", at_station)
    )
    assert "countersign" not in labels(page(client, clerk, "application_detail", at_station))
    assert not labels(page(client, reviewer, "application_detail", at_station)) & {
        "review",
        "ask",
        "withdraw",
    }
    assert {"grant", "propose_refusal", "ask", "return"} <= labels(
        page(client, reviewer, "application_detail", at_center)
    )
    assert not labels(page(client, head, "application_detail", at_center))
    assert not labels(page(client, officer, "application_detail", at_center))


def test_the_filled_button_is_the_one_that_is_due(client, head, make_application):
    reviewed = make_application(status=Status.REVIEWED)
    shown = page(client, head, "application_detail", reviewed)

    assert shown.context["acts"][0].page == "casework:application_countersign"
    assert shown.context["is_mine"]


def test_while_papers_are_missing_asking_for_them_comes_before_the_opinion(
    client, clerk, make_application
):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT])
    shown = page(client, clerk, "application_detail", application)

    assert shown.context["acts"][0].page == "casework:application_ask"


def test_the_steps_say_how_far_it_is(client, clerk, make_application):
    shown = page(client, clerk, "application_detail", make_application(status=Status.FORWARDED))
    states = [step.state for step in shown.context["steps"]]

    assert states == ["past", "past", "past", "now", "", "", "", ""]


def test_a_withdrawn_application_ends_its_steps_there(client, clerk, make_application):
    application = make_application()
    workflow.withdraw(application, by=clerk, note="不申请了")

    steps = page(client, clerk, "application_detail", application).context["steps"]

    assert [step.state for step in steps] == ["past", "now"]


def test_the_receipt_is_offered_until_it_is_printed_and_found_in_the_timeline(
    client, clerk, reviewer, make_application
):
    application = make_application()
    receipt = application.letters.get()
    shown = page(client, clerk, "application_detail", application)
    assert shown.context["receipt"] == receipt
    assert [line.paper for line in shown.context["timeline"]] == [receipt]
    assert page(client, reviewer, "application_detail", application).context["receipt"] is None

    client.force_login(clerk)
    client.post(reverse("casework:letter_pdf", args=[receipt.pk]))
    assert page(client, clerk, "application_detail", application).context["receipt"] is None


def test_numbers_are_masked_until_somebody_says_why(client, clerk, make_application):
    application = make_application(address="青溪镇桥头1号")
    hidden = page(client, clerk, "application_detail", application).content.decode()

    refused = press(client, clerk, "application_reveal", application, reason="")
    shown = press(client, clerk, "application_reveal", application, reason="核对身份证")

    assert application.phone not in hidden
    assert application.id_number not in hidden
    assert "桥头1号" not in hidden
    assert refused.status_code == 422
    assert application.id_number not in refused.content.decode()
    assert application.id_number in shown.content.decode()
    look = Look.objects.get()
    assert (look.user, look.subject) == (clerk, f"application:{application.pk}")
    assert look.reason == "核对身份证"


def test_whoever_decides_reads_what_the_rules_find_now_and_a_refusal_starts_from_it(
    client, clerk, reviewer, county, make_application
):
    HardshipStandard.objects.create(
        county=county, valid_from=date(2020, 1, 1), monthly_per_head=900, basis="低保标准"
    )
    application = make_application(
        status=Status.IN_REVIEW, hardship_track="data_query", check_exemption=""
    )
    HouseholdMember.objects.create(
        application=application, name="吴长根", relation="self", monthly_income="1800"
    )
    client.force_login(clerk)
    assert "审查要点" not in client.get(application.get_absolute_url()).content.decode()
    client.force_login(reviewer)

    record = client.get(application.get_absolute_url()).content.decode()
    refusal = client.get(reverse("casework:application_propose_refusal", args=[application.pk]))

    for words in ("审查要点", "超过经济困难标准900元（低保标准），不符合。", "核查未返回。"):
        assert words in record
        assert words in refusal.content.decode()
    assert "1,800" not in record
    form = refusal.context["form"]
    assert form["grounds"].value() == ["no_hardship"]
    assert "超过经济困难标准900元" in form["reason"].value()


def test_the_record_costs_the_same_however_much_is_on_file(
    client, clerk, head, reviewer, make_application
):
    application = make_application(status=Status.IN_REVIEW)
    add_opponent(application, 0)
    client.force_login(reviewer)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(application.get_absolute_url()).status_code == 200
        return len(asked)

    queries()
    little = queries()
    for n in range(1, 6):
        add_opponent(application, n)
        workflow.return_to_station(
            application, by=reviewer, reason="facts_unclear", note="请说明"
        )
        workflow.review(
            application,
            by=clerk,
            findings=[],
            overrides={},
            conclusion="grant",
            words="已说明",
            no_recusal=True,
        )
        workflow.sign_and_forward(application, by=head)
        workflow.sign_for(application, by=reviewer)

    assert queries() == little
    assert little <= 15


def add_opponent(application, n):
    name = f"对方{n}公司"
    Party.objects.create(
        application=application,
        side=PartySide.OPPONENT,
        kind="organisation",
        name=name,
        name_key=name,
    )


def test_a_passed_on_application_is_the_other_center_s_alone(
    client, clerk, reviewer, next_county, make_user, make_application
):
    application = make_application(status=Status.IN_REVIEW)
    workflow.pass_on(application, by=reviewer, reason="不属本县管辖", to_county=next_county)
    theirs = make_user("theirs", "白水审", Role.REVIEWER, next_county)

    for user in (clerk, reviewer):
        trace = page(client, user, "application_detail", application)
        assert trace["Location"] == reverse("casework:application_trace", args=[application.pk])
        assert press(client, user, "application_sign_for", application).status_code in {
            403,
            404,
        }
    assert labels(page(client, theirs, "application_detail", application)) >= {"sign_for"}
    assert press(client, theirs, "application_sign_for", application).status_code == 302
    assert status_of(application) == Status.IN_REVIEW


# ── Who may press what ──────────────────────────────────────────────────────────────────

CENTER_ACTS = [
    ("application_sign_for", Status.FORWARDED),
    ("application_return", Status.IN_REVIEW),
    ("application_grant", Status.IN_REVIEW),
    ("application_provide_first", Status.IN_REVIEW),
    ("application_propose_refusal", Status.IN_REVIEW),
    ("application_propose_termination", Status.GRANTED),
]


@pytest.mark.parametrize(("name", "status"), CENTER_ACTS)
def test_a_station_does_none_of_the_center_s_acts(
    client, clerk, head, make_application, name, status
):
    application = make_application(status=status)
    count = ApplicationEvent.objects.count()

    for user in (clerk, head):
        assert press(client, user, name, application).status_code == 403
    assert ApplicationEvent.objects.count() == count


@pytest.mark.parametrize(
    "name", ["application_review", "application_countersign", "application_forward"]
)
def test_a_center_does_none_of_the_station_s_acts(client, reviewer, make_application, name):
    application = make_application(status=Status.REVIEWED)

    assert press(client, reviewer, name, application).status_code == 403


@pytest.mark.parametrize(
    "name", ["application_detail", "application_review", "application_ask"]
)
def test_neighbour_and_stranger_find_nothing(
    client, neighbour, stranger, make_application, name
):
    application = make_application()

    for user in (neighbour, stranger):
        assert page(client, user, name, application).status_code == 404


def test_the_wrong_side_is_told_where_the_file_is(client, clerk, make_application):
    application = make_application(status=Status.IN_REVIEW)
    client.force_login(clerk)

    answer = client.get(reverse("casework:application_ask", args=[application.pk]), follow=True)

    assert answer.redirect_chain
    assert "县中心" in str(next(iter(answer.context["messages"])))


def test_a_move_at_the_wrong_moment_is_a_sentence_with_who_and_when(
    client, reviewer, make_application
):
    application = make_application(status=Status.GRANTED)
    client.force_login(reviewer)

    answer = client.get(
        reverse("casework:application_grant", args=[application.pk]), follow=True
    )

    assert "林若溪" in str(next(iter(answer.context["messages"])))


# ── At the station ──────────────────────────────────────────────────────────────────────


def states(application, **other):
    """The checklist as the form sends it, everything given except what `other` says."""
    return {
        f"state_{row.pk}": other.get(row.kind, MaterialState.GIVEN)
        for row in application.materials.all()
    }


def test_ticking_off_the_last_paper_starts_the_review(client, clerk, make_application):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT])
    assert set(application.deadlines.running().values_list("number", flat=True)) == {5, 9}

    press(client, clerk, "application_papers", application, **states(application))

    assert workflow.is_complete(application)
    assert set(application.deadlines.running().values_list("number", flat=True)) == {7, 9}


def test_the_notice_is_filled_with_what_is_missing(client, clerk, make_application):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT])
    form = page(client, clerk, "application_ask", application).context["form"]

    assert form.fields["items"].initial == ["身份证明"]
    assert form.fields["days"].initial == 10


def ask(client, user, application, **fields):
    given = {"items": ["身份证明"], "days": "10", "served_on": timezone.localdate()}
    return press(client, user, "application_ask", application, **(given | fields))


def test_asking_keeps_what_was_typed_when_the_day_is_wrong(client, clerk, make_application):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT])
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = ask(client, clerk, application, note="说明欠款经过", served_on=tomorrow)

    assert answer.status_code == 422
    assert "说明欠款经过" in answer.content.decode()
    assert status_of(application) == Status.RECEIVED


def test_what_is_asked_beyond_the_checklist_is_waited_for(client, clerk, make_application):
    application = make_application()
    ask(client, clerk, application, items=[], more="欠条\n考勤表")
    missing = application.materials.filter(state=MaterialState.MISSING)

    assert [*missing.values_list("name", flat=True)] == ["欠条", "考勤表"]
    assert status_of(application) == Status.SUPPLEMENTING


def test_papers_that_come_bring_it_back_and_the_clock_goes_on(client, clerk, make_application):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT])
    ask(client, clerk, application)
    paused = Deadline.objects.get(application=application, number=9)
    today = timezone.localdate()

    press(client, clerk, "application_supply", application, on=today, **states(application))

    application.refresh_from_db()
    assert paused.is_paused
    assert application.status == Status.RECEIVED
    assert not Deadline.objects.get(application=application, number=9).is_paused
    assert application.supplements.get().supplied_on == today


def test_some_of_the_papers_are_kept_and_the_rest_is_waited_for(
    client, clerk, make_application
):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT, MaterialKind.MATTER])
    ask(client, clerk, application, more="")
    given = states(application, **{MaterialKind.MATTER: MaterialState.MISSING})

    press(client, clerk, "application_supply", application, on=timezone.localdate(), **given)

    assert status_of(application) == Status.SUPPLEMENTING
    assert application.materials.get(kind=MaterialKind.ID_DOCUMENT).given_on


def test_a_second_notice_is_the_head_s_to_send(client, clerk, head, make_application):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT])
    ask(client, clerk, application)
    press(
        client,
        clerk,
        "application_supply",
        application,
        on=timezone.localdate(),
        **states(application),
    )

    refused = ask(client, clerk, application, items=[], more="考勤表")
    untold = ask(client, head, application, items=[], more="考勤表")
    again = {"items": [], "more": "考勤表", "agrees": "on", "was_foreseeable": "yes"}
    sent = ask(client, head, application, **again)

    assert refused.status_code == 302
    assert untold.status_code == 422
    assert {"agrees", "was_foreseeable"} <= set(untold.context["form"].errors)
    assert sent.status_code == 302
    first, second = application.supplements.all()
    assert (second.agreed_by, second.was_foreseeable) == (head, True)
    assert (first.agreed_by, first.was_foreseeable) == (None, False)


def test_nothing_is_deemed_withdrawn_before_its_day_or_by_itself(
    client, clerk, make_application
):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT])
    ask(client, clerk, application)

    unconfirmed = press(client, clerk, "application_deem_withdrawn", application, note="没来")
    early = press(
        client, clerk, "application_deem_withdrawn", application, note="没来", confirms="on"
    )

    assert unconfirmed.status_code == early.status_code == 422
    application.supplements.update(served_on=date(2026, 1, 5), due_on=date(2026, 1, 15))
    done = press(
        client, clerk, "application_deem_withdrawn", application, note="没来", confirms="on"
    )
    assert done.status_code == 302
    assert status_of(application) == Status.WITHDRAWN


def review(client, user, application, **fields):
    shown = page(client, user, "application_review", application)
    form = shown.context["form"]
    given = {f"holds_{finding.code}": "agrees" for finding in form.findings} | {
        "conclusion": "grant",
        "words": "符合条件。",
        "no_recusal": "on",
    }
    return press(client, user, "application_review", application, **(given | fields))


def test_the_opinion_is_prefilled_from_the_findings(client, clerk, make_application):
    form = page(client, clerk, "application_review", make_application()).context["form"]

    assert form.initial["conclusion"] == "grant"
    assert "第三十一条第五项" in form.initial["words"]
    assert {"scope", "jurisdiction", "hardship", "papers"} <= {
        finding.code for finding in form.findings
    }


def test_findings_are_kept_in_the_office_s_language_whatever_the_screen_has(
    client, clerk, make_application
):
    application = make_application()
    clerk.language = "en"
    client.cookies["django_language"] = "en"
    review(client, clerk, application)

    says = [finding["says"] for finding in application.opinions.get().findings]
    assert says
    assert all(any("一" <= sign <= "鿿" for sign in words) for words in says)
    assert not any("Within legal aid" in words for words in says)


def test_after_aid_was_provided_first_no_step_before_it_looks_undone(
    client, reviewer, make_application
):
    application = make_application(status=Status.FORWARDED)
    workflow.provide_first(application, by=reviewer, grounds=["44-1"], days=7)

    steps = page(client, reviewer, "application_detail", application).context["steps"]
    now = next(n for n, step in enumerate(steps) if step.state == "now")
    assert str(steps[now].label) == "指派"
    assert {step.state for step in steps[:now]} == {"past"}


def test_a_finding_the_reviewer_does_not_share_is_kept_with_the_reason(
    client, clerk, make_application
):
    application = make_application()

    silent = review(client, clerk, application, holds_scope="differs", says_scope="属于承揽")
    said = review(
        client,
        clerk,
        application,
        holds_scope="differs",
        says_scope="属于承揽",
        why_scope="没有劳动合同，按件结算",
        conclusion="refuse",
    )

    assert silent.status_code == 422
    assert "属于承揽" in silent.content.decode()
    assert said.status_code == 302
    opinion = application.opinions.get()
    assert opinion.overrides == {
        "scope": {"says": "属于承揽", "reason": "没有劳动合同，按件结算"}
    }
    assert next(row["code"] for row in opinion.findings) == "scope"
    assert opinion.conclusion == "refuse"


def test_whoever_is_involved_does_not_review(client, clerk, make_application):
    application = make_application()

    assert review(client, clerk, application, no_recusal="").status_code == 422
    assert status_of(application) == Status.RECEIVED


def test_who_has_the_name_of_a_party_says_why_they_may_review(client, clerk, make_application):
    application = make_application()
    Party.objects.create(
        application=application, side="opponent", kind="person", name=clerk.name, name_key="x"
    )

    involved = review(client, clerk, application)
    assert "no_recusal" in involved.context["form"].errors
    assert not application.opinions.exists()
    review(
        client,
        clerk,
        application,
        holds_recusal="differs",
        says_recusal="同名",
        why_recusal="对方是外县人，并非本人",
    )
    assert application.opinions.get().overrides["recusal"]["reason"] == "对方是外县人，并非本人"


def test_the_head_signs_and_forwards_with_one_press(client, head, make_application):
    application = make_application(status=Status.REVIEWED)

    press(client, head, "application_countersign", application, words="同意", forward="1")

    moves = [*application.events.values_list("move", flat=True)]
    assert moves[-2:] == ["countersign", "forward"]
    assert application.opinions.get().head_words == "同意"


def test_what_proposes_to_refuse_is_forwarded_all_the_same(
    client, clerk, head, make_application
):
    application = make_application()
    review(client, clerk, application, conclusion="refuse", words="超过标准，建议不予。")
    press(client, head, "application_countersign", application, forward="1")

    assert status_of(application) == Status.FORWARDED


def test_the_head_sends_an_opinion_back_with_a_reason(client, head, make_application):
    application = make_application(status=Status.REVIEWED)

    assert press(client, head, "application_send_back", application, note="").status_code == 422
    press(client, head, "application_send_back", application, note="经济状况写清楚")

    assert status_of(application) == Status.RECEIVED


# ── At the center ───────────────────────────────────────────────────────────────────────


def test_a_second_press_of_signing_for_does_no_harm(client, reviewer, make_application):
    application = make_application(status=Status.FORWARDED)

    press(client, reviewer, "application_sign_for", application)
    press(client, reviewer, "application_sign_for", application)

    assert application.events.filter(move="sign_for").count() == 1


def test_a_get_signs_for_nothing(client, reviewer, make_application):
    application = make_application(status=Status.FORWARDED)

    assert page(client, reviewer, "application_sign_for", application).status_code == 405
    assert status_of(application) == Status.FORWARDED


def test_a_return_names_a_reason_of_the_list_and_what_to_mend(
    client, reviewer, clerk, make_application
):
    application = make_application(status=Status.IN_REVIEW)

    bare = press(client, reviewer, "application_return", application, note="请补写")
    press(
        client,
        reviewer,
        "application_return",
        application,
        reason="opinion_incomplete",
        note="请补写经济状况",
    )

    assert bare.status_code == 422
    assert "请补写" in bare.content.decode()
    assert status_of(application) == Status.RETURNED
    assert (
        "请补写经济状况"
        in page(client, clerk, "application_detail", application).content.decode()
    )


def propose(client, user, application):
    return press(
        client,
        user,
        "application_propose_refusal",
        application,
        grounds=["no_hardship"],
        reason="人均收入超过标准。",
    )


def test_a_proposed_refusal_waits_for_somebody_else(
    client, reviewer, director, officer, make_application
):
    application = make_application(status=Status.IN_REVIEW)
    propose(client, reviewer, application)

    own = press(client, reviewer, "application_refuse", application)
    bureau = press(client, officer, "application_refuse", application)

    assert (own.status_code, bureau.status_code) == (403, 403)
    assert status_of(application) == Status.REFUSAL_PROPOSED
    assert "refuse" not in labels(page(client, reviewer, "application_detail", application))
    assert "refuse" in labels(page(client, director, "application_detail", application))


def test_the_second_person_refuses_or_sends_the_proposal_back(
    client, reviewer, director, make_application
):
    refused, declined = (make_application(status=Status.IN_REVIEW) for _n in range(2))
    for application in (refused, declined):
        propose(client, reviewer, application)

    press(client, director, "application_refuse", refused)
    silent = press(client, director, "application_decline_proposal", declined, note="")
    press(client, director, "application_decline_proposal", declined, note="再核一次收入")

    assert status_of(refused) == Status.REFUSED
    assert silent.status_code == 422
    assert status_of(declined) == Status.IN_REVIEW
    assert Decision.objects.get(application=declined).declined_note == "再核一次收入"


def test_aid_comes_first_and_the_papers_are_owed_until_all_are_there(
    client, reviewer, make_application
):
    application = make_application(
        missing=[MaterialKind.ID_DOCUMENT, MaterialKind.MATTER],
        limitation_on=timezone.localdate() + timedelta(days=3),
        status=Status.IN_REVIEW,
    )
    without = press(client, reviewer, "application_provide_first", application, days="7")
    press(
        client, reviewer, "application_provide_first", application, days="7", grounds=["44-1"]
    )
    some = states(application, **{MaterialKind.MATTER: MaterialState.MISSING})

    assert without.status_code == 422
    press(client, reviewer, "application_complete_papers", application, **some)
    decision = application.decisions.get()
    assert decision.papers_complete_on is None
    press(client, reviewer, "application_complete_papers", application, **states(application))
    decision.refresh_from_db()
    assert decision.papers_complete_on == timezone.localdate()
    assert not application.deadlines.running().filter(number=11).exists()


def test_an_objection_that_corrects_a_refusal_puts_it_under_review_again(
    client, clerk, reviewer, director, officer, make_application
):
    application = make_application(status=Status.IN_REVIEW)
    propose(client, reviewer, application)
    press(client, director, "application_refuse", application)
    today = timezone.localdate()

    press(
        client,
        clerk,
        "application_objection",
        application,
        received_on=today,
        words="收入算错了",
    )
    waiting = page(client, officer, "application_detail", application)
    press(
        client,
        officer,
        "application_objection_decide",
        application,
        outcome="corrected",
        reason="应扣除医疗支出。",
    )

    assert waiting.context["next"].whose == "bureau"
    assert labels(waiting) == {"objection_decide"}
    assert status_of(application) == Status.IN_REVIEW
    assert set(application.deadlines.running().values_list("number", flat=True)) == {9}


# ── The list ────────────────────────────────────────────────────────────────────────────


def names(answer):
    return [row.application.name for row in answer.context["rows"]]


def test_a_station_lists_its_own_a_center_its_county(
    client, clerk, reviewer, stranger, next_station, make_application
):
    make_application(name="本站人")
    make_application(next_station, name="邻站人")

    assert names(page(client, clerk, "application_list")) == ["本站人"]
    assert set(names(page(client, reviewer, "application_list"))) == {"本站人", "邻站人"}
    assert names(page(client, stranger, "application_list")) == []


def test_what_is_due_first_stands_first(client, reviewer, make_application):
    make_application(name="审查中", status=Status.IN_REVIEW)
    make_application(name="待签收", status=Status.FORWARDED)

    assert names(page(client, reviewer, "application_list")) == ["待签收", "审查中"]


def test_a_clock_that_stands_still_is_no_duty(client, clerk, make_application):
    waits = make_application(name="等材料", missing=[MaterialKind.ID_DOCUMENT])
    make_application(name="初审")
    ask(client, clerk, waits, days="60")

    rows = page(client, clerk, "application_list").context["rows"]

    assert [row.application.name for row in rows] == ["初审", "等材料"]
    assert rows[1].clock.due_on == waits.supplements.get().due_on


def test_the_tabs_count_what_they_show(client, reviewer, make_application):
    make_application(name="甲", status=Status.FORWARDED)
    make_application(name="乙", status=Status.IN_REVIEW)
    granted = make_application(name="丙", status=Status.GRANTED)

    tabs = {
        tab.key: tab.count for tab in page(client, reviewer, "application_list").context["tabs"]
    }

    assert tabs == {
        "open": 3,
        "to_sign_for": 1,
        "to_decide": 1,
        "proposed": 0,
        "to_assign": 1,
        "to_serve": 1,
    }
    for key, count in tabs.items():
        assert len(names(page(client, reviewer, "application_list", group=key))) == count
    assert names(page(client, reviewer, "application_list", group="to_serve")) == [granted.name]


def test_filters_narrow_together(client, reviewer, station, next_station, make_application):
    make_application(name="王一", status=Status.IN_REVIEW)
    other = make_application(next_station, name="王二")

    def found(**query):
        return set(names(page(client, reviewer, "application_list", **query)))

    assert found(q="王") == {"王一", "王二"}
    assert found(q=other.receipt_code.lower()) == {"王二"}
    assert found(q=other.number) == {"王二"}
    assert found(number=keyed_hash("13900003390")) == {"王一", "王二"}
    assert found(station=next_station.pk) == {"王二"}
    assert found(matter="31-5", station=station.pk) == {"王一"}
    assert found(matter="32-4") == set()
    assert found(mine=1) == {"王一"}
    assert found(**{"from": "2020-01-01", "to": "2020-01-31"}) == set()
    assert found(overdue=1) == set()
    Deadline.objects.filter(application=other, number=9).update(due_on=date(2026, 1, 1))
    assert found(overdue=1) == {"王二"}


def test_an_ended_application_is_found_by_its_word_and_under_its_tab(
    client, clerk, make_application
):
    application = make_application(name="撤回人")
    workflow.withdraw(application, by=clerk, note="不申请了")

    assert names(page(client, clerk, "application_list")) == []
    assert names(page(client, clerk, "application_list", q="撤回")) == ["撤回人"]
    assert names(page(client, clerk, "application_list", group="ended")) == ["撤回人"]


@pytest.mark.parametrize(
    "query", [{"station": "999999"}, {"matter": "99-9"}, {"from": "x"}, {"group": "nonsense"}]
)
def test_an_address_that_makes_no_sense_is_told_and_shows_nothing(
    client, clerk, make_application, query
):
    make_application()
    answer = page(client, clerk, "application_list", **query)

    assert answer.status_code == 422
    assert answer.context["filter"].errors
    assert names(answer) == []


@pytest.mark.parametrize("count", [0, 1, 55])
def test_the_list_costs_the_same_for_any_length(client, reviewer, make_application, count):
    for n in range(count):
        make_application(name=f"申请人{n}")
    client.force_login(reviewer)
    address = reverse("casework:application_list")
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)

    assert len(answer.context["rows"]) == min(count, 50)
    assert len(asked) <= 14, [query["sql"][:120] for query in asked]


# ── The next one ────────────────────────────────────────────────────────────────────────


def test_the_next_one_is_the_most_urgent_that_waits_for_me(client, reviewer, make_application):
    make_application(name="在站里")
    make_application(name="审查中", status=Status.IN_REVIEW)
    urgent = make_application(name="待签收", status=Status.FORWARDED)

    answer = take_up(client, reviewer)

    assert answer["Location"] == urgent.get_absolute_url()


def test_what_a_colleague_has_in_hand_is_not_given_out_again_for_a_while(
    client, reviewer, director, make_application
):
    first = make_application(name="先到", status=Status.IN_REVIEW)
    second = make_application(name="后到", status=Status.IN_REVIEW)

    assert take_up(client, reviewer)["Location"] == first.get_absolute_url()
    assert take_up(client, director)["Location"] == second.get_absolute_url()
    # Whoever presses again goes on with their own.
    assert take_up(client, reviewer)["Location"] == first.get_absolute_url()
    TakenUp.objects.update(taken_at=timezone.now() - timedelta(minutes=16))
    assert take_up(client, director)["Location"] == first.get_absolute_url()


def test_the_next_one_is_never_one_s_own_proposal(
    client, reviewer, director, make_user, county, make_application
):
    own = make_application(name="自己拟的", status=Status.IN_REVIEW)
    propose(client, director, own)
    second = make_user("second", "副主任", Role.DIRECTOR, county)

    assert take_up(client, director)["Location"] == reverse("casework:application_list")
    assert take_up(client, second)["Location"] == own.get_absolute_url()


def test_a_notice_that_has_run_out_waits_for_whoever_holds_the_file(
    client, clerk, reviewer, make_application
):
    application = make_application(missing=[MaterialKind.ID_DOCUMENT])
    ask(client, clerk, application)
    in_time = take_up(client, clerk)
    application.supplements.update(served_on=date(2026, 1, 5), due_on=date(2026, 1, 15))

    assert in_time["Location"] == reverse("casework:application_list")
    assert take_up(client, clerk)["Location"] == application.get_absolute_url()
    assert take_up(client, reviewer)["Location"] == reverse("casework:application_list")
    assert page(client, clerk, "application_detail", application).context["next"].whose == (
        "station"
    )


def test_nothing_waiting_is_a_sentence(client, clerk, station):
    client.force_login(clerk)
    answer = client.post(reverse("casework:application_next"), follow=True)

    assert "没有等您办的" in str(next(iter(answer.context["messages"])))


def test_somebody_appointed_elsewhere_too_acts_only_where_the_file_is(
    client, make_user, station, next_station, make_application
):
    both = make_user("both", "两站人", Role.LIAISON, station)
    appoint(both, Role.CLERK, next_station)
    application = make_application()

    assert page(client, both, "application_review", application).status_code == 403


def test_the_rail_counts_what_waits(client, clerk, reviewer, make_application):
    make_application()
    make_application(status=Status.IN_REVIEW)

    for user in (clerk, reviewer):
        frame = page(client, user, "application_list").context["frame"]
        links = {link.name: link.count for group in frame.navigation for link in group.links}
        assert links["casework:application_list"] == 1
