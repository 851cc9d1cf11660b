"""Demonstration stations 示范点: a county's plan, a station's application and name, every step."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, Evidence, Station, User
from stations.privacy import EncryptedTextField
from stations.roles import Ability

from ..demonstration import OVER, UNDER_WAY, CheckPoint, Ground, Stage, Step


class DemonstrationPlan(models.Model):
    """How many stations a county means to name in a year; changed by a new row, the latest holds."""

    county = models.ForeignKey(County, models.PROTECT, related_name="demonstration_plans")
    year = models.PositiveSmallIntegerField(_("year"))
    wanted = models.PositiveSmallIntegerField(_("to be named"))
    words = models.CharField(_("how and with what help"), max_length=400, blank=True)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-year", "-set_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="demonstration_plan_wants_one", condition=Q(wanted__gte=1)
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.county} {self.year}: {self.wanted}"


class DemonstrationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Start every page, paper and export here."""
        if not user.may(Ability.SEE_ASSESSMENT):
            return self.none()
        return self.filter(station__in=Station.objects.visible_to(user))

    def under_way(self):
        return self.filter(stage__in=UNDER_WAY)

    def named(self):
        """Names in force; one that waits for its second look still is."""
        return self.filter(stage=Stage.NAMED)

    def for_list(self):
        return self.select_related("station__township", "county__division")


