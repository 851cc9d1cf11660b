"""Dated standards of hardship, and a county's own matters of legal aid."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.intake import standards
from casework.models import AidMatter, HardshipStandard

pytestmark = pytest.mark.django_db

LIST = reverse("casework:hardship_standard_list")
MATTERS = reverse("casework:aid_matter_list")


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def standard(county):
    return HardshipStandard.objects.create(
        county=county, valid_from=date(2025, 1, 1), monthly_per_head=1800, basis="低保标准2倍"
    )


def typed(**changes):
    return {
        "monthly_per_head": "2060",
        "valid_from": "2026-03-01",
        "basis": "月最低工资标准",
        "paper": "皖人社发〔2026〕9号",
    } | changes


def test_a_new_standard_ends_the_old_on_the_day_before(as_officer, standard, county):
    assert as_officer.post(LIST, typed())["Location"] == LIST

    standard.refresh_from_db()
    assert standard.valid_to == date(2026, 2, 28)
    in_force = HardshipStandard.objects.in_force
    assert in_force(county, date(2026, 2, 28)) == standard
    assert in_force(county, date(2026, 3, 1)).monthly_per_head == 2060
    assert in_force(county, date(2024, 12, 31)) is None


@pytest.mark.parametrize("day", ["2025-01-01", "2024-06-01"])
def test_a_standard_does_not_begin_before_another(as_officer, standard, day):
    page = as_officer.post(LIST, typed(valid_from=day))

    assert page.status_code == 422
    assert "valid_from" in page.context["form"].errors
    assert HardshipStandard.objects.count() == 1
    standard.refresh_from_db()
    assert standard.valid_to is None


def test_a_standard_to_come_leaves_today_s_in_force(as_officer, standard, county):
    to_come = timezone.localdate() + timedelta(days=40)
    as_officer.post(LIST, typed(valid_from=to_come.isoformat()))
    page = as_officer.get(LIST)

    assert page.context["current"] == standard
    assert [row.valid_from for row in page.context["history"]] == [to_come, date(2025, 1, 1)]


def test_counties_keep_their_own_standards(as_officer, county, next_county, standard):
    HardshipStandard.objects.create(
        county=next_county, valid_from=date(2026, 6, 1), monthly_per_head=1900, basis="低保"
    )
    as_officer.post(LIST, typed())

    assert HardshipStandard.objects.filter(county=next_county).get().valid_to is None
    assert next_county not in {row.county for row in as_officer.get(LIST).context["history"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"monthly_per_head": ""}, "monthly_per_head"),
        ({"monthly_per_head": "两千"}, "monthly_per_head"),
        ({"monthly_per_head": "0"}, "monthly_per_head"),
        ({"monthly_per_head": "206000"}, "monthly_per_head"),
        ({"monthly_per_head": "2060.123"}, "monthly_per_head"),
        ({"valid_from": "三月"}, "valid_from"),
        ({"basis": " "}, "basis"),
        ({"paper": "长" * 121}, "paper"),
    ],
)
def test_a_wrong_standard_gets_its_sentence(as_officer, changes, field):
    page = as_officer.post(LIST, typed(**changes))

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not HardshipStandard.objects.exists()


def test_a_second_press_adopts_nothing_again(as_officer, standard):
    as_officer.post(LIST, typed())
    assert as_officer.post(LIST, typed()).status_code == 422
    assert HardshipStandard.objects.count() == 2


def test_the_last_standard_is_the_one_that_begins_last(county, standard):
    standards.adopt(
        HardshipStandard(
            county=county, valid_from=date(2026, 3, 1), monthly_per_head=2060, basis="最低工资"
        )
    )
    assert standards.last_standard(county).monthly_per_head == 2060


# ── Own matters ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def own(county):
    return AidMatter.objects.create(
        code="31-9-1",
        name="茶园承包纠纷",
        article="第三十一条第九项",
        category="civil",
        county=county,
        position=90,
        valid_from=date(2026, 1, 1),
    )


def test_an_own_matter_falls_under_31_9_of_this_county_alone(as_officer, county, next_county):
    as_officer.post(
        MATTERS,
        {"name": "农村土地承包", "category": "civil", "valid_from": "2026-01-01"},
    )
    matter = AidMatter.objects.get(name="农村土地承包")

    assert (matter.code, matter.article) == ("31-9-1", "第三十一条第九项")
    assert not matter.is_condition_free
    assert matter in AidMatter.objects.for_county(county)
    assert matter not in AidMatter.objects.for_county(next_county)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "请求发给抚恤金"}, "name"),
        ({"category": "criminal"}, "category"),
        ({"category": ""}, "category"),
        ({"name": "长" * 61}, "name"),
        ({"valid_from": "明天"}, "valid_from"),
    ],
)
def test_a_wrong_matter_gets_its_sentence(as_officer, changes, field):
    page = as_officer.post(MATTERS, {"name": "茶叶收购", "category": "civil"} | changes)

    assert page.status_code == 422
    assert field in page.context["form"].errors


def test_an_ended_matter_is_offered_no_more_and_stays_where_it_was_used(
    as_officer, own, make_application
):
    application = make_application(aid_matter=own)
    yesterday = timezone.localdate() - timedelta(days=1)
    end = reverse("casework:aid_matter_end", args=[own.pk])
    assert as_officer.post(end, {"valid_to": "2025-01-01"}).status_code == 422
    as_officer.post(end, {"valid_to": yesterday.isoformat()})

    assert own not in AidMatter.objects.on(timezone.localdate())
    application.refresh_from_db()
    assert application.aid_matter == own


def test_an_own_matter_is_renamed_and_keeps_its_kind(as_officer, own):
    edit = reverse("casework:aid_matter_edit", args=[own.pk])
    assert as_officer.get(edit).status_code == 200
    as_officer.post(edit, {"name": "茶园流转纠纷", "category": "administrative", "why": "写全"})

    own.refresh_from_db()
    assert (own.name, own.category) == ("茶园流转纠纷", "civil")


def test_the_law_s_matters_and_those_of_other_counties_are_not_ours(
    as_officer, own, next_county
):
    own.county = next_county
    own.save()
    law = AidMatter.objects.get(code="31-5")
    for pk in (law.pk, own.pk):
        assert as_officer.get(reverse("casework:aid_matter_edit", args=[pk])).status_code == 404
        assert as_officer.post(reverse("casework:aid_matter_end", args=[pk])).status_code == 404


def test_the_list_of_matters_takes_few_queries(
    as_officer, own, make_application, django_assert_max_num_queries
):
    make_application(aid_matter=own)
    as_officer.get(MATTERS)
    with django_assert_max_num_queries(12):
        page = as_officer.get(MATTERS)

    assert {matter.pk: matter.used for matter in page.context["matters"]}[own.pk] == 1


@pytest.mark.parametrize("who", ["clerk", "head", "reviewer", "inspector", "system_admin"])
def test_only_the_bureau_keeps_the_dictionaries(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(LIST).status_code == 403
    assert client.get(MATTERS).status_code == 403
