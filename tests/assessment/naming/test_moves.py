"""The way of a demonstration station: each step in its order, by the person it belongs to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.demonstration import CheckPoint, Ground, Stage, Step
from assessment.models import Demonstration
from assessment.naming import moves
from assessment.naming.candidates import boards, candidates, facts_of, grounds_of
from assessment.naming.moves import NamingRefused
from stations.models import Chore, ChoreKind
from stations.roles import Role
from tests.assessment.demonstration_world import all_met, ready
from tests.conftest import appoint
from tests.stations.wall_world import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(station, officer, clerk, head):
    return ready(station, officer=officer, by=clerk)


@pytest.fixture
def applied(world, head):
    return moves.apply(world, by=head, words="站里样样齐全，愿意带头。", files=[photo()])


@pytest.fixture
def published(applied, officer, inspector):
    moves.recommend(applied, by=officer, opinion="台账规范，推荐。")
    moves.check(
        applied,
        by=inspector,
        on=timezone.localdate(),
        points=all_met(),
        words="逐项看过。",
        files=[photo("red")],
    )
    return moves.publish(applied, by=officer)


@pytest.fixture
def named(published, officer):
    hung_out(published)
    return moves.name(published, by=officer, plaque_number="清示2026-01")


def hung_out(demonstration):
    """As if the days of the notice were over."""
    today = timezone.localdate()
    Demonstration.objects.filter(pk=demonstration.pk).update(
        published_from=today - timedelta(days=8), published_until=today - timedelta(days=1)
    )


def test_a_station_that_meets_everything_known_goes_all_the_way(named, head, officer):
    named.refresh_from_db()
    assert named.stage == Stage.NAMED
    assert (named.valid_until.year - named.named_on.year, named.named_staff) == (
        2,
        sorted(named.named_staff),
    )
    assert head.pk in named.named_staff
    assert [event.step for event in named.events.all()] == [
        Step.APPLY,
        Step.RECOMMEND,
        Step.CHECK,
        Step.PUBLISH,
        Step.NAME,
    ]
    # What was known on the day stays with the application.
    kept = {each["code"]: each["state"] for each in named.conditions}
    assert kept["months"] == kept["postings"] == kept["hardware"] == "yes"
    assert kept["grade"] == "open"


def test_a_condition_that_is_not_met_stops_the_application_with_its_reason(
    world, head, station, django_capture_on_commit_callbacks
):
    station.liaisons.update(appointed_to=timezone.localdate() - timedelta(days=3))
    with pytest.raises(NamingRefused, match="0"):
        moves.apply(world, by=head, words="请批准我站。", files=[photo()])
    assert not Demonstration.objects.exists()


def test_of_two_applications_of_one_station_the_second_is_told(applied, head, world):
    with pytest.raises(NamingRefused):
        moves.apply(world, by=head, words="再申请一次。", files=[photo("red")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Demonstration.objects.create(
            station=world, county=world.county, year=2026, words="又一次", applied_by=head
        )


@pytest.mark.parametrize("step", ["publish", "name", "renew"])
def test_no_step_is_taken_before_its_turn(applied, officer, step):
    more = {
        "publish": {},
        "name": {"plaque_number": "清示2026-01"},
        "renew": {"words": "看过"},
    }[step]
    with pytest.raises(NamingRefused):
        getattr(moves, step)(applied, by=officer, **more)
    applied.refresh_from_db()
    assert applied.stage == Stage.APPLIED


def test_a_point_not_met_on_site_ends_the_application_and_it_may_apply_again(
    applied, officer, inspector, head, world
):
    moves.recommend(applied, by=officer, opinion="推荐该站。")
    points = all_met() | {CheckPoint.WALL: (False, "值班表是上个月的")}
    done = moves.check(
        applied,
        by=inspector,
        on=timezone.localdate(),
        points=points,
        words="差一项。",
        files=[photo("red")],
    )
    assert done.stage == Stage.DECLINED
    assert done.checks.get(is_met=False).words == "值班表是上个月的"
    again = moves.apply(world, by=head, words="已经换上新值班表。", files=[photo("green")])
    assert again.stage == Stage.APPLIED


def test_who_recommended_does_not_check(applied, officer, city):
    moves.recommend(applied, by=officer, opinion="推荐该站。")
    appoint(officer, Role.INSPECTOR, city)
    with pytest.raises(NamingRefused):
        moves.check(
            applied,
            by=officer,
            on=timezone.localdate(),
            points=all_met(),
            words="看过。",
            files=[photo("red")],
        )


def test_nothing_is_named_while_the_notice_hangs_out_and_never_without_it(
    published, officer, calendar
):
    days = calendar.working_days_between(published.published_from, published.published_until)
    assert days == 5
    with pytest.raises(NamingRefused):
        moves.name(published, by=officer, plaque_number="清示2026-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        Demonstration.objects.filter(pk=published.pk).update(
            stage=Stage.NAMED,
            named_by=officer,
            named_on=published.published_until,
            plaque_number="清示2026-09",
            valid_until=published.published_until + timedelta(days=730),
        )


def test_an_objection_is_looked_into_before_the_station_is_named(
    client, published, officer, inspector, head, django_capture_on_commit_callbacks
):
    page = published.get_absolute_url()
    step = reverse("assessment:demonstration_step", args=[published.pk, "object"])
    said = {"words": "每周三都锁门，打13900007766没人接", "said_by": "程秀珍"}
    client.force_login(officer)
    # Before the notice hung out there was nothing to object to; what was typed stays.
    early = client.post(step, said | {"came_on": "2020-01-01"})
    assert early.status_code == 422
    assert "每周三都锁门" in early.content.decode()
    assert not published.objections.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(step, said | {"came_on": f"{timezone.localdate():%Y-%m-%d}"})
    objection = published.objections.get()
    assert "13900007766" not in objection.words
    chore = Chore.objects.get(key=f"objection:{objection.pk}")
    assert "锁门" not in chore.title
    hung_out(published)
    with pytest.raises(NamingRefused, match="异议"):
        moves.name(published, by=officer, plaque_number="清示2026-01")

    # The county reads it whole, the city without the name, the station only that there is one.
    assert "程秀珍" in client.get(page).content.decode()
    client.force_login(inspector)
    text = client.get(page).content.decode()
    assert "每周三都锁门" in text
    assert "程秀珍" not in text
    client.force_login(head)
    text = client.get(page).content.decode()
    assert "收到异议1件" in text
    assert "锁门" not in text

    settle = reverse("assessment:demonstration_objection", args=[objection.pk])
    assert client.post(settle, {"is_founded": "no", "found": "查过值班表。"}).status_code == 403
    client.force_login(officer)
    assert client.post(settle, {"is_founded": "", "found": ""}).status_code == 422
    client.post(settle, {"is_founded": "no", "found": "查过三个月的值班表，周三都有人。"})
    again = client.post(settle, {"is_founded": "yes", "found": "另一个说法。"}, follow=True)
    assert officer.name in again.content.decode()
    objection.refresh_from_db()
    assert objection.is_founded is False
    assert moves.name(published, by=officer, plaque_number="清示2026-01").stage == Stage.NAMED


def test_an_objection_that_is_right_leaves_only_not_naming(published, officer):
    moves.note_objection(
        published, by=officer, came_on=timezone.localdate(), words="照片是别的站的"
    )
    moves.settle_objection(
        published.objections.get(), by=officer, is_founded=True, found="比对属实。"
    )
    hung_out(published)
    with pytest.raises(NamingRefused, match="属实"):
        moves.name(published, by=officer, plaque_number="清示2026-01")
    done = moves.decline(published, by=officer, words="异议属实，不予命名。")
    assert done.stage == Stage.DECLINED
    with pytest.raises(NamingRefused):
        moves.note_objection(done, by=officer, came_on=timezone.localdate(), words="又一件")


def test_a_plaque_number_is_given_once(
    named, officer, next_station, neighbour, head, inspector
):
    ready(next_station, officer=officer, by=neighbour)
    other = moves.apply(next_station, by=head, words="我站也申请。", files=[photo()])
    moves.recommend(other, by=officer, opinion="推荐。好。")
    moves.check(
        other,
        by=inspector,
        on=timezone.localdate(),
        points=all_met(),
        words="看过了。",
        files=[photo("red")],
    )
    moves.publish(other, by=officer)
    hung_out(other)
    with pytest.raises(NamingRefused):
        moves.name(other, by=officer, plaque_number="清示2026-01")
    assert moves.name(other, by=officer, plaque_number="清示2026-02").stage == Stage.NAMED


def test_a_name_is_confirmed_in_its_last_90_days_and_holds_two_years_more(named, officer):
    with pytest.raises(NamingRefused):
        moves.renew(named, by=officer, words="提前看看。")
    until = timezone.localdate() + timedelta(days=60)
    Demonstration.objects.filter(pk=named.pk).update(valid_until=until)
    renewed = moves.renew(named, by=officer, words="仍然符合。")
    assert renewed.valid_until.year == until.year + 2


def test_a_name_with_a_veto_or_a_bad_grade_is_not_confirmed_anew(named, officer, monkeypatch):
    Demonstration.objects.filter(pk=named.pk).update(
        valid_until=timezone.localdate() + timedelta(days=60)
    )
    monkeypatch.setattr(moves, "grounds_of", lambda *_args: (Ground.VETO, Ground.MOVED))
    with pytest.raises(NamingRefused, match="一票否决"):
        moves.renew(named, by=officer, words="仍然符合。")
    monkeypatch.setattr(moves, "grounds_of", lambda *_args: (Ground.MOVED,))
    assert moves.renew(named, by=officer, words="新址看过，符合。").stage == Stage.NAMED


def test_a_name_is_withdrawn_on_a_ground_and_the_station_may_apply_again(
    named, officer, head, world
):
    world.address = "搬到新街"
    world.save()
    named.station.refresh_from_db()
    assert grounds_of(named, timezone.localdate()) == (Ground.MOVED,)
    done = moves.withdraw(named, by=officer, ground=Ground.MOVED, words="已搬走。")
    assert (done.stage, done.ground) == (Stage.WITHDRAWN, Ground.MOVED)
    with pytest.raises(NamingRefused):
        moves.withdraw(named, by=officer, ground=Ground.MOVED, words="再撤一次")


def test_county_and_city_owe_the_next_step_and_the_county_its_fifth(
    applied, county, officer, inspector, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        moves.recommend(applied, by=officer, opinion="推荐该站。")
    chores = Chore.objects.filter(kind=ChoreKind.DEMONSTRATION)
    assert chores.of_posts(inspector).get().key == str(applied.pk)
    assert chores.of_posts(officer).get().key == "quota"


def test_the_board_counts_names_against_a_fifth_of_the_stations_open_at_year_end(
    named, county, make_station
):
    today = timezone.localdate()
    for n in range(5):
        make_station(county, 120 + n, f"第{n}")
    gone = make_station(county, 130, "撤并")
    gone.closed_on = today.replace(month=12, day=30)
    gone.save()
    [board] = boards([county], today.year)
    assert (board.stations, board.quota, board.named, board.gap) == (6, 2, 1, 1)


def test_facts_cost_the_same_for_one_station_and_for_many(
    world, county, make_station, django_assert_num_queries
):
    today = timezone.localdate()
    stations = [make_station(county, 120 + n, f"第{n}") for n in range(4)]

    with CaptureQueriesContext(connection) as one:
        facts_of(county, [world], today)
    with CaptureQueriesContext(connection) as many:
        found = facts_of(county, [world, *stations], today)
    assert len(found) == 5
    assert len(many) == len(one)
    assert candidates(county, today)[0].station == world


# ── Pages ─────────────────────────────────────────────────────────────────────────────


def test_the_public_list_shows_names_and_proposals_and_nobody(client, named, head, officer):
    page = client.get(reverse("assessment:demonstration_public"))
    text = page.content.decode()
    assert "清示2026-01" in text
    assert head.name not in text
    assert officer.name not in text
    assert not page.cookies


def test_the_public_list_asks_for_the_county_where_there_are_several_and_keeps_it(
    client, published, far_station
):
    address = reverse("assessment:demonstration_public")
    assert client.get(address).status_code == 302
    page = client.get(address, {"county": published.county.division.code})
    assert published.station.name in page.content.decode()
    assert f"county={published.county.division.code}" in page.content.decode()
    # Once the days are over the proposal is down.
    hung_out(published)
    page = client.get(address, {"county": published.county.division.code})
    assert published.station.name not in page.content.decode()


def test_the_station_sees_what_is_missing_and_the_county_its_candidates(
    client, head, officer, station, next_station
):
    client.force_login(head)
    text = client.get(reverse("assessment:demonstration_list")).content.decode()
    assert reverse("assessment:demonstration_apply") not in text
    client.force_login(officer)
    page = client.get(reverse("assessment:demonstration_list"))
    assert {each.station for each in page.context["candidates"]} == {station, next_station}


def test_a_plan_below_a_fifth_is_sent_back_with_a_sentence(client, officer, station, county):
    client.force_login(officer)
    address = reverse("assessment:demonstration_plan")
    page = client.post(address, {"wanted": "0", "words": "今年先做一个"})
    assert page.status_code == 422
    assert "今年先做一个" in page.content.decode()
    client.post(address, {"wanted": "1", "words": "今年先做一个"})
    client.post(address, {"wanted": "1", "words": "改为石桥站"})
    assert county.demonstration_plans.count() == 2


@pytest.mark.parametrize("who", ["neighbour", "stranger"])
def test_another_station_does_not_see_an_application(client, request, applied, who):
    client.force_login(request.getfixturevalue(who))
    address = reverse("assessment:demonstration_detail", args=[applied.pk])
    assert client.get(address).status_code == 404


def test_a_press_too_late_is_a_sentence(client, officer, named):
    client.force_login(officer)
    address = reverse("assessment:demonstration_step", args=[named.pk, "recommend"])
    page = client.post(address, {"words": "推荐该站。"}, follow=True)
    assert page.status_code == 200
    assert named.get_stage_display() in page.content.decode()
    # Nothing typed and too late: still the sentence, not a form that is gone.
    page = client.post(address, {"words": ""}, follow=True)
    assert named.get_stage_display() in page.content.decode()


def test_a_taken_plaque_number_is_said_beside_the_form_and_the_number_stays(
    client, named, published, officer, monkeypatch
):
    Demonstration.objects.filter(pk=published.pk).update(
        stage=Stage.PUBLISHED, named_by=None, named_on=None, plaque_number="", valid_until=None
    )
    client.force_login(officer)

    def refused(*_args, **_kwargs):
        raise NamingRefused("Another plaque has this number.")

    monkeypatch.setattr(moves, "name", refused)
    address = reverse("assessment:demonstration_step", args=[published.pk, "name"])
    page = client.post(address, {"words": "清示2026-09"})
    assert page.status_code == 422
    assert "清示2026-09" in page.content.decode()
