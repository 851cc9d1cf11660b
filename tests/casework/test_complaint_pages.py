"""The pages of complaints: taking in, the bureau's record, papers, the public page and its limits."""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from casework.complaints import grounds, handling, papers
from casework.complaints.moves import open_proposal
from casework.models import Complaint, ComplaintFile
from casework.terms import ComplaintPaperKind
from stations.models import Look
from stations.roles import Role
from tests.casework.complaints.test_handling import unsaved
from tests.test_access import png_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer2(make_user, county):
    return make_user("officer2", "汪科员", Role.OFFICER, county)


@pytest.fixture
def ground(county):
    grounds.load_default(county)
    return county.complaint_grounds.get(code="neglect")


def typed(station, **fields):
    return {
        "manner": "oral",
        "received_at": "今天",
        "name": "汪秀兰",
        "phone": "139 0000 7766",
        "relation": "recipient",
        "target": "station",
        "about_station": station.pk,
        "words": "去了三次都没有人。",
        "is_read_back": "on",
        "client_key": "6f0f9e3e-2a55-4a53-9f0d-0c54a5a0a001",
    } | fields


def test_a_complaint_is_taken_in_once_and_its_taker_sees_the_acknowledgement_alone(
    client, clerk, station, county
):
    client.force_login(clerk)
    page = reverse("casework:complaint_create")
    said = typed(station, received_at=timezone.localtime().strftime("%H:%M"))

    first = client.post(page, said, follow=True)
    again = client.post(page, said, follow=True)

    complaint = Complaint.objects.get()
    assert again.redirect_chain == first.redirect_chain
    assert (complaint.phone, complaint.place) == ("13900007766", "station")
    shown = first.content.decode()
    assert complaint.number in shown
    assert complaint.receipt_code in shown
    assert "去了三次" not in shown
    assert "13900007766" not in shown
    # What the complainant brought can be added, not looked at.
    client.post(
        reverse("casework:complaint_taken", args=[complaint.pk]),
        {"file": SimpleUploadedFile("汪秀兰.png", png_bytes())},
    )
    file = ComplaintFile.objects.get()
    assert file.name == "1.png"
    assert b"PNG" not in bytes(file.content)
    assert client.get(reverse("casework:complaint_file", args=[file.pk])).status_code == 403


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"is_read_back": ""}, "读给本人听"),
        ({"name": ""}, "写姓名"),
        ({"about_station": ""}, "投诉的是谁"),
        ({"words": ""}, "记下投诉的内容"),
        ({"code": "ABCD2345"}, "没有这个查询码"),
        ({"phone": "12"}, "电话"),
        ({"target": "other", "about_text": ""}, "投诉的是谁"),
        # Only what fits the kind counts, with a script or without; the rest stays as typed.
        ({"target": "worker", "about_text": "窗口的人"}, "投诉的是谁"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_everything_typed_is_kept(
    client, clerk, station, fields, sentence
):
    client.force_login(clerk)
    page = client.post(reverse("casework:complaint_create"), typed(station, **fields))

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "去了三次都没有人。" in page.content.decode() or "words" in fields
    assert not Complaint.objects.exists()


def test_the_bureau_leads_a_complaint_to_its_reply_by_the_pages(
    client, clerk, station, county, officer, officer2, ground
):
    complaint = handling.take(unsaved(county, station), by=clerk)
    today = f"{timezone.localdate():%Y-%m-%d}"
    client.force_login(officer)

    def press(move, **said):
        address = reverse("casework:complaint_move", args=[complaint.pk, move])
        if move != "close":
            assert client.get(address).status_code == 200
            assert client.post(address, {"csrfmiddlewaretoken": ""}).status_code == 422
        answer = client.post(address, said, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    press("accept", ground=ground.pk)
    assert "还没有答复" in press("question", words="请说明")
    press("find", words="查了值班表。", on=today)
    page = press(
        "decide", outcome="corrected", measure="责令改正", words="情况属实，已责令改正。"
    )
    assert "另一人审批" in page
    proposal = open_proposal(complaint)
    approve = reverse("casework:complaint_approve", args=[proposal.pk])
    assert "须由司法局另一人审批" in client.post(approve, follow=True).content.decode()
    client.force_login(officer2)
    client.post(approve)
    assert "已经审批过" in client.post(approve, follow=True).content.decode()
    reply = complaint.papers.get(kind="reply")
    client.post(
        reverse("casework:complaint_paper_serve", args=[reply.pk]),
        {"method": "in_person", "on": today, "received_by_name": "汪秀兰"},
    )
    assert "已办结" in press("close")

    complaint.refresh_from_db()
    assert (complaint.status, complaint.outcome) == ("closed", "corrected")
    assert list(complaint.deadlines.filter(stopped_on=None)) == []
    # A move out of its moment is a sentence, not a failure.
    answer = client.get(
        reverse("casework:complaint_move", args=[complaint.pk, "accept"]), follow=True
    )
    assert "现在不能这样办" in answer.content.decode()


def test_each_paper_is_printed_with_its_words_and_printing_is_kept(
    client, clerk, station, county, officer, officer2, ground
):
    complaint = handling.take(unsaved(county, station), by=clerk)
    words = {
        ComplaintPaperKind.NOTICE: {"items": "办事日期", "supply_by_on": timezone.localdate()},
        ComplaintPaperKind.ACCEPTANCE: {"finish_on": timezone.localdate()},
        ComplaintPaperKind.NON_ACCEPTANCE: {"reason": "不属于投诉范围"},
        ComplaintPaperKind.ENTRUSTMENT: {
            "to": "县律师协会",
            "until_on": timezone.localdate(),
            "words": "不收材料",
            "ground": ground,
        },
        ComplaintPaperKind.EXTENSION: {
            "reason": "外地取证",
            "until_on": timezone.localdate(),
        },
        ComplaintPaperKind.REPLY: {
            "ground": ground,
            "outcome": "不属实",
            "measure": "",
            "reply": "经查不属实。",
        },
    }
    for kind, content in words.items():
        papers.make(complaint, kind, by=officer, **content)
    client.force_login(officer)

    for paper in complaint.papers.all():
        twin = client.get(reverse("casework:complaint_paper", args=[paper.pk]))
        text = twin.content.decode()
        assert complaint.number in text
        assert "13900007766" not in text
        assert "%(" not in text
        said = words.get(ComplaintPaperKind(paper.kind), {}).values()
        assert all(str(word) in text for word in said if isinstance(word, str))
    pdf = client.get(reverse("casework:complaint_paper_pdf", args=[paper.pk]))

    assert pdf.content.startswith(b"%PDF")
    assert Look.objects.filter(subject=f"complaint_paper:{paper.pk}").count() == 1
    # A later state never changes a paper that is there.
    again = papers.make(complaint, ComplaintPaperKind.REPLY, by=officer, reply="别的话")
    assert (
        "经查不属实"
        in client.get(reverse("casework:complaint_paper", args=[again.pk])).content.decode()
    )


def test_the_list_costs_the_same_for_any_length_and_narrows_by_its_address(
    client, clerk, station, next_station, county, officer, count_queries
):
    client.force_login(officer)
    page = reverse("casework:complaint_list")
    handling.take(unsaved(county, station), by=clerk)
    few, _answer = count_queries(lambda: client.get(page))
    for n in range(4):
        handling.take(unsaved(county, next_station, name=f"投诉人{n}"), by=clerk)

    many, answer = count_queries(lambda: client.get(page))

    assert many == few
    assert len(answer.context["page"]) == 5
    narrowed = client.get(page, {"station": station.pk, "show": "all"})
    assert len(narrowed.context["page"]) == 1
    assert len(client.get(page, {"show": "late"}).context["page"]) == 0
    assert client.get(page, {"since": "昨天"}).status_code == 422
    wall = client.get(reverse("casework:clock_wall")).content.decode()
    assert "清诉〔" in wall
    client.force_login(clerk)
    assert "清诉〔" not in client.get(reverse("casework:clock_wall")).content.decode()


def test_the_city_sees_counts_and_no_names(client, clerk, station, county, inspector):
    handling.take(unsaved(county, station), by=clerk)
    client.force_login(inspector)

    page = client.get(reverse("casework:complaint_counts")).content.decode()

    assert "清山县" in page
    assert "汪秀兰" not in page
    assert client.get(reverse("casework:complaint_list")).status_code == 403


# ── The public page ─────────────────────────────────────────────────────────────────────


def public(county, **fields):
    return {
        "county": county.pk,
        "about_text": "青溪站",
        "relation": "applicant",
        "words": "不收材料，电话13900007766打来说不归他管",
        "name": "",
        "phone": "13900007766",
        "client_key": "6f0f9e3e-2a55-4a53-9f0d-0c54a5a0a002",
    } | fields


def test_anybody_complains_without_an_account_and_asks_with_the_code(
    client, county, station, far_station, caplog
):
    county.complaint_address, county.complaint_phone = "清山县司法局一楼", "0564-000-2148"
    county.save()
    page = reverse("casework:complain")
    # The county's own page leads here with the county; its addresses stand below (Order 149).
    asked = client.get(page, {"county": county.division.code})
    assert asked.context["form"].initial["county"] == county
    assert "清山县司法局一楼" in asked.content.decode()
    assert "county" not in client.get(page).context["form"].initial
    assert (
        "青溪镇法律援助工作站" in client.get(f"{page}?station={station.code}").content.decode()
    )

    with caplog.at_level(logging.DEBUG):
        answer = client.post(page, public(county))
        client.post(page, public(county))

    complaint = Complaint.objects.get()
    shown = answer.content.decode()
    assert complaint.receipt_code in shown
    assert "不收材料" not in shown
    assert "13900007766" not in shown
    assert "13900007766" not in caplog.text
    assert (complaint.is_anonymous, complaint.taken_by, complaint.place) == (True, None, "web")
    query = reverse("casework:complaint_query")
    told = client.post(query, {"code": complaint.receipt_code.lower()}).content.decode()
    assert "司法局已收到您的投诉" in told
    assert complaint.number not in told
    assert client.post(query, {"code": "22222222"}).status_code == 404
    assert client.post(query, {"code": "2"}).status_code == 422
    assert client.post(page, public(county, words="")).status_code == 422


def test_the_public_page_is_limited_by_place_and_says_so(client, county):
    page = reverse("casework:complain")
    answers = [
        client.post(
            page, public(county, client_key=f"6f0f9e3e-2a55-4a53-9f0d-0c54a5a0a{n:03d}")
        )
        for n in range(7)
    ]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert Complaint.objects.count() == 5
    assert "过一小时再试" in answers[-1].content.decode()
    # What was typed is still there.
    assert "不收材料" in answers[-1].content.decode()


def test_without_counting_the_public_page_takes_nothing_in(client, county, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("casework.views.public_complaint.count_attempt", broken)
    for page, said in (
        ("casework:complain", public(county)),
        ("casework:complaint_query", {"code": "ABCD2345"}),
    ):
        assert client.post(reverse(page), said).status_code == 503
    assert not Complaint.objects.exists()
