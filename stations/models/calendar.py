"""The State Council's days off and make-up days, as rows a county can add to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..workdays import WorkCalendar


class DayOffQuerySet(models.QuerySet):
    def calendar(self, county=None):
        """Return the `WorkCalendar` of the nation, with a county's own days over it."""
        kinds = {}
        rows = (
            self.filter(Q(county=None) | Q(county=county))
            if county
            else self.filter(county=None)
        )
        for day, is_off in rows.order_by("county_id").values_list("day", "is_off"):
            # Rows of the county come before the nation's, whose county is null and sorts last.
            kinds.setdefault(day, is_off)
        return WorkCalendar(
            days_off=frozenset(day for day, is_off in kinds.items() if is_off),
            work_days=frozenset(day for day, is_off in kinds.items() if not is_off),
        )

    def is_due(self, county, today):
        """From 1 December: next year's days are known to nobody, not even to the county."""
        return (
            today.month == 12
            and not self.filter(
                Q(county=None) | Q(county=county), day__year=today.year + 1
            ).exists()
        )


class DayOff(models.Model):
    """One day that differs from the plain week: off (放假), or worked to make up (调休上班)."""

    day = models.DateField(_("day"))
    is_off = models.BooleanField(_("day off"))
    name = models.CharField(_("name"), max_length=40)
    source = models.CharField(_("source"), max_length=120, blank=True)
    county = models.ForeignKey(
        "stations.County", models.PROTECT, null=True, blank=True, related_name="days_off"
    )

    objects = DayOffQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "county"], nulls_distinct=False, name="day_off_once"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.name}"
