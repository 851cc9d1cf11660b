"""Publicity 法治宣传: events, media items, and the quarterly calendar of outreach to villages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..terms import MediaKind, PublicityKind
from .evidence import Evidence
from .network import County, Division, Station
from .voiding import Voidable, VoidableQuerySet, voided_whole


class PublicityQuerySet(VoidableQuerySet):
    def visible_to(self, user):
        """Of a station the user reaches, or of the county itself."""
        return self.filter(
            Q(station__in=Station.objects.visible_to(user))
            | Q(station=None, county__in=County.objects.visible_to(user))
        )

    def of_year(self, year):
        return self.filter(on__year=year)


class PublicityEvent(Voidable):
    """One event that spread the word: what, where, how many were reached, with photos."""

    county = models.ForeignKey(County, models.PROTECT, related_name="publicity_events")
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="publicity_events"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PublicityKind)
    title = models.CharField(_("what it was about"), max_length=80)
    on = models.DateField(_("day"))
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publicity_events",
        verbose_name=_("village"),
    )
    place = models.CharField(_("where"), max_length=80)
    reached = models.PositiveIntegerField(_("people reached"))
    leaflets = models.PositiveIntegerField(_("leaflets handed out"), default=0)
    photos = models.ManyToManyField(Evidence, related_name="publicity_events", blank=True)

    objects = PublicityQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["county", "-on"], name="publicity_county_on"),
            models.Index(fields=["station", "-on"], name="publicity_station_on"),
        ]
        constraints = [voided_whole("publicity_event_voided_whole")]

    def __str__(self):
        return self.title


class MediaItem(Voidable):
    """One broadcast, article or internet item, as the official table counts them (rules 4.7)."""

    county = models.ForeignKey(County, models.PROTECT, related_name="media_items")
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="media_items"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MediaKind)
    title = models.CharField(_("title"), max_length=120)
    outlet = models.CharField(pgettext_lazy("media", "published by"), max_length=60)
    on = models.DateField(_("day"))
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="media_items"
    )

    objects = PublicityQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["county", "-on"], name="media_county_on")]
        constraints = [voided_whole("media_item_voided_whole")]

    def __str__(self):
        return self.title


class OutreachQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def undone(self):
        return self.filter(event=None)


class Outreach(models.Model):
    """A village planned for outreach in a quarter 季度进村宣传; an event there does it."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="outreach")
    village = models.ForeignKey(
        Division, models.PROTECT, related_name="outreach", verbose_name=_("village")
    )
    # The first day of the quarter.
    quarter = models.DateField(_("quarter"))
    event = models.ForeignKey(
        PublicityEvent, models.PROTECT, null=True, blank=True, related_name="outreach"
    )
    planned_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(auto_now_add=True)

    objects = OutreachQuerySet.as_manager()

    class Meta:
        ordering = ["quarter", "village__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "quarter"], name="outreach_village_once_a_quarter"
            ),
            models.CheckConstraint(
                name="outreach_quarter_begins",
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
            ),
        ]

    def __str__(self):
        return f"{self.village} {self.quarter}"
