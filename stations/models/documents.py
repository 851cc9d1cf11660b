"""Files the site owes somebody: a report to render, a register to print or export.

The row is the wish. It is saved with the act that caused it and waits until a worker has filled
it; a stopped Redis or a killed worker loses nothing, because the sweep sends it again.
"""

from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..privacy import unseal
from .network import County, Station


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports of visible places for whoever may read them; exports only for who asked."""
        return self.filter(
            Q(is_personal=False, station__in=Station.objects.visible_to(user))
            | Q(is_personal=False, station=None, county__in=County.objects.visible_to(user))
            | Q(asked_by=user)
        )

    def owed(self):
        return self.filter(made_at=None, failed_at=None)

    def light(self):
        """Without the file itself and what it is made of; `has_content` says whether it is there."""
        return self.defer("content", "parameters").annotate(
            has_content=ExpressionWrapper(
                Q(content__isnull=False), output_field=models.BooleanField()
            )
        )


class Document(models.Model):
    """One owed file: how it is made (`kind` and `parameters`), for whom, and the file once made."""

    # A key of `stations.papers.documents.MAKERS`.
    kind = models.CharField(max_length=40)
    # Ids, dates and filters only; never personal data.
    parameters = models.JSONField(default=dict)
    title = models.CharField(_("title"), max_length=160)
    filename = models.CharField(max_length=160)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    # An export or print of personal data: sealed, and only who asked for it may fetch it.
    is_personal = models.BooleanField(default=False)
    asked_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="documents"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    # Work done and work to do, in units of the maker; for the live line in the page.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True, editable=False)
    made_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    # A file made for one person is deleted after this moment; the row stays.
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("document")
        constraints = [
            models.CheckConstraint(
                name="document_made_has_content_or_expired",
                condition=Q(made_at=None, content=None)
                | Q(made_at__isnull=False, content__isnull=False)
                | Q(made_at__isnull=False, expires_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(made_at=None, failed_at=None),
                name="document_owed",
            ),
            models.Index(fields=["kind", "county", "station"], name="document_kind_place"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("stations:document_detail", args=[self.pk])

    @property
    def is_made(self):
        return self.made_at is not None and self.content is not None

    @property
    def file(self):
        """The bytes of the made file, unsealed."""
        return unseal(self.content) if self.is_personal else bytes(self.content)
