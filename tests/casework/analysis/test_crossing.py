"""A month divided two ways: sums, the rows behind each number, what was sent, wrong questions."""

import io
import json
from datetime import date
from itertools import permutations
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from casework.analysis import crossing as crossings
from casework.analysis import monthly_analysis
from casework.analysis.crossing import Axis, axes_of, crossing_of
from casework.forms.filters import EntryFilter
from casework.models import Matter
from casework.register import writing
from casework.reports import months
from stations.network import divisions
from tests.conftest import at

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def other_village(station):
    return station.township.children.order_by("code")[1]


@pytest.fixture
def entries(station, next_station, make_entry, village, other_village):
    """Seven that count, of two stations, and four that do not."""
    land = Matter.objects.exclude(parent=None).exclude(code__startswith="civil.").first()

    def enter(day=5, at_station=None, **fields):
        return make_entry(
            at_station, occurred_at=at(2026, 3, day), **({"sex": "male"} | fields)
        )

    made = [
        enter(village=village, sex="female", people_groups=["farmer"]),
        enter(village=village, people_groups=["farmer"], channel="call"),
        enter(village=other_village, people_groups=["farmer"], matter=land),
        enter(village=None, people_groups=[], sex="", is_anonymous=True, name="", matter=land),
        enter(village=village, people_groups=["migrant_worker"], channel="letter"),
        enter(at_station=next_station, people_groups=["elderly"]),
        enter(at_station=next_station, village=None, people_groups=["farmer"], channel="call"),
    ]
    writing.declare_void(enter(), reason="重复", by=made[0].recorded_by)
    make_entry(occurred_at=at(2026, 2, 27))
    make_entry(occurred_at=at(2026, 4, 1, hour=0))
    return made


@pytest.fixture
def report(station, entries):
    return months.open_month(station, MARCH)


@pytest.fixture
def county_report(county, entries):
    return months.open_month(county, MARCH)


def cells(crossing):
    """{(row name, column name): entries} of all but the empty cells."""
    return {
        (row.name, column.name): cell.value
        for row in crossing.rows
        for column, cell in zip(crossing.columns, row.cells, strict=True)
        if cell
    }


def links(page):
    """[(the number shown, the filters of its address)] of every linked number."""
    for part in page.content.decode().split('class="fig" href="')[1:]:
        address, rest = part.split('"', 1)
        number = int(rest.split(">", 1)[1].split("<", 1)[0].replace(",", ""))
        yield number, QueryDict(urlsplit(address.replace("&amp;", "&")).query)


def cross(client, report, **axes):
    return client.get(reverse("casework:report_cross", args=[report.pk]), axes)


@pytest.mark.parametrize("whose", ["report", "county_report"])
def test_cells_add_up_to_the_figures_of_the_report(request, whose):
    report = request.getfixturevalue(whose)
    analysis = monthly_analysis(report.place, MARCH)
    by_name = {
        Axis.CHANNEL: {line.label: line.count.value for line in analysis.channels},
        Axis.MATTER: {line.label: line.count.value for line in analysis.classes},
        Axis.LEAF: {line.label: line.count.value for line in analysis.matters},
        Axis.GROUP: {line.label: line.count.value for line in analysis.groups},
    }

    for rows, columns in permutations(axes_of(report), 2):
        crossing = crossing_of(report, rows=rows, columns=columns)

        assert crossing.total.value == analysis.totals.entries.value
        for row in crossing.rows:
            if rows in by_name:
                assert row.total.value == by_name[rows].get(row.name, 1)
            if columns != Axis.GROUP:
                assert sum(cell.value for cell in row.cells) == row.total.value
        if rows != Axis.GROUP:
            assert sum(row.total.value for row in crossing.rows) == crossing.total.value
            for n, column in enumerate(crossing.columns):
                assert sum(row.cells[n].value for row in crossing.rows) == column.total.value


def test_a_station_sees_which_people_group_came_from_which_village(
    report, village, other_village
):
    crossing = crossing_of(report, rows="village", columns="group")

    assert cells(crossing) == {
        (village.name, "妇女"): 1,
        (village.name, "农民"): 2,
        (village.name, "农民工"): 1,
        (other_village.name, "农民"): 1,
        ("村居不详", "人群未填"): 1,
    }
    # Three entries of the village, one of them of two groups.
    assert crossing.rows[0].total.value == 3
    assert [row.name for row in crossing.rows] == [village.name, other_village.name, "村居不详"]
    assert crossing.has_groups


def test_a_county_sees_its_stations_beside_one_another_and_villages_with_their_township(
    county_report, village, station, next_station
):
    by_station = crossing_of(county_report, rows="station", columns="channel")
    villages = [
        row.name for row in crossing_of(county_report, rows="village", columns="station").rows
    ]

    assert cells(by_station) == {
        ("青溪", "来电"): 1,
        ("青溪", "来访"): 3,
        ("青溪", "来信"): 1,
        ("石桥", "来电"): 1,
        ("石桥", "来访"): 1,
    }
    assert f"青溪镇{village.name}" in villages
    assert villages[-1] == "村居不详"


@pytest.mark.parametrize("is_sent", [False, True])
def test_every_number_opens_just_the_entries_it_counts(
    client, clerk, head, director, report, county_report, is_sent
):
    if is_sent:
        report = months.send(report, by=head)
    for reader, one in ((clerk, report), (director, county_report)):
        client.force_login(reader)
        for rows, columns in (("group", "matter"), ("leaf", "village")):
            found = list(links(cross(client, one, rows=rows, columns=columns)))

            assert len(found) > 8
            assert all(("report" in query) == one.is_frozen for _number, query in found)
            for number, query in found:
                assert EntryFilter(query, reader).queryset().count() == number, query


