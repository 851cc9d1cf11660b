"""What each official paper says, frozen on the day it is made: plain values, nothing looked up later.

Keys that end in `_on` hold days. Articles are named only where they are certain (rules 1, 3).
"""

import json

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import pgettext, pgettext_lazy

from stations.privacy import decrypt

from ..rules.eligibility import Member, per_head
from ..terms import (
    AgentKind,
    AidKind,
    CaseResult,
    ChangeAsker,
    ChangeGround,
    CheckExemption,
    Conclusion,
    DecisionKind,
    DecisionState,
    HardshipTrack,
    JurisdictionBasis,
    LetterKind,
    MaterialState,
    ObjectionOutcome,
    PartySide,
    PeopleGroup,
    Reached,
    Satisfaction,
    ServiceMethod,
    ServiceNeed,
    Stage,
)
from .grounds import grounds_told, objection_period, standard_of_the_day
from .values import decimal, label, ticks, years, yuan

_DECISION_LETTERS = {
    DecisionKind.GRANT: LetterKind.GRANT,
    DecisionKind.PROVIDE_FIRST: LetterKind.GRANT,
    DecisionKind.REFUSE: LetterKind.REFUSAL,
    DecisionKind.TERMINATE: LetterKind.TERMINATION,
}
# A lawyer at a body's request: other rules than the Law provide for it.
_NOT_IN_THE_LAW = {"25-3"}
# The points of the review sheet, by the codes of `casework.rules.eligibility`.
_POINTS = {
    "scope": pgettext_lazy("form", "matter"),
    "jurisdiction": pgettext_lazy("form", "jurisdiction"),
    "agent": pgettext_lazy("form", "who applies"),
    "hardship": pgettext_lazy("form", "hardship"),
    "papers": pgettext_lazy("form", "papers"),
    "urgent": pgettext_lazy("form", "urgency"),
    "detained": pgettext_lazy("form", "detained"),
    "public": pgettext_lazy("form", "many or sensitive"),
    "recusal": pgettext_lazy("form", "recusal"),
}


def freeze(application, kind, *, by, given, on):
    """Return all that a paper of this kind prints, in the language of the office.

    `given` is what the move that makes it knows; `on` is the day of the paper.
    """
    with translation.override(settings.LANGUAGE_CODE):
        own = _OWN.get(kind, _nothing)(application, given, on)
        return {**_of_application(application), "maker": by.name if by else "", **own}


def _nothing(application, given, on):
    return {}


def _of_application(application):
    county = application.county
    parties = list(application.parties.all())

    def names(side):
        return "、".join(party.name for party in parties if party.side == side)

    return {
        "center": county.center_name,
        "bureau": county.bureau_name,
        "complaint_phone": county.complaint_phone,
        "station": application.station.name,
        "station_phone": application.station.phone,
        "station_address": application.station.address,
        "application_number": application.number,
        "received_on": application.received_on,
        "name": application.name,
        "sex": application.get_sex_display(),
        "birth_on": application.birth_on,
        "ethnic_group": application.ethnic_group,
        "id_type": application.get_id_type_display(),
        "id_number": application.id_number,
        "household_place": application.household_place,
        "address": application.address,
        "postcode": application.postcode,
        "phone": application.phone,
        "employer": application.employer,
        "agent_name": application.agent_name,
        "agent_kind": application.get_agent_kind_display(),
        "agent_id_number": application.agent_id_number,
        "agent_phone": application.agent_phone,
        "opponents": names(PartySide.OPPONENT),
        "matter": application.aid_matter.name,
        "article": ""
        if application.aid_matter.code in _NOT_IN_THE_LAW
        else application.aid_matter.article,
        "category": application.aid_matter.get_category_display(),
        "aid_kind": application.get_aid_kind_display(),
        "stage": application.get_stage_display(),
        "claims": application.claims,
        "amount": yuan(application.amount),
        "place": application.jurisdiction_body,
        # Only a body can be written to; where the cause arose is no body.
        "body": application.jurisdiction_body
        if application.jurisdiction_basis
        in {JurisdictionBasis.CASE_BODY, JurisdictionBasis.DISPUTE_BODY}
        else "",
        "track": label(HardshipTrack, application.hardship_track),
        "is_condition_free": application.hardship_track == HardshipTrack.EXEMPT_FROM_CONDITION,
        "exemption": label(CheckExemption, application.check_exemption),
    }


