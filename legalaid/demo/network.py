"""The county's divisions, stations, liaisons and accounts."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from stations.models import (
    Appointment,
    ContactPoint,
    County,
    Division,
    Liaison,
    Station,
    User,
)
from stations.roles import ADMIN_ROLES, CITY_ROLES, COUNTY_ROLES, Role
from stations.terms import DutyKind, Level, LiaisonPost, Sex

from . import (
    CITY_CODE,
    COUNTY_CODE,
    PASSWORD,
    POSTS,
    SILENT_STATION,
    VACANT_TOWNSHIP,
    facts,
)

APPOINTED_ON = date(2024, 1, 1)
# How many days ago the last liaison left, for the villages now vacant.
VACANT_SINCE = (6, 19, 34, 52, 88, 131, 210)
# The township without a station was looked after from the county town until so many days ago.
LEFT_ALONE_SINCE = 46
ACTING = 8
REASONS_OF_LEAVING = ("外出务工", "换届后不再担任", "身体原因", "调镇里工作")


def build_divisions():
    """Save the divisions that are not there yet; return the current ones by code."""
    wanted = facts.divisions()
    known = {
        division.code: division
        for division in Division.objects.filter(
            code__in=[code for code, _name in wanted], valid_to=None
        )
    }
    for code, name in wanted:
        if code not in known:
            parent_code = max((c for c in known if code.startswith(c)), key=len, default=None)
            known[code] = Division.objects.create(
                code=code,
                name=name,
                level=Level(len(code)),
                parent=known.get(parent_code),
                county_code=code[:6] if len(code) >= 6 else "",
            )
    return known


def build_county(divisions):
    return County.objects.create(
        division=divisions[COUNTY_CODE],
        short_name="霍",
        bureau_name="霍山县司法局",
        center_name="霍山县法律援助中心",
        complaint_phone="0564-000-2148",
        complaint_address="霍山县衡山镇司法局一楼来访接待室",
        complaint_fax="0564-000-2149",
        complaint_email="tousu@huoshan.example",
    )


def build_stations(county, divisions):
    """Open the stations; return [(station, its facts)]."""
    opened = []
    for number, fact in enumerate(facts.stations(), 1):
        township = divisions[fact.township]
        station = Station.objects.create(
            county=county,
            township=township,
            code=township.code,
            name=f"{township.name}法律援助工作站",
            short_name=fact.short_name,
            host_type=fact.host_type,
            host_name=f"{township.name}司法所",
            has_dedicated_staff=fact.has_dedicated_staff,
            is_acting=fact.is_acting,
            address=fact.address,
            phone=f"0564-000-{number * 11:04d}",
            phone_2="12348" if fact.has_dedicated_staff else "",
            hours=fact.hours,
            opened_on=date.fromisoformat(fact.opened_on),
        )
        opened.append((station, fact))
    return opened


def build_accounts(county, divisions, stations, population):
    """Give every role its person; return {station: its staff, clerk first}.

    Only the accounts of POSTS have a password; the other stations' people are names in the
    register until an administrator gives them one.
    """
    by_code = {station.code: station for station, _fact in stations}
    staff = {station: {} for station in by_code.values()}
    # Made once: it is slow on purpose.
    password = make_password(PASSWORD)
    for post in POSTS:
        user = User.objects.create(
            username=post.username,
            password=password,
            name=post.name,
            phone=population.phone(),
            duty_kind=DutyKind.LAWYER if post.role == Role.DUTY else "",
            is_demo=True,
        )
        if post.role in CITY_ROLES:
            place = {"city": divisions[CITY_CODE]}
        elif post.role in COUNTY_ROLES | ADMIN_ROLES:
            place = {"county": county}
        else:
            place = {"station": by_code[post.code[: Level.TOWNSHIP]]}
            staff[place["station"]][post.role] = user
        Appointment.objects.create(
            user=user, role=post.role, from_on=APPOINTED_ON, to_on=None, **place
        )
    for station, posts in staff.items():
        for role in (Role.CLERK, Role.HEAD, Role.DUTY):
            if role not in posts:
                posts[role] = _colleague(station, role, DutyKind.GRASSROOTS, population)
    lawyers = [
        _colleague(station, Role.DUTY, DutyKind.LAWYER, population)
        for station in list(staff)[::4]
    ]
    for number, (station, posts) in enumerate(staff.items()):
        # Four stations share one lawyer of the county town.
        lawyer = lawyers[number // 4]
        Appointment.objects.get_or_create(
            user=lawyer,
            role=Role.DUTY,
            station=station,
            to_on=None,
            defaults={"from_on": APPOINTED_ON},
        )
        staff[station] = [posts[Role.CLERK], posts[Role.DUTY], lawyer, posts[Role.HEAD]]
    return staff


def _colleague(station, role, duty_kind, population):
    person = population.person(None, on=APPOINTED_ON, ages=(29, 57))
    user = User(
        username=f"{station.code}-{'lawyer' if duty_kind == DutyKind.LAWYER else role}",
        name=person.name,
        phone=person.phone,
        duty_kind=duty_kind if role == Role.DUTY else "",
        is_demo=True,
    )
    if role == Role.DUTY and duty_kind == DutyKind.GRASSROOTS:
        user.username = f"{station.code}-duty"
    user.set_unusable_password()
    user.save()
    Appointment.objects.create(user=user, role=role, station=station, from_on=APPOINTED_ON)
    return user


def build_liaisons(stations, population, today):
    """Appoint a liaison to most villages; leave some vacant since different days, some acting."""
    random = population.random
    accounts = {
        post.code: User.objects.get(username=post.username)
        for post in POSTS
        if post.role == Role.LIAISON
    }
    county_town = stations[0][0]
    alone = list(Division.objects.filter(parent__code=VACANT_TOWNSHIP))
    villages = [
        (station, village)
        for station, _fact in stations
        for village in station.township.children.all()
    ]
    free = [pair for pair in villages if pair[1].code not in accounts]
    chosen = [village for _station, village in random.sample(free, len(VACANT_SINCE) + ACTING)]
    acting = set(chosen[-ACTING:])
    left = dict(zip(chosen, VACANT_SINCE, strict=False)) | dict.fromkeys(
        alone, LEFT_ALONE_SINCE
    )
    liaisons, points = [], []
    for station, village in [*villages, *((county_town, village) for village in alone)]:
        name = facts.place_name(village.name)
        user = accounts.get(village.code)
        # Both liaisons with an account are women.
        sex = Sex.FEMALE if user else ""
        person = population.person(village, on=today, sex=sex, ages=(30, 62))
        days_ago = left.get(village)
        liaisons.append(
            Liaison(
                station=station,
                village=village,
                name=user.name if user else person.name,
                sex=person.sex,
                post=random.choices(list(LiaisonPost), weights=[20, 14, 30, 18, 14, 4])[0],
                phone=person.phone,
                is_acting=village in acting,
                appointed_from=date(
                    random.choice([2022, 2023, 2024]), random.randint(1, 12), 1
                ),
                appointed_to=today - timedelta(days=days_ago) if days_ago else None,
                ended_reason=random.choice(REASONS_OF_LEAVING) if days_ago else "",
                user=user,
            )
        )
        if random.random() < 0.93 and village not in left and station.code != SILENT_STATION:
            points.append(
                ContactPoint(
                    station=station,
                    village=village,
                    name=f"{name}法律援助联系点",
                    address=f"{name}党群服务中心",
                    phone=f"0564-000-{random.randint(3000, 8999)}",
                    has_sign=random.random() < 0.9,
                    opened_on=date(random.choice([2019, 2020, 2021]), random.randint(1, 12), 1),
                )
            )
    Liaison.objects.bulk_create(liaisons)
    ContactPoint.objects.bulk_create(points)
