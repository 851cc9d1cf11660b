"""The rules library 制度库: seven rule sets, from the county's template to what a station's people have read.

A template is a version of the county; a station adopts it with its own words from a day on; each of
its people confirms to have read it. What was adopted and read is never changed: a new adoption ends
the one before.
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from .. import chores
from ..chores import Owed, owes
from ..errands import hand_over
from ..models import (
    Adoption,
    Appointment,
    ChoreKind,
    County,
    Reading,
    RuleDocument,
    Station,
    User,
)
from ..papers import boards
from ..roles import Role
from ..sayings import listed, saying
from ..terms import RuleKind

DEFAULTS = Path(__file__).with_name("rule_documents.toml")
# Whose reading counts: the people of a station, not the liaisons of its villages.
READERS = (Role.HEAD, Role.CLERK, Role.DUTY)
# A new version of the county is adopted, and an adopted rule set read, within so many days.
ADOPT_WITHIN = timedelta(days=30)
READ_WITHIN = timedelta(days=15)


class RuleRefused(Exception):
    """A plain sentence why a rule set cannot be set, adopted or confirmed."""


# ── The county's templates ──────────────────────────────────────────────────────────────


def default_texts():
    """Return {kind: text} of the usual seven rule sets that come with the site."""
    return {
        kind: text.strip()
        for kind, text in tomllib.loads(DEFAULTS.read_text(encoding="utf-8")).items()
    }


@transaction.atomic
def take_over_defaults(county, *, by):
    """Give a county the usual text of every rule set it has none of; returns how many."""
    _lock(county)
    there = set(RuleDocument.objects.filter(county=county).values_list("kind", flat=True))
    taken = [
        RuleDocument(county=county, kind=kind, version=1, text=text, set_by=by)
        for kind, text in default_texts().items()
        if kind not in there
    ]
    RuleDocument.objects.bulk_create(taken)
    _tell_stations(county)
    return len(taken)


@transaction.atomic
def set_template(county, kind, *, text, by, note=""):
    """Write the next version of a rule set's template; the same text again changes nothing.

    Raises RuleRefused.
    """
    _lock(county)
    if boards.names_a_person(text):
        raise RuleRefused(
            _(
                "A mobile or identity number stands in the text. Use a place such as 〔投诉电话〕."
            )
        )
    rows = RuleDocument.objects.filter(county=county, kind=kind)
    newest = rows.first()
    if newest and newest.text == text:
        return newest
    made = RuleDocument.objects.create(
        county=county,
        kind=RuleKind(kind),
        version=(rows.aggregate(most=Max("version"))["most"] or 0) + 1,
        text=text,
        note=note,
        set_by=by,
    )
    _tell_stations(county)
    return made


def _lock(county):
    County.objects.select_for_update(no_key=True).get(pk=county.pk)


def _tell_stations(county):
    chores.refresh_later(county, ChoreKind.RULES)
    transaction.on_commit(lambda: hand_over("stations.tasks.refresh_rules", county.pk))


def filled_in(text, station):
    """Return a template's text with the names and numbers of a station in place of 〔…〕."""
    county = station.county
    for place, value in (
        ("〔站名〕", station.name),
        ("〔县名〕", county.division.name),
        ("〔司法局〕", county.bureau_name),
        ("〔中心〕", county.center_name),
        ("〔站电话〕", station.phone),
        ("〔投诉电话〕", county.complaint_phone),
    ):
        text = text.replace(place, value) if value else text
    return text


def open_places(text):
    """Return the places 〔…〕 nobody has filled in yet."""
    parts = text.split("〔")[1:]
    return [f"〔{part.partition('〕')[0]}〕" for part in parts if "〕" in part]


# ── A station's adoption ────────────────────────────────────────────────────────────────


