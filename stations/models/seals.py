"""Seals of past days: what was written down on a day, so that a later change cannot hide.

How a seal is made and checked: `stations.seals`.
"""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..roles import Ability
from .people import User

# So many signs of a seal are printed, and are enough to tell one from another.
PRINTED_SIGNS = 16


def short_code(digest):
    """Return the first sixteen signs of a digest in fours: 3fa9 01bc 77de 20c4."""
    return " ".join(digest[n : n + 4] for n in range(0, PRINTED_SIGNS, 4))


class SealQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The chain goes over the whole site: whoever reads a log of who looked may check it."""
        may_check = user.is_authenticated and user.may(Ability.SEE_LOOKS)
        return self if may_check else self.none()

    def within(self, first, last):
        """Of the days from `first` to `last`, both included."""
        return self.filter(day__gte=first, day__lte=last)


class DaySeal(models.Model):
    """The seal of one past day (日封存码): a digest of each table's rows and of the seal before it."""

    day = models.DateField(_("day"), primary_key=True)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="next"
    )
    # One dictionary per table, see `stations.seals.chain.TableSeal`: which columns, how many rows,
    # their two digests. So a day is checked by the columns its tables had then.
    tables = models.JSONField(default=list)
    # Over the day, the tables and the previous seal.
    digest = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField(default=timezone.now)

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        verbose_name = _("seal of a day")
        constraints = [
            models.CheckConstraint(
                name="day_seal_follows_the_day_before",
                condition=Q(previous=None) | Q(day=F("previous") + timedelta(days=1)),
            ),
            # One beginning, and every other day follows one that is there: no day is left out.
            models.UniqueConstraint(
                fields=["previous"], nulls_distinct=False, name="day_seal_one_chain"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.day} {self.code}"

    def get_absolute_url(self):
        return reverse("stations:seal_detail", args=[self.day.isoformat()])

    @property
    def code(self):
        """The first sixteen signs in fours, as paper prints them."""
        return short_code(self.digest)

    @property
    def rows(self):
        return sum(table["rows"] for table in self.tables)

    @property
    def is_late(self):
        """Whether it was made later than the night after: the site stood still, or seals were lost."""
        return timezone.localdate(self.sealed_at) > self.day + timedelta(days=1)


class SealAmendment(models.Model):
    """What a sealed day holds of one table after rows were lawfully destroyed or emptied.

    The seal itself stays; from then on the day is held against the latest amendment.
    """

    day = models.DateField(_("day"))
    table = models.CharField(max_length=60)
    rows = models.PositiveIntegerField(_("rows"))
    frame = models.CharField(max_length=64)
    words = models.CharField(max_length=64)
    why = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("amendment of a seal")
        indexes = [models.Index(fields=["day", "table"], name="seal_amendment_day")]
        constraints = [
            models.CheckConstraint(name="seal_amendment_says_why", condition=~Q(why=""))
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.day} {self.table}"


class SealCheckQuerySet(SealQuerySet):
    def owed(self):
        return self.filter(finished_at=None)


class SealCheck(models.Model):
    """One check of sealed days against the records (日志校验): by whom, which days, what was found."""

    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    # None: the clockwork checks every night.
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # Days checked and to check; and when a worker last said so.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    # [{"day", "table", "kind", "then", "now"}], the earliest first; see `stations.seals.checking.Finding`.
    findings = models.JSONField(default=list)

    objects = SealCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("check of seals")
        constraints = [
            models.CheckConstraint(
                name="seal_check_ends_after_it_begins", condition=Q(last__gte=F("first"))
            )
        ]

    def __str__(self):
        return f"{self.first}–{self.last}"
