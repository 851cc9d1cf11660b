"""Early signs: found every night, reported or dismissed by the bureau, one row for one cluster.

The rules may run at any moment and any number of times: what has not changed is not written, and
what has grown is the same row. Each step leaves an `EarlySignEvent`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from stations import chores
from stations.calendar import clock_faces
from stations.chores import Owed, owes
from stations.models import ChoreKind, County, DayOff, Look, LookKind
from stations.roles import Role
from stations.sayings import saying
from stations.templatetags.words import full_day

from ..analysis.clusters import clusters, hashes
from ..models import EarlySign, EarlySignEvent
from ..rules.sentiment import OPPONENT_DAYS, is_graver
from ..terms import SETTLED, SignalLevel, SignMove, SignRule, SignState

# Clock 26: a grave sign is reported in writing within so long, and by phone at once.
GRAVE_WITHIN = timedelta(hours=2)
# How a grave one went on is reported again within so long of the first report (rules 4.6).
FOLLOW_UP_WITHIN = timedelta(hours=24)
# What the rules find at night is there when the office opens.
OFFICE_OPENS, OFFICE_CLOSES = time(8), time(18)
# What was settled wakes again when it has so many times as many persons.
AWAKE_AT = 2


class SignRefused(Exception):
    """A plain sentence why this cannot be done with the sign now."""


# ── The rules ─────────────────────────────────────────────────────────────────────────


@transaction.atomic
def find(county, today):
    """Find the clusters of a county's last 30 days; return how many signs were new or changed."""
    # One at a time: two that find the same would both want to write it.
    county = County.objects.select_for_update(no_key=True).get(pk=county.pk)
    found = clusters(county, today)
    known = {}
    for sign in EarlySign.objects.filter(
        county=county, last_on__gte=today - timedelta(days=2 * OPPONENT_DAYS)
    ).order_by("last_on"):
        known[sign.rule, sign.key] = sign
    changed = 0
    for cluster, rows_hash in zip(found, hashes(found), strict=True):
        sign = known.get((cluster.rule, cluster.key))
        if sign is None or cluster.first_on > sign.last_on + timedelta(days=OPPONENT_DAYS):
            _create(county, cluster, rows_hash)
        elif sign.rows_hash == rows_hash:
            continue
        else:
            _update(sign, cluster, rows_hash)
        changed += 1
    if changed:
        chores.refresh_later(county, ChoreKind.SIGN)
    return changed


def _fields(cluster, rows_hash):
    return {
        "name": cluster.name[:80],
        "kind": cluster.signal.kind,
        "subject": cluster.signal.subject[:80],
        "facts": cluster.signal.facts,
        "last_on": cluster.last_on,
        "persons": cluster.persons,
        "entry_ids": list(cluster.entry_ids),
        "application_ids": list(cluster.application_ids),
        "rows_hash": rows_hash,
    }


def _create(county, cluster, rows_hash):
    sign = EarlySign.objects.create(
        county=county,
        rule=cluster.rule,
        key=cluster.key[:80],
        level=cluster.signal.level,
        first_on=cluster.first_on,
        **_fields(cluster, rows_hash),
    )
    _note(sign, SignMove.FIND)


def _update(sign, cluster, rows_hash):
    """The same cluster, with other rows. A level once reached stays; a graver one starts the clock."""
    for name, value in _fields(cluster, rows_hash).items():
        setattr(sign, name, value)
    sign.first_on = min(sign.first_on, cluster.first_on)
    sign.last_on = max(sign.last_on, cluster.last_on)
    is_awake = is_graver(cluster.signal.level, sign.level)
    if is_awake:
        sign.level = cluster.signal.level
    elif sign.is_settled:
        settled = sign.events.filter(move__in=[SignMove.REPORT, SignMove.DISMISS]).last()
        is_awake = sign.persons >= AWAKE_AT * max(settled.persons, 1)
    if is_awake:
        sign.raised_at = timezone.now()
        if sign.is_settled:
            sign.state, sign.words = SignState.FOUND, ""
            sign.settled_by = sign.settled_at = None
    sign.save()
    if is_awake:
        _note(sign, SignMove.GROW)


