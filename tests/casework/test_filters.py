"""The filters of the register: what an address names, and for whom."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.utils import timezone

from casework.forms.filters import EntryFilter
from casework.models import Matter, MonthlyReport
from casework.register import writing
from casework.terms import Channel, Disposal, ReportStatus, Sensitive
from tests.conftest import at

pytestmark = pytest.mark.django_db

ALL = "from=2020-01-01"


def asked(query, user):
    return EntryFilter(QueryDict(query), user)


def names(query, user):
    return sorted(asked(query, user).queryset().values_list("name", flat=True))


@pytest.fixture
def people(make_entry, station, head):
    """Entries that differ from 甲 in one thing each."""
    when = at(2026, 3, 2, 9)
    make_entry(name="甲", phone="", occurred_at=when, recorded_at=when)
    make_entry(
        name="乙",
        phone="",
        occurred_at=at(2026, 3, 3, 0, 5),
        recorded_at=at(2026, 3, 9),
        channel=Channel.CALL,
        is_hotline=True,
        village=None,
    )
    make_entry(
        name="丙",
        phone="13811112222",
        occurred_at=at(2026, 3, 4, 23, 59),
        recorded_at=at(2026, 3, 4, 23, 59),
        sensitive=Sensitive.GROUP,
        matter=Matter.objects.get(code="economic.loan"),
        people_groups=["poor"],
        disposal=Disposal.MEDIATION,
        receiver_name="陈永平",
        opponent="大别山建筑公司",
    )
    make_entry(
        name="丙",
        phone="13811112222",
        occurred_at=at(2026, 3, 5),
        recorded_at=at(2026, 3, 5),
        matter=Matter.objects.get(code="economic.loan"),
    )
    corrected = make_entry(
        name="丁", phone="13811112222", occurred_at=at(2026, 3, 6), recorded_at=at(2026, 3, 6)
    )
    writing.correct(corrected, changes={"persons": 3}, reason="漏数", by=head, version=1)
    void = make_entry(
        name="戊", phone="", occurred_at=at(2026, 3, 6), recorded_at=at(2026, 3, 6)
    )
    writing.declare_void(void, reason="重复登记", by=head)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ALL, "甲乙丙丙丁"),
        ("from=2026-03-03&to=2026-03-04", "乙丙"),
        ("to=2026-03-02", "甲"),
        ("from=&to=", "甲乙丙丙丁"),
        (f"{ALL}&channel=call", "乙"),
        (f"{ALL}&channel=call&channel=visit", "甲乙丙丙丁"),
        (f"{ALL}&hotline=1", "乙"),
        (f"{ALL}&matter=economic", "丙丙"),
        (f"{ALL}&matter=economic.loan&group=poor", "丙"),
        (f"{ALL}&village=none", "乙"),
        (f"{ALL}&village=349001101201", "甲丙丙丁"),
        (f"{ALL}&disposal=mediation", "丙"),
        (f"{ALL}&receiver=陈永平", "丙"),
        (f"{ALL}&opponent=大别山建筑公司", "丙"),
        (f"{ALL}&sensitive=any", "丙"),
        (f"{ALL}&sensitive=group", "丙"),
        (f"{ALL}&sensitive=media", ""),
        (f"{ALL}&repeat=1", "丙"),
        (f"{ALL}&returning=1", "丙丁"),
        (f"{ALL}&late=1", "乙"),
        (f"{ALL}&corrected=1", "丁"),
        (f"{ALL}&void=1", "戊"),
        (f"{ALL}&hour=0", "乙"),
        (f"{ALL}&hour=23", "丙"),
        ("q=戊", "戊"),
        ("q=大别山 mediation", ""),
        ("q=大别山 bing", ""),
        ("q=大别山 b", "丙"),
    ],
)
def test_an_address_names_its_rows(people, clerk, query, expected):
    assert "".join(names(query, clerk)) == "".join(sorted(expected))


def test_without_days_the_list_shows_the_last_thirty(make_entry, clerk):
    now = timezone.now()
    make_entry(name="新", occurred_at=now - timedelta(days=29))
    make_entry(name="旧", occurred_at=now - timedelta(days=30, hours=1))

    assert names("", clerk) == ["新"]
    assert names("from=&to=", clerk) == ["新", "旧"]
    assert names("q=旧", clerk) == ["旧"]


def test_every_filter_stays_inside_the_scope(
    make_entry, next_station, far_station, people, clerk, neighbour, officer, stranger
):
    make_entry(next_station, by=neighbour, name="邻", occurred_at=at(2026, 3, 2))
    make_entry(far_station, by=stranger, name="外", occurred_at=at(2026, 3, 2))

    assert "邻" not in names(ALL, clerk)
    assert names(f"{ALL}&station={next_station.pk}", officer) == ["邻"]
    assert "外" not in names(ALL, officer)
    assert names("q=外", officer) == []
    wrong = asked(f"{ALL}&station={far_station.pk}", officer)
    assert list(wrong.queryset()) == []
    assert "station" in wrong.errors


def test_who_may_not_read_the_register_finds_nothing(people, liaison, inspector):
    assert names(ALL, liaison) == []
    assert names(ALL, inspector) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-13-01", "since"),
        ("from=0001-01-01", "since"),
        ("to=9999-12-31", "until"),
        ("from=2026-03-02&to=2026-03-01", "until"),
        ("station=999999999999999999999999", "station"),
        ("channel=fax", "channel"),
        ("matter=nothing", "matter"),
        ("village=349002101201", "village"),
        ("village=x", "village"),
        ("group=x", "group"),
        ("hour=24", "hour"),
        ("report=1", "report"),
        ("sensitive=none", "sensitive"),
        ("q=" + "很" * 61, "q"),
        ("q=a%00b", "q"),
        ("receiver=%00", "receiver"),
    ],
)
def test_a_wrong_address_gets_a_sentence_and_no_rows(people, clerk, far_station, query, field):
    wrong = asked(query, clerk)

    assert list(wrong.queryset()) == []
    assert set(wrong.errors) == {field}
    assert wrong.chips() == []
    assert wrong.query() == ""


def test_a_report_opens_the_rows_it_was_sent_with(people, clerk, head, neighbour, station):
    rows = list(asked(ALL, clerk).queryset().filter(name="丙").values_list("pk", flat=True))
    report = MonthlyReport.objects.create(
        county=station.county,
        station=station,
        month=at(2026, 3, 1).date(),
        due_on=at(2026, 4, 8).date(),
        status=ReportStatus.SENT,
        figures={},
        row_ids=rows,
        rows_hash="0" * 64,
        serial=1,
        sent_at=timezone.now(),
        sent_by=head,
    )

    assert names(f"report={report.pk}", clerk) == ["丙", "丙"]
    assert names(f"report={report.pk}", neighbour) == []


def test_each_chip_takes_one_condition_away(people, clerk):
    address = (
        "from=2026-03-01&to=2026-03-31&channel=call&channel=visit&matter=civil&hour=0&q=乙"
    )
    chips = {chip.label: parse_qs(chip.query) for chip in asked(address, clerk).chips()}

    full = parse_qs(address)
    assert len(chips) == 6
    assert chips["民事"] == {k: v for k, v in full.items() if k != "matter"}
    for chip in asked(address, clerk).chips():
        assert asked(chip.query, clerk).is_valid()


def test_taking_the_usual_days_away_shows_all_days(people, clerk):
    (usual,) = asked("", clerk).chips()

    assert names(usual.query, clerk) == names("from=&to=", clerk)


def test_the_query_names_the_same_rows_again(people, clerk):
    for query in (
        "",
        ALL,
        f"{ALL}&channel=call&late=1",
        "q=丙",
        "from=&to=",
        "from=&to=&hour=0",
    ):
        first = asked(query, clerk)
        assert names(first.query(), clerk) == names(query, clerk)


def test_a_kept_view_keeps_the_last_thirty_days_moving(clerk):
    assert asked("channel=call", clerk).lasting_query() == "channel=call"
    assert asked("from=", clerk).lasting_query() == "from="
    assert parse_qs(asked("channel=call", clerk).query())["to"] == [str(timezone.localdate())]


def test_the_trace_of_a_look_tells_no_typed_words(clerk):
    trace = asked("q=13900002648&receiver=周桂兰&channel=call", clerk).trace()

    assert "139" not in trace
    assert "receiver=*" in trace
    assert "channel=call" in trace
