"""Papers of a year: what their PDFs say, the workbook equals the page, who may fetch what."""

import io
import re
import zipfile

import pytest
from django.urls import reverse
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from assessment import workflow
from assessment.results import papers, standings, workbooks
from stations.models import Document
from stations.papers import documents
from stations.particulars import keeping

pytestmark = pytest.mark.django_db


def words_of(pdf):
    """The text of a PDF without the spaces that setting it has put between the signs."""
    pages = PdfReader(io.BytesIO(bytes(pdf))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def made(client, user, name, *args, **posted):
    """Press the button of a paper and let the worker make it; return the document."""
    client.force_login(user)
    answer = client.post(reverse(f"assessment:{name}", args=args), posted)
    document = Document.objects.latest("pk")
    assert answer.url == document.get_absolute_url()
    documents.make(document.pk)
    document.refresh_from_db()
    assert document.is_made, document.failure
    return document


def test_a_sheet_prints_lines_scores_people_and_check_code(client, world):
    world.to("confirmed")
    sheet = world.sheet
    words = words_of(made(client, world.head, "sheet_pdf", sheet.pk).file)

    for wanted in (
        world.station.name,
        "站长及工作人员",
        "B1计得38分",
        "93.0",
        "优秀",
        "方站长",
        "高科长",
        "施局长",
        papers.grouped(sheet.snapshot_hash).replace(" ", ""),
    ):
        assert wanted in words


def test_the_notice_is_an_official_document_first_of_publicity_then_of_the_result(
    client, world
):
    year = world.to("checked").year
    client.force_login(world.scorer)
    early = client.post(reverse("assessment:year_file", args=[year.pk, "notice"]))
    assert early.url == year.get_absolute_url()
    assert not Document.objects.exists()

    world.to("published")
    words = words_of(
        made(client, world.scorer, "year_file", year.pk, "notice", number="12").file
    )
    assert f"清司〔{world.fresh().published_at.year}〕12号" in words
    assert "年度考核结果的公示" in words
    assert "优秀（2个）：青溪、石桥" in words
    assert "5个工作日" in words

    world.to("confirmed")
    words = words_of(made(client, world.scorer, "year_file", year.pk, "notice").file)
    assert "年度考核结果的通报" in words
    assert "附件" in words


def test_a_confirmed_result_keeps_the_names_of_its_day(client, world):
    year = world.to("confirmed").fresh()
    old, bureau = world.station.name, year.county.bureau_name
    keeping.change(world.station, by=world.scorer, name="东溪公共法律服务站", short_name="东溪")
    keeping.change(year.county, by=world.scorer, bureau_name="清山局")
    client.force_login(world.scorer)

    sheet = client.get(reverse("assessment:sheet_print", args=[world.sheet.pk])).text
    notice, summary = (
        client.get(reverse("assessment:year_print", args=[year.pk, kind])).text
        for kind in ("notice", "summary")
    )
    page = client.get(world.sheet.get_absolute_url()).text

    assert "东溪" not in page
    for paper in (sheet, notice, summary):
        assert [word for word in ("东溪", "清山局") if word in paper] == []
    assert [old in sheet, old in notice, bureau in notice, bureau in summary] == [True] * 4


def test_workbook_summary_and_page_show_the_same_figures(client, world):
    world.to("scored")
    workflow.take_up(world.sheet, by=world.scorer, reason="复核")
    world.county_score(B1="30.5")
    client.force_login(world.scorer)
    page = client.get(world.year.get_absolute_url())
    rows = page.context["result"].rows
    assert [(row.rank, row.sheet.total) for row in rows] == [(1, 93), (2, 86)] or [
        str(row.sheet.total) for row in rows
    ] == ["93.0", "85.5"]

    book = CalamineWorkbook.from_filelike(io.BytesIO(workbooks.workbook(world.fresh())))
    ranking = book.get_sheet_by_index(0).to_python()[3:]
    for row, cells in zip(rows, ranking, strict=True):
        shares = [float(points) for _dimension, points in row.shares]
        assert cells[:3] == [row.rank, row.sheet.station.name, float(row.sheet.total)]
        assert cells[4:8] == shares
    lines = book.get_sheet_by_index(1).to_python()
    assert [head.split()[0] for head in lines[2][1:]] == ["T1", "S5", "B1", "W1"]
    assert lines[3][1:] == [25, 18, 30.5, 12]

    words = words_of(papers.render(papers.SUMMARY, papers.summary_paper(world.year)))
    for row in standings.county_year(world.year).rows:
        assert f"{row.sheet.station.name}{row.sheet.total}" in words


def test_what_is_not_public_yet_is_only_for_who_asked(client, world):
    world.to("scored")
    document = made(client, world.scorer, "year_file", world.year.pk, "sheets")
    with zipfile.ZipFile(io.BytesIO(document.file)) as bundle:
        assert sorted(bundle.namelist()) == [
            f"{world.station.code} 青溪.pdf",
            f"{world.neighbour.code} 石桥.pdf",
        ]
    for user, status in ((world.scorer, 200), (world.confirmer, 404), (world.head, 404)):
        client.force_login(user)
        assert client.get(document.get_absolute_url()).status_code == status
    own = made(client, world.neighbour_head, "sheet_pdf", world.sheet_of(world.neighbour).pk)
    client.force_login(world.head)
    assert client.get(own.get_absolute_url()).status_code == 404


def test_certificates_honours_and_the_city_s_overview(client, world):
    year = world.to("scored").year
    workflow.take_up(world.sheet_of(world.neighbour), by=world.scorer, reason="复核")
    world.county_score(world.neighbour, B1="20")
    world.to("published")
    client.force_login(world.scorer)
    early = client.post(reverse("assessment:year_file", args=[year.pk, "certificates"]))
    assert early.url == year.get_absolute_url()
    assert not Document.objects.exists()

    world.to("confirmed")
    # One page for the one excellent station, A4 across, with what proves it.
    document = made(client, world.scorer, "year_file", year.pk, "certificates")
    [page] = PdfReader(io.BytesIO(bytes(document.file))).pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [842, 595]
    words = words_of(document.file)
    for wanted in (
        "荣誉证书",
        f"{world.station.name}：",
        f"{year.year}年度",
        "得93.0分，评定为优秀等次",
        world.year.county.bureau_name,
        papers.grouped(world.sheet.snapshot_hash).replace(" ", ""),
    ):
        assert wanted in words
    twin = client.get(reverse("assessment:year_print", args=[year.pk, "certificates"]))
    assert twin.content.decode().count('class="certificate"') == 1
    words = words_of(made(client, world.scorer, "year_file", world.year.pk, "honours").file)
    assert "荣誉证书" in words
    words = words_of(made(client, world.inspector, "city_file").file)
    assert "清山县" in words
    assert "84.0" in words
