"""From the counter to the county: a visit is logged, counted, printed, sent and confirmed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from casework.models import MonthlyReport, RegisterEntry
from casework.periods import month_of, months_from
from casework.timetable import open_months
from tests.conftest import PASSWORD, at

from .test_keyboard_entry import write_visit

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

# A worker starts in some seconds and then draws its first PDF.
PATIENCE = 90_000


@pytest.fixture
def last_month():
    return months_from(month_of(timezone.localdate()), -1)


def sign_in(page, user):
    page.goto(reverse("desk"))
    page.get_by_label("账号").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="登记来访")).to_be_visible()


def words_of(pdf):
    """The text of a PDF without the spaces that setting it has put between the signs."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(pdf).pages))


def test_a_visit_is_logged_found_counted_and_printed(
    open_context, clerk, station, make_entry, worker
):
    for _earlier in range(2):
        make_entry(channel="call")
    open_months()
    page = open_context(accept_downloads=True).new_page()

    sign_in(page, clerk)
    page.keyboard.press("F4")
    page.wait_for_url("**/register/new/visit/")
    write_visit(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/?after=*")
    entry = RegisterEntry.objects.get(channel="visit")

    page.get_by_role("link", name="来电来访台账").click()
    row = page.get_by_role("row").filter(has_text=entry.number)
    expect(row).to_contain_text("吴秋菊")

    page.get_by_role("navigation").get_by_text("统计考核").click()
    page.get_by_role("link", name="月度分析").click()
    this_month = month_of(timezone.localdate())
    page.get_by_role("link", name=f"{this_month.year}年{this_month.month}月").click()
    figures = page.locator(".figures li")
    expect(figures.filter(has_text="来电").locator(".fig").first).to_have_text("2")
    expect(figures.filter(has_text="来访").locator(".fig").first).to_have_text("1")

    page.get_by_role("button", name="生成PDF").click()
    download = page.get_by_role("link", name="下载")
    expect(download).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as arrival:
        download.click()
    words = words_of(arrival.value.path())
    assert station.name in words
    assert "本月共接待来电来访3件" in re.sub(r"[A-Z]\d+", "", words)


def test_a_month_goes_to_the_county_and_its_figures_open_their_rows(
    open_page, clerk, head, director, station, next_station, make_entry, last_month
):
    day = at(last_month.year, last_month.month, 12)
    visits = [make_entry(occurred_at=day + timedelta(hours=n)) for n in range(3)]
    make_entry(occurred_at=day, channel="call")
    make_entry()  # of this month
    make_entry(next_station, occurred_at=day)
    open_months()
    report = MonthlyReport.objects.get(station=station, month=last_month)
    address = report.get_absolute_url()

    page = open_page(head, address)
    page.get_by_role("link", name="写文字说明").click()
    page.get_by_label("主要特点").fill("讨薪的人多，集中在年底。")
    page.get_by_label("问题和建议").fill("请县中心派律师来站值班。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{address}")
    page.get_by_role("button", name="报送县中心").click()
    expect(page.get_by_text("下一步：县里确认")).to_be_visible()

    county_page = open_page(
        director, f"{reverse('casework:report_list')}?month={last_month:%Y-%m}"
    )
    report.refresh_from_db()
    word = "按时" if report.was_on_time else "迟报"
    cell = (
        county_page.get_by_role("row").filter(has_text=station.short_name).get_by_role("link")
    )
    expect(cell.last).to_have_text(word)
    cell.last.click()
    expect(county_page.get_by_text("讨薪的人多，集中在年底。")).to_be_visible()
    county_page.get_by_role("button", name="确认并锁定").click()
    expect(county_page.locator(".page-head .status")).to_have_text("已确认锁定")
    report.refresh_from_db()
    assert report.confirmed_by == director

    page = open_page(clerk, address)
    page.locator(".figures li").filter(has_text="来访").locator(".fig").first.click()
    page.wait_for_url("**/register/?*")
    numbers = page.locator("tbody tr td:first-child a")
    expect(numbers).to_have_count(len(visits))
    assert set(numbers.all_inner_texts()) == {visit.number for visit in visits}
    assert page.faults == []


def test_an_english_browser_finds_an_english_frame(open_page, clerk):
    page = open_page(clerk, reverse("desk"), locale="en-GB")

    expect(page.get_by_role("link", name="Record a visit")).to_be_visible()
    navigation = page.get_by_role("navigation", name="Main navigation").inner_text()
    assert "Register" in navigation
    assert not re.search(r"[\u4e00-\u9fff]", navigation)

    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
