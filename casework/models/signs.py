"""Early signs 苗头预警: clusters the nightly rules find across stations, and what became of them."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, User
from stations.roles import Ability

from ..rules.sentiment import Signal
from ..terms import SETTLED, SignalLevel, SignMove, SignRule, SignState


class EarlySignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The signs of the counties a user reaches; outside the county only `casework.early_signs.suppression`
        may say what they show.
        """
        if not user.may(Ability.SEE_SIGNS):
            return self.none()
        return self.filter(county__in=County.objects.visible_to(user))

    def waiting(self):
        """Those somebody still has to report or to dismiss."""
        return self.exclude(state__in=SETTLED)

    def for_list(self):
        return self.select_related("county__division").defer("entry_ids", "application_ids")


class EarlySign(models.Model):
    """One cluster of entries and applications, from its first to its last day.

    Written by `casework.early_signs.signs` only. A cluster that grows is the same row; the days of two signs
    of one rule and key never overlap, so it cannot spawn a twin. The rows counted stay as their
    ids and the hash of ids and versions; what they say is never copied here.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="early_signs")
    rule = models.CharField(_("rule"), max_length=10, choices=SignRule)
    # What is common to the rows, as the rule compares it: a name's key, a village, a word.
    key = models.CharField(max_length=80)
    # The same as people read it.
    name = models.CharField(_("about"), max_length=80)
    level = models.CharField(_("level"), max_length=6, choices=SignalLevel)
    # The `casework.rules.sentiment.Signal` it amounts to: kind, subject and numbers, never a sentence.
    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    persons = models.PositiveIntegerField(_("persons"))
    entry_ids = ArrayField(models.BigIntegerField(), default=list)
    application_ids = ArrayField(models.BigIntegerField(), default=list)
    rows_hash = models.CharField(max_length=64)
    state = models.CharField(
        _("state"), max_length=10, choices=SignState, default=SignState.FOUND
    )
    found_at = models.DateTimeField(default=timezone.now)
    # Since when its clock runs: found, or found to be graver (clock 26).
    raised_at = models.DateTimeField(default=timezone.now)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    # To whom and how it was reported, or why nothing is in it.
    words = models.CharField(max_length=400, blank=True)

    objects = EarlySignQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        verbose_name = _("early sign")
        constraints = [
            models.CheckConstraint(
                name="early_sign_ends_after_it_begins", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="early_sign_seen_whole",
                condition=Q(seen_by=None, seen_at=None)
                | Q(seen_by__isnull=False, seen_at__isnull=False),
            ),
            models.CheckConstraint(
                name="early_sign_settled_with_words",
                condition=Q(state__in=sorted(SETTLED))
                & Q(settled_by__isnull=False, settled_at__isnull=False)
                & ~Q(words="")
                | ~Q(state__in=sorted(SETTLED)) & Q(settled_by=None, settled_at=None, words=""),
            ),
            ExclusionConstraint(
                name="early_sign_no_twin",
                expressions=[
                    ("county", RangeOperators.EQUAL),
                    ("rule", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    (
                        Func(
                            "first_on",
                            "last_on",
                            models.Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["county", "state"], name="early_sign_county_state")]

    def __str__(self):
        return self.signal.sentence

    def get_absolute_url(self):
        return reverse("casework:sign_detail", args=[self.pk])

    @property
    def signal(self):
        return Signal(self.level, self.kind, self.subject, self.facts, first_on=self.first_on)

    @property
    def rows(self):
        return len(self.entry_ids) + len(self.application_ids)

    @property
    def is_settled(self):
        return self.state in SETTLED


class EarlySignEvent(models.Model):
    """One step in the life of a sign. Written once, never changed."""

    sign = models.ForeignKey(EarlySign, models.PROTECT, related_name="events")
    move = models.CharField(max_length=10, choices=SignMove)
    at = models.DateTimeField(default=timezone.now)
    # Empty for what the rules did.
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    level = models.CharField(max_length=6, choices=SignalLevel)
    persons = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    rows_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.sign_id} {self.get_move_display()}"
