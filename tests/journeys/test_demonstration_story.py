"""A demonstration station from its application to the plaque, and the public that reads of it."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from assessment.demonstration import CheckPoint, Ground, Stage
from assessment.models import Demonstration
from tests.assessment.demonstration_world import ready
from tests.stations.wall_world import photo

from .test_axe import faults

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

RECORD = re.compile(r"/demonstration/\d+/$")


def picture(colour):
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": photo(colour).read()}


def save(page):
    page.keyboard.press("Control+Enter")
    page.wait_for_url(RECORD)
    expect(page.locator(".alert-success")).to_be_visible()


def stands(page, words):
    expect(page.locator(".page-head .status")).to_have_text(words)


def test_from_application_to_plaque(open_page, station, clerk, head, officer, inspector):
    ready(station, officer=officer, by=clerk)

    # The station applies, with a photo.
    at_station = open_page(head, reverse("assessment:demonstration_list"))
    at_station.get_by_role("link", name="申报示范点").click()
    at_station.get_by_label("申报理由").fill("场所独立，台账规范，愿意带动邻站。")
    at_station.get_by_label("照片和材料").set_input_files([picture("navy")])
    assert faults(at_station) == {}
    save(at_station)
    stands(at_station, "已申报")

    # The county recommends.
    at_county = open_page(officer, reverse("assessment:demonstration_list"))
    at_county.get_by_role("link", name="青溪").first.click()
    at_county.get_by_label("县司法局意见").fill("条件齐备，推荐。")
    at_county.get_by_role("button", name="推荐", exact=True).click()
    stands(at_county, "县司法局推荐")

    # The city goes there and notes what it saw; a remark is owed for what is not met.
    at_city = open_page(inspector, reverse("assessment:demonstration_list"))
    at_city.get_by_role("link", name="填写查验").first.click()
    for point in CheckPoint:
        at_city.get_by_role("group", name=str(point.label)).get_by_text(
            "符合", exact=True
        ).click()
    at_city.get_by_label("查验情况").fill("逐项看过，都符合。")
    at_city.get_by_label("现场照片").set_input_files([picture("red"), picture("green")])
    save(at_city)
    stands(at_city, "实地查验")

    # The proposal hangs out; before the days are over nothing can be named.
    at_county.reload()
    at_county.get_by_role("button", name="今天开始公示").click()
    stands(at_county, "公示中")
    expect(at_county.get_by_role("button", name="予以命名")).to_have_count(0)
    made = Demonstration.objects.get()
    public = open_page(None, reverse("assessment:demonstration_public"), width=390, height=844)
    expect(public.get_by_text("拟命名，正在公示")).to_be_visible()
    assert faults(public) == {}

    # Somebody calls because of the notice; it is looked into before anything is named.
    at_county.get_by_text("登记公示异议").click()
    at_county.get_by_label("异议内容").fill("听说周三总锁门。")
    at_county.get_by_role("button", name="保存异议").click()
    at_county.get_by_label("是否属实").select_option("no")
    at_county.get_by_label("怎么查的，查到什么").fill("查了三个月值班表，周三都有人。")
    assert faults(at_county) == {}
    at_county.get_by_role("button", name="保存核查结果").click()
    expect(at_county.locator("#objections .status")).to_have_text("不属实")

    today = timezone.localdate()
    Demonstration.objects.update(
        published_from=today - timedelta(days=8), published_until=today - timedelta(days=1)
    )

    # Named, with the plaque's number on the paper and on the public list.
    at_county.reload()
    at_county.get_by_label("牌匾编号").fill("清援示〔2026〕1号")
    at_county.get_by_role("button", name="予以命名").click()
    stands(at_county, "已命名")
    answer = at_county.request.get(reverse("assessment:demonstration_plaque", args=[made.pk]))
    [sheet] = PdfReader(io.BytesIO(answer.body())).pages
    assert "清援示〔2026〕1号" in sheet.extract_text()
    public.goto(f"{reverse('assessment:demonstration_public')}?county=349001")
    expect(public.get_by_text("清援示〔2026〕1号")).to_be_visible()
    made.refresh_from_db()
    assert made.papers.count() == 3

    # Near the end of its two years it is looked at anew; later the station gives false papers.
    Demonstration.objects.update(valid_until=today + timedelta(days=60))
    at_county.reload()
    at_county.get_by_label("复核情况").fill("逐项复核，仍然符合。")
    at_county.get_by_role("button", name="复核合格，再延两年").click()
    expect(at_county.get_by_role("button", name="复核合格，再延两年")).to_have_count(0)
    at_county.get_by_text("撤销命名", exact=True).click()
    at_county.get_by_label("撤销情形").select_option("false")
    at_county.get_by_label("具体情况").fill("申报照片经查是邻站的。")
    at_county.get_by_role("button", name="按此情形撤销").click()
    stands(at_county, "已撤销")
    public.reload()
    expect(public.get_by_text("清援示〔2026〕1号")).to_have_count(0)
    made.refresh_from_db()
    assert (made.stage, made.ground) == (Stage.WITHDRAWN, Ground.FALSE)
    for page in (at_station, at_county, at_city, public):
        assert page.faults == []
