"""How the invented applications of `bench.make_applications` go their way: shares, moves, clocks.

The shares are not a county's: half a clock runs for each application, as if the work had been left
lying, so that boards and queues are long. Pure.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from casework.rules import deadlines as limits
from casework.terms import ApplicationMove as M
from casework.terms import LetterKind as L
from casework.terms import Status

YEARS = 5
CHINA = ZoneInfo("Asia/Shanghai")
# How many of a thousand stand where, and how long ago the last move was, in days at most; what has
# ended lies in all the years.
SHARES = {
    Status.RECEIVED: (65, 6), Status.SUPPLEMENTING: (25, 14), Status.REVIEWED: (25, 3), Status.COUNTERSIGNED: (12, 2),
    Status.FORWARDED: (25, 3), Status.IN_REVIEW: (45, 6), Status.RETURNED: (10, 4), Status.REFUSAL_PROPOSED: (5, 4),
    Status.GRANTED: (40, 5), Status.ASSIGNED: (180, 120), Status.TERMINATION_PROPOSED: (3, 5),
    Status.CLOSED: (75, 34), Status.REFUSED: (50, 0), Status.WITHDRAWN: (25, 0), Status.TERMINATED: (10, 0),
    Status.ARCHIVED: (405, 0),
}  # fmt: skip
# The usual way: (move, status after it, days since the move before).
WAY = [
    (M.RECEIVE, Status.RECEIVED, (0, 0)), (M.REVIEW, Status.REVIEWED, (0, 2)),
    (M.COUNTERSIGN, Status.COUNTERSIGNED, (0, 1)), (M.FORWARD, Status.FORWARDED, (0, 1)),
    (M.SIGN_FOR, Status.IN_REVIEW, (0, 1)), (M.GRANT, Status.GRANTED, (1, 3)),
    (M.ASSIGN, Status.ASSIGNED, (0, 3)), (M.ENGAGE, Status.ASSIGNED, (1, 5)),
    (M.CLOSE, Status.CLOSED, (20, 160)), (M.HAND_IN_FILE, Status.CLOSED, (2, 30)),
    (M.ARCHIVE, Status.ARCHIVED, (1, 30)),
]  # fmt: skip
ASKED = [(M.ASK, Status.SUPPLEMENTING, (0, 1)), (M.SUPPLY, Status.RECEIVED, (1, 10))]
REFUSING = [
    (M.PROPOSE_REFUSAL, Status.REFUSAL_PROPOSED, (1, 3)),
    (M.REFUSE, Status.REFUSED, (0, 2)),
]
ENDING = [
    (M.PROPOSE_TERMINATION, Status.TERMINATION_PROPOSED, (10, 60)),
    (M.TERMINATE, Status.TERMINATED, (0, 3)),
]
# What turns off the usual way: after which status, and the moves that follow.
TURNS = {
    Status.RETURNED: (Status.IN_REVIEW, [(M.RETURN, Status.RETURNED, (0, 2))]),
    Status.REFUSAL_PROPOSED: (Status.IN_REVIEW, REFUSING[:1]),
    Status.REFUSED: (Status.IN_REVIEW, REFUSING),
    Status.WITHDRAWN: (Status.RECEIVED, [(M.WITHDRAW, Status.WITHDRAWN, (1, 6))]),
    Status.TERMINATION_PROPOSED: (Status.ASSIGNED, ENDING[:1]),
    Status.TERMINATED: (Status.ASSIGNED, ENDING),
}
# The clocks a move stops and starts, as `casework.workflow` does.
ALL = tuple(limits.LIMITS)
CLOCKS = {
    M.RECEIVE: ((), (limits.DECISION, limits.FORWARDING)),
    M.ASK: ((limits.FORWARDING,), (limits.SUPPLEMENT,)),
    M.SUPPLY: ((limits.SUPPLEMENT,), (limits.FORWARDING,)),
    M.FORWARD: ((limits.FORWARDING,), (limits.SIGNING,)),
    M.SIGN_FOR: ((limits.SIGNING,), ()),
    M.RETURN: ((), (limits.FORWARDING,)),
    M.GRANT: ((limits.DECISION,), (limits.ASSIGNMENT, limits.SERVICE)),
    M.ASSIGN: ((limits.ASSIGNMENT,), (limits.ENGAGEMENT,)),
    M.ENGAGE: ((limits.ENGAGEMENT,), ()),
    M.CLOSE: ((limits.ENGAGEMENT,), (limits.FILE,)),
    M.HAND_IN_FILE: ((limits.FILE,), (limits.FILE_CHECK,)),
    M.ARCHIVE: (ALL, ()),
    M.REFUSE: (ALL, (limits.SERVICE,)),
    M.TERMINATE: (ALL, (limits.SERVICE,)),
    M.WITHDRAW: (ALL, ()),
}
# The paper a move makes.
PAPERS = {
    M.RECEIVE: L.RECEIPT, M.ASK: L.SUPPLEMENT, M.FORWARD: L.REVIEW, M.GRANT: L.GRANT,
    M.REFUSE: L.REFUSAL, M.ASSIGN: L.ASSIGNMENT, M.CLOSE: L.CLOSING, M.TERMINATE: L.TERMINATION,
}  # fmt: skip


def way_to(status, chance):
    """Return the moves by which an application comes to stand in a status."""
    if status == Status.SUPPLEMENTING:
        return [WAY[0], ASKED[0]]
    last, turn = TURNS.get(status, (status, []))
    moves = []
    for move in WAY:
        # Some have not signed the engagement yet, or handed in the file.
        if moves and moves[-1][1] == last and (move[1] != last or chance.random() < 0.35):
            break
        moves.append(move)
        if move[0] == M.RECEIVE and last != Status.RECEIVED and chance.random() < 0.2:
            moves += ASKED
    return moves + turn


def plan(count, until, chance):
    """Return [(status, [(move, status after, moment)])] of all applications, the oldest first."""
    planned = []
    shares = [share for share, _age in SHARES.values()]
    for status in chance.choices(list(SHARES), shares, k=count):
        moves = way_to(status, chance)
        days = [chance.randint(*gap) for _move, _after, gap in moves]
        age = SHARES[status][1]
        days_ago = (
            chance.randint(1, age)
            if age
            else int(YEARS * 365 * (1 - chance.random() ** 0.8)) + 3
        )
        day = until - timedelta(days=days_ago + sum(days))
        minutes = sorted(chance.randrange(8 * 60, 17 * 60) for _move in moves)
        way = []
        for (move, after, _gap), gap, minute in zip(moves, days, minutes, strict=True):
            day += timedelta(days=gap)
            moment = datetime(day.year, day.month, day.day, *divmod(minute, 60), tzinfo=CHINA)
            way.append((move, after, moment))
        planned.append((status, way))
    planned.sort(key=lambda each: each[1][0][2])
    return planned
