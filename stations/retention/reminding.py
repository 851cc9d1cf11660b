"""What the bureau owes of keeping and destruction: the clock only reminds, nothing is destroyed by it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..chores import Owed, owes
from ..models import ChoreKind, DestructionList, ListState, Station
from ..roles import Role
from ..sayings import saying
from . import lists

_STEPS = {
    ListState.DRAWN: (
        gettext_lazy("List of destruction %(number)s: a second person approves it"),
        pgettext_lazy("destruction", "Look through it"),
        (Role.OFFICER, Role.DIRECTOR),
    ),
    ListState.APPROVED: (
        gettext_lazy("List of destruction %(number)s is approved, to be carried out"),
        pgettext_lazy("destruction", "Carry out"),
        (Role.OFFICER,),
    ),
}


@owes(ChoreKind.RETENTION)
def owed_for_keeping(place, today):
    """A county: an open list, or that something falls due; that is so from each 1 January on."""
    if isinstance(place, Station):
        return
    listed = DestructionList.objects.open().filter(county=place).first()
    if listed:
        if listed.state in _STEPS:
            title, act, roles = _STEPS[listed.state]
            yield Owed(
                key=f"list-{listed.pk}-{listed.state}",
                title=saying(title, number=listed.number),
                url=listed.get_absolute_url(),
                act=act,
                roles=roles,
            )
        return
    if lists.falls_due(place, today):
        yield Owed(
            key=f"due-{today.year}",
            title=gettext_lazy("The time of keeping of some records is over"),
            text=gettext_lazy(
                "Nothing is destroyed by itself: one draws up a list, another approves it."
            ),
            url=reverse("stations:retention"),
            act=pgettext_lazy("destruction", "Look what falls due"),
            roles=(Role.OFFICER,),
            since_on=today.replace(month=1, day=1),
        )
