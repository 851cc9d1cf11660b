"""Files checked by their content: what is taken and made smaller, what is refused in words, viruses."""

import io
import socketserver
import struct
import threading
import tracemalloc
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile
from pypdf import PdfWriter

from stations.files import file_check
from stations.files.file_check import FileRefused

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
def test_a_wrong_file_gets_a_sentence(content, word, monkeypatch):
    # A process that has made a PDF takes pictures that end too early.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)

    with pytest.raises(FileRefused, match=word):
        file_check.check(file_check.read(SimpleUploadedFile("身份证.jpg", content)))


def test_a_pdf_that_unpacks_to_a_great_deal_takes_bounded_memory():
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
    with pytest.raises(FileRefused, match="已损坏"):
        file_check.check(packed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 250 * 2**20


def test_a_picture_that_says_it_is_huge_is_never_unpacked():
    tracemalloc.start()
    with pytest.raises(FileRefused):
        file_check.check(png_head(20_000, 20_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 5 * 2**20


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
