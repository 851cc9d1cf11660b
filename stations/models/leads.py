"""Leads: what a liaison passes on to the station."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..privacy import EncryptedTextField
from ..roles import Role
from ..terms import LeadKind
from .network import Division, Station


class Urgency(models.TextChoices):
    TODAY = "today", _("today")
    WEEK = "week", _("this week")
    NO_HURRY = "no_hurry", _("no hurry")


class LeadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The station's leads; a liaison sees only those they sent.

        By a published roster, a duty person of another day sees only those they took up.
        """
        stations = [
            post.station_id
            for post in user.posts
            if post.station_id
            and post.role != Role.LIAISON
            and post.station_id not in user.off_duty_at
        ]
        own = Q(sent_by=user) | Q(taken_by=user) if user.off_duty_at else Q(sent_by=user)
        return self.filter(Q(station__in=stations) | own)

    def waiting(self):
        return self.filter(taken_at=None)


class Lead(models.Model):
    """A liaison's word that somebody needs help (线索)."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="leads")
    village = models.ForeignKey(
        Division, models.PROTECT, related_name="leads", verbose_name=_("village")
    )
    kind = models.CharField(_("matter"), max_length=10, choices=LeadKind)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40, blank=True)
    phone = EncryptedTextField(verbose_name=_("phone"))
    words = models.TextField(_("what is it about"), max_length=1000, blank=True)
    urgency = models.CharField(
        _("urgency"), max_length=10, choices=Urgency, default=Urgency.WEEK
    )
    sent_by = models.ForeignKey("stations.User", models.PROTECT, related_name="leads_sent")
    sent_at = models.DateTimeField(default=timezone.now)
    # One number per typed lead, so that a second press sends nothing twice.
    client_key = models.UUIDField(unique=True)
    taken_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="leads_taken"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("what became of it"), max_length=200, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = _("lead")
        constraints = [
            models.CheckConstraint(
                name="lead_taken_by_with_at",
                condition=Q(taken_at=None, taken_by=None)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.village} {self.name}"
