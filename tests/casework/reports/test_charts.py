from datetime import date

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from casework.analysis import monthly_analysis
from casework.reports import charts
from tests.conftest import at

MARCH = date(2026, 3, 1)


@pytest.fixture
def analysis(station, make_entry, matter):
    make_entry(occurred_at=at(2026, 3, 2))
    make_entry(occurred_at=at(2026, 3, 3), channel="call", phone="13900001111")
    make_entry(occurred_at=at(2026, 3, 4), channel="letter", phone="13900002222", village=None)
    make_entry(occurred_at=at(2026, 2, 4), phone="13900003333")
    return monthly_analysis(station, MARCH)


@pytest.fixture
def empty(station):
    return monthly_analysis(station, MARCH)


@given(st.integers(min_value=1, max_value=10**7))
def test_grid_lines_are_few_and_round(largest):
    step = charts.grid_step(largest)

    assert 1 <= largest // step <= 5
    assert str(step).rstrip("0") in {"1", "2", "5"}


@pytest.mark.parametrize("style", [charts.PAGE, charts.PAPER])
def test_the_trend_stacks_calls_and_the_rest_of_13_months(analysis, style):
    chart = charts.trend(analysis, style)

    assert [mark.figure.value for mark in chart.marks] == [0] * 11 + [1, 3]
    calls, rest = chart.marks[-1].rects
    assert (calls.fill, rest.fill) == (style.first, style.second)
    # One call below; a visit and a letter above it, less the gap between.
    assert float(rest.height) == pytest.approx(2 * float(calls.height) - 1.5, abs=0.2)
    assert chart.marks[-1].texts[-1].text == "3"
    assert {part.text for part in chart.texts} >= {"2025", "2026"}


def test_page_and_paper_show_the_same_marks(analysis):
    for picture in (charts.trend, charts.top_matters, charts.places, charts.hours):
        page, paper = picture(analysis, charts.PAGE), picture(analysis, charts.PAPER)
        assert [(m.figure, m.label) for m in page.marks] == [
            (m.figure, m.label) for m in paper.marks
        ]


def test_matters_are_measured_against_their_mean(analysis):
    [mark] = charts.top_matters(analysis, charts.NARROW).marks

    assert mark.figure.value == 3
    assert [text.text for text in mark.texts] == ["支付劳动报酬", "3"]
    assert "0.3" in mark.label
    assert len(mark.strokes) == 2


def test_a_long_name_is_cut_in_the_picture_and_whole_in_its_label(analysis, village):
    village.name = "青溪河上游生态移民安置社区"
    village.save()
    chart = charts.places(monthly_analysis(analysis_station(village), MARCH), charts.PAGE)

    mark = chart.marks[0]
    assert mark.texts[0].text == "青溪河上游生态…"
    assert mark.label.startswith(village.name)


def analysis_station(village):
    return village.parent.stations.get()


def test_an_empty_month_still_draws(empty):
    assert [m.figure.value for m in charts.trend(empty, charts.PAGE).marks] == [0] * 13
    assert charts.top_matters(empty, charts.PAGE).marks == ()
    assert charts.places(empty, charts.PAGE).marks == ()


def test_bars_are_links_where_rows_may_be_opened_and_none_elsewhere(analysis):
    chart = charts.trend(analysis, charts.PAGE)

    linked = render_to_string("casework/months/_chart.html", {"chart": chart, "can_open": True})
    plain = render_to_string("casework/months/_chart.html", {"chart": chart})

    assert linked.count("<a href=") == 13
    assert "from=2026-03-01&amp;to=2026-03-31" in linked
    assert "<a " not in plain
    assert "style=" not in linked + plain
