"""What becomes of applications: the dropped, the case files, and those that are kept for good."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from casework import workflow
from casework.analysis.returns import make_return
from casework.analysis.station_year import station_year
from casework.models import (
    Application,
    CooperationLetter,
    Deadline,
    FollowUp,
    FollowUpDraw,
    HardshipCheck,
    HouseholdMember,
    Letter,
    Material,
    Objection,
    Party,
    ProgressNote,
    TypicalCase,
    Upload,
)
from casework.periods import parse_period
from casework.terms import Status
from stations.privacy import keyed_hash, seal
from stations.retention.schedule import due_of, line_of

pytestmark = pytest.mark.django_db

PHONE, IDENTITY = "13987654321", "349001196511010027"


def whole_case(make_case, clerk, reviewer):
    """An archived case with something planted in everything that hangs on an application."""
    application = make_case(
        status=Status.ARCHIVED,
        name="独孤甲乙",
        phone=PHONE,
        id_number=IDENTITY,
        birth_on=date(1965, 11, 1),
        ethnic_group="独族",
        address="独墅湖边七号",
        employer="独木公司",
        claims="独占的工钱",
        facts="独白一段",
        household_note="独门独院",
        safe_contact="独处时",
    )
    Party.objects.create(
        application=application,
        side="opponent",
        kind="organisation",
        name="独木公司",
        name_key="独木公司",
        phone=PHONE,
    )
    Party.objects.create(
        application=application,
        side="co_applicant",
        kind="person",
        name="独孤丙",
        name_key="独孤丙",
    )
    HouseholdMember.objects.create(
        application=application, name="独孤丁", relation="spouse", monthly_income="3000"
    )
    Upload.objects.create(
        material=Material.objects.filter(application=application).first(),
        name="1.pdf",
        media_type="application/pdf",
        size=4,
        sha256="d" * 64,
        content=seal("独件".encode()),
    )
    ProgressNote.objects.create(
        application=application,
        happened_on=timezone.localdate(),
        words="独自会见",
        written_by=reviewer,
    )
    settle_clocks()
    return application


@contextmanager
def undone():
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def settle_clocks():
    """Letters are served and subsidies paid: no time limit runs any more."""
    Deadline.objects.update(stopped_at=timezone.now())


def figures(county):
    """What a year and a return count of the rows there are now."""
    year = Application.objects.get().year
    return (
        make_return(parse_period(str(year)), [county]),
        station_year(county, date(year, 1, 1), date(year, 12, 31)),
    )


def test_a_destroyed_case_leaves_its_skeleton_its_figures_and_not_one_word(
    make_case, clerk, reviewer, county, destroy, later, found_in_database, client, director
):
    application = whole_case(make_case, clerk, reviewer)
    hashes = (application.id_hash, application.phone_hash)
    later(years=31)
    before = figures(county)

    listed = destroy("case_files")

    kept = Application.objects.get(pk=application.pk)
    assert found_in_database("独", PHONE, IDENTITY, *hashes, "dddd") == set()
    assert kept.number == application.number
    assert (kept.status, kept.aid_matter_id, kept.people_groups) == (
        Status.ARCHIVED,
        application.aid_matter_id,
        application.people_groups,
    )
    # The returns count the age at the grant, those who applied together, and the minorities.
    assert kept.birth_on.year == 1965
    assert kept.birth_on != application.birth_on
    assert figures(county) == before
    assert not HouseholdMember.objects.exists()
    assert {bytes(letter.content) for letter in Letter.objects.all()} == {b""}

    later()
    client.force_login(director)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert f"按保管期限销毁（清单{listed.number}）" in page
    assert "已归档" in page
    letter = Letter.objects.first()
    assert client.get(reverse("casework:letter_print", args=[letter.pk])).status_code == 404
    assert not Upload.objects.visible_to(director).exists()
    with pytest.raises(workflow.MoveRefused, match="销毁"):
        workflow.hand_in_file(kept, by=director, on=timezone.localdate())
    assert workflow.moves_from(kept) == set()
    # Nobody is found by it any more.
    found = Application.objects.perhaps_same_person(
        id_hash=keyed_hash(IDENTITY),
        phone_hash=keyed_hash(PHONE),
        name="独孤甲乙",
        village=kept.village,
    )
    assert not found.exists()


def refused(make_application, reviewer, director, **fields):
    application = make_application(status=Status.IN_REVIEW, **fields)
    workflow.propose_refusal(
        application, by=reviewer, grounds=["out_of_scope"], reason="不属于法律援助事项"
    )
    return workflow.refuse(application, by=director)


def test_what_was_refused_falls_due_after_ten_years_and_with_an_objection_after_thirty(
    make_application, reviewer, director, officer, county
):
    plain = refused(make_application, reviewer, director)
    objected = refused(make_application, reviewer, director, name="有异议的人")
    objection = workflow.receive_objection(
        objected, by=officer, received_on=timezone.localdate(), words="我不服"
    )

    def due(code, year):
        line = line_of(county, code)
        before = date(year - line.years, 1, 1)
        keeper = line.keeper
        stops = [stop.rows for stop in keeper.all_stops(county, date(year, 1, 1))]
        rows = keeper.due(county, before)
        for stop in stops:
            rows = rows.exclude(stop)
        return set(rows.values_list("pk", flat=True))

    this = timezone.localdate().year
    assert due("applications_dropped", this + 11) == set()  # The refusal is not served yet.
    settle_clocks()
    assert due("applications_dropped", this + 10) == set()
    assert due("applications_dropped", this + 11) == {plain.pk}
    assert due("case_files", this + 31) == set()
    workflow.decide_objection(objected, by=officer, outcome="upheld", reason="决定正确")
    assert due("case_files", this + 31) == {objected.pk}
    # Overturned, it is kept for good.
    Objection.objects.update(outcome="corrected")
    assert due("case_files", this + 31) == set()
    assert due_of(county, line_of(county, "case_files"), timezone.localdate()).for_good == 1
    assert objection


@pytest.fixture
def archived(make_case, later):
    """A case that was archived 31 years ago, with nothing open about it."""
    application = make_case(status=Status.ARCHIVED)
    settle_clocks()
    later(years=31)
    return application


def test_important_cases_are_kept_for_good(archived, county, reviewer, officer):
    keeper = line_of(county, "case_files").keeper
    assert keeper.rows(county).exists()

    def make(model, **fields):
        return model.objects.create(application=archived, **fields)

    important = [
        lambda: Application.objects.update(is_group=True),
        lambda: Application.objects.update(is_life_or_death=True),
        lambda: make(
            ProgressNote,
            happened_on=timezone.localdate(),
            words="群体性",
            is_major=True,
            written_by=reviewer,
        ),
        lambda: make(
            TypicalCase,
            county=county,
            title="某人讨薪案",
            text="某人……",
            state="published",
            written_by=reviewer,
            reviewed_by=officer,
        ),
    ]
    for number, happens in enumerate(important):
        with undone():
            happens()
            assert not keeper.rows(county).exists(), number
            assert keeper.kept_for_good(county).get() == archived


def test_what_is_still_open_about_a_case_stops_it(archived, county, reviewer, officer):
    line, day = line_of(county, "case_files"), timezone.localdate()
    assert due_of(county, line, day).count == 1

    def complained():
        archived.complaints.create(
            county=county,
            year=2026,
            serial=1,
            receipt_code="ABCDEFGH",
            status="received",
            manner="written",
            place="bureau",
            taken_by=officer,
            name="投诉人",
            relation="recipient",
            target="center",
            words="办得慢",
        )

    def being_told():
        archived.typical_case = TypicalCase.objects.create(
            application=archived, county=county, title="题", text="文", written_by=reviewer
        )

    def to_be_called():
        draw = FollowUpDraw.objects.create(
            county=county,
            since=day,
            until=day,
            pool=[archived.pk],
            wanted=1,
            seed="s",
            drawn_on=day,
            drawn_by=reviewer,
        )
        FollowUp.objects.create(application=archived, draw=draw, due_on=day)

    def to_be_checked():
        HardshipCheck.objects.create(
            application=archived, is_drawn=True, opened_on=day, due_on=day
        )

    def asked_elsewhere():
        CooperationLetter.objects.create(
            county=county,
            application=archived,
            direction="out",
            kind="evidence",
            status="sent",
            other_institution="白水县法律援助中心",
            item="查证",
            content="查证",
            due_on=day,
            sent_on=day,
            made_by=reviewer,
        )

    reasons = set()
    for happens in (complained, being_told, to_be_called, to_be_checked, asked_elsewhere):
        with undone():
            happens()
            due = due_of(county, line, day)
            assert (due.count, due.is_stopped) == (0, 1), happens.__name__
            reasons.add(str(due.stopped[0][0]))
    # Each says what it is.
    assert len(reasons) == 5
