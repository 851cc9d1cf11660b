"""What the filters of every list share: a view is its address, which can be kept and sent.

No whole number of a person stands in one; numbers go by their keyed hashes.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..rules.search import take_out_numbers

# Signs of what is searched for.
MOST_WORDS = 60
# The register of paper begins nowhere before this; later days stand for a slip of the finger.
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Chip:
    """One condition that holds: how it reads, and the address without it."""

    label: str
    query: str


class SeveralField(forms.MultipleChoiceField):
    """A parameter that may stand more than once; an empty one, from a list left alone, is none."""

    def to_python(self, value):
        return super().to_python([part for part in value or [] if part])


class DayField(forms.DateField):
    """A day of the address, written 2026-11-05."""

    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": gettext_lazy("Write the day like 2026-11-05.")},
            **kwargs,
        )

    def validate(self, value):
        super().validate(value)
        if value and not EARLIEST <= value <= LATEST:
            raise forms.ValidationError(_("There is no register of that day. Check the year."))


class NumberField(forms.RegexField):
    """Whole telephone or identity numbers, as their keyed hashes: the address never shows a number."""

    def __init__(self):
        super().__init__(
            r"^[\w-]{22}( [\w-]{22})*$",
            label=gettext_lazy("whole number"),
            required=False,
            max_length=200,
            error_messages={"invalid": gettext_lazy("Type the number in the box above.")},
        )


def address_of(typed):
    """Return the query of the address for what was typed into a form of filters.

    Whole numbers among the words go into it as hashes; an empty `from` stays, it means all days.
    """
    words, hashes = take_out_numbers(typed.get("q", "")[: MOST_WORDS + 1])
    pairs = []
    for name in typed:
        if name == "csrfmiddlewaretoken" or (name == "number" and hashes):
            continue
        values = [words] if name == "q" else typed.getlist(name)
        pairs += [(name, value) for value in values if value or name in ("from", "to")]
    if hashes:
        pairs.append(("number", " ".join(hashes)))
    return urlencode(pairs)


def names_a_number(parameters):
    """Whether somebody's whole number stands in an address, which then is to be led to another."""
    return bool(take_out_numbers(parameters.get("q", ""))[1])


class ParameterField(forms.CharField):
    """A short text of the address that is a code or a name."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=60, **kwargs)
