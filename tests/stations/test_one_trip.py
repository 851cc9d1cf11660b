from decimal import Decimal

import pytest

from casework.models import Application, ApplicationEvent, Closing, HouseholdMember, Pause
from casework.terms import Status
from stations.one_trip import ASKED, OneTrip

pytestmark = pytest.mark.django_db


def fields(rows):
    return [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        for row in rows
    ]


def test_rows_of_several_tables_come_in_one_question_as_each_would_alone(
    make_application, reviewer, django_assert_num_queries
):
    application = make_application(status=Status.GRANTED)
    Closing.objects.create(
        application=application,
        closed_on="2026-03-02",
        result="won",
        summary="胜诉\n“全部”\\支持",
        recovered="123456789.05",
        recorded_by=reviewer,
    )
    HouseholdMember.objects.create(
        application=application, name="父亲", relation="parent", monthly_income="1200.50"
    )
    make_application(name="别人")
    trip = OneTrip(
        events=ApplicationEvent.objects.filter(application=ASKED),
        household=HouseholdMember.objects.filter(application=ASKED),
        closings=Closing.objects.filter(application=ASKED),
        itself=Application.objects.filter(pk=ASKED),
    )

    with django_assert_num_queries(1):
        found = trip.rows(application.pk)

    alone = {
        "events": application.events.all(),
        "household": application.household.all(),
        "closings": Closing.objects.filter(application=application),
        "itself": Application.objects.filter(pk=application.pk),
    }
    assert {name: fields(rows) for name, rows in found.items()} == {
        name: fields(rows) for name, rows in alone.items()
    }
    closing, member = found["closings"][0], found["household"][-1]
    assert closing.recovered == Decimal("123456789.05")
    assert member.monthly_income == "1200.50"


def test_no_rows_are_an_empty_list_and_what_is_left_out_is_asked_for_later(
    make_application, django_assert_num_queries
):
    application = make_application(name="周兰")

    trip = OneTrip(
        events=ApplicationEvent.objects.filter(application=ASKED).defer("note"),
        pauses=Pause.objects.filter(application=ASKED),
    )

    rows = trip.rows(application.pk)

    assert rows["pauses"] == []
    with django_assert_num_queries(1):
        assert rows["events"][0].note == ""


def test_rows_keep_the_order_they_were_asked_in(make_application):
    made = [make_application(name=name) for name in "甲乙丙丁"]
    trip = OneTrip(
        later=Application.objects.filter(pk__gt=ASKED).order_by("-pk"),
        earlier=Application.objects.filter(pk__lt=ASKED).order_by("pk"),
    )

    rows = trip.rows(made[1].pk)

    assert [row.name for row in rows["later"]] == ["丁", "丙"]
    assert [row.name for row in rows["earlier"]] == ["甲"]
