"""The moves of an application 法律援助申请, and the only code that makes them.

The table is the whole map; each function is one arrow on it. A move locks the row, asks the map,
writes, leaves one event, starts and stops the clocks it touches, and makes the paper it owes, all in
one transaction; what leaves the database waits for the commit.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.models import DayOff
from stations.privacy import keyed_hash
from stations.roles import Role

from . import clocks, letters
from . import deadlines as limits
from .models import (
    Application,
    ApplicationEvent,
    Assignment,
    Closing,
    Decision,
    HardshipStandard,
    Hop,
    Objection,
    Opinion,
    SupplementNotice,
)
from .notices import tell
from .numbering import take_serial
from .terms import (
    ENDED,
    UNDECIDED,
    ApplicationMove,
    DecisionKind,
    DecisionState,
    LetterKind,
    MaterialState,
    ObjectionOutcome,
    PauseReason,
    Status,
)

# The wording of the rules in `casework.eligibility` that a decision was made under.
RULES_VERSION = "2023-09"
# Without the signs that are mistaken for one another when read out over the telephone.
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class MoveRefused(Exception):
    """A plain sentence why an application cannot make this move now."""


@dataclass(frozen=True)
class Move:
    """One arrow: from which statuses to which; None leaves the status as it is."""

    start: frozenset[str]
    end: str | None


def _move(start, end=None):
    return Move(frozenset(start), end)


M = ApplicationMove
_AT_STATION = {Status.RECEIVED, Status.RETURNED}

MOVES = {
    M.AMEND: _move({*_AT_STATION, Status.SUPPLEMENTING, Status.IN_REVIEW}),
    M.CHECK_PAPERS: _move({*_AT_STATION, Status.SUPPLEMENTING, Status.IN_REVIEW}),
    M.ASK: _move({*_AT_STATION, Status.IN_REVIEW}, Status.SUPPLEMENTING),
    # Back to where the papers were asked from.
    M.SUPPLY: _move({Status.SUPPLEMENTING}),
    M.DEEM_WITHDRAWN: _move({Status.SUPPLEMENTING}, Status.WITHDRAWN),
    M.WITHDRAW: _move(UNDECIDED, Status.WITHDRAWN),
    M.REVIEW: _move(_AT_STATION, Status.REVIEWED),
    M.SEND_BACK: _move({Status.REVIEWED}, Status.RECEIVED),
    M.COUNTERSIGN: _move({Status.REVIEWED}, Status.COUNTERSIGNED),
    M.FORWARD: _move({Status.COUNTERSIGNED}, Status.FORWARDED),
    M.SIGN_FOR: _move({Status.FORWARDED}, Status.IN_REVIEW),
    M.RETURN: _move({Status.IN_REVIEW}, Status.RETURNED),
    M.GRANT: _move({Status.IN_REVIEW}, Status.GRANTED),
    M.PROVIDE_FIRST: _move(
        {Status.FORWARDED, Status.IN_REVIEW, Status.RETURNED, Status.SUPPLEMENTING},
        Status.GRANTED,
    ),
    M.COMPLETE_PAPERS: _move({Status.GRANTED, Status.ASSIGNED}),
    M.PROPOSE_REFUSAL: _move({Status.IN_REVIEW}, Status.REFUSAL_PROPOSED),
    M.REFUSE: _move({Status.REFUSAL_PROPOSED}, Status.REFUSED),
    M.PASS_ON: _move(
        {*_AT_STATION, Status.FORWARDED, Status.IN_REVIEW, Status.SUPPLEMENTING},
        Status.FORWARDED,
    ),
    M.ASSIGN: _move({Status.GRANTED}, Status.ASSIGNED),
    M.CHANGE_PERSON: _move({Status.ASSIGNED}),
    M.ENGAGE: _move({Status.ASSIGNED}),
    M.EXCUSE_ENGAGEMENT: _move({Status.ASSIGNED}),
    M.PROPOSE_TERMINATION: _move(
        {Status.GRANTED, Status.ASSIGNED}, Status.TERMINATION_PROPOSED
    ),
    M.TERMINATE: _move({Status.TERMINATION_PROPOSED}, Status.TERMINATED),
    # Back to where the proposal came from.
    M.DECLINE_PROPOSAL: _move({Status.REFUSAL_PROPOSED, Status.TERMINATION_PROPOSED}),
    M.CLOSE: _move({Status.ASSIGNED}, Status.CLOSED),
    M.HAND_IN_FILE: _move({Status.CLOSED}),
    M.ARCHIVE: _move({Status.CLOSED}, Status.ARCHIVED),
    M.OBJECT: _move({Status.REFUSED, Status.TERMINATED}),
    M.UPHOLD_DECISION: _move({Status.REFUSED, Status.TERMINATED}),
    # Back under review, or back to the person who handled it.
    M.CORRECT_DECISION: _move({Status.REFUSED, Status.TERMINATED}),
}


def moves_from(application):
    """Return the moves the map allows now."""
    return {move for move, arrow in MOVES.items() if application.status in arrow.start}


# ── At the station ──────────────────────────────────────────────────────────────────────


@transaction.atomic
def receive(application, *, by, household=(), parties=(), materials=()):
    """Take an application in (收件): its number, receipt code, first clocks and receipt (form 5).

    `application` and the rows of `household`, `parties` and `materials` are not saved yet. The seven
    days of the law run from now, because a station's acceptance is the institution's (LAL 13, 43).
    Returns the application.
    """
    now = application.received_at = application.received_at or timezone.now()
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
    _record(M.RECEIVE, application, Status.RECEIVED, by=by)
    clocks.start(application, limits.DECISION, at=now)
    if application.is_detained:
        clocks.start(application, limits.DETAINED, at=now)
    if application.limitation_on and limits.is_provide_first_urgent(
        application.limitation_on, timezone.localdate(now)
    ):
        _tell_all_that_time_is_short(application)
    _start_station_clock(application, at=now)
    letters.make(application, LetterKind.RECEIPT, by=by, content={})
    return application


def index(application):
    """Set what an application is found by again."""
    application.id_hash = keyed_hash(application.id_number)
    application.phone_hash = keyed_hash(application.phone)
    application.agent_id_hash = keyed_hash(application.agent_id_number)


def is_complete(application):
    """Whether nothing on the checklist is missing."""
    return not application.materials.filter(state=MaterialState.MISSING).exists()


@transaction.atomic
def check_papers(application, *, by, materials):
    """Tick papers off the checklist: `materials` are its rows as they should now stand."""
    application = _begin(M.CHECK_PAPERS, application)
    for row in materials:
        row.save()
    _complete(M.CHECK_PAPERS, application, by=by, note=_names(materials))
    if application.status in _AT_STATION:
        _start_station_clock(application)
    return application


@transaction.atomic
def amend(application, *, by, changes, version, note):
    """Correct what was written: `changes` maps fields to values; `note` says what and why.

    Raises MoveRefused when somebody else changed it since `version`.
    """
    application = _begin(M.AMEND, application)
    if application.version != version:
        raise MoveRefused(
            _("Somebody has just changed this application. Compare the two and save again.")
        )
    for field, value in changes.items():
        setattr(application, field, value)
    index(application)
    application.version += 1
    return _complete(M.AMEND, application, by=by, note=_said(note))


@transaction.atomic
def ask_for_documents(application, *, by, items, days, served_on, note="", agreed_by=None):
    """Tell the applicant once everything that is missing (一次性告知, LAL 43, form 6).

    The review clock stands still from the day after the notice was served. A second notice needs
    the head's (at the center the director's) agreement and is counted.
    """
    application = _begin(M.ASK, application)
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
    )
    clocks.stop(application, limits.MATERIAL_CHECK, limits.FORWARDING)
    clocks.start(application, limits.SUPPLEMENT, at=_midnight(served_on), set_days=days)
    clocks.pause(application, PauseReason.SUPPLEMENT, from_on=served_on)
    letters.make(
        application,
        LetterKind.SUPPLEMENT,
        by=by,
        content={"items": items, "note": notice.note, "due_on": due_on, "round": notice.round},
        made_on=served_on,
    )
    return _complete(M.ASK, application, by=by, note="、".join(items) or notice.note)


@transaction.atomic
def supply(application, *, by, on, materials=(), note=""):
    """Papers come in. When nothing is missing, it goes back to where it was asked from."""
    application = _begin(M.SUPPLY, application)
    for row in materials:
        row.save()
    words = _names(materials) or note
    if not is_complete(application):
        return _complete(M.SUPPLY, application, by=by, note=words)
    application.supplements.filter(supplied_on=None).update(supplied_on=on)
    clocks.stop(application, limits.SUPPLEMENT)
    clocks.resume(application, PauseReason.SUPPLEMENT, to_on=on)
    application.status, application.asked_from = application.asked_from, ""
    application.save(update_fields=["status", "asked_from"])
    _record(M.SUPPLY, application, Status.SUPPLEMENTING, by=by, note=words)
    if application.status in _AT_STATION:
        clocks.start(application, limits.FORWARDING)
    return application


@transaction.atomic
def deem_withdrawn(application, *, by, note):
    """Nothing was supplied in time: a person confirms that it counts as withdrawn (LAL 43)."""
    application = _begin(M.DEEM_WITHDRAWN, application)
    notice = application.supplements.filter(supplied_on=None).last()
    if notice and timezone.localdate() <= notice.due_on:
        raise MoveRefused(
            _("The applicant has until %(day)s.") % {"day": f"{notice.due_on:%Y-%m-%d}"}
        )
    clocks.stop_all(application)
    return _complete(M.DEEM_WITHDRAWN, application, by=by, note=_said(note))


@transaction.atomic
def withdraw(application, *, by, note):
    """The applicant takes it back."""
    application = _begin(M.WITHDRAW, application)
    clocks.stop_all(application)
    return _complete(M.WITHDRAW, application, by=by, note=_said(note))


@transaction.atomic
def review(application, *, by, findings, overrides, conclusion, words, no_recusal):
    """The station's preliminary opinion (初审意见): owed also when it proposes to refuse."""
    application = _begin(M.REVIEW, application)
    if not no_recusal:
        raise MoveRefused(
            _("Whoever is a party, a relative or interested does not review. Ask a colleague.")
        )
    Opinion.objects.create(
        application=application,
        findings=findings,
        overrides=overrides,
        conclusion=conclusion,
        words=_said(words),
        no_recusal=True,
        reviewed_by=by,
    )
    return _complete(M.REVIEW, application, by=by, reason=conclusion, note=words)


