"""Papers a visitor brought or sent, kept beside an entry of the register 附件 (rules 4.3, column 20)."""

from django.db import models
from django.utils import timezone

from stations.models import User
from stations.models.sealed_files import SealedFile, SealedFileQuerySet

from .register import RegisterEntry


class EntryPaperQuerySet(SealedFileQuerySet):
    def visible_to(self, user):
        entries = RegisterEntry.objects.visible_to(user)
        return self.filter(entry__in=entries.filter(destroyed_on=None))


class EntryPaper(SealedFile):
    """A photo or PDF beside an entry."""

    entry = models.ForeignKey(RegisterEntry, models.PROTECT, related_name="papers")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = EntryPaperQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "sha256"], name="entry_paper_once")
        ]
