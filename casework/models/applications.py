"""Applications for legal aid 法律援助申请: who asks for what, with which papers, and what happened."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import County, Division, Lead, Station, User
from stations.models.retention import Destroyable, destroyed_whole
from stations.privacy import EncryptedTextField
from stations.roles import Ability
from stations.terms import Sex

from ..terms import (
    ENDED,
    HELD_BY_STATION,
    UNDECIDED,
    AgentKind,
    AgentReason,
    AidKind,
    ApplicationMove,
    CheckExemption,
    Education,
    HardshipTrack,
    IdType,
    JurisdictionBasis,
    PartyKind,
    PartySide,
    PeopleGroup,
    Position,
    ReturnReason,
    ServiceNeed,
    Stage,
    Status,
)
from .aid_matters import AidMatter
from .matters import Matter
from .register import RegisterEntry


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Start every page, export and figure here.

        A station sees what it received, a county what its center is responsible for. Once passed
        on to another county, an application is visible there alone; who passed it on keeps a
        trace (`traces_of`). Liaisons and the city see none.
        """
        if not user.may(Ability.SEE_APPLICATIONS):
            return self.none()
        if user.station:
            here = self.filter(
                station__in=Station.objects.visible_to(user), county=F("station__county")
            )
            return here.not_of_another_day(user)
        return self.filter(county__in=County.objects.visible_to(user))

    def not_of_another_day(self, user):
        """By a published roster, a duty person of another day reads only what they received."""
        if not user.off_duty_at:
            return self
        return self.filter(Q(received_by=user) | ~Q(station__in=user.off_duty_at))

    def traces_of(self, user):
        """What was passed on from here: its stage and result may be followed, nothing more."""
        if not user.may(Ability.SEE_APPLICATIONS):
            return self.none()
        if user.station:
            traces = self.filter(station__in=Station.objects.visible_to(user)).exclude(
                county=F("station__county")
            )
            return traces.not_of_another_day(user)
        counties = list(County.objects.visible_to(user))
        passed_on = self.model.objects.filter(hops__from_county__in=counties)
        return self.filter(pk__in=passed_on.values("pk")).exclude(county__in=counties)

    def open(self):
        return self.exclude(status__in=ENDED)

    def perhaps_same_person(self, *, id_hash, phone_hash, name, village):
        """Applications of what may be the same person: number, or name with phone or village.

        Two of one name in one village whose numbers are known and differ are two persons.
        """
        person = Q(pk__in=[])
        if id_hash:
            person |= Q(id_hash=id_hash)
        if phone_hash and name:
            person |= Q(phone_hash=phone_hash, name=name)
        if village and name:
            namesake = Q(village=village, name=name)
            person |= namesake & Q(id_hash="") if id_hash else namesake
        return self.filter(person)

    def for_list(self):
        """All that one row of a list reads, in one query."""
        return self.select_related(
            "station", "intake_county", "county__division", "aid_matter", "village"
        )


