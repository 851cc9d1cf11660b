"""Statistical returns: every figure is counted a second time, with plain SQL over the rows."""

import io
from datetime import date, datetime
from decimal import Decimal
from itertools import product

import pytest
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from casework import workflow
from casework.analysis.return_rows import Rule, Scope
from casework.analysis.returns import make_return, rows_behind, rows_of_unit, units_of
from casework.models import Application, Closing, Decision, Matter, Party
from casework.periods import neighbour, parse_period, period_of
from casework.reports.submissions import Shown
from casework.terms import Status
from stations.models import Attendance, Document, MediaItem, TrainingSession
from stations.papers import documents
from tests.conftest import at

pytestmark = pytest.mark.django_db

LIFE = {"sessions", "trained", "media"}
MARCH = parse_period("2026-03")
CODES = ["2026-03", "2026-Q1", "2026-H1", "2026"]


def counted(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.fixture
def make_case(make_application, reviewer):
    """A case that was granted on a day, with what its return asks of it."""

    def make(day, at_station=None, *, matter=None, **fields):
        application = make_application(at_station, status=Status.IN_REVIEW)
        if matter:
            fields["matter"] = Matter.objects.get(code=matter)
        for field, value in fields.items():
            setattr(application, field, value)
        application.save()
        application = workflow.grant(application, by=reviewer)
        moment = timezone.make_aware(datetime(day.year, day.month, day.day, 23, 30))
        Decision.objects.filter(application=application).update(made_at=moment)
        return application

    return make


@pytest.fixture
def close_case(reviewer):
    def close(application, day, result="won", **money):
        Closing.objects.create(
            application=application,
            closed_on=day,
            result=result,
            summary="已执行到位。",
            recorded_by=reviewer,
            **money,
        )

    return close


@pytest.fixture
def world(make_case, close_case, make_entry, station, next_station, far_station):
    """Cases of every kind and entries of several months, at three stations of two counties."""
    from casework.models import AidMatter

    def aid(code):
        return {"aid_matter": AidMatter.objects.get(code=code)}

    first, last = date(2026, 3, 1), date(2026, 3, 31)
    make_case(
        first, sex="female", birth_on=date(1966, 3, 1), people_groups=["farmer", "disabled"]
    )
    make_case(last, birth_on=date(1966, 4, 1), ethnic_group="畲族")
    make_case(last, next_station, aid_kind="non_litigation", birth_on=date(2010, 1, 1))
    make_case(last, far_station, people_groups=["disabled", "women"])
    make_case(first, **aid("31-1"))
    make_case(first, **aid("24"), aid_kind="criminal_defence", position="suspect")
    make_case(first, **aid("33"), stage="retrial", aid_kind="criminal_defence")
    make_case(first, stage="retrial")
    make_case(first, next_station, aid_kind="")
    make_case(date(2026, 2, 28))
    make_case(date(2025, 12, 1), **aid("31-4"), check_exemption="")
    late = make_case(date(2026, 4, 1), matter="civil.work_injury")
    close_case(late, date(2026, 3, 20), recovered=46_800, wages_recovered=46_800)
    Party.objects.create(
        application=Application.objects.order_by("pk").first(),
        side="co_applicant",
        kind="person",
        name="同伴",
        name_key="同伴",
    )
    for day, fields in [
        (at(2026, 3, 1, 0, 5), {"channel": "call", "is_hotline": True}),
        (at(2026, 3, 31, 23, 55), {"persons": 12, "people_groups": ["farmer", "elderly"]}),
        (at(2026, 3, 10), {"matter": Matter.objects.get(code="civil.land_forest")}),
        (at(2026, 2, 10), {"matter": Matter.objects.get(code="economic.loan")}),
        (at(2025, 12, 31), {}),
        (at(2026, 4, 1, 0, 5), {}),
    ]:
        make_entry(occurred_at=day, **fields)
        make_entry(next_station, occurred_at=day)
    make_entry(far_station, occurred_at=at(2026, 3, 5))


# ── What the columns count ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "columns"), [("2026-03", 24), ("2026-Q1", 54), ("2026-H1", 93), ("2026", 93)]
)
def test_a_return_has_its_columns_in_order_and_is_whole_on_no_rows(county, code, columns):
    made = make_return(parse_period(code), [county])

    assert len(made.lines) == columns
    assert [int(line.code[1:]) for line in made.lines] == list(range(1, columns + 1))
    assert not any(line.value for line in made.lines)


