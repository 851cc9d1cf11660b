"""Asked before? On both sides? What is said of it, and to whom."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from casework.intake import conflicts
from casework.models import AidMatter, Application, Party
from casework.rules.sentiment import same_name
from stations.models import AidUnit, AidWorker
from stations.privacy import keyed_hash
from tests.conftest import unsaved_application

pytestmark = pytest.mark.django_db

ID, OTHER_ID, OPPONENT_ID = "341525196504120016", "341525201710120010", "341525198406170027"
COMPANY = "清山恒砚木业有限公司"


def party(name, side="opponent", id_number=""):
    return Party(
        side=side,
        kind="person",
        name=name,
        name_key=same_name(name),
        id_number=id_number,
        id_hash=keyed_hash(id_number),
    )


@pytest.fixture
def others(make_application):
    """Receive an earlier application with its parties."""

    def make(at_station=None, *, parties=(), days_ago=0, **fields):
        application = make_application(at_station, **({"id_number": OTHER_ID} | fields))
        for row in parties:
            row.application = application
            row.save()
        if days_ago:
            Application.objects.filter(pk=application.pk).update(
                received_at=timezone.now() - timedelta(days=days_ago)
            )
        return application

    return make


@pytest.fixture
def check(station, clerk):
    """Compare an application that is being typed."""

    def run(parties=(), *, user=None, **fields):
        typed = unsaved_application(station, **({"id_number": ID} | fields))
        typed.id_hash = keyed_hash(typed.id_number)
        typed.phone_hash = keyed_hash(typed.phone)
        typed.agent_id_hash = keyed_hash(typed.agent_id_number)
        return conflicts.check(
            typed, list(parties), user=user or clerk, today=timezone.localdate()
        )

    return run


def test_nothing_is_said_where_nobody_is_known(check, others):
    others(name="别人", phone="13911112222")

    assert check([party(COMPANY)]).is_clear


def test_the_same_person_with_the_same_matter_and_other_side_comes_first(check, others):
    other_matter = others(id_number=ID, aid_matter=AidMatter.objects.get(code="31-4"))
    same = others(id_number=ID, parties=[party(f"（清山）{COMPANY[2:]}")])
    found = check([party(COMPANY)]).matches

    assert [match.number for match in found] == [same.number, other_matter.number]
    assert found[0].reason == "同一证件号码，同一事，同一对方"
    assert (found[0].is_same_matter, found[1].is_same_matter) == (True, False)


def test_a_name_matches_with_the_phone_or_the_village_and_neither_alone(check, others, station):
    elsewhere = station.township.children.last()
    others(name="吴长根", phone="13900003390", village=elsewhere)
    others(name="吴长根", phone="13911110000")
    others(name="吴长根", phone="13911110000", village=elsewhere)
    others(name="李桂英", phone="13900003390")
    found = check(id_number="").matches

    assert [match.reason for match in found] == ["同一电话，同名，同一事", "同村同名，同一事"]


def test_namesakes_of_a_village_with_two_numbers_are_two_persons(check, others):
    others(name="吴长根", phone="13911110000")

    assert not check().matches
    others(name="吴长根", phone="13911110000", id_number="")
    assert len(check().matches) == 1


@pytest.mark.parametrize(("days", "count"), [(300, 1), (364, 1), (367, 0)])
def test_only_twelve_months_are_looked_back_over(check, others, days, count):
    others(id_number=ID, days_ago=days)

    assert len(check().matches) == count


def test_of_another_station_only_number_and_station_are_said(check, others, next_station):
    other = others(next_station, id_number=ID, village=next_station.township.children.first())
    [match] = check().matches

    assert match.application is None
    assert (match.number, match.station) == (other.number, next_station.short_name)


def test_the_center_may_open_what_it_is_told_of(check, others, next_station, reviewer):
    other = others(next_station, id_number=ID, village=next_station.township.children.first())

    assert check(user=reviewer).matches[0].application == other


def test_the_next_county_is_not_asked(check, others, far_station):
    others(far_station, id_number=ID, village=far_station.township.children.first())

    assert check().is_clear


def test_no_more_than_three_are_shown(check, others):
    for _n in range(5):
        others(id_number=ID)

    assert len(check().matches) == 3


def test_an_application_is_not_its_own_double(others, clerk):
    application = others(id_number=ID)

    assert conflicts.check(application, [], user=clerk, today=timezone.localdate()).is_clear


def test_others_against_the_same_side_are_counted(check, others):
    for n in range(3):
        others(name=f"工友{n}", phone=f"1391111000{n}", parties=[party(COMPANY)])
    others(name="旧案", phone="13911110009", parties=[party(COMPANY)], days_ago=400)

    assert check([party("清山 恒砚木业有限公司")]).same_opponent == 3
    assert check([party("冯某")]).same_opponent == 0


def test_whoever_applies_here_and_is_the_other_side_there_is_named(check, others):
    there = others(name="李桂英", phone="13911112222", parties=[party("吴长根", id_number=ID)])
    [conflict] = check().conflicts

    assert conflict.application == there
    assert conflict.reason == "本件申请人在该件中是对方"


def test_whoever_applies_together_is_looked_for_on_both_sides(check, others):
    against = others(parties=[party("韩梅")])
    together = others(parties=[party("韩兵", "co_applicant", OPPONENT_ID)])

    [theirs] = check([party("韩梅", "co_applicant")]).conflicts
    [ours] = check([party("韩兵", id_number=OPPONENT_ID)]).conflicts
    assert (theirs.number, theirs.reason) == (
        against.number,
        "本件申请人在该件中是对方（同名）",
    )
    assert (ours.number, ours.reason) == (together.number, "本件对方在该件中是申请人")


def test_the_same_name_alone_is_said_to_be_no_more(check, others):
    others(name="李桂英", phone="13911112222", parties=[party("吴长根")])

    assert check().conflicts[0].reason == "本件申请人在该件中是对方（同名）"


def test_the_same_name_with_another_number_is_somebody_else(check, others):
    others(
        name="李桂英",
        phone="13911112222",
        parties=[party("吴长根", id_number=OPPONENT_ID)],
    )

    assert check().conflicts == ()


def test_the_other_side_here_that_applied_there_is_named(check, others):
    there = others(name="郑强", id_number=OPPONENT_ID)
    [conflict] = check([party("郑强", id_number=OPPONENT_ID)]).conflicts

    assert conflict.number == there.number
    assert conflict.reason == "本件对方在该件中是申请人"


def test_an_agent_on_both_sides_is_named(check, others):
    others(
        name="郑强",
        phone="13911112222",
        agent_name="周大勇",
        agent_reason="entrusted",
        agent_kind="entrusted",
    )
    [conflict] = check([party("周大勇", "opponent_agent")]).conflicts

    assert conflict.reason == "本件对方在该件中是代理人（同名）"


@pytest.mark.parametrize(
    ("side", "reason"),
    [
        ("opponent", "本县法律援助人员郑法是本件当事人（同名）"),
        ("opponent_agent", "本县法律援助人员郑法代理对方（同名）"),
    ],
)
def test_an_aid_worker_of_the_county_in_the_matter_is_named(check, county, side, reason):
    unit = AidUnit.objects.create(county=county, name="清山律师事务所", kind="firm")
    AidWorker.objects.create(unit=unit, name="郑法", kind="lawyer", joined_on=date(2020, 1, 1))

    assert [each.reason for each in check([party("郑法", side)]).conflicts] == [reason]


def test_a_worker_who_has_left_or_works_elsewhere_is_not(check, county, next_county):
    for place, left_on in ((county, date(2021, 1, 1)), (next_county, None)):
        unit = AidUnit.objects.create(county=place, name="律师事务所", kind="firm")
        AidWorker.objects.create(
            unit=unit, name="郑法", kind="lawyer", joined_on=date(2020, 1, 1), left_on=left_on
        )

    assert check([party("郑法")]).is_clear


def test_of_a_conflict_at_another_station_only_the_number_is_said(check, others, next_station):
    there = others(
        next_station,
        name="郑强",
        id_number=OPPONENT_ID,
        village=next_station.township.children.first(),
    )
    [conflict] = check([party("郑强", id_number=OPPONENT_ID)]).conflicts

    assert conflict.application is None
    assert conflict.number == there.number


@pytest.mark.parametrize("count", [1, 8])
def test_it_costs_the_same_for_one_and_for_many(
    check, others, clerk, count, django_assert_max_num_queries
):
    for n in range(count):
        others(id_number=ID, parties=[party(COMPANY), party(f"甲{n}", "opponent_agent")])
        others(name="郑强", id_number=OPPONENT_ID)
    clerk.posts  # noqa: B018
    with django_assert_max_num_queries(11):
        check([party("郑强", id_number=OPPONENT_ID), party(COMPANY)], agent_name="甲0")


@given(some.text(max_size=12), some.text(max_size=12))
def test_no_name_breaks_the_comparison(name, other):
    person = conflicts._person(name, "")
    assert conflicts._same(person, same_name(other), "") in {0, 1}
    assert conflicts._same(conflicts._person(other, "x"), same_name(name), "x") == 2
