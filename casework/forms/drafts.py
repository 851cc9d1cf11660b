"""What an entry form begins with: a draft, an earlier entry of the person, a liaison's lead."""

import json

from django import forms

from stations.terms import LeadKind

from ..terms import SamePerson
from .entry import EntryForm
from .tickets import read_ticket


def _is_several(name):
    return isinstance(EntryForm.base_fields[name], forms.MultipleChoiceField)


def draft_content(data):
    """Return what was typed as JSON, with the number of the form it was typed in."""
    key, _seconds = read_ticket(data.get("ticket"))
    typed = {
        name: data.getlist(name) if _is_several(name) else data[name]
        for name in EntryForm.base_fields
        if name in data and name != "ticket"
    }
    return json.dumps(typed | {"client_key": str(key)}, ensure_ascii=False)


def draft_initial(content):
    """Return ({field: value as typed}, key) of a draft; what was not ticked stays unticked."""
    typed = json.loads(content)
    key = typed.pop("client_key", None)
    initial = {name: value for name, value in typed.items() if name in EntryForm.base_fields}
    for name, field in EntryForm.base_fields.items():
        if _is_several(name):
            initial.setdefault(name, [])
        elif isinstance(field, forms.BooleanField):
            initial[name] = name in typed
    return initial, key


# What is taken over when the same person comes with something else.
COPIED = (
    "name",
    "is_anonymous",
    "sex",
    "birth_on",
    "people_groups",
    "id_type",
    "nationality",
    "ethnic_group",
    "household_place",
    "education",
    "safe_contact",
    "village",
)


def copied_initial(entry):
    """What a new entry of the same person begins with; the numbers stay masked on the page."""
    initial = {name: getattr(entry, name) for name in COPIED}
    return initial | {"earlier": entry.pk, "same_person": SamePerson.OTHER_MATTER}


# What a liaison pressed, as the dictionary has it.
LEAD_MATTERS = {
    LeadKind.PAY: "civil.labour_pay",
    LeadKind.INJURY: "civil.work_injury",
    LeadKind.FAMILY: "civil.marriage",
    LeadKind.ELDER: "civil.parental_support",
    LeadKind.LAND: "civil.land_forest",
    LeadKind.ROAD: "civil.traffic",
}


def lead_initial(lead, matters):
    """What an entry that answers a lead begins with."""
    code = LEAD_MATTERS.get(lead.kind)
    matter = next((leaf for leaf in matters if leaf.code == code), None)
    initial = {
        "lead": lead.pk,
        "name": lead.name,
        "village": lead.village.name,
        "statement": lead.words,
    }
    return initial | ({"matter": matter.pk} if matter else {})