@transaction.atomic
def send_back(application, *, by, note):
    """The head does not sign and says why; it is reviewed again."""
    return _complete(M.SEND_BACK, _begin(M.SEND_BACK, application), by=by, note=_said(note))


@transaction.atomic
def countersign(application, *, by, words=""):
    """The head signs the opinion (站长签署)."""
    application = _begin(M.COUNTERSIGN, application)
    opinion = application.opinions.last()
    opinion.signed_by, opinion.signed_at = by, timezone.now()
    opinion.head_words = words.strip()
    opinion.save(update_fields=["signed_by", "signed_at", "head_words"])
    return _complete(M.COUNTERSIGN, application, by=by, note=words)


@transaction.atomic
def forward(application, *, by):
    """Forward to the county center (报送); its time has run since the station received the papers.

    Raises MoveRefused unless the head has signed.
    """
    application = _begin(M.FORWARD, application)
    clocks.stop(application, limits.MATERIAL_CHECK, limits.FORWARDING, limits.DETAINED)
    clocks.start(application, limits.SIGNING)
    letters.make(application, LetterKind.REVIEW, by=by, content=_opinion_content(application))
    tell(
        Role.REVIEWER,
        application.county,
        _("%(number)s has been forwarded by %(station)s.")
        % {"number": application.number, "station": application.station},
        kind="move",
        application=application,
    )
    return _complete(M.FORWARD, application, by=by)


