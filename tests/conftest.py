"""The same few people everywhere: a station's clerk and head, their neighbour at another station
of the county, the center's and the bureau's people, and a stranger from the next county.
"""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import redis
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from xdist.scheduler import LoadScopeScheduling

from casework import workflow
from casework.models import (
    AidMatter,
    Application,
    Material,
    Matter,
    RegisterEntry,
)
from casework.register import writing
from casework.terms import Channel, Disposal, HardshipTrack, MaterialKind, MaterialState, Status
from legalaid.embedded import Services, redis_url, socket_dir
from stations.models import (
    AidUnit,
    AidWorker,
    Appointment,
    County,
    DayOff,
    Division,
    Liaison,
    Look,
    LookKind,
    Station,
    User,
)
from stations.roles import ADMIN_ROLES, CITY_ROLES, COUNTY_ROLES, Role
from stations.terms import Level, LiaisonPost

PASSWORD = "很长的口令-2026-xyz"

# Files whose tests share what takes long to build: each stays with one of the processes.
TOGETHER = {"tests/legalaid/test_seed_demo.py", "tests/legalaid/test_up.py"}


class InTurn(LoadScopeScheduling):
    """Tests go one by one to the process that is free, those of a file kept together at once."""

    def _split_scope(self, nodeid):
        file, *_rest = nodeid.split("::")
        return file if file in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config, log):
    return InTurn(config, log)


# What the migrations brought (matters, days off …) is put by in a schema of its own.
PUT_BY = """
DROP SCHEMA IF EXISTS put_by CASCADE;
CREATE SCHEMA put_by;
DO $$
DECLARE
    name text;
    is_filled bool;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO is_filled;
        IF is_filled THEN
            EXECUTE format('CREATE TABLE put_by.%I AS TABLE public.%I', name, name);
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION put_by.bring_back() RETURNS void LANGUAGE plpgsql
-- No trigger and no foreign key looks on: history is taken away, and in any order.
SET session_replication_role = replica AS $$
DECLARE
    name text;
    is_filled bool;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO is_filled;
        IF is_filled THEN
            EXECUTE format('DELETE FROM public.%I', name);
        END IF;
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'put_by' LOOP
        EXECUTE format('INSERT INTO public.%I TABLE put_by.%I', name, name);
    END LOOP;
END $$;
"""


def bring_back(test_case):
    with connection.cursor() as cursor:
        cursor.execute("SELECT put_by.bring_back()")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After a test that wrote for good, the database is as the migrations left it.

    Django would empty all tables, which takes a second, and leave them without the matters.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(PUT_BY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", bring_back)
        yield


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def static_files_for_browsers_alone(request, settings):
    """Each client of a test would look all of them up anew."""
    settings.WHITENOISE_USE_FINDERS = "live_server" in request.fixturenames


@pytest.fixture(autouse=True)
def nothing_tried_yet(settings):
    """How often something was tried is counted in Redis: for each test under a name of its own."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}}


class Queue:
    """A Redis of the test's own. What it held is there again after a stop."""

    def __init__(self, home):
        self.home = home
        self.url = redis_url(home)
        self.running = None

    def start(self):
        self.running = Services(self.home, say=lambda line: None).__enter__()

    def stop(self):
        if self.running:
            self.running.__exit__(None, None, None)
        self.running = None

    @property
    def waiting(self):
        """How many errands no worker has fetched yet."""
        with redis.Redis(unix_socket_path=str(socket_dir(self.home) / "redis.sock")) as client:
            return client.llen("celery")


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """Where the site sends its errands in this test; it runs until it is stopped."""
    queue = Queue(tmp_path / "queue")
    monkeypatch.setenv("DATABASE_URL", "given: no database is started")
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("CELERY_BROKER_URL", queue.url)
    queue.start()
    yield queue
    queue.stop()


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
        return writing.record(unsaved_entry(at_station or station, **fields), by=by or clerk)

    return make


@pytest.fixture
def aid_matter(db):
    """请求支付劳动报酬."""
    return AidMatter.objects.get(code="31-5")


def unsaved_application(station, **fields):
    """An application as the form hands it to `workflow.receive`: a migrant worker's wages."""
    defaults = {
        "station": station,
        "name": "吴长根",
        "sex": "male",
        "phone": "13900003390",
        "id_number": "341525196504120016",
        "village": station.township.children.first(),
        "aid_matter": AidMatter.objects.get(code="31-5"),
        "aid_kind": "litigation",
        "claims": "支付拖欠的工资",
        "amount": 46800,
        "facts": "在工地做木工，工钱没有结清。",
        "jurisdiction_basis": "cause",
        "jurisdiction_body": "青溪镇",
        "hardship_track": HardshipTrack.EXEMPT_FROM_CHECK,
        "check_exemption": "42-3",
        "agrees_to_share": True,
    }
    return Application(**(defaults | fields))


def papers(*, missing=()):
    """The checklist of that application; the kinds in `missing` have not been brought."""
    names = {
        MaterialKind.APPLICATION_FORM: "法律援助申请表",
        MaterialKind.ID_DOCUMENT: "身份证明",
        MaterialKind.EXEMPTION_PROOF: "进城务工证明",
        MaterialKind.MATTER: "与事项有关的材料",
    }
    return [
        Material(
            kind=kind,
            name=name,
            state=MaterialState.MISSING if kind in missing else MaterialState.GIVEN,
            given_on=None if kind in missing else timezone.localdate(),
        )
        for kind, name in names.items()
    ]


@pytest.fixture
def make_application(station, clerk, head, reviewer):
    """Receive an application and lead it to a status, by the moves that lead there."""

    def make(at_station=None, *, status=Status.RECEIVED, missing=(), by=None, **fields):
        application = workflow.receive(
            unsaved_application(at_station or station, **fields),
            by=by or clerk,
            materials=papers(missing=missing),
        )
        for reached, move in (
            (Status.REVIEWED, _reviewed(clerk)),
            (Status.COUNTERSIGNED, lambda each: workflow.countersign(each, by=head)),
            (Status.FORWARDED, lambda each: workflow.forward(each, by=head)),
            (Status.IN_REVIEW, lambda each: workflow.sign_for(each, by=reviewer)),
            (Status.GRANTED, lambda each: workflow.grant(each, by=reviewer)),
        ):
            if application.status == status:
                return application
            application = move(application)
            assert application.status == reached
        assert application.status == status
        return application

    return make


@pytest.fixture
def as_database_administrator(db):
    """Run a statement as whoever can switch off the triggers of the tables."""

    def run(statement, *values):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, values)
            assert cursor.rowcount >= 1
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    return run


