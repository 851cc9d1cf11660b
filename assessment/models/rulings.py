"""What people rule on beside the lines: bonuses and vetoes, spot checks, objections, flags, mending."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import Evidence, User

from ..terms import ClauseKind, FlagKind, ObjectionStatus
from .guards import by_with_at, never_once_frozen, two_persons
from .sheets import Score, Sheet
from .standard import Clause, Indicator


class AdjustmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(sheet__in=Sheet.objects.visible_to(user))

    def counted(self):
        """Those a second person has agreed to."""
        return self.filter(agreed_at__isnull=False)

    def waiting(self):
        return self.filter(agreed_at=None, refused_at=None)


class Adjustment(models.Model):
    """A bonus, deduction or veto on a sheet: proposed with evidence, settled by a second person."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="adjustments")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="adjustments")
    # How often the event happened: its points times this.
    count = models.PositiveSmallIntegerField(_("times"), default=1)
    happened_on = models.DateField(_("happened on"), null=True, blank=True)
    facts = models.TextField(_("facts"), max_length=1000)
    evidence = models.ManyToManyField(Evidence, related_name="adjustments")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.TextField(_("reason"), max_length=500, blank=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "clause__order", "pk"]
        verbose_name = _("bonus, deduction or veto")
        constraints = [
            by_with_at("adjustment_agreed_by_with_at", "agreed"),
            by_with_at("adjustment_refused_by_with_at", "refused"),
            two_persons("adjustment_second_person_agrees", "proposed_by", "agreed_by"),
            two_persons("adjustment_second_person_refuses", "proposed_by", "refused_by"),
            models.CheckConstraint(
                name="adjustment_settled_one_way",
                condition=Q(agreed_at=None) | Q(refused_at=None),
            ),
            models.CheckConstraint(
                name="adjustment_refused_with_reason",
                condition=Q(refused_at=None) | ~Q(refusal_reason=""),
            ),
            models.CheckConstraint(name="adjustment_has_facts", condition=~Q(facts="")),
            models.CheckConstraint(name="adjustment_count", condition=Q(count__gte=1)),
        ]
        triggers = [never_once_frozen("adjustment_of_a_frozen_sheet")]

    def __str__(self):
        return f"{self.sheet} {self.clause.code}"

    @property
    def is_counted(self):
        return self.agreed_at is not None

    @property
    def is_veto(self):
        return self.clause.kind == ClauseKind.VETO


class SpotCheck(models.Model):
    """A sheet drawn for the city's spot check 市抽查: the seed it was drawn by, and what was found.

    The drawing is `random.Random(seed).sample` over the station codes in order, so it can be
    done again by anybody.
    """

    sheet = models.OneToOneField(Sheet, models.PROTECT, related_name="spot_check")
    seed = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(default=timezone.now)
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    visited_on = models.DateField(_("visited on"), null=True, blank=True)
    findings = models.TextField(_("findings"), max_length=2000, blank=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="spot_checks")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["sheet__station__code"]
        verbose_name = _("spot check")
        constraints = [
            by_with_at("spot_check_done_by_with_at", "done"),
            models.CheckConstraint(
                name="spot_check_done_with_findings",
                condition=Q(done_at=None) | Q(visited_on__isnull=False) & ~Q(findings=""),
            ),
        ]
        triggers = [never_once_frozen("spot_check_of_a_frozen_sheet")]

    def __str__(self):
        return f"{self.sheet}"


class ObjectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(sheet__in=Sheet.objects.visible_to(user))

    def waiting(self):
        return self.filter(status=ObjectionStatus.FILED)


class Objection(models.Model):
    """A station's objection 异议 to one line of its published sheet, or to the whole (clock 34)."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="objections")
    # Empty: the whole result.
    score = models.ForeignKey(
        Score, models.PROTECT, null=True, blank=True, related_name="objections"
    )
    text = models.TextField(_("what is objected to, and why"), max_length=2000)
    wanted_points = models.DecimalField(
        _("points asked for"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="objections")
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("to be decided by"))
    status = models.CharField(
        max_length=10, choices=ObjectionStatus, default=ObjectionStatus.FILED
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(_("decision and reasons"), max_length=2000, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["filed_at", "pk"]
        verbose_name = _("objection to an assessment")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "score"],
                condition=Q(status=ObjectionStatus.FILED),
                nulls_distinct=False,
                name="objection_one_open_per_line",
                violation_error_message=_("An objection to this line is already open."),
            ),
            by_with_at("objection_decided_by_with_at", "decided"),
            two_persons("objection_decided_by_another", "filed_by", "decided_by"),
            models.CheckConstraint(
                name="objection_decided_with_reasons",
                condition=Q(status=ObjectionStatus.FILED, decided_at=None)
                | ~Q(status=ObjectionStatus.FILED)
                & Q(decided_at__isnull=False)
                & ~Q(decision=""),
            ),
        ]
        triggers = [never_once_frozen("objection_of_a_frozen_sheet")]

    def __str__(self):
        return f"{self.sheet}"


class IntegrityFlag(models.Model):
    """Something in the records that makes one ask (真实性提示): a question, never a deduction."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=16, choices=FlagKind)
    # What it is about within its kind, so that it is the same question from night to night.
    key = models.CharField(max_length=60, blank=True)
    words = models.TextField()
    # The rows it stands on, as in `Score.computed_parts`.
    rows = models.JSONField(default=dict, blank=True)
    # Whether the last run still found it; one that was answered stays.
    is_current = models.BooleanField(default=True)
    found_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sheet", "kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "kind", "key"], name="flag_once"),
            models.CheckConstraint(
                name="flag_answered_with_words",
                condition=Q(answered_by=None, answered_at=None, answer="")
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
            ),
        ]
        triggers = [never_once_frozen("flag_of_a_frozen_sheet")]

    def __str__(self):
        return f"{self.sheet} {self.kind}"


class Rectification(models.Model):
    """What a station must put right after its assessment 整改: by when, and how it ended.

    It goes on after the sheet is frozen, so it changes no sheet.
    """

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="rectifications")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("what must be put right"), max_length=500)
    due_on = models.DateField(_("due on"))
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(default=timezone.now)
    report = models.TextField(_("what was done"), max_length=1000, blank=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="rectifications")
    reported_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("rectification")
        constraints = [
            by_with_at("rectification_reported_by_with_at", "reported"),
            by_with_at("rectification_accepted_by_with_at", "accepted"),
            two_persons("rectification_accepted_by_another", "reported_by", "accepted_by"),
            models.CheckConstraint(
                name="rectification_accepted_after_report",
                condition=Q(accepted_at=None) | Q(reported_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.sheet} {self.due_on}"
