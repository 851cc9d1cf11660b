"""A county's dictionary of grounds of complaint."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import County

from ..terms import GroundClass


class ComplaintGroundQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class ComplaintGround(models.Model):
    """One ground of complaint in a county's own dictionary, and its class in the statistics.

    The county begins with `casework/complaints/grounds.toml` and changes it as it likes; a ground
    that was used is ended, never renamed.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="complaint_grounds")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(pgettext_lazy("complaint", "ground"), max_length=80)
    ground_class = models.CharField(
        _("class in the statistics"), max_length=10, choices=GroundClass
    )
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    # As it came with the system, not yet looked at by the county.
    is_default = models.BooleanField(default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = ComplaintGroundQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("ground of complaint")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "code"],
                name="complaint_ground_code_once",
                violation_error_message=_("There is already a ground with this code."),
            ),
            models.CheckConstraint(
                name="complaint_ground_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self):
        return self.name
