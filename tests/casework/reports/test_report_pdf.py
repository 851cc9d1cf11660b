import io
import zipfile
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from pypdf import PdfReader

from casework.models import MonthlyReport
from casework.register import writing
from casework.reports import months, report_pdf
from casework.reports.narrative import comment_draft, suggestions_draft
from casework.rules.sentiment import Signal
from casework.terms import Disposal, SignalLevel
from stations.models import Document
from stations.network import divisions
from stations.papers import documents
from stations.papers.documents import ask_for
from stations.particulars import keeping
from stations.timetable import sweep_documents
from tests.conftest import at

MARCH = date(2026, 3, 1)


@pytest.fixture
def sent(station, make_entry, head):
    make_entry(occurred_at=at(2026, 3, 2), disposal=Disposal.GUIDED)
    make_entry(occurred_at=at(2026, 3, 3), channel="call", phone="13900001111")
    report = months.open_month(station, MARCH)
    report = months.save_text(
        report,
        texts={"comment": "多为外出务工人员。", "suggestions": "请安排律师。\n\n请印宣传单。"},
        seen=months.fingerprint(report),
    )
    return months.send(report, by=head)


def pages_of(content):
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def made(document):
    documents.make(document.pk)
    return Document.objects.get(pk=document.pk)


def test_the_paper_of_a_month_says_what_was_frozen(sent):
    document = made(sent.document)
    reader = PdfReader(io.BytesIO(document.content))
    text = "".join(pages_of(document.content)).replace("\n", "")

    for words in (
        "清山县青溪镇法律援助工作站",
        sent.document_number,
        "关于2026年3月来电来访情况",
        "清山县法律援助中心：",
        "一、总体情况",
        "上月没有记录，去年同月没有记录。",
        "按时段看，",
        "二、主要特点",
        "多为外出务工人员。",
        "三、舆情信号",
        "四、问题和建议",
        "请印宣传单。",
        "数字来源对照表",
        "校验码：" + sent.rows_hash[:4],
        "抄送：青溪镇人民政府",
    ):
        assert words in text
    assert "草稿" not in text
    width, height = (float(side) * 25.4 / 72 for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)


def fonts_of(content):
    return [
        font.get_object()
        for page in PdfReader(io.BytesIO(content)).pages
        for font in page["/Resources"]["/Font"].values()
    ]


