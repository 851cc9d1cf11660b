"""Two people at once: each on a connection of their own, as two web processes are."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.models import ImportBatch, Matter, RegisterCounter, RegisterEntry
from casework.register import imports, writing
from casework.reports import months
from casework.terms import BatchStatus, Channel, LetterKind, ReportStatus, Status
from stations.liaisons import leads
from stations.models import Appointment, Document, Lead, Liaison, User
from stations.roles import Role
from stations.terms import LeadKind, LiaisonPost
from tests.casework.register.test_file import GOOD, csv_bytes
from tests.conftest import at, unsaved_application, unsaved_entry

from .conftest import PATIENCE, until

pytestmark = pytest.mark.django_db(transaction=True)

MARCH = date(2026, 3, 1)


def at_once(*acts):
    """Run each act in a thread with its own connection, all let go together.

    Returns what each returned, or the exception it raised.
    """
    # The pool holds eight connections; the acts have them all.
    connection.close()
    start = threading.Barrier(len(acts))
    answers = [None] * len(acts)

    def run(place, act):
        try:
            start.wait(PATIENCE)
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return answers


def somebody_waits():
    """Whether a session of this database waits for another one's row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()


def answer_meanwhile(first, second, *, then=None, is_given_up=False):
    """Do `first`, and commit it or give it up only when `second`, in a thread, waits for it.

    What `first` goes on with while the second waits is `then`. Returns what the second returned, or
    the exception it raised.
    """
    answers = []

    def run():
        try:
            answers.append(second())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        until(lambda: somebody_waits() or not thread.is_alive())
        if then:
            then()
        transaction.set_rollback(is_given_up)
    thread.join(PATIENCE)
    return answers[0]


def split_answers(answers, refusal):
    """Return (what was done, what was refused); anything else is a fault."""
    refused = [answer for answer in answers if isinstance(answer, refusal)]
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    assert len(refused) + len(done) == len(answers), answers
    assert all(str(sentence) for sentence in refused)
    return done, refused


# ── Numbers ─────────────────────────────────────────────────────────────────────────────


def serials(station, channel=Channel.VISIT):
    entries = RegisterEntry.objects.filter(station=station, channel=channel)
    return sorted(entries.values_list("serial", flat=True))


def test_two_clerks_saving_at_once_get_consecutive_numbers(station, clerk, duty):
    saved = at_once(
        *(
            lambda by=by: writing.record(unsaved_entry(station, name=by.name), by=by)
            for by in (clerk, duty)
        )
    )

    assert sorted(entry.serial for entry in saved) == [1, 2]
    assert len({entry.number for entry in saved}) == 2
    assert serials(station) == [1, 2]


def test_eight_people_fill_one_series_without_gaps(station, clerk):
    def ten():
        return [
            writing.record(unsaved_entry(station, phone=""), by=clerk).serial
            for _n in range(10)
        ]

    answers = at_once(*[ten] * 8)

    assert sorted(serial for answer in answers for serial in answer) == list(range(1, 81))
    assert serials(station) == list(range(1, 81))
    # Everybody's own entries go up in the order they were saved.
    assert all(answer == sorted(answer) for answer in answers)


def test_a_failure_between_two_savings_leaves_no_gap(station, clerk):
    def failing():
        with transaction.atomic():
            writing.record(unsaved_entry(station), by=clerk)
            raise ConnectionError("the clerk's machine lost its power")

    def saving():
        return writing.record(unsaved_entry(station), by=clerk).serial

    answers = at_once(*[saving, failing] * 3, saving)

    assert sum(isinstance(answer, ConnectionError) for answer in answers) == 3
    assert serials(station) == [1, 2, 3, 4]


def test_who_waits_for_a_number_gets_it_when_the_first_gives_up(station, clerk):
    def saving():
        return writing.record(unsaved_entry(station), by=clerk)

    saved = answer_meanwhile(saving, saving, is_given_up=True)

    assert saved.serial == 1
    assert serials(station) == [1]


def test_channels_stations_and_years_do_not_wait_for_one_another(
    station, next_station, clerk, neighbour
):
    answers = at_once(
        lambda: writing.record(unsaved_entry(station), by=clerk),
        lambda: writing.record(unsaved_entry(station, channel=Channel.CALL), by=clerk),
        lambda: writing.record(unsaved_entry(next_station), by=neighbour),
        lambda: writing.record(unsaved_entry(station, occurred_at=at(2025, 12, 31)), by=clerk),
    )

    assert [entry.serial for entry in answers] == [1, 1, 1, 1]


