"""Messages inside the office, as tasks that wait on a desk for whoever holds the post that day; and
what an applicant is told, by a message where one can be sent and by telephone where none can.
"""

from functools import partial

from django.db import transaction
from django.utils import timezone

from stations.errands import hand_over
from stations.models import Station
from stations.roles import Role

from . import messages
from .models import Notice
from .terms import NoticeKind

SEND = "casework.tasks.send_message"


def tell(role, place, words, *, kind, application=None, deadline=None):
    """Put a task on the desk of a role at a station or county. Returns the `Notice`.

    `words` are said in the language of whoever reads them (`stations.sayings`) and never hold
    personal data beyond a name; `kind` is a `NoticeKind`.
    """
    where = {"station": place} if isinstance(place, Station) else {"county": place}
    return Notice.objects.create(
        role=role,
        kind=kind,
        words=words,
        application=application,
        deadline=deadline,
        **where,
    )


def tell_applicant(application, words):
    """Let the applicant know: by a message after the commit, else by a call of the station.

    Call last in the transaction of a move. Where the application came from another county, the
    center that has it now calls. `words` are what is said, without personal data.
    """
    is_ours = application.county_id == application.intake_county_id
    role, place = (
        (Role.CLERK, application.station) if is_ours else (Role.REVIEWER, application.county)
    )
    is_sent = messages.messenger().reaches(application)
    notice = tell(
        role,
        place,
        words,
        kind=NoticeKind.MESSAGE if is_sent else NoticeKind.CALL,
        application=application,
    )
    if is_sent:
        transaction.on_commit(partial(hand_over, SEND, notice.pk))
    return notice


def deliver(notice_id):
    """Send one message, or turn it into a call when it cannot be sent. A second run sends nothing."""
    notice = (
        Notice.objects.open()
        .filter(kind=NoticeKind.MESSAGE)
        .select_related("application")
        .filter(pk=notice_id)
        .first()
    )
    if notice is None:
        return
    try:
        messages.messenger().send(notice.application, notice.words)
    except messages.NotDelivered:
        Notice.objects.filter(pk=notice_id).update(kind=NoticeKind.CALL)
    else:
        Notice.objects.filter(pk=notice_id).update(done_at=timezone.now())


def done(notice, *, by):
    """Take a notice off the desk. A second press does no harm."""
    return Notice.objects.open().filter(pk=notice.pk).update(done_at=timezone.now(), done_by=by)
