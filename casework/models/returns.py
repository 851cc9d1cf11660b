"""Statistical returns that were submitted: what they said, and which rows they counted."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, User


class SubmittedReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))

    def in_force(self):
        return self.filter(reopened_at=None)

    def light(self):
        """Without the figures and the rows."""
        return self.defer("figures", "row_ids", "row_signs", "rows_behind")


class SubmittedReturn(models.Model):
    """A return 统计报表 of a county for one period, frozen when it was submitted (clock 28).

    One is in force for a period; the bureau reopens it with a reason, and the next submission is
    the next issue. Written by `casework.reports.submissions` only.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="submitted_returns")
    # The code of a `casework.periods.Period`.
    period = models.CharField(_("period"), max_length=10)
    # The counting rule: a `casework.analysis.return_rows.Rule`.
    rule = models.CharField(_("rule"), max_length=12)
    issue = models.PositiveSmallIntegerField()
    # {"units": [name…], "persons": n, "lines": [{"code", "label", "value", "shares"}…]}; numbers as text.
    figures = models.JSONField()
    # {source: [id…]} of the rows counted, and the SHA-256 of ids and what was counted of each.
    row_ids = models.JSONField()
    rows_hash = models.CharField(max_length=64)
    # {source: [sign of what was counted of each row, in the order of row_ids]}.
    row_signs = models.JSONField(default=dict)
    # {code of a figure: [[ids of the rows it counts, of each unit in their order]…]}.
    rows_behind = models.JSONField(default=dict)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    reopened_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_why = models.CharField(_("why it was reopened"), max_length=400, blank=True)

    objects = SubmittedReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("submitted return")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "period"],
                condition=Q(reopened_at=None),
                name="submitted_return_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["county", "period", "issue"], name="submitted_return_issue_once"
            ),
            models.CheckConstraint(
                name="submitted_return_reopened_whole",
                condition=Q(reopened_at=None, reopened_by=None, reopened_why="")
                | Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopened_why=""),
            ),
        ]
        triggers = [
            # Once reopened it is history; what it said never changes.
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reopened_at__isnull=False)
                | pgtrigger.Q(old__figures__df=pgtrigger.F("new__figures"))
                | pgtrigger.Q(old__row_ids__df=pgtrigger.F("new__row_ids"))
                | pgtrigger.Q(old__rows_hash__df=pgtrigger.F("new__rows_hash"))
                | pgtrigger.Q(old__row_signs__df=pgtrigger.F("new__row_signs"))
                | pgtrigger.Q(old__rows_behind__df=pgtrigger.F("new__rows_behind")),
            ),
        ]

    def __str__(self):
        return f"{self.county} {self.period} {self.issue}"
