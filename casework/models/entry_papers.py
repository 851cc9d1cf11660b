"""Papers a visitor brought or sent, kept beside an entry of the register 附件 (rules 4.3, column 20)."""

from django.db import models
from django.utils import timezone

from stations.models import User

from .register import RegisterEntry


class EntryPaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(entry__in=RegisterEntry.objects.visible_to(user))

    def light(self):
        """Without the files themselves."""
        return self.defer("content")


class EntryPaper(models.Model):
    """A photo or PDF beside an entry, checked by its content; encrypted like the fields."""

    entry = models.ForeignKey(RegisterEntry, models.PROTECT, related_name="papers")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(editable=False)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = EntryPaperQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "sha256"], name="entry_paper_once")
        ]

    def __str__(self):
        return self.name