# ── At the center ───────────────────────────────────────────────────────────────────────


@transaction.atomic
def sign_for(application, *, by):
    """The center signs for it (签收)."""
    application = _begin(M.SIGN_FOR, application)
    clocks.stop(application, limits.SIGNING)
    application.hops.filter(to_county=application.county, signed_at=None).update(
        signed_at=timezone.now()
    )
    return _complete(M.SIGN_FOR, application, by=by)


@transaction.atomic
def return_to_station(application, *, by, reason, note):
    """Send it back to its station with a coded reason; the seven days go on."""
    application = _begin(M.RETURN, application)
    clocks.start(application, limits.FORWARDING)
    tell(
        Role.CLERK,
        application.station,
        _("%(number)s was returned by the center.") % {"number": application.number},
        kind="move",
        application=application,
    )
    return _complete(M.RETURN, application, by=by, reason=reason, note=_said(note))


@transaction.atomic
def grant(application, *, by, reason=""):
    """Grant legal aid (给予法律援助, LAL 43, form 9)."""
    application = _begin(M.GRANT, application)
    decision = _decide(application, DecisionKind.GRANT, by=by, reason=reason)
    _granted(application, decision, by=by)
    return _complete(M.GRANT, application, by=by, note=reason)


@transaction.atomic
def provide_first(application, *, by, grounds, days, reason=""):
    """Provide aid before the papers are complete (先行提供, LAL 44)."""
    application = _begin(M.PROVIDE_FIRST, application)
    if not grounds:
        raise MoveRefused(_("Say on which ground of article 44 aid is provided first."))
    decision = _decide(
        application, DecisionKind.PROVIDE_FIRST, by=by, grounds=grounds, reason=reason
    )
    deadline = clocks.start(application, limits.PAPERS_AFTERWARDS, set_days=days)
    decision.papers_due_on = deadline.due_on
    decision.save(update_fields=["papers_due_on"])
    clocks.stop(application, limits.SIGNING, limits.SUPPLEMENT)
    application.is_provided_first = True
    application.asked_from = ""
    _granted(application, decision, by=by)
    return _complete(M.PROVIDE_FIRST, application, by=by, reason=grounds[0], note=reason)


