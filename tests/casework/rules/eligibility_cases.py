"""The table of cases `eligibility_cases.csv`, as the rules see each of them."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from casework.rules.facts import Facts, MatterFacts, Member, Standard
from casework.terms import AID_MATTERS

TODAY = date(2026, 11, 5)
MATTERS = {
    code: MatterFacts(code, name, article, category, is_free)
    for code, name, article, category, is_free in AID_MATTERS
}


def household_of(text):
    for part in text.split():
        relation, _colon, income = part.partition(":")
        yield Member(relation, Decimal(income) if income else None)


def facts_of(row):
    return Facts(
        today=TODAY,
        matter=MATTERS.get(row["matter"]),
        aid_kind=row["aid_kind"],
        jurisdiction_basis=row["basis"],
        jurisdiction_body=row["body"],
        is_ours=row["is_ours"] == "1",
        age=int(row["age"]),
        agent_reason=row["agent_reason"],
        agent_kind=row["agent_kind"],
        agent_name=row["agent_name"],
        opponents=tuple(row["opponents"].split()),
        track=row["track"],
        check_exemption=row["exemption"],
        household=tuple(household_of(row["household"])),
        is_opponent_in_household=bool(row["opponent_inside"]),
        has_pledged=bool(row["pledged"]),
        standard=Standard(Decimal(row["standard"]), "月最低工资标准", date(2026, 1, 1))
        if row["standard"]
        else None,
        limitation_on=TODAY + timedelta(days=int(row["limitation_days"]))
        if row["limitation_days"]
        else None,
        is_preservation_urgent=bool(row["preservation"]),
        is_detained=bool(row["detained"]),
        is_group=bool(row["group"]),
    )


with (Path(__file__).parent / "eligibility_cases.csv").open(encoding="utf-8") as table:
    CASES = list(csv.DictReader(table))


def the(name):
    return facts_of(next(row for row in CASES if row["case"] == name))
