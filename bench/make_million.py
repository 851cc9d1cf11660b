"""Fill an empty, migrated database with 1,000,000 register entries in 41 stations of one county.

    python -m bench.make_million [--entries 1000000] [--until 2026-11-23]

Deterministic for its arguments. The entries lie in five years, in the order of time, as a register
grows; the texts are those of the demonstration county with their gaps filled in many ways, the
people, phones and identity numbers are invented. Rows go in by COPY past the indexes, which are
built afterwards. Around them stands what the desks show: liaisons, leads and last month's reports.
The accounts `bench_officer` (county) and `bench_clerk` (first station) have no password.
"""

import argparse
import csv
import os
import random
import tomllib
import uuid
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from tqdm import tqdm  # noqa: E402

from casework.models import (  # noqa: E402
    Correction,
    Matter,
    MonthlyReport,
    RegisterCounter,
    RegisterEntry,
)
from casework.periods import month_of, months_from  # noqa: E402
from casework.reports import months  # noqa: E402
from casework.rules.search import search_terms  # noqa: E402
from casework.terms import NUMBER_SIGNS, ReportStatus  # noqa: E402
from stations.models import (  # noqa: E402
    Appointment,
    County,
    Division,
    Lead,
    Liaison,
    Station,
    User,
)
from stations.privacy import encrypt, keyed_hash  # noqa: E402
from stations.roles import Role  # noqa: E402
from stations.terms import Level  # noqa: E402

ENTRIES = 1_000_000
STATIONS = 41
VILLAGES = 8
YEARS = 5
DEMO = Path(__file__).resolve().parent.parent / "legalaid" / "demo"
CHANNELS = {"call": 52, "visit": 44, "letter": 1, "online": 2, "other": 1}
DISPOSALS = ("answered", "guided", "mediation", "other_department", "drafted", "appointment")


def make_places():
    """Return the county, its stations and {station id: [village id]}."""
    parent = None
    for code, name in (("99", "测试省"), ("9901", "测试市"), ("990101", "测试县")):
        parent = Division.objects.create(
            code=code, name=name, level=Level(len(code)), parent=parent, county_code=code[:6]
        )
    county = County.objects.create(
        division=parent,
        short_name="测",
        bureau_name="测试县司法局",
        center_name="测试县法律援助中心",
    )
    stations, villages = [], {}
    for n in range(STATIONS):
        township = Division.objects.create(
            code=f"990101{101 + n}",
            name=f"第{n + 1}镇",
            level=Level.TOWNSHIP,
            parent=parent,
            county_code="990101",
        )
        station = Station.objects.create(
            county=county,
            township=township,
            code=township.code,
            opened_on=date(2015, 1, 1),
            name=f"第{n + 1}镇法律援助工作站",
            short_name=f"第{n + 1}镇",
        )
        rows = Division.objects.bulk_create(
            Division(
                code=f"{township.code}{201 + v}",
                name=f"{n + 1}镇{v + 1}村",
                level=Level.VILLAGE,
                parent=township,
                county_code="990101",
            )
            for v in range(VILLAGES)
        )
        stations.append(station)
        villages[station.pk] = [row.pk for row in rows]
    return county, stations, villages


def make_people(county, stations):
    """Return {station id: its clerk}, and make the officer of the county."""
    officer = User.objects.create(username="bench_officer", name="高科长")
    Appointment.objects.create(
        user=officer, role=Role.OFFICER, county=county, from_on=date(2015, 1, 1)
    )
    clerks = {}
    for n, station in enumerate(stations):
        username = "bench_clerk" if n == 0 else f"bench_clerk_{n + 1}"
        clerks[station.pk] = User.objects.create(username=username, name=f"周{n + 1}兰")
        Appointment.objects.create(
            user=clerks[station.pk], role=Role.CLERK, station=station, from_on=date(2015, 1, 1)
        )
    return clerks


def make_surroundings(places, clerks, until):
    """Make what desks and coverage show: liaisons with gaps, leads, the reports of last month."""
    chance = random.Random(20260102)
    county, stations, villages = places
    liaisons = []
    for station in stations:
        for village in villages[station.pk]:
            has_left = chance.random() < 0.08
            liaisons.append(
                Liaison(
                    station=station,
                    village_id=village,
                    name=chance.choice("王李张刘陈") + chance.choice("秀建国金玉") + "兰",
                    is_acting=not has_left and chance.random() < 0.1,
                    appointed_from=date(2022, chance.randint(1, 12), 1),
                    appointed_to=until - timedelta(days=chance.randint(3, 120))
                    if has_left
                    else None,
                    ended_reason="外出务工" if has_left else "",
                )
            )
    Liaison.objects.bulk_create(liaisons)
    Lead.objects.bulk_create(
        Lead(
            station=stations[0],
            village_id=villages[stations[0].pk][n],
            kind="pay",
            name="韦秋",
            words="想问工资的事",
            sent_by=clerks[stations[0].pk],
            sent_at=timezone.now() - timedelta(days=n),
            client_key=uuid.UUID(int=n),
        )
        for n in range(4)
    )
    month = months_from(month_of(until), -1)
    due_on = months.due_on(county, month)
    for n, station in enumerate(stations):
        report = MonthlyReport(county=county, station=station, month=month, due_on=due_on)
        if n % 5 > 1:
            sent_at = timezone.now() - timedelta(days=n % 10)
            report.status = ReportStatus.SENT
            report.figures, report.row_ids, report.rows_hash = {}, [], "0"
            report.serial, report.issue, report.sent_by = n + 1, 1, clerks[station.pk]
            report.first_sent_at = report.sent_at = sent_at
            if n % 5 > 2:
                report.status = ReportStatus.CONFIRMED
                report.confirmed_at, report.confirmed_by = sent_at, clerks[station.pk]
        report.save()


