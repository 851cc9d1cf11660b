"""From which income on hardship is there: the standards of a county, each with its dates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stations.models import County


class HardshipStandardQuerySet(models.QuerySet):
    def in_force(self, county, day):
        """The standard of a county on a day, or None."""
        return (
            self.filter(county=county, valid_from__lte=day)
            .filter(Q(valid_to=None) | Q(valid_to__gte=day))
            .order_by("-valid_from")
            .first()
        )


class HardshipStandard(models.Model):
    """The standard of economic hardship 经济困难标准 of a county, with its dates (LAL 34)."""

    county = models.ForeignKey(County, models.PROTECT, related_name="hardship_standards")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    # Yuan a month and head of the household.
    monthly_per_head = models.DecimalField(
        _("yuan a month and head"), max_digits=8, decimal_places=2
    )
    basis = models.CharField(_("what it is"), max_length=60)
    paper = models.CharField(_("document it comes from"), max_length=120, blank=True)

    objects = HardshipStandardQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("standard of hardship")
        constraints = [
            models.UniqueConstraint(
                fields=["county"],
                condition=Q(valid_to=None),
                name="hardship_standard_one_open",
            ),
            models.CheckConstraint(
                name="hardship_standard_positive", condition=Q(monthly_per_head__gt=0)
            ),
            models.CheckConstraint(
                name="hardship_standard_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.basis} {self.monthly_per_head}"
