"""The generator of duty rosters: hard rules, fairness among equals, the same plan every time."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.duty.matching import least_cost
from stations.duty.roster import (
    Bar,
    Person,
    Slot,
    StationWish,
    bar,
    check_year_wanted,
    plan,
    wanted_slots,
)
from stations.terms import Half, WeekHalf
from stations.workdays import WorkCalendar

NOVEMBER = date(2026, 11, 1)
OCTOBER = date(2026, 10, 1)
# The first week of October off, two Saturdays worked instead.
CALENDAR = WorkCalendar(
    days_off=frozenset(date(2026, 10, day) for day in range(1, 8)),
    work_days=frozenset({date(2026, 10, 10)}),
)
TUESDAY = Slot(date(2026, 11, 3), Half.MORNING, 1)
LAWYER = Person(
    key=1, joined_on=date(2020, 1, 1), licence_to=date(2027, 12, 31), annual_check_year=2025
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"joined_on": date(2026, 11, 4)}, Bar.NOT_ON_PANEL),
        ({"joined_on": date(2026, 11, 3)}, None),
        ({"left_on": date(2026, 11, 3)}, Bar.NOT_ON_PANEL),
        ({"licence_to": date(2026, 11, 2)}, Bar.LICENCE),
        ({"licence_to": date(2026, 11, 3)}, None),
        ({"licence_to": None}, Bar.LICENCE),
        ({"licence_to": None, "needs_licence": False}, None),
        ({"annual_check_year": 2024}, Bar.ANNUAL_CHECK),
        ({"annual_check_year": None}, Bar.ANNUAL_CHECK),
        ({"annual_check_year": None, "needs_check": False}, None),
        ({"annual_check_year": None, "practising_since": date(2026, 3, 1)}, None),
        ({"annual_check_year": None, "practising_since": date(2025, 3, 1)}, Bar.ANNUAL_CHECK),
        ({"stations": frozenset({2})}, Bar.STATION),
        ({"stations": frozenset({1, 2})}, None),
        ({"half_days": frozenset({"2pm", "3am"})}, Bar.HALF_DAY),
        ({"half_days": frozenset({"2am"})}, None),
        ({"away": frozenset({(date(2026, 11, 3), "am")})}, Bar.AWAY),
        ({"away": frozenset({(date(2026, 11, 3), "pm")})}, None),
    ],
)
def test_a_person_is_barred_by_licence_check_leave_place_and_time(changes, expected):
    assert bar(replace(LAWYER, **changes), TUESDAY, check_until_month=6) == expected


def test_the_check_of_last_year_is_asked_for_once_the_spring_is_over():
    assert check_year_wanted(date(2026, 6, 30), until_month=6) == 2024
    assert check_year_wanted(date(2026, 7, 1), until_month=6) == 2025


def test_a_make_up_saturday_is_open_to_everybody_on_the_panel():
    saturday = Slot(date(2026, 10, 10), Half.MORNING, 1)

    assert (
        bar(replace(LAWYER, half_days=frozenset({"2am"})), saturday, check_until_month=6)
        is None
    )


# ── Which half-days ─────────────────────────────────────────────────────────────────────


def weeks_of(slots):
    weeks = defaultdict(list)
    for slot in slots:
        weeks[slot.station, slot.day.isocalendar().week].append(slot)
    return weeks


def test_every_station_has_its_half_days_in_every_week_and_none_on_a_day_off():
    wishes = [StationWish(n, f"34900110{n}", per_week=1 + n % 2) for n in range(1, 6)]

    slots = wanted_slots(wishes, [LAWYER], OCTOBER, CALENDAR)

    weeks = weeks_of(slots)
    # Week 40 is off but for nothing; 41 has Thursday to Saturday; 44 belongs to October.
    assert {week for _station, week in weeks} == {41, 42, 43, 44}
    assert all(len(found) == 1 + station % 2 for (station, _w), found in weeks.items())
    assert all(CALENDAR.is_working_day(slot.day) for slot in slots)


def test_a_week_parted_by_the_month_belongs_to_the_part_with_more_working_days():
    wish = [StationWish(1, "349001101", per_week=1)]

    september = wanted_slots(wish, [LAWYER], date(2026, 9, 1), WorkCalendar())
    october = wanted_slots(wish, [LAWYER], OCTOBER, WorkCalendar())

    # 28 to 30 September are three working days, 1 and 2 October two.
    assert sorted(slot.day.isocalendar().week for slot in september) == [36, 37, 38, 39, 40]
    assert sorted(slot.day.isocalendar().week for slot in october) == [41, 42, 43, 44]


def test_a_station_keeps_its_own_half_days_all_month_and_begins_when_it_opens():
    wish = StationWish(
        1, "349001101", 1, half_days=frozenset({"2am"}), opened_on=date(2026, 11, 9)
    )

    slots = wanted_slots([wish], [LAWYER], NOVEMBER, WorkCalendar())

    assert [(slot.day.day, slot.half) for slot in slots] == [(10, "am"), (17, "am"), (24, "am")]


def test_half_days_are_chosen_where_people_can_come():
    people = [replace(LAWYER, key=n, half_days=frozenset({"4pm"})) for n in range(4)]
    wishes = [StationWish(n, "", per_week=1) for n in range(3)]

    slots = wanted_slots(wishes, people, NOVEMBER, WorkCalendar())

    assert {(slot.day.isoweekday(), slot.half) for slot in slots} == {(4, "pm")}
    assert not plan(slots, people).unfilled


# ── Who ─────────────────────────────────────────────────────────────────────────────────

SPECIALITIES = ["labour", "family", "land", "traffic"]
DAYS = [date(2026, 11, day) for day in range(2, 14)]


@st.composite
def panels(draw):
    """Random people over few stations and days, so that they get in one another's way."""
    shapes = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "licence_to": st.sampled_from([date(2026, 11, 5), date(2027, 1, 1), None]),
                    "annual_check_year": st.sampled_from([2025, 2025, 2025, 2023]),
                    "stations": st.sets(st.integers(1, 4), max_size=2).map(frozenset),
                    "half_days": st.sets(st.sampled_from(WeekHalf.values), max_size=4).map(
                        frozenset
                    ),
                    "away": st.sets(
                        st.tuples(st.sampled_from(DAYS), st.sampled_from(Half.values)),
                        max_size=4,
                    ).map(frozenset),
                    "specialities": st.sets(st.sampled_from(SPECIALITIES), max_size=3).map(
                        frozenset
                    ),
                    "township_code": st.sampled_from(["1", "2", "3", "4", ""]),
                    "stood_before": st.integers(0, 30),
                }
            ),
            min_size=1,
            max_size=5,
        )
    )
    people = []
    for shape in shapes:
        # Several of each, so that there are equals.
        for _n in range(draw(st.integers(1, 3))):
            people.append(replace(LAWYER, key=len(people) + 1, **shape))
    slots = draw(
        st.sets(
            st.builds(
                Slot,
                st.sampled_from(DAYS),
                st.sampled_from(Half.values),
                st.integers(1, 4),
                st.sampled_from(["1", "2"]),
            ),
            max_size=40,
        )
    )
    # One half-day of a station once, whatever its township was drawn.
    once = {(slot.moment, slot.station): slot for slot in sorted(slots)}
    return list(once.values()), people


