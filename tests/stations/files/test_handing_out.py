from urllib.parse import quote

from stations.files import handing_out


def test_a_file_carries_its_chinese_name_and_is_kept_by_no_cache():
    answer = handing_out.shown(b"%PDF-1.7", "黑石渡站 2026年10月.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline;")
    assert quote("黑石渡站 2026年10月.pdf") in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_a_table_is_saved_and_a_name_cannot_add_a_header():
    answer = handing_out.kept(b"PK", 'a"\r\nSet-Cookie: x=1.xlsx')

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers
