"""Sending a lead from a village, and taking it up at the station."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import chores
from ..models import ChoreKind, Lead, Liaison


class LeadRefused(Exception):
    """A plain sentence why the lead cannot be sent or taken now."""


def liaison_post(user):
    """Return the village post a liaison's account holds today, or None."""
    return (
        Liaison.objects.in_post_on(timezone.localdate())
        .filter(user=user)
        .select_related("village", "station")
        .first()
    )


def send(lead, *, by):
    """Save a lead for the station of the liaison's village. A second press returns the first.

    Raises LeadRefused when the account belongs to no liaison in post.
    """
    post = liaison_post(by)
    if post is None:
        raise LeadRefused(_("You are not in post as a liaison. Ask the station."))
    lead.station, lead.village, lead.sent_by = post.station, post.village, by
    try:
        with transaction.atomic():
            lead.save(force_insert=True)
    except IntegrityError:
        return Lead.objects.get(client_key=lead.client_key, sent_by=by)
    return lead


@transaction.atomic
def take(lead, *, by, outcome):
    """Take up a lead and write what was done. Raises LeadRefused when a colleague has."""
    # Without the colleague: a row joined to one that was waited for is of before the wait.
    current = Lead.objects.select_for_update().get(pk=lead.pk)
    if current.taken_at:
        raise LeadRefused(
            _("%(name)s has already taken up this lead.") % {"name": current.taken_by.name}
        )
    current.taken_at = timezone.now()
    current.taken_by = by
    current.outcome = outcome
    current.save(update_fields=["taken_at", "taken_by", "outcome"])
    chores.refresh_later(current.station, ChoreKind.LIAISON)
    return current