def test_a_file_and_a_clerk_at_once_share_the_series(station, clerk):
    def file():
        entries = [
            unsaved_entry(station, name=f"补录{n}", phone="", occurred_at=timezone.now())
            for n in range(30)
        ]
        return imports.take_in("台账.csv", b"30 rows", entries, station, by=clerk)

    def saving():
        return [writing.record(unsaved_entry(station), by=clerk) for _n in range(10)]

    answers = at_once(file, saving)

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert serials(station) == list(range(1, 41))


def test_one_button_pressed_twice_at_once_saves_one_entry(station, clerk):
    pages = []
    for _n in range(2):
        browser = Client(raise_request_exception=False)
        browser.force_login(clerk)
        pages.append(browser)
    address = reverse("casework:entry_create", args=["visit"])
    ticket = pages[0].get(address).context["ticket"]
    typed = visit_as_typed(station, clerk) | {"ticket": ticket}

    answers = at_once(*(lambda page=page: page.post(address, typed) for page in pages))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert serials(station) == [1]


def visit_as_typed(station, receiver):
    """A visit as the entry form sends it, with nothing missing."""
    return {
        "occurred_at": f"{timezone.localtime():%Y-%m-%d %H:%M}",
        "name": "吴秋菊",
        "sex": "female",
        "phone": "13900002648",
        "village": station.township.children.first().name,
        "people_groups": ["farmer"],
        "persons": "1",
        "matter": Matter.objects.get(code="civil.labour_pay").pk,
        "statement": "在工地干了三个月，工钱一直没有结清。",
        "answer": "可以先向劳动监察投诉。",
        "disposal": "answered",
        "sensitive": "none",
        "receiver": receiver.pk,
        "is_told_of_right": "on",
    }


def test_two_corrections_at_once_one_sees_the_other(station, clerk, duty):
    entry = writing.record(unsaved_entry(station), by=clerk)

    answers = at_once(
        *(
            lambda by=by: writing.correct(
                entry, changes={"name": by.name}, reason="听错了", by=by, version=entry.version
            )
            for by in (clerk, duty)
        )
    )

    done, refused = split_answers(answers, writing.Clash)
    assert (len(done), len(refused)) == (1, 1)
    entry.refresh_from_db()
    assert entry.name == done[0].name
    assert entry.corrections.count() == 1


# ── Months ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def march(station):
    return months.open_month(station, MARCH)


def test_two_people_send_one_month_at_once(march, head, duty):
    answers = at_once(
        *(
            lambda by=by: months.send(march, by=by, is_zero_confirmed=True)
            for by in (head, duty)
        )
    )

    done, refused = split_answers(answers, months.MoveRefused)
    assert (len(done), len(refused)) == (1, 1)
    assert done[0].sent_by.name in str(refused[0])
    march.refresh_from_db()
    assert (march.status, march.issue, march.serial) == (ReportStatus.SENT, 1, 1)
    assert march.events.filter(move="send").count() == 1
    assert Document.objects.filter(parameters__report=march.pk).count() == 1


def test_confirming_and_returning_at_once_one_is_refused(march, head, director, reviewer):
    months.send(march, by=head, is_zero_confirmed=True)

    answers = at_once(
        lambda: months.confirm(march, by=director),
        lambda: months.return_to_station(march, by=reviewer, reason="点评太短"),
    )

    done, refused = split_answers(answers, months.MoveRefused)
    assert (len(done), len(refused)) == (1, 1)
    march.refresh_from_db()
    assert march.status == done[0].status
    assert march.events.exclude(move__in=["open", "send"]).count() == 1


def test_the_page_says_so_to_the_second_who_confirms(march, head, director):
    months.send(march, by=head, is_zero_confirmed=True)
    browsers = [Client(raise_request_exception=False) for _n in range(2)]
    for browser in browsers:
        browser.force_login(director)
    address = reverse("casework:report_confirm", args=[march.pk])

    answers = at_once(*(lambda browser=browser: browser.post(address) for browser in browsers))

    assert [answer.status_code for answer in answers] == [302, 302]
    pages = [browser.get(march.get_absolute_url()) for browser in browsers]
    said = sorted(message.level_tag for page in pages for message in page.context["messages"])
    assert said == ["error", "success"]


def test_months_sent_at_once_get_consecutive_document_numbers(station, head):
    reports = [
        months.open_month(station, month)
        for month in (MARCH, date(2026, 2, 1), date(2026, 1, 1))
    ]

    sent = at_once(
        *(
            lambda report=report: months.send(report, by=head, is_zero_confirmed=True)
            for report in reports
        )
    )

    assert sorted(report.serial for report in sent) == [1, 2, 3]


def test_one_month_opened_twice_at_once_is_one_report(station):
    answers = at_once(*[lambda: months.open_month(station, MARCH)] * 4)

    assert len({report.pk for report in answers}) == 1
    assert answers[0].events.count() == 1


