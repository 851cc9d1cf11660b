"""The way of a demonstration station: apply, recommend, check on site, hang out, name, look anew.

The table is the whole map, each function one arrow on it. `_begin` locks the row and asks the map;
`_complete` writes the stage and one event. A condition that is not met stops the way, one that
nobody knows yet does not: bureau and city look at it and answer for what they write.
"""

from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.files import evidence
from stations.models import DayOff, Station
from stations.privacy import without_numbers
from stations.templatetags.words import full_day

from ..demonstration import (
    NO_RENEWAL,
    PUBLICITY_WORKING_DAYS,
    WARN_DAYS,
    CheckPoint,
    Ground,
    Stage,
    Step,
    valid_until,
)
from ..models import (
    Demonstration,
    DemonstrationCheck,
    DemonstrationEvent,
    DemonstrationObjection,
    DemonstrationPaper,
    DemonstrationPlan,
)
from . import naming_duties
from .candidates import candidate, grounds_of, staff_of

S = Stage
MOVES = {
    Step.RECOMMEND: ({S.APPLIED}, S.RECOMMENDED),
    Step.CHECK: ({S.RECOMMENDED}, S.CHECKED),
    Step.PUBLISH: ({S.CHECKED}, S.PUBLISHED),
    Step.OBJECT: ({S.PUBLISHED}, S.PUBLISHED),
    Step.SETTLE: ({S.PUBLISHED}, S.PUBLISHED),
    Step.NAME: ({S.PUBLISHED}, S.NAMED),
    Step.RENEW: ({S.NAMED}, S.NAMED),
    Step.DECLINE: ({S.APPLIED, S.RECOMMENDED, S.CHECKED, S.PUBLISHED}, S.DECLINED),
    Step.WITHDRAW: ({S.NAMED}, S.WITHDRAWN),
}


class NamingRefused(Exception):
    """A plain sentence why this cannot be done now."""


# ── Plan ──────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def plan(county, year, *, wanted, words, by):
    """Set how many stations a county means to name in a year; the earlier plan stays readable."""
    made = DemonstrationPlan.objects.create(
        county=county, year=year, wanted=wanted, words=words, set_by=by
    )
    naming_duties.tell(county)
    return made


# ── The way to the name ───────────────────────────────────────────────────────────────


@transaction.atomic
def apply(station, *, by, words, files):
    """Apply for a station with a statement and materials. Raises NamingRefused or FileRefused."""
    # Two of a station at once: the second finds what the first has handed in.
    station = (
        Station.objects.select_for_update(of=("self",))
        .select_related("county__division")
        .prefetch_related("township")
        .get(pk=station.pk)
    )
    today = timezone.localdate()
    stood = candidate(station, today)
    if stood.live:
        raise NamingRefused(
            _("This station has the name already.")
            if stood.live.stage == Stage.NAMED
            else _("This station's application is under way already.")
        )
    _stop_at_unmet(stood.conditions)
    made = Demonstration.objects.create(
        station=station,
        county=station.county,
        year=today.year,
        words=words,
        conditions=_kept(stood.conditions),
        applied_by=by,
    )
    _keep_files(made, Step.APPLY, files, by)
    _record(made, Step.APPLY, "", by=by)
    return made


def _kept(conditions):
    return [asdict(condition) for condition in conditions]


def _stop_at_unmet(conditions):
    unmet = [condition for condition in conditions if condition.state == "no"]
    if unmet:
        raise NamingRefused(
            _("Not met yet: %(conditions)s.")
            % {
                "conditions": "；".join(
                    _("%(name)s (%(says)s)") % {"name": each.name, "says": each.says}
                    for each in unmet
                )
            }
        )


def _keep_files(demonstration, step, files, by):
    for file in files:
        kept = evidence.add(demonstration.station, file, by=by)
        DemonstrationPaper.objects.get_or_create(
            demonstration=demonstration, evidence=kept, step=step, defaults={"added_by": by}
        )


