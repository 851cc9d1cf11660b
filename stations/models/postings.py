"""What hangs on the walls of stations 上墙公示 (rules 4.5), and whether published phones answer.

A poster is a county's text and a station's facts. Each state it has been in is a `Poster`; what
hangs is a `Posting` of one of them, so a wall that a changed fact left behind shows by itself.
"""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..terms import CallResult, PublishedNumber, WallColour, WallFinding, WallItem
from .evidence import Evidence
from .network import ContactPoint, County, Station
from .people import User

# Clock 29: a wall is looked at once in twelve months at least.
LONGEST_BETWEEN_CHECKS = timedelta(days=366)


class WallTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))

    def in_force(self, day):
        """The text of each county and item on a day, one row each."""
        return (
            self.filter(valid_from__lte=day)
            .order_by("county_id", "item", "-valid_from", "-version")
            .distinct("county_id", "item")
        )


class WallText(models.Model):
    """One version of what a county's posters say about an item; earlier ones stay.

    The text is plain lines, see `stations.papers.boards`.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="wall_texts")
    item = models.CharField(_("poster"), max_length=12, choices=WallItem)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=4000)
    valid_from = models.DateField(_("valid from"))
    # The law, standard or document that asked for this version.
    paper = models.CharField(_("why it is changed"), max_length=120, blank=True)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    objects = WallTextQuerySet.as_manager()

    class Meta:
        ordering = ["item", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "item", "version"], name="wall_text_version_once"
            ),
            models.CheckConstraint(
                name="wall_text_item_is_one_of_the_list",
                condition=Q(item__in=WallItem.values),
            ),
        ]

    def __str__(self):
        return f"{self.get_item_display()} {self.version}"


class CountyWall(models.Model):
    """What all posters of a county share in their looks: emblem and colour. The newest holds."""

    county = models.ForeignKey(County, models.PROTECT, related_name="wall_settings")
    # A county's official emblem is uploaded by the county; without one a drawing of ours stands there.
    emblem = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+"
    )
    colour = models.CharField(
        _("colour"), max_length=6, choices=WallColour, default=WallColour.INK
    )
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-set_at", "-pk"]
        get_latest_by = ["set_at", "pk"]

    def __str__(self):
        return f"{self.county} {self.set_at:%Y-%m-%d}"


class StaffPhoto(models.Model):
    """The photo of a member of staff for the wall; the newest holds."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="staff_photos")
    user = models.ForeignKey(User, models.PROTECT, related_name="staff_photos")
    photo = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-added_at", "-pk"]

    def __str__(self):
        return f"{self.user} {self.station}"


class PosterQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def live_on(self, day):
        """The state of each station's item on a day, one row each."""
        return (
            self.filter(live_from__lte=day)
            .order_by("station_id", "item", "-live_from", "-pk")
            .distinct("station_id", "item")
        )


