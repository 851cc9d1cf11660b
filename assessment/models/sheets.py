"""One sheet for each station of a year, one score for each indicator, and how they came."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, Evidence, Station, User
from stations.roles import Ability

from ..terms import PUBLIC_YEARS, Grade, ScoreStage, SheetStatus
from .guards import append_only, by_with_at, never_once_frozen, two_persons
from .standard import Indicator
from .years import Year


class SheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A station's people see their own sheets; the county and the city all of theirs."""
        if not user.may(Ability.SEE_ASSESSMENT):
            return self.none()
        return self.filter(station__in=Station.objects.visible_to(user))

    def published_to(self, user):
        """Sheets whose results a user may read: their own, and those of public years."""
        if not user.may(Ability.SEE_ASSESSMENT):
            return self.none()
        counties = County.objects.visible_to(user)
        return self.filter(
            Q(station__in=Station.objects.visible_to(user))
            | Q(year__county__in=counties, year__status__in=PUBLIC_YEARS)
        )

    def for_list(self):
        """All that one row of a list of sheets reads, in one query."""
        return self.select_related("station", "year__county__division", "year__standard")

    def ranked(self):
        """By total, ties by business and then team (rules 5.4)."""
        return self.order_by(
            F("total").desc(nulls_last=True), "-business", "-team", "station__code"
        )


class Sheet(models.Model):
    """One station's year 考核表: its status, its total and grade, and what they stand on."""

    year = models.ForeignKey(Year, models.PROTECT, related_name="sheets")
    station = models.ForeignKey(Station, models.PROTECT, related_name="assessment_sheets")
    status = models.CharField(
        _("status"), max_length=14, choices=SheetStatus, default=SheetStatus.OPEN
    )

    # As they stand now, by the points of `Score.points_now`; written by `running.add_up`.
    total = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    grade = models.CharField(max_length=10, choices=Grade, blank=True)
    team = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    conduct = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    business = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    hardware = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    bonus = models.DecimalField(max_digits=4, decimal_places=2, default=0)
    deductions = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    # Points of lines nobody has scored yet: what the total leaves out.
    unscored_points = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    # Why the grade is not the one of the total: codes such as "gate:team", "cap", "V2".
    grade_reasons = models.JSONField(default=list, blank=True)

    # The day up to which records were counted, and the hash of what was computed from them.
    computed_on = models.DateField(null=True, blank=True)
    computed_hash = models.CharField(max_length=64, blank=True)
    # Every fact that was counted, {name: [value, of, population]}, for previews of a changed rule.
    facts = models.JSONField(default=dict, blank=True)

    self_scored_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    self_scored_at = models.DateTimeField(null=True, blank=True)
    self_summary = models.TextField(_("what the station says"), max_length=2000, blank=True)
    scored_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    scored_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(_("returned because"), max_length=500, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # All that was scored, as it was when frozen, and its sha256.
    snapshot = models.JSONField(null=True, blank=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["year", "station__code"]
        verbose_name = _("assessment sheet")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "station"], name="sheet_once_per_year_and_station"
            ),
            models.CheckConstraint(
                name="sheet_total_in_range", condition=Q(total=None) | Q(total__range=(0, 100))
            ),
            by_with_at("sheet_self_scored_by_with_at", "self_scored"),
            by_with_at("sheet_scored_by_with_at", "scored"),
            by_with_at("sheet_confirmed_by_with_at", "confirmed"),
            # Self-scorer, scorer and confirmer are three persons (rules 5.4).
            two_persons("sheet_scorer_is_not_self_scorer", "self_scored_by", "scored_by"),
            two_persons("sheet_confirmer_is_not_self_scorer", "self_scored_by", "confirmed_by"),
            two_persons("sheet_confirmer_is_not_scorer", "scored_by", "confirmed_by"),
            models.CheckConstraint(
                name="sheet_returned_with_reason",
                condition=~Q(status=SheetStatus.RETURNED) | ~Q(returned_reason=""),
            ),
            models.CheckConstraint(
                name="sheet_frozen_is_whole",
                condition=~Q(status=SheetStatus.FROZEN)
                | Q(
                    total__isnull=False,
                    confirmed_by__isnull=False,
                    snapshot__isnull=False,
                )
                & ~Q(grade="")
                & ~Q(snapshot_hash=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_for_good",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="frozen"),
            )
        ]

    def __str__(self):
        return f"{self.station} {self.year.year}"

    def get_absolute_url(self):
        return reverse("assessment:sheet_detail", args=[self.pk])

    @property
    def is_frozen(self):
        return self.status == SheetStatus.FROZEN


class ScoreQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(sheet__in=Sheet.objects.visible_to(user))

    def for_sheet(self):
        """All that one line of a sheet reads."""
        return self.select_related(
            "indicator", "self_by", "county_by", "check_by"
        ).prefetch_related(models.Prefetch("evidence", Evidence.objects.light()))


class Score(models.Model):
    """One indicator of one sheet: computed, self-scored, scored by the county, spot-checked."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="scores")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="scores")

    # What `measures` says; empty points: it takes a person.
    computed_points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    # The sum in words, and each fact with its figures and the rows it stands on:
    # [{"fact", "label", "value", "of", "points", "words", "rows": {...}}, …] (`measures.Measure`).
    computed_words = models.TextField(blank=True)
    computed_parts = models.JSONField(default=list, blank=True)
    # Codes: "no_sample", "small_sample", "not_counted".
    computed_flags = models.JSONField(default=list, blank=True)

    self_points = models.DecimalField(
        _("self-score"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    self_words = models.TextField(_("what the station says"), max_length=1000, blank=True)
    self_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    self_at = models.DateTimeField(null=True, blank=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="assessment_scores")

    county_points = models.DecimalField(
        _("county score"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    # The points it was compared with when given: the computed ones, else the self-score.
    county_against = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    county_reason = models.TextField(_("reason"), max_length=500, blank=True)
    county_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    county_at = models.DateTimeField(null=True, blank=True)

    check_points = models.DecimalField(
        _("spot check"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    check_reason = models.TextField(_("what was found on site"), max_length=500, blank=True)
    check_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    check_at = models.DateTimeField(null=True, blank=True)

    # Set when published, and again when an objection is accepted.
    final_points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "indicator__order"]
        verbose_name = _("score")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "indicator"], name="score_once_per_sheet_and_indicator"
            ),
            models.CheckConstraint(
                name="score_never_negative",
                condition=(Q(computed_points=None) | Q(computed_points__gte=0))
                & (Q(self_points=None) | Q(self_points__gte=0))
                & (Q(county_points=None) | Q(county_points__gte=0))
                & (Q(check_points=None) | Q(check_points__gte=0))
                & (Q(final_points=None) | Q(final_points__gte=0)),
            ),
            by_with_at("score_self_by_with_at", "self"),
            by_with_at("score_county_by_with_at", "county"),
            by_with_at("score_check_by_with_at", "check"),
            two_persons("score_county_is_not_self", "self_by", "county_by"),
            two_persons("score_check_is_not_self", "self_by", "check_by"),
            two_persons("score_check_is_not_county", "county_by", "check_by"),
            # Every difference has its reason.
            models.CheckConstraint(
                name="score_county_difference_has_reason",
                condition=Q(county_points=None)
                | Q(county_points=F("county_against"))
                | ~Q(county_reason=""),
                violation_error_message=_("Say why the points differ."),
            ),
            models.CheckConstraint(
                name="score_check_has_reason",
                condition=Q(check_points=None) | ~Q(check_reason=""),
                violation_error_message=_("Say what was found on site."),
            ),
        ]
        triggers = [never_once_frozen("score_of_a_frozen_sheet")]

    def __str__(self):
        return f"{self.sheet} {self.indicator.code}"

    @property
    def points_now(self):
        """The points that stand today: the last person's word, else the computed ones.

        A self-score is a claim: it stands only once the county has given the points.
        """
        for points in (
            self.final_points,
            self.check_points,
            self.county_points,
            self.computed_points,
        ):
            if points is not None:
                return points
        return None


class ScoreChange(models.Model):
    """One change of a person's points on a line: old, new, why, who, when. Never changed."""

    score = models.ForeignKey(Score, models.PROTECT, related_name="changes")
    stage = models.CharField(max_length=10, choices=ScoreStage)
    old_points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    new_points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    reason = models.TextField(max_length=500, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.score} {self.stage}"


class SheetEvent(models.Model):
    """One step of a sheet: who, when, from, to, why. Never changed."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="events")
    move = models.CharField(max_length=20)
    from_status = models.CharField(max_length=14, choices=SheetStatus)
    to_status = models.CharField(max_length=14, choices=SheetStatus)
    note = models.TextField(max_length=1000, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.sheet} {self.move}"
