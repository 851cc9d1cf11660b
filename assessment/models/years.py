"""A county's year of assessment, and the steps it went through."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, User
from stations.roles import Ability

from ..terms import PUBLIC_YEARS, YearStatus
from .guards import append_only, by_with_at
from .standard import Standard


class YearQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.may(Ability.SEE_ASSESSMENT):
            return self.none()
        return self.filter(county__in=County.objects.visible_to(user))

    def running(self):
        """Whose computed scores still follow the records."""
        return self.filter(
            status__in=[YearStatus.OPEN, YearStatus.SELF_SCORING, YearStatus.COUNTY_SCORING]
        )

    def current(self):
        """The latest issue of each year: one that was reopened gives way to the new one."""
        return self.filter(reopened_as=None)

    def for_list(self):
        return self.select_related("county__division", "standard")


class Year(models.Model):
    """The annual assessment 年度考核 of one county and year; changes only through `workflow`.

    A reopened year is a new row (`issue` 2, `reopens`); the frozen one stays readable.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="assessment_years")
    year = models.PositiveSmallIntegerField(_("year"))
    issue = models.PositiveSmallIntegerField(default=1)
    reopens = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reopened_as"
    )
    reopen_reason = models.TextField(_("reason for reopening"), max_length=500, blank=True)
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="years")
    status = models.CharField(
        _("status"), max_length=16, choices=YearStatus, default=YearStatus.OPEN
    )
    # The days counted, both included (the standard's period).
    first_day = models.DateField()
    last_day = models.DateField()

    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Last days of the steps, as planned (clock 34); empty while not set.
    self_score_due_on = models.DateField(_("self-scores due on"), null=True, blank=True)
    county_score_due_on = models.DateField(_("county scores due on"), null=True, blank=True)
    # The notice 公示: first and last day; objections are taken up to the last.
    publicity_from = models.DateField(_("published from"), null=True, blank=True)
    publicity_to = models.DateField(_("published until"), null=True, blank=True)
    objections_to = models.DateField(_("objections until"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # sha256 of the canonical data of all sheets, standard included (`scoring.fingerprint`).
    frozen_hash = models.CharField(max_length=64, blank=True)
    # When the running scores were last computed.
    computed_at = models.DateTimeField(null=True, blank=True)

    objects = YearQuerySet.as_manager()

    class Meta:
        ordering = ["county__division__code", "-year", "-issue"]
        verbose_name = _("assessment year")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "issue"], name="year_issue_once"),
            models.UniqueConstraint(
                fields=["county", "year"],
                condition=~Q(status=YearStatus.FROZEN),
                name="year_one_not_frozen",
                violation_error_message=_("This year is already open."),
            ),
            models.CheckConstraint(
                name="year_ends_after_it_begins", condition=Q(last_day__gt=F("first_day"))
            ),
            models.CheckConstraint(
                name="year_reopened_with_reason",
                condition=Q(reopens=None, issue=1, reopen_reason="")
                | Q(reopens__isnull=False, issue__gt=1) & ~Q(reopen_reason=""),
            ),
            models.CheckConstraint(
                name="year_published_with_days",
                condition=~Q(status__in=sorted(PUBLIC_YEARS))
                | Q(
                    publicity_from__isnull=False,
                    publicity_to__gte=F("publicity_from"),
                    objections_to__isnull=False,
                    published_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="year_frozen_is_confirmed",
                condition=~Q(status=YearStatus.FROZEN)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(frozen_hash=""),
            ),
            by_with_at("year_published_by_with_at", "published"),
            by_with_at("year_confirmed_by_with_at", "confirmed"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_for_good",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="frozen"),
            )
        ]

    def __str__(self):
        return f"{self.county} {self.year}"

    def get_absolute_url(self):
        return reverse("assessment:year_detail", args=[self.pk])

    @property
    def is_frozen(self):
        return self.status == YearStatus.FROZEN

    @property
    def is_public(self):
        return self.status in PUBLIC_YEARS


class YearEvent(models.Model):
    """One step of a year: who, when, from, to, why. Never changed."""

    year = models.ForeignKey(Year, models.PROTECT, related_name="events")
    move = models.CharField(max_length=20)
    from_status = models.CharField(max_length=16, choices=YearStatus, blank=True)
    to_status = models.CharField(max_length=16, choices=YearStatus)
    note = models.TextField(max_length=1000, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.year} {self.move}"
