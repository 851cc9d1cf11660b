"""下一件: the most urgent application that waits for a person and that no colleague has taken up."""

from django.db import transaction
from django.utils import timezone

from stations.models import County

from ..models import TakenUp
from . import waiting


@transaction.atomic
def take_up(user):
    """Take up the most urgent application that waits for this person. Returns it, or None.

    Of ten people pressing at once each gets another one; what somebody has had in hand for long
    comes back to all.
    """
    now = timezone.now()
    # One at a time per county: whoever comes second sees what the first has taken.
    County.objects.select_for_update(no_key=True).get(pk=user.county.pk)
    taken = TakenUp.objects.by_others(user, now).values("application")
    application = waiting.by_next_due(waiting.waiting_for(user).exclude(pk__in=taken)).first()
    if application:
        TakenUp.objects.update_or_create(
            application=application, defaults={"user": user, "taken_at": now}
        )
    return application
