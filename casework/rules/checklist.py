"""Which papers an application owes (申请材料), and why, or why not. Pure: answers in, papers out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..terms import AgentKind, CheckExemption, HardshipTrack, MaterialKind
from .facts import Facts


@dataclass(frozen=True)
class Paper:
    """One paper of the checklist: whether it is owed, and why, or why not."""

    kind: str
    name: str
    is_needed: bool
    why: str


def checklist(facts: Facts) -> tuple[Paper, ...]:
    """Return the papers of an application, in the order they are asked for.

    The four that the law names for everybody always stand on it, the statement of hardship also
    where it is not owed, so that nobody asks for it; the others only where the answers call for
    them.

    Under article 32 nothing about income is owed (Order 148: form, identity, matter). What shows
    that the matter falls under it belongs to the papers of the matter; it has a line of its own
    because without it nobody can tell, and the person's own account is enough where there is no
    other (32-4). Under article 42 the law itself asks for proof instead of a check.
    """
    is_free = facts.matter is not None and facts.matter.is_condition_free
    # An article 32 matter settles it, whatever track was pressed.
    track = HardshipTrack.EXEMPT_FROM_CONDITION if is_free else facts.track
    rows = [
        _needed(MaterialKind.APPLICATION_FORM, _("Staff may fill it in; the applicant signs.")),
        _needed(MaterialKind.ID_DOCUMENT, _("Shows who applies.")),
    ]
    if facts.agent_reason or facts.agent_name:
        is_entrusted = facts.agent_kind == AgentKind.ENTRUSTED
        rows.append(
            _needed(
                MaterialKind.AGENCY_PROOF,
                _("Power of attorney of the agent, and the agent's identity paper.")
                if is_entrusted
                else _("Shows that the agent is a parent, guardian or near relative."),
            )
        )
    rows += _hardship_papers(track, is_free, facts)
    rows.append(_needed(MaterialKind.MATTER, _("Whatever shows what happened.")))
    return tuple(rows)


def _hardship_papers(track, is_free, facts):
    statement = MaterialKind.HARDSHIP_STATEMENT
    if is_free:
        return [
            _spared(statement, _("Hardship is no condition (article 32).")),
            _needed(MaterialKind.CONDITION_PROOF, _condition_proof(facts.matter.code)),
        ]
    if track == HardshipTrack.EXEMPT_FROM_CHECK:
        return [
            _spared(statement, _("Exempt from the check (article 42).")),
            _needed(MaterialKind.EXEMPTION_PROOF, _exemption_proof(facts.check_exemption)),
        ]
    rows = [
        _needed(statement, _("Says what the household earns and owns; no stamp is needed."))
    ]
    if track == HardshipTrack.PLEDGE:
        rows.append(_needed(MaterialKind.PLEDGE, _("Takes the place of a check (article 41).")))
    return rows


def _condition_proof(code):
    return {
        "32-1": _("Shows the hero or martyr and the kinship."),
        "32-2": _("Shows the act of courage, such as a commendation or a police record."),
        "32-3": _("The retrial judgment of acquittal."),
        "32-4": _("A police record, a protection order, a medical record, or the own account."),
    }.get(code, _("Shows why hardship is no condition."))


def _exemption_proof(exemption):
    return {
        CheckExemption.NO_FIXED_INCOME: _("Shows the age or disability, and no fixed income."),
        CheckExemption.ASSISTED: _("The paper of the assistance that is received."),
        CheckExemption.MIGRANT_WORKER: _("Shows the work away from home, from whoever knows."),
    }.get(exemption, _("The paper on which the exemption rests."))


def _needed(kind, why):
    return Paper(kind, str(MaterialKind(kind).label), True, str(why))


def _spared(kind, why):
    return Paper(kind, str(MaterialKind(kind).label), False, str(why))