@settings(max_examples=120, deadline=None)
@given(panels())
def test_no_hard_rule_is_ever_broken_and_equals_differ_by_one_at_most(panel):
    slots, people = panel
    by_key = {person.key: person for person in people}

    made = plan(slots, people)

    assert set(made.people) | set(made.unfilled) == set(slots)
    assert not set(made.people) & set(made.unfilled)
    moments = Counter((key, slot.moment) for slot, key in made.people.items())
    assert not moments or max(moments.values()) == 1
    for slot, key in made.people.items():
        assert bar(by_key[key], slot, check_until_month=6) is None
    for slot, why in made.unfilled.items():
        # Everybody is accounted for, and whoever is free of a rule stands elsewhere then.
        assert why.total() == len(people)
        for person in people:
            assert (
                bar(person, slot, check_until_month=6) is not None
                or moments[person.key, slot.moment]
            )
    load = Counter(made.people.values())
    equals = defaultdict(list)
    for person in people:
        may = frozenset(
            slot for slot in slots if bar(person, slot, check_until_month=6) is None
        )
        equals[may].append(load[person.key])
    assert all(max(loads) - min(loads) <= 1 for loads in equals.values())
    # The same in any order of asking.
    again = plan(reversed(slots), people[::-1])
    assert again == made


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda rows: st.lists(
            st.lists(st.integers(0, 30), min_size=5, max_size=5), min_size=rows, max_size=rows
        )
    )
)
def test_the_matching_costs_no_more_than_any_other(costs):
    found = least_cost(costs)

    assert len(set(found)) == len(costs)
    cost = sum(row[column] for row, column in zip(costs, found, strict=True))
    assert cost == min(
        sum(row[column] for row, column in zip(costs, columns, strict=True))
        for columns in permutations(range(5), len(costs))
    )


