"""The seven rule sets 七项制度: a county's template, a station's adopted text, who has read it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..terms import RuleKind
from .network import County, Station
from .people import User


class RuleDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))

    def newest(self):
        """The newest version of each county's rule sets, one row each."""
        return self.order_by("county_id", "kind", "-version").distinct("county_id", "kind")


class RuleDocument(models.Model):
    """One version of a county's template of a rule set; earlier ones stay."""

    county = models.ForeignKey(County, models.PROTECT, related_name="rule_documents")
    kind = models.CharField(_("rule set"), max_length=12, choices=RuleKind)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=8000)
    note = models.CharField(_("why it is changed"), max_length=120, blank=True)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    objects = RuleDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        verbose_name = _("rule document")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "version"], name="rule_document_version_once"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.version}"


class AdoptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def standing(self):
        """Not replaced by a later adoption; in force today or from a day to come."""
        return self.filter(ended_on=None)

    def in_force_on(self, day):
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), in_force_from__lte=day)


class Adoption(models.Model):
    """A rule set as a station has adopted it, with its own text, from a day on."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="adoptions")
    # Repeated from the document, so that one rule set of a station stands once.
    kind = models.CharField(_("rule set"), max_length=12, choices=RuleKind)
    document = models.ForeignKey(RuleDocument, models.PROTECT, related_name="adoptions")
    text = models.TextField(_("text"), max_length=8000)
    in_force_from = models.DateField(_("in force from"))
    adopted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(default=timezone.now)
    # The first day the next adoption holds instead.
    ended_on = models.DateField(null=True, blank=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-in_force_from", "-pk"]
        verbose_name = _("adopted rule set")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "kind"],
                condition=Q(ended_on=None),
                name="adoption_one_standing_per_kind",
            ),
            models.CheckConstraint(
                name="adoption_ends_after_it_begins",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("in_force_from")),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.in_force_from}"


class Reading(models.Model):
    """A member of staff has read an adopted rule set (阅知)."""

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="readings")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["read_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["adoption", "user"], name="reading_once")
        ]

    def __str__(self):
        return f"{self.user} {self.adoption}"
