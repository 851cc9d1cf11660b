"""The public asks how an application stands: stage and next step, and not one word more."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisAway

from casework import workflow
from casework.rules.progress import STEPS, progress
from casework.terms import Status
from casework.views import progress as query

pytestmark = pytest.mark.django_db

PAGE = "/progress/"


@pytest.fixture
def ask():
    """Ask as somebody on the street, without an account."""
    client = Client()

    def post(code, digits, **extra):
        return client.post(PAGE, {"code": code, "digits": digits}, **extra)

    return post


def body(answer):
    """The page without its tokens."""
    text = answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r"hx-headers=\'[^\']*\'", "", text)


# ── What is told ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_stage_and_a_next_step_in_plain_words(status):
    told = progress(status)

    assert 0 <= told.step < len(STEPS)
    assert str(told.stage)
    assert str(told.next_step)


@pytest.mark.parametrize(("proposed", "read_as"), [(Status.REFUSAL_PROPOSED, Status.IN_REVIEW)])
def test_what_is_only_proposed_is_not_told(proposed, read_as):
    assert progress(proposed) == progress(read_as)


def test_a_proposed_termination_says_nothing_of_an_end():
    told = progress(Status.TERMINATION_PROPOSED)
    assert not told.is_over
    assert "终止" not in f"{told.stage}{told.next_step}"


def test_code_and_digits_open_stage_and_next_step_only(ask, make_application):
    application = make_application(status=Status.IN_REVIEW)
    answer = ask(application.receipt_code, application.id_number[-4:])

    told = answer.context["found"]["progress"]
    assert told == progress(Status.IN_REVIEW)
    text = body(answer)
    assert str(told.stage) in text
    assert str(told.next_step) in text
    for secret in (
        application.name,
        application.phone,
        application.id_number,
        application.aid_matter.name,
        application.claims,
        application.number,
        application.receipt_code,
        application.station.name,
        application.received_by.name,
    ):
        assert secret not in text


def test_the_code_is_read_however_it_is_typed(ask, make_application):
    application = make_application()
    code = application.receipt_code.lower()
    assert ask(f" {code[:4]} {code[4:]}", application.id_number[-4:]).context["found"]


def test_an_x_at_the_end_may_be_small(ask, make_application):
    application = make_application(id_number="34152519650412001X")
    assert ask(application.receipt_code, "001x").context["found"]


def test_who_has_no_identity_number_is_known_by_the_phone(ask, make_application):
    application = make_application(id_number="", phone="13900003390")
    assert ask(application.receipt_code, "3390").context["found"]
    assert not ask(application.receipt_code, "0000").context["found"]


def test_who_has_an_identity_number_is_not_known_by_the_phone(ask, make_application):
    application = make_application(phone="13900003390")
    assert not ask(application.receipt_code, "3390").context["found"]


def test_the_code_works_on_after_it_was_passed_on(ask, make_application, reviewer, next_county):
    application = make_application(status=Status.IN_REVIEW)
    workflow.pass_on(application, by=reviewer, reason="不归我县", to_county=next_county)
    answer = ask(application.receipt_code, application.id_number[-4:])

    assert answer.context["found"]["progress"] == progress(Status.FORWARDED)
    assert next_county.center_name in body(answer)
    assert "不归我县" not in body(answer)


# ── What is not told ────────────────────────────────────────────────────────────────────


def test_a_wrong_code_and_wrong_digits_get_the_very_same_answer(ask, make_application):
    application = make_application()
    digits = application.id_number[-4:]
    wrong_digits = ask(application.receipt_code, "9999")
    wrong_code = ask("ZZZZ9999", digits)

    assert wrong_digits.status_code == wrong_code.status_code == 404
    same = body(wrong_code).replace("ZZZZ9999", application.receipt_code)
    assert same == body(wrong_digits)


def test_a_wrong_code_costs_the_same_work_as_wrong_digits(
    ask, make_application, monkeypatch, django_assert_num_queries
):
    application = make_application()
    ask("ZZZZ9999", "1234")
    opened = []
    unsealed = query.decrypt

    def count_opened(stored):
        opened.append(stored)
        return unsealed(stored)

    monkeypatch.setattr(query, "decrypt", count_opened)
    monkeypatch.setattr("stations.privacy.decrypt", count_opened)
    work = []
    for code in (application.receipt_code, "ZZZZ9999"):
        opened.clear()
        with django_assert_num_queries(1):
            ask(code, "9999")
        work.append(len(opened))

    assert work == [2, 2]


def test_an_application_without_any_number_is_never_found(ask, make_application):
    application = make_application(id_number="", phone="")
    assert ask(application.receipt_code, "0000").status_code == 404


@pytest.mark.parametrize(
    ("code", "digits", "field"),
    [
        ("", "1234", "code"),
        ("ABC", "1234", "code"),
        ("ABCD2345", "", "digits"),
        ("ABCD2345", "12", "digits"),
        ("ABCD2345", "１２３四", "digits"),
        ("ABCD2345", "'; --", "digits"),
        ("A" * 5000, "1234", "code"),
        ("\x00BCD2345", "1234", "code"),
    ],
)
def test_what_is_typed_wrongly_gets_its_sentence(ask, code, digits, field):
    answer = ask(code, digits)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_nothing_personal_stands_in_the_address_or_the_log(ask, make_application, caplog):
    application = make_application()
    answer = ask(application.receipt_code, application.id_number[-4:])

    assert answer.request["QUERY_STRING"] == ""
    assert application.receipt_code not in caplog.text
    assert "no-store" in answer["Cache-Control"]
    # Asking by address opens nothing.
    by_address = Client().get(
        PAGE, {"code": application.receipt_code, "digits": application.id_number[-4:]}
    )
    assert by_address.context["found"] is None


# ── How often ───────────────────────────────────────────────────────────────────────────


def test_one_code_is_asked_for_only_so_often_right_or_wrong(ask, make_application):
    application = make_application()
    for n in range(query.MOST_OF_ONE_CODE):
        answer = ask(application.receipt_code, f"{n:04d}", REMOTE_ADDR=f"10.0.0.{n}")
        assert answer.status_code == 404
    limited = ask(application.receipt_code, application.id_number[-4:], REMOTE_ADDR="10.0.1.1")

    assert limited.status_code == 429
    assert limited.context["found"] is None
    assert limited.context["sentence"]


def test_a_code_that_does_not_exist_is_limited_alike(ask):
    for _n in range(query.MOST_OF_ONE_CODE):
        assert ask("ZZZZ9999", "1234").status_code == 404
    assert ask("ZZZZ9999", "1234").status_code == 429


def test_one_place_asks_only_so_often_whatever_the_code(ask):
    for n in range(query.MOST_FROM_ONE_PLACE):
        assert ask(f"ZZZZ99{n:02d}", "1234", REMOTE_ADDR="10.1.1.1").status_code == 404
    assert ask("YYYY9999", "1234", REMOTE_ADDR="10.1.1.1").status_code == 429
    assert ask("YYYY9999", "1234", REMOTE_ADDR="10.1.1.2").status_code == 404


def test_behind_the_proxy_the_place_is_the_one_the_proxy_saw(ask, settings):
    settings.PRODUCTION = True
    settings.SECURE_SSL_REDIRECT = False
    for n in range(query.MOST_FROM_ONE_PLACE):
        # What a caller makes up stands before what the proxy adds.
        ask(f"ZZZZ99{n:02d}", "1234", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, 10.1.1.1")
    again = ask("YYYY9999", "1234", HTTP_X_FORWARDED_FOR="5.6.7.8, 10.1.1.1")

    assert again.status_code == 429


def test_without_redis_nothing_is_answered_rather_than_everything(
    ask, make_application, monkeypatch
):
    application = make_application()

    def away(*args, **kwargs):
        raise RedisAway("away")

    monkeypatch.setattr(query, "count_attempt", away)
    answer = ask(application.receipt_code, application.id_number[-4:])

    assert answer.status_code == 503
    assert answer.context["found"] is None


def test_the_page_is_open_to_everybody_and_led_to_from_the_sign_in_page(client):
    assert client.get(PAGE).status_code == 200
    assert PAGE in client.get(reverse("stations:sign_in")).content.decode()
