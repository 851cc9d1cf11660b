"""A spoken complaint from the station's desk to the bureau's reply, and a visitor's three answers."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from casework.complaints import grounds, satisfaction
from casework.models import Complaint, SatisfactionAnswer
from stations.roles import Role

from .test_application_story import act
from .test_axe import faults

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def chip(page, group, text):
    """The chip of a group as the finger finds it: by the words on it."""
    return page.get_by_role("group", name=group, exact=True).get_by_text(text, exact=True)


def send(page):
    page.wait_for_load_state()
    assert faults(page) == {}
    page.keyboard.press("Control+Enter")
    expect(page.locator(".alert-success")).to_be_visible()


def test_a_spoken_complaint_comes_to_its_reply(
    open_page, make_user, county, station, clerk, head, officer
):
    grounds.load_default(county)
    second = make_user("officer2", "汪科员", Role.OFFICER, county)

    # At the desk: spoken, written down, read back; the key sends it to the bureau.
    desk = open_page(clerk, reverse("casework:complaint_create"))
    desk.get_by_role("textbox", name="姓名").fill("汪秀兰")
    desk.get_by_role("textbox", name="电话").fill("13900007766")
    # Only the list that fits the kind is there; another kind and back again loses nothing.
    expect(desk.get_by_role("combobox")).to_have_count(0)
    chip(desk, "被投诉人", "工作站").click()
    desk.get_by_role("combobox", name="工作站").select_option(label="青溪")
    chip(desk, "被投诉人", "律师事务所或者基层法律服务所").click()
    expect(desk.get_by_role("combobox", name="工作站")).to_be_hidden()
    expect(desk.get_by_role("combobox", name="承办单位")).to_be_visible()
    chip(desk, "被投诉人", "工作站").click()
    expect(desk.get_by_role("combobox")).to_have_count(1)
    desk.get_by_label("投诉内容").fill("去了三次都没有人，材料也不收。")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("alert")).to_contain_text("读给本人听")
    desk.get_by_label("口述已记录").check()
    send(desk)
    complaint = Complaint.objects.get()
    expect(desk.get_by_role("main")).to_contain_text(complaint.receipt_code)
    expect(desk.get_by_role("main")).not_to_contain_text("去了三次")
    # The station complained of reads nothing of it.
    answer = desk.context.request.get(complaint.get_absolute_url())
    assert answer.status == 403

    # The bureau takes it up, investigates and proposes; another person decides.
    bureau = open_page(officer, reverse("casework:complaint_list"))
    expect(bureau.get_by_role("row").nth(1)).to_contain_text("还剩5个工作日")
    bureau.get_by_role("link", name=complaint.number).click()
    act(bureau, "受理")
    bureau.get_by_label("投诉事由").select_option(index=1)
    send(bureau)
    expect(bureau.locator(".days").first).to_contain_text("到期")
    act(bureau, "记录查明情况")
    bureau.get_by_label("查明的事实和证据").fill("值班表上有两天无人在岗。")
    send(bureau)
    act(bureau, "提出处理意见")
    bureau.get_by_text("属实：批评教育或者责令改正").click()
    bureau.get_by_label("处理措施").fill("责令三日内补收材料")
    bureau.get_by_label("给投诉人的答复").fill("经查情况属实，已责令改正。")
    send(bureau)
    expect(bureau.locator(".acts")).to_contain_text("第二人决定")

    other = open_page(second, complaint.get_absolute_url())
    other.get_by_role("button", name=re.compile("同意")).click()
    expect(other.locator(".alert-success")).to_be_visible()
    act(other, "答复已送达")
    send(other)
    act(other, "办结归卷")
    expect(other.locator(".strip .status").first).to_have_text("已办结")
    paper = complaint.papers.get(kind="reply")
    pdf = other.context.request.get(reverse("casework:complaint_paper_pdf", args=[paper.pk]))
    assert pdf.body().startswith(b"%PDF")

    # The complainant asks on a phone, without an account.
    phone = open_page(None, reverse("casework:complaint_query"), width=390, height=844)
    phone.get_by_label("查询码").fill(complaint.receipt_code)
    phone.get_by_role("button").last.click()
    expect(phone.get_by_role("status")).to_contain_text("已答复您的投诉")
    for page in (desk, bureau, other, phone):
        assert page.faults == []


def test_a_visitor_answers_three_questions_on_the_phone(open_page, make_entry, station, clerk):
    entry = make_entry()
    code = satisfaction.visit_code(entry)
    desk = open_page(clerk, entry.get_absolute_url())
    expect(desk.get_by_role("main")).to_contain_text(code)

    phone = open_page(
        None,
        reverse("casework:satisfaction_answer", args=[station.code]),
        width=390,
        height=844,
    )
    assert faults(phone) == {}
    groups = phone.get_by_role("group")
    groups.nth(0).get_by_text("满意", exact=True).click()
    groups.nth(1).get_by_text("是", exact=True).click()
    groups.nth(2).get_by_text("否", exact=True).click()
    phone.get_by_label(re.compile("来访码")).fill(code)
    phone.get_by_role("button", name="交评价").click()
    expect(phone.get_by_role("status")).to_contain_text("谢谢")

    answer = SatisfactionAnswer.objects.get()
    assert (answer.entry, answer.was_charged) == (entry, False)
    results = open_page(clerk, reverse("casework:satisfaction_results"))
    expect(results.get_by_role("main")).to_contain_text("凭来访码评价1份")
    assert timezone.localdate() == answer.answered_on
