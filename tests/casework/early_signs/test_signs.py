"""Early signs: found by the rules, one row for one cluster, reported or dismissed by the bureau."""

import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from casework.early_signs import sign_paper, signs
from casework.models import EarlySign, Matter, Party, RegisterEntry
from casework.register import writing
from casework.terms import PartySide, SignalLevel, SignMove, SignRule, SignState
from casework.timetable import find_signs
from stations.models import Chore, ChoreKind, Look, LookKind
from tests.conftest import at, unsaved_entry

pytestmark = pytest.mark.django_db

FIRM = "清山木业有限公司"


@pytest.fixture
def today():
    return timezone.localdate()


def visits(station, clerk, names, *, days_ago=2, **fields):
    """One visit of each, on a day so long ago."""
    moment = timezone.now() - timedelta(days=days_ago)
    made = []
    for n, name in enumerate(names):
        fields.setdefault("opponent", FIRM)
        entry = unsaved_entry(
            station, name=name, phone=f"139{n:04d}{days_ago:04d}", occurred_at=moment, **fields
        )
        made.append(writing.record(entry, by=clerk))
    return made


def the_sign(rule=SignRule.OPPONENT):
    [sign] = EarlySign.objects.filter(rule=rule)
    return sign


def test_one_employer_at_two_stations_is_one_sign_however_the_name_is_written(
    county, station, next_station, clerk, neighbour, make_application, today
):
    visits(station, clerk, ["赵一", "钱二"])
    visits(next_station, neighbour, ["孙三", "李四"], opponent="清山（木业）有限公司")
    # An application that comes from no entry counts one more; one from an entry does not.
    application = make_application()
    Party.objects.create(
        application=application,
        side=PartySide.OPPONENT,
        kind="organisation",
        name=FIRM,
        name_key=FIRM,
    )
    visits(station, clerk, ["周五"], opponent="冯某")

    assert signs.find(county, today) == 1

    sign = the_sign()
    assert (sign.persons, len(sign.entry_ids), sign.application_ids) == (
        5,
        4,
        [application.pk],
    )
    assert sign.level == SignalLevel.WATCH
    assert "支付劳动报酬" in sign.signal.sentence
    assert FIRM in sign.signal.sentence


def test_a_cluster_that_grows_is_the_same_row_and_the_same_night_twice_writes_nothing(
    county, station, clerk, today
):
    visits(station, clerk, ["赵一", "钱二", "孙三"])
    signs.find(county, today)
    first = the_sign()
    assert first.level == SignalLevel.USUAL

    assert signs.find(county, today) == 0
    assert first.events.count() == 1

    visits(station, clerk, ["李四", "周五", "吴六", "郑七"], days_ago=1)
    assert signs.find(county, today) == 1
    grown = the_sign()
    assert grown.pk == first.pk
    assert (grown.persons, grown.level) == (7, SignalLevel.WATCH)
    assert [event.move for event in grown.events.all()] == [SignMove.FIND, SignMove.GROW]


def test_a_sign_once_dismissed_wakes_when_it_grows_graver_and_not_before(
    county, station, clerk, officer, today
):
    visits(station, clerk, [f"甲{n}" for n in range(5)])
    signs.find(county, today)
    signs.dismiss(the_sign(), by=officer, words="同一家子，已经谈好")

    visits(station, clerk, ["乙一"], days_ago=1)
    signs.find(county, today)
    assert the_sign().state == SignState.DISMISSED

    visits(station, clerk, [f"丙{n}" for n in range(5)], days_ago=0, persons=2)
    signs.find(county, today)
    sign = the_sign()
    assert (sign.state, sign.level, sign.words) == (SignState.FOUND, SignalLevel.GRAVE, "")
    # What was said the first time is not lost.
    assert sign.events.filter(note="同一家子，已经谈好").exists()


def test_a_cluster_that_comes_back_after_a_quiet_month_is_a_new_sign(
    county, station, clerk, today
):
    visits(station, clerk, ["赵一", "钱二", "孙三"], days_ago=70)
    signs.find(county, today - timedelta(days=69))
    visits(station, clerk, ["李四", "周五", "吴六"], days_ago=1)
    signs.find(county, today)
    assert EarlySign.objects.filter(rule=SignRule.OPPONENT).count() == 2