@transaction.atomic
def complete_papers(application, *, by, note=""):
    """The papers owed after aid was provided first are there."""
    application = _begin(M.COMPLETE_PAPERS, application)
    decision = application.decisions.filter(
        kind=DecisionKind.PROVIDE_FIRST, papers_complete_on=None
    ).last()
    if decision is None:
        raise MoveRefused(_("No papers are owed."))
    if not is_complete(application):
        raise MoveRefused(_("Papers are still missing. Tick off what has come first."))
    decision.papers_complete_on = timezone.localdate()
    decision.save(update_fields=["papers_complete_on"])
    clocks.stop(application, limits.PAPERS_AFTERWARDS)
    return _complete(M.COMPLETE_PAPERS, application, by=by, note=note)


@transaction.atomic
def propose_refusal(application, *, by, grounds, reason):
    """Propose to refuse; another person decides (不予法律援助)."""
    application = _begin(M.PROPOSE_REFUSAL, application)
    _propose(application, DecisionKind.REFUSE, by=by, grounds=grounds, reason=reason)
    return _complete(M.PROPOSE_REFUSAL, application, by=by, reason=grounds[0], note=reason)


@transaction.atomic
def refuse(application, *, by):
    """Make a proposed refusal final (form 10). Raises MoveRefused for who proposed it."""
    application = _begin(M.REFUSE, application)
    decision = _make_final(application, by=by)
    clocks.stop_all(application)
    clocks.start(application, limits.SERVICE)
    letters.make(
        application, LetterKind.REFUSAL, by=by, content=_decision_content(application, decision)
    )
    return _complete(M.REFUSE, application, by=by, note=decision.reason)


