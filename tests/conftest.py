"""The same few people everywhere: a station's clerk and head, their neighbour at another station
of the county, the center's and the bureau's people, and a stranger from the next county.
"""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from casework import register
from casework.models import Matter, RegisterEntry
from casework.terms import Channel, Disposal
from stations.models import Appointment, County, DayOff, Division, Liaison, Station, User
from stations.roles import ADMIN_ROLES, CITY_ROLES, COUNTY_ROLES, Role
from stations.terms import Level, LiaisonPost

PASSWORD = "很长的口令-2026-xyz"


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def make_division(db):
    def make(code, name, parent=None, **fields):
        return Division.objects.create(
            code=code,
            name=name,
            level=Level(len(code)),
            parent=parent,
            county_code=code[:6] if len(code) >= 6 else "",
            **fields,
        )

    return make


@pytest.fixture
def city(make_division):
    return make_division("3490", "云岭市", make_division("34", "安徽省"))


@pytest.fixture
def make_county(make_division, city):
    def make(code, name, short_name):
        return County.objects.create(
            division=make_division(code, name, city),
            short_name=short_name,
            bureau_name=f"{name}司法局",
            center_name=f"{name}法律援助中心",
        )

    return make


@pytest.fixture
def county(make_county):
    return make_county("349001", "清山县", "清")


@pytest.fixture
def next_county(make_county):
    return make_county("349002", "白水县", "白")


@pytest.fixture
def make_station(make_division):
    """A station with its township and villages 001–003."""

    def make(county, number, name, villages=3, **fields):
        township = make_division(
            f"{county.division.code}{number:03d}", f"{name}镇", county.division
        )
        for n in range(1, villages + 1):
            make_division(f"{township.code}{200 + n}", f"{name}{n}村", township)
        return Station.objects.create(
            county=county,
            township=township,
            code=township.code,
            name=f"{name}镇法律援助工作站",
            short_name=name,
            opened_on=date(2020, 1, 1),
            **fields,
        )

    return make


@pytest.fixture
def station(make_station, county):
    return make_station(county, 101, "青溪")


@pytest.fixture
def next_station(make_station, county):
    """Another station of the same county."""
    return make_station(county, 102, "石桥")


@pytest.fixture
def far_station(make_station, next_county):
    """A station of the next county."""
    return make_station(next_county, 101, "河口")


@pytest.fixture
def village(station):
    return station.township.children.first()


@pytest.fixture
def make_user(db):
    def make(username, name, role=None, place=None, **fields):
        user = User.objects.create_user(username, PASSWORD, name=name, **fields)
        if role:
            appoint(user, role, place)
        return user

    return make


def appoint(user, role, place, from_on=date(2020, 1, 1), to_on=None):
    """Give a role at a station, a county or a city, whichever the role belongs to."""
    if role in COUNTY_ROLES | ADMIN_ROLES:
        where = {"county": place} if isinstance(place, County) else {"city": place}
    elif role in CITY_ROLES:
        where = {"city": place}
    else:
        where = {"station": place}
    return Appointment.objects.create(
        user=user, role=role, from_on=from_on, to_on=to_on, **where
    )


@pytest.fixture
def clerk(make_user, station):
    return make_user("clerk", "周桂兰", Role.CLERK, station)


@pytest.fixture
def head(make_user, station):
    return make_user("head", "方站长", Role.HEAD, station)


@pytest.fixture
def duty(make_user, station):
    return make_user("duty", "许文静", Role.DUTY, station)


@pytest.fixture
def liaison(make_user, station, village):
    user = make_user("liaison", "石联络", Role.LIAISON, station)
    Liaison.objects.create(
        station=station,
        village=village,
        name=user.name,
        post=LiaisonPost.MEDIATION,
        appointed_from=date(2024, 1, 1),
        user=user,
    )
    return user


@pytest.fixture
def neighbour(make_user, next_station):
    """A clerk at another station of the county."""
    return make_user("neighbour", "陈邻站", Role.CLERK, next_station)


@pytest.fixture
def reviewer(make_user, county):
    return make_user("reviewer", "林若溪", Role.REVIEWER, county)


@pytest.fixture
def director(make_user, county):
    return make_user("director", "唐主任", Role.DIRECTOR, county)


@pytest.fixture
def officer(make_user, county):
    return make_user("officer", "高科长", Role.OFFICER, county)


@pytest.fixture
def inspector(make_user, city):
    return make_user("inspector", "市督查", Role.INSPECTOR, city)


@pytest.fixture
def system_admin(make_user, county):
    return make_user("sysadmin", "系统员", Role.SYSTEM_ADMIN, county)


@pytest.fixture
def security_admin(make_user, county):
    return make_user("secadmin", "安全员", Role.SECURITY_ADMIN, county)


@pytest.fixture
def audit_admin(make_user, county):
    return make_user("auditadmin", "审计员", Role.AUDIT_ADMIN, county)


@pytest.fixture
def stranger(make_user, far_station):
    """A clerk in the next county."""
    return make_user("stranger", "外县人", Role.CLERK, far_station)


@pytest.fixture
def calendar(db):
    return DayOff.objects.calendar()


@pytest.fixture
def matter(db):
    """支付劳动报酬."""
    return Matter.objects.get(code="civil.labour_pay")


def at(year, month, day, hour=10, minute=0):
    """A moment in local time."""
    return timezone.make_aware(datetime(year, month, day, hour, minute))


def unsaved_entry(station, **fields):
    """An entry as a form hands it to `register.record`, with everything a visit must have."""
    defaults = {
        "station": station,
        "channel": Channel.VISIT,
        "occurred_at": timezone.now() - timedelta(minutes=5),
        "name": "吴秋菊",
        "sex": "female",
        "people_groups": ["farmer"],
        "persons": 1,
        "phone": "13900002648",
        "village": station.township.children.first(),
        "matter": Matter.objects.get(code="civil.labour_pay"),
        "statement": "在工地干了三个月，工钱一直没有结清，问怎么要回来。",
        "answer": "可以先向劳动监察投诉，也可以申请法律援助。",
        "disposal": Disposal.ANSWERED,
        "receiver_name": "许文静",
        "is_told_of_right": True,
    }
    return RegisterEntry(**(defaults | fields))


@pytest.fixture
def make_entry(station, clerk):
    """Record one entry, at the station unless another is given."""

    def make(at_station=None, *, by=None, **fields):
        return register.record(unsaved_entry(at_station or station, **fields), by=by or clerk)

    return make
