"""Liaisons at work: the log, tasks, handing over; and what is owed of it."""

import io
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from stations.liaisons import hand_over_paper, liaison_work, posts
from stations.models import HandOver, Lead, Liaison, LiaisonActivity, LiaisonTask
from stations.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def post(liaison):
    return Liaison.objects.get(user=liaison)


@pytest.fixture
def give(post, clerk, today):
    def make(**fields):
        values = {"liaison": post, "kind": "guide", "words": "陪王大爷来站里", "due_on": today}
        return liaison_work.give(LiaisonTask(**(values | fields)), by=clerk)

    return make


def follow(make_user, post, today):
    """Another liaison takes the post of the village from today."""
    user = make_user("next", "接任人", Role.LIAISON, post.station)
    following = Liaison.objects.create(
        station=post.station,
        village=post.village,
        name=user.name,
        post="grid",
        appointed_from=today,
        user=user,
    )
    return user, following


def test_a_task_goes_to_the_phone_and_its_result_into_the_log(
    client, clerk, liaison, post, today
):
    client.force_login(clerk)
    url = reverse("stations:liaison_task_create", args=[post.pk])
    typed = {"kind": "verify", "words": "核对一下户口在不在本村", "due_on": today}
    answer = client.post(url, typed | {"words": "看看他家存款有多少"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["words"]
    assert client.post(url, typed | {"due_on": "2020-01-01"}).status_code == 422
    client.post(url, typed)
    task = LiaisonTask.objects.get()

    client.force_login(liaison)
    page = client.get(reverse("stations:liaison_tasks"))
    assert "户口" in page.content.decode()
    assert page.context["waiting"] == 1
    done = reverse("stations:liaison_task_done", args=[task.pk])
    client.post(done, {"result": ""})
    client.post(done, {"result": "户口在本村，打13900002648问过"})
    client.post(done, {"result": "再按一次"})

    task.refresh_from_db()
    assert (task.is_done, task.closed_by) == (True, liaison)
    assert "13900002648" not in task.result
    [line] = LiaisonActivity.objects.all()
    assert (line.role, line.liaison) == ("investigator", post)
    with pytest.raises(liaison_work.WorkRefused):
        liaison_work.withdraw(task, reason="不用了", by=clerk)


def test_a_liaison_sees_own_tasks_only(client, give, make_user, station, neighbour, liaison):
    task = give()
    other = make_user("other", "李联络", Role.LIAISON, station)
    for user in (other, neighbour):
        client.force_login(user)
        url = reverse("stations:liaison_task_done", args=[task.pk])
        assert client.post(url, {"result": "x"}).status_code == 404
    assert not LiaisonTask.objects.visible_to(other).exists()
    assert list(LiaisonTask.objects.visible_to(liaison)) == [task]


def test_one_press_logs_a_role_once(client, liaison, post):
    client.force_login(liaison)
    url = reverse("stations:liaison_log")
    typed = {
        "role": "publicity",
        "words": "发了20份宣传单",
        "on": "2026-01-03",
        "client_key": str(uuid.uuid4()),
    }
    assert client.post(url, typed | {"role": ""}).status_code == 422
    assert client.post(url, typed | {"words": "他收入3000元"}).status_code == 422
    for _press in range(2):
        client.post(url, typed)

    [line] = LiaisonActivity.objects.all()
    assert (line.role, line.on, line.liaison) == ("publicity", date(2026, 1, 3), post)
    Liaison.objects.update(appointed_to=date(2026, 1, 4))
    page = client.post(url, typed | {"client_key": str(uuid.uuid4())})
    assert page.context["form"].non_field_errors()
    assert LiaisonActivity.objects.count() == 1


def test_who_leaves_hands_over_and_the_next_one_confirms(
    client, give, post, liaison, clerk, make_user, village, station, today
):
    task = give(due_on=today - timedelta(days=2))
    lead = Lead.objects.create(
        station=station,
        village=village,
        kind="pay",
        name="老汪",
        phone="13900002648",
        sent_by=liaison,
        client_key=uuid.uuid4(),
    )
    posts.end(post, last_day=today - timedelta(days=1), reason="换届", by=clerk)
    keys = {each.key for each in liaison_work.owed(station, today)}
    assert {f"task-{task.pk}", f"pack-{post.pk}"} <= keys

    client.force_login(clerk)
    for _press in range(2):
        client.post(reverse("stations:hand_over_create", args=[post.pk]))
    pack = HandOver.objects.get()
    assert (pack.leads, pack.tasks) == ([lead.pk], [task.pk])
    text = PdfReader(io.BytesIO(hand_over_paper.render(pack))).pages[0].extract_text()
    assert "老汪" in text
    assert "139****2648" in text
    assert "13900002648" not in text
    with pytest.raises(liaison_work.WorkRefused):
        liaison_work.receive(pack, by=clerk)

    user, following = follow(make_user, post, today)
    client.force_login(user)
    page = client.get(reverse("stations:liaison_tasks"))
    assert list(page.context["packs"]) == [pack]
    assert client.get(reverse("stations:hand_over_page", args=[pack.pk])).status_code == 200
    for _press in range(2):
        client.post(reverse("stations:hand_over_receive", args=[pack.pk]))

    pack.refresh_from_db()
    assert (pack.to_liaison, pack.received_by) == (following, user)
    carried = LiaisonTask.objects.get(liaison=following)
    assert (carried.continues, carried.words, carried.due_on) == (task, task.words, today)
    assert LiaisonTask.objects.open().count() == 1
    assert f"pack-{post.pk}" not in {each.key for each in liaison_work.owed(station, today)}


def test_a_pack_is_not_another_village_s(client, give, post, clerk, make_user, station, today):
    pack = liaison_work.make_pack(post, by=clerk)
    other = make_user("other", "李联络", Role.LIAISON, station)
    client.force_login(other)
    assert client.get(reverse("stations:hand_over_page", args=[pack.pk])).status_code == 404


def test_a_vacancy_of_more_than_thirty_days_is_owed(station, post, today):
    Liaison.objects.update(appointed_to=today - timedelta(days=31))
    Liaison.objects.update(user=None)
    owed = {
        each.key: each
        for each in liaison_work.owed(station, today)
        if each.key == f"vacant-{post.village_id}"
    }
    [vacant] = owed.values()
    assert vacant.due_on == today - timedelta(days=1)
    Liaison.objects.update(appointed_to=today - timedelta(days=30))
    assert f"vacant-{post.village_id}" not in {
        each.key for each in liaison_work.owed(station, today)
    }


def test_the_station_sees_the_log_by_role(client, clerk, officer, post, liaison, give, today):
    give(due_on=today)
    for role in ("guide", "guide", "mediator"):
        liaison_work.log(
            LiaisonActivity(liaison=post, role=role, on=today, client_key=uuid.uuid4()),
            by=liaison,
        )
    client.force_login(clerk)
    page = client.get(
        reverse("stations:liaison_work", args=[post.station_id]), {"role": "guide"}
    )
    assert page.context["page"].paginator.count == 2
    client.force_login(officer)
    page = client.get(reverse("stations:liaison_work_list"))
    [(_station, counts, tasks)] = page.context["rows"]
    assert (sum(counts), tasks["open"], tasks["late"]) == (3, 1, 0)


@pytest.mark.parametrize("count", [2, 5])
def test_the_station_s_page_costs_the_same_for_any_length(
    client, clerk, post, liaison, give, count_queries, today, count
):
    for n in range(count):
        task = give(words=f"第{n}件")
        if n:
            liaison_work.finish(task, result="办了", by=liaison)
    client.force_login(clerk)

    queries, page = count_queries(
        lambda: client.get(reverse("stations:liaison_work", args=[post.station_id]))
    )

    assert len(page.context["closed_tasks"]) == page.context["page"].paginator.count
    assert len(page.context["open_tasks"]) == 1
    assert queries == 12
