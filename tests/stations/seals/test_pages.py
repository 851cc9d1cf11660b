"""The auditor's pages of seals, the command beside them, and the seal on a printed report."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from casework.reports import months, report_pdf
from stations.models import DaySeal, SealCheck
from stations.seals import chain, checking
from tests.conftest import at

pytestmark = pytest.mark.django_db
LIST = "stations:seal_list"


@pytest.fixture
def as_auditor(client, audit_admin):
    client.force_login(audit_admin)
    return client


@pytest.fixture
def looks(clerk, make_look):
    return [make_look(clerk, at(2026, 11, day), subject=f"entry:{day}") for day in (2, 3, 3)]


def test_the_auditor_checks_a_month_and_reads_which_day_and_table_disagree(
    as_auditor, looks, as_database_administrator, django_capture_on_commit_callbacks
):
    page = as_auditor.get(reverse(LIST))
    assert "没有封存的日子" in page.content.decode()
    chain.seal_days(at(2026, 11, 5))
    as_database_administrator("DELETE FROM stations_look WHERE id = %s", looks[1].pk)

    as_auditor.post(reverse("stations:seal_check"), {"month": "2026-11"})
    as_auditor.post(reverse("stations:seal_check"), {"month": "2026-11"})
    waiting = as_auditor.get(
        reverse("stations:seal_check_state"), headers={"HX-Request": "true"}
    )
    check = SealCheck.objects.get()
    checking.work_on(check.pk)
    done = as_auditor.get(reverse("stations:seal_check_state"), headers={"HX-Request": "true"})

    assert "等待" in waiting.content.decode() or "every 1s" in waiting.content.decode()
    assert done["HX-Refresh"] == "true"
    page = as_auditor.get(reverse(LIST), {"month": "2026-11"})
    words = page.content.decode()
    assert "2026年11月3日，操作留痕：记录被删去。封存时2条，现在1条。" in words
    states = {seal.day.day: state.is_wrong for seal, state in page.context["rows"] if state}
    assert (states[2], states[3]) == (False, True)
    detail = as_auditor.get(reverse("stations:seal_detail", args=["2026-11-03"]))
    assert "记录被删去" in detail.content.decode()
    for nothing in ("2026-12-24", "yesterday", "2026-02-31"):
        assert (
            as_auditor.get(reverse("stations:seal_detail", args=[nothing])).status_code == 404
        )


def test_a_month_before_any_seal_is_told_in_a_sentence(as_auditor, looks):
    assert (
        "还没有哪一天已封存"
        in as_auditor.post(reverse("stations:seal_check"), follow=True).content.decode()
    )
    chain.seal_days(at(2026, 11, 5))
    answer = as_auditor.post(reverse("stations:seal_check"), {"month": "2027-01"}, follow=True)
    assert "还没有封存的日子" in answer.content.decode()
    assert not SealCheck.objects.exists()


@pytest.mark.parametrize("months_long", [1, 3])
def test_the_list_costs_the_same_for_any_length(
    as_auditor, clerk, make_look, months_long, count_queries
):
    last = at(2026, 11, 5)
    make_look(clerk, last - timedelta(days=30 * months_long))
    chain.seal_days(last)
    for _n in range(months_long):
        SealCheck.objects.create(
            first=date(2026, 1, 1), last=date(2026, 12, 1), finished_at=timezone.now()
        )

    asked, _page = count_queries(lambda: as_auditor.get(reverse(LIST), {"month": "2026-11"}))

    assert asked == 8


def test_a_seal_from_paper_is_found_or_not(as_auditor, looks):
    chain.seal_days(at(2026, 11, 5))
    seal = DaySeal.objects.get(day=date(2026, 11, 3))

    def compared(code):
        return as_auditor.get(reverse(LIST), {"code": code}).content.decode()

    assert "这是2026年11月3日的封存码" in compared(f" {seal.code.upper()}")
    assert "这是2026年11月3日的封存码" in compared(seal.digest)
    assert "没有找到" in compared("0" * 16)
    assert "请至少输入12位" in compared("3fa9")


def test_the_command_names_the_first_days_that_disagree(looks, as_database_administrator):
    def checked(*options):
        out = StringIO()
        call_command("check_seals", *options, stdout=out, verbosity=0)
        return out.getvalue()

    assert "还没有哪一天已封存" in checked()
    chain.seal_days(at(2026, 11, 5))
    assert "均与封存时相符" in checked("--from", "2026-11-01", "--to", "2026-11-04")
    as_database_administrator(
        "UPDATE stations_look SET subject = '' WHERE id = %s", looks[0].pk
    )
    out = StringIO()
    with pytest.raises(CommandError, match="有1处") as refused:
        call_command("check_seals", "--to", "2026-11-03", stdout=out, verbosity=0)
    assert refused.value.returncode == 1
    assert "2026年11月2日，操作留痕" in out.getvalue()
    assert "均与封存时相符" in checked("--from", "2026-11-03", "--to", "2026-11-03")
    with pytest.raises(CommandError, match="早于"):
        checked("--from", "2026-11-03", "--to", "2026-11-01")


def test_a_sent_report_prints_the_last_seal_of_its_day_and_keeps_it(
    make_entry, head, director, station
):
    month = timezone.localdate().replace(day=1) - timedelta(days=1)
    month = month.replace(day=1)
    report = months.open_month(station, month)
    make_entry()
    chain.seal_days(timezone.now() + timedelta(days=2))
    seal = DaySeal.objects.first()

    draft = report_pdf.paper(report)
    sent = months.send(report, by=head, is_zero_confirmed=True)
    chain.seal_days(timezone.now() + timedelta(days=4))

    assert draft["report"].seal == ""
    sent.refresh_from_db()
    assert (sent.seal_on, sent.seal) == (seal.day, seal.digest)
    assert sent.issues.get().seal == seal.digest
    words = render_to_string(report_pdf.TEMPLATE, report_pdf.paper(sent))
    assert seal.code in words