GRANTED = """
SELECT count(*) FROM casework_decision d
JOIN casework_application a ON a.id = d.application_id
JOIN stations_station s ON s.id = a.station_id
WHERE d.kind IN ('grant', 'provide_first') AND d.state = 'made' AND s.county_id = %s
  AND (d.made_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s AND %s
"""
ENTRIES = """
SELECT count(*) FROM casework_registerentry e JOIN stations_station s ON s.id = e.station_id
WHERE e.voided_at IS NULL AND s.county_id = %s AND e.occurred_on BETWEEN %s AND %s
"""
AGE = "extract(year FROM age((d.made_at AT TIME ZONE 'Asia/Shanghai')::date, a.birth_on))"
MONTHLY = {
    1: ENTRIES,
    2: GRANTED,
    15: GRANTED.replace("count(*)", "count(*) + count(DISTINCT p.id)").replace(
        "WHERE", "LEFT JOIN casework_party p ON p.application_id = a.id WHERE", 1
    ),
    16: GRANTED + " AND (a.sex = 'female' OR 'women' = ANY(a.people_groups))",
    17: GRANTED + " AND 'disabled' = ANY(a.people_groups)",
    18: GRANTED + " AND 'farmer' = ANY(a.people_groups)",
    20: GRANTED + f" AND ({AGE} < 18 OR 'minor' = ANY(a.people_groups))",
    21: GRANTED + f" AND ({AGE} >= 60 OR 'elderly' = ANY(a.people_groups))",
    22: GRANTED + " AND a.ethnic_group NOT IN ('', '汉', '汉族')",
}


def test_the_monthly_return_counts_what_plain_sql_counts(world, county):
    made = make_return(MARCH, [county])

    values = {number: made.lines[number - 1].value for number in MONTHLY}
    assert values == {
        number: counted(sql, county.pk, MARCH.first, MARCH.last)
        for number, sql in MONTHLY.items()
    }
    assert all(values.values())


def test_every_case_stands_in_exactly_one_kind_of_the_monthly_return(world, county):
    for code in ("2026-03", "2026-02", "2026-04", "2025-12"):
        values = [line.value for line in make_return(parse_period(code), [county]).lines]

        assert sum(values[2:6]) == values[6], code
        assert sum(values[6:13]) == values[1], code
        assert values[1] > 0, code


def test_a_case_is_of_the_first_kind_that_fits(world, county):
    made = make_return(MARCH, [county])
    kinds = {n: made.lines[n - 1].value for n in (3, 7, 8, 9, 10, 13)}

    # One suspect; two wage suits; one claim for state compensation; two retrials; two others.
    assert kinds == {3: 1, 7: 1, 8: 2, 9: 1, 10: 2, 13: 2}


def test_aid_on_notice_notarial_and_forensic_aid_are_counted(make_case, county):
    from casework.models import AidMatter

    def criminal(code):
        matter = AidMatter.objects.get(code=code)
        make_case(date(2026, 3, 2), aid_matter=matter, aid_kind="criminal_defence")

    for code in ("24", "25-1", "25-1", "25-2", "25-3", "28"):
        criminal(code)
    make_case(date(2026, 3, 2), aid_kind="notarial")
    make_case(date(2026, 3, 2), aid_kind="forensic")
    values = [line.value for line in make_return(MARCH, [county]).lines]

    # On application, on notice, on request, compulsory treatment, in all.
    assert values[2:7] == [1, 3, 1, 1, 6]
    # Notarial, forensic, other out of court; and every case once.
    assert values[10:13] == [1, 1, 0]
    assert sum(values[6:13]) == values[1] == 8


def test_money_is_counted_when_the_case_is_closed_and_shown_in_ten_thousands(world, county):
    line = make_return(MARCH, [county]).lines[13]

    assert (line.value, line.shown) == (Decimal("46800.00"), Decimal("4.68"))


def test_an_entry_counts_once_however_many_came_and_the_persons_stand_beside_it(world, county):
    made = make_return(MARCH, [county])

    assert made.lines[0].value == 6
    assert made.persons == counted(
        ENTRIES.replace("count(*)", "sum(persons)"), county.pk, MARCH.first, MARCH.last
    )