class Poster(models.Model):
    """One state of a station's poster: what it says and since when. Never changed."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="posters")
    item = models.CharField(_("poster"), max_length=12, choices=WallItem)
    # Of everything it says; equal exactly when two posters say the same.
    digest = models.CharField(max_length=8)
    content = models.JSONField()
    live_from = models.DateField()

    objects = PosterQuerySet.as_manager()

    class Meta:
        ordering = ["station", "item", "-live_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="poster_item_is_one_of_the_list", condition=Q(item__in=WallItem.values)
            )
        ]
        indexes = [
            models.Index(fields=["station", "item", "-live_from"], name="poster_timeline")
        ]

    def __str__(self):
        return f"{self.get_item_display()} {self.code}"

    @property
    def code(self):
        """The version code printed on it: 20261105-3F9A2C."""
        return version_code(self.live_from, self.digest)


def version_code(live_from, digest):
    return f"{live_from:%Y%m%d}-{digest[:6].upper()}"


class PostingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def hanging(self):
        return self.filter(taken_down_on=None)

    def hanging_on(self, day):
        return self.filter(Q(taken_down_on=None) | Q(taken_down_on__gt=day), posted_on__lte=day)

    def for_list(self):
        """What a row shows, without the bytes of its photo."""
        return self.select_related("poster", "posted_by")


class Posting(models.Model):
    """One poster on one wall, from the day it was put up to the day it was taken down."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="postings")
    item = models.CharField(_("poster"), max_length=12, choices=WallItem)
    poster = models.ForeignKey(Poster, models.PROTECT, related_name="postings")
    posted_on = models.DateField(_("put up on"))
    photo = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    posted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    checked_on = models.DateField(_("checked on"))
    next_check_on = models.DateField(_("next check"))
    # How it was found at its last check.
    finding = models.CharField(
        _("found"), max_length=10, choices=WallFinding, default=WallFinding.FINE
    )
    taken_down_on = models.DateField(_("taken down on"), null=True, blank=True)
    taken_down_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["item", "-posted_on", "-pk"]
        verbose_name = _("posting")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "item"],
                condition=Q(taken_down_on=None),
                name="posting_one_hanging_per_item",
            ),
            models.CheckConstraint(
                name="posting_days_in_order",
                condition=Q(checked_on__gte=F("posted_on"))
                & (Q(taken_down_on=None) | Q(taken_down_on__gte=F("posted_on"))),
            ),
            models.CheckConstraint(
                name="posting_checked_within_twelve_months",
                condition=Q(next_check_on__gt=F("checked_on"))
                & Q(next_check_on__lte=F("checked_on") + LONGEST_BETWEEN_CHECKS),
            ),
            models.CheckConstraint(
                name="posting_taken_down_by_with_on",
                condition=Q(taken_down_on=None, taken_down_by=None)
                | Q(taken_down_on__isnull=False, taken_down_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_item_display()} {self.posted_on}"


class WallCheck(models.Model):
    """One look at a poster on its wall: by the station each year, by the bureau when it visits."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="checks")
    checked_on = models.DateField(_("checked on"))
    finding = models.CharField(_("found"), max_length=10, choices=WallFinding)
    photo = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-checked_on", "-pk"]

    def __str__(self):
        return f"{self.posting} {self.checked_on}"


class TestDraw(models.Model):
    """One random draw of published numbers to be called; drawn again from its seed it is the same."""

    county = models.ForeignKey(County, models.PROTECT, related_name="test_draws")
    drawn_on = models.DateField()
    seed = models.CharField(max_length=32)
    # How many numbers were published on the day, and how many of them were drawn.
    published = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-drawn_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["county", "drawn_on"], name="test_draw_once_a_day")
        ]

    def __str__(self):
        return f"{self.county} {self.drawn_on}"


class TestCallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A station sees the calls to its own numbers, the county all of them."""
        calls = Q(station__in=Station.objects.visible_to(user))
        if any(post.county_id or post.city_id for post in user.posts):
            calls |= Q(station=None, draw__county__in=County.objects.visible_to(user))
        return self.filter(calls)

    def waiting(self):
        return self.filter(result="")


class TestCall(models.Model):
    """A test call to a published number: drawn, then called, its result never overwritten."""

    draw = models.ForeignKey(TestDraw, models.PROTECT, related_name="calls")
    # None for a number of the county itself.
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="test_calls"
    )
    contact_point = models.ForeignKey(
        ContactPoint, models.PROTECT, null=True, blank=True, related_name="test_calls"
    )
    kind = models.CharField(_("which number"), max_length=10, choices=PublishedNumber)
    # Of an office and published: not personal data.
    number = models.CharField(_("phone"), max_length=30)
    # The second and later calls to a number in one draw.
    attempt = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(_("result"), max_length=10, choices=CallResult, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)
    called_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    called_at = models.DateTimeField(null=True, blank=True)

    objects = TestCallQuerySet.as_manager()

    class Meta:
        ordering = ["draw", "pk"]
        verbose_name = _("test call")
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "number", "kind", "station", "contact_point", "attempt"],
                nulls_distinct=False,
                name="test_call_once_per_attempt",
            ),
            models.CheckConstraint(
                name="test_call_result_with_who_and_when",
                condition=Q(result="", called_by=None, called_at=None)
                | (~Q(result="") & Q(called_by__isnull=False, called_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.get_result_display()}"