@transaction.atomic
def adopt(station, document, *, text, in_force_from, by):
    """Adopt a rule set for a station from a day on (印发); the one before holds until then.

    The same press again changes nothing. Raises RuleRefused.
    """
    station = (
        Station.objects.select_for_update(of=("self",), no_key=True)
        .select_related("county__division")
        .get(pk=station.pk)
    )
    if document.county_id != station.county_id:
        raise RuleRefused(_("This template belongs to another county."))
    if places := open_places(text):
        raise RuleRefused(
            _("Fill in what is still open: %(places)s.") % {"places": _(", ").join(places)}
        )
    if boards.names_a_person(text):
        raise RuleRefused(_("A mobile or identity number stands in the text. Take it out."))
    before = (
        Adoption.objects.standing()
        .select_for_update()
        .filter(station=station, kind=document.kind)
        .first()
    )
    if before:
        if (before.document_id, before.text, before.in_force_from) == (
            document.pk,
            text,
            in_force_from,
        ):
            return before
        if in_force_from < before.in_force_from:
            raise RuleRefused(
                _("The text adopted before holds from %(day)s. Choose that day or later.")
                % {"day": f"{before.in_force_from:%Y-%m-%d}"}
            )
        before.ended_on = in_force_from
        before.save(update_fields=["ended_on"])
    adoption = Adoption.objects.create(
        station=station,
        kind=document.kind,
        document=document,
        text=text,
        in_force_from=in_force_from,
        adopted_by=by,
    )
    # The work rules on the wall name what is in force.
    chores.refresh_later(station, ChoreKind.RULES, ChoreKind.WALL)
    return adoption


@transaction.atomic
def confirm(adoption, *, by):
    """Write down that somebody of the station has read a rule set; a second time changes nothing.

    Raises RuleRefused for whoever does not work there, and for what holds no more.
    """
    adoption = Adoption.objects.select_related("station__county").get(pk=adoption.pk)
    if adoption.ended_on:
        raise RuleRefused(_("A newer text has taken its place. Read that one."))
    if by.pk not in staff_of([adoption.station], timezone.localdate())[adoption.station_id]:
        raise RuleRefused(_("Only the people of this station confirm that they have read it."))
    reading, is_new = Reading.objects.get_or_create(adoption=adoption, user=by)
    if is_new:
        chores.refresh_later(adoption.station, ChoreKind.RULES)
    return reading


def staff_of(stations, day):
    """Return {station's id: {user's id: `User`}} of the people whose reading counts."""
    people = defaultdict(dict)
    for post in (
        Appointment.objects.current(day)
        .filter(station__in=stations, role__in=READERS)
        .select_related("user")
        .order_by("from_on", "pk")
    ):
        people[post.station_id][post.user_id] = post.user
    return people


# ── How it stands ───────────────────────────────────────────────────────────────────────


@dataclass
class Line:
    """One rule set of a station: the county's newest template, what is adopted, who has not read it."""

    kind: RuleKind
    document: RuleDocument | None
    adoption: Adoption | None
    unread: list[User]
    readers: int

    @property
    def is_outdated(self):
        """Adopted, but from an earlier version than the county's newest."""
        return bool(
            self.adoption
            and self.document
            and self.adoption.document.version < self.document.version
        )

    @property
    def read(self):
        return self.readers - len(self.unread)


def libraries(county, stations, day):
    """Return {station's id: [Line]} in the order of the seven; a constant number of queries."""
    documents = {
        document.kind: document
        for document in RuleDocument.objects.filter(county=county)
        .newest()
        .defer("text")
        .select_related("set_by")
    }
    standing = {}
    for adoption in (
        Adoption.objects.standing()
        .filter(station__in=stations)
        .defer("text", "document__text")
        .select_related("document", "adopted_by")
    ):
        standing[adoption.station_id, adoption.kind] = adoption
    read = set(
        Reading.objects.filter(adoption__in=standing.values()).values_list(
            "adoption_id", "user_id"
        )
    )
    people = staff_of(stations, day)
    found = {}
    for station in stations:
        staff = people[station.pk].values()
        found[station.pk] = [
            Line(
                kind=kind,
                document=documents.get(kind),
                adoption=(adoption := standing.get((station.pk, kind))),
                unread=[user for user in staff if (adoption.pk, user.pk) not in read]
                if adoption
                else [],
                readers=len(staff),
            )
            for kind in RuleKind
        ]
    return found


