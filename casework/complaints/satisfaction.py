"""What visitors say 满意度: the code of a visit, one answer each, and what is done about a suggestion.

The code of an application is the one on its receipt. A register entry's code is made from its number
and a keyed hash, so that the register needs no column for it and nobody can guess one.
"""

import re
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.privacy import keyed_hash, without_numbers

from ..models import Application, RegisterEntry, SatisfactionAnswer
from ..terms import SatisfactionSource
from ..workflow import MoveRefused
from ..workflow.station import RECEIPT_SIGNS
from . import complaint_chores

# Of a visit's code: so many signs name the entry at least, and so many prove it.
_NAME_SIGNS, _PROOF_SIGNS = 4, 5
CODE_SIGNS = 8


@dataclass(frozen=True)
class Visit:
    """What a code stands for: an entry of the register, or an application."""

    entry: RegisterEntry | None = None
    application: Application | None = None

    @property
    def station(self):
        return (self.entry or self.application).station


def visit_code(entry):
    """Return the code of a register entry: its number in other signs, then the proof."""
    name, n = "", entry.pk
    while n:
        n, sign = divmod(n, len(RECEIPT_SIGNS))
        name = RECEIPT_SIGNS[sign] + name
    name = name.rjust(_NAME_SIGNS, RECEIPT_SIGNS[0])
    return name + _proof(name)


def _proof(name):
    hashed = keyed_hash(f"visit:{name}").encode()
    number = int.from_bytes(hashed)
    signs = ""
    for _n in range(_PROOF_SIGNS):
        number, sign = divmod(number, len(RECEIPT_SIGNS))
        signs += RECEIPT_SIGNS[sign]
    return signs


def read_code(text):
    """The code as it is kept: without blanks and dashes, in capitals."""
    return re.sub(r"[\s-]", "", text).upper()


def find_visit(code):
    """Return the `Visit` of a code, or None for one that is wrong, void or unknown."""
    code = read_code(code)
    if len(code) == CODE_SIGNS:
        found = Application.objects.select_related("station").filter(receipt_code=code).first()
        return Visit(application=found) if found else None
    name, proof = code[:-_PROOF_SIGNS], code[-_PROOF_SIGNS:]
    if not _NAME_SIGNS <= len(name) <= 12 or not set(name) <= set(RECEIPT_SIGNS):
        return None
    if _proof(name) != proof:
        return None
    pk = 0
    for sign in name:
        pk = pk * len(RECEIPT_SIGNS) + RECEIPT_SIGNS.index(sign)
    entry = RegisterEntry.objects.counted().select_related("station").filter(pk=pk).first()
    return Visit(entry=entry) if entry else None


def answered(visit):
    """Return what was answered for a visit, or None."""
    return SatisfactionAnswer.objects.filter(
        entry=visit.entry, application=visit.application
    ).first()


@transaction.atomic
def answer(station, visit, *, satisfaction, was_explained, was_charged, suggestion=""):
    """Keep one answer, for a visit or without one. Raises MoveRefused for a visit's second answer."""
    row = SatisfactionAnswer(
        station=visit.station if visit else station,
        source=SatisfactionSource.CODE if visit else SatisfactionSource.DESK,
        entry=visit.entry if visit else None,
        application=visit.application if visit else None,
        satisfaction=satisfaction,
        was_explained=was_explained,
        was_charged=was_charged,
        # Cut to size again: a blacked-out number may be longer than it was.
        suggestion=without_numbers(suggestion)[:300],
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as twice:
        raise MoveRefused(_("This visit has been answered for already. Thank you.")) from twice
    if row.suggestion:
        complaint_chores.refresh_later(row.station)
    return row


@transaction.atomic
def reply(row, *, by, words):
    """Say what was done about a suggestion, once. Raises MoveRefused when somebody has."""
    row = SatisfactionAnswer.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.reply:
        raise MoveRefused(_("%(who)s has answered this already.") % {"who": row.replied_by})
    row.reply, row.replied_by, row.replied_at = words, by, timezone.now()
    row.save()
    complaint_chores.refresh_later(row.station)
    return row
