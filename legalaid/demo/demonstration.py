"""Demonstration stations of the county: three with the name, one application under way; early signs."""

from datetime import timedelta

from django.utils import timezone

from assessment.demonstration import CheckPoint, Stage, Step, valid_until
from assessment.models import (
    Demonstration,
    DemonstrationCheck,
    DemonstrationEvent,
    DemonstrationPlan,
)
from assessment.naming import naming_duties
from assessment.naming.candidates import candidate, candidates, staff_of
from casework.early_signs import signs
from stations.models import Station, User
from stations.roles import Role
from stations.terms import ItemState, PremisesItem
from stations.upkeep import premises

# Code of the station, and for how many days it has had the name: the second is looked at anew soon.
NAMED = (("341525100", 410), ("341525110", 668), ("341525102", 95))
APPLYING = "341525106"
# So many days ago the application was handed in, and recommended.
APPLIED_BEFORE, RECOMMENDED_BEFORE = 9, 4
WORDS = (
    "本站为独立办公场所，门口无障碍，设有单独谈话间；联络员到村到组，台账当日登记、按月分析，"
    "愿意为邻近乡镇站带班、传经验。"
)
OPINION = "台账规范、公示齐全、群众反映好，推荐为示范点。"


def build(county, today):
    """Name three stations in the past, let a fourth apply, and look for early signs."""
    officer = User.objects.get(username="officer")
    inspector = User.objects.get(username="inspector")
    stations = Station.objects.in_bulk([code for code, _days in NAMED], field_name="code")
    for number, (code, days) in enumerate(NAMED, 1):
        _name(stations[code], number, today - timedelta(days=days), officer, inspector)
    _apply(county, today, officer)
    DemonstrationPlan.objects.create(
        county=county,
        year=today.year,
        wanted=4,
        words="以老示范点带动邻近乡镇，优先配齐公示和读卡设备。",
        set_by=officer,
    )
    signs.find(county, today)
    naming_duties.tell(county)


def _head_of(station):
    return station.appointments.filter(role=Role.HEAD).select_related("user")[0].user


def _moment(day, hour):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, hour))


def _name(station, number, on, officer, inspector):
    head = _head_of(station)
    made = Demonstration.objects.create(
        station=station,
        county=station.county,
        year=on.year,
        stage=Stage.NAMED,
        words=WORDS,
        applied_by=head,
        applied_at=_moment(on - timedelta(days=40), 9),
        recommended_by=officer,
        recommended_at=_moment(on - timedelta(days=30), 10),
        opinion=OPINION,
        checked_by=inspector,
        checked_on=on - timedelta(days=18),
        check_words="逐项查看，均符合。",
        published_from=on - timedelta(days=12),
        published_until=on - timedelta(days=4),
        named_by=officer,
        named_on=on,
        plaque_number=f"霍援示〔{on.year}〕{number}号",
        valid_until=valid_until(on),
        named_address=station.address,
        named_staff=sorted(staff_of(station, on)),
    )
    DemonstrationCheck.objects.bulk_create(
        DemonstrationCheck(demonstration=made, point=point, is_met=True) for point in CheckPoint
    )
    steps = [
        (Step.APPLY, "", Stage.APPLIED, head, 40),
        (Step.RECOMMEND, Stage.APPLIED, Stage.RECOMMENDED, officer, 30),
        (Step.CHECK, Stage.RECOMMENDED, Stage.CHECKED, inspector, 18),
        (Step.PUBLISH, Stage.CHECKED, Stage.PUBLISHED, officer, 12),
        (Step.NAME, Stage.PUBLISHED, Stage.NAMED, officer, 0),
    ]
    _events(made, [(*row[:4], on - timedelta(days=row[4])) for row in steps])


def _apply(county, today, officer):
    """The usual station applies when it meets all that is known, else the one nearest to it."""
    free = [each for each in candidates(county, today) if each.live is None]
    usual = [each for each in free if each.station.code == APPLYING and not each.unmet]
    stood = (usual or free)[0]
    station, head = stood.station, _head_of(stood.station)
    applied_on = today - timedelta(days=APPLIED_BEFORE)
    recommended_on = today - timedelta(days=RECOMMENDED_BEFORE)
    if stood.unmet:
        # What was still missing was bought before the station applied.
        premises.record(
            station,
            [(item, ItemState.THERE, "", b"") for item in PremisesItem],
            on=applied_on,
            by=head,
        )
        stood = candidate(station, today)
    made = Demonstration.objects.create(
        station=station,
        county=county,
        year=today.year,
        stage=Stage.RECOMMENDED,
        words=WORDS,
        conditions=[
            {"code": each.code, "name": each.name, "state": each.state, "says": each.says}
            for each in stood.conditions
        ],
        applied_by=head,
        applied_at=_moment(applied_on, 15),
        recommended_by=officer,
        recommended_at=_moment(recommended_on, 11),
        opinion=OPINION,
    )
    _events(
        made,
        [
            (Step.APPLY, "", Stage.APPLIED, head, applied_on),
            (Step.RECOMMEND, Stage.APPLIED, Stage.RECOMMENDED, officer, recommended_on),
        ],
    )


def _events(demonstration, steps):
    DemonstrationEvent.objects.bulk_create(
        DemonstrationEvent(
            demonstration=demonstration,
            step=step,
            from_stage=before,
            to_stage=after,
            by=by,
            at=_moment(day, 16),
        )
        for step, before, after, by, day in steps
    )
