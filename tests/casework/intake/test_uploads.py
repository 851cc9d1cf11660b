"""Files of a paper: what is taken, what is refused in words, and who may see them."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from casework import workflow
from casework.intake import uploads
from casework.models import Upload, UploadTicket
from casework.terms import MaterialKind, Status
from stations.duty import months
from stations.files import sealed
from stations.files.file_check import FileRefused
from stations.models import Look
from tests.stations.duty_world import TODAY, make_panel, put, set_clock
from tests.stations.files.test_file_check import EXE, pdf, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def material(make_application):
    return make_application(missing=[MaterialKind.ID_DOCUMENT]).materials.get(
        kind=MaterialKind.ID_DOCUMENT
    )


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


def send(client, material, content, name="身份证.jpg"):
    return client.post(
        reverse("casework:material_upload", args=[material.pk]),
        {"file": SimpleUploadedFile(name, content)},
        follow=True,
    )


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


# ── What is taken ───────────────────────────────────────────────────────────────────────


def test_a_photo_is_kept_sealed_without_what_the_phone_wrote_in_it(as_clerk, material, clerk):
    exif = Image.Exif()
    exif[0x010F] = "某牌手机"
    exif.get_ifd(0x8825)[2] = (31.0, 24.0, 0.0)
    send(as_clerk, material, picture(exif=exif, comment=b"who took it"))

    upload = Upload.objects.get()
    kept = sealed.content_of(upload)
    assert upload.uploaded_by == clerk
    assert (upload.name, upload.media_type, upload.pages) == ("1.jpg", "image/jpeg", 1)
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"who took it" not in kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, name FROM casework_upload")
        [(stored, name)] = cursor.fetchall()
    assert kept[:40] not in bytes(stored)
    assert "身份证" not in name


def test_a_pdf_is_kept_as_it_is_and_its_pages_are_counted(as_clerk, material):
    content = pdf(7)
    send(as_clerk, material, content, name="笔录.pdf")

    upload = Upload.objects.get()
    assert upload.pages == 7
    assert sealed.content_of(upload) == content


def test_the_same_file_sent_twice_is_kept_once(as_clerk, material):
    content = picture()
    send(as_clerk, material, content)
    send(as_clerk, material, content)

    assert Upload.objects.count() == 1


def test_several_files_are_taken_or_refused_one_by_one(as_clerk, material):
    answer = as_clerk.post(
        reverse("casework:material_upload", args=[material.pk]),
        {
            "file": [
                SimpleUploadedFile("一.jpg", picture()),
                SimpleUploadedFile("二.jpg", EXE),
                SimpleUploadedFile("三.pdf", pdf()),
            ]
        },
        follow=True,
    )

    assert Upload.objects.count() == 2
    assert "第2个文件" in said(answer)
    assert "二.jpg" not in said(answer)


# ── What is refused, in a plain sentence, with nothing half-saved ───────────────────────


def test_a_wrong_file_gets_a_sentence_and_nothing_is_kept(as_clerk, material):
    for content, word in ((EXE, "只收PDF和照片"), (pdf(password="1234"), "加了密码")):
        answer = send(as_clerk, material, content)
        assert answer.status_code == 200
        assert word in said(answer)

    assert not Upload.objects.exists()


def test_an_empty_file_and_no_file_get_a_sentence(as_clerk, material):
    assert "空的" in said(send(as_clerk, material, b""))
    address = reverse("casework:material_upload", args=[material.pk])
    assert "选择文件" in said(as_clerk.post(address, follow=True))


def test_more_than_twenty_files_of_one_paper_are_not_taken(material, clerk):
    for n in range(20):
        uploads.add(material, SimpleUploadedFile(f"{n}.pdf", pdf(n + 1)), by=clerk)
    with pytest.raises(FileRefused, match="20"):
        uploads.add(material, SimpleUploadedFile("x.pdf", pdf(30)), by=clerk)

    assert material.uploads.count() == 20


# ── Who may see and add ─────────────────────────────────────────────────────────────────


def test_a_file_is_shown_and_the_look_is_kept(as_clerk, clerk, material):
    content = pdf()
    upload = uploads.add(material, SimpleUploadedFile("a.pdf", content), by=clerk)
    answer = as_clerk.get(reverse("casework:material_file", args=[upload.pk]))

    assert answer.content == content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    look = Look.objects.get()
    assert (look.user, look.subject) == (clerk, f"upload:{upload.pk}")


def test_out_of_scope_nothing_is_found_and_nothing_taken(
    client, material, clerk, neighbour, stranger, officer, liaison, inspector
):
    upload = uploads.add(material, SimpleUploadedFile("a.pdf", pdf()), by=clerk)
    file = reverse("casework:material_file", args=[upload.pk])
    add = reverse("casework:material_upload", args=[material.pk])
    ticket = reverse("casework:upload_ticket", args=[material.pk])
    papers = reverse("casework:material_list", args=[material.application_id])
    for user, reading, adding in (
        (neighbour, 404, 404),
        (stranger, 404, 404),
        # The bureau reads the record, not the papers, and adds none (rules 8.2).
        (officer, 404, 403),
        (liaison, 403, 403),
        (inspector, 403, 403),
    ):
        client.force_login(user)
        assert client.get(file).status_code == reading, user
        assert client.post(
            add, {"file": [SimpleUploadedFile("b.pdf", pdf(2))]}
        ).status_code == (adding), user
        assert client.post(ticket).status_code == adding, user
        if user != officer:
            assert client.get(papers).status_code == reading, user

    assert Upload.objects.count() == 1
    assert not Look.objects.exists()
    assert not UploadTicket.objects.exists()


def test_a_duty_person_of_another_day_finds_nothing_of_it(
    client,
    material,
    clerk,
    reviewer,
    station,
    next_station,
    make_worker,
    make_user,
    monkeypatch,
):
    """Page, file, paper, code and list alike; whoever is on duty that day finds them."""
    set_clock(monkeypatch)
    xu, he, _jiang = make_panel(make_worker, make_user, station, next_station)
    put(station, xu, TODAY)
    put(station, he, TODAY.replace(day=17))
    months.publish(station.county, TODAY.replace(day=1), by=reviewer)
    upload = uploads.add(material, SimpleUploadedFile("a.pdf", pdf()), by=clerk)
    application = material.application
    letter = application.letters.get()
    pages = [
        application.get_absolute_url(),
        reverse("casework:application_review", args=[application.pk]),
        reverse("casework:material_file", args=[upload.pk]),
        reverse("casework:letter_print", args=[letter.pk]),
        reverse("casework:letter_pdf", args=[letter.pk]),
    ]
    code = reverse("casework:upload_ticket", args=[material.pk])
    lists = [reverse("casework:application_list"), reverse("casework:letter_list")]
    client.force_login(he.user)
    answers = [client.get(page) for page in pages] + [client.post(code)]
    assert {answer.status_code for answer in answers} == {404}
    for page in lists:
        assert application.name not in client.get(page).content.decode()
    assert not Look.objects.exists()
    client.force_login(xu.user)
    assert client.get(pages[0]).status_code == 200
    assert application.name in client.get(lists[0]).content.decode()


def test_the_center_adds_files_once_it_has_the_application(client, make_application, reviewer):
    material = make_application(status=Status.IN_REVIEW).materials.first()
    client.force_login(reviewer)
    send(client, material, pdf())

    assert Upload.objects.get().uploaded_by == reviewer


def test_an_application_that_has_ended_takes_no_more(as_clerk, material, clerk):
    workflow.withdraw(material.application, by=clerk, note="申请人撤回")

    assert send(as_clerk, material, pdf()).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize("count", [1, 12])
def test_the_panel_costs_the_same_for_any_number_of_files(
    as_clerk, clerk, material, count, django_assert_max_num_queries
):
    for n in range(count):
        uploads.add(material, SimpleUploadedFile("a.pdf", pdf(n + 1)), by=clerk)
    address = reverse("casework:material_list", args=[material.application_id])
    with django_assert_max_num_queries(10) as queries:
        page = as_clerk.get(address, headers={"HX-Request": "true"})

    assert page.content.decode().count("/applications/files/") == count
    assert not any('"content"' in query["sql"] for query in queries.captured_queries)


# ── From a phone ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def token(as_clerk, clerk, material):
    _ticket, token = uploads.make_ticket(material, by=clerk)
    as_clerk.logout()
    return token


def phone(client, token, *files, **data):
    address = reverse("casework:phone_upload", args=[token])
    if not files and not data:
        return client.get(address)
    return client.post(
        address,
        data
        | ({"file": [SimpleUploadedFile("x.jpg", each) for each in files]} if files else {}),
        follow=True,
    )


def test_the_code_opens_a_page_for_this_paper_only_and_says_nothing_of_anybody(
    client, token, material
):
    page = phone(client, token)
    html = page.content.decode()

    assert page.status_code == 200
    assert "身份证明" in html
    for secret in ("吴长根", "13900003390", "3390", material.application.number, "青溪"):
        assert secret not in html
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_a_photo_from_the_phone_is_at_the_desk_and_shown_as_sent(client, token, material):
    answer = phone(client, token, picture())

    upload = material.uploads.get()
    assert upload.uploaded_by is None
    assert len(answer.context["files"]) == 1
    assert "/applications/files/" not in answer.content.decode()


def test_a_wrong_photo_is_said_so_on_the_phone(client, token, material):
    answer = phone(client, token, EXE)

    assert answer.status_code == 422
    assert "只收PDF和照片" in answer.content.decode()
    assert not material.uploads.exists()


def test_after_ten_minutes_the_address_is_closed(client, token, material):
    UploadTicket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert phone(client, token).status_code == 410
    assert phone(client, token, picture()).status_code == 410
    assert not material.uploads.exists()


def test_the_address_lasts_ten_minutes_from_its_making(token):
    ticket = UploadTicket.objects.get()

    assert ticket.expires_at - ticket.made_at == timedelta(minutes=10)


def without_token(answer):
    return re.sub(r'"X-CSRFToken": "\w+"', "", answer.content.decode())


def test_an_unknown_address_is_answered_like_a_closed_one(client, token):
    UploadTicket.objects.update(closed_at=timezone.now())
    unknown, closed = phone(client, "x" * 32), phone(client, token)

    assert unknown.status_code == closed.status_code == 410
    assert without_token(unknown) == without_token(closed)


def test_a_new_code_closes_the_old_one_and_done_closes_its_own(client, clerk, token, material):
    _ticket, second = uploads.make_ticket(material, by=clerk)
    assert phone(client, token).status_code == 410
    assert phone(client, second).status_code == 200
    phone(client, second, done="1")
    assert phone(client, second).status_code == 410


def test_an_address_tried_too_often_takes_no_more(client, token, material):
    UploadTicket.objects.update(tries=uploads.MOST_TRIES)
    answer = phone(client, token, picture())

    assert answer.status_code == 422
    assert "太多" in answer.content.decode()
    assert not material.uploads.exists()


def test_the_token_is_not_kept_and_the_code_is_shown_once(as_clerk, material, settings):
    settings.SITE_URL = "https://legalaid.example"
    answer = as_clerk.post(reverse("casework:upload_ticket", args=[material.pk]))

    html = answer.content.decode()
    assert "<svg" in html
    assert settings.SITE_URL not in html
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_hash FROM casework_uploadticket")
        [(kept,)] = cursor.fetchall()
    assert len(kept) == 22


def test_the_list_is_asked_for_again_only_while_a_phone_is_expected(as_clerk, clerk, material):
    address = reverse("casework:material_list", args=[material.application_id])
    ask = {"headers": {"HX-Request": "true"}}
    assert as_clerk.get(address, **ask).status_code == 286
    uploads.make_ticket(material, by=clerk)
    assert as_clerk.get(address, **ask).status_code == 200
    assert as_clerk.get(address).status_code == 302


def test_the_pdf_that_is_kept_can_be_read_again(material, clerk):
    upload = uploads.add(material, SimpleUploadedFile("a.pdf", pdf(3)), by=clerk)

    assert len(PdfReader(io.BytesIO(sealed.content_of(upload))).pages) == 3