def invent_persons(chance, count):
    """Return [(name, sex, phone as COPY bytes, phone hash, identity bytes, hash, name terms)]."""
    names = tomllib.loads((DEMO / "names.toml").read_text())
    given = [
        (sex, name)
        for generation in names["generation"]
        for sex in ("female", "male")
        for name in generation[sex]
    ]
    persons = []
    for n in range(count):
        sex, own = chance.choice(given)
        name = chance.choice(names["surnames"]) + own
        phone = f"1{chance.choice('3589')}{chance.randrange(10**9):09d}"
        number = f"9901{chance.randrange(10**14):014d}" if n % 3 == 0 else ""
        terms = set(search_terms(name=name, phone=phone, id_number=number))
        persons.append(
            (
                name,
                sex,
                _bytes(phone),
                keyed_hash(phone),
                _bytes(number),
                keyed_hash(number),
                terms,
            )
        )
    return persons


def _bytes(text):
    return r"\\x" + encrypt(text).hex()


def invent_matters(chance, variants):
    """Return (rows, weights): matter id, sensitive, disposal, title, statement, answer, terms."""
    matters = {matter.code: matter.pk for matter in Matter.objects.leaves()}
    with (DEMO / "texts.csv").open(encoding="utf-8") as file:
        texts = list(csv.DictReader(file))
    rows = []
    for text in texts:
        for n in range(variants):
            fill = {
                "月": f"{chance.randint(1, 12)}月",
                "年": f"{chance.randint(2015, 2026)}年",
                "岁": f"{chance.randint(18, 88)}岁",
                "姓": chance.choice("王李张刘陈杨黄吴"),
                "村": f"{chance.randint(1, 41)}镇{chance.randint(1, 8)}村",
                "邻村": f"{chance.choice('东西南北')}坡村",
                "金额": f"{chance.randint(3, 300)}00元",
                "人数": str(chance.randint(5, 15)),
            }
            statement = text["statement"].format_map(fill)
            answer = text["answer"].format_map(fill)
            disposal = text["disposal"] or DISPOSALS[n % len(DISPOSALS)]
            terms = set(search_terms(texts=(text["title"], statement, answer)))
            rows.append(
                (
                    matters[text["matter"]],
                    text["sensitive"] or "none",
                    disposal,
                    text["title"],
                    statement,
                    answer,
                    terms,
                )
            )
    # A few matters fill most registers.
    weights = [1 / (1 + index // variants) ** 0.6 for index in range(len(rows))]
    return rows, weights


def invent_opponents(chance, count):
    ends = ("建筑公司", "置业公司", "物流公司", "食品厂", "装饰队", "合作社", "村民组")
    opponents = []
    for _ in range(count):
        name = "".join(chance.choices("青山石河金银东西南北大小新兴和平安顺永福", k=4))
        name += chance.choice(ends)
        opponents.append((name, set(search_terms(texts=(name,)))))
    return opponents


def moments(chance, count, until):
    """Return sorted moments in office hours of the years before `until`, more of them lately."""
    days = YEARS * 365
    return sorted(
        datetime.combine(
            until - timedelta(days=int(days * (1 - chance.random() ** 0.8))),
            datetime.min.time(),
        )
        + timedelta(minutes=chance.choice((0, 0, 300)) + 8 * 60 + chance.randrange(200))
        for _ in range(count)
    )


# What differs from row to row; all other columns hold what an empty entry holds.
COLUMNS = [
    "station_id", "channel", "year", "serial", "occurred_at", "name", "sex", "people_groups",
    "persons", "phone", "phone_hash", "id_number", "id_hash", "village_id", "opponent", "title",
    "matter_id", "statement", "answer", "disposal", "answered_at", "receiver_name", "sensitive",
    "matter_visit_no", "visit_no", "recorded_by_id", "recorded_at", "seconds_to_record",
    "working_days_late", "version", "voided_at", "voided_by_id", "void_reason", "search_terms",
]  # fmt: skip


def entry_lines(chance, count, until, places, clerks, texts, serials):
    """Yield COPY lines of COLUMNS, in the order of time, and leave the last number of each series
    in `serials`. Asks the database nothing: the connection is busy copying.
    """
    _county, stations, villages = places
    persons = invent_persons(chance, max(count // 4, 10))
    text_choice = iter(chance.choices(*texts, k=count))
    opponents = invent_opponents(chance, 3000)
    station_choice = iter(
        chance.choices(stations, [1 / (n + 3) ** 0.5 for n in range(len(stations))], k=count)
    )
    channel_choice = iter(chance.choices(list(CHANNELS), list(CHANNELS.values()), k=count))
    visits = Counter()
    for moment in moments(chance, count, until):
        station, channel = next(station_choice), next(channel_choice)
        name, sex, phone, phone_hash, number, number_hash, name_terms = persons[
            int(len(persons) * chance.random() ** 1.5)
        ]
        matter, sensitive, disposal, title, statement, answer, text_terms = next(text_choice)
        if channel == "call":
            number, number_hash = r"\\x", ""
        series = station.pk, channel, moment.year
        serials[series] += 1
        visits[phone_hash] += 1
        visits[phone_hash, matter] += 1
        terms = name_terms | text_terms
        terms.add(f"{NUMBER_SIGNS[channel]}{moment.year}-{serials[series]:04d}")
        opponent = ""
        if chance.random() < 0.25:
            opponent, opponent_terms = opponents[int(3000 * chance.random() ** 2)]
            terms = terms | opponent_terms
        group = chance.choice(
            ("farmer", "farmer", "migrant_worker", "poor", "elderly", "disabled")
        )
        groups = f"{{women,{group}}}" if sex == "female" else f"{{{group}}}"
        late = chance.randint(2, 9) if chance.random() < 0.04 else 0
        void = chance.random() < 0.003
        clerk = clerks[station.pk]
        recorded = moment + timedelta(days=late, minutes=20)
        village = chance.choice(villages[station.pk]) if chance.random() < 0.8 else r"\N"
        persons_count = (
            chance.randint(2, 12) if channel == "visit" and chance.random() < 0.1 else 1
        )
        yield "\t".join((
            str(station.pk), channel, str(moment.year), str(serials[series]), f"{moment}+08", name,
            sex, groups, str(persons_count), phone, phone_hash, number, number_hash, str(village),
            opponent, title, str(matter), statement, answer, disposal, f"{moment}+08", clerk.name,
            sensitive, str(min(visits[phone_hash, matter], 9)), str(min(visits[phone_hash], 30)),
            str(clerk.pk), f"{recorded}+08", str(chance.randint(25, 110)), str(late),
            "2" if void else "1", f"{recorded}+08" if void else r"\N",
            str(clerk.pk) if void else r"\N", "重复登记" if void else "",
            "{" + ",".join(sorted(terms)) + "}",
        )) + "\n"  # fmt: skip


def _empty_columns():
    """Return {column: value} of an empty entry, for the columns that stay the same."""
    empty = RegisterEntry(recorded_by_id=1)
    return {
        field.column: field.get_db_prep_save(getattr(empty, field.attname), connection)
        for field in RegisterEntry._meta.concrete_fields
        if not field.generated and not field.primary_key and field.column not in COLUMNS
    }


def fill(entries, until):
    """Make the county and its entries."""
    chance = random.Random(20260101)
    with transaction.atomic():
        places = make_places()
        clerks = make_people(*places[:2])
        make_surroundings(places, clerks, until)
    table = RegisterEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
            " AND indexdef NOT LIKE '%%UNIQUE%%'",
            [table],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for column, value in _empty_columns().items():
            cursor.execute(f'ALTER TABLE {table} ALTER "{column}" SET DEFAULT %s', [value])
        serials = Counter()
        texts = invent_matters(chance, 20)
        lines = entry_lines(chance, entries, until, places, clerks, texts, serials)
        with cursor.copy(f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for line in tqdm(lines, total=entries, unit=" entries"):
                copy.write(line)
        RegisterCounter.objects.bulk_create(
            RegisterCounter(station_id=station, channel=channel, year=year, last=last)
            for (station, channel, year), last in serials.items()
        )
        for column in _empty_columns():
            cursor.execute(f'ALTER TABLE {table} ALTER "{column}" DROP DEFAULT')
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _name, definition in tqdm(indexes, unit=" indexes"):
            cursor.execute(definition)
    some = RegisterEntry.objects.filter(pk__in=range(1, entries, max(entries // 3000, 1)))
    Correction.objects.bulk_create(
        Correction(
            entry=entry, field="persons", old_value="1", new_value="2", reason="听错",
            corrected_by_id=entry.recorded_by_id, corrected_at=timezone.now(),
        )
        for entry in some.only("recorded_by_id")
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--until", type=date.fromisoformat, default=timezone.localdate())
    options = parser.parse_args()
    if RegisterEntry.objects.exists():
        parser.exit(message="The database already has entries; nothing was done.\n")
    fill(options.entries, options.until)


if __name__ == "__main__":
    main()
