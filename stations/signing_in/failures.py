"""Sign-ins that failed, and accounts that were locked, in the log of who looked."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from ..models import Look, LookKind, User


def write_down(username, *, is_locked):
    """Write down that signing in to an account failed, or that it is locked now.

    A name nobody has leaves nothing: people type their password there. A lock is told once while it
    lasts, however often it is knocked at.
    """
    user = User.objects.filter(username=username[:40].replace("\0", "")).first()
    if user is None:
        return
    kind = LookKind.LOCKED if is_locked else LookKind.FAILED
    if is_locked:
        since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
        if Look.objects.filter(user=user, kind=kind, at__gte=since).exists():
            return
    Look.objects.create(
        kind=kind,
        user=user,
        station=user.station,
        county=user.county,
        subject=f"user:{user.pk}",
    )
