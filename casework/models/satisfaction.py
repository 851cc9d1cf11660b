"""What visitors say of a station: three questions, and a free word as a suggestion (rules 5.2, S3)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import Station, User
from stations.roles import Ability

from ..terms import Satisfaction, SatisfactionSource
from .applications import Application
from .register import RegisterEntry


class SatisfactionAnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The answers of the stations one reads; the city sees counts of them, never words."""
        if not user.may(Ability.SEE_REGISTER):
            return self.none()
        return self.filter(station__in=Station.objects.visible_to(user))

    def by_code(self):
        """One per visit: what shares are made of. Answers without a code are counted apart."""
        return self.filter(source=SatisfactionSource.CODE)

    def between(self, first, last):
        return self.filter(answered_on__gte=first, answered_on__lte=last)

    def suggestions(self):
        return self.exclude(suggestion="")


class SatisfactionAnswer(models.Model):
    """One filled-in page 满意度评价. It holds nothing about whoever filled it in.

    `entry` or `application` is what the code belongs to: each is answered once.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="satisfaction_answers")
    source = models.CharField(max_length=4, choices=SatisfactionSource)
    entry = models.OneToOneField(
        RegisterEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="satisfaction_answer",
    )
    application = models.OneToOneField(
        Application,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="satisfaction_answer",
    )
    answered_on = models.DateField(_("answered on"), default=timezone.localdate)
    satisfaction = models.CharField(_("satisfaction"), max_length=12, choices=Satisfaction)
    was_explained = models.BooleanField(_("it was explained clearly"))
    # LAL 20: nothing may be taken from a recipient.
    was_charged = models.BooleanField(_("money or things were asked for"))
    # Mobile and identity numbers are blacked out before it is kept.
    suggestion = models.CharField(_("suggestion"), max_length=300, blank=True)
    reply = models.CharField(_("what was done about it"), max_length=300, blank=True)
    replied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)

    objects = SatisfactionAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-answered_on", "-pk"]
        verbose_name = _("answer of a visitor")
        constraints = [
            models.CheckConstraint(
                name="satisfaction_code_belongs_to_one_visit",
                condition=Q(source=SatisfactionSource.DESK, entry=None, application=None)
                | Q(source=SatisfactionSource.CODE, entry__isnull=False, application=None)
                | Q(source=SatisfactionSource.CODE, entry=None, application__isnull=False),
            ),
            models.CheckConstraint(
                name="satisfaction_reply_whole",
                condition=Q(reply="", replied_by=None, replied_at=None)
                | ~Q(reply="") & Q(replied_by__isnull=False, replied_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["station", "answered_on"], name="satisfaction_station_day")
        ]

    def __str__(self):
        return f"{self.station_id} {self.answered_on}"
