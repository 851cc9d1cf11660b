"""Question slips between the stations and the county: answered, late, waiting, shared with all."""

import tomllib
import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from stations.models import DayOff, QuestionSlip, QuestionSlipEvent, User
from stations.terms import Side, SlipMove, SlipStatus
from stations.upkeep import question_slips

from .facts import HERE

STATUS_AFTER = {
    SlipMove.ASK: SlipStatus.WAITING,
    SlipMove.ANSWER: SlipStatus.ANSWERED,
    SlipMove.CLOSE: SlipStatus.CLOSED,
}


def build(county, today):
    """Write the slips of the last month; one of the county's is answered late, one waits too long."""
    told = tomllib.loads((HERE / "question_slips.toml").read_text(encoding="utf-8"))
    calendar = DayOff.objects.calendar(county)
    for n, slip in enumerate(told["slip"]):
        _build(slip, n, county, today, calendar)


def _build(told, n, county, today, calendar):
    asker = User.objects.get(username=told["asker"])
    station = User.objects.get(username=told.get("to", told["asker"])).station
    side = question_slips.side_of(asker, station)
    asked_on = calendar.first_working_day_from(today - timedelta(days=told["days_ago"]))
    days = county.parameter("question_working_days")
    due_on = calendar.add_working_days(asked_on, days)
    answered_on = calendar.add_working_days(asked_on, told.get("answer_days", 0))
    asked_at, closed_at = _at(asked_on, 9, n), _at(answered_on, 16, n)
    events = [_event(SlipMove.ASK, told["words"], asker, side, asked_at)]
    if "answer" in told:
        person = User.objects.get(username=told["answered_by"])
        moment = _at(answered_on, 15, n)
        answer = _event(SlipMove.ANSWER, told["answer"], person, Side.COUNTY, moment)
        answer.is_in_time = answered_on <= due_on
        events.append(answer)
    if told.get("close"):
        events.append(_event(SlipMove.CLOSE, "", asker, side, closed_at))
    slip = QuestionSlip.objects.create(
        station=station,
        asked_side=side,
        topic=told["topic"],
        subject=told["subject"],
        asked_by=asker,
        asked_at=asked_at,
        due_on=due_on,
        status=STATUS_AFTER[events[-1].move],
        is_shared=told.get("is_shared", False),
        closed_at=closed_at if told.get("close") else None,
        client_key=uuid.UUID(int=n, version=4),
    )
    for event in events:
        event.slip = slip
    QuestionSlipEvent.objects.bulk_create(events)


def _event(move, words, by, side, at):
    return QuestionSlipEvent(move=move, words=words, by=by, side=side, at=at)


def _at(day, hour, minute):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
