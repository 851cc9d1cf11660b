"""Satisfaction of a station over a period, with the rows behind each figure (rules 5.2, S3)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth

from ..models import Application, RegisterEntry, SatisfactionAnswer
from ..terms import Satisfaction, SatisfactionSource

# A share of fewer replies says more about chance than about the station.
LEAST_REPLIES = 5


@dataclass(frozen=True)
class SatisfactionFigures:
    """The answers of one station and period. Only those by a visit's code make the shares.

    `visits` are the register entries and applications that could have been answered for. The ids are
    those of `SatisfactionAnswer`.
    """

    visits: int
    row_ids: tuple[int, ...] = ()
    satisfied_ids: tuple[int, ...] = ()
    explained_ids: tuple[int, ...] = ()
    # Also without a code: each of these is looked into.
    charged_ids: tuple[int, ...] = ()
    # Without a code, counted apart.
    desk_ids: tuple[int, ...] = ()

    @property
    def replies(self):
        return len(self.row_ids)

    @property
    def satisfied_share(self):
        """0…1, or None without replies."""
        return len(self.satisfied_ids) / self.replies if self.replies else None

    @property
    def sample_share(self):
        """Replies by code to visits, 0…1; None without visits."""
        return self.replies / self.visits if self.visits else None

    @property
    def is_too_few(self):
        return self.replies < LEAST_REPLIES

    @property
    def satisfied_percent(self):
        return None if self.is_too_few else round(100 * self.satisfied_share)

    @property
    def explained_percent(self):
        return None if self.is_too_few else round(100 * len(self.explained_ids) / self.replies)


def satisfaction_of_stations(stations, first, last):
    """{station id: SatisfactionFigures} from `first` to `last`, both included; in three reads."""
    keys = [station.pk for station in stations]
    entries = RegisterEntry.objects.counted().filter(
        station__in=keys, occurred_on__gte=first, occurred_on__lte=last
    )
    applications = Application.objects.filter(
        station__in=keys, received_at__date__gte=first, received_at__date__lte=last
    )
    visits = Counter(_per_station(entries)) + Counter(_per_station(applications))
    rows = defaultdict(list)
    for row in (
        SatisfactionAnswer.objects.filter(station__in=keys)
        .between(first, last)
        .order_by("pk")
        .values("pk", "station", "source", "satisfaction", "was_explained", "was_charged")
    ):
        rows[row["station"]].append(row)
    return {pk: _figures(visits[pk], rows[pk]) for pk in keys}


def _per_station(rows):
    return dict(rows.order_by().values_list("station").annotate(n=Count("pk")))


def _figures(visits, rows):
    by_code = [row for row in rows if row["source"] == SatisfactionSource.CODE]

    def ids(chosen):
        return tuple(row["pk"] for row in chosen)

    return SatisfactionFigures(
        visits=visits,
        row_ids=ids(by_code),
        satisfied_ids=ids(
            row for row in by_code if row["satisfaction"] == Satisfaction.SATISFIED
        ),
        explained_ids=ids(row for row in by_code if row["was_explained"]),
        charged_ids=ids(row for row in rows if row["was_charged"]),
        desk_ids=ids(row for row in rows if row["source"] == SatisfactionSource.DESK),
    )


def months_of(stations, first, last):
    """[(month, replies, satisfied)] of these stations together, in order, months without any too."""
    counts = {}
    for row in (
        SatisfactionAnswer.objects.filter(station__in=stations)
        .by_code()
        .between(first, last)
        .order_by()
        .values_list(TruncMonth("answered_on"), "satisfaction")
    ):
        counts.setdefault(row[0], []).append(row[1])
    found, month = [], first.replace(day=1)
    while month <= last:
        said = counts.get(month, [])
        found.append((month, len(said), said.count(Satisfaction.SATISFIED)))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found
