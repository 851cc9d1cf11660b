"""What each role finds on the desk, and what the desk costs.

The day of most tests is Thursday 6 November 2025: three working days of the month have passed,
and the analysis of October is due on the 7th.
"""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.models import Deadline, EntryDraft, MonthlyReport, Notice, NoVisitDay
from casework.notices import tell
from casework.reports import months
from casework.rules import deadlines as limits
from casework.terms import Channel, NoticeKind, Status
from casework.time_limits import clocks
from legalaid.desk import city_desk, county_desk, office_desk, station_desk
from legalaid.desk.duties import CHORES_SHOWN, CLOCKS_SHOWN
from legalaid.views import NOTICES_SHOWN
from stations.models import Chore, Lead, Look, LookKind, SealCheck
from stations.models.leads import Urgency
from stations.roles import Role
from tests.conftest import at

TODAY = date(2025, 11, 6)
OCTOBER = date(2025, 10, 1)


@pytest.fixture
def make_lead(station, village, liaison):
    def make(urgency=Urgency.WEEK, sent_at=None, **fields):
        return Lead.objects.create(
            station=station,
            village=village,
            kind="pay",
            urgency=urgency,
            sent_by=liaison,
            sent_at=sent_at or at(2025, 11, 6, 8),
            client_key=uuid.uuid4(),
            **fields,
        )

    return make


@pytest.fixture
def october(station):
    return months.open_month(station, OCTOBER)


def stated(station, by, *days):
    for day in days:
        NoVisitDay.objects.create(station=station, day=date(2025, 11, day), stated_by=by)


# ── The station ───────────────────────────────────────────────────────────────────────


def test_a_station_with_everything_in_order_has_nothing_to_do(clerk, station):
    stated(station, clerk, 3, 4, 5)

    desk = station_desk(clerk, TODAY)

    assert (desk.duties, desk.headline, desk.owed) == ((), "没有到期的事", None)
    assert (desk.today.calls, desk.today.visits, desk.today.persons) == (0, 0, 0)


def test_days_without_a_word_are_one_duty_with_a_button_for_each(clerk, station, make_entry):
    make_entry(occurred_at=at(2025, 11, 4))

    [duty] = station_desk(clerk, TODAY).duties

    assert duty.days == (date(2025, 11, 3), date(2025, 11, 5))
    assert (duty.clock.due_on, duty.clock.state) == (date(2025, 11, 4), "over")


def test_weekends_and_days_before_the_station_opened_are_not_asked_for(clerk, station):
    station.opened_on = date(2025, 11, 6)
    station.save()

    [duty] = station_desk(clerk, date(2025, 11, 11)).duties

    assert duty.days == (date(2025, 11, 6), date(2025, 11, 7), date(2025, 11, 10))


def test_a_void_entry_does_not_tell_of_its_day(clerk, station, make_entry):
    stated(station, clerk, 3, 4)
    entry = make_entry(occurred_at=at(2025, 11, 5))
    entry.voided_at, entry.voided_by, entry.void_reason = timezone.now(), clerk, "重复"
    entry.save()

    [duty] = station_desk(clerk, TODAY).duties

    assert duty.days == (date(2025, 11, 5),)


def test_a_month_that_is_owed_stands_with_its_clock_and_rule(head, station, october):
    stated(station, head, 3, 4, 5)

    desk = station_desk(head, TODAY)

    [duty] = desk.duties
    assert duty.title == "交10月来电来访分析"
    assert duty.clock.label == "还剩1个工作日"
    assert duty.rule == "县规定，次月第5个工作日"
    assert duty.url == reverse("casework:report_detail", args=[october.pk])
    assert (duty.act, duty.is_first) == ("写文字说明并报送", True)
    assert (desk.owed, desk.soon) == (october, [duty])


def test_a_clerk_is_led_to_the_draft_a_head_to_sending(clerk, head, station, october):
    acts = [station_desk(user, TODAY).duties[-1].act for user in (clerk, head)]

    assert acts == ["看草稿", "写文字说明并报送"]


def test_a_returned_month_tells_why(clerk, head, director, station, october):
    stated(station, clerk, 3, 4, 5)
    months.return_to_station(
        months.send(october, by=head, is_zero_confirmed=True), by=director, reason="点评太短"
    )

    desk = station_desk(clerk, TODAY)

    assert desk.returned == 1
    assert desk.duties[0].text == "县里退回：点评太短"


