"""Numbers and incomes of applicants are nowhere to be read but through the site's keys."""

import logging
import uuid
from datetime import date

import pytest
import redis
from django.db import connection
from django.test import Client
from django.urls import reverse

from casework import workflow
from casework.models import (
    Application,
    ApplicationDraft,
    Complaint,
    HardshipStandard,
    HouseholdMember,
    ImportBatch,
    RegisterEntry,
)
from casework.register import imports, writing
from stations.models import Document, Lead, Liaison
from stations.papers import documents
from tests.casework.register.test_file import GOOD, csv_bytes
from tests.conftest import papers, unsaved_application

from .test_concurrency import visit_as_typed

pytestmark = pytest.mark.django_db(transaction=True)

ID_NUMBER, PHONE, ADDRESS, INCOME = (
    "341525196504120016",
    "13900003390",
    "青溪镇青溪1村榆树组8号",
    "1873.45",
)
SECRETS = (ID_NUMBER, PHONE, ADDRESS, INCOME, "1,873.45")


def everything_in_the_database():
    """Return all tables as a dump writes them: the bytes of a backup."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname = 'public'"
        )
        tables = [name for [name] in cursor.fetchall()]
        dump = []
        for table in tables:
            with cursor.copy(f"COPY {table} TO STDOUT") as copied:
                dump += [bytes(block) for block in copied]
    return b"".join(dump)


def everything_in_redis(url):
    """Return all keys and values of the queue and the cache."""
    with redis.Redis.from_url(url) as client:
        read = {
            b"string": client.get,
            b"list": lambda key: b"".join(client.lrange(key, 0, -1)),
            b"set": lambda key: b"".join(client.smembers(key)),
            b"zset": lambda key: b"".join(client.zrange(key, 0, -1)),
            b"hash": lambda key: b"".join(client.hvals(key)),
        }
        kept = [(key, read[client.type(key)](key) or b"") for key in client.scan_iter()]
    return b"".join(part for pair in kept for part in pair)


def is_in(secret, dump):
    """Whether a text stands in a dump, as itself or as the hex of its bytes."""
    plain = secret.encode()
    return plain in dump or plain.hex().encode() in dump


@pytest.fixture
def received(station, clerk):
    HardshipStandard.objects.create(
        county=station.county,
        valid_from=date(2020, 1, 1),
        monthly_per_head=2060,
        basis="月最低工资标准",
    )
    return workflow.receive(
        unsaved_application(
            station,
            id_number=ID_NUMBER,
            phone=PHONE,
            address=ADDRESS,
            hardship_track="pledge",
            check_exemption="",
            has_pledged=True,
        ),
        by=clerk,
        household=[HouseholdMember(name="吴某", relation="self", monthly_income=INCOME)],
        materials=papers(),
    )


def test_a_dump_holds_no_number_no_address_and_no_income(received, client, clerk, head):
    client.force_login(clerk)
    review = reverse("casework:application_review", args=[received.pk])
    form = client.get(review).context["form"]
    # Whoever reviews is told the sum; what is kept names the standard alone.
    assert any("1,873.45" in finding.says for finding in form.findings)
    typed = {f"holds_{finding.code}": "agrees" for finding in form.findings}
    client.post(review, form.initial | typed | {"no_recusal": "on"})
    workflow.sign_and_forward(received, by=head)
    for document in Document.objects.owed():
        documents.make(document.pk)
    dump = everything_in_the_database()

    # The dump is whole: what is not secret stands in it.
    assert is_in(received.receipt_code, dump)
    assert [secret for secret in SECRETS if is_in(secret, dump)] == []


def test_they_come_back_through_the_model_and_are_found_by_the_whole_number(
    received, client, clerk
):
    kept = Application.objects.get(pk=received.pk)
    assert (kept.id_number, kept.phone, kept.address) == (ID_NUMBER, PHONE, ADDRESS)
    assert kept.household.get().monthly_income == INCOME
    client.force_login(clerk)
    for number in (ID_NUMBER, PHONE):
        asked = client.post(reverse("casework:application_search"), {"q": number})
        page = client.get(asked["Location"])
        assert [row.application for row in page.context["rows"]] == [received]
        assert number not in asked["Location"] + page.content.decode()
        # An old address that names it leads on to one that does not.
        old = client.get(reverse("casework:application_list"), {"q": f"吴 {number}"})
        assert old.status_code == 302
        assert number not in old["Location"]


def test_no_log_line_carries_them(received, client, clerk, caplog):
    caplog.set_level(logging.DEBUG)
    client.force_login(clerk)
    client.get(received.get_absolute_url())
    workflow.withdraw(received, by=clerk, note="本人撤回。")

    assert [secret for secret in SECRETS if secret in caplog.text] == []


def test_a_task_takes_the_number_of_a_row_along_and_nothing_else(
    received, settings, monkeypatch, clerk
):
    settings.MESSAGES = "console"
    sent = []
    monkeypatch.setattr(
        "stations.errands.current_app.send_task",
        lambda name, args, **_options: sent.append((name, args)),
    )
    workflow.ask_for_documents(
        received, by=clerk, items=["欠条"], days=10, served_on=received.received_on
    )

    assert sent
    assert all(isinstance(argument, int) for _name, args in sent for argument in args)


def test_whatever_door_they_come_in_by_they_are_nowhere_to_be_read(
    settings, caplog, station, village, clerk, liaison, officer
):
    """A number of its own for each door; none in the dump, in Redis, in a log, or in an address."""
    caplog.set_level(logging.DEBUG)
    numbers = iter(f"139000{n:05d}" for n in range(77_001, 77_100))
    doors = {}

    def number(door):
        doors[door] = next(numbers)
        return doors[door]

    def browse(user):
        browser = Client()
        browser.force_login(user)
        return browser

    at_desk, at_village, at_bureau = map(browse, (clerk, liaison, officer))
    addresses = []

    def post(browser, name, typed, *args):
        answer = browser.post(reverse(name, args=args), typed)
        addresses.append(answer.headers.get("Location", ""))
        return answer

    ticket = at_desk.get(reverse("casework:entry_create", args=["visit"])).context["ticket"]
    visit = visit_as_typed(station, clerk) | {"ticket": ticket, "id_number": ID_NUMBER}
    visit |= {"address": ADDRESS, "sex": "male"}
    half = visit | {"phone": number("a draft"), "channel": "visit"}
    post(at_desk, "casework:entry_hints", half)
    assert post(at_desk, "casework:entry_draft", half).status_code == 200
    number("an entry")
    answer = post(
        at_desk, "casework:entry_create", visit | {"phone": doors["an entry"]}, "visit"
    )
    assert answer.status_code == 302, answer.context["form"].errors
    entry = RegisterEntry.objects.get()
    writing.correct(
        entry,
        changes={"phone": number("a correction")},
        reason="听错了",
        by=clerk,
        version=entry.version,
    )
    # Asked for, kept as a view, taken out.
    asked = post(at_desk, "casework:entry_search", {"q": doors["a correction"]})
    query = asked.headers["Location"].partition("?")[2]
    post(at_desk, "casework:filter_save", {"query": query, "keep-name": "找人"})
    post(at_desk, "casework:entry_search", {"q": number("a search that finds nobody")})
    wanted = {"query": "from=", "reason": "核对", "is_full": "on"}
    assert post(at_desk, "casework:entry_export", wanted).status_code == 302
    post(at_desk, "casework:entry_print", {"query": "from=", "book": "visit"})

    # Files and the grid, right and wrong.
    right = GOOD[0].replace("139 0000 2648", number("a file"))
    wrong = GOOD[1].replace("不愿提供,,,", f"吴某,女,x{number('a wrong cell')},")
    for content in (csv_bytes(right), csv_bytes(wrong)):
        batch = imports.upload("台账.csv", content, station, by=clerk)
        imports.work_on(batch.pk)
    imports.confirm(ImportBatch.objects.get(status="checked"))
    imports.work_on(ImportBatch.objects.get(status="importing").pk)
    grid = {"channel": "visit", "day": "2026-03-02", "receiver_name": "许文静", "key": "0"}
    post(at_desk, "casework:entry_grid", grid | {"0-name": "吴某", "0-phone": number("grid")})

    # From the village, from outside, about colleagues.
    lead = {"kind": "pay", "name": "吴某", "phone": number("a lead"), "urgency": "week"}
    post(at_village, "stations:lead_home", lead | {"client_key": uuid.uuid4()})
    assert Lead.objects.exists()
    form = at_bureau.get(reverse("stations:liaison_edit", args=[Liaison.objects.get().pk]))
    typed = {name: form.context["form"][name].value() for name in form.context["form"].fields}
    for door in ("a liaison", "a liaison again"):
        typed["phone"] = number(door)
        kept = {name: value for name, value in typed.items() if value is not None}
        post(
            at_bureau, "stations:liaison_edit", kept | {"seen": 2**40}, Liaison.objects.get().pk
        )
    complaint = {
        "county": station.county_id,
        "about_text": "工作站",
        "relation": "applicant",
        "words": "去了三次都没人在。",
        "name": "汪秀兰",
        "phone": number("a complaint"),
        "id_number": ID_NUMBER,
        "address": ADDRESS,
        "client_key": uuid.uuid4(),
    }
    post(Client(), "casework:complain", complaint)
    assert Complaint.objects.exists()
    # Somebody who types a telephone number where the account is asked for.
    signing_in = {"username": number("a sign-in"), "password": "x"}
    post(Client(), "stations:sign_in", signing_in)

    # The application: half typed, looked up, and one of another kind of file.
    page = at_desk.get(reverse("casework:application_create"))
    half = {"ticket": page.context["ticket"], "name": "吴长根", "phone": number("a half")}
    half |= {
        "id_number": ID_NUMBER,
        "household_rows": "1",
        "household-0-monthly_income": INCOME,
    }
    post(at_desk, "casework:application_hints", half)
    post(at_desk, "casework:application_draft", half)
    assert ApplicationDraft.objects.exists()
    post(at_desk, "casework:application_search", {"q": number("looked up")})

    for document in Document.objects.owed():
        documents.make(document.pk)
    dump, cache = (
        everything_in_the_database(),
        everything_in_redis(settings.CACHES["default"]["LOCATION"]),
    )
    # What is made of them is sealed: neither a workbook nor a PDF begins the file.
    files = Document.objects.filter(is_personal=True).values_list("content", flat=True)
    assert len(files) == 2
    assert not [file for file in map(bytes, files) if file[:4] in (b"PK\x03\x04", b"%PDF")]
    said = caplog.text + "".join(addresses)
    said += "".join(Document.objects.values_list("filename", flat=True))
    secrets = doors | {"number": ID_NUMBER, "address": ADDRESS, "income": INCOME}
    assert [
        door
        for door, secret in secrets.items()
        if is_in(secret, dump) or is_in(secret, cache) or secret in said
    ] == []
