"""Cooperation across regions 异地协作, and the way of an application from institution to institution."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, Station, User
from stations.roles import Ability

from ..terms import (
    CooperationDirection,
    CooperationKind,
    CooperationMove,
    CooperationStatus,
)
from .applications import Application
from .papers import Letter


class CooperationLetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Letters of the counties a user reaches.

        A station's people see those of their applications and those their station handles.
        """
        if not user.may(Ability.SEE_APPLICATIONS):
            return self.none()
        if user.station:
            here = Station.objects.visible_to(user).exclude(pk__in=user.off_duty_at)
            return self.filter(
                Q(application__in=Application.objects.visible_to(user)) | Q(handled_at__in=here)
            )
        return self.filter(county__in=County.objects.visible_to(user))

    def unanswered(self):
        """Sent, and neither replied to nor declined: the clock of the reply runs."""
        return self.filter(
            status__in=[
                CooperationStatus.SENT,
                CooperationStatus.RECEIVED,
                CooperationStatus.ACCEPTED,
            ]
        )

    def for_list(self):
        """All that one row of a list reads, in one query."""
        return self.select_related("application__intake_county", "county__division")


class CooperationLetter(models.Model):
    """A letter that asks another institution for help, or asks us (form 7, rules 4.9)."""

    county = models.ForeignKey(County, models.PROTECT, related_name="cooperation_letters")
    direction = models.CharField(max_length=3, choices=CooperationDirection)
    kind = models.CharField(_("what is asked"), max_length=16, choices=CooperationKind)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CooperationStatus,
        default=CooperationStatus.DRAFTED,
    )
    # Ours, whose clock stands still while we wait for the reply; empty for letters to us.
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="cooperation_letters"
    )
    other_institution = models.CharField(_("the other institution"), max_length=80)
    # When the other institution uses this system too: its county, and the same letter there.
    other_county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="+"
    )
    twin = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="+")
    their_number = models.CharField(_("number of their letter"), max_length=40, blank=True)
    item = models.CharField(_("item"), max_length=120)
    content = models.TextField(_("what is needed"), max_length=2000)
    # The papers that go with it, one a line (附件).
    enclosures = models.CharField(_("papers enclosed, one a line"), max_length=400, blank=True)
    due_on = models.DateField(_("reply by"))
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    reply = models.TextField(_("reply"), max_length=2000, blank=True)
    decline_reason = models.CharField(_("why it cannot be done"), max_length=400, blank=True)
    handled_at = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="cooperation_letters"
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # The paper of form 7 that went out.
    paper = models.OneToOneField(
        Letter, models.PROTECT, null=True, blank=True, related_name="cooperation"
    )
    # How far its warnings have gone, as of a `Deadline`.
    warned = models.PositiveSmallIntegerField(default=0)
    # One number per opened form, so that a second press of the button writes nothing twice.
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = CooperationLetterQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("cooperation letter")
        constraints = [
            models.CheckConstraint(
                name="cooperation_declined_says_why",
                condition=~Q(status=CooperationStatus.DECLINED) | ~Q(decline_reason=""),
            ),
            models.CheckConstraint(
                name="cooperation_replied_whole",
                condition=~Q(status=CooperationStatus.REPLIED)
                | Q(replied_on__isnull=False) & ~Q(reply=""),
            ),
            models.CheckConstraint(
                name="cooperation_dates_in_order",
                condition=Q(sent_on=None)
                | Q(replied_on=None)
                | Q(replied_on__gte=F("sent_on")),
            ),
            models.CheckConstraint(
                name="cooperation_ours_belongs_to_an_application",
                condition=Q(direction=CooperationDirection.IN, application=None)
                | Q(direction=CooperationDirection.OUT, application__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-made_at"], name="cooperation_county"),
            models.Index(
                fields=["due_on"],
                condition=Q(status__in=["sent", "received", "accepted"]),
                name="cooperation_unanswered_due",
            ),
        ]

    def __str__(self):
        return self.item

    def get_absolute_url(self):
        return reverse("casework:cooperation_detail", args=[self.pk])

    @property
    def is_ours(self):
        return self.direction == CooperationDirection.OUT

    @property
    def started_on(self):
        """The day its clock (22) starts: sent, or received when it is to us; None for a draft."""
        return self.sent_on if self.is_ours else self.received_on or self.sent_on

    @property
    def is_late(self):
        """Answered after the day it asked for."""
        return self.replied_on is not None and self.replied_on > self.due_on


class CooperationEvent(models.Model):
    """One move of a cooperation letter: who, when, from, to, words. Never changed."""

    letter = models.ForeignKey(CooperationLetter, models.PROTECT, related_name="events")
    move = models.CharField(max_length=10, choices=CooperationMove)
    from_status = models.CharField(max_length=10, choices=CooperationStatus)
    to_status = models.CharField(max_length=10, choices=CooperationStatus)
    note = models.TextField(_("note"), blank=True)
    # Empty for what the other institution did on its side of the letter.
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.letter_id} {self.move}"


class Hop(models.Model):
    """One step of an application from one institution to another: owner, limit, reason.

    Never back, unless the bureau above both has ruled so (`ruling` is its paper).
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="hops")
    from_county = models.ForeignKey(County, models.PROTECT, related_name="+")
    # A county of this site, or an institution outside it by name.
    to_county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_institution = models.CharField(_("passed on to"), max_length=80)
    reason = models.CharField(_("why"), max_length=400)
    passed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    passed_at = models.DateTimeField(default=timezone.now)
    # Whoever has it answers by then.
    due_on = models.DateField(_("sign for it by"))
    signed_at = models.DateTimeField(null=True, blank=True)
    told_how = models.CharField(_("how the applicant was told"), max_length=120, blank=True)
    ruling = models.CharField(_("ruling of the bureau above both"), max_length=80, blank=True)

    class Meta:
        ordering = ["passed_at", "pk"]
        constraints = [
            models.CheckConstraint(name="hop_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hop_leads_elsewhere",
                condition=Q(to_county=None) | ~Q(to_county=F("from_county")),
            ),
        ]

    def __str__(self):
        return f"{self.application} → {self.to_institution}"
