"""One table of who may do what when: every move × every standing of a file × every role.

The table is written down here from the law and the rules, not read from the code, and every
combination is tried.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.applications import acts
from casework.forms.moves import POINTS
from casework.models import Application
from casework.terms import ApplicationMove as M
from casework.terms import MaterialKind, MaterialState, Status
from stations.models import AidWorker
from stations.roles import Role

from ..test_workflow import MAKE

pytestmark = pytest.mark.django_db

# Who works where: at the station that took it in, and in the county responsible for it.
S = "duty clerk head"
C = "reviewer director"

# How a file can stand: the statuses, and where one status is not enough to say whose turn it is.
AT_STATION = "received returned reviewed countersigned supplementing"
AT_CENTER = (
    "supplementing_center forwarded in_review refusal_proposed granted granted_first assigned"
    " asked_change termination_proposed closed closed_in archived paid"
)
ENDED = "refused refused_objected terminated terminated_objected withdrawn passed_on"
STANDINGS = f"{AT_STATION} {AT_CENTER} {ENDED}".split()

# move: {the roles that may make it: in which standings}
TABLE = {
    # Papers are asked for and ticked off by whoever holds the file (LAL 43, rules 2.1).
    M.AMEND: {S: "received returned supplementing", C: "supplementing_center in_review"},
    M.CHECK_PAPERS: {
        S: "received returned supplementing",
        C: "supplementing_center in_review granted granted_first assigned asked_change",
    },
    M.ASK: {S: "received returned", C: "in_review"},
    # Papers may be brought to either counter (LAL 13).
    M.SUPPLY: {f"{S} {C}": "supplementing supplementing_center"},
    M.DEEM_WITHDRAWN: {S: "supplementing", C: "supplementing_center"},
    # Until the decision the applicant may take it back.
    M.WITHDRAW: {
        S: "received returned reviewed countersigned supplementing",
        C: "supplementing_center forwarded in_review refusal_proposed",
    },
    # The station reviews, its head signs and forwards; it never decides (rules 3.3, 4.1).
    M.REVIEW: {S: "received returned"},
    M.SEND_BACK: {"head": "reviewed"},
    M.COUNTERSIGN: {"head": "reviewed"},
    M.FORWARD: {"head": "countersigned"},
    # The center decides (LAL 43, 44).
    M.SIGN_FOR: {C: "forwarded"},
    M.RETURN: {C: "in_review"},
    M.GRANT: {C: "in_review"},
    M.PROVIDE_FIRST: {C: "forwarded in_review returned supplementing supplementing_center"},
    M.COMPLETE_PAPERS: {C: "granted_first"},
    # Against the applicant one person proposes and another decides: a reviewer proposed here.
    M.PROPOSE_REFUSAL: {C: "in_review"},
    M.REFUSE: {"director": "refusal_proposed"},
    M.PROPOSE_TERMINATION: {C: "granted granted_first assigned asked_change"},
    M.TERMINATE: {"director": "termination_proposed"},
    M.DECLINE_PROPOSAL: {"director": "refusal_proposed termination_proposed"},
    # Wrongly addressed: whoever holds it passes it on; at the station the head does.
    M.PASS_ON: {
        "head": "received returned supplementing",
        C: "supplementing_center forwarded in_review",
    },
    # A granted case is the center's (LAL 43, 52; Order 148 art. 24-28).
    M.ASSIGN: {C: "granted granted_first"},
    M.ENGAGE: {C: "assigned asked_change"},
    M.EXCUSE_ENGAGEMENT: {C: "assigned asked_change"},
    M.CHANGE_PERSON: {C: "assigned asked_change"},
    # A request for another person is taken down wherever it is made (LAL 55).
    M.ASK_CHANGE: {f"{S} {C}": "assigned"},
    M.REFUSE_CHANGE: {C: "asked_change"},
    M.CLOSE: {C: "assigned asked_change"},
    M.HAND_IN_FILE: {C: "closed"},
    M.RETURN_FILE: {C: "closed_in"},
    M.ARCHIVE: {C: "closed_in"},
    M.PAY_SUBSIDY: {"director": "archived"},
    # An objection is taken down by whoever is told it, and decided by the bureau (LAL 49).
    M.OBJECT: {f"{S} {C} officer": "refused terminated"},
    M.UPHOLD_DECISION: {"officer": "refused_objected terminated_objected"},
    M.CORRECT_DECISION: {"officer": "refused_objected terminated_objected"},
}


def allowed_of(move, standing):
    """The roles that the table lets make a move of a file that stands so."""
    return {
        role
        for roles, standings in TABLE[move].items()
        if standing in standings.split()
        for role in roles.split()
    }


# ── The world ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def people(
    liaison,
    duty,
    clerk,
    head,
    neighbour,
    reviewer,
    director,
    officer,
    inspector,
    system_admin,
    security_admin,
    audit_admin,
    stranger,
):
    everybody = (
        liaison,
        duty,
        clerk,
        head,
        neighbour,
        reviewer,
        director,
        officer,
        inspector,
        system_admin,
        security_admin,
        audit_admin,
        stranger,
    )
    return {user.username: user for user in everybody}


@pytest.fixture
def files(people, make_application, make_case, make_worker):
    """{standing: an application that stands so}, each led there by its moves."""
    clerk, reviewer, director = (people[name] for name in ("clerk", "reviewer", "director"))
    make_worker("郑法")
    make_worker("孟律")
    today = timezone.localdate()
    asked = {"items": ["欠条"], "days": 5, "served_on": today - timedelta(days=20)}

    def at(status, **fields):
        return make_application(status=status, id_number="", **fields)

    def case(**fields):
        return make_case(id_number="", **fields)

    def proposed(application):
        return workflow.propose_refusal(
            application, by=reviewer, grounds=["other"], reason="不符合"
        )

    def ended(application):
        return workflow.propose_termination(
            application, by=reviewer, grounds=["48-7"], reason="本人要求"
        )

    def objected(application):
        return workflow.receive_objection(
            application, by=clerk, received_on=today, words="不服"
        )

    def refused():
        return workflow.refuse(proposed(at(Status.IN_REVIEW)), by=director)

    def terminated():
        return workflow.terminate(ended(at(Status.GRANTED)), by=director)

    found = {
        "received": at(Status.RECEIVED),
        "returned": workflow.return_to_station(
            at(Status.IN_REVIEW), by=reviewer, reason="other", note="补"
        ),
        "reviewed": at(Status.REVIEWED),
        "countersigned": at(Status.COUNTERSIGNED),
        "supplementing": workflow.ask_for_documents(at(Status.RECEIVED), by=clerk, **asked),
        "supplementing_center": workflow.ask_for_documents(
            at(Status.IN_REVIEW), by=reviewer, **asked
        ),
        "forwarded": at(Status.FORWARDED),
        "in_review": at(Status.IN_REVIEW),
        "refusal_proposed": proposed(at(Status.IN_REVIEW)),
        "granted": at(Status.GRANTED),
        "granted_first": workflow.provide_first(
            at(Status.IN_REVIEW, missing=[MaterialKind.ID_DOCUMENT]),
            by=reviewer,
            grounds=["44-1"],
            days=7,
        ),
        "assigned": case(),
        "asked_change": MAKE[M.ASK_CHANGE](case(), clerk),
        "termination_proposed": ended(at(Status.GRANTED)),
        "closed": case(status=Status.CLOSED),
        "closed_in": case(status=Status.CLOSED, is_file_in=True),
        "archived": case(status=Status.ARCHIVED),
        "paid": MAKE[M.PAY_SUBSIDY](case(status=Status.ARCHIVED), director),
        "refused": refused(),
        "refused_objected": objected(refused()),
        "terminated": terminated(),
        "terminated_objected": objected(terminated()),
        "withdrawn": workflow.withdraw(at(Status.RECEIVED), by=clerk, note="不申请了"),
        "passed_on": workflow.pass_on(
            at(Status.IN_REVIEW), by=reviewer, reason="不归我们", to_institution="市中心"
        ),
    }
    # The papers owed after aid was provided first have come.
    owed = found["granted_first"].materials
    owed.update(state=MaterialState.GIVEN, given_on=today)
    return found


def make(move, application, by):
    """Make a move as its page does, and take it back. Returns whether it was made."""
    workers = iter(AidWorker.objects.order_by("pk"))
    doers = {
        M.ASSIGN: lambda: workflow.assign(
            application, by=by, worker=next(workers), suggested_as=1
        ),
        M.CHANGE_PERSON: lambda: workflow.change_person(
            application,
            by=by,
            worker=AidWorker.objects.exclude(assignments__application=application)[0],
            reason="other",
            note="病了",
            suggested_as=1,
        ),
        M.AMEND: lambda: workflow.amend(
            application,
            by=by,
            changes={"claims": "x"},
            version=application.version,
            note="笔误",
        ),
    }
    try:
        with transaction.atomic():
            doers.get(move, lambda: MAKE[move](application, by))()
            transaction.set_rollback(True)
    except workflow.MoveRefused:
        return False
    return True


# ── The trials ──────────────────────────────────────────────────────────────────────────


def test_the_table_names_every_move_and_every_status(files):
    assert set(TABLE) == set(workflow.MOVES)
    assert set(files) == set(STANDINGS)
    assert {each.status for each in files.values()} == set(Status)
    named = {
        name for rows in TABLE.values() for words in rows.values() for name in words.split()
    }
    assert named <= set(STANDINGS)


def test_every_move_of_every_standing_is_for_just_the_roles_of_the_table(files, people):
    wrong = []
    for standing, application in files.items():
        for move in TABLE:
            may = {
                name
                for name, user in people.items()
                if acts.is_moment_for(user, application, move)
                and acts.may_make(user, application, move)
                and Application.objects.visible_to(user).filter(pk=application.pk).exists()
                and make(move, application, user)
            }
            if may != allowed_of(move, standing):
                wrong.append(
                    (move.value, standing, sorted(may), sorted(allowed_of(move, standing)))
                )
    assert wrong == []


# What each page of a move takes; the others take one press.
TYPED = {
    M.REVIEW: {"conclusion": "grant", "words": "符合条件。", "no_recusal": "on"},
    M.SEND_BACK: {"note": "重写"},
    M.RETURN: {"reason": "other", "note": "补"},
    M.PROVIDE_FIRST: {"grounds": ["44-1"], "days": "7"},
    M.PROPOSE_REFUSAL: {"grounds": ["other"], "reason": "不符合"},
    M.PROPOSE_TERMINATION: {"grounds": ["48-7"], "reason": "本人要求"},
    M.DECLINE_PROPOSAL: {"note": "再查"},
    M.WITHDRAW: {"note": "不申请了"},
    M.DEEM_WITHDRAWN: {"note": "没来", "confirms": "on"},
    M.ASK: {"more": "欠条", "days": "5"},
    M.ASK_CHANGE: {"asked_by": "recipient", "ground": "other", "words": "请换人"},
    M.REFUSE_CHANGE: {"reason": "已尽职"},
    M.CLOSE: {"result": "won", "recovered": "0", "wages_recovered": "0", "summary": "胜诉"},
    M.RETURN_FILE: {"file_check": "failed", "note": "缺笔录", "days": "10"},
    M.ARCHIVE: {"file_check": "good", "archive_number": "1号", "days": ""},
    M.PAY_SUBSIDY: {"amount": "1500", "voucher": "凭1"},
    M.OBJECT: {"words": "不服"},
    M.UPHOLD_DECISION: {"outcome": "upheld", "reason": "正确"},
    M.CORRECT_DECISION: {"outcome": "corrected", "reason": "有误"},
    M.EXCUSE_ENGAGEMENT: {"excuse": "在外地"},
    M.PASS_ON: {"to_institution": "市中心", "reason": "不归我们", "told_how": "电话"},
}
PAGES = {
    M.DECLINE_PROPOSAL: "application_decline_proposal",
    M.EXCUSE_ENGAGEMENT: "application_excuse",
}


def typed(move, application):
    today = timezone.localdate().isoformat()
    days = dict.fromkeys(("on", "served_on", "asked_on", "closed_on", "received_on"), today)
    if move in {M.ASSIGN, M.CHANGE_PERSON}:
        worker = AidWorker.objects.exclude(assignments__application=application).first()
        return {
            "worker": worker.pk,
            "override_reason": "受援人信任",
            "reason": "other",
            "note": "病了",
            "handed_over": "全部材料",
        }
    papers = {f"state_{row.pk}": MaterialState.GIVEN for row in application.materials.all()}
    agreed = {f"holds_{code}": "agrees" for code in POINTS}
    return days | papers | agreed | TYPED.get(move, {})


def test_the_pages_make_a_move_for_just_these_roles(files, people, client):
    """Those whose work it might be press each page once, where the table lets somebody make the move.

    Who has no application at all in sight is refused page by page in `tests.test_access`.
    """
    wrong = []
    # Corrected and passed on are on forms of many fields, which have tests of their own.
    for move in set(TABLE) - {M.AMEND, M.PASS_ON}:
        standing = next(iter(TABLE[move].values())).split()[0]
        application, roles = files[standing], allowed_of(move, standing)
        page = PAGES.get(move, acts.BY_MOVE[move].page.removeprefix("casework:"))
        address = reverse(f"casework:{page}", args=[application.pk])
        data = typed(move, application)
        events = application.events.count()
        for name in ["clerk", "head", "neighbour", "reviewer", "director", "officer"]:
            client.force_login(people[name])
            with transaction.atomic():
                answer = client.post(address, data)
                is_made = application.events.count() > events
                transaction.set_rollback(True)
            # 422: the other side holds the file now, which a sentence says.
            expected = {302} if name in roles else {403, 404, 422}
            if is_made != (name in roles) or answer.status_code not in expected:
                wrong.append((move.value, standing, name, answer.status_code))
    assert wrong == []


def test_everybody_of_the_site_has_a_column(people):
    roles = {post.role for user in people.values() for post in user.posts}
    assert roles == set(Role)
