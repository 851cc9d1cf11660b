"""The log of who looked, as the auditor reads it: in words, filtered, taken away."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from stations.looks.naming import things_of
from stations.models import Look, LookKind
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_auditor(client, audit_admin):
    client.force_login(audit_admin)
    return client


def listed(client, **filters):
    page = client.get(reverse("stations:look_list"), filters)
    return [line.look for line, _url in page.context["lines"]]


def test_what_was_looked_at_is_told_in_words(
    clerk, station, make_entry, make_application, matter
):
    entry, application = make_entry(), make_application()
    letter = application.letters.first()
    said = {
        f"entry:{entry.pk}": f"来电来访登记（{entry.number}）",
        f"registerentry:{entry.pk}": f"来电来访登记（{entry.number}）",
        f"application:{application.pk}": f"法律援助申请（{application.number}）",
        f"letter:{letter.pk}": f"{letter.get_kind_display()} {letter.number}",
        f"user:{clerk.pk}": "账号周桂兰（clerk）",
        f"user:{clerk.pk} appointed head": "账号周桂兰（clerk），任命：站长",
        f"user:{clerk.pk} password reset": "账号周桂兰（clerk），重置密码",
        f"register?from=2026-11-01&to=2026-11-05&station={station.pk}&channel=visit"
        f"&matter={matter.code}&late=1&q=*": "来电来访登记：2026-11-01至2026-11-05，青溪，来访，"
        f"{matter.name}，补录晚了，按词语查找",
        f"liaisons: station={station.pk}&holding=acting&q=*": "联络员名单：青溪，只看代理，按词语查找",
        # What is gone, or was never known, stands as it was written.
        "entry:999999": "entry:999999",
        "never heard of:7": "never heard of:7",
    }
    things = things_of(said)
    assert {subject: thing.words for subject, thing in things.items()} == said
    assert things[f"entry:{entry.pk}"].url == entry.get_absolute_url()


def test_the_list_names_people_with_their_role_then_and_links_only_what_opens(
    as_auditor, clerk, head, stranger, make_look, make_entry
):
    entry = make_entry()
    make_look(clerk, at(2026, 11, 3), subject=f"entry:{entry.pk}", reason="核对")
    make_look(stranger, at(2026, 11, 3), subject="entry:1")
    post = head.appointments.get()
    post.to_on = at(2026, 10, 1).date()
    post.save()
    make_look(head, at(2026, 9, 1), station=clerk.station, county=clerk.county)

    page = as_auditor.get(reverse("stations:look_list"))

    lines = [line for line, _url in page.context["lines"]]
    assert [(line.name, line.roles) for line in lines] == [
        ("周桂兰", "工作站人员"),
        ("方站长", "站长"),
    ]
    words = page.content.decode()
    assert f"来电来访登记（{entry.number}）" in words
    assert entry.get_absolute_url() not in words
    assert entry.name not in words


def test_the_log_is_filtered_by_person_act_station_and_days(
    as_auditor, clerk, neighbour, make_look
):
    reveal = make_look(clerk, at(2026, 11, 3, 9))
    printed = make_look(clerk, at(2026, 11, 4, 22), kind=LookKind.PRINT)
    failed = make_look(neighbour, at(2026, 11, 5, 9), kind=LookKind.FAILED)

    assert listed(as_auditor) == [failed, printed, reveal]
    assert listed(as_auditor, q="周桂") == [printed, reveal]
    assert listed(as_auditor, q="neigh") == [failed]
    assert listed(as_auditor, kind="print") == [printed]
    assert listed(as_auditor, kind="sign_in_trouble") == [failed]
    assert listed(as_auditor, station=neighbour.station.pk) == [failed]
    assert listed(as_auditor, since="2026-11-04", until="2026-11-04") == [printed]
    assert listed(as_auditor, user=clerk.pk, hour=9) == [reveal]
    assert listed(as_auditor, rule="outside", since="2026-11-01") == [printed]
    wrong = as_auditor.get(
        reverse("stations:look_list"), {"since": "2026-11-05", "until": "2026-11-04"}
    )
    assert wrong.status_code == 422
    assert "结束日期早于开始日期" in wrong.content.decode()


def test_the_log_is_taken_away_as_a_workbook_that_is_itself_written_down(
    as_auditor, audit_admin, clerk, make_look, make_entry
):
    entry = make_entry()
    make_look(clerk, at(2026, 11, 3, 9), subject=f"entry:{entry.pk}", reason="=HYPERLINK(1)")

    answer = as_auditor.post(
        reverse("stations:look_export"), {"query": "kind=reveal&q=周桂兰&page=3"}
    )

    [_mark, heads, *rows] = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert heads[:6] == ["时间", "姓名", "账号", "岗位", "行为", "对象"]
    [row] = rows
    assert row[1:] == [
        *("周桂兰", "clerk", "工作站人员", "查看完整号码", f"来电来访登记（{entry.number}）"),
        *(1, "'=HYPERLINK(1)", "青溪"),
    ]
    trace = Look.objects.get(kind=LookKind.EXPORT)
    assert (trace.user, trace.subject, trace.count) == (audit_admin, "looks?kind=reveal&q=*", 1)
    nothing = as_auditor.post(
        reverse("stations:look_export"), {"query": "q=nobody"}, follow=True
    )
    assert "无可导出" in nothing.content.decode()


def test_the_log_costs_the_same_for_any_length(
    as_auditor, clerk, reviewer, make_look, make_entry, make_application, count_queries
):
    page = reverse("stations:look_list")
    now = timezone.now()

    def look_around(user, n):
        make_look(user, now, subject=f"entry:{make_entry().pk}")
        make_look(user, now, subject=f"application:{make_application().pk}")
        make_look(
            user, now, kind=LookKind.EXPORT, subject=f"register?from=&persons={n}", count=9999
        )
        make_look(user, now, kind=LookKind.LOCKED, subject=f"user:{user.pk}")

    look_around(clerk, 1)
    few, _answer = count_queries(lambda: as_auditor.get(page))
    for n in range(2, 5):
        look_around(reviewer if n % 2 else clerk, n)
    many, answer = count_queries(lambda: as_auditor.get(page))

    assert len(answer.context["lines"]) == 16
    assert many == few <= 26
