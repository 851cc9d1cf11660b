"""How the values of an official paper are frozen as plain values, and read again to print them."""

from datetime import date
from decimal import Decimal

from stations.privacy import mask_id_number, mask_phone
from stations.templatetags.words import full_day

ID_SIGNS = 18
# Ruled lines a table has at least, for writing by hand.
LEAST_ROWS = {"household": 5, "materials": 6, "notes": 9}


# ── How values are frozen ───────────────────────────────────────────────────────────────


def label(terms, code):
    return str(terms(code).label) if code else ""


def labels(terms, codes):
    return [label(terms, code) for code in codes] if terms else []


def ticks(terms, chosen, *, leave_out=(), only_ticked=False):
    """Every choice of the form as [label, whether it is ticked]."""
    return [
        [str(name), code in chosen]
        for code, name in terms.choices
        if code not in leave_out and (code in chosen or not only_ticked)
    ]


def yuan(amount):
    """46800 → 46,800; 46800.5 → 46,800.50; nothing stays nothing."""
    if amount in (None, ""):
        return ""
    return f"{Decimal(amount):,.2f}".removesuffix(".00")


def decimal(text):
    """The encrypted figure of a household row; None where nothing was said."""
    return Decimal(text) if text else None


def years(birth_on, day):
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


# ── How they are read again ─────────────────────────────────────────────────────────────


def _stars(text):
    return "******" if text else ""


_MASKS = {
    "id_number": mask_id_number,
    "agent_id_number": mask_id_number,
    "phone": mask_phone,
    "agent_phone": mask_phone,
    "address": _stars,
    "household_note": _stars,
    "household_income": _stars,
    "income_per_head": _stars,
    "member": _stars,
    "occupation": _stars,
    "monthly_income": _stars,
}


def masked(value, key=""):
    """Return the content with whole numbers, addresses and incomes hidden."""
    if isinstance(value, dict):
        return {name: masked(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [masked(part) for part in value]
    return _MASKS[key](value) if key in _MASKS else value


def readable(content):
    """Return the content as templates print it: days in words, numbers sign by sign, blank lines."""
    blank = sum(
        max(least - len(content[key]), 0) for key, least in LEAST_ROWS.items() if key in content
    )
    return _with_days(content) | {
        "id_signs": _signs(content["id_number"]),
        "agent_id_signs": _signs(content["agent_id_number"]),
        "grounds_text": "；".join(content.get("grounds", [])),
        "blank_rows": range(blank),
    }


def _with_days(value, key=""):
    if isinstance(value, dict):
        return {name: _with_days(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_days(part) for part in value]
    if key.endswith("_on"):
        return full_day(date.fromisoformat(value)) if value else ""
    return "" if value is None else value


def _signs(number):
    """The boxes of the form; a longer or shorter number, as of a passport, has none."""
    if not number:
        return [""] * ID_SIGNS
    return list(number) if len(number) == ID_SIGNS else []
