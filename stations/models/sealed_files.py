"""What every file kept sealed beside a record knows of itself (`stations.files.sealed`)."""

from django.db import models


class SealedFileQuerySet(models.QuerySet):
    def light(self):
        """Without the files themselves."""
        return self.defer("content")


class SealedFile(models.Model):
    """A photo or PDF, checked by its content; encrypted like the fields."""

    # A number, never the name a person gave: that may say who it is about.
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name
