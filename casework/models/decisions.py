"""What the center decides and whom it assigns: decisions, objections, aid workers, closing."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import County, User
from stations.privacy import EncryptedTextField

from ..terms import (
    AidWorkerKind,
    CaseResult,
    ChangeReason,
    DecisionKind,
    DecisionState,
    FileCheck,
    ObjectionOutcome,
    Reached,
    Speciality,
    TypicalCaseState,
    UnitKind,
)
from .applications import Application


class Decision(models.Model):
    """A decision of the center: grant, refusal, aid first, termination.

    A refusal or termination is proposed by one person and made by another. What was in force on
    the day is stored with it: the rules' version and the standard of hardship.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=16, choices=DecisionKind)
    state = models.CharField(_("state"), max_length=10, choices=DecisionState)
    # Codes of RefusalGround, ProvideFirstGround or TerminationGround.
    grounds = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    reason = models.TextField(_("reasons"), max_length=2000, blank=True)
    rules_version = models.CharField(max_length=20)
    # {"monthly_per_head", "basis", "valid_from"} of the standard in force, or {}.
    standard = models.JSONField(default=dict)
    # Papers still owed after aid was provided first (LAL 44).
    papers_due_on = models.DateField(_("papers due on"), null=True, blank=True)
    papers_complete_on = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_note = models.CharField(max_length=400, blank=True)
    served_on = models.DateField(_("served on"), null=True, blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        verbose_name = _("decision")
        constraints = [
            models.CheckConstraint(
                name="decision_made_by_with_at",
                condition=Q(made_at=None, made_by=None)
                | Q(made_at__isnull=False, made_by__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_made_is_signed",
                condition=~Q(state=DecisionState.MADE) | Q(made_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_against_has_reasons",
                condition=~Q(kind__in=[DecisionKind.REFUSE, DecisionKind.TERMINATE])
                | ~Q(reason="") & ~Q(grounds=[]),
            ),
            models.CheckConstraint(
                name="decision_against_needs_two",
                condition=~Q(kind__in=[DecisionKind.REFUSE, DecisionKind.TERMINATE])
                | Q(made_by=None)
                | ~Q(made_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state=DecisionState.PROPOSED),
                name="decision_one_proposed",
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.get_kind_display()}"

    @property
    def made_on(self):
        return self.made_at and timezone.localdate(self.made_at)


class Objection(models.Model):
    """An objection 异议 to a refusal or termination, decided by the bureau (LAL 49)."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="objection")
    received_on = models.DateField(_("received on"))
    words = models.TextField(_("what the applicant says"), max_length=2000)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=ObjectionOutcome, blank=True
    )
    reason = models.TextField(_("reasons"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_on"]
        verbose_name = _("objection")
        constraints = [
            models.CheckConstraint(
                name="objection_decided_whole",
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | ~Q(outcome="")
                & ~Q(reason="")
                & Q(decided_by__isnull=False, decided_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.decision}"


class AidUnit(models.Model):
    """A unit whose people handle cases: law firm, grassroots legal-service office, the center."""

    county = models.ForeignKey(County, models.PROTECT, related_name="aid_units")
    name = models.CharField(pgettext_lazy("unit", "name"), max_length=60)
    kind = models.CharField(pgettext_lazy("unit", "kind"), max_length=12, choices=UnitKind)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("unit")
        constraints = [
            models.UniqueConstraint(fields=["county", "name"], name="aid_unit_name_once")
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

    objects = AidWorkerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("legal-aid worker")

    def __str__(self):
        return self.name


class Assignment(models.Model):
    """One person handles the case, from one day to another (指派): LAL 43, Order 148 art. 24."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    worker = models.ForeignKey(AidWorker, models.PROTECT, related_name="assignments")
    assigned_on = models.DateField(_("assigned on"))
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The place of the chosen among the suggestions (1 = first), and why another was chosen.
    suggested_as = models.PositiveSmallIntegerField(null=True, blank=True)
    override_reason = models.CharField(
        _("why not the first suggested"), max_length=200, blank=True
    )
    engaged_on = models.DateField(_("engagement papers signed on"), null=True, blank=True)
    engagement_excuse = models.CharField(
        _("why they cannot be signed"), max_length=200, blank=True
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    change_reason = models.CharField(
        _("why changed"), max_length=16, choices=ChangeReason, blank=True
    )
    change_note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["assigned_on", "pk"]
        verbose_name = _("assignment")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(ended_on=None),
                name="assignment_one_open",
            ),
            models.CheckConstraint(
                name="assignment_override_has_a_reason",
                condition=Q(suggested_as=1) | ~Q(override_reason=""),
            ),
            models.CheckConstraint(
                name="assignment_ends_after_it_begins",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("assigned_on")),
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.worker}"


class ProgressNote(models.Model):
    """What the handler reports (form 14): LAL 46, 55."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="progress")
    happened_on = models.DateField(_("day"))
    words = models.TextField(_("what happened"), max_length=2000)
    # Order 148: doubts, group incidents and the like are reported to the institution.
    is_major = models.BooleanField(_("to be reported"), default=False)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-happened_on", "-pk"]

    def __str__(self):
        return f"{self.application} {self.happened_on}"


class Closing(models.Model):
    """How a case ended (结案), its file, check, subsidy and archive number."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="closing")
    closed_on = models.DateField(_("closing date"))
    result = models.CharField(_("result"), max_length=16, choices=CaseResult)
    summary = models.TextField(_("summary"), max_length=2000)
    recovered = models.DecimalField(
        _("recovered or saved, yuan"), max_digits=12, decimal_places=2, default=0
    )
    wages_recovered = models.DecimalField(
        _("of which wages of migrant workers, yuan"), max_digits=12, decimal_places=2, default=0
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    materials_on = models.DateField(_("file handed in on"), null=True, blank=True)
    checked_on = models.DateField(_("file checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_check = models.CharField(_("file check"), max_length=12, choices=FileCheck, blank=True)
    check_note = models.CharField(max_length=400, blank=True)
    subsidy = models.DecimalField(
        _("subsidy, yuan"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    paid_on = models.DateField(_("subsidy paid on"), null=True, blank=True)
    archive_number = models.CharField(_("archive number"), max_length=40, blank=True)

    class Meta:
        ordering = ["-closed_on"]
        verbose_name = _("closing")
        constraints = [
            models.CheckConstraint(
                name="closing_wages_within_recovered",
                condition=Q(wages_recovered__lte=F("recovered")) & Q(wages_recovered__gte=0),
            ),
            models.CheckConstraint(
                name="closing_checked_whole",
                condition=Q(checked_on=None, checked_by=None, file_check="")
                | Q(
                    checked_on__isnull=False,
                    checked_by__isnull=False,
                    materials_on__isnull=False,
                )
                & ~Q(file_check=""),
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.get_result_display()}"


class FollowUp(models.Model):
    """A follow-up call 回访 (form 32), drawn at random among the granted."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="follow_ups")
    drawn_on = models.DateField(_("drawn on"))
    # The draw can be made again: the seed it was made with.
    seed = models.CharField(max_length=40)
    due_on = models.DateField(_("call by"))
    reached = models.CharField(_("reached"), max_length=12, choices=Reached, blank=True)
    satisfaction = models.CharField(_("satisfaction"), max_length=12, blank=True)
    words = models.CharField(_("what was said"), max_length=400, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    called_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    called_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "drawn_on"], name="follow_up_once_a_day"
            )
        ]

    def __str__(self):
        return f"{self.application} {self.due_on}"


class TypicalCase(models.Model):
    """A typical case 典型案例: a copy without names, reviewed before the county sees it."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="typical_case")
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text without names"), max_length=6000)
    state = models.CharField(
        _("state"), max_length=10, choices=TypicalCaseState, default=TypicalCaseState.DRAFT
    )
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-written_at"]
        verbose_name = _("typical case")
        constraints = [
            models.CheckConstraint(
                name="typical_case_published_by_another",
                condition=~Q(state=TypicalCaseState.PUBLISHED)
                | Q(reviewed_by__isnull=False) & ~Q(reviewed_by=F("written_by")),
            )
        ]

    def __str__(self):
        return self.title
