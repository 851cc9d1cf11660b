"""What the review sheet, the decisions and the letters around them say: forms 7 to 10, 18 to 20."""

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from ..terms import (
    Conclusion,
    DecisionKind,
    DecisionState,
    LetterKind,
    ObjectionOutcome,
    PeopleGroup,
)
from .case_papers import number_of, worker
from .grounds import grounds_told, objection_period, standard_of_the_day
from .values import label, ticks

_DECISION_LETTERS = {
    DecisionKind.GRANT: LetterKind.GRANT,
    DecisionKind.PROVIDE_FIRST: LetterKind.GRANT,
    DecisionKind.REFUSE: LetterKind.REFUSAL,
    DecisionKind.TERMINATE: LetterKind.TERMINATION,
}


# The points of the review sheet, by the codes of their `Finding`.
_POINTS = {
    "scope": pgettext_lazy("form", "matter"),
    "jurisdiction": pgettext_lazy("form", "jurisdiction"),
    "agent": pgettext_lazy("form", "who applies"),
    "hardship": pgettext_lazy("form", "hardship"),
    "query": pgettext_lazy("form", "query of shared data"),
    "papers": pgettext_lazy("form", "papers"),
    "urgent": pgettext_lazy("form", "urgency"),
    "detained": pgettext_lazy("form", "detained"),
    "public": pgettext_lazy("form", "many or sensitive"),
    "recusal": pgettext_lazy("form", "recusal"),
}


def cooperation(application, given, on):
    return {
        "institution": given["institution"],
        "cooperation_kind": given["kind"],
        "item": given["item"],
        "asked": given["content"],
        "enclosures": given["enclosures"],
        "reply_by_on": given["due_on"],
    }


def review(application, given, on):
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


def decision(application, given, on):
    kind = given["kind"]
    return {
        **worker(application),
        **standard_of_the_day(given),
        "is_provided_first": kind == DecisionKind.PROVIDE_FIRST,
        "grounds": grounds_told(application, kind, given["grounds"]),
        "reason": given["reason"],
        "papers_by_on": given["papers_due_on"],
        "objection_period": objection_period(application.county, on),
        "grant_number": number_of(application, LetterKind.GRANT),
    }


def objection(application, given, on):
    objection = (
        application.decisions.filter(objection__isnull=False)
        .select_related("objection")
        .last()
        .objection
    )
    decision = objection.decision
    return {
        "decision": decision.get_kind_display(),
        "decision_number": number_of(application, _DECISION_LETTERS[decision.kind]),
        "decided_on": decision.made_on,
        "objected_on": objection.received_on,
        "objection": given["words"],
        "is_upheld": given["outcome"] == ObjectionOutcome.UPHELD,
        "outcome": label(ObjectionOutcome, given["outcome"]),
        "reason": given["reason"],
        "is_refusal": decision.kind == DecisionKind.REFUSE,
    }
