"""Question slips 问题单: what a station asks the county, or the county a station; answered in time."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..terms import Side, SlipMove, SlipStatus, SlipTopic
from .network import County, Station


class QuestionSlipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The slips of the stations a user reaches, and the answers their county shares."""
        return self.filter(
            Q(station__in=Station.objects.visible_to(user))
            | Q(is_shared=True, station__county__in=County.objects.visible_to(user))
        )

    def of_stations(self, stations):
        """Without what a county shares of other stations."""
        return self.filter(station__in=stations)

    def unanswered(self):
        return self.filter(status=SlipStatus.WAITING)

    def open(self):
        return self.exclude(status=SlipStatus.CLOSED)

    def overdue(self, today):
        return self.unanswered().filter(due_on__lt=today)

    def with_side(self, side):
        """Those on which this side has the next move: to answer, or to read the answer and close."""
        return self.filter(
            Q(status=SlipStatus.WAITING) & ~Q(asked_side=side)
            | Q(status=SlipStatus.ANSWERED, asked_side=side)
        )


class QuestionSlip(models.Model):
    """One question between a station and its county. `status` changes only through its acts."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="question_slips", verbose_name=_("station")
    )
    asked_side = models.CharField(max_length=7, choices=Side)
    topic = models.CharField(pgettext_lazy("slip", "about"), max_length=8, choices=SlipTopic)
    subject = models.CharField(pgettext_lazy("slip", "subject"), max_length=60)
    status = models.CharField(max_length=8, choices=SlipStatus, default=SlipStatus.WAITING)
    asked_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # The last day of the answer that is waited for, or of the last one that came.
    due_on = models.DateField(_("answer due on"))
    # The county shows question and answer to all its stations (你问我答).
    is_shared = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    # One number per form, so that a second press asks nothing twice.
    client_key = models.UUIDField()

    objects = QuestionSlipQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("question slip")
        indexes = [models.Index(fields=["station", "status"], name="question_slip_status")]
        constraints = [
            # The county asks several stations by one press.
            models.UniqueConstraint(
                fields=["client_key", "station"], name="question_slip_asked_once"
            ),
            models.CheckConstraint(
                name="question_slip_closed_at_when_closed",
                condition=Q(status=SlipStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=SlipStatus.CLOSED) & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="question_slip_shared_when_answered",
                condition=Q(is_shared=False) | ~Q(status=SlipStatus.WAITING),
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def answering_side(self):
        return Side.COUNTY if self.asked_side == Side.STATION else Side.STATION


class QuestionSlipEvent(models.Model):
    """One move of a slip: asked, answered, asked further, closed. Never edited."""

    slip = models.ForeignKey(QuestionSlip, models.PROTECT, related_name="events")
    move = models.CharField(max_length=8, choices=SlipMove)
    words = models.TextField(max_length=1000, blank=True)
    by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    side = models.CharField(max_length=7, choices=Side)
    at = models.DateTimeField(default=timezone.now)
    # Of an answer: whether it came by its last day.
    is_in_time = models.BooleanField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="question_slip_event_answer_says_in_time",
                condition=Q(move=SlipMove.ANSWER, is_in_time__isnull=False)
                | (~Q(move=SlipMove.ANSWER) & Q(is_in_time=None)),
            ),
            models.CheckConstraint(
                name="question_slip_event_says_something",
                condition=Q(move=SlipMove.CLOSE) | ~Q(words=""),
            ),
        ]

    def __str__(self):
        return f"{self.slip} {self.get_move_display()}"
