"""Has this been asked before, and does anybody stand on both sides? Shown beside the form, never in the way.

Looks over all stations of the county by keyed hashes and indexed names. Of what the person may not
read, no more than the number of the file and its station is said.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stations.models import AidWorker
from stations.one_trip import OneTrip

from ..models import Application, Assignment, Party
from ..rules.sentiment import is_half_named, same_name
from ..terms import PartySide

# The same person with the same matter within so long is most likely the same request.
LOOKED_BACK = timedelta(days=365)
MOST = 3
# More candidates than this are nobody's to read through.
MOST_READ = 50


@dataclass(frozen=True)
class Match:
    """An earlier application of what may be the same person, and why, in words.

    `application` is None where the person at the desk may not read it.
    """

    number: str
    station: str
    reason: str
    score: int
    is_same_matter: bool
    application: Application | None = None


@dataclass(frozen=True)
class Conflict:
    """Somebody who stands on another side elsewhere, and why it matters, in words."""

    reason: str
    score: int
    number: str = ""
    application: Application | None = None


@dataclass(frozen=True)
class Checks:
    """What was found: at most three of each, the surest first."""

    matches: tuple[Match, ...]
    conflicts: tuple[Conflict, ...]
    # How many other applications of the year name the same other side.
    same_opponent: int

    @property
    def is_clear(self):
        return not (self.matches or self.conflicts or self.same_opponent)


@dataclass(frozen=True)
class _Person:
    """A name as it was written, the name as it is compared, and the hash of the number."""

    name: str
    key: str
    id_hash: str


def check(application, parties, *, user, today) -> Checks:
    """Compare an application, saved or still being typed, with the others of the county."""
    county = application.station.county
    others = Application.objects.filter(intake_county=county)
    if application.pk:
        others = others.exclude(pk=application.pk)
    people = _People(application, parties)
    since = timezone.make_aware(datetime.combine(today - LOOKED_BACK, time()))
    rows = OneTrip(
        matches=_perhaps_the_same(application, people, others, since),
        parties=_named_elsewhere(people, others),
        opposing=_applied_elsewhere(people, others),
        workers=_of_these_names(people, county),
    ).rows()
    matches = _matches(application, rows["matches"])
    conflicts = _conflicts(people, rows)
    files = _files(user, [each.file for each in (*matches, *conflicts) if each.file])
    return Checks(
        matches=tuple(each.as_match(files[each.file]) for each in matches),
        conflicts=tuple(each.as_conflict(files.get(each.file)) for each in conflicts),
        same_opponent=_same_opponent(people, others, since),
    )


@dataclass(frozen=True)
class _Found:
    """What speaks for a match or a conflict, and the key of the other file, if it is one."""

    score: int
    reason: str
    file: int | None = None
    is_same_matter: bool = False

    def as_match(self, file):
        return Match(
            number=file.number,
            station=file.station.short_name,
            reason=self.reason,
            score=self.score,
            is_same_matter=self.is_same_matter,
            application=file if file.is_readable else None,
        )

    def as_conflict(self, file):
        if not file:
            return Conflict(self.reason, self.score)
        readable = file if file.is_readable else None
        return Conflict(self.reason, self.score, file.number, readable)


def _files(user, keys):
    """The files found, by key: how they are called, and whether this person may open them."""
    if not keys:
        return {}
    visible = Application.objects.visible_to(user).filter(pk=OuterRef("pk"))
    files = (
        Application.objects.select_related("station", "intake_county")
        .only(
            "name",
            "status",
            "year",
            "serial",
            "station__short_name",
            "intake_county__short_name",
        )
        .annotate(is_readable=Exists(visible))
    )
    return files.in_bulk(keys)


class _People:
    """Who is who in an application, as keys and hashes."""

    def __init__(self, application, parties):
        self.applicant = _person(application.name, application.id_hash)
        self.agent = _person(application.agent_name, application.agent_id_hash)
        self.co_applicants = _side(parties, PartySide.CO_APPLICANT)
        self.opponents = _side(parties, PartySide.OPPONENT)
        self.opponent_agents = _side(parties, PartySide.OPPONENT_AGENT)

    @property
    def ours(self):
        people = (self.applicant, self.agent, *self.co_applicants)
        return [person for person in people if person.key]

    @property
    def theirs(self):
        return [*self.opponents, *self.opponent_agents]


def _person(name, id_hash):
    name = (name or "").strip()
    return _Person(name, same_name(name), id_hash or "")


def _side(parties, side):
    return [_person(party.name, party.id_hash) for party in parties if party.side == side]


# ── The same person, the same matter ────────────────────────────────────────────────────


def _perhaps_the_same(application, people, others, since):
    if not (application.id_hash or application.name):
        return others.none()
    same_side = Party.objects.filter(
        application=OuterRef("pk"),
        side=PartySide.OPPONENT,
        name_key__in=[person.key for person in people.opponents],
    )
    return (
        others.perhaps_same_person(
            id_hash=application.id_hash,
            phone_hash=application.phone_hash,
            name=application.name,
            village=application.village,
        )
        .filter(received_at__gte=since)
        .only("id_hash", "phone_hash", "aid_matter")
        .annotate(is_same_opponent=Exists(same_side))[:MOST_READ]
    )


def _matches(application, others):
    matches = [_match(application, other) for other in others]
    matches.sort(key=lambda match: -match.score)
    return matches[:MOST]


def _match(application, other):
    same_id = bool(application.id_hash) and other.id_hash == application.id_hash
    same_phone = bool(application.phone_hash) and other.phone_hash == application.phone_hash
    is_same_matter = other.aid_matter_id == application.aid_matter_id
    if same_id:
        reasons = [_("same identity number")]
    elif same_phone:
        reasons = [_("same phone, same name")]
    else:
        reasons = [_("same village, same name")]
    if is_same_matter:
        reasons.append(_("same matter"))
    if other.is_same_opponent:
        reasons.append(_("same other side"))
    score = 50 * same_id + 20 * same_phone + 30 * is_same_matter + 15 * other.is_same_opponent
    return _Found(
        score, pgettext("between clauses", ", ").join(reasons), other.pk, is_same_matter
    )


def _same_opponent(people, others, since):
    """Many who name one other side may be a matter of many (rules 4.6)."""
    keys = [person.key for person in people.opponents if _tells_somebody(person)]
    if not keys:
        return 0
    return (
        others.filter(
            received_at__gte=since,
            parties__name_key__in=keys,
            parties__side=PartySide.OPPONENT,
        )
        .values("pk")
        .distinct()
        .count()
    )


def _tells_somebody(person):
    return len(person.key) > 1 and not is_half_named(person.key)


# ── Both sides ──────────────────────────────────────────────────────────────────────────


def _conflicts(people, rows):
    conflicts = [
        *_parties_elsewhere(people, rows["parties"]),
        *_they_oppose_us_elsewhere(people, rows["opposing"]),
        *_workers(people, rows["workers"]),
    ]
    # One reason is enough for one file, and the surest comes first.
    best = {}
    for conflict in sorted(conflicts, key=lambda each: -each.score):
        best.setdefault(conflict.file or conflict.reason, conflict)
    return list(best.values())[:MOST]


def _named(people):
    """Condition on `Party`: one of these, by number or by name."""
    condition = Q(pk__in=[])
    keys = [person.key for person in people if _tells_somebody(person)]
    if keys:
        condition |= Q(name_key__in=keys)
    if hashes := _hashes(people):
        condition |= Q(id_hash__in=hashes)
    return condition


def _names(people):
    return [person.name for person in people if _tells_somebody(person)]


def _hashes(people):
    return [person.id_hash for person in people if person.id_hash]


def _same(person, name_key, id_hash):
    """How surely two are one: 2 by the number, 1 by the name alone, 0 not at all."""
    if person.id_hash and id_hash:
        return 2 if person.id_hash == id_hash else 0
    return 1 if person.key and person.key == name_key else 0


def _sure(surety, words):
    return words if surety == 2 else _("%(words)s (same name)") % {"words": words}


def _named_elsewhere(people, others):
    """Whoever applies here is the other side elsewhere, or the other side here applies together there."""
    against_us = Q(side__in=[PartySide.OPPONENT, PartySide.OPPONENT_AGENT])
    with_them = Q(side=PartySide.CO_APPLICANT)
    parties = Party.objects.filter(
        _named(people.ours) & against_us | _named(people.theirs) & with_them,
        application__in=others.order_by().values("pk"),
    )
    return parties.only("application", "side", "name_key", "id_hash")[:MOST_READ]


def _parties_elsewhere(people, parties):
    for party in parties:
        is_with_them = party.side == PartySide.CO_APPLICANT
        for person in people.theirs if is_with_them else people.ours:
            surety = _same(person, party.name_key, party.id_hash)
            if not surety:
                continue
            if is_with_them:
                words = _("the other side here has applied there")
            elif person is people.agent:
                words = _("the agent here stands on the other side there")
            else:
                words = _("whoever applies here is the other side there")
            score = (35 if is_with_them else 40) * surety
            yield _Found(score, _sure(surety, words), party.application_id)


def _applied_elsewhere(people, others):
    """The other side here has applied for aid elsewhere, or acts there as an agent."""
    names, hashes = _names(people.theirs), _hashes(people.theirs)
    # Applicants and agents are people: their names stand as they were written.
    condition = Q(name__in=names) | Q(agent_name__in=names)
    if hashes:
        condition |= Q(id_hash__in=hashes) | Q(agent_id_hash__in=hashes)
    handlers = Assignment.objects.filter(application=OuterRef("pk"), ended_on=None)
    return (
        others.filter(condition)
        .only("name", "id_hash", "agent_name", "agent_id_hash")
        .annotate(handled_by=Subquery(handlers.values("worker__name")[:1]))[:MOST_READ]
    )


def _they_oppose_us_elsewhere(people, applications):
    theirs = [person for person in people.theirs if _tells_somebody(person) or person.id_hash]
    for other in applications:
        for person in theirs:
            surety = _same(person, same_name(other.name), other.id_hash)
            if surety:
                words = _their_applicant(other)
                yield _Found(35 * surety, _sure(surety, words), other.pk)
            surety = _same(person, same_name(other.agent_name), other.agent_id_hash)
            if surety:
                words = _("the other side here is an agent there")
                yield _Found(30 * surety, _sure(surety, words), other.pk)


def _their_applicant(other):
    if other.handled_by:
        words = _("the other side here has aid there, from %(worker)s")
        return words % {"worker": other.handled_by}
    return _("the other side here has applied there")


def _of_these_names(people, county):
    everybody = [*people.ours, *people.theirs]
    names, hashes = _names(everybody), _hashes(everybody)
    workers = AidWorker.objects.filter(unit__county=county, left_on=None)
    return workers.filter(Q(name__in=names) | Q(id_hash__in=hashes)).only("name", "id_hash")


def _workers(people, workers):
    """An aid worker of the county is a party here, or acts for the other side."""
    for worker in workers:
        for person in (*people.ours, *people.theirs):
            surety = _same(person, same_name(worker.name), worker.id_hash)
            if not surety:
                continue
            words = (
                _("%(name)s, an aid worker of the county, acts for the other side")
                if person in people.opponent_agents
                else _("%(name)s, an aid worker of the county, is a party here")
            )
            yield _Found(45 * surety, _sure(surety, words % {"name": worker.name}))
