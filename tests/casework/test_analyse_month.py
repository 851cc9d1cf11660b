"""`manage.py analyse_month` prints the record that the page and the PDF print."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from casework.analysis import MonthlyAnalysis, monthly_analysis
from tests.conftest import at

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command("analyse_month", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_json_is_the_record_of_station_and_county(make_entry, station, county):
    make_entry(occurred_at=at(2026, 3, 2))

    for place, flag, code in (
        (station, "--station", station.code),
        (county, "--county", county.division.code),
    ):
        printed = MonthlyAnalysis.from_json(json.loads(run("2026-03", flag, code, "--json")))
        assert printed == monthly_analysis(place, date(2026, 3, 1))
        assert printed.totals.entries.value == 1


def test_tables_show_the_figures_in_columns(make_entry, station):
    make_entry(occurred_at=at(2026, 3, 2))
    make_entry(occurred_at=at(2026, 2, 2))

    with translation.override("en"):
        lines = run("2026-03", "--station", station.code).splitlines()

    assert lines[0] == "青溪镇法律援助工作站  2026-03"
    row = next(line for line in lines if line.startswith("total"))
    assert row.split() == ["total", "1", "1", "0.0%", "0", "—"]
    assert any(line.split()[:2] == ["支付劳动报酬", "1"] for line in lines)


def test_the_pdf_is_the_site_s(make_entry, station, tmp_path):
    make_entry(occurred_at=at(2026, 3, 2))
    run("2026-03", "--station", station.code, "--pdf", str(tmp_path / "month.pdf"))

    assert (tmp_path / "month.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    "arguments",
    [
        ["2026-13", "--station", "349001101"],
        ["今年三月", "--station", "349001101"],
        ["2026-03", "--station", "1"],
        ["2026-03"],
        ["2026-03", "--station", "349001101", "--county", "349001"],
        ["2026-03", "--county", "341525"],
        ["2026-03", "--station", "349001101", "--pdf", "/nowhere/month.pdf"],
        ["2199-01", "--station", "349001101", "--pdf", "/nowhere/month.pdf"],
    ],
)
def test_a_wrong_word_is_answered_with_a_sentence(station, arguments):
    with pytest.raises(CommandError) as refusal:
        run(*arguments)

    assert refusal.value.returncode == 1
    assert len(str(refusal.value)) > 8
