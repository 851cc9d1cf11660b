"""An application as the rules see it: from saved rows, or from a form that is still being typed."""

from decimal import Decimal

from django.conf import settings
from django.utils import timezone, translation

from ..models import HardshipStandard, Material
from ..rules import checklist, eligibility
from ..rules.facts import Facts, MatterFacts, Member, Standard
from ..rules.sentiment import same_name
from ..terms import HardshipTrack, MaterialKind, MaterialState, PartySide

# Papers that the answers call for and may call off again.
RULED = {
    MaterialKind.AGENCY_PROOF,
    MaterialKind.HARDSHIP_STATEMENT,
    MaterialKind.PLEDGE,
    MaterialKind.EXEMPTION_PROOF,
    MaterialKind.CONDITION_PROOF,
}


def age_on(birth_on, day):
    """Full years on a day, or None; the birthday itself counts."""
    if birth_on is None:
        return None
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def facts_of(
    application, *, today=None, household=None, parties=None, materials=None, reviewer=""
):
    """Return the plain values of an application for `casework.rules`.

    Rows not given are read from the database; the standard of hardship is the one in force on the
    day of receipt. `reviewer` is the name of whoever is about to give the opinion.
    """
    today = today or timezone.localdate()
    is_saved = application.pk is not None
    if household is None:
        household = application.household.all() if is_saved else ()
    if parties is None:
        parties = application.parties.all() if is_saved else ()
    if materials is None:
        materials = application.materials.all() if is_saved else None
    standard = HardshipStandard.objects.in_force(
        application.station.county, application.received_on
    )
    involved = (application.name, application.agent_name, *(party.name for party in parties))
    matter = application.aid_matter if application.aid_matter_id else None
    return Facts(
        today=today,
        matter=matter
        and MatterFacts(
            code=matter.code,
            name=matter.name,
            article=matter.article,
            category=matter.category,
            is_condition_free=matter.is_condition_free,
        ),
        aid_kind=application.aid_kind,
        jurisdiction_basis=application.jurisdiction_basis,
        jurisdiction_body=application.jurisdiction_body,
        is_ours=application.is_ours,
        age=age_on(application.birth_on, application.received_on),
        agent_reason=application.agent_reason,
        agent_kind=application.agent_kind,
        agent_name=same_name(application.agent_name),
        opponents=tuple(
            same_name(party.name) for party in parties if party.side == PartySide.OPPONENT
        ),
        track=application.hardship_track,
        check_exemption=application.check_exemption,
        household=tuple(
            Member(
                member.relation,
                Decimal(member.monthly_income) if member.monthly_income else None,
            )
            for member in household
        ),
        is_opponent_in_household=application.is_opponent_in_household,
        has_pledged=application.has_pledged,
        query_outcome=_query_outcome(application),
        standard=standard
        and Standard(standard.monthly_per_head, standard.basis, standard.valid_from),
        limitation_on=application.limitation_on,
        is_preservation_urgent=application.is_preservation_urgent,
        is_detained=application.is_detained,
        is_group=application.is_group,
        is_sensitive=application.is_sensitive,
        missing=None
        if materials is None
        else tuple(row.name for row in materials if row.state == MaterialState.MISSING),
        reviewer=same_name(reviewer),
        involved=tuple(same_name(name) for name in involved if name),
    )


def _query_outcome(application):
    """What the last answered query of shared data has shown, or an empty text."""
    if application.pk is None or application.hardship_track != HardshipTrack.DATA_QUERY:
        return ""
    answered = [each for each in application.hardship_checks.all() if each.checked_on]
    last = max(answered, key=lambda each: (each.checked_on, each.pk), default=None)
    return last.outcome if last else ""


def findings_of(application, **rows):
    """Return the `Findings` of an application as it stands."""
    return eligibility.findings(facts_of(application, **rows))


def papers_of(facts, *, given, on):
    """Return the unsaved checklist: the kinds of paper in `given` were handed in on that day."""
    return [
        Material(
            kind=paper.kind,
            name=paper.name,
            state=_state(paper, given),
            given_on=on if paper.kind in given else None,
            note=paper.why,
        )
        for paper in _checklist(facts)
    ]


def _checklist(facts):
    """The papers in the language of the office: receipts and notices print their names."""
    with translation.override(settings.LANGUAGE_CODE):
        return checklist.checklist(facts)


def _state(paper, given):
    if paper.kind in given:
        return MaterialState.GIVEN
    return MaterialState.MISSING if paper.is_needed else MaterialState.NOT_NEEDED


def papers_changed(application, facts):
    """Return the checklist rows that a correction changes: newly owed, or no longer.

    What was handed in stays handed in; what a person has set aside by hand is owed no more unless
    the rules newly ask for it.
    """
    rows = {row.kind: row for row in application.materials.all()}
    changed = []
    asked = {paper.kind: paper for paper in _checklist(facts)}
    for kind, paper in asked.items():
        row = rows.get(kind)
        if row is None:
            state = MaterialState.MISSING if paper.is_needed else MaterialState.NOT_NEEDED
            changed.append(
                Material(
                    application=application,
                    kind=kind,
                    name=paper.name,
                    state=state,
                    note=paper.why,
                )
            )
        elif row.note != paper.why and row.state != MaterialState.GIVEN:
            row.state = MaterialState.MISSING if paper.is_needed else MaterialState.NOT_NEEDED
            row.note = paper.why
            changed.append(row)
    for kind, row in rows.items():
        if kind in RULED and kind not in asked and row.state == MaterialState.MISSING:
            row.state, row.note = MaterialState.NOT_NEEDED, ""
            changed.append(row)
    return changed
