"""What the station thinks of an application before the center decides: 初审意见."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import User

from ..terms import Conclusion
from .applications import Application


class Opinion(models.Model):
    """The station's preliminary opinion 初审意见 (rules 3.3): one per review, the last counts."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="opinions")
    # What the pure rules found, and where the reviewer differs: {code: {"says", "reason"}}.
    findings = models.JSONField(default=list)
    overrides = models.JSONField(default=dict)
    conclusion = models.CharField(_("proposal"), max_length=16, choices=Conclusion)
    words = models.TextField(_("opinion"), max_length=2000)
    no_recusal = models.BooleanField(
        _("reviewer is not a party, a relative or interested"), default=False
    )
    reviewed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    head_words = models.CharField(_("the head's words"), max_length=400, blank=True)

    class Meta:
        ordering = ["reviewed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="opinion_signed_by_with_at",
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="opinion_checked_recusal", condition=Q(no_recusal=True)
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.get_conclusion_display()}"
