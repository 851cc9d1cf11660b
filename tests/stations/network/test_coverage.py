"""The network's figures: the arithmetic as tables, the totals as properties, the past by rows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.models import Liaison
from stations.network import divisions
from stations.network.coverage import (
    Coverage,
    DivisionRow,
    LiaisonRow,
    State,
    StationRow,
    coverage,
    fold,
    percent,
    vacancy_clock,
    vacant_since,
)
from stations.network.mosaic import mosaic
from stations.terms import Level, LiaisonPost

DAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("last_day", "opened_on", "began_on", "since"),
    [
        (date(2026, 10, 1), date(2020, 1, 1), None, date(2026, 10, 2)),
        (None, date(2020, 1, 1), None, date(2020, 1, 1)),
        (None, date(2020, 1, 1), date(2025, 7, 1), date(2025, 7, 1)),
        (None, None, date(2025, 7, 1), date(2025, 7, 1)),
        (None, None, None, None),
    ],
)
def test_vacancy_begins_after_the_last_liaison_or_with_the_station_or_the_village(
    last_day, opened_on, began_on, since
):
    assert vacant_since(last_day=last_day, opened_on=opened_on, began_on=began_on) == since


@pytest.mark.parametrize(
    ("days_vacant", "state"),
    [
        (1, "calm"),
        (14, "calm"),
        (15, "half"),
        (22, "half"),
        (23, "near"),
        (30, "near"),
        (31, "over"),
    ],
)
def test_vacancy_clock_turns_as_the_days_go(days_vacant, state):
    since = DAY - timedelta(days=days_vacant - 1)

    clock = vacancy_clock(since, DAY, 30)

    assert clock.state == state
    assert clock.due_on == since + timedelta(days=29)


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(17, 18, "94.4"), (2, 3, "66.7"), (1, 16, "6.3"), (0, 4, "0.0")]
)
def test_percent_has_one_decimal_half_up(part, whole, text):
    assert percent(part, whole) == Decimal(text)


def test_percent_of_nothing_is_nothing():
    assert percent(0, 0) is None


@st.composite
def networks(draw):
    """Townships with and without station and villages, liaisons of every kind."""
    rows, stations, liaisons = [], [], []
    for t in range(1, draw(st.integers(0, 5)) + 1):
        rows.append(DivisionRow(t, f"341525{t:03d}", f"镇{t}", Level.TOWNSHIP, 0, None))
        if draw(st.booleans()):
            stations.append(
                StationRow(
                    t, t, f"站{t}", "", draw(st.booleans()), DAY - timedelta(days=500), None
                )
            )
        for v in range(1, draw(st.integers(0, 9)) + 1):
            pk = t * 100 + v
            rows.append(
                DivisionRow(pk, f"341525{t:03d}{v:03d}", f"村{pk}", Level.VILLAGE, t, None)
            )
            kind = draw(st.sampled_from(["none", "open", "acting", "left"]))
            if kind != "none":
                left = DAY - timedelta(days=draw(st.integers(1, 400)))
                liaisons.append(
                    LiaisonRow(
                        pk, pk, "石", kind == "acting", left if kind == "left" else None, ""
                    )
                )
    return rows, stations, liaisons


@given(networks())
def test_totals_add_up(network):
    rows, stations, liaisons = network

    figures = fold(
        DAY, divisions=rows, stations=stations, liaisons=liaisons, continues={}, vacancy_days=30
    )

    villages = [row for row in rows if row.level == Level.VILLAGE]
    assert figures.total == len(villages)
    assert figures.in_post + figures.acting + figures.vacant == figures.total
    assert figures.covered == figures.total - len(figures.gaps)
    assert figures.stations == len(stations)
    assert sum(township.total for township in figures.townships) == figures.total
    ages = [village.vacant_since or date.min for _township, village in figures.gaps]
    assert ages == sorted(ages)
    assert figures.longest_days == max(
        (village.days_vacant or 0 for _township, village in figures.gaps), default=0
    )


@given(networks())
def test_picture_shows_every_post_once(network):
    rows, stations, liaisons = network
    figures = fold(
        DAY, divisions=rows, stations=stations, liaisons=liaisons, continues={}, vacancy_days=30
    )

    tiles = mosaic(figures)

    assert sum(tile.full.count("M") for tile in tiles) == figures.in_post
    assert sum(tile.half_edge.count("M") for tile in tiles) == figures.acting
    assert sum(tile.empty.count("M") for tile in tiles) == figures.vacant


def appoint(village, station, from_on, to_on=None, **fields):
    return Liaison.objects.create(
        village=village,
        station=station,
        name=fields.pop("name", "石联络"),
        post=LiaisonPost.DIRECTOR,
        appointed_from=from_on,
        appointed_to=to_on,
        **fields,
    )


def states(figures):
    return [village.state for township in figures.townships for village in township.villages]


def test_a_county_counts_present_acting_and_vacant_posts(county, station, next_station):
    first, second, third = station.township.children.order_by("code")
    appoint(first, station, date(2024, 1, 1))
    appoint(second, station, date(2024, 1, 1), is_acting=True)
    appoint(third, station, date(2024, 1, 1), date(2026, 9, 25), ended_reason="换届")

    figures = coverage(county, DAY)

    assert states(figures)[:3] == [State.IN_POST, State.ACTING, State.VACANT]
    assert (figures.in_post, figures.acting, figures.vacant, figures.total) == (1, 1, 4, 6)
    gap = figures.townships[0].gaps[0]
    assert (gap.vacant_since, gap.days_vacant, gap.note) == (date(2026, 9, 26), 41, "换届")
    assert gap.clock.state == "over"


def test_a_past_day_shows_who_was_there_then(county, station):
    village = station.township.children.first()
    appoint(village, station, date(2024, 1, 1), date(2025, 6, 30))

    assert states(coverage(county, date(2025, 6, 30)))[0] == State.IN_POST
    assert states(coverage(county, date(2025, 7, 1)))[0] == State.VACANT
    assert states(coverage(county, date(2023, 12, 31)))[0] == State.VACANT


def test_a_day_before_the_station_opened_shows_no_station(county, station):
    assert coverage(county, date(2019, 12, 31)).stations == 0
    assert coverage(county, date(2020, 1, 1)).stations == 1


def test_a_closed_station_is_missing_from_its_closing_day(county, station):
    station.closed_on = date(2026, 3, 1)
    station.save()

    township = coverage(county, DAY).townships[0]

    assert township.state == State.VACANT
    assert (township.vacant_since, township.days_vacant) == (date(2026, 3, 1), 250)
    assert coverage(county, date(2026, 2, 28)).stations == 1


def test_a_renamed_township_keeps_its_station_in_past_and_present(county, station, officer):
    divisions.rename(station.township, name="新溪镇", on=date(2026, 6, 1), by=officer)

    before, after = coverage(county, date(2026, 5, 31)), coverage(county, DAY)

    assert [t.name for t in before.townships] == ["青溪镇"]
    assert [t.name for t in after.townships] == ["新溪镇"]
    assert before.stations == after.stations == 1
    assert before.total == after.total == 3


def test_a_vacancy_goes_on_when_its_village_is_renamed(county, station, officer):
    village = station.township.children.order_by("code").first()
    appoint(village, station, date(2024, 1, 1), date(2026, 1, 31))

    divisions.rename(village, name="新村", on=date(2026, 6, 1), by=officer)

    gap = coverage(county, DAY).townships[0].villages[0]
    assert (gap.name, gap.vacant_since) == ("新村", date(2026, 2, 1))


def test_townships_without_villages_and_counties_without_townships_are_counted(
    county, next_county, make_station
):
    make_station(county, 400, "开发区", villages=0)

    zone = coverage(county, DAY)

    assert (zone.stations, zone.total, zone.rate) == (1, 0, None)
    assert coverage(next_county, DAY) == Coverage(DAY, 30, ())


@pytest.mark.parametrize("villages", [1, 8])
def test_coverage_costs_three_queries_for_any_county(
    county, make_station, villages, django_assert_num_queries
):
    for n in range(villages):
        station = make_station(county, 101 + n, f"镇{n}", villages=villages)
        appoint(station.township.children.first(), station, date(2024, 1, 1))

    with django_assert_num_queries(3):
        figures = coverage(county, DAY)

    assert figures.in_post == villages
