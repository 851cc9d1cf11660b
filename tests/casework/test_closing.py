"""The end of a case on its pages: a file that fails its check comes back, the subsidy is paid once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.analysis.returns import make_return
from casework.applications import waiting
from casework.models import Closing
from casework.periods import period_of
from casework.terms import Status

pytestmark = pytest.mark.django_db


def address(name, case):
    return reverse(f"casework:application_{name}", args=[case.pk])


def check(client, case, **typed):
    fields = {
        "on": timezone.localdate().isoformat(),
        "file_check": "failed",
        "note": "缺庭审笔录和结案报告。",
        "archive_number": "",
        "subsidy": "",
        "days": "10",
    }
    return client.post(address("archive", case), fields | typed)


@pytest.fixture
def as_reviewer(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def handed_in(make_case):
    return make_case(status=Status.CLOSED, is_file_in=True)


def test_a_file_that_fails_goes_back_and_is_archived_only_after_it_passed(
    as_reviewer, handed_in, reviewer
):
    today = timezone.localdate()
    failed = check(as_reviewer, handed_in)

    handed_in.refresh_from_db()
    closing = Closing.objects.get()
    due_on = handed_in.deadlines.running().get(number=20).due_on
    assert failed.status_code == 302
    assert handed_in.status == Status.CLOSED
    assert (closing.materials_on, closing.archive_number) == (None, "")
    assert due_on >= today + timedelta(days=10)
    assert {each.number for each in handed_in.deadlines.running()} == {16, 20}
    page = as_reviewer.get(handed_in.get_absolute_url())
    assert "检查不合格" in page.content.decode()
    assert "缺庭审笔录和结案报告。" in page.content.decode()
    assert {act.move for act in page.context["acts"]} == {"hand_in_file"}

    # Not before it came again, and not when it fails again.
    assert "案卷尚未提交" in check(as_reviewer, handed_in, follow=True).content.decode() or (
        as_reviewer.get(address("archive", handed_in)).status_code == 302
    )
    with pytest.raises(workflow.MoveRefused):
        workflow.archive(
            handed_in, by=reviewer, on=today, file_check="good", archive_number="1"
        )
    as_reviewer.post(address("hand_in", handed_in), {"on": today.isoformat()})
    with pytest.raises(workflow.MoveRefused):
        workflow.archive(
            handed_in, by=reviewer, on=today, file_check="failed", archive_number="1"
        )
    check(as_reviewer, handed_in, note="仍缺结案报告。")
    as_reviewer.post(address("hand_in", handed_in), {"on": today.isoformat()})
    check(as_reviewer, handed_in, file_check="passed", note="", archive_number="1号")

    handed_in.refresh_from_db()
    assert handed_in.status == Status.ARCHIVED
    reviews = list(Closing.objects.get().reviews.all())
    assert [each.outcome for each in reviews] == ["failed", "failed", "passed"]
    assert [each.words for each in reviews[:2]] == ["缺庭审笔录和结案报告。", "仍缺结案报告。"]
    assert reviews[0].due_on == due_on
    assert "仍缺结案报告。" in as_reviewer.get(handed_in.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"note": ""}, "note", "缺"),
        ({"days": ""}, "days", "请写明几天内重新归交。"),
        ({"file_check": "good"}, "archive_number", "请填档案号。"),
    ],
)
def test_what_is_missing_of_a_check_is_told_and_all_typed_stays(
    as_reviewer, handed_in, typed, field, sentence
):
    answer = check(as_reviewer, handed_in, **typed)

    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not Closing.objects.get().reviews.exists()
    if "note" not in typed:
        assert "缺庭审笔录和结案报告。" in answer.content.decode()


def test_no_code_can_archive_what_failed(handed_in):
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.update(
            checked_on=timezone.localdate(),
            checked_by=handed_in.received_by,
            file_check="failed",
        )


# ── The subsidy ─────────────────────────────────────────────────────────────────────────


def pay(client, case, **typed):
    fields = {"on": timezone.localdate().isoformat(), "amount": "1,500", "voucher": "凭-88"}
    return client.post(address("pay", case), fields | typed)


def test_the_director_notes_the_payment_which_ends_clock_21_and_is_counted(
    client, director, reviewer, make_case, county
):
    case = make_case(status=Status.ARCHIVED)
    half = period_of("half", timezone.localdate())
    client.force_login(director)
    assert waiting.waiting_for(director).filter(pk=case.pk).exists()
    assert "支付补贴" in client.get(case.get_absolute_url()).content.decode()

    paid, again = pay(client, case), pay(client, case, voucher="凭-89")

    closing = Closing.objects.get()
    assert (paid.status_code, again.status_code) == (302, 422)
    assert (closing.paid, closing.voucher, closing.paid_by) == (1500, "凭-88", director)
    assert not case.deadlines.running().exists()
    assert not waiting.waiting_for(director).filter(pk=case.pk).exists()
    page = client.get(case.get_absolute_url()).content.decode()
    assert "凭-88" in page
    lines = make_return(half, [county]).lines
    assert [each.value for each in lines if each.column.source == "paid"] == [Decimal(1500)]
    assert case.events.filter(move="pay_subsidy").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "1600"}, "不能超过核定的1500.00元"),
        ({"amount": "0"}, "金额应大于0"),
        ({"voucher": ""}, "凭证号"),
        ({"on": "2020-01-01"}, "早于"),
    ],
)
def test_a_wrong_payment_gets_a_sentence(client, director, make_case, typed, sentence):
    case = make_case(status=Status.ARCHIVED)
    client.force_login(director)

    answer = pay(client, case, **typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Closing.objects.get().paid_on is None


def test_a_case_without_a_subsidy_owes_none(as_reviewer, handed_in, client, director):
    check(as_reviewer, handed_in, file_check="good", note="", archive_number="1号")
    assert not handed_in.deadlines.running().exists()
    client.force_login(director)

    answer = client.get(address("pay", handed_in), follow=True)

    assert "没有核定补贴" in answer.content.decode()
