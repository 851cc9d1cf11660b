"""The county's panel: its list with load and licences, its people and units, who leaves."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from casework.terms import Status
from casework.views.panel import licence_warning
from stations.models import AidUnit, AidWorker
from stations.privacy import keyed_hash

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_reviewer(client, reviewer):
    client.force_login(reviewer)
    return client


LIST = reverse("casework:worker_list")


def test_the_list_shows_what_everybody_has_in_hand(as_reviewer, make_case, make_worker):
    busy, free = make_worker("郑法"), make_worker("孟律")
    make_case(worker=busy)
    make_case(worker=busy, status=Status.CLOSED)
    make_case(worker=busy, status=Status.CLOSED, is_file_in=True)

    rows = {worker.name: worker for worker in as_reviewer.get(LIST).context["page"]}

    busy = rows["郑法"]
    assert (busy.open_cases, busy.unengaged, busy.owed_files) == (1, 1, 1)
    free = rows["孟律"]
    assert (free.open_cases, free.unengaged, free.owed_files) == (0, 0, 0)


def test_the_figure_opens_the_cases_of_this_person(as_reviewer, make_case, make_worker):
    one, other = make_worker("郑法"), make_worker("孟律")
    case = make_case(worker=one)
    make_case(worker=other, name="李桂英")

    page = as_reviewer.get(
        reverse("casework:application_list") + f"?group=handled&worker={one.pk}"
    )

    assert [row.application.pk for row in page.context["rows"]] == [case.pk]
    assert "郑法" in page.content.decode()


@pytest.mark.parametrize(
    ("days", "warning"),
    [
        (61, None),
        (60, ("half", "执业证还有60天到期")),
        (30, ("near", "执业证还有30天到期")),
        (7, ("near", "执业证还有7天到期")),
        (0, ("near", "执业证还有0天到期")),
        (-1, ("over", "执业证已到期")),
    ],
)
def test_a_licence_that_ends_is_said_in_time(make_worker, days, warning):
    today = timezone.localdate()
    worker = make_worker(licence_to=today + timedelta(days=days))

    with translation.override("zh-hans"):
        assert licence_warning(worker, today) == warning


def test_the_list_costs_the_same_for_any_length(as_reviewer, make_worker, count_queries):
    make_worker()
    few, _page = count_queries(lambda: as_reviewer.get(LIST))
    for n in range(6):
        make_worker(f"律师{n}")
    many, page = count_queries(lambda: as_reviewer.get(LIST))

    assert len(page.context["page"]) == 7
    assert few == many <= 15


def typed(aid_unit, **fields):
    return {
        "unit": aid_unit.pk,
        "name": "郑法",
        "kind": "lawyer",
        "licence_number": "13415201510123456",
        "practising_since": "2015-06-01",
        "specialities": ["labour", "family"],
        "phone": "13912342648",
        "id_number": "110101199003070011",
        "joined_on": "2026-01-05",
    } | fields


def test_a_person_is_added_and_their_number_is_compared_but_not_kept(as_reviewer, aid_unit):
    answer = as_reviewer.post(reverse("casework:worker_create"), typed(aid_unit))

    worker = AidWorker.objects.get()
    assert answer.status_code == 302
    assert worker.specialities == ["labour", "family"]
    assert worker.id_hash == keyed_hash("110101199003070011")
    assert not any(
        "110101199003070011" in str(getattr(worker, field.attname))
        for field in AidWorker._meta.fields
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "请填名称"),
        ({"licence_number": ""}, "请填律师执业证号"),
        ({"kind": "grassroots"}, "应在基层法律服务所"),
        ({"criminal_defence_since": "2014-01-01"}, "早于执业起始日"),
        ({"phone": "问他要"}, "只填数字"),
        ({"id_number": "110101199003070012"}, "最后一位"),
        ({"joined_on": "2099-01-01"}, "还没到"),
        ({"unit": "0"}, "请选"),
    ],
)
def test_a_wrong_particular_gets_a_sentence_and_keeps_the_rest(
    as_reviewer, aid_unit, fields, sentence
):
    answer = as_reviewer.post(reverse("casework:worker_create"), typed(aid_unit, **fields))

    words = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in words
    assert "2015-06-01" in words
    assert not AidWorker.objects.exists()


def test_a_phone_left_empty_stays(as_reviewer, make_worker):
    worker = make_worker(phone="13912342648", licence_number="1", id_hash="x")
    page = reverse("casework:worker_edit", args=[worker.pk])

    assert "13912342648" not in as_reviewer.get(page).content.decode()
    as_reviewer.post(
        page, typed(worker.unit, phone="", id_number="", name="郑法官", why="随证更正")
    )

    worker.refresh_from_db()
    assert (worker.name, worker.phone, worker.id_hash) == ("郑法官", "13912342648", "x")


def test_who_leaves_is_no_longer_listed_and_open_cases_are_shown_first(
    as_reviewer, make_case, make_worker
):
    worker = make_worker()
    case = make_case(worker=worker)
    page = reverse("casework:worker_leave", args=[worker.pk])

    assert case.number in as_reviewer.get(page).content.decode()
    early = as_reviewer.post(page, {"left_on": "2019-01-01"})
    as_reviewer.post(page, {"left_on": timezone.localdate().isoformat()})
    again = as_reviewer.post(page, {"left_on": "2026-01-01"})

    worker.refresh_from_db()
    assert early.status_code == 422
    assert again.status_code == 302
    assert worker.left_on == timezone.localdate()
    assert list(as_reviewer.get(LIST).context["page"]) == []
    assert len(as_reviewer.get(LIST + "?left=1").context["page"]) == 1


def test_a_unit_has_one_name_in_the_county(as_reviewer, aid_unit, next_county):
    page = reverse("casework:unit_create")

    same = as_reviewer.post(page, {"name": aid_unit.name, "kind": "firm"})
    as_reviewer.post(page, {"name": "青溪镇基层法律服务所", "kind": "grassroots"})

    assert same.status_code == 422
    assert "已有同名单位" in same.content.decode()
    assert AidUnit.objects.get(kind="grassroots").county == aid_unit.county


def test_a_unit_with_people_on_the_panel_is_not_closed(as_reviewer, aid_unit, make_worker):
    make_worker()
    page = reverse("casework:unit_edit", args=[aid_unit.pk])

    answer = as_reviewer.post(
        page,
        {"name": aid_unit.name, "kind": "firm", "closed_on": timezone.localdate().isoformat()},
    )

    aid_unit.refresh_from_db()
    assert answer.status_code == 422
    assert aid_unit.closed_on is None


def test_the_bureau_reads_the_panel_and_changes_nothing(client, officer, make_worker):
    worker = make_worker()
    client.force_login(officer)

    assert client.get(LIST).status_code == 200
    assert client.get(reverse("casework:worker_edit", args=[worker.pk])).status_code == 403


def test_another_county_s_people_are_not_there(client, make_user, next_county, make_worker):
    worker = make_worker()
    client.force_login(make_user("far", "外县审查员", "reviewer", next_county))

    assert list(client.get(LIST).context["page"]) == []
    for name in ("worker_edit", "worker_leave"):
        page = reverse(f"casework:{name}", args=[worker.pk])
        assert client.get(page).status_code == 404
    assert client.get(reverse("casework:unit_edit", args=[worker.unit_id])).status_code == 404
