"""Premises and equipment 场所和设备: what was looked at on a day, and what a station needs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..terms import ItemState, NeedAnswer, PremisesItem
from .evidence import Evidence
from .network import Station


class PremisesCheckQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def latest_on(self, day):
        """Of every station and item the last check up to a day."""
        return (
            self.filter(on__lte=day)
            .order_by("station_id", "item", "-on", "-pk")
            .distinct("station_id", "item")
        )


class PremisesCheck(models.Model):
    """One item of a station looked at on one day. Never changed: a later check stands for it."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="premises_checks")
    item = models.CharField(
        pgettext_lazy("premises", "item"), max_length=16, choices=PremisesItem
    )
    state = models.CharField(pgettext_lazy("item", "state"), max_length=8, choices=ItemState)
    on = models.DateField(pgettext_lazy("item", "checked on"))
    photo = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="premises_checks"
    )
    words = models.CharField(_("remark"), max_length=120, blank=True)
    by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = PremisesCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["station", "item", "-on", "-id"], name="premises_latest")
        ]

    def __str__(self):
        return f"{self.station} {self.get_item_display()} {self.on}"


class PremisesNeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def open(self):
        """Not answered yet, or agreed to and not there yet."""
        return self.filter(done_on=None).exclude(answer=NeedAnswer.REFUSED)

    def waiting(self):
        return self.filter(answer="")


class PremisesNeed(models.Model):
    """A station's request to the county: what it needs and why, the answer, and when it came."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="premises_needs")
    item = models.CharField(
        pgettext_lazy("premises", "item"), max_length=16, choices=PremisesItem
    )
    why = models.CharField(_("what is needed and why"), max_length=300)
    asked_on = models.DateField(pgettext_lazy("need", "asked on"))
    asked_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    answer = models.CharField(
        pgettext_lazy("need", "answer"), max_length=8, choices=NeedAnswer, blank=True
    )
    answer_words = models.CharField(_("words to the station"), max_length=300, blank=True)
    answered_on = models.DateField(pgettext_lazy("need", "answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_on = models.DateField(_("there since"), null=True, blank=True)
    done_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PremisesNeedQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "item"],
                condition=Q(done_on=None) & ~Q(answer=NeedAnswer.REFUSED),
                name="premises_need_open_once",
                violation_error_message=_("A request for this item is still open."),
            ),
            models.CheckConstraint(
                name="premises_need_answer_whole",
                condition=Q(answer="", answered_on=None, answered_by=None)
                | (~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="premises_need_done_by_with_on",
                condition=Q(done_on=None, done_by=None)
                | Q(done_on__isnull=False, done_by__isnull=False),
            ),
            models.CheckConstraint(
                name="premises_need_done_after_asked",
                condition=Q(done_on=None) | Q(done_on__gte=F("asked_on")),
            ),
        ]

    def __str__(self):
        return f"{self.station} {self.get_item_display()}"

    @property
    def is_open(self):
        return self.done_on is None and self.answer != NeedAnswer.REFUSED
