"""Staffing and funds of a station 人员编制和经费. Who is in post stands in the appointments."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..terms import FundPurpose, FundStage, StaffBasis
from .evidence import Evidence
from .network import Station
from .people import Appointment
from .voiding import Voidable, VoidableQuerySet, voided_whole


class AuthorisedPosts(models.Model):
    """How many posts a station is given 核定编制, from a day on; the latest row holds."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="authorised_posts")
    number = models.PositiveSmallIntegerField(_("posts given"))
    from_on = models.DateField(_("from"))
    paper = models.CharField(_("approval document"), max_length=120, blank=True)
    recorded_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-from_on", "-pk"]

    def __str__(self):
        return f"{self.station} {self.number}"


class StaffTerms(models.Model):
    """On what terms somebody holds an appointment, from a day on; without a row: part-time."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="terms")
    basis = models.CharField(_("terms"), max_length=10, choices=StaffBasis)
    from_on = models.DateField(_("from"))
    recorded_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-from_on", "-pk"]

    def __str__(self):
        return f"{self.appointment} {self.get_basis_display()}"


class FundQuerySet(VoidableQuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def of_year(self, year):
        return self.filter(year=year)


class Fund(Voidable):
    """One sum budgeted for, received by or spent at a station in a year, in yuan."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="funds")
    year = models.PositiveSmallIntegerField(_("year"))
    stage = models.CharField(pgettext_lazy("money", "what"), max_length=10, choices=FundStage)
    purpose = models.CharField(_("purpose"), max_length=14, choices=FundPurpose)
    amount = models.DecimalField(_("amount, yuan"), max_digits=11, decimal_places=2)
    on = models.DateField(pgettext_lazy("money", "on"))
    # Of duty subsidies: the month they are for, as its first day.
    for_month = models.DateField(_("for the duty of"), null=True, blank=True)
    voucher = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="funds"
    )
    words = models.CharField(_("remark"), max_length=120, blank=True)

    objects = FundQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["station", "year"], name="fund_station_year")]
        constraints = [
            voided_whole("fund_voided_whole"),
            models.CheckConstraint(name="fund_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="fund_month_with_paid_duty_subsidy",
                condition=Q(
                    stage=FundStage.SPENT,
                    purpose=FundPurpose.DUTY_SUBSIDY,
                    for_month__isnull=False,
                )
                | (
                    ~Q(stage=FundStage.SPENT, purpose=FundPurpose.DUTY_SUBSIDY)
                    & Q(for_month=None)
                ),
            ),
            models.CheckConstraint(
                name="fund_month_begins_on_its_first",
                condition=Q(for_month=None) | Q(for_month__day=1),
            ),
        ]

    def __str__(self):
        return f"{self.station} {self.year} {self.get_purpose_display()} {self.amount}"