def test_a_void_entry_counts_nowhere(make_entry, county, clerk):
    from casework.register import writing

    entry = make_entry(occurred_at=at(2026, 3, 5))
    writing.declare_void(entry, by=clerk, reason="重复登记")

    assert make_return(MARCH, [county]).lines[0].value == 0


QUARTERLY = {
    2: " AND e.channel = 'call'",
    3: " AND e.channel = 'call' AND e.is_hotline",
    4: " AND e.channel = 'visit'",
    10: " AND 'farmer' = ANY(e.people_groups)",
    14: " AND 'elderly' = ANY(e.people_groups)",
    28: " AND e.matter_id IN (SELECT m.id FROM casework_matter m"
    " JOIN casework_matter c ON c.id = m.parent_id WHERE c.code = 'civil')",
    32: " AND e.matter_id = (SELECT id FROM casework_matter WHERE code = 'civil.labour_pay')",
    44: " AND e.matter_id = (SELECT id FROM casework_matter WHERE code = 'economic.loan')",
}


def test_the_quarterly_return_counts_what_plain_sql_counts(world, county):
    quarter = parse_period("2026-Q1")
    made = make_return(quarter, [county])

    values = {number: made.lines[number - 1].value for number in QUARTERLY}
    assert values == {
        number: counted(ENTRIES + sql, county.pk, quarter.first, quarter.last)
        for number, sql in QUARTERLY.items()
    }
    assert all(values.values())


def test_the_free_items_of_a_quarter_are_its_most_frequent_unlisted_matters(
    world, county, make_entry
):
    own = Matter.objects.create(
        code="civil.own1",
        name="茶园承包",
        county=county,
        parent=Matter.objects.get(code="civil"),
    )
    for _n in range(2):
        make_entry(occurred_at=at(2026, 3, 5), matter=own)
    made = make_return(parse_period("2026-Q1"), [county])
    free = [(str(line.label), line.value) for line in made.lines[46:]]

    assert free[2:4] == [("民事：茶园承包", 2), ("民事：土地山林", 1)]
    assert len(free) == 8


def test_the_half_year_reaches_from_december_to_may(world, county):
    made = make_return(parse_period("2026-H1"), [county])
    half = counted(GRANTED, county.pk, date(2025, 12, 1), date(2026, 5, 31))

    assert made.line("H03").value == half == 11
    assert make_return(parse_period("2025-H2"), [county]).line("H03").value == 0
    # The partition by kind of case, and of the civil cases by what they are about.
    values = {line.code: line.value for line in made.lines}
    assert values["H11"] + values["H16"] + values["H33"] == half
    parts = [line for line in made.lines[16:32] if line.column.level == 1]
    assert sum(line.value for line in parts) == values["H16"]
    assert values["H19"] == 1  # support
    assert values["H23"] == 1  # work injury


def test_a_case_granted_again_after_an_objection_counts_once(make_case, county, director):
    application = make_case(date(2026, 3, 2))
    again = Decision.objects.get(application=application)
    again.pk = None
    again.made_at = at(2026, 3, 20)
    again.save()

    assert make_return(MARCH, [county]).lines[1].value == 1
    assert make_return(parse_period("2026-H1"), [county]).line("H03").value == 1


def test_a_refusal_counts_under_the_ground_named_first(
    make_application, reviewer, director, county
):
    application = make_application(status=Status.IN_REVIEW)
    workflow.propose_refusal(
        application,
        by=reviewer,
        grounds=["no_hardship", "out_of_scope"],
        reason="人均收入超过标准。",
    )
    workflow.refuse(application, by=director)
    made = make_return(period_of("half", timezone.localdate()), [county])

    assert [made.line(f"H{n:02d}").value for n in (5, 6, 7, 8)] == [1, 0, 1, 0]


# ── Places and rules ────────────────────────────────────────────────────────────────────


def test_a_county_adds_up_its_stations_and_the_city_its_counties(world, county, next_county):
    for code, rule in product(CODES, Rule):
        period = parse_period(code)
        city = make_return(period, [county, next_county], rule)
        alone = [make_return(period, [each], rule) for each in (county, next_county)]

        assert city.units == ("清山县", "白水县")
        for n, line in enumerate(city.lines):
            if code == "2026-Q1" and n >= 46:
                continue  # the free items are those of the whole city
            assert line.shares == tuple(made.lines[n].value for made in alone), (code, rule)
            assert line.value == sum(line.shares), (code, rule)
            for made in alone:
                assert made.lines[n].value == sum(made.lines[n].shares), (code, rule)


