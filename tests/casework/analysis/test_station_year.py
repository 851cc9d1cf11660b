"""A station's year: the same for one as among all, by the days it was open, its rows with pages."""

from datetime import date, timedelta

import pytest
from django.urls import resolve

from casework.analysis import Tally, days_of, rows_behind, station_year
from casework.analysis.year_rows import ROWS
from tests.assessment.made_year import YEAR, MadeYear, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(station, next_station, clerk, head, reviewer, director, officer):
    return MadeYear(
        station, clerk=clerk, head=head, reviewer=reviewer, director=director, officer=officer
    ).write()


def test_one_station_s_year_is_the_same_alone_as_among_all(made, county, next_station):
    whole = station_year(county, on(1, 1), on(12, 31))

    assert set(whole) == {made.station.pk, next_station.pk}
    for station in (made.station, next_station):
        alone = station_year(county, on(1, 1), on(12, 31), only=station)
        assert alone == {station.pk: whole[station.pk]}
    assert whole[next_station.pk].tallies["entries_complete"] == Tally(0, 0)
    assert whole[next_station.pk].entries == 0
    assert len(whole[next_station.pk].silent_months) == 12


def test_only_the_days_a_station_was_open_are_its_year(made, county, next_station):
    next_station.opened_on, next_station.closed_on = on(3, 10), on(9, 21)
    next_station.save()

    year = station_year(county, on(1, 1), on(12, 31))[next_station.pk]

    assert (year.first, year.through) == (on(3, 10), on(9, 20))
    assert [month.month for month in year.months] == [3, 4, 5, 6, 7, 8]
    assert days_of(next_station, on(10, 1), on(12, 31)) is None
    assert next_station.pk not in station_year(county, on(10, 1), on(12, 31))


def test_the_rows_behind_every_figure_are_as_many_as_it_says(made, county):
    year = station_year(county, on(1, 1), on(12, 31))[made.station.pk]
    for name in ROWS.keys() - {"grants_before"}:
        rows = rows_behind(name, made.station, on(1, 1), on(12, 31))

        assert Tally(sum(row.is_counted for row in rows), len(rows)) == year.tallies[name]
        assert len(rows) == len({row.pk for row in rows}) > 0
        assert all(row.label and on(1, 1) <= row.day <= on(12, 31) for row in rows)
        assert [row.day for row in rows] == sorted((row.day for row in rows), reverse=True)
        # An answer of a visitor has no page of its own.
        assert name == "satisfied" or all(resolve(row.url).kwargs for row in rows)


def test_the_grants_of_the_year_before_are_what_that_year_counted(made, county):
    then = rows_behind("grants", made.station, on(1, 1), on(12, 31))
    first, last = date(YEAR + 1, 1, 1), date(YEAR + 1, 12, 31)

    after = station_year(county, first, last)[made.station.pk]
    rows = rows_behind("grants_before", made.station, first, last)

    assert [row.pk for row in rows] == [row.pk for row in then]
    assert after.tallies["grants_before"] == Tally(len(then), len(then))


def test_what_was_typed_weeks_before_is_no_entry_of_the_year(made, county, make_entry):
    """An entry of December typed in January is a day of use of the new year, not its entry."""
    before = station_year(county, on(1, 1), on(12, 31))[made.station.pk]
    old = made.station.entries.order_by("pk").first()
    made.station.entries.filter(pk=old.pk).update(
        occurred_at=old.occurred_at - timedelta(days=20),
        recorded_at=old.occurred_at + timedelta(days=5),
    )

    after = station_year(county, on(1, 1), on(12, 31))[made.station.pk]

    assert after.entries == before.entries - 1
    assert date(2025, 1, 8) in after.used_days
