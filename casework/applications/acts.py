"""Who may make which move of an application, and which page it is made on.

The ability comes from the post, the place from the application: a station's act at the station that
took it in, a center's act in the county that is responsible for it now. Buttons and views both ask here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stations.roles import MAY, Ability

from .. import workflow
from ..terms import ApplicationMove as M
from ..workflow import second_person


@dataclass(frozen=True)
class Act:
    """One act of the record's page: its move, its page, what its button says, who may press it.

    `station` and `center` are the abilities it takes there. With `is_holder_s` only the side that
    holds the file may do it now. `is_plain` acts take one press, the others a page of their own.
    """

    move: M
    page: str
    label: Promise
    station: frozenset[Ability] = frozenset()
    center: frozenset[Ability] = frozenset()
    is_holder_s: bool = False
    is_plain: bool = False
    is_against: bool = False

    @property
    def abilities(self):
        return self.station | self.center


def _act(move, page, label, *, station=(), center=(), **flags):
    return Act(move, f"casework:{page}", label, frozenset(station), frozenset(center), **flags)


A = Ability

# In the order of their buttons: the first one allowed is the filled one.
ACTS = [
    _act(
        M.SIGN_FOR, "application_sign_for", _("Sign for it"), center=[A.EXAMINE], is_plain=True
    ),
    _act(
        M.SUPPLY,
        "application_supply",
        _("Papers have come"),
        station=[A.TAKE_IN],
        center=[A.EXAMINE],
    ),
    _act(M.REVIEW, "application_review", _("Give the opinion"), station=[A.REVIEW]),
    _act(M.COUNTERSIGN, "application_countersign", _("Sign it"), station=[A.COUNTERSIGN]),
    _act(
        M.FORWARD,
        "application_forward",
        _("Forward to the county center"),
        station=[A.COUNTERSIGN],
        is_plain=True,
    ),
    _act(M.GRANT, "application_grant", _("Grant legal aid"), center=[A.EXAMINE]),
    _act(M.REFUSE, "application_refuse", _("Look at the proposed refusal"), center=[A.DECIDE]),
    _act(
        M.TERMINATE,
        "application_terminate",
        _("Look at the proposed termination"),
        center=[A.DECIDE],
    ),
    _act(
        M.UPHOLD_DECISION,
        "application_objection_decide",
        _("Decide the objection"),
        center=[A.HEAR_OBJECTION],
    ),
    _act(M.ASSIGN, "application_assign", _("Assign it"), center=[A.EXAMINE]),
    _act(M.ENGAGE, "application_engage", _("Engagement papers"), center=[A.EXAMINE]),
    _act(M.HAND_IN_FILE, "application_hand_in", _("The file is in"), center=[A.EXAMINE]),
    _act(M.ARCHIVE, "application_archive", _("Check and archive"), center=[A.EXAMINE]),
    _act(M.PAY_SUBSIDY, "application_pay", _("Subsidy paid"), center=[A.SETTLE_SUBSIDY]),
    _act(M.CLOSE, "application_close", _("Close the case"), center=[A.EXAMINE]),
    _act(
        M.CHANGE_PERSON,
        "application_change_person",
        _("Change the person"),
        center=[A.EXAMINE],
    ),
    _act(
        M.REFUSE_CHANGE,
        "application_refuse_change",
        _("Refuse the change"),
        center=[A.EXAMINE],
        is_against=True,
    ),
    _act(
        M.ASK_CHANGE,
        "application_ask_change",
        _("Another person is asked for"),
        station=[A.TAKE_IN],
        center=[A.EXAMINE],
    ),
    _act(
        M.PROPOSE_REFUSAL,
        "application_propose_refusal",
        _("Propose to refuse"),
        center=[A.EXAMINE],
        is_against=True,
    ),
    _act(
        M.COMPLETE_PAPERS,
        "application_complete_papers",
        _("Papers supplied afterwards"),
        center=[A.EXAMINE],
    ),
    _act(
        M.ASK,
        "application_ask",
        _("Ask for papers"),
        station=[A.TAKE_IN],
        center=[A.EXAMINE],
        is_holder_s=True,
    ),
    _act(
        M.CHECK_PAPERS,
        "application_papers",
        _("Tick off papers"),
        station=[A.TAKE_IN],
        center=[A.EXAMINE],
        is_holder_s=True,
    ),
    _act(
        M.AMEND,
        "application_edit",
        _("Correct what was written"),
        station=[A.TAKE_IN],
        center=[A.EXAMINE],
        is_holder_s=True,
    ),
    _act(
        M.PROVIDE_FIRST,
        "application_provide_first",
        _("Provide aid first"),
        center=[A.EXAMINE],
    ),
    _act(M.RETURN, "application_return", _("Return to the station"), center=[A.EXAMINE]),
    _act(M.SEND_BACK, "application_send_back", _("Do not sign"), station=[A.COUNTERSIGN]),
    _act(
        M.OBJECT,
        "application_objection",
        _("An objection has come in"),
        station=[A.TAKE_IN],
        center=[A.EXAMINE, A.HEAR_OBJECTION],
    ),
    _act(
        M.PROPOSE_TERMINATION,
        "application_propose_termination",
        _("Propose to terminate"),
        center=[A.EXAMINE],
        is_against=True,
    ),
    _act(
        M.PASS_ON,
        "application_pass_on",
        _("Pass it on to another institution"),
        station=[A.COUNTERSIGN],
        center=[A.EXAMINE],
        is_holder_s=True,
    ),
    _act(
        M.DEEM_WITHDRAWN,
        "application_deem_withdrawn",
        _("Deem it withdrawn"),
        station=[A.TAKE_IN],
        center=[A.EXAMINE],
        is_holder_s=True,
        is_against=True,
    ),
    _act(
        M.WITHDRAW,
        "application_withdraw",
        _("The applicant withdraws"),
        station=[A.TAKE_IN],
        center=[A.EXAMINE],
        is_holder_s=True,
        is_against=True,
    ),
]
BY_MOVE = {act.move: act for act in ACTS}
# Made on the page of another move.
BY_MOVE[M.DECLINE_PROPOSAL] = BY_MOVE[M.REFUSE]
BY_MOVE[M.EXCUSE_ENGAGEMENT] = BY_MOVE[M.ENGAGE]
BY_MOVE[M.CORRECT_DECISION] = BY_MOVE[M.UPHOLD_DECISION]
BY_MOVE[M.RETURN_FILE] = BY_MOVE[M.ARCHIVE]
# Decided by a second person, who is not always the director.
SECOND = {M.REFUSE, M.TERMINATE, M.DECLINE_PROPOSAL}


def holds_at_station(user, application, *abilities):
    """Whether the user may do it at the station that took the application in.

    Once it was passed on to another county, its station keeps a trace and acts no more.
    """
    if application.county_id != application.intake_county_id:
        return False
    return any(
        post.station_id == application.station_id and MAY[post.role] & set(abilities)
        for post in user.posts
    )


def holds_at_center(user, application, *abilities):
    """Whether the user may do it in the county responsible for the application."""
    return any(
        post.county_id == application.county_id and MAY[post.role] & set(abilities)
        for post in user.posts
    )


def may_make(user, application, move):
    """Whether it is this person's to make the move of this application, whenever its moment is."""
    act = BY_MOVE[move]
    center = {second_person.ability_for(application)} if move in SECOND else act.center
    return holds_at_station(user, application, *act.station) or holds_at_center(
        user, application, *center
    )


def is_moment_for(user, application, move):
    """Whether the move can be made now, and by the side this person sits on."""
    if move not in workflow.moves_from(application):
        return False
    act = BY_MOVE[move]
    if not act.is_holder_s:
        return True
    if application.is_at_station:
        return holds_at_station(user, application, *act.station)
    return holds_at_center(user, application, *act.center)


def acts_now(user, application):
    """The acts open to this person now, in the order of their buttons."""
    return [
        act
        for act in ACTS
        if is_moment_for(user, application, act.move) and may_make(user, application, act.move)
    ]
