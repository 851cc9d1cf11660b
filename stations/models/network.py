"""Where: divisions, counties, stations in townships, contact points and liaisons in villages."""

from datetime import time

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..duty_hours import DutyHours
from ..privacy import EncryptedTextField
from ..terms import DivisionChange, HostType, Level, LiaisonPost, Sex


class DivisionQuerySet(models.QuerySet):
    def on(self, day):
        """The divisions that exist on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day)
        )

    def townships(self):
        return self.filter(level=Level.TOWNSHIP)

    def villages(self):
        return self.filter(level=Level.VILLAGE)

    def of_county(self, county):
        return self.filter(county_code=county.division.code)

    def visible_to(self, user):
        """The divisions of the counties a user can see; their own village for a liaison."""
        return self.filter(
            county_code__in=County.objects.visible_to(user).values("division__code")
        )


class Division(models.Model):
    """A statistical division (统计用区划): code, name, and the dates it carried that name.

    A renamed, split or merged division ends (`valid_to`, the first day it no longer counts)
    and new rows begin, so months before the change keep the old name.
    """

    code = models.CharField(_("division code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    # Found through the index of parent and code below; the nation's 665,000 rows want few indexes.
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        db_index=False,
    )
    # The first six digits: the boundary of a county, without walking the tree.
    county_code = models.CharField(max_length=6, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until (not included)"), null=True, blank=True)
    # The row this one carries on after a change: whose station, contact point or liaison goes on
    # here. Of merged divisions that is one; of the parts of a split, one carries on.
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        db_index=False,
    )

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to=None),
                name="division_one_current_per_code",
            ),
            models.UniqueConstraint(
                fields=["continues"],
                condition=Q(continues__isnull=False),
                name="division_continued_once",
            ),
            models.CheckConstraint(
                name="division_code_has_its_level_s_length",
                condition=Q(code__regex=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")
                & Q(level=models.functions.Length("code")),
            ),
            models.CheckConstraint(
                name="division_ends_after_it_begins",
                condition=Q(valid_from=None)
                | Q(valid_to=None)
                | Q(valid_to__gt=F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "code"], name="division_parent_code"),
            models.Index(fields=["county_code", "code"], name="division_county_code"),
        ]

    def __str__(self):
        return self.name


class DivisionEvent(models.Model):
    """One rename, split or merge: from which rows to which, from when, on what paper."""

    change = models.CharField(_("change"), max_length=10, choices=DivisionChange)
    from_divisions = models.ManyToManyField(Division, related_name="ended_by")
    to_divisions = models.ManyToManyField(Division, related_name="began_by")
    effective_on = models.DateField(_("in force from"))
    paper = models.CharField(_("approval document"), max_length=120, blank=True)
    recorded_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-effective_on", "-pk"]

    def __str__(self):
        return f"{self.get_change_display()} {self.effective_on}"


class CountyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Counties a user holds an appointment in, at whatever level, today."""
        if not user.is_authenticated:
            return self.none()
        posts = user.posts
        return self.filter(
            Q(pk__in=[post.county_id for post in posts if post.county_id])
            | Q(stations__in=[post.station_id for post in posts if post.station_id])
            | Q(division__parent__in=[post.city_id for post in posts if post.city_id])
        ).distinct()


