"""What the pages of applications cost over 100,000 of them, against bare views.

    python -m bench.applications OUT.json [--small NAME]  (databases of bench.make_applications)

The queue and its filters, search, the wall of time limits and the record of one application, as in
`bench.lists`: both sides must have rendered the same before they are timed. With `--small`, a
database with fewer applications, pages are timed over both in turn.
"""

import argparse
import os
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import bare, bare_applications, bare_record  # noqa: E402
from bench.measuring import save  # noqa: E402
from bench.pages import against_bare, growth, shown_whole, signed_in  # noqa: E402
from casework.forms.address import address_of  # noqa: E402
from casework.models import Application, Deadline, Party  # noqa: E402
from casework.terms import PartySide, Status  # noqa: E402
from stations.models import (  # noqa: E402
    AidWorker,
    County,
    User,
)
from stations.privacy import keyed_hash  # noqa: E402

MOST_QUERIES = 15
OFFICER, CLERK, REVIEWER = "bench_officer", "bench_clerk", "bench_reviewer"
LATE = """EXISTS (SELECT FROM casework_deadline d WHERE d.application_id = a.id
    AND d.stopped_at IS NULL AND NOT d.is_shadow AND NOT d.is_paused AND d.due_on < %s)"""
HANDED = """a.status IN ('forwarded', 'in_review', 'granted', 'closed')
    OR EXISTS (SELECT FROM casework_deadline d WHERE d.application_id = a.id AND d.number = 16
               AND d.stopped_at IS NULL)
    OR a.status = 'supplementing'
       AND a.asked_from NOT IN ('received', 'returned', 'reviewed', 'countersigned')
       AND EXISTS (SELECT FROM casework_supplementnotice n WHERE n.application_id = a.id
                   AND n.supplied_on IS NULL AND n.due_on < %s)"""
# These show few rows, however many there are.
CHOSEN = {
    "search: a number",
    "search: a whole identity number",
    "record: received, at its station",
    "record: archived",
}
# These also count, sort or page through what is under way, of which there is a hundred times as much.
INFORMING = {
    "queue: the county's, all under way",
    "queue: a station's",
    "wall: the county's clocks",
    "wall: a station's clocks",
    "record: under review",
}


@dataclass
class Case:
    """One address of the list of applications, and the SQL conditions of the same rows."""

    what: str
    username: str
    county: int
    asked: dict
    station: int | None = None
    group: str = "open"
    # {condition: its values} beside the place.
    conditions: dict = field(default_factory=dict)
    page: int = 1

    @property
    def address(self):
        asked = self.asked | ({"page": self.page} if self.page > 1 else {})
        return f"/applications/?{urlencode(asked)}"

    @property
    def _all_conditions(self):
        place = "a.station_id = %s AND a.county_id = %s"
        if self.station:
            return {place: (self.station, self.county)} | self.conditions
        return {"a.county_id = %s": (self.county,)} | self.conditions

    @property
    def where(self):
        return " AND ".join(f"({condition})" for condition in self._all_conditions)

    @property
    def bound(self):
        return [value for values in self._all_conditions.values() for value in values]


