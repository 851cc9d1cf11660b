"""What the center decides: grants, refusals, terminations, and objections to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import User

from ..terms import DecisionKind, DecisionState, ObjectionOutcome
from .applications import Application


class Decision(models.Model):
    """A decision of the center: grant, refusal, aid first, termination.

    A refusal or termination is proposed by one person and made by another. What was in force on
    the day is stored with it: the rules' version and the standard of hardship.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=16, choices=DecisionKind)
    state = models.CharField(_("state"), max_length=10, choices=DecisionState)
    # Codes of RefusalGround, ProvideFirstGround or TerminationGround.
    grounds = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    reason = models.TextField(_("reasons"), max_length=2000, blank=True)
    rules_version = models.CharField(max_length=20)
    # {"monthly_per_head", "basis", "valid_from"} of the standard in force, or {}.
    standard = models.JSONField(default=dict)
    # Papers still owed after aid was provided first (LAL 44).
    papers_due_on = models.DateField(_("papers due on"), null=True, blank=True)
    papers_complete_on = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_note = models.CharField(max_length=400, blank=True)
    served_on = models.DateField(_("served on"), null=True, blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        verbose_name = _("decision")
        constraints = [
            models.CheckConstraint(
                name="decision_made_by_with_at",
                condition=Q(made_at=None, made_by=None)
                | Q(made_at__isnull=False, made_by__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_made_is_signed",
                condition=~Q(state=DecisionState.MADE) | Q(made_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_against_has_reasons",
                condition=~Q(kind__in=[DecisionKind.REFUSE, DecisionKind.TERMINATE])
                | ~Q(reason="") & ~Q(grounds=[]),
            ),
            models.CheckConstraint(
                name="decision_against_needs_two",
                condition=~Q(kind__in=[DecisionKind.REFUSE, DecisionKind.TERMINATE])
                | Q(made_by=None)
                | ~Q(made_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state=DecisionState.PROPOSED),
                name="decision_one_proposed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "made_at"],
                condition=Q(state=DecisionState.MADE),
                name="decision_made_at",
            )
        ]

    def __str__(self):
        return f"{self.application} {self.get_kind_display()}"

    @property
    def made_on(self):
        return self.made_at and timezone.localdate(self.made_at)


class Objection(models.Model):
    """An objection 异议 to a refusal or termination, decided by the bureau (LAL 49)."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="objection")
    received_on = models.DateField(_("received on"))
    words = models.TextField(_("what the applicant says"), max_length=2000)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=ObjectionOutcome, blank=True
    )
    reason = models.TextField(_("reasons"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_on"]
        verbose_name = _("objection")
        constraints = [
            models.CheckConstraint(
                name="objection_decided_whole",
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | ~Q(outcome="")
                & ~Q(reason="")
                & Q(decided_by__isnull=False, decided_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.decision}"
