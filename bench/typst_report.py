"""A station's monthly PDF by our worker against the same content set by Typst.

    python -m bench.typst_report OUT.json     (on a database made by bench.make_million)

Typst's document is made from the very HTML our paper is set from: the same words, tables, charts
(as SVG), code marks and QR code on A4 with the same measures and Chinese fonts, embedded. Both run
in one process that has made papers before, as a warm worker has, and every round sets the papers of
another station, so that nothing is remembered. Both begin from the rows of the database: figures and
words are gathered (`report_pdf.paper`) for each anew; then ours renders its template and WeasyPrint
sets it, theirs is compiled from a source that lies ready.
"""

import argparse
import io
import os
import re
import subprocess
import sys
from datetime import date
from html import escape
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalaid.settings")
django.setup()

import tinyhtml5  # noqa: E402
import typst  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.utils import translation  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from bench.measuring import Measured, in_turn, save  # noqa: E402
from casework.reports import report_pdf  # noqa: E402
from casework.reports.months import fingerprint, open_month, save_text  # noqa: E402
from stations.models import Station  # noqa: E402

MOST_RATIO = 2.0
ROUNDS = 12
MONTH = date(2026, 9, 1)
HTML = "{http://www.w3.org/1999/xhtml}"
SETTING = (Path(__file__).parent / "report.typ").read_text(encoding="utf-8")
WORDS = {
    "comment": "本月来电来访以劳动报酬和土地山林为主，农民工集中反映工程完工后工钱久拖不付。\n"
    "已引导符合条件的群众申请法律援助，其余当场解答或转人民调解。",
    "signals_text": "同一工地多人反映同一事，已电话告知县中心，并约双方到镇调解委员会商谈。",
    "typical_cases": "某村村民为工钱多次来访，站里讲明举证要点，三日后双方达成还款协议。",
    "suggestions": "建议在各工地张贴工资专户公示；建议镇里在赶集日宣传土地流转合同的写法。",
}


# ── From our HTML to Typst's source ─────────────────────────────────────────────────────


def _quoted(text):
    return re.sub(r'([\\#*_`$<>@\[\]="~/+-])', r"\\\1", re.sub(r"\s+", " ", text or ""))


def _tag(element):
    return element.tag.removeprefix(HTML)


def _inside(element):
    """Return the source of what an element holds: text and children."""
    parts = [_quoted(element.text)]
    for child in element:
        parts += [_source(child), _quoted(child.tail)]
    return "".join(parts)


def _picture(element, size):
    svg = element.get("data-svg").replace("\\", "\\\\").replace('"', '\\"')
    return f'#image(bytes("{svg}"), {size})'


def _span(cell):
    return int(cell.get("colspan", 1))


def _row(row, columns):
    """The cells of a row, those that are missing at its end as empty ones, and its rule above."""
    cells = [
        f"table.cell(colspan: {_span(cell)})[{_inside(cell).strip()}]"
        if _span(cell) > 1
        else f"[{_inside(cell).strip()}]"
        for cell in row
    ]
    missing = columns - sum(map(_span, row))
    above = (
        ['table.hline(stroke: .35pt + rgb("#8a8a8a"))'] if row.get("class") == "first" else []
    )
    return [*above, *cells, *["[]"] * missing]


def _table(element, kind):
    parts = {_tag(part): part for part in element if _tag(part) in ("thead", "tbody", "tfoot")}
    columns = sum(map(_span, parts["thead"][0]))

    def cells(name):
        return ", ".join(cell for row in parts.get(name, ()) for cell in _row(row, columns))

    foot = cells("tfoot")
    return (
        f"#{kind}({columns}, (table.header({cells('thead')}), {cells('tbody')},"
        f"{f' table.hline(stroke: .5pt), {foot},' if foot else ''}))\n"
    )