def test_leads_wait_as_long_as_the_liaison_said(clerk, station, make_lead):
    stated(station, clerk, 3, 4, 5)
    make_lead(Urgency.NO_HURRY)
    make_lead(Urgency.TODAY)
    make_lead(Urgency.WEEK, sent_at=at(2025, 10, 29, 8))
    make_lead(taken_by=clerk, taken_at=timezone.now(), outcome="已登记")

    desk = station_desk(clerk, TODAY)

    assert [duty.clock and duty.clock.label for duty in desk.duties] == [
        "逾期1天",
        "今日到期",
        None,
    ]
    assert (desk.leads, len(desk.overdue), len(desk.due_today), len(desk.later)) == (3, 1, 1, 1)
    assert desk.headline == "今天要办2件，先办：接线索：青溪1村"


def test_today_counts_calls_visits_and_persons(clerk, station, make_entry):
    make_entry(occurred_at=at(2025, 11, 6, 9), persons=12)
    make_entry(occurred_at=at(2025, 11, 6, 10), channel=Channel.CALL)
    make_entry(occurred_at=at(2025, 11, 5, 10))

    today = station_desk(clerk, TODAY).today

    assert (today.calls, today.visits, today.persons) == (1, 1, 12)
    assert today.last.channel == Channel.CALL
    assert today.query == "from=2025-11-06&to=2025-11-06"


def test_only_one_s_own_drafts_are_offered(clerk, head, station):
    for user in (clerk, head):
        EntryDraft.objects.create(
            user=user, station=station, channel=Channel.VISIT, content="{}"
        )

    assert [draft.user for draft in station_desk(clerk, TODAY).drafts] == [clerk]


def test_nothing_of_another_station_stands_on_the_desk(
    clerk, next_station, neighbour, make_entry, station
):
    stated(station, clerk, 3, 4, 5)
    months.open_month(next_station, OCTOBER)
    make_entry(next_station, by=neighbour, occurred_at=at(2025, 11, 6))

    desk = station_desk(clerk, TODAY)

    assert (desk.duties, desk.today.visits) == ((), 0)


# ── The county ────────────────────────────────────────────────────────────────────────


def test_an_empty_county_has_an_empty_desk(make_user, county):
    desk = county_desk(make_user("alone", "独一人", Role.OFFICER, county), TODAY)

    assert (desk.sent, desk.silent, desk.first, desk.headline) == ((), (), None, "没有到期的事")
    assert (desk.month.expected, desk.month.share, desk.month.clock) == (0, 0, None)


def test_a_silent_station_is_on_the_list_of_calls(
    reviewer, county, station, next_station, make_entry, neighbour
):
    make_entry(occurred_at=at(2025, 10, 20))
    make_entry(next_station, by=neighbour, occurred_at=at(2025, 11, 5))

    desk = county_desk(reviewer, TODAY)

    [silent] = desk.silent
    assert desk.headline == "没有逾期的事，1个站多日没有登记，请打电话问问"
    assert (silent.station, silent.last_on, silent.working_days) == (
        station,
        date(2025, 10, 20),
        12,
    )


def test_the_county_sets_how_long_silence_may_last(reviewer, county, station, make_entry):
    make_entry(occurred_at=at(2025, 10, 20))
    county.parameters = {"silent_after_working_days": 13}
    county.save()

    assert county_desk(reviewer, TODAY).silent == ()


def test_a_statement_that_nobody_came_breaks_the_silence(reviewer, clerk, station, make_entry):
    make_entry(occurred_at=at(2025, 10, 20))
    stated(station, clerk, 4)

    assert county_desk(reviewer, TODAY).silent == ()


def test_a_closed_station_is_not_called(reviewer, station, next_station):
    station.closed_on = date(2025, 9, 1)
    station.save()

    assert [silent.station for silent in county_desk(reviewer, TODAY).silent] == [next_station]


def test_the_month_is_folded_as_the_county_s_page_folds_it(
    reviewer, head, station, next_station, october
):
    months.send(october, by=head, is_zero_confirmed=True)
    MonthlyReport.objects.filter(pk=october.pk).update(first_sent_at=at(2025, 11, 4))

    desk = county_desk(reviewer, TODAY)

    month = desk.month
    assert (month.expected, month.received, month.on_time, month.share) == (2, 1, 1, 50)
    assert (month.missing, month.returned, month.overdue) == ((next_station,), (), 0)
    assert month.clock.label == "还剩1个工作日"
    assert [report.pk for report in desk.sent] == [october.pk]
    assert desk.headline == "没有逾期的事，1份月度分析等着确认"


