"""Complaints 投诉: who complains of whom, what became of it, and who decided (Order 149, rules 4.8)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import AidUnit, AidWorker, County, Station, User
from stations.models.retention import Destroyable, destroyed_whole
from stations.privacy import EncryptedTextField
from stations.roles import Ability

from ..terms import (
    COMPLAINT_ENDED,
    SUBSTANTIATED,
    ComplaintManner,
    ComplaintMove,
    ComplaintOutcome,
    ComplaintPlace,
    ComplaintRelation,
    ComplaintStatus,
    ComplaintTarget,
    ProposalKind,
    ReviewKind,
)
from .applications import Application
from .complaint_grounds import ComplaintGround
from .register import RegisterEntry

S = ComplaintStatus
# From here on somebody has looked into it: what it is about has to be known.
_TAKEN_UP = [S.ACCEPTED, S.ENTRUSTED, S.FOUND, S.DECIDED, S.REPLIED]


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whole complaints: the bureau's of its county, and for the center those it was asked about.

        Never for whoever is complained of; a station reads none (rules 8.2), see `taken_by`.
        """
        counties = County.objects.visible_to(user)
        if user.may(Ability.HANDLE_COMPLAINT):
            rows = self.filter(county__in=counties)
        elif user.may(Ability.EXAMINE):
            rows = self.filter(county__in=counties, questioned_at__isnull=False)
        else:
            return self.none()
        return rows.exclude(about_staff=user).exclude(about_worker__user=user)

    def taken_by(self, user):
        """Those somebody took in themselves: number and acknowledgement, nothing more."""
        return self.filter(taken_by=user) if user.may(Ability.TAKE_COMPLAINT) else self.none()

    def open(self):
        return self.exclude(status__in=COMPLAINT_ENDED)

    def late(self, today):
        """A clock of theirs has run out."""
        return self.filter(
            deadlines__stopped_on=None,
            deadlines__is_paused=False,
            deadlines__is_shadow=False,
            deadlines__due_on__lt=today,
        )

    def substantiated(self):
        return self.filter(outcome__in=SUBSTANTIATED)

    def for_list(self):
        """All that one row of a list reads, in one query and one for the clocks."""
        return self.select_related(
            "county__division", "about_station", "about_unit", "about_worker", "ground"
        ).prefetch_related("deadlines")