# ── Applications ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def room_for_ten():
    """A pool that gives ten people a connection each, and the test its own."""
    pool = connection.settings_dict["OPTIONS"]["pool"]
    usual = pool["max_size"]
    connection.close()
    connection.close_pool()
    pool["max_size"] = 12
    yield
    connection.close()
    connection.close_pool()
    pool["max_size"] = usual


def test_of_ten_reviewers_who_grant_at_once_one_succeeds(
    room_for_ten, make_application, reviewer
):
    application = make_application(status=Status.IN_REVIEW)

    answers = at_once(*[lambda: workflow.grant(application, by=reviewer)] * 10)

    done, refused = split_answers(answers, workflow.MoveRefused)
    assert (len(done), len(refused)) == (1, 9)
    assert reviewer.name in str(refused[0])
    assert application.events.filter(move="grant").count() == 1
    assert application.decisions.count() == 1
    assert application.letters.filter(kind=LetterKind.GRANT).count() == 1


def test_ten_reviewers_take_up_the_next_one_and_decide_ten_files_once_each(
    room_for_ten, make_application, make_user, county
):
    applications = [
        make_application(status=Status.IN_REVIEW, name=f"申请人{n}", id_number="")
        for n in range(10)
    ]
    browsers = []
    for n in range(10):
        browser = Client(raise_request_exception=False)
        browser.force_login(make_user(f"r{n}", f"审查员{n}", Role.REVIEWER, county))
        browsers.append(browser)

    def take_up_and_grant(browser):
        led_to = browser.post(reverse("casework:application_next"))["Location"]
        answer = browser.post(f"{led_to}grant/", {"reason": "符合条件"})
        return led_to, answer.status_code

    answers = at_once(*(lambda each=each: take_up_and_grant(each) for each in browsers))

    assert sorted(answers) == sorted((each.get_absolute_url(), 302) for each in applications)
    for application in applications:
        assert application.decisions.count() == 1
        assert application.events.filter(move="grant").count() == 1
    makers = {each.decisions.get().made_by_id for each in applications}
    assert len(makers) == 10


def test_granting_and_proposing_to_refuse_at_once_one_is_refused(
    make_application, reviewer, director
):
    application = make_application(status=Status.IN_REVIEW)

    answers = at_once(
        lambda: workflow.grant(application, by=reviewer),
        lambda: workflow.propose_refusal(
            application, by=director, grounds=["no_hardship"], reason="超过标准"
        ),
    )

    done, refused = split_answers(answers, workflow.MoveRefused)
    assert (len(done), len(refused)) == (1, 1)
    application.refresh_from_db()
    assert application.status == done[0].status
    assert application.decisions.count() == 1


def test_the_page_says_so_to_the_second_who_grants(make_application, reviewer):
    application = make_application(status=Status.IN_REVIEW)
    browsers = [Client(raise_request_exception=False) for _n in range(2)]
    for browser in browsers:
        browser.force_login(reviewer)
    address = reverse("casework:application_grant", args=[application.pk])

    answers = at_once(
        *(
            lambda browser=browser: browser.post(address, {"reason": "符合条件，理由在此"})
            for browser in browsers
        )
    )

    assert sorted(answer.status_code for answer in answers) == [302, 422]
    told = next(answer for answer in answers if answer.status_code == 422)
    assert "符合条件，理由在此" in told.content.decode()
    assert reviewer.name in told.content.decode()


def test_applications_received_at_once_are_numbered_without_gaps(station, clerk):
    answers = at_once(*[lambda: workflow.receive(unsaved_application(station), by=clerk)] * 6)

    assert sorted(application.serial for application in answers) == [1, 2, 3, 4, 5, 6]
    assert len({application.receipt_code for application in answers}) == 6


# ── Imports ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def checked(station, clerk):
    batch = imports.upload("台账.csv", csv_bytes(*GOOD), station, by=clerk)
    imports.work_on(batch.pk)
    return ImportBatch.objects.get(status=BatchStatus.CHECKED)


def test_two_people_confirm_one_import_at_once(checked):
    answers = at_once(*[lambda: imports.confirm(checked)] * 2)

    done, refused = split_answers(answers, imports.ImportRefused)
    assert (len(done), len(refused)) == (1, 1)


def test_two_workers_with_one_errand_bring_a_file_in_once(checked, station):
    imports.confirm(checked)

    answers = at_once(*[lambda: imports.work_on(checked.pk)] * 3)

    assert answers == [None] * 3
    assert RegisterEntry.objects.filter(batch=checked).count() == len(GOOD)
    assert RegisterCounter.objects.get(station=station, channel=Channel.VISIT).last == len(
        serials(station)
    )


