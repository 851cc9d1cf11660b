"""Time limits as rows: the county's dated parameters, each running clock, pauses, what changed it."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import Appointment, County, Station, User
from stations.roles import Role
from stations.sayings import SayingField

from ..rules.deadlines import HOLDER_S, LIMITS, length_in_words
from ..terms import HELD_BY_STATION, Counting, NoticeKind, PauseReason, Status
from .applications import Application


class ClockRule(models.Model):
    """What a county promises for one clock (承诺时限), beside what the law says (rules 2.3, 9.3)."""

    county = models.ForeignKey(County, models.PROTECT, related_name="clock_rules")
    # The number of the clock in `casework.rules.deadlines.LIMITS`.
    number = models.PositiveSmallIntegerField(_("clock"))
    length = models.PositiveSmallIntegerField(_("length"))
    counting = models.CharField(_("counted in"), max_length=8, choices=Counting)
    # Counted and shown, not scored and not escalated.
    is_shadow = models.BooleanField(_("on trial"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number", "-valid_from", "-pk"]
        verbose_name = _("promised time limit")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "number"],
                condition=Q(valid_to=None),
                name="clock_rule_one_open",
            ),
            models.CheckConstraint(name="clock_rule_positive", condition=Q(length__gte=1)),
            models.CheckConstraint(
                name="clock_rule_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.county} {self.number}"

    @property
    def in_words(self):
        return length_in_words(self.length, self.counting)

    @staticmethod
    def in_force(rules, number, day):
        """Of a county's rules in their order, the one for a clock on a day, or None."""
        return next(
            (
                rule
                for rule in rules
                if rule.number == number
                and rule.valid_from <= day
                and (rule.valid_to is None or rule.valid_to >= day)
            ),
            None,
        )


class Pause(models.Model):
    """Days on which the review clock stands still, and the paper that says so.

    From the day after the notice was served (or the letter sent) to the day the papers (or the
    reply) came, that day included (rules 9.1).
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="pauses")
    reason = models.CharField(_("why"), max_length=16, choices=PauseReason)
    from_on = models.DateField(_("served or sent on"))
    to_on = models.DateField(_("papers or reply on"), null=True, blank=True)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
            models.UniqueConstraint(
                fields=["application", "reason"],
                condition=Q(to_on=None),
                name="pause_one_open_per_reason",
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.get_reason_display()}"


class DeadlineQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(application__in=Application.objects.visible_to(user))

    def running(self):
        return self.filter(stopped_at=None)

    def duties(self):
        """The clocks somebody is held to now: running, not on trial, not standing still."""
        return self.running().filter(is_shadow=False, is_paused=False)

    def owed_by(self, *roles):
        """The clocks whose act is one of these roles', where the file lies now."""
        at_station = Q(application__status__in=HELD_BY_STATION) | Q(
            application__status=Status.SUPPLEMENTING,
            application__asked_from__in=HELD_BY_STATION,
        )
        own = {limit.number for limit in LIMITS.values() if limit.doer in roles}
        wanted = Q(number__in=own - HOLDER_S)
        if Role.CLERK in roles:
            wanted |= Q(number__in=HOLDER_S) & at_station
        if Role.REVIEWER in roles:
            wanted |= Q(number__in=HOLDER_S) & ~at_station
        return self.filter(wanted)

    def overdue(self, today):
        return self.duties().filter(due_on__lt=today)


class Deadline(models.Model):
    """One clock that runs for one application. Written by `casework.time_limits.clocks` only.

    `due_on` is the earlier of what the law says and what the county promises; `due_at` only for
    clocks that count hours. The sum is made anew whenever calendar, pause or parameter change.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="deadlines")
    number = models.PositiveSmallIntegerField(_("clock"))
    started_at = models.DateTimeField()
    statutory_due_on = models.DateField(null=True, blank=True)
    promised_due_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    # The length set in a notice, for clocks without a number in the law (6, 11).
    set_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_paused = models.BooleanField(default=False)
    is_shadow = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    # How far its warnings have gone: 0 none, 1 who does it, 2 who answers for it, 3 the county.
    warned = models.PositiveSmallIntegerField(default=0)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"],
                condition=Q(stopped_at=None),
                name="deadline_one_running_per_clock",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(stopped_at=None), name="deadline_running_due"
            )
        ]

    def __str__(self):
        return f"{self.application_id} {self.number} {self.due_on}"

    @property
    def started_on(self):
        return timezone.localdate(self.started_at)


class DeadlineChange(models.Model):
    """A due day that moved: from when to when, and why. Never changed."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="changes")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    why = models.CharField(max_length=120)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["changed_at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.deadline_id} {self.old_due_on} {self.new_due_on}"


class RecountQuerySet(models.QuerySet):
    def owed(self):
        return self.filter(finished_at=None)


class Recount(models.Model):
    """A county's running clocks that are owed a new count, because a promise or its calendar changed.

    Worked on in portions by `casework.time_limits.recounts`: `last_id` is the last clock counted, so that whoever
    goes on after a crash begins there.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="recounts")
    # The clocks that are counted; by their numbers in `casework.rules.deadlines.LIMITS`.
    numbers = ArrayField(models.PositiveSmallIntegerField())
    why = models.CharField(max_length=120)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # How many clocks there were at the beginning, were counted so far, and moved.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RecountQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(finished_at=None), name="recount_owed"
            )
        ]

    def __str__(self):
        return f"{self.county} {self.numbers}"


class CountedCalendar(models.Model):
    """The working calendar a county's running clocks were last counted by, as a fingerprint."""

    county = models.OneToOneField(County, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    counted_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"{self.county} {self.counted_at}"


# Where nobody holds the first post today, its notices wait for the second.
STANDS_IN = {Role.HEAD: Role.CLERK, Role.DIRECTOR: Role.REVIEWER}


class NoticeQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)

    def visible_to(self, user):
        """What is addressed to the posts a user holds today, and to a post nobody holds."""
        posts, today = user.posts, timezone.localdate()
        wanted = Q(pk__in=[])
        for post in posts:
            roles = {post.role}
            if (first := STANDS_IN.get(post.role)) and not Appointment.objects.current(
                today
            ).filter(role=first, station=post.station, county=post.county).exists():
                roles.add(first)
            if post.station_id:
                wanted |= Q(station=post.station_id, role__in=roles)
            elif post.county_id:
                wanted |= Q(county=post.county_id, role__in=roles)
        return self.filter(wanted)

    def for_list(self):
        """All that a line on a desk reads, in one query."""
        return self.select_related("application__intake_county")


class Notice(models.Model):
    """A task on somebody's desk: a warning, a phone call to make, a message that went out.

    Addressed to a role at a place, so that it waits for whoever holds the post that day.
    """

    role = models.CharField(max_length=20, choices=Role)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+"
    )
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, related_name="+")
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    deadline = models.ForeignKey(
        Deadline, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(max_length=16, choices=NoticeKind)
    words = SayingField()
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="notice_one_place",
                condition=Q(station__isnull=False, county=None)
                | Q(station=None, county__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["station", "role"], condition=Q(done_at=None), name="notice_station"
            ),
            models.Index(
                fields=["county", "role"], condition=Q(done_at=None), name="notice_county"
            ),
        ]

    def __str__(self):
        return str(self.words)

    @property
    def sentence(self):
        """What the desk says of it."""
        if self.kind == NoticeKind.CALL:
            return _("Telephone the applicant: %(words)s") % {"words": self.words}
        return self.words