@transaction.atomic
def decline_proposal(application, *, by, note):
    """The second person does not agree; it goes back to where the proposal came from."""
    application = _begin(M.DECLINE_PROPOSAL, application)
    decision = _proposed(application, by=by)
    decision.state = DecisionState.DECLINED
    decision.declined_by, decision.declined_note = by, _said(note)
    decision.save(update_fields=["state", "declined_by", "declined_note"])
    if decision.kind == DecisionKind.REFUSE:
        end = Status.IN_REVIEW
    else:
        is_assigned = application.assignments.filter(ended_on=None).exists()
        end = Status.ASSIGNED if is_assigned else Status.GRANTED
    return _complete(M.DECLINE_PROPOSAL, application, by=by, note=note, end=end)


@transaction.atomic
def pass_on(application, *, by, reason, to_county=None, to_institution="", told_how=""):
    """Pass a wrongly addressed application on (转交); nobody hands it back to the applicant.

    To a county of this site it goes as forwarded, with an owner and a limit; to an institution
    outside it ends here with a trace. The receipt code keeps working.
    """
    application = _begin(M.PASS_ON, application)
    if to_county and application.hops.filter(from_county=to_county).exists():
        raise MoveRefused(
            _("It came from there. Do not send it back: ask the bureau above both to decide.")
        )
    if not to_county and not to_institution.strip():
        raise MoveRefused(_("Say to which institution it goes."))
    hop = Hop(
        application=application,
        from_county=application.county,
        to_county=to_county,
        to_institution=to_institution.strip() or to_county.center_name,
        reason=_said(reason),
        passed_by=by,
        told_how=told_how.strip(),
        due_on=timezone.localdate() + timedelta(days=1),
    )
    clocks.stop(
        application,
        limits.MATERIAL_CHECK,
        limits.FORWARDING,
        limits.SIGNING,
        limits.SUPPLEMENT,
        limits.DETAINED,
    )
    if to_county is None:
        clocks.stop_all(application)
        hop.save()
        return _complete(M.PASS_ON, application, by=by, note=reason, end=Status.PASSED_ON)
    application.county = to_county
    hop.due_on = clocks.start(application, limits.SIGNING).due_on
    hop.save()
    tell(
        Role.REVIEWER,
        to_county,
        _("%(number)s was passed on by %(center)s.")
        % {"number": application.number, "center": hop.from_county.center_name},
        kind="move",
        application=application,
    )
    return _complete(M.PASS_ON, application, by=by, note=reason)


@transaction.atomic
def assign(application, *, by, worker, suggested_as=None, override_reason=""):
    """Assign the case to a person (指派, LAL 43, Order 148 art. 24, form 11)."""
    application = _begin(M.ASSIGN, application)
    _assign(
        application,
        by=by,
        worker=worker,
        suggested_as=suggested_as,
        override_reason=override_reason,
    )
    clocks.stop(application, limits.ASSIGNMENT)
    return _complete(M.ASSIGN, application, by=by, note=str(worker))


@transaction.atomic
def change_person(
    application, *, by, worker, reason, note, suggested_as=None, override_reason=""
):
    """Change who handles the case (更换法律援助人员, form 17); the file is handed over."""
    application = _begin(M.CHANGE_PERSON, application)
    old = application.assignments.select_related("worker").get(ended_on=None)
    if old.worker == worker:
        raise MoveRefused(_("%(name)s already handles this case.") % {"name": worker})
    old.ended_on, old.change_reason, old.change_note = timezone.localdate(), reason, _said(note)
    old.save(update_fields=["ended_on", "change_reason", "change_note"])
    clocks.stop(application, limits.ENGAGEMENT, limits.CHANGE_OF_PERSON)
    _assign(
        application,
        by=by,
        worker=worker,
        suggested_as=suggested_as,
        override_reason=override_reason,
        replaced=old,
    )
    words = f"{old.worker} → {worker}: {note}"
    return _complete(M.CHANGE_PERSON, application, by=by, reason=reason, note=words)