def test_what_was_passed_on_counts_by_the_declared_rule(
    make_application, reviewer, county, next_county, make_user
):
    application = make_application(status=Status.IN_REVIEW)
    workflow.pass_on(application, by=reviewer, reason="办案机关在白水县", to_county=next_county)
    there = make_user("there", "那边人", "reviewer", next_county)
    workflow.grant(workflow.sign_for(application, by=there), by=there)
    month = period_of("month", timezone.localdate())

    def cases(of, rule):
        return make_return(month, [of], rule).lines[1]

    assert cases(county, Rule.INTAKE).value == 1
    assert cases(county, Rule.RESPONSIBLE).value == 0
    assert cases(next_county, Rule.INTAKE).value == 0
    line = cases(next_county, Rule.RESPONSIBLE)
    # It belongs to no station of that county.
    assert (line.value, line.shares[-1]) == (1, 1)


def test_each_figure_opens_just_the_rows_it_counts(world, county):
    scope = Scope((county,), Rule.INTAKE)
    for period in map(parse_period, CODES):
        made = make_return(period, [county])
        units = units_of(period, scope)
        for line in made.lines:
            _column, rows = rows_behind(period, scope, line.code)
            if line.column.amount:
                continue
            assert rows.count() == line.value, (period, line.code)
            for key, share in zip(made.keys, line.shares, strict=True):
                if share:
                    of_unit = rows_of_unit(rows, key, units)
                    assert of_unit.count() == share, (period, line.code, key)


@pytest.mark.parametrize("cases", [1, 4])
@pytest.mark.parametrize(("code", "queries"), [("2026-03", 5), ("2026-Q1", 4), ("2026-H1", 18)])
def test_a_return_costs_the_same_few_statements_for_any_number_of_rows(
    make_case, make_entry, county, code, queries, cases, django_assert_max_num_queries
):
    for n in range(cases):
        make_case(date(2026, 3, 2 + n))
        make_entry(occurred_at=at(2026, 3, 2 + n))

    with django_assert_max_num_queries(queries):
        made = make_return(parse_period(code), [county])

    assert cases in {line.value for line in made.lines}


# ── Periods ─────────────────────────────────────────────────────────────────────────────


def test_the_statistical_year_begins_in_december():
    assert period_of("half", date(2025, 12, 1)).code == "2026-H1"
    assert period_of("half", date(2026, 11, 30)).code == "2026-H2"
    assert period_of("year", date(2026, 11, 30)) == parse_period("2026")
    assert parse_period("2026").first == date(2025, 12, 1)
    assert neighbour(parse_period("2026-H1"), -1).code == "2025-H2"


@pytest.mark.parametrize("code", ["2026-13", "2026-Q5", "2026-H3", "26", "", "2026-1", "0026"])
def test_what_is_no_period_is_not_found(client, officer, code):
    with pytest.raises(ValueError, match="not a period"):
        parse_period(code)
    if code:
        client.force_login(officer)
        assert client.get(f"/returns/{code}/").status_code == 404


# ── Pages, paper, workbook ──────────────────────────────────────────────────────────────


def page(client, name="return_detail", code="2026-03", **query):
    return client.get(reverse(f"casework:{name}", args=[code]), query)


def test_the_county_opens_the_rows_behind_a_figure(
    client, world, officer, next_station, far_station
):
    client.force_login(officer)
    detail = page(client)
    address = reverse("casework:return_rows", args=["2026-03", "M02"])

    assert address in detail.content.decode()
    rows = client.get(address)
    assert rows.context["page"].paginator.count == 8
    assert len({row.url for row, _since in rows.context["rows"]}) == 8
    for url in {row.url for row, _since in rows.context["rows"]}:
        assert client.get(url).status_code == 200
    # A station's figure opens the station's rows, and what is no unit of the return is not found.
    of_unit = f"{address}?rule=intake&unit={next_station.pk}"
    assert of_unit.replace("&", "&amp;") in detail.content.decode()
    rows = client.get(of_unit)
    assert {row.place for row, _since in rows.context["rows"]} == {"石桥"}
    assert "<b>石桥</b>" in rows.content.decode()
    for nonsense in (far_station.pk, "x", ""):
        assert client.get(address, {"unit": nonsense}).status_code == 404
    assert client.get(address, {"unit": "none"}).context["page"].paginator.count == 0


