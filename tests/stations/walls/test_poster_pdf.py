import io
from datetime import date
from itertools import product

import pytest
from django.urls import reverse
from pypdf import PdfReader

from casework.models import HardshipStandard
from stations.files import evidence
from stations.models import CountyWall, Document, StaffPhoto
from stations.papers import documents
from stations.papers.documents import ask_for
from stations.papers.squares import qr_square
from stations.roles import Role
from stations.terms import WallColour, WallItem
from stations.walls import poster_pdf, posters, texts
from tests.stations.wall_world import TODAY, clock, hang, photo, walled

__all__ = ["clock", "walled"]

pytestmark = pytest.mark.django_db
MM = 72 / 25.4


def lines(station):
    return {line.item: line for line in poster_pdf.printable(station)}


def fonts(page):
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def is_embedded(font):
    [descendant] = font["/DescendantFonts"]
    return "/FontFile3" in descendant.get_object()["/FontDescriptor"]


@pytest.mark.parametrize(("size", "width", "height"), [("a3", 297, 420), ("a4", 210, 297)])
def test_a_poster_is_one_sheet_with_its_facts_in_embedded_chinese_fonts(
    walled, size, width, height
):
    line = lines(walled)[WallItem.PROCEDURE]
    [page] = PdfReader(io.BytesIO(poster_pdf.render(walled, line, size))).pages
    text = page.extract_text()
    for said in ("法律援助申请流程", "7日内", "0564-000-0011", "12348", line.code):
        assert said in text
    assert abs(float(page.mediabox.width) / MM - width) < 0.5
    assert abs(float(page.mediabox.height) / MM - height) < 0.5
    names = {font["/BaseFont"].partition("+")[2] for font in fonts(page)}
    assert names == {"Paper-Sans", "Paper-Sans-Bold"}
    assert all(map(is_embedded, fonts(page)))


def sizes_of_print(page):
    """{type size in points: how many signs} of a page."""
    found = {}

    def note(text, _current, matrix, _font, size):
        points = round(abs(size * matrix[0]), 1)
        found[points] = found.get(points, 0) + len(text.strip())

    page.extract_text(visitor_text=note)
    return found


def test_all_posters_fit_on_one_a3_sheet_and_can_be_read_at_two_metres(walled, clerk, head):
    HardshipStandard.objects.create(
        county=walled.county,
        valid_from=date(2026, 1, 1),
        monthly_per_head=2060,
        basis="最低工资标准",
    )
    said = lines(walled)
    # Five people, and somebody on duty three half-days of each week.
    said[WallItem.STAFF].content |= {
        "staff": [{"user": n, "name": "欧阳文静", "role": Role.CLERK} for n in range(5)],
        "duty_hours": "09:00–11:30 14:00–17:00",
        "roster": [
            {"day": f"2026-11-{day:02}", "half": half, "name": "欧阳文静", "kind": "lawyer"}
            for day, half in product((2, 10, 16, 24, 30), ("am", "pm"))
        ]
        + [
            {"day": f"2026-11-{day:02}", "half": "am", "name": "何平", "kind": "lawyer"}
            for day in (4, 12, 18, 26)
        ],
    }
    for item, line in said.items():
        pdf = PdfReader(io.BytesIO(poster_pdf.render(walled, line)))
        assert len(pdf.pages) == 1, item
        sizes = sizes_of_print(pdf.pages[0])
        small = sum(count for size, count in sizes.items() if size < 24)
        # Articles, labels of phones and the version line are small; nothing else is.
        assert small < 140, (item, sizes)
        assert sum(sizes.values()) > 100


def test_a_text_too_long_for_one_sheet_goes_on_with_its_foot_on_each(walled, officer):
    text = "\n".join(f"# 第{n}段\n" + "要说的话很多。" * 12 for n in range(12))
    texts.set_text(walled.county, "scope", text=text, valid_from=TODAY, by=officer)
    pdf = PdfReader(io.BytesIO(poster_pdf.render(walled, lines(walled)[WallItem.SCOPE])))
    assert len(pdf.pages) > 1
    assert all("0564-000-0011" in page.extract_text() for page in pdf.pages)


def test_emblem_and_photos_of_the_staff_are_on_the_paper(walled, head, clerk, officer):
    emblem = evidence.add(walled.county, photo("red"), by=officer)
    CountyWall.objects.create(
        county=walled.county, emblem=emblem, colour=WallColour.BLUE, set_by=officer
    )
    kept = evidence.add(walled, photo("green"), by=clerk)
    StaffPhoto.objects.create(station=walled, user=head, photo=kept, added_by=clerk)
    pdf = PdfReader(io.BytesIO(poster_pdf.render(walled, lines(walled)[WallItem.STAFF])))
    assert len(pdf.pages[0].images) == 2
    assert head.name in pdf.pages[0].extract_text()


def test_the_qr_leads_to_the_twin_of_this_very_version(walled, settings, client):
    settings.SITE_URL = ""
    line = lines(walled)[WallItem.CONTACT]
    address = posters.address_of(walled, line.item, line.digest)
    assert "旧版" not in client.get(address).content.decode()
    assert qr_square(address).startswith("<svg")


def test_a_set_holds_what_has_to_be_renewed_or_everything(walled, clerk, client):
    for item in WallItem:
        if item not in {WallItem.SCOPE, WallItem.PRIVACY}:
            hang(walled, item, TODAY, clerk)
    client.force_login(clerk)
    answer = client.post(
        reverse("stations:wall_set", args=[walled.pk]), {"which": "wrong", "size": "a4"}
    )
    document = Document.objects.get()
    assert answer["Location"] == document.get_absolute_url()
    documents.make(document.pk)
    document.refresh_from_db()
    assert (document.failure, document.done) == ("", 2)
    assert len(PdfReader(io.BytesIO(document.file)).pages) == 2

    for item in (WallItem.SCOPE, WallItem.PRIVACY):
        hang(walled, item, TODAY, clerk)
    nothing = ask_for(
        "wall_set",
        title="公示",
        filename="a.pdf",
        station=walled,
        parameters={"size": "a3", "only_wrong": True},
    )
    documents.make(nothing.pk)
    nothing.refresh_from_db()
    assert "没有需要换贴" in nothing.failure


def test_a_poster_without_a_text_or_of_an_odd_size_is_not_found(station, walled, client, clerk):
    client.force_login(clerk)
    url = reverse("stations:wall_print", args=[walled.pk, "contact"])
    assert client.get(url, {"size": "a4"})["Content-Type"] == "application/pdf"
    for address in (f"{url}?size=a9", url.replace("contact", "nothing")):
        assert client.get(address).status_code == 404
