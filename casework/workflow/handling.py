"""The moves after a grant: who handles the case, and how it is closed and archived."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import clocks, letters, panel
from .. import deadlines as limits
from ..models import Assignment, Closing
from ..terms import LetterKind
from .moves import M, MoveRefused, begin, complete, midnight, said


@transaction.atomic
def assign(
    application,
    *,
    by,
    worker,
    suggested_as=None,
    override_reason="",
    is_life_or_death=None,
):
    """Assign the case to a person (指派, LAL 43, Order 148 art. 24, form 11).

    `is_life_or_death` corrects what the application says of it, which decides who may defend.
    Raises MoveRefused for a person the law keeps from the case.
    """
    application = begin(M.ASSIGN, application)
    if is_life_or_death is not None:
        application.is_life_or_death = is_life_or_death
    _assign(
        application,
        by=by,
        worker=worker,
        suggested_as=suggested_as,
        override_reason=override_reason,
    )
    clocks.stop(application, limits.ASSIGNMENT)
    return complete(M.ASSIGN, application, by=by, note=str(worker))


@transaction.atomic
def change_person(
    application,
    *,
    by,
    worker,
    reason,
    note,
    handed_over="",
    suggested_as=None,
    override_reason="",
):
    """Change who handles the case (更换法律援助人员, form 17); the file is handed over."""
    application = begin(M.CHANGE_PERSON, application)
    old = application.assignments.select_related("worker").get(ended_on=None)
    if old.worker == worker:
        raise MoveRefused(_("%(name)s already handles this case.") % {"name": worker})
    old.ended_on, old.change_reason, old.change_note = timezone.localdate(), reason, said(note)
    old.handed_over = handed_over.strip()
    old.save(update_fields=["ended_on", "change_reason", "change_note", "handed_over"])
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
    return complete(M.CHANGE_PERSON, application, by=by, reason=reason, note=words)


@transaction.atomic
def engage(application, *, by, on):
    """The engagement papers are signed (Order 148 art. 27)."""
    application = begin(M.ENGAGE, application)
    unsigned = application.assignments.filter(ended_on=None, engaged_on=None)
    if not unsigned.update(engaged_on=on):
        raise MoveRefused(_("The engagement papers are signed already."))
    clocks.stop(application, limits.ENGAGEMENT)
    return complete(M.ENGAGE, application, by=by)


@transaction.atomic
def excuse_engagement(application, *, by, excuse):
    """The recipient or an objective cause prevents signing (Order 148 art. 27)."""
    application = begin(M.EXCUSE_ENGAGEMENT, application)
    unsigned = application.assignments.filter(
        ended_on=None, engaged_on=None, engagement_excuse=""
    )
    if not unsigned.update(engagement_excuse=said(excuse)[:200]):
        raise MoveRefused(_("The engagement papers are signed or excused already."))
    clocks.stop(application, limits.ENGAGEMENT)
    return complete(M.EXCUSE_ENGAGEMENT, application, by=by, note=excuse)


@transaction.atomic
def close(application, *, by, closed_on, result, summary, recovered=0, wages_recovered=0):
    """Close the case (结案, form 21); its file is due within 30 days of the closing date."""
    application = begin(M.CLOSE, application)
    Closing.objects.create(
        application=application,
        closed_on=closed_on,
        result=result,
        summary=said(summary),
        recovered=recovered,
        wages_recovered=wages_recovered,
        recorded_by=by,
    )
    clocks.stop(application, limits.ENGAGEMENT, limits.CHANGE_OF_PERSON)
    clocks.start(application, limits.FILE, at=midnight(closed_on))
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
    return complete(M.CLOSE, application, by=by, reason=result, note=summary)


@transaction.atomic
def hand_in_file(application, *, by, on):
    """The handler hands the file in; the center checks it within 30 days."""
    application = begin(M.HAND_IN_FILE, application)
    waiting = Closing.objects.filter(application=application, materials_on=None)
    if not waiting.update(materials_on=on):
        raise MoveRefused(_("The file has been handed in already."))
    clocks.stop(application, limits.FILE)
    clocks.start(application, limits.FILE_CHECK, at=midnight(on))
    return complete(M.HAND_IN_FILE, application, by=by)


@transaction.atomic
def archive(application, *, by, on, file_check, archive_number, subsidy=None, note=""):
    """The file is checked and archived, the subsidy set (LAL 52).

    Raises MoveRefused when the number stands in this county's archive of the year already.
    """
    application = begin(M.ARCHIVE, application)
    closing = application.closing
    if closing.materials_on is None:
        raise MoveRefused(_("The file has not been handed in."))
    closing.checked_on, closing.checked_by, closing.file_check = on, by, file_check
    closing.check_note, closing.subsidy, closing.archive_number = note, subsidy, archive_number
    closing.archive_county, closing.archive_year = application.county, on.year
    try:
        with transaction.atomic():
            closing.save()
    except IntegrityError as taken:
        raise MoveRefused(
            _("The archive number %(number)s is taken this year. Give another one.")
            % {"number": archive_number}
        ) from taken
    clocks.stop_all(application)
    return complete(M.ARCHIVE, application, by=by, reason=file_check, note=note)


def _assign(application, *, by, worker, suggested_as, override_reason, replaced=None):
    if reasons := panel.why_not(application, worker):
        raise MoveRefused(
            _("%(name)s cannot be assigned: %(reasons)s.")
            % {"name": worker, "reasons": "；".join(reasons)}
        )
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
