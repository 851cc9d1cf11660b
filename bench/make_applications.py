"""Fill an empty, migrated database with applications for legal aid in 41 stations of one county.

    python -m bench.make_applications [--applications 100000] [--entries 10000] [--until 2026-11-23]

On top of the network and register of `bench.make_million`. Deterministic for its arguments. Each
application has gone its way move by move (`bench.application_ways`): with its events, clocks, papers,
letters, decision, assignment and closing. Rows go in by COPY. The accounts `bench_reviewer` (center)
and `bench_head` (first station) have no password.
"""

import argparse
import os
import random
from collections import Counter
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from django.core.management.color import no_style  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from tqdm import tqdm  # noqa: E402

from bench.application_rows import COLUMNS, Rows, Way  # noqa: E402
from bench.application_ways import plan  # noqa: E402
from bench.make_million import fill, invent_opponents, invent_persons  # noqa: E402
from casework.models import (  # noqa: E402
    AidMatter,
    Application,
    ClockRule,
    HardshipStandard,
    HouseholdMember,
    Material,
    Matter,
    Party,
    SeriesCounter,
    Upload,
)
from casework.rules import deadlines as limits  # noqa: E402
from casework.rules.sentiment import same_name  # noqa: E402
from casework.terms import ApplicationMove as M  # noqa: E402
from casework.terms import Counting, Status  # noqa: E402
from stations.models import AidUnit, AidWorker, Appointment, County, DayOff, User  # noqa: E402  # noqa: E402
from stations.privacy import encrypt, keyed_hash  # noqa: E402
from stations.roles import Role  # noqa: E402

APPLICATIONS = 100_000
ENTRIES = 10_000
WORKERS = 60
BATCH = 5_000
SINCE = date(2015, 1, 1)
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# The matters of the law with the same matter of the register, the kind of aid, and how often.
MATTERS = [
    ("31-5", "civil.labour_pay", "labour_arbitration", 30),
    ("31-4", "civil.parental_support", "litigation", 12),
    ("31-7", "civil.traffic", "litigation", 14),
    ("31-7", "civil.work_injury", "labour_arbitration", 8),
    ("31-9", "economic.loan", "litigation", 8),
    ("32-4", "civil.domestic_violence", "litigation", 6),
    ("31-9", "civil.marriage", "litigation", 8),
    ("31-2", "administrative.social_insurance", "litigation", 3),
    ("24", "criminal.injury", "criminal_defence", 6),
    ("29", "criminal.theft", "criminal_defence", 2),
    ("33", "", "litigation", 1),
    ("31-6", "", "drafting", 2),
]
CHECKLIST = [
    ("application_form", "申请表"),
    ("id_document", "身份证明"),
    ("hardship_statement", "经济困难状况说明表"),
    ("matter", "与申请事项有关的材料"),
]


def make_center(county, station):
    """Make the center's people and its panel. Returns {role: user pk} and the workers."""
    people = {}
    for role, username, name, place in [
        (Role.REVIEWER, "bench_reviewer", "沈审", {"county": county}),
        (Role.DIRECTOR, "bench_director", "陆主任", {"county": county}),
        (Role.HEAD, "bench_head", "何站长", {"station": station}),
    ]:
        user = User.objects.create(username=username, name=name)
        Appointment.objects.create(user=user, role=role, from_on=SINCE, **place)
        people[role] = user.pk
    HardshipStandard.objects.create(
        county=county, valid_from=SINCE, monthly_per_head=1200, basis="低保标准的一点五倍"
    )
    ClockRule.objects.create(
        county=county,
        number=limits.DECISION,
        length=6,
        counting=Counting.CALENDAR,
        valid_from=SINCE,
    )
    units = AidUnit.objects.bulk_create(
        AidUnit(county=county, name=f"第{n + 1}{name}", kind=kind)
        for n in range(5)
        for kind, name in (("firm", "律师事务所"), ("grassroots", "法律服务所"))
    )
    workers = AidWorker.objects.bulk_create(
        AidWorker(
            unit=units[n % len(units)],
            name=f"{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'文武德才志信'[n // 10]}",
            kind="lawyer" if n % 2 == 0 else "grassroots",
            licence_number=f"L{n:05d}",
            practising_since=SINCE,
            joined_on=SINCE,
        )
        for n in range(WORKERS)
    )
    return people, workers


def invent_applicants(chance, count):
    """Return [(name, sex, birth date, identity bytes, hash, phone bytes, hash)]."""
    people = []
    for name, sex, *_others in invent_persons(chance, count):
        birth_on = date(1940, 1, 1) + timedelta(days=chance.randrange(70 * 365))
        number = f"990101{birth_on:%Y%m%d}{chance.randrange(10_000):04d}"
        phone = f"1{chance.choice('3589')}{chance.randrange(10**9):09d}"
        people.append(
            (
                name,
                sex,
                birth_on,
                encrypt(number),
                keyed_hash(number),
                encrypt(phone),
                keyed_hash(phone),
            )
        )
    return people