@transaction.atomic
def engage(application, *, by, on):
    """The engagement papers are signed (Order 148 art. 27)."""
    application = _begin(M.ENGAGE, application)
    application.assignments.filter(ended_on=None).update(engaged_on=on)
    clocks.stop(application, limits.ENGAGEMENT)
    return _complete(M.ENGAGE, application, by=by)


@transaction.atomic
def excuse_engagement(application, *, by, excuse):
    """The recipient or an objective cause prevents signing (Order 148 art. 27)."""
    application = _begin(M.EXCUSE_ENGAGEMENT, application)
    application.assignments.filter(ended_on=None).update(engagement_excuse=_said(excuse)[:200])
    clocks.stop(application, limits.ENGAGEMENT)
    return _complete(M.EXCUSE_ENGAGEMENT, application, by=by, note=excuse)


@transaction.atomic
def propose_termination(application, *, by, grounds, reason):
    """Propose to terminate on one of the eight grounds (LAL 48); another person decides."""
    application = _begin(M.PROPOSE_TERMINATION, application)
    _propose(application, DecisionKind.TERMINATE, by=by, grounds=grounds, reason=reason)
    return _complete(M.PROPOSE_TERMINATION, application, by=by, reason=grounds[0], note=reason)


@transaction.atomic
def terminate(application, *, by):
    """Make a proposed termination final (forms 18 and 19)."""
    application = _begin(M.TERMINATE, application)
    decision = _make_final(application, by=by)
    clocks.stop_all(application)
    clocks.start(application, limits.SERVICE)
    content = _decision_content(application, decision)
    letters.make(application, LetterKind.TERMINATION, by=by, content=content)
    letters.make(application, LetterKind.TERMINATION_LETTER, by=by, content=content)
    application.assignments.filter(ended_on=None).update(ended_on=timezone.localdate())
    return _complete(M.TERMINATE, application, by=by, note=decision.reason)


@transaction.atomic
def close(application, *, by, closed_on, result, summary, recovered=0, wages_recovered=0):
    """Close the case (结案, form 21); its file is due within 30 days of the closing date."""
    application = _begin(M.CLOSE, application)
    Closing.objects.create(
        application=application,
        closed_on=closed_on,
        result=result,
        summary=_said(summary),
        recovered=recovered,
        wages_recovered=wages_recovered,
        recorded_by=by,
    )
    clocks.stop(application, limits.ENGAGEMENT, limits.CHANGE_OF_PERSON)
    clocks.start(application, limits.FILE, at=_midnight(closed_on))
    letters.make(
        application,
        LetterKind.CLOSING,
        by=by,
        content={
            "closed_on": closed_on,
            "result": result,
            "summary": summary,
            "recovered": recovered,
            "wages_recovered": wages_recovered,
        },
    )
    return _complete(M.CLOSE, application, by=by, reason=result, note=summary)


@transaction.atomic
def hand_in_file(application, *, by, on):
    """The handler hands the file in; the center checks it within 30 days."""
    application = _begin(M.HAND_IN_FILE, application)
    Closing.objects.filter(application=application).update(materials_on=on)
    clocks.stop(application, limits.FILE)
    clocks.start(application, limits.FILE_CHECK, at=_midnight(on))
    return _complete(M.HAND_IN_FILE, application, by=by)


@transaction.atomic
def archive(application, *, by, on, file_check, archive_number, subsidy=None, note=""):
    """The file is checked and archived, the subsidy set (LAL 52)."""
    application = _begin(M.ARCHIVE, application)
    closing = application.closing
    if closing.materials_on is None:
        raise MoveRefused(_("The file has not been handed in."))
    closing.checked_on, closing.checked_by, closing.file_check = on, by, file_check
    closing.check_note, closing.subsidy, closing.archive_number = note, subsidy, archive_number
    closing.save()
    clocks.stop_all(application)
    return _complete(M.ARCHIVE, application, by=by, reason=file_check, note=note)


# ── Objection ───────────────────────────────────────────────────────────────────────────