def test_the_county_sees_its_own_stations_only(
    officer, far_station, stranger, make_entry, station
):
    make_entry(far_station, by=stranger, occurred_at=at(2025, 11, 6))

    desk = county_desk(officer, TODAY)

    assert [silent.station for silent in desk.silent] == [station]
    assert desk.today.persons == 0


# ── Time limits of applications, messages ─────────────────────────────────────────────


def clock_duties(desk):
    return [duty for duty in desk.duties if duty.is_clock]


def test_a_station_is_told_which_application_to_forward_and_by_when(clerk, make_application):
    application = make_application()

    [duty] = clock_duties(station_desk(clerk, timezone.localdate()))

    assert (duty.title, duty.text) == ("初审报送：吴长根", application.number)
    assert (duty.act, str(duty.rule)) == ("初审报送", "县规定")
    assert (duty.clock.label, duty.url) == ("还剩2个工作日", application.get_absolute_url())


def test_what_the_center_owes_is_on_the_center_s_desk_only(
    clerk, reviewer, director, make_application, officer
):
    application = make_application(status=Status.GRANTED)
    today = timezone.localdate()

    duties = county_desk(reviewer, today).duties

    assert {duty.act for duty in duties} == {"指派", "送达决定书"}
    assert "《法律援助法》第四十三条" in {str(duty.rule) for duty in duties}
    assert clock_duties(station_desk(clerk, today)) == []
    assert county_desk(officer, today).duties == ()
    # Of an archived file the subsidy is left, and the director pays it.
    type(application).objects.update(status=Status.ARCHIVED)
    assert county_desk(reviewer, today).duties == ()
    assert county_desk(director, today).duties


def test_the_bureau_sees_its_objections_and_whatever_is_overdue(
    officer, make_application, reviewer, director, clerk
):
    late = make_application(name="已逾期")
    Deadline.objects.filter(application=late, number=limits.FORWARDING).update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    refused = make_application(name="有异议", id_number="", status=Status.IN_REVIEW)
    workflow.propose_refusal(refused, by=reviewer, grounds=["no_hardship"], reason="超过标准")
    refused = workflow.refuse(refused, by=director)
    workflow.receive_objection(refused, by=clerk, received_on=refused.received_on, words="不服")

    desk = county_desk(officer, timezone.localdate())

    assert [duty.title for duty in desk.duties] == ["初审报送：已逾期", "异议审查：有异议"]
    assert desk.clocks["over"] == 1
    # What a station has not done is not the bureau's to do: it begins with its own.
    assert desk.first.title == "异议审查：有异议"
    assert desk.headline == "有1件逾期或今天到期，先办：异议审查：有异议"


@pytest.mark.parametrize("hidden", ["trial", "paused"])
def test_a_clock_on_trial_or_standing_still_is_no_duty(clerk, make_application, hidden):
    make_application()
    Deadline.objects.update(is_shadow=hidden == "trial", is_paused=hidden == "paused")

    assert clock_duties(station_desk(clerk, timezone.localdate())) == []


def test_the_desk_counts_every_clock_and_names_the_most_urgent(clerk, make_application):
    application = make_application()
    clocks.stop_all(application)
    today = timezone.localdate()
    for n in range(CLOCKS_SHOWN + 3):
        each = make_application(id_number="", name=f"申请人{n}")
        clocks.stop(each, limits.DECISION)
        each.deadlines.running().update(due_on=today - timedelta(days=1))

    desk = station_desk(clerk, today)

    assert len(clock_duties(desk)) == CLOCKS_SHOWN
    blank = sum(not duty.is_clock for duty in desk.overdue)
    assert (desk.overdue_count, desk.rest) == (blank + CLOCKS_SHOWN + 3, 3)
    assert f"今天要办{desk.overdue_count + desk.today_count}件" in desk.headline


def test_a_neighbour_s_applications_are_not_on_the_desk(neighbour, make_application):
    make_application()

    assert clock_duties(station_desk(neighbour, timezone.localdate())) == []


