"""Evidence: the photo or paper that a dated row of station life stands on."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .network import County, Station


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The evidence of the places a user reaches."""
        return self.filter(
            Q(station__in=Station.objects.visible_to(user))
            | Q(county__in=County.objects.visible_to(user))
        )

    def light(self):
        """Without the bytes themselves."""
        return self.defer("content", "small")


class Evidence(models.Model):
    """A photo or PDF kept as evidence (佐证材料) of a station, or of a county's own acts.

    Never a paper of an applicant, `casework.models.Upload`; but people's faces are on it, so it is
    sealed like those: `stations.files.evidence`. Whatever it proves points to it, and it is never
    changed.
    """

    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    media_type = models.CharField(max_length=40)
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(editable=False)
    # A picture in the size of a list, sealed too; nothing of a PDF, or where none was made yet.
    small = models.BinaryField(null=True, editable=False)
    added_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_one_place",
                condition=Q(station__isnull=False, county=None)
                | Q(station=None, county__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["station", "county", "sha256"],
                nulls_distinct=False,
                name="evidence_kept_once",
            ),
        ]

    def __str__(self):
        return f"{self.station or self.county} {self.pk}"

    @property
    def is_picture(self):
        return self.media_type.startswith("image/")
