"""A county's dictionary of grounds of complaint: the default it begins with, additions, ends."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from stations.models import County

from ..models import ComplaintGround

_DEFAULT = Path(__file__).with_name("grounds.toml")


def _default_rows():
    return tomllib.loads(_DEFAULT.read_text(encoding="utf-8"))["ground"]


def sources():
    """Return {name: where these words of a default ground come from}: "summary" or "former"."""
    return {row["name"]: row["source"] for row in _default_rows()}


@transaction.atomic
def load_default(county):
    """Give a county that has no grounds yet the default ones. A second press adds nothing."""
    County.objects.select_for_update(of=("self",)).get(pk=county.pk)
    if ComplaintGround.objects.filter(county=county).exists():
        return 0
    rows = _default_rows()
    since = timezone.localdate().replace(month=1, day=1)
    ComplaintGround.objects.bulk_create(
        ComplaintGround(
            county=county,
            code=row["code"],
            name=row["name"],
            ground_class=row["class"],
            position=n,
            is_default=True,
            valid_from=since,
        )
        for n, row in enumerate(rows, 1)
    )
    return len(rows)


@transaction.atomic
def add(county, *, name, ground_class):
    """Add a ground that holds from today, in the last place."""
    County.objects.select_for_update(of=("self",)).get(pk=county.pk)
    last = county.complaint_grounds.aggregate(n=Max("position"))["n"] or 0
    return ComplaintGround.objects.create(
        county=county,
        code=f"own-{last + 1}",
        name=name,
        ground_class=ground_class,
        position=last + 1,
        valid_from=timezone.localdate(),
    )


def end(ground):
    """Let a ground hold no longer than today; complaints that have it keep it."""
    return ComplaintGround.objects.filter(pk=ground.pk, valid_to=None).update(
        valid_to=timezone.localdate()
    )


def confirm(county):
    """The county has looked at the default list and takes it as its own."""
    return county.complaint_grounds.filter(is_default=True).update(is_default=False)