def test_messages_come_as_a_piece_and_are_done_with_a_press(
    client, clerk, station, make_application
):
    application = make_application()
    notice = tell(
        Role.CLERK, station, "材料到了", kind=NoticeKind.CALL, application=application
    )
    client.force_login(clerk)

    piece = client.get(reverse("desk_notices"), headers={"HX-Request": "true"})
    words = piece.content.decode()
    assert "打电话告诉申请人：材料到了" in words
    assert reverse("casework:notice_done", args=[notice.pk]) in words
    assert "<html" not in words

    done = client.post(reverse("casework:notice_done", args=[notice.pk]), {"next": "/"})

    assert done["Location"] == "/"
    assert list(client.get(reverse("desk_notices")).context["notices"]) == []


def test_what_is_handed_to_the_messenger_is_no_task(client, clerk, station):
    tell(Role.CLERK, station, "短信", kind=NoticeKind.MESSAGE)
    client.force_login(clerk)

    assert client.get(reverse("desk_notices")).context["notices"] == []


@pytest.mark.parametrize("count", [1, NOTICES_SHOWN + 4])
def test_messages_cost_the_same_for_any_number(
    client, clerk, station, make_application, django_assert_num_queries, count
):
    application = make_application()
    Notice.objects.all().delete()
    for n in range(count):
        tell(Role.CLERK, station, f"第{n}件", kind=NoticeKind.MOVE, application=application)
    client.force_login(clerk)
    client.get(reverse("desk_notices"))

    with django_assert_num_queries(4):
        page = client.get(reverse("desk_notices"))

    assert len(page.context["notices"]) + page.context["rest"] == count


# ── The city, the administrators ──────────────────────────────────────────────────────


def test_the_inspector_sees_each_county_in_figures(inspector, station, liaison, far_station):
    rows = city_desk(inspector, TODAY).counties

    assert [(row.county.pk, row.coverage.covered, row.coverage.total) for row in rows] == [
        (station.county.pk, 1, 3),
        (far_station.county.pk, 0, 3),
    ]
    assert [(row.month.received, row.month.expected) for row in rows] == [(0, 1), (0, 1)]


def test_administrators_count_accounts_or_looks(
    system_admin, audit_admin, clerk, station, make_user
):
    make_user("new", "新人", created_by=system_admin, must_change_password=True)
    Look.objects.create(kind=LookKind.PRINT, user=clerk, station=station, subject="x")

    accounts = office_desk(system_admin, timezone.localdate())
    day = timezone.localdate()
    finding = {"day": f"{day}", "kind": "gone", "table": "stations.look", "then": 2, "now": 1}
    SealCheck.objects.create(
        first=day, last=day, finished_at=timezone.now(), findings=[finding]
    )
    looks = office_desk(audit_admin, day)

    assert (accounts.accounts, accounts.without_post, accounts.must_change) == (4, 1, 1)
    assert accounts.looks == ()
    assert {look.kind: look.count for look in looks.looks if look.count} == {"print": 1}
    assert [found.day for found in looks.wrong] == [day]


# ── The pages ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "template"),
    [
        ("clerk", "station"),
        ("head", "station"),
        ("duty", "station"),
        ("reviewer", "county"),
        ("director", "county"),
        ("officer", "county"),
        ("inspector", "city"),
        ("system_admin", "office"),
        ("security_admin", "office"),
        ("audit_admin", "office"),
    ],
)
def test_each_role_has_its_desk(client, request, station, role, template):
    client.force_login(request.getfixturevalue(role))

    page = client.get(reverse("desk"))

    assert page.status_code == 200
    assert f"legalaid/desk_{template}.html" in [used.name for used in page.templates]


def test_a_liaison_is_led_to_the_leads(client, liaison):
    client.force_login(liaison)

    assert client.get(reverse("desk"))["Location"] == reverse("stations:lead_home")


def test_somebody_without_a_role_is_told_whom_to_ask(client, make_user):
    client.force_login(make_user("nobody", "无岗位"))

    assert "您今天没有岗位" in client.get(reverse("desk")).content.decode()