DEFAULT_PARAMETERS = {
    # The monthly analysis is due on this working day of the next month (clock 27).
    "month_due_working_day": 5,
    # An entry counts as timely when typed within so many working days of the event (clock 1).
    "entry_working_days": 1,
    # A station without a record for so many working days is silent.
    "silent_after_working_days": 10,
    # A liaison's vacancy should be filled within so many days (clock 33).
    "vacancy_days": 30,
    # Training each of a station's staff has in a year, hours (rules 5.2, T4).
    "training_hours": 12,
    # Publicity events a station holds in a year (rules 5.2, B7).
    "publicity_events": 6,
    # The duty subsidy of a month is paid within so many days of its end (rules 5.2, T6).
    "subsidy_days": 30,
    # Signals 一般: growth on the three-month mean, and at least so many entries.
    "surge_percent": 30,
    "surge_entries": 3,
    # Signals 一般: one opponent named so often in 30 days.
    "opponent_mentions": 3,
    # Signals 关注: persons on one matter, workers in a wage claim, visits on one matter.
    "watch_persons": 5,
    "watch_wage_workers": 10,
    "watch_repeat_visits": 3,
    # Signals 关注: entries that speak of one watched topic (land, homes, schools and so on).
    "watch_topic_entries": 3,
    # Signals 重大: persons on one matter.
    "grave_persons": 10,
    # Duty: half-days a week somebody is at each station, at least (rules 4.4).
    "duty_half_days_a_week": 1,
    # When a half-day of duty begins and ends (rules 4.4 give several such hours).
    "duty_morning_from": "09:00",
    "duty_morning_to": "11:30",
    "duty_afternoon_from": "14:00",
    "duty_afternoon_to": "17:00",
    # Yuan for half a day of duty.
    "duty_subsidy_yuan": 100,
    # The annual check of a year of practice is over by the end of this month of the next year.
    "annual_check_until_month": 6,
    # A poster is looked at again within so many days (clock 29: twelve months).
    "wall_check_days": 365,
    # A poster whose content has changed is renewed within so many working days (clock 29).
    "wall_renew_working_days": 10,
    # So many published numbers are drawn for a test call each month.
    "test_calls_a_month": 10,
    # Complaints: days to complete one, and days by which it may be extended once (clock 24).
    "complaint_supply_days": 10,
    "complaint_extension_days": 30,
    # Pledges of hardship: of those granted so many in a hundred are drawn and checked (LAL 41), and
    # within so many days.
    "pledge_check_percent": 10,
    "pledge_check_days": 30,
    # A visitor's suggestion is answered within so many working days.
    "suggestion_working_days": 10,
    # A question slip between station and county is answered within so many working days.
    "question_working_days": 5,
    # Who reviews applications was at a training session within so many days.
    "review_training_days": 365,
    # Looks at personal data that stand out in the log: numbers opened by one person in an hour,
    # stations that opened one person's numbers, rows taken away at once, failed sign-ins of an
    # account in 30 days, and the hours between which looking is usual.
    "look_reveals_an_hour": 20,
    "look_stations_per_person": 3,
    "look_rows_at_once": 1000,
    "look_failures": 5,
    "look_hours_from": 7,
    "look_hours_until": 20,
    # Public pages say who is on duty by kind only (1), or by name too (2).
    "public_duty_names": 1,
}


