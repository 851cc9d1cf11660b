"""Who looked: reveals, prints, exports. Written once, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .network import County, Station
from .people import Appointment


class LookKind(models.TextChoices):
    REVEAL = "reveal", _("opened a masked number")
    PRINT = "print", _("printed")
    EXPORT = "export", _("exported")
    SIGN_IN = "sign_in", _("signed in")
    ACCOUNT = "account", _("changed an account")
    FAILED = "failed", _("sign-in failed")
    LOCKED = "locked", _("account locked")


class LookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The looks of the places a user reaches; a city's own people have no narrower place."""
        reached = Q(station__in=Station.objects.visible_to(user)) | Q(
            county__in=County.objects.visible_to(user)
        )
        if cities := [post.city_id for post in user.posts if post.city_id]:
            of_city = Appointment.objects.filter(city__in=cities).values("user")
            reached |= Q(station=None, county=None, user__in=of_city)
        return self.filter(reached)

    def of_person(self, typed):
        """Those of people whose name or account has these signs."""
        return self.filter(Q(user__name__icontains=typed) | Q(user__username__icontains=typed))

    def for_list(self):
        """All that one line reads, in one query."""
        return self.select_related("user", "station", "county__division")


class Look(models.Model):
    """One look at personal data, or one act on an account: who, when, what, why."""

    kind = models.CharField(_("act"), max_length=10, choices=LookKind)
    user = models.ForeignKey("stations.User", models.PROTECT, null=True, related_name="looks")
    at = models.DateTimeField(auto_now_add=True)
    station = models.ForeignKey("stations.Station", models.PROTECT, null=True, related_name="+")
    county = models.ForeignKey("stations.County", models.PROTECT, null=True, related_name="+")
    # What was looked at, as "model:pk" or the filters of a list; never the data itself.
    subject = models.CharField(_("what"), max_length=400)
    count = models.PositiveIntegerField(_("rows"), default=1)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at"], name="look_at")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.subject}"
