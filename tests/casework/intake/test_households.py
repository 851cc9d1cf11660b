"""A corrected household table keeps the figures that stood before, sealed, with who, when and why."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.urls import reverse

from casework import workflow
from casework.intake.households import households_before
from casework.models import HouseholdMember, HouseholdVersion
from tests.conftest import papers, unsaved_application

pytestmark = pytest.mark.django_db


def member(income, **fields):
    return HouseholdMember(name="李桂英", relation="spouse", monthly_income=income, **fields)


@pytest.fixture
def application(station, clerk):
    return workflow.receive(
        unsaved_application(station),
        by=clerk,
        household=[member("1873.45", age=58, occupation="务农")],
        materials=papers(),
    )


def correct(application, clerk, income, why):
    application.refresh_from_db()
    return workflow.amend(
        application,
        by=clerk,
        changes={},
        version=application.version,
        note=why,
        household=[member(income)],
    )


def test_each_table_that_stood_before_is_kept(application, clerk):
    correct(application, clerk, "2500", "把月收入看错了")
    correct(application, clerk, "2600", "漏了补贴")

    before = households_before(application)
    assert [each.lines[0].monthly_income for each in before] == ["2500", "1873.45"]
    oldest = before[1]
    assert (oldest.lines[0].relation, oldest.lines[0].age, oldest.lines[0].occupation) == (
        "配偶",
        58,
        "务农",
    )
    assert (oldest.replaced_by, oldest.why) == (clerk, "把月收入看错了")
    assert application.household.get().monthly_income == "2600"


def test_a_correction_of_something_else_keeps_no_table(application, clerk):
    workflow.amend(
        application, by=clerk, changes={"claims": "支付工资"}, version=1, note="写错"
    )

    assert not HouseholdVersion.objects.exists()


def test_what_stood_before_is_sealed_and_never_changed(application, clerk):
    correct(application, clerk, "2500", "把月收入看错了")

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM casework_householdversion")
        [(stored,)] = cursor.fetchall()
    assert b"1873.45" not in bytes(stored)
    with pytest.raises(ProgrammingError, match="Cannot update"):
        HouseholdVersion.objects.update(why="别的")


def test_the_record_shows_it_and_its_figures_on_a_reveal_only(client, application, clerk):
    correct(application, clerk, "2500", "把月收入看错了")
    client.force_login(clerk)

    page = client.get(application.get_absolute_url()).content.decode()
    revealed = client.post(
        reverse("casework:application_reveal", args=[application.pk]), {"reason": "核对收入"}
    ).content.decode()

    assert "更正前的家庭成员" in page
    assert "把月收入看错了" in page
    assert "1873.45" not in page
    assert "1873.45" in revealed