# ── What only one form prints ───────────────────────────────────────────────────────────


def _consultation(application, given, on):
    entry = application.entry
    return {
        "entry_number": entry.number,
        "entry_on": timezone.localdate(entry.occurred_at),
        "entry_channel": entry.get_channel_display(),
        "entry_name": entry.name,
        "entry_sex": entry.get_sex_display(),
        "entry_matter": entry.matter.name,
        "id_number": entry.id_number,
        "phone": entry.phone,
        "address": entry.address,
        "groups": ticks(PeopleGroup, entry.people_groups),
        "statement": entry.statement,
        "answer": entry.answer,
        "disposal": entry.get_disposal_display(),
        "is_told_of_right": entry.is_told_of_right,
        "receiver": entry.receiver_name,
    }


def _application(application, given, on):
    return {
        "education": application.get_education_display(),
        "groups": ticks(PeopleGroup, application.people_groups),
        "aid_kinds": ticks(AidKind, [application.aid_kind]),
        "stages": ticks(Stage, [application.stage]),
        "agent_kinds": ticks(AgentKind, [application.agent_kind]),
        "position": application.get_position_display(),
        "has_applied_before": application.has_applied_before,
        "applied_before": application.applied_before,
        "facts": application.facts,
        "limitation_on": application.limitation_on,
        "is_preservation_urgent": application.is_preservation_urgent,
        "service_needs": ticks(ServiceNeed, application.service_needs),
        "tracks": ticks(HardshipTrack, [application.hardship_track]),
        **_parties(application),
        "source": _source(application),
    }


def _parties(application):
    """Whoever applies together, and the other side each with what it is."""
    parties = list(application.parties.all())
    return {
        "together": "、".join(
            party.name for party in parties if party.side == PartySide.CO_APPLICANT
        ),
        "opponents_told": "、".join(
            pgettext("form", "%(name)s (%(kind)s)")
            % {"name": party.name, "kind": party.get_kind_display()}
            for party in parties
            if party.side == PartySide.OPPONENT
        ),
    }


def _source(application):
    """Where it comes from: an entry of the register, a liaison, or the counter."""
    if application.entry_id:
        return pgettext("form", "register entry %(number)s") % {
            "number": application.entry.number
        }
    if application.lead_id:
        return pgettext("form", "brought by a liaison")
    return pgettext("form", "at the counter")


def _hardship(application, given, on):
    rows = list(application.household.all())
    members = [Member(row.relation, decimal(row.monthly_income)) for row in rows]
    incomes = [member.income for member in members if member.income is not None]
    head = per_head(members, is_opponent_in_household=application.is_opponent_in_household)
    return {
        "household": [
            {
                "member": row.name,
                "relation": row.get_relation_display(),
                "age": row.age,
                "occupation": row.occupation,
                "monthly_income": yuan(row.monthly_income),
            }
            for row in rows
        ],
        "household_income": yuan(sum(incomes)) if incomes else "",
        "income_per_head": yuan(head.amount) if head else "",
        "household_note": application.household_note,
        "has_pledged": application.has_pledged,
        "pledge_told": _pledge_told(application),
        "tracks": ticks(
            HardshipTrack,
            [application.hardship_track],
            leave_out={HardshipTrack.EXEMPT_FROM_CONDITION},
        ),
    }


def _pledge_told(application):
    """Who pledges is told first what that means (rules 2.4); nothing where nothing is pledged."""
    if application.hardship_track != HardshipTrack.PLEDGE:
        return []
    return [
        [pgettext("form", "explained to the applicant"), application.has_pledged],
        [pgettext("form", "read out, as the applicant does not read"), False],
    ]


def _receipt(application, given, on):
    materials = list(application.materials.all())
    return {
        "receipt_code": application.receipt_code,
        "materials": [
            {
                "material": row.name,
                "pages": row.pages,
                "is_original_seen": row.is_original_seen,
                "given_on": row.given_on,
            }
            for row in materials
            if row.state == MaterialState.GIVEN
        ],
        "missing": [row.name for row in materials if row.state == MaterialState.MISSING],
        "receiver": application.received_by.name,
    }


