"""Household tables that a correction has replaced, as the record shows them beside the one of now."""

import json
from dataclasses import dataclass
from datetime import datetime

from stations.models import User

from ..terms import Relation


@dataclass(frozen=True)
class Line:
    """One line of a table: who, and what it says of them; the figures are shown on a reveal only."""

    relation: str
    name: str
    age: int | None
    occupation: str
    # Yuan a month, as it was typed.
    monthly_income: str


@dataclass(frozen=True)
class Before:
    """A table as it stood before a correction: until when, who replaced it, and why."""

    lines: tuple[Line, ...]
    replaced_at: datetime
    replaced_by: User
    why: str


def households_before(application):
    """Return the tables that stood before, the latest first."""
    return [
        Before(
            lines=tuple(
                Line(
                    relation=Relation(row["relation"]).label,
                    name=row["name"],
                    age=row["age"],
                    occupation=row["occupation"],
                    monthly_income=row["monthly_income"],
                )
                for row in json.loads(version.content)
            ),
            replaced_at=version.replaced_at,
            replaced_by=version.replaced_by,
            why=version.why,
        )
        for version in reversed(application.household_versions.all())
    ]
