"""What complaints and suggestions ask of the bureau, the center and the stations, as chores."""

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from stations import chores
from stations.chores import Owed, owes
from stations.models import ChoreKind, DayOff, Station
from stations.roles import Role
from stations.sayings import saying

from ..models import Complaint, SatisfactionAnswer
from ..rules.deadlines import LIMITS
from ..terms import ComplaintStatus as S
from ..time_limits import complaint_clocks as complaint_clock

_STEPS = {
    S.RECEIVED: _("Complaint %(number)s: accept it or not"),
    S.FORWARDED: _("Complaint %(number)s: accept it or not"),
    S.SUPPLEMENTING: _("Complaint %(number)s: wait for what is missing"),
    S.ACCEPTED: _("Complaint %(number)s: investigate"),
    S.ENTRUSTED: _("Complaint %(number)s: ask for the findings"),
    S.FOUND: _("Complaint %(number)s: propose a decision"),
    S.DECIDED: _("Complaint %(number)s: serve the reply"),
}


def refresh_later(place):
    """Once the act that calls this is committed, the desks of a place show what is owed."""
    chores.refresh_later(place, ChoreKind.COMPLAINT)


@owes(ChoreKind.COMPLAINT)
def owed_for_complaints(place, today):
    """A county: each complaint whose clock runs. A station: suggestions nobody has answered."""
    if isinstance(place, Station):
        yield from _suggestions(place)
        return
    rows = (
        Complaint.objects.filter(county=place, status__in=_STEPS)
        .select_related("county__division", "about_worker")
        .prefetch_related("deadlines", "proposals")
    )
    for complaint in rows:
        yield from _of_complaint(complaint)


def _of_complaint(complaint):
    deadline = complaint_clock.running(complaint)
    proposal = next(
        (each for each in complaint.proposals.all() if each.is_approved is None), None
    )
    step = _("Complaint %(number)s: a second person decides") if proposal else None
    # The officers share a desk: of one of them the number is not told.
    is_about_staff = complaint.about_staff_id or (
        complaint.about_worker and complaint.about_worker.user_id
    )
    number = "" if is_about_staff else complaint.number
    url = reverse("casework:complaint_list") if is_about_staff else complaint.get_absolute_url()
    waits = complaint.status == S.SUPPLEMENTING
    yield Owed(
        key=f"{complaint.pk}",
        title=saying(step or _STEPS[complaint.status], number=number),
        url=url,
        act=_("Handle"),
        roles=(Role.OFFICER,),
        rule=str(LIMITS[deadline.number].name) if deadline else "",
        since_on=deadline.started_on if deadline else None,
        due_on=complaint.supply_by_on if waits else deadline and deadline.due_on,
    )
    if complaint.is_question_open and not is_about_staff:
        yield Owed(
            key=f"{complaint.pk}:answer",
            title=saying(_("Complaint %(number)s: the bureau asks the center"), number=number),
            url=url,
            act=pgettext_lazy("complaint", "Answer"),
            roles=(Role.REVIEWER, Role.DIRECTOR),
            due_on=deadline and deadline.due_on,
        )


def _suggestions(station):
    waiting = SatisfactionAnswer.objects.filter(station=station, reply="").suggestions()
    count = waiting.count()
    if not count:
        return
    since = waiting.aggregate(on=Min("answered_on"))["on"]
    yield Owed(
        key="suggestions",
        title=saying(
            ngettext_lazy(
                "%(count)d suggestion of visitors waits for an answer",
                "%(count)d suggestions of visitors wait for an answer",
                count,
            ),
            count=count,
        ),
        url=reverse("casework:suggestion_list"),
        act=pgettext_lazy("complaint", "Answer"),
        since_on=since,
        due_on=DayOff.objects.calendar(station.county).add_working_days(
            since, station.county.parameter("suggestion_working_days")
        ),
    )
