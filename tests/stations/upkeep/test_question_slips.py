"""Question slips: a question between station and county, its answer in time, what all may read."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stations import chores
from stations.models import Chore, ChoreKind, DayOff, QuestionSlip
from stations.terms import SlipStatus
from stations.upkeep import question_slips

pytestmark = pytest.mark.django_db

LIST = reverse("stations:question_slip_list")
NEW = reverse("stations:question_slip_create")


def typed(**fields):
    return {
        "topic": "casework",
        "subject": "外省务工人员怎么受理",
        "words": "户口在外省，在本县打工，由谁受理？",
        "client_key": str(uuid.uuid4()),
    } | fields


def page_of(slip):
    return reverse("stations:question_slip", args=[slip.pk])


def move(client, slip, name, **fields):
    return client.post(
        reverse("stations:question_slip_move", args=[slip.pk, name]), fields, follow=True
    )


@pytest.fixture
def slip(station, clerk):
    [slip] = question_slips.ask(
        [station],
        topic="casework",
        subject="外省务工人员怎么受理",
        words="由谁受理？",
        key=uuid.uuid4(),
        by=clerk,
    )
    return slip


def test_a_station_asks_the_county_answers_the_station_asks_further_and_closes(
    client, clerk, reviewer, county, station, django_capture_on_commit_callbacks
):
    county.parameters = {"question_working_days": 3}
    county.save()
    today = timezone.localdate()
    client.force_login(clerk)
    question = typed()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(NEW, question)
        client.post(NEW, question)
    slip = QuestionSlip.objects.get()
    assert slip.due_on == DayOff.objects.calendar(county).add_working_days(today, 3)
    chore = Chore.objects.get(kind=ChoreKind.QUESTION)
    assert (chore.county, chore.due_on, chore.url) == (county, slip.due_on, page_of(slip))

    client.force_login(reviewer)
    assert [each.pk for each in client.get(LIST).context["page"]] == [slip.pk]
    with django_capture_on_commit_callbacks(execute=True):
        move(client, slip, "answer", words="由本县受理。")
        page = move(client, slip, "answer", words="再答一次。")
    assert page.status_code == 422
    assert "再答一次。" in page.content.decode()
    # Answered, it is no longer the county's: whoever asked reads the answer and closes it.
    chore = Chore.objects.get(kind=ChoreKind.QUESTION)
    assert (chore.station, chore.due_on, chore.act) == (station, None, "看答复并办结")

    client.force_login(clerk)
    assert [each.pk for each in client.get(LIST).context["page"]] == [slip.pk]
    move(client, slip, "further", words="没有居住证呢？")
    client.force_login(reviewer)
    move(client, slip, "answer", words="看用工证明。", is_shared="on")
    client.force_login(clerk)
    with django_capture_on_commit_callbacks(execute=True):
        move(client, slip, "close")
        move(client, slip, "close")
    assert not Chore.objects.filter(kind=ChoreKind.QUESTION).exists()
    slip.refresh_from_db()
    assert slip.status == SlipStatus.CLOSED
    assert list(slip.events.values_list("move", "by__name")) == [
        ("ask", "周桂兰"),
        ("answer", "林若溪"),
        ("further", "周桂兰"),
        ("answer", "林若溪"),
        ("close", "周桂兰"),
    ]


def test_only_the_other_side_answers_and_only_who_asked_closes(slip, clerk, head, officer):
    with pytest.raises(question_slips.SlipRefused):
        question_slips.answer(slip, words="自问自答", by=head)
    with pytest.raises(question_slips.SlipRefused):
        question_slips.close(slip, words="不用了", by=officer)
    with pytest.raises(question_slips.SlipRefused):
        question_slips.ask_further(slip, words="还有", by=clerk)
    # Without an answer, closing needs a word why.
    with pytest.raises(question_slips.SlipRefused):
        question_slips.close(slip, by=clerk)
    question_slips.close(slip, words="电话里说清了", by=head)
    with pytest.raises(question_slips.SlipRefused):
        question_slips.answer(slip, words="迟到的答复", by=officer)
    assert not slip.events.filter(move="answer").exists()


def test_the_county_asks_every_station_by_one_press(
    client, officer, station, next_station, clerk, neighbour, django_capture_on_commit_callbacks
):
    client.force_login(officer)
    assert client.post(NEW, typed()).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        client.post(NEW, typed(station="all"))
    assert {slip.station for slip in QuestionSlip.objects.all()} == {station, next_station}
    assert {chore.station for chore in Chore.objects.filter(kind=ChoreKind.QUESTION)} == {
        station,
        next_station,
    }
    client.force_login(neighbour)
    assert [each.station for each in client.get(LIST).context["page"]] == [next_station]


def test_an_answer_after_its_day_counts_as_late_on_both_sides_pages(
    client, slip, clerk, officer, station
):
    today = timezone.localdate()
    QuestionSlip.objects.update(due_on=today - timedelta(days=1))
    chores.refresh(station.county, ChoreKind.QUESTION)
    assert Chore.objects.overdue(today).filter(county=station.county).count() == 1
    for person in (clerk, officer):
        client.force_login(person)
        assert client.get(LIST).context["late"] == 1

    question_slips.answer(slip, words="由本县受理。", by=officer)
    for person in (clerk, officer):
        client.force_login(person)
        [row] = client.get(LIST).context["years"]
        assert (row.asked_by_station, row.county_answers, row.county_in_time, row.late) == (
            1,
            1,
            0,
            0,
        )
    assert "超期" in client.get(page_of(slip), headers={"Accept-Language": "zh-hans"}).text


def test_a_shared_answer_is_read_by_all_stations_and_by_no_other_county(
    client, slip, officer, neighbour, stranger
):
    client.force_login(neighbour)
    assert client.get(page_of(slip)).status_code == 404
    client.force_login(officer)
    share = reverse("stations:question_slip_share", args=[slip.pk])
    client.post(share, {"is_shared": "1"})
    slip.refresh_from_db()
    assert not slip.is_shared  # Nothing is answered yet.
    move(client, slip, "answer", words="由本县受理。")
    client.post(share, {"is_shared": "1"})

    client.force_login(neighbour)
    found = client.get(LIST, {"show": "shared", "q": "本县受理"}).context["page"]
    assert [each.pk for each in found] == [slip.pk]
    assert client.get(LIST, {"show": "open"}).context["page"].paginator.count == 0
    # They read it; its moves are not theirs.
    assert "由本县受理" in client.get(page_of(slip)).text
    assert move(client, slip, "close").status_code == 422
    client.force_login(stranger)
    assert client.get(page_of(slip)).status_code == 404

    client.force_login(officer)
    client.post(share, {"is_shared": "0"})
    client.force_login(neighbour)
    assert client.get(page_of(slip)).status_code == 404


def test_what_is_wrong_gets_a_sentence_and_keeps_what_was_typed(client, slip, clerk, officer):
    client.force_login(clerk)
    page = client.post(NEW, typed(words="他的电话是13900002648"))
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"words"}
    assert "外省务工人员" in page.text
    client.force_login(officer)
    assert move(client, slip, "answer", words="").status_code == 422
    assert move(client, slip, "dance").status_code == 404
    assert client.get(f"{LIST}?topic=no&show=no&q=\0&page=x&year=99999").status_code == 200


def test_the_list_costs_the_same_for_one_and_many(
    client, slip, officer, station, county, make_station, count_queries
):
    client.force_login(officer)
    one, _page = count_queries(lambda: client.get(LIST))
    for n in range(4):
        other = make_station(county, 120 + n, f"第{n}")
        question_slips.ask(
            [other], topic="other", subject="问", words="问", key=uuid.uuid4(), by=officer
        )
    many, page = count_queries(lambda: client.get(LIST, {"show": "open"}))
    assert page.context["page"].paginator.count == 5
    assert many == one