class County(models.Model):
    """A county 县（区） that uses the system: its bureau, its center, its parameters."""

    division = models.OneToOneField(Division, models.PROTECT, related_name="county")
    short_name = models.CharField(_("short name for document numbers"), max_length=4)
    bureau_name = models.CharField(_("judicial bureau"), max_length=60)
    center_name = models.CharField(_("legal-aid center"), max_length=60)
    complaint_phone = models.CharField(_("complaint phone"), max_length=30, blank=True)
    # Order 149: where complaints can be sent or brought is made public.
    complaint_address = models.CharField(_("complaint address"), max_length=120, blank=True)
    complaint_fax = models.CharField(_("complaint fax"), max_length=30, blank=True)
    complaint_email = models.EmailField(_("complaint e-mail"), max_length=80, blank=True)
    # Only what differs from DEFAULT_PARAMETERS; read through `parameter`.
    parameters = models.JSONField(default=dict, blank=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        ordering = ["division__code"]
        verbose_name = _("county")

    def __str__(self):
        return self.division.name

    def parameter(self, name):
        """Return the county's value of a parameter, or the default. Raises KeyError if unknown."""
        return self.parameters.get(name, DEFAULT_PARAMETERS[name])

    @property
    def duty_hours(self):
        """The `DutyHours` in force; a published month keeps its own."""
        return DutyHours(
            *(
                time.fromisoformat(self.parameter(f"duty_{name}"))
                for name in ("morning_from", "morning_to", "afternoon_from", "afternoon_to")
            )
        )


class StationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The boundary of the whole system: the stations a user's appointments of today reach.

        Every other model filters through this. Station roles reach their station, county roles
        the county's stations, the city's inspector all stations of the city; administrators of
        accounts and logs reach the stations as places, not their casework.
        """
        if not user.is_authenticated:
            return self.none()
        posts = user.posts
        return self.filter(
            Q(pk__in=[post.station_id for post in posts if post.station_id])
            | Q(county__in=[post.county_id for post in posts if post.county_id])
            | Q(county__division__parent__in=[post.city_id for post in posts if post.city_id])
        )

    def open_on(self, day):
        return self.filter(Q(opened_on__lte=day), Q(closed_on=None) | Q(closed_on__gt=day))

    def open_between(self, first, last):
        """Open on any day from `first` to `last`."""
        return self.filter(Q(opened_on__lte=last), Q(closed_on=None) | Q(closed_on__gt=first))

    def for_list(self):
        return self.select_related("township", "county__division")


class Station(models.Model):
    """A legal-aid workstation 法律援助工作站: one per township, leaning on a host body."""

    county = models.ForeignKey(County, models.PROTECT, related_name="stations")
    township = models.ForeignKey(
        Division, models.PROTECT, related_name="stations", verbose_name=_("township")
    )
    code = models.CharField(_("station code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=20)
    host_type = models.CharField(
        _("host"), max_length=20, choices=HostType, default=HostType.JUDICIAL_OFFICE
    )
    host_name = models.CharField(_("judicial office"), max_length=60, blank=True)
    has_dedicated_staff = models.BooleanField(_("has dedicated staff"), default=False)
    is_acting = models.BooleanField(_("run by a neighbouring station for now"), default=False)
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    phone_2 = models.CharField(_("second phone"), max_length=30, blank=True)
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("station")
        constraints = [
            models.UniqueConstraint(
                fields=["township"],
                condition=Q(closed_on=None),
                name="station_one_open_per_township",
                violation_error_message=_("This township already has an open station."),
            ),
            models.CheckConstraint(
                name="station_closes_after_it_opens",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("The closing day is before the opening day."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("stations:station_detail", args=[self.pk])


class ContactPointQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def open_on(self, day):
        return self.filter(Q(opened_on__lte=day), Q(closed_on=None) | Q(closed_on__gt=day))


class ContactPoint(models.Model):
    """A contact point 法律援助联系点 in a village, usually the village service center."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="contact_points")
    village = models.ForeignKey(
        Division, models.PROTECT, related_name="contact_points", verbose_name=_("village")
    )
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    has_sign = models.BooleanField(_("sign is up"), default=False)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        ordering = ["village__code"]
        verbose_name = _("contact point")
        constraints = [
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(closed_on=None),
                name="contact_point_one_open_per_village",
                violation_error_message=_("This village already has an open contact point."),
            ),
            models.CheckConstraint(
                name="contact_point_closes_after_it_opens",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("The closing day is before the opening day."),
            ),
        ]

    def __str__(self):
        return self.name


class LiaisonQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def in_post_on(self, day):
        return self.filter(
            Q(appointed_from__lte=day), Q(appointed_to=None) | Q(appointed_to__gte=day)
        )

    def for_list(self):
        return self.select_related("village", "station")


class Liaison(models.Model):
    """The legal-aid liaison 联络员 of one village, with the days in post (both included)."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="liaisons", verbose_name=_("station")
    )
    village = models.ForeignKey(
        Division, models.PROTECT, related_name="liaisons", verbose_name=_("village")
    )
    name = models.CharField(_("name"), max_length=40)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    post = models.CharField(_("post in the village"), max_length=12, choices=LiaisonPost)
    phone = EncryptedTextField(verbose_name=_("phone"))
    is_acting = models.BooleanField(
        _("acting"), default=False, help_text=_("A neighbour or the station stands in.")
    )
    appointed_from = models.DateField(_("appointed from"))
    appointed_to = models.DateField(_("appointed until"), null=True, blank=True)
    ended_reason = models.CharField(_("reason of leaving"), max_length=120, blank=True)
    user = models.ForeignKey(
        "stations.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="liaison_posts",
        verbose_name=_("account"),
    )

    objects = LiaisonQuerySet.as_manager()

    class Meta:
        ordering = ["village__code", "-appointed_from"]
        verbose_name = _("liaison")
        constraints = [
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(appointed_to=None),
                name="liaison_one_open_per_village",
                violation_error_message=_(
                    "This village already has a liaison. End that appointment first."
                ),
            ),
            models.CheckConstraint(
                name="liaison_ends_after_it_begins",
                condition=Q(appointed_to=None) | Q(appointed_to__gte=F("appointed_from")),
                violation_error_message=_("The last day is before the first day."),
            ),
            # Of two liaisons of one village, the days never overlap.
            ExclusionConstraint(
                name="liaison_days_do_not_overlap",
                expressions=[
                    ("village", RangeOperators.EQUAL),
                    (
                        Func(
                            "appointed_from",
                            "appointed_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another liaison of this village holds these days."),
            ),
        ]

    def __str__(self):
        return self.name
