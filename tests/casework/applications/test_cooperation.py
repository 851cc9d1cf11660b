"""Letters between regions: out, in, between two counties of the site, and the clock that waits."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.applications import cooperation
from casework.models import CooperationEvent, CooperationLetter, Letter, Notice
from casework.terms import CooperationKind, CooperationStatus, LetterKind, PauseReason, Status
from casework.workflow import MoveRefused
from stations.roles import Role
from stations.templatetags.words import full_day
from tests.conftest import at

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def asking(make_application):
    return make_application(status=Status.IN_REVIEW)


@pytest.fixture
def there(make_user, next_county):
    """The reviewer of the next county."""
    return make_user("there", "那边人", Role.REVIEWER, next_county)


@pytest.fixture
def write(asking, reviewer):
    """A draft of ours, to an institution outside unless a county is given."""

    def make(to=None, *, application=None, kind=CooperationKind.EVIDENCE, days=20):
        letter = CooperationLetter(
            application=application or asking,
            kind=kind,
            other_county=to,
            other_institution=to.center_name if to else "上海市某区法律援助中心",
            item="核实工资发放",
            content="请向用工单位核实2025年工资。",
            due_on=TODAY() + timedelta(days=days),
        )
        return cooperation.draft(letter, by=reviewer)

    return make


@pytest.fixture
def sent(write, reviewer):
    def make(to=None, **fields):
        return cooperation.send(write(to, **fields), by=reviewer)

    return make


def later(days):
    """Let the seven days of an application, and its letters, have begun so many days ago."""
    return TODAY() - timedelta(days=days)


# ── Out, to an institution outside ──────────────────────────────────────────────────────


def test_a_sent_letter_is_form_7_and_stops_the_seven_days(asking, sent):
    before = asking.deadlines.running().get(number=9).due_on
    letter = sent()

    assert letter.paper.kind == LetterKind.COOPERATION
    assert letter.sent_on == TODAY()
    assert asking.deadlines.running().get(number=9).is_paused
    pause = asking.pauses.get()
    assert (pause.reason, pause.from_on, pause.to_on) == ("cross_region", TODAY(), None)
    assert before == asking.deadlines.running().get(number=9).due_on


def test_the_reply_lets_the_days_go_on_and_moves_the_last_one(asking, sent, reviewer):
    letter = sent()
    # It was sent four days ago.
    CooperationLetter.objects.filter(pk=letter.pk).update(sent_on=later(4))
    asking.pauses.update(from_on=later(4))
    deadline = asking.deadlines.running().get(number=9)
    type(deadline).objects.filter(pk=deadline.pk).update(started_at=at(*_parts(later(5))))
    cooperation.reply(letter, by=reviewer, words="已核实，属实。")

    deadline.refresh_from_db()
    assert not deadline.is_paused
    assert asking.pauses.get().to_on == TODAY()
    # Seven days from five days ago, four of them not counted: at least six more.
    assert deadline.due_on >= TODAY() + timedelta(days=6)


def _parts(day):
    return day.year, day.month, day.day


def test_a_late_reply_counts_and_says_that_it_was_late(sent, reviewer):
    letter = sent()
    CooperationLetter.objects.filter(pk=letter.pk).update(sent_on=later(9), due_on=later(2))
    letter = cooperation.reply(letter, by=reviewer, words="已核实。")

    assert letter.status == CooperationStatus.REPLIED
    assert letter.is_late


@pytest.mark.parametrize("kind", ["service", "mediation", "enforcement", "joint", "other"])
def test_other_help_than_a_check_does_not_stop_the_seven_days(asking, sent, kind):
    sent(kind=kind)

    assert not asking.pauses.exists()
    assert not asking.deadlines.running().get(number=9).is_paused


def test_after_the_grant_no_clock_is_stopped(make_application, sent):
    granted = make_application(status=Status.GRANTED)
    sent(application=granted)

    assert not granted.pauses.exists()


def test_two_checks_stop_the_days_until_both_are_answered(asking, sent, reviewer):
    first, second = sent(), sent(kind=CooperationKind.CHECK_IDENTITY)
    cooperation.reply(first, by=reviewer, words="属实。")
    assert asking.pauses.get().to_on is None

    cooperation.decline(second, by=reviewer, reason="查无此人。")
    assert asking.pauses.get().to_on == TODAY()


def test_a_letter_is_not_sent_once_the_application_has_gone_elsewhere(
    write, asking, reviewer, next_county
):
    letter = write()
    workflow.pass_on(asking, by=reviewer, reason="不归我县", to_county=next_county)

    with pytest.raises(MoveRefused):
        cooperation.send(letter, by=reviewer)
    assert not Letter.objects.filter(kind=LetterKind.COOPERATION).exists()


def test_a_letter_is_not_sent_with_a_day_that_has_passed(write, reviewer):
    with pytest.raises(MoveRefused):
        cooperation.send(write(days=0), by=reviewer)


# ── Between two counties of this site ───────────────────────────────────────────────────


def test_the_letter_appears_there_and_its_reply_comes_back_by_itself(
    asking, sent, there, reviewer, next_county
):
    letter = sent(next_county)
    twin = CooperationLetter.objects.get(county=next_county)
    assert (twin.direction, twin.status, twin.item) == ("in", "sent", letter.item)
    assert twin.other_institution == asking.county.center_name
    assert twin.their_number == letter.paper.number
    assert Notice.objects.filter(county=next_county, role=Role.REVIEWER).exists()

    twin = cooperation.receive(twin, by=there)
    twin = cooperation.accept(twin, by=there)
    letter.refresh_from_db()
    assert letter.status == CooperationStatus.ACCEPTED

    cooperation.reply(twin, by=there, words="已核实，属实。")
    letter.refresh_from_db()
    assert (letter.status, letter.reply) == ("replied", "已核实，属实。")
    assert asking.pauses.get(reason=PauseReason.CROSS_REGION).to_on == TODAY()
    assert Notice.objects.filter(county=asking.county, application=asking).last().words
    # Whoever answered there is not named here.
    assert not letter.events.filter(made_by=there).exists()


def test_declining_there_is_an_answer_here(asking, sent, there, next_county):
    letter = sent(next_county)
    twin = cooperation.receive(CooperationLetter.objects.get(county=next_county), by=there)
    cooperation.decline(twin, by=there, reason="当事人已迁走。")

    letter.refresh_from_db()
    assert (letter.status, letter.decline_reason) == ("declined", "当事人已迁走。")
    assert asking.pauses.get().to_on == TODAY()


def test_a_later_day_is_agreed_with_its_reason_and_both_sides_read_it(
    client, sent, there, next_county, reviewer
):
    letter = sent(next_county)
    twin = cooperation.receive(CooperationLetter.objects.get(county=next_county), by=there)
    before = twin.due_on
    CooperationLetter.objects.update(warned=3)
    address = reverse("casework:cooperation_move", args=[twin.pk, "extend"])
    client.force_login(there)

    wrong = client.post(address, {"until": before.isoformat(), "reason": "材料未齐"})
    assert wrong.status_code == 422
    assert "材料未齐" in wrong.content.decode()
    until = before + timedelta(days=5)
    client.post(address, {"until": until.isoformat(), "reason": "材料未齐"})

    letter.refresh_from_db()
    twin.refresh_from_db()
    assert (letter.status, letter.due_on, letter.warned) == ("received", until, 0)
    assert (twin.status, twin.due_on, twin.warned) == ("received", until, 0)
    note = f"{full_day(before)} → {full_day(until)}：材料未齐"
    assert letter.events.get(move="extend").note == note
    assert (
        f"{until.month}月{until.day}日"
        in Notice.objects.filter(county=letter.county).first().words
    )
    client.force_login(reviewer)
    assert "材料未齐" in client.get(letter.get_absolute_url()).content.decode()


@pytest.mark.parametrize("move", ["accept", "decline", "reply"])
def test_what_comes_by_itself_is_not_written_down_by_hand(sent, reviewer, next_county, move):
    letter = sent(next_county)
    words = {"decline": {"reason": "不办"}, "reply": {"words": "好"}}.get(move, {})

    assert move not in cooperation.moves_from(letter)
    with pytest.raises(MoveRefused, match=r"itself|自动"):
        getattr(cooperation, move)(letter, by=reviewer, **words)


def test_each_side_closes_its_own_letter(sent, there, reviewer, next_county):
    letter = sent(next_county)
    twin = cooperation.receive(CooperationLetter.objects.get(county=next_county), by=there)
    twin = cooperation.reply(cooperation.accept(twin, by=there), by=there, words="属实。")
    cooperation.close(twin, by=there)

    letter.refresh_from_db()
    assert letter.status == CooperationStatus.REPLIED
    assert cooperation.close(letter, by=reviewer).status == CooperationStatus.CLOSED


# ── The map ─────────────────────────────────────────────────────────────────────────────

WORDS = {
    "decline": {"reason": "不能办"},
    "extend": {"reason": "还差一份材料", "until": date(2100, 1, 1)},
    "reply": {"words": "已办"},
}


@pytest.mark.parametrize("direction", ["out", "in"])
@pytest.mark.parametrize("status", CooperationStatus)
@pytest.mark.parametrize(
    "move", ["send", "receive", "accept", "decline", "extend", "reply", "close"]
)
def test_every_move_from_every_status_is_made_or_refused_with_a_sentence(
    write, county, reviewer, direction, status, move
):
    letter = write()
    fields = {"status": status, "direction": direction}
    if direction == "in":
        fields["application"] = None
    if status not in ("drafted",):
        fields |= {"sent_on": TODAY(), "received_on": TODAY()}
    if status in ("declined", "replied", "closed"):
        fields |= {"replied_on": TODAY(), "reply": "已办", "decline_reason": "不能办"}
    CooperationLetter.objects.filter(pk=letter.pk).update(**fields)
    letter.refresh_from_db()
    events = CooperationEvent.objects.count()
    arrow = cooperation.MOVES.get((direction, move))

    if arrow and status in arrow.start:
        moved = getattr(cooperation, move)(letter, by=reviewer, **WORDS.get(move, {}))
        assert moved.status == (arrow.end or status)
        assert CooperationEvent.objects.count() == events + 1
    else:
        with pytest.raises(MoveRefused):
            getattr(cooperation, move)(letter, by=reviewer, **WORDS.get(move, {}))
        letter.refresh_from_db()
        assert letter.status == status


# ── Warnings ────────────────────────────────────────────────────────────────────────────


def at_ten(day):
    return at(day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("day", "roles"),
    [
        (date(2026, 3, 10), set()),
        (date(2026, 3, 17), {Role.REVIEWER}),
        (date(2026, 3, 19), {Role.REVIEWER, Role.DIRECTOR}),
        (date(2026, 3, 20), {Role.REVIEWER, Role.DIRECTOR, Role.OFFICER}),
    ],
)
def test_a_reply_that_is_due_warns_higher_and_higher(sent, county, day, roles):
    letter = sent()
    CooperationLetter.objects.filter(pk=letter.pk).update(
        sent_on=date(2026, 3, 5), due_on=date(2026, 3, 19)
    )
    Notice.objects.all().delete()
    cooperation.warn(county, at_ten(day))
    cooperation.warn(county, at_ten(day))

    told = list(Notice.objects.values_list("role", flat=True))
    assert set(told) == roles
    assert len(told) == len(roles)


def test_nobody_is_warned_on_a_day_off_or_once_it_is_answered(sent, county, reviewer):
    letter = sent()
    CooperationLetter.objects.filter(pk=letter.pk).update(
        sent_on=date(2026, 3, 5), due_on=date(2026, 3, 13)
    )
    assert cooperation.warn(county, at_ten(date(2026, 3, 14))) == 0  # Saturday
    cooperation.reply(letter, by=reviewer, words="属实。", on=date(2026, 3, 14))
    assert cooperation.warn(county, at_ten(date(2026, 3, 16))) == 0


def test_the_usual_time_to_reply_is_ten_working_days(county):
    assert cooperation.usual_due_on(county, date(2026, 3, 5)) == date(2026, 3, 19)


# ── Pages ───────────────────────────────────────────────────────────────────────────────


def typed(**changes):
    return {
        "other_institution": "上海市某区法律援助中心",
        "kind": "evidence",
        "item": "核实工资发放",
        "content": "请核实2025年工资。",
        "enclosures": "身份证复印件1份\n工资欠条复印件2份",
        "due_on": (TODAY() + timedelta(days=15)).isoformat(),
        "client_key": "0b0f7c1e-5d0b-4a53-9a53-6f3a7a6f1d11",
    } | changes


def new_address(application=None):
    query = f"?application={application.pk}" if application else ""
    return reverse("casework:cooperation_create") + query


def test_a_letter_is_written_once_however_often_it_is_saved(client, reviewer, asking):
    client.force_login(reviewer)
    assert client.get(new_address(asking)).status_code == 200
    for _n in range(2):
        answer = client.post(new_address(asking), typed())

    letter = CooperationLetter.objects.get()
    assert answer["Location"] == letter.get_absolute_url()
    assert (letter.status, letter.application) == ("drafted", asking)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"other_institution": ""}, "other_institution"),
        ({"kind": ""}, "kind"),
        ({"item": ""}, "item"),
        ({"content": " "}, "content"),
        ({"content": "长" * 2001}, "content"),
        ({"due_on": "昨天"}, "due_on"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"due_on": "2099-01-01"}, "due_on"),
        ({"other_county": "999999"}, "other_county"),
    ],
)
def test_what_is_wrong_gets_its_sentence_and_what_was_typed_stays(
    client, reviewer, asking, changes, field
):
    client.force_login(reviewer)
    page = client.post(new_address(asking), typed(**changes))

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not CooperationLetter.objects.exists()


def test_who_has_not_agreed_to_share_needs_a_ground(client, reviewer, make_application):
    application = make_application(status=Status.IN_REVIEW, agrees_to_share=False)
    client.force_login(reviewer)
    assert client.post(new_address(application), typed()).status_code == 422

    client.post(new_address(application), typed(ground="办案机关要求核实"))
    letter = CooperationLetter.objects.get()
    assert letter.events.get().note == "办案机关要求核实"


def test_a_letter_on_paper_is_taken_in_and_answered(client, reviewer, county):
    client.force_login(reviewer)
    paper = typed(their_number="沪援协字〔2026〕7号", received_on=TODAY().isoformat())
    client.post(new_address(), paper)
    letter = CooperationLetter.objects.get()
    assert (letter.direction, letter.status, letter.county) == ("in", "received", county)

    def press(move, **fields):
        return client.post(reverse("casework:cooperation_move", args=[letter.pk, move]), fields)

    press("accept")
    assert press("reply", words="").status_code == 422
    press("reply", words="已送达，回证附后。")
    press("reply", words="再答一次")  # a second press
    letter.refresh_from_db()
    assert (letter.status, letter.reply) == ("replied", "已送达，回证附后。")
    press("close")
    letter.refresh_from_db()
    assert letter.status == "closed"


def test_a_station_reads_the_letters_of_its_applications_and_moves_nothing(
    client, clerk, neighbour, sent
):
    letter = sent()
    client.force_login(clerk)
    page = client.get(letter.get_absolute_url())
    assert page.status_code == 200
    assert page.context["presses"] == []
    assert page.context["forms"] == {}
    address = reverse("casework:cooperation_move", args=[letter.pk, "close"])
    assert client.post(address).status_code == 403

    client.force_login(neighbour)
    assert client.get(letter.get_absolute_url()).status_code == 404


def test_a_station_that_is_asked_to_do_it_reads_the_letter(
    client, make_user, far_station, stranger, sent, there, next_county
):
    sent(next_county)
    twin = CooperationLetter.objects.get(county=next_county)
    client.force_login(stranger)
    assert client.get(twin.get_absolute_url()).status_code == 404

    cooperation.accept(cooperation.receive(twin, by=there), by=there, handled_at=far_station)
    assert client.get(twin.get_absolute_url()).status_code == 200


def test_the_county_asked_does_not_open_the_application(
    client, there, sent, asking, next_county
):
    sent(next_county)
    twin = CooperationLetter.objects.get(county=next_county)
    client.force_login(there)

    assert client.get(twin.get_absolute_url()).status_code == 200
    assert client.get(asking.get_absolute_url()).status_code == 404
    assert not CooperationLetter.objects.visible_to(there).filter(direction="out").exists()


def test_a_draft_is_changed_until_it_is_sent(client, reviewer, write, next_county):
    letter = write(next_county)
    client.force_login(reviewer)
    edit = reverse("casework:cooperation_edit", args=[letter.pk])
    assert client.get(edit).status_code == 200
    client.post(edit, typed(item="核实工伤"))
    letter.refresh_from_db()
    assert (letter.item, letter.other_county) == ("核实工伤", None)

    cooperation.send(letter, by=reviewer)
    assert client.post(edit, typed(item="改一改"))["Location"] == letter.get_absolute_url()
    letter.refresh_from_db()
    assert letter.item == "核实工伤"


@pytest.mark.parametrize("count", [1, 6])
def test_the_list_costs_the_same_for_any_length(
    client, reviewer, sent, count, django_assert_max_num_queries
):
    for _n in range(count):
        sent(kind="other")
    client.force_login(reviewer)
    address = reverse("casework:cooperation_list")
    client.get(address)

    with django_assert_max_num_queries(17):
        page = client.get(address, {"direction": "out", "show": "waiting"})
    assert len(page.context["page"]) == count


@pytest.mark.parametrize(
    ("query", "count"),
    [({}, 2), ({"direction": "in"}, 0), ({"show": "late"}, 1), ({"show": "nonsense"}, 2)],
)
def test_the_list_shows_what_its_address_asks_for(client, reviewer, sent, query, count):
    sent()
    late = sent()
    CooperationLetter.objects.filter(pk=late.pk).update(sent_on=later(9), due_on=later(2))
    client.force_login(reviewer)

    page = client.get(reverse("casework:cooperation_list"), query)
    assert len(page.context["page"]) == count


def test_the_record_of_an_application_leads_to_its_letters_and_to_a_new_one(
    client, reviewer, clerk, asking, sent
):
    letter = sent()
    for user, may_ask in ((reviewer, True), (clerk, False)):
        client.force_login(user)
        text = client.get(asking.get_absolute_url()).content.decode()
        assert letter.get_absolute_url() in text
        assert (new_address(asking) in text) == may_ask
