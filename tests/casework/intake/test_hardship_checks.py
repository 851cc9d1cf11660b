"""Pledges checked by lot, queries of shared data: what is owed, who writes it down, what is shown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.intake.hardship_checks import is_drawn, owed_checks
from casework.letters import issuing
from casework.models import HardshipCheck
from casework.terms import LetterKind, Status
from stations import chores
from stations.models import Chore, ChoreKind

pytestmark = pytest.mark.django_db

PLEDGED = {"hardship_track": "pledge", "check_exemption": "", "has_pledged": True}


def address(application):
    return reverse("casework:hardship_check", args=[application.pk])


def typed(**changes):
    fields = {
        "source": "民政部门（社会救助）",
        "checked_on": timezone.localdate(),
        "outcome": "confirmed",
        "words": "",
    }
    return fields | changes


@pytest.fixture
def drawn(make_application, county):
    """A pledge under which aid was granted, in a county that checks every one."""
    county.parameters["pledge_check_percent"] = 100
    county.save()
    return make_application(status=Status.GRANTED, **PLEDGED)


def test_the_lot_falls_on_about_the_share_and_a_larger_share_holds_the_smaller():
    codes = [f"CODE{n:04}" for n in range(1000)]
    ten, thirty = ({code for code in codes if is_drawn(code, n)} for n in (10, 30))

    assert 60 < len(ten) < 140
    assert ten < thirty
    assert not any(is_drawn(code, 0) for code in codes)
    assert all(is_drawn(code, 100) for code in codes)


def test_a_drawn_pledge_is_owed_by_the_center_until_its_result_is_kept(
    client, drawn, reviewer, county, station, django_capture_on_commit_callbacks
):
    check = drawn.hardship_checks.get()
    assert check.due_on == timezone.localdate() + timedelta(days=30)
    [owed] = owed_checks(county, timezone.localdate())
    assert (owed.url, owed.due_on) == (address(drawn), check.due_on)
    assert not list(owed_checks(station, timezone.localdate()))
    chores.refresh(county, ChoreKind.HARDSHIP)
    assert Chore.objects.filter(kind=ChoreKind.HARDSHIP).count() == 1

    client.force_login(reviewer)
    assert "抽中，待核查" in client.get(drawn.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        for _press in range(2):
            assert client.post(address(drawn), typed()).status_code == 302

    check.refresh_from_db()
    assert (check.outcome, check.checked_by) == ("confirmed", reviewer)
    assert HardshipCheck.objects.count() == 1
    assert not Chore.objects.filter(kind=ChoreKind.HARDSHIP).exists()


def test_the_statement_of_hardship_carries_the_pledge_and_only_where_one_is_made(
    client, clerk, make_application
):
    client.force_login(clerk)
    for fields, is_pledge in ((PLEDGED, True), ({"hardship_track": "data_query"}, False)):
        application = make_application(**fields)
        form = issuing.make_on_demand(application, LetterKind.HARDSHIP, by=clerk)
        page = client.get(reverse("casework:letter_print", args=[form.pk])).content.decode()
        assert ("本人承诺：一、以上所填家庭收入" in page) == is_pledge


def test_only_a_pledge_is_drawn(make_application, county):
    county.parameters["pledge_check_percent"] = 100
    county.save()
    make_application(status=Status.GRANTED)

    assert not HardshipCheck.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": " "}, "source"),
        ({"outcome": ""}, "outcome"),
        ({"checked_on": "2099-01-01"}, "checked_on"),
        ({"checked_on": "2001-01-01"}, "checked_on"),
        ({"outcome": "differs"}, "words"),
    ],
)
def test_a_wrong_result_gets_its_sentence(client, clerk, make_application, changes, field):
    application = make_application(**PLEDGED)
    client.force_login(clerk)
    answer = client.post(address(application), typed(**changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not HardshipCheck.objects.exists()


def test_what_differs_is_kept_encrypted_and_says_what_may_follow(
    client, clerk, make_application
):
    application = make_application(**PLEDGED)
    client.force_login(clerk)
    client.post(address(application), typed(outcome="differs", words="另有月收入4321元"))

    record = client.get(application.get_absolute_url()).content.decode()
    assert "与所述不符" in record
    assert "第四十八条" in record
    assert "4321" not in record
    shown = client.post(
        reverse("casework:application_reveal", args=[application.pk]), {"reason": "核对收入"}
    )
    assert "另有月收入4321元" in shown.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM casework_hardshipcheck")
        assert b"4321" not in bytes(cursor.fetchone()[0])


def test_what_is_proved_by_paper_is_not_checked_and_nobody_else_writes(
    client, clerk, neighbour, stranger, next_county, reviewer, make_application
):
    exempt, pledged = make_application(), make_application(**PLEDGED)
    client.force_login(clerk)
    assert client.get(address(exempt)).status_code == 302
    assert client.get(address(pledged)).status_code == 200
    for outsider in (neighbour, stranger):
        client.force_login(outsider)
        assert client.post(address(pledged), typed()).status_code == 404
    # The center examines it once it is passed on no more.
    moved = make_application(status=Status.IN_REVIEW, **PLEDGED)
    workflow.pass_on(moved, by=reviewer, reason="不归我们", to_county=next_county)
    client.force_login(clerk)
    assert client.post(address(moved), typed()).status_code == 404
    assert not HardshipCheck.objects.exists()