def test_the_desk_asks_for_a_password_first(client):
    assert client.get(reverse("desk"))["Location"].startswith(reverse("stations:sign_in"))


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize(
    ("role", "queries"),
    [("clerk", 12), ("reviewer", 12), ("officer", 12), ("inspector", 11), ("system_admin", 4)],
)
def test_a_desk_costs_the_same_for_any_number_of_rows(
    client,
    request,
    station,
    make_station,
    county,
    make_entry,
    make_lead,
    make_application,
    django_assert_num_queries,
    role,
    queries,
    count,
):
    user = request.getfixturevalue(role)
    for n in range(count):
        make_application(id_number="", name=f"申请人{n}", status=Status.FORWARDED)
        make_application(id_number="", name=f"另一人{n}")
        make_entry(occurred_at=timezone.now() - timedelta(minutes=n + 1))
        make_lead(sent_at=timezone.now())
        months.open_month(make_station(county, 110 + n, f"第{n}"), OCTOBER)
    client.force_login(user)
    client.get(reverse("desk"))

    with django_assert_num_queries(queries):
        client.get(reverse("desk"))


@pytest.mark.parametrize(
    ("role", "kind"), [("clerk", "wall"), ("officer", "sign"), ("inspector", "demonstration")]
)
def test_what_is_owed_stands_on_the_desk_of_whose_post_it_is(
    client, request, station, county, role, kind
):
    user = request.getfixturevalue(role)
    where = {"station": station} if role == "clerk" else {"county": county}
    today = timezone.localdate()
    for n in range(CHORES_SHOWN + 3):
        Chore.objects.create(
            **where,
            kind=kind,
            key=str(n),
            roles=[role],
            title=f"第{n}件",
            url="/",
            act="去办",
            since_on=today - timedelta(days=9),
            due_on=today + timedelta(days=n - 2),
        )
    Chore.objects.create(
        **where,
        kind=kind,
        key="x",
        roles=["director"],
        title="别人的事",
        url="/",
        act="去办",
        since_on=today,
    )
    client.force_login(user)
    page = client.get(reverse("desk"))
    text = page.content.decode()
    assert "第0件" in text
    assert "逾期2天" in text
    assert "别人的事" not in text
    assert page.context["desk"].more_chores == 3
    assert page.context["desk"].chores["over"] == 2


def test_what_people_wait_for_leads_what_the_place_owes(clerk, station, make_lead):
    today = timezone.localdate()
    lead = make_lead(Urgency.TODAY)
    Lead.objects.filter(pk=lead.pk).update(sent_at=timezone.now() - timedelta(days=1))
    for late, title in ((300, "制度没有人看"), (-2, "快要检查设备")):
        Chore.objects.create(
            station=station,
            kind="rules",
            key=title,
            roles=["clerk"],
            title=title,
            url="/",
            act="去办",
            since_on=today - timedelta(days=400),
            due_on=today - timedelta(days=late),
        )

    duties = station_desk(clerk, today).duties

    titles = [duty.title for duty in duties]
    [of_lead] = [title for title in titles if lead.village.name in title]
    ours = [of_lead, "制度没有人看", "快要检查设备"]
    assert [title for title in titles if title in ours] == ours
    assert [duty.is_first for duty in duties] == [True, *[False] * (len(duties) - 1)]


@pytest.mark.parametrize("role", ["clerk", "officer"])
def test_signals_come_as_a_piece_and_lead_to_their_rows(client, request, role, make_entry):
    make_entry(persons=12, occurred_at=timezone.now() - timedelta(minutes=1))
    client.force_login(request.getfixturevalue(role))

    page = client.get(reverse("desk_signals"), headers={"HX-Request": "true"})

    assert [signal.level for signal in page.context["signals"]] == ["grave"]
    assert "<html" not in page.content.decode()


def test_the_check_of_an_owed_month_comes_as_a_piece(
    client, clerk, station, october, make_entry
):
    make_entry(occurred_at=at(2025, 10, 14), is_told_of_right=False)
    client.force_login(clerk)

    page = client.get(reverse("desk_findings", args=[october.pk]))

    assert any(finding.level == "mend" for finding in page.context["findings"])


@pytest.mark.parametrize(
    ("role", "answer"), [("neighbour", 404), ("stranger", 404), ("reviewer", 403)]
)
def test_the_check_of_another_s_month_is_not_shown(client, request, october, role, answer):
    client.force_login(request.getfixturevalue(role))

    assert client.get(reverse("desk_findings", args=[october.pk])).status_code == answer
