"""Who gives legal aid: the units of a county, and the aid workers on its panel.

They stand duty at stations and handle cases.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..privacy import EncryptedTextField
from ..terms import AidWorkerKind, Speciality, UnitKind, WeekHalf
from .network import County, Station
from .people import User


class AidUnitQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))

    def open(self):
        return self.filter(closed_on=None)


class AidUnit(models.Model):
    """A unit whose people handle cases: law firm, grassroots legal-service office, the center."""

    county = models.ForeignKey(County, models.PROTECT, related_name="aid_units")
    name = models.CharField(pgettext_lazy("unit", "name"), max_length=60)
    kind = models.CharField(pgettext_lazy("unit", "kind"), max_length=12, choices=UnitKind)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = AidUnitQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("unit")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "name"],
                name="aid_unit_name_once",
                violation_error_message=_("There is already a unit of this name."),
            )
        ]

    def __str__(self):
        return self.name


class AidWorkerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(unit__county__in=County.objects.visible_to(user))

    def working_on(self, day):
        return self.filter(
            Q(left_on=None) | Q(left_on__gt=day),
            Q(licence_to=None) | Q(licence_to__gte=day),
            joined_on__lte=day,
        )

    def on_panel(self, day):
        """Everybody who has not left; also those whose licence has to be renewed."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day))

    def on_duty_panel(self, day):
        """Those of the panel who stand duty at stations."""
        return self.on_panel(day).filter(stands_duty=True)


class AidWorker(models.Model):
    """A person who handles cases 法律援助人员: licence, practice, what they are good at."""

    unit = models.ForeignKey(AidUnit, models.PROTECT, related_name="workers")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    kind = models.CharField(_("licence"), max_length=12, choices=AidWorkerKind)
    licence_number = models.CharField(_("licence number"), max_length=30, blank=True)
    licence_to = models.DateField(_("licence valid until"), null=True, blank=True)
    # Years are counted from these on the day of the assignment (LAL 26, Order 148 art. 26).
    practising_since = models.DateField(_("practising since"), null=True, blank=True)
    criminal_defence_since = models.DateField(
        _("defending in criminal cases since"), null=True, blank=True
    )
    knows_minors = models.BooleanField(_("familiar with minors"), default=False)
    specialities = ArrayField(
        models.CharField(max_length=16, choices=Speciality),
        verbose_name=_("specialities"),
        default=list,
        blank=True,
    )
    # The township they sit in, for distance: a division code.
    township_code = models.CharField(_("township"), max_length=9, blank=True)
    phone = EncryptedTextField(verbose_name=_("phone"))
    id_hash = models.CharField(max_length=22, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="aid_workers"
    )
    joined_on = models.DateField(_("on the panel since"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    # Duty at stations 值班. The year of practice that last passed the annual check (年度考核).
    annual_check_year = models.PositiveSmallIntegerField(
        _("annual check passed for"), null=True, blank=True
    )
    stands_duty = models.BooleanField(_("stands duty at stations"), default=False)
    # None chosen: any station of the county.
    duty_stations = models.ManyToManyField(
        Station, verbose_name=_("stations they come to"), related_name="duty_people", blank=True
    )
    # None chosen: any half-day.
    duty_half_days = ArrayField(
        models.CharField(max_length=3, choices=WeekHalf),
        verbose_name=_("half-days they can come"),
        default=list,
        blank=True,
    )
    # The secret part of the address of their calendar; empty until they ask for one.
    calendar_key = models.CharField(max_length=43, blank=True, editable=False)

    objects = AidWorkerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("legal-aid worker")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "licence_number"],
                condition=~Q(licence_number="") & Q(left_on=None),
                name="aid_worker_licence_once",
                violation_error_message=_("Somebody of this unit has this licence number."),
            ),
            models.CheckConstraint(
                name="aid_worker_leaves_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("The last day is before the first day."),
            ),
            models.UniqueConstraint(
                fields=["calendar_key"],
                condition=~Q(calendar_key=""),
                name="aid_worker_calendar_key_once",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def speciality_labels(self):
        return [Speciality(code).label for code in self.specialities]
