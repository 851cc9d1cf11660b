"""A clerk's minute at the counter, by keyboard alone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from casework.models import EntryDraft, RegisterEntry

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

ID_NUMBER = "341525198406170027"


def type_on(page, *texts):
    """Type into field after field, Enter between them; None leaves a field as it is."""
    for text in texts:
        if text is not None:
            page.keyboard.type(text)
        page.keyboard.press("Enter")


def write_visit(page, *, name="吴秋菊", id_number=ID_NUMBER, village="青溪1"):
    """Everything a visit needs, from the name to the save key."""
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("name", "name")
    type_on(page, name)
    expect(focused).to_have_attribute("name", "id_number")
    type_on(page, id_number)
    if not id_number:
        expect(focused).to_have_attribute("name", "sex")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    # Enter goes past what is known: the sex of an identity number, who is on duty.
    expect(focused).to_have_attribute("name", "phone")
    expect(page.locator("#id_sex")).to_have_value("female")
    type_on(page, "139 0000 2648", village, None, None)
    expect(focused).to_have_attribute("name", "people_groups")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("name", "matter")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("name", "statement")
    page.keyboard.type("在工地干了三个月，")
    page.keyboard.press("Enter")
    page.keyboard.type("工钱没有结清。")
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    expect(page.locator("#answers")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("name", "answer")
    page.keyboard.press("Tab")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("name", "sensitive")
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("name", "is_told_of_right")
    page.keyboard.press("Space")


def test_a_visit_is_recorded_and_the_next_begun_without_the_mouse(open_page, clerk, station):
    page = open_page(clerk, reverse("casework:entry_create", args=["visit"]))
    write_visit(page)
    # From the last field Enter goes past the closed fold to the button, and presses it.
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("data-press", "Ctrl+Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?after=*")

    entry = RegisterEntry.objects.get()
    assert (entry.name, entry.phone, entry.id_number) == ("吴秋菊", "13900002648", ID_NUMBER)
    assert entry.village.name == "青溪1村"
    assert entry.people_groups == ["women", "farmer"]
    assert entry.matter.code == "civil.labour_pay"
    assert entry.statement.splitlines() == ["在工地干了三个月，", "工钱没有结清。"]
    assert entry.answer
    assert entry.disposal == "answered"
    assert entry.receiver == clerk
    assert entry.seconds_to_record < 120
    assert not EntryDraft.objects.exists()
    expect(page.locator(":focus")).to_have_attribute("name", "name")
    assert page.faults == []


def test_a_call_takes_twenty_keys_beside_its_words(open_page, clerk, station):
    page = open_page(clerk, reverse("desk"))
    keys = []

    def press(*names):
        for key in names:
            page.keyboard.press(key)
            keys.append(key)

    press("F2")
    page.wait_for_url("**/call/")
    page.keyboard.type("139 0000 2648")
    press("Enter")
    page.keyboard.type("吴秋菊")
    press("Enter", "ArrowDown", "Enter")
    page.keyboard.type("青溪1")
    press("Enter", "Enter", "2", "Enter", "5", "Enter")
    expect(page.locator(":focus")).to_have_attribute("name", "statement")
    page.keyboard.type("骑车被撞，对方不赔医药费。")
    press("Tab")
    # The answers of the matter have come before anybody has written what was said.
    expect(page.locator("#usual-answers option").first).to_be_attached()
    press("/")
    expect(page.locator("#answers")).to_be_visible()
    press("2", "Tab", "3", "Enter", "Enter", "Space", "Control+Enter")
    page.wait_for_url("**/?after=*")

    entry = RegisterEntry.objects.get()
    assert len(keys) == 20
    assert entry.people_groups == ["women", "migrant_worker"]
    assert (entry.matter.code, entry.disposal) == ("civil.traffic", "guided")
    assert entry.answer
    assert (entry.receiver, entry.is_told_of_right) == (clerk, True)
    assert page.faults == []


def test_the_person_seen_before_is_linked_with_one_key(open_page, clerk, make_entry):
    earlier = make_entry(receiver=clerk)
    page = open_page(clerk, reverse("casework:entry_create", args=["visit"]))
    write_visit(page, id_number="")
    expect(page.locator("#hints .note.again")).to_be_visible()
    page.keyboard.press("F7")
    expect(page.locator("[name=same_person]")).to_have_value("same_matter")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/?after=*")

    entry = RegisterEntry.objects.latest("pk")
    assert (entry.repeat_of, entry.matter_visit_no) == (earlier, 2)


def test_another_matter_opens_with_zero(open_page, clerk, station):
    page = open_page(clerk, reverse("casework:entry_create", args=["call"]))
    page.locator("[name=matter]").first.focus()
    page.keyboard.press("0")
    expect(page.locator("#id_other_matter")).to_be_focused()


def test_what_was_typed_comes_back_after_the_window_was_closed(open_page, clerk, station):
    path = reverse("casework:entry_create", args=["visit"])
    page = open_page(clerk, path)
    page.keyboard.type("吴秋菊")
    expect(page.locator("#draft")).to_contain_text(f"{timezone.localtime():%H:}")
    page.context.close()

    again = open_page(clerk, path)
    expect(again.locator("#id_name")).to_have_value("吴秋菊")


def test_going_to_another_page_takes_the_last_words_along(open_page, clerk, station):
    path = reverse("casework:entry_create", args=["visit"])
    page = open_page(clerk, path)
    page.keyboard.type("吴秋菊")
    page.keyboard.press("F2")
    page.wait_for_url("**/call/")
    # The words travel behind the page that was left.
    for _look in range(100):
        if EntryDraft.objects.exists():
            break
        page.wait_for_timeout(50)
    page.keyboard.press("F4")
    page.wait_for_url("**/visit/")
    expect(page.locator("#id_name")).to_have_value("吴秋菊")


def test_nothing_is_lost_while_the_network_is_away(open_context, clerk, station):
    page = open_context(clerk).new_page()
    page.clock.install()
    page.goto(reverse("casework:entry_create", args=["visit"]))
    page.context.set_offline(True)
    page.keyboard.type("吴秋菊")
    page.clock.fast_forward("00:03")
    expect(page.locator("#draft")).to_contain_text("不要关闭")
    page.context.set_offline(False)
    page.clock.fast_forward("00:09")
    expect(page.locator("#draft")).to_contain_text("草稿已存")
    assert EntryDraft.objects.get().content.count("吴秋菊") == 1


def test_a_session_that_ended_loses_nothing_either(
    open_page, clerk, station, client, live_server
):
    page = open_page(clerk, reverse("casework:entry_create", args=["visit"]))
    page.context.clear_cookies(name="sessionid")
    page.keyboard.type("吴秋菊")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-for=signed-out]")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("吴秋菊")
    client.force_login(clerk)
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator(".cell.bad").first).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("吴秋菊")


def test_a_correction_outlives_the_session(open_page, clerk, make_entry, client, live_server):
    entry = make_entry()
    page = open_page(clerk, reverse("desk"))
    page.clock.install()
    page.goto(reverse("casework:entry_correct", args=[entry.pk]))
    page.locator("#id_reason").fill("听错了")
    page.context.clear_cookies(name="sessionid")
    page.clock.fast_forward("31:00")
    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-for=signed-out]")).to_be_visible()
    expect(page.locator("#id_reason")).to_have_value("听错了")


PASTED = (
    "青溪镇来访登记表\t\t\t\t\t\r\n"
    "序号\t日期\t时间\t姓 名\t案由\t反映内容\r\n"
    '1\t2026.3.2\t9:10\t吴秋菊\t婚姻家庭\t"她说""过不下去""了，\n想离婚"\r\n'
    "\t\t\t\t\t\r\n"
)


def test_rows_of_a_spreadsheet_find_their_columns(open_page, clerk, station):
    page = open_page(clerk, reverse("casework:entry_grid"))
    rows = "".join(
        f"{n}\t2026.3.{n}\t9:10\t来人{n}\t婚姻家庭\t问离婚\r\n" for n in range(3, 27)
    )
    page.locator("[name='0-phone']").focus()
    page.evaluate(
        """words => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", words);
            const paste = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }""",
        PASTED + rows,
    )

    expect(page.locator("#pasted")).to_contain_text("已贴入25行")
    expect(page.locator("[name='0-occurred_at']")).to_have_value("2026.3.2 9:10")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("25条")).to_be_visible()
    first = RegisterEntry.objects.earliest("occurred_at")
    assert (first.name, first.statement) == ("吴秋菊", '她说"过不下去"了， 想离婚')
    assert RegisterEntry.objects.count() == 25
    assert page.faults == []


def test_every_sheet_is_filled_saved_and_left_by_the_same_keys(open_page, clerk, station):
    page = open_page(clerk, reverse("stations:station_edit", args=[station.pk]))

    page.get_by_label("地址").fill("老街8号")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "phone"
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{station.get_absolute_url()}")
    station.refresh_from_db()
    assert station.address == "老街8号"

    page.keyboard.press("Escape")
    page.wait_for_url(f"**{reverse('stations:network')}")