def test_confirming_and_giving_up_at_once_leaves_one_of_the_two(checked):
    at_once(lambda: imports.confirm(checked), lambda: imports.give_up(checked))
    imports.work_on(checked.pk)

    checked.refresh_from_db()
    count = RegisterEntry.objects.filter(batch=checked).count()
    assert (checked.status, count) in {
        (BatchStatus.IMPORTED, len(GOOD)),
        (BatchStatus.REJECTED, 0),
    }


def test_two_people_undo_one_import_at_once(checked, clerk, duty):
    imports.confirm(checked)
    imports.work_on(checked.pk)

    answers = at_once(
        *(lambda by=by: imports.undo(checked, by=by, reason="传错了") for by in (clerk, duty))
    )

    done, refused = split_answers(answers, imports.ImportRefused)
    assert (len(done), len(refused)) == (1, 1)
    entries = RegisterEntry.objects.filter(batch=checked)
    assert set(entries.values_list("voided_by", flat=True)) == {done[0].undone_by_id}
    assert set(entries.values_list("version", flat=True)) == {2}


def test_the_same_file_uploaded_twice_at_once_comes_in_once(station, clerk, duty):
    """Both may be checked; of the two confirmations one is refused, or its file is."""
    batches = at_once(
        *(
            lambda by=by: imports.upload("台账.csv", csv_bytes(*GOOD), station, by=by)
            for by in (clerk, duty)
        )
    )
    for batch in batches:
        imports.work_on(batch.pk)

    split_answers(
        at_once(*(lambda batch=batch: imports.confirm(batch) for batch in batches)),
        imports.ImportRefused,
    )
    for batch in batches:
        imports.work_on(batch.pk)

    assert RegisterEntry.objects.filter(station=station).count() == len(GOOD)


# ── Network, accounts, leads ────────────────────────────────────────────────────────────


def test_two_liaisons_for_one_village_at_once_one_is_refused(station, village, clerk, head):
    def appointing(user, name):
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        return browser.post(
            reverse("stations:liaison_create"),
            {
                "village": village.pk,
                "name": name,
                "sex": "male",
                "post": LiaisonPost.MEDIATION,
                "phone": "13900001111",
                "appointed_from": "2026-03-01",
            },
        )

    def other():
        Liaison.objects.create(
            station=station,
            village=village,
            name="先到",
            post=LiaisonPost.MEDIATION,
            appointed_from=date(2026, 3, 1),
        )

    answer = answer_meanwhile(other, lambda: appointing(head, "后到"))

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert [liaison.name for liaison in Liaison.objects.filter(village=village)] == ["先到"]


def test_one_account_name_given_twice_at_once_is_refused_once(system_admin, county):
    browser = Client(raise_request_exception=False)
    browser.force_login(system_admin)

    answer = answer_meanwhile(
        lambda: User.objects.create_user("liming", "很长的口令-2026-xyz", name="李明"),
        lambda: browser.post(
            reverse("stations:account_create"), {"name": "黎明", "username": "liming"}
        ),
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["username"]
    assert User.objects.get(username="liming").name == "李明"


def test_one_role_given_twice_at_once_is_held_once(security_admin, station, make_user):
    person = make_user("liming", "李明")
    browser = Client(raise_request_exception=False)
    browser.force_login(security_admin)
    today = timezone.localdate()

    answer = answer_meanwhile(
        lambda: Appointment.objects.create(
            user=person, role=Role.CLERK, station=station, from_on=today
        ),
        lambda: browser.post(
            reverse("stations:appointment_create", args=[person.pk]),
            {"role": Role.CLERK, "station": station.pk, "from_on": f"{today}"},
        ),
    )

    assert answer.status_code < 500
    assert person.appointments.filter(role=Role.CLERK, to_on=None).count() == 1


def test_two_clerks_take_one_lead_at_once(station, village, liaison, clerk, duty):
    lead = Lead.objects.create(
        station=station,
        village=village,
        sent_by=liaison,
        kind=LeadKind.PAY,
        client_key="8f14e45f-ceea-467f-a0e6-9d6c0a4b1c11",
    )

    answers = at_once(
        *(lambda by=by: leads.take(lead, by=by, outcome="已回电") for by in (clerk, duty))
    )

    done, refused = split_answers(answers, leads.LeadRefused)
    assert (len(done), len(refused)) == (1, 1)
    lead.refresh_from_db()
    assert lead.taken_by == done[0].taken_by


def test_the_word_that_nobody_came_is_kept_once(station, clerk, duty):
    yesterday = timezone.localdate() - timedelta(days=1)

    answers = at_once(
        *(
            lambda by=by: writing.state_no_visits(station, day=yesterday, by=by)
            for by in (clerk, duty)
        )
    )

    assert len({statement.pk for statement in answers}) == 1
