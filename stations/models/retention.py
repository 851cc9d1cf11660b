"""What is kept for how long, what has to stay longer, and how it is destroyed (rules 8.5).

Deletion is list → approve → destroy record. What is destroyed is emptied of what is personal; its
skeleton (number, day, matter, result) stays for the figures, and says by which list it was emptied.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .documents import Document
from .network import County, Station


class RetentionRule(models.Model):
    """How long a county keeps one kind of record, from a day on. Never changed: the last one set counts."""

    county = models.ForeignKey(County, models.PROTECT, related_name="retention_rules")
    # The code of a kind: see `stations.retention.keepers`.
    kind = models.CharField(max_length=24)
    # Whole years after the year of the record; empty is for good.
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=200)
    set_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-set_at", "-pk"]
        verbose_name = _("time of keeping")
        constraints = [
            models.CheckConstraint(
                name="retention_rule_positive",
                condition=Q(years=None) | Q(years__gte=1),
            ),
            models.CheckConstraint(name="retention_rule_says_why", condition=~Q(why="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.county_id} {self.kind} {self.years}"


class HoldQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))

    def in_force(self, day):
        return self.filter(
            Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day, lifted_at=None
        )


class Hold(models.Model):
    """A record, or whatever there is of its person, is not destroyed for now (暂缓销毁)."""

    county = models.ForeignKey(County, models.PROTECT, related_name="holds")
    # Which record: what `stations.retention.keepers` calls it, its id and its number.
    target = models.CharField(max_length=16)
    record_id = models.BigIntegerField()
    label = models.CharField(max_length=60)
    # Of a hold on the person: the keyed hashes of their numbers, and what these become.
    person_hashes = ArrayField(models.CharField(max_length=22), default=list, blank=True)
    reason = models.CharField(pgettext_lazy("hold", "reason"), max_length=200)
    from_on = models.DateField(_("from"), default=timezone.localdate)
    until_on = models.DateField(_("until, that day included"), null=True, blank=True)
    set_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(_("why it is lifted"), max_length=200, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at", "-pk"]
        verbose_name = _("hold")
        constraints = [
            models.CheckConstraint(name="hold_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hold_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="hold_lifted_whole",
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason=""),
            ),
            # A second press sets nothing twice.
            models.UniqueConstraint(
                fields=["county", "target", "record_id"],
                condition=Q(lifted_at=None),
                name="hold_one_open_per_record",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return self.label

    @property
    def is_of_person(self):
        return bool(self.person_hashes)

    def state_on(self, day):
        """ "lifted", "over", "coming" or "standing"."""
        if self.lifted_at:
            return "lifted"
        if self.until_on and self.until_on < day:
            return "over"
        return "coming" if self.from_on > day else "standing"


class ListState(models.TextChoices):
    DRAWN = "drawn", pgettext_lazy("destruction", "drawn up, to be approved")
    APPROVED = "approved", pgettext_lazy("destruction", "approved, to be carried out")
    RUNNING = "running", pgettext_lazy("destruction", "being carried out")
    DONE = "done", pgettext_lazy("destruction", "carried out")
    WITHDRAWN = "withdrawn", pgettext_lazy("destruction", "withdrawn")


OPEN_LISTS = [ListState.DRAWN, ListState.APPROVED, ListState.RUNNING]


class DestructionListQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))

    def open(self):
        return self.filter(state__in=OPEN_LISTS)

    def owed(self):
        return self.filter(state=ListState.RUNNING)

    def for_list(self):
        return self.select_related(
            "county__division", "drawn_by", "approved_by", "withdrawn_by"
        )


class DestructionList(models.Model):
    """A list of what is to be destroyed 销毁清单: one person draws it up, another approves it.

    `state` changes only through `stations.retention.lists` and `carrying`. Carried out, it is the
    record of destruction 销毁记录 and stays for good.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="destruction_lists")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ListState, default=ListState.DRAWN)
    # By which times of keeping: [{"kind", "label", "years", "before", "act"}…], as they stood.
    basis = models.JSONField(default=list)
    drawn_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(_("opinion"), max_length=400, blank=True)
    withdrawn_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(_("why it is withdrawn"), max_length=200, blank=True)
    ordered_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ordered_at = models.DateTimeField(null=True, blank=True)
    # How many were on it when the carrying out began, and how many of them are settled.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    # SHA-256 over the kinds and ids of what was destroyed, in their order.
    ids_hash = models.CharField(max_length=64, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DestructionListQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_at", "-pk"]
        verbose_name = _("list of destruction")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "serial"], name="destruction_number_once"
            ),
            models.UniqueConstraint(
                fields=["county"],
                condition=Q(state__in=OPEN_LISTS),
                name="destruction_one_open_list",
            ),
            models.CheckConstraint(
                name="destruction_approved_by_another",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(approved_by=F("drawn_by")),
            ),
            models.CheckConstraint(
                name="destruction_carried_out_needs_approval",
                condition=Q(state__in=[ListState.DRAWN, ListState.WITHDRAWN])
                | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="destruction_ordered_whole",
                condition=Q(state__in=[ListState.RUNNING, ListState.DONE])
                & Q(ordered_by__isnull=False, ordered_at__isnull=False)
                | ~Q(state__in=[ListState.RUNNING, ListState.DONE])
                & Q(ordered_by=None, ordered_at=None),
            ),
            models.CheckConstraint(
                name="destruction_withdrawn_says_why",
                condition=Q(state=ListState.WITHDRAWN)
                & Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                & ~Q(withdrawn_why="")
                | ~Q(state=ListState.WITHDRAWN)
                & Q(withdrawn_by=None, withdrawn_at=None, withdrawn_why=""),
            ),
            models.CheckConstraint(
                name="destruction_done_is_proved",
                condition=Q(state=ListState.DONE, finished_at__isnull=False) & ~Q(ids_hash="")
                | ~Q(state=ListState.DONE) & Q(finished_at=None, ids_hash=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            # Of what was carried out only the paper is still to be made.
            pgtrigger.Protect(
                name="record_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["done", "withdrawn"]),
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("stations:destruction_list", args=[self.pk])

    @property
    def number(self):
        """The number on paper, 霍销〔2026〕1号."""
        return f"{self.county.short_name}销〔{self.year}〕{self.serial}号"

    @property
    def is_open(self):
        return self.state in OPEN_LISTS


class ItemFate(models.TextChoices):
    LISTED = "listed", pgettext_lazy("destruction", "on the list")
    TAKEN_OUT = "taken_out", pgettext_lazy("destruction", "taken out")
    LEFT_OUT = "left_out", pgettext_lazy("destruction", "left out when carried out")
    DESTROYED = "destroyed", pgettext_lazy("destruction", "destroyed")


class DestructionItem(models.Model):
    """One record on a list: its number and days, never who it is about."""

    list = models.ForeignKey(DestructionList, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=24)
    record_id = models.BigIntegerField()
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+"
    )
    label = models.CharField(max_length=60)
    # The day its time of keeping is counted from.
    anchor_on = models.DateField()
    # What it was when the list was drawn: whoever changes it afterwards keeps it off.
    sign = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=ItemFate, default=ItemFate.LISTED)
    reason = models.CharField(max_length=200, blank=True)
    # Who took it out; empty for what was left out by itself.
    by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "anchor_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "kind", "record_id"], name="destruction_item_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "record_id"],
                condition=Q(state=ItemFate.DESTROYED),
                name="destruction_item_destroyed_once",
            ),
            models.CheckConstraint(
                name="destruction_item_says_why_not",
                condition=~Q(state__in=[ItemFate.TAKEN_OUT, ItemFate.LEFT_OUT]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="destruction_item_taken_out_by",
                condition=~Q(state=ItemFate.TAKEN_OUT) | Q(by__isnull=False, at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["list", "kind", "anchor_on", "id"], name="destruction_item_order"
            ),
            models.Index(
                fields=["list", "id"],
                condition=Q(state=ItemFate.LISTED),
                name="destruction_item_listed",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            # Of what was destroyed only the skeleton and this line are left.
            pgtrigger.Protect(
                name="destroyed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="destroyed"),
            ),
        ]

    def __str__(self):
        return self.label


class Destroyable(models.Model):
    """A record that says of itself by which list, and on which day, it was emptied."""

    # Lists are never deleted, and nobody looks records up by them: no index.
    destroyed_in = models.ForeignKey(
        DestructionList, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    destroyed_on = models.DateField(_("destroyed on"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_destroyed(self):
        return self.destroyed_on is not None


def destroyed_whole(name):
    """What was destroyed says by which list and on which day; else neither."""
    return models.CheckConstraint(
        name=name,
        condition=Q(destroyed_in=None, destroyed_on=None)
        | Q(destroyed_in__isnull=False, destroyed_on__isnull=False),
    )
