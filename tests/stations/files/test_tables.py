"""Uploaded tables, whatever was read before them in the same process."""

from stations.files.tables import cells, safe


def test_a_short_table_does_not_make_the_next_cell_too_long():
    assert cells("甲,乙\n1,2\n".encode()) == [["甲", "乙"], ["1", "2"]]

    long = "长" * 200_000
    assert cells(f"甲,乙\n{long},2\n".encode())[1] == [long, "2"]


def test_what_a_spreadsheet_would_take_for_a_formula_is_made_safe():
    assert [safe(text) for text in ("=1+1", "+86", "-1", "@x", "\t=", "汪")] == [
        "'=1+1",
        "'+86",
        "'-1",
        "'@x",
        "'\t=",
        "汪",
    ]
