"""Files of a paper: what is taken, what is refused in words, and who may see them."""

import io
import re
import socketserver
import struct
import threading
import tracemalloc
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageFile
from pypdf import PdfReader, PdfWriter

from casework import uploads, workflow
from casework.models import Upload, UploadTicket
from casework.terms import MaterialKind, Status
from stations import file_check
from stations.file_check import FileRefused
from stations.models import Look

pytestmark = pytest.mark.django_db

EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200
ZIP = b"PK\x03\x04" + b"\0" * 200


def picture(size=(300, 200), kind="JPEG", **options):
    content = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(content, kind, **options)
    return content.getvalue()


def pdf(pages=1, password=None):
    writer = PdfWriter()
    for _n in range(pages):
        writer.add_blank_page(210, 297)
    if password:
        writer.encrypt(password)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def png_head(width, height):
    """A PNG that says how large it is and has next to nothing in it."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack("!I", len(data)) + body + struct.pack("!I", zlib.crc32(body))

    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


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
    kept = uploads.content_of(upload)
    assert upload.uploaded_by == clerk
    assert (upload.name, upload.media_type, upload.pages) == ("1.jpg", "image/jpeg", 1)
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"who took it" not in kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, name FROM casework_upload")
        [(stored, name)] = cursor.fetchall()
    assert kept[:40] not in bytes(stored)
    assert "身份证" not in name


def test_a_photo_taken_sideways_is_kept_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    checked = file_check.check(picture((300, 200), exif=exif))

    assert Image.open(io.BytesIO(checked.content)).size == (200, 300)


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (5000, 3000)), ("PNG", (2600, 1300))])
def test_a_large_picture_is_made_smaller(kind, size):
    checked = file_check.check(picture(size, kind))

    kept = Image.open(io.BytesIO(checked.content))
    assert max(kept.size) == 2000
    assert abs(kept.size[0] / kept.size[1] - size[0] / size[1]) < 0.01


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_kind_are_read(mode):
    content = io.BytesIO()
    image = Image.new("L", (40, 30), 200)
    image = image.convert(mode) if mode != "I;16" else Image.new("I;16", (40, 30))
    image.save(content, "JPEG" if mode == "CMYK" else "PNG")

    assert file_check.check(content.getvalue()).pages == 1


def test_a_pdf_is_kept_as_it_is_and_its_pages_are_counted(as_clerk, material):
    content = pdf(7)
    send(as_clerk, material, content, name="笔录.pdf")

    upload = Upload.objects.get()
    assert upload.pages == 7
    assert uploads.content_of(upload) == content


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


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (EXE, "只收PDF和照片"),
        (ZIP, "只收PDF和照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "只收PDF和照片"),
        (b"GIF89a" + b"\0" * 50, "只收PDF和照片"),
        (b"\xff\xd8\xff" + EXE, "已损坏"),
        (picture()[:400], "已损坏"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "已损坏"),
        (png_head(300, 200), "已损坏"),
        (b"%PDF-1.7 " + EXE, "已损坏"),
        (pdf()[:100], "已损坏"),
        (pdf(password="1234"), "加了密码"),
        (pdf(0), "没有页"),
        (pdf(300), "300页"),
        (png_head(20_000, 20_000), "像素太多"),
        (b"%PDF-" + b"\0" * (10 * 2**20), "超过10 MB"),
    ],
    ids=[
        "exe",
        "zip",
        "svg",
        "gif",
        "exe as jpeg",
        "half a photo",
        "exe as png",
        "empty png",
        "exe as pdf",
        "half a pdf",
        "locked pdf",
        "pdf without pages",
        "300 pages",
        "20000 pixels",
        "too large",
    ],
)
def test_a_wrong_file_gets_a_sentence_and_nothing_is_kept(
    as_clerk, material, content, word, monkeypatch
):
    # A process that has made a PDF takes pictures that end too early.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    answer = send(as_clerk, material, content)

    assert answer.status_code == 200
    assert word in said(answer)
    assert not Upload.objects.exists()


def test_an_empty_file_and_no_file_get_a_sentence(as_clerk, material):
    assert "空的" in said(send(as_clerk, material, b""))
    address = reverse("casework:material_upload", args=[material.pk])
    assert "选择文件" in said(as_clerk.post(address, follow=True))


def test_a_pdf_that_unpacks_to_a_great_deal_takes_bounded_memory(as_clerk, material):
    bomb = zlib.compress(b"\0" * 600 * 2**20)
    packed = (
        b"%PDF-1.5\n1 0 obj\n<</Type/XRef/W[1 1 1]/Size 200000000/Root 2 0 R"
        b"/Filter/FlateDecode/Length "
        + str(len(bomb)).encode()
        + b">>\nstream\n"
        + bomb
        + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"
    )
    tracemalloc.start()
    answer = send(as_clerk, material, packed, name="a.pdf")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "已损坏" in said(answer)
    assert peak < 250 * 2**20
    assert not Upload.objects.exists()


def test_a_picture_that_says_it_is_huge_is_never_unpacked():
    tracemalloc.start()
    with pytest.raises(FileRefused):
        file_check.check(png_head(20_000, 20_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 5 * 2**20


def test_more_than_twenty_files_of_one_paper_are_not_taken(material, clerk):
    for n in range(20):
        uploads.add(material, SimpleUploadedFile(f"{n}.pdf", pdf(n + 1)), by=clerk)
    with pytest.raises(FileRefused, match="20"):
        uploads.add(material, SimpleUploadedFile("x.pdf", pdf(30)), by=clerk)

    assert material.uploads.count() == 20


# ── The virus check ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def daemon(tmp_path, settings):
    """A daemon that speaks clamd's INSTREAM and answers what it is told to."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            assert self.rfile.read(10) == b"zINSTREAM\0"
            got = b""
            while length := struct.unpack("!I", self.rfile.read(4))[0]:
                got += self.rfile.read(length)
            self.server.got = got
            self.wfile.write(self.server.says + b"\0")

    server = socketserver.ThreadingUnixStreamServer(str(tmp_path / "clamd"), Handler)
    server.says, server.got = b"stream: OK", b""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.CLAMAV = str(tmp_path / "clamd")
    yield server
    server.shutdown()
    server.server_close()


def test_the_daemon_is_shown_the_file_as_it_was_sent(daemon):
    content = pdf()
    file_check.check(content)

    assert daemon.got == content


@pytest.mark.parametrize(
    ("says", "word"),
    [(b"stream: Eicar-Test-Signature FOUND", "有问题"), (b"stream: size ERROR", "没有响应")],
)
def test_a_find_and_an_odd_answer_are_refused(daemon, says, word):
    daemon.says = says
    with pytest.raises(FileRefused, match=word):
        file_check.check(pdf())


@pytest.mark.parametrize("where", ["/nowhere/clamd", "localhost:1", "nonsense"])
def test_a_daemon_that_does_not_answer_is_said_in_words(settings, where):
    settings.CLAMAV = where
    with pytest.raises(FileRefused, match="没有响应"):
        file_check.check(pdf())


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

    assert len(PdfReader(io.BytesIO(uploads.content_of(upload))).pages) == 3
