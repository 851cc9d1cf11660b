"""What a register entry is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.search import MOST_TERMS, query_terms, query_words, search_terms

ENTRY = {
    "name": "吴秋菊",
    "number": "访2026-0045",
    "phone": "13900002648",
    "id_number": "34152519840617002X",
    "texts": ("工地欠薪", "在ABC公司干了三个月，３０００元工钱没有结清。"),
}


def finds(typed, **entry):
    terms = set(search_terms(**(ENTRY | entry)))
    return bool(query_words(typed)) and all(
        any(set(alternative) <= terms for alternative in query_terms(word))
        for word in query_words(typed)
    )


@pytest.mark.parametrize(
    "typed",
    [
        "吴",
        "吴秋",
        "吴秋菊",
        "秋菊",
        "w",
        "wqj",
        "WQJ",
        "ｗｑｊ",
        "访2026-0045",
        "访2026-45",
        "2026-45",
        "2648",
        "13900002648",
        "139 0000 2648",
        "139-0000-2648",
        "+86 13900002648",
        "１３９００００２６４８",
        "002x",
        "002X",
        "34152519840617002X",
        "34152519840617002x",
        "欠薪",
        "工钱没有结清",
        "工钱，没有",
        "abc",
        "ABC公司",
        "3000",
        "wqj 欠薪 2648",
        "吴 三个月",
    ],
)
def test_an_entry_is_found_by(typed):
    assert finds(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "。",
        "菊",
        "秋",
        "qj",
        "1390",
        "1390000264",
        "电2026-0045",
        "访2025-45",
        "访2026-450",
        "欠款",
        "吴 欠款",
        "结清工",
        "5",
    ],
)
def test_an_entry_is_not_found_by(typed):
    assert not finds(typed)


def test_a_name_of_one_character_and_a_rare_one():
    assert finds("龘", name="龘")
    assert finds("𠮷", name="𠮷田")
    assert finds("𠮷田", name="𠮷田")
    assert finds("lei LI", name="Li Lei")


def test_numbers_are_kept_as_hashes_only():
    assert not any("2648" in term or "002x" in term.lower() for term in search_terms(**ENTRY))


def test_the_longest_text_keeps_the_name_and_the_numbers():
    text = "".join(chr(0x4E00 + n) for n in range(4000))

    terms = search_terms(**(ENTRY | {"texts": (text, text[::-1])}))

    assert len(terms) == MOST_TERMS
    assert {"^吴秋菊", "^wqj"} <= set(terms)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_taken_apart(typed):
    for word in query_words(typed):
        assert all(query_terms(word))
