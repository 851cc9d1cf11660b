"""Training 学习培训: the year's plan, sessions, who was there, five questions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .evidence import Evidence
from .network import County, Liaison, Station
from .voiding import Voidable, VoidableQuerySet, voided_whole

QUESTIONS = 5


def _of_places(user):
    """Of a station the user reaches, or for the whole of a county they work in."""
    return Q(station__in=Station.objects.visible_to(user)) | Q(
        station=None, county__in=County.objects.visible_to(user)
    )


class PlannedTrainingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(_of_places(user))


class PlannedTraining(models.Model):
    """One line of a year's training plan, of the county or of a station."""

    county = models.ForeignKey(County, models.PROTECT, related_name="planned_trainings")
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="planned_trainings"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(
        _("quarter"), choices=[(n, _("quarter %d") % n) for n in range(1, 5)]
    )
    topic = models.CharField(_("topic"), max_length=80)
    hours = models.DecimalField(
        pgettext_lazy("training", "hours"), max_digits=4, decimal_places=1
    )
    planned_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(auto_now_add=True)

    objects = PlannedTrainingQuerySet.as_manager()

    class Meta:
        ordering = ["year", "quarter", "pk"]
        constraints = [
            models.CheckConstraint(
                name="planned_training_quarter", condition=Q(quarter__gte=1, quarter__lte=4)
            ),
            models.CheckConstraint(
                name="planned_training_hours", condition=Q(hours__gt=0, hours__lte=40)
            ),
        ]

    def __str__(self):
        return self.topic


class TrainingQuerySet(VoidableQuerySet):
    def visible_to(self, user):
        return self.filter(_of_places(user))

    def of_year(self, year):
        return self.filter(on__year=year)


class TrainingSession(Voidable):
    """One session of training held by the county for all, or by a station for its own."""

    county = models.ForeignKey(County, models.PROTECT, related_name="training_sessions")
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="training_sessions"
    )
    planned = models.ForeignKey(
        PlannedTraining,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("planned as"),
    )
    on = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=80)
    topic = models.CharField(_("topic"), max_length=80)
    trainer = models.CharField(_("trainer"), max_length=60)
    hours = models.DecimalField(
        pgettext_lazy("training", "hours"), max_digits=4, decimal_places=1
    )
    place = models.CharField(_("where"), max_length=80)
    materials = models.ManyToManyField(Evidence, related_name="training_sessions", blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["county", "-on"], name="training_county_on")]
        constraints = [
            voided_whole("training_voided_whole"),
            models.CheckConstraint(
                name="training_hours", condition=Q(hours__gt=0, hours__lte=40)
            ),
        ]

    def __str__(self):
        return self.title


def _one_person(name):
    return models.CheckConstraint(
        name=name,
        condition=Q(user__isnull=False, liaison=None) | Q(user=None, liaison__isnull=False),
    )


class Attendance(models.Model):
    """Somebody was at a session 签到: staff by their account, a liaison by the post."""

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="attendances")
    user = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    liaison = models.ForeignKey(
        Liaison, models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    # Whose station they belonged to on the day.
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    # The person's own press, else marked at the desk by whoever kept the list.
    is_own = models.BooleanField(default=False)
    by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    # A mark made by mistake at the desk is struck out and stays.
    struck_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    struck_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            _one_person("attendance_one_person"),
            models.UniqueConstraint(
                fields=["session", "user"],
                condition=Q(user__isnull=False, struck_at=None),
                name="attendance_user_once",
            ),
            models.UniqueConstraint(
                fields=["session", "liaison"],
                condition=Q(liaison__isnull=False, struck_at=None),
                name="attendance_liaison_once",
            ),
            models.CheckConstraint(
                name="attendance_struck_by_with_at",
                condition=Q(struck_at=None, struck_by=None)
                | Q(struck_at__isnull=False, struck_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.session} {self.name}"

    @property
    def name(self):
        return self.user.name if self.user_id else self.liaison.name


class QuizQuestion(models.Model):
    """One of a session's five questions, with its possible answers, one of them right."""

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("question"), max_length=200)
    options = ArrayField(models.CharField(max_length=120), verbose_name=_("answers"))
    right = models.PositiveSmallIntegerField(_("right answer"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"], name="quiz_question_number_once"
            ),
            models.CheckConstraint(
                name="quiz_question_number",
                condition=Q(number__gte=1, number__lte=QUESTIONS),
            ),
            models.CheckConstraint(
                name="quiz_question_two_to_four_options",
                condition=Q(options__len__gte=2, options__len__lte=4)
                & Q(right__lt=F("options__len")),
            ),
        ]

    def __str__(self):
        return self.text


class QuizAttempt(models.Model):
    """Somebody's answers to a session's questions. The first counts; later ones are practice."""

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="attempts")
    user = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="quiz_attempts"
    )
    liaison = models.ForeignKey(
        Liaison, models.PROTECT, null=True, blank=True, related_name="quiz_attempts"
    )
    number = models.PositiveSmallIntegerField()
    answers = ArrayField(models.PositiveSmallIntegerField())
    score = models.PositiveSmallIntegerField(_("right answers"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            _one_person("quiz_attempt_one_person"),
            models.UniqueConstraint(
                fields=["session", "user", "liaison", "number"],
                nulls_distinct=False,
                name="quiz_attempt_number_once",
            ),
            models.CheckConstraint(
                name="quiz_attempt_score", condition=Q(score__lte=QUESTIONS)
            ),
        ]

    def __str__(self):
        return f"{self.session} {self.score}"


class TrainingExemptionQuerySet(VoidableQuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))

    def on(self, day):
        """Those that hold on a day."""
        return self.counted().filter(from_on__lte=day, until_on__gte=day)


class TrainingExemption(Voidable):
    """The county lets somebody review applications without current training, for a while, and why."""

    county = models.ForeignKey(County, models.PROTECT, related_name="training_exemptions")
    user = models.ForeignKey(
        "stations.User", models.PROTECT, related_name="training_exemptions"
    )
    from_on = models.DateField()
    until_on = models.DateField(pgettext_lazy("exemption", "until"))
    reason = models.CharField(pgettext_lazy("exemption", "reason"), max_length=200)

    objects = TrainingExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-until_on", "-pk"]
        constraints = [
            voided_whole("training_exemption_voided_whole"),
            models.CheckConstraint(
                name="training_exemption_ends_after_it_begins",
                condition=Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="training_exemption_has_a_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.until_on}"