def cases():
    """Return the cases of the list, with values that the database at hand has."""
    county, today = County.objects.get(), timezone.localdate()
    station = User.objects.get(username=CLERK).station
    year_ago = today - timedelta(364)
    last_page = ceil(Application.objects.count() / bare_applications.PAGE)
    archived = Application.objects.filter(status=Status.ARCHIVED).order_by(
        "-received_at", "-pk"
    )
    someone, neighbour = archived[40], archived.filter(station=station)[4]

    def case(what, username=REVIEWER, **others):
        asked = others.pop("asked", {})
        return Case(what, username, county.pk, asked, **others)

    def of_group(what, group, **others):
        return case(what, asked={"group": group}, group=group, **others)

    def search(what, words, conditions, username=OFFICER, station=None):
        # A whole number leads to an address without it.
        asked = dict(parse_qsl(address_of({"q": words})))
        return case(
            what, username, asked=asked, group="all", conditions=conditions, station=station
        )

    def named(words):
        return {"a.name LIKE %s": (f"%{words}%",)}

    def hashed(words):
        return {"a.id_hash = %s OR a.phone_hash = %s": (keyed_hash(words), keyed_hash(words))}

    return [
        case("queue: the county's, all under way"),
        case("queue: the county's, its tenth page", page=10),
        case(
            "queue: waits for me",
            asked={"mine": "1"},
            conditions={HANDED: (today,)},
        ),
        of_group("queue: to be examined", "to_decide"),
        case("queue: overdue", asked={"overdue": "1"}, conditions={LATE: (today,)}),
        case("queue: a station's", CLERK, station=station.pk),
        of_group("list: the county, everything", "all", username=OFFICER),
        of_group(
            "list: the county, everything, the last page",
            "all",
            username=OFFICER,
            page=last_page,
        ),
        case(
            "list: a year's applications about wages",
            OFFICER,
            asked={"group": "all", "matter": "31-5", "from": year_ago},
            group="all",
            conditions={
                "a.aid_matter_id = (SELECT id FROM casework_aidmatter WHERE code = %s)": (
                    "31-5",
                ),
                "a.received_at >= %s": (bare.midnight(year_ago),),
            },
        ),
        search("search: a name", someone.name, named(someone.name)),
        search(
            "search: a name, at one station",
            neighbour.name,
            named(neighbour.name),
            CLERK,
            station.pk,
        ),
        search("search: a word nobody has", "龘龘", named("龘龘")),
        search(
            "search: a number",
            someone.number,
            {"a.year = %s AND a.serial = %s": (someone.year, someone.serial)},
        ),
        search("search: a whole identity number", someone.id_number, hashed(someone.id_number)),
        search("search: a whole phone number", someone.phone, hashed(someone.phone)),
        search(
            "search: a receipt code",
            someone.receipt_code,
            {"a.receipt_code = %s": (someone.receipt_code,)},
        ),
    ]


def _walls(requests):
    """(what, who, address, bare view) of the wall of time limits."""
    county, station = County.objects.get().pk, User.objects.get(username=CLERK).station.pk

    def wall(what, username, asked="", **others):
        address = f"/clocks/{asked}"
        return (
            what,
            username,
            address,
            lambda: bare_applications.clock_wall(
                requests.get(address), username, county=county, **others
            ),
        )

    return [
        wall("wall: the county's clocks", REVIEWER),
        wall("wall: a station's clocks", CLERK, station=station),
        wall(
            "wall: the third page of what is overdue", REVIEWER, "?show=over&page=3",
            show="over", page=3,
        ),
    ]  # fmt: skip


RECORDS = {
    "record: received, at its station": (CLERK, Status.RECEIVED),
    "record: under review": (REVIEWER, Status.IN_REVIEW),
    "record: being handled": (REVIEWER, Status.ASSIGNED),
    "record: archived": (OFFICER, Status.ARCHIVED),
}


def _records(requests):
    """(what, who, address, bare view) of the record of an application in each of some statuses."""
    county, station = County.objects.get().pk, User.objects.get(username=CLERK).station.pk
    for what, (username, status) in RECORDS.items():
        at = {"station": station} if username == CLERK else {}
        of_status = Application.objects.filter(status=status, **at).order_by("-received_at")
        application = _without_conflict(of_status)
        yield (
            what,
            username,
            application.get_absolute_url(),
            lambda application=application, username=username, at=at: bare_record.record(
                requests.get(application.get_absolute_url()),
                username,
                pk=application.pk,
                county=county,
                **at,
            ),
        )


def _without_conflict(applications):
    """The latest whose applicant is nobody's handler or other side; the bare view writes no such."""
    workers = AidWorker.objects.values("name")
    opponents = Party.objects.exclude(side=PartySide.CO_APPLICANT).values("name")
    found = applications.exclude(name__in=workers).exclude(name__in=opponents)
    return found[2]


def pages():
    """Yield (what, client, address, bare view) of every list and board measured."""
    clients = {username: signed_in(username) for username in (OFFICER, CLERK, REVIEWER)}
    requests = RequestFactory()
    for case in cases():
        yield (
            case.what,
            clients[case.username],
            case.address,
            lambda case=case: bare_applications.application_list(
                requests.get(case.address), case
            ),
        )
    for what, username, address, bare_view in (*_walls(requests), *_records(requests)):
        yield what, clients[username], address, bare_view


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--small", metavar="NAME")
    asked = parser.parse_args()
    count = Application.objects.count
    rows = f"{count():,}"
    print(f"  {rows} applications, {Deadline.objects.running().count():,} running clocks")
    beside_bare = against_bare(
        pages(), rows=rows, most_queries=MOST_QUERIES, compared=shown_whole
    )
    beside_few = (
        growth(asked.small, pages=pages, count=count, chosen=CHOSEN, informing=INFORMING)
        if asked.small
        else []
    )
    save(asked.out, beside_bare, beside_few)


if __name__ == "__main__":
    main()
