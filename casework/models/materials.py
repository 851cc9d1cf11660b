"""The papers of an application: the checklist, files of them, and notices of what is missing."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import User
from stations.models.sealed_files import SealedFile, SealedFileQuerySet

from ..terms import MaterialKind, MaterialState
from .applications import Application


class MaterialQuerySet(models.QuerySet):
    def visible_to(self, user):
        applications = Application.objects.visible_to(user)
        return self.filter(application__in=applications.filter(destroyed_on=None))

    def with_files(self):
        """What `_materials.html` reads, in two queries more; never the files themselves."""
        return self.prefetch_related(models.Prefetch("uploads", Upload.objects.light()))


class Material(models.Model):
    """One paper on the checklist of an application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="materials")
    kind = models.CharField(
        pgettext_lazy("material", "kind"), max_length=20, choices=MaterialKind
    )
    name = models.CharField(pgettext_lazy("material", "name"), max_length=60)
    state = models.CharField(
        _("state"), max_length=10, choices=MaterialState, default=MaterialState.MISSING
    )
    # Why it is asked, or why not, as the rule or a person says.
    note = models.CharField(_("note"), max_length=120, blank=True)
    given_on = models.DateField(_("given on"), null=True, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    is_original_seen = models.BooleanField(_("original seen"), default=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="material_given_has_its_day",
                condition=~Q(state=MaterialState.GIVEN) | Q(given_on__isnull=False),
            )
        ]

    def __str__(self):
        return self.name


class UploadQuerySet(SealedFileQuerySet):
    def visible_to(self, user):
        applications = Application.objects.visible_to(user)
        return self.filter(material__application__in=applications.filter(destroyed_on=None))


class Upload(SealedFile):
    """A file of a material."""

    material = models.ForeignKey(Material, models.CASCADE, related_name="uploads")
    uploaded_at = models.DateTimeField(default=timezone.now)
    # Empty when it came from a phone through a one-time address.
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["material", "sha256"], name="upload_once_per_material"
            )
        ]


class UploadTicketQuerySet(models.QuerySet):
    def open_at(self, moment):
        return self.filter(closed_at=None, expires_at__gt=moment)


class UploadTicket(models.Model):
    """A one-time address that lets a phone add photos to one material for ten minutes."""

    material = models.ForeignKey(Material, models.CASCADE, related_name="tickets")
    token_hash = models.CharField(max_length=22, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # How often something was sent to it; an address that is tried too often answers no more.
    tries = models.PositiveSmallIntegerField(default=0)

    objects = UploadTicketQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return f"{self.material_id} {self.expires_at:%H:%M}"


class SupplementNotice(models.Model):
    """One notice of everything missing (form 6). A second one needs the head and is counted."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="supplements")
    round = models.PositiveSmallIntegerField(default=1)
    # The names of the papers asked for, as they stood.
    items = ArrayField(models.CharField(max_length=120))
    note = models.CharField(_("what is to be explained"), max_length=400, blank=True)
    # The first day of the count; the applicant has it in hand.
    served_on = models.DateField(_("served on"))
    due_on = models.DateField(_("supply by"))
    supplied_on = models.DateField(_("supplied on"), null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Could have been asked the first time (counts in the assessment).
    was_foreseeable = models.BooleanField(default=False)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round"], name="supplement_round_once"
            ),
            models.CheckConstraint(
                name="supplement_second_needs_agreement",
                condition=Q(round=1) | Q(agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="supplement_due_after_served", condition=Q(due_on__gt=F("served_on"))
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.round}"