@transaction.atomic
def receive_objection(application, *, by, received_on, words):
    """An objection to a refusal or termination comes in; the bureau has five days (LAL 49)."""
    application = _begin(M.OBJECT, application)
    decision = application.decisions.filter(state=DecisionState.MADE).last()
    if Objection.objects.filter(decision=decision).exists():
        raise MoveRefused(_("An objection to this decision is already there."))
    Objection.objects.create(
        decision=decision, received_on=received_on, words=_said(words), recorded_by=by
    )
    clocks.stop(application, limits.OBJECTION_PERIOD)
    clocks.start(application, limits.OBJECTION, at=_midnight(received_on))
    tell(
        Role.OFFICER,
        application.county,
        _("An objection was raised in %(number)s.") % {"number": application.number},
        kind="move",
        application=application,
    )
    return _complete(M.OBJECT, application, by=by, note=words)


@transaction.atomic
def decide_objection(application, *, by, outcome, reason):
    """The bureau upholds the decision or orders its correction, which changes the file (form 20)."""
    move = M.CORRECT_DECISION if outcome == ObjectionOutcome.CORRECTED else M.UPHOLD_DECISION
    application = _begin(move, application)
    objection = Objection.objects.filter(decision__application=application, outcome="").first()
    if objection is None:
        raise MoveRefused(_("There is no open objection."))
    objection.outcome, objection.reason = outcome, _said(reason)
    objection.decided_by, objection.decided_at = by, timezone.now()
    objection.save()
    clocks.stop(application, limits.OBJECTION)
    letters.make(
        application,
        LetterKind.OBJECTION,
        by=by,
        content={"outcome": outcome, "reason": reason, "words": objection.words},
    )
    if outcome == ObjectionOutcome.UPHELD:
        return _complete(move, application, by=by, note=reason)
    if objection.decision.kind == DecisionKind.REFUSE:
        clocks.start(application, limits.DECISION)
        return _complete(move, application, by=by, note=reason, end=Status.IN_REVIEW)
    clocks.start(application, limits.ASSIGNMENT)
    return _complete(move, application, by=by, note=reason, end=Status.GRANTED)


@transaction.atomic
def serve(letter, *, by, on, method, received_by_name):
    """A paper was served (送达, form 22). A decision served starts the time to object."""
    letter = type(letter).objects.select_for_update().get(pk=letter.pk)
    if letter.served_on:
        raise MoveRefused(_("This paper has been served already."))
    application = letter.application
    letter.served_on, letter.service_method, letter.served_by = on, method, by
    letter.received_by_name = received_by_name
    letter.save()
    _record(M.SERVE, application, application.status, by=by, note=letter.get_kind_display())
    kinds = {
        LetterKind.GRANT: DecisionKind.GRANT,
        LetterKind.REFUSAL: DecisionKind.REFUSE,
        LetterKind.TERMINATION: DecisionKind.TERMINATE,
    }
    if letter.kind in kinds:
        clocks.stop(application, limits.SERVICE)
        application.decisions.filter(kind=kinds[letter.kind], served_on=None).update(
            served_on=on
        )
        if letter.kind != LetterKind.GRANT:
            clocks.start(application, limits.OBJECTION_PERIOD, at=_midnight(on))
    return letter


# ── What the moves share ────────────────────────────────────────────────────────────────


def _begin(move, application):
    """Lock the application and ask the map; of two people pressing at once, one is refused."""
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("county__division", "intake_county", "station__county", "aid_matter")
        .get(pk=application.pk)
    )
    if application.status not in MOVES[move].start:
        last = application.events.select_related("made_by").last()
        raise MoveRefused(
            _(
                "%(who)s at %(time)s: this application is now “%(status)s”, so this cannot be done."
            )
            % {
                "who": last.made_by or _("The calendar"),
                "time": timezone.localtime(last.made_at).strftime("%H:%M"),
                "status": application.get_status_display(),
            }
        )
    return application


def _complete(move, application, *, by, reason="", note="", end=None):
    before = application.status
    application.status = end or MOVES[move].end or before
    application.save()
    _record(move, application, before, by=by, reason=reason, note=note)
    if application.status in ENDED:
        application.notices.open().update(done_at=timezone.now())
    return application


