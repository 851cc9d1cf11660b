"""Typical cases: names out, another person reviews, the county reads."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casework.applications.typical_cases import (
    Replaced,
    aliases,
    short_name,
    short_place,
    still_named,
    without_names,
)
from casework.models import Party, TypicalCase
from casework.rules.sentiment import same_name
from casework.terms import Status


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("吴长根", "吴某"),
        ("欧阳木兰", "欧阳某"),
        ("欧阳", "欧某"),
        ("司马光", "司马某"),
        ("冯大", "冯某"),
    ],
)
def test_a_person_keeps_the_family_name(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("霍山恒砚木业有限公司", "某公司"),
        ("清溪镇中心小学", "某小学"),
        ("石坎村", "某村"),
        ("清山县人民法院", "某法院"),
        ("大成建设", "某单位"),
    ],
)
def test_a_body_keeps_its_kind(name, short):
    assert short_place(name) == short


def test_two_of_one_family_name_are_told_apart():
    assert aliases(["吴长根", "冯大", "吴小妹", "吴长根"], []) == {
        "吴长根": "吴某甲",
        "冯大": "冯某",
        "吴小妹": "吴某乙",
    }


def test_names_and_numbers_are_replaced_and_listed():
    text, replaced = without_names(
        "吴长根在恒砚木业有限公司做工，吴长根电话13912342648，身份证341525196504120016。",
        {"吴长根": "吴某", "恒砚木业有限公司": "某公司"},
    )

    assert text == "吴某在某公司做工，吴某电话■■■，身份证■■■。"
    assert replaced[:2] == (
        Replaced("恒砚木业有限公司", "某公司", 1),
        Replaced("吴长根", "吴某", 2),
    )
    assert (replaced[2].new, replaced[2].count) == ("■■■", 2)


@given(
    st.lists(st.text("吴长根李桂英冯", min_size=2, max_size=3), min_size=1, max_size=4),
    st.text("吴长根李桂英冯某在工地，", max_size=60),
)
def test_no_name_is_left_whatever_the_text(people, text):
    names = aliases(people, [])

    clean, _replaced = without_names(text, names)

    assert [name for name in still_named(clean, names) if "某" not in name] == []


# ── Writing ─────────────────────────────────────────────────────────────────────────────

FACTS = "吴长根在恒砚木业有限公司做木工，包工头冯大欠薪，找冯大要了三回。电话13912342648。"
TEXT = "吴某在某公司做木工，包工头冯某欠薪。经调解，工钱一次付清。"


@pytest.fixture
def closed(make_case):
    case = make_case(status=Status.CLOSED, facts=FACTS)
    for name, kind in (("冯大", "person"), ("恒砚木业有限公司", "organisation")):
        Party.objects.create(
            application=case, side="opponent", kind=kind, name=name, name_key=same_name(name)
        )
    return case


def edit_page(case):
    return reverse("casework:typical_case_edit", args=[case.pk])


def write(client, case, *, press="submit", **fields):
    typed = {"title": "十天要回三个月工钱", "text": TEXT, press: "1"}
    return client.post(edit_page(case), typed | fields)


@pytest.mark.django_db
def test_the_copy_begins_without_names_and_says_what_was_replaced(client, closed, clerk):
    client.force_login(clerk)

    page = client.get(edit_page(closed))

    text = page.context["form"]["text"].value()
    assert "吴某在某公司做木工，包工头冯某欠薪，找冯某要了三回。电话■■■。" in text
    assert not {"吴长根", "冯大", "恒砚"} & {
        word for word in ("吴长根", "冯大", "恒砚") if word in text
    }
    assert {(each.old, each.count) for each in page.context["replaced"]} >= {
        ("吴长根", 1),
        ("冯大", 2),
        ("恒砚木业有限公司", 1),
    }
    closed.refresh_from_db()
    assert closed.facts == FACTS
    assert not TypicalCase.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": TEXT + "吴长根很满意。"}, "还写着吴长根，请改成吴某"),
        ({"title": "冯大欠薪案"}, "还写着冯大"),
        ({"text": TEXT + "电话13912342648"}, "里面有电话或身份证号"),
        ({"text": ""}, "学到什么"),
        ({"title": ""}, "不带姓名的标题"),
    ],
)
def test_a_copy_that_still_names_somebody_is_not_kept(client, closed, clerk, fields, sentence):
    client.force_login(clerk)

    answer = write(client, closed, **fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not TypicalCase.objects.exists()


@pytest.mark.django_db
def test_a_case_still_in_hand_is_no_typical_case(client, make_case, clerk):
    client.force_login(clerk)
    case = make_case()

    answer = write(client, case)

    assert answer.status_code == 302
    assert not TypicalCase.objects.exists()


# ── Reviewing and reading ───────────────────────────────────────────────────────────────


@pytest.fixture
def submitted(client, closed, clerk):
    client.force_login(clerk)
    write(client, closed)
    return TypicalCase.objects.get()


def review(client, case, *, press="publish", **fields):
    return client.post(
        reverse("casework:typical_case_review", args=[case.pk]), {press: "1"} | fields
    )


@pytest.mark.django_db
def test_another_person_publishes_it_and_the_whole_county_reads_it_without_names(
    client, submitted, reviewer, neighbour
):
    client.force_login(reviewer)
    review(client, submitted)

    submitted.refresh_from_db()
    assert (submitted.state, submitted.reviewed_by) == ("published", reviewer)
    client.force_login(neighbour)
    listed = client.get(reverse("casework:typical_case_list")).content.decode()
    read = client.get(submitted.get_absolute_url()).content.decode()
    assert submitted.title in listed
    assert TEXT in read
    for page in (listed, read):
        for name in ("吴长根", "冯大", "恒砚", submitted.application.number, "周桂兰"):
            assert name not in page


@pytest.mark.django_db
def test_who_wrote_it_does_not_review_it(client, closed, reviewer, director):
    client.force_login(reviewer)
    write(client, closed)
    case = TypicalCase.objects.get()

    refused = review(client, case)
    case.refresh_from_db()
    assert refused.status_code == 422
    assert case.state == "submitted"
    with pytest.raises(IntegrityError), transaction.atomic():
        TypicalCase.objects.filter(pk=case.pk).update(
            state="published", reviewed_by=reviewer, reviewed_at=timezone.now()
        )

    client.force_login(director)
    review(client, case)
    case.refresh_from_db()
    assert case.state == "published"


@pytest.mark.django_db
def test_what_is_given_back_says_why_and_can_be_handed_in_again(
    client, submitted, reviewer, clerk
):
    client.force_login(reviewer)
    silent = review(client, submitted, press="decline")
    review(client, submitted, press="decline", note="写出调解是怎么谈成的。")

    submitted.refresh_from_db()
    assert silent.status_code == 422
    assert submitted.state == "declined"
    client.force_login(clerk)
    assert "怎么谈成的" in client.get(submitted.get_absolute_url()).content.decode()
    write(client, submitted.application, text=TEXT + "双方各让一步。")
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert "各让一步" in submitted.text


@pytest.mark.django_db
def test_what_is_under_review_is_not_changed_under_the_reviewer(client, submitted, clerk):
    answer = write(client, submitted.application, text=TEXT + "改一句。")

    submitted.refresh_from_db()
    assert answer.status_code == 422
    assert submitted.text == TEXT


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["neighbour", "stranger"])
def test_nobody_else_reads_what_is_not_published(client, request, submitted, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(submitted.get_absolute_url()).status_code == 404
    own = client.get(reverse("casework:typical_case_list") + "?own=1")
    assert list(own.context["page"]) == []


@pytest.mark.django_db
def test_the_next_county_does_not_read_what_is_published(client, submitted, reviewer, stranger):
    client.force_login(reviewer)
    review(client, submitted)
    client.force_login(stranger)

    assert client.get(submitted.get_absolute_url()).status_code == 404
    assert list(client.get(reverse("casework:typical_case_list")).context["page"]) == []


@pytest.mark.django_db
def test_the_list_costs_the_same_for_any_length(
    client, make_case, reviewer, clerk, count_queries
):
    def publish(number):
        for n in range(number):
            TypicalCase.objects.create(
                application=(case := make_case(status=Status.CLOSED)),
                county=case.county,
                title=f"案例{n}",
                text=TEXT,
                state="published",
                written_by=clerk,
                reviewed_by=reviewer,
                reviewed_at=timezone.now(),
            )

    def ask():
        return client.get(reverse("casework:typical_case_list"))

    client.force_login(reviewer)
    publish(1)
    few, _page = count_queries(ask)
    publish(3)
    many, page = count_queries(ask)

    assert len(page.context["page"]) == 4
    assert few == many <= 15