def _source(element):
    tag, kinds = _tag(element), element.get("class", "").split()
    inside = _inside(element)
    if tag == "img":
        return _picture(element, "width: 100%") if "chart" in kinds else ""
    if tag == "table":
        is_annex = element[0][0][-1].get("class") == "l"
        return _table(element, "annex" if is_annex else "figures")
    if tag == "span" and "code" in kinds:
        return f"#code[{inside}]"
    if tag == "b":
        return f"#heavy[{inside}]"
    if tag == "br":
        return " \\ "
    if tag == "hr":
        return "#red-line\n"
    if tag in ("h1", "h2", "h3", "figcaption"):
        return f"#{tag}[{inside}]\n"
    if tag == "ul":
        marks = [
            f"#box[{_picture(item[0], 'height: 8pt')}] {_quoted(item[0].tail)}"
            for item in element
        ]
        return f"#legend[{' #h(12pt) '.join(marks)}]\n"
    if tag == "section":
        return f"#pagebreak(weak: true)\n{inside}"
    if tag == "div" and "proof" in kinds:
        return f"#proof[{_picture(element[0], 'width: 22mm')}][{inside}]\n"
    if tag == "p":
        named = {"issuer", "number", "to", "mark", "by", "seal", "draft-mark"} & set(kinds)
        name = named.pop() if named else "par-"
        return f"#{name}[{inside}]\n"
    return inside + ("\n" if tag in ("div", "main", "figure") else "")


def _whole(svg):
    """A picture as a file of its own: with its namespace, and its size, which a page leaves out."""
    _x, _y, width, height = re.search(r'viewBox="([^"]+)"', svg)[1].split()
    own = f'<svg width="{width}" height="{height}"'
    if "xmlns=" not in svg:
        own += ' xmlns="http://www.w3.org/2000/svg"'
    return escape(svg.replace("<svg", own, 1), quote=True)


def typst_source(html):
    html = re.sub(
        r'src="data:image/svg\+xml,(.*?)"',
        lambda found: f"data-svg='{_whole(unquote(found[1]))}'",
        html,
    )
    html = re.sub(
        r"<svg.*?</svg>",
        lambda found: f"<img data-svg='{_whole(found[0])}'>",
        html,
        flags=re.DOTALL,
    )
    body = tinyhtml5.parse(html).find(f"{HTML}body")
    return f"{SETTING}\n{_inside(body)}"


# ── Measuring ───────────────────────────────────────────────────────────────────────────


def open_reports():
    """Open a month's report of each station, with words in it; return them."""
    opened = []
    for station in Station.objects.order_by("code"):
        report = open_month(station, MONTH)
        opened.append(save_text(report, texts=WORDS, seen=fingerprint(report)))
    return opened


def _pages(pdf):
    return len(PdfReader(io.BytesIO(pdf)).pages)


def _by_program(source):
    program = (
        "import sys, typst; sys.stdout.buffer.write(typst.compile(sys.stdin.buffer.read()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=source, stdout=subprocess.PIPE, check=True
    )
    return done.stdout


def measure():
    translation.activate("zh-hans")
    reports = open_reports()
    sources = {
        report: typst_source(
            render_to_string(report_pdf.TEMPLATE, {"paper": True, **report_pdf.paper(report)})
        )
        for report in reports
    }
    fonts = typst.Fonts()
    pages = {}

    def ours():
        pages["ours"] = report_pdf.render(next(turn_ours))

    def by_typst(set_by):
        report = next(turn_theirs)
        report_pdf.paper(report)
        pages["theirs"] = set_by(sources[report].encode())

    measured = []
    for what, set_by, limit in (
        ("beside typst.compile()", typst.compile, MOST_RATIO),
        (
            "beside Typst with its fonts kept loaded",
            lambda source: typst.compile(source, font_paths=fonts),
            None,
        ),
        ("beside Typst started anew for each paper", _by_program, None),
    ):
        turn_ours, turn_theirs = cycle(reports), cycle(reports)
        own, other = in_turn(ours, lambda set_by=set_by: by_typst(set_by), rounds=ROUNDS)
        measured.append(
            Measured(
                f"a station's monthly PDF, {what}"
                f" ({_pages(pages['ours'])} and {_pages(pages['theirs'])} pages)",
                rows=f"{len(reports)} stations",
                ours=own,
                other=other,
                unit="ms",
                limit=limit,
            )
        )
        print(f"  {measured[-1]}", flush=True)
    return measured


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    save(parser.parse_args().out, measure())


if __name__ == "__main__":
    main()
