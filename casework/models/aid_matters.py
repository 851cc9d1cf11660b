"""Matters for which legal aid can be asked 法律援助事项, the Law's and a county's own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stations.models import County

from ..terms import Category


class AidMatterQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def for_county(self, county):
        return self.filter(Q(county=None) | Q(county=county))


class AidMatter(models.Model):
    """A matter for which aid can be asked 法律援助事项: LAL 31, 32 and criminal articles.

    National items have no county; additions of the province (31-9) are the county's own rows.
    """

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    # As printed: 第三十一条第五项.
    article = models.CharField(_("article"), max_length=30)
    category = models.CharField(_("kind of case"), max_length=16, choices=Category)
    # LAL 32: hardship is no condition.
    is_condition_free = models.BooleanField(_("not limited by hardship"), default=False)
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, related_name="+")
    hint = models.CharField(_("in plain words"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = AidMatterQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("matter of legal aid")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "county"], nulls_distinct=False, name="aid_matter_code_once"
            )
        ]

    def __str__(self):
        return self.name
