"""The standard of economic hardship 经济困难标准 of a county: a new one ends the old (LAL 34)."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from stations.errands import hand_over
from stations.models import County
from stations.templatetags.words import full_day
from stations.terms import WallItem
from stations.walls.posters import tells

from ..models import HardshipStandard


class StandardRefused(Exception):
    """A plain sentence why a standard cannot hold from that day."""


def last_standard(county):
    """The standard with the latest first day, in force or to come; None where there is none."""
    return HardshipStandard.objects.filter(county=county).order_by("-valid_from").first()


@transaction.atomic
def adopt(standard):
    """Let an unsaved standard hold from its first day; the one before ends on the day before.

    Decisions keep the standard of their own day, so nothing already decided changes. Raises
    StandardRefused unless it begins after every other.
    """
    County.objects.select_for_update().get(pk=standard.county_id)
    before = last_standard(standard.county)
    if before and standard.valid_from <= before.valid_from:
        raise StandardRefused(
            _("There is a standard from %(day)s on. A new one begins after that day.")
            % {"day": full_day(before.valid_from)}
        )
    if before and before.valid_to is None:
        before.valid_to = standard.valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    standard.save()
    transaction.on_commit(lambda: hand_over("stations.tasks.refresh_walls", standard.county_id))
    return standard


@tells(WallItem.HARDSHIP)
def on_the_wall(county, stations, day):
    """The standard in force, as the stations' posters print it (rules 4.5)."""
    standard = HardshipStandard.objects.in_force(county, day)
    if standard is None:
        return {}
    told = {
        "monthly": f"{standard.monthly_per_head:,.2f}".removesuffix(".00"),
        "basis": standard.basis,
        "paper": standard.paper,
        "valid_from": standard.valid_from.isoformat(),
    }
    return {station.pk: told for station in stations}
