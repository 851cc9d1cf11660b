"""The one-page note on an early sign (舆情提示): count, trend, places, law at stake, next step."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from stations.models import DayOff
from stations.papers.pdf import render_pdf

from ..analysis.clusters import LAND_MATTERS, rows_of
from ..rules.sentiment import OPPONENT_DAYS, WAGES
from ..terms import SignalLevel
from .signs import clock_of

TEMPLATE = "casework/signs/print.html"
# So many places are named; the rest is a number.
PLACES = 6


@dataclass(frozen=True)
class Week:
    first: date
    last: date
    rows: int
    persons: int


@dataclass(frozen=True)
class Place:
    name: str
    rows: int


def laws(matter: str, topic: str) -> list[str]:
    """Return the laws a sign of such a matter or topic touches; only such as certainly do."""
    found = []
    if matter == WAGES:
        found += [
            _("Labour Contract Law"),
            _("Regulation on Ensuring the Payment of Wages to Migrant Workers"),
            _("Labour Dispute Mediation and Arbitration Law"),
        ]
    if topic == "land" or matter in LAND_MATTERS:
        found += [_("Land Administration Law"), _("Rural Land Contracting Law")]
    found += {
        "property": [
            _("Urban Real Estate Administration Law"),
            _("Civil Code, book on contracts"),
        ],
        "fund_raising": [_("Regulation on Preventing and Handling Illegal Fund-raising")],
        "school": [_("Law on the Protection of Minors")],
        "medical": [_("Regulation on Preventing and Handling Medical Disputes")],
        "environment": [_("Environmental Protection Law")],
    }.get(topic, [])
    return [*found, _("Legal Aid Law"), _("Regulation on Letters and Visits")]


def steps(level: str, persons: int, matter: str) -> list[str]:
    """Return what the bureau is advised to do first; a suggestion, the bureau decides."""
    found = []
    if level == SignalLevel.GRAVE:
        found.append(
            _(
                "Phone the county's leadership and the body in charge at once; report in writing."
            )
        )
    else:
        found.append(_("Tell the body in charge of the matter today and agree who goes there."))
    if matter == WAGES:
        found.append(
            _("Take the workers' applications together; wages are not checked for hardship.")
        )
    if persons >= 5:
        found.append(_("Ask those concerned to choose at most five to speak for them."))
    found.append(_("Send the stations one answer to give, so that everybody hears the same."))
    return found


def paper(sign):
    """Return what page and print show of a sign, computed from its rows as they stand."""
    entries, applications = rows_of(sign)
    rows = list(
        entries.order_by().values_list(
            "occurred_on", "persons", "station__short_name", "village__name", "matter__code"
        )
    )
    matters = Counter(row[4] for row in rows)
    rows += [
        (
            each.received_on,
            1,
            each.station.short_name,
            each.village.name if each.village else None,
            "",
        )
        for each in applications
    ]
    stations = Counter(row[2] for row in rows)
    villages = Counter(row[3] for row in rows if row[3])
    matter = matters.most_common(1)[0][0] if matters else ""
    topic = sign.facts.get("topic", "")
    now = timezone.now()
    return {
        "sign": sign,
        "weeks": weeks(rows, sign.last_on),
        "stations": _places(stations),
        "villages": _places(villages),
        "laws": laws(matter, topic),
        "steps": steps(sign.level, sign.persons, matter),
        "clock": clock_of(sign, DayOff.objects.calendar(sign.county), now),
        "taken_at": now,
        "check_code": " ".join(sign.rows_hash[n : n + 4] for n in range(0, 24, 4)),
    }


def weeks(rows, last_on):
    """Fold rows of (day, persons, …) into the weeks that end on a day, the oldest first."""
    found = []
    for back in range(-(-OPPONENT_DAYS // 7) - 1, -1, -1):
        last = last_on - timedelta(days=7 * back)
        first = last - timedelta(days=6)
        inside = [row for row in rows if first <= row[0] <= last]
        found.append(Week(first, last, len(inside), sum(row[1] for row in inside)))
    return found


def _places(counted):
    """The places with most rows, then how many others there are."""
    places = [Place(name, rows) for name, rows in counted.most_common(PLACES)]
    rest = len(counted) - len(places)
    if rest > 0:
        others = sum(counted.values()) - sum(place.rows for place in places)
        places.append(Place(_("%(count)d other places") % {"count": rest}, others))
    return places


def pdf(sign):
    """Return the note as PDF, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(TEMPLATE, paper(sign))
