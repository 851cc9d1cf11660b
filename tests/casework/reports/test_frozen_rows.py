"""Behind each figure of a submitted return stand just the rows it counted, and what became of them."""

import pytest
from django.urls import reverse

from casework.analysis.return_rows import Rule, Scope
from casework.analysis.returns import make_return
from casework.models import SubmittedReturn
from casework.periods import parse_period
from casework.register import writing
from casework.reports import submissions
from casework.reports.frozen_rows import CHANGED, GONE, city_rows, frozen_rows
from stations.particulars import keeping
from tests.conftest import at

pytestmark = pytest.mark.django_db

MARCH = parse_period("2026-03")


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


def rows(**asked):
    address = reverse("casework:return_rows", args=["2026-03", "M01"])
    return f"{address}?" + "&".join(f"{name}={value}" for name, value in asked.items())


def shown(page):
    return [row.url for row, _since in page.context["rows"]]


def test_a_figure_opens_the_rows_of_the_day_and_says_which_have_changed(
    client, submitted, entries, make_entry, station, next_station, director, clerk
):
    writing.declare_void(entries[0], by=clerk, reason="重复登记")
    writing.correct(entries[1], changes={"persons": 2}, reason="漏数", by=clerk, version=1)
    late = make_entry(occurred_at=at(2026, 3, 20), name="补录")

    behind = frozen_rows(submitted, "M01")
    here = frozen_rows(submitted, "M01", unit=station.pk)

    assert list(behind.ids) == [entry.pk for entry in entries]
    assert behind.since == {entries[0].pk: GONE, entries[1].pk: CHANGED}
    assert (behind.came, here.came) == (1, 1)
    assert list(here.ids) == [entries[0].pk, entries[1].pk]
    assert frozen_rows(submitted, "M01", unit=next_station.pk).came == 0
    client.force_login(director)
    page = client.get(rows())
    words = page.content.decode()
    assert shown(page) == [entry.get_absolute_url() for entry in entries]
    assert "其中2条此后有变动" in words
    assert "此后新增1条，不在本数内" in words
    now = client.get(rows(now=1))
    assert shown(now) == [entry.get_absolute_url() for entry in (*entries[1:], late)]
    assert "这里是现在的记录，不是报送时的记录" in now.content.decode()


def test_each_issue_keeps_its_own_rows(
    client, submitted, entries, make_entry, county, officer, director
):
    late = make_entry(occurred_at=at(2026, 3, 20), name="补录")
    submissions.reopen(submitted, by=officer, why="漏录")
    second = submissions.submit(county, MARCH, rule=Rule.INTAKE, by=director)
    client.force_login(director)

    for issue, count in ((1, 3), (2, 4)):
        page = client.get(rows(issue=issue))
        assert (late.get_absolute_url() in shown(page)) == (issue == 2)
        assert len(page.context["rows"]) == count
        detail = client.get(
            reverse("casework:return_detail", args=["2026-03"]), {"issue": issue}
        )
        assert detail.context["made"].lines[0].value == count
    assert late.pk in second.rows_behind["M01"][0]
    # Without an issue it is the one in force.
    assert len(client.get(rows()).context["rows"]) == 4
    assert client.get(rows(issue=3)).status_code == 404


def test_every_figure_of_every_kind_opens_as_many_rows_as_it_counts(
    entries, county, director, monkeypatch
):
    moment = at(2027, 1, 1)
    monkeypatch.setattr(submissions.timezone, "localdate", lambda *_moment: moment.date())
    for code in ("2026-03", "2026-Q1", "2026-H1"):
        submitted = submissions.submit(
            county, parse_period(code), rule=Rule.INTAKE, by=director
        )
        for line in submissions.thaw(submitted).lines:
            behind = submitted.rows_behind[line.code]
            if not line.column.amount:
                assert tuple(map(len, behind)) == line.shares
            assert frozen_rows(submitted, line.code).since == {}


def test_a_return_in_force_is_shown_by_the_rule_it_was_submitted_by(
    client, entries, county, director
):
    submissions.submit(county, MARCH, rule=Rule.RESPONSIBLE, by=director)
    client.force_login(director)

    page = client.get(reverse("casework:return_detail", args=["2026-03"]))

    assert page.context["asked"].rule == Rule.RESPONSIBLE
    assert page.context["submitted"]


@pytest.mark.parametrize("code", ["2026-03", "2026-Q1"])
def test_the_city_adds_up_what_its_counties_have_submitted(
    client,
    entries,
    make_entry,
    county,
    next_county,
    far_station,
    director,
    clerk,
    inspector,
    code,
):
    period = parse_period(code)
    counties = (county, next_county)
    far = [make_entry(far_station, occurred_at=at(2026, 3, 7), name=f"丁{n}") for n in range(2)]
    before = make_return(period, [county])
    submitted = submissions.submit(county, period, rule=Rule.INTAKE, by=director)
    writing.declare_void(entries[0], by=clerk, reason="重复登记")
    late = make_entry(occurred_at=at(2026, 3, 20), name="补录")
    make_entry(far_station, occurred_at=at(2026, 3, 21), name="戊")

    shown = submissions.show(period, counties, Rule.INTAKE)
    total = shown.made.lines[0]
    scope = Scope(counties, Rule.INTAKE)
    behind = city_rows({county.pk: submitted}, period, scope, total.code)
    own = city_rows({county.pk: submitted}, period, scope, total.code, unit=county.pk)

    assert [(line.value, line.shares) for line in shown.made.lines] == [
        (sum(shares), shares)
        for shares in (
            (ours.value, theirs.value)
            for ours, theirs in zip(
                before.lines, make_return(period, [next_county]).lines, strict=True
            )
        )
    ]
    assert (total.value, total.shares, shown.made.persons) == (6, (3, 3), 6)
    assert (behind.rows.count(), late in behind.rows) == (6, False)
    assert set(own.rows) == set(entries)
    assert (own.since, own.came) == ({entries[0].pk: GONE}, 1)
    assert len(far) == 2
    client.force_login(inspector)
    page = client.get(reverse("casework:return_detail", args=[code]))
    assert "清山县的数是各自报送的数" in page.text
    assert "其余县还没有报送，按现在的记录计算" in page.text


def test_a_return_submitted_before_rows_were_kept_says_so(client, submitted, director, county):
    keeping.change(county, by=director, center_name="清山县法律服务中心")
    figures = {
        name: getattr(submitted, name)
        for name in ("figures", "row_ids", "rows_hash", "submitted_by", "rule", "county")
    }
    SubmittedReturn.objects.create(period="2026-02", issue=1, **figures)
    client.force_login(director)

    old = client.get(reverse("casework:return_detail", args=["2026-02"]))
    rows_of_now = client.get(reverse("casework:return_rows", args=["2026-02", "M01"]))
    march = client.get(reverse("casework:return_detail", args=["2026-03"]))

    sentence = "这一期报送时，系统还没有留存每个数背后的记录"
    assert [sentence in page.text for page in (old, rows_of_now, march)] == [True, True, False]
    # The paper bears the name the center had when it was submitted.
    assert march.context["place"] == "清山县法律援助中心"
    assert "（现名清山县法律服务中心）" in march.text
