"""Who handles a granted case and how it goes: assignments, changes asked for, progress, follow-up."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import AidWorker, County, User
from stations.roles import Ability

from ..terms import (
    ChangeAsker,
    ChangeGround,
    ChangeOutcome,
    ChangeReason,
    Reached,
    Satisfaction,
    TypicalCaseState,
)
from .applications import Application


class Assignment(models.Model):
    """One person handles the case, from one day to another (指派): LAL 43, Order 148 art. 24."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    worker = models.ForeignKey(AidWorker, models.PROTECT, related_name="assignments")
    assigned_on = models.DateField(_("assigned on"))
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The place of the chosen among the suggestions (1 = first), and why another was chosen.
    suggested_as = models.PositiveSmallIntegerField(null=True, blank=True)
    override_reason = models.CharField(
        _("why not the first suggested"), max_length=200, blank=True
    )
    engaged_on = models.DateField(_("engagement papers signed on"), null=True, blank=True)
    engagement_excuse = models.CharField(
        _("why they cannot be signed"), max_length=200, blank=True
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    change_reason = models.CharField(
        _("why changed"), max_length=16, choices=ChangeReason, blank=True
    )
    change_note = models.CharField(max_length=400, blank=True)
    # What of the file the next person was given.
    handed_over = models.CharField(_("handed over"), max_length=200, blank=True)

    class Meta:
        ordering = ["assigned_on", "pk"]
        verbose_name = _("assignment")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(ended_on=None),
                name="assignment_one_open",
            ),
            models.CheckConstraint(
                name="assignment_override_has_a_reason",
                condition=Q(suggested_as=1) | ~Q(override_reason=""),
            ),
            models.CheckConstraint(
                name="assignment_ends_after_it_begins",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("assigned_on")),
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.worker}"


class ChangeRequest(models.Model):
    """A request that another person handles the case 换申 (form 16); the center decides, clock 19."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="change_requests")
    # Who handled it when it was asked.
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="change_requests")
    asked_on = models.DateField(_("asked on"))
    asked_by = models.CharField(
        pgettext_lazy("change of person", "who asks"), max_length=12, choices=ChangeAsker
    )
    ground = models.CharField(_("ground"), max_length=16, choices=ChangeGround)
    words = models.CharField(_("what is said"), max_length=400)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ChangeOutcome, blank=True)
    reason = models.CharField(_("reasons"), max_length=400, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_on", "pk"]
        verbose_name = _("request to change the person")
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(outcome=""), name="change_request_one_open"
            ),
            models.CheckConstraint(
                name="change_request_decided_whole",
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | ~Q(outcome="") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="change_request_refused_with_reasons",
                condition=~Q(outcome=ChangeOutcome.REFUSED) | ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.asked_on}"


class ProgressNote(models.Model):
    """What the handler reports (form 14): LAL 46, 55."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="progress")
    happened_on = models.DateField(_("day"))
    words = models.TextField(_("what happened"), max_length=2000)
    # Order 148: doubts, group incidents and the like are reported to the institution.
    is_major = models.BooleanField(_("to be reported"), default=False)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-happened_on", "-pk"]

    def __str__(self):
        return f"{self.application} {self.happened_on}"


class FollowUpDraw(models.Model):
    """One random draw among the granted of a period: with these figures it can be made again."""

    county = models.ForeignKey(County, models.PROTECT, related_name="follow_up_draws")
    since = models.DateField(_("granted from"))
    until = models.DateField(_("granted until"))
    # The applications that could be drawn, how many were wanted, and what chance was fed with.
    pool = ArrayField(models.BigIntegerField())
    wanted = models.PositiveIntegerField(_("how many"))
    # Given with the opened page, so that a second press draws nothing more.
    seed = models.CharField(max_length=32, unique=True)
    drawn_on = models.DateField(_("drawn on"))
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-drawn_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_draw_period", condition=Q(until__gte=F("since"))
            )
        ]

    def __str__(self):
        return f"{self.county} {self.since} {self.until}"


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(application__in=Application.objects.visible_to(user))

    def open(self):
        return self.filter(called_at=None)


class FollowUp(models.Model):
    """A follow-up call 回访 (form 32). Nobody reached after some tries is a result as well."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="follow_ups")
    draw = models.ForeignKey(FollowUpDraw, models.PROTECT, related_name="follow_ups")
    due_on = models.DateField(_("call by"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # Empty until the call is settled.
    reached = models.CharField(_("reached"), max_length=12, choices=Reached, blank=True)
    satisfaction = models.CharField(
        _("satisfaction"), max_length=12, choices=Satisfaction, blank=True
    )
    was_met = models.BooleanField(_("was met in time by the handler"), null=True, blank=True)
    was_informed = models.BooleanField(_("was told how the case stands"), null=True, blank=True)
    # LAL 20: nothing may be taken from a recipient.
    was_charged = models.BooleanField(
        _("money or things were asked for"), null=True, blank=True
    )
    words = models.CharField(_("what was said"), max_length=400, blank=True)
    called_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    called_at = models.DateTimeField(null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("follow-up")
        constraints = [
            models.UniqueConstraint(fields=["application", "draw"], name="follow_up_once"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(called_at=None),
                name="follow_up_one_open",
            ),
            models.CheckConstraint(
                name="follow_up_settled_whole",
                condition=Q(reached="", called_at=None, called_by=None)
                | ~Q(reached="") & Q(called_at__isnull=False, called_by__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_reached_is_answered",
                condition=~Q(reached=Reached.YES)
                | ~Q(satisfaction="") & Q(was_charged__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.due_on}"


class TypicalCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the county has published, and what one's own place is writing."""
        if not user.may(Ability.SEE_APPLICATIONS):
            return self.none()
        return self.filter(
            Q(state=TypicalCaseState.PUBLISHED, county__in=County.objects.visible_to(user))
            | Q(application__in=Application.objects.visible_to(user))
        )

    def published(self):
        return self.filter(state=TypicalCaseState.PUBLISHED)


class TypicalCase(models.Model):
    """A typical case 典型案例: a copy without names, reviewed before the county sees it."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="typical_case")
    county = models.ForeignKey(County, models.PROTECT, related_name="typical_cases")
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text without names"), max_length=6000)
    state = models.CharField(
        _("state"), max_length=10, choices=TypicalCaseState, default=TypicalCaseState.DRAFT
    )
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.CharField(max_length=400, blank=True)

    objects = TypicalCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("typical case")
        constraints = [
            models.CheckConstraint(
                name="typical_case_published_by_another",
                condition=~Q(state=TypicalCaseState.PUBLISHED)
                | Q(reviewed_by__isnull=False) & ~Q(reviewed_by=F("written_by")),
            )
        ]
        indexes = [models.Index(fields=["county", "state"], name="typical_case_county_state")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("casework:typical_case_detail", args=[self.pk])
