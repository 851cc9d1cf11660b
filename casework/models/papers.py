"""Official papers 法律援助文书: numbered by series and year, made from the data, served with proof."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, Document, Station, User
from stations.roles import Ability

from ..terms import LetterKind, ServiceMethod
from .applications import Application

# What the bureau issues in its own name; all other papers are the center's or a station's.
BUREAU_FORMS = frozenset({LetterKind.OBJECTION})
# What is handed over with proof of service; the other papers stay with the file.
SERVED_FORMS = frozenset(
    {
        LetterKind.SUPPLEMENT,
        LetterKind.GRANT,
        LetterKind.REFUSAL,
        LetterKind.ASSIGNMENT,
        LetterKind.CHANGE_NOTICE,
        LetterKind.TERMINATION,
        LetterKind.TERMINATION_LETTER,
        LetterKind.OBJECTION,
    }
)


class SeriesCounter(models.Model):
    """The last number given in one series of a county and year; locked while the next is given."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "series", "year"], name="series_counter_once"
            )
        ]

    def __str__(self):
        return f"{self.county_id} {self.series} {self.year}: {self.last}"


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of applications one reads, but for destroyed ones, of which no wording is left."""
        rows = self.filter(application__in=Application.objects.visible_to(user))
        return rows.exclude(template_version="")

    def of_place(self, user):
        """The papers that are this person's place to print: station, center or bureau."""
        if user.station:
            return self.filter(station=user.station)
        own = Q(pk__in=[])
        if user.may(Ability.EXAMINE):
            own |= ~Q(kind__in=BUREAU_FORMS)
        if user.may(Ability.HEAR_OBJECTION):
            own |= Q(kind__in=BUREAU_FORMS)
        return self.filter(own, station=None, county=user.county)

    def waiting_to_print(self):
        """Neither printed nor in a bundle that is still being made."""
        return self.filter(
            Q(document=None) | Q(document__failed_at__isnull=False), printed_at=None
        )

    def to_serve(self):
        return self.filter(kind__in=SERVED_FORMS, served_on=None)

    def for_list(self):
        """All that one row of a list reads, in one query, without the words of the papers."""
        return self.select_related(
            "application__intake_county", "application__station", "county", "station"
        ).defer("content")


class Letter(models.Model):
    """One official paper of an application: its form, number, the words it was made from, its file.

    What it says is frozen in `content` on the day it is made; a later state of the application
    never changes a paper that left the house.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="letters")
    kind = models.CharField(_("form"), max_length=2, choices=LetterKind)
    county = models.ForeignKey(County, models.PROTECT, related_name="letters")
    # The station that made it and prints it; empty for papers of the center or the bureau.
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    # Which wording of the form: see `casework.letters.issuing.TEMPLATES`.
    template_version = models.CharField(max_length=12)
    # What it says; holds personal data, so it is encrypted JSON.
    content = models.BinaryField(editable=False)
    made_on = models.DateField(_("date"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # The bundle it was printed in with others.
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    printed_at = models.DateTimeField(null=True, blank=True)

    # Proof of service (form 22)
    served_on = models.DateField(_("served on"), null=True, blank=True)
    service_method = models.CharField(
        _("how"), max_length=12, choices=ServiceMethod, blank=True
    )
    received_by_name = models.CharField(_("received by"), max_length=40, blank=True)
    served_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("official paper")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "series", "year", "serial"], name="letter_number_once"
            ),
            models.CheckConstraint(
                name="letter_served_whole",
                condition=Q(served_on=None, service_method="", served_by=None)
                | Q(served_on__isnull=False, served_by__isnull=False) & ~Q(service_method=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "station"],
                condition=Q(printed_at=None),
                name="letter_to_print",
            ),
            models.Index(fields=["-made_at", "-id"], name="letter_made"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """The number on paper, 霍援决字〔2026〕12号."""
        return f"{self.county.short_name}援{self.series}字〔{self.year}〕{self.serial}号"

    def is_of_place(self, user):
        """Whether it is this person's place to print it; see `LetterQuerySet.of_place`."""
        if user.station:
            return self.station_id == user.station.pk
        issuer = Ability.HEAR_OBJECTION if self.kind in BUREAU_FORMS else Ability.EXAMINE
        return self.station_id is None and self.county == user.county and user.may(issuer)

    @property
    def needs_service(self):
        return self.kind in SERVED_FORMS and self.served_on is None
