"""The dictionary of matters 事由: what calls and visits are about."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stations.models import County


class MatterQuerySet(models.QuerySet):
    def leaves(self):
        return self.exclude(parent=None)

    def on(self, day):
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def for_county(self, county):
        return self.filter(Q(county=None) | Q(county=county))


class Matter(models.Model):
    """A matter 事由 of the two-level dictionary: a class, or a leaf under it.

    National items have no county; a county adds its own. An item that goes out of use gets a
    last day, so old entries keep it.
    """

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=30)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, related_name="+")
    # The number key that chooses it at the counter, if any.
    number_key = models.CharField(max_length=1, blank=True)
    hint = models.CharField(_("in plain words"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("matter")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "county"], nulls_distinct=False, name="matter_code_once"
            ),
            models.CheckConstraint(
                name="matter_ends_after_it_begins",
                condition=Q(valid_from=None)
                | Q(valid_to=None)
                | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self):
        return self.name
