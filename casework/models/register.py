"""The register of calls and visits 来电来访登记: one model, the channel as a field."""

from functools import cache

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from stations.models import County, Division, Lead, Station, User
from stations.models.retention import Destroyable, destroyed_whole
from stations.network.pinyin import initials
from stations.privacy import EncryptedTextField
from stations.roles import Ability
from stations.terms import Sex

from ..rules.sentiment import NAME_SIGNS, NAME_SIGNS_AS, same_name
from ..terms import (
    NUMBER_SIGNS,
    Channel,
    Disposal,
    Education,
    IdType,
    PeopleGroup,
    Satisfaction,
    Sensitive,
)
from .imports import ImportBatch
from .matters import Matter


class RegisterCounter(models.Model):
    """The last number given in one series; locked while the next is given."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "channel", "year"], name="register_counter_once"
            )
        ]

    def __str__(self):
        return f"{self.station_id} {self.channel} {self.year}: {self.last}"


# An opponent's name as `casework.rules.sentiment.same_name` makes it, for the database to find.
OPPONENT_KEY = Func(
    Lower("opponent"), Value(NAME_SIGNS), Value(NAME_SIGNS_AS), function="translate"
)


class RegisterEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Start every page, export and figure here. Liaisons and the city see no entries.

        By a published roster, a duty person of another day reads only what they wrote or received.
        """
        if not user.may(Ability.SEE_REGISTER):
            return self.none()
        entries = self.filter(station__in=Station.objects.visible_to(user))
        if user.off_duty_at:
            own = Q(recorded_by=user) | Q(receiver=user)
            entries = entries.filter(own | ~Q(station__in=user.off_duty_at))
        return entries

    def counted(self):
        """What figures count: everything but entries declared void."""
        return self.filter(voided_at=None)

    def perhaps_same_person(self, *, phone_hash, id_hash, name, village):
        """Earlier entries worth a look: same numbers, or the name by sound in the same village."""
        person = Q(pk__in=[])
        if phone_hash:
            person |= Q(phone_hash=phone_hash)
        if id_hash:
            person |= Q(id_hash=id_hash)
        if name and village:
            sound = initials(name)
            person |= Q(village=village) & (
                Q(search_terms__contains=["^" + sound]) if sound else Q(name=name)
            )
        return self.filter(person)

    def in_month(self, month, end):
        return self.filter(occurred_on__gte=month, occurred_on__lt=end)

    def against(self, opponent):
        """Entries that name an opponent, however the name is spaced and bracketed."""
        return (
            self.exclude(opponent="")
            .alias(opponent_key=OPPONENT_KEY)
            .filter(opponent_key=same_name(opponent))
        )

    def for_list(self):
        """All that one row of the register's list reads, in one query, and nothing else."""
        return self.select_related("matter", "village", "station").only(
            "channel",
            "year",
            "serial",
            "occurred_at",
            "name",
            "phone",
            "village__name",
            "station__short_name",
            "matter__name",
            "statement",
            "disposal",
            "receiver_name",
            "sensitive",
            "persons",
            "version",
            "matter_visit_no",
            "visit_no",
            "working_days_late",
            "voided_at",
        )


# What the filters and the totals of a list read of an entry (see `casework.forms.filters`).
ASKED_BY_FILTERS = [
    "channel",
    "matter",
    "village",
    "disposal",
    "receiver_name",
    "sensitive",
    "persons",
    "seconds_to_record",
    "working_days_late",
    "matter_visit_no",
    "visit_no",
    "is_hotline",
    "people_groups",
    "voided_at",
]


