"""What a record says of itself after its destruction, and whether it is held before it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..models import Hold
from ..roles import Ability
from ..templatetags.words import full_day
from .holds import hold_on


def destroyed_sentence(record):
    """该件已于2037年1月5日按保管期限销毁（清单霍销〔2037〕1号）; "" for a record that stands."""
    if not record.is_destroyed:
        return ""
    return _(
        "This record was destroyed on %(day)s when its time of keeping was over"
        " (list %(number)s). What is left is its skeleton."
    ) % {"day": full_day(record.destroyed_on), "number": record.destroyed_in.number}


@dataclass(frozen=True)
class HoldLine:
    """What the page of a record shows of its hold to whoever may set one."""

    target: str
    record_id: int
    hold: Hold | None


def hold_line(user, target, record):
    """Return the `HoldLine` of a record, None for who may not hold it."""
    if not user.may(Ability.KEEP_RECORDS):
        return None
    return HoldLine(target, record.pk, hold_on(target, record.pk))
