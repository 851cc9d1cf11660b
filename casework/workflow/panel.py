"""The county's panel for one application: the rows that `casework.rules.suggestions` is asked with."""

from django.db.models import Count, Q
from django.utils import timezone

from stations.models import AidWorker

from ..models import Application, Assignment
from ..rules.sentiment import same_name
from ..rules.suggestions import Candidate, Case, Somebody, exclusions, speciality_of, suggest
from ..terms import IN_HAND, AgentReason, AidKind, Category, PartyKind, PartySide, Status

ADULT_AT = 18


def with_load(workers):
    """Each worker with `open_cases` in hand, of which `unengaged`, and `owed_files` after closing."""
    now = Q(assignments__ended_on=None)
    in_hand = now & Q(assignments__application__status__in=IN_HAND)
    return workers.annotate(
        open_cases=Count("assignments", filter=in_hand),
        unengaged=Count(
            "assignments",
            filter=in_hand & Q(assignments__engaged_on=None, assignments__engagement_excuse=""),
        ),
        owed_files=Count(
            "assignments",
            filter=now
            & Q(
                assignments__application__status=Status.CLOSED,
                assignments__application__closing__materials_on=None,
            ),
        ),
    )


def suggestions_for(application, *, on=None, is_life_or_death=None, without=None):
    """Return the `Suggestions` for an application on a day, today unless told otherwise.

    `is_life_or_death` overrides what is written in the application; `without` leaves out the
    person who handles it now. Four queries, however long the panel is.
    """
    on = on or timezone.localdate()
    workers = AidWorker.objects.filter(unit__county=application.county_id).on_panel(on)
    if without:
        workers = workers.exclude(pk=without.pk)
    case = case_of(application, on=on, is_life_or_death=is_life_or_death)
    return suggest(case, _candidates(application, workers, on), on)


def why_not(application, worker, *, on=None, is_life_or_death=None):
    """Return every reason why one person may not be assigned the application; none when they may."""
    on = on or timezone.localdate()
    case = case_of(application, on=on, is_life_or_death=is_life_or_death)
    workers = AidWorker.objects.filter(pk=worker.pk, unit__county=application.county_id)
    [candidate] = _candidates(application, workers, on)
    return exclusions(case, candidate, on)


def case_of(application, *, on, is_life_or_death=None):
    """Return what the suggestions look at of an application."""
    matter_code = application.matter.code if application.matter_id else ""
    is_criminal = (
        application.aid_matter.category == Category.CRIMINAL
        or application.aid_kind == AidKind.CRIMINAL_DEFENCE
    )
    if is_life_or_death is None:
        is_life_or_death = application.is_life_or_death
    return Case(
        speciality=speciality_of(application.aid_matter.code, matter_code),
        is_criminal=is_criminal,
        is_life_or_death=is_criminal and is_life_or_death,
        is_minor=_is_minor(application, on),
        township_code=_township_code(application),
        people=tuple(_people(application)),
    )


def _township_code(application):
    """Where the applicant lives, else where the station is."""
    if application.village_id:
        return application.village.code[:9]
    return application.station.township.code


def _is_minor(application, on):
    if application.agent_reason == AgentReason.MINOR:
        return True
    born = application.birth_on
    if born is None:
        return False
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < ADULT_AT


def _people(application):
    yield Somebody("", same_name(application.name), application.id_hash)
    if application.agent_name:
        yield Somebody("", same_name(application.agent_name), application.agent_id_hash)
    for party in application.parties.all():
        yield Somebody(party.side, party.name_key, party.id_hash)


def _candidates(application, workers, on):
    """The candidates of some workers: their load, and whom else they and their units act for."""
    workers = (
        with_load(workers)
        .select_related("unit")
        .annotate(
            cases_this_year=Count(
                "assignments", filter=Q(assignments__assigned_on__year=on.year)
            )
        )
    )
    their_workers, their_units = _who_acts_for_other_side(application)
    return [
        Candidate(
            worker=worker.pk,
            name=worker.name,
            kind=worker.kind,
            unit_name=worker.unit.name,
            name_key=same_name(worker.name),
            unit_key=same_name(worker.unit.name),
            id_hash=worker.id_hash,
            has_licence_number=bool(worker.licence_number),
            licence_to=worker.licence_to,
            practising_since=worker.practising_since,
            criminal_defence_since=worker.criminal_defence_since,
            joined_on=worker.joined_on,
            left_on=worker.left_on,
            specialities=frozenset(worker.specialities),
            knows_minors=worker.knows_minors,
            township_code=worker.township_code,
            open_cases=worker.open_cases,
            cases_this_year=worker.cases_this_year,
            acts_for_other_side=worker.pk in their_workers,
            unit_acts_for_other_side=worker.unit_id in their_units,
        )
        for worker in workers
    ]


def _who_acts_for_other_side(application):
    """Return (workers, units) with an open case for a person who is the other side here.

    The workers only where the identity numbers agree; where a number is missing the name makes
    the unit worth a look.
    """
    others = [
        party
        for party in application.parties.all()
        if party.side == PartySide.OPPONENT and party.kind == PartyKind.PERSON
    ]
    if not others:
        return set(), set()
    numbers = {party.id_hash for party in others if party.id_hash}
    theirs = Application.objects.filter(
        Q(id_hash__in=numbers)
        | Q(name__in=[party.name for party in others if not party.id_hash])
        | Q(name__in=[party.name for party in others], id_hash="")
    ).exclude(pk=application.pk)
    rows = list(
        Assignment.objects.filter(
            ended_on=None, application__in=theirs, application__status__in=IN_HAND
        ).values_list("worker", "worker__unit", "application__id_hash")
    )
    return (
        {worker for worker, _unit, id_hash in rows if id_hash and id_hash in numbers},
        {unit for _worker, unit, _id_hash in rows},
    )
