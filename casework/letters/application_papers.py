"""What the papers of an application say before it is decided: forms 1, 2, 4, 5 and 6."""

from django.utils import timezone
from django.utils.translation import pgettext

from ..rules.facts import Member
from ..rules.hardship import per_head
from ..terms import (
    AgentKind,
    AidKind,
    HardshipTrack,
    MaterialState,
    PartySide,
    PeopleGroup,
    ServiceNeed,
    Stage,
)
from .values import decimal, ticks, yuan


def consultation(application, given, on):
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


def application(application, given, on):
    return {
        "cause": application.matter.name if application.matter else "",
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


def hardship(application, given, on):
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


def receipt(application, given, on):
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


def supplement(application, given, on):
    return {
        "items": given["items"],
        "note": given["note"],
        "supply_by_on": given["due_on"],
        "round": given["round"],
    }
