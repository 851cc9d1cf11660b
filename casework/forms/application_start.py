"""What the form of an application begins with: a draft, a register entry, a liaison's lead."""

import json

from django import forms

from stations.addresses import row_number
from stations.terms import LeadKind

from ..models import AidMatter
from ..terms import PartySide
from .application import ApplicationForm
from .application_rows import Rows
from .tickets import read_ticket

# The matter of the register in the words of the Legal Aid Law.
AID_MATTER_OF = {
    "civil.labour_pay": "31-5",
    "civil.work_injury": "31-7",
    "civil.traffic": "31-7",
    "civil.medical": "31-7",
    "civil.parental_support": "31-4",
    "civil.child_support": "31-4",
    "civil.spousal_support": "31-4",
    "civil.domestic_violence": "32-4",
    "civil.courage": "32-2",
    "administrative.state_compensation": "31-1",
    "administrative.social_insurance": "31-2",
    "administrative.subsistence": "31-2",
    "administrative.pension_relief": "31-3",
}
AID_MATTER_OF_LEAD = {
    LeadKind.PAY: "31-5",
    LeadKind.INJURY: "31-7",
    LeadKind.ELDER: "31-4",
    LeadKind.ROAD: "31-7",
}
# What a register entry already says.
TAKEN_OVER = (
    "name",
    "sex",
    "birth_on",
    "people_groups",
    "id_type",
    "ethnic_group",
    "household_place",
    "education",
    "safe_contact",
)
ROWS = ("household", "party")


def entry_start(entry):
    """Return (initial values, rows) of an application that goes on from a visit or call."""
    initial = {name: getattr(entry, name) for name in TAKEN_OVER}
    initial |= {
        "entry": entry.pk,
        "village": entry.village and entry.village.name,
        "is_from_elsewhere": entry.village_id is None and bool(entry.household_place),
        "facts": entry.statement,
        "matter": entry.matter_id,
        "aid_matter": _aid_matter(AID_MATTER_OF.get(entry.matter.code), entry.station.county),
    }
    if entry.lead_id:
        initial["lead"] = entry.lead_id
    rows = {}
    if entry.opponent:
        rows["party"] = [{"side": PartySide.OPPONENT, "name": entry.opponent}]
    return initial, rows


def lead_start(lead):
    """Return (initial values, rows) of an application that answers a lead."""
    code = AID_MATTER_OF_LEAD.get(lead.kind)
    return {
        "lead": lead.pk,
        "name": lead.name,
        "village": lead.village.name,
        "facts": lead.words,
        "aid_matter": _aid_matter(code, lead.station.county),
    }, {}


def _aid_matter(code, county):
    found = AidMatter.objects.for_county(county).filter(code=code).first() if code else None
    return found and found.pk


def draft_content(data):
    """Return what was typed as JSON. Raises ValidationError for a page that is too old."""
    read_ticket(data.get("ticket"))
    names = [name for name in data if name in ApplicationForm.base_fields or _is_of_a_row(name)]
    return json.dumps(
        {name: data.getlist(name) for name in names if name != "ticket"}, ensure_ascii=False
    )


def _is_of_a_row(name):
    return name.partition("-")[0] in ROWS or name in {f"{prefix}_rows" for prefix in ROWS}


def typed_start(typed, *, more=""):
    """Return (initial values, rows) of what was typed before: {name: [values]}.

    `more` names a table that is to have a few lines more.
    """
    initial = {}
    for name, field in ApplicationForm.base_fields.items():
        values = typed.get(name, [])
        if isinstance(field, forms.MultipleChoiceField):
            initial[name] = values
        elif isinstance(field, forms.BooleanField):
            initial[name] = bool(values)
        elif values:
            initial[name] = values[-1]
    rows = {prefix: _typed_rows(typed, prefix) for prefix in ROWS}
    if more in rows:
        rows[more] += [{}] * Rows.MORE
    return initial, rows


def _typed_rows(typed, prefix):
    lines = {}
    for name, values in typed.items():
        start, _dash, rest = name.partition("-")
        number, _dash, field = rest.partition("-")
        if start == prefix and number.isdecimal() and len(number) < 3 and values:
            lines.setdefault(int(number), {})[field] = values[-1]
    # A saved row is looked for by its number.
    for line in lines.values():
        if known := row_number(line.get("known")):
            line["known"] = known
    return [lines.get(n, {}) for n in range(max(lines, default=-1) + 1)]