@transaction.atomic
def recommend(demonstration, *, by, opinion):
    """Recommend a station to the city (县推荐); the conditions are looked at and kept anew."""
    demonstration = _begin(Step.RECOMMEND, demonstration)
    stood = candidate(demonstration.station, timezone.localdate())
    _stop_at_unmet(stood.conditions)
    demonstration.conditions = _kept(stood.conditions)
    demonstration.recommended_by, demonstration.recommended_at = by, timezone.now()
    demonstration.opinion = opinion
    return _complete(Step.RECOMMEND, demonstration, by=by, note=opinion)


@transaction.atomic
def check(demonstration, *, by, on, points, words, files):
    """Note the city's check on site (市实地查验): `points` is {point: (is met, words)}.

    A point that is not met ends the application; the station may apply again.
    """
    demonstration = _begin(Step.CHECK, demonstration)
    if by.pk in {demonstration.applied_by_id, demonstration.recommended_by_id}:
        raise NamingRefused(_("Who applied or recommended does not check; somebody else goes."))
    demonstration.checked_by, demonstration.checked_on = by, on
    demonstration.check_words = words
    DemonstrationCheck.objects.bulk_create(
        DemonstrationCheck(
            demonstration=demonstration, point=point, is_met=is_met, words=remark
        )
        for point, (is_met, remark) in points.items()
    )
    _keep_files(demonstration, Step.CHECK, files, by)
    failed = [CheckPoint(point).label for point, (is_met, _w) in points.items() if not is_met]
    if not failed:
        return _complete(Step.CHECK, demonstration, by=by, note=words)
    reason = _("Not met on site: %(points)s.") % {"points": "、".join(map(str, failed))}
    return _end(Step.DECLINE, demonstration, by=by, words=reason)


@transaction.atomic
def publish(demonstration, *, by):
    """Let the proposal hang out (公示): today, and five whole working days after it."""
    demonstration = _begin(Step.PUBLISH, demonstration)
    today = timezone.localdate()
    calendar = DayOff.objects.calendar(demonstration.county)
    demonstration.published_from = today
    demonstration.published_until = calendar.add_working_days(today, PUBLICITY_WORKING_DAYS)
    return _complete(Step.PUBLISH, demonstration, by=by)


@transaction.atomic
def note_objection(demonstration, *, by, came_on, words, said_by=""):
    """Keep what somebody says against a proposal that hangs out; it is looked into before naming."""
    demonstration = _begin(Step.OBJECT, demonstration)
    if came_on < demonstration.published_from:
        raise NamingRefused(
            _("The proposal hangs out since %(day)s; an objection comes after that.")
            % {"day": full_day(demonstration.published_from)}
        )
    DemonstrationObjection.objects.create(
        demonstration=demonstration,
        came_on=came_on,
        said_by=said_by,
        words=without_numbers(words),
        noted_by=by,
    )
    # The station reads the history, so what was said does not stand there.
    return _complete(Step.OBJECT, demonstration, by=by)


@transaction.atomic
def settle_objection(objection, *, by, is_founded, found):
    """Note what was found about an objection, once. One that is right keeps the station unnamed."""
    demonstration = _begin(Step.SETTLE, objection.demonstration)
    objection = DemonstrationObjection.objects.select_for_update(of=("self",)).get(
        pk=objection.pk
    )
    if objection.is_founded is not None:
        raise NamingRefused(
            _("%(who)s has looked into this objection already.") % {"who": objection.settled_by}
        )
    objection.is_founded, objection.found = is_founded, without_numbers(found)
    objection.settled_by, objection.settled_at = by, timezone.now()
    objection.save()
    said = _("it is right") if is_founded else _("it is not right")
    return _complete(Step.SETTLE, demonstration, by=by, note=said)


def _stop_at_objections(demonstration):
    states = set(demonstration.objections.values_list("is_founded", flat=True))
    if None in states:
        raise NamingRefused(_("An objection has not been looked into yet; that comes first."))
    if True in states:
        raise NamingRefused(
            _("An objection was found to be right: end the application with this reason.")
        )


