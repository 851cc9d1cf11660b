"""What county and city owe on the way of demonstration stations, and the fifth a county owes."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from stations import chores
from stations.chores import Owed, owes
from stations.models import ChoreKind, County, DayOff
from stations.roles import Role
from stations.sayings import saying

from ..demonstration import OBJECTION_WORKING_DAYS, UNDER_WAY, WARN_DAYS, Stage
from ..models import Demonstration, DemonstrationObjection
from .candidates import boards

_COUNTY = (Role.OFFICER,)
# A step of the county, and the city's visit, within so many working days.
STEP_WORKING_DAYS, VISIT_WORKING_DAYS = 10, 20


@owes(ChoreKind.DEMONSTRATION)
def owed(place, today):
    """The next step of each application and name of a county; a plan and the fifth."""
    if not isinstance(place, County):
        return
    calendar = DayOff.objects.calendar(place)
    live = list(
        Demonstration.objects.filter(
            county=place, stage__in=[*UNDER_WAY, Stage.NAMED]
        ).for_list()
    )
    for each in live:
        if step := _step(each, today, calendar):
            yield step
    objections = DemonstrationObjection.objects.filter(
        demonstration__in=live, is_founded=None
    ).select_related("demonstration__station")
    for objection in objections:
        yield _of_objection(objection, calendar)
    yield from _of_quota(place, today)


def tell(county):
    """Find anew what is owed once the act that calls this is committed."""
    chores.refresh_later(county, ChoreKind.DEMONSTRATION)


def _step(each, today, calendar):
    station = each.station.short_name
    values = {"station": station}
    since = timezone.localdate(each.applied_at)
    within = STEP_WORKING_DAYS
    roles = _COUNTY
    match each.stage:
        case Stage.APPLIED:
            title, act = _("%(station)s applies for the name"), _("Look at it")
        case Stage.RECOMMENDED:
            title, act = (
                _("Check %(station)s on site"),
                pgettext_lazy("demonstration", "Note the check"),
            )
            since = timezone.localdate(each.recommended_at)
            roles, within = (Role.INSPECTOR,), VISIT_WORKING_DAYS
        case Stage.CHECKED:
            title, act = _("Hang out the proposal of %(station)s"), _("Hang it out")
            since = each.checked_on
        case Stage.PUBLISHED:
            if today <= each.published_until:
                return None
            title, act = _("Name %(station)s, or say why not"), _("Name it")
            since = each.published_until
        case _:
            return _renewal(each, today)
    return Owed(
        key=str(each.pk),
        title=saying(title, **values),
        url=each.get_absolute_url(),
        act=act,
        roles=roles,
        rule=_("Demonstration stations: at least a fifth"),
        since_on=since,
        due_on=calendar.add_working_days(since, within),
    )


def _of_objection(objection, calendar):
    """Without who said it or what: the list of chores is read by several."""
    each = objection.demonstration
    return Owed(
        key=f"objection:{objection.pk}",
        title=saying(
            _("Look into an objection to %(station)s"), station=each.station.short_name
        ),
        url=each.get_absolute_url(),
        act=_("Look at it"),
        roles=_COUNTY,
        rule=_("Demonstration stations: at least a fifth"),
        since_on=objection.came_on,
        due_on=calendar.add_working_days(objection.came_on, OBJECTION_WORKING_DAYS),
    )


def _renewal(each, today):
    warned_on = each.valid_until - timedelta(days=WARN_DAYS)
    if today < warned_on:
        return None
    return Owed(
        key=str(each.pk),
        title=saying(
            _("Look at %(station)s anew, its two years end"), station=each.station.short_name
        ),
        url=each.get_absolute_url(),
        act=_("Look at it"),
        roles=_COUNTY,
        rule=_("Every 24 months (clock 35)"),
        since_on=warned_on,
        due_on=each.valid_until,
    )


def _of_quota(county, today):
    [board] = boards([county], today.year)
    if board.is_met:
        return
    title = ngettext_lazy(
        "%(count)d demonstration station is missing to a fifth",
        "%(count)d demonstration stations are missing to a fifth",
        board.gap,
    )
    yield Owed(
        key="quota",
        title=saying(title, count=board.gap),
        text=""
        if board.plan
        else _("There is no plan for this year yet; the page ranks the candidates."),
        url=reverse("assessment:demonstration_list"),
        act=_("See the candidates"),
        roles=_COUNTY,
        rule=_("Demonstration stations: at least a fifth"),
        since_on=date(today.year, 1, 1),
        due_on=date(today.year, 12, 31),
    )
