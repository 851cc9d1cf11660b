from decimal import Decimal

import pytest

from casework.models import Application, ApplicationEvent, Closing, HouseholdMember, Pause
from casework.terms import Status
from stations.models import User
from stations.one_trip import in_one_trip

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
    querysets = [
        application.events.all(),
        application.household.all(),
        Closing.objects.filter(application=application),
        Application.objects.filter(pk=application.pk),
    ]

    with django_assert_num_queries(1):
        found = in_one_trip(*querysets)

    assert [fields(rows) for rows in found] == [fields(rows) for rows in querysets]
    closing, member = found[2][0], found[1][-1]
    assert closing.recovered == Decimal("123456789.05")
    assert member.monthly_income == "1200.50"


def test_no_rows_are_an_empty_list_and_what_is_left_out_is_asked_for_later(
    make_application, django_assert_num_queries
):
    application = make_application(name="周兰")

    events, pauses, people = in_one_trip(
        ApplicationEvent.objects.filter(application=application).defer("note"),
        Pause.objects.filter(application=application),
        User.objects.filter(pk=application.received_by_id),
    )

    assert pauses == []
    assert people == [application.received_by]
    with django_assert_num_queries(1):
        assert events[0].note == ""


def test_rows_keep_the_order_they_were_asked_in(make_application):
    for name in "甲乙丙丁":
        make_application(name=name)

    (rows,) = in_one_trip(Application.objects.order_by("-pk"))

    assert [row.name for row in rows] == ["丁", "丙", "乙", "甲"]
