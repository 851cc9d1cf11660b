"""Who lacks what, since when: places by kinds, their rows, the workbook."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from stations.lacks import Row, fold
from stations.models import Chore, ChoreKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def owe(today):
    """Let a place owe something since so many days, due in so many."""

    def make(place, kind, title="换公示牌", *, since=5, due=None, key=None):
        where = "county" if hasattr(place, "bureau_name") else "station"
        return Chore.objects.create(
            **{where: place},
            kind=kind,
            key=key or title,
            roles=["clerk", "head"] if where == "station" else ["officer"],
            title=title,
            url="/",
            act="去办",
            since_on=today - timedelta(days=since),
            due_on=None if due is None else today + timedelta(days=due),
        )

    return make


def test_a_grid_adds_up_and_keeps_places_that_lack_nothing():
    rows = [
        ("1", ChoreKind.WALL, 2, date(2026, 11, 1), 1),
        ("1", ChoreKind.TRAINING, 1, date(2026, 10, 1), 0),
        ("2", ChoreKind.WALL, 3, date(2026, 9, 1), 0),
    ]
    grid = fold([Row("1", "青溪"), Row("2", "石桥"), Row("3", "河口")], rows)
    assert [row.name for row in grid.rows] == ["青溪", "石桥", "河口"]
    assert grid.kinds == (ChoreKind.WALL, ChoreKind.TRAINING)
    assert grid.rows[2].total is None
    assert (grid.rows[0].total.count, grid.rows[0].total.since_on) == (3, date(2026, 10, 1))
    assert (grid.total.count, grid.total.overdue) == (6, 1)
    assert grid.totals[ChoreKind.WALL].since_on == date(2026, 9, 1)


def test_the_worst_may_be_listed_first_and_who_lacks_nothing_stays_last():
    places = [Row("1", "青溪"), Row("2", "石桥"), Row("3", "河口")]
    rows = [
        ("2", ChoreKind.WALL, 2, date(2026, 11, 1), 2),
        ("3", ChoreKind.TRAINING, 5, date(2026, 9, 1), 1),
    ]

    def names(order):
        return [row.name for row in fold(places, rows, order=order).rows]

    assert names("") == ["青溪", "石桥", "河口"]
    assert names("late") == ["石桥", "河口", "青溪"]
    assert names("many") == names("old") == ["河口", "石桥", "青溪"]


def test_the_county_sees_stations_by_kinds_and_its_own_line(
    client, officer, county, station, next_station, owe
):
    owe(station, ChoreKind.WALL, due=-2)
    owe(next_station, ChoreKind.TRAINING)
    owe(county, ChoreKind.COMPLAINT)
    client.force_login(officer)
    page = client.get(reverse("stations:chore_list"))
    grid = page.context["grid"]
    assert [row.name for row in grid.rows] == ["县本级", "青溪", "石桥"]
    assert grid.rows[1].lacks[ChoreKind.WALL].overdue == 1
    late = client.get(reverse("stations:chore_list"), {"late": "1"}).context["grid"]
    assert late.total.count == 1


def test_a_station_sees_its_own_line_only(client, clerk, county, station, next_station, owe):
    owe(next_station, ChoreKind.WALL)
    owe(county, ChoreKind.SIGN)
    owe(station, ChoreKind.WALL)
    client.force_login(clerk)
    grid = client.get(reverse("stations:chore_list")).context["grid"]
    assert [row.name for row in grid.rows] == ["青溪"]
    assert grid.total.count == 1
    # One line of a grid is no grid: the station reads its rows at once.
    assert [
        row.title for row in client.get(reverse("stations:chore_list")).context["rows"]
    ] == ["换公示牌"]
    rows = client.get(reverse("stations:chore_rows"), {"station": next_station.pk})
    assert rows.context["page"].paginator.count == 0
    # What others do is named, and is no link to a page that answers "not you".
    requests = reverse("stations:duty_requests")
    Chore.objects.update(url=requests, roles=["head"])
    words = client.get(reverse("stations:chore_list")).content.decode()
    assert "由站长办理" in words
    assert f'href="{requests}"' not in words


def test_the_city_sees_counties_then_stations_and_no_words(
    client, inspector, county, next_county, station, far_station, owe
):
    owe(station, ChoreKind.LIAISON, "石联络离任移交")
    owe(county, ChoreKind.COMPLAINT, "投诉三号")
    owe(far_station, ChoreKind.WALL)
    client.force_login(inspector)
    address = reverse("stations:chore_list")
    grid = client.get(address).context["grid"]
    assert {row.name: row.total.count for row in grid.rows} == {"清山县": 2, "白水县": 1}
    inside = client.get(address, {"county": "349001"}).context["grid"]
    assert [row.name for row in inside.rows] == ["县本级", "青溪"]
    text = client.get(reverse("stations:chore_rows"), {"county": "349001"}).content.decode()
    assert "石联络" not in text
    assert "投诉三号" not in text
    book = client.get(reverse("stations:chore_export"), {"county": "349001"})
    assert "石联络" not in str(sheets(book))
    paper = client.get(reverse("stations:chore_print"), {"county": "349001"})
    text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "清山县" in text
    assert "石联络" not in text


def sheets(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_the_workbook_holds_just_what_is_filtered(client, officer, station, owe):
    owe(station, ChoreKind.WALL, "=换牌", due=-3)
    owe(station, ChoreKind.TRAINING, "补训")
    client.force_login(officer)
    grid, rows = sheets(client.get(reverse("stations:chore_export"), {"kind": "wall"}))
    assert [row[2] for row in rows[1:]] == ["'=换牌"]
    assert rows[1][6] == 3
    assert "补训" not in str(grid)


def test_the_page_costs_the_same_for_one_and_many(
    client, officer, county, station, make_station, owe, count_queries
):
    owe(station, ChoreKind.WALL)
    client.force_login(officer)
    address = reverse("stations:chore_list")
    one, _page = count_queries(lambda: client.get(address))
    for n in range(4):
        owe(make_station(county, 120 + n, f"第{n}"), ChoreKind.WALL)
    many, page = count_queries(lambda: client.get(address))
    assert page.context["grid"].total.count == 5
    assert many == one
