"""What belongs to a complaint: sealed evidence, papers with proof of service, running clocks."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import User
from stations.models.sealed_files import SealedFile

from ..terms import ComplaintPaperKind, ServiceMethod
from .complaints import Complaint


class ComplaintFile(SealedFile):
    """A photo or PDF the complainant brought; only who handles the complaint opens it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="files")
    name = models.CharField(max_length=20)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "sha256"], name="complaint_file_kept_once"
            )
        ]

    def __str__(self):
        return f"{self.complaint_id} {self.name}"


class ComplaintPaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All papers of the complaints one reads; of those one took in, the acknowledgement."""
        return self.filter(complaint__destroyed_on=None).filter(
            Q(complaint__in=Complaint.objects.visible_to(user))
            | Q(
                kind=ComplaintPaperKind.RECEIPT,
                complaint__in=Complaint.objects.taken_by(user),
            )
        )


class ComplaintPaper(models.Model):
    """One paper of a complaint: what it says is frozen on the day it is made, then served."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="papers")
    kind = models.CharField(_("paper"), max_length=16, choices=ComplaintPaperKind)
    # Encrypted JSON: it names the complainant.
    content = models.BinaryField(editable=False)
    made_on = models.DateField(_("date"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    served_on = models.DateField(_("served on"), null=True, blank=True)
    service_method = models.CharField(
        _("how"), max_length=12, choices=ServiceMethod, blank=True
    )
    received_by_name = models.CharField(_("received by"), max_length=40, blank=True)
    served_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ComplaintPaperQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("paper of a complaint")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "kind"], name="complaint_paper_once_per_kind"
            ),
            models.CheckConstraint(
                name="complaint_paper_served_whole",
                condition=Q(served_on=None, service_method="", served_by=None)
                | Q(served_on__isnull=False, served_by__isnull=False) & ~Q(service_method=""),
            ),
        ]

    def __str__(self):
        return f"{self.complaint_id} {self.kind}"

    @property
    def needs_service(self):
        return self.kind != ComplaintPaperKind.ENTRUSTMENT and self.served_on is None


class ComplaintDeadline(models.Model):
    """One clock of a complaint (23 accept, 24 finish, 25 reply). Written by
    `casework.time_limits.complaint_clocks` only.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="deadlines")
    number = models.PositiveSmallIntegerField(_("clock"))
    started_on = models.DateField()
    # The whole length once it was extended.
    set_days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_on = models.DateField()
    is_paused = models.BooleanField(default=False)
    # Its promise is on trial: counted and shown, nobody is late.
    is_shadow = models.BooleanField(default=False)
    stopped_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "number"], name="complaint_deadline_once_per_clock"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(stopped_on=None), name="complaint_deadline_due"
            )
        ]

    def __str__(self):
        return f"{self.complaint_id} {self.number} {self.due_on}"
