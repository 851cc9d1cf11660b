"""What the public is told before applying: scope, chances, papers, the way; nothing is kept."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from casework.models import AidMatter, ClockRule, Complaint, HardshipStandard
from casework.public_guide import chance, way

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


@pytest.fixture
def standard(county):
    return HardshipStandard.objects.create(
        county=county,
        valid_from=date(2024, 1, 1),
        monthly_per_head=Decimal(1500),
        basis="低收入标准",
    )


def ask(county, code, **answers):
    defaults = {"persons": 1, "income": None, "own_income": None, "exemption": ""}
    matter = AidMatter.objects.get(code=code)
    return chance(county, matter, today=TODAY, **(defaults | answers))


@pytest.mark.parametrize(
    ("code", "answers", "state"),
    [
        # At the standard is still within it.
        ("31-5", {"persons": 3, "income": Decimal(4500)}, "yes"),
        ("31-5", {"persons": 3, "income": Decimal(4503)}, "no"),
        ("31-5", {"exemption": "42-3"}, "yes"),
        # Migrant workers are exempt for pay and work injuries only.
        ("31-4", {"exemption": "42-3"}, "open"),
        ("31-4", {"exemption": "42-1"}, "yes"),
        # The other side lives in the household: only one's own income counts.
        ("31-4", {"persons": 2, "income": Decimal(9000), "own_income": Decimal(0)}, "yes"),
        ("31-4", {"persons": 2, "income": Decimal(0), "own_income": Decimal(9000)}, "no"),
        # Hardship is no condition.
        ("32-4", {}, "yes"),
        # Other reasons than hardship count for whoever has no defender.
        ("24", {"income": Decimal(90000)}, "open"),
    ],
)
def test_the_answers_go_through_the_rules_of_an_application(
    county, standard, code, answers, state
):
    found = ask(county, code, **answers)
    assert found.state == state
    assert found.points
    assert all(str(point.says) for point in found.points)


def test_without_a_standard_nothing_is_promised_and_nothing_denied(county):
    assert ask(county, "31-5", income=Decimal(0)).state == "open"


def test_even_a_good_chance_is_no_promise(county, standard):
    assert "审查决定" in ask(county, "31-5", income=Decimal(0)).advice


def test_the_questionnaire_keeps_nothing_no_row_no_cookie_no_log(
    client, county, standard, caplog
):
    answers = {"matter": "31-5", "persons": "3", "income": "4321", "exemption": ""}
    address = reverse("casework:public_qualify")
    assert not client.get(address).cookies
    with CaptureQueriesContext(connection) as asked:
        page = client.post(address, answers)
    assert page.status_code == 200
    assert page.context["found"].state == "yes"
    assert not page.cookies
    assert "no-store" in page["Cache-Control"]
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
    assert "4321" not in caplog.text
    assert "4321" not in page.content.decode()


def test_what_is_missing_is_said_beside_the_question_and_answers_stay(client, county, standard):
    address = reverse("casework:public_qualify")
    page = client.post(address, {"matter": "31-5", "persons": "4", "income": "很多"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "很多" in text
    assert 'value="4"' in text
    assert client.post(address, {"matter": "31-5", "persons": "4"}).status_code == 422
    assert client.post(address, {"matter": "xx", "persons": "4"}).status_code == 422
    assert client.post(address, {"persons": "999999"}).status_code == 422


# Every open page that counts who asks: (address, what is posted or None for a GET, where its
# limit stands, what it answers while nothing can be counted).
ASKED = "192.0.2.7"
QUALIFY = {"matter": "32-4", "persons": "1"}
COUNTED = [
    (
        "stations:public_stations",
        {"q": "青溪"},
        False,
        "stations.views.public.MOST_SEARCHES",
        200,
    ),
    ("casework:public_qualify", QUALIFY, True, "casework.views.public.MOST_ASKED", 200),
    ("casework:public_papers_pdf", {}, False, "casework.views.public.MOST_PRINTED", 200),
    (
        "casework:progress_query",
        {"code": "ABCD2345", "digits": "1234"},
        True,
        "casework.views.progress.MOST_FROM_ONE_PLACE",
        503,
    ),
    (
        "casework:complain",
        {"about_text": "青溪站", "relation": "applicant", "words": "去了三次没有人"},
        True,
        "casework.views.public_complaint.MOST_COMPLAINTS",
        503,
    ),
    (
        "casework:complaint_query",
        {"code": "ABCD2345"},
        True,
        "casework.views.public_complaint.MOST_QUERIES",
        503,
    ),
    (
        "casework:satisfaction_answer",
        {"satisfaction": "satisfied", "explained": "yes", "charged": "no"},
        True,
        "casework.views.public_complaint.MOST_ANSWERS",
        503,
    ),
]


@pytest.mark.parametrize(("page", "said", "is_posted", "limit", "alone"), COUNTED)
def test_every_limit_holds_for_its_place_and_a_stopped_redis_is_never_a_fault(
    client, station, monkeypatch, settings, page, said, is_posted, limit, alone
):
    """What only reads goes on uncounted; what looks up a code or keeps a row asks to come again."""
    args = {
        "casework:public_papers_pdf": ["31-5"],
        "casework:satisfaction_answer": [station.code],
    }.get(page)
    said = said | ({"county": station.county_id} if page == "casework:complain" else {})
    monkeypatch.setattr(limit, 1)
    client.raise_request_exception = False

    def ask(place):
        send = client.post if is_posted else client.get
        return send(reverse(page, args=args), said, REMOTE_ADDR=place)

    first, second, elsewhere = ask(ASKED), ask(ASKED), ask("192.0.2.8")
    assert first.status_code in {200, 404}
    assert (second.status_code, elsewhere.status_code) == (429, first.status_code)
    kept = Complaint.objects.count()

    cache = settings.CACHES["default"]
    settings.CACHES = {"default": cache | {"LOCATION": "redis://127.0.0.1:1/0"}}
    answer = ask(ASKED)
    assert answer.status_code == alone
    assert Complaint.objects.count() == kept
    assert client.get(reverse(page, args=args)).status_code == 200
    if page == "casework:complain":
        # Nothing typed is lost, and other ways to complain stand below.
        assert "去了三次没有人" in answer.content.decode()


def test_scope_shows_what_holds_today_and_the_county_s_own(client, county, next_county):
    fields = {"article": "第三十一条第九项", "category": "civil"}
    AidMatter.objects.create(code="31-9-1", name="茶园承包纠纷", county=county, **fields)
    AidMatter.objects.create(code="31-9-2", name="邻县的事项", county=next_county, **fields)
    AidMatter.objects.create(
        code="31-9-3", name="过去的事项", county=county, valid_to=date(2020, 1, 1), **fields
    )
    text = client.get(
        reverse("casework:public_scope"), {"county": county.division.code}
    ).content.decode()
    assert "茶园承包纠纷" in text
    assert "邻县的事项" not in text
    assert "过去的事项" not in text
    assert "第三十一条第五项" in text


def test_papers_follow_the_matter_and_an_article_32_matter_owes_no_statement(client, county):
    address = reverse("casework:public_papers")
    papers = client.get(address, {"matter": "32-4"}).context["papers"]
    assert {paper.kind for paper in papers if not paper.is_needed} == {"hardship_statement"}
    papers = client.get(address, {"matter": "31-5"}).context["papers"]
    assert "hardship_statement" in {paper.kind for paper in papers if paper.is_needed}
    assert client.get(address, {"matter": "no"}).status_code == 404


def test_the_sheet_to_print_is_one_page(client, county):
    answer = client.get(reverse("casework:public_papers_pdf", args=["31-5"]))
    [page] = PdfReader(io.BytesIO(answer.content)).pages
    assert "12348" in page.extract_text()
    assert client.get(reverse("casework:public_papers_pdf", args=["xx"])).status_code == 404


def test_the_way_tells_the_law_s_limit_or_the_county_s_shorter_promise(county, officer):
    by_law = {step.title: step for step in way(county, TODAY)}
    assert [step.within for step in by_law.values()][3] == "7天"
    ClockRule.objects.create(
        county=county,
        number=9,
        length=5,
        counting="calendar",
        valid_from=date(2026, 1, 1),
        set_by=officer,
    )
    promised = way(county, TODAY)[3]
    assert promised.within == "5天"
    assert "7天" in promised.basis