@transaction.atomic
def name(demonstration, *, by, plaque_number):
    """Name the station and give it its plaque's number, once the proposal has hung out."""
    demonstration = _begin(Step.NAME, demonstration)
    today = timezone.localdate()
    if today <= demonstration.published_until:
        raise NamingRefused(
            _("The proposal hangs out until %(day)s; name the station after that.")
            % {"day": full_day(demonstration.published_until)}
        )
    _stop_at_objections(demonstration)
    demonstration.named_by, demonstration.named_on = by, today
    demonstration.plaque_number = plaque_number
    demonstration.valid_until = valid_until(today)
    demonstration.named_address = demonstration.station.address
    demonstration.named_staff = sorted(staff_of(demonstration.station, today))
    try:
        with transaction.atomic():
            return _complete(Step.NAME, demonstration, by=by, note=plaque_number)
    except IntegrityError as error:
        raise NamingRefused(_("Another plaque has this number.")) from error


# ── Afterwards ────────────────────────────────────────────────────────────────────────


@transaction.atomic
def renew(demonstration, *, by, words):
    """Confirm a name for two years more, at the earliest 90 days before they end (clock 35)."""
    demonstration = _begin(Step.RENEW, demonstration)
    if (demonstration.valid_until - timezone.localdate()).days > WARN_DAYS:
        raise NamingRefused(
            _("It is looked at anew in the %(count)d days before %(day)s.")
            % {"count": WARN_DAYS, "day": full_day(demonstration.valid_until)}
        )
    found = [
        ground
        for ground in grounds_of(demonstration, timezone.localdate())
        if ground in NO_RENEWAL
    ]
    if found:
        raise NamingRefused(
            _("It is not confirmed anew: %(grounds)s. Withdraw the name on this ground.")
            % {"grounds": "、".join(str(ground.label) for ground in found)}
        )
    demonstration.valid_until = valid_until(demonstration.valid_until)
    demonstration.named_address = demonstration.station.address
    demonstration.named_staff = sorted(staff_of(demonstration.station, timezone.localdate()))
    return _complete(Step.RENEW, demonstration, by=by, note=words)


@transaction.atomic
def decline(demonstration, *, by, words):
    """End an application without a name, with the reason."""
    return _end(Step.DECLINE, _begin(Step.DECLINE, demonstration), by=by, words=words)


@transaction.atomic
def withdraw(demonstration, *, by, ground, words):
    """Take a name back on one of the grounds; the plaque comes down."""
    demonstration = _begin(Step.WITHDRAW, demonstration)
    demonstration.ground = Ground(ground)
    return _end(Step.WITHDRAW, demonstration, by=by, words=words)


# ── Steps all of them take ────────────────────────────────────────────────────────────


def may(step, demonstration):
    """Whether the map allows a step from where an application or a name stands."""
    start, _end_stage = MOVES[step]
    return demonstration.stage in start


def _begin(step, demonstration):
    demonstration = (
        Demonstration.objects.select_for_update(of=("self",))
        .select_related("station__township", "station__county__division", "county__division")
        .get(pk=demonstration.pk)
    )
    if not may(step, demonstration):
        raise NamingRefused(too_late(demonstration))
    return demonstration


def too_late(demonstration):
    """The sentence for whoever wants a step that the map does not allow from here."""
    return _("This is not possible any more: it now stands at “%(stage)s”.") % {
        "stage": demonstration.get_stage_display()
    }


def _end(step, demonstration, *, by, words):
    demonstration.ended_by, demonstration.ended_on = by, timezone.localdate()
    demonstration.ended_words = words[:400]
    return _complete(step, demonstration, by=by, note=words)


def _complete(step, demonstration, *, by, note=""):
    before = demonstration.stage
    _start, demonstration.stage = MOVES[step]
    demonstration.save()
    _record(demonstration, step, before, by=by, note=note)
    return demonstration


def _record(demonstration, step, before, *, by, note=""):
    DemonstrationEvent.objects.create(
        demonstration=demonstration,
        step=step,
        from_stage=before,
        to_stage=demonstration.stage,
        by=by,
        note=note[:400],
    )
    naming_duties.tell(demonstration.county)