@pytest.fixture
def make_look(as_database_administrator):
    """Write down a look of some moment, of the user's place unless another is given."""

    def make(user, at, *, kind=LookKind.REVEAL, subject="entry:1", **fields):
        where = {"station": user.station, "county": user.county} | fields
        look = Look.objects.create(kind=kind, user=user, subject=subject, **where)
        as_database_administrator("UPDATE stations_look SET at = %s WHERE id = %s", at, look.pk)
        return look

    return make


@pytest.fixture
def count_queries():
    """Return a function that asks for a page and says (how many queries it took, the answer)."""

    def count(ask):
        # The first page after signing in also writes the session.
        ask()
        with CaptureQueriesContext(connection) as asked:
            answer = ask()
        return len(asked), answer

    return count


@pytest.fixture
def aid_unit(county):
    return AidUnit.objects.create(
        county=county, name="清山律师事务所", kind="firm", phone="0564-5000000"
    )


@pytest.fixture
def make_worker(aid_unit):
    """A lawyer of ten years' practice on the county's panel."""

    def make(name="郑法", **fields):
        defaults = {
            "unit": aid_unit,
            "kind": "lawyer",
            "practising_since": date(2015, 1, 1),
            "joined_on": date(2020, 1, 1),
        }
        return AidWorker.objects.create(name=name, **(defaults | fields))

    return make


@pytest.fixture
def make_case(make_application, make_worker, reviewer, director):
    """Lead an application on from its grant: assigned, closed, file handed in, archived."""

    def make(
        at_station=None, *, status=Status.ASSIGNED, worker=None, is_file_in=False, **fields
    ):
        today = timezone.localdate()
        application = make_application(at_station, status=Status.GRANTED, **fields)
        worker = worker or AidWorker.objects.first() or make_worker()
        application = workflow.assign(application, by=reviewer, worker=worker, suggested_as=1)
        if status == Status.ASSIGNED:
            return application
        application = workflow.close(
            application,
            by=reviewer,
            closed_on=today,
            result="mediated",
            summary="双方在调解书上签字，工钱一次付清。",
            recovered=46800,
            wages_recovered=46800,
        )
        if status == Status.ARCHIVED or is_file_in:
            application = workflow.hand_in_file(application, by=reviewer, on=today)
        if status == Status.ARCHIVED:
            application = workflow.archive(
                application,
                by=director,
                on=today,
                file_check="good",
                archive_number=f"档{application.serial}",
                subsidy=1500,
            )
        return application

    return make


def _reviewed(clerk):
    return lambda application: workflow.review(
        application,
        by=clerk,
        findings=[],
        overrides={},
        conclusion="grant",
        words="符合条件，建议给予法律援助。",
        no_recusal=True,
    )