def _note(sign, move, *, by=None, note=""):
    EarlySignEvent.objects.create(
        sign=sign,
        move=move,
        by=by,
        level=sign.level,
        persons=sign.persons,
        rows=sign.rows,
        rows_hash=sign.rows_hash,
        note=note,
    )


# ── What people do ────────────────────────────────────────────────────────────────────


@transaction.atomic
def look(sign, *, by):
    """Note who of the bureau looked at a sign first. A second look changes nothing."""
    sign = _locked(sign)
    if sign.state == SignState.FOUND:
        sign.state = SignState.SEEN
        if sign.seen_by is None:
            sign.seen_by, sign.seen_at = by, timezone.now()
        sign.save(update_fields=["state", "seen_by", "seen_at"])
        _note(sign, SignMove.LOOK, by=by)
    return sign


def report(sign, *, by, words):
    """Note to whom and how a sign was reported. Raises SignRefused when it is settled."""
    return _settle(sign, SignState.REPORTED, SignMove.REPORT, by, words)


@transaction.atomic
def follow_up(sign, *, by, words):
    """Note what was reported further of a reported sign (续报); there may be several."""
    sign = _locked(sign)
    if sign.state != SignState.REPORTED:
        raise SignRefused(_("Report it first; what comes after that is reported further."))
    _note(sign, SignMove.FOLLOW_UP, by=by, note=words)
    chores.refresh_later(sign.county, ChoreKind.SIGN)
    return sign


def follow_up_due_at(sign):
    """By when a grave sign that was reported is reported further; None when nothing is owed."""
    if sign.state != SignState.REPORTED or sign.level != SignalLevel.GRAVE:
        return None
    is_done = any(
        event.move == SignMove.FOLLOW_UP and event.at >= sign.settled_at
        for event in sign.events.all()
    )
    return None if is_done else sign.settled_at + FOLLOW_UP_WITHIN


def dismiss(sign, *, by, words):
    """Note why nothing is in a sign. Raises SignRefused when it is settled."""
    return _settle(sign, SignState.DISMISSED, SignMove.DISMISS, by, words)


@transaction.atomic
def _settle(sign, state, move, by, words):
    sign = _locked(sign)
    if sign.is_settled:
        raise SignRefused(
            _("%(who)s has settled this already on %(day)s: %(state)s.")
            % {
                "who": sign.settled_by,
                "day": full_day(timezone.localdate(sign.settled_at)),
                "state": sign.get_state_display(),
            }
        )
    now = timezone.now()
    sign.state, sign.words = state, words
    sign.settled_by, sign.settled_at = by, now
    if sign.seen_by is None:
        sign.seen_by, sign.seen_at = by, now
    sign.save()
    _note(sign, move, by=by, note=words)
    chores.refresh_later(sign.county, ChoreKind.SIGN)
    return sign


def _locked(sign):
    return (
        EarlySign.objects.select_for_update(of=("self",))
        .select_related("county__division")
        .prefetch_related("settled_by")
        .get(pk=sign.pk)
    )


def open_rows(sign, *, by):
    """Note that somebody opened the rows of a sign; every opening leaves a trace."""
    return Look.objects.create(
        kind=LookKind.REVEAL,
        user=by,
        county=sign.county,
        subject=f"early_sign:{sign.pk}",
        count=sign.rows,
        reason=_("the rows of an early sign"),
    )


# ── Its clock ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Due:
    """By when a sign is reported: a moment for a grave one, a day for a watched one, else neither."""

    day: date | None
    moment: datetime | None = None


