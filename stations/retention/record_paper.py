"""The paper of a list 销毁清单: what, how many, by which time of keeping, who, with places to sign."""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import timezone, translation

from ..models import DestructionList, ItemFate, ListState
from ..papers.documents import makes
from ..papers.pdf import render_pdf
from .carrying import PAPER
from .keepers import KEEPERS
from .schedule import years_in_words

TEMPLATE = "stations/retention/print.html"
# So many numbers are printed one by one; a longer list is proved by its hash.
MOST_PRINTED = 400
_OFF = (ItemFate.TAKEN_OUT, ItemFate.LEFT_OUT)


@dataclass
class PaperLine:
    """One kind at one place: how many were listed, kept off and destroyed, and of which days."""

    place: str
    listed: int = 0
    off: int = 0
    destroyed: int = 0
    first: date | None = None
    last: date | None = None

    def add(self, state, n, first, last):
        self.listed += n
        self.off += n if state in _OFF else 0
        self.destroyed += n if state == ItemFate.DESTROYED else 0
        self.first = min(filter(None, (self.first, first)))
        self.last = max(filter(None, (self.last, last)))


@dataclass
class PaperKind:
    """One kind on the paper: its time of keeping as it stood, its places, its numbers if few."""

    label: str
    years: str
    act: str
    before: date
    lines: list[PaperLine] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


def kinds_of(listed):
    """Return {code: PaperKind} of a list, in the order of the schedule as it stood."""
    kinds = {
        each["kind"]: PaperKind(
            str(keeper.label) if keeper else each["kind"],
            years_in_words(each["years"]),
            str(keeper.act) if keeper else "",
            date.fromisoformat(each["before"]),
        )
        for each in listed.basis
        for keeper in [KEEPERS.get(each["kind"])]
    }
    rows = (
        listed.items.order_by()
        .values_list("kind", "station__short_name", "state")
        .annotate(n=Count("pk"), first=Min("anchor_on"), last=Max("anchor_on"))
        .order_by("kind", "station__short_name", "state")
    )
    by_place = {}
    for kind, place, *counted in rows:
        if (kind, place) not in by_place:
            by_place[kind, place] = PaperLine(place or "")
            kinds[kind].lines.append(by_place[kind, place])
        by_place[kind, place].add(*counted)
    return {code: kind for code, kind in kinds.items() if kind.lines}


def paper_of(listed):
    """Return what page and PDF print of a list as it stands; three or four questions."""
    kinds = kinds_of(listed)
    lines = [line for kind in kinds.values() for line in kind.lines]
    listed_all = sum(line.listed for line in lines)
    if listed_all <= MOST_PRINTED:
        state = [ItemFate.DESTROYED] if listed.state == ListState.DONE else [ItemFate.LISTED]
        for code, label in listed.items.filter(state__in=state).values_list("kind", "label"):
            kinds[code].numbers.append(label)
    reasons = (
        listed.items.filter(state__in=_OFF)
        .order_by()
        .values_list("state", "reason")
        .annotate(n=Count("pk"))
        .order_by("-n", "reason")
    )
    return {
        "list": listed,
        "county": listed.county,
        "kinds": list(kinds.values()),
        "listed": listed_all,
        "off": sum(line.off for line in lines),
        "destroyed": sum(line.destroyed for line in lines),
        "reasons": [(ItemFate(state).label, reason, n) for state, reason, n in reasons],
        "is_done": listed.state == ListState.DONE,
        "printed_at": timezone.now(),
    }


@makes(PAPER)
def make_record(document, progress):
    """Return the PDF of the record of a destruction, in the language of the office."""
    listed = (
        DestructionList.objects.for_list()
        .select_related("ordered_by")
        .get(pk=document.parameters["list"])
    )
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(TEMPLATE, paper_of(listed))
