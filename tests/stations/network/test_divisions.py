"""Renames, splits and mergers: history keeps its names, what goes on follows, the rest is refused."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from stations.models import (
    Appointment,
    ContactPoint,
    County,
    Division,
    DivisionEvent,
    Liaison,
    Station,
)
from stations.network import divisions
from stations.network.divisions import ChangeRefused, NewDivision
from stations.terms import DivisionChange, LiaisonPost
from tests.conftest import appoint

DAY = date(2026, 6, 1)
EVE = DAY - timedelta(days=1)


@pytest.fixture
def villages(station):
    return list(station.township.children.order_by("code"))


@pytest.fixture
def make_liaison(station):
    def make(village, from_on=date(2024, 1, 1), to_on=None, at=None, **fields):
        return Liaison.objects.create(
            village=village,
            station=at or station,
            name="石联络",
            post=LiaisonPost.DIRECTOR,
            appointed_from=from_on,
            appointed_to=to_on,
            **fields,
        )

    return make


def open_point(village, station):
    return ContactPoint.objects.create(
        village=village, station=station, name="联系点", opened_on=date(2023, 1, 1)
    )


def days(liaisons):
    return [
        (row.village.name, row.appointed_from, row.appointed_to)
        for row in liaisons.select_related("village").order_by("appointed_from")
    ]


def test_a_renamed_village_begins_anew_and_its_liaison_goes_on(
    station, villages, make_liaison, officer
):
    old = villages[0]
    make_liaison(old)
    open_point(old, station)

    effects = divisions.rename(old, name="新村", on=DAY, by=officer, paper="民政函〔2026〕3号")

    old.refresh_from_db()
    new = effects.begun[0]
    assert (old.name, old.valid_to) == ("青溪1村", DAY)
    assert (new.code, new.name, new.valid_from, new.continues) == (old.code, "新村", DAY, old)
    assert days(Liaison.objects) == [
        ("青溪1村", date(2024, 1, 1), EVE),
        ("新村", DAY, None),
    ]
    assert list(
        ContactPoint.objects.order_by("opened_on").values_list("village__name", "closed_on")
    ) == [("青溪1村", DAY), ("新村", None)]
    event = DivisionEvent.objects.get()
    assert (event.change, event.paper) == (DivisionChange.RENAME, "民政函〔2026〕3号")
    assert [list(event.from_divisions.all()), list(event.to_divisions.all())] == [[old], [new]]


def test_an_entry_keeps_the_name_its_village_had(station, villages, make_entry, officer):
    entry = make_entry(village=villages[0])

    divisions.rename(villages[0], name="新村", on=timezone.localdate(), by=officer)

    entry.refresh_from_db()
    assert entry.village.name == "青溪1村"
    assert "新村" in station.township.children.filter(valid_to=None).values_list(
        "name", flat=True
    )


def test_a_liaison_who_began_later_moves_whole(villages, make_liaison, officer):
    make_liaison(villages[0], from_on=DAY + timedelta(days=10))

    divisions.rename(villages[0], name="新村", on=DAY, by=officer)

    assert days(Liaison.objects) == [("新村", DAY + timedelta(days=10), None)]


def test_a_liaison_who_left_after_the_day_is_divided_with_the_reason(
    villages, make_liaison, officer
):
    make_liaison(villages[0], to_on=DAY + timedelta(days=10), ended_reason="换届")

    divisions.rename(villages[0], name="新村", on=DAY, by=officer)

    assert days(Liaison.objects) == [
        ("青溪1村", date(2024, 1, 1), EVE),
        ("新村", DAY, DAY + timedelta(days=10)),
    ]
    assert Liaison.objects.get(village__name="新村").ended_reason == "换届"


def test_a_renamed_township_keeps_station_and_villages(station, villages, officer):
    effects = divisions.rename(station.township, name="新溪镇", on=DAY, by=officer)

    station.refresh_from_db()
    assert station.township == effects.begun[0]
    assert list(station.township.children.order_by("code")) == villages


def test_a_renamed_county_stays_the_same_county(county, station, officer):
    divisions.rename(county.division, name="清山区", on=DAY, by=officer)

    county = County.objects.get(pk=county.pk)
    assert str(county) == "清山区"
    assert station.township in Division.objects.of_county(county)


def test_a_renamed_city_keeps_its_inspector(city, county, inspector, officer):
    divisions.rename(city, name="云山市", on=DAY, by=officer)

    assert Appointment.objects.get(user=inspector).city.name == "云山市"
    assert list(County.objects.visible_to(inspector)) == [county]


def test_of_a_split_village_the_first_part_goes_on(station, villages, make_liaison, officer):
    make_liaison(villages[0])
    code = station.township.code

    divisions.split(
        villages[0],
        parts=[NewDivision(f"{code}201", "东村"), NewDivision(f"{code}299", "西村")],
        on=DAY,
        by=officer,
    )

    assert Liaison.objects.get(appointed_to=None).village.name == "东村"
    west = Division.objects.get(name="西村")
    assert (west.continues, west.valid_from, west.parent) == (None, DAY, station.township)


def test_a_split_township_sends_its_villages_where_they_are_told(
    station, villages, make_liaison, officer
):
    make_liaison(villages[1])
    county_code = station.county.division.code

    effects = divisions.split(
        station.township,
        parts=[
            NewDivision(f"{county_code}101", "青溪镇"),
            NewDivision(f"{county_code}150", "北溪乡"),
        ],
        villages={villages[0].pk: 0, villages[1].pk: 1, villages[2].pk: 1},
        on=DAY,
        by=officer,
    )

    station.refresh_from_db()
    south, north = effects.begun
    assert station.township == south
    assert [row.code for row in south.children.all()] == [f"{county_code}101201"]
    assert [row.code for row in north.children.all()] == [
        f"{county_code}150202",
        f"{county_code}150203",
    ]
    carried = Liaison.objects.get(appointed_to=None)
    assert (carried.village.parent, carried.village.continues) == (north, villages[1])
    assert {village.pk for village in station.township.continues.children.all()} == {
        village.pk for village in villages
    }


def test_of_merged_villages_the_chosen_one_goes_on(station, villages, make_liaison, officer):
    stays, leaves = make_liaison(villages[1]), make_liaison(villages[0])
    open_point(villages[0], station)

    effects = divisions.merge(
        villages[:2],
        into=NewDivision(villages[0].code, "大村"),
        carries_on=villages[1],
        on=DAY,
        by=officer,
    )

    new = effects.begun[0]
    assert new.continues == villages[1]
    assert Liaison.objects.get(appointed_to=None).village == new
    leaves.refresh_from_db()
    stays.refresh_from_db()
    assert leaves.appointed_to == stays.appointed_to == EVE
    assert ContactPoint.objects.get().closed_on == DAY
    assert effects.liaisons_ended == [leaves]


def test_of_merged_townships_one_station_goes_on_and_takes_over(
    county, station, next_station, make_liaison, make_user, officer
):
    village = next_station.township.children.first()
    user = make_user("liaison2", "储联络")
    appoint(user, "liaison", next_station)
    make_liaison(village, at=next_station, user=user)

    effects = divisions.merge(
        [station.township, next_station.township],
        into=NewDivision(f"{county.division.code}101", "清溪镇"),
        carries_on=station.township,
        on=DAY,
        by=officer,
    )

    station.refresh_from_db()
    next_station.refresh_from_db()
    assert station.township == effects.begun[0]
    assert next_station.closed_on == DAY
    assert station.township.children.filter(valid_to=None).count() == 6
    carried = Liaison.objects.get(appointed_to=None)
    assert (carried.station, carried.village.parent) == (station, station.township)
    assert [(post.station, post.to_on) for post in user.appointments.order_by("from_on")] == [
        (next_station, EVE),
        (station, None),
    ]


def test_villages_of_merged_townships_get_different_codes(
    county, station, next_station, officer
):
    divisions.merge(
        [station.township, next_station.township],
        into=NewDivision(f"{county.division.code}160", "清溪镇"),
        carries_on=station.township,
        on=DAY,
        by=officer,
    )

    codes = Division.objects.villages().filter(valid_to=None).values_list("code", flat=True)
    assert sorted(code[-3:] for code in codes) == ["201", "202", "203", "204", "205", "206"]


def refusals():
    def future(v, t, by):
        divisions.rename(v[0], name="新村", on=timezone.localdate() + timedelta(days=1), by=by)

    def same_name(v, t, by):
        divisions.rename(v[0], name=v[0].name, on=DAY, by=by)

    def twice(v, t, by):
        divisions.rename(v[0], name="新村", on=DAY, by=by)
        divisions.rename(v[0], name="新新村", on=DAY + timedelta(days=3), by=by)

    def before_last_change(v, t, by):
        effects = divisions.rename(v[0], name="新村", on=DAY, by=by)
        divisions.rename(effects.begun[0], name="旧村", on=DAY, by=by)

    def short_code(v, t, by):
        divisions.merge(v[:2], into=NewDivision("123", "大村"), carries_on=v[0], on=DAY, by=by)

    def foreign_code(v, t, by):
        divisions.merge(
            v[:2], into=NewDivision("999999999999", "大村"), carries_on=v[0], on=DAY, by=by
        )

    def taken_code(v, t, by):
        divisions.merge(
            v[:2], into=NewDivision(v[2].code, "大村"), carries_on=v[0], on=DAY, by=by
        )

    def one_alone(v, t, by):
        divisions.merge(
            v[:1], into=NewDivision(v[0].code, "大村"), carries_on=v[0], on=DAY, by=by
        )

    def one_part(v, t, by):
        divisions.split(v[0], parts=[NewDivision(v[0].code, "东村")], on=DAY, by=by)

    def same_parts(v, t, by):
        parts = [NewDivision(v[0].code, "东村"), NewDivision(v[0].code, "西村")]
        divisions.split(v[0], parts=parts, on=DAY, by=by)

    def unplaced_villages(v, t, by):
        parts = [NewDivision(t.code, "东镇"), NewDivision(f"{t.code[:6]}188", "西镇")]
        divisions.split(t, parts=parts, villages={}, on=DAY, by=by)

    return [value for name, value in sorted(locals().items()) if callable(value)]


@pytest.mark.parametrize("attempt", refusals(), ids=lambda attempt: attempt.__name__)
def test_a_wrong_change_is_refused_with_a_sentence(station, villages, officer, attempt):
    with pytest.raises(ChangeRefused) as refusal:
        attempt(villages, station.township, officer)

    assert str(refusal.value).strip()


def test_a_refused_change_leaves_everything(station, villages, officer):
    before = list(Division.objects.values())

    with pytest.raises(ChangeRefused):
        divisions.split(
            station.township,
            parts=[
                NewDivision(station.township.code, "东镇"),
                NewDivision(f"{station.county.division.code}188", "西镇"),
            ],
            on=DAY,
            by=officer,
        )

    assert list(Division.objects.values()) == before
    assert not DivisionEvent.objects.exists()


def test_villages_of_two_townships_are_not_merged(station, next_station, officer):
    villages = [station.township.children.first(), next_station.township.children.first()]

    with pytest.raises(ChangeRefused):
        divisions.merge(
            villages,
            into=NewDivision(villages[0].code, "大村"),
            carries_on=villages[0],
            on=DAY,
            by=officer,
        )


def test_townships_of_two_counties_are_not_merged(station, far_station, officer):
    with pytest.raises(ChangeRefused):
        divisions.merge(
            [station.township, far_station.township],
            into=NewDivision(station.township.code, "大镇"),
            carries_on=station.township,
            on=DAY,
            by=officer,
        )


def test_a_merger_cannot_drop_the_only_station(county, station, make_division, officer):
    bare = make_division(f"{county.division.code}300", "开发区", county.division)

    with pytest.raises(ChangeRefused):
        divisions.merge(
            [station.township, bare],
            into=NewDivision(bare.code, "开发区"),
            carries_on=bare,
            on=DAY,
            by=officer,
        )

    assert Station.objects.get().closed_on is None
