"""What a place owes: one row per thing that is missing or due, made anew from the facts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..sayings import SayingField
from .network import County, Station


class ChoreKind(models.TextChoices):
    """What a chore is about; the columns of the page who lacks what (缺项一览)."""

    ROSTER = "roster", _("duty roster")
    WALL = "wall", _("postings")
    TEST_CALL = "test_call", _("test calls")
    RULES = "rules", _("rule documents")
    PREMISES = "premises", _("premises")
    STAFFING = "staffing", _("staffing and funds")
    TRAINING = "training", _("training")
    PUBLICITY = "publicity", _("publicity")
    LIAISON = "liaison", _("liaisons")
    QUESTION = "question", _("question slips")
    HARDSHIP = "hardship", _("checks of hardship")
    COMPLAINT = "complaint", _("complaints")
    SIGN = "sign", _("early signs")
    RETENTION = "retention", _("keeping and destruction")
    DEMONSTRATION = "demonstration", _("demonstration stations")
    ASSESSMENT = "assessment", _("annual assessment")


class ChoreQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The chores of the places a user reaches."""
        return self.filter(
            Q(station__in=Station.objects.visible_to(user))
            | Q(county__in=County.objects.visible_to(user))
        )

    def of_posts(self, user):
        """Those somebody is to do in the posts they hold today."""
        wanted = Q(pk__in=[])
        for post in user.posts:
            if post.station_id:
                wanted |= Q(station=post.station_id, roles__contains=[post.role])
            elif post.county_id:
                wanted |= Q(county=post.county_id, roles__contains=[post.role])
            elif post.city_id:
                wanted |= Q(county__division__parent=post.city_id, roles__contains=[post.role])
        return self.filter(wanted)

    def overdue(self, today):
        return self.filter(due_on__lt=today)


class Chore(models.Model):
    """One thing a station or a county owes now (待办事项): who does it, why, by when, where.

    Written by `stations.chores` only, from what each concept finds; never ticked off by hand.
    """

    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="chores"
    )
    county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="chores"
    )
    kind = models.CharField(_("about"), max_length=16, choices=ChoreKind)
    # What it is about within its kind and place, so that it is the same row from day to day.
    key = models.CharField(max_length=60)
    roles = models.JSONField(default=list)
    title = SayingField()
    text = SayingField(blank=True)
    # The page where it is done, and the word on the button that leads there.
    url = models.CharField(max_length=200)
    act = SayingField()
    # The rule it comes from.
    rule = SayingField(blank=True)
    since_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)

    objects = ChoreQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "since_on", "pk"]
        verbose_name = _("chore")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "county", "kind", "key"],
                nulls_distinct=False,
                name="chore_once",
            ),
            models.CheckConstraint(
                name="chore_one_place",
                condition=Q(station__isnull=False, county=None)
                | Q(station=None, county__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.title)