def test_the_database_refuses_a_twin(county, station, clerk, today):
    visits(station, clerk, ["赵一", "钱二", "孙三"])
    signs.find(county, today)
    twin = the_sign()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_land_of_one_village_a_topic_and_marked_entries_are_found(
    county, station, next_station, clerk, neighbour, today
):
    land = Matter.objects.get(code="civil.land_forest")
    visits(station, clerk, ["赵一", "钱二", "孙三"], matter=land, opponent="")
    for where, who in ((station, clerk), (next_station, neighbour)):
        visits(
            where,
            who,
            ["李四", "周五"],
            opponent="",
            statement="厂里排污，鱼都死了，问怎么办。",
        )
    visits(next_station, neighbour, ["吴六"], opponent="", sensitive="extreme", days_ago=3)
    signs.find(county, today)

    found = {sign.rule: sign for sign in EarlySign.objects.all()}
    assert set(found) == {SignRule.VILLAGE, SignRule.TOPIC, SignRule.MARKED}
    assert found[SignRule.VILLAGE].name == "青溪1村"
    assert found[SignRule.TOPIC].persons == 4
    assert found[SignRule.MARKED].level == SignalLevel.GRAVE


def test_a_group_marked_by_its_receiver_is_one_sign(county, station, clerk, today):
    visits(station, clerk, ["赵一"], persons=12, sensitive="group", opponent="")
    signs.find(county, today)
    assert [sign.rule for sign in EarlySign.objects.all()] == [SignRule.MARKED]


def test_void_entries_half_names_and_other_counties_make_no_sign(
    county, next_county, station, far_station, clerk, stranger, today
):
    visits(station, clerk, ["赵一", "钱二", "孙三"], opponent="冯某")
    made = visits(station, clerk, ["赵四", "钱五", "孙六"])
    RegisterEntry.objects.filter(pk__in=[entry.pk for entry in made]).update(
        voided_at=timezone.now(), voided_by=clerk, void_reason="重复"
    )
    visits(far_station, stranger, ["李七", "李八", "李九"])
    find_signs()
    assert [sign.county for sign in EarlySign.objects.all()] == [next_county]


# ── Clocks ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("level", "raised_at", "day", "hour"),
    [
        ("grave", at(2026, 11, 4, 10, 0), date(2026, 11, 4), 12),
        # Found at night: from the opening of the office.
        ("grave", at(2026, 11, 4, 0, 40), date(2026, 11, 4), 10),
        # Hours run on days of rest too.
        ("grave", at(2026, 11, 7, 17, 30), date(2026, 11, 7), 19),
        ("watch", at(2026, 11, 4, 10, 0), date(2026, 11, 4), None),
        ("watch", at(2026, 11, 7, 10, 0), date(2026, 11, 9), None),
        ("usual", at(2026, 11, 4, 10, 0), None, None),
    ],
)
def test_clock_26_is_two_hours_for_grave_and_the_same_working_day_for_watch(
    calendar, level, raised_at, day, hour
):
    due = signs.due_of(EarlySign(level=level, raised_at=raised_at), calendar)
    assert due.day == day
    assert (timezone.localtime(due.moment).hour if due.moment else None) == hour


def test_the_bureau_owes_a_grave_sign_without_a_name_and_the_day_after_how_it_went_on(
    client, county, station, clerk, officer, today, django_capture_on_commit_callbacks
):
    visits(station, clerk, [f"甲{n}" for n in range(12)])
    with django_capture_on_commit_callbacks(execute=True):
        signs.find(county, today)
    chore = Chore.objects.of_posts(officer).get(kind=ChoreKind.SIGN)
    assert FIRM not in f"{chore.title}{chore.text}"
    assert "12" in chore.title

    with django_capture_on_commit_callbacks(execute=True):
        signs.report(the_sign(), by=officer, words="已电话报告县委办")
    chore = Chore.objects.of_posts(officer).get(kind=ChoreKind.SIGN)
    assert "续报" in chore.title
    assert chore.due_on == today + timedelta(days=1)
    client.force_login(officer)
    page = client.get(the_sign().get_absolute_url())
    assert page.context["further_clock"].label == "还剩23小时"
    address = reverse("casework:sign_follow_up", args=[the_sign().pk])
    assert client.post(address, {"words": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"words": "工资已发八成，其余约定下周二发。"})
    assert not Chore.objects.filter(kind=ChoreKind.SIGN).exists()
    assert the_sign().events.last().move == SignMove.FOLLOW_UP


