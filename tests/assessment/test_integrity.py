"""What looks odd is asked about: found once, answered by a person, never a deduction."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment import integrity, running, standard
from assessment.models import IntegrityFlag, Sheet, Year
from casework.models import RegisterEntry
from stations.models import AidUnit, AidWorker, PublicityEvent
from stations.models.duty import DutyMonth, DutySlot
from tests.assessment.made_year import TODAY, YEAR, at, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(county, station, next_station, officer):
    used = standard.put_to_use(
        standard.adopt_default(county, by=officer), year_from=YEAR, by=officer
    )
    year = Year.objects.create(
        county=county,
        year=YEAR,
        standard=used,
        first_day=on(1, 1),
        last_day=on(12, 31),
        opened_by=officer,
    )
    running.make_sheets(year)
    return year


@pytest.fixture
def odd_records(station, county, clerk, officer, matter, year):
    """Thirty entries, most typed in the last days of the year and alike; duty signed in one go."""
    for n in range(30):
        when = at(3 if n < 25 else 12, 20 if n >= 25 else n + 1)
        RegisterEntry.objects.create(
            station=station,
            channel="visit",
            year=YEAR,
            serial=n + 1,
            occurred_at=when,
            name="吴秋菊",
            matter=matter,
            statement="工钱没有结清，怎么办？" if n < 9 else f"第{n}次来问工钱的事。",
            recorded_by=clerk,
            recorded_at=at(12, 28),
            working_days_late=100 if n < 25 else 5,
        )
    worker = AidWorker.objects.create(
        unit=AidUnit.objects.create(county=county, name="甲所", kind="firm"),
        name="律师甲",
        kind="lawyer",
        joined_on=on(1, 1),
    )
    month = DutyMonth.objects.create(
        county=county,
        month=on(3, 1),
        planned_at=at(2, 1),
        planned_by=officer,
        published_at=at(2, 2),
        published_by=officer,
    )
    for day in range(3, 9):
        DutySlot.objects.create(
            duty_month=month,
            station=station,
            day=on(3, day),
            half="am",
            worker=worker,
            signed_in_at=at(3, 31) + timedelta(minutes=day),
        )
    for n in range(6):
        PublicityEvent.objects.create(
            county=county,
            station=station,
            kind="lecture",
            title="宣讲",
            on=on(n + 1, 9),
            place="村部",
            reached=47 if n == 0 else 100 * n,
            recorded_by=clerk,
        )


def test_odd_records_are_asked_about_in_words_that_carry_their_numbers(year, odd_records):
    assert integrity.find_flags(year, on=TODAY) == 5

    words = dict(IntegrityFlag.objects.values_list("kind", "words"))
    assert words["late_entry"].startswith("全年30条登记中，25条")
    assert "30条是在年度最后两周录入的，其中25条" in words["year_end_burst"]
    assert "9条" in words["copied_text"]
    assert words["bulk_signing"].startswith("6个值班半天")
    assert "6次宣传活动中，5次" in words["round_numbers"]
    # The other station has nothing to answer, and a question takes no point.
    assert {flag.sheet.station_id for flag in IntegrityFlag.objects.all()} == {
        Sheet.objects.earliest("station__code").station_id
    }
    assert not Sheet.objects.exclude(deductions=0).exists()


def test_a_question_is_asked_once_and_an_answered_one_stays(year, odd_records, clerk):
    integrity.find_flags(year, on=TODAY)
    asked = set(IntegrityFlag.objects.values_list("pk", flat=True))
    integrity.find_flags(year, on=TODAY)
    assert set(IntegrityFlag.objects.values_list("pk", flat=True)) == asked

    IntegrityFlag.objects.filter(kind="round_numbers").update(
        answer="按座位数估算", answered_by=clerk, answered_at=timezone.now()
    )
    PublicityEvent.objects.update(voided_at=timezone.now(), voided_by=clerk, void_reason="重报")
    RegisterEntry.objects.filter(serial__lte=9).update(statement="各不相同的内容")
    RegisterEntry.objects.filter(serial__lte=6).update(
        voided_at=timezone.now(), voided_by=clerk, void_reason="重复"
    )
    assert integrity.find_flags(year, on=TODAY) == 3

    left = {flag.kind: flag.is_current for flag in IntegrityFlag.objects.all()}
    assert left.pop("round_numbers") is False
    assert "copied_text" not in left
    assert all(left.values())
    assert len(left) == 3


def test_the_end_of_a_year_is_looked_at_only_at_its_end(year, odd_records):
    integrity.find_flags(year, on=on(12, 10))

    assert not IntegrityFlag.objects.filter(kind="year_end_burst").exists()
