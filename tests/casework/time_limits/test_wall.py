"""The wall of time limits: groups by urgency, sums by clock, the same cost for any number."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.models import Deadline
from casework.rules import deadlines as limits
from casework.terms import Status
from casework.time_limits import clocks
from casework.time_limits.wall import grouped, most_urgent, wall
from stations.models import DayOff
from stations.roles import Role
from tests.conftest import at

pytestmark = pytest.mark.django_db

# Wednesday 4 March 2026, two days after the papers came.
NOW = at(2026, 3, 4, 11)


@pytest.fixture
def application(make_application):
    application = make_application(received_at=at(2026, 3, 2))
    clocks.stop_all(application)
    return application


@pytest.fixture
def board(county):
    def look(**asked):
        return wall(
            Deadline.objects.running(),
            calendar=DayOff.objects.calendar(county),
            now=NOW,
            **asked,
        )

    return look


def clock(application, number, **fields):
    deadline = clocks.start(application, number, at=at(2026, 3, 2))
    Deadline.objects.filter(pk=deadline.pk).update(**fields)
    return deadline


def day(n):
    return NOW.date() + timedelta(days=n)


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"due_on": day(-1)}, "over"),
        ({"due_on": day(0)}, "today"),
        ({"due_on": day(1)}, "soon"),
        ({"due_on": day(3)}, "soon"),
        ({"due_on": day(4)}, "later"),
        ({"due_on": day(-1), "is_paused": True}, "paused"),
        ({"due_on": day(-1), "is_shadow": True}, "trial"),
        ({"due_on": day(0), "due_at": at(2026, 3, 4, 10)}, "over"),
        ({"due_on": day(0), "due_at": at(2026, 3, 4, 12)}, "today"),
    ],
)
def test_each_clock_stands_in_the_group_of_its_urgency(application, fields, group):
    clock(application, limits.DECISION, **fields)

    assert [row.group for row in grouped(Deadline.objects.all(), NOW).running()] == [group]


def test_the_wall_counts_groups_and_clocks_alike(application, make_application, board):
    clock(application, limits.DECISION, due_on=day(-1))
    clock(application, limits.SERVICE, due_on=day(0))

    found = board()

    assert {group.key: group.count for group in found.groups if group.count} == {
        "over": 1,
        "today": 1,
    }
    assert [(each.limit.number, each.count, each.over) for each in found.totals] == [
        (limits.DECISION, 1, 1),
        (limits.SERVICE, 1, 0),
    ]
    assert found.count == 2


def test_a_row_says_whose_it_is_by_which_article_and_how_much_is_left(application, board):
    clock(application, limits.DECISION)
    clock(application, limits.FORWARDING)
    clocks.start(application, limits.SUPPLEMENT, at=NOW, set_days=10)

    rows = {row.limit.number: row for group in board().groups for row in group.rows}

    assert {number: str(row.basis) for number, row in rows.items()} == {
        limits.DECISION: "《法律援助法》第四十三条",
        limits.FORWARDING: "县规定",
        limits.SUPPLEMENT: "通知书写明",
    }
    # The station holds the file: the decision waits for it too.
    assert (rows[limits.FORWARDING].who, rows[limits.DECISION].who) == ("青溪", "青溪")
    assert rows[limits.DECISION].clock.label == "还剩5天"


def test_papers_asked_for_by_the_center_are_the_center_s_clock(make_application, board):
    application = make_application(status=Status.IN_REVIEW)
    clocks.stop_all(application)
    clocks.start(application, limits.SUPPLEMENT, at=NOW)

    assert [row.who for group in board().groups for row in group.rows] == ["县中心审查员"]
    assert not Deadline.objects.running().owed_by(Role.CLERK).exists()
    assert Deadline.objects.running().owed_by(Role.REVIEWER).exists()


def test_one_group_alone_comes_in_pages(application, board):
    clock(application, limits.DECISION, due_on=day(-1))
    clock(application, limits.SERVICE, due_on=day(0))

    found = board(show="over", page="1")

    assert [group.key for group in found.groups if group.rows] == ["over"]
    assert (found.page.paginator.count, found.count) == (1, 2)


def test_one_clock_alone_leaves_the_sums_of_all(application, board):
    clock(application, limits.DECISION, due_on=day(-1))
    clock(application, limits.SERVICE, due_on=day(0))

    found = board(number=limits.SERVICE)

    assert (found.count, len(found.totals)) == (1, 2)


def test_nothing_runs(board):
    assert (board().count, board().totals, board().has_rows) == (0, (), False)


def test_a_desk_names_the_first_and_counts_the_rest(application, county):
    for number in (limits.DECISION, limits.SERVICE, limits.ASSIGNMENT):
        clock(application, number, due_on=day(-1))

    rows, counts = most_urgent(
        Deadline.objects.running(), calendar=DayOff.objects.calendar(county), now=NOW, shown=2
    )

    assert (len(rows), counts["over"], counts["today"]) == (2, 3, 0)


# ── The page ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("clerk", True),
        ("reviewer", True),
        ("officer", True),
        ("neighbour", False),
        ("stranger", False),
    ],
)
def test_everybody_sees_the_clocks_of_their_own_scope(client, request, application, role, sees):
    clock(application, limits.DECISION)
    client.force_login(request.getfixturevalue(role))

    page = client.get(reverse("casework:clock_wall"))

    assert (page.context["wall"].count == 1) == sees
    assert ("吴长根" in page.content.decode()) == sees


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("at=station", 2),
        ("at=center", 1),
        ("at=bureau", 0),
        ("clock=9", 1),
        ("clock=999&at=nonsense&show=nonsense&page=x&station=x", 3),
    ],
)
def test_the_address_narrows_the_wall(client, officer, application, query, count):
    for number in (limits.DECISION, limits.FORWARDING, limits.SERVICE):
        clock(application, number)
    client.force_login(officer)

    page = client.get(f"{reverse('casework:clock_wall')}?{query}")

    assert (page.status_code, page.context["wall"].count) == (200, count)


def test_a_station_is_chosen_by_the_county_only(client, clerk, officer, next_station):
    for user, is_there in ((clerk, False), (officer, True)):
        client.force_login(user)
        page = client.get(reverse("casework:clock_wall"))
        assert ("station" in page.context["filter"].fields) == is_there


@pytest.mark.parametrize("count", [1, 12])
def test_the_wall_costs_the_same_for_any_number(
    client, reviewer, make_application, count, django_assert_num_queries
):
    for n in range(count):
        application = make_application(id_number="", name=f"申请人{n}")
        clocks.stop_all(application)
        clock(application, limits.DECISION, due_on=timezone.localdate())
        clock(application, limits.SERVICE, due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(reviewer)
    client.get(reverse("casework:clock_wall"))

    with django_assert_num_queries(11):
        page = client.get(reverse("casework:clock_wall"))

    assert page.context["wall"].count == 2 * count
