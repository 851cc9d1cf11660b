"""What each official paper says, frozen on the day it is made: plain values, nothing looked up later.

Keys that end in `_on` hold days. Articles are named only where they are certain (rules 1, 3).
"""

from django.conf import settings
from django.utils import translation

from ..terms import (
    CheckExemption,
    HardshipTrack,
    JurisdictionBasis,
    LetterKind,
    PartySide,
)
from . import application_papers, case_papers, decision_papers
from .values import label, yuan

# A lawyer at a body's request: other rules than the Law provide for it.
_NOT_IN_THE_LAW = {"25-3"}


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


# What only one form prints; a form that is not here prints no more than all of them do.
_OWN = {
    LetterKind.CONSULTATION: application_papers.consultation,
    LetterKind.APPLICATION: application_papers.application,
    LetterKind.HARDSHIP: application_papers.hardship,
    LetterKind.RECEIPT: application_papers.receipt,
    LetterKind.SUPPLEMENT: application_papers.supplement,
    LetterKind.COOPERATION: decision_papers.cooperation,
    LetterKind.REVIEW: decision_papers.review,
    LetterKind.GRANT: decision_papers.decision,
    LetterKind.REFUSAL: decision_papers.decision,
    LetterKind.ASSIGNMENT: case_papers.assignment,
    LetterKind.PROGRESS: case_papers.progress,
    LetterKind.CHANGE_REQUEST: case_papers.change_request,
    LetterKind.CHANGE_NOTICE: case_papers.assignment,
    LetterKind.TERMINATION: decision_papers.decision,
    LetterKind.TERMINATION_LETTER: decision_papers.decision,
    LetterKind.OBJECTION: decision_papers.objection,
    LetterKind.CLOSING: case_papers.closing,
    LetterKind.SERVICE: case_papers.service,
    LetterKind.HEARING: case_papers.handled,
    LetterKind.BODY_OPINION: case_papers.handled,
    LetterKind.FOLLOW_UP: case_papers.follow_up,
}
