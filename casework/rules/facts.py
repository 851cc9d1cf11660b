"""What the rules of the preliminary review look at, and the form of what they find. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..terms import Category


@dataclass(frozen=True)
class MatterFacts:
    """The chosen matter of the dictionary; `article` as printed, 第三十一条第五项."""

    code: str
    name: str
    article: str
    category: str = Category.CIVIL
    is_condition_free: bool = False


@dataclass(frozen=True)
class Member:
    """One line of the household table; `income` is yuan a month, None where nothing was said."""

    relation: str
    income: Decimal | None


@dataclass(frozen=True)
class Standard:
    """The county's standard of hardship in force on the day: yuan a month and head (LAL 34)."""

    monthly_per_head: Decimal
    basis: str
    valid_from: date


@dataclass(frozen=True)
class Facts:
    """What was typed, in plain values. Names are only compared with one another."""

    today: date
    matter: MatterFacts | None = None
    aid_kind: str = ""
    jurisdiction_basis: str = ""
    jurisdiction_body: str = ""
    is_ours: bool = True
    age: int | None = None
    agent_reason: str = ""
    agent_kind: str = ""
    agent_name: str = ""
    opponents: tuple[str, ...] = ()
    track: str = ""
    check_exemption: str = ""
    household: tuple[Member, ...] = ()
    is_opponent_in_household: bool = False
    has_pledged: bool = False
    # What the query of shared data has shown, a `HardshipOutcome`; empty before it has answered.
    query_outcome: str = ""
    standard: Standard | None = None
    limitation_on: date | None = None
    is_preservation_urgent: bool = False
    is_detained: bool = False
    is_group: bool = False
    is_sensitive: bool = False
    # Names of papers on the checklist that are not there; None before anybody has looked.
    missing: tuple[str, ...] | None = None
    # Who gives the opinion, and everybody who stands in the matter, on any side.
    reviewer: str = ""
    involved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One point of the preliminary review.

    `state` is "yes" (the condition is there), "no" (it is not), "open" (something has to be asked
    or settled first) or "alert" (act at once). `says` explains it in the reader's language; where
    it names what a household earns, or tells whoever reads what to do, `kept` says only what is so,
    and that alone is kept.
    """

    code: str
    state: str
    says: str
    article: str = ""
    kept: str = ""

    @property
    def to_keep(self):
        """The words that may stand in an opinion, which the center reads and form 8 prints."""
        return self.kept or self.says
