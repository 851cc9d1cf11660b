"""What visitors say: one answer a visit, nothing about the visitor, shares that are honest."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casework.analysis.satisfaction import satisfaction_of_stations
from casework.complaints import satisfaction
from casework.models import SatisfactionAnswer
from casework.workflow import MoveRefused
from stations import chores
from stations.models import Chore, ChoreKind

pytestmark = pytest.mark.django_db


GOOD = {"satisfaction": "satisfied", "was_explained": True, "was_charged": False}
TYPED = {"satisfaction": "satisfied", "explained": "yes", "charged": "no"}


def test_a_visit_s_code_leads_back_to_its_entry_and_no_other_is_guessed(
    make_entry, make_application
):
    entry, application = make_entry(), make_application()
    code = satisfaction.visit_code(entry)

    assert satisfaction.find_visit(f"{code[:4]}-{code[4:]}".lower()).entry == entry
    assert satisfaction.find_visit(application.receipt_code).application == application
    last = "3" if code[-1] == "2" else "2"
    for wrong in (code[:-1] + last, "", "ABCDEFGH", "222222222", "汉字汉字汉字汉字汉"):
        assert satisfaction.find_visit(wrong) is None


def test_each_visit_is_answered_for_once(make_entry, station):
    visit = satisfaction.Visit(entry=make_entry())
    satisfaction.answer(
        station, visit, **GOOD, suggestion="打13900007766找我，身份证341525196504120015"
    )

    with pytest.raises(MoveRefused, match="已经评价过"):
        satisfaction.answer(station, visit, **GOOD)

    row = SatisfactionAnswer.objects.get()
    assert "13900007766" not in row.suggestion
    assert "341525196504120015" not in row.suggestion
    with pytest.raises(IntegrityError), transaction.atomic():
        SatisfactionAnswer.objects.create(
            station=station, source="desk", entry=visit.entry, **GOOD
        )


def test_shares_are_of_answers_by_code_and_few_answers_give_none(
    make_entry, make_application, station, next_station
):
    today = timezone.localdate()
    entries = [make_entry(name=f"来访人{n}", phone=f"139000011{n:02d}") for n in range(7)]
    for n, entry in enumerate(entries[:4]):
        satisfaction.answer(
            station,
            satisfaction.Visit(entry=entry),
            **GOOD | {"satisfaction": "fair" if n == 0 else "satisfied"},
        )
    for _n in range(3):
        satisfaction.answer(station, None, **GOOD | {"was_charged": True})

    def of(place, first=date(today.year, 1, 1)):
        return satisfaction_of_stations([place], first, today)[place.pk]

    few = of(station)
    satisfaction.answer(station, satisfaction.Visit(application=make_application()), **GOOD)
    enough = of(station)

    assert (few.replies, few.satisfied_percent) == (4, None)
    assert (enough.replies, enough.satisfied_percent, enough.visits) == (5, 80, 8)
    assert enough.sample_share == 5 / 8
    assert len(enough.desk_ids) == len(enough.charged_ids) == 3
    assert set(enough.satisfied_ids) < set(enough.row_ids)
    assert of(next_station, first=today).satisfied_share is None


def test_a_visitor_answers_on_the_page_and_reads_what_was_done(
    client, make_entry, station, clerk
):
    page = reverse("casework:satisfaction_answer", args=[station.code])
    code = satisfaction.visit_code(make_entry())
    assert client.post(page, {"csrfmiddlewaretoken": ""}).status_code == 422
    assert client.post(page, TYPED | {"code": "ZZZZ"}).status_code == 422

    done = client.post(page, TYPED | {"code": code, "suggestion": "放几把椅子"})
    row = SatisfactionAnswer.objects.get()
    satisfaction.reply(row, by=clerk, words="已添四把椅子。")
    again = client.post(page, TYPED | {"code": code})

    assert "谢谢" in done.content.decode()
    assert again.status_code == 409
    assert "已添四把椅子" in again.content.decode()
    assert client.get(reverse("casework:satisfaction_answer", args=["000"])).status_code == 404
    # Who works here does not answer for visitors.
    client.force_login(clerk)
    assert client.post(page, TYPED).status_code == 409
    assert SatisfactionAnswer.objects.count() == 1


def test_answers_without_a_code_are_few_an_hour(client, station, monkeypatch):
    monkeypatch.setattr("casework.views.public_complaint.MOST_WITHOUT_CODE", 2)
    page = reverse("casework:satisfaction_answer", args=[station.code])

    assert [client.post(page, TYPED).status_code for _n in range(4)] == [200, 200, 429, 429]
    assert SatisfactionAnswer.objects.count() == 2


def test_a_suggestion_waits_on_the_station_s_desk_until_it_is_answered_once(
    client, station, clerk, neighbour, officer
):
    row = satisfaction.answer(station, None, **GOOD, suggestion="字再大一点")
    chores.refresh(station, ChoreKind.COMPLAINT)
    assert Chore.objects.filter(station=station, kind=ChoreKind.COMPLAINT).exists()
    address = reverse("casework:suggestion_reply", args=[row.pk])
    client.force_login(neighbour)
    assert client.post(address, {"words": "好"}).status_code == 404

    client.force_login(clerk)
    client.post(address, {"words": ""})
    client.post(address, {"words": "已换大字版"})
    client.force_login(officer)
    again = client.post(address, {"words": "别的"}, follow=True)

    row.refresh_from_db()
    assert (row.reply, row.replied_by) == ("已换大字版", clerk)
    assert "已经答复过" in again.content.decode()
    chores.refresh(station, ChoreKind.COMPLAINT)
    assert not Chore.objects.filter(kind=ChoreKind.COMPLAINT).exists()


def test_results_show_months_and_places_and_the_city_sees_counties_alone(
    client, make_entry, station, next_station, clerk, officer, inspector, count_queries
):
    today = timezone.localdate()
    for n in range(6):
        satisfaction.answer(
            station,
            satisfaction.Visit(entry=make_entry(name=f"来访人{n}", phone=f"139000022{n:02d}")),
            **GOOD,
        )
    SatisfactionAnswer.objects.update(answered_on=today - timedelta(days=0))
    page = reverse("casework:satisfaction_results")
    client.force_login(clerk)
    own = client.get(page)
    assert [place for place, _figures in own.context["rows"]] == [station]
    assert own.context["months"][-1][1:] == (6, 6)
    client.force_login(inspector)
    city = client.get(page)
    assert [str(place) for place, _figures in city.context["rows"]] == ["清山县"]
    client.force_login(officer)
    few, county = count_queries(lambda: client.get(page))
    assert "100%" in county.content.decode()
    assert few < 25


def test_the_card_for_the_desk_is_one_page(client, clerk, station):
    client.force_login(clerk)
    card = client.get(reverse("casework:satisfaction_card", args=[station.pk]))

    assert card.content.startswith(b"%PDF")
    assert card.content.count(b"/Type /Page\n") + card.content.count(b"/Type /Page ") <= 1