def test_every_font_of_the_paper_is_embedded(sent):
    fonts = fonts_of(report_pdf.render(sent))

    assert fonts
    for font in fonts:
        [descendant] = font["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_a_rare_character_is_printed_too(sent):
    common = report_pdf.render(sent)
    sent.comment = "来访人𠮷喆反映同一事项。"
    rare = report_pdf.render(sent)

    assert "来访人𠮷喆反映" in "".join(pages_of(rare))
    faces = [
        {font["/BaseFont"][8:] for font in fonts_of(content)} for content in (common, rare)
    ]
    # Everyday words come from the cut faces; the whole one is used for what they lack.
    assert {"Noto-Serif-CJK-SC"} == faces[1] - faces[0]


def test_a_grave_signal_stands_alone_and_the_others_of_a_level_together():
    grave, watch = SignalLevel.GRAVE, SignalLevel.WATCH
    signals = [Signal(level, "opponent", "某厂") for level in (grave, grave, watch, watch)]

    groups = report_pdf._signal_groups(signals)

    assert [(level, len(group)) for level, group in groups] == [
        ("重大", 1),
        ("重大", 1),
        ("关注", 2),
    ]


def test_numbers_carry_codes_that_the_annex_explains(sent):
    context = report_pdf.paper(sent)
    codes = {row.code for _name, lines in context["annex"] for line in lines for row in line}

    html = render_to_string(report_pdf.TEMPLATE, context | {"paper": True})

    assert '2<span class="code">A0</span>' in html
    for code in ("A0", "A1", "B1", "B2", "B11"):
        assert code in codes
        assert f'class="code">{code}<' in html or f'<td class="l">{code} ' in html


def test_a_draft_says_so_and_has_no_number_and_no_check_code(station, make_entry, head):
    make_entry(occurred_at=at(2026, 3, 2))
    report = months.open_month(station, MARCH)
    document = made(months.ask_for_paper(report, by=head, parameters={"draft": True}))
    text = "".join(pages_of(document.content))

    assert "草稿" in text
    assert "校验码：" not in text
    assert "（草稿）" in document.title


def test_a_month_without_entries_says_who_confirmed_it(station, head):
    report = months.send(months.open_month(station, MARCH), by=head, is_zero_confirmed=True)
    text = "".join(pages_of(made(report.document).content)).replace("\n", "")

    assert "2026年3月无人来电来访，已由方站长核对确认。" in text


def test_the_county_s_paper_names_the_stations_that_are_missing(
    sent, next_station, county, director
):
    report = months.send(months.open_month(county, MARCH), by=director, note="石桥站停电")
    text = "".join(pages_of(made(report.document).content)).replace("\n", "")

    assert "清山县法律援助中心" in text
    assert "应报2个站，已报1个" in text
    assert "迟报：青溪。未报：石桥。" in text
    assert "石桥站停电" in text


def test_the_paper_lists_reopened_months(sent, station, head, director):
    months.reopen(months.confirm(sent, by=director), by=director, reason="漏登一件来访")
    report = months.open_month(station, date(2026, 4, 1))
    text = "".join(pages_of(report_pdf.render(report))).replace("\n", "")

    assert "重新打开2026年3月月度分析，原因：漏登一件来访" in text


def test_the_paper_is_in_the_language_of_the_office_whatever_the_reader_s(sent):
    with translation.override("en"):
        text = "".join(pages_of(report_pdf.render(sent)))

    assert "一、总体情况" in text


def test_a_document_is_made_once(sent):
    first = made(sent.document)
    again = made(sent.document)

    assert first.made_at is not None
    assert (again.made_at, bytes(again.content)) == (first.made_at, bytes(first.content))


def text_of(document):
    return "".join(pages_of(made(document).content)).replace("\n", "")


def test_each_issue_of_a_month_keeps_its_words_its_figures_and_its_hash(
    client, sent, station, make_entry, head, director
):
    first_hash, first_document = sent.rows_hash, sent.document
    months.confirm(sent, by=director)
    months.reopen(sent, by=director, reason="漏记一次来访")
    make_entry(occurred_at=at(2026, 3, 20), phone="13900009999")
    report = MonthlyReport.objects.get(pk=sent.pk)
    client.force_login(head)
    assert "正在重写" in client.get(sent.get_absolute_url()).text
    months.save_text(report, texts={"comment": "补记一次。"}, seen=months.fingerprint(report))
    again = months.send(report, by=head)
    twin = f"/months/{sent.pk}/print/?issue=1"

    # The first issue's paper had not been made when the second was sent; it is made as it was.
    first, second = text_of(first_document), text_of(again.document)
    page = client.get(sent.get_absolute_url())
    shown = client.get(twin)

    assert ("多为外出务工人员。" in first, "漏记一次来访" in first) == (True, False)
    assert ("补记一次。" in second, "漏记一次来访" in second) == (True, True)
    assert first_hash != again.rows_hash
    assert (
        f"校验码：{first_hash[:4]}" in first,
        f"校验码：{again.rows_hash[:4]}" in second,
    ) == (
        True,
        True,
    )
    assert [each.issue for each in page.context["issues"]] == [2, 1]
    assert [each.rows_hash for each in page.context["issues"]] == [again.rows_hash, first_hash]
    assert shown.context["analysis"].totals.entries.value == 2
    assert "多为外出务工人员。" in shown.text
    assert "此后又有改动" in shown.text
    assert client.get(f"/months/{sent.pk}/print/?issue=3").status_code == 404
    assert client.get(f"/months/{sent.pk}/pdf/?issue=1").url == (
        f"/documents/{first_document.pk}/file/"
    )


def test_an_issued_paper_carries_the_names_of_its_day(
    client, sent, station, head, director, officer, county, make_entry
):
    own = months.send(
        months.open_month(county, MARCH), by=director, note="石桥站未报", is_zero_confirmed=True
    )
    papers = [report_pdf.paper(report) for report in (sent, own)]
    printed = [render_to_string(report_pdf.TEMPLATE, paper) for paper in papers]
    number = sent.document_number

    keeping.change(
        station,
        by=officer,
        name="东溪公共法律服务站",
        short_name="东溪站",
        host_name="东溪司法所",
    )
    keeping.change(county, by=officer, center_name="清山县法律服务中心", bureau_name="清山局")
    divisions.rename(station.township, name="东溪街道", on=timezone.localdate(), by=officer)
    after = [MonthlyReport.objects.get(pk=report.pk) for report in (sent, own)]
    again = [render_to_string(report_pdf.TEMPLATE, report_pdf.paper(each)) for each in after]
    client.force_login(head)
    page = client.get(sent.get_absolute_url()).text
    client.force_login(director)
    listed = client.get("/months/?month=2026-03").text
    asked = months.issued_paper(after[0], by=head)

    assert printed == again
    assert after[0].document_number == number
    assert page.count("青溪镇法律援助工作站") >= 1
    assert page.count("（现名东溪公共法律服务站）") == 1
    # Sent, and its file not made yet: nothing to open, and no word of a draft.
    assert "PDF正在生成" in page
    assert "打开PDF" not in page
    assert "生成草稿" not in page
    assert listed.count("（现名东溪站）") == 1
    assert asked.title.startswith("青溪镇法律援助工作站")


def test_what_happens_after_sending_leaves_the_paper(sent, station, make_entry, head):
    before = report_pdf.paper(sent)["analysis"]
    make_entry(occurred_at=at(2026, 3, 20), phone="13900009999")
    writing.declare_void(station.entries.first(), reason="重复", by=head)
    report = MonthlyReport.objects.get(pk=sent.pk)

    assert report_pdf.paper(report)["analysis"] == before


def test_a_stopped_broker_does_not_lose_the_wish(
    station, head, monkeypatch, django_capture_on_commit_callbacks
):
    """Nobody answers at the broker's address: the report is sent, and its paper is owed."""
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")

    with django_capture_on_commit_callbacks(execute=True):
        report = months.send(months.open_month(station, MARCH), by=head, is_zero_confirmed=True)

    assert Document.objects.owed().get() == report.document


def test_the_sweep_has_the_owed_paper_made_once(station, head, monkeypatch):
    """A worker that is killed leaves the row owed; the next sweep hands it to another."""
    report = months.send(months.open_month(station, MARCH), by=head, is_zero_confirmed=True)
    Document.objects.update(asked_at=timezone.now() - timedelta(minutes=3))
    monkeypatch.setattr(documents, "send", documents.make)

    sweep_documents()
    first = Document.objects.get(pk=report.document_id)
    sweep_documents()
    again = Document.objects.get(pk=report.document_id)

    assert bytes(first.content).startswith(b"%PDF")
    assert again.made_at == first.made_at


def bundle(county, by):
    return made(
        ask_for(
            "month_bundle",
            title="汇编",
            filename="汇编.zip",
            county=county,
            by=by,
            parameters={"month": "2026-03"},
        )
    )


def test_the_bundle_packs_every_sent_report_the_county_s_first(
    sent, next_station, far_station, county, director, head
):
    months.open_month(next_station, MARCH)
    months.send(months.open_month(far_station, MARCH), by=head, is_zero_confirmed=True)
    months.send(months.open_month(county, MARCH), by=director, note="先行印发")
    made(sent.document)

    document = bundle(county, director)

    with zipfile.ZipFile(io.BytesIO(document.content)) as packed:
        assert packed.namelist() == [
            "0 清山县.pdf",
            f"{sent.station.code} 青溪镇法律援助工作站.pdf",
        ]
        assert all(packed.read(name).startswith(b"%PDF") for name in packed.namelist())
    assert (document.done, document.total) == (2, 2)


def test_a_bundle_of_nothing_says_so(county, director):
    document = bundle(county, director)

    assert document.made_at is None
    assert document.failure


def test_drafts_speak_of_matters_without_numbers(sent):
    analysis = months.analysis_of(sent)

    words = comment_draft(analysis) + suggestions_draft(analysis)
    for line in analysis.places:
        words = words.replace(line.label, "")

    assert "支付劳动报酬" in words
    assert not any(sign.isdigit() for sign in words)


def test_a_month_without_entries_has_no_draft(station):
    analysis = months.analysis_of(months.open_month(station, MARCH))

    assert (comment_draft(analysis), suggestions_draft(analysis)) == ("", "")
