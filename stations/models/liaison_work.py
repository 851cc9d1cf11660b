"""What liaisons do 联络员工作: the log of their six roles, tasks from the station, handing over."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..roles import Role
from ..terms import LiaisonRole, LiaisonTaskKind
from .network import Liaison, Station


def _own_or_station_s(user):
    """The station's people see all of the station's; a liaison sees only their own."""
    own = [post.station_id for post in user.posts if post.role == Role.LIAISON]
    others = [
        post.station_id for post in user.posts if post.station_id and post.role != Role.LIAISON
    ]
    reached = Q(liaison__station__in=Station.objects.visible_to(user))
    if own and not others:
        return reached & Q(liaison__user=user)
    return reached


class LiaisonActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(_own_or_station_s(user))


class LiaisonActivity(models.Model):
    """One thing a liaison did in one of the six roles, in a word. No economic data in it."""

    liaison = models.ForeignKey(Liaison, models.PROTECT, related_name="activities")
    role = models.CharField(
        pgettext_lazy("liaison", "role"), max_length=12, choices=LiaisonRole
    )
    on = models.DateField(_("day"))
    words = models.CharField(_("in a word"), max_length=120, blank=True)
    by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # One number per press, so that a second press logs nothing twice.
    client_key = models.UUIDField(unique=True)

    objects = LiaisonActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["liaison", "-on"], name="liaison_activity_on")]

    def __str__(self):
        return f"{self.liaison} {self.get_role_display()}"


class LiaisonTaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(_own_or_station_s(user))

    def open(self):
        return self.filter(closed_at=None)

    def overdue(self, today):
        return self.open().filter(due_on__lt=today)


class LiaisonTask(models.Model):
    """Something the station asks of a liaison, and what came of it."""

    liaison = models.ForeignKey(Liaison, models.PROTECT, related_name="tasks")
    kind = models.CharField(_("task"), max_length=10, choices=LiaisonTaskKind)
    words = models.CharField(_("what is to be done"), max_length=200)
    due_on = models.DateField(_("due on"))
    given_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    # Done, withdrawn, or handed over to the next liaison; `result` says what came of it.
    is_done = models.BooleanField(default=False)
    closed_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(_("what came of it"), max_length=200, blank=True)
    # The number of the report a phone sent, so that one sent twice closes the task once.
    client_key = models.UUIDField(null=True, blank=True, unique=True)
    # The task of the last liaison that this one carries on.
    continues = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_as"
    )

    objects = LiaisonTaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_task_closed_whole",
                condition=Q(closed_at=None, closed_by=None, is_done=False, result="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(result="")),
            )
        ]

    def __str__(self):
        return self.words


class HandOverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The station's people see all; a liaison sees the packs of their own village post."""
        own = Q(liaison__station__in=Station.objects.visible_to(user))
        if any(post.station_id and post.role != Role.LIAISON for post in user.posts) or any(
            not post.station_id for post in user.posts
        ):
            return self.filter(own)
        villages = Liaison.objects.filter(user=user, appointed_to=None).values("village")
        return self.filter(own, liaison__village__in=villages)


class HandOver(models.Model):
    """The pack a leaving liaison leaves behind: the rows it lists, and who received it when."""

    liaison = models.OneToOneField(Liaison, models.PROTECT, related_name="hand_over")
    leads = ArrayField(models.BigIntegerField(), default=list)
    tasks = ArrayField(models.BigIntegerField(), default=list)
    made_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    to_liaison = models.ForeignKey(
        Liaison, models.PROTECT, null=True, blank=True, related_name="hand_overs_received"
    )
    received_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField(null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="hand_over_received_whole",
                condition=Q(received_at=None, received_by=None, to_liaison=None)
                | Q(
                    received_at__isnull=False,
                    received_by__isnull=False,
                    to_liaison__isnull=False,
                ),
            )
        ]

    def __str__(self):
        return f"{self.liaison}"
