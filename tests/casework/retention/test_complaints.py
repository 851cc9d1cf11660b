"""What becomes of complaints, of letters from other regions, and of what lies about besides."""

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.complaints import handling
from casework.models import (
    ApplicationDraft,
    Complaint,
    ComplaintEvent,
    ComplaintFile,
    ComplaintPaper,
    CooperationLetter,
    EarlySign,
    EntryDraft,
    ImportBatch,
)
from stations.models import Lead, LiaisonTask, Look, QuestionSlip
from stations.privacy import seal
from stations.retention.schedule import due_of, line_of

pytestmark = pytest.mark.django_db


def ended_complaint(county, officer, station):
    complaint = handling.take(
        Complaint(
            county=county,
            manner="written",
            place="bureau",
            name="独孤甲乙",
            phone="13987654321",
            id_number="349001196511010027",
            address="独墅湖边",
            relation="recipient",
            target="station",
            about_station=station,
            words="独断专行",
            wish="独立调查",
        ),
        by=officer,
    )
    ComplaintFile.objects.create(
        complaint=complaint,
        name="1.jpg",
        media_type="image/jpeg",
        size=4,
        sha256="d" * 64,
        content=seal("独照".encode()),
        added_by=officer,
    )
    return handling.withdraw(complaint, by=officer, words="独自撤回")


def test_a_destroyed_complaint_leaves_its_skeleton_and_not_one_word(
    county, officer, station, destroy, later, found_in_database, client
):
    complaint = ended_complaint(county, officer, station)
    later(years=31)

    listed = destroy("complaints")

    kept = Complaint.objects.get(pk=complaint.pk)
    hashes = (complaint.phone_hash, complaint.id_hash)
    assert found_in_database("独", "13987654321", *hashes, "dddd") == set()
    assert (kept.number, kept.status, kept.about_station) == (
        complaint.number,
        "withdrawn",
        station,
    )
    assert ComplaintEvent.objects.count() >= 2
    later()
    client.force_login(officer)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert f"按保管期限销毁（清单{listed.number}）" in page
    paper = ComplaintPaper.objects.first()
    assert client.get(reverse("casework:complaint_paper", args=[paper.pk])).status_code == 404


def test_a_complaint_before_a_court_waits_for_its_result(county, officer, station, later):
    complaint = ended_complaint(county, officer, station)
    Complaint.objects.filter(pk=complaint.pk).update(review="suit", review_on="2026-11-26")
    later(years=31)

    def stopped():
        return due_of(county, line_of(county, "complaints"), timezone.localdate()).is_stopped

    assert stopped() == 1
    Complaint.objects.update(review_note="驳回起诉")
    assert stopped() == 0


def test_what_lies_about_besides_is_emptied_or_deleted(
    county, station, village, clerk, head, liaison, destroy, later, found_in_database
):
    Lead.objects.create(
        station=station,
        village=village,
        kind="wages",
        name="独孤丙",
        phone="13987654321",
        words="独自在家",
        sent_by=liaison,
        client_key="00000000-0000-0000-0000-000000000001",
        taken_by=clerk,
        taken_at=timezone.now(),
    )
    EntryDraft.objects.create(user=clerk, station=station, channel="visit", content="独孤丁")
    ApplicationDraft.objects.create(
        user=clerk,
        station=station,
        client_key="00000000-0000-0000-0000-000000000002",
        content="独孤戊",
    )
    ImportBatch.objects.create(
        station=station,
        filename="独孤名单.xlsx",
        status="rejected",
        errors=[[2, 3, "“独孤己”不是日期"]],
        uploaded_by=clerk,
        file_hash="d" * 64,
    )
    CooperationLetter.objects.create(
        county=county,
        direction="in",
        kind="evidence",
        status="closed",
        other_institution="白水县法律援助中心",
        item="独孤庚一案",
        content="独孤庚的收入",
        due_on=timezone.localdate(),
        made_by=clerk,
    )
    EarlySign.objects.create(
        county=county,
        rule="opponent",
        key="独木公司",
        name="独木公司",
        level="watch",
        kind="opponent",
        subject="独木公司",
        first_on=timezone.localdate(),
        last_on=timezone.localdate(),
        persons=5,
        rows_hash="0",
        state="dismissed",
        settled_by=clerk,
        settled_at=timezone.now(),
        words="独立核实过",
    )
    slip = QuestionSlip.objects.create(
        station=station,
        asked_side="station",
        topic="other",
        subject="独孤辛怎么办",
        status="closed",
        closed_at=timezone.now(),
        due_on=timezone.localdate(),
        asked_by=clerk,
        client_key="00000000-0000-0000-0000-000000000003",
    )
    Look.objects.create(
        kind="reveal",
        user=head,
        station=station,
        county=county,
        subject="entry:1",
        reason="独自回电",
    )
    task = LiaisonTask.objects.create(
        liaison=liaison.liaison_posts.get(),
        kind="verify",
        words="看望独孤壬",
        due_on=timezone.localdate(),
        given_by=clerk,
        closed_at=timezone.now(),
        closed_by=liaison,
        is_done=True,
        result="独孤壬在家",
    )
    later(years=11)

    listed = destroy(
        "liaison_tasks",
        "leads",
        "entry_drafts",
        "application_drafts",
        "imports",
        "letters_in",
        "early_signs",
        "question_slips",
        "looks",
    )

    assert found_in_database("独", "dddd") == set()
    assert listed.items.filter(state="destroyed").count() == 9
    for deleted in (EntryDraft, ApplicationDraft, Look):
        assert not deleted.objects.exists(), deleted
    # The skeletons say when, where and how many.
    assert EarlySign.objects.get().persons == 5
    assert Lead.objects.get().village == village
    assert QuestionSlip.objects.get() == slip
    assert LiaisonTask.objects.get() == task


def test_a_lead_nobody_took_up_is_not_destroyed(county, station, village, liaison, later):
    Lead.objects.create(
        station=station,
        village=village,
        kind="wages",
        words="有人要帮忙",
        sent_by=liaison,
        client_key="00000000-0000-0000-0000-000000000001",
    )
    later(years=11)

    assert due_of(county, line_of(county, "leads"), timezone.localdate()).is_stopped == 1
