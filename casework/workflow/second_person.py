"""Who decides what another person proposed against an applicant: two persons, never one.

As a rule the center's director. Where nobody but the proposer may decide, another person of the
center does; where the center has nobody else, the bureau's officer, who then hears no objection to
it (LAL 49: the bureau stands above the decision it looks at).
"""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.models import Appointment
from stations.roles import MAY, Ability, Role

from ..models import Decision
from ..terms import DecisionState

NOT_AGAIN = gettext_lazy(
    "You took part in this decision, so another officer of the bureau hears the objection."
)
# In the order in which they are asked.
_ASKED = (Ability.DECIDE, Ability.EXAMINE, Ability.HEAR_OBJECTION)
_TOLD = {
    Ability.DECIDE: Role.DIRECTOR,
    Ability.EXAMINE: Role.REVIEWER,
    Ability.HEAR_OBJECTION: Role.OFFICER,
}


def decider(county_id, proposer_id):
    """Return the ability that decides on what this person proposed in a county today."""
    return _decider(_holders(county_id), proposer_id)


def role_of(ability):
    """Return the role whose desk is told."""
    return _TOLD[ability]


def proposal_of(application):
    """Return what is proposed against the applicant and waits for its second person, or None."""
    return application.decisions.filter(state=DecisionState.PROPOSED).first()


def ability_for(application):
    """Return the ability that decides on the proposal that waits; the director's when none does."""
    proposal = proposal_of(application)
    if proposal is None:
        return Ability.DECIDE
    return decider(application.county_id, proposal.proposed_by_id)


def took_part(decision, user):
    """Whether this person proposed or made a decision: then they hear no objection to it."""
    return user.pk in {decision.proposed_by_id, decision.made_by_id}


def words_for(ability):
    """Say who is the second person where it is not the director; else an empty text."""
    return {
        Ability.EXAMINE: _(
            "The center's only director proposed it, so another person of the center decides."
        ),
        Ability.HEAR_OBJECTION: _(
            "The center has nobody else, so the bureau's officer decides. Whoever decides here hears"
            " no objection to it."
        ),
    }.get(ability, "")


def waiting_for(user):
    """Return the condition on `Application` of the proposals this person is the second person for."""
    found = Q(pk__in=[])
    for post in user.posts:
        mine = MAY[post.role].intersection(_ASKED)
        if not post.county_id or not mine:
            continue
        holders = _holders(post.county_id)
        people = set().union(*holders.values())
        proposers = {each for each in people if _decider(holders, each) in mine} - {user.pk}
        others = Decision.objects.filter(
            application=OuterRef("pk"), state=DecisionState.PROPOSED
        )
        # Who has left the center proposed it like anybody else.
        if _decider(holders, None) in mine:
            waits = others.exclude(proposed_by__in=people - proposers)
        else:
            waits = others.filter(proposed_by__in=proposers)
        found |= Q(Exists(waits.exclude(proposed_by=user)), county=post.county_id)
    return found


def _holders(county_id):
    """{ability: the people who hold it in the county today}, in one query."""
    posts = Appointment.objects.current(timezone.localdate()).filter(county=county_id)
    holders = {ability: set() for ability in _ASKED}
    for user_id, role in posts.values_list("user_id", "role"):
        for ability in MAY[role].intersection(_ASKED):
            holders[ability].add(user_id)
    return holders


def _decider(holders, proposer_id):
    return next((each for each in _ASKED if holders[each] - {proposer_id}), Ability.DECIDE)