class Complaint(Destroyable):
    """A complaint. `status` changes only through `casework.complaints.handling`.

    `about_station` is the station for whose year it counts, also when a person there is meant.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="complaints")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    # What the complainant asks with.
    receipt_code = models.CharField(_("receipt code"), max_length=8, unique=True)
    status = models.CharField(_("status"), max_length=16, choices=ComplaintStatus)

    # How it came
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    manner = models.CharField(_("how it came"), max_length=10, choices=ComplaintManner)
    place = models.CharField(_("taken in at"), max_length=10, choices=ComplaintPlace)
    taken_station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Empty for what came through the public page.
    taken_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="complaints_taken"
    )
    help_given = models.CharField(_("help without barriers"), max_length=120, blank=True)

    # Who
    is_anonymous = models.BooleanField(_("would not say"), default=False)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40, blank=True)
    phone = EncryptedTextField(verbose_name=_("phone"))
    phone_hash = models.CharField(max_length=22, blank=True)
    id_number = EncryptedTextField(verbose_name=_("identity number"))
    id_hash = models.CharField(max_length=22, blank=True)
    address = EncryptedTextField(verbose_name=_("address for the reply"))
    relation = models.CharField(_("who complains"), max_length=12, choices=ComplaintRelation)

    # Of whom, of what
    target = models.CharField(_("against"), max_length=10, choices=ComplaintTarget)
    about_station = models.ForeignKey(
        Station,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("workstation"),
    )
    about_unit = models.ForeignKey(
        AidUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("unit"),
    )
    about_worker = models.ForeignKey(
        AidWorker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("legal-aid worker"),
    )
    about_staff = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints_about",
        verbose_name=_("member of staff"),
    )
    about_text = models.CharField(
        _("whom, in the complainant's words"), max_length=120, blank=True
    )
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    entry = models.ForeignKey(
        RegisterEntry, models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    words = models.TextField(_("what is complained of"), max_length=4000)
    wish = models.CharField(_("what is asked for"), max_length=400, blank=True)
    # Spoken words were written down, read back and confirmed.
    is_read_back = models.BooleanField(_("read back and confirmed"), default=False)
    ground = models.ForeignKey(
        ComplaintGround, models.PROTECT, null=True, blank=True, related_name="complaints"
    )

    # One notice of what is missing, with its time limit
    asked_items = models.CharField(_("what is missing"), max_length=600, blank=True)
    asked_on = models.DateField(_("notice served on"), null=True, blank=True)
    supply_by_on = models.DateField(_("to be completed by"), null=True, blank=True)
    supplied_on = models.DateField(_("completed on"), null=True, blank=True)

    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    not_accepted_because = models.CharField(_("why not accepted"), max_length=400, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    entrusted_to = models.CharField(_("entrusted to"), max_length=80, blank=True)
    entrusted_on = models.DateField(_("entrusted on"), null=True, blank=True)
    entrusted_until_on = models.DateField(_("findings wanted by"), null=True, blank=True)
    # The center, asked to answer: only then does it read the complaint.
    question = models.CharField(_("what the center is asked"), max_length=400, blank=True)
    questioned_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer of the center"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    findings = models.TextField(_("findings"), max_length=4000, blank=True)
    found_on = models.DateField(_("findings of"), null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField(
        _("days it was extended"), null=True, blank=True
    )
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=ComplaintOutcome, blank=True
    )
    measure = models.CharField(_("measure taken"), max_length=400, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    reply = models.TextField(_("reply"), max_length=2000, blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    review = models.CharField(
        _("brought against it"), max_length=16, choices=ReviewKind, blank=True
    )
    review_on = models.DateField(_("brought on"), null=True, blank=True)
    review_note = models.CharField(_("result of it"), max_length=400, blank=True)
    # One number per opened form, so that a second press of the button writes nothing twice.
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("complaint")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "serial"], name="complaint_number_once"
            ),
            models.CheckConstraint(
                name="complaint_has_a_name_or_is_anonymous",
                condition=Q(is_anonymous=True, name="", id_hash="")
                | Q(is_anonymous=False) & ~Q(name=""),
            ),
            models.CheckConstraint(
                name="complaint_spoken_is_read_back",
                condition=~Q(manner__in=[ComplaintManner.ORAL, ComplaintManner.PHONE])
                | Q(is_read_back=True),
            ),
            models.CheckConstraint(
                name="complaint_taken_by_somebody_or_the_web",
                condition=Q(place=ComplaintPlace.WEB, taken_by=None)
                | ~Q(place=ComplaintPlace.WEB) & Q(taken_by__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_names_whom",
                condition=Q(target=ComplaintTarget.STATION, about_station__isnull=False)
                | Q(target=ComplaintTarget.CENTER)
                | Q(target=ComplaintTarget.UNIT, about_unit__isnull=False)
                | Q(target=ComplaintTarget.WORKER, about_worker__isnull=False)
                | Q(target=ComplaintTarget.STAFF, about_staff__isnull=False)
                | Q(target=ComplaintTarget.OTHER) & ~Q(about_text=""),
            ),
            models.CheckConstraint(
                name="complaint_asked_once_with_a_day",
                condition=Q(asked_on=None, supply_by_on=None, supplied_on=None, asked_items="")
                | Q(asked_on__isnull=False, supply_by_on__gt=F("asked_on"))
                & ~Q(asked_items=""),
            ),
            models.CheckConstraint(
                name="complaint_taken_up_has_ground_and_day",
                condition=~Q(status__in=_TAKEN_UP)
                | Q(accepted_on__isnull=False, ground__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_not_accepted_says_why",
                condition=~Q(status=S.NOT_ACCEPTED) | ~Q(not_accepted_because=""),
            ),
            models.CheckConstraint(
                name="complaint_merged_into_another",
                condition=Q(merged_into=None) & ~Q(status=S.MERGED)
                | Q(status=S.MERGED, merged_into__isnull=False) & ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(
                name="complaint_decided_whole",
                condition=Q(decided_on=None, outcome="")
                | Q(decided_on__isnull=False) & ~Q(outcome="") & ~Q(reply="") & ~Q(findings=""),
            ),
            models.CheckConstraint(
                name="complaint_substantiated_has_a_measure",
                condition=~Q(outcome__in=sorted(SUBSTANTIATED)) | ~Q(measure=""),
            ),
            models.CheckConstraint(
                name="complaint_replied_after_decided",
                condition=Q(replied_on=None) | Q(replied_on__gte=F("decided_on")),
            ),
            destroyed_whole("complaint_destroyed_whole"),
        ]
        indexes = [
            models.Index(fields=["county", "-received_at"], name="complaint_county"),
            models.Index(
                fields=["about_station", "decided_on"],
                condition=Q(outcome__in=sorted(SUBSTANTIATED)),
                name="complaint_substantiated",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("casework:complaint_detail", args=[self.pk])

    @property
    def number(self):
        """The number on paper, 霍诉〔2026〕3号."""
        return f"{self.county.short_name}诉〔{self.year}〕{self.serial}号"

    @property
    def received_on(self):
        return timezone.localdate(self.received_at)

    @property
    def about(self):
        """Whom it is against, in one name."""
        named = {
            ComplaintTarget.STATION: self.about_station,
            ComplaintTarget.CENTER: self.county.center_name,
            ComplaintTarget.UNIT: self.about_unit,
            ComplaintTarget.WORKER: self.about_worker,
            ComplaintTarget.STAFF: self.about_staff,
        }.get(self.target)
        return str(named or self.about_text)

    @property
    def is_substantiated(self):
        return self.outcome in SUBSTANTIATED

    @property
    def is_ended(self):
        return self.status in COMPLAINT_ENDED

    @property
    def is_question_open(self):
        """The center was asked and has not answered yet."""
        return self.questioned_at is not None and self.answered_at is None


class ComplaintProposal(models.Model):
    """What one person of the bureau proposes of a complaint, and what another says to it.

    Never changed once answered: whoever is sent back proposes anew.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12, choices=ProposalKind)
    # Why not accepted, why longer, or the reply that goes out.
    words = models.TextField(max_length=2000)
    days = models.PositiveSmallIntegerField(_("days more"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=ComplaintOutcome, blank=True
    )
    measure = models.CharField(_("measure taken"), max_length=400, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    is_approved = models.BooleanField(null=True)
    answer = models.CharField(max_length=400, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(is_approved=None),
                name="complaint_proposal_one_open",
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(kind=ProposalKind.EXTEND, is_approved=True),
                name="complaint_extended_once",
            ),
            models.CheckConstraint(
                name="complaint_proposal_answered_by_another",
                condition=Q(is_approved=None, answered_by=None, answered_at=None)
                | Q(
                    is_approved__isnull=False,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                )
                & ~Q(answered_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="complaint_proposal_whole",
                condition=Q(kind=ProposalKind.NOT_ACCEPT, days=None, outcome="")
                | Q(kind=ProposalKind.EXTEND, days__gte=1, outcome="")
                | Q(kind=ProposalKind.DECIDE, days=None) & ~Q(outcome=""),
            ),
        ]

    def __str__(self):
        return f"{self.complaint_id} {self.kind}"


class ComplaintEvent(models.Model):
    """One move of a complaint: who, when, from, to, words. Never changed."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="events")
    move = models.CharField(max_length=12, choices=ComplaintMove)
    from_status = models.CharField(max_length=16, choices=ComplaintStatus)
    to_status = models.CharField(max_length=16, choices=ComplaintStatus)
    note = models.TextField(_("note"), blank=True)
    # Empty for what came through the public page, and for what the calendar moved.
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.complaint_id} {self.move}"
