"""Training: sign-in at the desk and by one's own press, five questions, hours, papers."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from stations.models import Attendance, Liaison, PlannedTraining, QuizAttempt, TrainingSession
from stations.upkeep import training, training_paper, training_years

pytestmark = pytest.mark.django_db

QUESTIONS = [(f"第{n}题？", ["对", "错"], n % 2) for n in range(1, 6)]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def hold(county, officer, today):
    """A session of the county held today, or another one."""

    def make(**fields):
        values = {
            "county": county,
            "on": today,
            "title": "受理与初审",
            "topic": "程序规定",
            "trainer": "林老师",
            "hours": Decimal("4"),
            "place": "县局三楼",
        }
        return training.hold(TrainingSession(**(values | fields)), by=officer)

    return make


def keys(session):
    return {
        person.name: person.key
        for person in training.people_of(training.stations_of(session), session.on)
    }


def test_the_list_at_the_desk_adds_and_strikes_out(hold, clerk, head, duty, liaison, officer):
    session = hold()
    key = keys(session)
    people = training.people_of(training.stations_of(session), session.on)
    chosen = {key[clerk.name], key["石联络"]}

    assert training.sign_in(session, chosen, people=people, by=officer) == 2
    assert training.sign_in(session, chosen, people=people, by=officer) == 0
    assert training.sign_in(session, {key["石联络"]}, people=people, by=officer) == 1

    [there] = session.attendances.filter(struck_at=None)
    assert there.liaison == Liaison.objects.get()
    struck = session.attendances.get(user=clerk)
    assert struck.struck_by == officer


def test_a_clerk_marks_their_own_people_only(client, hold, clerk, neighbour):
    session = hold()
    key = keys(session)
    client.force_login(clerk)

    client.post(
        reverse("stations:training_sign_in", args=[session.pk]),
        {"there": [key[clerk.name], key[neighbour.name]]},
    )

    assert [row.user for row in Attendance.objects.all()] == [clerk]


def test_one_s_own_press_holds_on_the_day_and_only_once(client, hold, liaison, clerk, today):
    session, past = hold(), hold(on=today - timedelta(days=1))
    client.force_login(liaison)
    for _press in range(2):
        client.post(reverse("stations:training_here", args=[session.pk]))
    client.post(reverse("stations:training_here", args=[past.pk]))

    [row] = Attendance.objects.all()
    assert (row.session, row.liaison.user, row.is_own) == (session, liaison, True)
    to_come = hold(on=today + timedelta(days=3))
    with pytest.raises(training.TrainingRefused):
        training.sign_in(to_come, set(), people=[], by=clerk)
    with pytest.raises(training.TrainingRefused):
        training.press_in(past, by=clerk)


def test_the_first_answers_count_and_practice_is_kept(client, hold, liaison, officer):
    session = hold()
    training.set_questions(session, QUESTIONS, by=officer)
    client.force_login(liaison)
    url = reverse("stations:quiz", args=[session.pk])

    page = client.post(url, {"number": 1, "q1": 0})
    assert page.status_code == 422
    assert not QuizAttempt.objects.exists()
    first = {"number": 1, **{f"q{n}": 0 for n in range(1, 6)}}
    client.post(url, first)
    client.post(url, first)
    client.post(url, {"number": 2, **{f"q{n}": n % 2 for n in range(1, 6)}})

    assert list(QuizAttempt.objects.values_list("number", "score")) == [(1, 2), (2, 5)]
    page = client.get(url).content.decode()
    assert "第1题" in page
    assert "2" in page
    with pytest.raises(training.TrainingRefused):
        training.set_questions(session, QUESTIONS, by=officer)


def test_hours_of_a_year_count_held_sessions_of_people_in_post(
    hold, clerk, head, liaison, duty, officer, station, today
):
    year = today.year
    key = None
    for hours, who in (
        (8, {"周桂兰", "石联络"}),
        (Decimal("4.5"), {"周桂兰"}),
        (3, {"方站长"}),
    ):
        session = hold(hours=hours)
        key = keys(session)
        people = training.people_of(training.stations_of(session), session.on)
        training.sign_in(session, {key[name] for name in who}, people=people, by=officer)
    void = hold(hours=20)
    training.sign_in(void, {key["方站长"]}, people=people, by=officer)
    training.void(void, reason="没有办成", by=officer)

    years = {
        row.person.name: row for row in training_years.hours_of_year([station], year, today)
    }

    assert (years["周桂兰"].hours, years["周桂兰"].is_enough) == (Decimal("12.5"), True)
    assert (years["方站长"].hours, years["方站长"].lacking) == (3, 9)
    assert years["许文静"].hours == 0
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    assert training_years.held_between(first, end).count() == 3
    assert training_years.trained_between(first, end).count() == 4


def test_towards_the_year_s_end_each_lack_is_owed(hold, station, county, clerk, liaison):
    assert list(training_years.owed(station, date(2026, 9, 30))) == []

    owed = list(training_years.owed(station, date(2026, 10, 1)))

    assert [each.key for each in owed] == [f"hours-2026-u{clerk.pk}", "liaisons-2026"]
    assert all(each.due_on == date(2026, 12, 31) for each in owed)
    assert [each.key for each in training_years.owed(county, date(2026, 10, 1))] == [
        "county-2026"
    ]


def test_a_session_is_planned_recorded_asked_about_and_printed(client, officer, clerk, today):
    client.force_login(officer)
    plan = {"year": today.year, "quarter": 2, "topic": "新程序规定", "hours": "6"}
    client.post(reverse("stations:training_plan"), plan)
    line = PlannedTraining.objects.get()
    page = client.get(f"{reverse('stations:training_create')}?planned={line.pk}")
    assert page.context["form"]["title"].value() == "新程序规定"

    typed = {
        "title": "新程序规定",
        "topic": "148号令",
        "trainer": "林老师",
        "hours": "60",
        "place": "县局",
        "on": today,
        "planned": line.pk,
    }
    answer = client.post(reverse("stations:training_create"), typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["hours"]
    client.post(reverse("stations:training_create"), typed | {"hours": "6"})
    session = TrainingSession.objects.get()
    assert session.station is None
    assert session.planned == line

    questions = {}
    for n, (text, options, right) in enumerate(QUESTIONS, 1):
        questions |= {
            f"text_{n}": text,
            f"option_{n}_a": options[0],
            f"option_{n}_b": options[1],
            f"right_{n}": "ab"[right],
        }
    url = reverse("stations:quiz_edit", args=[session.pk])
    assert client.post(url, questions | {"right_3": "d"}).status_code == 422
    client.post(url, questions)
    assert [question.right for question in session.questions.all()] == [1, 0, 1, 0, 1]

    people = training.people_of(training.stations_of(session), session.on)
    training.sign_in(session, {f"u{clerk.pk}"}, people=people, by=officer)
    page = client.get(reverse("stations:training_detail", args=[session.pk]))
    assert page.context["there"] == 1
    text = PdfReader(io.BytesIO(training_paper.roll_pdf(session))).pages[0].extract_text()
    assert clerk.name in text
    assert "新程序规定" in text
    page = client.get(reverse("stations:training_hours_pdf"))
    assert clerk.name in PdfReader(io.BytesIO(page.content)).pages[0].extract_text()


def test_a_station_s_own_session_is_nobody_else_s(client, hold, station, clerk, neighbour):
    session = hold(station=station)
    detail = reverse("stations:training_detail", args=[session.pk])
    client.force_login(neighbour)
    assert client.get(detail).status_code == 404
    county_s = hold()
    assert client.get(reverse("stations:quiz_edit", args=[county_s.pk])).status_code == 404
    client.force_login(clerk)
    client.post(reverse("stations:training_void", args=[session.pk]), {"reason": "重复"})
    assert list(TrainingSession.objects.counted()) == [county_s]


@pytest.mark.parametrize("count", [1, 4])
def test_hours_and_sessions_cost_the_same_for_any_number(
    client, officer, station, make_user, hold, count_queries, count
):
    for n in range(count):
        make_user(f"clerk{n}", f"员{n}", "clerk", station)
        hold()
    client.force_login(officer)

    queries, page = count_queries(lambda: client.get(reverse("stations:training_hours")))

    assert page.context["page"].paginator.count == count
    assert queries == 10
    queries, page = count_queries(lambda: client.get(reverse("stations:training_list")))
    assert page.context["page"].paginator.count == count
    assert queries == 8