def test_the_city_reads_figures_of_each_county_and_opens_no_row(
    client, world, inspector, county
):
    client.force_login(inspector)

    whole = page(client)
    assert whole.context["made"].units == ("清山县", "白水县")
    assert "/rows/" not in whole.content.decode()
    assert page(client, county=county.pk).context["made"].units == ("青溪", "石桥")
    address = reverse("casework:return_rows", args=["2026-03", "M02"])
    assert client.get(address).status_code == 404


def test_a_county_does_not_read_the_returns_of_the_next(client, world, officer, next_county):
    client.force_login(officer)

    assert page(client).context["made"].units == ("青溪", "石桥")
    assert page(client, county=next_county.pk).status_code == 404


def test_a_period_to_come_has_no_return(client, officer):
    client.force_login(officer)
    to_come = neighbour(period_of("month", timezone.localdate()), 1)

    assert page(client, code=to_come.code).status_code == 404
    assert page(client, code="1999-12").status_code == 404


def test_page_paper_and_workbook_say_the_same(client, world, officer):
    client.force_login(officer)
    for code in CODES:
        made = page(client, code=code).context["made"]
        twin = page(client, "return_print", code=code)
        answer = page(client, "return_excel", code=code)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        rows = workbook.get_sheet_by_index(0).to_python()

        assert twin.context["made"].lines == made.lines, code
        assert [row[0] for row in rows[4:7]] == ["青溪", "石桥", "合计"], code
        assert rows[6][1:] == [float(line.shown) for line in made.lines], code
        assert rows[4][1:] == [float(line.shown_shares[0]) for line in made.lines], code


def test_the_pdf_is_made_by_a_worker_and_prints_the_rule(client, world, officer):
    client.force_login(officer)
    answer = client.post(
        reverse("casework:return_pdf", args=["2026-03"]), {"rule": "responsible"}
    )
    document = Document.objects.get()
    assert answer["Location"] == document.get_absolute_url()

    documents.make(document.pk)

    document.refresh_from_db()
    assert document.failure == ""
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(document.file)).pages)
    assert "法律援助工作月报" in text.replace(" ", "")
    assert "清山县法律援助中心" in text


@pytest.mark.parametrize("who", ["clerk", "head", "duty", "liaison", "system_admin"])
def test_stations_and_administrators_read_no_returns(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("casework:return_list")).status_code == 403


@pytest.mark.parametrize("code", CODES)
def test_a_county_of_sixteen_stations_fits_its_month_on_one_sheet(make_station, county, code):
    from casework.reports import return_paper
    from stations.papers.pdf import render_pdf

    for n in range(16):
        make_station(county, 120 + n, f"第{n}乡")
    made = make_return(parse_period(code), [county])
    pages = PdfReader(
        io.BytesIO(
            render_pdf(return_paper.TEMPLATE, return_paper.paper(Shown(made, None, None)))
        )
    ).pages

    assert len(made.units) == 16
    assert len(pages) <= (1 if code == "2026-03" else 3)


def test_training_and_publicity_count_for_who_held_them(
    client, county, station, officer, clerk
):
    where = {"county": county, "recorded_by": officer, "on": date(2026, 3, 5)}
    course = {
        "title": "初审",
        "topic": "初审",
        "trainer": "林老师",
        "hours": 2,
        "place": "县局",
    }
    session = TrainingSession.objects.create(**where, **course)
    TrainingSession.objects.create(**where | {"on": date(2026, 7, 1)}, **course)
    for user in (officer, clerk):
        Attendance.objects.create(session=session, user=user, station=station, by=officer)
    for kind, place in (("broadcast", None), ("online", station), ("online", None)):
        MediaItem.objects.create(**where, kind=kind, station=place, title="法援", outlet="县台")

    made = make_return(parse_period("2026-H1"), [county])

    life = {line.code: line for line in made.lines if line.column.source in LIFE}
    assert [line.value for line in life.values()] == [1, 2, 1, 0, 2]
    [online] = [line for line in life.values() if line.column.where == Q(kind="online")]
    # The station's own beside what the county did itself.
    assert online.shares == (1, 1)
    client.force_login(officer)
    for code in life:
        page = client.get(reverse("casework:return_rows", args=["2026-H1", code]))
        assert len(page.context["rows"]) == life[code].value