def _record(move, application, before, *, by, reason="", note=""):
    ApplicationEvent.objects.create(
        application=application,
        move=move,
        from_status=before,
        to_status=application.status,
        reason=reason,
        note=note,
        made_by=by,
    )


def _said(words):
    if not words.strip():
        raise MoveRefused(_("Say why; the other side reads it."))
    return words.strip()


def _names(materials):
    return "、".join(row.name for row in materials if row.state == MaterialState.GIVEN)


def _midnight(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day))


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
    words = _("%(number)s: less than seven days are left of a limitation or period.") % {
        "number": application.number
    }
    for role, place in (
        (Role.CLERK, application.station),
        (Role.HEAD, application.station),
        (Role.REVIEWER, application.county),
    ):
        tell(role, place, words, kind="urgent", application=application)


def _standard(application):
    standard = HardshipStandard.objects.in_force(application.county, timezone.localdate())
    if standard is None:
        return {}
    return {
        "monthly_per_head": str(standard.monthly_per_head),
        "basis": standard.basis,
        "valid_from": standard.valid_from.isoformat(),
    }


def _decide(application, kind, *, by, grounds=(), reason=""):
    """One person's decision: a grant."""
    return Decision.objects.create(
        application=application,
        kind=kind,
        state=DecisionState.MADE,
        grounds=list(grounds),
        reason=reason,
        rules_version=RULES_VERSION,
        standard=_standard(application),
        proposed_by=by,
        made_by=by,
        made_at=timezone.now(),
    )


def _granted(application, decision, *, by):
    clocks.stop(application, limits.DECISION)
    clocks.start(application, limits.ASSIGNMENT)
    clocks.start(application, limits.SERVICE)
    letters.make(
        application, LetterKind.GRANT, by=by, content=_decision_content(application, decision)
    )


def _propose(application, kind, *, by, grounds, reason):
    if not grounds:
        raise MoveRefused(_("Choose at least one ground."))
    tell(
        Role.DIRECTOR,
        application.county,
        _("%(number)s: a second person is needed.") % {"number": application.number},
        kind="move",
        application=application,
    )
    return Decision.objects.create(
        application=application,
        kind=kind,
        state=DecisionState.PROPOSED,
        grounds=list(grounds),
        reason=_said(reason),
        rules_version=RULES_VERSION,
        standard=_standard(application),
        proposed_by=by,
    )


def _proposed(application, *, by):
    decision = application.decisions.get(state=DecisionState.PROPOSED)
    if decision.proposed_by == by:
        raise MoveRefused(
            _("You proposed it yourself. A refusal or termination needs a second person.")
        )
    return decision


def _make_final(application, *, by):
    decision = _proposed(application, by=by)
    decision.state = DecisionState.MADE
    decision.made_by, decision.made_at = by, timezone.now()
    decision.save(update_fields=["state", "made_by", "made_at"])
    return decision


def _assign(application, *, by, worker, suggested_as, override_reason, replaced=None):
    if suggested_as != 1 and not override_reason.strip():
        raise MoveRefused(_("Say why not the person suggested first."))
    assignment = Assignment.objects.create(
        application=application,
        worker=worker,
        assigned_on=timezone.localdate(),
        assigned_by=by,
        suggested_as=suggested_as,
        override_reason=override_reason.strip(),
    )
    clocks.start(application, limits.ENGAGEMENT)
    content = {"worker": worker.name, "unit": worker.unit.name, "phone": worker.unit.phone}
    if replaced:
        content |= {"replaced": replaced.worker.name, "why": replaced.change_note}
    kind = LetterKind.CHANGE_NOTICE if replaced else LetterKind.ASSIGNMENT
    letters.make(application, kind, by=by, content=content)
    return assignment


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


def _decision_content(application, decision):
    return {
        "kind": decision.kind,
        "grounds": decision.grounds,
        "reason": decision.reason,
        "made_on": decision.made_on,
        "standard": decision.standard,
        "papers_due_on": decision.papers_due_on,
    }
