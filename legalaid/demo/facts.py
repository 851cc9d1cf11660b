"""The facts and texts of the demonstration county, read from the files beside this one."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


def _rows(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _span(text, default=None):
    """Read "25-58" as (25, 58), and an empty cell as the default."""
    if not text:
        return default
    low, _, high = text.partition("-")
    return int(low), int(high or low)


@dataclass(frozen=True)
class Text:
    """One thing people come with: who says it, what they say, what is answered.

    `{村}`, `{月}` and the like in the words are filled in for each entry.
    """

    matter: str
    channel: str
    sex: str
    ages: tuple[int, int]
    groups: tuple[str, ...]
    persons: tuple[int, int]
    amount: tuple[int, int]
    months: frozenset[int]
    sensitive: str
    disposal: str
    title: str
    statement: str
    answer: str


@dataclass(frozen=True)
class StationFacts:
    township: str
    short_name: str
    opened_on: str
    # Entries in a usual month.
    monthly: int
    # Market days: last digits of the day of the month.
    market_days: frozenset[int]
    has_dedicated_staff: bool
    is_acting: bool
    host_type: str
    address: str
    hours: str


@cache
def divisions():
    """[(code, name)] of the province, the city, the county, its townships and villages."""
    return [(row["code"], row["name"]) for row in _rows("huoshan.csv")]


@cache
def texts():
    return [
        Text(
            matter=row["matter"],
            channel=row["channel"],
            sex={"f": "female", "m": "male", "": ""}[row["sex"]],
            ages=_span(row["ages"]),
            groups=tuple(row["groups"].split()),
            persons=_span(row["persons"], (1, 1)),
            amount=_span(row["amount"], (3000, 30000)),
            months=frozenset(map(int, row["months"].split())) or frozenset(range(1, 13)),
            sensitive=row["sensitive"],
            disposal=row["disposal"],
            title=row["title"],
            statement=row["statement"],
            answer=row["answer"],
        )
        for row in _rows("texts.csv")
    ]


@cache
def stations():
    return [
        StationFacts(
            township=row["township"],
            short_name=row["short_name"],
            opened_on=row["opened_on"],
            monthly=int(row["monthly"]),
            market_days=frozenset(map(int, row["market_days"].split())),
            has_dedicated_staff=row["has_dedicated_staff"] == "1",
            is_acting=row["is_acting"] == "1",
            host_type=row["host_type"],
            address=row["address"],
            hours=row["hours"],
        )
        for row in _rows("stations.csv")
    ]


@cache
def tails(channel):
    """Sentences that may end what a caller or a visitor says."""
    return [row["text"] for row in _rows("tails.csv") if row["channel"] == channel]


@cache
def followups():
    """What people say who come again on the same matter, as dicts of statement, answer, disposal."""
    return _rows("followups.csv")


@cache
def surge():
    """The wage claim of one gang of workers that grows over a month, as dicts, oldest first."""
    return _rows("surge.csv")


@cache
def leads():
    return _rows("leads.csv")


@dataclass(frozen=True)
class Story:
    """What somebody applies for legal aid with, and how it stands with their means."""

    aid_matter: str
    matter: str
    sex: str
    ages: tuple[int, int]
    groups: tuple[str, ...]
    aid_kind: str
    position: str
    stage: str
    claims: str
    amount: tuple[int, int]
    facts: str
    opponent: str
    opponent_kind: str
    track: str
    exemption: str
    basis: str


@cache
def applications():
    return [
        Story(
            **row
            | {
                "sex": {"f": "female", "m": "male", "": ""}[row["sex"]],
                "ages": _span(row["ages"]),
                "groups": tuple(row["groups"].split()),
                "amount": _span(row["amount"]),
            }
        )
        for row in _rows("applications.csv")
    ]


@cache
def scripts():
    """What becomes of applications: dicts of steps, and of working days before today."""
    return tomllib.loads((HERE / "applications.toml").read_text(encoding="utf-8"))["script"]


@cache
def names():
    return tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))


@cache
def months():
    """What heads write in their monthly analyses: comments by month, cases, suggestions."""
    return tomllib.loads((HERE / "months.toml").read_text(encoding="utf-8"))


def place_name(village):
    """Return a village's name as people say it: 三尖铺村委会 → 三尖铺村."""
    return village.replace("村委会", "村").replace("社区居委会", "社区")
