"""The pages of keeping and destruction, as the officer and the director see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.models import RegisterEntry
from stations.models import DestructionItem, DestructionList, Hold, RetentionRule
from stations.retention import carrying, lists
from stations.roles import Role
from tests.conftest import at

pytestmark = pytest.mark.django_db
HOME = reverse("stations:retention")


@pytest.fixture
def old_entry(make_entry):
    return make_entry(occurred_at=at(2012, 5, 3))


def words(answer):
    return answer.content.decode()


def test_an_empty_county_says_that_nothing_falls_due(client, officer):
    client.force_login(officer)
    page = words(client.get(HOME))

    assert "现在没有到期的，也还没有会到期的记录。" in page
    assert "还没有销毁过档案" in page
    # What is law and what is the county's own.
    assert "《网络安全法》：网络日志留存不少于六个月" in page
    assert page.count("本县自定（通常做法）") == 15
    assert "《个人信息保护法》第五十六条" in page


def test_the_next_day_something_falls_due_stands_there(client, officer, make_entry):
    make_entry()
    this = timezone.localdate().year
    client.force_login(officer)

    assert f"下一批{this + 4}年1月1日到期" in words(client.get(HOME))


def test_from_the_schedule_to_the_record_by_two_persons(
    client, officer, director, old_entry, make_entry
):
    client.force_login(officer)
    home = words(client.get(HOME))
    assert "把勾选的几类列成清单" in home
    kind = client.get(reverse("stations:retention_kind", args=["entries"]))
    assert old_entry.number in words(kind)
    assert "2022年12月31日" in words(kind)
    assert client.post(reverse("stations:destruction_draw")).status_code == 422
    drawn = client.post(
        reverse("stations:destruction_draw"),
        {"kinds": ["entries", "entry_numbers"]},
        follow=True,
    )
    listed = DestructionList.objects.get()
    assert "另一位干部或法律援助中心主任" in words(drawn)
    approve = reverse("stations:destruction_approve", args=[listed.pk])
    assert "要由另一个人批准" in words(client.post(approve, {"has_looked": "on"}, follow=True))

    client.force_login(director)
    page = client.get(listed.get_absolute_url())
    assert old_entry.get_absolute_url() in words(page)
    unread = client.post(approve, {"opinion": "同意"})
    assert unread.status_code == 422
    assert "请先看过清单" in words(unread)
    assert "同意" in words(unread)
    client.post(approve, {"opinion": "同意", "has_looked": "on"})

    client.force_login(officer)
    carry_out = reverse("stations:destruction_carry_out", args=[listed.pk])
    wrong = client.post(carry_out, {"count": "7"})
    assert wrong.status_code == 422
    assert "清单上现有1件" in words(wrong)
    assert "正在销毁" in words(client.post(carry_out, {"count": "1"}, follow=True))
    progress = reverse("stations:destruction_progress", args=[listed.pk])
    assert "已处理0件，共1件" in words(client.get(progress))
    carrying.work_on(listed.pk)
    assert "hx-get" not in words(client.get(progress))
    # A second press does no harm.
    client.post(carry_out, {"count": "1"})
    page = words(client.get(listed.get_absolute_url()))
    listed.refresh_from_db()
    assert listed.ids_hash in page
    assert "执行销毁" not in page
    paper = words(client.get(reverse("stations:destruction_print", args=[listed.pk])))
    for said in (listed.number, "高科长", "唐主任", "监销人", "同意", listed.ids_hash):
        assert said in paper


def test_pages_cost_the_same_for_one_record_and_for_many(
    client, officer, old_entry, make_entry, county
):
    client.force_login(officer)
    # The first page after signing in also writes the session.
    client.get(HOME)

    def cost():
        asked = []
        for page in (HOME, reverse("stations:retention_kind", args=["entries"])):
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            asked.append(len(queries))
        listed = lists.draw(county, {"entries"}, by=officer)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(listed.get_absolute_url())
        lists.withdraw(listed, by=officer, why="再列")
        return [*asked, len(queries)], len(page.context["rows"])

    one, rows = cost()
    assert rows == 1
    for n in range(4):
        make_entry(occurred_at=at(2011, 5, 3 + n))

    assert cost() == (one, 5)


def test_the_county_sets_its_own_years_and_nobody_forgets_the_old_ones(
    client, officer, old_entry, county
):
    client.force_login(officer)
    page = reverse("stations:retention_years", args=["entries"])
    for typed, sentence in (
        ({"how": "years", "years": "0", "why": "x"}, "至少1年"),
        ({"how": "years", "years": "", "why": "x"}, "请填写保管多少年"),
        ({"how": "years", "years": "许多", "why": "x"}, "请用数字填写年数"),
        ({"how": "years", "years": "101", "why": "x"}, "最多100年"),
        ({"how": "years", "years": "15", "why": ""}, "请写明理由"),
    ):
        answer = client.post(page, typed)
        assert answer.status_code == 422
        assert sentence in words(answer)
    client.post(page, {"how": "years", "years": "15", "why": "县档案馆意见"})
    client.post(page, {"how": "for_good", "why": "省厅文件"})
    client.post(page, {"how": "for_good", "why": "再按一次"})

    history = words(client.get(page))
    assert RetentionRule.objects.count() == 2
    for said in ("县档案馆意见", "省厅文件", "15年", "永久"):
        assert said in history
    public = words(client.get(reverse("stations:public_privacy")))
    assert "来电来访台账</td><td>永久" in "".join(public.split())


def test_a_record_is_held_and_let_go_from_its_page(client, officer, old_entry):
    client.force_login(officer)
    create = reverse("stations:hold_create", args=["entry", old_entry.pk])
    assert create in words(client.get(old_entry.get_absolute_url()))
    assert client.post(create, {"until_on": "2020-01-01"}).status_code == 422
    client.post(create, {"reason": "信访件，市里在查", "is_of_person": "on"})
    hold = Hold.objects.get()

    held = words(client.get(old_entry.get_absolute_url()))
    assert "信访件，市里在查" in held
    assert "暂缓销毁1件" in words(client.get(HOME))
    assert old_entry.number in words(client.get(reverse("stations:hold_list")))
    lift = reverse("stations:hold_lift", args=[hold.pk])
    client.post(lift, {"reason": "查完了"})
    answer = words(client.post(lift, {"reason": "再解除"}, follow=True))
    assert "已经解除过了" in answer
    assert "没有暂缓销毁的" in answer


def test_nothing_of_it_is_found_from_the_next_county(
    client, make_user, next_county, old_entry, county, officer
):
    listed = lists.draw(county, {"entries"}, by=officer)
    item = DestructionItem.objects.first()
    client.force_login(make_user("far", "外县科长", Role.OFFICER, next_county))

    for page, args in (
        ("destruction_list", [listed.pk]),
        ("destruction_print", [listed.pk]),
        ("destruction_take_out", [item.pk]),
        ("hold_create", ["entry", old_entry.pk]),
        ("retention_kind", ["nothing"]),
        ("hold_create", ["nothing", old_entry.pk]),
    ):
        assert client.get(reverse(f"stations:{page}", args=args)).status_code == 404, page
    assert (
        client.post(reverse("stations:destruction_carry_out", args=[listed.pk])).status_code
        == 404
    )
    assert RegisterEntry.objects.get(pk=old_entry.pk).name == "吴秋菊"
    assert old_entry.number not in words(client.get(HOME))


def test_an_item_is_taken_off_on_its_own_page(client, officer, old_entry, county):
    listed = lists.draw(county, {"entries"}, by=officer)
    page = reverse("stations:destruction_take_out", args=[listed.items.get().pk])
    client.force_login(officer)
    assert client.post(page, {"reason": ""}).status_code == 422

    answer = words(client.post(page, {"reason": "当事人要用"}, follow=True))

    assert f"{old_entry.number}已移出清单" in answer
    assert "当事人要用" in answer
    again = client.post(page, {"reason": "再移一次"}, follow=True)
    assert "已经移出了" in words(again)