class Demonstration(models.Model):
    """A station's application for the name of demonstration station, and the name it became.

    `stage` changes only through `assessment.naming.moves`. `conditions` keeps what was known on the day of
    the application, and again on the day of the recommendation.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="demonstrations")
    county = models.ForeignKey(County, models.PROTECT, related_name="demonstrations")
    year = models.PositiveSmallIntegerField(_("year"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.APPLIED)
    words = models.TextField(_("why this station"), max_length=2000)
    conditions = models.JSONField(default=list)
    applied_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(default=timezone.now)

    recommended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recommended_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(_("the county's opinion"), max_length=400, blank=True)

    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_on = models.DateField(_("on site on"), null=True, blank=True)
    check_words = models.CharField(_("what was seen"), max_length=400, blank=True)

    # Both days included (公示).
    published_from = models.DateField(_("hangs out from"), null=True, blank=True)
    published_until = models.DateField(_("hangs out until"), null=True, blank=True)

    named_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    named_on = models.DateField(_("named on"), null=True, blank=True)
    plaque_number = models.CharField(_("plaque number"), max_length=30, blank=True)
    valid_until = models.DateField(_("to be looked at anew by"), null=True, blank=True)
    # The station as it was named: its address, and the accounts of its staff.
    named_address = models.CharField(max_length=120, blank=True)
    named_staff = models.JSONField(default=list)

    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ground = models.CharField(_("ground"), max_length=8, choices=Ground, blank=True)
    ended_words = models.CharField(_("reason"), max_length=400, blank=True)

    objects = DemonstrationQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "station__code"]
        verbose_name = _("demonstration station")
        constraints = [
            models.UniqueConstraint(
                fields=["station"],
                condition=~Q(stage__in=sorted(OVER)),
                name="demonstration_one_live_per_station",
            ),
            models.UniqueConstraint(
                fields=["plaque_number"],
                condition=~Q(plaque_number=""),
                name="demonstration_plaque_once",
                violation_error_message=_("Another plaque has this number."),
            ),
            models.CheckConstraint(
                name="demonstration_recommended_whole",
                condition=Q(recommended_by=None, recommended_at=None, opinion="")
                | Q(recommended_by__isnull=False, recommended_at__isnull=False)
                & ~Q(opinion=""),
            ),
            models.CheckConstraint(
                name="demonstration_checked_by_another",
                condition=Q(checked_by=None, checked_on=None)
                | Q(checked_by__isnull=False, checked_on__isnull=False)
                & ~Q(checked_by=F("recommended_by"))
                & ~Q(checked_by=F("applied_by")),
            ),
            models.CheckConstraint(
                name="demonstration_published_whole",
                condition=Q(published_from=None, published_until=None)
                | Q(published_until__gte=F("published_from")),
            ),
            models.CheckConstraint(
                name="demonstration_named_whole",
                condition=Q(named_by=None, named_on=None, plaque_number="", valid_until=None)
                | Q(
                    named_by__isnull=False,
                    named_on__gt=F("published_until"),
                    valid_until__gt=F("named_on"),
                )
                & ~Q(plaque_number=""),
            ),
            models.CheckConstraint(
                name="demonstration_stage_has_its_facts",
                condition=Q(stage__in=[Stage.APPLIED, Stage.DECLINED])
                | Q(stage=Stage.RECOMMENDED, recommended_at__isnull=False)
                | Q(stage=Stage.CHECKED, checked_on__isnull=False)
                | Q(stage=Stage.PUBLISHED, published_from__isnull=False)
                | Q(stage__in=[Stage.NAMED, Stage.WITHDRAWN], named_on__isnull=False),
            ),
            models.CheckConstraint(
                name="demonstration_ended_with_reason",
                condition=~Q(stage__in=sorted(OVER))
                & Q(ended_by=None, ended_on=None, ended_words="", ground="")
                | Q(stage__in=sorted(OVER), ended_by__isnull=False, ended_on__isnull=False)
                & ~Q(ended_words="")
                & (~Q(stage=Stage.WITHDRAWN) | ~Q(ground="")),
            ),
        ]
        indexes = [models.Index(fields=["county", "stage"], name="demonstration_county_stage")]

    def __str__(self):
        return f"{self.station} {self.year}"

    def get_absolute_url(self):
        return reverse("assessment:demonstration_detail", args=[self.pk])

    @property
    def is_under_way(self):
        return self.stage in UNDER_WAY


class DemonstrationPaper(models.Model):
    """One photo or paper of an application, or of the check on site."""

    demonstration = models.ForeignKey(Demonstration, models.PROTECT, related_name="papers")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    # The step it belongs to: applying or checking.
    step = models.CharField(max_length=10, choices=Step)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["demonstration", "evidence", "step"], name="demonstration_paper_once"
            )
        ]

    def __str__(self):
        return f"{self.demonstration_id} {self.step} {self.pk}"


class DemonstrationCheck(models.Model):
    """One point of the check on site: met or not, and what was seen."""

    demonstration = models.ForeignKey(Demonstration, models.PROTECT, related_name="checks")
    point = models.CharField(max_length=10, choices=CheckPoint)
    is_met = models.BooleanField()
    words = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["demonstration", "point"], name="demonstration_check_once"
            ),
            models.CheckConstraint(
                name="demonstration_check_failed_with_words",
                condition=Q(is_met=True) | ~Q(words=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_point_display()}: {self.is_met}"


class DemonstrationObjection(models.Model):
    """What somebody said against a proposal that hung out (异议), and what the county found.

    Whoever objects is protected: the station reads neither who it was nor what was said.
    """

    demonstration = models.ForeignKey(Demonstration, models.PROTECT, related_name="objections")
    came_on = models.DateField(_("received on"))
    # Empty for whoever would not say.
    said_by = EncryptedTextField(verbose_name=_("who says so"))
    words = models.CharField(_("what speaks against it"), max_length=400)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    # None until somebody has looked into it.
    is_founded = models.BooleanField(_("is it right?"), null=True)
    found = models.CharField(_("what was found"), max_length=400, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["noted_at", "pk"]
        verbose_name = _("objection to a proposal")
        constraints = [
            models.CheckConstraint(
                name="demonstration_objection_settled_whole",
                condition=Q(is_founded=None, found="", settled_by=None, settled_at=None)
                | Q(
                    is_founded__isnull=False,
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                )
                & ~Q(found=""),
            ),
        ]

    def __str__(self):
        return f"{self.demonstration_id} {self.pk}"


class DemonstrationEvent(models.Model):
    """One step: who, when, from where to where, with which words. Written once."""

    demonstration = models.ForeignKey(Demonstration, models.PROTECT, related_name="events")
    step = models.CharField(max_length=10, choices=Step)
    from_stage = models.CharField(max_length=12, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=12, choices=Stage)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.demonstration_id} {self.get_step_display()}"