class Writer:
    """Makes the rows of one application after another, in the order of time."""

    def __init__(self, county, people, workers, *, count, until, chance):
        self.county, self.people, self.workers = county, people, workers
        self.until, self.chance = until, chance
        self.calendar = DayOff.objects.calendar(county)
        self.stations = list(county.stations.select_related("township").order_by("code"))
        self.villages = {
            station.pk: list(station.township.children.values_list("pk", flat=True))
            for station in self.stations
        }
        clerks = Appointment.objects.filter(role=Role.CLERK)
        self.clerks = dict(clerks.values_list("station_id", "user_id"))
        self.applicants = invent_applicants(chance, max(count // 2, 10))
        self.opponents = [
            (name, same_name(name)) for name, _terms in invent_opponents(chance, 3000)
        ]
        aid = {matter.code: matter for matter in AidMatter.objects.filter(county=None)}
        leaves = dict(Matter.objects.values_list("code", "pk"))
        self.matters = [
            (aid[code], leaves.get(leaf), kind) for code, leaf, kind, _share in MATTERS
        ]
        self.content = [encrypt("材料一份。" * 60 + str(n)) for n in range(40)]
        self.addresses = [encrypt(f"测试县第{n + 1}镇{n + 3}村{n + 7}号") for n in range(40)]
        self.promises = {rule.number: rule.length for rule in ClockRule.objects.all()}
        self.serials, self.materials = Counter(), 0
        self.rows = {model: Rows(model) for model in COLUMNS}

    def flush(self):
        with connection.cursor() as cursor:
            for rows in self.rows.values():
                rows.flush(cursor)

    def write(self, pk, status, way):
        """All rows of one application."""
        chance, received_at = self.chance, way[0][2]
        station = self.stations[int(len(self.stations) * chance.random() ** 1.3)]
        matter, leaf, kind = chance.choices(self.matters, [each[3] for each in MATTERS])[0]
        is_criminal = matter.category == "criminal"
        tracks = ("pledge", "pledge", "exempt_from_check", "data_query")
        track = "exempt_from_condition" if matter.is_condition_free else chance.choice(tracks)
        name, sex, birth_on, number, id_hash, phone, phone_hash = chance.choice(self.applicants)
        self.rows[Application].add(
            pk, station.pk, self.county.pk, self.county.pk, status, received_at.year,
            self.serial("申", received_at.year),
            "".join(RECEIPT_SIGNS[pk // 31**n % 31] for n in range(8)),
            name, sex, birth_on, number, id_hash, phone, phone_hash, chance.choice(self.addresses),
            [chance.choice(("farmer", "migrant_worker", "poor", "disabled"))],
            chance.choice(self.villages[station.pk]), matter.pk, leaf, kind,
            chance.choice(("suspect", "accused", "victim")) if is_criminal else "plaintiff",
            "请求支付拖欠的款项并承担费用", None if is_criminal else chance.randint(5, 900) * 100,
            "申请人与对方就款项发生争议，多次协商未果。" * chance.randint(2, 6), track, "cause",
            "received" if status == Status.SUPPLEMENTING else "", received_at,
            self.clerks[station.pk],
        )  # fmt: skip
        self._people(pk, track)
        self._checklist(pk, way)
        by = self.people | {Role.CLERK: self.clerks[station.pk]}
        Way(self, pk, station, by).go(way)

    def _people(self, pk, track):
        chance = self.chance
        for _n in range(chance.choice((1, 1, 2))):
            name, key = self.opponents[int(3000 * chance.random() ** 2)]
            self.rows[Party].add(pk, "opponent", "organisation", name, key, b"")
        if chance.random() < 0.1:
            self.rows[Party].add(pk, "co_applicant", "person", "同乡", "同乡", b"")
        if track == "pledge":
            for relation in ("self", "spouse", "child")[: chance.randint(1, 3)]:
                income = encrypt(str(chance.randint(4, 30) * 100))
                self.rows[HouseholdMember].add(pk, relation, b"", 40, income)

    def _checklist(self, pk, way):
        is_waiting = way[-1][0] == M.ASK
        for kind, name in CHECKLIST:
            self.materials += 1
            given = ["missing", None, None, False]
            if kind != "matter" or not is_waiting:
                given = ["given", way[0][2].date(), self.chance.randint(1, 9), True]
            self.rows[Material].add(self.materials, pk, kind, name, *given)
            if kind == "id_document" and self.chance.random() < 0.2:
                self.rows[Upload].add(
                    self.materials, "1.jpg", "image/jpeg", 800, "0" * 64, self.content[0],
                    way[0][2], None,
                )  # fmt: skip

    def serial(self, series, year):
        self.serials[series, year] += 1
        return self.serials[series, year]


def fill_applications(count, until):
    """Make the center and its applications, on the network that is there."""
    chance = random.Random(20260301)
    county = County.objects.get()
    with transaction.atomic():
        people, workers = make_center(county, county.stations.order_by("code").first())
    writer = Writer(county, people, workers, count=count, until=until, chance=chance)
    for pk, (status, way) in enumerate(
        tqdm(plan(count, until, chance), unit=" applications"), 1
    ):
        writer.write(pk, status, way)
        if pk % BATCH == 0:
            writer.flush()
    writer.flush()
    SeriesCounter.objects.bulk_create(
        SeriesCounter(county=county, series=series, year=year, last=last)
        for (series, year), last in writer.serials.items()
    )
    with connection.cursor() as cursor:
        for line in connection.ops.sequence_reset_sql(no_style(), [Application, Material]):
            cursor.execute(line)
        cursor.execute("VACUUM (ANALYZE)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--applications", type=int, default=APPLICATIONS)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--until", type=date.fromisoformat, default=timezone.localdate())
    options = parser.parse_args()
    if County.objects.exists():
        parser.exit(message="The database already has a county; nothing was done.\n")
    fill(options.entries, options.until)
    fill_applications(options.applications, options.until)


if __name__ == "__main__":
    main()
