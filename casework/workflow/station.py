"""The moves at the station: from the papers that come in to the opinion that goes to the center."""

import json
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.liaisons import leads
from stations.models import DayOff
from stations.network import places
from stations.privacy import keyed_hash
from stations.roles import Role
from stations.sayings import dated, saying
from stations.templatetags.words import DAY, full_day

from ..letters import issuing
from ..models import HouseholdVersion, Material, Opinion, SupplementNotice
from ..notices import tell, tell_applicant
from ..numbering import take_serial
from ..rules import deadlines as limits
from ..terms import LetterKind, MaterialKind, MaterialState, NoticeKind, PauseReason, Status
from ..time_limits import clocks
from .moves import (
    AT_STATION,
    M,
    MoveRefused,
    begin,
    complete,
    is_complete,
    midnight,
    names_of,
    record,
    said,
)

# Without the signs that are mistaken for one another when read out over the telephone.
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@transaction.atomic
def receive(application, *, by, household=(), parties=(), materials=()):
    """Take an application in (收件): its number, receipt code, first clocks and receipt (form 5).

    `application` and the rows of `household`, `parties` and `materials` are not saved yet. The seven
    days of the law run from now, because a station's acceptance is the institution's (LAL 13, 43).
    Returns the application. Raises MoveRefused at a station that has closed.
    """
    now = application.received_at = application.received_at or timezone.now()
    if sentence := places.why_closed(application.station, timezone.localdate(now)):
        raise MoveRefused(sentence)
    county = application.station.county
    application.county = application.intake_county = county
    application.status = Status.RECEIVED
    application.received_by = by
    application.year = timezone.localtime(now).year
    application.serial = take_serial(county, "申", application.year)
    application.receipt_code = "".join(secrets.choice(RECEIPT_SIGNS) for _n in range(8))
    index(application)
    application.save()
    for row in (*household, *parties, *materials):
        row.application = application
        row.save()
    if application.lead_id and application.lead.taken_at is None:
        _take_lead(application, by=by)
    record(M.RECEIVE, application, Status.RECEIVED, by=by)
    clocks.start(application, limits.DECISION, at=now)
    if application.is_detained:
        clocks.start(application, limits.DETAINED, at=now)
    if application.limitation_on and limits.is_provide_first_urgent(
        application.limitation_on, timezone.localdate(now)
    ):
        _tell_all_that_time_is_short(application)
    _start_station_clock(application, at=now)
    issuing.make(application, LetterKind.RECEIPT, by=by, content={})
    return application


def _take_lead(application, *, by):
    """The lead it answers is taken up with it, and says what became of it."""
    outcome = _("application %(number)s received") % {"number": application.number}
    try:
        leads.take(application.lead, by=by, outcome=outcome)
    except leads.LeadRefused as refusal:
        raise MoveRefused(str(refusal)) from refusal


def index(application):
    """Set what an application is found by again."""
    application.id_hash = keyed_hash(application.id_number)
    application.phone_hash = keyed_hash(application.phone)
    application.agent_id_hash = keyed_hash(application.agent_id_number)


@transaction.atomic
def check_papers(application, *, by, materials):
    """Tick papers off the checklist: `materials` are its rows as they should now stand."""
    application = begin(M.CHECK_PAPERS, application)
    for row in materials:
        row.save()
    complete(M.CHECK_PAPERS, application, by=by, note=names_of(materials))
    if application.status in AT_STATION:
        _start_station_clock(application)
    return application


@transaction.atomic
def amend(
    application, *, by, changes, version, note, household=None, parties=None, materials=()
):
    """Correct what was written: `changes` maps fields to values; `note` says what and why.

    `household` and `parties`, where given, take the place of the rows there are; the household table
    that stood before is kept. `materials` are rows of the checklist as they should stand after it.
    Raises MoveRefused when somebody else changed it since `version`.
    """
    application = begin(M.AMEND, application)
    if application.version != version:
        raise MoveRefused(
            _("Somebody has just changed this application. Compare the two and save again.")
        )
    for field, value in changes.items():
        setattr(application, field, value)
    index(application)
    if household is not None:
        _keep_household(application, by=by, why=said(note))
    application.version += 1
    for kept, rows in ((application.household, household), (application.parties, parties)):
        if rows is not None:
            kept.all().delete()
            for row in rows:
                row.application = application
                row.save()
    for row in materials:
        row.save()
    application = complete(M.AMEND, application, by=by, note=said(note))
    if application.status in AT_STATION:
        if application.is_detained and "is_detained" in changes:
            clocks.start(application, limits.DETAINED)
        if materials:
            _start_station_clock(application)
    if "limitation_on" in changes and limits.is_provide_first_urgent(
        application.limitation_on, timezone.localdate()
    ):
        _tell_all_that_time_is_short(application)
    return application


