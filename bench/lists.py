"""What list, search, desk and coverage pages cost over 1,000,000 entries, against bare views.

    python -m bench.lists OUT.json [--small NAME]     (on databases made by bench.make_million)

Ours is asked through Django's test client: all middleware, the session, permissions and the page as
a browser gets it. The alternative is a view of `bench.bare`. Before a case is timed, both must have
rendered the same rows. With `--small`, a database with fewer entries, pages are timed over both in
turn, to see what grows with rows that are not shown.
"""

import argparse
import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import bare  # noqa: E402
from bench.measuring import save  # noqa: E402
from bench.pages import against_bare, growth, signed_in  # noqa: E402
from casework.forms.address import address_of  # noqa: E402
from casework.forms.filters import DEFAULT_DAYS as USUAL_DAYS  # noqa: E402
from casework.models import Matter, RegisterEntry  # noqa: E402
from casework.rules.search import initials, query_terms  # noqa: E402
from casework.views.register_list import MOST_COUNTED, MOST_FOUND  # noqa: E402
from stations.models import County, User  # noqa: E402

MOST_QUERIES = 12
OFFICER, CLERK = "bench_officer", "bench_clerk"
# These show fifty rows, or as many figures, however many entries there are.
CHOSEN = {
    "list: the county, all days",
    "list: the last page of all days",
    "search: a frequent word of the text",
    "desk of a station",
    "desk of the county",
    "coverage of the county",
}


@dataclass
class Case:
    """One address of the register's list, and the SQL conditions of the same rows."""

    what: str
    username: str
    county: int
    asked: dict
    station: int | None = None
    conditions: dict = field(default_factory=dict)
    words: str = ""
    since: date | None = None
    until: date | None = None
    # (moment, id) of the entry the page begins after.
    before: tuple = ()

    @property
    def is_search(self):
        return bool(self.words)

    @property
    def most(self):
        return MOST_FOUND if self.is_search else MOST_COUNTED

    @property
    def query(self):
        return urlencode(self.asked)

    @property
    def address(self):
        place = f"&before={self.before[1]}" if self.before else ""
        return f"/register/?{self.query}{place}"

    @property
    def here(self):
        """The address of the list as each row carries it along; the usual days stay the last thirty."""
        if self.since and (self.until - self.since).days == USUAL_DAYS - 1:
            return ""
        days = {} if "from" in self.asked else {"from": ""}
        place = {"before": self.before[1]} if self.before else {}
        return urlencode(days | self.asked | place)

    @property
    def _all_conditions(self):
        all_conditions = (
            {"e.station_id = %s": self.station}
            if self.station
            else {
                "e.station_id IN (SELECT id FROM stations_station WHERE county_id = %s)": self.county
            }
        )
        if self.since:
            all_conditions["e.occurred_at >= %s"] = bare.midnight(self.since)
            all_conditions["e.occurred_at < %s"] = bare.midnight(self.until + timedelta(1))
        return all_conditions | self.conditions

    @property
    def where(self):
        parts = list(self._all_conditions)
        if self.is_search:
            parts.append(
                "(" + " OR ".join("e.search_terms @> %s" for _ in query_terms(self.words)) + ")"
            )
        else:
            parts.append("e.voided_at IS NULL")
        return " AND ".join(parts)

    @property
    def bound(self):
        terms = query_terms(self.words) if self.is_search else []
        return [*self._all_conditions.values(), *terms]


def cases():
    """Return the cases, with values that the database at hand has."""
    county = County.objects.get()
    station = User.objects.get(username=CLERK).station
    today = timezone.localdate()
    month_ago, year_ago = today - timedelta(29), today - timedelta(364)
    matter = Matter.objects.leaves().get(name="支付劳动报酬")
    entries = RegisterEntry.objects.counted()
    oldest = entries.order_by("occurred_at", "pk")[60]
    someone = entries.exclude(village=None).order_by("-occurred_at")[40]
    rare = _rare_opponent()

    def case(what, username=OFFICER, *, station=None, since=None, asked=None, **others):
        days = {"from": since, "to": today} if since else {"from": ""}
        return Case(
            what,
            username,
            county.pk,
            {**({} if "words" in others else days), **(asked or {})},
            station=station,
            since=since,
            until=today if since else None,
            **others,
        )

    def search(what, words, username=OFFICER, station=None):
        # A whole number leads to an address without it.
        asked = dict(parse_qsl(address_of({"q": words})))
        return case(what, username, station=station, asked=asked, words=words)

    return [
        case("list: a station's last 30 days", CLERK, station=station.pk, since=month_ago),
        case("list: the county's last 30 days", since=month_ago),
        case("list: the county, all days"),
        case(
            "list: a year's visits about wages",
            since=year_ago,
            asked={"channel": "visit", "matter": matter.code},
            conditions={"e.channel = %s": "visit", "e.matter_id = %s": matter.pk},
        ),
        case(
            "list: a year's sensitive entries",
            since=year_ago,
            asked={"sensitive": "any"},
            conditions={"e.sensitive <> %s": "none"},
        ),
        case(
            "list: recorded late, all days",
            asked={"late": "1"},
            conditions={"e.working_days_late > %s": 1},
        ),
        case(
            "list: a station's village, all days",
            CLERK,
            station=station.pk,
            asked={"village": station.township.children.first().code},
            conditions={"e.village_id = %s": station.township.children.first().pk},
        ),
        case("list: the last page of all days", before=(oldest.occurred_at, oldest.pk)),
        search("search: a name", someone.name),
        search("search: pinyin initials", initials(someone.name)),
        search("search: the last four digits of a phone", someone.phone[-4:]),
        search("search: a whole phone number", someone.phone),
        search("search: a number of the register", someone.number),
        search("search: a word nobody said", "龘龘"),
        search("search: a rare word of the text", rare),
        search("search: a frequent word of the text", "工资"),
        search("search: a frequent word, at one station", "工资", CLERK, station.pk),
    ]


def _rare_opponent():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opponent FROM casework_registerentry WHERE opponent <> ''"
            " GROUP BY 1 ORDER BY count(*), 1 LIMIT 1"
        )
        return cursor.fetchone()[0]


def pages():
    """Yield (what, client, address, bare view) of every page measured."""
    clients = {username: signed_in(username) for username in (OFFICER, CLERK)}
    requests = RequestFactory()
    county = County.objects.select_related("division").get()
    code, station = county.division.code, User.objects.get(username=CLERK).station.pk
    for case in cases():
        yield (
            case.what,
            clients[case.username],
            case.address,
            lambda case=case: bare.register_list(requests.get(case.address), case),
        )
    yield (
        "desk of a station",
        clients[CLERK],
        "/",
        lambda: bare.station_desk(requests.get("/"), CLERK, station),
    )
    yield (
        "desk of the county",
        clients[OFFICER],
        "/",
        lambda: bare.county_desk(requests.get("/"), OFFICER, county.pk, code),
    )
    yield (
        "coverage of the county",
        clients[OFFICER],
        "/network/",
        lambda: bare.coverage(requests.get("/network/"), OFFICER, code),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--small", metavar="NAME")
    asked = parser.parse_args()
    entries = RegisterEntry.objects.count
    beside_bare = against_bare(pages(), rows=f"{entries():,}", most_queries=MOST_QUERIES)
    beside_few = (
        growth(asked.small, pages=pages, count=entries, chosen=CHOSEN) if asked.small else []
    )
    save(asked.out, beside_bare, beside_few)


if __name__ == "__main__":
    main()
