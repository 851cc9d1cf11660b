"""One cell, one value or one sentence."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casework import reading
from casework.reading import Unreadable
from casework.terms import Channel, Disposal
from tests.conftest import at


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("139 0000 2648", "13900002648"),
        ("１３９００００２６４８", "13900002648"),
        ("+86-13900002648", "13900002648"),
        ("0564-502-1234", "05645021234"),
        ("5021234", "5021234"),
        ("12348", "12348"),
        ("", ""),
    ],
)
def test_phones_are_read_as_people_write_them(typed, phone):
    assert reading.read_phone(typed) == phone


@pytest.mark.parametrize("typed", ["1390000264", "139000026488", "电话", "😀", "12-", "1e5"])
def test_what_is_no_phone_gets_a_sentence(typed):
    with pytest.raises(Unreadable) as refusal:
        reading.read_phone(typed)
    assert str(refusal.value).endswith(("。", "."))


def test_an_identity_number_gives_birth_date_and_sex():
    number = reading.read_id_number("341525 19840617 002 7")

    assert reading.birth_and_sex(number) == (date(1984, 6, 17), "female")


@pytest.mark.parametrize(
    "typed",
    ["11010119840617002", "110101198406170029", "110101198413170024", "一二三", "0" * 18],
)
def test_a_wrong_identity_number_gets_a_sentence(typed):
    with pytest.raises(Unreadable):
        reading.read_id_number(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-3-2 14:05",
        "2026/03/02 14:05:30",
        "2026年3月2日 14时05分",
        "２０２６-3-2 14：05",
        datetime(2026, 3, 2, 14, 5),
    ],
)
def test_moments_are_read_as_people_write_them(typed):
    assert reading.read_moment(typed, now=at(2026, 4, 1)) == at(2026, 3, 2, 14, 5)


@pytest.mark.parametrize("typed", ["2026-3-2", "20260302", date(2026, 3, 2), "2026.3.2"])
def test_a_day_alone_means_the_morning(typed):
    assert reading.read_moment(typed, now=at(2026, 4, 1)) == at(2026, 3, 2, 9)


@pytest.mark.parametrize(
    "typed", ["2026-2-30", "2026-4-1 10:01", "1999-12-31", "明天", "2026-3-2 25:00", "0", "3/2"]
)
def test_a_wrong_moment_gets_a_sentence(typed):
    with pytest.raises(Unreadable):
        reading.read_moment(typed, now=at(2026, 4, 1))


def test_choices_are_read_by_label_or_code():
    assert reading.read_choice("来访", Channel) == Channel.VISIT
    assert reading.read_choice("CALL", Channel) == Channel.CALL
    assert reading.read_choice(" ", Disposal) == ""
    with pytest.raises(Unreadable):
        reading.read_choice("拜访", Channel)


def test_rare_characters_and_emoji_are_text_and_control_signs_are_not():
    assert reading.read_text(" 𠀀𪚥😀 ", 10) == "𠀀𪚥😀"
    with pytest.raises(Unreadable):
        reading.read_text("有\x00零", 10)
    with pytest.raises(Unreadable):
        reading.read_text("长" * 11, 10)


@given(st.text())
def test_no_text_breaks_a_reader(text):
    for read in (
        reading.read_phone,
        reading.read_id_number,
        reading.read_paper_number,
        reading.read_day,
        reading.read_count,
        reading.read_yes,
        lambda cell: reading.read_moment(cell, now=timezone.now()),
        lambda cell: reading.read_choice(cell, Channel),
        lambda cell: reading.read_text(cell, 50),
    ):
        with suppress(Unreadable):
            read(text)
