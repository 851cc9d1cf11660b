"""What an applicant, and whoever passed an application on, is told of how it stands. Pure.

Stage and next step in plain words, without names and reasons. What is only proposed is not told:
a proposed refusal reads as the examination it still is.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..terms import Status


@dataclass(frozen=True)
class Progress:
    """`step` is the place in `STEPS`; `is_over` when nothing more comes."""

    step: int
    stage: Promise
    next_step: Promise
    is_over: bool = False


STEPS = (
    pgettext_lazy("progress", "handed in"),
    pgettext_lazy("progress", "examined"),
    pgettext_lazy("progress", "decided"),
    pgettext_lazy("progress", "handled"),
    pgettext_lazy("progress", "finished"),
)

_AT_STATION = Progress(
    0,
    _("The station has your application and is looking through it."),
    _("The station hands it to the county center. You need not do anything now."),
)
_EXAMINED = Progress(
    1,
    _("The center is examining your application."),
    _(
        "The center decides within seven days of the day you handed it in; days on which papers"
        " are supplied or another region checks are not counted. You will be told."
    ),
)
_GRANTED = Progress(
    2,
    _("Legal aid has been granted."),
    _("Within three days somebody is assigned to handle your case and gets in touch."),
)
_CLOSED = Progress(
    4,
    _("Your case is closed."),
    _("Nothing more is needed. The center may call to ask how it went."),
    is_over=True,
)

_STAGES = {
    Status.RECEIVED: _AT_STATION,
    Status.REVIEWED: _AT_STATION,
    Status.COUNTERSIGNED: _AT_STATION,
    Status.SUPPLEMENTING: Progress(
        0,
        _("Papers are still missing, and the time of the decision stands still."),
        _("Bring the papers named in the notice you were given, by the day it says."),
    ),
    Status.RETURNED: Progress(
        0,
        _("The station is completing your application for the center."),
        _("The station may call you. You need not do anything else now."),
    ),
    Status.FORWARDED: Progress(
        1,
        _("Your application is on its way to the center that decides."),
        _EXAMINED.next_step,
    ),
    Status.IN_REVIEW: _EXAMINED,
    Status.REFUSAL_PROPOSED: _EXAMINED,
    Status.GRANTED: _GRANTED,
    Status.ASSIGNED: Progress(
        3,
        _("Somebody has been assigned to your case and is handling it."),
        _(
            "You sign the papers together and are told of each step. Legal aid costs you nothing."
        ),
    ),
    Status.TERMINATION_PROPOSED: Progress(
        3,
        _("Legal aid has been granted and your case is being handled."),
        _("You are told of each step. Legal aid costs you nothing."),
    ),
    Status.CLOSED: _CLOSED,
    Status.ARCHIVED: _CLOSED,
    Status.REFUSED: Progress(
        2,
        _("Legal aid was not granted."),
        _("The decision you are given says why, and how to object."),
        is_over=True,
    ),
    Status.WITHDRAWN: Progress(
        1,
        _("Your application counts as withdrawn."),
        _("You may apply again at any time, at any station."),
        is_over=True,
    ),
    Status.TERMINATED: Progress(
        3,
        _("Legal aid has ended before its time."),
        _("The decision you are given says why, and how to object."),
        is_over=True,
    ),
    Status.PASSED_ON: Progress(
        1,
        _("Your application has been passed on to the institution that is responsible."),
        _("That institution tells you how it goes on. Ask there."),
        is_over=True,
    ),
}


# A proposal reads as what it was before.
_TOLD = {
    Status.REFUSAL_PROPOSED: Status.IN_REVIEW,
    Status.TERMINATION_PROPOSED: Status.ASSIGNED,
}


def told_status(status):
    """Return the status that whoever passed an application on may read of it."""
    return _TOLD.get(status, Status(status))


def progress(status):
    """Return the `Progress` of a status."""
    return _STAGES[Status(status)]