def starts_at(raised_at: datetime) -> datetime:
    """Return when the clock of a sign begins: found at night, when the office opens."""
    local = timezone.localtime(raised_at)
    if local.time() < OFFICE_OPENS:
        return local.replace(hour=OFFICE_OPENS.hour, minute=0, second=0, microsecond=0)
    if local.time() >= OFFICE_CLOSES:
        opens = local + timedelta(days=1)
        return opens.replace(hour=OFFICE_OPENS.hour, minute=0, second=0, microsecond=0)
    return local


def due_of(sign, calendar) -> Due:
    """Clock 26: 重大 within two hours, on days of rest too; 关注 on the same working day."""
    start = starts_at(sign.raised_at)
    if sign.level == SignalLevel.GRAVE:
        moment = start + GRAVE_WITHIN
        return Due(timezone.localdate(moment), moment)
    if sign.level == SignalLevel.WATCH:
        return Due(calendar.first_working_day_from(start.date()))
    return Due(None)


def clock_of(sign, calendar, now):
    """Return the clock a page shows, or None for a sign that is said with the month."""
    due = due_of(sign, calendar)
    if due.day is None:
        return None
    if sign.settled_at:
        return clock_faces.clock(
            timezone.localdate(now),
            due.day,
            due.day,
            calendar,
            done_on=timezone.localdate(sign.settled_at),
        )
    if due.moment:
        return clock_faces.hours_clock(now, starts_at(sign.raised_at), due.moment)
    start = timezone.localdate(sign.raised_at)
    return clock_faces.clock(timezone.localdate(now), start, due.day, calendar, working=True)


@owes(ChoreKind.SIGN)
def owed_signs(place, today):
    """What the bureau has to report or to dismiss by a clock; without names, for lists of chores."""
    if not isinstance(place, County):
        return
    calendar = DayOff.objects.calendar(place)
    yield from _owed_further(place)
    signs = EarlySign.objects.filter(county=place).exclude(state__in=SETTLED)
    # Usual ones are said with the month.
    signs = signs.exclude(level=SignalLevel.USUAL)
    for sign in signs.defer("entry_ids", "application_ids"):
        is_grave = sign.level == SignalLevel.GRAVE
        yield Owed(
            key=str(sign.pk),
            title=saying(
                ngettext_lazy(
                    "%(level)s sign: %(rule)s, %(count)d person",
                    "%(level)s sign: %(rule)s, %(count)d persons",
                    sign.persons,
                ),
                level=SignalLevel(sign.level).label,
                rule=SignRule(sign.rule).label,
                count=sign.persons,
            ),
            text=gettext_lazy("Phone at once, then report in writing.")
            if is_grave
            else gettext_lazy("Look at it, then report it or say why not."),
            url=sign.get_absolute_url(),
            act=gettext_lazy("See the sign"),
            roles=(Role.OFFICER,),
            rule=gettext_lazy("County's rule: grave in 2 hours, watch the same day"),
            since_on=timezone.localdate(sign.raised_at),
            due_on=due_of(sign, calendar).day,
        )


def _owed_further(county):
    """Grave signs that were reported and not yet reported further."""
    reported = (
        EarlySign.objects.filter(
            county=county, state=SignState.REPORTED, level=SignalLevel.GRAVE
        )
        .defer("entry_ids", "application_ids")
        .prefetch_related("events")
    )
    for sign in reported:
        due_at = follow_up_due_at(sign)
        if due_at is None:
            continue
        yield Owed(
            key=f"{sign.pk}:further",
            title=saying(
                gettext_lazy("Grave sign reported: %(rule)s. Report further how it went on"),
                rule=SignRule(sign.rule).label,
            ),
            url=sign.get_absolute_url(),
            act=gettext_lazy("Report further"),
            roles=(Role.OFFICER,),
            rule=gettext_lazy("County's rule: within 24 hours of the first report"),
            since_on=timezone.localdate(sign.settled_at),
            due_on=timezone.localdate(due_at),
        )
