from datetime import date, timedelta

import pytest
from django.urls import reverse

from casework.models import HardshipStandard
from stations import chores, errands
from stations.duty import months
from stations.files import evidence
from stations.models import (
    Appointment,
    Chore,
    ChoreKind,
    DutyMonth,
    DutySlot,
    Poster,
    StaffPhoto,
)
from stations.roles import Role
from stations.signing_in import accounts
from stations.tasks import refresh_walls
from stations.terms import WallItem
from stations.walls import posters, texts
from tests.conftest import appoint, at
from tests.stations.duty_world import put
from tests.stations.wall_world import TODAY, clock, hang, live, photo, walled

__all__ = ["clock", "walled"]

pytestmark = pytest.mark.django_db


def contents(station, day=TODAY):
    return posters.contents_of(station.county, [station], day)[station.pk]


def test_every_poster_carries_the_station_s_facts_and_the_county_s_text(walled):
    said = contents(walled)
    assert set(said) == set(WallItem)
    for item, content in said.items():
        assert content["phone"] == "0564-000-0011"
        assert content["complaint_phone"] == "0564-000-2148"
        assert content["text"] == texts.default_texts()[item]


def test_a_poster_has_another_digest_exactly_when_it_says_something_else(walled):
    before = live(walled, WallItem.SCOPE, TODAY)
    assert live(walled, WallItem.SCOPE, TODAY) == before
    walled.phone = "0564-000-0099"
    walled.save()
    assert live(walled, WallItem.SCOPE, TODAY) != before
    walled.phone = "0564-000-0011"
    walled.save()
    assert live(walled, WallItem.SCOPE, TODAY) == before


def test_staff_stand_once_each_head_first_and_liaisons_never(
    walled, clerk, head, duty, liaison, neighbour
):
    appoint(head, Role.DUTY, walled)
    staff = contents(walled)["staff"]["staff"]
    assert [(person["name"], person["role"]) for person in staff] == [
        (head.name, "head"),
        (clerk.name, "clerk"),
        (duty.name, "duty"),
    ]


def test_the_roster_of_the_month_stands_there_as_published_and_a_swap_changes_no_paper(
    walled, make_worker, officer, client
):
    month = DutyMonth.objects.create(
        county=walled.county,
        month=date(2026, 11, 1),
        planned_by=officer,
        planned_at=at(2026, 10, 20),
    )
    xu, he = make_worker("许文静"), make_worker("何平")
    slot = DutySlot.objects.create(
        duty_month=month, station=walled, day=date(2026, 11, 10), half="am", worker=xu
    )
    assert "roster" not in contents(walled)["staff"]
    month.published_by, month.published_at = officer, at(2026, 10, 25)
    month.save()
    slot.published_worker = xu
    slot.save()
    before = contents(walled)["staff"]
    assert [(line["day"], line["half"], line["name"]) for line in before["roster"]] == [
        ("2026-11-10", "am", "许文静")
    ]
    assert before["duty_hours"] == "09:00–11:30 14:00–17:00"
    slot.worker = he
    slot.save()
    assert contents(walled)["staff"] == before

    # Whoever scans the paper reads who comes.
    walled.county.parameters = {"public_duty_names": 2}
    walled.county.save()
    twin = client.get(reverse("stations:wall_public_item", args=[walled.code, "staff"]))
    words = twin.content.decode()
    assert "上午 何平" in words
    assert "许文静" not in words
    assert "上午9:00–11:30，下午14:00–17:00" in words


