"""Which application somebody has taken up, so that two colleagues do not begin with the same one."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from stations.models import User

from .applications import Application

# Whoever leaves it lying so long gives it back to the others.
HELD_FOR = timedelta(minutes=15)


class TakenUpQuerySet(models.QuerySet):
    def by_others(self, user, now):
        """What colleagues have in hand at this moment."""
        return self.filter(taken_at__gt=now - HELD_FOR).exclude(user=user)


class TakenUp(models.Model):
    """Somebody pressed 下一件 and was led to this application; it keeps nobody from working on it."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="taken_up")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)

    objects = TakenUpQuerySet.as_manager()

    def __str__(self):
        return f"{self.application_id} {self.user}"
