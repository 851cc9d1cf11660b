"""Words of ours that rows keep: said in the language of whoever reads the row, not of whoever wrote it.

A lazy string is a function and what it is called with. A `SayingField` keeps just that and calls it
again when the row is read; words that people typed are kept as they are.
"""

import json
from datetime import date

from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, ngettext, npgettext, pgettext, pgettext_lazy

# How a saying begins in the database.
SIGN = '{"say":'
COMMA = pgettext_lazy("list", ", ")

# What is kept outlives a release: who speaks keeps its name, and gets no new duties without a default.


def _fill(words, values):
    return words % (values if isinstance(values, dict) else tuple(values))


def _join(words, comma=COMMA):
    return str(comma).join(map(str, words))


def _date(day, form):
    return date_format(date.fromisoformat(day), str(form))


def _type(words):
    return words


_filled, _joined, _dated, _typed = (lazy(say, str) for say in (_fill, _join, _date, _type))
SPEAKERS = {
    say.__name__: say
    for say in (gettext, pgettext, ngettext, npgettext, _fill, _join, _date, _type)
}


def saying(words, *values, **named):
    """Return lazy words with their gaps filled; what fills them may be lazy too."""
    return _filled(words, named or list(values))


def listed(words, comma=COMMA):
    """Return a lazy list of words, with the comma of the reader's language."""
    return _joined(list(words), comma)


def dated(day, form):
    """Return a lazy date in a format, or the name of one, of the reader's language."""
    return _dated(day.isoformat(), form)


class SayingField(models.TextField):
    """Lazy words are kept as what they are made of and read in today's language; others as text."""

    def from_db_value(self, value, expression, connection):
        return _said(json.loads(value)) if value and value.startswith(SIGN) else value

    def get_prep_value(self, value):
        if isinstance(value, str) and value.startswith(SIGN):
            value = _typed(value)
        if isinstance(value, Promise):
            return json.dumps(_kept(value), ensure_ascii=False)
        return super().get_prep_value(value)


def _kept(value):
    if isinstance(value, Promise):
        # What Django would pickle of it.
        speaker, args, kwargs = value.__reduce__()[1][:3]
        return {"say": speaker.__name__, "args": _kept(args), "kwargs": _kept(kwargs)}
    if isinstance(value, dict):
        return {name: _kept(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(each) for each in value]
    return value if isinstance(value, int) else str(value)


def _said(value):
    if isinstance(value, dict) and "say" in value:
        return SPEAKERS[value["say"]](*_said(value["args"]), **_said(value["kwargs"]))
    if isinstance(value, dict):
        return {name: _said(each) for name, each in value.items()}
    return [_said(each) for each in value] if isinstance(value, list) else value