def test_a_published_roster_a_renamed_person_and_new_staff_make_the_wall_old_at_once(
    walled,
    clerk,
    officer,
    reviewer,
    security_admin,
    make_user,
    make_worker,
    client,
    monkeypatch,
    django_capture_on_commit_callbacks,
):
    """Without waiting for the clockwork of the hour."""
    monkeypatch.setattr(errands, "hand_over", lambda _task, county: refresh_walls(county))
    worker = make_worker("许文静", stands_duty=True, licence_to=date(2027, 1, 1))
    worker.annual_check_year = 2025
    worker.save()
    put(walled, worker, date(2026, 11, 10))

    def publish():
        months.publish(walled.county, date(2026, 11, 1), by=officer)

    def rename():
        client.force_login(reviewer)
        page = client.get(reverse("casework:worker_edit", args=[worker.pk]))
        fields = {
            name: page.context["form"][name].value() for name in page.context["form"].fields
        }
        typed = {name: value for name, value in fields.items() if value not in (None, "")}
        answer = client.post(
            reverse("casework:worker_edit", args=[worker.pk]),
            typed | {"name": "许静", "licence_number": "1", "why": "身份证更名"},
        )
        assert answer.status_code == 302

    def engage():
        new = Appointment(
            user=make_user("fang", "方敏"), role=Role.CLERK, station=walled, from_on=TODAY
        )
        accounts.appoint(new, by=security_admin)

    stale = Chore.objects.filter(kind=ChoreKind.WALL, key="stale")
    for act in (publish, rename, engage):
        with django_capture_on_commit_callbacks(execute=True):
            hang(walled, WallItem.STAFF, TODAY, clerk)
        assert not stale.exists()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert stale.get().text == "人员和值班表"


def test_the_standard_of_hardship_comes_from_the_floor_above(walled):
    assert "monthly" not in contents(walled)["hardship"]
    HardshipStandard.objects.create(
        county=walled.county,
        valid_from=date(2026, 1, 1),
        monthly_per_head=2060,
        basis="最低工资标准",
    )
    said = contents(walled)["hardship"]
    assert (said["monthly"], said["valid_from"]) == ("2,060", "2026-01-01")


def test_contents_of_one_and_of_many_stations_cost_the_same(
    walled, make_station, county, django_assert_num_queries
):
    with django_assert_num_queries(5):
        contents(walled)
    stations = [walled, *(make_station(county, 110 + n, f"站{n}") for n in range(4))]
    with django_assert_num_queries(5):
        posters.contents_of(county, stations, TODAY)


def test_what_changed_is_told_in_words_and_long_texts_are_not_repeated():
    before = {"phone": "1", "text": "a\nb", "hours": "工作日"}
    after = {"phone": "2", "text": "a\nc", "hours": "工作日"}
    assert [(str(c.what), c.before, c.after) for c in posters.changes(before, after)] == [
        ("电话", "1", "2"),
        ("县定文字", "", ""),
    ]


def test_a_new_content_is_remembered_once_and_an_old_one_again_when_it_comes_back(
    walled, clock
):
    for day, phone in ((0, "1"), (0, "1"), (1, "2"), (2, "1")):
        walled.phone = phone
        walled.save()
        posters.remember(walled, TODAY + timedelta(days=day))
    states = Poster.objects.filter(station=walled, item=WallItem.SCOPE).order_by("pk")
    assert [state.content["phone"] for state in states] == ["1", "2", "1"]
    assert states[0].digest == states[2].digest
    assert states[0].code.startswith("20261105-")


def test_a_chore_of_the_wall_leads_from_a_changed_fact_to_a_day(walled, clerk, clock):
    for item in WallItem:
        hang(walled, item, TODAY, clerk)
    chores.refresh(walled, ChoreKind.WALL)
    assert not Chore.objects.exists()

    later = clock(date(2026, 11, 9))
    walled.phone = "0564-000-0099"
    walled.save()
    chores.refresh(walled, ChoreKind.WALL)
    chore = Chore.objects.get()
    # Ten working days after Monday the 9th.
    assert (chore.key, chore.since_on, chore.due_on) == ("stale", later, date(2026, 11, 23))
    clock(date(2026, 11, 12))
    chores.refresh(walled, ChoreKind.WALL)
    assert Chore.objects.get().since_on == later


def test_the_newest_photo_of_each_of_the_staff_is_taken(walled, clerk, head):
    for colour in ("red", "green"):
        kept = evidence.add(walled, photo(colour), by=clerk)
        StaffPhoto.objects.create(station=walled, user=head, photo=kept, added_by=clerk)
    assert posters.photos_of(walled) == {head.pk: kept.pk}