class RegisterEntry(Destroyable):
    """One call or visit. Written by `casework.register.writing` only: recorded, corrected, declared void.

    `occurred_on` is the local date of `occurred_at`; the month it lies in is the month it counts
    for, whenever it was typed.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="entries")
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(_("serial"))
    is_hotline = models.BooleanField(_("by way of 12348"), default=False)
    occurred_at = models.DateTimeField(_("time"))
    # In the zone of `settings.TIME_ZONE`, written into the column when it was made.
    occurred_on = models.GeneratedField(
        expression=TruncDate("occurred_at"),
        output_field=models.DateField(),
        db_persist=True,
    )
    duration_minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)

    # Who
    name = models.CharField(_("name"), max_length=40, blank=True)
    is_anonymous = models.BooleanField(_("would not say"), default=False)
    is_on_behalf = models.BooleanField(_("speaks for somebody else"), default=False)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    birth_on = models.DateField(_("birth date"), null=True, blank=True)
    people_groups = ArrayField(
        models.CharField(max_length=20, choices=PeopleGroup),
        verbose_name=_("people groups"),
        default=list,
        blank=True,
    )
    persons = models.PositiveSmallIntegerField(_("number of persons"), default=1)
    phone = EncryptedTextField(verbose_name=_("phone"))
    phone_hash = models.CharField(max_length=22, blank=True)
    id_type = models.CharField(_("identity paper"), max_length=10, choices=IdType, blank=True)
    id_number = EncryptedTextField(verbose_name=_("identity number"))
    id_hash = models.CharField(max_length=22, blank=True)
    nationality = models.CharField(_("country"), max_length=30, blank=True)
    ethnic_group = models.CharField(_("ethnic group"), max_length=20, blank=True)
    household_place = models.CharField(_("household registration"), max_length=60, blank=True)
    address = EncryptedTextField(verbose_name=_("address"))
    education = models.CharField(_("education"), max_length=10, choices=Education, blank=True)
    safe_contact = models.CharField(
        _("when and how to reach safely"), max_length=60, blank=True
    )
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("village"),
    )

    # What
    place_of_event = models.CharField(_("place of the event"), max_length=60, blank=True)
    event_on = models.DateField(_("when it happened"), null=True, blank=True)
    opponent = models.CharField(_("the other side"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=60, blank=True)
    matter = models.ForeignKey(
        Matter, models.PROTECT, related_name="entries", verbose_name=_("matter")
    )
    also_about = ArrayField(
        models.BigIntegerField(), verbose_name=_("also about"), default=list, blank=True
    )
    statement = models.TextField(_("what the person says"), max_length=4000, blank=True)
    answer = models.TextField(pgettext_lazy("register", "answer"), max_length=4000, blank=True)
    disposal = models.CharField(_("disposal"), max_length=20, choices=Disposal, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    receiver = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("receiver"),
    )
    # As written at the time; a file from paper may name somebody without an account.
    receiver_name = models.CharField(_("receiver"), max_length=40, blank=True)
    is_told_of_right = models.BooleanField(_("told of the right to apply"), default=False)
    sensitive = models.CharField(
        _("sensitive"), max_length=8, choices=Sensitive, default=Sensitive.NONE
    )
    is_publishable = models.BooleanField(_("may be published"), default=False)
    satisfaction = models.CharField(
        _("satisfaction"), max_length=12, choices=Satisfaction, blank=True
    )
    follow_up = models.CharField(_("where it went"), max_length=120, blank=True)
    lead = models.ForeignKey(
        Lead,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("lead"),
    )

    # The same person before: the earlier entry on the same matter, and how many times by now.
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeats"
    )
    matter_visit_no = models.PositiveSmallIntegerField(_("time on this matter"), default=1)
    visit_no = models.PositiveSmallIntegerField(_("time of this person"), default=1)

    # How it was written
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    # From opening the form to saving it; empty for files and the backlog grid.
    seconds_to_record = models.PositiveIntegerField(null=True, blank=True)
    # Working days from the event to the entry: 0 the same day (clock 1).
    working_days_late = models.PositiveSmallIntegerField(default=0)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="entries"
    )
    # Counts changes, so that two people correcting at once do not overwrite one another.
    version = models.PositiveSmallIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(_("why void"), max_length=200, blank=True)
    # One number per opened form, so that a second press of the button saves nothing twice.
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # What a search finds it by: see `casework.rules.search`.
    search_terms = ArrayField(models.TextField(), default=list, editable=False)

    objects = RegisterEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        verbose_name = _("register entry")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "channel", "year", "serial"], name="entry_number_once"
            ),
            models.CheckConstraint(
                name="entry_named_or_refused", condition=~Q(name="") | Q(is_anonymous=True)
            ),
            models.CheckConstraint(
                name="entry_persons_at_least_one", condition=Q(persons__gte=1)
            ),
            models.CheckConstraint(
                # A call collects far less than a visit (rules 4.3).
                name="entry_call_hides_identity",
                condition=~Q(channel=Channel.CALL)
                | Q(
                    id_number=b"",
                    id_hash="",
                    birth_on=None,
                    ethnic_group="",
                    address=b"",
                    household_place="",
                    nationality="",
                    education="",
                ),
            ),
            models.CheckConstraint(
                name="entry_void_with_reason",
                condition=Q(voided_at=None, voided_by=None)
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
            ),
            models.CheckConstraint(
                name="entry_not_its_own_repeat",
                condition=Q(repeat_of=None) | ~Q(repeat_of=F("pk")),
            ),
            destroyed_whole("entry_destroyed_whole"),
        ]
        indexes = [
            # The two lists by time, of a station and of a county. They carry what the filters
            # ask, so that rows which fail a filter are never fetched.
            models.Index(
                fields=["station", "-occurred_at", "-id"],
                include=ASKED_BY_FILTERS,
                name="entry_station_time",
            ),
            models.Index(
                fields=["-occurred_at", "-id"],
                include=["station", *ASKED_BY_FILTERS],
                name="entry_time",
            ),
            models.Index(
                fields=["station", "occurred_on"],
                include=["channel", "matter", "persons"],
                condition=Q(voided_at=None),
                name="entry_station_day",
            ),
            models.Index(
                fields=["phone_hash"], condition=~Q(phone_hash=""), name="entry_phone_hash"
            ),
            models.Index(fields=["id_hash"], condition=~Q(id_hash=""), name="entry_id_hash"),
            models.Index(fields=["village", "name"], name="entry_village_name"),
            # What changed after a month was issued (补正): few rows, whatever the register holds.
            models.Index(
                fields=["recorded_at"],
                condition=Q(working_days_late__gt=0),
                name="entry_typed_late",
            ),
            models.Index(
                fields=["voided_at"], condition=~Q(voided_at=None), name="entry_voided"
            ),
            GinIndex(fields=["search_terms"], name="entry_search"),
            # What few entries are, among all of a county over all years.
            models.Index(
                fields=["-occurred_at"], condition=Q(is_hotline=True), name="entry_hotline"
            ),
            models.Index(
                fields=["sensitive", "-occurred_at"],
                condition=~Q(sensitive=Sensitive.NONE),
                name="entry_sensitive",
            ),
            models.Index(OPPONENT_KEY, condition=~Q(opponent=""), name="entry_opponent"),
            models.Index(fields=["receiver_name", "-occurred_at"], name="entry_receiver"),
            GinIndex(fields=["people_groups"], name="entry_people_groups"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("casework:entry_detail", args=[self.pk])

    @property
    def number(self):
        """The number on paper: sign of the channel, year, serial: 访2026-0045."""
        return f"{NUMBER_SIGNS[self.channel]}{self.year}-{self.serial:04d}"

    def label(self, field):
        """The label of what a field with choices holds; cheaper than `get_…_display` in lists."""
        return _labels(field, get_language()).get(getattr(self, field), "")

    @property
    def is_void(self):
        return self.voided_at is not None


@cache
def _labels(field, language):
    """Return {code: label} of a field with choices, once per language and not once per cell."""
    return {code: str(label) for code, label in RegisterEntry._meta.get_field(field).choices}


class Correction(models.Model):
    """One changed field of one entry: the old value, the new, who, when, why. Never changed."""

    entry = models.ForeignKey(RegisterEntry, models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=40)
    old_value = EncryptedTextField()
    new_value = EncryptedTextField()
    reason = models.CharField(_("reason"), max_length=200)
    corrected_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-corrected_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="correction_has_a_reason", condition=~Q(reason=""))
        ]
        indexes = [models.Index(fields=["corrected_at"], name="correction_at")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.entry_id} {self.field}"


class NoVisitDay(models.Model):
    """Somebody states that nobody called or came that day: zero is an act, not a silence."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="no_visit_days")
    day = models.DateField(_("day"))
    stated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["station", "day"], name="no_visit_day_once")
        ]

    def __str__(self):
        return f"{self.station} {self.day}"


class EntryDraft(models.Model):
    """What somebody has typed and not yet saved, so that a time-out or a power cut loses nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="entry_drafts")
    station = models.ForeignKey(Station, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel)
    # The fields of the form as JSON.
    content = EncryptedTextField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "station", "channel"], name="entry_draft_one_each"
            )
        ]

    def __str__(self):
        return f"{self.user} {self.channel}"


class SavedFilter(models.Model):
    """A view of the register somebody keeps: a name and the filters of its address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=30)
    query = models.CharField(max_length=400)
    # Shared with everybody of the county.
    county = models.ForeignKey(
        County, models.CASCADE, null=True, blank=True, related_name="saved_filters"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_filter_name_once",
                violation_error_message=_("You already keep a view under this name."),
            )
        ]

    def __str__(self):
        return self.name
