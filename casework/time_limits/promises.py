"""What a county promises for its clocks (承诺时限): set with a day, foreseen, and counted anew.

A promise is never overwritten: a new one ends the old. It may be shorter than the law's limit or fill
a gap the law leaves; a longer one would change nothing, because the earlier day is due.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from stations.models import County

from ..models import ClockRule
from ..rules.deadlines import LIMITS, Limit
from . import clocks, complaint_clocks, recounts


@dataclass(frozen=True)
class Promise:
    """One clock as a county's page shows it: the law's limit, the promise of today, all others."""

    limit: Limit
    current: ClockRule | None
    coming: ClockRule | None
    past: tuple[ClockRule, ...]


def promises(county, today):
    """Return every clock of the table with the county's promises, in one query."""
    rules = list(ClockRule.objects.filter(county=county).select_related("set_by"))
    found = []
    for number, limit in LIMITS.items():
        own = [rule for rule in rules if rule.number == number]
        current = ClockRule.in_force(own, number, today)
        coming = next((rule for rule in own if rule.valid_from > today), None)
        past = tuple(rule for rule in own if rule not in (current, coming))
        found.append(Promise(limit, current, coming, past))
    return found


def open_rule(county, number):
    """The promise without a last day, in force or to come; None where there is none."""
    return ClockRule.objects.filter(county=county, number=number, valid_to=None).first()


def foresee(county, number, *, rule, from_on, today):
    """Return (due days that would move, how many of them into the past). Nothing is written."""
    rules = list(ClockRule.objects.filter(county=county, number=number))
    for each in rules:
        if each.valid_to is None:
            each.valid_to = _last_day(each, from_on)
    counted = complaint_clocks if number in complaint_clocks.NUMBERS else clocks
    return counted.foresee(county, number, rules=[rule, *rules] if rule else rules, today=today)


@transaction.atomic
def set_promise(county, number, *, rule, from_on, by):
    """Let an unsaved rule hold from a day, or none; the county's open clocks are owed a new count.

    Returns the `Recount`, which a worker works on.
    """
    # Two officers at once: the second finds what the first has set.
    County.objects.select_for_update().get(pk=county.pk)
    if old := open_rule(county, number):
        old.valid_to = _last_day(old, from_on)
        old.save(update_fields=["valid_to"])
    if rule:
        rule.set_by = by
        rule.save()
    why = _("the county's promise changed")
    if number in complaint_clocks.NUMBERS:
        # A county has few complaints: they are counted at once.
        complaint_clocks.recount_county(county, why=why, numbers=[number])
    return recounts.ask_for(county, why=why, numbers=[number], by=by)


def _last_day(rule, from_on: date) -> date:
    """A promise corrected on its first day keeps that day in the history."""
    return max(rule.valid_from, from_on - timedelta(days=1))
