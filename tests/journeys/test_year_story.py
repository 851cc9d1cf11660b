"""From year to grade: the demonstration county opens its year, scores, checks, publishes, hears, confirms."""

import io
import re
import zipfile
from datetime import date, timedelta
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from assessment import running, workflow
from assessment.models import Sheet, SpotCheck, Year
from legalaid.demo import VACANT_TOWNSHIP, network
from legalaid.demo.assessment import type_up
from legalaid.demo.people import Population
from stations.models import Document, Station, User
from stations.roles import Role
from tests.assessment.conftest import picture

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

# Of a worker that starts and then draws all the sheets of a county.
PATIENCE = 120_000
BY_HAND = {"T6": "经费保障", "W1": "固定场所", "W2": "统一标识", "W4": "设备"}


@pytest.fixture
def huoshan(transactional_db, make_user):
    """The demonstration's county, people and villages; with a station in each of its 17 townships."""
    population = Population(Random(17))
    divisions = network.build_divisions()
    county = network.build_county(divisions)
    stations = network.build_stations(county, divisions)
    network.build_accounts(county, divisions, stations, population)
    network.build_liaisons(stations, population, timezone.localdate())
    township = divisions[VACANT_TOWNSHIP]
    last = Station.objects.create(
        county=county,
        township=township,
        code=township.code,
        name=f"{township.name}法律援助工作站",
        short_name="开发区",
        opened_on=date(2020, 1, 1),
    )
    make_user("head17", "齐站长", Role.HEAD, last)
    return county


def person(username):
    return User.objects.get(username=username)


