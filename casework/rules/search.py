"""What a register entry is found by, and what a person typed is looked for as. Pure.

Chinese is cut into pairs of characters, so any word of two characters or more is found wherever
it stands; names also by pinyin initials; numbers by keyed hash of the whole and the last four.
"""

import re
import unicodedata

from stations.network.pinyin import initials
from stations.privacy import keyed_hash

from ..terms import NUMBER_SIGNS

# Enough for a 4,000-character text; more would only slow the index.
MOST_TERMS = 3000
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+")
_LATIN = re.compile(r"[a-z0-9]+")


def _folded(text):
    """Full-width letters and figures as plain ones, capitals as small ones."""
    return unicodedata.normalize("NFKC", text).lower()


def _pairs(text):
    for run in _HAN.findall(text):
        yield from (run[n : n + 2] for n in range(len(run) - 1))


def _name_terms(name):
    letters, name = initials(name), re.sub(r"\s", "", _folded(name))
    yield from ("^" + letters[:n] for n in range(1, len(letters) + 1))
    # The beginning of a name, so that a surname alone finds it.
    yield from ("^" + name[:n] for n in range(1, len(name) + 1))


def number_terms(*numbers):
    """Return the terms of phone and identity numbers: hash of the whole, hash of the last four."""
    terms = []
    for number in filter(None, numbers):
        terms += ["#" + keyed_hash(number.upper()), "#" + keyed_hash(number[-4:].upper())]
    return terms


def search_terms(*, name="", number="", phone="", id_number="", texts=()):
    """Return the sorted terms under which one entry is found."""
    terms = set(_name_terms(name)) | set(number_terms(phone, id_number))
    if number:
        terms.add(number.lower())
    words = _folded(" ".join([name, *texts]))
    terms.update(_pairs(words))
    terms.update(word for word in _LATIN.findall(words) if len(word) > 1)
    return sorted(terms)[:MOST_TERMS]


# A telephone or an identity number as a whole: seven signs in a row, or eleven however they are spaced.
_WHOLE_NUMBER = re.compile(r"(?<!\d)\+?(?:\d{6,}[\dx]|\d(?:[\s-]?\d){9,}(?:[\s-]?[\dx]))(?!\d)")


def take_out_numbers(typed):
    """Return (the words without whole numbers, the keyed hashes of these).

    An address may carry the hash; it never carries somebody's number.
    """
    folded = _folded(typed)
    hashes = [number_hash(found) for found in _WHOLE_NUMBER.findall(folded)]
    if not hashes:
        return typed, []
    return " ".join(_WHOLE_NUMBER.sub(" ", folded).split()), hashes


def number_hash(number):
    """Return what a whole number is found by, however it was spaced."""
    return keyed_hash(_compact(number).upper())


def _compact(number):
    """Without spaces, hyphens and the country's own code."""
    return re.sub(r"^\+?86(?=1\d{10}$)", "", re.sub(r"[\s-]", "", number)).lstrip("+")


def query_words(typed):
    """Return the words of what a person typed; an entry matches when it matches all of them.

    A telephone or identity number stays one word, however it is spaced.
    """
    typed = _folded(typed)
    if re.fullmatch(r"\+?[\d\s-]{11,}x?", typed.strip()):
        return [typed]
    return typed.split()


def query_terms(typed):
    """Return alternatives for one word: an entry matches one list when it has all of it.

    A word of Chinese is a text or the beginning of a name; letters are pinyin initials or a word;
    digits are a phone, an identity number, or the last four of either; 访2026-45 is a number, and
    without its sign that number of any channel.
    """
    typed = _folded(typed).strip()
    if not typed:
        return []
    number = re.fullmatch(r"([电访信网他]?)(\d{4})-(\d{1,6})", typed)
    if number:
        sign, year, serial = number.groups()
        return [[f"{each}{year}-{int(serial):04d}"] for each in sign or NUMBER_SIGNS.values()]
    compact = re.sub(r"[\s-]", "", typed)
    phone = _compact(typed)
    if re.fullmatch(r"\d{4,17}[\dx]|\d{4}|\d{3}x", phone):
        return [["#" + keyed_hash(phone.upper())], [phone]]
    if re.fullmatch(r"[a-z]+", compact):
        return [["^" + compact], [compact]]
    pairs = sorted(set(_pairs(typed)) | {w for w in _LATIN.findall(typed) if len(w) > 1})
    alternatives = [["^" + compact]]
    if pairs:
        alternatives.append(pairs)
    return alternatives
