"""A county's own matters: added, given a key, ended; the nation's stay."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.forms.entry_lists import matters_of
from casework.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def own_matter(county):
    parent = Matter.objects.get(code="civil")
    return Matter.objects.create(
        code="civil.own1",
        name="茶园承包",
        parent=parent,
        county=county,
        number_key="6",
        valid_from=date(2026, 1, 1),
        position=190,
    )


def test_an_own_item_is_added_and_can_be_chosen(as_officer, county, next_county):
    parent = Matter.objects.get(code="economic")
    as_officer.post(
        reverse("casework:matter_list"),
        {
            "parent": parent.pk,
            "name": "茶叶收购",
            "number_key": "7",
            "valid_from": timezone.localdate().isoformat(),
        },
    )

    leaf = Matter.objects.get(name="茶叶收购")
    leaves, keyed = matters_of(county, timezone.localdate())
    assert (leaf.county, leaf.code) == (county, "economic.own1")
    assert leaf in leaves
    assert keyed["7"] == leaf
    leaves, keyed = matters_of(next_county, timezone.localdate())
    assert leaf not in leaves
    assert keyed["7"].name == "民间借贷"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "民间借贷"}, "name"),
        ({"parent": ""}, "parent"),
        ({"name": "长" * 31}, "name"),
        ({"number_key": "0"}, "number_key"),
        ({"valid_from": "明天"}, "valid_from"),
    ],
)
def test_a_wrong_item_gets_its_sentence(as_officer, changes, field):
    parent = Matter.objects.get(code="economic")
    page = as_officer.post(
        reverse("casework:matter_list"), {"parent": parent.pk, "name": "茶叶收购"} | changes
    )

    assert page.status_code == 422
    assert field in page.context["form"].errors


def test_an_ended_item_is_offered_no_more_and_the_key_goes_back(as_officer, county, own_matter):
    today = timezone.localdate()
    end = reverse("casework:matter_end", args=[own_matter.pk])
    assert as_officer.post(end, {"valid_to": "2025-01-01"}).status_code == 422

    as_officer.post(end, {"valid_to": (today - timedelta(days=1)).isoformat()})

    leaves, keyed = matters_of(county, today)
    assert own_matter not in leaves
    assert keyed["6"].name == "土地山林"


def test_an_own_item_is_renamed_and_keeps_its_class(as_officer, own_matter):
    edit = reverse("casework:matter_edit", args=[own_matter.pk])
    assert as_officer.get(edit).status_code == 200
    as_officer.post(edit, {"name": "茶园流转", "valid_from": "2026-01-01", "why": "名称写全"})

    own_matter.refresh_from_db()
    assert (own_matter.name, own_matter.parent.code) == ("茶园流转", "civil")


def test_national_items_and_those_of_other_counties_are_not_ours(
    as_officer, matter, own_matter, next_county
):
    own_matter.county = next_county
    own_matter.save()
    for pk in (matter.pk, own_matter.pk):
        assert as_officer.get(reverse("casework:matter_edit", args=[pk])).status_code == 404
        assert as_officer.post(reverse("casework:matter_end", args=[pk])).status_code == 404


def test_the_page_lists_every_class_for_few_queries(
    as_officer, own_matter, make_entry, matter, django_assert_max_num_queries
):
    make_entry()
    as_officer.get(reverse("casework:matter_list"))
    with django_assert_max_num_queries(12):
        page = as_officer.get(reverse("casework:matter_list"))

    leaves = {leaf.pk: leaf for _class, group in page.context["classes"] for leaf in group}
    assert len(page.context["classes"]) == 4
    assert leaves[matter.pk].used == 1
    assert leaves[own_matter.pk].key == "6"
    assert leaves[Matter.objects.get(code="civil.land_forest").pk].key == ""


@pytest.mark.parametrize("who", ["clerk", "head", "reviewer", "inspector", "system_admin"])
def test_only_the_bureau_edits_the_dictionary(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("casework:matter_list")).status_code == 403
