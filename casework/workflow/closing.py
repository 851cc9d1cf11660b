"""How a case ends: closed, its file handed in, checked, archived, and the subsidy paid."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stations.templatetags.words import full_day

from ..letters import issuing
from ..models import Closing, FileReview
from ..rules import deadlines as limits
from ..terms import ChangeOutcome, FileCheck, LetterKind
from ..time_limits import clocks
from .handling import settle_request
from .moves import M, MoveRefused, begin, complete, midnight, said


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
    settle_request(application, ChangeOutcome.LAPSED, by=by)
    clocks.stop(application, limits.ENGAGEMENT, limits.CHANGE_OF_PERSON)
    clocks.start(application, limits.FILE, at=midnight(closed_on))
    issuing.make(
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
def return_file(application, *, by, on, missing, days):
    """The file does not pass: it goes back to its handler with what is missing and the days for it.

    It is archived only after it came again and passed; every check stays in the history.
    """
    application = begin(M.RETURN_FILE, application)
    closing, missing = _handed_in(application), said(missing)
    clocks.stop(application, limits.FILE_CHECK)
    deadline = clocks.start(application, limits.FILE, at=midnight(on), set_days=days)
    FileReview.objects.create(
        closing=closing,
        handed_in_on=closing.materials_on,
        checked_on=on,
        checked_by=by,
        outcome=FileCheck.FAILED,
        words=missing,
        due_on=deadline.due_on,
    )
    closing.materials_on = None
    closing.save(update_fields=["materials_on"])
    return complete(M.RETURN_FILE, application, by=by, reason=FileCheck.FAILED, note=missing)


@transaction.atomic
def archive(application, *, by, on, file_check, archive_number, subsidy=None, note=""):
    """The file passed its check: it is archived and the subsidy set, which clock 21 waits for (LAL 52).

    Raises MoveRefused for a file that did not pass, and when the number stands in this county's
    archive of the year already.
    """
    application = begin(M.ARCHIVE, application)
    closing = _handed_in(application)
    if file_check == FileCheck.FAILED:
        raise MoveRefused(_("A file that did not pass goes back to its handler."))
    FileReview.objects.create(
        closing=closing,
        handed_in_on=closing.materials_on,
        checked_on=on,
        checked_by=by,
        outcome=file_check,
        words=note,
    )
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
    clocks.stop(application, *(set(limits.LIMITS) - {limits.FILE_CHECK}))
    if not subsidy:
        clocks.stop(application, limits.FILE_CHECK)
    return complete(M.ARCHIVE, application, by=by, reason=file_check, note=note)


@transaction.atomic
def pay_subsidy(application, *, by, on, amount, voucher):
    """The subsidy was paid through the handler's unit (LAL 52); with it clock 21 ends."""
    application = begin(M.PAY_SUBSIDY, application)
    closing = Closing.objects.select_for_update().get(application=application)
    if closing.paid_on:
        raise MoveRefused(
            _("The subsidy was paid on %(day)s already, voucher %(number)s.")
            % {"day": full_day(closing.paid_on), "number": closing.voucher}
        )
    if not closing.subsidy:
        raise MoveRefused(_("No subsidy was set when the file was archived."))
    if amount > closing.subsidy:
        raise MoveRefused(
            _("More than the %(amount)s yuan that were set cannot be paid.")
            % {"amount": closing.subsidy}
        )
    closing.paid_on, closing.paid, closing.paid_by = on, amount, by
    closing.voucher = voucher.strip()
    closing.save(update_fields=["paid_on", "paid", "paid_by", "voucher"])
    clocks.stop(application, limits.FILE_CHECK)
    return complete(M.PAY_SUBSIDY, application, by=by, note=f"{amount} {closing.voucher}")


def _handed_in(application):
    """Its closing, whose file lies at the center to be checked."""
    closing = Closing.objects.select_for_update().get(application=application)
    if closing.materials_on is None:
        raise MoveRefused(_("The file has not been handed in."))
    return closing