def _keep_household(application, *, by, why):
    """Keep the household table that stands; nothing of it is overwritten in silence."""
    rows = [
        {
            "name": each.name,
            "relation": each.relation,
            "age": each.age,
            "occupation": each.occupation,
            "monthly_income": each.monthly_income,
        }
        for each in application.household.all()
    ]
    if rows:
        HouseholdVersion.objects.create(
            application=application,
            version=application.version,
            content=json.dumps(rows, ensure_ascii=False),
            why=why[:400],
            replaced_by=by,
        )


@transaction.atomic
def ask_for_documents(
    application,
    *,
    by,
    items,
    days,
    served_on,
    note="",
    agreed_by=None,
    was_foreseeable=False,
):
    """Tell the applicant once everything that is missing (一次性告知, LAL 43, form 6).

    The review clock stands still from the day after the notice was served. A second notice needs
    the head's (at the center the director's) agreement and is counted; `was_foreseeable` says that
    the first could have asked for it, which costs the station points in its year.
    """
    application = begin(M.ASK, application)
    items = [item.strip() for item in items if item.strip()]
    if not items and not note.strip():
        raise MoveRefused(_("Say what is missing or what is to be explained."))
    rounds = application.supplements.count()
    if rounds and agreed_by is None:
        raise MoveRefused(
            _(
                "Everything missing is asked for once. A second notice needs the head's agreement."
            )
        )
    _add_to_checklist(application, items)
    application.asked_from = application.status
    due_on = limits.count(
        served_on,
        days,
        limits.LIMITS[limits.SUPPLEMENT].counting,
        _calendar(application),
        today=served_on,
    ).due_on
    notice = SupplementNotice.objects.create(
        application=application,
        round=rounds + 1,
        items=items,
        note=note.strip(),
        served_on=served_on,
        due_on=due_on,
        asked_by=by,
        agreed_by=agreed_by,
        was_foreseeable=was_foreseeable,
    )
    clocks.stop(application, limits.MATERIAL_CHECK, limits.FORWARDING)
    clocks.start(application, limits.SUPPLEMENT, at=midnight(served_on), set_days=days)
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=served_on)
    issuing.make(
        application,
        LetterKind.SUPPLEMENT,
        by=by,
        content={"items": items, "note": notice.note, "due_on": due_on, "round": notice.round},
        made_on=served_on,
    )
    application = complete(M.ASK, application, by=by, note="、".join(items) or notice.note)
    tell_applicant(
        application,
        saying(
            gettext_lazy("papers are missing for %(number)s: %(what)s. Bring them by %(day)s."),
            number=application.number,
            what="、".join(items) or notice.note,
            day=dated(due_on, DAY),
        ),
    )
    return application


@transaction.atomic
def supply(application, *, by, on, materials=(), note=""):
    """Papers come in. When nothing is missing, it goes back to where it was asked from."""
    application = begin(M.SUPPLY, application)
    for row in materials:
        row.save()
    words = names_of(materials) or note
    if not is_complete(application):
        return complete(M.SUPPLY, application, by=by, note=words)
    application.supplements.filter(supplied_on=None).update(supplied_on=on)
    clocks.stop(application, limits.SUPPLEMENT)
    clocks.resume(application, PauseReason.SUPPLEMENT, to_on=on)
    application.status, application.asked_from = application.asked_from, ""
    application.save(update_fields=["status", "asked_from"])
    record(M.SUPPLY, application, Status.SUPPLEMENTING, by=by, note=words)
    if application.status in AT_STATION:
        clocks.start(application, limits.FORWARDING)
    return application


@transaction.atomic
def deem_withdrawn(application, *, by, note):
    """Nothing was supplied in time: a person confirms that it counts as withdrawn (LAL 43)."""
    application = begin(M.DEEM_WITHDRAWN, application)
    notice = application.supplements.filter(supplied_on=None).last()
    if notice and timezone.localdate() <= notice.due_on:
        raise MoveRefused(
            _("The applicant has until %(day)s.") % {"day": full_day(notice.due_on)}
        )
    clocks.stop_all(application)
    clocks.resume(application, PauseReason.SUPPLEMENT, to_on=timezone.localdate())
    application = complete(M.DEEM_WITHDRAWN, application, by=by, note=said(note))
    tell_applicant(
        application,
        saying(
            gettext_lazy(
                "%(number)s counts as withdrawn, because the papers did not come in time."
            ),
            number=application.number,
        ),
    )
    return application


