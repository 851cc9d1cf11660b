"""A granted case on its pages: assigned, engaged, reported on, closed, handed in, archived."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.models import (
    AidMatter,
    ApplicationEvent,
    Assignment,
    Closing,
    Notice,
    Party,
    ProgressNote,
)
from casework.numbering import suggest_archive_number
from casework.rules.sentiment import same_name
from casework.terms import Status
from stations.models import AidUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_reviewer(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def granted(make_application):
    return make_application(status=Status.GRANTED)


def page_of(name, application):
    return reverse(f"casework:application_{name}", args=[application.pk])


def words_on(answer):
    return answer.content.decode()


# ── Assigning ───────────────────────────────────────────────────────────────────────────


def test_the_panel_stands_in_the_suggested_order_with_reasons(
    as_reviewer, granted, make_worker
):
    make_worker("孟律", specialities=["family"])
    make_worker("郑法", specialities=["labour"])
    make_worker("旧证", licence_to=timezone.localdate() - timedelta(days=1))

    page = as_reviewer.get(page_of("assign", granted))

    found = page.context["suggestions"]
    assert [each.candidate.name for each in found.ranked] == ["郑法", "孟律"]
    assert [each.candidate.name for each in found.excluded] == ["旧证"]
    assert "专长相符：劳动争议" in words_on(page)
    assert "不可指派" in words_on(page)


def test_the_first_suggested_is_assigned_with_one_press(as_reviewer, granted, make_worker):
    make_worker("孟律")
    first = make_worker("郑法", specialities=["labour"])

    answer = as_reviewer.post(page_of("assign", granted), {"worker": first.pk})

    granted.refresh_from_db()
    assignment = Assignment.objects.get()
    assert answer.status_code == 302
    assert granted.status == Status.ASSIGNED
    assert (assignment.worker, assignment.suggested_as) == (first, 1)
    assert granted.letters.filter(kind="11").count() == 1
    assert set(granted.deadlines.running().values_list("number", flat=True)) >= {15}


def test_another_than_the_first_needs_a_reason_and_the_choice_is_kept(
    as_reviewer, granted, make_worker
):
    second = make_worker("孟律")
    make_worker("郑法", specialities=["labour"])

    answer = as_reviewer.post(page_of("assign", granted), {"worker": second.pk})

    assert answer.status_code == 422
    assert "请写明未选首位推荐人员的原因" in words_on(answer)
    assert f'value="{second.pk}" id="id_worker_1" checked' in words_on(answer)
    assert not Assignment.objects.exists()

    as_reviewer.post(
        page_of("assign", granted),
        {"worker": second.pk, "override_reason": "受援人信任孟律师"},
    )

    assignment = Assignment.objects.get()
    assert (assignment.worker, assignment.suggested_as) == (second, 2)
    assert assignment.override_reason == "受援人信任孟律师"


def test_a_second_press_assigns_nobody_else(as_reviewer, granted, make_worker):
    worker = make_worker()
    as_reviewer.post(page_of("assign", granted), {"worker": worker.pk})

    answer = as_reviewer.post(page_of("assign", granted), {"worker": worker.pk})

    assert answer.status_code == 422
    assert "林若溪已于" in words_on(answer)
    assert "已指派" in words_on(answer)
    assert Assignment.objects.count() == 1


def test_who_is_on_the_other_side_is_neither_offered_nor_taken(
    as_reviewer, granted, make_worker
):
    worker = make_worker("何律")
    Party.objects.create(
        application=granted,
        side="opponent_agent",
        kind="person",
        name="何 律",
        name_key=same_name("何 律"),
    )

    answer = as_reviewer.post(page_of("assign", granted), {"worker": worker.pk})

    assert answer.status_code == 422
    assert "利益冲突，不可指派" in words_on(answer)
    assert not Assignment.objects.exists()


def test_the_workflow_itself_refuses_whom_the_law_keeps_away(granted, make_worker, reviewer):
    ended = make_worker(licence_to=timezone.localdate() - timedelta(days=1))

    with pytest.raises(workflow.MoveRefused, match="执业证已于"):
        workflow.assign(granted, by=reviewer, worker=ended, suggested_as=1)

    assert not Assignment.objects.exists()


def test_who_has_a_case_of_the_other_side_in_hand_is_kept_away(
    as_reviewer, make_case, make_application, make_worker
):
    busy = make_worker("郑法", specialities=["labour"])
    free = make_worker("孟律", unit=busy.unit)
    theirs = make_case(name="冯大", id_number="110101199003070011", worker=busy)
    mine = make_application(status=Status.GRANTED, name="吴长根")
    Party.objects.create(
        application=mine,
        side="opponent",
        kind="person",
        name="冯大",
        name_key="冯大",
        id_hash=theirs.id_hash,
    )

    found = as_reviewer.get(page_of("assign", mine)).context["suggestions"]

    assert [each.candidate.worker for each in found.excluded] == [busy.pk]
    [suggestion] = found.ranked
    assert suggestion.candidate.worker == free.pk
    assert suggestion.cautions == ("所在单位正在为对方办理其他案件，请核对",)


def test_a_life_or_death_case_asks_for_three_years_of_criminal_defence(
    as_reviewer, make_application, make_worker
):
    application = make_application(
        status=Status.GRANTED,
        aid_matter=AidMatter.objects.get(code="24"),
        aid_kind="criminal_defence",
    )
    make_worker("新手", criminal_defence_since=timezone.localdate() - timedelta(days=700))
    old = make_worker("老手", criminal_defence_since=date(2018, 1, 1))

    before = as_reviewer.get(page_of("assign", application)).context["suggestions"]
    after = as_reviewer.get(page_of("assign", application) + "?life=1").context["suggestions"]
    as_reviewer.post(page_of("assign", application), {"worker": old.pk, "life": "1"})

    assert len(before.ranked) == 2
    assert [each.candidate.name for each in after.ranked] == ["老手"]
    application.refresh_from_db()
    assert (application.status, application.is_life_or_death) == (Status.ASSIGNED, True)


def test_the_page_costs_the_same_for_any_panel(
    as_reviewer, granted, make_worker, count_queries
):
    def ask():
        return as_reviewer.get(page_of("assign", granted))

    make_worker()
    few, _page = count_queries(ask)
    for n in range(12):
        make_worker(f"律师{n}")
    many, page = count_queries(ask)

    assert len(page.context["suggestions"].ranked) == 13
    assert few == many <= 15


def test_with_nobody_on_the_panel_the_page_says_what_to_do(as_reviewer, granted):
    page = as_reviewer.get(page_of("assign", granted))

    assert page.status_code == 200
    assert "库里没有人可以办这件" in words_on(page)


def test_nobody_of_another_county_can_be_chosen(as_reviewer, granted, make_worker, next_county):
    make_worker()
    far = make_worker(
        "外县", unit=AidUnit.objects.create(county=next_county, name="白水所", kind="firm")
    )

    answer = as_reviewer.post(
        page_of("assign", granted), {"worker": far.pk, "override_reason": "没有别人"}
    )

    assert answer.status_code == 422
    assert not Assignment.objects.exists()


# ── Another person ──────────────────────────────────────────────────────────────────────


def test_the_person_is_changed_with_reason_note_and_hand_over(
    as_reviewer, make_case, make_worker
):
    old = make_worker("郑法")
    new = make_worker("孟律")
    case = make_case(worker=old)
    page = page_of("change_person", case)

    empty = as_reviewer.post(page, {"worker": new.pk})
    as_reviewer.post(
        page,
        {
            "worker": new.pk,
            "reason": "recipient_asks",
            "note": "受援人称两次约见未到。",
            "handed_over": "证据原件3份，开庭传票",
        },
    )

    assert empty.status_code == 422
    first, second = Assignment.objects.order_by("pk")
    assert (first.worker, first.change_reason) == (old, "recipient_asks")
    assert first.ended_on == timezone.localdate()
    assert first.handed_over == "证据原件3份，开庭传票"
    assert (second.worker, second.ended_on) == (new, None)
    assert case.letters.filter(kind="17").count() == 1
    shown = words_on(as_reviewer.get(case.get_absolute_url()))
    assert "孟律" in shown
    assert "证据原件3份" in shown


def test_the_person_who_has_it_is_not_offered_again(as_reviewer, make_case, make_worker):
    old = make_worker("郑法")
    make_worker("孟律")
    case = make_case(worker=old)

    found = as_reviewer.get(page_of("change_person", case)).context["suggestions"]

    assert [each.candidate.name for each in found.ranked] == ["孟律"]


def ask_change(client, case, **typed):
    fields = {
        "asked_by": "recipient",
        "ground": "not_performing",
        "asked_on": timezone.localdate().isoformat(),
        "words": "两个月没有联系过我。",
    }
    return client.post(page_of("ask_change", case), fields | typed)


def running(case):
    return set(case.deadlines.running().values_list("number", flat=True))


def test_a_request_for_another_person_starts_five_days_and_form_16(
    client, clerk, make_case, reviewer
):
    case = make_case()
    client.force_login(clerk)

    asked, again = ask_change(client, case), ask_change(client, case)

    assert (asked.status_code, again.status_code) == (302, 422)
    assert "已有一份更换人员申请在等待决定" in words_on(again)
    assert 19 in running(case)
    letter = case.letters.get(kind="16")
    client.force_login(reviewer)
    paper = words_on(client.get(reverse("casework:letter_print", args=[letter.pk])))
    assert "两个月没有联系过我。" in paper
    assert "未依法履行职责" in paper
    page = client.get(case.get_absolute_url())
    assert "决定是否更换人员" in words_on(page)
    assert [act.move for act in page.context["acts"]][:2] == ["change_person", "refuse_change"]
    assert "ask_change" not in {act.move for act in page.context["acts"]}


def test_a_refused_request_stops_the_clock_and_says_why(as_reviewer, make_case, county):
    case = make_case()
    ask_change(as_reviewer, case)

    silent = as_reviewer.post(page_of("refuse_change", case), {"reason": ""})
    done = as_reviewer.post(page_of("refuse_change", case), {"reason": "已联系三次，有记录。"})
    again = as_reviewer.post(page_of("refuse_change", case), {"reason": "再来"})

    assert (silent.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert 19 not in running(case)
    request = case.change_requests.get()
    assert (request.outcome, request.reason) == ("refused", "已联系三次，有记录。")
    assert "已联系三次，有记录。" in words_on(as_reviewer.get(case.get_absolute_url()))
    calls = Notice.objects.filter(application=case, kind="call")
    assert any("不予更换" in call.words for call in calls)


def test_a_changed_person_grants_the_request(as_reviewer, make_case, make_worker):
    case = make_case()
    other = make_worker("孟律")
    ask_change(as_reviewer, case)
    page = as_reviewer.get(page_of("change_person", case))
    assert "两个月没有联系过我。" in words_on(page)

    as_reviewer.post(
        page_of("change_person", case),
        {
            "worker": other.pk,
            "reason": "recipient_asks",
            "note": "受援人申请，情况属实",
            "handed_over": "全部材料",
            "override_reason": "",
        },
    )

    assert case.change_requests.get().outcome == "granted"
    assert 19 not in running(case)


def test_a_request_lapses_when_the_case_ends_first(as_reviewer, make_case):
    case = make_case()
    ask_change(as_reviewer, case)
    close(as_reviewer, case)

    assert case.change_requests.get().outcome == "lapsed"
    assert 19 not in running(case)


# ── Engagement papers ───────────────────────────────────────────────────────────────────


def test_engagement_papers_stop_the_five_days_and_a_second_press_changes_nothing(
    as_reviewer, make_case
):
    case = make_case()
    today = timezone.localdate()

    as_reviewer.post(page_of("engage", case), {"on": today.isoformat()})
    again = as_reviewer.post(page_of("engage", case), {"on": today.isoformat()})

    assert Assignment.objects.get().engaged_on == today
    assert not case.deadlines.running().filter(number=15).exists()
    assert again.status_code == 422
    assert "委托手续已经签订" in words_on(again)
    assert ApplicationEvent.objects.filter(application=case, move="engage").count() == 1


@pytest.mark.parametrize("days", [1, -1])
def test_papers_are_signed_neither_before_the_assignment_nor_in_the_future(
    as_reviewer, make_case, days
):
    case = make_case()
    day = timezone.localdate() + timedelta(days=days)

    answer = as_reviewer.post(page_of("engage", case), {"on": day.isoformat()})

    assert answer.status_code == 422
    assert Assignment.objects.get().engaged_on is None


def test_what_prevents_them_is_written_down(as_reviewer, make_case):
    case = make_case()

    empty = as_reviewer.post(page_of("excuse", case), {"excuse": " "})
    as_reviewer.post(page_of("excuse", case), {"excuse": "受援人住院，下周才能签"})

    assert empty.status_code == 422
    assert Assignment.objects.get().engagement_excuse == "受援人住院，下周才能签"
    assert not case.deadlines.running().filter(number=15).exists()


# ── Progress ────────────────────────────────────────────────────────────────────────────


def report(client, case, **fields):
    typed = {"happened_on": timezone.localdate().isoformat(), "words": "会见受援人。"}
    return client.post(page_of("progress", case), typed | fields)


def test_something_major_is_told_to_the_center_at_once(as_reviewer, make_case, county):
    case = make_case()
    Notice.objects.all().delete()

    report(as_reviewer, case)
    assert not Notice.objects.exists()
    report(as_reviewer, case, words="三十余名工友到法院门口聚集。", is_major="on")

    notice = Notice.objects.get()
    assert (notice.role, notice.county) == ("reviewer", county)
    assert "重大事项" in notice.words
    assert case.name not in notice.words
    assert ProgressNote.objects.filter(is_major=True).count() == 1


def test_the_same_note_twice_is_one_note(as_reviewer, make_case):
    case = make_case()

    report(as_reviewer, case)
    report(as_reviewer, case)

    assert ProgressNote.objects.count() == 1


def test_numbers_of_people_are_blacked_out_in_a_note(as_reviewer, make_case):
    report(as_reviewer, make_case(), words="对方经办人电话13912342648，同意协商。")

    assert "13912342648" not in ProgressNote.objects.get().words


def test_a_handler_with_an_account_at_the_station_reports_and_their_colleague_may_not(
    client, make_case, make_worker, duty, clerk
):
    case = make_case(worker=make_worker("许文静", kind="grassroots", user=duty))

    client.force_login(clerk)
    assert report(client, case).status_code == 403
    client.force_login(duty)
    assert report(client, case).status_code == 302

    assert ProgressNote.objects.get().written_by == duty


# ── Closing, file, archive ──────────────────────────────────────────────────────────────

CLOSING = {
    "result": "mediated",
    "recovered": "46,800",
    "wages_recovered": "4.68万",
    "summary": "调解书已签收，工钱当场付清。",
}


def close(client, case, **fields):
    typed = CLOSING | {"closed_on": timezone.localdate().isoformat()}
    return client.post(page_of("close", case), typed | fields)


def test_closing_starts_the_thirty_days_of_the_file(as_reviewer, make_case):
    case = make_case()

    answer = close(as_reviewer, case)

    case.refresh_from_db()
    closing = Closing.objects.get()
    assert answer.status_code == 302
    assert case.status == Status.CLOSED
    assert closing.recovered == closing.wages_recovered == 46800
    assert case.letters.filter(kind="21").count() == 1
    assert case.deadlines.running().filter(number=20).exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"wages_recovered": "46801"}, "不能比它多"),
        ({"recovered": "很多"}, "请用数字"),
        ({"recovered": ""}, "没有就填0"),
        ({"result": ""}, "请选案件结果"),
        ({"summary": ""}, "请写明办案经过和结果"),
        ({"closed_on": "2030-01-01"}, "还没到"),
        ({"closed_on": "2020-01-01"}, "才指派"),
        ({"closed_on": "某天"}, "不是日期"),
    ],
)
def test_a_wrong_closing_report_gets_a_sentence_and_keeps_everything(
    as_reviewer, make_case, fields, sentence
):
    case = make_case()

    answer = close(as_reviewer, case, **fields)

    assert answer.status_code == 422
    assert sentence in words_on(answer)
    if "summary" not in fields:
        assert CLOSING["summary"] in words_on(answer)
    assert not Closing.objects.exists()


@pytest.mark.parametrize(
    ("aid_kind", "basis"),
    [
        ("litigation", "收到判决书"),
        ("labour_arbitration", "收到仲裁裁决书"),
        ("non_litigation", "开始履行之日"),
    ],
)
def test_the_closing_day_is_explained_by_the_kind_of_aid(
    as_reviewer, make_case, aid_kind, basis
):
    page = as_reviewer.get(page_of("close", make_case(aid_kind=aid_kind)))

    assert basis in words_on(page)


def test_the_file_is_handed_in_once_and_then_checked_within_thirty_days(as_reviewer, make_case):
    case = make_case(status=Status.CLOSED)
    today = timezone.localdate()

    as_reviewer.post(page_of("hand_in", case), {"on": today.isoformat()})
    again = as_reviewer.post(page_of("hand_in", case), {"on": today.isoformat()})

    assert Closing.objects.get().materials_on == today
    assert again.status_code == 422
    running = set(case.deadlines.running().values_list("number", flat=True))
    assert 21 in running
    assert 20 not in running


def archive(client, case, **fields):
    typed = {
        "on": timezone.localdate().isoformat(),
        "file_check": "good",
        "archive_number": "清援档〔2026〕1号",
        "subsidy": "1500",
    }
    return client.post(page_of("archive", case), typed | fields)


def test_the_file_is_checked_and_archived(as_reviewer, make_case, county):
    case = make_case(status=Status.CLOSED, is_file_in=True)
    page = as_reviewer.get(page_of("archive", case))
    suggested = page.context["form"]["archive_number"].value()

    answer = archive(as_reviewer, case, archive_number=suggested)

    case.refresh_from_db()
    closing = Closing.objects.get()
    year = timezone.localdate().year
    assert answer.status_code == 302
    assert case.status == Status.ARCHIVED
    assert closing.archive_number == f"清援档〔{year}〕1号"
    assert (closing.archive_county, closing.archive_year) == (county, year)
    assert (closing.subsidy, closing.paid_on) == (1500, None)
    # Clock 21 goes on until the subsidy is paid.
    assert [each.number for each in case.deadlines.running()] == [21]
    assert [each.outcome for each in closing.reviews.all()] == ["good"]
    assert suggest_archive_number(county) == f"清援档〔{year}〕2号"


def test_an_archive_number_stands_once_a_year(as_reviewer, make_case):
    first = make_case(status=Status.CLOSED, is_file_in=True)
    second = make_case(status=Status.CLOSED, is_file_in=True, name="李桂英")

    archive(as_reviewer, first)
    answer = archive(as_reviewer, second, note="装订整齐")

    second.refresh_from_db()
    assert answer.status_code == 422
    assert "今年已有" in words_on(answer)
    assert "装订整齐" in words_on(answer)
    assert second.status == Status.CLOSED


def test_a_file_not_handed_in_is_not_archived(as_reviewer, make_case):
    case = make_case(status=Status.CLOSED)

    page = as_reviewer.get(page_of("archive", case), follow=True)

    assert "案卷尚未提交" in words_on(page)
    with pytest.raises(workflow.MoveRefused):
        workflow.archive(
            case,
            by=case.received_by,
            on=timezone.localdate(),
            file_check="good",
            archive_number="1",
        )


# ── The record's page ───────────────────────────────────────────────────────────────────


def buttons_on(page):
    return {act.page for act in page.context["acts"]}


def test_the_record_shows_who_handles_it_and_only_the_acts_of_the_moment(
    as_reviewer, make_case, reviewer
):
    case = make_case()
    page = as_reviewer.get(case.get_absolute_url())
    assert "还没有签订" in words_on(page)
    assert {"casework:application_engage", "casework:application_close"} <= buttons_on(page)

    workflow.engage(case, by=reviewer, on=timezone.localdate())
    page = as_reviewer.get(case.get_absolute_url())
    assert "casework:application_engage" not in buttons_on(page)

    close(as_reviewer, case)
    page = as_reviewer.get(case.get_absolute_url())
    assert "casework:application_hand_in" in buttons_on(page)
    assert "casework:application_archive" not in buttons_on(page)
    assert "46,800元" in words_on(page)


@pytest.mark.parametrize("name", ["assign", "change_person", "engage", "close", "archive"])
@pytest.mark.parametrize(
    ("who", "status"), [("neighbour", 403), ("stranger", 403), ("clerk", 403), ("officer", 403)]
)
def test_only_the_center_handles_a_case(client, request, make_case, name, who, status):
    case = make_case()
    client.force_login(request.getfixturevalue(who))

    assert client.get(page_of(name, case)).status_code == status


def test_the_center_of_another_county_finds_nothing(client, make_case, make_user, next_county):
    case = make_case()
    client.force_login(make_user("far", "外县审查员", "reviewer", next_county))

    for name in ["assign", "change_person", "engage", "progress", "close", "hand_in"]:
        assert client.get(page_of(name, case)).status_code == 404
