"""What a look was at, in words: each floor names its own kinds of record, and its own lists.

`Look.subject` says "entry:5218" of a record, "user:16 appointed head" of an act on an account, and
"register?channel=visit" of a list. All looks of a page are named with a few queries, one per kind.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext

from ..roles import Role

# {how a subject begins: function}
NAMERS: dict[str, Callable[[Iterable[int]], dict[int, "Thing"]]] = {}
LISTS: dict[str, tuple[str | Promise, Callable[[Iterable[str]], dict[str, list[str]]]]] = {}
PERSONS: dict[str, Callable[[Iterable[int]], dict[int, str]]] = {}

# What can be done to an account: the rest of a subject behind its number.
DONE_TO_ACCOUNT = {
    "appointed": gettext_lazy("given the post"),
    "changed": gettext_lazy("name or licence set right"),
    "closed": gettext_lazy("account closed"),
    "created": gettext_lazy("account created"),
    "ended": gettext_lazy("appointment ended"),
    "password reset": gettext_lazy("given a new first password"),
    "reopened": gettext_lazy("account reopened"),
}


@dataclass(frozen=True)
class Thing:
    """What was looked at: how people call it, and its page, for whoever may open that."""

    words: str
    url: str = ""


def names(*kinds):
    """Register a function `(ids) -> {id: Thing}` for subjects like "entry:5218"."""

    def register(function):
        NAMERS.update(dict.fromkeys(kinds, function))
        return function

    return register


def names_list(kind, label):
    """Register a function `(queries) -> {query: [condition in words]}` for "register?channel=visit"."""

    def register(function):
        LISTS[kind] = (label, function)
        return function

    return register


def names_person(*kinds):
    """Register a function `(ids) -> {id: keyed hash of the person's identity number}`."""

    def register(function):
        PERSONS.update(dict.fromkeys(kinds, function))
        return function

    return register


@dataclass(frozen=True)
class Subject:
    """A subject taken apart: its kind; the number of a record, or the query of a list; what was done."""

    kind: str
    number: int | None = None
    query: str | None = None
    act: str = ""


def taken_apart(subject):
    """Return the `Subject` that a text says; one of no kind known keeps just its text."""
    kind, _mark, query = subject.partition("?")
    if kind in LISTS and _mark:
        return Subject(kind, query=query)
    kind, _mark, rest = subject.partition(":")
    if kind in LISTS:
        return Subject(kind, query=rest.strip())
    number, _space, act = rest.strip().partition(" ")
    if kind in NAMERS and number.isdecimal():
        return Subject(kind, number=int(number), act=act)
    return Subject(subject)


def things_of(subjects):
    """Return {subject: Thing} of the texts, with the same few queries for any number of them."""
    apart = {text: taken_apart(text) for text in subjects}
    numbers, queries = defaultdict(set), defaultdict(set)
    for subject in apart.values():
        if subject.number is not None:
            numbers[NAMERS[subject.kind]].add(subject.number)
        elif subject.query is not None:
            queries[subject.kind].add(subject.query)
    found = {namer: namer(ids) for namer, ids in numbers.items()}
    said = {kind: LISTS[kind][1](asked) for kind, asked in queries.items()}
    return {text: _thing(text, subject, found, said) for text, subject in apart.items()}


def _thing(text, subject, found, said):
    if subject.query is not None:
        label, _function = LISTS[subject.kind]
        conditions = pgettext("between clauses", ", ").join(said[subject.kind][subject.query])
        colon = pgettext("before a sentence", ": ")
        return Thing(f"{label}{colon}{conditions}" if conditions else f"{label}")
    if subject.number is None:
        return Thing(text)
    thing = found[NAMERS[subject.kind]].get(subject.number) or Thing(text)
    if subject.act:
        return Thing(
            thing.words + pgettext("between clauses", ", ") + _done(subject.act), thing.url
        )
    return thing


def _done(act):
    """A known act in words, with its role: 任命：站长; another as it was written."""
    done, _space, role = (
        act.rpartition(" ") if act.split(" ")[-1] in Role.values else (act, "", "")
    )
    words = f"{DONE_TO_ACCOUNT.get(done, done)}"
    return (
        words + pgettext("before a sentence", ": ") + f"{Role(role).label}" if role else words
    )


def persons_of(subjects):
    """Return {subject: keyed hash of the person it is about}; only of those with an identity number."""
    numbers = defaultdict(set)
    apart = {text: taken_apart(text) for text in subjects}
    for subject in apart.values():
        if subject.number is not None and subject.kind in PERSONS:
            numbers[PERSONS[subject.kind]].add(subject.number)
    found = {function: function(ids) for function, ids in numbers.items()}
    persons = {
        text: found[PERSONS[subject.kind]].get(subject.number, "")
        for text, subject in apart.items()
        if subject.number is not None and subject.kind in PERSONS
    }
    return {text: person for text, person in persons.items() if person}