def test_a_sent_report_keeps_its_rows_whatever_is_written_later(
    head, report, entries, make_entry, village
):
    sent = months.send(report, by=head)
    before = crossing_of(sent, rows="matter", columns="village")

    make_entry(occurred_at=at(2026, 3, 9), village=village)
    writing.declare_void(entries[0], reason="重复", by=head)

    assert crossing_of(sent, rows="matter", columns="village") == before
    sent.status = "open"
    assert crossing_of(sent, rows="matter", columns="village").total.value == 5


def test_many_columns_turn_the_table_and_the_smallest_stand_together(
    report, village, monkeypatch
):
    monkeypatch.setattr(crossings, "MOST_COLUMNS", 2)

    turned = crossing_of(report, rows="matter", columns="village")
    folded = crossing_of(report, rows="village", columns="channel")

    assert (turned.is_turned, turned.rows_by, turned.together) == (True, "village", 0)
    assert not folded.is_turned
    assert folded.together == 2
    assert [(column.name, column.total.value) for column in folded.columns] == [
        ("来访", 3),
        ("其他", 2),
    ]
    assert cells(folded)[village.name, "其他"] == 2


def test_others_open_just_the_entries_of_the_columns_put_together(
    client, director, county_report, monkeypatch, make_entry, other_village, village
):
    monkeypatch.setattr(crossings, "MOST_COLUMNS", 2)
    client.force_login(director)
    for rows, columns in (
        ("village", "channel"),
        ("channel", "leaf"),
        ("channel", "village"),
        ("leaf", "station"),
    ):
        crossing = crossing_of(county_report, rows=rows, columns=columns)
        found = list(links(cross(client, county_report, rows=rows, columns=columns)))

        numbers = [cell for row in crossing.rows for cell in row.cells if cell]
        assert len(found) == len(numbers) + len(crossing.rows) + len(crossing.columns) + 1
        for number, query in found:
            assert EntryFilter(query, director).queryset().count() == number, query


def test_page_workbook_and_command_show_one_table_over_one_month_or_several(
    client, director, county_report, county, make_entry
):
    make_entry(occurred_at=at(2025, 5, 6))
    client.force_login(director)
    counted = {}
    for span in ("month", "year", "twelve"):
        asked = {"rows": "station", "columns": "channel", "span": span}
        page = cross(client, county_report, **asked)
        crossing = page.context["crossing"]
        said = io.StringIO()
        call_command(
            *("analyse_month", "2026-03", "--county", "349001", "--json", "--span", span),
            *("--cross", "station", "channel"),
            stdout=said,
        )
        address = reverse("casework:report_cross_excel", args=[county_report.pk])
        file = client.get(address, asked)
        [sheet] = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).sheet_names
        rows = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue()))
        table = rows.get_sheet_by_name(sheet).to_python()

        assert json.loads(said.getvalue()) == crossing.as_json()
        assert [[str(part) for part in row] for row in table[2:]] == [
            ["工作站", "合计", *(str(line.name) for line in crossing.columns)],
            *(
                [row.name, *(f"{figure.value}.0" for figure in (row.total, *row.cells))]
                for row in crossing.rows
            ),
            ["合计", *(f"{line.total.value}.0" for line in (crossing, *crossing.columns))],
        ]
        counted[span] = crossing.total.value
        for number, query in links(page):
            assert EntryFilter(query, director).queryset().count() == number, query

    assert counted == {"month": 7, "year": 8, "twelve": 9}


def test_a_wrong_question_and_an_empty_month_get_a_sentence(client, clerk, report, station):
    client.force_login(clerk)
    empty = months.open_month(station, date(2026, 1, 1))

    for axes, sentence in (
        ({"rows": "weather"}, "不能按这一项划分"),
        ({"columns": ""}, "不能按这一项划分"),
        # A station's report has one station only.
        ({"rows": "station"}, "不能按这一项划分"),
        ({"rows": "matter", "columns": "matter"}, "行和列选了同一项"),
        ({"rows": "leaf", "columns": "matter"}, "行和列选了同一项"),
    ):
        page = cross(client, report, **axes)
        assert page.status_code == 200
        assert sentence in page.content.decode()
        assert page.context["crossing"] is None
    assert "本月没有登记" in cross(client, empty).content.decode()
    assert list(links(cross(client, empty))) == []


def test_the_table_costs_the_same_for_any_number_of_entries(
    client, clerk, report, make_entry, count_queries, other_village
):
    client.force_login(clerk)
    few, _page = count_queries(lambda: cross(client, report, rows="matter", columns="village"))
    for day in range(10, 15):
        make_entry(occurred_at=at(2026, 3, day), village=other_village)

    many, page = count_queries(lambda: cross(client, report, rows="matter", columns="village"))

    assert page.context["crossing"].total.value == 10
    assert many == few


def test_the_city_reads_numbers_without_links(client, inspector, county_report):
    client.force_login(inspector)

    page = cross(client, county_report)

    assert page.context["crossing"].total.value == 7
    assert list(links(page)) == []


def test_a_sent_report_names_its_villages_as_they_were_called(
    head, director, officer, report, county_report, village
):
    sent = [
        months.send(report, by=head),
        months.send(county_report, by=director, note="石桥站未报"),
    ]
    before = [crossing_of(one, rows="village", columns="channel") for one in sent]

    divisions.rename(village, name="新名村", on=timezone.localdate(), by=officer)
    divisions.rename(report.station.township, name="新镇", on=timezone.localdate(), by=officer)

    assert [crossing_of(one, rows="village", columns="channel") for one in sent] == before
    assert "新镇新名村" in [
        row.name
        for row in crossing_of(sent[1], rows="village", columns="channel", span="year").rows
    ]