class Application(Destroyable):
    """A request for legal aid. `status` changes only through `casework.workflow`.

    `station` took it in, `county`'s center is responsible for it; both count their share. After a
    grant the applicant is the recipient 受援人.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="applications")
    county = models.ForeignKey(County, models.PROTECT, related_name="applications")
    status = models.CharField(
        _("status"), max_length=24, choices=Status, default=Status.RECEIVED
    )
    # Without gaps in the year of the county whose station received it, wherever it goes later.
    intake_county = models.ForeignKey(County, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    # What the applicant asks with, together with the last four digits of the identity number.
    receipt_code = models.CharField(_("receipt code"), max_length=8, unique=True)
    # Where it comes from.
    entry = models.ForeignKey(
        RegisterEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("register entry"),
    )
    lead = models.ForeignKey(
        Lead, models.PROTECT, null=True, blank=True, related_name="applications"
    )

    # Who (form 2)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    birth_on = models.DateField(_("birth date"), null=True, blank=True)
    ethnic_group = models.CharField(_("ethnic group"), max_length=20, blank=True)
    id_type = models.CharField(
        _("identity paper"), max_length=10, choices=IdType, default=IdType.RESIDENT
    )
    id_number = EncryptedTextField(verbose_name=_("identity number"))
    id_hash = models.CharField(max_length=22, blank=True)
    phone = EncryptedTextField(verbose_name=_("phone"))
    phone_hash = models.CharField(max_length=22, blank=True)
    household_place = models.CharField(_("household registration"), max_length=60, blank=True)
    address = EncryptedTextField(verbose_name=_("address"))
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    employer = models.CharField(_("employer"), max_length=60, blank=True)
    education = models.CharField(_("education"), max_length=10, choices=Education, blank=True)
    people_groups = ArrayField(
        models.CharField(max_length=20, choices=PeopleGroup),
        verbose_name=_("people groups"),
        default=list,
        blank=True,
    )
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("village"),
    )
    service_needs = ArrayField(
        models.CharField(max_length=20, choices=ServiceNeed),
        verbose_name=_("service needs"),
        default=list,
        blank=True,
    )
    safe_contact = models.CharField(
        _("when and how to reach safely"), max_length=60, blank=True
    )
    has_applied_before = models.BooleanField(_("applied before"), default=False)
    applied_before = models.CharField(_("when, where, number"), max_length=120, blank=True)

    # Who applies for them (LAL 40)
    agent_reason = models.CharField(
        _("why an agent applies"), max_length=12, choices=AgentReason, blank=True
    )
    agent_kind = models.CharField(_("agent"), max_length=12, choices=AgentKind, blank=True)
    agent_name = models.CharField(_("agent's name"), max_length=40, blank=True)
    agent_id_number = EncryptedTextField(verbose_name=_("agent's identity number"))
    agent_id_hash = models.CharField(max_length=22, blank=True)
    agent_phone = EncryptedTextField(verbose_name=_("agent's phone"))

    # What
    aid_matter = models.ForeignKey(
        AidMatter,
        models.PROTECT,
        related_name="applications",
        verbose_name=_("matter of legal aid"),
    )
    # The same matter in the register's dictionary, so that both can be counted together.
    matter = models.ForeignKey(
        Matter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("matter"),
    )
    aid_kind = models.CharField(_("kind of aid"), max_length=20, choices=AidKind, blank=True)
    position = models.CharField(_("position"), max_length=20, choices=Position, blank=True)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage, default=Stage.NONE)
    claims = models.CharField(_("what is claimed"), max_length=400, blank=True)
    amount = models.DecimalField(
        _("amount in yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    facts = models.TextField(_("facts and reasons"), max_length=4000, blank=True)
    limitation_on = models.DateField(_("limitation or period ends on"), null=True, blank=True)
    is_preservation_urgent = models.BooleanField(
        _("preservation or advance execution is needed at once"), default=False
    )
    is_group = models.BooleanField(_("many on one matter"), default=False)
    is_sensitive = models.BooleanField(_("sensitive"), default=False)
    is_detained = models.BooleanField(_("the applicant is detained"), default=False)
    # LAL 26, Order 148 art. 26: then only counsel with three years of criminal defence.
    is_life_or_death = models.BooleanField(
        _("a life or death sentence is possible"), default=False
    )
    jurisdiction_basis = models.CharField(
        _("why it is ours"), max_length=12, choices=JurisdictionBasis, blank=True
    )
    jurisdiction_body = models.CharField(_("that body or place"), max_length=60, blank=True)
    # False: the body or place lies elsewhere, and another institution is responsible.
    is_ours = models.BooleanField(_("it lies in this county"), default=True)

    # Hardship
    hardship_track = models.CharField(
        _("economic hardship"), max_length=24, choices=HardshipTrack, blank=True
    )
    check_exemption = models.CharField(
        _("exempt from the check as"), max_length=4, choices=CheckExemption, blank=True
    )
    # The opponent is of the household: the applicant's income alone is looked at.
    is_opponent_in_household = models.BooleanField(
        _("the other side is of the household"), default=False
    )
    household_note = EncryptedTextField(verbose_name=_("property, debts, benefits"))
    has_pledged = models.BooleanField(_("pledge read out and signed"), default=False)
    agrees_to_share = models.BooleanField(
        _("agrees that papers are shared with whoever handles this"), default=False
    )

    # How it was received
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Where a supplement goes back to: received, or in review.
    asked_from = models.CharField(max_length=24, choices=Status, blank=True)
    is_provided_first = models.BooleanField(_("aid provided first"), default=False)
    # Counts changes of what was typed, so that two people do not overwrite one another.
    version = models.PositiveSmallIntegerField(default=1)
    # One number per opened form, so that a second press of the button receives nothing twice.
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("application")
        constraints = [
            models.UniqueConstraint(
                fields=["intake_county", "year", "serial"], name="application_number_once"
            ),
            models.CheckConstraint(name="application_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="application_agent_whole",
                condition=Q(agent_reason="", agent_name="")
                | ~Q(agent_reason="") & ~Q(agent_name="") & ~Q(agent_kind=""),
            ),
            models.CheckConstraint(
                name="application_amount_not_negative",
                condition=Q(amount=None) | Q(amount__gte=0),
            ),
            models.CheckConstraint(
                name="application_supplement_knows_its_way_back",
                condition=~Q(status=Status.SUPPLEMENTING) | ~Q(asked_from=""),
            ),
            destroyed_whole("application_destroyed_whole"),
        ]
        indexes = [
            # With all that queues ask before they choose fifty rows, so that none is read for it.
            models.Index(
                fields=["station", "status"],
                include=["county", "id", "received_at", "asked_from", "name"],
                name="application_station_status",
            ),
            models.Index(
                fields=["county", "status"],
                include=["id", "received_at", "asked_from", "name"],
                name="application_county_status",
            ),
            models.Index(
                fields=["id_hash"], condition=~Q(id_hash=""), name="application_id_hash"
            ),
            models.Index(
                fields=["phone_hash"],
                condition=~Q(phone_hash=""),
                name="application_phone_hash",
            ),
            models.Index(fields=["-received_at"], name="application_received"),
            models.Index(fields=["serial", "year"], name="application_serial"),
            # Whoever stands on both sides is found by these.
            models.Index(fields=["name"], name="application_name"),
            models.Index(
                fields=["agent_name"],
                condition=~Q(agent_name=""),
                name="application_agent_name",
            ),
            models.Index(
                fields=["agent_id_hash"],
                condition=~Q(agent_id_hash=""),
                name="application_agent_id_hash",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("casework:application_detail", args=[self.pk])

    @property
    def number(self):
        """The number on paper: 霍援申字〔2026〕118号."""
        return f"{self.intake_county.short_name}援申字〔{self.year}〕{self.serial}号"

    @property
    def received_on(self):
        return timezone.localdate(self.received_at)

    @property
    def is_ended(self):
        return self.status in ENDED

    @property
    def opponents(self):
        return [party for party in self.parties.all() if party.side == PartySide.OPPONENT]

    @property
    def is_undecided(self):
        return self.status in UNDECIDED

    @property
    def is_at_station(self):
        """Whether the station holds the file; the center does from the forwarding on."""
        at = self.asked_from if self.status == Status.SUPPLEMENTING else self.status
        return at in HELD_BY_STATION


class Party(models.Model):
    """Somebody else in the matter: the other side, its agent, who applies together."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="parties")
    side = models.CharField(_("side"), max_length=16, choices=PartySide)
    kind = models.CharField(pgettext_lazy("party", "kind"), max_length=12, choices=PartyKind)
    name = models.CharField(pgettext_lazy("party", "name"), max_length=60)
    # The name as `casework.rules.sentiment.same_name` makes it: how parties are found again.
    name_key = models.CharField(max_length=60)
    id_number = EncryptedTextField(verbose_name=_("identity number or credit code"))
    id_hash = models.CharField(max_length=22, blank=True)
    phone = EncryptedTextField(verbose_name=_("phone"))

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["name_key"], name="party_name_key"),
            models.Index(fields=["id_hash"], condition=~Q(id_hash=""), name="party_id_hash"),
        ]

    def __str__(self):
        return self.name


class ApplicationEvent(models.Model):
    """One move of an application: who, when, from, to, why. Never changed: an answer is another move."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    move = models.CharField(max_length=24, choices=ApplicationMove)
    from_status = models.CharField(max_length=24, choices=Status)
    to_status = models.CharField(max_length=24, choices=Status)
    # A code of the move's own list (why returned, refused, ended), and words.
    reason = models.CharField(max_length=24, blank=True)
    note = models.TextField(_("note"), blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="event_return_has_a_reason",
                condition=~Q(move=ApplicationMove.RETURN)
                | Q(reason__in=ReturnReason.values) & ~Q(note=""),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.application_id} {self.move}"


class ApplicationDraft(models.Model):
    """What somebody has typed of an application and not yet received; one per opened form."""

    user = models.ForeignKey(User, models.CASCADE, related_name="application_drafts")
    station = models.ForeignKey(Station, models.CASCADE, related_name="+")
    client_key = models.UUIDField(unique=True)
    # The fields of the form as JSON.
    content = EncryptedTextField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self):
        return f"{self.user} {self.saved_at:%Y-%m-%d %H:%M}"