@dataclass(frozen=True)
class InForce:
    """How many of the seven rule sets hold at a station on a day (T5, rules 5.2), and which rows say so."""

    count: int
    of: int
    adoption_ids: tuple[int, ...]
    missing: tuple[str, ...]


def in_force(station, on):
    """Return the `InForce` of a station on a day: adopted, begun, and not ended by then."""
    holding = dict(
        Adoption.objects.in_force_on(on)
        .filter(station=station)
        .order_by("in_force_from", "pk")
        .values_list("kind", "pk")
    )
    return InForce(
        count=len(holding),
        of=len(RuleKind),
        adoption_ids=tuple(holding[kind] for kind in RuleKind if kind in holding),
        missing=tuple(kind.value for kind in RuleKind if kind not in holding),
    )


@owes(ChoreKind.RULES)
def owed_rules(place, today):
    """Templates the county lacks; rule sets a station has not adopted, or its people not read."""
    if isinstance(place, County):
        return list(_owed_by_county(place))
    return list(_owed_by_station(place, today))


def _owed_by_county(county):
    there = set(RuleDocument.objects.filter(county=county).values_list("kind", flat=True))
    lacking = [kind for kind in RuleKind if kind not in there]
    if lacking:
        yield Owed(
            key="templates",
            title=gettext_lazy("Rule sets without a template of the county"),
            text=listed(kind.label for kind in lacking),
            url=reverse("stations:rule_library"),
            act=gettext_lazy("Write them"),
            roles=(Role.OFFICER,),
        )


def _owed_by_station(station, today):
    lines = libraries(station.county, [station], today)[station.pk]
    url = reverse("stations:rule_station", args=[station.pk])
    open_lines = [line for line in lines if line.document and not line.adoption]
    if open_lines:
        since = min(timezone.localdate(line.document.set_at) for line in open_lines)
        yield Owed(
            key="adopt",
            title=saying(
                ngettext_lazy(
                    "%d rule set is not adopted yet",
                    "%d rule sets are not adopted yet",
                    len(open_lines),
                ),
                len(open_lines),
            ),
            text=listed(line.kind.label for line in open_lines),
            url=url,
            act=gettext_lazy("Adopt"),
            roles=(Role.HEAD, Role.CLERK),
            rule=gettext_lazy("county rule"),
            since_on=since,
            due_on=since + ADOPT_WITHIN,
        )
    outdated = [line for line in lines if line.is_outdated]
    if outdated:
        since = min(timezone.localdate(line.document.set_at) for line in outdated)
        yield Owed(
            key="outdated",
            title=saying(
                ngettext_lazy(
                    "%d rule set has a newer template",
                    "%d rule sets have a newer template",
                    len(outdated),
                ),
                len(outdated),
            ),
            text=listed(line.kind.label for line in outdated),
            url=url,
            act=gettext_lazy("Adopt anew"),
            roles=(Role.HEAD, Role.CLERK),
            rule=gettext_lazy("county rule"),
            since_on=since,
            due_on=since + ADOPT_WITHIN,
        )
    unread = [line for line in lines if line.unread]
    if unread:
        since = min(timezone.localdate(line.adoption.adopted_at) for line in unread)
        names = dict.fromkeys(user.name for line in unread for user in line.unread)
        yield Owed(
            key="unread",
            title=saying(
                ngettext_lazy(
                    "%d rule set is not read by everybody",
                    "%d rule sets are not read by everybody",
                    len(unread),
                ),
                len(unread),
            ),
            text=listed(names),
            url=url,
            act=gettext_lazy("Read"),
            roles=READERS,
            rule=gettext_lazy("county rule"),
            since_on=since,
            due_on=since + READ_WITHIN,
        )
