"""The standard of economic hardship 经济困难标准 of a county: a new one ends the old (LAL 34)."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from stations.models import County

from .models import HardshipStandard


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
            % {"day": f"{before.valid_from:%Y-%m-%d}"}
        )
    if before and before.valid_to is None:
        before.valid_to = standard.valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    standard.save()
    return standard