def test_a_name_set_by_hand_stays_and_counts():
    people = [replace(LAWYER, key=n) for n in (1, 2)]
    slots = [Slot(day, Half.MORNING, 1) for day in DAYS[:3]]

    made = plan(slots, people, fixed={slots[0]: 1})

    assert made.people[slots[0]] == 1
    assert Counter(made.people.values()) in ({1: 2, 2: 1}, {1: 1, 2: 2})


def test_of_equals_whoever_sits_there_goes_there():
    people = [replace(LAWYER, key=n, township_code=str(n)) for n in range(1, 5)]
    slots = [Slot(DAYS[n], Half.MORNING, n, str(n)) for n in range(1, 5)]

    made = plan(slots, people)

    assert all(str(key) == slot.township_code for slot, key in made.people.items())


def test_a_station_sees_different_specialities_over_the_month():
    people = [
        replace(LAWYER, key=n, specialities=frozenset({SPECIALITIES[n % 2]})) for n in range(4)
    ]
    slots = [Slot(day, Half.MORNING, station) for station in (1, 2) for day in DAYS[:2]]

    made = plan(slots, people)

    for station in (1, 2):
        seen = [
            people[key].specialities
            for slot, key in made.people.items()
            if slot.station == station
        ]
        assert len(set(seen)) == 2


def test_an_unfilled_half_day_says_how_many_people_each_rule_bars():
    people = [
        replace(LAWYER, key=1, licence_to=date(2026, 11, 1)),
        replace(LAWYER, key=2, away=frozenset({TUESDAY.moment})),
        replace(LAWYER, key=3),
    ]
    other = replace(TUESDAY, station=2)

    made = plan([TUESDAY, other], people)

    assert list(made.people.values()) == [3]
    [why] = made.unfilled.values()
    assert why == Counter({Bar.LICENCE: 1, Bar.AWAY: 1, Bar.ELSEWHERE: 1})


def test_forty_one_stations_and_a_hundred_and_twenty_people_take_no_time():
    people = [
        replace(
            LAWYER,
            key=n,
            township_code=str(n % 41),
            half_days=frozenset(WeekHalf.values[n % 7 : n % 7 + 4]),
            stations=frozenset({n % 41, (n + 7) % 41, (n + 19) % 41}) if n % 3 else frozenset(),
            specialities=frozenset({SPECIALITIES[n % 4]}),
            away=frozenset(
                (NOVEMBER + timedelta(days=(n + d) % 30), half)
                for d in range(4)
                for half in Half.values
            ),
        )
        for n in range(120)
    ]
    wishes = [StationWish(n, str(n), per_week=1 + n % 2) for n in range(41)]

    slots = wanted_slots(wishes, people, NOVEMBER, WorkCalendar())
    made = plan(slots, people)

    assert len(slots) == 4 * (41 + 20)
    assert len(made.people) == len(slots)
