"""Staff and funds: who is in post by month, sums, subsidies on time, the one-page report."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from pypdf import PdfReader

from stations import chores
from stations.models import Appointment, AuthorisedPosts, ChoreKind, Fund
from stations.roles import Role
from stations.terms import FundPurpose, FundStage, StaffBasis
from stations.upkeep import premises, staffing, staffing_paper
from tests.conftest import appoint

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)


@pytest.fixture
def pay(station, clerk):
    """Record a sum of the station's year 2026."""

    def record(stage=FundStage.SPENT, purpose=FundPurpose.DUTY_SUBSIDY, amount=600, **fields):
        fund = Fund(station=station, year=2026, stage=stage, purpose=purpose, amount=amount)
        for name, value in ({"on": date(2026, 3, 5)} | fields).items():
            setattr(fund, name, value)
        return staffing.record_fund(fund, by=clerk)

    return record


def test_posts_are_filled_from_the_appointments(station, clerk, head, duty):
    staffing.give_posts(station, number=3, from_on=date(2025, 1, 1), paper="编办字", by=head)
    staffing.give_posts(station, number=4, from_on=date(2026, 1, 1), paper="", by=head)

    posts = staffing.posts_on(station, TODAY)

    assert (posts.given.number, posts.filled, posts.empty) == (4, 2, 2)
    assert [member.appointment.user for member in posts.members] == [head, clerk]
    assert staffing.posts_on(station, date(2025, 6, 1)).given.number == 3
    assert AuthorisedPosts.objects.count() == 2


def test_a_month_counts_who_was_there_on_its_last_day(station, clerk, head, make_user):
    post = Appointment.objects.get(user=head)
    post.to_on = date(2026, 4, 29)
    post.save()
    second = make_user("second", "李二")
    appoint(second, Role.CLERK, station, from_on=date(2026, 6, 30))
    staffing.set_terms(
        Appointment.objects.get(user=clerk),
        basis=StaffBasis.FULL_TIME,
        from_on=date(2026, 9, 1),
        by=clerk,
    )

    months = staffing.staff_by_month(station, 2026, TODAY)

    assert len(months) == 10
    assert [month.has_head for month in months] == [True] * 3 + [False] * 7
    by_number = {month.month.month: month for month in months}
    assert (by_number[5].full_time, by_number[5].part_time) == (0, 1)
    assert (by_number[6].part_time, by_number[6].is_staffed) == (2, True)
    assert (by_number[9].full_time, by_number[9].part_time) == (1, 1)
    assert not by_number[5].is_staffed
    assert Appointment.objects.get(user=clerk).pk in by_number[9].appointments


def test_a_subsidy_is_on_time_within_thirty_days_of_its_month(station, pay):
    in_time = pay(for_month=date(2026, 1, 1), on=date(2026, 3, 2))
    pay(for_month=date(2026, 2, 1), on=date(2026, 3, 31))
    voided = pay(for_month=date(2026, 3, 1), on=date(2026, 4, 2))
    staffing.void_fund(voided, reason="记错站", by=voided.recorded_by)

    months = {each.month.month: each for each in staffing.subsidy_months(station, 2026, TODAY)}

    assert sorted(months) == list(range(1, 10))
    assert (months[1].is_on_time, months[1].rows) == (True, (in_time.pk,))
    assert months[2].due_on == date(2026, 3, 30)
    assert not months[2].is_on_time
    assert months[2].paid_on == date(2026, 3, 31)
    assert months[3].paid_on is None


def test_sums_leave_out_what_is_void_and_are_added_by_purpose(station, pay):
    pay(FundStage.BUDGETED, FundPurpose.OFFICE, 5000)
    pay(FundStage.RECEIVED, FundPurpose.OFFICE, 3000)
    pay(FundStage.RECEIVED, FundPurpose.OFFICE, Decimal("500.50"))
    wrong = pay(FundStage.RECEIVED, FundPurpose.OFFICE, 9)
    staffing.void_fund(wrong, reason="重复", by=wrong.recorded_by)
    with pytest.raises(staffing.FundRefused):
        staffing.void_fund(wrong, reason="再来", by=wrong.recorded_by)

    office = staffing.sums(station, 2026)["office"]

    assert office == {"budgeted": 5000, "received": Decimal("3500.50"), "spent": 0}
    assert staffing.totals_of([station], 2026)[station.pk]["received"] == Decimal("3500.50")