@transaction.atomic
def withdraw(application, *, by, note):
    """The applicant takes it back."""
    application = begin(M.WITHDRAW, application)
    clocks.stop_all(application)
    return complete(M.WITHDRAW, application, by=by, note=said(note))


@transaction.atomic
def review(application, *, by, findings, overrides, conclusion, words, no_recusal):
    """The station's preliminary opinion (初审意见): owed also when it proposes to refuse."""
    application = begin(M.REVIEW, application)
    if not no_recusal:
        raise MoveRefused(
            _("Whoever is a party, a relative or interested does not review. Ask a colleague.")
        )
    Opinion.objects.create(
        application=application,
        findings=findings,
        overrides=overrides,
        conclusion=conclusion,
        words=said(words),
        no_recusal=True,
        reviewed_by=by,
    )
    return complete(M.REVIEW, application, by=by, reason=conclusion, note=words)


@transaction.atomic
def send_back(application, *, by, note):
    """The head does not sign and says why; it is reviewed again."""
    return complete(M.SEND_BACK, begin(M.SEND_BACK, application), by=by, note=said(note))


@transaction.atomic
def countersign(application, *, by, words=""):
    """The head signs the opinion (站长签署)."""
    application = begin(M.COUNTERSIGN, application)
    opinion = application.opinions.last()
    opinion.signed_by, opinion.signed_at = by, timezone.now()
    opinion.head_words = words.strip()
    opinion.save(update_fields=["signed_by", "signed_at", "head_words"])
    return complete(M.COUNTERSIGN, application, by=by, note=words)


@transaction.atomic
def forward(application, *, by):
    """Forward to the county center (报送); its time has run since the station received the papers.

    Raises MoveRefused unless the head has signed.
    """
    application = begin(M.FORWARD, application)
    clocks.stop(application, limits.MATERIAL_CHECK, limits.FORWARDING, limits.DETAINED)
    clocks.start(application, limits.SIGNING)
    issuing.make(application, LetterKind.REVIEW, by=by, content=_opinion_content(application))
    tell(
        Role.REVIEWER,
        application.county,
        saying(
            gettext_lazy("%(number)s has been forwarded by %(station)s."),
            number=application.number,
            station=application.station,
        ),
        kind=NoticeKind.MOVE,
        application=application,
    )
    return complete(M.FORWARD, application, by=by)


@transaction.atomic
def sign_and_forward(application, *, by, words=""):
    """The head signs and forwards with one press; both happen or neither."""
    return forward(countersign(application, by=by, words=words), by=by)


def _add_to_checklist(application, items):
    """What is asked for beyond the checklist joins it, so that it is known when all is there.

    A paper that had been given and is asked for again, as one that cannot be read, is missing again.
    """
    asked_again = application.materials.filter(name__in=items)
    asked_again.update(state=MaterialState.MISSING, given_on=None)
    known = set(application.materials.values_list("name", flat=True))
    for name in dict.fromkeys(items):
        if name not in known:
            Material.objects.create(
                application=application, kind=MaterialKind.OTHER, name=name[:60]
            )


def _calendar(application):
    return DayOff.objects.calendar(application.county)


def _start_station_clock(application, at=None):
    """At the station one clock runs: over the papers while some are missing, then over the review."""
    if is_complete(application):
        clocks.stop(application, limits.MATERIAL_CHECK)
        clocks.start(application, limits.FORWARDING, at=at)
    else:
        clocks.start(application, limits.MATERIAL_CHECK, at=at)


def _tell_all_that_time_is_short(application):
    words = saying(
        gettext_lazy("%(number)s: less than seven days are left of a limitation or period."),
        number=application.number,
    )
    for role, place in (
        (Role.CLERK, application.station),
        (Role.HEAD, application.station),
        (Role.REVIEWER, application.county),
    ):
        tell(role, place, words, kind=NoticeKind.URGENT, application=application)


def _opinion_content(application):
    opinion = application.opinions.select_related("reviewed_by", "signed_by").last()
    return {
        "findings": opinion.findings,
        "conclusion": opinion.conclusion,
        "words": opinion.words,
        "reviewed_by": opinion.reviewed_by.name,
        "reviewed_on": timezone.localdate(opinion.reviewed_at),
        "signed_by": opinion.signed_by.name,
        "signed_on": timezone.localdate(opinion.signed_at),
        "head_words": opinion.head_words,
    }
