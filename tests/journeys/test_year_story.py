"""From year to grade: a small county opens its year, scores, checks, publishes, hears and confirms."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from assessment import running
from assessment.models import SpotCheck, Year
from stations.models import Document
from stations.papers import documents
from stations.roles import Role
from tests.assessment.conftest import World, picture, small_standard

__all__ = ["small_standard"]

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def words_of(content):
    """The text of a PDF without the spaces that setting it has put between the signs."""
    pages = PdfReader(io.BytesIO(bytes(content))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def address(name, *args):
    return reverse(f"assessment:{name}", args=args)


def fetch(page, label):
    """Press a paper of the year's page; the worker makes it; return the file."""
    page.get_by_text("打印", exact=True).click()
    page.get_by_role("button", name=label).click()
    page.wait_for_url("**/documents/**")
    document = Document.objects.latest("pk")
    documents.make(document.pk)
    expect(page.get_by_role("link", name="下载")).to_be_visible()
    document.refresh_from_db()
    page.go_back()
    return document.file


def test_a_year_of_a_small_county_from_opening_to_confirmation(
    open_page,
    make_user,
    county,
    station,
    next_station,
    head,
    officer,
    inspector,
    small_standard,
):
    other_head = make_user("nhead", "石桥站长", Role.HEAD, next_station)
    third = make_user("officer2", "施局长", Role.OFFICER, county)
    last_year = timezone.localdate().year - 1

    # The bureau opens the year and asks for the self-scores.
    bureau = open_page(officer, address("home"))
    bureau.get_by_role("link", name="启动年度考核").click()
    bureau.get_by_label("年度").select_option(str(last_year))
    bureau.get_by_role("button", name="启动").click()
    expect(bureau.get_by_role("heading", name=f"{last_year}年度考核")).to_be_visible()
    year = Year.objects.get()
    running.recompute(year, on=timezone.localdate())
    bureau.reload()
    bureau.get_by_role("button", name="通知各站自评").click()
    expect(bureau.locator(".page-head .status")).to_have_text("工作站自评")
    world = World(
        year=Year.objects.get(),
        head=head,
        neighbour_head=other_head,
        scorer=officer,
        confirmer=third,
        inspector=inspector,
        station=station,
        neighbour=next_station,
        heads={station.pk: head, next_station.pk: other_head},
    )

    # The head scores the station; what is typed is kept, and the button waits for what is missing.
    line = world.line("S5")
    desk = open_page(head, address("home"))
    desk.get_by_role("link", name="填写自评").click()
    hand_in = desk.get_by_role("button", name="报送县司法局")
    expect(hand_in).to_be_disabled()
    desk.get_by_label("S5廉洁、保密、文明：分数").fill("18")
    desk.get_by_label("S5廉洁、保密、文明：说明").fill("全年没有投诉")
    desk.keyboard.press("Tab")
    expect(desk.locator("#kept")).to_contain_text("已存")
    line.refresh_from_db()
    assert line.self_points == 18
    desk.get_by_label("S5廉洁、保密、文明：照片或材料").set_input_files(
        {"name": "表扬信.png", "mimeType": "image/png", "buffer": picture()}
    )
    desk.get_by_label("全年工作小结").fill("接待平稳，群众满意。")
    desk.keyboard.press("Control+Enter")
    expect(hand_in).to_be_enabled()
    hand_in.click()
    expect(desk.locator(".page-head .status")).to_have_text("已自评")
    world.self_score(next_station, points="16")

    # The county scores line by line, with a reason for each difference.
    scoring = open_page(officer, address("sheet_score", world.sheet.pk))
    points = scoring.get_by_label("S5廉洁、保密、文明：分数")
    points.fill("17")
    complete = scoring.get_by_role("button", name="保存并完成评分")
    complete.click()
    expect(scoring.get_by_role("alert")).to_contain_text("分数不一致，请写明理由")
    expect(points).to_have_value("17")
    scoring.get_by_label("S5廉洁、保密、文明：说明").fill("抽查一次迟到")
    complete.click()
    # The next sheet that waits is there at once.
    expect(scoring.get_by_role("heading", name="石桥站")).to_be_visible()
    scoring.get_by_label("S5廉洁、保密、文明：分数").fill("16")
    scoring.get_by_role("button", name="保存并完成评分").click()
    scoring.wait_for_url(f"**{year.get_absolute_url()}")

    # The city draws and looks.
    city = open_page(inspector, address("check_list", year.pk))
    city.get_by_role("button", name="抽取").click()
    check = SpotCheck.objects.get()
    city.get_by_role("link", name=check.sheet.station.short_name).click()
    city.get_by_label("抽查日期").fill(timezone.localdate().isoformat())
    city.get_by_label("抽查情况", exact=True).fill("台账与系统相符。")
    city.get_by_role("button", name="保存并完成抽查").click()
    expect(city.locator("tbody .status")).to_have_text("已完成")

    # Published: open to everybody, and the notice can be printed.
    bureau.goto(year.get_absolute_url())
    bureau.get_by_role("button", name="公示结果").click()
    expect(bureau.get_by_text("公示期")).to_be_visible()
    street = open_page(None, address("public_result", year.pk))
    expect(street.get_by_role("row").filter(has_text=station.name)).to_be_visible()
    assert head.name not in street.content()

    # The station objects; somebody who gave no score accepts.
    desk.goto(world.sheet.get_absolute_url())
    desk.get_by_role("link", name="提出异议").click()
    desk.get_by_label("指标").select_option(str(line.pk))
    desk.get_by_label("要求改为").fill("18")
    desk.get_by_label("异议内容和理由").fill("当日因公外出，有登记。")
    desk.get_by_role("button", name="提出异议").click()
    expect(desk.get_by_text("还剩5个工作日")).to_be_visible()
    before = world.sheet.total
    hearing = open_page(third, desk.url)
    hearing.get_by_text("采纳，更改得分").click()
    hearing.get_by_label("更改后得分").fill("18")
    hearing.get_by_label("理由").fill("外出登记属实。")
    hearing.get_by_role("button", name="作出处理").click()
    hearing.wait_for_url(f"**{year.get_absolute_url()}")
    assert world.sheet.total == before + 1

    # Confirmed by a third person once the days are over, and frozen.
    expect(hearing.get_by_role("button", name="确认锁定")).to_be_disabled()
    world.let_publicity_pass()
    hearing.reload()
    hearing.get_by_role("button", name="确认锁定").click()
    expect(hearing.locator(".page-head .status")).to_have_text("已核定归档")
    world.fresh()
    assert world.sheet.snapshot["total"] == str(world.sheet.total)

    # All sheets, the summary and the notice as files.
    bundle = zipfile.ZipFile(io.BytesIO(fetch(hearing, "全部考核表")))
    assert len(bundle.namelist()) == 2
    sheet_words = words_of(bundle.read(f"{station.code} {station.short_name}.pdf"))
    assert {"方站长", "高科长", "施局长"} <= set(
        re.findall("方站长|高科长|施局长", sheet_words)
    )
    assert f"{station.name}{world.sheet.total}" in words_of(fetch(hearing, "汇总排名表"))
    assert "年度考核结果的通报" in words_of(fetch(hearing, "公示或通报公文"))
    for page in (bureau, desk, scoring, city, street, hearing):
        assert page.faults == []
    # What is computed later leaves the confirmed year alone.
    frozen_hash = world.year.frozen_hash
    running.recompute(world.year, on=timezone.localdate() + timedelta(days=1))
    assert world.fresh().frozen_hash == frozen_hash