def test_a_station_owes_a_head_its_posts_and_its_subsidies(station, clerk, head, pay):
    assert {owed.key for owed in staffing.owed(station, TODAY)} == {"posts", "subsidy"}

    Appointment.objects.filter(user=head).update(to_on=date(2026, 10, 31))
    staffing.give_posts(station, number=2, from_on=date(2026, 1, 1), paper="", by=clerk)
    for month in range(1, 10):
        pay(for_month=date(2026, month, 1), on=date(2026, month, 28))
    [owed] = staffing.owed(station, TODAY)
    assert (owed.key, owed.since_on) == ("head", date(2026, 11, 1))
    chores.refresh(station, ChoreKind.STAFFING)
    assert station.chores.filter(kind=ChoreKind.STAFFING).exists()


def test_a_sum_is_typed_with_its_month_and_declared_void_with_a_reason(client, clerk, station):
    client.force_login(clerk)
    url = reverse("stations:fund_create", args=[station.pk])
    typed = {
        "stage": "spent",
        "purpose": "duty_subsidy",
        "amount": "1200",
        "year": "2026",
        "on": "2026-03-05",
        "words": "2月值班补贴",
    }
    answer = client.post(url, typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["for_month"]
    assert "2月值班补贴" in answer.content.decode()
    assert client.post(url, typed | {"amount": "-1"}).status_code == 422
    assert client.post(url, typed | {"for_month": "abc"}).status_code == 422
    assert client.post(url, typed | {"for_month": "2026-04"}).status_code == 422

    client.post(url, typed | {"for_month": "2026-02"})
    fund = Fund.objects.get()
    assert (fund.for_month, fund.recorded_by) == (date(2026, 2, 1), clerk)

    void = reverse("stations:fund_void", args=[fund.pk])
    client.post(void, {"reason": ""})
    assert Fund.objects.counted().exists()
    client.post(void, {"reason": "金额写错"})
    client.post(void, {"reason": "再按一次"})
    assert Fund.objects.get().void_reason == "金额写错"
    page = client.get(reverse("stations:staffing_detail", args=[station.pk]) + "?year=2026")
    assert "金额写错" in page.content.decode()


def test_terms_begin_with_the_appointment_and_the_same_again_writes_nothing(
    client, head, clerk, station, neighbour
):
    post = Appointment.objects.get(user=clerk)
    url = reverse("stations:staff_terms", args=[post.pk])
    client.force_login(neighbour)
    assert client.get(url).status_code == 404
    client.force_login(head)
    assert client.post(url, {"basis": "full_time", "from_on": "2019-01-01"}).status_code == 422
    for _press in range(2):
        client.post(url, {"basis": "full_time", "from_on": "2026-01-01"})
    assert post.terms.count() == 1
    client.post(
        reverse("stations:posts_give", args=[station.pk]),
        {"number": "3", "from_on": "2026-01-01", "paper": "清编〔2026〕1号"},
    )
    assert (
        "清编"
        in client.get(reverse("stations:staffing_detail", args=[station.pk])).content.decode()
    )


def test_the_report_is_one_page_of_chinese_with_the_page_s_figures(
    client, officer, station, head, clerk, pay
):
    staffing.give_posts(station, number=4, from_on=date(2026, 1, 1), paper="", by=head)
    for purpose in FundPurpose:
        pay(FundStage.BUDGETED, purpose, 5000)
        pay(FundStage.RECEIVED, purpose, 4000)
    pay(for_month=date(2026, 1, 1))
    for item in ("phone", "id_reader", "printer"):
        premises.ask(station, item=item, why="坏了", by=clerk)

    pages = PdfReader(io.BytesIO(staffing_paper.render(station, 2026))).pages
    text = pages[0].extract_text()

    assert len(pages) == 1
    assert "30,000" in text
    assert "24,000" in text
    assert "清山县司法局" in text
    client.force_login(officer)
    page = client.get(reverse("stations:staffing_paper", args=[station.pk]) + "?year=2026")
    assert "24,000" in page.content.decode()
    answer = client.get(reverse("stations:staffing_pdf", args=[station.pk]))
    assert answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_stations(
    client, officer, county, station, make_station, count_queries, count
):
    for n in range(count - 1):
        make_station(county, 110 + n, f"站{n}")
    client.force_login(officer)

    queries, page = count_queries(lambda: client.get(reverse("stations:staffing_list")))

    assert len(page.context["rows"]) == count
    assert queries == 9