def test_what_was_not_reported_is_not_reported_further(county, station, clerk, officer, today):
    visits(station, clerk, ["赵一", "钱二", "孙三"])
    signs.find(county, today)
    with pytest.raises(signs.SignRefused, match="先报告"):
        signs.follow_up(the_sign(), by=officer, words="后来怎样")
    # One that is not grave, once reported, owes nothing further.
    signs.report(the_sign(), by=officer, words="已报县信访局")
    assert signs.follow_up_due_at(the_sign()) is None


def test_of_two_who_settle_a_sign_one_is_told_who_was_first(
    county, station, clerk, officer, director, today
):
    visits(station, clerk, ["赵一", "钱二", "孙三"])
    signs.find(county, today)
    stale = the_sign()
    signs.report(the_sign(), by=officer, words="已报县信访局")
    with pytest.raises(signs.SignRefused, match="高科长"):
        signs.dismiss(stale, by=director, words="没有事")


# ── Pages ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sign(county, station, clerk, today):
    visits(station, clerk, [f"甲{n}" for n in range(6)])
    signs.find(county, today)
    return the_sign()


def test_the_list_costs_the_same_for_one_and_many(
    client, officer, sign, count_queries, county, station, clerk, today
):
    client.force_login(officer)
    address = reverse("casework:sign_list")
    one, page = count_queries(lambda: client.get(address))
    assert FIRM in page.content.decode()
    for n in range(4):
        visits(station, clerk, ["丁一", "丁二", "丁三"], opponent=f"第{n}建筑有限公司")
    signs.find(county, today)
    many, page = count_queries(lambda: client.get(address))
    assert len(page.context["page"].object_list) == 5
    assert many == one


def test_opening_the_rows_is_written_down_each_time(client, officer, sign):
    client.force_login(officer)
    address = reverse("casework:sign_rows", args=[sign.pk])
    for _again in range(2):
        page = client.post(address)
        assert page.status_code == 200
        assert "甲3" in page.content.decode()
    looks = Look.objects.filter(kind=LookKind.REVEAL, subject=f"early_sign:{sign.pk}")
    assert [look.count for look in looks] == [6, 6]
    assert client.get(address).status_code == 405
    sign.refresh_from_db()
    assert (sign.state, sign.seen_by) == (SignState.SEEN, officer)


def test_the_city_sees_numbers_from_five_persons_on_and_no_private_names(
    client, inspector, sign, county, station, clerk, today
):
    visits(station, clerk, ["丁一", "丁二", "丁三"], opponent="宏远建筑有限公司")
    visits(station, clerk, [f"戊{n}" for n in range(6)], opponent="冯长根")
    signs.find(county, today)
    client.force_login(inspector)
    page = client.get(reverse("casework:sign_list")).content.decode()
    assert FIRM in page
    assert "宏远" not in page
    assert "冯长根" not in page
    assert "青溪" not in page
    for name in ("sign_detail", "sign_pdf"):
        assert client.get(reverse(f"casework:{name}", args=[sign.pk])).status_code == 404
    assert client.post(reverse("casework:sign_rows", args=[sign.pk])).status_code == 404


def test_a_sign_is_settled_with_words_or_comes_back_with_a_sentence(client, officer, sign):
    client.force_login(officer)
    address = reverse("casework:sign_settle", args=[sign.pk])
    page = client.post(address, {"act": "report", "words": "好"})
    assert page.status_code == 422
    assert "好" in page.content.decode()
    client.post(address, {"act": "report", "words": "已电话报告县政府，书面报告已送出"})
    sign.refresh_from_db()
    assert (sign.state, sign.settled_by) == (SignState.REPORTED, officer)
    # A second press changes nothing.
    client.post(address, {"act": "dismiss", "words": "再按一次试试"})
    sign.refresh_from_db()
    assert sign.state == SignState.REPORTED


def test_the_note_is_one_page_with_count_places_law_and_step(client, officer, sign):
    client.force_login(officer)
    answer = client.get(reverse("casework:sign_pdf", args=[sign.pk]))
    assert answer["Content-Type"] == "application/pdf"
    [page] = PdfReader(io.BytesIO(answer.content)).pages
    text = page.extract_text().replace("\n", "")
    assert "青溪" in text
    assert "甲1" not in text


def test_weeks_fold_rows_into_the_seven_days_they_lie_in():
    rows = [(date(2026, 11, 4), 2), (date(2026, 10, 29), 1), (date(2026, 10, 28), 5)]
    folded = sign_paper.weeks(rows, date(2026, 11, 4))
    assert [(week.rows, week.persons) for week in folded] == [
        (0, 0),
        (0, 0),
        (0, 0),
        (1, 5),
        (2, 3),
    ]