def words_of(content):
    """The text of a PDF without the spaces that setting it has put between the signs."""
    pages = PdfReader(io.BytesIO(bytes(content))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def address(name, *args):
    return reverse(f"assessment:{name}", args=args)


def fetch(page, year, label):
    """Press a paper of the year's page and wait until the worker has made it; return the file."""
    page.goto(year.get_absolute_url())
    page.get_by_text("打印", exact=True).click()
    page.get_by_role("button", name=label).click()
    page.wait_for_url("**/documents/**")
    expect(page.get_by_role("link", name="下载")).to_be_visible(timeout=PATIENCE)
    return Document.objects.latest("pk").file


def test_a_year_of_the_demonstration_county_from_its_standard_to_the_last_certificate(
    huoshan, open_page, worker
):
    head, officer, third, inspector = map(person, ("head", "officer", "officer2", "inspector"))
    today = timezone.localdate()
    last_year = today.year - 1

    # The bureau puts the default standard to use, opens the year and asks for the self-scores.
    bureau = open_page(officer, address("standard_list"))
    bureau.get_by_role("button", name="从默认标准开始").click()
    bureau.get_by_label("起用年度").fill(str(last_year))
    bureau.get_by_role("button", name="启用").click()
    bureau.goto(address("home"))
    bureau.get_by_role("link", name="启动年度考核").click()
    bureau.get_by_label("年度").select_option(str(last_year))
    bureau.get_by_role("button", name="启动").click()
    expect(bureau.get_by_role("heading", name=f"{last_year}年度考核")).to_be_visible()
    year = Year.objects.get()
    running.recompute(year, on=today)
    bureau.reload()
    bureau.get_by_role("button", name="通知各站自评").click()
    expect(bureau.locator(".page-head .status")).to_have_text("工作站自评")
    assert year.sheets.count() == 17

    # The head scores the station; what is typed is kept, and the button waits for what is missing.
    sheet = year.sheets.get(station__code="341525106")
    line = sheet.scores.get(indicator__code="S5")
    desk = open_page(head, address("home"))
    desk.get_by_role("link", name="填写自评").click()
    hand_in = desk.get_by_role("button", name="报送县司法局")
    expect(hand_in).to_be_disabled()
    desk.get_by_label("S5廉洁、保密、文明：分数").fill("2")
    desk.get_by_label("S5廉洁、保密、文明：说明").fill("全年没有投诉")
    desk.keyboard.press("Tab")
    expect(desk.locator("#kept")).to_contain_text("已存")
    line.refresh_from_db()
    assert line.self_points == 2
    for code, label in BY_HAND.items():
        desk.get_by_label(f"{code}{label}：分数").fill("1.5")
    for n, (code, label) in enumerate((BY_HAND | {"S5": "廉洁、保密、文明"}).items()):
        desk.get_by_label(f"{code}{label}：照片或材料").set_input_files(
            {"name": f"{code}.png", "mimeType": "image/png", "buffer": picture(50 + n)}
        )
    desk.get_by_label("全年工作小结").fill("接待平稳，群众满意。")
    desk.keyboard.press("Control+Enter")
    expect(hand_in).to_be_enabled()
    hand_in.click()
    expect(desk.locator(".page-head .status")).to_have_text("已自评")
    # The other sixteen came on paper and are typed up.
    others = list(year.sheets.exclude(pk=sheet.pk).select_related("station"))
    for other in others:
        other.year = Year.objects.get()
        type_up(other, officer, Random(other.station_id))

    # The county scores line by line, with a reason for each difference.
    scoring = open_page(officer, address("sheet_score", sheet.pk))
    points = scoring.get_by_label("S5廉洁、保密、文明：分数")
    for code, label in BY_HAND.items():
        scoring.get_by_label(f"{code}{label}：分数").fill("1.5")
    points.fill("1.5")
    complete = scoring.get_by_role("button", name="保存并完成评分")
    complete.click()
    expect(scoring.get_by_role("alert")).to_contain_text("分数不一致，请写明理由")
    expect(points).to_have_value("1.5")
    scoring.get_by_label("S5廉洁、保密、文明：说明").fill("抽查一次迟到")
    complete.click()
    # The next sheet that waits is there at once.
    expect(scoring.get_by_role("heading", name="衡山站")).to_be_visible()
    for other in others:
        workflow.complete_score(other, by=officer)

    # The city draws a fifth and looks.
    city = open_page(inspector, address("check_list", year.pk))
    city.get_by_role("button", name="抽取").click()
    check, *rest = SpotCheck.objects.select_related("sheet__year", "sheet__station")
    assert len(rest) == 3
    for each in rest:
        workflow.note_check(each, {}, by=inspector, visited_on=today, findings="相符")
        workflow.finish_check(each, by=inspector)
    city.get_by_role("link", name=check.sheet.station.short_name, exact=True).click()
    city.get_by_label("抽查日期").fill(today.isoformat())
    city.get_by_label("抽查情况", exact=True).fill("台账与系统相符。")
    city.get_by_role("button", name="保存并完成抽查").click()
    expect(city.locator("tbody .status").get_by_text("已完成")).to_have_count(4)

    # Published: open to everybody, and the notice can be printed.
    bureau.goto(year.get_absolute_url())
    bureau.get_by_role("button", name="公示结果").click()
    expect(bureau.get_by_text("公示期")).to_be_visible()
    street = open_page(None, address("public_result", year.pk))
    expect(street.locator("tbody tr")).to_have_count(17)
    assert head.name not in street.content()

    # The station objects; somebody who gave no score accepts.
    desk.goto(sheet.get_absolute_url())
    desk.get_by_role("link", name="提出异议").click()
    desk.get_by_label("指标").select_option(str(line.pk))
    desk.get_by_label("要求改为").fill("2")
    desk.get_by_label("异议内容和理由").fill("当日因公外出，有登记。")
    desk.get_by_role("button", name="提出异议").click()
    expect(desk.get_by_text("还剩5个工作日")).to_be_visible()
    sheet.refresh_from_db()
    before = sheet.total
    hearing = open_page(third, desk.url)
    hearing.get_by_text("采纳，更改得分").click()
    hearing.get_by_label("更改后得分").fill("2")
    hearing.get_by_label("理由").fill("外出登记属实。")
    hearing.get_by_role("button", name="作出处理").click()
    hearing.wait_for_url(f"**{year.get_absolute_url()}")
    sheet.refresh_from_db()
    assert sheet.total > before

    # Confirmed by a third person once the days are over, and frozen.
    expect(hearing.get_by_role("button", name="确认锁定")).to_be_disabled()
    back = timedelta(days=20)
    year.refresh_from_db()
    Year.objects.filter(pk=year.pk).update(
        publicity_from=year.publicity_from - back,
        publicity_to=year.publicity_to - back,
        objections_to=year.objections_to - back,
    )
    hearing.reload()
    hearing.get_by_role("button", name="确认锁定").click()
    expect(hearing.locator(".page-head .status")).to_have_text("已核定归档")
    sheet.refresh_from_db()
    assert sheet.snapshot["total"] == str(sheet.total)

    # All sheets, the summary, the notice and the certificates as files, by the worker.
    bundle = zipfile.ZipFile(io.BytesIO(fetch(hearing, year, "全部考核表")))
    names = dict(year.sheets.values_list("station__code", "station__short_name"))
    assert sorted(bundle.namelist()) == sorted(
        f"{code} {name}.pdf" for code, name in names.items()
    )
    assert len(names) == 17
    sheet_words = words_of(bundle.read("341525106 诸佛庵.pdf"))
    for name in (head.name, officer.name, third.name):
        assert name in sheet_words
    results = list(Sheet.objects.filter(year=year).select_related("station"))
    summary = words_of(fetch(hearing, year, "汇总排名表"))
    for each in results:
        assert f"{each.station.name}{each.total}" in summary
    assert "年度考核结果的通报" in words_of(fetch(hearing, year, "公示或通报公文"))
    excellent = [each for each in results if each.grade == "excellent"]
    certificates = PdfReader(io.BytesIO(bytes(fetch(hearing, year, "荣誉证书"))))
    assert len(certificates.pages) == len(excellent) > 0
    for page in (bureau, desk, scoring, city, street, hearing):
        assert page.faults == []
    # What is computed later leaves the confirmed year alone.
    year.refresh_from_db()
    frozen_hash = year.frozen_hash
    running.recompute(year, on=today + timedelta(days=1))
    year.refresh_from_db()
    assert year.frozen_hash == frozen_hash
