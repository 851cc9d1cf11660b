"""What stands out in the log: plain rules with the county's limits, each opening its rows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stations.models import DayOff, LookKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def workday(calendar):
    """Ten in the morning of a working day of the last weeks."""
    day = timezone.localtime().replace(hour=10, minute=0) - timedelta(days=3)
    while not calendar.is_working_day(day.date()):
        day -= timedelta(days=1)
    return day


@pytest.fixture
def as_auditor(client, audit_admin):
    client.force_login(audit_admin)
    return client


def standing_out(client):
    """[(sentence, the looks its address opens)]."""
    page = client.get(reverse("stations:look_list"))
    return [
        (
            each.sentence,
            [
                line.look
                for line, _url in client.get(
                    f"{reverse('stations:look_list')}?{each.query}"
                ).context["lines"]
            ],
        )
        for each in page.context["unusual"]
    ]


def test_looks_outside_working_hours_and_on_days_off_stand_out(
    as_auditor, clerk, county, make_look, workday
):
    make_look(clerk, workday)
    assert standing_out(as_auditor) == []

    late = make_look(clerk, workday.replace(hour=23), kind=LookKind.EXPORT)
    off = workday - timedelta(days=7)
    DayOff.objects.update_or_create(
        day=off.date(), county=county, defaults={"is_off": True, "name": "县里放假"}
    )
    holiday = make_look(clerk, off)
    make_look(clerk, workday.replace(hour=23), kind=LookKind.SIGN_IN)

    [(sentence, rows)] = standing_out(as_auditor)
    assert "周桂兰在非工作时间查看、打印或导出2次" in sentence
    assert rows == [late, holiday]
    county.parameters = {"look_hours_until": 24}
    county.save()
    [(_sentence, rows)] = standing_out(as_auditor)
    assert rows == [holiday]


def test_many_numbers_in_an_hour_and_many_rows_at_once_stand_out(
    as_auditor, clerk, county, make_look, workday
):
    county.parameters = {"look_reveals_an_hour": 3, "look_rows_at_once": 500}
    county.save()
    opened = [make_look(clerk, workday + timedelta(minutes=n)) for n in range(3)]
    make_look(clerk, workday + timedelta(hours=1))
    taken = make_look(clerk, workday, kind=LookKind.EXPORT, count=500)

    hour, large = standing_out(as_auditor)

    assert "10时至11时查看完整号码3次" in hour[0]
    assert hour[1] == opened[::-1]
    assert "一次取走500行" in large[0]
    assert large[1] == [taken]


def test_one_person_s_numbers_opened_at_several_stations_stand_out(
    as_auditor, clerk, neighbour, county, make_look, make_entry, next_station, workday
):
    county.parameters = {"look_stations_per_person": 2}
    county.save()
    same = {"id_number": "341525196504120016"}
    here = make_look(clerk, workday, subject=f"entry:{make_entry(**same).pk}")
    there = make_look(
        neighbour,
        workday + timedelta(minutes=5),
        subject=f"entry:{make_entry(next_station, by=neighbour, **same).pk}",
    )
    make_look(clerk, workday, subject=f"entry:{make_entry(id_number='341525198406170028').pk}")

    [(sentence, rows)] = standing_out(as_auditor)

    assert "同一当事人的完整号码在2个工作站被查看" in sentence
    assert rows == [there, here]
    assert "3415" not in sentence


def test_trouble_with_signing_in_stands_out(client, audit_admin, clerk):
    for _try in range(6):
        client.post(reverse("stations:sign_in"), {"username": "clerk", "password": "wrong"})
    client.post(reverse("stations:sign_in"), {"username": "nobody", "password": "wrong"})
    client.force_login(audit_admin)

    [(sentence, rows)] = standing_out(client)

    assert "周桂兰（clerk）登录失败4次，账号锁定1次" in sentence
    assert [look.kind for look in rows] == ["locked", *["failed"] * 4]
