"""A submitted return stays as it was; what is corrected later shows beside it; the bureau reopens it."""

import io
from datetime import date

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from casework.analysis.return_rows import Rule
from casework.models import RegisterEntry, SubmittedReturn
from casework.periods import parse_period, period_of
from casework.register import writing
from casework.reports import submissions
from tests.conftest import at

pytestmark = pytest.mark.django_db

MARCH = parse_period("2026-03")
CODES = ["2026-03", "2026-Q1", "2026-H1", "2026"]


def page(code="2026-03"):
    return reverse("casework:return_detail", args=[code])


@pytest.fixture
def entries(make_entry, next_station):
    return [
        make_entry(occurred_at=at(2026, 3, 5), name="甲"),
        make_entry(occurred_at=at(2026, 3, 6), name="乙"),
        make_entry(next_station, occurred_at=at(2026, 3, 6), name="丙"),
    ]


@pytest.fixture
def submitted(entries, county, director):
    return submissions.submit(county, MARCH, rule=Rule.INTAKE, by=director)


def test_what_was_submitted_stays_and_the_difference_shows_beside_it(
    client, submitted, entries, make_entry, county, director, clerk
):
    writing.declare_void(entries[0], by=clerk, reason="重复登记")
    for n in range(3):
        make_entry(occurred_at=at(2026, 3, 20), name=f"补录{n}")

    shown = submissions.show(MARCH, [county], Rule.INTAKE)

    assert shown.made.lines[0].value == 3
    assert shown.made.lines[0].shares == (2, 1)
    assert shown.corrections.of("M01").shown == "+2"
    assert (shown.corrections.added, shown.corrections.gone) == (3, 1)
    client.force_login(director)
    words = client.get(page()).content.decode()
    assert "补正 +2" in words
    assert "新增3条，减少1条" in words
    # Page, paper and workbook say the same.
    paper = client.get(reverse("casework:return_print", args=["2026-03"])).content.decode()
    assert "报送后补正：新增3条，减少1条。" in paper
    book = client.get(reverse("casework:return_excel", args=["2026-03"])).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows if row[0] == "合计"] == [3]


@pytest.mark.parametrize("code", CODES)
def test_frozen_and_thawed_a_return_says_the_same(entries, county, director, code, monkeypatch):
    period = parse_period(code)
    monkeypatch.setattr(submissions.timezone, "localdate", lambda *_moment: date(2027, 1, 1))
    before = submissions.show(period, [county], Rule.INTAKE).made

    submissions.submit(county, period, rule=Rule.INTAKE, by=director)
    shown = submissions.show(period, [county], Rule.INTAKE)

    assert [
        (line.code, str(line.label), line.shown, line.shares) for line in shown.made.lines
    ] == [(line.code, str(line.label), line.shown, line.shares) for line in before.lines]
    assert (shown.made.units, shown.made.persons) == (
        tuple(map(str, before.units)),
        before.persons,
    )
    assert not shown.corrections.is_changed


def test_a_correction_that_moves_no_figure_is_told_all_the_same(submitted, entries, county):
    RegisterEntry.objects.filter(pk=entries[0].pk).update(version=2)

    corrections = submissions.show(MARCH, [county], Rule.INTAKE).corrections

    assert corrections.is_changed
    assert corrections.differences == ()


def test_a_second_press_submits_nothing_again(client, entries, director):
    client.force_login(director)
    press = reverse("casework:return_submit", args=["2026-03"])

    for _press in range(2):
        answer = client.post(press, {"rule": "intake"}, follow=True)
        assert "已报送" in answer.content.decode()

    assert SubmittedReturn.objects.count() == 1
    assert "已报送" in client.get(reverse("casework:return_list")).content.decode()


def test_a_period_that_runs_is_not_submitted(client, director):
    client.force_login(director)
    today = submissions.timezone.localdate()
    code = period_of("month", today).code

    answer = client.post(
        reverse("casework:return_submit", args=[code]), {"rule": "intake"}, follow=True
    )

    assert "统计期间还没有结束" in answer.content.decode()
    assert not SubmittedReturn.objects.exists()


def test_the_bureau_reopens_with_a_reason_and_the_next_is_the_second_issue(
    client, submitted, officer, director, reviewer, county
):
    press = reverse("casework:return_reopen", args=["2026-03"])
    asked = {"submitted": submitted.pk, "rule": "intake"}
    client.force_login(director)
    assert client.post(press, asked | {"why": "x"}).status_code == 403
    client.force_login(officer)

    silent = client.post(press, asked | {"why": " "})
    done = client.post(press, asked | {"why": "有三条漏录"})
    again = client.post(press, asked | {"why": "再来"}, follow=True)

    assert (silent.status_code, done.status_code) == (422, 302)
    assert "已经重新开启" in again.content.decode()
    second = submissions.submit(county, MARCH, rule=Rule.INTAKE, by=director)
    assert second.issue == 2
    words = client.get(page()).content.decode()
    assert "有三条漏录" in words
    assert "第2次" in words
    assert "第1次" in words


def test_no_code_changes_what_was_submitted(submitted):
    for change in ({"figures": {}}, {"row_ids": {}}, {"rows_hash": "x"}):
        with pytest.raises(ProgrammingError), transaction.atomic():
            SubmittedReturn.objects.update(**change)
    with pytest.raises(ProgrammingError), transaction.atomic():
        SubmittedReturn.objects.all().delete()


def test_another_county_cannot_submit_or_reopen_it(client, submitted, make_user, next_county):
    theirs = make_user("theirs", "白水官", "officer", next_county)
    client.force_login(theirs)

    answer = client.post(
        reverse("casework:return_reopen", args=["2026-03"]),
        {"submitted": submitted.pk, "rule": "intake", "why": "x"},
        follow=True,
    )

    assert "本期没有报送过报表" in answer.content.decode()
    submitted.refresh_from_db()
    assert submitted.reopened_at is None
