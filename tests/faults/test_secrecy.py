"""Numbers and incomes of applicants are nowhere to be read but through the site's keys."""

import logging
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from casework import workflow
from casework.models import Application, HardshipStandard, HouseholdMember
from stations.models import Document
from stations.papers import documents
from tests.conftest import papers, unsaved_application

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

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