def _supplement(application, given, on):
    return {
        "items": given["items"],
        "note": given["note"],
        "supply_by_on": given["due_on"],
        "round": given["round"],
    }


def _cooperation(application, given, on):
    return {
        "institution": given["institution"],
        "cooperation_kind": given["kind"],
        "item": given["item"],
        "asked": given["content"],
        "reply_by_on": given["due_on"],
    }


def _review(application, given, on):
    """The sheet that goes to the center with the station's opinion, or carries its decision too."""
    own = {"groups": ticks(PeopleGroup, application.people_groups, only_ticked=True)}
    opinion = application.opinions.select_related("reviewed_by", "signed_by").last()
    if opinion:
        own |= {
            "findings": _findings(opinion),
            "conclusion": label(Conclusion, opinion.conclusion),
            "words": opinion.words,
            "reviewed_by": opinion.reviewed_by.name,
            "reviewed_on": timezone.localdate(opinion.reviewed_at),
            "head_words": opinion.head_words,
            "signed_by": opinion.signed_by.name if opinion.signed_by else "",
            "signed_on": opinion.signed_at and timezone.localdate(opinion.signed_at),
        }
    decision = application.decisions.exclude(state=DecisionState.DECLINED).last()
    if decision:
        own |= {
            "decision": decision.get_kind_display(),
            "decision_grounds": grounds_told(application, decision.kind, decision.grounds),
            "decision_reason": decision.reason,
            "proposed_by": decision.proposed_by.name,
            "proposed_on": timezone.localdate(decision.proposed_at),
            "decided_by": decision.made_by.name if decision.made_by else "",
            "decided_on": decision.made_on,
        }
    return own


def _findings(opinion):
    """What the rules found, and the reviewer's own word and reason where they differ."""
    rows = []
    for finding in opinion.findings:
        other = opinion.overrides.get(finding["code"], {})
        rows.append(
            {
                "about": str(_POINTS.get(finding["code"], "")),
                "says": other.get("says") or finding.get("says", ""),
                "reason": other.get("reason", ""),
            }
        )
    return rows


def _decision(application, given, on):
    kind = given["kind"]
    return {
        **_worker(application),
        **standard_of_the_day(given),
        "is_provided_first": kind == DecisionKind.PROVIDE_FIRST,
        "grounds": grounds_told(application, kind, given["grounds"]),
        "reason": given["reason"],
        "papers_by_on": given["papers_due_on"],
        "objection_period": objection_period(application.county, on),
        "grant_number": _number_of(application, LetterKind.GRANT),
    }


def _assignment(application, given, on):
    return {
        "worker": given["worker"],
        "unit": given["unit"],
        "unit_phone": given["phone"],
        "replaced": given.get("replaced", ""),
        "replaced_unit": given.get("replaced_unit", ""),
        "why": given.get("why", ""),
        "grant_number": _number_of(application, LetterKind.GRANT),
        "knows_minors": bool(application.birth_on and years(application.birth_on, on) < 18),
    }


def _handled(application, given, on):
    return _worker(application) | {
        "grant_number": _number_of(application, LetterKind.GRANT),
        "position": application.get_position_display(),
    }


def _change_request(application, given, on):
    """Filled in when somebody asked; else to be written by hand."""
    asked_by, ground = given.get("asked_by", ""), given.get("ground", "")
    return _handled(application, given, on) | {
        "askers": ticks(ChangeAsker, [asked_by]),
        "ground": ChangeGround(ground).label if ground else "",
        "asked_words": given.get("words", ""),
    }


def _worker(application):
    """Who handles the case now, or did last."""
    last = application.assignments.select_related("worker__unit").last()
    if last is None:
        return {"worker": "", "unit": "", "unit_phone": ""}
    return {
        "worker": last.worker.name,
        "unit": last.worker.unit.name,
        "unit_phone": last.worker.unit.phone,
        "assigned_on": last.assigned_on,
    }


def _progress(application, given, on):
    """One report as it is made, or on demand the whole record so far."""
    notes = application.progress.select_related("written_by").order_by("happened_on", "pk")
    if given:
        notes = notes.filter(happened_on=given["happened_on"], words=given["words"])
    return _handled(application, given, on) | {
        "notes": [
            {
                "happened_on": note.happened_on,
                "words": note.words,
                "is_major": note.is_major,
                "by": note.written_by.name,
            }
            for note in notes
        ]
    }


