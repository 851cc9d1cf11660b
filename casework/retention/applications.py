"""Applications: those that came to nothing, and case files with whatever was objected to.

What figures count of a case stays: its days, matter, groups, grounds, results and money, and of a birth
date the age on the day of the grant.
"""

from django.db.models import (
    Case,
    CharField,
    DateField,
    DurationField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.retention.emptying import MARK, Table
from stations.retention.keepers import Keeper, Stop, keeps

from ..models import (
    Application,
    ApplicationEvent,
    Assignment,
    ChangeRequest,
    Closing,
    Complaint,
    CooperationEvent,
    CooperationLetter,
    Deadline,
    DeadlineChange,
    Decision,
    FileReview,
    FollowUp,
    HardshipCheck,
    Hop,
    HouseholdMember,
    HouseholdVersion,
    Letter,
    Material,
    Notice,
    Objection,
    Opinion,
    Party,
    ProgressNote,
    SatisfactionAnswer,
    SupplementNotice,
    TypicalCase,
    Upload,
    UploadTicket,
)
from ..terms import (
    COMPLAINT_ENDED,
    CooperationStatus,
    DecisionKind,
    DecisionState,
    ObjectionOutcome,
    Status,
    TypicalCaseState,
)

_GRANTED_ON = Subquery(
    Decision.objects.filter(
        application=OuterRef("pk"),
        state=DecisionState.MADE,
        kind__in=[DecisionKind.GRANT, DecisionKind.PROVIDE_FIRST],
    )
    .order_by("pk")
    .values(day=TruncDate("made_at"))[:1],
    output_field=DateField(),
)
_AGE = Func(
    _GRANTED_ON,
    F("birth_on"),
    template="extract(year FROM age(%(expressions)s))::int",
    output_field=IntegerField(),
)
# The day on which somebody of that age at the grant would have been born; nothing without a grant.
SAME_AGE = Func(
    _GRANTED_ON,
    Func(
        _AGE, template="make_interval(years => %(expressions)s)", output_field=DurationField()
    ),
    template="(%(expressions)s)::date",
    arg_joiner=" - ",
    output_field=DateField(),
)
# Returns count the ethnic minorities; which one it was is nobody's business any more.
MINORITY_OR_NOT = Case(
    When(ethnic_group__in=["", "汉", "汉族"], then=Value("")), default=Value(MARK)
)

_CODES = "codes of a list"
_INSTITUTION = "an institution"
TABLES = (
    Table(
        Application,
        "pk",
        blank=(
            *("id_number", "phone", "household_place", "address", "postcode", "employer"),
            *("education", "service_needs", "safe_contact", "applied_before"),
            *("agent_id_number", "agent_phone", "jurisdiction_body", "household_note"),
        ),
        mark=("name", "agent_name", "claims", "facts"),
        unlink=("id_hash", "phone_hash", "agent_id_hash"),
        also={"birth_on": SAME_AGE, "ethnic_group": MINORITY_OR_NOT},
        keep={"receipt_code": "opens nothing without the identity number"},
    ),
    Table(
        Party,
        "application",
        blank=("name_key", "id_number", "phone"),
        mark=("name",),
        unlink=("id_hash",),
    ),
    Table(ApplicationEvent, "application", mark=("note",), keep={"reason": _CODES}),
    Table(Notice, "application", mark=("words",)),
    Table(
        Closing,
        "application",
        mark=("summary", "check_note"),
        keep={"voucher": "finance's number", "archive_number": "the archive's number"},
    ),
    Table(FileReview, "closing__application", mark=("words",)),
    Table(
        Letter,
        "application",
        # Without a wording it is nobody's to read any more: `LetterQuerySet.visible_to`.
        blank=("content", "template_version"),
        mark=("received_by_name",),
        keep={"series": "part of its number"},
    ),
    Table(
        CooperationLetter,
        "application",
        blank=("enclosures",),
        mark=("item", "content", "reply", "decline_reason"),
        keep={"other_institution": _INSTITUTION, "their_number": "a number"},
    ),
    Table(CooperationEvent, "letter__application", mark=("note",)),
    Table(
        Hop,
        "application",
        mark=("reason", "told_how"),
        keep={"to_institution": _INSTITUTION, "ruling": "a paper's name"},
    ),
    Table(
        Decision,
        "application",
        mark=("reason", "declined_note"),
        keep={"grounds": _CODES, "rules_version": _CODES, "standard": "the county's standard"},
    ),
    Table(Objection, "decision__application", mark=("words", "reason")),
    Table(
        Opinion, "application", blank=("findings", "overrides"), mark=("words", "head_words")
    ),
    Table(
        Assignment,
        "application",
        mark=("override_reason", "engagement_excuse", "change_note", "handed_over"),
    ),
    Table(ChangeRequest, "application", mark=("words", "reason")),
    Table(ProgressNote, "application", mark=("words",)),
    Table(FollowUp, "application", mark=("words",)),
    Table(TypicalCase, "application", mark=("title", "text", "review_note")),
    Table(HouseholdMember, "application", is_deleted=True),
    Table(HouseholdVersion, "application", blank=("content",), mark=("why",)),
    Table(HardshipCheck, "application", blank=("words",), mark=("source",)),
    Table(Material, "application", mark=("name", "note")),
    Table(
        Upload,
        "material__application",
        blank=("content",),
        unlink=("sha256",),
        keep={"name": "a number", "media_type": "a kind of file"},
    ),
    Table(UploadTicket, "material__application", is_deleted=True),
    Table(SupplementNotice, "application", blank=("items",), mark=("note",)),
    Table(SatisfactionAnswer, "application", mark=("suggestion", "reply")),
    Table(
        DeadlineChange, "deadline__application", keep={"why": "the calendar's or the county's"}
    ),
)

# 霍援申字〔2026〕118号, as `Application.number` says it.
NUMBER = Concat(
    "intake_county__short_name",
    Value("援申字〔"),
    Cast("year", CharField()),
    Value("〕"),
    Cast("serial", CharField()),
    Value("号"),
    output_field=CharField(),
)
_OBJECTED = Exists(Objection.objects.filter(decision__application=OuterRef("pk")))
_OVERTURNED = Exists(
    Objection.objects.filter(
        decision__application=OuterRef("pk"), outcome=ObjectionOutcome.CORRECTED
    )
)
_PUBLISHED = Exists(
    TypicalCase.objects.filter(application=OuterRef("pk"), state=TypicalCaseState.PUBLISHED)
)
_MAJOR = Exists(ProgressNote.objects.filter(application=OuterRef("pk"), is_major=True))
# Major, life or death, of a group, typical, overturned by an objection: kept for good (rules 8.5).
FOR_GOOD = (
    Q(is_group=True) | Q(is_life_or_death=True) | Q(_PUBLISHED) | Q(_MAJOR) | Q(_OVERTURNED)
)
_LAST_EVENT = ApplicationEvent.objects.filter(application=OuterRef("pk")).order_by()


def _open(rows):
    """Of the rows that point to an application, whether there is one."""
    return Q(Exists(rows.filter(application=OuterRef("pk"))))


class _Applications(Keeper):
    model = Application
    target = "application"
    is_told = True
    person = ("id_hash", "phone_hash")
    hashes = ("id_hash", "phone_hash", "agent_id_hash")
    tables = TABLES

    def rows(self, county):
        last = _LAST_EVENT.values("application")
        return Application.objects.filter(county=county, destroyed_on=None).annotate(
            last_move_on=TruncDate(
                Coalesce(Subquery(last.values(at=Max("made_at"))), F("received_at"))
            ),
            at_station=F("station_id"),
            label=NUMBER,
            sign=Concat(
                "version",
                Value("."),
                Coalesce(Cast(Subquery(last.values(n=Max("pk"))), CharField()), Value("")),
                output_field=CharField(),
            ),
        )

    def stops(self):
        unanswered = [CooperationStatus.CLOSED, CooperationStatus.DRAFTED]
        waiting = [TypicalCaseState.DRAFT, TypicalCaseState.SUBMITTED]
        objections = Objection.objects.filter(decision__application=OuterRef("pk"), outcome="")
        return [
            Stop(_("an objection is not settled"), Q(Exists(objections))),
            Stop(
                _("a complaint about it is open"),
                _open(Complaint.objects.exclude(status__in=COMPLAINT_ENDED)),
            ),
            Stop(_("a time limit runs"), _open(Deadline.objects.filter(stopped_at=None))),
            Stop(
                _("cooperation with another region is not finished"),
                _open(CooperationLetter.objects.exclude(status__in=unanswered)),
            ),
            Stop(
                _("a typical case is being made of it"),
                _open(TypicalCase.objects.filter(state__in=waiting)),
            ),
            Stop(_("a follow-up call is owed"), _open(FollowUp.objects.filter(called_at=None))),
            Stop(
                _("a check of hardship is owed"),
                _open(HardshipCheck.objects.filter(checked_on=None)),
            ),
        ]

    def url(self, pk):
        return reverse("casework:application_detail", args=[pk])

    def empty(self, ids, listed, day):
        super().empty(ids, listed, day)
        Application.objects.filter(pk__in=ids).update(destroyed_in=listed, destroyed_on=day)


@keeps
class Dropped(_Applications):
    """Refused, withdrawn or passed on, and nobody objected."""

    code = "applications_dropped"
    position = 3
    label = _("applications refused, withdrawn or passed on")
    counted_from = pgettext_lazy("keeping", "the last move")
    years = 10

    def rows(self, county):
        dropped = [Status.REFUSED, Status.WITHDRAWN, Status.PASSED_ON]
        rows = super().rows(county).filter(~Q(_OBJECTED), status__in=dropped)
        return rows.exclude(FOR_GOOD).annotate(anchor_on=F("last_move_on"))


@keeps
class CaseFiles(_Applications):
    """Cases that were granted, and whatever was objected to."""

    code = "case_files"
    position = 4
    label = _("case files, and applications objected to")
    counted_from = pgettext_lazy("keeping", "the day the case was closed")
    years = 30
    note = _(
        "for good: major, life or death, group, published typical case, overturned on objection"
    )

    def _all(self, county):
        rows = super().rows(county)
        return rows.filter(
            Q(status__in=[Status.ARCHIVED, Status.TERMINATED])
            | Q(_OBJECTED, status__in=[Status.REFUSED, Status.WITHDRAWN, Status.PASSED_ON])
        )

    def rows(self, county):
        return (
            self._all(county)
            .exclude(FOR_GOOD)
            .annotate(anchor_on=Coalesce("closing__closed_on", "last_move_on"))
        )

    def kept_for_good(self, county):
        return self._all(county).filter(FOR_GOOD)
