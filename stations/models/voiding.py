"""Rows that are declared void instead of being changed: the old value, who, when and why stay."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class VoidableQuerySet(models.QuerySet):
    def counted(self):
        """Without what was declared void."""
        return self.filter(voided_at=None)


class Voidable(models.Model):
    """What was recorded wrongly is declared void with a reason, and recorded anew."""

    recorded_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        abstract = True


def voided_whole(name):
    """A void row says who, when and why; another says none of it."""
    return models.CheckConstraint(
        name=name,
        condition=Q(voided_at=None, voided_by=None, void_reason="")
        | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
    )
