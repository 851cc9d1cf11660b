"""Applications for legal aid from the counter to the archive, and the three ways beside it."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from casework.models import AidMatter, Application, Letter, RegisterEntry
from casework.rules.deadlines import PAPERS_AFTERWARDS
from casework.terms import LetterKind, Status
from stations.roles import Role

from .test_axe import faults
from .test_keyboard_entry import ID_NUMBER, write_visit
from .test_visit_to_report import PATIENCE, words_of

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

RECORD = re.compile(r"/applications/\d+/$")


def choose(page, group, text):
    """Press the chip of a group as the finger finds it, by its words, and see that it took."""
    chips = page.get_by_role("group", name=group, exact=True)
    chips.get_by_text(text, exact=True).click()
    expect(chips.get_by_label(text, exact=True)).to_be_checked()


def act(page, name):
    """Press one of the acts that the record offers now."""
    acts = page.locator(".acts")
    link, button = (
        acts.get_by_role(role, name=name, exact=True) for role in ("link", "button")
    )
    link.or_(button).click()


def press_send(page):
    """Most forms have their moment only, so that axe looks at them here and not by the table."""
    expect(page.get_by_role("main").locator("[data-press='Ctrl+Enter']")).to_be_visible()
    page.wait_for_load_state()
    assert faults(page) == {}
    page.keyboard.press("Control+Enter")


def send(page, application):
    """Send the form with its key; the record it returns to says what was done."""
    press_send(page)
    page.wait_for_url(f"**{application.get_absolute_url()}*")
    expect(page.locator(".alert-success")).to_be_visible()


def stands(page, words):
    """Load the record anew, as somebody who waited for the other does, and read its status."""
    page.reload()
    expect(page.locator(".strip .status").first).to_have_text(words)


def serve(page, application, paper):
    papers = page.get_by_role("region", name="法律文书")
    row = papers.get_by_role("listitem").filter(has_text=paper)
    row.get_by_role("link", name="送达", exact=True).click()
    expect(page.get_by_label("收件人")).to_have_value(application.name)
    send(page, application)


def happened(page):
    """What the timeline of the record says was done, the first thing first."""
    lines = page.get_by_role("region", name="办理经过").locator("li b")
    return [words.partition("：")[0] for words in reversed(lines.all_inner_texts())]


def pdf_of(page, letter):
    answer = page.context.request.get(reverse("casework:letter_pdf", args=[letter.pk]))
    assert answer.ok
    assert answer.body().startswith(b"%PDF")
    return io.BytesIO(answer.body())


def print_today(page):
    """Ask for all that waits as one file, and return its words."""
    page.goto(reverse("casework:letter_list"))
    page.get_by_role("button", name="打印今日").click()
    download = page.get_by_role("link", name="下载")
    expect(download).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as arrival:
        download.click()
    return words_of(arrival.value.path())


# ── From the visit to the archive ───────────────────────────────────────────────────────


def receive_from_visit(page):
    """Log a visit, go on from it to an application with one paper missing, and return that."""
    page.keyboard.press("F4")
    page.wait_for_url("**/register/new/visit/")
    write_visit(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/?after=*")
    entry = RegisterEntry.objects.get()
    page.get_by_role("link", name="来电来访台账").click()
    page.get_by_role("link", name=entry.number).click()
    page.get_by_role("link", name="转为法律援助申请").click()

    # Nothing of the visit is typed again.
    expect(page.locator("[name=name]")).to_have_value(entry.name)
    matter = page.locator("[name=aid_matter]")
    expect(matter).to_have_value(str(AidMatter.objects.get(code="31-5").pk))
    assert "工钱没有结清" in page.locator("[name=facts]").input_value()
    page.locator("[name=aid_kind]").select_option(label="劳动争议调解与仲裁代理")
    page.locator("[name=claims]").fill("支付拖欠的工资")
    page.locator("[name=amount]").fill("46,800")
    page.locator("[name=jurisdiction_basis]").select_option(label="事由发生地")
    page.locator("[name=jurisdiction_body]").fill("青溪镇")
    page.get_by_text("免予核查", exact=True).first.click()
    choose(page, "免予核查", "申请支付劳动报酬或者请求工伤事故人身损害赔偿的进城务工人员")
    for paper in ("法律援助申请表", "身份证明", "免予核查证明材料"):
        choose(page, "已交材料", paper)
    page.get_by_label("同意将材料提供给承办单位和人员").check()
    expect(page.locator("#hints")).to_contain_text("缺1项")
    press_send(page)
    page.wait_for_url(RECORD)
    application = Application.objects.get()
    assert (application.entry, application.phone, application.id_number) == (
        entry,
        "13900002648",
        ID_NUMBER,
    )
    return application


def supply_and_review(page, application):
    act(page, "要求补充")
    expect(page.get_by_label("与申请事项有关的材料")).to_be_checked()
    send(page, application)
    stands(page, "等补充材料")
    act(page, "材料补来了")
    choose(page, "与申请事项有关的材料", "已交")
    send(page, application)
    stands(page, "已收件")
    act(page, "给出初审意见")
    page.get_by_label("本人不是当事人").check()
    send(page, application)


def handle_to_the_archive(page, application, worker):
    act(page, "指派")
    expect(page.get_by_role("radio").first).to_be_checked()
    expect(page.get_by_role("listitem").filter(has_text=worker.name)).to_be_visible()
    send(page, application)
    act(page, "委托手续")
    send(page, application)
    page.get_by_role("link", name="报办案进展").click()
    page.locator("[name=words]").fill("已与用人单位约定调解时间。")
    send(page, application)
    expect(page.get_by_role("region", name="承办", exact=True)).to_contain_text(
        "已与用人单位约定调解时间"
    )
    act(page, "结案")
    choose(page, "案件结果", "调解结案")
    page.locator("[name=recovered]").fill("46800")
    page.locator("[name=wages_recovered]").fill("46800")
    page.locator("[name=summary]").fill("双方在调解书上签字，工钱一次付清。")
    send(page, application)
    act(page, "案卷已交")
    send(page, application)
    act(page, "审查归档")
    choose(page, "卷宗审查等次", "良好")
    page.locator("[name=subsidy]").fill("1500")
    send(page, application)


def test_a_visit_becomes_an_application_and_ends_in_the_archive(
    open_page, clerk, head, reviewer, station, make_worker, worker
):
    lawyer = make_worker(specialities=["labour"])
    at_station = open_page(clerk, reverse("desk"))
    application = receive_from_visit(at_station)
    record = application.get_absolute_url()
    supply_and_review(at_station, application)

    of_head = open_page(head, record)
    act(of_head, "签署初审意见")
    send(of_head, application)

    center = open_page(reviewer, record)
    act(center, "签收")
    act(center, "给予援助")
    send(center, application)
    serve(center, application, "给予法律援助决定书")
    handle_to_the_archive(center, application, lawyer)

    stands(center, "已归档")
    assert faults(center) == {}
    assert happened(center) == [
        "收到申请材料",
        "一次性告知补充材料",
        "材料已补齐",
        "初审",
        "站长签署初审意见",
        "报送县中心",
        "中心签收",
        "给予法律援助",
        "文书送达",
        "已指派",
        "已签订委托手续",
        "结案",
        "提交案卷",
        "卷宗审查归档",
    ]
    letters = {letter.kind: letter for letter in application.letters.all()}
    made = ["RECEIPT", "SUPPLEMENT", "REVIEW", "GRANT", "ASSIGNMENT", "CLOSING"]
    assert {LetterKind[name] for name in made} <= set(letters)
    for letter in letters.values():
        assert application.name in words_of(pdf_of(center, letter)), letter.get_kind_display()
    for page, kinds in ((at_station, "05 06 08"), (center, "09 11 21")):
        words = print_today(page)
        for kind in kinds.split():
            assert letters[kind].number in words
    assert not Letter.objects.filter(printed_at=None).exists()
    assert at_station.faults == of_head.faults == center.faults == []


# ── A refusal, and what becomes of it ───────────────────────────────────────────────────


def test_a_refusal_objected_to_is_corrected_and_under_review_again(
    open_page, clerk, reviewer, director, officer, make_application
):
    application = make_application(status=Status.IN_REVIEW)
    record = application.get_absolute_url()
    center = open_page(reviewer, record)
    act(center, "拟不予援助")
    choose(center, "不予援助的情形", "不符合经济困难标准")
    center.locator("[name=reason]").fill("家庭人均月收入高于本县标准。")
    send(center, application)
    stands(center, "拟不予援助")
    expect(center.get_by_role("link", name="审阅拟不予意见")).to_have_count(0)

    of_director = open_page(director, record)
    act(of_director, "审阅拟不予意见")
    act(of_director, "决定不予援助")
    of_director.wait_for_url(f"**{record}")
    stands(of_director, "不予援助")
    center.reload()
    serve(center, application, "不予法律援助决定书")

    at_station = open_page(clerk, record)
    act(at_station, "登记异议")
    at_station.locator("[name=words]").fill("我是进城务工人员讨薪，不应当核查收入。")
    send(at_station, application)

    bureau = open_page(officer, record)
    expect(bureau.get_by_text("我是进城务工人员讨薪")).not_to_have_count(0)
    act(bureau, "作出异议处理决定")
    choose(bureau, "处理结果", "责令改正")
    bureau.locator("[name=reason]").fill("属于免予核查的情形。")
    send(bureau, application)

    stands(center, "中心审查中")
    expect(center.locator(".acts").get_by_role("link", name="给予援助")).to_be_visible()
    assert happened(center)[-5:] == [
        "拟不予援助",
        "不予法律援助",
        "文书送达",
        "收到异议",
        "经异议审查更正决定",
    ]
    refusal, decision = application.letters.filter(kind__in=["10", "20"]).order_by("kind")
    assert "家庭人均月收入高于本县标准" in words_of(pdf_of(center, refusal))
    assert "属于免予核查的情形" in words_of(pdf_of(bureau, decision))


# ── Aid first, papers later ─────────────────────────────────────────────────────────────


def receive_in_haste(page, limitation_on):
    """Take in at the counter what is about to lapse, with nothing but the form signed."""
    page.get_by_role("link", name="接收申请").click()
    page.locator("[name=name]").fill("李桂英")
    page.locator("[name=phone]").fill("13900003391")
    page.locator("[name=village]").fill("青溪1村")
    page.locator("[name=aid_matter]").select_option(
        value=str(AidMatter.objects.get(code="31-5").pk)
    )
    page.locator("[name=facts]").fill("仲裁时效将满，工钱一直没有结清。")
    page.locator("[name=limitation_on]").fill(f"{limitation_on:%Y-%m-%d}")
    # What the hints say comes in beside the form and moves it: first that, then the click.
    expect(page.locator("#hints .alarm").first).to_be_visible()
    choose(page, "已交材料", "法律援助申请表")
    press_send(page)
    page.wait_for_url(RECORD)
    return Application.objects.get()


def test_what_is_about_to_lapse_gets_aid_first_and_the_papers_later(
    open_page, clerk, head, reviewer, station
):
    in_four_days = timezone.localdate() + timedelta(days=4)
    at_station = open_page(clerk, reverse("casework:application_list"))
    application = receive_in_haste(at_station, in_four_days)
    record = application.get_absolute_url()
    urgent = at_station.locator(".note.alarm").filter(has_text="时效提示")
    expect(urgent).to_contain_text("还有4天")
    act(at_station, "给出初审意见")
    expect(at_station.get_by_label("建议先行提供法律援助")).to_be_checked()
    at_station.get_by_label("本人不是当事人").check()
    send(at_station, application)
    of_head = open_page(head, record)
    act(of_head, "签署初审意见")
    send(of_head, application)

    desk = open_page(reviewer, reverse("desk"))
    expect(desk.get_by_role("main")).to_contain_text("不足七日")
    desk.goto(record)
    act(desk, "先行提供援助")
    choose(desk, "先行情形", "距法定时效或者期限届满不足七日")
    send(desk, application)
    expect(desk.locator(".strip")).to_contain_text("先行提供")
    act(desk, "补办手续")
    owed = application.materials.filter(state="missing").values_list("name", flat=True)
    assert len(owed) > 1
    for name in owed:
        choose(desk, name, "已交")
    send(desk, application)

    expect(desk.get_by_role("region", name="决定", exact=True)).to_contain_text("手续已补办")
    expect(desk.locator(".acts").get_by_role("link", name="补办手续")).to_have_count(0)
    assert happened(desk)[-2:] == ["先行提供法律援助", "已补办手续"]
    decision = application.decisions.get()
    assert decision.papers_complete_on == timezone.localdate()
    assert not application.deadlines.running().filter(number=PAPERS_AFTERWARDS).exists()


# ── Passed on to another county ─────────────────────────────────────────────────────────


def pass_on(page, county, why):
    act(page, "转交其他机构")
    page.locator("[name=to_county]").select_option(value=str(county.pk))
    page.locator("[name=reason]").fill(why)
    page.locator("[name=told_how]").fill("已电话告知")
    press_send(page)


def test_what_belongs_to_the_next_county_goes_there_once_and_leaves_a_trace(
    open_page, clerk, reviewer, county, next_county, make_user, make_application
):
    application = make_application(status=Status.IN_REVIEW)
    record = application.get_absolute_url()
    there = make_user("there", "何审查", Role.REVIEWER, next_county)
    center = open_page(reviewer, record)
    pass_on(center, next_county, "用人单位和工地都在白水县。")
    center.wait_for_url("**/trace/")
    expect(center.get_by_text(next_county.center_name).first).to_be_visible()

    over_there = open_page(there, reverse("desk"))
    over_there.get_by_role("link", name="法律援助申请").first.click()
    over_there.get_by_role("link", name=application.name).click()
    act(over_there, "签收")
    stands(over_there, "中心审查中")
    # There is no station in this county to return it to.
    expect(over_there.locator(".acts").get_by_role("link", name="退回工作站")).to_have_count(0)

    at_station = open_page(clerk, record)
    at_station.wait_for_url("**/trace/")
    trace = at_station.get_by_role("main")
    expect(trace).to_contain_text(next_county.center_name)
    expect(trace).to_contain_text("用人单位和工地都在白水县。")
    expect(trace).to_contain_text("中心签收")
    expect(at_station.locator(".acts")).to_have_count(0)
    assert faults(at_station) == {}

    public = open_page(None, reverse("casework:progress_query"), width=390, height=844)
    public.locator("[name=code]").fill(application.receipt_code)
    public.locator("[name=digits]").fill(application.id_number[-4:])
    public.keyboard.press("Enter")
    expect(public.get_by_role("status")).to_contain_text(next_county.center_name)
    assert application.name not in public.inner_text("body")
    assert faults(public) == {}

    pass_on(over_there, county, "还是归清山县。")
    expect(over_there.get_by_role("alert")).to_contain_text("不得退转")
    expect(over_there.locator("[name=reason]")).to_have_value("还是归清山县。")
    application.refresh_from_db()
    assert (application.county, application.hops.count()) == (next_county, 1)
