"""What duty persons ask for: days away, and swaps, each with its way to an answer."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..terms import AwayKind, Half
from .duty import DutySlot, pair
from .network import Station
from .panel import AidWorker
from .people import User


class RequestState(models.TextChoices):
    """How far a request is."""

    ASKED = "asked", pgettext_lazy("request", "waiting")
    AGREED = "agreed", pgettext_lazy("request", "colleague agrees")
    APPROVED = "approved", pgettext_lazy("request", "approved")
    REFUSED = "refused", pgettext_lazy("request", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")


WAITING = [RequestState.ASKED, RequestState.AGREED]


class AwayQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of the workers of the counties a user reaches; a duty person sees only their own."""
        own = Q(worker__user=user)
        counties = [post.county_id for post in user.posts if post.county_id]
        stations = [post.station_id for post in user.posts if post.station_id]
        heads = Q(worker__duty_stations__in=stations) | Q(
            worker__duty_slots__station__in=stations
        )
        return self.filter(
            pk__in=self.model.objects.filter(
                own | Q(worker__unit__county__in=counties) | heads
            ).values("pk")
        )

    def approved(self):
        return self.filter(state=RequestState.APPROVED)

    def between(self, first, last):
        return self.filter(from_on__lte=last, to_on__gte=first)


class Away(models.Model):
    """Days on which a duty person cannot come: leave, court, a day off. Asked, then approved.

    From one day to another, both included; whole days, or the same half of each.
    """

    worker = models.ForeignKey(AidWorker, models.PROTECT, related_name="aways")
    from_on = models.DateField(pgettext_lazy("away", "first day"))
    to_on = models.DateField(pgettext_lazy("away", "last day"))
    half = models.CharField(_("half-day"), max_length=2, choices=Half, blank=True)
    kind = models.CharField(_("why"), max_length=10, choices=AwayKind)
    reason = models.CharField(_("in a few words"), max_length=120, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=120, blank=True)

    objects = AwayQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        verbose_name = pgettext_lazy("away", "absence asked for")
        constraints = [
            models.CheckConstraint(
                name="away_ends_after_it_begins",
                condition=Q(to_on__gte=F("from_on")),
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                name="away_decided_by_somebody",
                condition=Q(state=RequestState.ASKED, decided_at=None, decided_by=None)
                | ~Q(state__in=WAITING) & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="away_refused_with_a_reason",
                condition=~Q(state=RequestState.REFUSED) | ~Q(answer=""),
            ),
        ]

    def __str__(self):
        return f"{self.worker} {self.from_on}–{self.to_on}"

    def covers(self, day, half):
        return self.from_on <= day <= self.to_on and self.half in {"", half}


class SwapQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own on either side; a head's and the center's where they plan."""
        return self.filter(
            Q(slot__worker__user=user)
            | Q(asked_by=user)
            | Q(colleague__user=user)
            | Q(slot__station__in=Station.objects.visible_to(user))
        )

    def waiting(self):
        return self.filter(state__in=WAITING)

    def for_list(self):
        return self.select_related(
            "asker", "colleague", "slot__station", "other__station", "asked_by", "decided_by"
        )


class Swap(models.Model):
    """Two duty persons change places, or one takes a half-day over: both agree, then the head.

    With `other` the half-days are exchanged; without it `colleague` takes `slot` over.
    """

    slot = models.ForeignKey(DutySlot, models.PROTECT, related_name="swaps")
    asker = models.ForeignKey(AidWorker, models.PROTECT, related_name="swaps_asked")
    colleague = models.ForeignKey(AidWorker, models.PROTECT, related_name="swaps_offered")
    other = models.ForeignKey(
        DutySlot, models.PROTECT, null=True, blank=True, related_name="swaps_for"
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED)
    # Approved, refused by the colleague or the head, or withdrawn.
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=120, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("swap")
        constraints = [
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(state__in=WAITING),
                name="swap_one_waiting",
                violation_error_message=_("A swap of this half-day is already waiting."),
            ),
            models.CheckConstraint(name="swap_between_two", condition=~Q(asker=F("colleague"))),
            models.CheckConstraint(
                name="swap_agreed_by_the_colleague", condition=pair("agreed_at", "agreed_by")
            ),
            models.CheckConstraint(
                name="swap_approved_after_both_agreed",
                condition=~Q(state__in=[RequestState.AGREED, RequestState.APPROVED])
                | Q(agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="swap_decided_by_somebody",
                condition=Q(state__in=WAITING, decided_at=None, decided_by=None)
                | ~Q(state__in=WAITING) & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.slot_id} {self.asker} ↔ {self.colleague}"
