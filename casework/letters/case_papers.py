"""What the papers of a granted case say, and those that tell of a paper: forms 11 to 17, 21, 22, 30 to 32."""

import json

from django.utils import timezone

from stations.privacy import decrypt

from ..terms import (
    CaseResult,
    ChangeAsker,
    ChangeGround,
    DecisionKind,
    DecisionState,
    LetterKind,
    Reached,
    Satisfaction,
    ServiceMethod,
)
from .values import ticks, years, yuan


def assignment(application, given, on):
    return {
        "worker": given["worker"],
        "unit": given["unit"],
        "unit_phone": given["phone"],
        "replaced": given.get("replaced", ""),
        "replaced_unit": given.get("replaced_unit", ""),
        "why": given.get("why", ""),
        "grant_number": number_of(application, LetterKind.GRANT),
        "knows_minors": bool(application.birth_on and years(application.birth_on, on) < 18),
    }


def handled(application, given, on):
    return worker(application) | {
        "grant_number": number_of(application, LetterKind.GRANT),
        "position": application.get_position_display(),
    }


def change_request(application, given, on):
    """Filled in when somebody asked; else to be written by hand."""
    asked_by, ground = given.get("asked_by", ""), given.get("ground", "")
    return handled(application, given, on) | {
        "askers": ticks(ChangeAsker, [asked_by]),
        "ground": ChangeGround(ground).label if ground else "",
        "asked_words": given.get("words", ""),
    }


def worker(application):
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


def progress(application, given, on):
    """One report as it is made, or on demand the whole record so far."""
    notes = application.progress.select_related("written_by").order_by("happened_on", "pk")
    if given:
        notes = notes.filter(happened_on=given["happened_on"], words=given["words"])
    return handled(application, given, on) | {
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


def closing(application, given, on):
    grant = application.decisions.filter(
        kind__in=[DecisionKind.GRANT, DecisionKind.PROVIDE_FIRST], state=DecisionState.MADE
    ).last()
    return handled(application, given, on) | {
        "granted_on": grant and grant.made_on,
        "closed_on": given["closed_on"],
        "results": ticks(CaseResult, [given["result"]]),
        "summary": given["summary"],
        "recovered": yuan(given["recovered"]),
        "wages_recovered": yuan(given["wages_recovered"]),
    }


def service(application, given, on):
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


def follow_up(application, given, on):
    call = application.follow_ups.filter(called_at__isnull=False).order_by("called_at").last()
    return handled(application, given, on) | {
        "called_on": call and timezone.localdate(call.called_at),
        "called_by": call.called_by.name if call and call.called_by else "",
        "reaches": ticks(Reached, [call.reached] if call else []),
        "satisfactions": ticks(Satisfaction, [call.satisfaction] if call else []),
        "was_met": call and call.was_met,
        "was_informed": call and call.was_informed,
        "was_charged": call and call.was_charged,
        "said": call.words if call else "",
    }


def number_of(application, kind):
    letter = application.letters.filter(kind=kind).select_related("county").first()
    return letter.number if letter else ""