def _objection(application, given, on):
    objection = (
        application.decisions.filter(objection__isnull=False)
        .select_related("objection")
        .last()
        .objection
    )
    decision = objection.decision
    return {
        "decision": decision.get_kind_display(),
        "decision_number": _number_of(application, _DECISION_LETTERS[decision.kind]),
        "decided_on": decision.made_on,
        "objected_on": objection.received_on,
        "objection": given["words"],
        "is_upheld": given["outcome"] == ObjectionOutcome.UPHELD,
        "outcome": label(ObjectionOutcome, given["outcome"]),
        "reason": given["reason"],
        "is_refusal": decision.kind == DecisionKind.REFUSE,
    }


def _closing(application, given, on):
    grant = application.decisions.filter(
        kind__in=[DecisionKind.GRANT, DecisionKind.PROVIDE_FIRST], state=DecisionState.MADE
    ).last()
    return _handled(application, given, on) | {
        "granted_on": grant and grant.made_on,
        "closed_on": given["closed_on"],
        "results": ticks(CaseResult, [given["result"]]),
        "summary": given["summary"],
        "recovered": yuan(given["recovered"]),
        "wages_recovered": yuan(given["wages_recovered"]),
    }


def _service(application, given, on):
    letter = given["letter"]
    return {
        "served_to": _addressee(letter),
        "paper": letter.get_kind_display(),
        "paper_number": letter.number,
        "paper_made_on": letter.made_on,
        "served_on": letter.served_on,
        "methods": ticks(ServiceMethod, [letter.service_method]),
        "received_by_name": letter.received_by_name,
        "served_by": letter.served_by.name if letter.served_by else "",
        "is_of_bureau": letter.kind == LetterKind.OBJECTION,
    }


def _addressee(letter):
    """To whom a paper goes: the unit, the body, else the applicant."""
    said = json.loads(decrypt(letter.content))
    names = {
        LetterKind.ASSIGNMENT: ["unit"],
        LetterKind.CHANGE_NOTICE: ["name", "unit"],
        LetterKind.TERMINATION_LETTER: ["unit", "body"],
    }.get(letter.kind, ["name"])
    return "、".join(said[name] for name in names if said.get(name))


def _follow_up(application, given, on):
    call = application.follow_ups.filter(called_at__isnull=False).order_by("called_at").last()
    return _handled(application, given, on) | {
        "called_on": call and timezone.localdate(call.called_at),
        "called_by": call.called_by.name if call and call.called_by else "",
        "reaches": ticks(Reached, [call.reached] if call else []),
        "satisfactions": ticks(Satisfaction, [call.satisfaction] if call else []),
        "was_met": call and call.was_met,
        "was_informed": call and call.was_informed,
        "was_charged": call and call.was_charged,
        "said": call.words if call else "",
    }


def _number_of(application, kind):
    letter = application.letters.filter(kind=kind).select_related("county").first()
    return letter.number if letter else ""


_OWN = {
    LetterKind.CONSULTATION: _consultation,
    LetterKind.APPLICATION: _application,
    LetterKind.HARDSHIP: _hardship,
    LetterKind.RECEIPT: _receipt,
    LetterKind.SUPPLEMENT: _supplement,
    LetterKind.COOPERATION: _cooperation,
    LetterKind.REVIEW: _review,
    LetterKind.GRANT: _decision,
    LetterKind.REFUSAL: _decision,
    LetterKind.ASSIGNMENT: _assignment,
    LetterKind.PROGRESS: _progress,
    LetterKind.CHANGE_REQUEST: _change_request,
    LetterKind.CHANGE_NOTICE: _assignment,
    LetterKind.TERMINATION: _decision,
    LetterKind.TERMINATION_LETTER: _decision,
    LetterKind.OBJECTION: _objection,
    LetterKind.CLOSING: _closing,
    LetterKind.SERVICE: _service,
    LetterKind.HEARING: _handled,
    LetterKind.BODY_OPINION: _handled,
    LetterKind.FOLLOW_UP: _follow_up,
}
