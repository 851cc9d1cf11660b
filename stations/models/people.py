"""Who: accounts, and dated appointments that say in which role and where."""

from datetime import timedelta
from functools import cached_property

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..privacy import EncryptedTextField
from ..roles import ADMIN_ROLES, CITY_ROLES, COUNTY_ROLES, MAY, STATION_ROLES, Role
from ..terms import DutyKind
from .network import County, Station

# Rules 8.3: the last five passwords are not used again.
PASSWORDS_REMEMBERED = 5
# Rules 8.3: a password is changed after so long.
PASSWORD_AGE = timedelta(days=90)


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People with an appointment, of whatever day, at a place the user reaches.

        An account nobody has appointed yet belongs to the county or city of whoever created it.
        """
        reached = Appointment.objects.visible_to(user)
        nobody_s = Q(appointments=None, created_by__appointments__in=reached)
        return self.filter(
            Q(pk__in=reached.values("user")) | Q(pk__in=self.filter(nobody_s).values("pk"))
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username, password, *, name, **fields):
        user = self.model(username=self.model.normalize_username(username), name=name, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person with an account. What they may do comes from appointments alone."""

    username = models.CharField(_("account"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    phone = EncryptedTextField(verbose_name=_("phone"))
    duty_kind = models.CharField(_("licence"), max_length=10, choices=DutyKind, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    # A demonstration account: refused in production.
    is_demo = models.BooleanField(default=False, editable=False)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(default=timezone.now)
    # Hashes, the latest first, without the one in force.
    past_passwords = ArrayField(
        models.CharField(max_length=128), default=list, blank=True, editable=False
    )
    has_large_print = models.BooleanField(_("large print"), default=False)
    created_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("account")

    def __str__(self):
        return self.name

    def change_password(self, password, *, must_change=False):
        """Set a new password and remember the old one; `must_change` when somebody else chose it."""
        remembered = [self.password, *self.past_passwords]
        self.past_passwords = remembered[: PASSWORDS_REMEMBERED - 1]
        self.set_password(password)
        self.password_changed_at = timezone.now()
        self.must_change_password = must_change
        self.save()

    @property
    def needs_new_password(self):
        """Somebody else chose it, or it is too old; a demonstration's does not grow old."""
        is_old = timezone.now() - self.password_changed_at > PASSWORD_AGE
        return self.must_change_password or (is_old and not self.is_demo)

    def has_used_password(self, password):
        """Whether this is the password in force or one of the last before it."""
        used = [self.password, *self.past_passwords]
        return any(check_password(password, encoded) for encoded in used if encoded)

    @cached_property
    def posts(self):
        """The appointments that hold today, one query a request, never kept longer."""
        return list(
            self.appointments.current(timezone.localdate()).select_related(
                "station__township", "station__county__division", "county__division", "city"
            )
        )

    def may(self, ability):
        return any(ability in MAY[post.role] for post in self.posts)

    @property
    def station(self):
        """The station this person works at today, or None; the first of several."""
        return next((post.station for post in self.posts if post.station), None)

    @property
    def county(self):
        """The county this person works in today, directly or through a station, or None."""
        return next(
            (
                post.county or post.station.county
                for post in self.posts
                if post.county or post.station
            ),
            None,
        )

    def has_role(self, *roles):
        return any(post.role in roles for post in self.posts)

    @cached_property
    def off_duty_at(self):
        """The stations at which this person is nothing but a duty person, and not today's.

        By the published roster of the month; where none is published everybody is on duty. One
        query, and none for whoever holds another post there.
        """
        more = {post.station_id for post in self.posts if post.role in {Role.CLERK, Role.HEAD}}
        only = {post.station_id for post in self.posts if post.role == Role.DUTY} - more
        if not only:
            return frozenset()
        today = timezone.localdate()
        here_today = Station.objects.filter(
            duty_slots__day=today, duty_slots__absence="", duty_slots__worker__user=self
        )
        rostered = Station.objects.filter(
            pk__in=only,
            county__duty_months__month=today.replace(day=1),
            county__duty_months__published_at__isnull=False,
        )
        return frozenset(
            rostered.exclude(pk__in=here_today.values("pk")).values_list("pk", flat=True)
        )


class AppointmentQuerySet(models.QuerySet):
    def current(self, day):
        return self.filter(
            Q(from_on__lte=day), Q(to_on=None) | Q(to_on__gte=day), user__is_active=True
        )

    def visible_to(self, user):
        return self.filter(
            Q(station__in=Station.objects.visible_to(user))
            | Q(county__in=County.objects.visible_to(user))
            | Q(city__in=[post.city_id for post in user.posts if post.city_id])
        )


class Appointment(models.Model):
    """A person holds a role at a place from one day to another (both included).

    The place fits the role: a station for station roles, a county for the center and the bureau,
    a city for the inspector, a county or a city for administrators.
    """

    user = models.ForeignKey(
        User, models.PROTECT, related_name="appointments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    station = models.ForeignKey(
        Station,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("station"),
    )
    county = models.ForeignKey(
        County,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("county"),
    )
    city = models.ForeignKey(
        "stations.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("city"),
    )
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on"]
        verbose_name = _("appointment")
        constraints = [
            models.CheckConstraint(
                name="appointment_place_fits_role",
                condition=(
                    Q(
                        role__in=sorted(STATION_ROLES),
                        station__isnull=False,
                        county=None,
                        city=None,
                    )
                    | Q(
                        role__in=sorted(COUNTY_ROLES),
                        station=None,
                        county__isnull=False,
                        city=None,
                    )
                    | Q(
                        role__in=sorted(CITY_ROLES),
                        station=None,
                        county=None,
                        city__isnull=False,
                    )
                    | Q(
                        role__in=sorted(ADMIN_ROLES),
                        station=None,
                        county__isnull=False,
                        city=None,
                    )
                    | Q(
                        role__in=sorted(ADMIN_ROLES),
                        station=None,
                        county=None,
                        city__isnull=False,
                    )
                ),
                violation_error_message=_("This role belongs to another kind of place."),
            ),
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                violation_error_message=_("The last day is before the first day."),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "station", "county", "city"],
                condition=Q(to_on=None),
                nulls_distinct=False,
                name="appointment_open_once",
                violation_error_message=_("This person already holds this role here."),
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()} {self.place}"

    @property
    def place(self):
        return self.station or self.county or self.city
